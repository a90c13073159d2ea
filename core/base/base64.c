/* Base64: four characters for three bytes. */
#include "core/base/base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t sy_base64_encode(const unsigned char *bytes, size_t size, char *out)
{
    const char *begin = out;
    for (; size >= 3; size -= 3, bytes += 3) {
        uint32_t word = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
        *out++ = digits[word >> 18];
        *out++ = digits[word >> 12 & 63];
        *out++ = digits[word >> 6 & 63];
        *out++ = digits[word & 63];
    }
    if (size > 0) {
        uint32_t word = (uint32_t)bytes[0] << 16 | (size == 2 ? (uint32_t)bytes[1] << 8 : 0);
        *out++ = digits[word >> 18];
        *out++ = digits[word >> 12 & 63];
        if (size == 2) {
            *out++ = digits[word >> 6 & 63];
        } else {
            *out++ = '=';
        }
        *out++ = '=';
    }
    return (size_t)(out - begin);
}

void sy_base64_write(sy_str bytes, sy_buf *out)
{
    const unsigned char *from = (const unsigned char *)bytes.data;
    for (size_t left = bytes.size; left > 0;) {
        char text[4];
        size_t take = left < 3 ? left : 3;
        sy_buf_add(out, text, sy_base64_encode(from, take, text));
        from += take;
        left -= take;
    }
}

/* 0..63; 64: none; 65: the end. */
static uint32_t value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (uint32_t)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0') + 52;
    }
    if (c == '+' || c == '-') {
        return 62;
    }
    if (c == '/' || c == '_') {
        return 63;
    }
    return c == '=' ? 65 : 64;
}

sy_rc sy_base64_read(sy_str text, sy_arena *arena, sy_str *out, sy_err *err)
{
    char *bytes = sy_arena_push(arena, text.size / 4 * 3 + 3);
    if (bytes == NULL) {
        return sy_fail_nomem(err);
    }
    size_t size = 0;
    uint32_t word = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint32_t value = value_of(text.data[i]);
        if (value == 65) {
            break;
        }
        if (value == 64) {
            continue;
        }
        word = (word << 6 | value) & 0xFFFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes[size++] = (char)(word >> bits & 0xFF);
        }
    }
    *out = (sy_str){bytes, size};
    return SY_OK;
}

bool sy_base64_is(sy_str text)
{
    if (text.size % 4 != 0) {
        return false;
    }
    size_t padding = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '=') {
            padding++;
            continue;
        }
        last = value_of(c);
        if (padding > 0 || last >= 64 || c == '-' || c == '_') {
            return false;
        }
    }
    /* the bits that no byte takes are 0 */
    return padding == 0 || (padding == 1 && last % 4 == 0) || (padding == 2 && last % 16 == 0);
}

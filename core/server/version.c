/* Versions of rows: protocol.md 2.1. A rowversion that counts the whole database's writes, the
 * bytes of a Guid, or a counter of its own for each row; always as text of base64. */
#include "core/base/base64.h"
#include "core/server/internal.h"

#define COUNTER_SIZE 8
#define GUID_SIZE    16
#define DIGITS_MAX   19 /* of what a row counts to: then it stays */

static void put_big_endian(uint64_t word, unsigned char out[8])
{
    for (int i = 0; i < 8; i++) {
        out[i] = (unsigned char)(word >> (56 - 8 * i));
    }
}

static sy_rc encode(const unsigned char *bytes, size_t size, sy_arena *arena, sy_str *out,
                    sy_err *err)
{
    char *text = sy_arena_push(arena, sy_base64_size(size) + 1);
    if (text == NULL) {
        return sy_fail_nomem(err);
    }
    *out = (sy_str){text, sy_base64_encode(bytes, size, text)};
    return SY_OK;
}

sy_rc sy_version_keep(sy_str given, sy_arena *arena, sy_str *out, sy_err *err)
{
    return encode((const unsigned char *)given.data, given.size, arena, out, err);
}

sy_rc sy_version_same(const sy_server *server, sy_str asked, sy_str stored, sy_arena *arena,
                      bool *same, sy_err *err)
{
    *same = sy_str_equal(asked, stored);
    if (*same || !server->config.dialect->version_bytes) {
        return SY_OK;
    }
    sy_str bytes[2];
    sy_rc rc = sy_base64_read(asked, arena, &bytes[0], err);
    if (rc == SY_OK) {
        rc = sy_base64_read(stored, arena, &bytes[1], err);
    }
    *same = rc == SY_OK && sy_str_equal(bytes[0], bytes[1]);
    return rc;
}

/* The number that a text begins with, as SQLite reads one out of it; 0 for anything else. */
static uint64_t leading_number(sy_str text)
{
    uint64_t number = 0;
    size_t digits = 0;
    for (size_t i = 0; i < text.size && digits < DIGITS_MAX; i++) {
        char c = text.data[i];
        if (c < '0' || c > '9') {
            break;
        }
        number = number * 10 + (uint64_t)(c - '0');
        digits += number > 0;
    }
    return number;
}

/* A version that is no number counts as none: edge 74. */
static sy_rc next_of_row(sy_str before, sy_arena *arena, sy_str *out, sy_err *err)
{
    sy_str counted = {0};
    if (sy_base64_read(before, arena, &counted, err) != SY_OK) {
        return SY_NOMEM;
    }
    unsigned long long next = leading_number(counted) + 1ull;
    sy_str text = sy_arena_printf(arena, "%llu", next);
    return text.data == NULL ? sy_fail_nomem(err) : sy_version_keep(text, arena, out, err);
}

sy_rc sy_version_next(sy_server *server, sy_str before, sy_arena *arena, sy_str *out, sy_err *err)
{
    sy_version_form form = server->config.dialect->version_form;
    if (form == SY_VERSION_OF_ROW) {
        return next_of_row(before, arena, out, err);
    }
    unsigned char bytes[GUID_SIZE];
    uint64_t number = (uint64_t)++server->number_last;
    if (form == SY_VERSION_COUNTER) {
        put_big_endian(number, bytes);
        return encode(bytes, COUNTER_SIZE, arena, out, err);
    }
    uint64_t words[2];
    sy_identity identity = server->config.identity;
    identity.ops->fresh(identity.self, SY_STR("version"), number, words);
    put_big_endian(words[0], bytes);
    put_big_endian(words[1], bytes + 8);
    return encode(bytes, GUID_SIZE, arena, out, err);
}

/* A growing text, and JSON's way to quote one.
 *
 * `failed` is sticky: after it nothing is added, so what stands in the buffer is a prefix of what
 * was meant, and the writer looks once, at the end. */
#include "core/base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

#define CAPACITY_MIN ((size_t)64)

void sy_buf_init(sy_buf *buf, sy_alloc alloc)
{
    *buf = (sy_buf){.alloc = alloc};
}

void sy_buf_init_counting(sy_buf *buf)
{
    *buf = (sy_buf){.counts = true};
}

/* Memory of somebody else's does not grow. */
static void *refuse(void *self, void *block, size_t old_size, size_t size)
{
    (void)self;
    (void)block;
    (void)old_size;
    (void)size;
    return NULL;
}

void sy_buf_init_fixed(sy_buf *buf, char *data, size_t capacity)
{
    static const sy_alloc_ops ops = {.resize = refuse};
    *buf = (sy_buf){.alloc = {.ops = &ops}, .data = data, .capacity = capacity};
}

void sy_buf_deinit(sy_buf *buf)
{
    sy_alloc_free(buf->alloc, buf->data, buf->capacity);
    *buf = (sy_buf){.alloc = buf->alloc};
}

void sy_buf_clear(sy_buf *buf)
{
    buf->size = 0;
    buf->failed = false;
}

static bool make_room(sy_buf *buf, size_t size)
{
    if (size > SIZE_MAX / 2 - buf->size) {
        buf->failed = true;
        return false;
    }
    if (buf->counts) {
        buf->size += size;
        buf->capacity = buf->size; /* never any room */
        return false;
    }
    size_t wanted = buf->capacity < CAPACITY_MIN ? CAPACITY_MIN : buf->capacity;
    while (wanted < buf->size + size) {
        wanted *= 2;
    }
    char *data = sy_alloc_resize(buf->alloc, buf->data, buf->capacity, wanted);
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = wanted;
    return true;
}

/* Room for `size` more bytes; false, and `failed`, when there is none. */
static inline bool reserve(sy_buf *buf, size_t size)
{
    return !buf->failed && (size <= buf->capacity - buf->size || make_room(buf, size));
}

void sy_buf_add(sy_buf *buf, const void *data, size_t size)
{
    if (size > 0 && reserve(buf, size)) {
        memcpy(buf->data + buf->size, data, size);
        buf->size += size;
    }
}

void sy_buf_add_str(sy_buf *buf, sy_str text)
{
    sy_buf_add(buf, text.data, text.size);
}

void sy_buf_add_char(sy_buf *buf, char c)
{
    if (reserve(buf, 1)) {
        buf->data[buf->size++] = c;
    }
}

void sy_buf_printf(sy_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    SY_ASSERT(size >= 0);
    if (!reserve(buf, (size_t)size + 1)) { /* vsnprintf writes a zero behind the text */
        if (buf->counts) {
            buf->capacity = --buf->size;
        }
        return;
    }
    va_start(args, format);
    (void)vsnprintf(buf->data + buf->size, (size_t)size + 1, format, args);
    va_end(args);
    buf->size += (size_t)size;
}

sy_str sy_buf_str(const sy_buf *buf)
{
    return (sy_str){buf->data, buf->size};
}

/* The escape of an ASCII character that may not stand in a JSON string as it is; else NULL. */
static const char *short_escape(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static void add_escaped(sy_buf *buf, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *escape = short_escape(c);
    if (escape != NULL) {
        sy_buf_add(buf, escape, 2);
    } else {
        char text[6] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
        sy_buf_add(buf, text, sizeof text);
    }
}

void sy_buf_add_json_string(sy_buf *buf, sy_str text)
{
    size_t done = 0; /* everything before it is in `buf` */
    sy_buf_add_char(buf, '"');
    for (size_t at = 0; at < text.size;) {
        unsigned char c = (unsigned char)text.data[at];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
            at++;
            continue;
        }
        size_t size = sy_utf8_size(text.data + at, text.size - at);
        if (size > 0 && c >= 0x20 && c != '"' && c != '\\') {
            at += size;
            continue;
        }
        sy_buf_add(buf, text.data + done, at - done);
        if (size == 0) {
            sy_buf_add(buf, "\xEF\xBF\xBD", 3);
        } else {
            add_escaped(buf, c);
        }
        at++;
        done = at;
    }
    if (done < text.size) {
        sy_buf_add(buf, text.data + done, text.size - done);
    }
    sy_buf_add_char(buf, '"');
}

/* Counted strings, borrowed unless said otherwise; and a growing buffer to build one. */
#ifndef SY_BASE_STR_H
#define SY_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/alloc.h"

typedef struct sy_str {
    const char *data; /* not necessarily zero-terminated; NULL only when size is 0 */
    size_t size;      /* bytes */
} sy_str;

#define SY_STR(literal) ((sy_str){(literal), sizeof(literal) - 1})
/* For printf: "%.*s", SY_FMT(str) */
#define SY_FMT(str) (int)(str).size, (str).data

static inline sy_str sy_str_of(const char *zero_terminated)
{
    return (sy_str){zero_terminated, zero_terminated == NULL ? 0 : strlen(zero_terminated)};
}

static inline bool sy_str_equal(sy_str a, sy_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* memcpy for what is short as a rule: no call, 16 bytes at a time, the last move may overlap the
 * one before it. */
static inline void sy_copy_short(void *to, const void *from, size_t size)
{
    char *out = to;
    const char *in = from;
    if (size >= 16) {
        for (size_t done = 0; done < size - 16; done += 16) {
            memcpy(out + done, in + done, 16);
        }
        memcpy(out + size - 16, in + size - 16, 16);
    } else if (size >= 8) {
        memcpy(out, in, 8);
        memcpy(out + size - 8, in + size - 8, 8);
    } else if (size >= 4) {
        memcpy(out, in, 4);
        memcpy(out + size - 4, in + size - 4, 4);
    } else if (size > 0) {
        out[0] = in[0];
        out[size / 2] = in[size / 2];
        out[size - 1] = in[size - 1];
    }
}

/* ASCII case folded. */
bool sy_str_equal_nocase(sy_str a, sy_str b);
/* Byte order; a prefix comes first. Returns <0, 0, >0. */
int sy_str_compare(sy_str a, sy_str b);
bool sy_str_starts_with(sy_str text, sy_str prefix);
/* Takes the first line of `rest`, without its end; the last one needs none. */
sy_str sy_str_take_line(sy_str *rest);
/* The size of the UTF-8 sequence at the start of `size` bytes (1 to 4), 0 when there is none: no
 * overlong forms, no surrogates, nothing past U+10FFFF. `size` is not 0. */
size_t sy_utf8_size(const char *bytes, size_t size);
bool sy_str_is_utf8(sy_str text);

/* A growing text. Zeroed except for `alloc` is empty and valid. After a failed append `failed`
 * stays set and further appends do nothing, so that a writer checks once, at the end. */
typedef struct sy_buf {
    sy_alloc alloc;
    char *data;
    size_t size;
    size_t capacity;
    bool failed;
    bool counts; /* keeps nothing: `size` is what would stand there */
} sy_buf;

void sy_buf_init(sy_buf *buf, sy_alloc alloc);
/* One that only counts: to know how much room a text takes. Needs no allocator, no deinit. */
void sy_buf_init_counting(sy_buf *buf);
/* Over `capacity` bytes of the caller's, for a text that was counted: one byte more than its size
 * is enough. A longer text fails. No deinit. */
void sy_buf_init_fixed(sy_buf *buf, char *data, size_t capacity);
void sy_buf_deinit(sy_buf *buf);
void sy_buf_clear(sy_buf *buf);
void sy_buf_add(sy_buf *buf, const void *data, size_t size);
void sy_buf_add_str(sy_buf *buf, sy_str text);
void sy_buf_add_char(sy_buf *buf, char c);
void sy_buf_printf(sy_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
void sy_buf_add_json_string(sy_buf *buf, sy_str text);
sy_str sy_buf_str(const sy_buf *buf);

#endif

/* A typed cell: 16 bytes, borrowed text. */
#ifndef SY_VALUE_VALUE_H
#define SY_VALUE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/base/err.h"
#include "core/base/time.h"

typedef enum sy_type {
    SY_TYPE_ABSENT = 0, /* not there at all, as against null */
    SY_TYPE_NULL,
    SY_TYPE_BOOL,     /* integer 0 or 1 */
    SY_TYPE_INT,      /* integer, exact over all 64 bits */
    SY_TYPE_REAL,     /* an IEEE double; NaN and infinities are refused at the boundaries */
    SY_TYPE_TEXT,     /* UTF-8 */
    SY_TYPE_DATETIME, /* integer: calendar time, nanoseconds */
    SY_TYPE_BLOB,     /* bytes */
    SY_TYPE_ROW,      /* a row: only as a field of an event */
    SY_TYPE_COUNT
} sy_type;

struct sy_row;

typedef struct sy_value {
    uint32_t type; /* a sy_type */
    uint32_t size; /* bytes of text or blob */
    union {
        int64_t integer;
        double real;
        const char *text;
        const struct sy_row *row; /* may be NULL: no row */
    } as;
} sy_value;

#define SY_NULL ((sy_value){.type = SY_TYPE_NULL})

static inline sy_value sy_bool(bool value)
{
    return (sy_value){.type = SY_TYPE_BOOL, .as.integer = value ? 1 : 0};
}

static inline sy_value sy_int(int64_t value)
{
    return (sy_value){.type = SY_TYPE_INT, .as.integer = value};
}

static inline sy_value sy_real(double value)
{
    return (sy_value){.type = SY_TYPE_REAL, .as.real = value};
}

static inline sy_value sy_datetime(sy_time calendar)
{
    return (sy_value){.type = SY_TYPE_DATETIME, .as.integer = calendar};
}

static inline sy_value sy_bytes(sy_type type, sy_str value) /* SY_TYPE_TEXT or SY_TYPE_BLOB */
{
    SY_ASSERT(value.size <= UINT32_MAX);
    return (sy_value){.type = type, .size = (uint32_t)value.size, .as.text = value.data};
}

static inline sy_value sy_text(sy_str value)
{
    return sy_bytes(SY_TYPE_TEXT, value);
}

static inline sy_value sy_cstr(const char *zero_terminated)
{
    return sy_text(sy_str_of(zero_terminated));
}

static inline sy_value sy_blob(sy_str bytes)
{
    return sy_bytes(SY_TYPE_BLOB, bytes);
}

static inline sy_value sy_row_value(const struct sy_row *row)
{
    return (sy_value){.type = SY_TYPE_ROW, .as.row = row};
}

const char *
sy_type_name(sy_type type); /* "string", "integer", "number", "boolean", "datetime", "bytes" */
sy_type sy_type_from_name(sy_str name); /* the same names; SY_TYPE_COUNT for none */

static inline bool sy_value_has_text(const sy_value *value)
{
    return value->type == SY_TYPE_TEXT || value->type == SY_TYPE_BLOB;
}

/* Empty for anything but text and blob. */
static inline sy_str sy_value_str(const sy_value *value)
{
    return sy_value_has_text(value) ? (sy_str){value->as.text, value->size} : (sy_str){NULL, 0};
}

/* Absent or null. */
static inline bool sy_value_missing(const sy_value *value)
{
    return value->type <= SY_TYPE_NULL;
}

/* Same type and content; an integer and a real of equal value are the same; one NaN. */
bool sy_value_equal(const sy_value *a, const sy_value *b);
/* A total order for sorting: missing, then booleans, numbers, datetimes, text, blobs (bytes). */
int sy_value_compare(const sy_value *a, const sy_value *b);
/* A number cut towards zero, and to what 64 bits hold. Not for what is no number. */
int64_t sy_value_whole(const sy_value *number);
uint64_t sy_value_hash(const sy_value *value, uint64_t seed);

/* Copies the text into the arena. SY_OK or SY_NOMEM. */
sy_rc sy_value_copy(const sy_value *value, sy_arena *arena, sy_value *out);

/* As JSON: integers exact, reals by the shortest text that reads back to the same bits (and always
 * with a dot or an exponent), datetimes as text with as many of 3, 6 or 9 digits as needed, blobs
 * as lower-case hex, absent as null. */
void sy_value_to_json(const sy_value *value, sy_buf *out);

/* The shortest decimal text that reads back to the same double: "0.1", "1e+300", "-0.0", "5.0".
 * Integer arithmetic only: the same on every platform. Returns bytes written. */
#define SY_REAL_TEXT_SIZE 32
size_t sy_real_format(double value, char out[SY_REAL_TEXT_SIZE]);
/* The double nearest to the number that the text is: "-12.5e3", digits with an optional sign,
 * fraction and exponent, and nothing else. False: it is none, or beyond the largest double. */
bool sy_real_parse(sy_str text, double *out);

#endif

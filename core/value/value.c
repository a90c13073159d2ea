/* Typed cells: making, comparing, hashing, copying.
 *
 * A number is its mathematical value: an integer and a real are compared exactly, never by turning
 * one into the other's type, and equal numbers have equal hashes. All NaNs are one, before every
 * number. */
#include "core/value/value.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/value/row.h"

#define TWO_TO_63 9223372036854775808.0

static const char *const type_names[SY_TYPE_COUNT] = {
    [SY_TYPE_ABSENT] = "absent",     [SY_TYPE_NULL] = "null",   [SY_TYPE_BOOL] = "boolean",
    [SY_TYPE_INT] = "integer",       [SY_TYPE_REAL] = "number", [SY_TYPE_TEXT] = "string",
    [SY_TYPE_DATETIME] = "datetime", [SY_TYPE_BLOB] = "bytes",  [SY_TYPE_ROW] = "row",
};

const char *sy_type_name(sy_type type)
{
    SY_ASSERT((int)type >= 0 && type < SY_TYPE_COUNT);
    return type_names[type];
}

sy_type sy_type_from_name(sy_str name)
{
    for (int type = SY_TYPE_BOOL; type <= SY_TYPE_BLOB; type++) {
        if (sy_str_equal(name, sy_str_of(type_names[type]))) {
            return (sy_type)type;
        }
    }
    return SY_TYPE_COUNT;
}

/* Places in the total order of types. */
static int rank_of(const sy_value *value)
{
    static const int ranks[SY_TYPE_COUNT] = {
        [SY_TYPE_ABSENT] = 0,   [SY_TYPE_NULL] = 0, [SY_TYPE_BOOL] = 1,
        [SY_TYPE_INT] = 2,      [SY_TYPE_REAL] = 2, [SY_TYPE_TEXT] = 4,
        [SY_TYPE_DATETIME] = 3, [SY_TYPE_BLOB] = 5, [SY_TYPE_ROW] = 6,
    };
    SY_ASSERT(value->type < SY_TYPE_COUNT);
    return ranks[value->type];
}

static int compare_integers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_reals(double a, double b)
{
    if (a != a || b != b) {
        return (a == a) - (b == b);
    }
    return (a > b) - (a < b);
}

/* Exact: only a real whose integral part fits is cut to an integer, and the fraction then decides.
 */
static int compare_integer_real(int64_t a, double b)
{
    if (b != b) {
        return 1;
    }
    if (b >= TWO_TO_63) {
        return -1;
    }
    if (b < -TWO_TO_63) {
        return 1;
    }
    int64_t whole = (int64_t)b;
    if (a != whole) {
        return compare_integers(a, whole);
    }
    return compare_reals((double)whole, b); /* exact: `whole` came out of a double */
}

static int compare_numbers(const sy_value *a, const sy_value *b)
{
    if (a->type == SY_TYPE_INT) {
        return b->type == SY_TYPE_INT ? compare_integers(a->as.integer, b->as.integer)
                                      : compare_integer_real(a->as.integer, b->as.real);
    }
    return b->type == SY_TYPE_INT ? -compare_integer_real(b->as.integer, a->as.real)
                                  : compare_reals(a->as.real, b->as.real);
}

int64_t sy_value_whole(const sy_value *number)
{
    if (number->type != SY_TYPE_REAL) {
        return number->as.integer;
    }
    double real = number->as.real;
    return real <= -TWO_TO_63 ? INT64_MIN : real >= TWO_TO_63 ? INT64_MAX : (int64_t)real;
}

/* Rows are only fields of events: none first, then by width, then cell by cell. */
static int compare_rows(const sy_row *a, const sy_row *b)
{
    if (a == b || a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    int order = compare_integers(a->schema->column_count, b->schema->column_count);
    for (uint32_t i = 0; order == 0 && i < a->schema->column_count; i++) {
        order = sy_value_compare(&a->cells[i], &b->cells[i]);
    }
    return order;
}

int sy_value_compare(const sy_value *a, const sy_value *b)
{
    int rank = rank_of(a);
    int other = rank_of(b);
    if (rank != other) {
        return rank - other;
    }
    switch ((sy_type)a->type) {
    case SY_TYPE_INT:
    case SY_TYPE_REAL:
        return compare_numbers(a, b);
    case SY_TYPE_BOOL:
    case SY_TYPE_DATETIME:
        return compare_integers(a->as.integer, b->as.integer);
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        return sy_str_compare(sy_value_str(a), sy_value_str(b));
    case SY_TYPE_ROW:
        return compare_rows(a->as.row, b->as.row);
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_COUNT:
        break;
    }
    return 0;
}

bool sy_value_equal(const sy_value *a, const sy_value *b)
{
    if (sy_value_missing(a) || sy_value_missing(b)) {
        return a->type == b->type;
    }
    return sy_value_compare(a, b) == 0;
}

/* A real that is an integer is hashed as that one; -0.0 as 0. */
static uint64_t hash_real(double real, uint64_t hash)
{
    if (real >= -TWO_TO_63 && real < TWO_TO_63 && (double)(int64_t)real == real) {
        return sy_hash_mix(hash, (uint64_t)(int64_t)real);
    }
    uint64_t bits = UINT64_C(0x7FF8000000000000);
    if (real == real) {
        memcpy(&bits, &real, sizeof bits);
    }
    return sy_hash_mix(sy_hash_mix(hash, SY_TYPE_REAL), bits);
}

uint64_t sy_value_hash(const sy_value *value, uint64_t seed)
{
    sy_type type = (sy_type)value->type;
    uint64_t hash = sy_hash_mix(seed, type == SY_TYPE_REAL ? SY_TYPE_INT : type);
    switch (type) {
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
        return sy_hash_mix(hash, (uint64_t)value->as.integer);
    case SY_TYPE_REAL:
        return hash_real(value->as.real, hash);
    case SY_TYPE_TEXT:
    case SY_TYPE_BLOB:
        return sy_hash(value->as.text, value->size, hash);
    case SY_TYPE_ROW:
        if (value->as.row != NULL) {
            for (uint32_t i = 0; i < value->as.row->schema->column_count; i++) {
                hash = sy_value_hash(&value->as.row->cells[i], hash);
            }
        }
        return hash;
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
    case SY_TYPE_COUNT:
        break;
    }
    return hash;
}

sy_rc sy_value_copy(const sy_value *value, sy_arena *arena, sy_value *out)
{
    *out = *value;
    if (value->type == SY_TYPE_TEXT || value->type == SY_TYPE_BLOB) {
        out->as.text = sy_arena_copy(arena, sy_value_str(value)).data;
        return out->as.text == NULL ? SY_NOMEM : SY_OK;
    }
    if (value->type == SY_TYPE_ROW && value->as.row != NULL) {
        out->as.row = sy_row_copy(arena, value->as.row);
        return out->as.row == NULL ? SY_NOMEM : SY_OK;
    }
    return SY_OK;
}

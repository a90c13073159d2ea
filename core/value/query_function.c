/* The functions of queries, over values. query_eval.c calls them, and so does SQLite through the
 * function that the store registers: what is here has one meaning in both back ends.
 *
 * A character is a code point of UTF-8: a byte that does not continue one begins the next. Bytes
 * that are no UTF-8 are characters too, by the same rule, so that nothing here can fail on them.
 * Doubles are rounded by their bits: no library of the platform has a say. */
#include "core/value/query.h"

#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

#define SIGNIFICAND_BITS 52
#define EXPONENT_BIAS    1023

/* -- characters -- */

static bool continues(sy_str text, size_t at)
{
    return at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80;
}

static int64_t length(sy_str text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += continues(text, i) ? 0 : 1;
    }
    return count;
}

/* Where the character of that number begins; the end of the text when it has fewer. */
static size_t offset_of(sy_str text, size_t from, int64_t characters)
{
    size_t at = from;
    while (at < text.size && characters > 0) {
        at++;
        while (at < text.size && continues(text, at)) {
            at++;
        }
        characters--;
    }
    return at;
}

/* -- searching -- */

/* The first place of `part` at or after `from`; text.size + 1: nowhere. */
static size_t find(sy_str text, sy_str part, size_t from)
{
    if (part.size == 0) {
        return from;
    }
    while (from < text.size && part.size <= text.size - from) {
        const char *at = memchr(text.data + from, part.data[0], text.size - from - part.size + 1);
        if (at == NULL) {
            break;
        }
        if (memcmp(at, part.data, part.size) == 0) {
            return (size_t)(at - text.data);
        }
        from = (size_t)(at - text.data) + 1;
    }
    return text.size + 1;
}

static bool ends_with(sy_str text, sy_str part)
{
    return part.size <= text.size &&
           sy_str_equal((sy_str){text.data + (text.size - part.size), part.size}, part);
}

static sy_value index_of(sy_str text, sy_str part)
{
    size_t at = find(text, part, 0);
    return sy_int(at > text.size ? -1 : length((sy_str){text.data, at}));
}

/* -- making text -- */

static sy_rc take(char *made, size_t size, sy_value *out)
{
    if (made == NULL) {
        return SY_NOMEM;
    }
    *out = sy_text((sy_str){made, size});
    return SY_OK;
}

static void put(char *to, sy_str text)
{
    if (text.size > 0) {
        memcpy(to, text.data, text.size);
    }
}

static sy_rc concat(sy_str a, sy_str b, sy_arena *arena, sy_value *out)
{
    size_t size = a.size + b.size;
    if (size > SY_QUERY_TEXT_SIZE_MAX) {
        *out = SY_NULL;
        return SY_OK;
    }
    char *made = sy_arena_push(arena, size);
    if (made != NULL) {
        put(made, a);
        put(made + a.size, b);
    }
    return take(made, size, out);
}

static sy_rc replace(const sy_str operands[3], sy_arena *arena, sy_value *out)
{
    sy_str text = operands[0];
    sy_str from = operands[1];
    sy_str to = operands[2];
    size_t count = 0;
    for (size_t at = 0; from.size > 0 && (at = find(text, from, at)) <= text.size;
         at += from.size) {
        count++;
    }
    if (count == 0) {
        *out = sy_text(text);
        return SY_OK;
    }
    size_t rest = text.size - count * from.size;
    if (to.size > SY_QUERY_TEXT_SIZE_MAX || rest + count * to.size > SY_QUERY_TEXT_SIZE_MAX) {
        *out = SY_NULL;
        return SY_OK;
    }
    size_t size = rest + count * to.size;
    char *made = sy_arena_push(arena, size);
    size_t used = 0;
    size_t at = 0;
    for (; made != NULL && count > 0; count--) {
        size_t next = find(text, from, at);
        put(made + used, (sy_str){text.data + at, next - at});
        used += next - at;
        put(made + used, to);
        used += to.size;
        at = next + from.size;
    }
    if (made != NULL) {
        put(made + used, (sy_str){text.data + at, text.size - at});
    }
    return take(made, size, out);
}

static sy_rc fold_case(sy_str text, bool upper, sy_arena *arena, sy_value *out)
{
    char first = upper ? 'a' : 'A';
    char *made = sy_arena_push(arena, text.size);
    for (size_t i = 0; made != NULL && i < text.size; i++) {
        made[i] = text.data[i];
        if (made[i] >= first && made[i] <= first + 25) {
            made[i] = (char)(made[i] ^ 0x20);
        }
    }
    return take(made, text.size, out);
}

static sy_value trim(sy_str text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return sy_text(text);
}

/* The window [first, first + count) laid over the text: what is before the text counts. */
static sy_value substring(sy_str text, const sy_value *start, const sy_value *size)
{
    int64_t first = sy_value_whole(start);
    int64_t count = size == NULL ? INT64_MAX : sy_value_whole(size);
    if (first < 0 && size != NULL) {
        count = count <= -(first + 1) ? 0 : count + first; /* neither overflows */
    }
    size_t begin = offset_of(text, 0, first < 0 ? 0 : first);
    size_t end = offset_of(text, begin, count);
    return sy_text((sy_str){text.data + begin, end - begin});
}

static sy_rc number_text(const sy_value *number, sy_arena *arena, sy_value *out)
{
    char text[SY_REAL_TEXT_SIZE];
    size_t size = 0;
    if (number->type == SY_TYPE_REAL) {
        size = sy_real_format(number->as.real, text);
    } else {
        size = (size_t)snprintf(text, sizeof text, "%lld", (long long)number->as.integer);
    }
    return take((char *)sy_arena_copy(arena, (sy_str){text, size}).data, size, out);
}

static sy_rc date_text(const sy_value *date, sy_arena *arena, sy_value *out)
{
    char text[SY_TIME_TEXT_SIZE];
    size_t size = sy_time_format(date->as.integer, 3, text);
    return take((char *)sy_arena_copy(arena, (sy_str){text, size}).data, size, out);
}

/* -- numbers -- */

/* Towards zero. */
static double cut(double real)
{
    uint64_t bits = 0;
    memcpy(&bits, &real, sizeof bits);
    int exponent = (int)(bits >> SIGNIFICAND_BITS & 0x7FF) - EXPONENT_BIAS;
    if (exponent >= SIGNIFICAND_BITS) {
        return real;
    }
    uint64_t sign = UINT64_C(1) << 63;
    uint64_t fraction = exponent < 0 ? ~sign : (UINT64_C(1) << (SIGNIFICAND_BITS - exponent)) - 1;
    bits &= ~fraction;
    memcpy(&real, &bits, sizeof bits);
    return real;
}

static sy_value round_number(sy_expr_kind kind, const sy_value *number)
{
    if (number->type != SY_TYPE_REAL) {
        return *number;
    }
    double real = number->as.real;
    double whole = cut(real);
    double rest = real - whole; /* exact, with the sign of `real` */
    if ((kind == SY_EXPR_FLOOR && rest < 0) || (kind == SY_EXPR_ROUND && rest <= -0.5)) {
        whole -= 1;
    } else if ((kind == SY_EXPR_CEILING && rest > 0) || (kind == SY_EXPR_ROUND && rest >= 0.5)) {
        whole += 1;
    }
    return sy_real(whole);
}

/* -- datetimes -- */

static sy_value part_of(sy_expr_kind kind, sy_time time)
{
    sy_civil at = sy_civil_of_time(time);
    int part = kind == SY_EXPR_YEAR     ? at.year
               : kind == SY_EXPR_MONTH  ? at.month
               : kind == SY_EXPR_DAY    ? at.day
               : kind == SY_EXPR_HOUR   ? at.hour
               : kind == SY_EXPR_MINUTE ? at.minute
                                        : at.second;
    return sy_int(part);
}

static bool is_text(const sy_value *value)
{
    return value->type == SY_TYPE_TEXT || value->type == SY_TYPE_BLOB;
}

/* Every operand is there and of the kind that the function takes. */
static bool takes(sy_expr_kind kind, const sy_value *operands, uint32_t count)
{
    const sy_expr_shape *shape = sy_expr_shape_of(kind);
    if (!shape->function || count < shape->operand_min || count > shape->operand_max) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (sy_value_missing(&operands[i]) ||
            is_text(&operands[i]) != (shape->operands[i] == SY_OPERAND_TEXT)) {
            return false;
        }
    }
    return true;
}

sy_rc sy_query_function(sy_expr_kind kind, const sy_value *operands, uint32_t operand_count,
                        sy_arena *arena, sy_value *out)
{
    *out = SY_NULL;
    if (!takes(kind, operands, operand_count)) {
        return SY_OK;
    }
    sy_str texts[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    for (uint32_t i = 0; i < operand_count; i++) {
        sy_str text = sy_value_str(&operands[i]);
        texts[i] = text.data == NULL ? SY_STR("") : text;
    }
    switch ((int)kind) {
    case SY_EXPR_CONTAINS:
        *out = sy_bool(find(texts[0], texts[1], 0) <= texts[0].size);
        return SY_OK;
    case SY_EXPR_STARTS_WITH:
        *out = sy_bool(sy_str_starts_with(texts[0], texts[1]));
        return SY_OK;
    case SY_EXPR_ENDS_WITH:
        *out = sy_bool(ends_with(texts[0], texts[1]));
        return SY_OK;
    case SY_EXPR_ROUND:
    case SY_EXPR_FLOOR:
    case SY_EXPR_CEILING:
        *out = round_number(kind, operands);
        return SY_OK;
    case SY_EXPR_CONCAT:
        return concat(texts[0], texts[1], arena, out);
    case SY_EXPR_INDEX_OF:
        *out = index_of(texts[0], texts[1]);
        return SY_OK;
    case SY_EXPR_LENGTH:
        *out = sy_int(length(texts[0]));
        return SY_OK;
    case SY_EXPR_REPLACE:
        return replace(texts, arena, out);
    case SY_EXPR_SUBSTRING:
        *out = substring(texts[0], &operands[1], operand_count > 2 ? &operands[2] : NULL);
        return SY_OK;
    case SY_EXPR_TO_LOWER:
    case SY_EXPR_TO_UPPER:
        return fold_case(texts[0], kind == SY_EXPR_TO_UPPER, arena, out);
    case SY_EXPR_TRIM:
        *out = trim(texts[0]);
        return SY_OK;
    case SY_EXPR_NUMBER:
        *out = sy_int(operands[0].as.integer);
        return SY_OK;
    case SY_EXPR_TEXT:
        return number_text(operands, arena, out);
    case SY_EXPR_DATE_TEXT:
        return date_text(operands, arena, out);
    default: /* the parts of a datetime; takes() let no other kind pass */
        *out = part_of(kind, operands[0].as.integer);
        return SY_OK;
    }
}

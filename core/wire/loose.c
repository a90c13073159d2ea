/* Cells that are made to fit, as Node and SQLite do between them: JavaScript makes text of an
 * object, a column's affinity makes a number of a text that reads as one, and the other way round.
 */
#include "core/wire/internal.h"

#include <string.h>

#define NUMBER_TEXT_SIZE 64
#define EXACT_MAX        (INT64_C(1) << 53) /* up to here a double has every integer */
#define DIGIT_COUNT      15                 /* of a real that SQLite makes a text of */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static sy_str trimmed(sy_str text)
{
    while (text.size > 0 && (unsigned char)text.data[text.size - 1] <= ' ') {
        text.size--;
    }
    while (text.size > 0 && (unsigned char)text.data[0] <= ' ') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    return text;
}

/* ".5" and "5." as "0.5" and "5.0"; what else there is as it is. */
static sy_str with_digits(sy_str text, char out[NUMBER_TEXT_SIZE])
{
    size_t size = 0;
    if (text.size + 2 > NUMBER_TEXT_SIZE) {
        return text;
    }
    for (size_t i = 0; i < text.size; i++) {
        const bool point = text.data[i] == '.';
        const bool before = i > 0 && is_digit(text.data[i - 1]);
        const bool after = i + 1 < text.size && is_digit(text.data[i + 1]);
        if (point && !before && after) {
            out[size++] = '0';
        }
        out[size++] = text.data[i];
        if (point && before && !after) {
            out[size++] = '0';
        }
    }
    return (sy_str){out, size};
}

/* A text that SQLite would store as a number in a column of numbers. */
static bool reads_as_number(sy_str text, sy_value *out)
{
    int64_t integer = 0;
    double real = 0;
    text = trimmed(text);
    if (text.size == 0 || strchr("0123456789-+.", text.data[0]) == NULL) {
        return false;
    }
    if (sy_place_read_number(text, &integer)) {
        const bool exact = integer >= -EXACT_MAX && integer <= EXACT_MAX;
        *out = exact ? sy_int(integer) : sy_real((double)integer);
        return true;
    }
    if (text.data[0] == '+') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    char digits[NUMBER_TEXT_SIZE];
    if (!sy_real_parse(with_digits(text, digits), &real)) {
        return false;
    }
    *out = sy_real(real);
    return true;
}

static bool is_zero(const sy_value *number)
{
    return number->type == SY_TYPE_REAL ? number->as.real == 0.0 : number->as.integer == 0;
}

/* The digits of a number, and the place of the point behind the first of them. */
typedef struct decimal {
    char digits[NUMBER_TEXT_SIZE];
    int count;
    int exponent;
} decimal;

/* From the shortest text of it, "12.5" or "1e+300". */
static void read_decimal(sy_str text, decimal *out)
{
    int point = -1;
    int exponent = 0;
    *out = (decimal){.count = 0};
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c == 'e') {
            const bool negative = text.data[i + 1] == '-';
            for (size_t k = i + 2; k < text.size; k++) {
                exponent = exponent * 10 + (text.data[k] - '0');
            }
            exponent = negative ? -exponent : exponent;
            break;
        }
        if (c == '.') {
            point = out->count;
        } else if (is_digit(c)) {
            out->digits[out->count++] = c;
        }
    }
    out->exponent = exponent + (point < 0 ? out->count : point) - 1;
    int zeros = 0;
    while (zeros + 1 < out->count && out->digits[zeros] == '0') {
        zeros++;
    }
    memmove(out->digits, out->digits + zeros, (size_t)(out->count - zeros));
    out->count -= zeros;
    out->exponent -= zeros;
}

static void round_decimal(decimal *number)
{
    if (number->count > DIGIT_COUNT) {
        int at = number->digits[DIGIT_COUNT] >= '5' ? DIGIT_COUNT - 1 : -1;
        number->count = DIGIT_COUNT;
        while (at >= 0 && number->digits[at] == '9') {
            number->digits[at--] = '0';
        }
        if (at >= 0) {
            number->digits[at]++;
        } else if (number->digits[0] == '0') { /* all of them were nines */
            number->digits[0] = '1';
            number->exponent++;
        }
    }
    while (number->count > 1 && number->digits[number->count - 1] == '0') {
        number->count--;
    }
}

/* As SQLite writes a real: at most 15 digits, always a point. */
static void add_real(double real, sy_buf *out)
{
    char shortest[SY_REAL_TEXT_SIZE];
    const size_t size = sy_real_format(real, shortest);
    decimal number;
    read_decimal((sy_str){shortest, size}, &number);
    round_decimal(&number);
    const bool scientific = number.exponent < -4 || number.exponent >= DIGIT_COUNT;
    const int whole = scientific ? 0 : number.exponent; /* where the point stands */
    if (shortest[0] == '-') {
        sy_buf_add_char(out, '-');
    }
    for (int at = whole < 0 ? whole : 0; at < number.count || at <= whole + 1; at++) {
        const bool is_digit = at >= 0 && at < number.count;
        sy_buf_add(out, is_digit ? &number.digits[at] : "0", 1);
        if (at == whole) {
            sy_buf_add_char(out, '.');
        }
    }
    if (scientific) {
        const int power = number.exponent < 0 ? -number.exponent : number.exponent;
        sy_buf_printf(out, "e%c%02d", number.exponent < 0 ? '-' : '+', power);
    }
}

/* The driver binds what 32 bits hold as an integer, and else a real. */
static void add_number(const sy_value *number, sy_buf *out)
{
    const int64_t whole = sy_value_whole(number);
    const bool is_whole = number->type != SY_TYPE_REAL || (double)whole == number->as.real;
    if (is_whole && whole >= INT32_MIN && whole <= INT32_MAX) {
        sy_wire_add_int(out, whole);
    } else {
        add_real(number->type == SY_TYPE_REAL ? number->as.real : (double)whole, out);
    }
}

static sy_wire_fit text_of(const sy_json *json, sy_arena *arena, sy_value *out)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    sy_str copy;
    if (kind == SY_JSON_OBJECT || kind == SY_JSON_ARRAY) {
        copy = SY_STR("[object Object]");
    } else {
        sy_value scalar = sy_json_scalar(json);
        scalar.type = scalar.type == SY_TYPE_BOOL ? SY_TYPE_INT : scalar.type;
        char digits[NUMBER_TEXT_SIZE];
        sy_buf text;
        sy_buf_init_fixed(&text, digits, sizeof digits);
        add_number(&scalar, &text);
        copy = sy_arena_copy(arena, sy_buf_str(&text));
    }
    *out = sy_text(copy);
    return copy.data == NULL ? SY_WIRE_FIT_NO_MEMORY : SY_WIRE_FITS;
}

/* What is stored is true unless it is a zero or an empty text. */
static sy_value truth_of(const sy_json *json)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_OBJECT || kind == SY_JSON_ARRAY) {
        return sy_bool(true);
    }
    sy_value scalar = sy_json_scalar(json);
    if (kind == SY_JSON_TEXT && !reads_as_number(sy_value_str(&scalar), &scalar)) {
        return sy_bool(scalar.size > 0);
    }
    return sy_bool(!is_zero(&scalar));
}

static bool is_false(const sy_json *json)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind != SY_JSON_BOOL && kind != SY_JSON_INT && kind != SY_JSON_REAL) {
        return false;
    }
    const sy_value scalar = sy_json_scalar(json);
    return is_zero(&scalar);
}

/* What is no number stays a text: among reals it may. */
static sy_wire_fit number_of(const sy_json *json, sy_type type, sy_arena *arena, sy_value *out)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_OBJECT || kind == SY_JSON_ARRAY) {
        return type == SY_TYPE_REAL ? text_of(json, arena, out) : SY_WIRE_UNFIT;
    }
    const sy_value scalar = sy_json_scalar(json);
    if (kind == SY_JSON_BOOL) {
        *out = sy_int(scalar.as.integer);
        return SY_WIRE_FITS;
    }
    if (kind != SY_JSON_TEXT) {
        return SY_WIRE_UNFIT;
    }
    if (reads_as_number(sy_value_str(&scalar), out)) {
        return SY_WIRE_FITS;
    }
    return type == SY_TYPE_REAL ? sy_wire_read_cell(json, SY_TYPE_TEXT, arena, out) : SY_WIRE_UNFIT;
}

sy_wire_fit sy_wire_loose_cell(const sy_json *json, bool id, sy_type type, sy_arena *arena,
                               sy_value *out)
{
    if (id && is_false(json)) {
        *out = sy_text((sy_str){"", 0});
        return SY_WIRE_FITS;
    }
    const sy_wire_fit fits = sy_wire_read_cell(json, type, arena, out);
    if (fits != SY_WIRE_UNFIT) {
        return fits;
    }
    if (type == SY_TYPE_TEXT) {
        return text_of(json, arena, out);
    }
    if (type == SY_TYPE_BOOL) {
        *out = truth_of(json);
        return SY_WIRE_FITS;
    }
    return type == SY_TYPE_INT || type == SY_TYPE_REAL ? number_of(json, type, arena, out)
                                                       : SY_WIRE_UNFIT;
}

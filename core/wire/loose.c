/* Cells that are made to fit, as Node and SQLite do between them: JavaScript makes text of an
 * object, a column's affinity makes a number of a text that reads as one, and the other way round.
 */
#include "core/wire/internal.h"

#include <string.h>

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
        *out = sy_int(integer);
        return true;
    }
    if (text.data[0] == '+') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    if (!sy_real_parse(text, &real)) {
        return false;
    }
    *out = sy_real(real);
    return true;
}

static bool is_zero(const sy_value *number)
{
    return number->type == SY_TYPE_REAL ? number->as.real == 0.0 : number->as.integer == 0;
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
        char digits[SY_REAL_TEXT_SIZE + 1];
        sy_buf text;
        sy_buf_init_fixed(&text, digits, sizeof digits);
        sy_value_to_json(&scalar, &text);
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

static sy_wire_fit number_of(const sy_json *json, sy_value *out)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    if (kind == SY_JSON_OBJECT || kind == SY_JSON_ARRAY) {
        return SY_WIRE_UNFIT;
    }
    const sy_value scalar = sy_json_scalar(json);
    if (kind == SY_JSON_BOOL) {
        *out = sy_int(scalar.as.integer);
        return SY_WIRE_FITS;
    }
    return kind == SY_JSON_TEXT && reads_as_number(sy_value_str(&scalar), out) ? SY_WIRE_FITS
                                                                               : SY_WIRE_UNFIT;
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
    return type == SY_TYPE_INT || type == SY_TYPE_REAL ? number_of(json, out) : SY_WIRE_UNFIT;
}

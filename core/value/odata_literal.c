/* Literals of OData text as values (protocol.md 3.2). */
#include "core/value/odata_internal.h"

#include <string.h>

#include "core/base/check.h"

/* -- dates -- */

static bool take_digits(sy_str *text, size_t count, int *out)
{
    int value = 0;
    if (text->size < count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char c = text->data[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *text = (sy_str){text->data + count, text->size - count};
    *out = value;
    return true;
}

static bool take_char(sy_str *text, const char *any)
{
    if (text->size == 0 || text->data[0] == '\0' || strchr(any, text->data[0]) == NULL) {
        return false;
    }
    *text = (sy_str){text->data + 1, text->size - 1};
    return true;
}

/* Year, and where they are given month and day. */
static bool take_date(sy_str *text, sy_civil *at)
{
    at->month = at->day = 1;
    if (!take_digits(text, 4, &at->year)) {
        return false;
    }
    if (take_char(text, "-") && (!take_digits(text, 2, &at->month) ||
                                 (take_char(text, "-") && !take_digits(text, 2, &at->day)))) {
        return false;
    }
    return at->month >= 1 && at->month <= 12 && at->day >= 1 && at->day <= 31;
}

/* Hours and minutes, and where they are given seconds and a fraction (nine digits count). */
static bool take_time(sy_str *text, sy_civil *at)
{
    if (!take_digits(text, 2, &at->hour) || !take_char(text, ":") ||
        !take_digits(text, 2, &at->minute)) {
        return false;
    }
    if (take_char(text, ":")) {
        if (!take_digits(text, 2, &at->second)) {
            return false;
        }
        int digit = 0;
        bool fraction = take_char(text, ".");
        if (fraction && !take_digits(text, 1, &digit)) {
            return false;
        }
        for (int unit = (int)(SY_SECOND / 10); fraction; unit /= 10) {
            at->ns += digit * unit;
            fraction = take_digits(text, 1, &digit);
        }
    }
    bool midnight = at->hour == 24 && at->minute == 0 && at->second == 0 && at->ns == 0;
    return (at->hour <= 23 || midnight) && at->minute <= 59 && at->second <= 59;
}

/* "Z", "+01:30", "+0130", or nothing for UTC. */
static bool take_zone(sy_str *text, int *minutes)
{
    *minutes = 0;
    if (text->size == 0 || take_char(text, "Zz")) {
        return true;
    }
    int hours = 0;
    bool east = text->data[0] == '+';
    if (!take_char(text, "+-") || !take_digits(text, 2, &hours)) {
        return false;
    }
    (void)take_char(text, ":");
    if (!take_digits(text, 2, minutes) || hours > 23 || *minutes > 59) {
        return false;
    }
    *minutes = (hours * 60 + *minutes) * (east ? 1 : -1);
    return true;
}

/* JavaScript takes February 30 for March 1 or 2, and hour 24 for the next midnight. */
static bool exists(const sy_odata_dialect *dialect, const sy_civil *at)
{
    return dialect->javascript ||
           (at->day <= sy_days_in_month(at->year, at->month) && at->hour < 24);
}

bool sy_odata_date_parse(const sy_odata_dialect *dialect, sy_str text, sy_time *out)
{
    sy_civil at = {0};
    int zone = 0;
    if (!take_date(&text, &at)) {
        return false;
    }
    if (text.size > 0 &&
        (!take_char(&text, "Tt ") || !take_time(&text, &at) || !take_zone(&text, &zone))) {
        return false;
    }
    if (text.size > 0 || !exists(dialect, &at)) {
        return false;
    }
    sy_time time = sy_time_of_civil(&at);
    sy_time shift = zone * SY_MINUTE;
    bool fits = shift >= 0 ? time >= INT64_MIN + shift : time <= INT64_MAX + shift;
    *out = sy_time_truncate(fits         ? time - shift
                            : shift >= 0 ? INT64_MIN
                                         : INT64_MAX,
                            dialect->read_resolution);
    return true;
}

/* The one form that the Node server takes for datetime'..': none or three digits of the second. */
static bool is_strict(sy_str text)
{
    return (text.size == 20 || (text.size == 24 && text.data[19] == '.')) &&
           text.data[text.size - 1] == 'Z' && text.data[10] == 'T';
}

static sy_rc date_literal(sy_odata_reader *reader, sy_str text, size_t at, sy_value *out)
{
    sy_time time = 0;
    if (!sy_odata_date_parse(reader->dialect, text, &time)) {
        return sy_odata_fail(reader, SY_ODATA_LITERAL, at, "'%.*s' is no date",
                             text.size > 40 ? 40 : (int)text.size, text.data);
    }
    *out = sy_datetime(time);
    return SY_OK;
}

/* -- numbers -- */

/* The number of a token, which is one; beyond the largest double only JavaScript goes on, with
 * infinity: here the largest. */
static bool real_of(const sy_odata_reader *reader, sy_str text, double *out)
{
    if (sy_real_parse(text, out)) {
        return true;
    }
    *out = 1.7976931348623157e308;
    return reader->dialect->javascript;
}

static sy_rc integer_literal(sy_odata_reader *reader, bool negative, sy_value *out)
{
    const sy_odata_token *token = &reader->token;
    uint64_t limit = negative ? UINT64_C(1) << 63 : (uint64_t)INT64_MAX;
    uint64_t value = 0;
    bool fits = true;
    for (size_t i = 0; i < token->text.size && fits; i++) {
        uint64_t digit = (uint64_t)(token->text.data[i] - '0');
        fits = value <= (limit - digit) / 10;
        value = fits ? value * 10 + digit : value;
    }
    int64_t half = (int64_t)(value / 2); /* 2^63 itself has no positive */
    *out = sy_int(negative ? -half - (int64_t)(value - value / 2) : (int64_t)value);
    /* JavaScript has doubles only, and hands integers of 32 bits on as such. */
    if (reader->dialect->javascript &&
        (!fits || out->as.integer > INT32_MAX || out->as.integer < INT32_MIN)) {
        double real = 0;
        fits = real_of(reader, token->text, &real);
        *out = sy_real(negative ? -real : real);
    }
    return fits ? SY_OK
                : sy_odata_fail(reader, SY_ODATA_LITERAL, token->at, "a number out of range");
}

static sy_rc real_literal(sy_odata_reader *reader, bool negative, sy_value *out)
{
    sy_str text = reader->token.text;
    char last = text.data[text.size - 1];
    text.size -= last < '0' || last > '9' ? 1 : 0; /* F, M, D */
    double real = 0;
    if (!real_of(reader, text, &real)) {
        return sy_odata_fail(reader, SY_ODATA_LITERAL, reader->token.at, "a number out of range");
    }
    *out = sy_real(negative ? -real : real);
    if (reader->dialect->javascript && real > 0 && real <= INT32_MAX &&
        (double)(int32_t)real == real) { /* 10.0 is 10 */
        *out = sy_int(negative ? -(int32_t)real : (int32_t)real);
    }
    return SY_OK;
}

/* The L behind a long, which is a word of its own to the lexer. */
static sy_rc pass_suffix(sy_odata_reader *reader)
{
    sy_rc rc = sy_odata_next(reader);
    if (rc == SY_OK && reader->token.kind == SY_TOKEN_IDENTIFIER &&
        sy_str_equal_nocase(reader->token.text, SY_STR("l"))) {
        rc = sy_odata_next(reader);
    }
    return rc;
}

/* -- texts -- */

/* Without the quotes, doubled ones made one; borrowed where nothing was doubled. */
static sy_rc unquote(sy_odata_reader *reader, sy_str quoted, sy_str *out)
{
    sy_str inner = {quoted.data + 1, quoted.size - 2};
    if (inner.size == 0 || memchr(inner.data, '\'', inner.size) == NULL) {
        *out = inner;
        return SY_OK;
    }
    char *text = sy_arena_push(reader->arena, inner.size);
    if (text == NULL) {
        return SY_NOMEM;
    }
    size_t size = 0;
    for (size_t i = 0; i < inner.size; i++) {
        text[size++] = inner.data[i];
        i += inner.data[i] == '\'' ? 1 : 0;
    }
    *out = (sy_str){text, size};
    return SY_OK;
}

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Lower case, as clients write it. */
static sy_rc guid_literal(sy_odata_reader *reader, sy_str text, size_t at, sy_value *out)
{
    bool good = text.size == 36;
    for (size_t i = 0; good && i < text.size; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        good = dash ? text.data[i] == '-' : hex_of(text.data[i]) >= 0;
    }
    if (!good) {
        return sy_odata_fail(reader, SY_ODATA_LITERAL, at, "no guid");
    }
    char *lower = sy_arena_push(reader->arena, text.size);
    for (size_t i = 0; lower != NULL && i < text.size; i++) {
        lower[i] = text.data[i];
        if (lower[i] >= 'A' && lower[i] <= 'F') {
            lower[i] = (char)(lower[i] | 0x20);
        }
    }
    *out = sy_text((sy_str){lower, lower == NULL ? 0 : text.size});
    return lower == NULL ? SY_NOMEM : SY_OK;
}

static sy_rc binary_literal(sy_odata_reader *reader, sy_str text, size_t at, sy_value *out)
{
    char *bytes = sy_arena_push(reader->arena, text.size / 2);
    bool good = text.size % 2 == 0;
    for (size_t i = 0; bytes != NULL && good && i < text.size; i += 2) {
        int high = hex_of(text.data[i]);
        int low = hex_of(text.data[i + 1]);
        good = high >= 0 && low >= 0;
        bytes[i / 2] = (char)(high * 16 + low);
    }
    if (!good) {
        return sy_odata_fail(reader, SY_ODATA_LITERAL, at, "bytes are pairs of hexadecimal digits");
    }
    *out = sy_blob((sy_str){bytes, bytes == NULL ? 0 : text.size / 2});
    return bytes == NULL ? SY_NOMEM : SY_OK;
}

sy_rc sy_odata_literal(sy_odata_reader *reader, bool negative, sy_value *out)
{
    const sy_odata_token token = reader->token;
    sy_str text = {NULL, 0};
    sy_rc rc = SY_OK;
    switch ((int)token.kind) {
    case SY_TOKEN_INTEGER:
        rc = integer_literal(reader, negative, out);
        return rc == SY_OK ? pass_suffix(reader) : rc;
    case SY_TOKEN_REAL:
        rc = real_literal(reader, negative, out);
        break;
    case SY_TOKEN_DATE:
        rc = date_literal(reader, token.text, token.at, out);
        break;
    case SY_TOKEN_GUID:
        rc = guid_literal(reader, token.text, token.at, out);
        break;
    default:
        SY_ASSERT(token.kind == SY_TOKEN_STRING);
        rc = unquote(reader, token.text, &text);
        *out = sy_text(text);
        break;
    }
    return rc == SY_OK ? sy_odata_next(reader) : rc;
}

/* -- typed literals -- */

static bool token_is(const sy_odata_reader *reader, const char *word)
{
    return sy_str_equal(reader->token.text, sy_str_of(word));
}

bool sy_odata_is_typed(const sy_odata_reader *reader)
{
    const sy_odata_dialect *dialect = reader->dialect;
    return reader->token.kind == SY_TOKEN_IDENTIFIER && reader->at < reader->text.size &&
           reader->text.data[reader->at] == '\'' &&
           ((dialect->typed_dates &&
             (token_is(reader, "datetime") || token_is(reader, "datetimeoffset"))) ||
            (dialect->typed_bytes && (token_is(reader, "guid") || token_is(reader, "binary"))));
}

sy_rc sy_odata_typed_literal(sy_odata_reader *reader, sy_value *out)
{
    const sy_odata_token word = reader->token;
    sy_str text = {NULL, 0};
    sy_rc rc = sy_odata_next(reader);
    size_t at = reader->token.at;
    if (rc == SY_OK) {
        rc = unquote(reader, reader->token.text, &text);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (word.text.data[0] == 'g') {
        rc = guid_literal(reader, text, at, out);
    } else if (word.text.data[0] == 'b') {
        rc = binary_literal(reader, text, at, out);
    } else if (reader->dialect->strict_datetime && word.text.size == 8 && !is_strict(text)) {
        rc = sy_odata_fail(reader, SY_ODATA_LITERAL, at, "invalid 'datetime' literal");
    } else {
        rc = date_literal(reader, text, at, out);
    }
    return rc == SY_OK ? sy_odata_next(reader) : rc;
}

sy_rc sy_odata_cast(sy_odata_reader *reader, sy_value *out)
{
    size_t from = reader->at;
    sy_str rest = {reader->text.data + from, reader->text.size - from};
    const char *close = rest.size == 0 ? NULL : memchr(rest.data, ')', rest.size);
    const char *comma = close == NULL ? NULL : memchr(rest.data, ',', (size_t)(close - rest.data));
    if (comma == NULL) {
        return sy_odata_fail(reader, SY_ODATA_SYNTAX, from, "cast takes a value and a type");
    }
    sy_str value = sy_odata_trim((sy_str){rest.data, (size_t)(comma - rest.data)});
    sy_str type = sy_odata_trim((sy_str){comma + 1, (size_t)(close - comma - 1)});
    if (value.size >= 2 && value.data[0] == '\'' && value.data[value.size - 1] == '\'') {
        value = (sy_str){value.data + 1, value.size - 2};
    }
    sy_rc rc = SY_OK;
    if (sy_str_equal(type, SY_STR("Edm.DateTimeOffset")) ||
        sy_str_equal(type, SY_STR("Edm.DateTime")) || sy_str_equal(type, SY_STR("Edm.Date"))) {
        rc = date_literal(reader, value, from, out);
    } else if (sy_str_equal(type, SY_STR("Edm.Guid"))) {
        rc = guid_literal(reader, value, from, out);
    } else {
        rc = sy_odata_fail(reader, SY_ODATA_FUNCTION, (size_t)(comma + 1 - reader->text.data),
                           "cast to a type that no column has");
    }
    if (rc == SY_OK) {
        reader->at = (size_t)(close - reader->text.data) + 1;
        rc = sy_odata_next(reader);
    }
    return rc;
}

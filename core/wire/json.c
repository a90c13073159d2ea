/* Jansson's values seen as ours. Its integers are exact to 64 bits and refuse more; a document with
 * larger ones is read again with those written as reals, which is what they become everywhere else.
 */
#include "core/wire/json.h"

#include <jansson.h>

#include "core/base/check.h"

/* -- integers out of range -- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The end of the number that begins at `at`; *whole: no fraction, no exponent. */
static size_t end_of_number(sy_str text, size_t at, bool *whole)
{
    *whole = true;
    for (; at < text.size; at++) {
        const char c = text.data[at];
        if (c == '.' || c == 'e' || c == 'E') {
            *whole = false;
        } else if (!is_digit(c) && c != '+' && c != '-') {
            break;
        }
    }
    return at;
}

static bool fits(sy_str number)
{
    const bool negative = number.data[0] == '-';
    const uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t value = 0;
    for (size_t i = negative ? 1 : 0; i < number.size; i++) {
        const uint64_t digit = (uint64_t)(number.data[i] - '0');
        if (value > (limit - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    return true;
}

/* The text with "e0" behind every integer that does not fit. */
static void mark_large_integers(sy_str text, sy_buf *out)
{
    bool quoted = false;
    size_t done = 0;
    for (size_t at = 0; at < text.size;) {
        const char c = text.data[at];
        if (quoted && c == '\\') {
            at += 2;
            continue;
        }
        quoted = quoted != (c == '"');
        if (quoted || (!is_digit(c) && c != '-')) {
            at++;
            continue;
        }
        bool whole = false;
        const size_t end = end_of_number(text, at, &whole);
        if (whole && !fits((sy_str){text.data + at, end - at})) {
            sy_buf_add(out, text.data + done, end - done);
            sy_buf_add(out, "e0", 2);
            done = end;
        }
        at = end;
    }
    sy_buf_add(out, text.data + done, text.size - done);
}

/* -- documents -- */

static sy_rc load(sy_str text, json_t **out, json_error_t *error)
{
    *out = json_loadb(text.size > 0 ? text.data : "", text.size, JSON_DECODE_ANY | JSON_ALLOW_NUL,
                      error);
    if (*out != NULL) {
        return SY_OK;
    }
    const bool memory =
        json_error_code(error) == json_error_out_of_memory || error->text[0] == '\0';
    return memory ? SY_NOMEM : SY_PARSE;
}

static sy_rc load_again(sy_str text, json_t **out, json_error_t *error)
{
    sy_buf marked;
    sy_buf_init(&marked, sy_alloc_std());
    mark_large_integers(text, &marked);
    const sy_rc rc = marked.failed ? SY_NOMEM : load(sy_buf_str(&marked), out, error);
    sy_buf_deinit(&marked);
    return rc;
}

sy_rc sy_json_parse(sy_str text, sy_json **out, sy_err *err)
{
    json_error_t error = {0};
    sy_rc rc = load(text, out, &error);
    if (rc == SY_PARSE && json_error_code(&error) == json_error_numeric_overflow) {
        rc = load_again(text, out, &error);
    }
    if (rc == SY_NOMEM) {
        return sy_fail_nomem(err);
    }
    if (rc != SY_OK) {
        return SY_FAIL(err, rc, "not JSON at byte %d: %s", error.position, error.text);
    }
    return SY_OK;
}

void sy_json_free(sy_json *document)
{
    json_decref(document);
}

sy_json_kind sy_json_kind_of(const sy_json *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return SY_JSON_OBJECT;
    case JSON_ARRAY:
        return SY_JSON_ARRAY;
    case JSON_STRING:
        return SY_JSON_TEXT;
    case JSON_INTEGER:
        return SY_JSON_INT;
    case JSON_REAL:
        return SY_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return SY_JSON_BOOL;
    case JSON_NULL:
        break;
    }
    return SY_JSON_NULL;
}

const sy_json *sy_json_get(const sy_json *object, sy_str name)
{
    return json_is_object(object) ? json_object_getn(object, name.data, name.size) : NULL;
}

sy_str sy_json_get_text(const sy_json *object, sy_str name)
{
    const sy_json *member = sy_json_get(object, name);
    return json_is_string(member) ? (sy_str){json_string_value(member), json_string_length(member)}
                                  : (sy_str){NULL, 0};
}

size_t sy_json_count(const sy_json *json)
{
    return json_is_array(json) ? json_array_size(json) : json_object_size(json);
}

const sy_json *sy_json_at(const sy_json *array, size_t index)
{
    return json_array_get(array, index);
}

/* Jansson's iterators take an object that may be changed through them; ours never is. */
static bool take(void *iterator, sy_json_member *out)
{
    if (iterator == NULL) {
        return false;
    }
    const char *name = json_object_iter_key(iterator);
    *out = (sy_json_member){.name = {name, json_object_iter_key_len(iterator)},
                            .value = json_object_iter_value(iterator),
                            .iterator = iterator};
    return true;
}

/* The library asks for an object that it could change even to walk over it; it does not. */
static json_t *to_walk(const sy_json *object)
{
    const union {
        const json_t *in;
        json_t *out;
    } both = {.in = object};
    return both.out;
}

bool sy_json_first(const sy_json *object, sy_json_member *out)
{
    return json_is_object(object) && take(json_object_iter(to_walk(object)), out);
}

bool sy_json_next(const sy_json *object, sy_json_member *member)
{
    return take(json_object_iter_next(to_walk(object), member->iterator), member);
}

sy_value sy_json_scalar(const sy_json *json)
{
    switch (sy_json_kind_of(json)) {
    case SY_JSON_BOOL:
        return sy_bool(json_is_true(json));
    case SY_JSON_INT:
        return sy_int(json_integer_value(json));
    case SY_JSON_REAL:
        return sy_real(json_real_value(json));
    case SY_JSON_TEXT:
        return sy_text((sy_str){json_string_value(json), json_string_length(json)});
    case SY_JSON_NULL:
        return SY_NULL;
    case SY_JSON_ARRAY:
    case SY_JSON_OBJECT:
        break;
    }
    SY_UNREACHABLE();
}

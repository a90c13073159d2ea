/* Targets taken apart, and percent-encoding. */
#include "core/wire/url.h"

#include "core/base/check.h"
#include "core/base/mutant.h"

/* -- encoding -- */

static bool is_plain(unsigned char c, sy_url_escape escape)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
        return true;
    }
    const char *marks = "-._~";
    if (c == 0) {
        return false;
    }
    if (SY_MUTANT(PERCENT_NOT_ESCAPED) && c == '%') {
        return true;
    }
    switch (escape) {
    case SY_URL_ESCAPE_DATA:
        break;
    case SY_URL_ESCAPE_COMPONENT:
        marks = "-._~!*'()";
        break;
    case SY_URL_ESCAPE_CLASSIC:
        marks = "-._~'()$,/";
        break;
    case SY_URL_ESCAPE_BROWSER:
        marks = "-._~!*()$:,;@/";
        break;
    }
    return strchr(marks, c) != NULL;
}

void sy_url_encode(sy_str text, sy_url_escape escape, sy_buf *out)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t done = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (is_plain(c, escape)) {
            continue;
        }
        char code[3] = {'%', digits[c >> 4], digits[c & 15]};
        sy_buf_add(out, text.data + done, i - done);
        sy_buf_add(out, code, sizeof code);
        done = i + 1;
    }
    if (done < text.size) {
        sy_buf_add(out, text.data + done, text.size - done);
    }
}

/* -- decoding -- */

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

bool sy_url_next(sy_str encoded, size_t *at, char *out)
{
    if (*at >= encoded.size) {
        return false;
    }
    const char *text = encoded.data + *at;
    const int high = *text == '%' && *at + 2 < encoded.size ? digit_of(text[1]) : -1;
    const int low = high >= 0 ? digit_of(text[2]) : -1;
    if (low < 0) {
        *out = *text;
        *at += 1;
        return true;
    }
    *out = (char)(unsigned char)(high * 16 + low);
    *at += 3;
    return true;
}

bool sy_url_says(sy_str encoded, sy_str text)
{
    char c = 0;
    size_t said = 0;
    for (size_t at = 0; sy_url_next(encoded, &at, &c); said++) {
        if (said >= text.size || text.data[said] != c) {
            return false;
        }
    }
    return said == text.size;
}

sy_rc sy_url_decode(sy_str text, sy_arena *arena, sy_str *out, sy_err *err)
{
    *out = text;
    if (text.size > 0 && memchr(text.data, '%', text.size) != NULL) {
        char *decoded = sy_arena_push(arena, text.size);
        if (decoded == NULL) {
            return sy_fail_nomem(err);
        }
        size_t size = 0;
        size_t before = 0;
        for (size_t at = 0; sy_url_next(text, &at, &decoded[size]); before = at, size++) {
            if (at - before == 1 && decoded[size] == '%') {
                return SY_FAIL(err, SY_PARSE, "a %% in the URL has no two hex digits behind it");
            }
        }
        *out = (sy_str){decoded, size};
    }
    return sy_str_is_utf8(*out) ? SY_OK : SY_FAIL(err, SY_PARSE, "the URL is not UTF-8");
}

/* -- parsing -- */

static size_t count_of(sy_str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] == c;
    }
    return count;
}

/* The text up to `c`, which goes with it; all of it when there is none. */
static sy_str cut(sy_str *rest, char c)
{
    const char *at = rest->size > 0 ? memchr(rest->data, c, rest->size) : NULL;
    size_t size = at != NULL ? (size_t)(at - rest->data) : rest->size;
    sy_str piece = {rest->data, size};
    size_t used = size + (at != NULL);
    *rest = (sy_str){used > 0 ? rest->data + used : rest->data, rest->size - used};
    return piece;
}

static sy_rc read_path(sy_arena *arena, sy_url *out, sy_err *err)
{
    sy_str *segments = sy_arena_push(arena, (count_of(out->path, '/') + 1) * sizeof *segments);
    if (segments == NULL) {
        return sy_fail_nomem(err);
    }
    sy_str rest = out->path;
    while (rest.size > 0) {
        sy_str segment = cut(&rest, '/');
        if (segment.size == 0) { /* a doubled or trailing slash */
            continue;
        }
        sy_rc rc = sy_url_decode(segment, arena, &segments[out->segment_count], err);
        if (rc != SY_OK) {
            return rc;
        }
        out->segment_count++;
    }
    out->segments = segments;
    return SY_OK;
}

static sy_rc read_query(sy_arena *arena, sy_url *out, sy_err *err)
{
    sy_url_parameter *parameters =
        sy_arena_push(arena, (count_of(out->query, '&') + 1) * sizeof *parameters);
    if (parameters == NULL) {
        return sy_fail_nomem(err);
    }
    sy_str rest = out->query;
    while (rest.size > 0) {
        sy_str value = cut(&rest, '&');
        if (value.size == 0) {
            continue;
        }
        sy_url_parameter *parameter = &parameters[out->parameter_count];
        sy_str name = cut(&value, '=');
        sy_rc rc = sy_url_decode(name, arena, &parameter->name, err);
        if (rc == SY_OK) {
            rc = sy_url_decode(value, arena, &parameter->value, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
        out->parameter_count++;
    }
    out->parameters = parameters;
    return SY_OK;
}

/* What stands before the path of an absolute URL. */
static sy_str without_host(sy_str target)
{
    for (size_t i = 0; i + 2 < target.size && target.data[i] != '/' && target.data[i] != '?'; i++) {
        if (memcmp(target.data + i, "://", 3) != 0) {
            continue;
        }
        sy_str rest = {target.data + i + 3, target.size - i - 3};
        size_t at = 0;
        while (at < rest.size && rest.data[at] != '/' && rest.data[at] != '?') {
            at++;
        }
        return (sy_str){rest.data + at, rest.size - at};
    }
    return target;
}

sy_rc sy_url_parse(sy_str target, sy_arena *arena, sy_url *out, sy_err *err)
{
    *out = (sy_url){0};
    sy_str rest = without_host(target);
    rest = cut(&rest, '#');
    out->path = cut(&rest, '?');
    out->query = rest;
    sy_rc rc = read_path(arena, out, err);
    return rc == SY_OK ? read_query(arena, out, err) : rc;
}

const sy_url_parameter *sy_url_find(const sy_url *url, sy_str name)
{
    for (uint32_t i = 0; i < url->parameter_count; i++) {
        if (sy_str_equal(url->parameters[i].name, name)) {
            return &url->parameters[i];
        }
    }
    return NULL;
}

const sy_url_parameter *sy_url_find_nocase(const sy_url *url, sy_str name)
{
    for (uint32_t i = 0; i < url->parameter_count; i++) {
        if (sy_str_equal_nocase(url->parameters[i].name, name)) {
            return &url->parameters[i];
        }
    }
    return NULL;
}

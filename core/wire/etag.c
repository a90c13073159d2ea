/* ETags. The generations differ in how they escape, and in what an If-Match that is not one strong
 * tag means. */
#include "core/wire/etag.h"

#include "core/base/base64.h"
#include "core/base/check.h"

/* -- writing -- */

static bool escapes(sy_str version, size_t at, sy_etag_escape escape)
{
    if (version.data[at] != '"') {
        return false;
    }
    switch (escape) {
    case SY_ETAG_ESCAPE_ALL:
        return true;
    case SY_ETAG_ESCAPE_FRESH:
        return at == 0 || version.data[at - 1] != '\\';
    case SY_ETAG_ESCAPE_NONE:
        break;
    }
    return false;
}

void sy_etag_write(sy_str version, sy_etag_escape escape, sy_buf *out)
{
    sy_buf_add_char(out, '"');
    for (size_t i = 0; i < version.size; i++) {
        if (escapes(version, i, escape)) {
            sy_buf_add_char(out, '\\');
        }
        const char c = version.data[i];
        if ((unsigned char)c < 0x20 || c == 0x7f) { /* it would end the header */
            sy_buf_add_char(out, ' ');
        } else {
            sy_buf_add_char(out, c);
        }
    }
    sy_buf_add_char(out, '"');
}

/* -- reading -- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static sy_str trim(sy_str text)
{
    while (text.size > 0 && is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    while (text.size > 0 && is_blank(text.data[0])) {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    return text;
}

static bool is_quoted(sy_str text)
{
    return text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"';
}

static sy_rc unescape(sy_str text, sy_arena *arena, sy_str *out, sy_err *err)
{
    if (text.size == 0 || memchr(text.data, '\\', text.size) == NULL) {
        *out = text;
        return SY_OK;
    }
    char *plain = sy_arena_push(arena, text.size);
    if (plain == NULL) {
        return sy_fail_nomem(err);
    }
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\\' && i + 1 < text.size && text.data[i + 1] == '"') {
            i++;
        }
        plain[size++] = text.data[i];
    }
    *out = (sy_str){plain, size};
    return SY_OK;
}

sy_rc sy_etag_read(sy_str etag, sy_arena *arena, sy_str *version, sy_err *err)
{
    sy_str text = trim(etag);
    *version = (sy_str){NULL, 0};
    if (sy_str_starts_with(text, SY_STR("W/"))) {
        return SY_OK;
    }
    if (is_quoted(text)) {
        text = (sy_str){text.data + 1, text.size - 2};
    }
    return unescape(text, arena, version, err);
}

/* Where the quoted text that begins at `at` ends, the closing quote included. */
static size_t end_of_quoted(sy_str list, size_t at)
{
    for (size_t i = at + 1; i < list.size; i++) {
        if (list.data[i] == '\\' && i + 1 < list.size) {
            i++;
        } else if (list.data[i] == '"') {
            return i + 1;
        }
    }
    return list.size;
}

bool sy_etag_next(sy_str list, size_t *at, sy_etag *out)
{
    while (*at < list.size && (is_blank(list.data[*at]) || list.data[*at] == ',')) {
        (*at)++;
    }
    if (*at >= list.size) {
        return false;
    }
    *out = (sy_etag){0};
    sy_str rest = {list.data + *at, list.size - *at};
    if (sy_str_starts_with(rest, SY_STR("W/\""))) {
        out->weak = true;
        *at += 2;
    }
    size_t begin = *at;
    if (list.data[begin] == '"') {
        *at = end_of_quoted(list, begin);
    }
    while (*at < list.size && list.data[*at] != ',') {
        (*at)++;
    }
    out->quoted = trim((sy_str){list.data + begin, *at - begin});
    out->any = sy_str_equal(out->quoted, SY_STR("*"));
    return true;
}

/* -- If-Match -- */

static sy_str without_padding(sy_str text)
{
    while (text.size > 0 && text.data[text.size - 1] == '=') {
        text.size--;
    }
    return text;
}

/* Base64 that lacks its padding stands for the same bytes. Text that is no base64 names no version,
 * and stays as it is. */
static sy_rc pad(sy_str text, sy_arena *arena, sy_str *version, sy_err *err)
{
    *version = text;
    if (sy_base64_is(text)) {
        return SY_OK;
    }
    sy_str bytes;
    sy_rc rc = sy_base64_read(text, arena, &bytes, err);
    if (rc != SY_OK) {
        return rc;
    }
    char *encoded = sy_arena_push(arena, sy_base64_size(bytes.size));
    if (encoded == NULL) {
        return sy_fail_nomem(err);
    }
    const size_t size = sy_base64_encode((const unsigned char *)bytes.data, bytes.size, encoded);
    const sy_str padded = {encoded, size};
    if (size > 0 && sy_str_equal(without_padding(padded), without_padding(text))) {
        *version = padded;
    }
    return SY_OK;
}

static sy_rc read_bytes(sy_str header, bool update, sy_arena *arena, sy_str *version, sy_err *err)
{
    sy_str text = trim(header);
    if (sy_str_starts_with(text, SY_STR("W/"))) {
        *version = text;
        return SY_OK;
    }
    sy_rc rc = sy_etag_read(text, arena, &text, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (sy_str_equal(text, SY_STR("\""))) { /* one quote is both */
        text.size = 0;
    }
    if (text.size == 0 || sy_str_equal(text, SY_STR("*"))) {
        *version = text.size == 0 && update ? text : SY_VERSION_NONE;
        return SY_OK;
    }
    return pad(text, arena, version, err);
}

static sy_rc read_tag(const sy_etag *tag, bool single, sy_arena *arena, sy_str *version,
                      sy_err *err)
{
    if (tag->any) {
        *version = single ? (sy_str){NULL, 0} : SY_STR("*");
        return SY_OK;
    }
    if (tag->weak || !is_quoted(tag->quoted)) {
        if (single || !tag->weak) {
            return SY_FAIL(err, SY_INVALID, "If-Match is not one strong ETag in quotes");
        }
        *version = SY_VERSION_NONE;
        return SY_OK;
    }
    sy_rc rc = sy_etag_read(tag->quoted, arena, version, err);
    if (rc == SY_OK && (version->size == 0 || sy_str_equal(*version, SY_STR("*")))) {
        *version = SY_VERSION_NONE;
    }
    return rc;
}

sy_rc sy_etag_read_if_match(sy_str header, sy_if_match_rule rule, bool update, sy_arena *arena,
                            sy_str *version, sy_err *err)
{
    *version = (sy_str){NULL, 0};
    if (header.size == 0) {
        return SY_OK;
    }
    if (rule == SY_IF_MATCH_BYTES) {
        return read_bytes(header, update, arena, version, err);
    }
    sy_etag first, other;
    size_t at = 0;
    if (!sy_etag_next(header, &at, &first)) {
        return SY_FAIL(err, SY_INVALID, "If-Match is empty");
    }
    if (sy_etag_next(header, &at, &other)) {
        return SY_FAIL(err, SY_INVALID, "If-Match has several ETags");
    }
    return read_tag(&first, rule == SY_IF_MATCH_SINGLE, arena, version, err);
}

/* The query of a URL as servers take it, before the wire reads it: a plus is a space, a percent
 * sign that begins nothing stands for itself. And options that stand there twice: the Node server
 * makes a list of their values, of which a number is still the first, and any text is broken. */
#include "core/server/router_internal.h"

#include <string.h>

static sy_str cut(sy_str *rest, char c)
{
    const char *at = rest->size > 0 ? memchr(rest->data, c, rest->size) : NULL;
    size_t size = at != NULL ? (size_t)(at - rest->data) : rest->size;
    size_t used = size + (at != NULL);
    sy_str piece = {rest->data, size};
    *rest = (sy_str){used > 0 ? rest->data + used : rest->data, rest->size - used};
    return piece;
}

/* Whether the part of the query was seen before. */
static bool seen_before(sy_str query, const char *part, sy_str name)
{
    sy_str rest = {query.data, (size_t)(part - query.data)};
    while (rest.size > 0) {
        sy_str piece = cut(&rest, '&');
        if (sy_url_says(cut(&piece, '='), name)) {
            return true;
        }
    }
    return false;
}

/* SY_URL_TWICE_...: what becomes of a part whose name stood there before. */
static sy_routing_twice twice_of(sy_str query, sy_str part)
{
    static const char *const texts[] = {"$filter", "$orderby", "$select"};
    static const char *const numbers[] = {"$top", "$skip", "$inlinecount", "__includeDeleted"};
    sy_str value = part;
    sy_str name = cut(&value, '=');
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (sy_url_says(name, sy_str_of(texts[i])) &&
            seen_before(query, part.data, sy_str_of(texts[i]))) {
            return SY_ROUTING_BROKEN;
        }
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (sy_url_says(name, sy_str_of(numbers[i])) &&
            seen_before(query, part.data, sy_str_of(numbers[i]))) {
            return SY_ROUTING_LATER;
        }
    }
    return SY_ROUTING_ONCE;
}

static sy_rc add_part(const sy_routing *routing, sy_str part, sy_buf *out, sy_err *err)
{
    sy_str decoded;
    sy_rc rc = sy_url_decode(part, routing->arena, &decoded, err);
    if (rc == SY_NOMEM) {
        return rc;
    }
    for (size_t i = 0; i < part.size; i++) {
        char c = part.data[i];
        sy_buf_add_str(out, c == '+'                     ? SY_STR("%20")
                            : c == '%' && rc == SY_PARSE ? SY_STR("%25")
                                                         : (sy_str){part.data + i, 1});
    }
    return SY_OK;
}

static sy_rc add_query(const sy_routing *routing, sy_str query, bool lists, sy_buf *out,
                       bool *broken, sy_err *err)
{
    sy_rc rc = SY_OK;
    sy_str rest = query;
    bool first = true;
    while (rc == SY_OK && rest.size > 0) {
        sy_str part = cut(&rest, '&');
        sy_routing_twice twice = lists ? twice_of(query, part) : SY_ROUTING_ONCE;
        *broken = *broken || twice == SY_ROUTING_BROKEN;
        if (twice == SY_ROUTING_LATER) {
            continue;
        }
        if (!first) {
            sy_buf_add_char(out, '&');
        }
        first = false;
        sy_str value = part;
        sy_str name = cut(&value, '=');
        rc = add_part(routing, name, out, err);
        if (rc == SY_OK && name.size < part.size) {
            sy_buf_add_char(out, '=');
            rc = add_part(routing, value, out, err);
        }
    }
    return rc;
}

sy_rc sy_routing_tidy_url(sy_routing *routing, bool lists, bool *broken, sy_err *err)
{
    sy_str target = routing->http->target;
    sy_str rest = target;
    *broken = false;
    (void)cut(&rest, '?');
    if (rest.size == 0) {
        return SY_OK;
    }
    sy_buf text;
    sy_buf_init(&text, routing->arena->alloc);
    sy_buf_add(&text, target.data, target.size - rest.size);
    sy_rc rc = add_query(routing, rest, lists, &text, broken, err);
    sy_http_request *copy = sy_arena_push(routing->arena, sizeof *copy);
    sy_str tidy = text.failed ? (sy_str){0} : sy_arena_copy(routing->arena, sy_buf_str(&text));
    sy_buf_deinit(&text);
    if (rc != SY_OK || copy == NULL || tidy.data == NULL) {
        return sy_fail_nomem(err);
    }
    *copy = *routing->http;
    copy->target = tidy;
    routing->http = copy;
    routing->request.http = copy;
    return SY_OK;
}

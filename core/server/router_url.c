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

/* How often a name stands in the query. */
static size_t count_of(sy_str query, sy_str name)
{
    size_t count = 0;
    while (query.size > 0) {
        sy_str piece = cut(&query, '&');
        count += sy_url_says(cut(&piece, '='), name);
    }
    return count;
}

/* What becomes of a part of the query. */
static sy_routing_twice twice_of(sy_str query, sy_str part)
{
    static const struct {
        const char *name;
        sy_routing_twice first, later; /* when it stands there more than once */
    } options[] = {{"$filter", SY_ROUTING_BROKEN, SY_ROUTING_BROKEN},
                   {"$orderby", SY_ROUTING_BROKEN, SY_ROUTING_BROKEN},
                   {"$select", SY_ROUTING_BROKEN, SY_ROUTING_BROKEN},
                   {"$top", SY_ROUTING_STAYS, SY_ROUTING_GOES},
                   {"$skip", SY_ROUTING_STAYS, SY_ROUTING_GOES},
                   {"__includeDeleted", SY_ROUTING_STAYS, SY_ROUTING_GOES},
                   {"$inlinecount", SY_ROUTING_GOES, SY_ROUTING_GOES}};
    sy_str value = part;
    sy_str name = cut(&value, '=');
    sy_str before = {query.data, (size_t)(part.data - query.data)};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        sy_str option = sy_str_of(options[i].name);
        if (sy_url_says(name, option) && count_of(query, option) > 1) {
            return count_of(before, option) == 0 ? options[i].first : options[i].later;
        }
    }
    return SY_ROUTING_STAYS;
}

static sy_rc add_part(const sy_routing *routing, sy_str part, bool in_query, sy_buf *out,
                      bool *undecoded, sy_err *err)
{
    sy_str decoded;
    sy_rc rc = sy_url_decode(part, routing->arena, &decoded, err);
    if (rc == SY_NOMEM) {
        return rc;
    }
    *undecoded = rc == SY_PARSE;
    for (size_t i = 0; i < part.size; i++) {
        char c = part.data[i];
        sy_buf_add_str(out, c == '+' && in_query     ? SY_STR("%20")
                            : c == '%' && *undecoded ? SY_STR("%25")
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
        sy_routing_twice twice = lists ? twice_of(query, part) : SY_ROUTING_STAYS;
        *broken = *broken || twice == SY_ROUTING_BROKEN;
        if (twice == SY_ROUTING_GOES) {
            continue;
        }
        if (!first) {
            sy_buf_add_char(out, '&');
        }
        first = false;
        bool undecoded = false;
        sy_str value = part;
        sy_str name = cut(&value, '=');
        rc = add_part(routing, name, true, out, &undecoded, err);
        if (rc == SY_OK && name.size < part.size) {
            sy_buf_add_char(out, '=');
            rc = add_part(routing, value, true, out, &undecoded, err);
        }
    }
    return rc;
}

sy_rc sy_routing_tidy_url(sy_routing *routing, bool lists, sy_routing_flaws *flaws, sy_err *err)
{
    sy_str query = routing->http->target;
    sy_str path = cut(&query, '?');
    *flaws = (sy_routing_flaws){0};
    sy_buf text;
    sy_buf_init(&text, routing->arena->alloc);
    sy_rc rc = add_part(routing, path, false, &text, &flaws->path_undecoded, err);
    if (rc == SY_OK && query.size > 0) {
        sy_buf_add_char(&text, '?');
        rc = add_query(routing, query, lists, &text, &flaws->option_broken, err);
    }
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

/* Conditional headers beside If-Match: protocol.md 2.4. They are looked at before the request is
 * served; nothing comes between, as a router does one thing at a time.
 *
 *   If-Match            (of a read) names no version of the row       -> 412 and the row
 *   If-None-Match       names it                                      -> 304, of a write 412
 *   If-Modified-Since   without If-None-Match: not modified since     -> 304, of a write 412
 *   If-Unmodified-Since without If-Match: modified since              -> 412 */
#include "core/server/router_internal.h"

#include <stdio.h>

/* "Fri, 01 Jan 2100 00:00:00 GMT"; false: no date. */
static bool read_date(sy_str text, sy_time *out)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char copy[40];
    char name[4] = "";
    int day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (text.size >= sizeof copy || text.size < 5) {
        return false;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    int count =
        sscanf(copy + 4, " %2d %3s %4d %2d:%2d:%2d", &day, name, &year, &hour, &minute, &second);
    const char *month = count == 6 && strlen(name) == 3 ? strstr(months, name) : NULL;
    if (month == NULL || (month - months) % 3 != 0) {
        return false;
    }
    char iso[64];
    int size = snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d:%02dZ", year,
                        (int)(month - months) / 3 + 1, day, hour, minute, second);
    return sy_time_parse((sy_str){iso, (size_t)size}, out, NULL) == SY_OK;
}

/* One of the tags is the row's; a weak one never is. */
static sy_rc find_tag(const sy_routing *routing, sy_str list, sy_str version, bool *found,
                      sy_err *err)
{
    size_t at = 0;
    sy_etag tag;
    *found = false;
    while (!*found && sy_etag_next(list, &at, &tag)) {
        sy_str named = {0};
        sy_rc rc = sy_etag_read(tag.quoted, routing->arena, &named, err);
        if (rc != SY_OK) {
            return rc;
        }
        *found = tag.any || (!tag.weak && named.size > 0 && sy_str_equal(named, version));
    }
    return SY_OK;
}

/* The status that the headers demand; 0: none of them objects. */
static sy_rc judge(const sy_routing *routing, const sy_row *row, int *status, sy_err *err)
{
    bool equal_is_later = routing->server->config.dialect->equal_is_later;
    bool reads = routing->request.method == SY_METHOD_READ;
    sy_str if_match = sy_routing_header(routing, "If-Match");
    sy_str if_none = sy_routing_header(routing, "If-None-Match");
    sy_time updated = sy_row_updated_at(row);
    sy_time since = 0;
    bool found = true;
    sy_rc rc = SY_OK;
    *status = 0;
    if (reads && if_match.size > 0) {
        rc = find_tag(routing, if_match, sy_row_version(row), &found, err);
        *status = found ? 0 : 412;
    }
    if (rc == SY_OK && *status == 0 && if_none.size > 0) {
        rc = find_tag(routing, if_none, sy_row_version(row), &found, err);
        *status = !found ? 0 : reads ? 304 : 412;
    }
    bool dated = read_date(sy_routing_header(routing, "If-Unmodified-Since"), &since);
    if (*status == 0 && if_match.size == 0 && dated) {
        bool later = updated > since || (equal_is_later && updated == since);
        *status = later ? 412 : 0;
    }
    dated = read_date(sy_routing_header(routing, "If-Modified-Since"), &since);
    if (*status == 0 && if_none.size == 0 && dated) {
        bool later = updated > since || (equal_is_later && updated == since);
        *status = later ? 0 : reads ? 304 : 412;
    }
    return rc;
}

static bool is_of_one_row(const sy_routing *routing)
{
    sy_method method = routing->request.method;
    return routing->request.id.size > 0 &&
           (method == SY_METHOD_READ || method == SY_METHOD_UPDATE || method == SY_METHOD_REPLACE ||
            method == SY_METHOD_DELETE);
}

sy_rc sy_routing_check_conditions(sy_routing *routing, bool *answered, sy_err *err)
{
    sy_server *server = routing->server;
    const sy_served_table *table = sy_server_table_find(server, routing->request.table);
    const sy_row *row = NULL;
    int status = 0;
    *answered = false;
    if (!server->config.dialect->conditional || !is_of_one_row(routing) || table == NULL ||
        sy_server_access(server, table, &routing->request) != 0) {
        return SY_OK;
    }
    sy_rc rc = sy_store_read(server->config.store, table->schema, routing->request.id,
                             routing->arena, &row, NULL);
    bool hidden = row != NULL && table->options.soft_delete && sy_row_deleted(row) &&
                  !routing->request.include_deleted;
    if (rc != SY_OK || row == NULL || hidden) {
        return rc == SY_NOMEM ? sy_fail_nomem(err) : SY_OK; /* serving finds the same */
    }
    row = sy_served_row_seen(server, row, 0, routing->arena);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    rc = judge(routing, row, &status, err);
    if (rc != SY_OK || status == 0) {
        return rc;
    }
    *answered = true;
    sy_response response = {.status = status, .row = row, .rows.total = -1};
    rc = sy_routing_write(routing, &response, err);
    if (rc == SY_OK && status == 304) {
        routing->out->body = (sy_str){0};
    }
    return rc;
}

/* Answers from text, as the clients read them: rows over the client's own schema, a link to the
 * next page as the place that it leads to. */
#include "core/base/check.h"
#include "core/wire/internal.h"

typedef struct response_reading {
    const sy_wire_format *format;
    const sy_request *request;
    const sy_http_response *http;
    const sy_schema *schema;
    sy_arena *arena;
    sy_response *out;
} response_reading;

static sy_str header(const response_reading *reading, sy_str name)
{
    return sy_http_header(reading->http->headers, reading->http->header_count, name, NULL);
}

static sy_rc copy(const response_reading *reading, sy_str text, sy_str *out, sy_err *err)
{
    *out = (sy_str){NULL, 0};
    if (text.size > 0) {
        *out = sy_arena_copy(reading->arena, text);
        return out->data != NULL ? SY_OK : sy_fail_nomem(err);
    }
    return SY_OK;
}

static sy_rc read_row(response_reading *reading, const sy_json *json, const sy_row **out,
                      sy_err *err)
{
    sy_wire_refusal refusal;
    const sy_row_reading row = {
        .format = reading->format, .schema = reading->schema, .refusal = &refusal};
    if (sy_json_kind_of(json) != SY_JSON_OBJECT) {
        return SY_FAIL(err, SY_PARSE, "the answer has a row that is not an object");
    }
    const sy_rc rc = sy_wire_read_row(&row, json, reading->arena, out, err);
    if (rc == SY_INVALID) {
        err->rc = SY_PARSE;
        return SY_PARSE;
    }
    return rc;
}

/* -- where the next page is -- */

/* <http://host/path?query>; rel=next, also without the brackets. Empty: no link to a next page. */
static sy_str next_of_header(sy_str link)
{
    const char *semicolon = link.size > 0 ? memchr(link.data, ';', link.size) : NULL;
    if (semicolon == NULL) {
        return (sy_str){NULL, 0};
    }
    sy_str url = {link.data, (size_t)(semicolon - link.data)};
    sy_str relation = {semicolon + 1, link.size - url.size - 1};
    while (relation.size > 0 && relation.data[0] == ' ') {
        relation = (sy_str){relation.data + 1, relation.size - 1};
    }
    if (!sy_str_equal(relation, SY_STR("rel=next")) &&
        !sy_str_equal(relation, SY_STR("rel=\"next\""))) {
        return (sy_str){NULL, 0};
    }
    if (url.size >= 2 && url.data[0] == '<' && url.data[url.size - 1] == '>') {
        url = (sy_str){url.data + 1, url.size - 2};
    }
    return url;
}

/* A link that is only a query has no question mark. */
static sy_rc parse_link(const response_reading *reading, sy_str link, sy_url *out, sy_err *err)
{
    const bool has_path = memchr(link.data, '?', link.size) != NULL;
    sy_str target = link;
    if (!has_path) {
        target = sy_arena_printf(reading->arena, "?%.*s", SY_FMT(link));
        if (target.data == NULL) {
            return sy_fail_nomem(err);
        }
    }
    return sy_url_parse(target, reading->arena, out, err);
}

static void take_number(const sy_url *url, sy_str name, int64_t *out)
{
    const sy_url_parameter *parameter = sy_url_find(url, name);
    if (parameter != NULL) {
        (void)sy_place_read_number(parameter->value, out);
    }
}

/* The place that the link leads to; one that leads nowhere that we know stays what it is, and one
 * that is no URL is none. */
static sy_rc read_link(response_reading *reading, sy_str link, sy_err *err)
{
    if (link.size == 0 || !sy_str_is_utf8(link)) {
        return SY_OK;
    }
    sy_url url;
    sy_place place = {SY_PLACE_NOT_GIVEN, SY_PLACE_NOT_GIVEN, SY_PLACE_NOT_GIVEN,
                      SY_PLACE_NOT_GIVEN};
    const sy_rc rc = parse_link(reading, link, &url, err);
    if (rc == SY_NOMEM) {
        return rc;
    }
    if (rc == SY_OK) {
        take_number(&url, SY_STR("$skip"), &place.skip);
        take_number(&url, SY_STR("$top"), &place.top);
        const sy_url_parameter *token = sy_url_find(&url, SY_STR("$skiptoken"));
        if (place.skip == SY_PLACE_NOT_GIVEN && token != NULL) {
            return copy(reading, token->value, &reading->out->next, err);
        }
    }
    return place.skip != SY_PLACE_NOT_GIVEN
               ? sy_place_write(&place, reading->arena, &reading->out->next, err)
               : copy(reading, link, &reading->out->next, err);
}

/* -- pages -- */

static sy_rc read_rows(response_reading *reading, const sy_json *list, sy_err *err)
{
    const size_t count = sy_json_count(list);
    if (sy_json_kind_of(list) != SY_JSON_ARRAY) {
        return SY_FAIL(err, SY_PARSE, "the answer is no list of rows");
    }
    if (count == 0) {
        return SY_OK;
    }
    const sy_row **items = sy_arena_push(reading->arena, count * sizeof *items);
    if (items == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        const sy_rc rc = read_row(reading, sy_json_at(list, i), &items[i], err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    reading->out->rows.items = items;
    reading->out->rows.count = count;
    return SY_OK;
}

static int64_t number_of(const sy_json *object, const char *name, int64_t otherwise)
{
    const sy_json *member = sy_json_get(object, sy_str_of(name));
    if (member == NULL || sy_json_kind_of(member) != SY_JSON_INT) {
        return otherwise;
    }
    const sy_value value = sy_json_scalar(member);
    return value.as.integer;
}

static sy_rc read_sync_members(response_reading *reading, const sy_json *page, sy_err *err)
{
    sy_response *out = reading->out;
    out->horizon = number_of(page, "horizon", 0);
    const sy_rc rc = copy(reading, sy_json_get_text(page, SY_STR("next")), &out->next, err);
    return rc == SY_OK ? copy(reading, sy_json_get_text(page, SY_STR("epoch")), &out->epoch, err)
                       : rc;
}

static sy_rc read_page(response_reading *reading, const sy_json *document, sy_err *err)
{
    const sy_wire_format *format = reading->format;
    const sy_json *list = document;
    sy_rc rc = SY_OK;
    if (sy_json_kind_of(document) == SY_JSON_OBJECT) {
        const bool items = format->page == SY_WIRE_PAGE_ITEMS;
        list = sy_json_get(document, items ? SY_STR("items") : SY_STR("results"));
        reading->out->rows.total = number_of(document, "count", -1);
        if (format->sync) {
            rc = read_sync_members(reading, document, err);
        } else if (items) {
            rc = read_link(reading, sy_json_get_text(document, SY_STR("nextLink")), err);
        }
    }
    if (rc == SY_OK && format->page == SY_WIRE_PAGE_ARRAY) {
        rc = read_link(reading, next_of_header(header(reading, SY_STR("Link"))), err);
    }
    if (rc == SY_OK && list == NULL) {
        return SY_FAIL(err, SY_PARSE, "the answer has no list of rows");
    }
    return rc == SY_OK ? read_rows(reading, list, err) : rc;
}

/* -- one row, or why not -- */

/* The ETag is the version, where the SDK takes it for that [2.2]. */
static sy_rc take_etag(response_reading *reading, sy_err *err)
{
    const sy_str etag = header(reading, SY_STR("ETag"));
    if (!reading->format->etag_is_version || etag.size == 0) {
        return SY_OK;
    }
    sy_str version;
    const sy_row *given = reading->out->row;
    SY_ASSERT(given != NULL);
    sy_rc rc = sy_etag_read(etag, reading->arena, &version, err);
    if (rc != SY_OK || version.size == 0 || sy_str_equal(version, sy_row_version(given))) {
        return rc;
    }
    sy_row *row = sy_row_shallow(reading->arena, given);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    rc = copy(reading, version, &version, err);
    if (rc == SY_OK) {
        row->cells[SY_COLUMN_VERSION] = sy_text(version);
        reading->out->row = row;
    }
    return rc;
}

static sy_rc read_reason(response_reading *reading, const sy_json *object, sy_err *err)
{
    static const char *const names[] = {"error", "message", "detail", "title"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const sy_str text = sy_json_get_text(object, sy_str_of(names[i]));
        if (text.size > 0) {
            return copy(reading, text, &reading->out->reason, err);
        }
    }
    return SY_OK;
}

static sy_rc read_object(response_reading *reading, const sy_json *object, sy_err *err)
{
    const bool has_id =
        sy_json_get(object, sy_str_of(reading->format->system_names[SY_COLUMN_ID])) != NULL;
    if (reading->out->status >= 400 && !has_id) {
        return read_reason(reading, object, err);
    }
    sy_rc rc = read_row(reading, object, &reading->out->row, err);
    if (rc == SY_OK) {
        rc = take_etag(reading, err);
    }
    if (rc == SY_OK && reading->format->sync) {
        rc = sy_url_decode(header(reading, SY_SYNC_REASON), reading->arena, &reading->out->reason,
                           err);
    }
    return rc;
}

/* -- all of it -- */

static sy_rc read_document(response_reading *reading, const sy_json *document, sy_err *err)
{
    const int status = reading->out->status;
    const bool lists = sy_json_kind_of(document) == SY_JSON_ARRAY;
    if (status < 400 && (reading->request->method == SY_METHOD_QUERY || lists)) {
        return read_page(reading, document, err);
    }
    if (sy_json_kind_of(document) == SY_JSON_OBJECT) {
        return read_object(reading, document, err);
    }
    return status >= 400 ? SY_OK : SY_FAIL(err, SY_PARSE, "the answer is not an object");
}

sy_rc sy_wire_read_response(const sy_wire_format *format, const sy_request *request,
                            const sy_http_response *response, const sy_schema *schema,
                            sy_arena *arena, sy_response *out, sy_err *err)
{
    sy_err local;
    err = err != NULL ? err : &local;
    response_reading reading = {format, request, response, schema, arena, out};
    *out = (sy_response){.status = response->status, .rows = {.total = -1}};
    if (response->body.size == 0) {
        return SY_OK;
    }
    sy_json *document = NULL;
    sy_rc rc = sy_json_parse(response->body, &document, err);
    if (rc == SY_PARSE && response->status >= 400) { /* a page of HTML, or plain words */
        return copy(&reading, response->body, &out->reason, err);
    }
    if (rc == SY_OK) {
        rc = read_document(&reading, document, err);
    }
    sy_json_free(document);
    return rc;
}

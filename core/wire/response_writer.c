/* Answers as text: a row with its ETag, a page, an error document. */
#include "core/base/check.h"
#include "core/wire/internal.h"

typedef struct response_writing {
    const sy_wire_format *format;
    const sy_request *request;
    const sy_response *response;
    sy_str host;
} response_writing;

static bool reads(const sy_request *request)
{
    return request->method == SY_METHOD_QUERY || request->method == SY_METHOD_READ;
}

/* -- links to the next page -- */

static void begin_parameter(sy_buf *out, bool *first)
{
    if (!*first) {
        sy_buf_add_char(out, '&');
    }
    *first = false;
}

static void add_number(sy_buf *out, const char *name, int64_t value, bool *first)
{
    begin_parameter(out, first);
    sy_buf_add_str(out, sy_str_of(name));
    sy_buf_add_char(out, '=');
    sy_wire_add_int(out, value);
}

typedef struct escaping {
    sy_buf *out;
    sy_url_escape escape;
} escaping;

static void add_escaped(void *self, const char *text, size_t size)
{
    const escaping *to = self;
    sy_url_encode((sy_str){text, size}, to->escape, to->out);
}

/* The query as the server would write it; `place` has been put over it. */
static void add_query(const response_writing *writing, const sy_place *place, sy_buf *out)
{
    const sy_wire_format *format = writing->format;
    bool first = true;
    sy_query query = *writing->request->query;
    query.skip = -1;
    query.top = -1;
    escaping to = {out, format->escape_query};
    for (size_t i = 0; i < SY_ODATA_PART_COUNT; i++) {
        const sy_odata_part part = format->odata->parts[i];
        if (sy_odata_has(format->odata, &query, part)) {
            begin_parameter(out, &first);
            sy_buf_add_str(out, sy_str_of(sy_odata_part_name(format->odata, part)));
            sy_buf_add_char(out, '=');
            sy_odata_write(format->odata, &query, part, (sy_odata_sink){add_escaped, &to});
        }
    }
    if (writing->request->include_deleted) {
        begin_parameter(out, &first);
        sy_buf_add_str(out, sy_str_of(format->include_deleted));
        sy_buf_add_str(out, SY_STR("=true"));
    }
    if (place->top != SY_PLACE_NOT_GIVEN) {
        add_number(out, "$top", place->top, &first);
    }
    add_number(out, "$skip", place->skip, &first);
}

/* The text up to `c`, which goes with it; all of it when there is none. */
static sy_str cut(sy_str *rest, char c)
{
    const char *at = rest->size > 0 ? memchr(rest->data, c, rest->size) : NULL;
    const sy_str piece = {rest->data, at != NULL ? (size_t)(at - rest->data) : rest->size};
    const size_t used = piece.size + (at != NULL);
    *rest = (sy_str){used > 0 ? rest->data + used : rest->data, rest->size - used};
    return piece;
}

/* Encoded text as it came, or, for Node, as JavaScript encodes what it says. */
static void add_again(sy_str encoded, bool node, sy_buf *out)
{
    if (!node) {
        sy_buf_add_str(out, encoded);
        return;
    }
    char c = 0;
    for (size_t at = 0; sy_url_next(encoded, &at, &c);) {
        sy_url_encode((sy_str){&c, 1}, SY_URL_ESCAPE_COMPONENT, out);
    }
}

/* The parameters as they came, with the place put over them: where they stood, or behind. Node
 * takes them apart and encodes them again, names and all. */
static void add_asked(const response_writing *writing, const sy_place *place, sy_buf *out)
{
    const bool node = writing->format->next == SY_WIRE_NEXT_NODE_HEADER;
    const char *top_name = node ? "%24top" : "$top";
    const char *skip_name = node ? "%24skip" : "$skip";
    sy_place left = *place;
    bool first = true;
    sy_str query = writing->request->http->target;
    (void)cut(&query, '?');
    while (query.size > 0) {
        sy_str value = cut(&query, '&');
        const bool has_value = value.size > 0 && memchr(value.data, '=', value.size) != NULL;
        const sy_str name = cut(&value, '=');
        if (sy_url_says(name, SY_STR("$skip"))) {
            add_number(out, skip_name, left.skip, &first);
            left.skip = SY_PLACE_NOT_GIVEN;
        } else if (sy_url_says(name, SY_STR("$top")) && left.top != SY_PLACE_NOT_GIVEN) {
            add_number(out, top_name, left.top, &first);
            left.top = SY_PLACE_NOT_GIVEN;
        } else if (name.size > 0) {
            begin_parameter(out, &first);
            add_again(name, node, out);
            sy_buf_add_str(out, node || has_value ? SY_STR("=") : (sy_str){NULL, 0});
            add_again(value, node, out);
        }
    }
    if (left.top != SY_PLACE_NOT_GIVEN) {
        add_number(out, top_name, left.top, &first);
    }
    if (left.skip != SY_PLACE_NOT_GIVEN) {
        add_number(out, skip_name, left.skip, &first);
    }
}

static void add_next_query(const response_writing *writing, sy_buf *out)
{
    sy_place place;
    if (!sy_place_read(writing->response->next, &place) || place.skip == SY_PLACE_NOT_GIVEN) {
        sy_buf_add_str(out, SY_STR("$skiptoken="));
        sy_url_encode(writing->response->next, SY_URL_ESCAPE_DATA, out);
    } else if (writing->request->http != NULL) {
        add_asked(writing, &place, out);
    } else if (writing->request->query != NULL) {
        add_query(writing, &place, out);
    } else {
        bool first = true;
        add_number(out, "$skip", place.skip, &first);
    }
}

static sy_str without_port(sy_str host)
{
    const char *colon = host.size > 0 ? memchr(host.data, ':', host.size) : NULL;
    return colon != NULL ? (sy_str){host.data, (size_t)(colon - host.data)} : host;
}

static void add_path(const response_writing *writing, sy_buf *out)
{
    if (writing->request->http != NULL) {
        sy_str target = writing->request->http->target;
        sy_buf_add_str(out, cut(&target, '?'));
    } else {
        sy_buf_add_str(out, SY_STR("/tables/"));
        sy_url_encode(writing->request->table, SY_URL_ESCAPE_DATA, out);
    }
}

static void add_url(const response_writing *writing, bool with_host, sy_buf *out)
{
    if (with_host) {
        sy_buf_add_str(out, SY_STR("http://"));
        sy_buf_add_str(out, writing->host);
    }
    add_path(writing, out);
    sy_buf_add_char(out, '?');
    add_next_query(writing, out);
}

static void add_link_header(const response_writing *writing, sy_message_text *message)
{
    sy_buf *out = &message->text;
    if (writing->response->next.size == 0) {
        return;
    }
    if (writing->format->next == SY_WIRE_NEXT_LINK_HEADER) {
        sy_message_begin(message);
        sy_buf_add_char(out, '<');
        add_url(writing, true, out);
        sy_buf_add_str(out, SY_STR(">; rel=next"));
        sy_message_end_header(message, "Link");
    } else if (writing->format->next == SY_WIRE_NEXT_NODE_HEADER) { /* edge 57 */
        sy_message_begin(message);
        sy_buf_add_str(out, SY_STR("http://"));
        sy_buf_add_str(out, without_port(writing->host));
        sy_buf_add_str(out, SY_STR("/?"));
        add_next_query(writing, out);
        sy_buf_add_str(out, SY_STR("; rel=next"));
        sy_message_end_header(message, "Link");
    }
}

/* -- pages -- */

static void add_rows(const response_writing *writing, sy_buf *out)
{
    const sy_rows *rows = &writing->response->rows;
    sy_buf_add_char(out, '[');
    for (size_t i = 0; i < rows->count; i++) {
        if (i > 0) {
            sy_buf_add_char(out, ',');
        }
        sy_wire_add_row(out, writing->format, rows->items[i]);
    }
    sy_buf_add_char(out, ']');
}

static void add_count(const response_writing *writing, sy_buf *out)
{
    if (writing->response->rows.total >= 0) {
        sy_buf_add_str(out, SY_STR(",\"count\":"));
        sy_wire_add_int(out, writing->response->rows.total);
    }
}

/* A URL has nothing that JSON would have to escape. */
static void add_next_link(const response_writing *writing, sy_buf *out)
{
    const sy_request *request = writing->request;
    const sy_wire_next next = writing->format->next;
    if (writing->response->next.size == 0 ||
        (next != SY_WIRE_NEXT_LINK_URL && next != SY_WIRE_NEXT_LINK_QUERY)) {
        return;
    }
    sy_buf_add_str(out, SY_STR(",\"nextLink\":\""));
    if (next == SY_WIRE_NEXT_LINK_QUERY) {
        add_next_query(writing, out);
    } else {
        const sy_str options =
            request->http == NULL
                ? sy_str_of(writing->format->options)
                : sy_http_header(request->http->headers, request->http->header_count,
                                 SY_STR("X-ZUMO-Options"), NULL);
        add_url(writing, !sy_str_equal_nocase(options, SY_STR("nextLink=path")), out);
    }
    sy_buf_add_char(out, '"');
}

static void add_sync_members(const response_writing *writing, sy_buf *out)
{
    const sy_response *response = writing->response;
    if (response->next.size > 0) {
        sy_buf_add_str(out, SY_STR(",\"next\":"));
        sy_buf_add_json_string(out, response->next);
    }
    if (response->horizon != 0) {
        sy_buf_add_str(out, SY_STR(",\"horizon\":"));
        sy_wire_add_int(out, response->horizon);
    }
    if (response->epoch.size > 0) {
        sy_buf_add_str(out, SY_STR(",\"epoch\":"));
        sy_buf_add_json_string(out, response->epoch);
    }
}

static void add_page(const response_writing *writing, sy_buf *out)
{
    if (writing->format->page == SY_WIRE_PAGE_ARRAY) {
        const bool counted = writing->response->rows.total >= 0;
        sy_buf_add_str(out, counted ? SY_STR("{\"results\":") : (sy_str){NULL, 0});
        add_rows(writing, out);
        add_count(writing, out);
        sy_buf_add_str(out, counted ? SY_STR("}") : (sy_str){NULL, 0});
        return;
    }
    sy_buf_add_str(out, SY_STR("{\"items\":"));
    add_rows(writing, out);
    add_count(writing, out);
    add_next_link(writing, out);
    if (writing->format->sync) {
        add_sync_members(writing, out);
    }
    sy_buf_add_char(out, '}');
}

/* -- errors -- */

static void add_error(const response_writing *writing, sy_buf *out)
{
    const sy_response *response = writing->response;
    switch (writing->format->error) {
    case SY_WIRE_ERROR_JSON:
        sy_buf_add_str(out, SY_STR("{\"error\":"));
        break;
    case SY_WIRE_ERROR_MESSAGE:
        sy_buf_add_str(out, SY_STR("{\"message\":"));
        break;
    case SY_WIRE_ERROR_PROBLEM:
        sy_buf_add_str(out, SY_STR("{\"title\":"));
        sy_buf_add_json_string(out, sy_str_of(sy_http_reason(response->status)));
        sy_buf_add_str(out, SY_STR(",\"status\":"));
        sy_wire_add_int(out, response->status);
        sy_buf_add_str(out, SY_STR(",\"detail\":"));
        break;
    }
    sy_buf_add_json_string(out, response->reason);
    sy_buf_add_char(out, '}');
}

/* -- headers -- */

static void add_row_headers(const response_writing *writing, sy_message_text *message,
                            const sy_row *row)
{
    const sy_wire_format *format = writing->format;
    const sy_str version = sy_row_version(row);
    if (version.size > 0) {
        sy_message_begin(message);
        sy_etag_write(version, format->etag_escape, &message->text);
        sy_message_end_header(message, "ETag");
    }
    if (format->last_modified && row->cells[SY_COLUMN_UPDATED_AT].type == SY_TYPE_DATETIME) {
        sy_message_begin(message);
        sy_http_add_date(sy_row_updated_at(row), &message->text);
        sy_message_end_header(message, "Last-Modified");
    }
    if (format->location && writing->response->status == 201) {
        sy_message_begin(message);
        sy_buf_add_str(&message->text, SY_STR("http://"));
        sy_buf_add_str(&message->text, writing->host);
        add_path(writing, &message->text);
        sy_buf_add_char(&message->text, '/');
        sy_url_encode(sy_row_id(row), SY_URL_ESCAPE_DATA, &message->text);
        sy_message_end_header(message, "Location");
    }
    if (format->sync && writing->response->reason.size > 0) {
        sy_message_begin(message);
        sy_url_encode(writing->response->reason, SY_URL_ESCAPE_DATA, &message->text);
        sy_message_end_header(message, SY_SYNC_REASON.data);
    }
}

static void add_common_headers(const response_writing *writing, sy_message_text *message)
{
    const sy_wire_format *format = writing->format;
    if (format->server_version != NULL) {
        sy_message_header(message, "X-ZUMO-SERVER-VERSION", format->server_version);
    }
    if (format->no_cache && (writing->response->status < 300 || reads(writing->request))) {
        sy_message_header(message, "Cache-Control", "no-cache");
        sy_message_header(message, "Expires", "0");
        sy_message_header(message, "Pragma", "no-cache");
    }
}

/* -- all of it -- */

static void begin_body(sy_message_text *message, const char *media_type)
{
    sy_message_header(message, "Content-Type", media_type);
    sy_message_begin(message);
}

static void build(const void *what, sy_message_text *message)
{
    const response_writing *writing = what;
    const sy_response *response = writing->response;
    sy_buf *out = &message->text;
    add_common_headers(writing, message);
    if (response->row != NULL) {
        add_row_headers(writing, message, response->row);
        begin_body(message, "application/json; charset=utf-8");
        sy_wire_add_row(out, writing->format, response->row);
    } else if (!reads(writing->request) && response->rows.count > 0) { /* Appendix A 44 */
        add_row_headers(writing, message, response->rows.items[0]);
        begin_body(message, "application/json; charset=utf-8");
        add_page(writing, out);
    } else if (response->status >= 400) {
        begin_body(message, writing->format->error == SY_WIRE_ERROR_PROBLEM
                                ? "application/problem+json; charset=utf-8"
                                : "application/json; charset=utf-8");
        add_error(writing, out);
    } else if (response->status == 200) {
        add_link_header(writing, message);
        begin_body(message, "application/json; charset=utf-8");
        add_page(writing, out);
    } else {
        return;
    }
    sy_message_end_body(message);
}

sy_rc sy_wire_write_response(const sy_wire_format *format, const sy_request *request,
                             const sy_response *response, sy_str host, sy_arena *arena,
                             sy_http_response *out, sy_err *err)
{
    const response_writing writing = {
        .format = format, .request = request, .response = response, .host = host};
    sy_message_text message;
    const sy_header *headers = NULL;
    const sy_rc rc = sy_message_make(build, &writing, arena, &message, &headers, err);
    if (rc == SY_OK) {
        *out = (sy_http_response){.status = response->status,
                                  .headers = headers,
                                  .header_count = message.header_count,
                                  .body = message.body};
    }
    return rc;
}

size_t sy_wire_response_size(const sy_wire_format *format, const sy_request *request,
                             const sy_response *response, sy_str host)
{
    const response_writing writing = {
        .format = format, .request = request, .response = response, .host = host};
    sy_message_text message = {0};
    sy_buf_init_counting(&message.text);
    build(&writing, &message);
    const sy_http_response text = {.status = response->status,
                                   .headers = message.headers,
                                   .header_count = message.header_count,
                                   .body = message.body};
    return sy_http_response_head_size(&text) + text.body.size;
}

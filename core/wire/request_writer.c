/* Requests as text: the target with its options in the order of the SDK, its headers, its body. */
#include "core/base/check.h"
#include "core/wire/internal.h"

typedef struct request_writing {
    const sy_wire_format *format;
    const sy_request *request;
    sy_query query; /* request->query, moved to where the page before ended */
} request_writing;

/* -- the query -- */

/* The name with what goes before it. */
static void begin_parameter(sy_buf *out, const char *name, bool *first)
{
    sy_buf_add_char(out, *first ? '?' : '&');
    sy_buf_add_str(out, sy_str_of(name));
    sy_buf_add_char(out, '=');
    *first = false;
}

typedef struct escaping { /* an OData sink that percent-encodes */
    sy_buf *out;
    sy_url_escape escape;
} escaping;

static void add_escaped(void *self, const char *text, size_t size)
{
    const escaping *to = self;
    sy_url_encode((sy_str){text, size}, to->escape, to->out);
}

static void add_options(const request_writing *writing, sy_buf *out, bool *first)
{
    const sy_odata_dialect *odata = writing->format->odata;
    escaping to = {out, writing->format->escape_query};
    for (size_t i = 0; i < SY_ODATA_PART_COUNT; i++) {
        const sy_odata_part part = odata->parts[i];
        if (sy_odata_has(odata, &writing->query, part)) {
            begin_parameter(out, sy_odata_part_name(odata, part), first);
            sy_odata_write(odata, &writing->query, part, (sy_odata_sink){add_escaped, &to});
        }
    }
}

static void add_text_parameter(sy_buf *out, const char *name, sy_str value, bool *first)
{
    if (value.size > 0) {
        begin_parameter(out, name, first);
        sy_url_encode(value, SY_URL_ESCAPE_DATA, out);
    }
}

static void add_number_parameter(sy_buf *out, const char *name, int64_t value, bool *first)
{
    begin_parameter(out, name, first);
    sy_wire_add_int(out, value);
}

static void add_sync_parameters(const sy_request *request, sy_buf *out, bool *first)
{
    if (request->since_sequence >= 0) {
        add_number_parameter(out, "__since", request->since_sequence, first);
    }
    add_text_parameter(out, "__epoch", request->epoch, first);
    if (request->page_size_max > 0) {
        add_number_parameter(out, "__page", request->page_size_max, first);
    }
    add_text_parameter(out, "__place", request->continuation, first);
}

static void add_parameters(const request_writing *writing, sy_buf *out)
{
    const sy_wire_format *format = writing->format;
    const sy_request *request = writing->request;
    bool first = true;
    if (request->query != NULL) {
        add_options(writing, out, &first);
    }
    if (request->include_deleted ||
        (request->method == SY_METHOD_UNDELETE && format->undelete == SY_WIRE_UNDELETE_PUT)) {
        begin_parameter(out, format->include_deleted, &first);
        sy_buf_add_str(out, SY_STR("true"));
    }
    if (format->system_properties != NULL) {
        begin_parameter(out, "__systemproperties", &first);
        sy_url_encode(sy_str_of(format->system_properties), SY_URL_ESCAPE_COMPONENT, out);
    }
    if (format->sync && request->method == SY_METHOD_QUERY) {
        add_sync_parameters(request, out, &first);
    }
}

/* -- the target -- */

static void add_table(const sy_wire_format *format, sy_str table, sy_buf *out)
{
    for (size_t i = 0; i < table.size; i++) { /* table names are ASCII [4.2] */
        char c = table.data[i];
        if (format->lower_case_tables && c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        sy_url_encode((sy_str){&c, 1}, SY_URL_ESCAPE_DATA, out);
    }
}

static void add_target(const request_writing *writing, sy_message_text *message)
{
    const sy_request *request = writing->request;
    sy_buf *out = &message->text;
    sy_message_begin(message);
    sy_buf_add_str(out, SY_STR("/tables/"));
    add_table(writing->format, request->table, out);
    const bool of_a_row = request->method != SY_METHOD_QUERY && request->method != SY_METHOD_INSERT;
    if (of_a_row && request->id.size > 0) {
        sy_buf_add_char(out, '/');
        sy_url_encode(request->id, writing->format->escape_id, out);
    }
    add_parameters(writing, out);
    sy_message_end_target(message);
}

/* -- headers -- */

static void add_text_header(sy_message_text *message, sy_str name, sy_str value)
{
    if (value.size > 0) {
        sy_message_begin(message);
        sy_url_encode(value, SY_URL_ESCAPE_DATA, &message->text);
        sy_message_end_header(message, name.data);
    }
}

static void add_number_header(sy_message_text *message, sy_str name, int64_t value)
{
    if (value != 0) {
        sy_message_begin(message);
        sy_wire_add_int(&message->text, value);
        sy_message_end_header(message, name.data);
    }
}

static void add_features(const request_writing *writing, sy_message_text *message)
{
    const sy_wire_format *format = writing->format;
    const sy_request *request = writing->request;
    const bool reads = request->method == SY_METHOD_QUERY || request->method == SY_METHOD_READ;
    const char *features = reads ? format->features_read : format->features_write;
    if (features == NULL) {
        return;
    }
    sy_message_begin(message);
    sy_buf_add_str(&message->text, sy_str_of(features));
    if (reads && format->features_page != NULL) {
        for (uint32_t page = request->key.attempt > 0 ? request->key.attempt : 1; page > 0;
             page--) {
            sy_buf_add_str(&message->text, sy_str_of(format->features_page));
        }
    }
    if (request->if_match.size > 0 && format->features_if_match != NULL) {
        sy_buf_add_str(&message->text, sy_str_of(format->features_if_match));
    }
    sy_message_end_header(message, "X-ZUMO-FEATURES");
}

static void add_headers(const request_writing *writing, sy_message_text *message)
{
    const sy_wire_format *format = writing->format;
    const sy_request *request = writing->request;
    sy_message_header(message, "Accept", "application/json");
    if (format->api_version != NULL) {
        sy_message_header(message, "ZUMO-API-VERSION", format->api_version);
    }
    if (format->client_version != NULL) {
        sy_message_header(message, "X-ZUMO-VERSION", format->client_version);
    }
    add_text_header(message, SY_INSTALLATION_ID, request->installation_id);
    add_text_header(message, SY_USER, request->user);
    add_features(writing, message);
    if (request->if_match.size > 0) {
        sy_message_begin(message);
        if (sy_str_equal(request->if_match, SY_STR("*"))) {
            sy_buf_add_char(&message->text, '*');
        } else {
            sy_etag_write(request->if_match, format->etag_escape, &message->text);
        }
        sy_message_end_header(message, "If-Match");
    }
    if (format->options != NULL && request->method == SY_METHOD_QUERY) {
        sy_message_header(message, "X-ZUMO-Options", format->options);
    }
    if (format->sync) {
        add_text_header(message, SY_SYNC_OPERATION_KEY, request->operation_key);
        add_number_header(message, SY_SYNC_EDITED_AT, request->edited_at);
        add_number_header(message, SY_SYNC_EDIT, request->edit_sequence);
    }
}

/* -- the body -- */

static void begin_body(sy_message_text *message)
{
    sy_message_header(message, "Content-Type", "application/json");
    sy_message_begin(message);
}

/* The row with `deleted` said to be false; so it is the undelete that the verb alone is not. */
static void add_undeleted(const request_writing *writing, sy_message_text *message)
{
    sy_buf *out = &message->text;
    const char *name = writing->format->system_names[SY_COLUMN_DELETED];
    sy_buf_add_str(out, SY_STR("{\""));
    sy_buf_add_str(out, sy_str_of(name));
    sy_buf_add_str(out, SY_STR("\":false"));
    const sy_row *row = writing->request->row;
    for (uint32_t i = 0; row != NULL && i < row->schema->column_count; i++) {
        if (i != SY_COLUMN_DELETED) {
            sy_wire_add_member(out, writing->format, row, i, ',');
        }
    }
    sy_buf_add_char(out, '}');
}

static void add_body(const request_writing *writing, sy_message_text *message)
{
    const sy_request *request = writing->request;
    if (request->method == SY_METHOD_UNDELETE &&
        writing->format->undelete != SY_WIRE_UNDELETE_POST) {
        begin_body(message);
        add_undeleted(writing, message);
        sy_message_end_body(message);
    } else if (request->row != NULL) {
        begin_body(message);
        sy_wire_add_row(&message->text, writing->format, request->row);
        sy_message_end_body(message);
    }
}

/* -- all of it -- */

static void build(const void *what, sy_message_text *message)
{
    const request_writing *writing = what;
    add_target(writing, message);
    add_headers(writing, message);
    add_body(writing, message);
}

static sy_str verb_of(const sy_wire_format *format, sy_method method)
{
    switch (method) {
    case SY_METHOD_QUERY:
    case SY_METHOD_READ:
        return SY_STR("GET");
    case SY_METHOD_INSERT:
        return SY_STR("POST");
    case SY_METHOD_UPDATE:
        return SY_STR("PATCH");
    case SY_METHOD_REPLACE:
        return SY_STR("PUT");
    case SY_METHOD_DELETE:
        return SY_STR("DELETE");
    case SY_METHOD_UNDELETE:
    case SY_METHOD_COUNT:
        break;
    }
    return format->undelete == SY_WIRE_UNDELETE_POST    ? SY_STR("POST")
           : format->undelete == SY_WIRE_UNDELETE_PATCH ? SY_STR("PATCH")
                                                        : SY_STR("PUT");
}

/* A link to the next page is the same query from another place. */
static request_writing begin_writing(const sy_wire_format *format, const sy_request *request)
{
    request_writing writing = {.format = format, .request = request};
    if (request->query != NULL) {
        writing.query = *request->query;
        sy_place place;
        if (!format->sync && sy_place_read(request->continuation, &place)) {
            writing.query.skip = place.skip != SY_PLACE_NOT_GIVEN ? place.skip : writing.query.skip;
            writing.query.top = place.top != SY_PLACE_NOT_GIVEN ? place.top : writing.query.top;
        }
    }
    return writing;
}

sy_rc sy_wire_write_request(const sy_wire_format *format, const sy_request *request,
                            sy_arena *arena, sy_http_request *out, sy_err *err)
{
    const request_writing writing = begin_writing(format, request);
    sy_message_text message;
    const sy_header *headers = NULL;
    const sy_rc rc = sy_message_make(build, &writing, arena, &message, &headers, err);
    if (rc == SY_OK) {
        *out = (sy_http_request){.method = verb_of(format, request->method),
                                 .target = message.target,
                                 .headers = headers,
                                 .header_count = message.header_count,
                                 .body = message.body};
    }
    return rc;
}

size_t sy_wire_request_size(const sy_wire_format *format, const sy_request *request, sy_str host)
{
    const request_writing writing = begin_writing(format, request);
    sy_message_text message = {0};
    sy_buf_init_counting(&message.text);
    build(&writing, &message);
    const sy_http_request text = {.method = verb_of(format, request->method),
                                  .target = message.target,
                                  .headers = message.headers,
                                  .header_count = message.header_count,
                                  .body = message.body};
    return sy_http_request_head_size(&text, host) + text.body.size;
}

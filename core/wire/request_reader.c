/* Requests from text, as the servers read them. What cannot be read is refused with the status that
 * the generation gives it; first the route, then the table, then the rest. */
#include "core/base/check.h"
#include "core/wire/internal.h"

typedef struct request_reading {
    const sy_wire_format *format;
    const sy_http_request *http;
    const sy_schema *schema;
    sy_arena *arena;
    sy_request *out;
    sy_wire_refusal *refusal;
    sy_wire_route route;
} request_reading;

static sy_rc refuse(request_reading *reading, sy_wire_flaw flaw, const char *reason, sy_err *err)
{
    return sy_wire_refused(reading->format, flaw, sy_str_of(reason), reading->refusal, err);
}

static sy_str header(const request_reading *reading, sy_str name)
{
    return sy_http_header(reading->http->headers, reading->http->header_count, name, NULL);
}

/* -- the route -- */

typedef struct verb {
    const char *name;
    sy_method of_table, of_row; /* SY_METHOD_COUNT: there is none */
} verb;

static const verb verbs[] = {
    {"GET", SY_METHOD_QUERY, SY_METHOD_READ},       {"HEAD", SY_METHOD_QUERY, SY_METHOD_READ},
    {"POST", SY_METHOD_INSERT, SY_METHOD_UNDELETE}, {"PATCH", SY_METHOD_UPDATE, SY_METHOD_UPDATE},
    {"PUT", SY_METHOD_REPLACE, SY_METHOD_REPLACE},  {"DELETE", SY_METHOD_DELETE, SY_METHOD_DELETE},
};

static sy_method method_of(const sy_wire_format *format, sy_str name, bool of_row)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!sy_str_equal(name, sy_str_of(verbs[i].name))) {
            continue;
        }
        const sy_method method = of_row ? verbs[i].of_row : verbs[i].of_table;
        const bool undeletes = method == SY_METHOD_UNDELETE;
        return undeletes && format->undelete != SY_WIRE_UNDELETE_POST ? SY_METHOD_COUNT : method;
    }
    return SY_METHOD_COUNT;
}

sy_rc sy_wire_read_route(const sy_wire_format *format, const sy_http_request *request,
                         sy_arena *arena, sy_wire_route *out, sy_wire_refusal *refusal, sy_err *err)
{
    sy_err local;
    err = err != NULL ? err : &local;
    *out = (sy_wire_route){.method = SY_METHOD_COUNT};
    sy_rc rc = sy_url_parse(request->target, arena, &out->url, err);
    if (rc == SY_PARSE) {
        return sy_wire_refused_by(format, SY_WIRE_FLAW_URL, arena, refusal, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    const sy_url *url = &out->url;
    if (url->segment_count < 2 || url->segment_count > 3 ||
        !sy_str_equal_nocase(url->segments[0], SY_STR("tables"))) {
        return sy_wire_refused(format, SY_WIRE_FLAW_ROUTE, SY_STR("there is nothing here"), refusal,
                               err);
    }
    out->table = url->segments[1];
    out->has_id = url->segment_count == 3;
    out->id = out->has_id ? url->segments[2] : (sy_str){NULL, 0};
    out->method = method_of(format, request->method, out->has_id);
    if (out->method == SY_METHOD_COUNT) {
        return sy_wire_refused(format, SY_WIRE_FLAW_METHOD, SY_STR("no such method here"), refusal,
                               err);
    }
    return SY_OK;
}

/* -- what the URL says -- */

static bool counts(const sy_wire_format *format, const sy_url_parameter *parameter)
{
    if (parameter == NULL) {
        return false;
    }
    return format->include_deleted_any_value
               ? parameter->value.size > 0
               : sy_str_equal_nocase(parameter->value, SY_STR("true"));
}

bool sy_wire_includes_deleted(const sy_wire_format *format, const sy_url *url)
{
    const sy_str name = sy_str_of(format->include_deleted);
    return counts(format, format->include_deleted_any_case ? sy_url_find_nocase(url, name)
                                                           : sy_url_find(url, name));
}

static sy_rc read_query(request_reading *reading, sy_err *err)
{
    const sy_url *url = &reading->route.url;
    sy_odata_option *options =
        sy_arena_push(reading->arena, url->parameter_count * sizeof *options);
    sy_query *query = sy_arena_push(reading->arena, sizeof *query);
    if (options == NULL || query == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < url->parameter_count; i++) {
        options[i] = (sy_odata_option){url->parameters[i].name, url->parameters[i].value};
    }
    const sy_odata_options all = {options, url->parameter_count};
    const sy_odata_dialect *odata = reading->format->odata;
    sy_odata_error error = {.fault = SY_ODATA_NO_FAULT};
    const sy_rc rc = sy_odata_read(odata, reading->schema, &all, reading->arena, query, &error);
    if (rc == SY_PARSE) {
        *err = error.err;
        (void)sy_wire_refused_by(reading->format, SY_WIRE_FLAW_QUERY, reading->arena,
                                 reading->refusal, err);
        const int status = odata->status[error.fault]; /* a client's dialect has none */
        reading->refusal->status = status != 0 ? status : 400;
        return err->rc;
    }
    reading->out->query = query;
    return rc == SY_NOMEM ? sy_fail_nomem(err) : rc;
}

static sy_rc read_number(request_reading *reading, sy_str name, int64_t *out, sy_err *err)
{
    const sy_url_parameter *parameter = sy_url_find(&reading->route.url, name);
    if (parameter != NULL && !sy_place_read_number(parameter->value, out)) {
        return refuse(reading, SY_WIRE_FLAW_VALUE, "__since and __page are numbers", err);
    }
    return SY_OK;
}

static sy_str parameter_of(const request_reading *reading, sy_str name)
{
    const sy_url_parameter *parameter = sy_url_find(&reading->route.url, name);
    return parameter != NULL ? parameter->value : (sy_str){NULL, 0};
}

static sy_rc read_sync_parameters(request_reading *reading, sy_err *err)
{
    sy_request *out = reading->out;
    sy_rc rc = read_number(reading, SY_STR("__since"), &out->since_sequence, err);
    if (rc == SY_OK) {
        rc = read_number(reading, SY_STR("__page"), &out->page_size_max, err);
    }
    out->epoch = parameter_of(reading, SY_STR("__epoch"));
    out->continuation = parameter_of(reading, SY_STR("__place"));
    return rc;
}

static sy_rc read_parameters(request_reading *reading, sy_err *err)
{
    sy_request *out = reading->out;
    const bool finds = out->method == SY_METHOD_QUERY ||
                       (out->method == SY_METHOD_DELETE && !reading->route.has_id);
    out->include_deleted = sy_wire_includes_deleted(reading->format, &reading->route.url);
    const sy_rc rc = finds ? read_query(reading, err) : SY_OK;
    return rc == SY_OK && reading->format->sync && finds ? read_sync_parameters(reading, err) : rc;
}

/* -- headers -- */

/* Percent-encoded text; what is none stands as it is, and what is no text at all is nothing. */
static sy_rc read_text(request_reading *reading, sy_str name, sy_str *out, sy_err *err)
{
    const sy_str value = header(reading, name);
    const sy_rc rc = sy_url_decode(value, reading->arena, out, err);
    if (rc == SY_PARSE) {
        *out = sy_str_is_utf8(value) ? value : (sy_str){NULL, 0};
        return SY_OK;
    }
    return rc;
}

static void read_signed(sy_str text, int64_t *out)
{
    const bool negative = text.size > 0 && text.data[0] == '-';
    const sy_str digits = negative ? (sy_str){text.data + 1, text.size - 1} : text;
    int64_t value = 0;
    if (sy_place_read_number(digits, &value)) {
        *out = negative ? -value : value;
    }
}

static uint32_t major_of(const request_reading *reading)
{
    sy_str version = header(reading, SY_STR("ZUMO-API-VERSION"));
    const sy_url_parameter *parameter =
        sy_url_find_nocase(&reading->route.url, SY_STR("ZUMO-API-VERSION"));
    if (version.size == 0 && parameter != NULL) {
        version = parameter->value;
    }
    const bool digit = version.size > 0 && version.data[0] >= '0' && version.data[0] <= '9' &&
                       (version.size == 1 || version.data[1] == '.');
    return digit ? (uint32_t)(version.data[0] - '0') : 0;
}

static sy_rc read_headers(request_reading *reading, sy_err *err)
{
    sy_request *out = reading->out;
    out->api_version = major_of(reading);
    const bool updates = out->method == SY_METHOD_UPDATE || out->method == SY_METHOD_REPLACE;
    sy_rc rc = sy_etag_read_if_match(header(reading, SY_STR("If-Match")), reading->format->if_match,
                                     updates, reading->arena, &out->if_match, err);
    if (rc == SY_INVALID) {
        return sy_wire_refused_by(reading->format, SY_WIRE_FLAW_IF_MATCH, reading->arena,
                                  reading->refusal, err);
    }
    if (rc == SY_OK) {
        rc = read_text(reading, SY_INSTALLATION_ID, &out->installation_id, err);
    }
    if (rc == SY_OK) {
        rc = read_text(reading, SY_USER, &out->user, err);
    }
    if (rc == SY_OK && reading->format->sync) {
        rc = read_text(reading, SY_SYNC_OPERATION_KEY, &out->operation_key, err);
        read_signed(header(reading, SY_SYNC_EDITED_AT), &out->edited_at);
        read_signed(header(reading, SY_SYNC_EDIT), &out->edit_sequence);
    }
    return rc;
}

/* -- the body -- */

static bool is_reserved(const sy_wire_format *format, sy_str name)
{
    for (uint32_t i = 0; i < SY_SYSTEM_COUNT; i++) {
        if ((format->reserved & SY_SYSTEM_BIT(i)) != 0 &&
            sy_str_equal_nocase(name, sy_str_of(format->system_names[i]))) {
            return true;
        }
    }
    return false;
}

static sy_rc check_reserved(request_reading *reading, const sy_json *object, sy_err *err)
{
    sy_json_member member;
    for (bool more = sy_json_first(object, &member); more; more = sy_json_next(object, &member)) {
        if (is_reserved(reading->format, member.name)) {
            (void)SY_FAIL(err, SY_INVALID, "the property '%.*s' is the server's own",
                          SY_FMT(member.name));
            return sy_wire_refused_by(reading->format, SY_WIRE_FLAW_RESERVED, reading->arena,
                                      reading->refusal, err);
        }
    }
    return SY_OK;
}

/* An item that JavaScript would make of a list: of what is null an insert knows nothing. */
static bool says_nulls(const sy_json *list)
{
    for (size_t i = 0; i < sy_json_count(list); i++) {
        if (sy_json_kind_of(sy_json_at(list, i)) != SY_JSON_NULL) {
            return false;
        }
    }
    return true;
}

static sy_rc read_object(request_reading *reading, const sy_json *json, sy_err *err)
{
    const sy_json_kind kind = sy_json_kind_of(json);
    const bool list = kind == SY_JSON_ARRAY && reading->format->loose_body;
    const bool insert = reading->out->method == SY_METHOD_INSERT;
    if (list && sy_json_count(json) > 0 && !(insert && says_nulls(json))) {
        return refuse(reading, SY_WIRE_FLAW_COLUMN, "0 is no column name", err);
    }
    if (kind != SY_JSON_OBJECT && !list) {
        return refuse(reading, SY_WIRE_FLAW_JSON, "the body is not an object", err);
    }
    const sy_rc rc = check_reserved(reading, json, err);
    const sy_row_reading row = {.format = reading->format,
                                .schema = reading->schema,
                                .loose = reading->format->loose_body,
                                .keeps_unknown = reading->format->keeps_unknown,
                                .drops_null = insert,
                                .refusal = reading->refusal};
    const sy_json *id = sy_json_get(json, SY_STR("id"));
    if (rc == SY_OK && row.loose && reading->out->method == SY_METHOD_UPDATE &&
        reading->route.has_id && id != NULL && sy_json_kind_of(id) == SY_JSON_NULL) {
        return refuse(reading, SY_WIRE_FLAW_VALUE, "the id in the body is null", err);
    }
    return rc == SY_OK ? sy_wire_read_row(&row, json, reading->arena, &reading->out->row, err) : rc;
}

static bool is_json(sy_str media_type)
{
    const sy_str name = SY_STR("application/json");
    return media_type.size >= name.size &&
           sy_str_equal_nocase((sy_str){media_type.data, name.size}, name);
}

static sy_rc read_json(request_reading *reading, sy_err *err)
{
    if (reading->format->media_type && !is_json(header(reading, SY_STR("Content-Type")))) {
        return refuse(reading, SY_WIRE_FLAW_MEDIA_TYPE, "the body is not said to be JSON", err);
    }
    const sy_str mark = SY_STR("\xEF\xBB\xBF");
    sy_str body = reading->http->body;
    if (reading->format->loose_body && sy_str_starts_with(body, mark)) {
        body = (sy_str){body.data + mark.size, body.size - mark.size};
    }
    sy_json *document = NULL;
    sy_rc rc = sy_json_parse(body, &document, err);
    if (rc == SY_PARSE) {
        return sy_wire_refused_by(reading->format, SY_WIRE_FLAW_JSON, reading->arena,
                                  reading->refusal, err);
    }
    if (rc == SY_OK) {
        rc = read_object(reading, document, err);
    }
    sy_json_free(document);
    return rc;
}

static sy_rc read_body(request_reading *reading, sy_err *err)
{
    sy_request *out = reading->out;
    const bool takes = out->method != SY_METHOD_QUERY && out->method != SY_METHOD_READ &&
                       out->method != SY_METHOD_DELETE;
    const bool needs = takes && out->method != SY_METHOD_UNDELETE;
    if (takes && reading->http->body.size > 0) {
        return read_json(reading, err);
    }
    if (needs && reading->format->loose_body) {
        out->row = sy_row_new(reading->arena, reading->schema);
        return out->row != NULL ? SY_OK : sy_fail_nomem(err);
    }
    return SY_OK;
}

/* -- an undelete that looks like something else [2.3 Undelete] -- */

static bool undeletes(const request_reading *reading)
{
    const sy_request *out = reading->out;
    if (!reading->route.has_id) {
        return false;
    }
    switch (reading->format->undelete) {
    case SY_WIRE_UNDELETE_PATCH:
        return out->method == SY_METHOD_UPDATE && out->row != NULL &&
               out->row->cells[SY_COLUMN_DELETED].type == SY_TYPE_BOOL && !sy_row_deleted(out->row);
    case SY_WIRE_UNDELETE_PUT:
        return out->method == SY_METHOD_REPLACE && out->include_deleted;
    case SY_WIRE_UNDELETE_POST:
        break;
    }
    return false;
}

/* Nothing but the id and `deleted`. */
static bool says_nothing(const sy_row *row)
{
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (i != SY_COLUMN_ID && i != SY_COLUMN_DELETED && row->cells[i].type != SY_TYPE_ABSENT) {
            return false;
        }
    }
    return true;
}

static sy_rc become_undelete(request_reading *reading, sy_err *err)
{
    sy_request *out = reading->out;
    out->method = SY_METHOD_UNDELETE;
    out->include_deleted =
        out->include_deleted && reading->format->undelete != SY_WIRE_UNDELETE_PUT;
    if (out->row == NULL || says_nothing(out->row)) {
        out->row = NULL;
        return SY_OK;
    }
    sy_row *row = sy_row_shallow(reading->arena, out->row);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_DELETED].type =
        sy_row_deleted(row) ? SY_TYPE_BOOL : SY_TYPE_ABSENT; /* a PUT may say that it is [2.6] */
    out->row = row;
    return SY_OK;
}

/* -- all of it -- */

static sy_rc read_rest(request_reading *reading, sy_err *err)
{
    sy_rc rc = read_parameters(reading, err);
    if (rc == SY_OK) {
        rc = read_headers(reading, err);
    }
    if (rc == SY_OK) {
        rc = read_body(reading, err);
    }
    if (rc == SY_OK && reading->out->method == SY_METHOD_INSERT && reading->out->row != NULL) {
        reading->out->id = sy_row_id(reading->out->row);
    }
    return rc == SY_OK && undeletes(reading) ? become_undelete(reading, err) : rc;
}

sy_rc sy_wire_read_request(const sy_wire_format *format, const sy_http_request *request,
                           sy_wire_tables tables, sy_arena *arena, sy_request *out,
                           sy_wire_refusal *refusal, sy_err *err)
{
    sy_err local;
    err = err != NULL ? err : &local;
    request_reading reading = {
        .format = format, .http = request, .arena = arena, .out = out, .refusal = refusal};
    const sy_rc rc = sy_wire_read_route(format, request, arena, &reading.route, refusal, err);
    if (rc != SY_OK) {
        return rc;
    }
    reading.schema = tables.ops->schema(tables.self, reading.route.table);
    if (reading.schema == NULL) {
        return refuse(&reading, SY_WIRE_FLAW_TABLE, "no such table", err);
    }
    *out = (sy_request){.method = reading.route.method,
                        .table = reading.schema->name,
                        .id = reading.route.id,
                        .since_sequence = -1,
                        .http = request};
    return read_rest(&reading, err);
}

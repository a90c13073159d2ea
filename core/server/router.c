/* Requests to a table server, from the gate to the answer. */
#include "core/server/router_internal.h"

#include <string.h>

sy_str sy_routing_header(const sy_routing *routing, const char *name)
{
    const sy_http_request *http = routing->http;
    return sy_http_header(http->headers, http->header_count, sy_str_of(name), NULL);
}

/* -- answers -- */

sy_rc sy_routing_write(sy_routing *routing, const sy_response *response, sy_err *err)
{
    return sy_wire_write_response(routing->format, &routing->request, response, routing->host,
                                  routing->arena, routing->out, err);
}

sy_rc sy_routing_refuse(sy_routing *routing, int status, sy_str reason, sy_err *err)
{
    sy_response response = {.status = status, .reason = reason, .rows.total = -1};
    return sy_routing_write(routing, &response, err);
}

sy_rc sy_routing_text(sy_routing *routing, int status, const char *media_type, sy_str body,
                      sy_err *err)
{
    *routing->out = (sy_http_response){.status = status, .body = body};
    sy_rc rc = SY_OK;
    if (routing->format->server_version != NULL) {
        rc = sy_routing_add_header(routing, "X-ZUMO-SERVER-VERSION",
                                   sy_str_of(routing->format->server_version), err);
    }
    return rc == SY_OK ? sy_routing_add_header(routing, "Content-Type", sy_str_of(media_type), err)
                       : rc;
}

sy_rc sy_routing_add_header(sy_routing *routing, const char *name, sy_str value, sy_err *err)
{
    sy_http_response *out = routing->out;
    sy_header *headers = sy_arena_push(routing->arena, (out->header_count + 1) * sizeof *headers);
    if (headers == NULL) {
        return sy_fail_nomem(err);
    }
    if (out->header_count > 0) {
        memcpy(headers, out->headers, out->header_count * sizeof *headers);
    }
    headers[out->header_count++] = (sy_header){sy_str_of(name), value};
    out->headers = headers;
    return SY_OK;
}

/* -- the gate: protocol.md 2.3 -- */

static bool take_digits(sy_str *text)
{
    size_t size = 0;
    while (size < text->size && text->data[size] >= '0' && text->data[size] <= '9') {
        size++;
    }
    *text = (sy_str){text->data + size, text->size - size};
    return size > 0;
}

/* The major of "2.0.5", of "2.0" only if it may be that short; 0: no version that is spoken here.
 */
static uint32_t major_of(sy_str text, bool may_be_short)
{
    uint32_t major = text.size > 0 ? (uint32_t)(unsigned char)text.data[0] - '0' : 0;
    if (text.size < 3 || memcmp(text.data + 1, ".0", 2) != 0) {
        return 0;
    }
    text = (sy_str){text.data + 3, text.size - 3};
    if (text.size == 0) {
        return may_be_short ? major : 0;
    }
    if (text.data[0] != '.') {
        return 0;
    }
    text = (sy_str){text.data + 1, text.size - 1};
    return take_digits(&text) && text.size == 0 ? major : 0;
}

static sy_str version_of(const sy_routing *routing, const sy_url *url, bool header_first)
{
    static const char name[] = "ZUMO-API-VERSION";
    sy_str header = sy_routing_header(routing, name);
    const sy_url_parameter *parameter = sy_url_find_nocase(url, SY_STR(name));
    sy_str in_query = parameter != NULL ? parameter->value : (sy_str){0};
    sy_str first = header_first ? header : in_query;
    return first.size > 0 ? first : header_first ? in_query : header;
}

bool sy_routing_gate(const sy_routing *routing, const sy_url *url)
{
    const sy_server_dialect *dialect = routing->server->config.dialect;
    if (dialect->gate == SY_GATE_NONE) {
        return true;
    }
    sy_str version = version_of(routing, url, dialect->gate == SY_GATE_HEADER_2);
    uint32_t major = major_of(version, dialect->gate == SY_GATE_QUERY_2_3);
    return major == 2 || (major == 3 && dialect->gate == SY_GATE_QUERY_2_3);
}

/* -- serving -- */

static const sy_schema *find_schema(const void *self, sy_str name)
{
    const sy_served_table *table = sy_server_table_find(self, name);
    return table != NULL ? table->schema : NULL;
}

/* A query that names what nobody has written yet finds nothing, where columns come as they are
 * written. */
static bool finds_nothing(const sy_routing *routing, const sy_wire_refusal *refusal)
{
    const sy_request *request = &routing->request;
    return refusal->flaw == SY_WIRE_FLAW_QUERY && refusal->status == 200 &&
           request->method == SY_METHOD_QUERY && routing->table != NULL &&
           routing->table->options.dynamic_schema;
}

static sy_rc answer_refusal(sy_routing *routing, const sy_wire_refusal *refusal, sy_err *err)
{
    if (finds_nothing(routing, refusal)) {
        sy_response nothing = {.status = 200, .rows.total = -1};
        return sy_routing_write(routing, &nothing, err);
    }
    int unknown = routing->server->config.dialect->status_unknown;
    int status = refusal->status == 200 ? unknown : refusal->status;
    return sy_routing_refuse(routing, status, refusal->reason, err);
}

sy_rc sy_routing_read(sy_routing *routing, bool *answered, sy_err *err)
{
    static const sy_wire_tables_ops tables_ops = {find_schema};
    sy_wire_tables tables = {&tables_ops, routing->server};
    sy_wire_refusal refusal = {0};
    sy_rc rc = sy_wire_read_request(routing->format, routing->http, tables, routing->arena,
                                    &routing->request, &refusal, err);
    *answered = rc == SY_INVALID;
    return *answered ? answer_refusal(routing, &refusal, err) : rc;
}

/* Rows come with their id; who selects others does not get it. */
static sy_rc drop_ids(sy_routing *routing, sy_response *response, sy_err *err)
{
    const sy_query *query = routing->request.query;
    uint64_t id = (uint64_t)1 << SY_COLUMN_ID;
    if (query == NULL || query->select == 0 || (query->select & id) != 0) {
        return SY_OK;
    }
    for (size_t i = 0; i < response->rows.count; i++) {
        sy_row *row = sy_row_shallow(routing->arena, response->rows.items[i]);
        if (row == NULL) {
            return sy_fail_nomem(err);
        }
        row->cells[SY_COLUMN_ID] = (sy_value){.type = SY_TYPE_ABSENT};
        response->rows.items[i] = row;
    }
    return SY_OK;
}

sy_rc sy_routing_serve(sy_routing *routing, sy_response *response, sy_err *err)
{
    sy_server *server = routing->server;
    sy_server_transaction *transaction = NULL;
    sy_rc rc = sy_server_begin(server, &routing->request, &transaction, err);
    if (rc == SY_OK) {
        rc = sy_server_end(server, transaction, routing->arena, response, err);
    }
    return rc == SY_OK && routing->request.method == SY_METHOD_QUERY
               ? drop_ids(routing, response, err)
               : rc;
}

static sy_rc answer(sy_routing *routing, sy_err *err)
{
    sy_url url;
    bool answered = false;
    sy_routing_flaws flaws;
    sy_response response = {0};
    sy_rc rc = sy_routing_tidy_url(routing, false, &flaws, err);
    if (rc == SY_OK) {
        rc = sy_url_parse(routing->http->target, routing->arena, &url, err);
    }
    if (rc == SY_PARSE || (rc == SY_OK && flaws.path_undecoded)) {
        return sy_routing_refuse(routing, 400, SY_STR("the URL cannot be read"), err);
    }
    if (rc == SY_OK && !sy_routing_gate(routing, &url)) {
        return sy_routing_refuse(routing, 400, SY_STR("an api version is needed, one of ours"),
                                 err);
    }
    if (rc == SY_OK) {
        rc = sy_routing_read(routing, &answered, err);
    }
    if (rc == SY_OK && !answered) {
        rc = sy_routing_check_conditions(routing, &answered, err);
    }
    if (rc != SY_OK || answered) {
        return rc;
    }
    rc = sy_routing_serve(routing, &response, err);
    return rc == SY_OK ? sy_routing_write(routing, &response, err) : rc;
}

sy_rc sy_router_answer(sy_server *server, const sy_http_request *request, sy_arena *arena,
                       sy_http_response *out, sy_err *err)
{
    const sy_server_dialect *dialect = server->config.dialect;
    sy_err local = {0};
    sy_routing routing = {.server = server,
                          .format = sy_wire_select(dialect->wire, request),
                          .http = request,
                          .arena = arena,
                          .request = {.method = SY_METHOD_COUNT, .http = request},
                          .out = out};
    routing.host = sy_routing_header(&routing, "Host");
    if (routing.host.size == 0) {
        routing.host = SY_STR("localhost");
    }
    return dialect->express ? sy_express_answer(&routing, err != NULL ? err : &local)
                            : answer(&routing, err != NULL ? err : &local);
}

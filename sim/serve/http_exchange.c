/* One request, from its first line to the last byte of its answer, as libmicrohttpd calls back:
 *
 *   on_target     the first line is there: an exchange begins
 *   on_request    headers; each part of the body; then "complete", again after each wait
 *   on_completed  sent, or the connection ended: the exchange ends
 *
 * A wait suspends the connection until its time in the server's queue of delays. */
#define _POSIX_C_SOURCE 200809L
#include "sim/serve/http_internal.h"

#include <string.h>

/* A body that is too large is read to its end, so that its sender hears of it, but no further than
 * this many times the limit. */
#define DRAIN_FACTOR 8

/* -- beginning and end -- */

static sim_http_exchange *take(sim_http_server *server)
{
    sim_http_exchange *exchange = server->spare_exchanges;
    if (exchange != NULL) {
        server->spare_exchanges = exchange->next;
        return exchange;
    }
    exchange = sy_alloc_zeroed(server->config.alloc, sizeof *exchange);
    if (exchange != NULL) {
        exchange->server = server;
        sy_arena_init(&exchange->arena, server->config.alloc);
        sy_buf_init(&exchange->body, server->config.alloc);
    }
    return exchange;
}

static void put(sim_http_exchange *exchange)
{
    sim_http_server *server = exchange->server;
    sy_arena_reset(&exchange->arena);
    sy_buf_clear(&exchange->body);
    *exchange = (sim_http_exchange){.server = server,
                                    .arena = exchange->arena,
                                    .body = exchange->body,
                                    .next = server->spare_exchanges};
    server->spare_exchanges = exchange;
}

void sim_http_exchange_free(sim_http_exchange *exchange)
{
    sy_alloc alloc = exchange->server->config.alloc;
    sy_arena_deinit(&exchange->arena);
    sy_buf_deinit(&exchange->body);
    sy_alloc_free(alloc, exchange, sizeof *exchange);
}

static sim_http_connection *socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

void *sim_http_on_target(void *self, const char *target, struct MHD_Connection *connection)
{
    sim_http_server *server = self;
    sim_http_connection *socket = socket_of(connection);
    if (socket != NULL && socket->exchange != NULL) { /* the one before was not said to be over */
        sim_http_exchange_end(socket->exchange);
    }
    sim_http_exchange *exchange = socket == NULL ? NULL : take(server);
    if (exchange == NULL) {
        return NULL; /* on_request drops it */
    }
    exchange->connection = connection;
    exchange->socket = socket;
    exchange->began_ns = sim_real_monotonic_ns();
    exchange->request.target = sy_arena_copy(&exchange->arena, sy_str_of(target));
    socket->exchange = exchange;
    if (socket->served) { /* the first has counted since the connection was made */
        socket->since_ms = exchange->began_ns / SY_MS;
    }
    server->exchange_count++;
    return exchange;
}

void sim_http_exchange_end(sim_http_exchange *exchange)
{
    sim_http_server *server = exchange->server;
    sim_http_connection *socket = exchange->socket;
    if (exchange->stage == SIM_HTTP_HEAD && exchange->refusal == NULL) {
        exchange->refusal = "malformed";
    }
    sim_http_log(server, exchange);
    socket->exchange = NULL;
    socket->served = true;
    socket->answering = false;
    socket->since_ms = sim_real_monotonic_ns() / SY_MS;
    server->exchange_count--;
    put(exchange);
}

/* Not called for every request that libmicrohttpd found to be malformed: those end with their
 * connection. */
void sim_http_on_completed(void *self, struct MHD_Connection *connection, void **context,
                           enum MHD_RequestTerminationCode code)
{
    (void)self;
    (void)connection;
    (void)code;
    if (*context != NULL) {
        sim_http_exchange_end(*context);
        *context = NULL;
    }
}

/* -- answers -- */

static ssize_t read_truncated(void *self, uint64_t position, char *out, size_t size)
{
    const sim_http_exchange *exchange = self;
    if (position >= exchange->cut_at) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = exchange->cut_at - (size_t)position;
    size = size < left ? size : left;
    memcpy(out, exchange->response.body.data + position, size);
    return (ssize_t)size;
}

static bool is_framing(sy_str name)
{
    return sy_str_equal_nocase(name, SY_STR("Content-Length")) ||
           sy_str_equal_nocase(name, SY_STR("Transfer-Encoding")) ||
           sy_str_equal_nocase(name, SY_STR("Connection")) ||
           sy_str_equal_nocase(name, SY_STR("Date"));
}

/* false: no memory, or a name or value that no header can have. */
static bool add_headers(sim_http_exchange *exchange, struct MHD_Response *response)
{
    for (uint32_t i = 0; i < exchange->response.header_count; i++) {
        const sy_header *header = &exchange->response.headers[i];
        if (is_framing(header->name)) {
            continue;
        }
        sy_str name = sy_arena_copy(&exchange->arena, header->name);
        sy_str value = sy_arena_copy(&exchange->arena, header->value);
        if (name.data == NULL || value.data == NULL ||
            MHD_add_response_header(response, name.data, value.data) != MHD_YES) {
            return false;
        }
    }
    return true;
}

static enum MHD_Result send_response(sim_http_exchange *exchange)
{
    sy_str body = exchange->response.body;
    struct MHD_Response *response = NULL;
    bool cut = exchange->fate.kind == SIM_FATE_TRUNCATED && body.size > 0;
    if (cut) {
        exchange->cut_at = (size_t)((uint64_t)body.size * exchange->fate.kept >> 16);
        response =
            MHD_create_response_from_callback(body.size, 4096, read_truncated, exchange, NULL);
    } else {
        response =
            MHD_create_response_from_buffer(body.size, (void *)body.data, MHD_RESPMEM_PERSISTENT);
    }
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result result = MHD_NO;
    if (add_headers(exchange, response)) {
        exchange->stage = SIM_HTTP_SENDING;
        exchange->status = exchange->response.status;
        exchange->socket->answering = true;
        exchange->socket->since_ms = sim_real_monotonic_ns() / SY_MS;
        result =
            MHD_queue_response(exchange->connection, (unsigned)exchange->response.status, response);
    }
    MHD_destroy_response(response);
    return result;
}

/* An answer of the port's own. */
static void make_response(sim_http_exchange *exchange, int status, const char *text,
                          uint32_t retry_after_s)
{
    sy_header *headers = sy_arena_push_zeroed(&exchange->arena, 2 * sizeof *headers);
    sy_str body = sy_arena_printf(&exchange->arena, "{\"error\":\"%s\"}", text);
    exchange->response = (sy_http_response){.status = status, .body = body};
    if (headers == NULL || body.data == NULL) {
        return;
    }
    headers[0] = (sy_header){SY_STR("Content-Type"), SY_STR("application/json; charset=utf-8")};
    exchange->response.headers = headers;
    exchange->response.header_count = 1;
    if (retry_after_s > 0) {
        headers[1] = (sy_header){SY_STR("Retry-After"),
                                 sy_arena_printf(&exchange->arena, "%u", retry_after_s)};
        exchange->response.header_count = headers[1].value.data != NULL ? 2 : 1;
    }
}

static enum MHD_Result refuse(sim_http_exchange *exchange, int status, const char *text,
                              uint32_t retry_after_s)
{
    exchange->refusal = text;
    make_response(exchange, status, text, retry_after_s);
    return send_response(exchange);
}

/* -- the way of a whole request -- */

static void resume(void *self)
{
    sim_http_exchange *exchange = self;
    exchange->socket->suspended = false;
    MHD_resume_connection(exchange->connection);
}

/* true: on_request is called again after that time. */
static bool wait(sim_http_exchange *exchange, sy_time delay_ns)
{
    sim_http_server *server = exchange->server;
    if (delay_ns <= 0 || server->ending ||
        sim_event_queue_push(&server->delays, sim_real_monotonic_ns() + delay_ns, resume,
                             exchange) != SY_OK) {
        return false;
    }
    exchange->socket->suspended = true;
    MHD_suspend_connection(exchange->connection);
    return true;
}

static void execute_once(sim_http_exchange *exchange)
{
    const sim_http_handler *handler = &exchange->server->config.handler;
    sy_err err;
    sy_rc rc = handler->ops->answer(handler->self, &exchange->request, &exchange->arena,
                                    &exchange->response, &err);
    if (rc != SY_OK) {
        exchange->refusal = "out of memory";
        make_response(exchange, 503, exchange->refusal, 1);
    }
}

static void execute(sim_http_exchange *exchange)
{
    const sim_fate *fate = &exchange->fate;
    if (fate->executes) {
        execute_once(exchange);
    }
    if (fate->executes && fate->twice) {
        const sy_http_response first = exchange->response;
        execute_once(exchange);
        exchange->response = fate->second_answers ? exchange->response : first;
    }
    if (fate->kind == SIM_FATE_STATUS) {
        make_response(exchange, fate->status, fate->label, fate->retry_after_s);
    }
}

static enum MHD_Result proceed(sim_http_exchange *exchange)
{
    if (exchange->stage == SIM_HTTP_WHOLE) {
        if (exchange->fate.kind == SIM_FATE_REQUEST_LOST) {
            return MHD_NO;
        }
        execute(exchange);
        exchange->stage = SIM_HTTP_SERVED;
        if (wait(exchange, exchange->fate.down_ns)) {
            return MHD_YES;
        }
    }
    return exchange->fate.kind == SIM_FATE_RESPONSE_LOST ? MHD_NO : send_response(exchange);
}

static void draw_fate(sim_http_exchange *exchange)
{
    sim_http_server *server = exchange->server;
    sy_str calm = server->config.calm_prefix;
    if (calm.size > 0 && sy_str_starts_with(exchange->request.target, calm)) {
        exchange->fate = (sim_fate){.executes = true};
    } else {
        exchange->fate = sim_answer_draw(&server->draws, &exchange->request);
    }
}

/* -- reading -- */

typedef struct header_list {
    sy_header *items;
    uint32_t count;
    size_t size;
} header_list;

static enum MHD_Result add_header(void *self, enum MHD_ValueKind kind, const char *name,
                                  size_t name_size, const char *value, size_t value_size)
{
    (void)kind;
    header_list *list = self;
    list->size += name_size + value_size;
    if (list->items != NULL) {
        list->items[list->count] = (sy_header){{name, name_size}, {value, value_size}};
    }
    list->count++;
    return MHD_YES;
}

/* Names and values stay where libmicrohttpd has them, until the answer was sent. false: no memory.
 */
static bool read_headers(sim_http_exchange *exchange, size_t *size)
{
    header_list list = {0};
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, add_header, &list);
    list.items = sy_arena_push(&exchange->arena, (list.count + 1) * sizeof *list.items);
    if (list.items == NULL) {
        return false;
    }
    list.count = 0;
    list.size = 0;
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, add_header, &list);
    exchange->request.headers = list.items;
    exchange->request.header_count = list.count;
    *size = list.size;
    return true;
}

/* libmicrohttpd takes any bytes for a method or the name of a header. */
static bool is_token(sy_str text)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr(marks, c) == NULL)) {
            return false;
        }
    }
    return text.size > 0;
}

/* Nothing but what can be seen, in ASCII. */
static bool is_target(sy_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] > '~') {
            return false;
        }
    }
    return text.size > 0;
}

static bool is_well_formed(const sy_http_request *request)
{
    bool good = is_token(request->method) && is_target(request->target);
    for (uint32_t i = 0; good && i < request->header_count; i++) {
        good = is_token(request->headers[i].name);
    }
    return good;
}

/* Of Content-Length, which libmicrohttpd found to be a number; 0: none. */
static uint64_t announced_size(const sy_http_request *request)
{
    sy_str text =
        sy_http_header(request->headers, request->header_count, SY_STR("Content-Length"), NULL);
    uint64_t size = 0;
    for (size_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
        size = size > UINT64_MAX / 16 ? size : size * 10 + (uint64_t)(text.data[i] - '0');
    }
    return size;
}

/* The target and the headers are there: MHD_YES to go on with the body. */
static enum MHD_Result begin(sim_http_exchange *exchange, const char *method)
{
    const sim_http_limits *limits = &exchange->server->config.limits;
    size_t header_size = 0;
    exchange->stage = SIM_HTTP_BODY;
    exchange->request.method = sy_arena_copy(&exchange->arena, sy_str_of(method));
    if (exchange->request.target.data == NULL || exchange->request.method.data == NULL ||
        !read_headers(exchange, &header_size)) {
        return MHD_NO;
    }
    if (exchange->socket->turned_away) {
        return refuse(exchange, 503, "too many connections", 1);
    }
    if (!is_well_formed(&exchange->request)) {
        return refuse(exchange, 400, "malformed", 0);
    }
    if (exchange->request.target.size > limits->target_size_max) {
        return refuse(exchange, 414, "the URL is too long", 0);
    }
    if (header_size > limits->header_size_max) {
        return refuse(exchange, 431, "the headers are too large", 0);
    }
    uint64_t announced = announced_size(&exchange->request);
    bool asks = sy_http_header(exchange->request.headers, exchange->request.header_count,
                               SY_STR("Expect"), NULL)
                    .size > 0;
    if (announced > limits->body_size_max &&
        (asks || announced / DRAIN_FACTOR > limits->body_size_max)) {
        return refuse(exchange, 413, "the body is too large", 0);
    }
    return MHD_YES;
}

static enum MHD_Result take_body(sim_http_exchange *exchange, const char *data, size_t size)
{
    size_t max = exchange->server->config.limits.body_size_max;
    exchange->body_size += size;
    if (exchange->body_size / DRAIN_FACTOR > max) {
        exchange->refusal = "the body is too large";
        return MHD_NO;
    }
    if (exchange->body_size <= max) {
        sy_buf_add(&exchange->body, data, size);
    }
    return MHD_YES;
}

static enum MHD_Result finish_body(sim_http_exchange *exchange)
{
    if (exchange->body_size > exchange->server->config.limits.body_size_max) {
        return refuse(exchange, 413, "the body is too large", 0);
    }
    if (exchange->body.failed) {
        return refuse(exchange, 503, "out of memory", 1);
    }
    exchange->request.body = sy_buf_str(&exchange->body);
    draw_fate(exchange);
    exchange->stage = SIM_HTTP_WHOLE;
    return wait(exchange, exchange->fate.up_ns) ? MHD_YES : proceed(exchange);
}

enum MHD_Result sim_http_on_request(void *self, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *data,
                                    size_t *data_size, void **context)
{
    (void)self;
    (void)connection;
    (void)url;
    (void)version;
    sim_http_exchange *exchange = *context;
    if (exchange == NULL || exchange->server->ending) {
        return MHD_NO;
    }
    if (exchange->stage == SIM_HTTP_HEAD) {
        return begin(exchange, method);
    }
    if (exchange->stage == SIM_HTTP_BODY) {
        if (*data_size > 0) {
            size_t size = *data_size;
            *data_size = 0;
            return take_body(exchange, data, size);
        }
        return finish_body(exchange);
    }
    return proceed(exchange);
}

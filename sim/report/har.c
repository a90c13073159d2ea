/* Recording and writing. An exchange is known by its device and the number of its sending; it
 * begins when its request leaves the device and ends with the event `answer`, which says what came
 * of it:
 *
 *   device_send -> begin        server's answer -> text kept        answer -> end, and how
 *
 * Sizes and headers are those of HTTP/1.1 with Host and Content-Length, which the carrier adds. */
#include "sim/report/har.h"

#include <stdio.h>

#include "core/base/check.h"
#include "core/port/events.h"
#include "sim/run/codec.h"

typedef struct exchange {
    struct exchange *next;
    const char *device;
    uint32_t host;
    uint64_t send_id;
    uint64_t incarnation;
    sy_time began, answered, ended; /* ended -1: never */
    sy_http_request request;
    sy_http_response response;
    bool has_response;
    sy_str result; /* "ok", "timeout", "network"; empty: it never ended */
} exchange;

struct sim_har {
    sy_alloc alloc;
    sim_simulation *simulation;
    sy_arena arena;
    exchange *first, *last;
    exchange **open; /* not ended yet */
    size_t open_count, open_capacity;
    bool failed;
};

/* -- recording -- */

static bool keep_text(sim_har *har, sy_str *text)
{
    *text = sy_arena_copy(&har->arena, *text);
    return text->data != NULL;
}

static bool keep_headers(sim_har *har, const sy_header **headers, uint32_t count)
{
    sy_header *copy = sy_arena_push(&har->arena, count * sizeof *copy);
    bool kept = copy != NULL;
    for (uint32_t i = 0; kept && i < count; i++) {
        copy[i] = (*headers)[i];
        kept = keep_text(har, &copy[i].name) && keep_text(har, &copy[i].value);
    }
    *headers = copy;
    return kept;
}

static exchange *find_open(const sim_har *har, uint32_t host, uint64_t send_id,
                           uint64_t incarnation)
{
    for (size_t i = har->open_count; i-- > 0;) {
        exchange *item = har->open[i];
        if (item->host == host && item->send_id == send_id &&
            (incarnation == 0 || item->incarnation == incarnation)) {
            return item;
        }
    }
    return NULL;
}

static void log_request(void *self, const sim_device *device, const sim_message *message,
                        const sy_http_request *text)
{
    sim_har *har = self;
    exchange *item = sy_arena_push_zeroed(&har->arena, sizeof *item);
    exchange **open = sy_alloc_grow(har->alloc, (void *)har->open, har->open_count,
                                    &har->open_capacity, sizeof(exchange *));
    if (open != NULL) {
        har->open = open;
    }
    if (item == NULL || open == NULL) {
        har->failed = true;
        return;
    }
    *item = (exchange){.device = sim_device_name(device),
                       .host = message->from,
                       .send_id = message->send_id,
                       .incarnation = message->incarnation,
                       .began = sim_simulation_world(har->simulation)->now,
                       .ended = -1,
                       .request = *text};
    har->failed |= !(keep_text(har, &item->request.method) &&
                     keep_text(har, &item->request.target) && keep_text(har, &item->request.body) &&
                     keep_headers(har, &item->request.headers, text->header_count));
    if (har->last != NULL) {
        har->last->next = item;
    } else {
        har->first = item;
    }
    har->last = item;
    har->open[har->open_count++] = item;
}

static void log_response(void *self, const sim_device *device, const sim_message *message,
                         const sy_http_response *text)
{
    sim_har *har = self;
    (void)device;
    exchange *item = find_open(har, message->to, message->send_id, message->incarnation);
    if (item == NULL) { /* nobody waits for it any more */
        return;
    }
    item->response = *text;
    item->has_response = true;
    item->answered = sim_simulation_world(har->simulation)->now;
    har->failed |= !(keep_text(har, &item->response.body) &&
                     keep_headers(har, &item->response.headers, text->header_count));
}

/* answer: send, method, table, id, op, result, status. A send is numbered from 1 by each process;
 * the newest of that number is meant. */
static void read_answer(void *self, const sim_event *event)
{
    sim_har *har = self;
    const uint64_t send_id = (uint64_t)event->fields[0].as.integer;
    exchange *item = find_open(har, event->host, send_id, 0);
    if (item == NULL) {
        return;
    }
    item->ended = event->time;
    item->result = sy_value_str(&event->fields[5]);
    har->failed |= !keep_text(har, &item->result);
    for (size_t i = har->open_count; i-- > 0;) {
        if (har->open[i] == item) {
            har->open_count--;
            memmove((void *)(har->open + i), (void *)(har->open + i + 1),
                    (har->open_count - i) * sizeof(exchange *));
            return;
        }
    }
}

sy_rc sim_har_new(sy_alloc alloc, sim_simulation *simulation, sim_har **out, sy_err *err)
{
    const sy_event_kind *kinds[] = {&sy_event_answer};
    sim_har *har = sy_alloc_zeroed(alloc, sizeof *har);
    if (har == NULL) {
        return sy_fail_nomem(err);
    }
    har->alloc = alloc;
    har->simulation = simulation;
    sy_arena_init(&har->arena, alloc);
    sim_trace *trace = sim_simulation_world(simulation)->trace;
    if (sim_trace_read(trace, read_answer, har, kinds, 1) != SY_OK) {
        sim_har_free(har);
        return sy_fail_nomem(err);
    }
    const sim_text_log log = {.request = log_request, .response = log_response, .self = har};
    sim_simulation_log(simulation, &log);
    *out = har;
    return SY_OK;
}

void sim_har_free(sim_har *har)
{
    if (har != NULL) {
        sy_alloc alloc = har->alloc;
        sy_alloc_free(alloc, (void *)har->open, har->open_capacity * sizeof(exchange *));
        sy_arena_deinit(&har->arena);
        sy_alloc_free(alloc, har, sizeof *har);
    }
}

/* -- writing -- */

static void add_name(sy_buf *out, const char *name)
{
    sy_buf_add_json_string(out, sy_str_of(name));
    sy_buf_add_char(out, ':');
}

static void add_text(sy_buf *out, const char *name, sy_str text, const char *after)
{
    add_name(out, name);
    sy_buf_add_json_string(out, text);
    sy_buf_add_str(out, sy_str_of(after));
}

static void add_number(sy_buf *out, const char *name, int64_t number, const char *after)
{
    add_name(out, name);
    sy_buf_printf(out, "%lld%s", (long long)number, after);
}

/* Milliseconds with what is behind the point, exactly. */
static void add_ms(sy_buf *out, const char *name, sy_time time, const char *after)
{
    add_name(out, name);
    sy_buf_printf(out, "%lld.%06lld%s", (long long)(time / SY_MS), (long long)(time % SY_MS),
                  after);
}

static void add_moment(sy_buf *out, const char *name, sy_time virtual_time, const char *after)
{
    char text[SY_TIME_TEXT_SIZE];
    const sy_time calendar = SY_WORLD_EPOCH + virtual_time;
    const size_t size = sy_time_format(calendar, calendar % SY_MS == 0 ? 3 : 6, text);
    add_text(out, name, (sy_str){text, size}, after);
}

static void add_pair(sy_buf *out, sy_str name, sy_str value, bool *first)
{
    sy_buf_add_str(out, *first ? SY_STR("{") : SY_STR(",{"));
    add_text(out, "name", name, ",");
    add_text(out, "value", value, "}");
    *first = false;
}

static void add_headers(sy_buf *out, const sy_header *headers, uint32_t count, bool request,
                        bool has_length, size_t body_size)
{
    bool first = true;
    sy_buf_add_str(out, SY_STR("\"headers\":["));
    if (request) {
        add_pair(out, SY_STR("Host"), SIM_TEXT_HOST, &first);
    }
    for (uint32_t i = 0; i < count; i++) {
        add_pair(out, headers[i].name, headers[i].value, &first);
    }
    if (has_length) {
        char digits[24];
        const int size = snprintf(digits, sizeof digits, "%zu", body_size);
        add_pair(out, SY_STR("Content-Length"), (sy_str){digits, (size_t)size}, &first);
    }
    sy_buf_add_str(out, SY_STR("],"));
}

static void add_query(sim_har *har, sy_buf *out, sy_str target)
{
    sy_url url;
    bool first = true;
    sy_buf_add_str(out, SY_STR("\"queryString\":["));
    if (sy_url_parse(target, &har->arena, &url, NULL) == SY_OK) {
        for (uint32_t i = 0; i < url.parameter_count; i++) {
            add_pair(out, url.parameters[i].name, url.parameters[i].value, &first);
        }
    }
    sy_buf_add_str(out, SY_STR("],"));
}

static void add_request(sim_har *har, sy_buf *out, const sy_http_request *request)
{
    sy_buf_add_str(out, SY_STR("\"request\":{"));
    add_text(out, "method", request->method, ",");
    add_name(out, "url");
    sy_buf_add_str(out, SY_STR("\"http://"));
    sy_buf_add_str(out, SIM_TEXT_HOST);
    sy_buf_add_str(out, request->target); /* percent-encoded: nothing for JSON to escape */
    sy_buf_add_str(out, SY_STR("\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"));
    add_headers(out, request->headers, request->header_count, true, request->body.size > 0,
                request->body.size);
    add_query(har, out, request->target);
    if (request->body.size > 0) {
        sy_buf_add_str(out, SY_STR("\"postData\":{"));
        add_text(out, "mimeType", SY_STR("application/json"), ",");
        add_text(out, "text", request->body, "},");
    }
    add_number(out, "headersSize", (int64_t)sy_http_request_head_size(request, SIM_TEXT_HOST), ",");
    add_number(out, "bodySize", (int64_t)request->body.size, "},");
}

static void add_no_response(sy_buf *out, sy_str why)
{
    sy_buf_add_str(
        out, SY_STR("\"response\":{\"status\":0,\"statusText\":\"\",\"httpVersion\":\"HTTP/1.1\","
                    "\"cookies\":[],\"headers\":[],\"content\":{\"size\":0,\"mimeType\":"
                    "\"x-unknown\"},\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":-1,"));
    add_text(out, "_error", why, "},");
}

static void add_response(sy_buf *out, const sy_http_response *response)
{
    const sy_str type =
        sy_http_header(response->headers, response->header_count, SY_STR("Content-Type"), NULL);
    const bool has_length = response->status != 204 && response->status != 304;
    sy_buf_add_str(out, SY_STR("\"response\":{"));
    add_number(out, "status", response->status, ",");
    add_text(out, "statusText", sy_str_of(sy_http_reason(response->status)), ",");
    sy_buf_add_str(out, SY_STR("\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"));
    add_headers(out, response->headers, response->header_count, false, has_length,
                response->body.size);
    sy_buf_add_str(out, SY_STR("\"content\":{"));
    add_number(out, "size", (int64_t)response->body.size, ",");
    add_text(out, "mimeType", type.size > 0 ? type : SY_STR("x-unknown"), ",");
    add_text(out, "text", response->body, "},\"redirectURL\":\"\",");
    add_number(out, "headersSize", (int64_t)sy_http_response_head_size(response), ",");
    add_number(out, "bodySize", (int64_t)response->body.size, "},");
}

/* The server's part is the wait, the way back the receipt. */
static void add_timings(sy_buf *out, const exchange *item, sy_time took, bool answered)
{
    const sy_time wait = answered ? item->answered - item->began : took;
    sy_buf_add_str(out, SY_STR("\"cache\":{},\"timings\":{\"blocked\":-1,\"dns\":-1,\"connect\":-1,"
                               "\"send\":0,"));
    add_ms(out, "wait", wait, ",");
    add_ms(out, "receive", took - wait, ",\"ssl\":-1}");
}

static void add_entry(sim_har *har, sy_buf *out, const exchange *item)
{
    const bool answered = item->has_response && sy_str_equal(item->result, SY_STR("ok"));
    const sy_time took = item->ended >= 0 ? item->ended - item->began : 0;
    sy_buf_add_str(out, SY_STR("{"));
    add_text(out, "pageref", sy_str_of(item->device), ",");
    add_moment(out, "startedDateTime", item->began, ",");
    add_ms(out, "time", took, ",");
    add_request(har, out, &item->request);
    if (answered) {
        add_response(out, &item->response);
    } else {
        add_no_response(out, item->result.size > 0 ? item->result : SY_STR("crashed"));
    }
    add_timings(out, item, took, answered);
    sy_buf_add_str(out, SY_STR("}"));
}

/* A page for each device, at its first request. */
static void add_pages(const sim_har *har, sy_buf *out)
{
    bool first = true;
    sy_buf_add_str(out, SY_STR("\"pages\":["));
    for (const exchange *item = har->first; item != NULL; item = item->next) {
        const exchange *before = har->first;
        while (before != item && before->device != item->device) {
            before = before->next;
        }
        if (before != item) {
            continue;
        }
        sy_buf_add_str(out, first ? SY_STR("{") : SY_STR(",{"));
        add_moment(out, "startedDateTime", item->began, ",");
        add_text(out, "id", sy_str_of(item->device), ",");
        add_text(out, "title", sy_str_of(item->device),
                 ",\"pageTimings\":{\"onContentLoad\":-1,\"onLoad\":-1}}");
        first = false;
    }
    sy_buf_add_str(out, SY_STR("],"));
}

bool sim_har_write(const sim_har *har, const char *version, sy_buf *out)
{
    sim_har scratch = {.alloc = har->alloc}; /* for what is decoded */
    sy_arena_init(&scratch.arena, har->alloc);
    sy_buf_add_str(out, SY_STR("{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"syncsim\","));
    add_text(out, "version", sy_str_of(version), "},\n");
    add_pages(har, out);
    sy_buf_add_str(out, SY_STR("\"entries\":["));
    for (const exchange *item = har->first; item != NULL; item = item->next) {
        sy_buf_add_str(out, item == har->first ? SY_STR("\n") : SY_STR(",\n"));
        add_entry(&scratch, out, item);
        sy_arena_reset(&scratch.arena);
    }
    sy_buf_add_str(out, SY_STR("\n]}}\n"));
    sy_arena_deinit(&scratch.arena);
    return !har->failed && !out->failed;
}

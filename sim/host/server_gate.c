/* What stands before the server: who is turned away without an answer of its own.
 *
 *   request --> open? --no--> 503       a maintenance window: nothing is served
 *          --> in the quota? --no--> 429     so many requests in each interval, of all devices
 *          --> a worker (server_job.c)
 *
 * A request that is turned away is never executed. It is a fault in the trace; its sender gets the
 * status, and how long it should wait (Retry-After, in the reason: no client of ours reads the
 * header, and the real ones do not either). */
#include "core/port/events.h"
#include "sim/host/server_internal.h"

/* -- scripted -- */

static void reopen(void *self)
{
    sim_server_host *host = self;
    if (host->gate.closed && host->world->now >= host->gate.closed_until) {
        host->gate.closed = false;
        sim_server_emit_change(host, "open");
    }
}

void sim_server_host_close_for(sim_server_host *host, sy_time duration_ns)
{
    server_gate *gate = &host->gate;
    gate->closed_until = host->world->now + duration_ns;
    if (!gate->closed) {
        gate->closed = true;
        sim_server_emit_change(host, "maintenance");
    }
    sim_world_at(host->world, gate->closed_until, reopen, host);
}

void sim_server_host_throttle(sim_server_host *host, uint32_t request_count, sy_time interval_ns)
{
    server_gate *gate = &host->gate;
    gate->quota = request_count;
    gate->interval_ns = interval_ns;
    gate->interval = -1;
    sim_server_emit_change(host, interval_ns > 0 ? "throttled" : "unthrottled");
}

void sim_server_host_heal(sim_server_host *host)
{
    if (host->gate.closed) {
        sim_server_emit_change(host, "open");
    }
    host->gate = (server_gate){0};
    sim_server_host_gather_notices(host, 0, false);
}

/* -- at the gate -- */

static void trace_both(sim_server_host *host, const sy_request *request, int status)
{
    const sy_tracer tracer = sim_tracer_port(&host->tracer);
    sy_trace(tracer, &sy_event_request, sy_cstr(sy_method_name(request->method)),
             sy_text(request->table), sy_text(request->id), sy_text(request->if_match),
             sy_text(request->installation_id), sy_text(request->operation_key));
    sy_trace(tracer, &sy_event_respond, sy_cstr(sy_method_name(request->method)),
             sy_text(request->table), sy_text(request->id), sy_int(status), sy_int(0),
             sy_text((sy_str){0}));
}

/* Takes the request. */
static void turn_away(sim_server_host *host, sim_message *request, int status, const char *fault,
                      sy_time wait_ns)
{
    sim_message *response = sim_message_get(&host->world->messages);
    if (response == NULL) {
        host->world->broken = SY_NOMEM;
        sim_message_put(&host->world->messages, request);
        return;
    }
    response->what = SIM_RESPONSE;
    response->response = (sy_response){.status = status, .rows.total = -1};
    const int64_t seconds = (wait_ns + SY_SECOND - 1) / SY_SECOND;
    response->response.reason =
        sy_arena_printf(&response->arena, "%s: retry after %lld s", fault, (long long)seconds);
    sim_server_emit_fault(host, request, fault, "gate");
    trace_both(host, &request->request, status);
    sim_server_send_answer(host, request, response);
}

/* The request in bad luck, whatever its sender is. */
static const sim_label throttled_label = {
    .name = "throttled",
    .fault = "server.throttled",
    .choice_class = SIM_WEATHER,
    .bound = 2,
    .key_parts = {"subject", "round", "attempt", "from"},
};
static const sim_label unavailable_label = {
    .name = "unavailable",
    .fault = "server.unavailable",
    .choice_class = SIM_WEATHER,
    .bound = 2,
    .key_parts = {"subject", "round", "attempt", "from"},
};

static bool is_drawn(const sim_server_host *host, const sim_label *label, int64_t rate,
                     const sim_message *request)
{
    const sy_request_key *key = &request->key;
    return rate > 0 &&
           sim_choose_permille(&host->gates, label,
                               SIM_KEY(key->subject, key->round, key->attempt, request->from),
                               (uint32_t)rate);
}

bool sim_server_gate_turns_away(sim_server_host *host, sim_message *request)
{
    if (is_drawn(host, &throttled_label, host->weather.throttled, request)) {
        turn_away(host, request, 429, "throttled", SY_SECOND);
        return true;
    }
    if (is_drawn(host, &unavailable_label, host->weather.unavailable, request)) {
        turn_away(host, request, 503, "unavailable", SY_SECOND);
        return true;
    }
    server_gate *gate = &host->gate;
    const sy_time now = host->world->now;
    if (gate->closed) {
        turn_away(host, request, 503, "maintenance", gate->closed_until - now);
        return true;
    }
    if (gate->interval_ns <= 0) {
        return false;
    }
    const int64_t interval = now / gate->interval_ns;
    if (interval != gate->interval) {
        gate->interval = interval;
        gate->served = 0;
    }
    if (gate->served < gate->quota) {
        gate->served++;
        return false;
    }
    turn_away(host, request, 429, "throttled", (interval + 1) * gate->interval_ns - now);
    return true;
}

/* A device's process around a client engine.
 *
 * What the app asks is handed to the engine at once; the engine runs in events of the world only,
 * never inside a call, so that `done` can do whatever it likes: call again, crash, restart. How
 * calls ended is kept (copied) until the run is over, and told at the virtual time at which the
 * store's work of that run is done: until then the host is busy, runs nothing, and what comes
 * meanwhile waits.
 *
 * A process that dies inside its engine (a store write at which it crashes) is only marked: the
 * engine winds down against a dead store, then it is freed. Calls that were open, or whose end
 * nobody heard of yet, end with SY_CRASHED, from an event of their own. The store survives by
 * sim_storage; the next process is another incarnation. */
#include "sim/host/client_host.h"

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/port/events.h"
#include "sim/host/client_internal.h"

static const sim_label identity_label = {
    .name = "identity",
    .choice_class = SIM_WORKLOAD,
    .key_parts = {"purpose", "number", "half", "incarnation"},
};

/* -- how calls end -- */

/* A store that is no store of ours any more: said once. */
static void note_damage(sim_client_host *host, sy_rc rc, const char *detail)
{
    if (rc == SY_CORRUPT && !host->damage_noted) {
        host->damage_noted = true;
        sim_trace_event(host->world, host->index, &sy_event_detect,
                        sy_cstr("the local store is damaged"), sy_cstr(""), sy_cstr(detail));
    }
}

static void listener_done(void *self, const sy_outcome *outcome)
{
    sim_client_host *host = self;
    note_damage(host, outcome->rc, outcome->err != NULL ? outcome->err->text : "");
    if (outcome->rc == SY_CRASHED) {
        host->crashing = true; /* the store says so: the call ends with the process */
        return;
    }
    sim_host_call *call = sim_call_list_take(&host->open, outcome->ticket);
    if (call == NULL) {
        return; /* told already that it died */
    }
    if (!sim_host_call_keep(call, outcome)) {
        host->world->broken = SY_NOMEM;
    }
    sim_call_list_add(&host->ended, call);
}

static void tell(sim_client_host *host, sim_host_call *call, sy_rc rc, const sy_outcome *outcome)
{
    if (call->done != NULL) {
        call->done(call->self, rc, outcome);
    }
    sim_host_call_put(host, call);
}

static void tell_dead(void *self)
{
    sim_client_host *host = self;
    if (host->dead_waits) {
        return; /* tell_ended comes to them */
    }
    for (sim_host_call *call = sim_call_list_pop(&host->dead); call != NULL;
         call = sim_call_list_pop(&host->dead)) {
        tell(host, call, SY_CRASHED, NULL);
    }
}

static void tell_ended(sim_client_host *host)
{
    for (sim_host_call *call = sim_call_list_pop(&host->ended); call != NULL;
         call = sim_call_list_pop(&host->ended)) {
        if (call->starts && call->outcome.rc == SY_OK && host->after_crash) {
            host->after_crash = false;
            sim_client_host_emit_scene(host);
        }
        const bool is_up = call->starts && host->dead_waits;
        tell(host, call, call->outcome.rc, &call->outcome);
        if (is_up) {
            host->dead_waits = false;
            tell_dead(host);
        }
    }
}

static void tell_when_done(void *self)
{
    sim_client_host *host = self;
    if (host->world->now >= host->busy_until && !host->frozen) {
        tell_ended(host);
    }
}

/* -- running -- */

static void close_decisions(sim_client_host *host)
{
    for (size_t i = 0; i < host->decision_count; i++) {
        sim_trace_event(host->world, host->index, &sim_event_decide,
                        sy_int(host->decisions[i].operation), sy_cstr("closed"));
    }
    host->decision_count = 0;
}

static void shut_down(sim_client_host *host, bool crashed)
{
    (void)sim_client_host_note_pulled(host);
    sy_client_free(host->client);
    host->client = NULL;
    host->store = (sy_store){0};
    host->config.storage.ops->close(host->config.storage.self, crashed);
    host->crashing = false;
}

static void die(sim_client_host *host, bool crashed)
{
    sim_client_host_emit_change(host, crashed ? "crashed" : "stopped");
    close_decisions(host);
    shut_down(host, crashed);
    host->after_crash = host->after_crash || crashed;
    host->busy_until = host->world->now;
    host->dead_waits = false;
    sim_client_host_forget_sent(host);
    sim_client_host_end_suspension(host);
    for (sim_host_call *call = sim_call_list_pop(&host->ended); call != NULL;
         call = sim_call_list_pop(&host->ended)) {
        sim_call_list_add(&host->dead, call);
    }
    for (sim_host_call *call = sim_call_list_pop(&host->open); call != NULL;
         call = sim_call_list_pop(&host->open)) {
        sim_call_list_add(&host->dead, call);
    }
    if (host->dead.first != NULL) {
        sim_world_after(host->world, 0, tell_dead, host);
    }
}

static void run_now(sim_client_host *host)
{
    host->turns++;
    host->run_cost_ns = sy_store_cost_ns(host->store);
    host->running = true;
    sy_client_run(host->client);
    host->running = false;
    if (host->crashing) {
        die(host, true);
        return;
    }
    sy_time cost = sy_store_cost_ns(host->store) - host->run_cost_ns;
    host->run_cost_ns += cost;
    if (cost > 0) {
        host->busy_until = host->world->now + cost;
        sim_world_at(host->world, host->busy_until, tell_when_done, host);
    } else {
        tell_ended(host);
    }
}

static void run_scheduled(void *self)
{
    sim_client_host *host = self;
    host->run_scheduled = false;
    if (host->client != NULL) {
        sim_client_host_run(host);
    }
}

/* Something was fed from outside an event: the engine runs in one, as soon as the host is free. */
static void schedule_run(sim_client_host *host)
{
    if (host->running || host->run_scheduled) {
        return;
    }
    sy_time now = host->world->now;
    host->run_scheduled = true;
    sim_world_at(host->world, host->busy_until > now ? host->busy_until : now, run_scheduled, host);
}

void sim_client_host_run(sim_client_host *host)
{
    if (host->frozen) {
        return; /* when it is resumed */
    }
    if (host->run_scheduled || host->running || host->world->now < host->busy_until) {
        schedule_run(host);
    } else {
        run_now(host);
    }
}

void sim_client_host_catch_up(sim_client_host *host)
{
    tell_when_done(host);
    (void)sim_client_host_time_out(host);
    if (host->client != NULL) {
        sim_client_host_run(host);
    }
}

/* -- ports of the engine -- */

static void identity_fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    sim_client_host *host = self;
    uint64_t hash = sy_hash(purpose.data, purpose.size, 0);
    for (uint64_t half = 0; half < 2; half++) {
        out[half] = sim_choose_bits(&host->identities, &identity_label,
                                    SIM_KEY(hash, n, half, host->incarnation));
    }
}

/* The handler is the owner's; in between, the trace notes how long a decision is open. */
static void handler_decide(void *self, const sy_attempt *attempt)
{
    sim_client_host *host = self;
    if (host->decision_count == host->decision_capacity) {
        sim_open_decision *grown =
            sy_alloc_grow(host->world->alloc, host->decisions, host->decision_count,
                          &host->decision_capacity, sizeof *grown);
        if (grown == NULL) {
            host->world->broken = SY_NOMEM;
            return;
        }
        host->decisions = grown;
    }
    host->decisions[host->decision_count++] =
        (sim_open_decision){attempt->decision_id, attempt->operation};
    sim_trace_event(host->world, host->index, &sim_event_decide, sy_int(attempt->operation),
                    sy_cstr("open"));
    sy_handler handler = host->config.client.handler;
    handler.ops->decide(handler.self, attempt);
}

static void handler_push_complete(void *self, uint64_t decision_id, const sy_push_result *result)
{
    sim_client_host *host = self;
    sy_handler handler = host->config.client.handler;
    handler.ops->push_complete(handler.self, decision_id, result);
}

static sy_handler handler_port(sim_client_host *host)
{
    static const sy_handler_ops decides = {.decide = handler_decide};
    static const sy_handler_ops both = {.decide = handler_decide,
                                        .push_complete = handler_push_complete};
    sy_handler inner = host->config.client.handler;
    if (inner.ops == NULL) {
        return inner;
    }
    return (sy_handler){.ops = inner.ops->push_complete != NULL ? &both : &decides,
                        .self = host,
                        .wants_started = inner.wants_started,
                        .wants_errors = inner.wants_errors};
}

static sy_client_config client_config(sim_client_host *host)
{
    static const sy_identity_ops identity_ops = {.fresh = identity_fresh};
    static const sy_listener_ops listener_ops = {.done = listener_done};
    sy_client_config config = host->config.client;
    config.alloc = host->world->alloc;
    config.store = host->store;
    config.transport = sim_client_host_transport(host);
    config.clock = sim_clock_port(&host->clock);
    config.identity = (sy_identity){.ops = &identity_ops, .self = host};
    config.tracer = sim_tracer_port(&host->tracer);
    config.listener = (sy_listener){.ops = &listener_ops, .self = host};
    config.handler = handler_port(host);
    return config;
}

/* -- life -- */

/* The next turn of a host's engine, what ends with the last one. */
static void identify_turn(const void *self, sim_identity *out)
{
    const sim_client_host *host = self;
    *out = (sim_identity){.host = host->index, .id = host->turns};
}

static const sim_source sources[] = {
    {run_scheduled, "runs", identify_turn},
    {tell_when_done, "ends calls", identify_turn},
    {tell_dead, "loses calls", identify_turn},
    {NULL, NULL, NULL},
};

sy_rc sim_client_host_new(sim_world *world, const sim_client_host_config *config,
                          sim_client_host **out, sy_err *err)
{
    sim_client_host *host = sy_alloc_zeroed(world->alloc, sizeof *host);
    if (host == NULL) {
        return sy_fail_nomem(err);
    }
    host->world = world;
    host->config = *config;
    host->online = true;
    sim_world_know(world, sources);
    sim_client_host_know_wire(world);
    sy_arena_init(&host->pulled_arena, world->alloc);
    if (sim_trace_add_host(world->trace, config->name, &host->index) != SY_OK) {
        sy_alloc_free(world->alloc, host, sizeof *host);
        return sy_fail_nomem(err);
    }
    sim_clock_init(&host->clock, world);
    host->tracer = (sim_tracer){.world = world, .host = host->index};
    host->identities = sim_stream_of(world->choice, config->name, "identity");
    *out = host;
    return SY_OK;
}

void sim_client_host_free(sim_client_host *host)
{
    if (host == NULL) {
        return;
    }
    if (host->client != NULL) {
        shut_down(host, false);
    }
    sim_client_host_drop_image(host);
    sim_call_list_free(host, &host->open);
    sim_call_list_free(host, &host->ended);
    sim_call_list_free(host, &host->dead);
    sy_alloc alloc = host->world->alloc;
    sy_alloc_free(alloc, host->sent, host->sent_capacity * sizeof *host->sent);
    sy_arena_deinit(&host->pulled_arena);
    sy_alloc_free(alloc, host->pulled, host->pulled_capacity * sizeof *host->pulled);
    sy_alloc_free(alloc, host->decisions, host->decision_capacity * sizeof *host->decisions);
    sy_alloc_free(alloc, host, sizeof *host);
}

static sy_rc submit(sim_client_host *host, const sy_call *call, sim_host_call *entry,
                    sy_ticket *ticket, sy_err *err)
{
    sy_rc rc = sy_client_submit(host->client, call, &entry->ticket, err);
    if (rc != SY_OK) {
        sim_host_call_put(host, entry);
        return rc;
    }
    sim_call_list_add(&host->open, entry);
    if (ticket != NULL) {
        *ticket = entry->ticket;
    }
    schedule_run(host);
    return SY_OK;
}

static void announce(sim_client_host *host)
{
    host->incarnation++;
    static const char *const stamps[] = {[SY_STAMP_WALL] = "wall",
                                         [SY_STAMP_LOCAL] = "local",
                                         [SY_STAMP_HLC] = "hlc",
                                         [SY_STAMP_LAMPORT] = "lamport"};
    if (!host->identity_told) {
        host->identity_told = true;
        sim_trace_event(host->world, host->index, &sim_event_identity, sy_cstr(host->config.name),
                        sy_text(host->config.client.installation_id),
                        sy_cstr(stamps[host->config.client.stamp]));
    }
    sim_client_host_emit_change(host, host->incarnation == 1 ? "started" : "restarted");
    if (!host->online || host->metered) {
        sy_client_connectivity(host->client, host->online, host->metered);
    }
}

sy_rc sim_client_host_start(sim_client_host *host, sim_done done, void *self, sy_err *err)
{
    if (host->client != NULL) {
        return SY_FAIL(err, SY_STATE, "%s is running already", host->config.name);
    }
    sim_host_call *entry = sim_host_call_get(host);
    if (entry == NULL) {
        return sy_fail_nomem(err);
    }
    sy_err own = {0};
    err = err != NULL ? err : &own;
    sy_rc rc = host->config.storage.ops->open(host->config.storage.self, &host->store, err);
    if (rc != SY_OK) {
        note_damage(host, rc, err->text);
        sim_host_call_put(host, entry);
        return sy_err_wrap(err, rc, "%s", host->config.name);
    }
    sy_client_config config = client_config(host);
    rc = sy_client_new(&config, &host->client, err);
    if (rc != SY_OK) {
        sim_host_call_put(host, entry);
        host->config.storage.ops->close(host->config.storage.self, false);
        return rc;
    }
    announce(host);
    entry->done = done;
    entry->self = self;
    entry->starts = true;
    rc = submit(host, &(sy_call){.verb = SY_VERB_INITIALIZE}, entry, NULL, err);
    if (rc != SY_OK) {
        shut_down(host, false);
    }
    return rc;
}

sy_rc sim_client_host_come_back(sim_client_host *host)
{
    if (sim_client_host_up(host)) {
        return SY_OK;
    }
    const sy_rc rc = sim_client_host_start(host, NULL, NULL, NULL);
    host->dead_waits = rc == SY_OK;
    return rc;
}

sy_rc sim_client_host_set_tables(sim_client_host *host, const sy_client_table *tables,
                                 uint32_t count, sy_err *err)
{
    SY_ASSERT(host->client == NULL);
    host->config.client.tables = tables;
    host->config.client.table_count = count;
    return sim_client_host_move_pulled(host, err);
}

void sim_client_host_log_in(sim_client_host *host, sy_str user)
{
    host->user = user;
    sim_client_host_emit_change(host, user.size > 0 ? "logged in" : "logged out");
}

void sim_client_host_crash(sim_client_host *host)
{
    if (!sim_client_host_up(host)) {
        return;
    }
    if (host->running) {
        host->crashing = true;
    } else {
        die(host, true);
    }
}

void sim_client_host_stop(sim_client_host *host)
{
    SY_ASSERT(!host->running);
    if (sim_client_host_up(host)) {
        die(host, false);
    }
}

bool sim_client_host_up(const sim_client_host *host)
{
    return host->client != NULL && !host->crashing;
}

uint64_t sim_client_host_incarnation(const sim_client_host *host)
{
    return host->incarnation;
}

/* -- what the app does -- */

static sy_rc check_up(const sim_client_host *host, sy_err *err)
{
    return sim_client_host_up(host)
               ? SY_OK
               : SY_FAIL(err, SY_STATE, "%s is not running", host->config.name);
}

sy_rc sim_client_host_call(sim_client_host *host, const sy_call *call, sim_done done, void *self,
                           sy_ticket *ticket, sy_err *err)
{
    sy_rc rc = check_up(host, err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_host_call *entry = sim_host_call_get(host);
    if (entry == NULL) {
        return sy_fail_nomem(err);
    }
    entry->done = done;
    entry->self = self;
    entry->starts = false;
    return submit(host, call, entry, ticket, err);
}

bool sim_client_host_cancel(sim_client_host *host, sy_ticket ticket)
{
    if (!sim_client_host_up(host) || !sy_client_cancel(host->client, ticket)) {
        return false;
    }
    schedule_run(host);
    return true;
}

static void close_decision(sim_client_host *host, uint64_t decision_id)
{
    for (size_t i = 0; i < host->decision_count; i++) {
        if (host->decisions[i].decision_id == decision_id) {
            sim_trace_event(host->world, host->index, &sim_event_decide,
                            sy_int(host->decisions[i].operation), sy_cstr("closed"));
            host->decisions[i] = host->decisions[--host->decision_count];
            return;
        }
    }
}

sy_rc sim_client_host_decide(sim_client_host *host, uint64_t decision_id,
                             const sy_decision *decision, sy_err *err)
{
    sy_rc rc = check_up(host, err);
    if (rc == SY_OK) {
        rc = sy_client_decide(host->client, decision_id, decision, err);
    }
    if (rc == SY_OK) {
        close_decision(host, decision_id);
        schedule_run(host);
    }
    return rc;
}

sy_rc sim_client_host_push_completed(sim_client_host *host, uint64_t decision_id, sy_rc rc,
                                     sy_err *err)
{
    sy_rc checked = check_up(host, err);
    if (checked == SY_OK) {
        checked = sy_client_push_completed(host->client, decision_id, rc, err);
    }
    if (checked == SY_OK) {
        schedule_run(host);
    }
    return checked;
}

void sim_client_host_connectivity(sim_client_host *host, bool online, bool metered)
{
    host->online = online;
    host->metered = metered;
    if (sim_client_host_up(host)) {
        sy_client_connectivity(host->client, online, metered);
        schedule_run(host);
    }
}

/* -- looking -- */

uint32_t sim_client_host_index(const sim_client_host *host)
{
    return host->index;
}

const char *sim_client_host_name(const sim_client_host *host)
{
    return host->config.name;
}

sim_clock *sim_client_host_clock(sim_client_host *host)
{
    return &host->clock;
}

sy_client *sim_client_host_client(sim_client_host *host)
{
    return host->crashing ? NULL : host->client;
}

sy_store sim_client_host_store(sim_client_host *host)
{
    return host->store;
}

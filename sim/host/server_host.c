/* The server's machine.
 *
 *   request --> queue --> a worker's job (server_job.c) --> answer
 *
 * A crash may come from inside the store, under a transaction that is being ended: the process then
 * dies as soon as that call is out of the server.
 *
 * A request that finds the process down, or dies with it, is a fault in the trace; its sender hears
 * nothing and times out. */
#include "sim/host/server_internal.h"

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/server/router.h"

#define WORKER_COUNT_DEFAULT 4

static const sim_label identity_label = {
    .name = "identity",
    .choice_class = SIM_WORKLOAD,
    .key_parts = {"purpose", "number", "half", "history"},
};

/* -- ports -- */

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    const sim_server_host *host = self;
    uint64_t what = sy_hash(purpose.data, purpose.size, 0);
    out[0] = sim_choose_bits(&host->identity, &identity_label, SIM_KEY(what, n, 0, host->history));
    out[1] = sim_choose_bits(&host->identity, &identity_label, SIM_KEY(what, n, 1, host->history));
}

static const sy_identity_ops identity_ops = {fresh};

static sy_time clock_now(void *self)
{
    const sim_server_host *host = self;
    return sim_clock_now(&host->clocks[host->serving]);
}

static const sy_clock_ops clock_ops = {.now = clock_now};

static const sy_notifier_ops notifier_ops = {sim_server_notify};

/* -- life -- */

/* The tables over the server's own schemas: they live as long as the world, as the store may. */
sy_rc sim_server_make_tables(sim_server_host *host, sy_err *err)
{
    sy_server_config *server = &host->config.server;
    sy_arena *arena = &host->world->arena;
    sy_server_table *tables = sy_arena_push(arena, (server->table_count + 1) * sizeof *tables);
    if (tables == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < server->table_count; i++) {
        tables[i] = server->tables[i];
        sy_rc rc = sy_server_schema_new(server->dialect, &server->tables[i], arena,
                                        &tables[i].schema, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    server->tables = tables;
    server->schemas = arena;
    server->epoch = sy_arena_copy(arena, server->epoch.size > 0 ? server->epoch : SY_STR("1"));
    return server->epoch.data == NULL ? sy_fail_nomem(err) : SY_OK;
}

sy_rc sim_server_host_new(sim_world *world, const sim_server_host_config *config,
                          sim_server_host **out, sy_err *err)
{
    SY_ASSERT(config->send != NULL && config->storage.ops != NULL);
    sim_server_host *host = sy_alloc_zeroed(world->alloc, sizeof *host);
    if (host == NULL) {
        return sy_fail_nomem(err);
    }
    host->world = world;
    host->config = *config;
    host->notifies = config->server.notifies;
    sim_server_jobs_know(world);
    host->config.server.notifies = true; /* the host decides, so that it can change its mind */
    if (host->config.instances == 0) {
        host->config.instances = 1;
    }
    SY_ASSERT(host->config.instances <= SIM_INSTANCE_COUNT_MAX);
    if (host->config.workers == 0) {
        host->config.workers = WORKER_COUNT_DEFAULT;
    }
    sy_rc rc = sim_server_make_tables(host, err);
    if (rc == SY_OK && sim_trace_add_host(world->trace, config->name, &host->index) != SY_OK) {
        rc = sy_fail_nomem(err);
    }
    if (rc != SY_OK) {
        sy_alloc_free(world->alloc, host, sizeof *host);
        return rc;
    }
    for (uint32_t i = 0; i < SIM_INSTANCE_COUNT_MAX; i++) {
        sim_clock_init(&host->clocks[i], world);
    }
    host->tracer = (sim_tracer){.world = world, .host = host->index};
    host->identity = sim_stream_of(world->choice, config->name, "identity");
    host->gates = sim_stream_of(world->choice, config->name, "gate");
    host->commits = sim_stream_of(world->choice, config->name, "commit");
    *out = host;
    return SY_OK;
}

void sim_server_emit_change(const sim_server_host *host, const char *change)
{
    sim_trace_event(host->world, host->index, &sim_event_host, sy_cstr(host->config.name),
                    sy_cstr(change));
}

void sim_server_emit_fault(const sim_server_host *host, const sim_message *message,
                           const char *fault, const char *cause)
{
    static const char *const whats[] = {
        [SIM_REQUEST] = "request", [SIM_RESPONSE] = "response", [SIM_NOTICE] = "notice"};
    const uint32_t sender = message->what == SIM_REQUEST ? message->from : message->to;
    sim_trace_event(host->world, host->index, &sim_event_fault, sy_int((int64_t)message->id),
                    sy_cstr(whats[message->what]), sy_cstr(fault), sy_cstr(cause), sy_int(sender),
                    sy_int((int64_t)message->send_id));
}

sy_rc sim_server_host_start(sim_server_host *host, sy_err *err)
{
    if (host->server != NULL) {
        return SY_FAIL(err, SY_STATE, "the server is running");
    }
    const sim_storage *storage = &host->config.storage;
    sy_rc rc = storage->ops->open(storage->self, &host->store, err);
    if (rc != SY_OK) {
        return sy_err_wrap(err, rc, "server");
    }
    sy_server_config config = host->config.server;
    config.alloc = host->world->alloc;
    config.store = host->store;
    config.clock = (sy_clock){&clock_ops, host};
    config.identity = (sy_identity){&identity_ops, host};
    config.tracer = sim_tracer_port(&host->tracer);
    config.notifier = (sy_notifier){&notifier_ops, host};
    host->inside = true;
    rc = sy_server_open(&config, &host->server, err);
    host->inside = false;
    bool crashed = host->dying;
    host->dying = false;
    if (rc == SY_OK && crashed) {
        sy_server_close(host->server);
        rc = SY_FAIL(err, SY_CRASHED, "the server died as it started");
    }
    if (rc != SY_OK) {
        host->server = NULL;
        storage->ops->close(storage->self, crashed);
        return rc;
    }
    sim_server_emit_change(host, host->ran_before ? "restarted" : "started");
    if (host->config.server.deletes_do_not_stamp && !host->ran_before) {
        sim_trace_event(host->world, host->index, &sim_event_breach, sy_cstr(host->config.name),
                        sy_cstr("deletes do not stamp"));
    }
    host->ran_before = true;
    return SY_OK;
}

bool sim_server_host_up(const sim_server_host *host)
{
    return host->server != NULL && !host->dying;
}

void sim_server_lose(sim_server_host *host, sim_message *message, const char *fault,
                     const char *cause)
{
    sim_server_emit_fault(host, message, fault, cause);
    sim_message_put(&host->world->messages, message);
}

void sim_server_die(sim_server_host *host)
{
    host->dying = false;
    sim_server_emit_change(host, "crashed");
    sim_server_jobs_kill(host);
    while (host->first != NULL) {
        sim_message *message = host->first;
        host->first = message->next;
        sim_server_lose(host, message, "lost", "server crashed");
    }
    host->last = NULL;
    sim_server_drop_notices(host);
    sy_server_close(host->server);
    host->server = NULL;
    host->config.storage.ops->close(host->config.storage.self, true);
}

void sim_server_host_crash(sim_server_host *host)
{
    if (host->inside) { /* its store died under it */
        host->dying = true;
        return;
    }
    if (host->server != NULL) {
        sim_server_die(host);
    }
}

sy_rc sim_server_host_save(sim_server_host *host, struct sim_image **out, sy_err *err)
{
    const sim_storage *storage = &host->config.storage;
    return storage->ops->save(storage->self, out, err);
}

sy_rc sim_server_host_load(sim_server_host *host, const struct sim_image *image, const char *epoch,
                           sy_err *err)
{
    const sim_storage *storage = &host->config.storage;
    if (host->server != NULL) {
        return SY_FAIL(err, SY_STATE, "the server is running");
    }
    sy_rc rc = storage->ops->load(storage->self, image, err);
    if (rc != SY_OK) {
        return rc;
    }
    host->history++;
    if (epoch != NULL) {
        host->config.server.epoch = sy_str_of(epoch);
    }
    sim_trace_event(host->world, host->index, &sim_event_breach, sy_cstr(host->config.name),
                    sy_cstr(epoch != NULL ? "server restored" : "server failed over"));
    return SY_OK;
}

void sim_server_host_free(sim_server_host *host)
{
    if (host == NULL) {
        return;
    }
    if (host->server != NULL) {
        sy_server_close(host->server);
        host->config.storage.ops->close(host->config.storage.self, false);
    }
    sim_server_weather_end(host);
    sim_server_jobs_free(host);
    sy_alloc_free(host->world->alloc, host, sizeof *host);
}

/* -- serving -- */

void sim_server_send_answer(sim_server_host *host, sim_message *request, sim_message *response)
{
    response->from = host->index;
    response->to = request->from;
    response->send_id = request->send_id;
    response->incarnation = request->incarnation;
    response->key = request->key;
    if (host->config.answering != NULL) {
        host->config.answering(host->config.send_self, request, response);
    }
    sim_message_put(&host->world->messages, request);
    host->config.send(host->config.send_self, response);
}

static void receive(void *self, sim_message *message)
{
    sim_server_host *host = self;
    if (!sim_server_host_up(host)) {
        sim_server_lose(host, message, "refused", "server down");
        return;
    }
    SY_ASSERT(message->what == SIM_REQUEST);
    if (sim_server_gate_turns_away(host, message)) {
        return;
    }
    message->next = NULL;
    if (host->last != NULL) {
        host->last->next = message;
    } else {
        host->first = message;
    }
    host->last = message;
    sim_server_dispatch(host);
}

static const sim_receiver_ops receiver_ops = {.receive = receive};

sim_receiver sim_server_host_receiver(sim_server_host *host)
{
    return (sim_receiver){&receiver_ops, host};
}

static sy_rc enter_office(sim_server_host *host, sy_err *err)
{
    if (!sim_server_host_up(host) || host->inside) {
        return SY_FAIL(err, SY_STATE, "the server is %s", host->inside ? "busy" : "down");
    }
    host->about = (sy_request_key){.attempt = ++host->office_count};
    host->serving = 0;
    host->inside = true;
    return SY_OK;
}

sy_rc sim_server_leave(sim_server_host *host, sy_rc rc, sy_err *err)
{
    host->inside = false;
    if (host->dying) {
        sim_server_die(host);
        return SY_FAIL(err, SY_CRASHED, "the server died");
    }
    return rc;
}

sy_rc sim_server_host_serve(sim_server_host *host, const sy_request *request, sy_arena *arena,
                            sy_response *out, sy_err *err)
{
    sy_rc rc = enter_office(host, err);
    if (rc == SY_OK) {
        rc = sim_server_leave(host, sy_server_serve(host->server, request, arena, out, err), err);
    }
    return rc;
}

sy_rc sim_server_host_serve_http(sim_server_host *host, const sy_http_request *request,
                                 sy_arena *arena, sy_http_response *out, sy_err *err)
{
    sy_rc rc = enter_office(host, err);
    if (rc == SY_OK) {
        rc = sim_server_leave(host, sy_router_answer(host->server, request, arena, out, err), err);
    }
    return rc;
}

void sim_server_host_set_notifies(sim_server_host *host, bool notifies)
{
    host->notifies = notifies;
}

uint32_t sim_server_host_index(const sim_server_host *host)
{
    return host->index;
}

sim_clock *sim_server_host_clock(sim_server_host *host, uint32_t instance)
{
    SY_ASSERT(instance < host->config.instances);
    return &host->clocks[instance];
}

uint32_t sim_server_host_instances(const sim_server_host *host)
{
    return host->config.instances;
}

sy_server *sim_server_host_server(sim_server_host *host)
{
    return sim_server_host_up(host) ? host->server : NULL;
}

sy_time sim_server_host_service_ns(const sim_server_host *host)
{
    return host->config.service_ns > host->config.commit_ns ? host->config.service_ns
                                                            : host->config.commit_ns;
}

const sy_server_dialect *sim_server_host_dialect(const sim_server_host *host)
{
    return host->config.server.dialect;
}

bool sim_server_host_breaks_links(const sim_server_host *host)
{
    const sy_server_config *config = &host->config.server;
    return config->dialect->next_is_broken && !config->next_is_mended;
}

const sy_schema *sim_server_host_schema(const sim_server_host *host, sy_str table)
{
    if (host->server != NULL) {
        return sy_server_schema(host->server, table);
    }
    const sy_server_config *config = &host->config.server;
    for (uint32_t i = 0; i < config->table_count; i++) {
        if (sy_str_equal_nocase(config->tables[i].schema->name, table)) {
            return config->tables[i].schema;
        }
    }
    return NULL;
}

/* Wires hosts, links and stores of one world together. A message's way: the host's `send` fills in
 * who it is for and gives it to the link of the device concerned; the link gives it to the receiver
 * at its other end. */
#include "sim/run/simulation.h"

#include "core/base/check.h"
#include "core/port/events.h"
#include "sim/run/simulation_internal.h"

#include <string.h>

#define SERVER_JOURNAL_MODE "TRUNCATE"
#define SERVER_SYNCHRONOUS  "FULL"

static void read_host(void *self, const sim_event *event)
{
    sim_simulation *simulation = self;
    if (sy_str_equal(sy_value_str(&event->fields[1]), SY_STR("crashed"))) {
        simulation->crashes++;
    }
}

sy_rc sim_simulation_new(sy_alloc alloc, const sim_options *options, sim_simulation **out,
                         sy_err *err)
{
    sy_rc rc = sim_vfs_install(err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_simulation *simulation = sy_alloc_zeroed(alloc, sizeof *simulation);
    if (simulation == NULL) {
        return sy_fail_nomem(err);
    }
    sy_pool_init(&simulation->pool, alloc);
    simulation->alloc = sy_pool_port(&simulation->pool);
    simulation->options = *options;
    simulation->options.seed = options->seed == 0 ? 1 : options->seed;
    rc = sim_world_init(&simulation->world, simulation->alloc, simulation->options.seed,
                        options->calm, err);
    if (rc != SY_OK) {
        sy_pool_deinit(&simulation->pool);
        sy_alloc_free(alloc, simulation, sizeof *simulation);
        return rc;
    }
    sim_vfs_reset_random(simulation->options.seed);
    sim_choice_set_sky(simulation->world.choice, simulation->options.sky);
    if (options->record != NULL) {
        sim_choice_record(simulation->world.choice);
    }
    if (options->census != NULL) {
        sim_choice_count(simulation->world.choice, options->census);
    }
    if (options->record_offers) {
        sim_choice_record_offers(simulation->world.choice);
    }
    if (options->orders && sim_order_open(&simulation->world, options->window_ns) != SY_OK) {
        sim_simulation_free(simulation);
        return sy_fail_nomem(err);
    }
    if (options->orders && options->pct_depth > 0) {
        sim_order_random(&simulation->world, options->pct_number, options->pct_depth,
                         options->pct_steps);
    }
    if (options->draws_nothing) {
        sim_choice_draw_nothing(simulation->world.choice);
    }
    if (options->choices != NULL) {
        rc = sim_choice_list_force(options->choices, simulation->world.choice, err);
        if (rc != SY_OK) {
            sim_simulation_free(simulation);
            return rc;
        }
    }
    const sy_event_kind *kinds[] = {&sim_event_host};
    rc = sim_trace_read(simulation->world.trace, read_host, simulation, kinds, 1);
    if (rc != SY_OK) {
        sim_simulation_free(simulation);
        return sy_fail_nomem(err);
    }
    *out = simulation;
    return SY_OK;
}

static void device_free(sim_device *device)
{
    sim_client_host_free(device->host);
    sim_run_storage_deinit(&device->storage);
    sy_alloc_free(device->simulation->alloc, device, sizeof *device);
}

void sim_simulation_free(sim_simulation *simulation)
{
    if (simulation == NULL) {
        return;
    }
    sy_alloc alloc = simulation->alloc;
    for (size_t i = 0; i < simulation->device_count; i++) {
        device_free(simulation->devices[i]);
    }
    sim_server_host_free(simulation->server);
    sim_backups_free(simulation);
    sim_demand_watch_end(simulation);
    sim_run_storage_deinit(&simulation->server_storage);
    sy_alloc_free(alloc, simulation->devices,
                  simulation->device_capacity * sizeof *simulation->devices);
    sy_alloc_free(alloc, simulation->notified,
                  simulation->notified_capacity * sizeof *simulation->notified);
    sy_alloc_free(alloc, simulation->by_host,
                  simulation->by_host_count * sizeof *simulation->by_host);
    sim_world_deinit(&simulation->world);
    alloc = simulation->pool.alloc;
    sy_pool_deinit(&simulation->pool);
    sy_alloc_free(alloc, simulation, sizeof *simulation);
}

sim_world *sim_simulation_world(sim_simulation *simulation)
{
    return &simulation->world;
}

const sim_options *sim_simulation_options(const sim_simulation *simulation)
{
    return &simulation->options;
}

bool sim_simulation_follows(const sim_simulation *simulation)
{
    return simulation->follows;
}

void sim_simulation_follow(sim_simulation *simulation)
{
    simulation->follows = true;
}

void sim_simulation_log(sim_simulation *simulation, const sim_text_log *log)
{
    SY_ASSERT(simulation->device_count == 0);
    simulation->log = *log;
    simulation->options.codec = true;
}

/* -- the server -- */

static const sy_dialect *client_dialect(const sim_simulation *simulation)
{
    return simulation->options.dialect != NULL ? simulation->options.dialect
                                               : &sy_dialect_mobile_apps;
}

const sy_server_dialect *sim_server_dialect_for(const sy_dialect *client)
{
    return sy_server_dialect_find(sy_str_of(client->server));
}

static const sy_server_dialect *server_dialect(sim_simulation *simulation,
                                               const sim_server_options *options)
{
    if (options->dialect != NULL) {
        return options->dialect;
    }
    simulation->follows = true;
    if (simulation->options.server != NULL) {
        return simulation->options.server;
    }
    return sim_server_dialect_for(client_dialect(simulation));
}

static void server_send(void *self, sim_message *message)
{
    sim_simulation *simulation = self;
    sim_device *device =
        message->to < simulation->by_host_count ? simulation->by_host[message->to] : NULL;
    SY_ASSERT(device != NULL);
    message->incarnation = message->what == SIM_NOTICE ? 0 : message->incarnation;
    sim_link_send(&device->link, message);
}

/* The answer is ready, its request is still there. */
static void server_answering(void *self, const sim_message *request, sim_message *response)
{
    sim_simulation *simulation = self;
    const sim_device *device = simulation->by_host[request->from];
    if (simulation->options.sizes || device->link.weather.down_rate > 0) {
        response->size = sim_codec_response_size(device, request, response);
        simulation->bytes_down += simulation->options.sizes ? response->size : 0;
    }
    if (device->schemas != NULL && !sim_codec_response(device, request, response)) {
        simulation->world.broken = SY_NOMEM;
    }
}

static bool server_installation(void *self, uint32_t number, uint32_t *host,
                                sy_str *installation_id)
{
    const sim_simulation *simulation = self;
    if (number >= simulation->notified_count) {
        return false;
    }
    const sim_device *device = simulation->notified[number];
    *host = sim_client_host_index(device->host);
    *installation_id = sim_client_host_installation(device->host);
    return true;
}

static void server_store_crashed(void *self, bool drawn)
{
    sim_simulation *simulation = self;
    (void)drawn;
    sim_trace_event(&simulation->world, sim_server_host_index(simulation->server),
                    &sim_event_store_fault, sy_cstr("crash"),
                    sy_int((int64_t)simulation->server_storage.faulty.writes));
    sim_server_host_crash(simulation->server);
}

/* A copy that lives as long as the world. */
static void *keep(sim_simulation *simulation, const void *items, size_t size)
{
    void *copy = sy_arena_push(&simulation->world.arena, size);
    if (copy != NULL && size > 0) {
        memcpy(copy, items, size);
    }
    return copy;
}

static void set_clock(sim_clock *clock, const sim_clock_options *options)
{
    sim_clock_step(clock, options->offset_ns);
    sim_clock_set_drift(clock, options->drift_ppm);
    if (options->resolution_ns > 0) {
        clock->resolution_ns = options->resolution_ns;
    }
}

static sy_rc make_server(sim_simulation *simulation, const sim_server_options *options,
                         const sy_server_table *tables, sy_err *err)
{
    sim_server_host_config config = {
        .name = "server",
        .server = {.dialect = server_dialect(simulation, options),
                   .tables = tables,
                   .table_count = options->table_count,
                   .page_size = options->page_size,
                   .next_is_mended = options->mends_links,
                   .notifies = options->notifies,
                   .deletes_do_not_stamp = options->deletes_do_not_stamp},
        .storage = sim_run_storage_port(&simulation->server_storage),
        .workers = options->workers,
        .instances = options->instance_count,
        .service_ns = options->service_ns,
        .service_spread = options->service_spread,
        .commit_ns = options->commit_ns,
        .commit_spread_ns = options->commit_spread_ns,
        .answering = server_answering,
        .send = server_send,
        .send_self = simulation,
        .installation = server_installation,
        .installation_self = simulation,
    };
    sy_rc rc = sim_server_host_new(&simulation->world, &config, &simulation->server, err);
    if (rc != SY_OK) {
        return rc;
    }
    for (uint32_t i = 0; i < sim_server_host_instances(simulation->server); i++) {
        set_clock(sim_server_host_clock(simulation->server, i),
                  options->instance_count > 0 ? &options->instances[i] : &options->clock);
    }
    sim_weather weather = options->weather;
    sim_weather_answer(&simulation->options.weather, simulation->world.choice, &weather);
    sim_server_host_set_weather(simulation->server, &weather.server);
    simulation->server_storage.faulty.crashed = server_store_crashed;
    simulation->server_storage.faulty.crashed_self = simulation;
    return sim_server_host_start(simulation->server, err);
}

sy_rc sim_simulation_add_server(sim_simulation *simulation, const sim_server_options *options,
                                sy_err *err)
{
    if (simulation->server != NULL) {
        return SY_FAIL(err, SY_STATE, "there is a server already");
    }
    const sy_server_table *tables =
        keep(simulation, options->tables, options->table_count * sizeof *tables);
    if (tables == NULL) {
        return sy_fail_nomem(err);
    }
    simulation->server_storage = (sim_run_storage){.kind = options->store,
                                                   .journal_mode = SERVER_JOURNAL_MODE,
                                                   .synchronous = SERVER_SYNCHRONOUS};
    sy_rc rc = sim_run_storage_init(&simulation->server_storage, simulation->alloc, err);
    return rc == SY_OK ? make_server(simulation, options, tables, err) : rc;
}

sim_server_host *sim_simulation_server(sim_simulation *simulation)
{
    return simulation->server;
}

/* -- devices -- */

static void device_send(void *self, sim_message *message)
{
    sim_device *device = self;
    message->to = sim_server_host_index(device->simulation->server);
    if (device->simulation->options.sizes || device->link.weather.up_rate > 0) {
        message->size = sim_codec_request_size(device, message);
        device->simulation->bytes_up += device->simulation->options.sizes ? message->size : 0;
    }
    if (device->schemas != NULL && !sim_codec_request(device, message)) {
        device->simulation->world.broken = SY_NOMEM;
    }
    sim_link_send(&device->link, message);
}

static void device_comes_back(void *self)
{
    sim_device *device = self;
    if (sim_client_host_come_back(device->host) == SY_NOMEM) {
        device->simulation->world.broken = SY_NOMEM;
    }
}

/* One that dies by itself comes back at once; who killed it on purpose starts it again. */
static void device_store_crashed(void *self, bool drawn)
{
    sim_device *device = self;
    if (drawn) {
        sim_world_after(&device->simulation->world, 0, device_comes_back, device);
    } else {
        sim_trace_event(&device->simulation->world, sim_client_host_index(device->host),
                        &sim_event_store_fault, sy_cstr("crash"),
                        sy_int((int64_t)device->storage.faulty.writes));
    }
    sim_client_host_crash(device->host);
}

static void device_link_changed(void *self, bool online, bool metered)
{
    sim_device *device = self;
    sim_client_host_connectivity(device->host, online, metered);
}

static sy_rc add_to_list(sim_simulation *simulation, sim_device ***items, size_t *count,
                         size_t *capacity, sim_device *device)
{
    sim_device **grown =
        sy_alloc_grow(simulation->alloc, *items, *count, capacity, sizeof(sim_device *));
    if (grown == NULL) {
        return SY_NOMEM;
    }
    *items = grown;
    grown[(*count)++] = device;
    return SY_OK;
}

static sy_rc index_by_host(sim_simulation *simulation, sim_device *device)
{
    size_t host = sim_client_host_index(device->host);
    if (host >= simulation->by_host_count) {
        size_t count = 2 * (host + 1);
        sim_device **grown = sy_alloc_resize(simulation->alloc, simulation->by_host,
                                             simulation->by_host_count * sizeof(sim_device *),
                                             count * sizeof(sim_device *));
        if (grown == NULL) {
            return SY_NOMEM;
        }
        for (size_t i = simulation->by_host_count; i < count; i++) {
            grown[i] = NULL;
        }
        simulation->by_host = grown;
        simulation->by_host_count = count;
    }
    simulation->by_host[host] = device;
    return SY_OK;
}

static sy_rc make_host(sim_device *device, const sim_device_config *config,
                       const sy_dialect *dialect, sy_err *err)
{
    const sy_server_dialect *server = sim_server_host_dialect(device->simulation->server);
    sim_client_host_config host = {
        .name = device->name,
        .client = {.dialect = dialect,
                   .server_wire = sy_wire_between(dialect->wire, server->wire).server,
                   .client_id = sy_str_of(device->name),
                   .installation_id = sy_str_of(device->name),
                   .tables = device->tables,
                   .table_count = device->table_count,
                   .auto_sync = config->auto_sync,
                   .stamp = config->stamp,
                   .parallel = config->parallel,
                   .pull_on_notice = config->pull_on_notice,
                   .handler = config->handler},
        .storage = sim_run_storage_port(&device->storage),
        .send = device_send,
        .send_self = device,
        .timeout_ns = config->timeout_ns,
    };
    sy_rc rc = sim_client_host_new(&device->simulation->world, &host, &device->host, err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_clock *clock = sim_client_host_clock(device->host);
    sim_clock_step(clock, config->clock_offset_ns);
    sim_clock_set_drift(clock, config->clock_drift_ppm);
    clock->zone_ns = config->clock_zone_ns;
    if (config->clock_resolution_ns > 0) {
        clock->resolution_ns = config->clock_resolution_ns;
    }
    return SY_OK;
}

/* A copy that lives as long as the world; NULL of NULL, and where there is no memory: then the link
 * is alone in its weather, and the world broken. */
static const char *keep_text(sim_simulation *simulation, const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    const char *kept = sy_arena_copy(&simulation->world.arena, sy_str_of(text)).data;
    if (kept == NULL) {
        simulation->world.broken = SY_NOMEM;
    }
    return kept;
}

static void wire(sim_device *device, const sim_device_config *config)
{
    sim_simulation *simulation = device->simulation;
    sim_link *link = &device->link;
    sim_link_init(link, &simulation->world, sim_client_host_index(device->host), device->name,
                  keep_text(simulation, config->group));
    link->client = sim_client_host_receiver(device->host);
    link->server = sim_server_host_receiver(simulation->server);
    sim_weather weather = config->weather;
    link->healed_latency_ns = weather.net.latency_min_ns;
    sim_weather_answer(&simulation->options.weather, simulation->world.choice, &weather);
    sim_link_set_weather(link, &weather.net);
    sim_client_host_set_weather(device->host, &weather.host);
    sim_disk_fate fate;
    sim_disk_fate_init(&fate, &simulation->world, sim_client_host_index(device->host), device->name,
                       &weather.disk);
    fate.loses = fate.loses || config->power_loss;
    sim_run_storage_expose(&device->storage, &fate);
    link->changed = device_link_changed;
    link->changed_self = device;
    device->storage.faulty.crashed = device_store_crashed;
    device->storage.faulty.crashed_self = device;
    sim_link_set(link, !config->starts_offline, config->metered);
}

static sy_rc keep_tables(sim_device *device, const sy_client_table *tables, uint32_t count,
                         sy_err *err)
{
    sim_simulation *simulation = device->simulation;
    sy_client_table *kept = keep(simulation, tables, count * sizeof *tables);
    if (kept == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < count && simulation->options.policy != NULL; i++) {
        kept[i].policy = simulation->options.policy;
    }
    device->tables = kept;
    device->table_count = count;
    device->storage.shelf_key = sim_run_storage_key(&device->storage, device->dialect, kept, count);
    if (simulation->options.codec) {
        device->schemas = sim_codec_schemas(device, &simulation->world.arena);
        if (device->schemas == NULL) {
            return sy_fail_nomem(err);
        }
    }
    return SY_OK;
}

static sy_rc make_device(sim_device *device, const sim_device_config *config, sy_err *err)
{
    sim_simulation *simulation = device->simulation;
    const sy_dialect *dialect =
        config->dialect != NULL ? config->dialect : client_dialect(simulation);
    simulation->follows = simulation->follows || config->dialect == NULL;
    device->name = sy_arena_copy(&simulation->world.arena, sy_str_of(config->name)).data;
    device->dialect = dialect;
    device->has_handler = config->handler.ops != NULL;
    device->storage = (sim_run_storage){
        .kind = config->store,
        .journal_mode = config->journal_mode != NULL ? config->journal_mode : dialect->journal_mode,
        .synchronous = config->synchronous != NULL ? config->synchronous : dialect->synchronous,
        .drops_columns = dialect->drops_columns,
        .custom = config->custom,
        .custom_crashed = config->custom_crashed,
        .custom_self = config->custom_self,
    };
    if (device->name == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = keep_tables(device, config->tables, config->table_count, err);
    if (rc == SY_OK) {
        rc = sim_run_storage_init(&device->storage, simulation->alloc, err);
    }
    return rc == SY_OK ? make_host(device, config, dialect, err) : rc;
}

/* Makes it known: by number, by host, to the notifier. */
static sy_rc enlist(sim_device *device, bool notified)
{
    sim_simulation *simulation = device->simulation;
    sy_rc rc = index_by_host(simulation, device);
    if (rc == SY_OK && notified) {
        rc = add_to_list(simulation, &simulation->notified, &simulation->notified_count,
                         &simulation->notified_capacity, device);
    }
    if (rc == SY_OK) {
        rc = add_to_list(simulation, &simulation->devices, &simulation->device_count,
                         &simulation->device_capacity, device);
    }
    return rc;
}

static void withdraw(sim_device *device)
{
    sim_simulation *simulation = device->simulation;
    size_t host = device->host == NULL ? SIZE_MAX : sim_client_host_index(device->host);
    if (host < simulation->by_host_count) {
        simulation->by_host[host] = NULL;
    }
    size_t count = simulation->notified_count;
    if (count > 0 && simulation->notified[count - 1] == device) {
        simulation->notified_count--;
    }
    device_free(device);
}

static sy_rc check_name(const sim_simulation *simulation, const char *name, sy_err *err)
{
    for (uint32_t i = 0; i < sim_trace_host_count(simulation->world.trace); i++) {
        if (strcmp(sim_trace_host(simulation->world.trace, i), name) == 0) {
            return SY_FAIL(err, SY_EXISTS, "there is a host named '%s' already", name);
        }
    }
    return SY_OK;
}

sy_rc sim_simulation_add_device(sim_simulation *simulation, const sim_device_config *config,
                                sim_device **out, sy_err *err)
{
    if (simulation->server == NULL) {
        return SY_FAIL(err, SY_STATE, "the server comes first");
    }
    sy_rc rc = check_name(simulation, config->name, err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_device *device = sy_alloc_zeroed(simulation->alloc, sizeof *device);
    if (device == NULL) {
        return sy_fail_nomem(err);
    }
    device->simulation = simulation;
    rc = make_device(device, config, err);
    if (rc == SY_OK && config->backup != 0) {
        rc = sim_device_adopt(device, config->backup, err);
    }
    if (rc == SY_OK && enlist(device, config->pull_on_notice) != SY_OK) {
        rc = sy_fail_nomem(err);
    }
    if (rc != SY_OK) {
        withdraw(device);
        return rc;
    }
    wire(device, config);
    *out = device;
    return config->starts_down ? SY_OK : sim_client_host_start(device->host, NULL, NULL, err);
}

sim_device *sim_simulation_device(sim_simulation *simulation, uint32_t number)
{
    return number < simulation->device_count ? simulation->devices[number] : NULL;
}

const char *sim_device_name(const sim_device *device)
{
    return device->name;
}

sim_client_host *sim_device_host(sim_device *device)
{
    return device->host;
}

const sy_schema *sim_device_schema(const sim_device *device, uint32_t number)
{
    return number < device->table_count ? device->tables[number].schema : NULL;
}

sy_rc sim_device_set_tables(sim_device *device, const sy_client_table *tables, uint32_t count,
                            sy_err *err)
{
    if (sim_client_host_up(device->host)) {
        return SY_FAIL(err, SY_STATE, "%s is running", device->name);
    }
    sy_rc rc = keep_tables(device, tables, count, err);
    return rc == SY_OK ? sim_client_host_set_tables(device->host, device->tables, count, err) : rc;
}

sim_link *sim_device_link(sim_device *device)
{
    return &device->link;
}

sim_store *sim_device_store(sim_device *device)
{
    return &device->storage.faulty;
}

sy_rc sim_device_lose_power(sim_device *device, sim_power_loss loss, sy_err *err)
{
    const sim_run_storage *storage = &device->storage;
    if (!sim_client_host_up(device->host)) {
        return SY_FAIL(err, SY_STATE, "%s is not running", device->name);
    }
    if (storage->kind != SIM_STORE_SQLITE || !storage->fate.loses) {
        return SY_FAIL(err, SY_STATE, "the disk of %s does not remember what was not synced",
                       device->name);
    }
    sim_disk_lose_power_next(storage->disk, loss);
    sim_client_host_crash(device->host);
    return SY_OK;
}

sim_disk *sim_device_disk(sim_device *device)
{
    device->storage.faulty.disk = device->storage.disk;
    return device->storage.disk;
}

/* -- counts -- */

sim_counts sim_simulation_counts(const sim_simulation *simulation)
{
    const sim_trace *trace = simulation->world.trace;
    return (sim_counts){
        .operations = sim_trace_count_of(trace, &sy_event_write),
        .pushes = sim_trace_count_of(trace, &sy_event_push_begin),
        .pulls = sim_trace_count_of(trace, &sy_event_pull_begin),
        .conflicts = sim_trace_count_of(trace, &sy_event_conflict),
        .faults = sim_trace_count_of(trace, &sim_event_fault) +
                  sim_trace_count_of(trace, &sim_event_store_fault),
        .messages = sim_trace_count_of(trace, &sim_event_depart),
        .crashes = simulation->crashes,
        .bytes_up = simulation->bytes_up,
        .bytes_down = simulation->bytes_down,
    };
}

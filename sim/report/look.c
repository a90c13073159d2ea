/* Rows and queues are read from the stores, as a user's own tools would read them. */
#include "sim/report/look.h"

#include "core/client/operation.h"
#include "core/client/settings.h"

#include <inttypes.h>
#include <string.h>

static void add_time(sy_buf *out, sy_time time)
{
    sy_buf_printf(out, "%" PRId64 ".%06" PRId64, time / SY_SECOND, time % SY_SECOND / SY_US);
}

/* -- hosts -- */

void sim_look_hosts(sim_simulation *simulation, sy_buf *out)
{
    sim_server_host *server = sim_simulation_server(simulation);
    if (server != NULL) {
        sy_buf_printf(out, "  server: %s\n", sim_server_host_up(server) ? "up" : "down");
    }
    sim_device *device = NULL;
    for (uint32_t i = 0; (device = sim_simulation_device(simulation, i)) != NULL; i++) {
        sim_client_host *host = sim_device_host(device);
        const sy_client *client = sim_client_host_client(host);
        const char *state = client == NULL                 ? "down"
                            : sim_client_host_frozen(host) ? "frozen"
                                                           : "up";
        sy_buf_printf(out, "  %s: %s, %s", sim_device_name(device), state,
                      sim_device_link(device)->online ? "online" : "offline");
        if (client != NULL) {
            sy_buf_printf(out, ", %u queued", sy_client_pending(client, (sy_str){0}));
        }
        sy_buf_add_char(out, '\n');
    }
}

static sim_device *find_device(sim_simulation *simulation, sy_str name, sy_err *err)
{
    sim_device *device = NULL;
    for (uint32_t i = 0; (device = sim_simulation_device(simulation, i)) != NULL; i++) {
        if (sy_str_equal(sy_str_of(sim_device_name(device)), name)) {
            break;
        }
    }
    if (device == NULL) {
        (void)SY_FAIL(err, SY_NOT_FOUND, "there is no client '%.*s'", SY_FMT(name));
    }
    return device;
}

/* The client of a device that is up. */
static sy_rc find_client(sim_simulation *simulation, sy_str name, sim_device **device,
                         const sy_client **out, sy_err *err)
{
    *device = find_device(simulation, name, err);
    if (*device == NULL) {
        return SY_NOT_FOUND;
    }
    *out = sim_client_host_client(sim_device_host(*device));
    return *out != NULL ? SY_OK : SY_FAIL(err, SY_STATE, "%.*s is down", SY_FMT(name));
}

/* -- rows -- */

static sy_rc add_rows(sy_store store, const sy_schema *schema, sy_buf *out, sy_err *err)
{
    sy_arena arena;
    sy_arena_init(&arena, out->alloc);
    const sy_query query = sy_query_all(schema);
    sy_rows rows = {0};
    sy_rc rc = sy_store_query(store, &query, &arena, &rows, err);
    if (rc == SY_OK) {
        sy_buf_printf(out, "  %.*s: %zu rows\n", SY_FMT(schema->name), rows.count);
    }
    for (size_t i = 0; rc == SY_OK && i < rows.count; i++) {
        sy_buf_add_str(out, SY_STR("    "));
        sy_row_to_json(rows.items[i], out);
        sy_buf_add_char(out, '\n');
    }
    sy_arena_deinit(&arena);
    return rc;
}

/* Tables of the server are named by the clients: it holds no others that they would sync. */
static sy_rc server_rows(sim_simulation *simulation, sy_str table, sy_buf *out, sy_err *err)
{
    sim_server_host *host = sim_simulation_server(simulation);
    const sy_server *server = host != NULL ? sim_server_host_server(host) : NULL;
    if (server == NULL) {
        return SY_FAIL(err, SY_STATE, "the server is down");
    }
    const sim_device *device = sim_simulation_device(simulation, 0);
    sy_rc rc = SY_OK;
    uint32_t count = 0;
    const sy_schema *own = NULL;
    for (uint32_t i = 0; rc == SY_OK && device != NULL &&
                         (own = sim_device_schema(device, i)) != NULL && table.size == 0;
         i++) {
        const sy_schema *schema = sim_server_host_schema(host, own->name);
        rc = schema != NULL ? add_rows(sy_server_store(server), schema, out, err) : SY_OK;
        count++;
    }
    const sy_schema *schema = table.size > 0 ? sim_server_host_schema(host, table) : NULL;
    if (schema != NULL) {
        return add_rows(sy_server_store(server), schema, out, err);
    }
    return rc == SY_OK && count == 0
               ? SY_FAIL(err, SY_NOT_FOUND, "the server has no table '%.*s'", SY_FMT(table))
               : rc;
}

sy_rc sim_look_rows(sim_simulation *simulation, sy_str host, sy_str table, sy_buf *out, sy_err *err)
{
    if (sy_str_equal(host, SY_STR("server"))) {
        return server_rows(simulation, table, out, err);
    }
    sim_device *device = NULL;
    const sy_client *client = NULL;
    sy_rc rc = find_client(simulation, host, &device, &client, err);
    bool found = false;
    const sy_schema *schema = NULL;
    for (uint32_t i = 0; rc == SY_OK && (schema = sim_device_schema(device, i)) != NULL; i++) {
        if (table.size == 0 || sy_str_equal(schema->name, table)) {
            found = true;
            rc = add_rows(sim_client_host_store(sim_device_host(device)), schema, out, err);
        }
    }
    return rc == SY_OK && !found
               ? SY_FAIL(err, SY_NOT_FOUND, "%.*s has no table '%.*s'", SY_FMT(host), SY_FMT(table))
               : rc;
}

sy_rc sim_look_queue(sim_simulation *simulation, sy_str host, sy_buf *out, sy_err *err)
{
    sim_device *device = NULL;
    const sy_client *client = NULL;
    sy_rc rc = find_client(simulation, host, &device, &client, err);
    sy_operation operation;
    uint32_t count = 0;
    for (; rc == SY_OK && sy_client_operation(client, count, &operation); count++) {
        sy_buf_printf(out, "  %" PRId64 " %s %.*s/%.*s %s%s, sent %u times\n", operation.sequence,
                      sy_operation_kind_name(operation.kind), SY_FMT(operation.schema->name),
                      SY_FMT(operation.id), sy_operation_state_name(operation.state),
                      operation.in_flight ? ", on its way" : "", operation.sendings);
    }
    if (rc == SY_OK && count == 0) {
        sy_buf_add_str(out, SY_STR("  nothing is queued\n"));
    }
    return rc;
}

sy_rc sim_look_tokens(sim_simulation *simulation, sy_str host, sy_buf *out, sy_err *err)
{
    sim_device *device = NULL;
    const sy_client *client = NULL;
    sy_rc rc = find_client(simulation, host, &device, &client, err);
    return rc == SY_OK ? add_rows(sim_client_host_store(sim_device_host(device)),
                                  sy_settings_schema(), out, err)
                       : rc;
}

/* -- what is to come -- */

static void add_message(const sim_trace *trace, const sim_message *message, sy_buf *out)
{
    static const char *const names[] = {"request", "response", "notice"};
    sy_buf_printf(out, "%s %s -> %s", names[message->what], sim_trace_host(trace, message->from),
                  sim_trace_host(trace, message->to));
    if (message->what == SIM_REQUEST) {
        sy_buf_printf(out, ", %s %.*s %.*s", sy_method_name(message->request.method),
                      SY_FMT(message->request.table), SY_FMT(message->request.id));
    } else if (message->what == SIM_RESPONSE) {
        sy_buf_printf(out, ", status %d", message->response.status);
    }
}

static void add_entry(const sim_world *world, const sim_entry *entry, bool messages, sy_buf *out)
{
    sim_identity identity = {.message = NULL};
    const char *what = "something";
    const bool known = sim_order_identify(world, entry, &identity, &what);
    if (messages && identity.message == NULL) {
        return;
    }
    sy_buf_add_str(out, SY_STR("  "));
    add_time(out, entry->time);
    sy_buf_printf(out, "  %s %s", known ? sim_trace_host(world->trace, identity.host) : "-", what);
    if (identity.message != NULL) {
        sy_buf_add_str(out, SY_STR(": "));
        add_message(world->trace, identity.message, out);
    }
    sy_buf_add_char(out, '\n');
}

void sim_look_coming(sim_simulation *simulation, bool messages, sy_buf *out)
{
    const sim_world *world = sim_simulation_world(simulation);
    const size_t count = sim_event_queue_count(&world->queue);
    const size_t size = (count + 1) * sizeof(sim_entry);
    sim_entry *entries = sy_alloc_zeroed(out->alloc, size);
    if (entries == NULL) {
        out->failed = true;
        return;
    }
    sim_event_queue_list(&world->queue, entries);
    for (size_t i = 0; i < count; i++) {
        add_entry(world, &entries[i], messages, out);
    }
    sy_alloc_free(out->alloc, entries, size);
}

void sim_look_event(const sim_trace *trace, const sim_event *event, sy_buf *out)
{
    sy_buf_add_str(out, SY_STR("  "));
    add_time(out, event->time);
    sy_buf_printf(out, "  %s %s", sim_trace_host(trace, event->host), event->kind->name);
    for (uint32_t i = 0; i < event->kind->field_count; i++) {
        const sy_value *value = &event->fields[i];
        if (sy_value_missing(value) || (value->type == SY_TYPE_ROW && value->as.row == NULL)) {
            continue;
        }
        sy_buf_printf(out, " %s=", event->kind->fields[i]);
        if (value->type == SY_TYPE_ROW) {
            sy_row_to_json(value->as.row, out);
        } else {
            sy_value_to_json(value, out);
        }
    }
    sy_buf_add_char(out, '\n');
}

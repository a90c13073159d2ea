/* A world with the server and its tables, a device for each client, and the links between them;
 * the scenario's steps, one after the other; what is left in the end. */
#include <stdlib.h>
#include <string.h>

#include "core/port/events.h"
#include "core/server/router.h"
#include "core/wire/url.h"
#include "tests/conformance/diff.h"

#define LATENCY_NS (50 * SY_MS)
#define PAUSE_NS   (3 * SY_MS) /* keeps the server's stamps apart */

sy_str diff_shown(const diff_player *player, sy_str id)
{
    for (size_t i = 0; i < player->alias_count; i++) {
        if (sy_str_equal(player->aliases[i].id, id)) {
            return sy_str_of(player->aliases[i].name);
        }
    }
    return id;
}

/* -- what is on the wire -- */

static const char *verb_of(sy_str method)
{
    return sy_str_equal(method, SY_STR("insert"))   ? "POST"
           : sy_str_equal(method, SY_STR("update")) ? "PATCH"
           : sy_str_equal(method, SY_STR("delete")) ? "DELETE"
                                                    : "GET";
}

/* The faults of the step, one for each request; the first request brings the edits made meanwhile.
 */
static void request_leaves(diff_player *player)
{
    sim_link *link = sim_device_link(player->client->device);
    json_t *faults = json_object_get(player->step, "faults");
    const char *fault = json_string_value(json_array_get(faults, player->sent));
    player->sent++;
    player->during_due = player->during != NULL;
    if (!link->online) {
        return;
    }
    if (player->client->offline || (fault != NULL && strcmp(fault, "drop-request") == 0)) {
        sim_link_fail_next(link, SIM_LINK_REQUEST_LOST, 1);
    } else if (fault != NULL && strcmp(fault, "drop-response") == 0) {
        sim_link_fail_next(link, SIM_LINK_RESPONSE_LOST, 1);
    }
}

static void read_event(void *self, const sim_event *event)
{
    diff_player *player = self;
    if (player->client == NULL) {
        return;
    }
    if (event->kind == &sy_event_send) {
        request_leaves(player);
    } else if (player->wire != NULL) {
        char line[32];
        const sy_str result = sy_value_str(&event->fields[5]);
        const bool good = sy_str_equal(result, SY_STR("ok"));
        (void)snprintf(line, sizeof line, "%s %d", verb_of(sy_value_str(&event->fields[1])),
                       good ? (int)event->fields[6].as.integer : 0);
        (void)json_array_append_new(player->wire, json_string(line));
    }
}

/* -- the server's back office -- */

static void nothing(void *self)
{
    *(bool *)self = true;
}

static void pause_world(diff_player *player)
{
    bool over = false;
    sim_world_after(player->world, PAUSE_NS, nothing, &over);
    while (!over && sim_world_step(player->world, SY_TIME_MAX)) {
    }
}

static sy_str compose_target(sy_arena *arena, const char *table, sy_str id)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_add_str(&text, SY_STR("/tables/"));
    sy_url_encode(sy_str_of(table), SY_URL_ESCAPE_COMPONENT, &text);
    if (id.data != NULL) {
        sy_buf_add_char(&text, '/');
        sy_url_encode(id, SY_URL_ESCAPE_COMPONENT, &text);
    }
    const sy_str target = text.failed ? (sy_str){NULL, 0} : sy_arena_copy(arena, sy_buf_str(&text));
    sy_buf_deinit(&text);
    return target;
}

static sy_rc serve(diff_player *player, sy_str method, sy_str target, json_t *body, int *status,
                   sy_err *err)
{
    const sy_header headers[] = {{SY_STR("Host"), SY_STR("127.0.0.1:7700")},
                                 {SY_STR("ZUMO-API-VERSION"), SY_STR("2.0.0")},
                                 {SY_STR("Content-Type"), SY_STR("application/json")}};
    sy_server *server = sim_server_host_server(sim_simulation_server(player->simulation));
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    const sy_http_request request = {.method = method,
                                     .target = target,
                                     .headers = headers,
                                     .header_count = body != NULL ? 3 : 2,
                                     .body = sy_str_of(text)};
    sy_http_response response = {0};
    sy_rc rc = target.data == NULL || (body != NULL && text == NULL)
                   ? sy_fail_nomem(err)
                   : sy_router_answer(server, &request, &player->arena, &response, err);
    *status = response.status;
    free(text);
    pause_world(player);
    return rc;
}

sy_rc diff_office(diff_player *player, const char *table, const char *action, sy_str id,
                  json_t *row, int *status, sy_err *err)
{
    static const struct {
        const char *name;
        sy_str method;
        bool has_body;
    } actions[] = {{"insert", {"POST", 4}, true},
                   {"update", {"PATCH", 5}, true},
                   {"delete", {"DELETE", 6}, false},
                   {"undelete", {"POST", 4}, false}};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(action, actions[i].name) != 0) {
            continue;
        }
        const bool inserts = i == 0;
        json_t *body = actions[i].has_body ? json_object() : NULL;
        if (inserts && id.data != NULL) {
            (void)json_object_set_new(body, "id", diff_text(id));
        }
        if (body != NULL && row != NULL) {
            (void)json_object_update(body, row);
        }
        const sy_str none = {NULL, 0};
        sy_rc rc =
            serve(player, actions[i].method,
                  compose_target(&player->arena, table, inserts ? none : id), body, status, err);
        json_decref(body);
        return rc;
    }
    return SY_FAIL(err, SY_INVALID, "unknown server action '%s'", action);
}

/* -- setting up -- */

static sy_rc make_schema(diff_player *player, const char *name, bool dates, const sy_schema **out,
                         sy_err *err)
{
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT},
                                 {SY_STR("complete"), SY_TYPE_BOOL},
                                 {SY_STR("priority"), SY_TYPE_REAL}};
    uint32_t system = SY_SYSTEM_CLASSIC;
    if (!dates) {
        system &= ~(SY_SYSTEM_BIT(SY_COLUMN_CREATED_AT) | SY_SYSTEM_BIT(SY_COLUMN_UPDATED_AT));
    }
    sy_str copy = sy_arena_copy(&player->schemas, sy_str_of(name));
    return copy.data == NULL ? sy_fail_nomem(err)
                             : sy_schema_new(&player->schemas, copy, system, columns, 3, out, err);
}

static sy_rc add_server(diff_player *player, const script_tables *tables, sy_err *err)
{
    const sim_server_options options = {.dialect = tables->dialect,
                                        .tables = tables->items,
                                        .table_count = tables->count,
                                        .page_size = tables->page_size,
                                        .service_ns = SY_MS};
    return sim_simulation_add_server(player->simulation, &options, err);
}

static sy_rc add_table(diff_player *player, const char *name, sy_err *err)
{
    for (uint32_t i = 0; i < player->table_count; i++) {
        if (sy_str_equal(player->tables[i].schema->name, sy_str_of(name))) {
            return SY_OK;
        }
    }
    if (player->table_count == DIFF_TABLE_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "too many tables");
    }
    const bool dates = json_is_true(json_object_get(player->scenario, "dateColumns"));
    sy_client_table *table = &player->tables[player->table_count++];
    table->policy = &sy_policy_handler;
    return make_schema(player, name, dates, &table->schema, err);
}

static sy_rc add_tables(diff_player *player, sy_err *err)
{
    size_t i = 0;
    json_t *step = NULL;
    sy_rc rc = add_table(player, player->table, err);
    json_array_foreach(json_object_get(player->scenario, "steps"), i, step)
    {
        const char *name = json_string_value(json_object_get(step, "table"));
        if (name != NULL && name[0] != '\0' && rc == SY_OK) {
            rc = add_table(player, name, err);
        }
    }
    return rc;
}

static sy_rc add_client(diff_player *player, sy_err *err)
{
    diff_client *client = &player->clients[player->client_count++];
    char name[24];
    (void)snprintf(name, sizeof name, "client %u", (unsigned)player->client_count);
    client->player = player;
    const sim_device_config config = {.name = name,
                                      .dialect = &sy_dialect_mobile_apps_js,
                                      .store = player->options->sqlite ? SIM_STORE_SQLITE
                                                                       : SIM_STORE_MEMORY,
                                      .tables = player->tables,
                                      .table_count = player->table_count,
                                      .handler = diff_handler(client),
                                      .weather.net = {.latency_min_ns = LATENCY_NS}};
    return sim_simulation_add_device(player->simulation, &config, &client->device, err);
}

static sy_rc set_up(diff_player *player, const script_tables *tables, sy_err *err)
{
    const sim_options options = {.seed = 1, .codec = player->options->codec};
    const sy_event_kind *kinds[] = {&sy_event_send, &sy_event_answer};
    sy_rc rc = sim_simulation_new(sy_alloc_std(), &options, &player->simulation, err);
    if (rc != SY_OK) {
        return rc;
    }
    player->world = sim_simulation_world(player->simulation);
    rc = sim_trace_read(player->world->trace, read_event, player, kinds, 2);
    if (rc == SY_OK) {
        rc = add_server(player, tables, err);
    }
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(json_object_get(player->scenario, "seed"), i, row)
    {
        int status = 0;
        if (rc == SY_OK) {
            rc = diff_office(player, player->table, "insert", (sy_str){NULL, 0}, row, &status, err);
        }
        if (rc == SY_OK && status != 201) {
            rc = SY_FAIL(err, SY_STATE, "seed %zu: %d", i, status);
        }
    }
    if (rc == SY_OK) {
        rc = add_tables(player, err);
    }
    const double count = json_number_value(json_object_get(player->scenario, "clients"));
    if (rc == SY_OK && (count < 0 || count > DIFF_CLIENT_COUNT_MAX)) {
        rc = SY_FAIL(err, SY_LIMIT, "too many clients");
    }
    while (rc == SY_OK && player->client_count < count) {
        rc = add_client(player, err);
    }
    return rc;
}

/* -- what is left -- */

/* As UTF-16 orders them, which puts what is beyond its first plane before U+E000. */
static int compare_ids(sy_str a, sy_str b)
{
    const size_t size = a.size < b.size ? a.size : b.size;
    for (size_t i = 0; i < size; i++) {
        unsigned char x = (unsigned char)a.data[i];
        unsigned char y = (unsigned char)b.data[i];
        if (x != y) {
            x = x == 0xee || x == 0xef ? 0xff : x;
            y = y == 0xee || y == 0xef ? 0xff : y;
            return x == y ? (unsigned char)a.data[i] - (unsigned char)b.data[i] : x - y;
        }
    }
    return (a.size > b.size) - (a.size < b.size);
}

static int compare_rows(const void *a, const void *b)
{
    json_t *left = json_object_get(*(json_t *const *)a, "id");
    json_t *right = json_object_get(*(json_t *const *)b, "id");
    return compare_ids((sy_str){json_string_value(left), json_string_length(left)},
                       (sy_str){json_string_value(right), json_string_length(right)});
}

/* A new array of the rows by their ids. */
static json_t *sorted(json_t **rows, size_t count)
{
    json_t *out = json_array();
    if (count > 0) {
        qsort(rows, count, sizeof *rows, compare_rows);
    }
    for (size_t i = 0; i < count; i++) {
        (void)json_array_append_new(out, rows[i]);
    }
    return out;
}

static json_t *version_state(const sy_rows *server, sy_str id, const sy_value *version)
{
    if (sy_value_missing(version)) {
        return json_null();
    }
    for (size_t i = 0; i < server->count; i++) {
        if (sy_str_equal(sy_row_id(server->items[i]), id)) {
            return json_string(sy_value_equal(version, &server->items[i]->cells[SY_COLUMN_VERSION])
                                   ? "current"
                                   : "stale");
        }
    }
    return json_string("stale");
}

static sy_rc server_rows(diff_player *player, sy_rows *out, sy_err *err)
{
    sy_server *server = sim_server_host_server(sim_simulation_server(player->simulation));
    const sy_schema *schema = sy_server_schema(server, sy_str_of(player->table));
    if (schema == NULL) {
        return SY_FAIL(err, SY_SCHEMA, "the server has no table %s", player->table);
    }
    const sy_query query = sy_query_all(schema);
    return sy_store_query(sy_server_store(server), &query, &player->arena, out, err);
}

static json_t *server_json(const diff_player *player, const sy_rows *rows)
{
    json_t **items = malloc((rows->count + 1) * sizeof *items);
    for (size_t i = 0; items != NULL && i < rows->count; i++) {
        items[i] = diff_row_json(player, rows->items[i]);
        (void)json_object_set_new(items[i], "deleted",
                                  json_boolean(sy_row_deleted(rows->items[i])));
    }
    json_t *out = items != NULL ? sorted(items, rows->count) : NULL;
    free(items);
    return out;
}

static json_t *client_rows(const diff_player *player, const sy_rows *rows, const sy_rows *server)
{
    json_t **items = malloc((rows->count + 1) * sizeof *items);
    for (size_t i = 0; items != NULL && i < rows->count; i++) {
        const sy_row *row = rows->items[i];
        items[i] = diff_row_json(player, row);
        (void)json_object_set_new(
            items[i], "version",
            version_state(server, sy_row_id(row), &row->cells[SY_COLUMN_VERSION]));
    }
    json_t *out = items != NULL ? sorted(items, rows->count) : NULL;
    free(items);
    return out;
}

static sy_rc pending_json(diff_player *player, const diff_client *client, const sy_rows *server,
                          json_t *out, sy_err *err)
{
    const sy_client *engine = sim_client_host_client(sim_device_host(client->device));
    sy_operation operation;
    for (uint32_t i = 0; sy_client_operation(engine, i, &operation); i++) {
        const sy_row *item = NULL;
        sy_rc rc = sy_row_decode(operation.item, operation.schema, &player->arena, &item, err);
        if (rc != SY_OK) {
            return rc;
        }
        (void)json_array_append_new(
            out, json_pack("{s:s, s:o, s:o}", "action", sy_operation_kind_name(operation.kind),
                           "id", diff_text(diff_shown(player, operation.id)), "version",
                           version_state(server, operation.id, &item->cells[SY_COLUMN_VERSION])));
    }
    return SY_OK;
}

static sy_rc final_state(diff_player *player, json_t *out, sy_err *err)
{
    sy_rows server = {0};
    json_t *clients = json_array();
    sy_rc rc = server_rows(player, &server, err);
    (void)json_object_set_new(out, "clients", clients);
    for (uint32_t i = 0; i < player->client_count && rc == SY_OK; i++) {
        diff_call done = {.player = player};
        const sy_query query = sy_query_all(player->tables[0].schema);
        json_t *pending = json_array();
        rc = diff_call_client(&player->clients[i],
                              &(sy_call){.verb = SY_VERB_QUERY, .query = &query}, &done, err);
        (void)json_array_append_new(clients, json_pack("{s:o, s:o}", "rows",
                                                       client_rows(player, &done.rows, &server),
                                                       "pending", pending));
        if (rc == SY_OK) {
            rc = pending_json(player, &player->clients[i], &server, pending, err);
        }
    }
    (void)json_object_set_new(out, "server", server_json(player, &server));
    return rc;
}

/* -- all of it -- */

static sy_rc play(diff_player *player, const script_tables *tables, json_t *outcome, sy_err *err)
{
    json_t *steps = json_array();
    json_t *final = json_object();
    (void)json_object_set(outcome, "name", json_object_get(player->scenario, "name"));
    (void)json_object_set_new(outcome, "steps", steps);
    (void)json_object_set_new(outcome, "final", final);
    sy_rc rc = set_up(player, tables, err);
    size_t i = 0;
    json_t *step = NULL;
    json_array_foreach(json_object_get(player->scenario, "steps"), i, step)
    {
        json_t *out = json_object();
        (void)json_array_append_new(steps, out);
        if (rc == SY_OK) {
            rc = diff_step(player, step, out, err);
            rc = rc == SY_OK ? rc : sy_err_wrap(err, rc, "step %zu", i);
        }
    }
    player->client = NULL;
    player->during = NULL;
    return rc == SY_OK ? final_state(player, final, err) : rc;
}

sy_rc diff_play(json_t *scenario, const script_tables *tables, const conformance_options *options,
                json_t **out, sy_err *err)
{
    diff_player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        return sy_fail_nomem(err);
    }
    const char *table = json_string_value(json_object_get(scenario, "table"));
    player->scenario = scenario;
    player->table = table != NULL && table[0] != '\0' ? table : "todoitem";
    sy_arena_init(&player->arena, sy_alloc_std());
    sy_arena_init(&player->schemas, sy_alloc_std());
    *out = json_object();
    player->server_tables = tables;
    player->options = options;
    sy_rc rc = play(player, tables, *out, err);
    if (player->simulation != NULL) {
        sim_simulation_free(player->simulation);
    }
    sy_alloc_free(sy_alloc_std(), player->aliases,
                  player->alias_capacity * sizeof *player->aliases);
    sy_arena_deinit(&player->arena);
    sy_arena_deinit(&player->schemas);
    free(player);
    return rc;
}

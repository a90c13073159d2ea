/* The server of a scenario: its options, the back office, and the list of requests that reached it.
 * Requests are seen at the server's end of each link; what became of them is read from the trace.
 */
#include "lua/convert.h"

#include "core/port/events.h"

#include <string.h>

static int64_t integer_option(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static const sy_server_dialect *find_server_dialect(lua_State *L, const char *name)
{
    const sy_server_dialect *dialect = sy_server_dialect_find(sy_str_of(name));
    if (dialect == NULL) {
        sy_str known[16];
        size_t count = 0;
        for (; count < 16 && sy_server_dialect_at(count) != NULL; count++) {
            known[count] = sy_str_of(sy_server_dialect_at(count)->name);
        }
        script_push_suggestion(L, sy_str_of(name), known, count);
        (void)script_misuse(L, "server.dialect: unknown dialect '%s'%s", name, lua_tostring(L, -1));
    }
    return dialect;
}

/* check_server_dialect(name) */
static int server_check_dialect(lua_State *L)
{
    (void)find_server_dialect(L, luaL_checkstring(L, 1));
    return 0;
}

/* Its own; else the command line's; else the one that goes with the first client. */
static const sy_server_dialect *choose_dialect(lua_State *L, const script *owner)
{
    const sim_options *options = sim_simulation_options(owner->simulation);
    const sy_server_dialect *dialect = options->server;
    if (lua_getfield(L, 1, "dialect") == LUA_TSTRING) {
        dialect = find_server_dialect(L, lua_tostring(L, -1));
    } else if (dialect != NULL) {
        sim_simulation_follow(owner->simulation);
    }
    lua_pop(L, 1);
    if (dialect != NULL) {
        return dialect;
    }
    const sy_dialect *client = script_default_dialect(owner);
    if (lua_getfield(L, 1, "client_dialect") == LUA_TSTRING) {
        const sy_dialect *named = sy_dialect_find(sy_str_of(lua_tostring(L, -1)));
        client = named != NULL ? named : client;
    } else {
        sim_simulation_follow(owner->simulation);
    }
    lua_pop(L, 1);
    return sim_server_dialect_for(client);
}

static sim_clock_options clock_option(lua_State *L, int index)
{
    return (sim_clock_options){.offset_ns = integer_option(L, index, "offset"),
                               .resolution_ns = integer_option(L, index, "resolution"),
                               .drift_ppm = integer_option(L, index, "drift_ppm")};
}

static void read_options(lua_State *L, sim_server_options *options)
{
    if (lua_getfield(L, 1, "store") == LUA_TSTRING) {
        options->store =
            strcmp(lua_tostring(L, -1), "sqlite") == 0 ? SIM_STORE_SQLITE : SIM_STORE_MEMORY;
    }
    lua_pop(L, 1);
    options->page_size = integer_option(L, 1, "page_size");
    options->workers = (uint32_t)integer_option(L, 1, "workers");
    options->service_ns = integer_option(L, 1, "service");
    options->commit_ns = integer_option(L, 1, "commit");
    options->commit_spread_ns = integer_option(L, 1, "commit_spread");
    if (options->commit_ns > options->service_ns) {
        options->service_ns = options->commit_ns;
    }
    (void)lua_getfield(L, 1, "notify");
    options->notifies = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    options->deletes_do_not_stamp =
        lua_getfield(L, 1, "delete_stamps") == LUA_TBOOLEAN && !lua_toboolean(L, -1);
    lua_pop(L, 1);
    (void)lua_getfield(L, 1, "mend_links");
    options->mends_links = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    if (lua_getfield(L, 1, "weather") != LUA_TNIL) {
        script_read_weather(L, -1, "server.weather", &options->weather);
    }
    lua_pop(L, 1);
    if (lua_getfield(L, 1, "clock") == LUA_TTABLE) {
        options->clock = clock_option(L, lua_absindex(L, -1));
    }
    lua_pop(L, 1);
    if (lua_getfield(L, 1, "instances") == LUA_TTABLE) {
        while (options->instance_count < SIM_INSTANCE_COUNT_MAX &&
               lua_rawgeti(L, -1, (lua_Integer)options->instance_count + 1) == LUA_TTABLE) {
            options->instances[options->instance_count++] = clock_option(L, lua_absindex(L, -1));
            lua_pop(L, 1);
        }
        lua_settop(L, 2);
    }
    lua_pop(L, 1);
}

/* server(options) */
static int server_new(lua_State *L)
{
    script *owner = script_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    sim_server_options options = {.dialect = choose_dialect(L, owner)};
    owner->server_dialect = options.dialect;
    read_options(L, &options);
    (void)lua_getfield(L, 1, "view");
    const script_view *view = script_view_argument(L, lua_absindex(L, -1));
    lua_pop(L, 1);
    owner->server_schemas = script_schemas_of(L, view, options.dialect->system);
    options.tables = script_server_tables(L, view, options.dialect, owner->server_schemas);
    options.table_count = view->table_count;
    sy_err err = {0};
    if (sim_simulation_add_server(owner->simulation, &options, &err) != SY_OK) {
        return script_misuse(L, "server: %s", err.text);
    }
    return 0;
}

static sim_server_host *host_of(lua_State *L)
{
    return sim_simulation_server(script_of(L)->simulation);
}

static int server_crash(lua_State *L)
{
    sim_server_host *host = host_of(L);
    if (sim_server_host_up(host)) {
        sim_server_host_crash(host);
    }
    return 0;
}

static int server_restart(lua_State *L)
{
    sim_server_host *host = host_of(L);
    sy_err err = {0};
    if (sim_server_host_up(host)) {
        sim_server_host_crash(host);
    }
    sy_rc rc = sim_server_host_start(host, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

static int server_notify(lua_State *L)
{
    sim_server_host_set_notifies(host_of(L), lua_toboolean(L, 1) != 0);
    return 0;
}

/* server_back_up() -> number, or nil, message, code */
static int server_back_up(lua_State *L)
{
    uint32_t number = 0;
    sy_err err = {0};
    sy_rc rc = sim_simulation_back_up_server(script_of(L)->simulation, &number, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushinteger(L, number);
    return 1;
}

/* server_restore(number, keeps epoch) */
static int server_restore(lua_State *L)
{
    sy_err err = {0};
    sy_rc rc =
        sim_simulation_restore_server(script_of(L)->simulation, (uint32_t)luaL_checkinteger(L, 1),
                                      lua_toboolean(L, 2) != 0, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* server_migrate(view) */
static int server_migrate(lua_State *L)
{
    script *owner = script_of(L);
    const script_view *view = script_view_argument(L, 1);
    owner->server_schemas = script_schemas_of(L, view, owner->server_dialect->system);
    sy_server_table *tables =
        script_server_tables(L, view, owner->server_dialect, owner->server_schemas);
    sy_err err = {0};
    sy_rc rc = sim_server_host_migrate(sim_simulation_server(owner->simulation), tables,
                                       view->table_count, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* server_close_for(duration) */
static int server_close_for(lua_State *L)
{
    sim_server_host_close_for(host_of(L), luaL_checkinteger(L, 1));
    return 0;
}

/* server_throttle(requests, interval) */
static int server_throttle(lua_State *L)
{
    const lua_Integer given = luaL_checkinteger(L, 1);
    sim_server_host_throttle(host_of(L), given > UINT32_MAX ? UINT32_MAX : (uint32_t)given,
                             luaL_checkinteger(L, 2));
    return 0;
}

/* server_clock(instance, change, value) */
static int server_clock(lua_State *L)
{
    sim_server_host *host = host_of(L);
    const lua_Integer instance = luaL_checkinteger(L, 1);
    if (instance < 1 || instance > (lua_Integer)sim_server_host_instances(host)) {
        return script_misuse(L, "clock.instance: the server has %d",
                             (int)sim_server_host_instances(host));
    }
    script_change_clock(L, sim_server_host_index(host),
                        sim_server_host_clock(host, (uint32_t)instance - 1));
    return 0;
}

/* server_gather(window, coalesces) */
static int server_gather(lua_State *L)
{
    sim_server_host_gather_notices(host_of(L), luaL_checkinteger(L, 1), lua_toboolean(L, 2) != 0);
    return 0;
}

/* server_clean(age) -> count, or nil, message, code */
static int server_clean(lua_State *L)
{
    int64_t count = 0;
    sy_err err = {0};
    sy_rc rc = sim_server_host_clean_tombstones(host_of(L), luaL_checkinteger(L, 1), &count, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushinteger(L, count);
    return 1;
}

/* -- the back office -- */

static void set_str(lua_State *L, const char *name, sy_str text)
{
    script_push_str(L, text);
    lua_setfield(L, -2, name);
}

static const sy_schema *schema_argument(lua_State *L, int index)
{
    size_t size = 0;
    const char *name = luaL_checklstring(L, index, &size);
    return script_schema_find(L, script_of(L)->server_schemas, (sy_str){name, size}, "the server");
}

static int server_check_table(lua_State *L)
{
    (void)schema_argument(L, 1);
    return 0;
}

static sy_rc code_of_status(int status)
{
    switch (status) {
    case 401:
        return SY_AUTH;
    case 404:
    case 410:
        return SY_NOT_FOUND;
    case 409:
    case 412:
        return SY_CONFLICT;
    default:
        return SY_HTTP;
    }
}

static int push_response(lua_State *L, const sy_response *response)
{
    if (response->status >= 200 && response->status < 300) {
        if (response->row != NULL) {
            script_push_row(L, response->row);
        } else {
            lua_pushboolean(L, 1);
        }
        return 1;
    }
    sy_err err = {0};
    (void)SY_FAIL(&err, code_of_status(response->status), "status %d%s%.*s", response->status,
                  response->reason.size > 0 ? ": " : "", SY_FMT(response->reason));
    int count = script_push_failure(L, err.rc, err.text);
    script_push_row(L, response->row);
    return count + 1;
}

/* serve(table, method, id, row) -> row, true, or nil, message, code, row */
static int server_serve(lua_State *L)
{
    static const char *const names[] = {"insert", "update", "delete", "undelete", NULL};
    static const sy_method methods[] = {SY_METHOD_INSERT, SY_METHOD_UPDATE, SY_METHOD_DELETE,
                                        SY_METHOD_UNDELETE};
    script *owner = script_of(L);
    sy_arena *scratch = &owner->scratch;
    sy_arena_reset(scratch);
    const sy_schema *schema = schema_argument(L, 1);
    sy_request request = {.method = methods[luaL_checkoption(L, 2, NULL, names)],
                          .table = schema->name,
                          .id = script_text(L, 3, scratch),
                          .since_sequence = -1};
    request.include_deleted = request.method == SY_METHOD_UNDELETE;
    if (!lua_isnoneornil(L, 4)) {
        request.row = script_to_row(L, 4, schema, scratch);
        request.if_match = sy_row_version(request.row);
        if (request.method == SY_METHOD_DELETE) {
            request.row = NULL;
        }
    }
    sy_response response = {0};
    sy_err err = {0};
    owner->in_office = true;
    sy_rc rc = sim_server_host_serve(host_of(L), &request, scratch, &response, &err);
    owner->in_office = false;
    return rc == SY_OK ? push_response(L, &response) : script_push_failure(L, rc, err.text);
}

/* hard_delete(table, id) */
static int server_hard_delete(lua_State *L)
{
    const sy_schema *schema = schema_argument(L, 1);
    sy_arena *scratch = &script_of(L)->scratch;
    sy_arena_reset(scratch);
    sy_err err = {0};
    sy_rc rc =
        sim_server_host_hard_delete(host_of(L), schema->name, script_text(L, 2, scratch), &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* The table of headers at `index`. */
static uint32_t read_headers(lua_State *L, int index, sy_header **out, sy_arena *scratch)
{
    lua_Integer count = script_sorted_keys(L, index);
    *out = sy_arena_push(scratch, ((size_t)count + 1) * sizeof **out);
    if (*out == NULL) {
        (void)luaL_error(L, "not enough memory");
        return 0;
    }
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        sy_str name = script_text(L, -1, scratch);
        (void)lua_gettable(L, index);
        (*out)[i - 1] = (sy_header){name, script_text(L, -1, scratch)};
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return (uint32_t)count;
}

static void push_http_response(lua_State *L, const sy_http_response *response)
{
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, response->status);
    lua_setfield(L, -2, "status");
    set_str(L, "body", response->body);
    lua_createtable(L, 0, (int)response->header_count);
    for (uint32_t i = 0; i < response->header_count; i++) {
        const sy_header *header = &response->headers[i];
        luaL_Buffer name;
        char *folded = luaL_buffinitsize(L, &name, header->name.size);
        for (size_t at = 0; at < header->name.size; at++) {
            folded[at] = header->name.data[at];
            if (folded[at] >= 'A' && folded[at] <= 'Z') {
                folded[at] = (char)(folded[at] - 'A' + 'a');
            }
        }
        luaL_pushresultsize(&name, header->name.size);
        script_push_str(L, header->value);
        lua_rawset(L, -3);
    }
    lua_setfield(L, -2, "headers");
}

/* http(method, path, headers, body) -> { status, headers, body }, or nil, message, code */
static int server_http(lua_State *L)
{
    script *owner = script_of(L);
    sy_arena *scratch = &owner->scratch;
    sy_arena_reset(scratch);
    luaL_checktype(L, 3, LUA_TTABLE);
    sy_header *headers = NULL;
    const uint32_t header_count = read_headers(L, 3, &headers, scratch);
    const sy_http_request request = {.method = script_text(L, 1, scratch),
                                     .target = script_text(L, 2, scratch),
                                     .headers = headers,
                                     .header_count = header_count,
                                     .body = script_text(L, 4, scratch)};
    sy_http_response response = {0};
    sy_err err = {0};
    owner->in_office = true;
    sy_rc rc = sim_server_host_serve_http(host_of(L), &request, scratch, &response, &err);
    owner->in_office = false;
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    push_http_response(L, &response);
    return 1;
}

/* The server's own schema of the table whose name is at 1; NULL: it is down. */
static const sy_schema *stored_schema(lua_State *L, sy_err *err)
{
    const sy_schema *schema = schema_argument(L, 1);
    sy_server *server = sim_server_host_server(host_of(L));
    if (server == NULL) {
        (void)SY_FAIL(err, SY_STATE, "the server is down");
        return NULL;
    }
    return sy_server_schema(server, schema->name);
}

/* lookup(table, id, include_deleted) -> row or nil */
static int server_lookup(lua_State *L)
{
    sy_arena *scratch = &script_of(L)->scratch;
    sy_arena_reset(scratch);
    const sy_row *row = NULL;
    sy_err err = {0};
    const sy_schema *schema = stored_schema(L, &err);
    sy_rc rc = schema == NULL ? SY_STATE : SY_OK;
    if (rc == SY_OK) {
        sy_store store = sy_server_store(sim_server_host_server(host_of(L)));
        rc = sy_store_read(store, schema, script_text(L, 2, scratch), scratch, &row, &err);
    }
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    if (row != NULL && sy_row_deleted(row) && !lua_toboolean(L, 3)) {
        row = NULL;
    }
    script_push_row(L, row);
    return 1;
}

/* read(table, query, include_deleted) -> list */
static int server_read(lua_State *L)
{
    sy_arena *scratch = &script_of(L)->scratch;
    sy_arena_reset(scratch);
    sy_rows rows = {0};
    sy_err err = {0};
    const sy_schema *schema = stored_schema(L, &err);
    if (schema == NULL) {
        return script_push_failure(L, SY_STATE, err.text);
    }
    const sy_query *query = script_to_query(L, 2, schema, scratch);
    sy_store store = sy_server_store(sim_server_host_server(host_of(L)));
    sy_query all = sy_query_all(schema);
    sy_rc rc = sy_store_query(store, &all, scratch, &rows, &err);
    if (rc == SY_OK && !lua_toboolean(L, 3)) {
        sy_rows_drop_deleted(&rows);
    }
    if (rc == SY_OK) {
        rc = sy_query_apply(query, &rows, scratch, &err);
    }
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    script_push_rows(L, &rows);
    return 1;
}

/* -- the requests that reached it -- */

static sy_str query_text(script *owner, const sy_query *query)
{
    sy_buf text;
    sy_buf_init(&text, owner->alloc);
    sy_query_to_text(query, &text);
    sy_str copy = text.failed ? (sy_str){0} : sy_arena_copy(&owner->arena, sy_buf_str(&text));
    sy_buf_deinit(&text);
    return copy;
}

/* Without memory there is no entry, and the world is broken. */
static void note_request(script_device *device, const sim_message *message)
{
    script *owner = device->owner;
    const sy_request *request = &message->request;
    script_request *entry = sy_arena_push_zeroed(&owner->arena, sizeof *entry);
    if (entry == NULL) {
        owner->world->broken = SY_NOMEM;
        return;
    }
    *entry = (script_request){.method = request->method,
                              .table = sy_arena_copy(&owner->arena, request->table),
                              .id = sy_arena_copy(&owner->arena, request->id),
                              .if_match = sy_arena_copy(&owner->arena, request->if_match),
                              .user = sy_arena_copy(&owner->arena, request->user),
                              .from = sim_client_host_name(sim_device_host(device->device)),
                              .time = owner->world->now};
    if (request->query != NULL) {
        entry->query = query_text(owner, request->query);
    }
    if (owner->requests_last == NULL) {
        owner->requests = entry;
    } else {
        owner->requests_last->next = entry;
    }
    owner->requests_last = entry;
    if (owner->requests_open == NULL) {
        owner->requests_open = entry;
    }
}

static void spy_receive(void *self, sim_message *message)
{
    script_device *device = self;
    if (message->what == SIM_REQUEST) {
        note_request(device, message);
    }
    device->server_end.ops->receive(device->server_end.self, message);
}

static void spy_refused(void *self, sim_message *message)
{
    script_device *device = self;
    device->server_end.ops->refused(device->server_end.self, message);
}

void script_watch_requests(script_device *device)
{
    static const sim_receiver_ops receives = {.receive = spy_receive};
    static const sim_receiver_ops both = {.receive = spy_receive, .refused = spy_refused};
    sim_link *link = sim_device_link(device->device);
    device->server_end = link->server;
    link->server = (sim_receiver){link->server.ops->refused != NULL ? &both : &receives, device};
}

/* The oldest open request of this method, table and id was answered. */
static void read_respond(void *self, const sim_event *event)
{
    script *owner = self;
    if (owner->in_office) {
        return;
    }
    sy_str method = sy_value_str(&event->fields[0]);
    for (script_request *one = owner->requests_open; one != NULL; one = one->next) {
        if (one->status == 0 && sy_str_equal(method, sy_str_of(sy_method_name(one->method))) &&
            sy_str_equal(one->table, sy_value_str(&event->fields[1])) &&
            sy_str_equal(one->id, sy_value_str(&event->fields[2]))) {
            one->status = (int)event->fields[3].as.integer;
            one->rows = event->fields[4].as.integer;
            break;
        }
    }
    while (owner->requests_open != NULL && owner->requests_open->status != 0) {
        owner->requests_open = owner->requests_open->next;
    }
}

sy_rc script_watch_responses(script *owner)
{
    static const sy_event_kind *const kinds[] = {&sy_event_respond};
    return sim_trace_read(owner->world->trace, read_respond, owner, kinds, 1);
}

static int server_requests(lua_State *L)
{
    lua_Integer count = 0;
    lua_newtable(L);
    for (const script_request *one = script_of(L)->requests; one != NULL; one = one->next) {
        lua_createtable(L, 0, 10);
        set_str(L, "method", sy_str_of(sy_method_name(one->method)));
        set_str(L, "table", one->table);
        set_str(L, "id", one->id);
        set_str(L, "if_match", one->if_match);
        set_str(L, "query", one->query);
        set_str(L, "user", one->user);
        set_str(L, "from", sy_str_of(one->from));
        lua_pushinteger(L, one->status);
        lua_setfield(L, -2, "status");
        lua_pushinteger(L, one->rows);
        lua_setfield(L, -2, "rows");
        lua_pushinteger(L, one->time);
        lua_setfield(L, -2, "time_ns");
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

const luaL_Reg script_server_functions[] = {
    {"check_server_dialect", server_check_dialect},
    {"server", server_new},
    {"server_crash", server_crash},
    {"server_restart", server_restart},
    {"server_notify", server_notify},
    {"server_clock", server_clock},
    {"server_gather", server_gather},
    {"server_clean", server_clean},
    {"hard_delete", server_hard_delete},
    {"server_back_up", server_back_up},
    {"server_migrate", server_migrate},
    {"server_restore", server_restore},
    {"server_close_for", server_close_for},
    {"server_throttle", server_throttle},
    {"check_server_table", server_check_table},
    {"serve", server_serve},
    {"http", server_http},
    {"server_lookup", server_lookup},
    {"server_read", server_read},
    {"requests", server_requests},
    {NULL, NULL},
};

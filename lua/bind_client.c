/* Calls of a client: a table that says what becomes a call of the engine, its outcome comes back to
 * the slot that waits. */
#include "lua/convert.h"

#include <string.h>

typedef struct ended {
    script_wait *wait;
    sy_rc rc;
    const sy_outcome *outcome; /* NULL: the process died */
} ended;

static void push_problem(lua_State *L, const sy_push_error *error)
{
    lua_createtable(L, 0, 9);
    lua_pushstring(L, sy_operation_kind_name(error->kind));
    lua_setfield(L, -2, "kind");
    script_push_str(L, error->table);
    lua_setfield(L, -2, "table");
    script_push_str(L, error->id);
    lua_setfield(L, -2, "id");
    lua_pushinteger(L, error->status);
    lua_setfield(L, -2, "status");
    script_push_row(L, error->item);
    lua_setfield(L, -2, "item");
    script_push_row(L, error->server);
    lua_setfield(L, -2, "server");
    lua_pushinteger(L, error->operation);
    lua_setfield(L, -2, "operation");
    lua_pushinteger(L, error->operation_version);
    lua_setfield(L, -2, "version");
    lua_pushboolean(L, error->handled);
    lua_setfield(L, -2, "handled");
}

void script_push_push_result(lua_State *L, const sy_push_result *result)
{
    lua_createtable(L, 0, 3);
    lua_pushstring(L, sy_push_status_name(result->status));
    lua_setfield(L, -2, "status");
    lua_pushinteger(L, result->completed);
    lua_setfield(L, -2, "completed");
    lua_createtable(L, (int)result->error_count, 0);
    for (uint32_t i = 0; i < result->error_count; i++) {
        push_problem(L, &result->errors[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "errors");
}

static void push_first_row(lua_State *L, const sy_outcome *outcome, bool needs_something)
{
    if (outcome->rows.count > 0) {
        script_push_row(L, outcome->rows.items[0]);
    } else if (needs_something) {
        lua_pushboolean(L, 1);
    } else {
        lua_pushnil(L);
    }
}

static void push_success(lua_State *L, const ended *how)
{
    const sy_outcome *outcome = how->outcome;
    switch (outcome->verb) {
    case SY_VERB_LOOKUP:
        push_first_row(L, outcome, false);
        break;
    case SY_VERB_QUERY:
        script_push_rows(L, &outcome->rows);
        break;
    case SY_VERB_REMOTE:
        if (how->wait->as_list) {
            script_push_rows(L, &outcome->rows);
            break;
        }
        push_first_row(L, outcome, true);
        break;
    case SY_VERB_PUSH:
        script_push_push_result(L, outcome->push);
        break;
    case SY_VERB_PULL:
    case SY_VERB_PURGE:
        lua_pushinteger(L, outcome->count);
        break;
    case SY_VERB_INSERT:
    case SY_VERB_UPDATE:
        push_first_row(L, outcome, true);
        break;
    case SY_VERB_INITIALIZE:
    case SY_VERB_DELETE:
    case SY_VERB_RESOLVE:
    case SY_VERB_COUNT:
        lua_pushboolean(L, 1);
        break;
    }
}

static int deliver_outcome(lua_State *L)
{
    const ended *how = lua_touserdata(L, 1);
    script_push_std(L, "task", "deliver");
    lua_pushinteger(L, how->wait->slot);
    if (how->rc == SY_OK && how->outcome != NULL) {
        push_success(L, how);
        lua_call(L, 2, 0);
        return 0;
    }
    const sy_outcome *outcome = how->outcome;
    const char *text = outcome != NULL && outcome->err != NULL && outcome->err->text[0] != '\0'
                           ? outcome->err->text
                           : NULL;
    int count = script_push_failure(L, how->rc, text);
    if (outcome != NULL && outcome->push != NULL) {
        script_push_push_result(L, outcome->push);
        count++;
    } else if (outcome != NULL && outcome->rows.count > 0) {
        script_push_row(L, outcome->rows.items[0]);
        count++;
    }
    lua_call(L, count + 1, 0);
    return 0;
}

static void call_over(void *self, sy_rc rc, const sy_outcome *outcome)
{
    ended how = {.wait = self, .rc = rc, .outcome = outcome};
    if (!how.wait->owner->done) {
        (void)script_protect(how.wait->owner, deliver_outcome, &how);
    }
    script_wait_free(how.wait);
}

/* -- from a table to a call -- */

static sy_str text_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    sy_str text = script_text(L, -1, &script_of(L)->scratch);
    lua_pop(L, 1);
    return text;
}

static bool flag_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    bool set = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return set;
}

static int64_t integer_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static sy_verb read_verb(lua_State *L, int index)
{
    sy_str name = text_field(L, index, "verb");
    for (int verb = 0; verb < SY_VERB_COUNT; verb++) {
        if (sy_str_equal(name, sy_str_of(sy_verb_name((sy_verb)verb)))) {
            return (sy_verb)verb;
        }
    }
    (void)luaL_error(L, "unknown verb %s", name.data);
    return SY_VERB_COUNT;
}

static sy_method read_method(lua_State *L, int index)
{
    sy_str name = text_field(L, index, "method");
    for (int method = 0; method < SY_METHOD_COUNT; method++) {
        if (sy_str_equal(name, sy_str_of(sy_method_name((sy_method)method)))) {
            return (sy_method)method;
        }
    }
    return SY_METHOD_QUERY;
}

static sy_resolution read_resolution(lua_State *L, int index)
{
    const sy_str name = text_field(L, index, "resolution");
    for (int resolution = 0; resolution < SY_RESOLUTION_COUNT; resolution++) {
        if (sy_str_equal(name, sy_str_of(sy_resolution_name((sy_resolution)resolution)))) {
            return (sy_resolution)resolution;
        }
    }
    return SY_RESOLVE_UPDATE_OPERATION;
}

sy_operation_kind script_operation_kind(sy_str name)
{
    int kind = 0;
    while (kind < SY_OPERATION_KIND_COUNT &&
           !sy_str_equal(name, sy_str_of(sy_operation_kind_name((sy_operation_kind)kind)))) {
        kind++;
    }
    return (sy_operation_kind)kind;
}

static sy_push_scope scope_field(lua_State *L, int index)
{
    sy_push_scope scope = SY_PUSH_BY_DIALECT;
    if (lua_getfield(L, index, "push_other_tables") == LUA_TBOOLEAN) {
        scope = lua_toboolean(L, -1) != 0 ? SY_PUSH_ALL_TABLES : SY_PUSH_THIS_TABLE;
    }
    lua_pop(L, 1);
    return scope;
}

static void read_names(lua_State *L, int index, sy_call *call)
{
    if (lua_getfield(L, index, "tables") == LUA_TTABLE) {
        lua_Integer count = script_sequence(L, -1, "push");
        if (count > SY_PUSH_TABLE_COUNT_MAX) {
            (void)script_misuse(L, "push: at most %d tables", SY_PUSH_TABLE_COUNT_MAX);
        }
        for (lua_Integer i = 1; i <= count; i++) {
            (void)lua_rawgeti(L, -1, i);
            call->tables[call->table_count++] = script_text(L, -1, &script_of(L)->scratch);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
}

static void read_call(lua_State *L, int index, const script_device *device, sy_call *call)
{
    sy_arena *scratch = &script_of(L)->scratch;
    sy_arena_reset(scratch);
    *call = (sy_call){.verb = read_verb(L, index),
                      .table = text_field(L, index, "table"),
                      .id = text_field(L, index, "id"),
                      .query_id = text_field(L, index, "query_id"),
                      .push_scope = scope_field(L, index),
                      .write_interval = integer_field(L, index, "write_interval"),
                      .page_size = integer_field(L, index, "page_size"),
                      .force = flag_field(L, index, "force"),
                      .reset_associated = flag_field(L, index, "reset_associated_queries"),
                      .operation = integer_field(L, index, "operation"),
                      .operation_version = integer_field(L, index, "version"),
                      .resolution = read_resolution(L, index),
                      .action = script_operation_kind(text_field(L, index, "action")),
                      .remote_method = read_method(L, index),
                      .include_deleted = flag_field(L, index, "include_deleted")};
    read_names(L, index, call);
    if (call->table.size == 0) {
        return;
    }
    const sy_schema *schema = script_schema_find(L, device->schemas, call->table, device->name);
    if (lua_getfield(L, index, "row") != LUA_TNIL) {
        call->row = script_to_row(L, -1, schema, scratch);
    }
    lua_pop(L, 1);
    if (lua_getfield(L, index, "query") != LUA_TNIL || call->verb == SY_VERB_QUERY) {
        call->query = script_to_query(L, -1, schema, scratch);
    }
    lua_pop(L, 1);
}

static sy_rc check_started(const script_device *device, sy_err *err)
{
    sim_client_host *host = sim_device_host(device->device);
    if (sim_client_host_incarnation(host) == 0) {
        return SY_FAIL(err, SY_STATE, "%s is not initialised: its store was never started",
                       device->name);
    }
    if (!sim_client_host_up(host)) {
        return SY_FAIL(err, SY_CRASHED, "%s is down", device->name);
    }
    return SY_OK;
}

/* call(device, slot, what) -> ticket, or nil, message, code */
static int client_call(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    luaL_checktype(L, 3, LUA_TTABLE);
    sy_call call;
    read_call(L, 3, device, &call);
    script_wait *wait = script_wait_new(L, luaL_checkinteger(L, 2));
    wait->as_list = call.verb == SY_VERB_REMOTE && call.remote_method == SY_METHOD_QUERY;
    sy_err err = {0};
    sy_ticket ticket = 0;
    sy_rc rc = check_started(device, &err);
    if (rc == SY_OK) {
        rc = sim_client_host_call(sim_device_host(device->device), &call, call_over, wait, &ticket,
                                  &err);
    }
    if (rc != SY_OK) {
        script_wait_free(wait);
        return script_push_failure(L, rc, err.text);
    }
    lua_pushinteger(L, (lua_Integer)ticket);
    return 1;
}

/* cancel(device, ticket) -> whether there was something to cancel */
static int client_cancel(lua_State *L)
{
    const script_device *device = script_device_argument(L, 1);
    const sy_ticket ticket = (sy_ticket)luaL_checkinteger(L, 2);
    lua_pushboolean(L, sim_client_host_cancel(sim_device_host(device->device), ticket));
    return 1;
}

/* start(device, slot) -> true, or nil, message, code */
static int client_start(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    script_wait *wait = script_wait_new(L, luaL_checkinteger(L, 2));
    sy_err err = {0};
    sy_rc rc = sim_client_host_start(sim_device_host(device->device), call_over, wait, &err);
    if (rc != SY_OK) {
        script_wait_free(wait);
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* -- the queue -- */

/* pending(device [, table]) */
static int client_pending(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    sy_err err = {0};
    sy_rc rc = check_started(device, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    size_t size = 0;
    const char *name = luaL_optlstring(L, 2, "", &size);
    const sy_client *client = sim_client_host_client(sim_device_host(device->device));
    lua_pushinteger(L, sy_client_pending(client, (sy_str){name, size}));
    return 1;
}

static void push_operation(lua_State *L, const sy_operation *operation)
{
    lua_createtable(L, 0, 7);
    lua_pushstring(L, sy_operation_kind_name(operation->kind));
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, sy_operation_state_name(operation->state));
    lua_setfield(L, -2, "state");
    script_push_str(L, operation->schema->name);
    lua_setfield(L, -2, "table");
    script_push_str(L, operation->id);
    lua_setfield(L, -2, "id");
    lua_pushinteger(L, operation->sequence);
    lua_setfield(L, -2, "sequence");
    lua_pushinteger(L, operation->version);
    lua_setfield(L, -2, "version");
}

static int client_queue(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    sy_err err = {0};
    sy_rc rc = check_started(device, &err);
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    const sy_client *client = sim_client_host_client(sim_device_host(device->device));
    sy_operation operation;
    lua_newtable(L);
    for (uint32_t i = 0; sy_client_operation(client, i, &operation); i++) {
        push_operation(L, &operation);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

const luaL_Reg script_client_functions[] = {
    {"call", client_call},       {"cancel", client_cancel}, {"start", client_start},
    {"pending", client_pending}, {"queue", client_queue},   {NULL, NULL},
};

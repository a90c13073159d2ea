/* Calls of a client: a table that says what becomes a call of the engine, its outcome comes back to
 * the slot that waits. */
#include "lua/convert.h"

#include <stddef.h>
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
    case SY_VERB_DISMISS:
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

/* Each reader takes the value on top of the stack; a key that is absent leaves what the call begins
 * with. */

static sy_str text_value(lua_State *L)
{
    return script_text(L, -1, &script_of(L)->scratch);
}

static bool flag_value(lua_State *L)
{
    return lua_toboolean(L, -1) != 0;
}

static void read_verb(lua_State *L, sy_call *call)
{
    sy_str name = text_value(L);
    int verb = 0;
    while (verb < SY_VERB_COUNT && !sy_str_equal(name, sy_str_of(sy_verb_name((sy_verb)verb)))) {
        verb++;
    }
    if (verb == SY_VERB_COUNT) {
        (void)luaL_error(L, "unknown verb %s", name.data);
    }
    call->verb = (sy_verb)verb;
}

static void read_method(lua_State *L, sy_call *call)
{
    sy_str name = text_value(L);
    for (int method = 0; method < SY_METHOD_COUNT; method++) {
        if (sy_str_equal(name, sy_str_of(sy_method_name((sy_method)method)))) {
            call->remote_method = (sy_method)method;
        }
    }
}

static void read_resolution(lua_State *L, sy_call *call)
{
    sy_str name = text_value(L);
    for (int resolution = 0; resolution < SY_RESOLUTION_COUNT; resolution++) {
        if (sy_str_equal(name, sy_str_of(sy_resolution_name((sy_resolution)resolution)))) {
            call->resolution = (sy_resolution)resolution;
        }
    }
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

static void read_action(lua_State *L, sy_call *call)
{
    call->action = script_operation_kind(text_value(L));
}

static void read_scope(lua_State *L, sy_call *call)
{
    call->push_scope = flag_value(L) ? SY_PUSH_ALL_TABLES : SY_PUSH_THIS_TABLE;
}

static void read_names(lua_State *L, sy_call *call)
{
    lua_Integer count = script_sequence(L, -1, "push");
    if (count > SY_PUSH_TABLE_COUNT_MAX) {
        (void)script_misuse(L, "push: at most %d tables", SY_PUSH_TABLE_COUNT_MAX);
    }
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        call->tables[call->table_count++] = text_value(L);
        lua_pop(L, 1);
    }
}

typedef enum call_value { CALL_TEXT, CALL_FLAG, CALL_INTEGER, CALL_OTHER } call_value;

static const struct call_key {
    const char *key;
    call_value kind;
    size_t at;                                 /* in sy_call */
    void (*read)(lua_State *L, sy_call *call); /* CALL_OTHER */
} call_keys[] = {
    {"verb", CALL_OTHER, 0, read_verb},
    {"table", CALL_TEXT, offsetof(sy_call, table), NULL},
    {"id", CALL_TEXT, offsetof(sy_call, id), NULL},
    {"query_id", CALL_TEXT, offsetof(sy_call, query_id), NULL},
    {"tables", CALL_OTHER, 0, read_names},
    {"push_other_tables", CALL_OTHER, 0, read_scope},
    {"write_interval", CALL_INTEGER, offsetof(sy_call, write_interval), NULL},
    {"page_size", CALL_INTEGER, offsetof(sy_call, page_size), NULL},
    {"force", CALL_FLAG, offsetof(sy_call, force), NULL},
    {"reset_associated_queries", CALL_FLAG, offsetof(sy_call, reset_associated), NULL},
    {"operation", CALL_INTEGER, offsetof(sy_call, operation), NULL},
    {"inbox_entry", CALL_INTEGER, offsetof(sy_call, inbox_entry), NULL},
    {"version", CALL_INTEGER, offsetof(sy_call, operation_version), NULL},
    {"resolution", CALL_OTHER, 0, read_resolution},
    {"action", CALL_OTHER, 0, read_action},
    {"method", CALL_OTHER, 0, read_method},
    {"include_deleted", CALL_FLAG, offsetof(sy_call, include_deleted), NULL},
};

static void read_value(lua_State *L, const struct call_key *key, sy_call *call)
{
    void *at = (char *)call + key->at;
    switch (key->kind) {
    case CALL_TEXT:
        *(sy_str *)at = text_value(L);
        break;
    case CALL_FLAG:
        *(bool *)at = flag_value(L);
        break;
    case CALL_INTEGER:
        *(int64_t *)at = lua_tointeger(L, -1);
        break;
    case CALL_OTHER:
        key->read(L, call);
        break;
    }
}

static void read_key(lua_State *L, const char *key, sy_call *call)
{
    for (size_t i = 0; i < sizeof call_keys / sizeof call_keys[0]; i++) {
        if (strcmp(call_keys[i].key, key) == 0) {
            read_value(L, &call_keys[i], call);
            return;
        }
    }
}

/* The row and the query wait for the table's name. */
static void read_call(lua_State *L, int index, const script_device *device, sy_call *call)
{
    sy_arena *scratch = &script_of(L)->scratch;
    sy_arena_reset(scratch);
    *call = (sy_call){.push_scope = SY_PUSH_BY_DIALECT,
                      .resolution = SY_RESOLVE_UPDATE_OPERATION,
                      .action = SY_OPERATION_KIND_COUNT,
                      .remote_method = SY_METHOD_QUERY};
    bool has_row = false;
    bool has_query = false;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        const char *key = lua_tostring(L, -2);
        if (strcmp(key, "row") == 0) {
            has_row = true;
        } else if (strcmp(key, "query") == 0) {
            has_query = true;
        } else {
            read_key(L, key, call);
        }
    }
    if (call->table.size == 0) {
        return;
    }
    const sy_schema *schema = script_schema_find(L, device->schemas, call->table, device->name);
    if (has_row) {
        (void)lua_getfield(L, index, "row");
        call->row = script_to_row(L, -1, schema, scratch);
        lua_pop(L, 1);
    }
    if (has_query || call->verb == SY_VERB_QUERY) {
        (void)lua_getfield(L, index, "query");
        call->query = script_to_query(L, -1, schema, scratch);
        lua_pop(L, 1);
    }
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

/* A local store written in Lua, behind the store port. Its functions run protected and may not
 * wait. `return false, text` is a failure of the store; what they raise is that too, and the end of
 * the scenario: the code under test crashed. */
#include "lua/convert.h"

#include <stdio.h>
#include <string.h>

typedef struct store_call {
    script_device *device;
    const char *function;
    const sy_schema *schema; /* NULL: no table argument */
    sy_str id;
    const sy_row *row;
    sy_arena *arena; /* results */
    const sy_row *found;
    sy_rows rows;
    sy_err *err;
    sy_rc rc;
} store_call;

static void push_columns(lua_State *L, const sy_schema *schema)
{
    lua_newtable(L);
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (i >= SY_SYSTEM_COUNT || sy_schema_has(schema, (sy_system_column)i)) {
            lua_pushstring(L, sy_type_name(schema->columns[i].type));
            script_push_str(L, schema->columns[i].name);
            lua_insert(L, -2);
            lua_rawset(L, -3);
        }
    }
}

/* The arguments that this call has, behind the function; returns how many. */
static int push_arguments(lua_State *L, const store_call *call)
{
    if (call->schema == NULL) {
        return 0;
    }
    script_push_str(L, call->schema->name);
    if (strcmp(call->function, "define") == 0) {
        push_columns(L, call->schema);
        return 2;
    }
    if (call->row != NULL) {
        script_push_row(L, call->row);
        return 2;
    }
    if (strcmp(call->function, "rows") == 0) {
        return 1;
    }
    script_push_str(L, call->id);
    return 2;
}

static void read_rows(lua_State *L, store_call *call)
{
    if (!lua_istable(L, -1)) {
        (void)luaL_error(L, "a list of rows is a table, not a %s", luaL_typename(L, -1));
    }
    lua_Integer count = script_sequence(L, -1, "rows");
    const sy_row **items = sy_arena_push(call->arena, ((size_t)count + 1) * sizeof *items);
    if (items == NULL) {
        call->rc = sy_fail_nomem(call->err);
        return;
    }
    for (lua_Integer i = 0; i < count; i++) {
        (void)lua_rawgeti(L, -1, i + 1);
        items[i] = script_to_row(L, -1, call->schema, call->arena);
        lua_pop(L, 1);
    }
    call->rows = (sy_rows){.items = items, .count = (size_t)count, .total = -1};
}

static int call_function(lua_State *L)
{
    store_call *call = lua_touserdata(L, 1);
    (void)lua_rawgeti(L, LUA_REGISTRYINDEX, call->device->store);
    (void)lua_getfield(L, -1, call->function);
    int count = push_arguments(L, call);
    lua_call(L, count, 2);
    if (lua_isboolean(L, -2) && !lua_toboolean(L, -2)) {
        call->rc = SY_FAIL(call->err, SY_STORE, "%s: %s", call->function,
                           lua_isstring(L, -1) ? lua_tostring(L, -1) : "the store failed");
        return 0;
    }
    lua_pop(L, 1);
    if (strcmp(call->function, "rows") == 0) {
        read_rows(L, call);
    } else if (strcmp(call->function, "read") == 0 && !lua_isnil(L, -1)) {
        call->found = script_to_row(L, -1, call->schema, call->arena);
    }
    return 0;
}

static void raised(store_call *call, const char *text)
{
    char whole[512];
    (void)snprintf(whole, sizeof whole, "the store of %s raised in %s: %s", call->device->name,
                   call->function, text);
    script_finish(call->device->owner, SY_CRASHED, whole);
    call->rc = SY_FAIL(call->err, SY_STORE, "%s: %s", call->function, text);
}

static sy_rc run(store_call *call)
{
    script *owner = call->device->owner;
    lua_State *L = owner->state;
    if (owner->end != SY_OK || !lua_checkstack(L, 8)) {
        return SY_FAIL(call->err, SY_STORE, "the store's code is gone");
    }
    owner->store_depth++;
    lua_pushcfunction(L, call_function);
    lua_pushlightuserdata(L, call);
    int status = lua_pcall(L, 1, 0, 0);
    owner->store_depth--;
    if (status != LUA_OK) {
        const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
        if (owner->stopped != SCRIPT_RUNS || status == LUA_ERRMEM) {
            script_finish(owner, SY_LIMIT,
                          owner->stop_text[0] != '\0' ? owner->stop_text : "memory limit reached");
            call->rc = SY_FAIL(call->err, SY_STORE, "a limit was reached");
        } else {
            raised(call, text != NULL ? text : "(error object is not a text)");
        }
        lua_pop(L, 1);
    }
    return call->rc;
}

static sy_rc store_define(void *self, const sy_schema *schema, sy_err *err)
{
    return run(&(store_call){.device = self, .function = "define", .schema = schema, .err = err});
}

static sy_rc store_transact(void *self, sy_transaction_step step, sy_err *err)
{
    static const char *const names[] = {"begin", "commit", "rollback"};
    script_device *device = self;
    if ((step == SY_BEGIN) == device->store_open) {
        return SY_FAIL(err, SY_STATE, "%s %s a transaction", names[step],
                       device->store_open ? "inside" : "outside");
    }
    sy_rc rc = run(&(store_call){.device = self, .function = names[step], .err = err});
    if (rc == SY_OK || step == SY_ROLLBACK) {
        device->store_open = step == SY_BEGIN;
    }
    return rc;
}

static sy_rc store_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                        const sy_row **out, sy_err *err)
{
    store_call call = {
        .device = self, .function = "read", .schema = schema, .id = id, .arena = arena, .err = err};
    sy_rc rc = run(&call);
    *out = call.found;
    return rc;
}

static sy_rc store_query(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                         sy_err *err)
{
    store_call call = {
        .device = self, .function = "rows", .schema = query->schema, .arena = arena, .err = err};
    sy_rc rc = run(&call);
    *out = call.rows;
    return rc == SY_OK ? sy_query_apply(query, out, arena, err) : rc;
}

static sy_rc store_write(void *self, const sy_row *row, sy_err *err)
{
    return run(&(store_call){
        .device = self, .function = "write", .schema = row->schema, .row = row, .err = err});
}

static sy_rc store_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    return run(&(store_call){
        .device = self, .function = "remove", .schema = schema, .id = id, .err = err});
}

sy_store script_store_port(script_device *device)
{
    static const sy_store_ops ops = {.define = store_define,
                                     .transact = store_transact,
                                     .read = store_read,
                                     .query = store_query,
                                     .write = store_write,
                                     .remove = store_remove};
    return (sy_store){.ops = &ops, .self = device};
}

/* The process died inside a transaction: the store goes back to its last committed image. */
void script_store_crashed(void *self)
{
    script_device *device = self;
    if (device->store_open) {
        (void)store_transact(device, SY_ROLLBACK, NULL);
    }
}

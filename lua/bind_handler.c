/* Policies and handlers in Lua. The engine asks from inside its run, where no Lua of the scenario
 * may be run: what it asks becomes a table in the list of std/handler.lua, which is taken up in an
 * event of its own; the decision comes back by `decide`, now or much later. A decision names the
 * process that asked, so that a successor never gets it. */
#include "lua/convert.h"

#include <string.h>

typedef struct question {
    script_device *device;
    const sy_attempt *attempt; /* or */
    uint64_t decision_id;      /* push_complete */
    const sy_push_result *result;
} question;

static void set_integer(lua_State *L, const char *name, int64_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static void set_row(lua_State *L, const char *name, const sy_row *row)
{
    script_push_row(L, row);
    lua_setfield(L, -2, name);
}

static void push_attempt(lua_State *L, const sy_attempt *attempt)
{
    set_integer(L, "decision", (int64_t)attempt->decision_id);
    set_integer(L, "operation", attempt->operation);
    set_integer(L, "attempt", attempt->attempt);
    set_integer(L, "status", attempt->status);
    lua_pushstring(L, attempt->phase == SY_PHASE_STARTED ? "started" : "answered");
    lua_setfield(L, -2, "phase");
    lua_pushstring(L, sy_operation_kind_name(attempt->kind));
    lua_setfield(L, -2, "kind");
    script_push_str(L, attempt->table);
    lua_setfield(L, -2, "table");
    script_push_str(L, attempt->id);
    lua_setfield(L, -2, "id");
    if (attempt->phase == SY_PHASE_ANSWERED && attempt->rc != SY_OK) {
        lua_pushstring(L, script_code(attempt->rc));
        lua_setfield(L, -2, "code");
    }
    set_row(L, "item", attempt->item);
    set_row(L, "base", attempt->base);
    set_row(L, "client", attempt->local);
    set_row(L, "server", attempt->server);
}

/* Appends the question to std's list. */
static int put_down(lua_State *L)
{
    const question *asked = lua_touserdata(L, 1);
    script_push_std(L, "handler", "asked");
    lua_createtable(L, 0, 14);
    set_integer(L, "device", asked->device->number);
    set_integer(L, "incarnation",
                (int64_t)sim_client_host_incarnation(sim_device_host(asked->device->device)));
    if (asked->attempt != NULL) {
        push_attempt(L, asked->attempt);
    } else {
        set_integer(L, "decision", (int64_t)asked->decision_id);
        script_push_push_result(L, asked->result);
        lua_setfield(L, -2, "result");
    }
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    return 0;
}

static int take_up(lua_State *L)
{
    script_push_std(L, "handler", "take_up");
    lua_call(L, 0, 0);
    return 0;
}

static void wake(void *self)
{
    script *owner = self;
    owner->wake_scheduled = false;
    if (!owner->done) {
        (void)script_protect(owner, take_up, NULL);
    }
}

static void ask(script *owner, question *asked)
{
    if (owner->done || !script_protect(owner, put_down, asked)) {
        return;
    }
    if (!owner->wake_scheduled) {
        owner->wake_scheduled = true;
        sim_world_after(owner->world, 0, wake, owner);
    }
}

static void handler_decide(void *self, const sy_attempt *attempt)
{
    script_device *device = self;
    ask(device->owner, &(question){.device = device, .attempt = attempt});
}

static void handler_push_complete(void *self, uint64_t decision_id, const sy_push_result *result)
{
    script_device *device = self;
    ask(device->owner, &(question){.device = device, .decision_id = decision_id, .result = result});
}

sy_handler script_handler_port(script_device *device, bool started, bool decides, bool errors,
                               bool completes)
{
    static const sy_handler_ops deciding = {.decide = handler_decide};
    static const sy_handler_ops both = {.decide = handler_decide,
                                        .push_complete = handler_push_complete};
    if (!started && !decides && !errors && !completes) {
        return (sy_handler){0};
    }
    return (sy_handler){.ops = completes ? &both : &deciding,
                        .self = device,
                        .wants_started = started,
                        .wants_errors = errors};
}

/* true, or nil, message, "crashed" when the process that asked is gone */
static bool same_process(const script_device *device, lua_Integer incarnation)
{
    sim_client_host *host = sim_device_host(device->device);
    return sim_client_host_up(host) && sim_client_host_incarnation(host) == (uint64_t)incarnation;
}

/* decide(device, incarnation, decision, kind, table, row, delete, action) */
static int client_decide(lua_State *L)
{
    static const char *const names[] = {"send", "return", "fail", "abort", NULL};
    static const sy_decision_kind kinds[] = {SY_DECIDE_SEND, SY_DECIDE_RETURN, SY_DECIDE_FAIL,
                                             SY_DECIDE_ABORT};
    script_device *device = script_device_argument(L, 1);
    script *owner = device->owner;
    sy_decision decision = {.kind = kinds[luaL_checkoption(L, 4, NULL, names)],
                            .delete_row = lua_toboolean(L, 7) != 0,
                            .changes_action = lua_isstring(L, 8) != 0};
    if (decision.changes_action) {
        decision.action = script_operation_kind(sy_str_of(lua_tostring(L, 8)));
    }
    sy_arena_reset(&owner->scratch);
    if (!lua_isnoneornil(L, 6)) {
        size_t size = 0;
        const char *table = luaL_checklstring(L, 5, &size);
        const sy_schema *schema =
            script_schema_find(L, device->schemas, (sy_str){table, size}, device->name);
        decision.row = script_to_row(L, 6, schema, &owner->scratch);
    }
    sy_err err = {0};
    sy_rc rc = SY_CRASHED;
    if (same_process(device, luaL_checkinteger(L, 2))) {
        rc = sim_client_host_decide(sim_device_host(device->device),
                                    (uint64_t)luaL_checkinteger(L, 3), &decision, &err);
    }
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* completed(device, incarnation, decision, threw) */
static int client_completed(lua_State *L)
{
    script_device *device = script_device_argument(L, 1);
    sy_err err = {0};
    sy_rc rc = SY_CRASHED;
    if (same_process(device, luaL_checkinteger(L, 2))) {
        rc = sim_client_host_push_completed(sim_device_host(device->device),
                                            (uint64_t)luaL_checkinteger(L, 3),
                                            lua_toboolean(L, 4) ? SY_STATE : SY_OK, &err);
    }
    if (rc != SY_OK) {
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

const luaL_Reg script_handler_functions[] = {
    {"decide", client_decide},
    {"completed", client_completed},
    {NULL, NULL},
};

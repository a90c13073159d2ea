/* What the library in Lua asks of the world: time, the trace, settle, and how the scenario ends. */
#include "lua/convert.h"

#include "core/base/hash.h"
#include "core/client/client.h"

#include <string.h>

static sim_world *world_of(lua_State *L)
{
    script *owner = script_of(L);
    if (owner->world == NULL) {
        (void)script_misuse(L, "there is no world yet: this is for the scenario's run function");
    }
    return owner->world;
}

static int world_now(lua_State *L)
{
    lua_pushinteger(L, world_of(L)->now);
    return 1;
}

static int deliver_nothing(lua_State *L)
{
    script_wait *wait = lua_touserdata(L, 1);
    script_push_std(L, "task", "deliver");
    lua_pushinteger(L, wait->slot);
    lua_call(L, 1, 0);
    return 0;
}

static void wait_over(void *self)
{
    script_wait *wait = self;
    if (!wait->owner->done) {
        (void)script_protect(wait->owner, deliver_nothing, wait);
    }
    script_wait_free(wait);
}

static void identify_wait(const void *self, sim_identity *out)
{
    const script_wait *wait = self;
    *out = (sim_identity){.host = SIM_HOST_WORLD, .id = wait->identity, .loose = true};
}

void script_know_waits(sim_world *world)
{
    static const sim_source sources[] = {
        {wait_over, "wakes a driver", identify_wait},
        {NULL, NULL, NULL},
    };
    sim_world_know(world, sources);
}

static uint64_t wait_identity(lua_State *L)
{
    script_push_std(L, "task", "identity");
    lua_call(L, 0, 2);
    size_t size = 0;
    const char *key = lua_tolstring(L, -2, &size);
    const uint64_t identity = sy_hash(key, size, (uint64_t)lua_tointeger(L, -1));
    lua_pop(L, 2);
    return identity;
}

/* after(ns, slot) */
static int world_after(lua_State *L)
{
    sim_world *world = world_of(L);
    lua_Integer ns = luaL_checkinteger(L, 1);
    if (ns < 0 || ns > SY_TIME_MAX - world->now) {
        return script_misuse(L, "that lies beyond the end of time");
    }
    script_wait *wait = script_wait_new(L, luaL_checkinteger(L, 2));
    wait->identity = world->order != NULL ? wait_identity(L) : 0;
    sim_world_after(world, ns, wait_over, wait);
    return 0;
}

static sy_value text_value(lua_State *L, int index)
{
    size_t size = 0;
    const char *data = luaL_checklstring(L, index, &size);
    return sy_text((sy_str){data, size});
}

static int world_note(lua_State *L)
{
    sim_trace_event(world_of(L), SIM_HOST_WORLD, &sim_event_note, text_value(L, 1));
    return 0;
}

static int refuse_demand(lua_State *L, sy_rc rc, const sy_err *err)
{
    return rc == SY_NOMEM ? luaL_error(L, "not enough memory")
                          : script_misuse(L, "sometimes: %s", err->text);
}

/* demand(class): of events; or demand(text, met): a condition. Before there is a world it only
 * looks whether there is such a class. */
static int world_demand(lua_State *L)
{
    script *owner = script_of(L);
    sy_str text = {0};
    sy_err err = {0};
    size_t index = 0;
    text.data = luaL_checklstring(L, 1, &text.size);
    const bool is_condition = lua_gettop(L) > 1;
    sy_rc rc = owner->simulation == NULL ? sim_event_class_find(text, &index, &err)
               : is_condition
                   ? sim_simulation_demand(owner->simulation, text, lua_toboolean(L, 2), &err)
                   : sim_simulation_demand_event(owner->simulation, text, &err);
    return rc == SY_OK ? 0 : refuse_demand(L, rc, &err);
}

/* expected(text, ok) */
static int world_expected(lua_State *L)
{
    script *owner = script_of(L);
    if (owner->world != NULL) {
        sim_trace_event(owner->world, SIM_HOST_WORLD, &sim_event_expect, text_value(L, 1),
                        sy_bool(lua_toboolean(L, 2)));
    }
    return 0;
}

/* intention(user, number, verb, table, id, applied) */
static int world_intention(lua_State *L)
{
    sim_trace_event(world_of(L), SIM_HOST_WORLD, &sim_event_intention, text_value(L, 1),
                    sy_int(luaL_checkinteger(L, 2)), text_value(L, 3), text_value(L, 4),
                    text_value(L, 5), sy_bool(lua_toboolean(L, 6)));
    return 0;
}

/* A line for the person at the terminal, and a note. */
static int world_print(lua_State *L)
{
    script *owner = script_of(L);
    const char *text = luaL_checkstring(L, 1);
    if (owner->limits.print != NULL) {
        owner->limits.print(owner->limits.print_self, text);
    }
    return owner->world != NULL ? world_note(L) : 0;
}

static int world_counts(lua_State *L)
{
    (void)world_of(L);
    sim_counts counts = sim_simulation_counts(script_of(L)->simulation);
    const struct {
        const char *name;
        uint64_t count;
    } fields[] = {{"operations", counts.operations}, {"pushes", counts.pushes},
                  {"pulls", counts.pulls},           {"conflicts", counts.conflicts},
                  {"faults", counts.faults},         {"messages", counts.messages},
                  {"crashes", counts.crashes}};
    lua_createtable(L, 0, 7);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        lua_pushinteger(L, (lua_Integer)fields[i].count);
        lua_setfield(L, -2, fields[i].name);
    }
    return 1;
}

typedef struct settled {
    script_wait *wait;
    sy_rc rc;
} settled;

static int deliver_settled(lua_State *L)
{
    const settled *how = lua_touserdata(L, 1);
    script_push_std(L, "task", "deliver");
    lua_pushinteger(L, how->wait->slot);
    if (how->rc == SY_OK) {
        lua_pushboolean(L, 1);
        lua_call(L, 2, 0);
    } else {
        int count =
            script_push_failure(L, how->rc, "the clients and the server did not come to rest");
        lua_call(L, count + 1, 0);
    }
    return 0;
}

static void settle_over(void *self, sy_rc rc)
{
    settled how = {.wait = self, .rc = rc};
    if (!how.wait->owner->done) {
        (void)script_protect(how.wait->owner, deliver_settled, &how);
    }
    script_wait_free(how.wait);
}

/* settle(slot) -> true, or nil, message, code */
static int world_settle(lua_State *L)
{
    (void)world_of(L);
    script_wait *wait = script_wait_new(L, luaL_checkinteger(L, 1));
    sy_err err = {0};
    sy_rc rc = sim_simulation_settle(wait->owner->simulation, settle_over, wait, &err);
    if (rc != SY_OK) {
        script_wait_free(wait);
        return script_push_failure(L, rc, err.text);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* finish(how, text): "ok", "state" (an expectation), "parse" (a misuse), "crashed" (the code under
 * test) */
static int world_finish(lua_State *L)
{
    static const char *const names[] = {"ok", "state", "parse", "crashed", NULL};
    static const sy_rc codes[] = {SY_OK, SY_STATE, SY_PARSE, SY_CRASHED};
    int which = luaL_checkoption(L, 1, NULL, names);
    script_finish(script_of(L), codes[which], luaL_optstring(L, 2, ""));
    return 0;
}

/* -- for every module -- */

static int world_misuse(lua_State *L)
{
    return script_misuse(L, "%s", luaL_checkstring(L, 1));
}

static int world_where(lua_State *L)
{
    script_push_where(L);
    return 1;
}

/* defined(function) -> "file:line: " of where it begins; "" when it is not of the scenario */
static int world_defined(lua_State *L)
{
    lua_Debug where;
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    (void)lua_getinfo(L, ">S", &where);
    if (where.source[0] == '@') {
        lua_pushfstring(L, "%s:%d: ", where.short_src, where.linedefined);
    } else {
        lua_pushliteral(L, "");
    }
    return 1;
}

/* suggest(name, known) -> ": did you mean 'x'?" or "" */
static int world_suggest(lua_State *L)
{
    size_t size = 0;
    const char *name = luaL_checklstring(L, 1, &size);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_Integer count = script_length(L, 2);
    sy_str *known = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof *known, 0);
    for (lua_Integer i = 0; i < count; i++) {
        (void)lua_rawgeti(L, 2, i + 1);
        size_t length = 0;
        const char *text = lua_tolstring(L, -1, &length); /* lives in the list */
        known[i] = (sy_str){text, length};
        lua_pop(L, 1);
    }
    script_push_suggestion(L, (sy_str){name, size}, known, (size_t)count);
    return 1;
}

static int world_keys(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    (void)script_sorted_keys(L, 1);
    return 1;
}

static int world_in_store(lua_State *L)
{
    lua_pushboolean(L, script_of(L)->store_depth > 0);
    return 1;
}

static int world_checkers(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; sim_checker_at(i) != NULL; i++) {
        lua_pushstring(L, sim_checker_at(i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* time(ns since the start) -> datetime */
static int world_time(lua_State *L)
{
    script_push_time(L, SY_WORLD_EPOCH + luaL_checkinteger(L, 1));
    return 1;
}

static int world_read_time(lua_State *L)
{
    size_t size = 0;
    const char *text = luaL_checklstring(L, 1, &size);
    sy_time time = 0;
    sy_err err = {0};
    if (sy_time_parse((sy_str){text, size}, &time, &err) != SY_OK) {
        return script_misuse(L, "%s", err.text);
    }
    script_push_time(L, time);
    return 1;
}

const luaL_Reg script_world_functions[] = {
    {"now", world_now},
    {"after", world_after},
    {"note", world_note},
    {"demand", world_demand},
    {"expected", world_expected},
    {"intention", world_intention},
    {"print", world_print},
    {"counts", world_counts},
    {"settle", world_settle},
    {"finish", world_finish},
    {"misuse", world_misuse},
    {"where", world_where},
    {"defined", world_defined},
    {"suggest", world_suggest},
    {"keys", world_keys},
    {"in_store", world_in_store},
    {"checkers", world_checkers},
    {"time", world_time},
    {"read_time", world_read_time},
    {NULL, NULL},
};

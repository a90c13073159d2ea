/* Invariants of an app: std/invariant.lua. Commits and pulls are noticed in the trace, from inside
 * the engine, where no Lua of the scenario may be run; they are looked at in an event of their own,
 * when everything that happens at that instant has happened. */
#include "lua/convert.h"

#include <string.h>

#include "core/port/events.h"
#include "sim/kernel/events.h"

enum { PULL_END_RESULT = 3 };

static sy_str text_at(lua_State *L, int index)
{
    sy_str text = {0};
    text.data = luaL_checklstring(L, index, &text.size);
    return text;
}

/* The device with that number, from 1; 0: NULL, the server. */
static const script_device *device_at(lua_State *L, int index)
{
    return luaL_checkinteger(L, index) == 0 ? NULL : script_device_argument(L, index);
}

/* The store of the server or of a device; false: it is down. */
static bool store_of(const script *owner, const script_device *device, sy_store *out)
{
    if (device == NULL) {
        sim_server_host *host = sim_simulation_server(owner->simulation);
        sy_server *server = host != NULL ? sim_server_host_server(host) : NULL;
        if (server != NULL) {
            *out = sy_server_store(server);
        }
        return server != NULL;
    }
    sim_client_host *host = sim_device_host(device->device);
    const bool up = sim_client_host_client(host) != NULL;
    if (up) {
        *out = sim_client_host_store(host);
    }
    return up;
}

/* has_rows(device): it is up */
static int invariant_has_rows(lua_State *L)
{
    sy_store store;
    lua_pushboolean(L, store_of(script_of(L), device_at(L, 1), &store));
    return 1;
}

static const sy_schema *schema_of(lua_State *L, const script_device *device, sy_str table)
{
    script *owner = script_of(L);
    if (device != NULL) {
        return script_schema_find(L, device->schemas, table, device->name);
    }
    const sy_schema *schema = script_schema_find(L, owner->server_schemas, table, "the server");
    const sy_server *server = sim_server_host_server(sim_simulation_server(owner->simulation));
    return sy_server_schema(server, schema->name);
}

/* rows(device, table) -> list, by id, without those that are deleted */
static int invariant_rows(lua_State *L)
{
    script *owner = script_of(L);
    const script_device *device = device_at(L, 1);
    sy_store store;
    if (!store_of(owner, device, &store)) {
        return script_misuse(L, "read: it is down");
    }
    sy_arena_reset(&owner->scratch);
    sy_rows rows = {0};
    sy_err err = {0};
    sy_query all = sy_query_all(schema_of(L, device, text_at(L, 2)));
    sy_rc rc = sy_store_query(store, &all, &owner->scratch, &rows, &err);
    if (rc != SY_OK) {
        return luaL_error(L, "%s", err.text);
    }
    sy_rows_drop_deleted(&rows);
    script_push_rows(L, &rows);
    return 1;
}

/* violated(name, where, why) */
static int invariant_violated(lua_State *L)
{
    sim_trace_event(script_of(L)->world, SIM_HOST_WORLD, &sim_event_invariant,
                    sy_text(text_at(L, 2)), sy_text(text_at(L, 1)), sy_text(text_at(L, 3)));
    return 0;
}

/* -- the moments -- */

static void push_moment(lua_State *L, const char *at, uint32_t device)
{
    script_push_std(L, "invariant", "moment");
    lua_pushstring(L, at);
    lua_pushinteger(L, device);
    lua_call(L, 2, 0);
}

static int look(lua_State *L)
{
    script *owner = script_of(L);
    if (owner->committed) {
        owner->committed = false;
        push_moment(L, "commit", 0);
    }
    for (size_t i = 0; i < owner->device_count && !owner->done; i++) {
        if (owner->devices[i]->pulled) {
            owner->devices[i]->pulled = false;
            push_moment(L, "pull", owner->devices[i]->number);
        }
    }
    return 0;
}

static void moment_over(void *self)
{
    script *owner = self;
    owner->look_scheduled = false;
    if (!owner->done) {
        (void)script_protect(owner, look, NULL);
    }
}

static void read_moment(void *self, const sim_event *event)
{
    script *owner = self;
    if (event->kind == &sy_event_commit) {
        owner->committed = true;
    } else if (!sy_str_equal(sy_value_str(&event->fields[PULL_END_RESULT]), SY_STR("ok"))) {
        return;
    }
    const char *host = sim_trace_host(owner->world->trace, event->host);
    for (size_t i = 0; event->kind == &sy_event_pull_end && i < owner->device_count; i++) {
        script_device *device = owner->devices[i];
        device->pulled = device->pulled || strcmp(sim_device_name(device->device), host) == 0;
    }
    if (!owner->look_scheduled && !owner->done) {
        owner->look_scheduled = true;
        sim_world_after(owner->world, 0, moment_over, owner);
    }
}

/* watch_moments(): from now on invariant.moment is called */
static int invariant_watch_moments(lua_State *L)
{
    static const sy_event_kind *const kinds[] = {&sy_event_commit, &sy_event_pull_end};
    script *owner = script_of(L);
    if (owner->world == NULL) {
        return script_misuse(L, "there is no world yet: this is for the scenario's run function");
    }
    if (!owner->watches_moments &&
        sim_trace_read(owner->world->trace, read_moment, owner, kinds, 2) != SY_OK) {
        return luaL_error(L, "not enough memory");
    }
    owner->watches_moments = true;
    return 0;
}

const luaL_Reg script_invariant_functions[] = {
    {"has_rows", invariant_has_rows},
    {"rows", invariant_rows},
    {"violated", invariant_violated},
    {"watch_moments", invariant_watch_moments},
    {NULL, NULL},
};

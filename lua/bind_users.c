/* Users of a world: a plan as std/users.lua checked it becomes one of the host's, and its end comes
 * back to the slot that waits. */
#include "lua/convert.h"

#include "sim/host/user.h"

#include <string.h>

typedef struct crowd {
    script *owner;
    script_wait *wait;
    sim_user_plan plan;
    const script_device **devices;
} crowd;

static uint32_t count_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    const lua_Integer value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return (uint32_t)(value < UINT32_MAX ? value : UINT32_MAX);
}

static sy_time time_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    const sy_time value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static sy_str name_field(lua_State *L, int index, const char *name)
{
    (void)lua_getfield(L, index, name);
    const char *text = script_keep_text(L, -1);
    lua_pop(L, 1);
    return sy_str_of(text);
}

static sim_edit_kind kind_field(lua_State *L, int index)
{
    (void)lua_getfield(L, index, "kind");
    const char *name = lua_tostring(L, -1);
    int kind = 0;
    while (kind < SIM_KIND_COUNT && name != NULL &&
           strcmp(name, sim_edit_kind_name((sim_edit_kind)kind)) != 0) {
        kind++;
    }
    lua_pop(L, 1);
    return name == NULL || kind == SIM_KIND_COUNT ? SIM_KIND_INDEPENDENT : (sim_edit_kind)kind;
}

/* The table of a table on top of the stack: { name, kind, columns = { { name, type, weight }... } }
 */
static void read_table(lua_State *L, sim_user_table *out)
{
    const int at = lua_gettop(L);
    out->name = name_field(L, at, "name");
    out->kind = kind_field(L, at);
    (void)lua_getfield(L, at, "columns");
    const lua_Integer count = script_length(L, -1);
    sy_column *columns = script_keep(L, ((size_t)count + 1) * sizeof *columns);
    uint32_t *weights = script_keep(L, ((size_t)count + 1) * sizeof *weights);
    for (lua_Integer i = 0; i < count; i++) {
        (void)lua_rawgeti(L, -1, i + 1);
        const int column = lua_gettop(L);
        columns[i] = (sy_column){name_field(L, column, "name"),
                                 sy_type_from_name(name_field(L, column, "type"))};
        weights[i] = count_field(L, column, "weight");
        lua_pop(L, 1);
    }
    out->columns = columns;
    out->weights = weights;
    out->column_count = (uint32_t)count;
    lua_settop(L, at);
}

static void read_mix(lua_State *L, int index, uint32_t *mix)
{
    (void)lua_getfield(L, index, "mix");
    const int at = lua_gettop(L);
    for (int edit = 0; edit <= SIM_EDIT_SYNC; edit++) {
        mix[edit] = count_field(L, at, sim_edit_name((sim_edit)edit));
    }
    lua_pop(L, 1);
}

static void read_sessions(lua_State *L, int index, sim_user_sessions *out)
{
    if (lua_getfield(L, index, "sessions") == LUA_TTABLE) {
        const int at = lua_gettop(L);
        *out = (sim_user_sessions){.per_day = count_field(L, at, "per_day"),
                                   .hour = count_field(L, at, "hour"),
                                   .length = time_field(L, at, "length"),
                                   .edits = count_field(L, at, "edits"),
                                   .offline = count_field(L, at, "offline")};
    }
    lua_pop(L, 1);
}

static void read_plan(lua_State *L, int index, sim_user_plan *out)
{
    *out = (sim_user_plan){.rows = count_field(L, index, "rows"),
                           .per_user = count_field(L, index, "per_user"),
                           .within = time_field(L, index, "within"),
                           .zipf = count_field(L, index, "zipf"),
                           .own = count_field(L, index, "own"),
                           .burst = count_field(L, index, "burst"),
                           .undo = count_field(L, index, "undo")};
    read_mix(L, index, out->mix);
    read_sessions(L, index, &out->sessions);
    (void)lua_getfield(L, index, "tables");
    out->table_count = (uint32_t)script_length(L, -1);
    sim_user_table *tables = script_keep(L, (out->table_count + 1) * sizeof *tables);
    for (uint32_t i = 0; i < out->table_count; i++) {
        (void)lua_rawgeti(L, -1, (lua_Integer)i + 1);
        read_table(L, &tables[i]);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    out->tables = tables;
}

static void connect(void *self, bool online)
{
    sim_link *link = self;
    sim_link_set(link, online, link->metered);
}

static int deliver_nothing(lua_State *L)
{
    const script_wait *wait = lua_touserdata(L, 1);
    script_push_std(L, "task", "deliver");
    lua_pushinteger(L, wait->slot);
    lua_call(L, 1, 0);
    return 0;
}

static void everybody_done(void *self)
{
    crowd *all = self;
    if (!all->owner->done) {
        (void)script_protect(all->owner, deliver_nothing, all->wait);
    }
    script_wait_free(all->wait);
}

/* -- for a transcript -- */

typedef struct telling {
    const crowd *all;
    const sim_saying *saying;
    uint64_t number;
} telling;

static int tell(lua_State *L)
{
    telling *what = lua_touserdata(L, 1);
    const sim_saying *saying = what->saying;
    script_push_std(L, "transcript", "said");
    lua_pushinteger(L, what->all->devices[saying->user]->number);
    lua_pushstring(L, sim_edit_name(saying->edit));
    script_push_str(L, saying->table);
    script_push_str(L, saying->id);
    script_push_row(L, saying->row);
    lua_call(L, 5, 1);
    what->number = (uint64_t)lua_tointeger(L, -1);
    return 0;
}

static uint64_t said(void *self, const sim_saying *saying)
{
    const crowd *all = self;
    telling what = {.all = all, .saying = saying};
    (void)script_protect(all->owner, tell, &what);
    return what.number;
}

static void over(void *self, uint64_t number)
{
    const crowd *all = self;
    script_verb_over(all->owner, number);
}

/* users(plan, list of devices, slot) */
static int users_start(lua_State *L)
{
    script *owner = script_of(L);
    crowd *all = script_keep(L, sizeof *all);
    *all = (crowd){.owner = owner};
    read_plan(L, 1, &all->plan);
    const uint32_t count = (uint32_t)script_length(L, 2);
    sim_user *users = script_keep(L, (count + 1) * sizeof *users);
    all->devices = script_keep(L, (count + 1) * sizeof(script_device *));
    for (uint32_t i = 0; i < count; i++) {
        (void)lua_rawgeti(L, 2, (lua_Integer)i + 1);
        const script_device *device = script_device_argument(L, -1);
        all->devices[i] = device;
        users[i] = (sim_user){.name = sim_device_name(device->device),
                              .host = sim_device_host(device->device),
                              .connect = connect,
                              .connect_self = sim_device_link(device->device)};
        lua_pop(L, 1);
    }
    all->plan.user_count = count;
    all->wait = script_wait_new(L, luaL_checkinteger(L, 3));
    sim_users_config config = {
        .plan = &all->plan, .users = users, .done = everybody_done, .self = all};
    if (owner->limits.transcript) {
        config.listener = (sim_user_listener){.said = said, .over = over, .self = all};
    }
    sy_err err = {0};
    if (sim_users_start(owner->world, &config, &err) != SY_OK) {
        script_wait_free(all->wait);
        return luaL_error(L, "%s", err.text);
    }
    return 0;
}

const luaL_Reg script_users_functions[] = {
    {"users", users_start},
    {NULL, NULL},
};

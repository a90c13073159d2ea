/* Draws of the scenario: labels and streams are made when they are first named and live as long as
 * the script. */
#include "lua/internal.h"

#include "core/base/hash.h"

#include <string.h>

/* stream(host, purpose) -> number */
static int choice_stream(lua_State *L)
{
    script *owner = script_of(L);
    const char *host = luaL_checkstring(L, 1);
    const char *purpose = luaL_checkstring(L, 2);
    for (size_t i = 0; i < owner->stream_count; i++) {
        if (strcmp(owner->streams[i].host, host) == 0 &&
            strcmp(owner->streams[i].purpose, purpose) == 0) {
            lua_pushinteger(L, (lua_Integer)i);
            return 1;
        }
    }
    host = script_keep_text(L, 1);
    purpose = script_keep_text(L, 2);
    sim_stream *grown = sy_alloc_grow(owner->alloc, owner->streams, owner->stream_count,
                                      &owner->stream_capacity, sizeof *grown);
    if (grown == NULL || owner->world == NULL) {
        return luaL_error(L, grown == NULL ? "not enough memory" : "there is no world yet");
    }
    owner->streams = grown;
    grown[owner->stream_count] = sim_stream_of(owner->world->choice, host, purpose);
    lua_pushinteger(L, (lua_Integer)owner->stream_count++);
    return 1;
}

/* label(name, "weather" or "workload", key part...) -> number. Instead of "weather" also the name
 * of a fault, as in sim_label. */
static int choice_label(lua_State *L)
{
    script *owner = script_of(L);
    const char *name = luaL_checkstring(L, 1);
    for (size_t i = 0; i < owner->label_count; i++) {
        if (strcmp(owner->labels[i]->name, name) == 0) {
            lua_pushinteger(L, (lua_Integer)i);
            return 1;
        }
    }
    const bool workload = strcmp(luaL_checkstring(L, 2), "workload") == 0;
    const bool fault = !workload && strcmp(lua_tostring(L, 2), "weather") != 0;
    int parts = lua_gettop(L) - 2;
    sim_label *label = script_keep(L, sizeof *label);
    *label = (sim_label){.name = script_keep_text(L, 1),
                         .choice_class = workload ? SIM_WORKLOAD : SIM_WEATHER,
                         .fault = fault ? script_keep_text(L, 2) : NULL};
    for (int i = 0; i < parts && i < SIM_KEY_PART_COUNT; i++) {
        label->key_parts[i] = script_keep_text(L, i + 3);
    }
    sim_label **grown = sy_alloc_grow(owner->alloc, owner->labels, owner->label_count,
                                      &owner->label_capacity, sizeof(sim_label *));
    if (grown == NULL) {
        return luaL_error(L, "not enough memory");
    }
    owner->labels = grown;
    grown[owner->label_count] = label;
    lua_pushinteger(L, (lua_Integer)owner->label_count++);
    return 1;
}

/* An integer is itself, a text its hash. */
static uint64_t key_part(lua_State *L, int index)
{
    int is_integer = 0;
    lua_Integer integer = lua_tointegerx(L, index, &is_integer);
    if (lua_type(L, index) == LUA_TNUMBER && is_integer) {
        return (uint64_t)integer;
    }
    if (lua_type(L, index) != LUA_TSTRING) {
        (void)script_misuse(L, "a key is made of integers and texts, not of a %s",
                            luaL_typename(L, index));
    }
    size_t size = 0;
    const char *text = lua_tolstring(L, index, &size);
    return sy_hash(text, size, 0);
}

/* choose(stream, label, n, key...) */
static int choice_choose(lua_State *L)
{
    script *owner = script_of(L);
    lua_Integer stream = luaL_checkinteger(L, 1);
    lua_Integer label = luaL_checkinteger(L, 2);
    lua_Integer n = luaL_checkinteger(L, 3);
    luaL_argcheck(L, n >= 1, 3, "must be at least 1");
    sim_key key = {{0}};
    for (int i = 0; i < SIM_KEY_PART_COUNT && !lua_isnoneornil(L, i + 4); i++) {
        key.part[i] = key_part(L, i + 4);
    }
    lua_pushinteger(L, (lua_Integer)sim_choose(&owner->streams[stream], owner->labels[label], key,
                                               (uint64_t)n));
    return 1;
}

static void read_choice(lua_State *L, int index, lua_Integer number, sim_choice_list *list)
{
    sy_err err = {0};
    (void)lua_rawgeti(L, index, number);
    size_t size = 0;
    const char *text = lua_tolstring(L, -1, &size);
    if (sim_choice_list_read_line(list, (sy_str){text, size}, &err) != SY_OK) {
        sim_choice_list_deinit(list);
        (void)script_misuse(L, "choose: choice %d: %s", (int)number, err.text);
    }
    lua_pop(L, 1);
}

/* choose_only(list of texts) */
static int choice_choose_only(lua_State *L)
{
    script *owner = script_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    if (owner->world == NULL) {
        return script_misuse(L, "choose: there is no world yet");
    }
    sim_choice_list list;
    sim_choice_list_init(&list, owner->alloc);
    for (lua_Integer i = 1, count = script_length(L, 1); i <= count; i++) {
        read_choice(L, 1, i, &list);
    }
    sim_choice_draw_nothing(owner->world->choice);
    sy_rc rc = sim_choice_list_force(&list, owner->world->choice, NULL);
    sim_choice_list_deinit(&list);
    return rc == SY_OK ? 0 : luaL_error(L, "not enough memory");
}

/* choose_order(window in ns): the order of events is a choice from now on */
static int choice_choose_order(lua_State *L)
{
    sim_world *world = script_of(L)->world;
    if (world == NULL) {
        return script_misuse(L, "choose: there is no world yet");
    }
    const bool open = world->order != NULL;
    return open || sim_order_open(world, luaL_checkinteger(L, 1)) == SY_OK
               ? 0
               : luaL_error(L, "not enough memory");
}

const luaL_Reg script_choice_functions[] = {
    {"stream", choice_stream},
    {"label", choice_label},
    {"choose", choice_choose},
    {"choose_only", choice_choose_only},
    {"choose_order", choice_choose_order},
    {NULL, NULL},
};

/* The library written in Lua: compiled once in a process, its bytecode kept, loaded into each state
 * from there. It runs with globals of its own, so that nothing a script does to its globals reaches
 * it. */
#include "lua/std.h"

#include "lua/convert.h"

#include <stdio.h>

#define SOURCE_COUNT_MAX 16

static char modules_key;

static sy_buf cache[SOURCE_COUNT_MAX]; /* bytecode; empty: not compiled yet */

void script_drop_std_cache(void)
{
    for (size_t i = 0; i < SOURCE_COUNT_MAX; i++) {
        if (cache[i].data != NULL) {
            sy_buf_deinit(&cache[i]);
        }
    }
}

static int write_bytecode(lua_State *L, const void *data, size_t size, void *self)
{
    (void)L;
    sy_buf *code = self;
    sy_buf_add(code, data, size);
    return code->failed ? 1 : 0;
}

/* (index): compiles that source into the cache, without names for a debugger: half as much to load.
 */
static int compile_source(lua_State *L)
{
    const size_t index = (size_t)lua_tointeger(L, 1);
    const script_source *source = &script_sources[index];
    lua_pushfstring(L, "=std/%s", source->name);
    if (!script_load(L, (sy_str){(const char *)source->text, source->size}, lua_tostring(L, -1))) {
        return lua_error(L);
    }
    sy_buf made;
    sy_buf_init(&made, sy_alloc_std());
    if (lua_dump(L, write_bytecode, &made, 1) != 0) {
        sy_buf_deinit(&made);
        return luaL_error(L, "not enough memory");
    }
    cache[index] = made;
    return 0;
}

/* In a state of its own, so that what the parser leaves lies in no script's memory. */
static void compile_aside(lua_State *L, size_t index)
{
    lua_State *aside = luaL_newstate();
    if (aside == NULL) {
        (void)luaL_error(L, "not enough memory");
        return;
    }
    *(script **)lua_getextraspace(aside) = script_of(L);
    lua_pushcfunction(aside, compile_source);
    lua_pushinteger(aside, (lua_Integer)index);
    char problem[256] = "";
    if (lua_pcall(aside, 1, 0, 0) != LUA_OK) {
        (void)snprintf(problem, sizeof problem, "%s", lua_tostring(aside, -1));
    }
    lua_close(aside);
    if (problem[0] != '\0') {
        (void)luaL_error(L, "%s", problem);
    }
}

/* Pushes the chunk of source `index`; the same in the first state and in the thousandth. */
static void load_source(lua_State *L, size_t index)
{
    if (cache[index].data == NULL) {
        compile_aside(L, index);
    }
    lua_pushfstring(L, "=std/%s", script_sources[index].name);
    if (luaL_loadbufferx(L, cache[index].data, cache[index].size, lua_tostring(L, -1), "b") !=
        LUA_OK) {
        (void)lua_error(L);
    }
    lua_remove(L, -2);
}

static const char *const libraries[] = {"string", "table", "math", "coroutine", "utf8"};

/* A copy of the globals at `env`, libraries included. */
static void push_own_globals(lua_State *L, int env)
{
    lua_createtable(L, 0, 32);
    for (lua_pushnil(L); lua_next(L, env) != 0; lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        lua_createtable(L, 0, 20);
        (void)lua_getfield(L, env, libraries[i]);
        for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
            lua_pushvalue(L, -2);
            lua_pushvalue(L, -2);
            lua_rawset(L, -6);
        }
        lua_pop(L, 1);
        lua_setfield(L, -2, libraries[i]);
    }
}

static void push_native(lua_State *L, int env)
{
    static const luaL_Reg *const parts[] = {
        script_world_functions,  script_choice_functions,  script_table_functions,
        script_client_functions, script_device_functions,  script_handler_functions,
        script_server_functions, script_traffic_functions, script_transcript_functions,
        script_users_functions,  script_weather_functions, script_shell_functions,
        script_disk_functions,   script_policy_functions,  script_invariant_functions,
    };
    lua_createtable(L, 0, 80);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        luaL_setfuncs(L, parts[i], 0);
    }
    script_push_null(L);
    lua_setfield(L, -2, "null");
    lua_pushvalue(L, env);
    lua_setfield(L, -2, "globals");
    lua_pushinteger(L, SY_WORLD_EPOCH);
    lua_setfield(L, -2, "epoch");
}

/* Where Lua looks up the names of functions for its messages: in tables that no script can change,
 * so that no alias is found instead, depending on the order of keys. */
static void name_functions(lua_State *L, int globals)
{
    lua_createtable(L, 0, 8);
    lua_pushvalue(L, globals);
    lua_setfield(L, -2, "_G");
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        (void)lua_getfield(L, globals, libraries[i]);
        lua_setfield(L, -2, libraries[i]);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
}

void script_open_std(lua_State *L, int env)
{
    push_own_globals(L, env);
    int globals = lua_gettop(L);
    name_functions(L, globals);
    push_native(L, env);
    int native = lua_gettop(L);
    lua_newtable(L);
    int std = lua_gettop(L);
    for (size_t i = 0; script_sources[i].name != NULL; i++) {
        load_source(L, i);
        lua_pushvalue(L, globals);
        (void)lua_setupvalue(L, -2, 1);
        lua_pushvalue(L, native);
        lua_pushvalue(L, std);
        lua_call(L, 2, 1);
        lua_setfield(L, std, script_sources[i].name);
    }
    lua_pushvalue(L, std);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &modules_key);
    lua_replace(L, globals);
    lua_settop(L, globals);
}

void script_push_std(lua_State *L, const char *module, const char *function)
{
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &modules_key);
    if (module != NULL) {
        (void)lua_getfield(L, -1, module);
        lua_remove(L, -2);
    }
    (void)lua_getfield(L, -1, function);
    lua_remove(L, -2);
}

/* require: "syncsim", and modules beside the scenario ("lib.scene" is lib/scene.lua). Nothing
 * outside of the scenario's folder; each module once; a module that needs itself is an error that
 * names the chain. */
#include "lua/internal.h"

#include "sim/run/file.h"

#include <ctype.h>
#include <string.h>

static char modules_key; /* registry: name -> what the module returned */
static char chain_key;   /* registry: list of the modules that are being loaded */

sy_rc script_read_file(sy_alloc alloc, const char *path, sy_buf *out, sy_err *err)
{
    sy_buf_init(out, alloc);
    sy_rc rc = sim_file_read(path, SIM_SOURCE_SIZE_MAX, out, err);
    if (rc != SY_OK) {
        sy_buf_deinit(out);
    }
    return rc;
}

/* Names with dots between them. */
static bool is_module_name(const char *name)
{
    bool inside = false;
    for (; *name != '\0'; name++) {
        if (*name == '.') {
            if (!inside) {
                return false;
            }
            inside = false;
        } else if (isalnum((unsigned char)*name) || *name == '_' || *name == '-') {
            inside = true;
        } else {
            return false;
        }
    }
    return inside;
}

/* The chain's list is on top. Raises when the module is in it already. */
static void enter(lua_State *L, const char *name)
{
    lua_Integer count = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        (void)lua_rawgeti(L, -1, i);
        bool same = strcmp(lua_tostring(L, -1), name) == 0;
        lua_pop(L, 1);
        if (!same) {
            continue;
        }
        lua_pushliteral(L, "");
        for (; i <= count; i++) {
            (void)lua_rawgeti(L, -2, i);
            lua_pushliteral(L, " -> ");
            lua_concat(L, 3);
        }
        (void)script_misuse(L, "require: a circle: %s%s", lua_tostring(L, -1), name);
    }
    lua_pushstring(L, name);
    lua_rawseti(L, -2, count + 1);
}

/* Pushes the chunk of the module; the source is gone when it raises. */
static void load_module(lua_State *L, const char *name)
{
    script *owner = script_of(L);
    const char *relative = luaL_gsub(L, name, ".", "/");
    relative = lua_pushfstring(L, "%s.lua", relative);
    lua_pushlstring(L, owner->path, owner->folder_size);
    lua_pushvalue(L, -2);
    lua_concat(L, 2);
    const char *path = lua_tostring(L, -1);
    lua_pushfstring(L, "@%s", relative);
    const char *chunk_name = lua_tostring(L, -1);
    sy_buf source = {0};
    sy_err err = {0};
    if (script_read_file(owner->alloc, path, &source, &err) != SY_OK) {
        (void)script_misuse(L, "require: no module '%s': %s", name, err.text);
    }
    bool good = script_load(L, sy_buf_str(&source), chunk_name);
    sy_buf_deinit(&source);
    if (!good) {
        (void)lua_error(L);
    }
}

/* Upvalue 1: what "syncsim" is. */
static int base_require(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    lua_settop(L, 1);
    if (strcmp(name, "syncsim") == 0) {
        lua_pushvalue(L, lua_upvalueindex(1));
        return 1;
    }
    if (!is_module_name(name)) {
        return script_misuse(L,
                             "require: '%s' names no module beside the scenario: names with "
                             "dots between them, as in \"lib.scene\"",
                             name);
    }
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &modules_key);
    if (lua_getfield(L, 2, name) != LUA_TNIL) {
        return 1;
    }
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &chain_key);
    enter(L, name);
    load_module(L, name);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
    }
    lua_pushvalue(L, -1);
    lua_setfield(L, 2, name);
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &chain_key);
    lua_pushnil(L);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2));
    lua_pop(L, 1);
    return 1;
}

void script_open_require(lua_State *L, int env, int sim)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &modules_key);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &chain_key);
    lua_pushvalue(L, sim);
    lua_pushcclosure(L, base_require, 1);
    lua_setfield(L, env, "require");
}

/* What a script sees of Lua: the part of the standard library that is deterministic, and pcall,
 * xpcall and coroutines that do not catch a limit. README.md has the list for authors. */
#include "lua/internal.h"

#include <lualib.h>
#include <string.h>

static char guard_key; /* registry: the metatable of metatables */
static char env_key;   /* registry: the scenario's globals */

/* -- catching errors -- */

static int after_call(lua_State *L, int status, lua_KContext handled)
{
    if (status != LUA_OK && status != LUA_YIELD) {
        script_check_stopped(L, status);
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    return lua_gettop(L) - (int)handled;
}

static int base_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return after_call(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, after_call), 0);
}

static int base_xpcall(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* below the arguments */
    return after_call(L, lua_pcallk(L, count - 2, LUA_MULTRET, 2, 2, after_call), 2);
}

static lua_State *thread_argument(lua_State *L)
{
    lua_State *thread = lua_tothread(L, 1);
    luaL_argexpected(L, thread != NULL, 1, "coroutine");
    return thread;
}

/* resume(co, ...) -> true, ... or false, message; never catches a limit */
static int thread_resume(lua_State *L)
{
    lua_State *thread = thread_argument(L);
    int count = lua_gettop(L) - 1;
    int results = 0;
    if (lua_status(thread) == LUA_OK && lua_gettop(thread) == 0) {
        lua_pushboolean(L, 0);
        lua_pushliteral(L, "cannot resume dead coroutine");
        return 2;
    }
    if (!lua_checkstack(thread, count)) {
        return script_misuse(L, "too many arguments to resume");
    }
    lua_xmove(L, thread, count);
    int status = lua_resume(thread, L, count, &results);
    if (status != LUA_OK && status != LUA_YIELD) {
        script_check_stopped(L, status);
        lua_xmove(thread, L, 1); /* of itself: it is there */
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(thread, results);
        return script_misuse(L, "too many results to resume");
    }
    lua_pushboolean(L, 1);
    lua_xmove(thread, L, results);
    return results + 1;
}

static int thread_create(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    script_charge(L, SCRIPT_TICK);
    lua_State *thread = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, thread, 1);
    return 1;
}

static int thread_close(lua_State *L)
{
    (void)thread_argument(L);
    lua_settop(L, 1);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 1, LUA_MULTRET);
    script_check_stopped(L, LUA_OK);
    return lua_gettop(L);
}

void script_open_coroutine(lua_State *L)
{
    lua_getglobal(L, "coroutine");
    lua_createtable(L, 0, 10);
    static const char *const kept[] = {"isyieldable", "running", "status", "yield"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        lua_getfield(L, -2, kept[i]);
        lua_setfield(L, -2, kept[i]);
    }
    lua_getfield(L, -2, "close");
    lua_pushcclosure(L, thread_close, 1);
    lua_setfield(L, -2, "close");
    lua_pushcfunction(L, thread_resume);
    lua_setfield(L, -2, "resume");
    lua_pushcfunction(L, thread_create);
    lua_setfield(L, -2, "create");
    lua_remove(L, -2);
}

/* -- metatables -- */

static bool forbidden_field(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TSTRING) {
        return false;
    }
    const char *name = lua_tostring(L, index);
    return strcmp(name, "__gc") == 0 || strcmp(name, "__mode") == 0;
}

static int refuse_field(lua_State *L, const char *name)
{
    return script_misuse(L, "%s would show when the collector runs, which differs from run to run",
                         name);
}

/* __newindex of a metatable: what would be refused at first is refused later too. */
static int guard_set(lua_State *L)
{
    if (forbidden_field(L, 2)) {
        return refuse_field(L, lua_tostring(L, 2));
    }
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 0;
}

static bool has_guard(lua_State *L, int index)
{
    bool guarded = false;
    if (lua_getmetatable(L, index)) {
        (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &guard_key);
        guarded = lua_rawequal(L, -1, -2) != 0;
        lua_pop(L, 2);
    }
    return guarded;
}

static int base_setmetatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    int type = lua_type(L, 2);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) {
        return script_misuse(L, "cannot change a protected metatable");
    }
    static const char *const refused[] = {"__gc", "__mode"};
    for (size_t i = 0; type == LUA_TTABLE && i < 2; i++) {
        lua_pushstring(L, refused[i]);
        if (lua_rawget(L, 2) != LUA_TNIL) {
            return refuse_field(L, refused[i]);
        }
        lua_pop(L, 1);
    }
    lua_settop(L, 2);
    if (type == LUA_TTABLE && !lua_getmetatable(L, 2)) {
        (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &guard_key);
        lua_setmetatable(L, 2);
    }
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

static int base_getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (!lua_getmetatable(L, 1) || has_guard(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    (void)luaL_getmetafield(L, 1, "__metatable");
    return 1; /* either the field or the metatable */
}

static int base_rawset(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    if (forbidden_field(L, 2)) {
        return refuse_field(L, lua_tostring(L, 2));
    }
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

static int base_rawlen(lua_State *L)
{
    int type = lua_type(L, 1);
    luaL_argexpected(L, type == LUA_TTABLE || type == LUA_TSTRING, 1, "table or string");
    lua_pushinteger(L, type == LUA_TTABLE ? script_length(L, 1) : (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    (void)script_to_text(L, 1, NULL);
    return 1;
}

/* What asks for a collection may: it shows nothing. */
static int base_collectgarbage(lua_State *L)
{
    const char *what = luaL_optstring(L, 1, "collect");
    if (strcmp(what, "collect") != 0 && strcmp(what, "step") != 0) {
        return script_misuse(L, "collectgarbage: '%s' shows or sets what differs from run to run",
                             what);
    }
    (void)lua_gc(L, LUA_GCCOLLECT);
    lua_pushinteger(L, 0);
    return 1;
}

/* -- loading -- */

static bool compile(lua_State *L, sy_str source, const char *chunk_name)
{
    if (luaL_loadbufferx(L, source.data, source.size, chunk_name, "t") == LUA_OK) {
        return true;
    }
    const char *said = lua_tostring(L, -1); /* without a place, where the parser is out of stack */
    if (said != NULL && strcmp(said, "C stack overflow") == 0) {
        lua_pushfstring(L, "%s: too many brackets, functions or blocks inside each other",
                        chunk_name + 1);
        lua_replace(L, -2);
    }
    return false;
}

/* What an editor or a shell puts before the first line. */
static sy_str skip_preamble(sy_str source)
{
    if (sy_str_starts_with(source, SY_STR("\xEF\xBB\xBF"))) {
        source.data += 3;
        source.size -= 3;
    }
    if (source.size > 0 && source.data[0] == '#') {
        while (source.size > 0 && source.data[0] != '\n') {
            source.data++;
            source.size--;
        }
    }
    return source;
}

bool script_load(lua_State *L, sy_str source, const char *chunk_name)
{
    script *owner = script_of(L);
    source = skip_preamble(source);
    if (source.data == NULL) {
        source = SY_STR("");
    }
    if (!compile(L, source, chunk_name)) {
        return false;
    }
    sy_buf changed;
    sy_buf_init(&changed, owner->alloc);
    if (script_rewrite(source, &changed) != SY_OK) {
        sy_buf_deinit(&changed);
        lua_pop(L, 1);
        lua_pushliteral(L, "not enough memory");
        return false;
    }
    bool good = true;
    if (changed.size > 0) {
        lua_pop(L, 1);
        good = compile(L, sy_buf_str(&changed), chunk_name);
    }
    sy_buf_deinit(&changed);
    if (good) {
        (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &env_key);
        (void)lua_setupvalue(L, -2, 1);
    }
    return good;
}

/* load(chunk [, name [, mode [, env]]]): text only. */
static int base_load(lua_State *L)
{
    bool own_env = lua_gettop(L) >= 4;
    lua_settop(L, 4);
    if (lua_type(L, 1) != LUA_TSTRING) {
        luaL_checktype(L, 1, LUA_TFUNCTION);
        luaL_Buffer pieces;
        luaL_buffinit(L, &pieces);
        for (;;) {
            lua_pushvalue(L, 1);
            lua_call(L, 0, 1);
            size_t size = 0;
            if (lua_isnil(L, -1) || (lua_isstring(L, -1) && lua_rawlen(L, -1) == 0)) {
                lua_pop(L, 1);
                break;
            }
            if (lua_tolstring(L, -1, &size) == NULL) {
                return script_misuse(L, "load: the reader function must return texts");
            }
            luaL_addvalue(&pieces);
        }
        luaL_pushresult(&pieces);
        lua_replace(L, 1);
    }
    size_t size = 0;
    const char *text = lua_tolstring(L, 1, &size);
    const char *name = luaL_optstring(L, 2, "load");
    lua_pushfstring(L, "@%s", name[0] == '@' || name[0] == '=' ? name + 1 : name);
    if (!script_load(L, (sy_str){text, size}, lua_tostring(L, -1))) {
        lua_pushnil(L);
        lua_insert(L, -2);
        return 2;
    }
    if (own_env) {
        lua_pushvalue(L, 4);
        (void)lua_setupvalue(L, -2, 1);
    }
    return 1;
}

static const luaL_Reg base_functions[] = {
    {"pcall", base_pcall},
    {"xpcall", base_xpcall},
    {"setmetatable", base_setmetatable},
    {"getmetatable", base_getmetatable},
    {"rawset", base_rawset},
    {"rawlen", base_rawlen},
    {"tostring", base_tostring},
    {"collectgarbage", base_collectgarbage},
    {"load", base_load},
    {NULL, NULL},
};

static const char *const base_kept[] = {"assert", "error",    "ipairs", "rawequal", "rawget",
                                        "select", "tonumber", "type",   "_VERSION"};

void script_open_sandbox(lua_State *L)
{
    int env = lua_absindex(L, -1);
    lua_pushvalue(L, env);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &env_key);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, guard_set);
    lua_setfield(L, -2, "__newindex");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &guard_key);

    static const luaL_Reg stock[] = {
        {"_G", luaopen_base},   {"string", luaopen_string},       {"table", luaopen_table},
        {"math", luaopen_math}, {"coroutine", luaopen_coroutine}, {"utf8", luaopen_utf8}};
    for (size_t i = 0; i < sizeof stock / sizeof stock[0]; i++) {
        luaL_requiref(L, stock[i].name, stock[i].func, 1);
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < sizeof base_kept / sizeof base_kept[0]; i++) {
        lua_getglobal(L, base_kept[i]);
        lua_setfield(L, env, base_kept[i]);
    }
    luaL_setfuncs(L, base_functions, 0);
    script_open_next(L, env);
    script_open_string(L);
    lua_setfield(L, env, "string");
    script_open_table(L);
    lua_setfield(L, env, "table");
    script_open_math(L);
    lua_setfield(L, env, "math");
    script_open_coroutine(L);
    lua_setfield(L, env, "coroutine");
    lua_getglobal(L, "utf8");
    lua_setfield(L, env, "utf8");
    lua_pushvalue(L, env);
    lua_setfield(L, env, "_G");
}

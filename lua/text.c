/* The string library of the sandbox: the stock one without `dump`, with our pattern functions, and
 * with a `format` that shows no address. Also the methods of text literals that `#` and `^` become
 * (rewrite.c). */
#include "lua/internal.h"

#include <string.h>

static char
    names_key; /* registry: a weak table from tables, functions... to the number that names them */

const char *script_to_text(lua_State *L, int index, size_t *size)
{
    index = lua_absindex(L, index);
    int type = lua_type(L, index);
    bool has_address = type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TTHREAD ||
                       type == LUA_TUSERDATA || type == LUA_TLIGHTUSERDATA;
    if (!has_address) {
        return luaL_tolstring(L, index, size);
    }
    if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pop(L, 1);
        return luaL_tolstring(L, index, size); /* calls it */
    }
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pop(L, 1);
        (void)lua_rawgeti(L, -1, 0);
        lua_Integer number = lua_tointeger(L, -1) + 1;
        lua_pop(L, 1);
        lua_pushinteger(L, number);
        lua_rawseti(L, -2, 0);
        lua_pushvalue(L, index);
        lua_pushinteger(L, number);
        lua_rawset(L, -3);
        lua_pushinteger(L, number);
    }
    const char *name = luaL_typename(L, index);
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING) {
        name = lua_tostring(L, -1);
        lua_pushfstring(L, "%s: %I", name, (LUAI_UACINT)lua_tointeger(L, -2));
        lua_remove(L, -2);
    } else {
        lua_pushfstring(L, "%s: %I", name, (LUAI_UACINT)lua_tointeger(L, -1));
    }
    lua_insert(L, -3);
    lua_pop(L, 2);
    return lua_tolstring(L, -1, size);
}

/* The end of the conversion that begins behind a '%'. */
static const char *conversion_end(const char *at, const char *end)
{
    while (at < end && strchr("-+ #0123456789.", *at) != NULL && *at != '\0') {
        at++;
    }
    return at < end ? at + 1 : at;
}

/* format(text, ...): each conversion goes to the stock function (upvalue 1) with its one argument.
 */
static int text_format(lua_State *L)
{
    size_t size = 0;
    const char *at = luaL_checklstring(L, 1, &size);
    const char *end = at + size;
    int argument = 1;
    int count = lua_gettop(L);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    while (at < end) {
        const char *percent = memchr(at, '%', (size_t)(end - at));
        if (percent == NULL) {
            luaL_addlstring(&out, at, (size_t)(end - at));
            break;
        }
        luaL_addlstring(&out, at, (size_t)(percent - at));
        if (percent + 1 < end && percent[1] == '%') {
            luaL_addchar(&out, '%');
            at = percent + 2;
            continue;
        }
        at = conversion_end(percent + 1, end);
        if (at[-1] == 'p') {
            return script_misuse(L, "format: %%p shows an address, which differs from run to run");
        }
        lua_pushvalue(L, lua_upvalueindex(1));
        lua_pushlstring(L, percent, (size_t)(at - percent));
        argument++;
        if (argument > count) {
            return luaL_argerror(L, argument, "no value");
        }
        if (at[-1] == 's') {
            luaL_checkany(L, argument);
            (void)script_to_text(L, argument, NULL);
        } else {
            lua_pushvalue(L, argument);
        }
        lua_call(L, 2, 1);
        luaL_addvalue(&out);
    }
    luaL_pushresult(&out);
    return 1;
}

static int text_rep(lua_State *L)
{
    size_t size = 0;
    size_t separator_size = 0;
    (void)luaL_checklstring(L, 1, &size);
    lua_Integer count = luaL_checkinteger(L, 2);
    (void)luaL_optlstring(L, 3, "", &separator_size);
    size_t max = script_of(L)->limits.memory_size_max;
    if (count > 0 && (lua_Unsigned)count > max / (size + separator_size + 1)) {
        return script_misuse(L, "string.rep: the result would be larger than the memory limit");
    }
    lua_settop(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 3, 1);
    return 1;
}

static int method_length(lua_State *L)
{
    size_t size = 0;
    switch (lua_type(L, 2)) {
    case LUA_TSTRING:
        (void)lua_tolstring(L, 2, &size);
        lua_pushinteger(L, (lua_Integer)size);
        return 1;
    case LUA_TTABLE:
        if (luaL_getmetafield(L, 2, "__len") == LUA_TNIL) {
            lua_pushinteger(L, script_length(L, 2));
            return 1;
        }
        break;
    default:
        if (luaL_getmetafield(L, 2, "__len") == LUA_TNIL) {
            return script_misuse(L, "attempt to get length of a %s value", luaL_typename(L, 2));
        }
        break;
    }
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    return 1;
}

/* By multiplication only: the same bits everywhere, which the platform's pow() does not promise. */
static lua_Number power(lua_Number base, uint64_t exponent)
{
    lua_Number result = 1;
    for (; exponent != 0; exponent >>= 1) {
        if ((exponent & 1) != 0) {
            result *= base;
        }
        base *= base;
    }
    return result;
}

/* Texts have a stock one, which would ask the platform. */
static bool push_power_method(lua_State *L, int index)
{
    return lua_type(L, index) != LUA_TSTRING && luaL_getmetafield(L, index, "__pow") != LUA_TNIL;
}

static int method_power(lua_State *L)
{
    int is_base = 0;
    int is_exponent = 0;
    lua_Number base = lua_tonumberx(L, 2, &is_base);
    lua_Number exponent = lua_tonumberx(L, 3, &is_exponent);
    if (!is_base || !is_exponent) {
        int bad = is_base ? 3 : 2;
        if (!push_power_method(L, 2) && !push_power_method(L, 3)) {
            return script_misuse(L, "attempt to perform arithmetic on a %s value",
                                 luaL_typename(L, bad));
        }
        lua_pushvalue(L, 2);
        lua_pushvalue(L, 3);
        lua_call(L, 2, 1);
        return 1;
    }
    if (!(exponent >= -1000000 && exponent <= 1000000) ||
        exponent != (lua_Number)(lua_Integer)exponent) {
        return script_misuse(L, "'^' takes whole exponents only: other powers come from the "
                                "platform's mathematics and differ from machine to machine");
    }
    lua_Number result = exponent < 0 ? 1 / power(base, (uint64_t) - (lua_Integer)exponent)
                                     : power(base, (uint64_t)(lua_Integer)exponent);
    lua_pushnumber(L, result);
    return 1;
}

static const char *const kept[] = {"byte", "char",  "len",  "lower",  "reverse",
                                   "sub",  "upper", "pack", "unpack", "packsize"};

/* The stock library is the global `string`; the one of the sandbox is left on the stack. */
void script_open_string(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);

    lua_getglobal(L, "string");
    lua_createtable(L, 0, 20);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        lua_getfield(L, -2, kept[i]);
        lua_setfield(L, -2, kept[i]);
    }
    luaL_setfuncs(L, script_pattern_functions, 0);
    lua_getfield(L, -2, "format");
    lua_pushcclosure(L, text_format, 1);
    lua_setfield(L, -2, "format");
    lua_getfield(L, -2, "rep");
    lua_pushcclosure(L, text_rep, 1);
    lua_setfield(L, -2, "rep");
    lua_remove(L, -2);

    /* methods of texts: ours first, then whatever the script's `string` has */
    lua_pushliteral(L, "");
    (void)lua_getmetatable(L, -1);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, method_length);
    lua_setfield(L, -2, "__sy_len");
    lua_pushcfunction(L, method_power);
    lua_setfield(L, -2, "__sy_pow");
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -5);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

static const char *const math_kept[] = {"abs",  "ceil", "floor",     "max",        "min",
                                        "fmod", "modf", "tointeger", "type",       "ult",
                                        "sqrt", "huge", "pi",        "maxinteger", "mininteger"};

/* Without what comes from libm in more than one way; sqrt and fmod are exact by IEEE 754. */
void script_open_math(lua_State *L)
{
    lua_getglobal(L, "math");
    lua_createtable(L, 0, 20);
    for (size_t i = 0; i < sizeof math_kept / sizeof math_kept[0]; i++) {
        lua_getfield(L, -2, math_kept[i]);
        lua_setfield(L, -2, math_kept[i]);
    }
    lua_remove(L, -2);
}

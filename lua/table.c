/* Tables without traps: keys in sorted order, lengths that do not depend on how the table was
 * filled, a stable sort. */
#include "lua/internal.h"

#include <stdlib.h>
#include <string.h>

/* Below this length nothing is remembered: counting is as cheap. */
#define LENGTH_REMEMBERED_MIN 32

static char lengths_key; /* registry: a weak table from tables to the length that they had */

typedef struct sort_key {
    bool is_text;
    bool is_integer;
    lua_Integer integer;
    lua_Number number;
    const char *text;
    size_t size;
} sort_key;

/* Lua orders an integer and a float by value, exactly; keys are never equal. */
static int compare_numbers(const sort_key *a, const sort_key *b)
{
    if (a->is_integer && b->is_integer) {
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    }
    if (!a->is_integer && !b->is_integer) {
        return a->number < b->number ? -1 : a->number > b->number;
    }
    if (!a->is_integer) {
        return -compare_numbers(b, a);
    }
    if (b->number >= 9223372036854775808.0) {
        return -1;
    }
    if (b->number < -9223372036854775808.0) {
        return 1;
    }
    lua_Integer whole = (lua_Integer)b->number; /* towards zero */
    if (a->integer != whole) {
        return a->integer < whole ? -1 : 1;
    }
    return (lua_Number)whole < b->number ? -1 : 1;
}

static int compare_keys(const void *left, const void *right)
{
    const sort_key *a = left;
    const sort_key *b = right;
    if (a->is_text != b->is_text) {
        return a->is_text ? 1 : -1;
    }
    if (a->is_text) {
        return sy_str_compare((sy_str){a->text, a->size}, (sy_str){b->text, b->size});
    }
    return compare_numbers(a, b);
}

/* The key at the top of the stack. */
static sort_key key_of(lua_State *L)
{
    sort_key key = {0};
    if (lua_type(L, -1) == LUA_TSTRING) {
        key.is_text = true;
        key.text = lua_tolstring(L, -1, &key.size);
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        key.is_integer = lua_isinteger(L, -1);
        key.integer = key.is_integer ? lua_tointeger(L, -1) : 0;
        key.number = lua_tonumber(L, -1);
    } else {
        (void)script_misuse(L,
                            "a %s as a key has no place in an order: use numbers or texts as "
                            "keys of a table that is walked over",
                            luaL_typename(L, -1));
    }
    return key;
}

static void push_key(lua_State *L, const sort_key *key)
{
    if (key->is_text) {
        lua_pushlstring(L, key->text, key->size);
    } else if (key->is_integer) {
        lua_pushinteger(L, key->integer);
    } else {
        lua_pushnumber(L, key->number);
    }
}

lua_Integer script_sorted_keys(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 6, NULL);
    size_t count = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        count++;
    }
    script_charge(L, count);
    sort_key *keys = lua_newuserdatauv(L, (count + 1) * sizeof *keys, 0);
    size_t filled = 0;
    bool sorted = true;
    for (lua_pushnil(L); lua_next(L, index) != 0 && filled < count;) {
        lua_pop(L, 1);
        keys[filled] = key_of(L);
        sorted = sorted && (filled == 0 || compare_keys(&keys[filled - 1], &keys[filled]) < 0);
        filled++;
    }
    if (!sorted) {
        qsort(keys, filled, sizeof *keys, compare_keys);
    }
    lua_createtable(L, filled > INT32_MAX ? 0 : (int)filled, 0);
    for (size_t i = 0; i < filled; i++) {
        push_key(L, &keys[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_remove(L, -2);
    return (lua_Integer)filled;
}

/* Upvalues: the table, its keys, how many were taken. Keys whose value went meanwhile are passed
 * over. */
static int pairs_next(lua_State *L)
{
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        at++;
        lua_settop(L, 0);
        if (lua_rawgeti(L, lua_upvalueindex(2), at) == LUA_TNIL) {
            return 1;
        }
        lua_pushvalue(L, 1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(L, at);
            lua_replace(L, lua_upvalueindex(3));
            return 2;
        }
    }
}

static int base_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    (void)script_sorted_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, pairs_next, 3);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* The smallest key that is greater than the one given. */
static int base_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    bool first = lua_isnil(L, 2);
    sort_key after = {0};
    if (!first) {
        after = key_of(L);
    }
    bool found = false;
    sort_key best = {0};
    size_t count = 0;
    for (lua_pushnil(L); lua_next(L, 1) != 0; count++) {
        lua_pop(L, 1);
        sort_key key = key_of(L);
        if ((first || compare_keys(&key, &after) > 0) &&
            (!found || compare_keys(&key, &best) < 0)) {
            best = key;
            found = true;
        }
    }
    script_charge(L, count);
    if (!found) {
        lua_pushnil(L);
        return 1;
    }
    push_key(L, &best);
    lua_pushvalue(L, -1);
    (void)lua_rawget(L, 1);
    return 2;
}

void script_open_next(lua_State *L, int env)
{
    lua_pushcfunction(L, base_pairs);
    lua_setfield(L, env, "pairs");
    lua_pushcfunction(L, base_next);
    lua_setfield(L, env, "next");
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &lengths_key);
}

static bool has_item(lua_State *L, int index, lua_Integer at)
{
    bool there = lua_rawgeti(L, index, at) != LUA_TNIL;
    lua_pop(L, 1);
    return there;
}

/* Of a table with holes any border is a length. This is the one that is reached by steps of one
 * from the length before, at first from nothing: it depends on nothing but what was put in and
 * asked for. */
lua_Integer script_length(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, NULL);
    lua_Integer length = 0;
    while (length < LENGTH_REMEMBERED_MIN && has_item(L, index, length + 1)) {
        length++;
    }
    if (length < LENGTH_REMEMBERED_MIN) {
        return length;
    }
    (void)lua_rawgetp(L, LUA_REGISTRYINDEX, &lengths_key);
    lua_pushvalue(L, index);
    (void)lua_rawget(L, -2);
    lua_Integer known = lua_tointeger(L, -1);
    lua_pop(L, 1);
    if (known > length) {
        length = known;
    }
    lua_Integer from = length;
    while (length > 0 && !has_item(L, index, length)) {
        length--;
    }
    while (has_item(L, index, length + 1)) {
        length++;
    }
    if (length != known) {
        lua_pushvalue(L, index);
        lua_pushinteger(L, length);
        lua_rawset(L, -3);
    }
    lua_pop(L, 1);
    script_charge(L, (size_t)(length > from ? length - from : from - length));
    return length;
}

lua_Integer script_sequence(lua_State *L, int index, const char *what)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, NULL);
    lua_Integer count = 0;
    lua_Integer highest = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
        if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > 0) {
            count++;
            highest = lua_tointeger(L, -2) > highest ? lua_tointeger(L, -2) : highest;
        }
    }
    script_charge(L, (size_t)count);
    if (highest != count) {
        (void)script_misuse(L, "%s: a sequence with holes: %lld items, the last of them at %lld",
                            what, (long long)count, (long long)highest);
    }
    return count;
}

/* Length for functions of the table library: by __len when there is one. */
static lua_Integer list_length(lua_State *L, const char *what)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        lua_Integer length = luaL_checkinteger(L, -1);
        lua_pop(L, 1);
        return length;
    }
    return what == NULL ? script_length(L, 1) : script_sequence(L, 1, what);
}

static int table_insert(lua_State *L)
{
    int count = lua_gettop(L);
    if (count != 2 && count != 3) {
        return script_misuse(L, "wrong number of arguments to 'insert'");
    }
    lua_Integer next = list_length(L, NULL) + 1;
    lua_Integer at = next;
    if (count == 3) {
        at = luaL_checkinteger(L, 2);
        luaL_argcheck(L, at >= 1 && at <= next, 2, "position out of bounds");
        script_charge(L, (size_t)(next - at));
        for (lua_Integer i = next; i > at; i--) {
            (void)lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
    }
    lua_pushvalue(L, count);
    lua_seti(L, 1, at);
    return 0;
}

static int table_remove(lua_State *L)
{
    lua_Integer size = list_length(L, NULL);
    lua_Integer at = luaL_optinteger(L, 2, size);
    if (!lua_isnoneornil(L, 2)) {
        luaL_argcheck(L, (at >= 1 && at <= size + 1) || (size == 0 && at == 0), 2,
                      "position out of bounds");
    }
    (void)lua_geti(L, 1, at);
    if (at < size) {
        script_charge(L, (size_t)(size - at));
    }
    for (; at < size; at++) {
        (void)lua_geti(L, 1, at + 1);
        lua_seti(L, 1, at);
    }
    lua_pushnil(L);
    lua_seti(L, 1, at);
    return 1;
}

static int table_concat(lua_State *L)
{
    bool open_end = lua_isnoneornil(L, 4);
    lua_Integer last = open_end ? list_length(L, "table.concat") : luaL_checkinteger(L, 4);
    size_t size = 0;
    const char *separator = luaL_optlstring(L, 2, "", &size);
    lua_Integer first = luaL_optinteger(L, 3, 1);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    for (lua_Integer i = first; i <= last; i++) {
        int type = lua_geti(L, 1, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER) {
            return script_misuse(L, "invalid value (at index %lld) in table for 'concat'",
                                 (long long)i);
        }
        luaL_addvalue(&out);
        if (i != last) {
            luaL_addlstring(&out, separator, size);
        }
    }
    if (last >= first) {
        script_charge(L, (size_t)(last - first));
    }
    luaL_pushresult(&out);
    return 1;
}

static int table_unpack(lua_State *L)
{
    bool open_end = lua_isnoneornil(L, 3);
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = open_end ? list_length(L, "table.unpack") : luaL_checkinteger(L, 3);
    if (first > last) {
        return 0;
    }
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first + 1;
    if (count > 1000000 || count == 0 || !lua_checkstack(L, (int)count)) {
        return script_misuse(L, "too many results to unpack");
    }
    for (lua_Integer i = 0; i < (lua_Integer)count; i++) {
        (void)lua_geti(L, 1, first + i);
    }
    return (int)count;
}

typedef struct sorting {
    lua_State *L;
    bool has_comparator; /* at 2 */
    uint32_t *order, *spare;
} sorting;

/* Items of the copy at 3. */
static bool comes_before(const sorting *s, uint32_t a, uint32_t b)
{
    lua_State *L = s->L;
    bool before = false;
    if (s->has_comparator) {
        lua_pushvalue(L, 2);
        (void)lua_rawgeti(L, 3, (lua_Integer)a + 1);
        (void)lua_rawgeti(L, 3, (lua_Integer)b + 1);
        lua_call(L, 2, 1);
        before = lua_toboolean(L, -1) != 0;
        lua_pop(L, 1);
    } else {
        (void)lua_rawgeti(L, 3, (lua_Integer)a + 1);
        (void)lua_rawgeti(L, 3, (lua_Integer)b + 1);
        before = lua_compare(L, -2, -1, LUA_OPLT) != 0;
        lua_pop(L, 2);
    }
    return before;
}

/* Bottom up: runs of `width` become runs of twice that. An inconsistent comparator gives some
 * order, nothing worse. */
static void merge_sort(sorting *s, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        script_charge(s->L, count);
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = start + 2 * width < count ? start + 2 * width : count;
            size_t left = start;
            size_t right = middle;
            for (size_t at = start; at < end; at++) {
                bool take_right = left == middle ||
                                  (right < end && comes_before(s, s->order[right], s->order[left]));
                s->spare[at] = take_right ? s->order[right++] : s->order[left++];
            }
        }
        uint32_t *swap = s->order;
        s->order = s->spare;
        s->spare = swap;
    }
}

static int table_sort(lua_State *L)
{
    lua_Integer length = list_length(L, "table.sort");
    luaL_argcheck(L, length < 100000000, 1, "too big");
    sorting s = {.L = L, .has_comparator = !lua_isnoneornil(L, 2)};
    if (s.has_comparator) {
        luaL_checktype(L, 2, LUA_TFUNCTION);
    }
    lua_settop(L, 2);
    size_t count = length < 0 ? 0 : (size_t)length;
    lua_createtable(L, (int)count, 0);
    for (lua_Integer i = 1; i <= length; i++) {
        (void)lua_geti(L, 1, i);
        lua_rawseti(L, 3, i);
    }
    s.order = lua_newuserdatauv(L, (count + 1) * sizeof *s.order, 0);
    s.spare = lua_newuserdatauv(L, (count + 1) * sizeof *s.spare, 0);
    for (size_t i = 0; i < count; i++) {
        s.order[i] = (uint32_t)i;
    }
    luaL_checkstack(L, 5, NULL);
    merge_sort(&s, count);
    for (size_t i = 0; i < count; i++) {
        (void)lua_rawgeti(L, 3, (lua_Integer)s.order[i] + 1);
        lua_seti(L, 1, (lua_Integer)i + 1);
    }
    return 0;
}

static const luaL_Reg table_functions[] = {
    {"insert", table_insert}, {"remove", table_remove}, {"concat", table_concat},
    {"unpack", table_unpack}, {"sort", table_sort},     {NULL, NULL},
};

void script_open_table(lua_State *L)
{
    lua_getglobal(L, "table");
    lua_newtable(L);
    static const char *const kept[] = {"pack", "move"};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        lua_getfield(L, -2, kept[i]);
        lua_setfield(L, -2, kept[i]);
    }
    luaL_setfuncs(L, table_functions, 0);
    lua_remove(L, -2);
}

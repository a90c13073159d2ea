/* The pattern functions of the string library, over the matcher with a budget. */
#include "lua/matcher.h"

#include <ctype.h>
#include <string.h>

#define BYTES_AN_INSTRUCTION 256

static void push_capture(script_matcher *m, int index, const char *start, const char *end)
{
    if (index >= m->capture_count) {
        if (index != 0) {
            (void)script_misuse(m->L, "invalid capture index %%%d", index + 1);
        }
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    const script_capture *c = &m->captures[index];
    if (c->size == SCRIPT_CAPTURE_OPEN) {
        (void)script_misuse(m->L, "unfinished capture");
    }
    if (c->size == SCRIPT_CAPTURE_POSITION) {
        lua_pushinteger(m->L, (lua_Integer)(c->start - m->subject) + 1);
    } else {
        lua_pushlstring(m->L, c->start, (size_t)c->size);
    }
}

/* All captures; the whole match when there are none and `whole`. */
static int push_captures(script_matcher *m, const char *start, const char *end, bool whole)
{
    int count = m->capture_count == 0 && whole ? 1 : m->capture_count;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) {
        push_capture(m, i, start, end);
    }
    return count;
}

static sy_str text_argument(lua_State *L, int index)
{
    size_t size = 0;
    const char *data = luaL_checklstring(L, index, &size);
    return (sy_str){data == NULL ? "" : data, size};
}

/* The third argument as an offset; past the end: size + 1. */
static size_t start_argument(lua_State *L, int index, size_t size)
{
    lua_Integer at = luaL_optinteger(L, index, 1);
    if (at > 0) {
        return (lua_Unsigned)at > size + 1 ? size + 1 : (size_t)at - 1;
    }
    if (at == 0 || at < -(lua_Integer)size) {
        return 0;
    }
    return (size_t)((lua_Integer)size + at);
}

static const char *find_plain(lua_State *L, sy_str subject, size_t from, sy_str wanted)
{
    script_charge(L, (subject.size - from) / 4);
    for (size_t at = from; wanted.size <= subject.size - at; at++) {
        const char *first = wanted.size == 0 ? subject.data + at
                                             : memchr(subject.data + at, wanted.data[0],
                                                      subject.size - at - wanted.size + 1);
        if (first == NULL) {
            return NULL;
        }
        if (memcmp(first, wanted.data, wanted.size) == 0) {
            return first;
        }
        at = (size_t)(first - subject.data);
        script_charge(L, 1 + wanted.size / BYTES_AN_INSTRUCTION);
    }
    return NULL;
}

static bool has_specials(sy_str pattern)
{
    for (size_t i = 0; i < pattern.size; i++) {
        if (strchr("^$*+?.([%-", pattern.data[i]) != NULL && pattern.data[i] != '\0') {
            return true;
        }
    }
    return false;
}

static int find_or_match(lua_State *L, bool find)
{
    sy_str subject = text_argument(L, 1);
    sy_str pattern = text_argument(L, 2);
    size_t from = start_argument(L, 3, subject.size);
    if (from > subject.size) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || !has_specials(pattern))) {
        const char *found = find_plain(L, subject, from, pattern);
        if (found == NULL) {
            lua_pushnil(L);
            return 1;
        }
        lua_pushinteger(L, (lua_Integer)(found - subject.data) + 1);
        lua_pushinteger(L, (lua_Integer)(found - subject.data) + (lua_Integer)pattern.size);
        return 2;
    }
    script_matcher m;
    script_matcher_init(&m, L, subject, pattern);
    bool anchored = pattern.size > 0 && pattern.data[0] == '^';
    const char *p = pattern.data + (anchored ? 1 : 0);
    for (const char *s = subject.data + from; s <= m.subject_end; s++) {
        const char *end = script_match_at(&m, s, p);
        if (end != NULL) {
            if (!find) {
                return push_captures(&m, s, end, true);
            }
            lua_pushinteger(L, (lua_Integer)(s - subject.data) + 1);
            lua_pushinteger(L, (lua_Integer)(end - subject.data));
            return push_captures(&m, NULL, NULL, false) + 2;
        }
        if (anchored) {
            break;
        }
    }
    lua_pushnil(L);
    return 1;
}

static int text_find(lua_State *L)
{
    return find_or_match(L, true);
}

static int text_match(lua_State *L)
{
    return find_or_match(L, false);
}

/* Upvalues: subject, pattern, where to go on (an offset), where the last match ended (-1: nowhere).
 */
static int gmatch_next(lua_State *L)
{
    sy_str subject = text_argument(L, lua_upvalueindex(1));
    sy_str pattern = text_argument(L, lua_upvalueindex(2));
    size_t at = (size_t)lua_tointeger(L, lua_upvalueindex(3));
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    script_matcher m;
    script_matcher_init(&m, L, subject, pattern);
    for (; at <= subject.size; at++) {
        const char *s = subject.data + at;
        const char *end = script_match_at(&m, s, pattern.data);
        if (end == NULL || end - subject.data == last) {
            continue;
        }
        lua_pushinteger(L, (lua_Integer)(end - subject.data));
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return push_captures(&m, s, end, true);
    }
    lua_pushinteger(L, (lua_Integer)at);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int text_gmatch(lua_State *L)
{
    sy_str subject = text_argument(L, 1);
    (void)text_argument(L, 2);
    size_t from = start_argument(L, 3, subject.size);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)from);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_next, 4);
    return 1;
}

/* The replacement text, where % stands for captures. */
static void add_template(script_matcher *m, luaL_Buffer *out, const char *start, const char *end)
{
    size_t size = 0;
    const char *text = lua_tolstring(m->L, 3, &size);
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '%') {
            luaL_addchar(out, text[i]);
            continue;
        }
        i++;
        int c = i < size ? (unsigned char)text[i] : 0;
        if (c == '%') {
            luaL_addchar(out, '%');
        } else if (c == '0') {
            luaL_addlstring(out, start, (size_t)(end - start));
        } else if (isdigit(c)) {
            push_capture(m, c - '1', start, end);
            (void)luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(out);
        } else {
            (void)script_misuse(m->L, "invalid use of '%%' in replacement string");
        }
    }
}

/* The result of the table or function; the match itself when that is nil or false. */
static void add_result(script_matcher *m, luaL_Buffer *out, const char *start, const char *end)
{
    lua_State *L = m->L;
    if (lua_type(L, 3) == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        int count = push_captures(m, start, end, true);
        lua_call(L, count, 1);
    } else {
        push_capture(m, 0, start, end);
        (void)lua_gettable(L, 3);
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, start, (size_t)(end - start));
    } else if (!lua_isstring(L, -1)) {
        (void)script_misuse(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    } else {
        luaL_addvalue(out);
    }
}

static int text_gsub(lua_State *L)
{
    sy_str subject = text_argument(L, 1);
    sy_str pattern = text_argument(L, 2);
    int kind = lua_type(L, 3);
    luaL_argexpected(L,
                     kind == LUA_TNUMBER || kind == LUA_TSTRING || kind == LUA_TFUNCTION ||
                         kind == LUA_TTABLE,
                     3, "string/function/table");
    lua_Integer max = luaL_optinteger(L, 4, (lua_Integer)subject.size + 1);
    bool anchored = pattern.size > 0 && pattern.data[0] == '^';
    const char *p = pattern.data + (anchored ? 1 : 0);
    const char *s = subject.data;
    const char *last = NULL;
    lua_Integer count = 0;
    script_matcher m;
    script_matcher_init(&m, L, subject, pattern);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    while (count < max) {
        const char *end = script_match_at(&m, s, p);
        if (end != NULL && end != last) {
            count++;
            if (kind == LUA_TFUNCTION || kind == LUA_TTABLE) {
                add_result(&m, &out, s, end);
            } else {
                add_template(&m, &out, s, end);
            }
            s = last = end;
        } else if (s < m.subject_end) {
            luaL_addchar(&out, *s++);
        } else {
            break;
        }
        if (anchored) {
            break;
        }
    }
    luaL_addlstring(&out, s, (size_t)(m.subject_end - s));
    luaL_pushresult(&out);
    lua_pushinteger(L, count);
    return 2;
}

const luaL_Reg script_pattern_functions[] = {
    {"find", text_find}, {"match", text_match}, {"gmatch", text_gmatch},
    {"gsub", text_gsub}, {NULL, NULL},
};

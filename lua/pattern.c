/* Lua's patterns, with a budget. The stock matcher runs inside C, where no instruction hook fires,
 * and some patterns take exponential time. This one counts every step as an instruction; what it
 * matches is what the manual (6.4.1) says. */
#include "lua/internal.h"

#include <ctype.h>
#include <string.h>

#define CAPTURE_COUNT_MAX 32
#define DEPTH_MAX         200
#define STEP_BATCH        256

enum { CAPTURE_OPEN = -1, CAPTURE_POSITION = -2 };

typedef struct capture {
    const char *start;
    ptrdiff_t size; /* or CAPTURE_OPEN, CAPTURE_POSITION */
} capture;

typedef struct matcher {
    lua_State *L;
    const char *subject, *subject_end;
    const char *pattern_end;
    int capture_count;
    int depth;
    unsigned steps;
    capture captures[CAPTURE_COUNT_MAX];
} matcher;

static const char *match_here(matcher *m, const char *s, const char *p);

static void count_step(matcher *m)
{
    if (++m->steps == STEP_BATCH) {
        m->steps = 0;
        script_charge(m->L, STEP_BATCH);
    }
}

static bool in_class(int c, int class_letter)
{
    bool found = false;
    switch (tolower(class_letter)) {
    case 'a':
        found = isalpha(c) != 0;
        break;
    case 'c':
        found = iscntrl(c) != 0;
        break;
    case 'd':
        found = isdigit(c) != 0;
        break;
    case 'g':
        found = isgraph(c) != 0;
        break;
    case 'l':
        found = islower(c) != 0;
        break;
    case 'p':
        found = ispunct(c) != 0;
        break;
    case 's':
        found = isspace(c) != 0;
        break;
    case 'u':
        found = isupper(c) != 0;
        break;
    case 'w':
        found = isalnum(c) != 0;
        break;
    case 'x':
        found = isxdigit(c) != 0;
        break;
    default:
        return class_letter == c;
    }
    return isupper(class_letter) ? !found : found;
}

/* Behind the single-character item that begins at `p`. */
static const char *item_end(matcher *m, const char *p)
{
    if (*p == '%') {
        if (p + 1 == m->pattern_end) {
            (void)script_misuse(m->L, "malformed pattern (ends with '%%')");
        }
        return p + 2;
    }
    if (*p != '[') {
        return p + 1;
    }
    p++;
    if (p < m->pattern_end && *p == '^') {
        p++;
    }
    do { /* a `]` that comes first stands for itself */
        if (p >= m->pattern_end) {
            (void)script_misuse(m->L, "malformed pattern (missing ']')");
        }
        p += *p == '%' ? 2 : 1;
    } while (p >= m->pattern_end || *p != ']');
    return p + 1;
}

/* `set` points at "[", `set_end` at its "]". */
static bool in_set(int c, const char *set, const char *set_end)
{
    bool wanted = true;
    set++;
    if (*set == '^') {
        wanted = false;
        set++;
    }
    for (; set < set_end; set++) {
        if (*set == '%') {
            set++;
            if (in_class(c, (unsigned char)*set)) {
                return wanted;
            }
        } else if (set[1] == '-' && set + 2 < set_end) {
            if ((unsigned char)set[0] <= c && c <= (unsigned char)set[2]) {
                return wanted;
            }
            set += 2;
        } else if ((unsigned char)*set == c) {
            return wanted;
        }
    }
    return !wanted;
}

static bool item_matches(matcher *m, const char *s, const char *p, const char *end)
{
    count_step(m);
    if (s >= m->subject_end) {
        return false;
    }
    int c = (unsigned char)*s;
    switch (*p) {
    case '.':
        return true;
    case '%':
        return in_class(c, (unsigned char)p[1]);
    case '[':
        return in_set(c, p, end - 1);
    default:
        return (unsigned char)*p == c;
    }
}

static const char *match_balance(matcher *m, const char *s, const char *p)
{
    if (p + 1 >= m->pattern_end) {
        (void)script_misuse(m->L, "malformed pattern (missing arguments to '%%b')");
    }
    if (s >= m->subject_end || *s != p[0]) {
        return NULL;
    }
    int depth = 1;
    for (s++; s < m->subject_end; s++) {
        count_step(m);
        if (*s == p[1]) {
            if (--depth == 0) {
                return s + 1;
            }
        } else if (*s == p[0]) {
            depth++;
        }
    }
    return NULL;
}

static const char *match_most(matcher *m, const char *s, const char *p, const char *end)
{
    ptrdiff_t count = 0;
    while (item_matches(m, s + count, p, end)) {
        count++;
    }
    for (; count >= 0; count--) {
        const char *found = match_here(m, s + count, end + 1);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static const char *match_fewest(matcher *m, const char *s, const char *p, const char *end)
{
    for (;;) {
        const char *found = match_here(m, s, end + 1);
        if (found != NULL) {
            return found;
        }
        if (!item_matches(m, s, p, end)) {
            return NULL;
        }
        s++;
    }
}

static const char *begin_capture(matcher *m, const char *s, const char *p, ptrdiff_t what)
{
    if (m->capture_count >= CAPTURE_COUNT_MAX) {
        (void)script_misuse(m->L, "too many captures");
    }
    m->captures[m->capture_count++] = (capture){s, what};
    const char *found = match_here(m, s, p);
    if (found == NULL) {
        m->capture_count--;
    }
    return found;
}

static const char *end_capture(matcher *m, const char *s, const char *p)
{
    int index = m->capture_count - 1;
    while (index >= 0 && m->captures[index].size != CAPTURE_OPEN) {
        index--;
    }
    if (index < 0) {
        (void)script_misuse(m->L, "invalid pattern capture");
    }
    m->captures[index].size = s - m->captures[index].start;
    const char *found = match_here(m, s, p);
    if (found == NULL) {
        m->captures[index].size = CAPTURE_OPEN;
    }
    return found;
}

static const char *match_back_reference(matcher *m, const char *s, int digit)
{
    int index = digit - '1';
    if (index < 0 || index >= m->capture_count || m->captures[index].size == CAPTURE_OPEN) {
        (void)script_misuse(m->L, "invalid capture index %%%d", index + 1);
    }
    if (m->captures[index].size == CAPTURE_POSITION) {
        return NULL;
    }
    size_t size = (size_t)m->captures[index].size;
    script_charge(m->L, size / STEP_BATCH);
    if ((size_t)(m->subject_end - s) < size || memcmp(m->captures[index].start, s, size) != 0) {
        return NULL;
    }
    return s + size;
}

/* "%f[set]": the place where the set begins to match. */
static bool at_frontier(matcher *m, const char *s, const char *p, const char *end)
{
    int before = s == m->subject ? 0 : (unsigned char)s[-1];
    int here = s < m->subject_end ? (unsigned char)*s : 0;
    return !in_set(before, p, end - 1) && in_set(here, p, end - 1);
}

/* One item with what follows it. `*again` true: go on at *s, *p; else the result is final. */
static const char *match_item(matcher *m, const char **s, const char **p, bool *again)
{
    const char *end = item_end(m, *p);
    char suffix = '\0';
    if (end < m->pattern_end) {
        suffix = *end;
    }
    *again = false;
    if (suffix == '*') {
        return match_most(m, *s, *p, end);
    }
    if (suffix == '-') {
        return match_fewest(m, *s, *p, end);
    }
    bool one = item_matches(m, *s, *p, end);
    if (suffix == '+') {
        return one ? match_most(m, *s + 1, *p, end) : NULL;
    }
    if (suffix == '?') {
        const char *found = one ? match_here(m, *s + 1, end + 1) : NULL;
        if (found != NULL) {
            return found;
        }
        *p = end + 1;
    } else {
        if (!one) {
            return NULL;
        }
        (*s)++;
        *p = end;
    }
    *again = true;
    return NULL;
}

/* What begins with '%' and is no single character. `*again` as above; `*special` false: it is one.
 */
static const char *match_escape(matcher *m, const char **s, const char **p, bool *again,
                                bool *special)
{
    int letter = *p + 1 < m->pattern_end ? (unsigned char)(*p)[1] : 0;
    *special = true;
    *again = true;
    if (letter == 'b') {
        *s = match_balance(m, *s, *p + 2);
        *p += 4;
    } else if (letter == 'f') {
        const char *set = *p + 2;
        if (set >= m->pattern_end || *set != '[') {
            (void)script_misuse(m->L, "missing '[' after '%%f' in pattern");
        }
        const char *end = item_end(m, set);
        *s = at_frontier(m, *s, set, end) ? *s : NULL;
        *p = end;
    } else if (isdigit(letter)) {
        *s = match_back_reference(m, *s, letter);
        *p += 2;
    } else {
        *special = false;
        return NULL;
    }
    *again = *s != NULL;
    return NULL;
}

static const char *match_loop(matcher *m, const char *s, const char *p)
{
    while (p != m->pattern_end) {
        count_step(m);
        bool again = true;
        bool special = false;
        const char *found = NULL;
        if (*p == '(') {
            bool position = p + 1 < m->pattern_end && p[1] == ')';
            return begin_capture(m, s, p + (position ? 2 : 1),
                                 position ? CAPTURE_POSITION : CAPTURE_OPEN);
        }
        if (*p == ')') {
            return end_capture(m, s, p + 1);
        }
        if (*p == '$' && p + 1 == m->pattern_end) {
            return s == m->subject_end ? s : NULL;
        }
        if (*p == '%') {
            found = match_escape(m, &s, &p, &again, &special);
        }
        if (!special) {
            found = match_item(m, &s, &p, &again);
        }
        if (!again) {
            return found;
        }
    }
    return s;
}

static const char *match_here(matcher *m, const char *s, const char *p)
{
    if (m->depth++ >= DEPTH_MAX) {
        (void)script_misuse(m->L, "pattern too complex");
    }
    const char *found = match_loop(m, s, p);
    m->depth--;
    return found;
}

static void push_capture(matcher *m, int index, const char *start, const char *end)
{
    if (index >= m->capture_count) {
        if (index != 0) {
            (void)script_misuse(m->L, "invalid capture index %%%d", index + 1);
        }
        lua_pushlstring(m->L, start, (size_t)(end - start));
        return;
    }
    const capture *c = &m->captures[index];
    if (c->size == CAPTURE_OPEN) {
        (void)script_misuse(m->L, "unfinished capture");
    }
    if (c->size == CAPTURE_POSITION) {
        lua_pushinteger(m->L, (lua_Integer)(c->start - m->subject) + 1);
    } else {
        lua_pushlstring(m->L, c->start, (size_t)c->size);
    }
}

/* All captures; the whole match when there are none and `whole`. */
static int push_captures(matcher *m, const char *start, const char *end, bool whole)
{
    int count = m->capture_count == 0 && whole ? 1 : m->capture_count;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) {
        push_capture(m, i, start, end);
    }
    return count;
}

static void matcher_init(matcher *m, lua_State *L, sy_str subject, sy_str pattern)
{
    *m = (matcher){.L = L,
                   .subject = subject.data,
                   .subject_end = subject.data + subject.size,
                   .pattern_end = pattern.data + pattern.size};
}

static const char *match_at(matcher *m, const char *s, const char *p)
{
    m->capture_count = 0;
    m->depth = 0;
    return match_here(m, s, p);
}

static sy_str text_argument(lua_State *L, int index)
{
    size_t size = 0;
    const char *data = luaL_checklstring(L, index, &size);
    return (sy_str){data, size};
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
        script_charge(L, 1 + wanted.size / STEP_BATCH);
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
    matcher m;
    matcher_init(&m, L, subject, pattern);
    bool anchored = pattern.size > 0 && pattern.data[0] == '^';
    const char *p = pattern.data + (anchored ? 1 : 0);
    for (const char *s = subject.data + from; s <= m.subject_end; s++) {
        const char *end = match_at(&m, s, p);
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
    matcher m;
    matcher_init(&m, L, subject, pattern);
    for (; at <= subject.size; at++) {
        const char *s = subject.data + at;
        const char *end = match_at(&m, s, pattern.data);
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
static void add_template(matcher *m, luaL_Buffer *out, const char *start, const char *end)
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
static void add_result(matcher *m, luaL_Buffer *out, const char *start, const char *end)
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
    matcher m;
    matcher_init(&m, L, subject, pattern);
    luaL_Buffer out;
    luaL_buffinit(L, &out);
    while (count < max) {
        const char *end = match_at(&m, s, p);
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

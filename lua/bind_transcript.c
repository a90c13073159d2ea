/* The verbs of a run, as std/transcript.lua says them; and what it asks of functions to write them
 * down. */
#include "lua/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t chosen_count(const script *owner)
{
    const sim_chosen *recorded = NULL;
    return sim_choice_recorded(owner->world->choice, &recorded);
}

/* verb(text, whether it is an expectation that failed) -> number */
static int transcript_verb(lua_State *L)
{
    script *owner = script_of(L);
    script_verb *grown = sy_alloc_grow(owner->alloc, owner->verbs, owner->verb_count,
                                       &owner->verb_capacity, sizeof *grown);
    if (grown == NULL) {
        return luaL_error(L, "not enough memory");
    }
    owner->verbs = grown;
    grown[owner->verb_count++] = (script_verb){.time = owner->world->now,
                                               .text = script_keep_text(L, 1),
                                               .expects = lua_toboolean(L, 2),
                                               .chosen_from = chosen_count(owner)};
    lua_pushinteger(L, (lua_Integer)owner->verb_count);
    return 1;
}

static script_verb *verb_argument(lua_State *L)
{
    script *owner = script_of(L);
    lua_Integer number = luaL_checkinteger(L, 1);
    luaL_argcheck(L, number >= 1 && (size_t)number <= owner->verb_count, 1, "no such verb");
    return &owner->verbs[number - 1];
}

/* verb_text(number, text, variable and name of the client that it makes, or nothing) */
static int transcript_verb_text(lua_State *L)
{
    script_verb *verb = verb_argument(L);
    verb->text = script_keep_text(L, 2);
    if (!lua_isnoneornil(L, 3)) {
        verb->variable = script_keep_text(L, 3);
        verb->client = script_keep_text(L, 4);
    }
    return 0;
}

void script_verb_over(script *owner, uint64_t number)
{
    owner->verbs[number - 1].chosen_to = chosen_count(owner);
}

static int transcript_verb_over(lua_State *L)
{
    verb_argument(L)->chosen_to = chosen_count(script_of(L));
    return 0;
}

static int transcript_verb_kept(lua_State *L)
{
    verb_argument(L)->kept = true;
    return 0;
}

/* no_story(why) */
static int transcript_no_story(lua_State *L)
{
    script *owner = script_of(L);
    owner->no_story = owner->no_story != NULL ? owner->no_story : script_keep_text(L, 1);
    return 0;
}

static int transcript_device_dialect(lua_State *L)
{
    lua_pushstring(L, script_device_argument(L, 1)->dialect->name);
    return 1;
}

static int transcript_server_dialect(lua_State *L)
{
    const sy_server_dialect *dialect = script_of(L)->server_dialect;
    lua_pushstring(L, dialect != NULL ? dialect->name : NULL);
    return 1;
}

/* listed(label): does the reproduction that runs have a choice of that label? A run that draws may
 * have any. */
static int transcript_listed(lua_State *L)
{
    const sim_choice_list *list = sim_simulation_options(script_of(L)->simulation)->choices;
    const char *name = luaL_checkstring(L, 1);
    bool found = list == NULL;
    for (size_t i = 0; list != NULL && i < list->count && !found; i++) {
        found = strcmp(list->items[i].label->name, name) == 0;
    }
    lua_pushboolean(L, found);
    return 1;
}

/* -- the text of functions -- */

/* Where line `number` begins in `text`. */
static const char *line_of(const char *text, int number)
{
    for (; number > 1 && text != NULL; number--) {
        text = strchr(text, '\n');
        text = text != NULL ? text + 1 : NULL;
    }
    return text;
}

/* "return function(a) ... end" for the function whose keyword stands at `begin`; its name, if it
 * has one, is left out. Pushes the text of the function and true when it compiles. */
static bool push_candidate(lua_State *L, const char *begin, const char *end)
{
    const char *open = memchr(begin, '(', (size_t)(end - begin));
    if (open == NULL) {
        return false;
    }
    lua_pushliteral(L, "function");
    lua_pushlstring(L, open, (size_t)(end - open));
    lua_concat(L, 2);
    lua_pushfstring(L, "return %s", lua_tostring(L, -1));
    size_t size = 0;
    const char *chunk = lua_tolstring(L, -1, &size);
    bool compiles = luaL_loadbufferx(L, chunk, size, "=copy", "t") == LUA_OK;
    lua_pop(L, 2);
    if (!compiles) {
        lua_pop(L, 1);
    }
    return compiles;
}

/* The first "function" of its first line with the last "end" of its last line that is a function.
 */
static bool push_between(lua_State *L, const char *from, const char *last, const char *stop)
{
    const char *line_end = strchr(from, '\n');
    line_end = line_end != NULL ? line_end : from + strlen(from);
    for (const char *begin = from; (begin = strstr(begin, "function")) != NULL && begin < line_end;
         begin++) {
        for (const char *end = stop; end - 3 >= last && end > begin; end--) {
            if (memcmp(end - 3, "end", 3) == 0 && push_candidate(L, begin, end)) {
                return true;
            }
        }
    }
    return false;
}

/* Pushes the path of a chunk of the scenario: its name is that of its file in the folder. */
static void push_path(lua_State *L, const char *chunk, size_t size)
{
    const script *owner = script_of(L);
    lua_pushlstring(L, owner->path, owner->folder_size);
    lua_pushlstring(L, chunk, size);
    lua_concat(L, 2);
}

/* source_line("file:line: ") -> that line without the blanks around it, or nil */
static int transcript_source_line(lua_State *L)
{
    const script *owner = script_of(L);
    const char *where = luaL_checkstring(L, 1);
    const char *colon = strchr(where, ':');
    sy_buf source;
    if (colon == NULL) {
        return 0;
    }
    push_path(L, where, (size_t)(colon - where));
    if (script_read_file(owner->alloc, lua_tostring(L, -1), &source, NULL) != SY_OK) {
        return 0;
    }
    sy_str rest = sy_buf_str(&source);
    sy_str line = {0};
    for (long number = strtol(colon + 1, NULL, 10); number > 0; number--) {
        line = sy_str_take_line(&rest);
    }
    while (line.size > 0 && line.data[0] == ' ') {
        line = (sy_str){line.data + 1, line.size - 1};
    }
    char text[400];
    (void)snprintf(text, sizeof text, "%.*s", SY_FMT(line));
    const bool whole = line.size < sizeof text;
    sy_buf_deinit(&source);
    lua_pushstring(L, whole ? text : NULL);
    return 1;
}

/* function_text(fn) -> text, or nil, where */
static int transcript_function_text(lua_State *L)
{
    script *owner = script_of(L);
    lua_Debug about;
    lua_pushvalue(L, 1);
    (void)lua_getinfo(L, ">S", &about);
    lua_pushnil(L);
    lua_pushfstring(L, "%s:%d", about.short_src, about.linedefined);
    if (about.source[0] != '@') {
        return 2;
    }
    push_path(L, about.source + 1, strlen(about.source + 1));
    sy_buf source;
    if (script_read_file(owner->alloc, lua_tostring(L, -1), &source, NULL) != SY_OK) {
        lua_pop(L, 1);
        return 2;
    }
    char *text = lua_newuserdatauv(L, source.size + 1, 0);
    if (source.size > 0) {
        memcpy(text, source.data, source.size);
    }
    text[source.size] = '\0';
    sy_buf_deinit(&source);
    const char *from = line_of(text, about.linedefined);
    const char *last = line_of(text, about.lastlinedefined);
    if (from == NULL || last == NULL) {
        lua_settop(L, 3);
        return 2;
    }
    const char *stop = last + strcspn(last, "\n");
    if (push_between(L, from, last > from ? last : from, stop)) {
        return 1;
    }
    lua_settop(L, 3);
    return 2;
}

/* upvalues(fn) -> list of { name, value } */
static int transcript_upvalues(lua_State *L)
{
    lua_newtable(L);
    for (int i = 1;; i++) {
        const char *name = lua_getupvalue(L, 1, i);
        if (name == NULL) {
            return 1;
        }
        lua_createtable(L, 0, 2);
        lua_insert(L, -2);
        lua_setfield(L, -2, "value");
        lua_pushstring(L, name);
        lua_setfield(L, -2, "name");
        lua_rawseti(L, -2, i);
    }
}

const luaL_Reg script_transcript_functions[] = {
    {"verb", transcript_verb},
    {"verb_text", transcript_verb_text},
    {"verb_over", transcript_verb_over},
    {"verb_kept", transcript_verb_kept},
    {"no_story", transcript_no_story},
    {"device_dialect", transcript_device_dialect},
    {"server_dialect", transcript_server_dialect},
    {"listed", transcript_listed},
    {"source_line", transcript_source_line},
    {"function_text", transcript_function_text},
    {"upvalues", transcript_upvalues},
    {NULL, NULL},
};

/* -- for the program -- */

static int write_head(lua_State *L)
{
    script_transcript *out = lua_touserdata(L, 1);
    script_push_std(L, "transcript", "head");
    lua_call(L, 0, 2);
    out->tables = script_keep_text(L, -2);
    out->server = script_keep_text(L, -1);
    return 0;
}

sy_rc script_transcript_of(script *owner, script_transcript *out, sy_err *err)
{
    *out = (script_transcript){
        .verbs = owner->verbs, .count = owner->verb_count, .problem = owner->no_story};
    lua_State *L = owner->state;
    lua_pushcfunction(L, write_head);
    lua_pushlightuserdata(L, out);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        sy_rc rc = SY_FAIL(err, SY_PARSE, "%s",
                           lua_isstring(L, -1) ? lua_tostring(L, -1) : "it can't be written");
        lua_pop(L, 1);
        return rc;
    }
    return SY_OK;
}

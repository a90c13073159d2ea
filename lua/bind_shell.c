/* A person at a prompt in the middle of a run: std/shell.lua. */
#include "lua/internal.h"

#include <stdio.h>

/* show(text): to the person, and not into the trace */
static int shell_show(lua_State *L)
{
    script *owner = script_of(L);
    const char *text = luaL_checkstring(L, 1);
    if (owner->limits.print != NULL) {
        owner->limits.print(owner->limits.print_self, text);
    }
    return 0;
}

const luaL_Reg script_shell_functions[] = {
    {"show", shell_show},
    {NULL, NULL},
};

static int hold(lua_State *L)
{
    const bool *held = lua_touserdata(L, 1);
    script_push_std(L, "task", *held ? "hold" : "release");
    lua_call(L, 0, 0);
    return 0;
}

void script_hold(script *owner, bool held)
{
    (void)script_protect(owner, hold, &held);
}

typedef struct saying {
    const char *line;
    char problem[200]; /* "": none */
} saying;

static int say(lua_State *L)
{
    saying *call = lua_touserdata(L, 1);
    script_push_std(L, "shell", "say");
    lua_pushstring(L, call->line);
    lua_call(L, 1, 2);
    if (lua_isnil(L, -2)) {
        (void)snprintf(call->problem, sizeof call->problem, "%s", lua_tostring(L, -1));
    }
    return 0;
}

sy_rc script_say(script *owner, const char *line, sy_err *err)
{
    saying call = {.line = line};
    if (!script_protect(owner, say, &call)) {
        return SY_FAIL(err, owner->end, "%s", owner->end_text.failed ? "" : owner->end_text.data);
    }
    return call.problem[0] == '\0' ? SY_OK : SY_FAIL(err, SY_PARSE, "%s", call.problem);
}

static int waits(lua_State *L)
{
    bool *says = lua_touserdata(L, 1);
    script_push_std(L, "shell", "waits");
    lua_call(L, 0, 1);
    *says = lua_toboolean(L, -1);
    return 0;
}

bool script_says(script *owner)
{
    bool says = false;
    return script_protect(owner, waits, &says) && says;
}

/* The limits of a script: instructions and memory. Neither can be caught.
 *
 * A count hook looks every SCRIPT_TICK instructions; new threads inherit it, and pay a tick for
 * being made, so that many short ones do not hide. C functions whose work grows with their
 * arguments charge it. Once a limit was hit the script is stopped: the hook raises again at every
 * look, and so does everything that catches errors (pcall, xpcall, coroutines). */
#include "lua/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INSTRUCTION_COUNT_MAX INT64_C(500000000)
#define MEMORY_SIZE_MAX       ((size_t)1 << 30)
/* Making a long text counts as work. Only texts: when tables grow depends on Lua's hash seed. */
#define LONG_TEXT_SIZE            1024
#define TEXT_BYTES_AN_INSTRUCTION 16

void *script_allocate(void *self, void *block, size_t old_size, size_t size)
{
    script *owner = self;
    if (block == NULL) {
        if (old_size == LUA_TSTRING && size >= LONG_TEXT_SIZE) {
            owner->instructions_left -= (int64_t)(size / TEXT_BYTES_AN_INSTRUCTION);
        }
        old_size = 0; /* Lua passes the kind of object there */
    }
    if (size > old_size && size - old_size > owner->limits.memory_size_max - owner->memory_size) {
        return NULL;
    }
    void *moved = script_pool_resize(&owner->pool, block, old_size, size);
    if (moved != NULL || size == 0) {
        owner->memory_size = owner->memory_size - old_size + size;
    } else {
        owner->starved = true;
    }
    return moved;
}

void script_push_where(lua_State *L)
{
    lua_Debug frame;
    for (int level = 0; lua_getstack(L, level, &frame) == 1; level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.source[0] == '@' && frame.currentline > 0) {
            lua_pushfstring(L, "%s:%d: ", frame.short_src, frame.currentline);
            return;
        }
    }
    lua_pushstring(
        L, script_of(L)->load_where); /* `return sim.story { ... }` leaves no frame: a tail call */
}

int script_misuse(lua_State *L, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    script_push_where(L);
    lua_pushstring(L, text);
    lua_concat(L, 2);
    return lua_error(L);
}

static int stop(lua_State *L, script *owner, script_stop why)
{
    if (owner->stopped == SCRIPT_RUNS) {
        owner->stopped = why;
        char where[128] = "";
        if (why == SCRIPT_OUT_OF_INSTRUCTIONS) {
            script_push_where(L);
            (void)snprintf(where, sizeof where, "%s", lua_tostring(L, -1));
            lua_pop(L, 1);
            (void)snprintf(owner->stop_text, sizeof owner->stop_text,
                           "%sinstruction limit of %lld reached", where,
                           (long long)owner->limits.instruction_count_max);
        } else if (why == SCRIPT_OUT_OF_TIME) {
            (void)snprintf(owner->stop_text, sizeof owner->stop_text,
                           "stopped: time limit reached");
        } else {
            (void)snprintf(owner->stop_text, sizeof owner->stop_text,
                           "memory limit of %zu MiB reached", owner->limits.memory_size_max >> 20);
        }
    }
    lua_pushstring(L, owner->stop_text);
    return lua_error(L);
}

void script_charge(lua_State *L, size_t work)
{
    script *owner = script_of(L);
    int64_t amount = work > INT32_MAX ? INT32_MAX : (int64_t)work;
    owner->instructions_left -= amount;
    if (owner->instructions_left <= 0) {
        (void)stop(L, owner, SCRIPT_OUT_OF_INSTRUCTIONS);
    }
}

/* Where loading is: the last line of a file that was begun. */
static void note_line(lua_State *L, lua_Debug *frame, script *owner)
{
    (void)lua_getinfo(L, "Sl", frame);
    if (frame->source[0] == '@') {
        (void)snprintf(owner->load_where, sizeof owner->load_where, "%s:%d: ", frame->short_src,
                       frame->currentline);
    }
}

static void look(lua_State *L, lua_Debug *frame)
{
    script *owner = script_of(L);
    if (frame->event == LUA_HOOKLINE) {
        note_line(L, frame, owner);
        return;
    }
    if (owner->stopped != SCRIPT_RUNS) {
        (void)stop(L, owner, owner->stopped);
    }
    if (owner->limits.stop != NULL && owner->limits.stop(owner->limits.stop_self)) {
        (void)stop(L, owner, SCRIPT_OUT_OF_TIME);
    }
    script_charge(L, SCRIPT_TICK);
}

void script_check_stopped(lua_State *L, int status)
{
    script *owner = script_of(L);
    if (status == LUA_ERRMEM || owner->stopped != SCRIPT_RUNS) {
        (void)stop(L, owner, owner->stopped == SCRIPT_RUNS ? SCRIPT_OUT_OF_MEMORY : owner->stopped);
    }
}

void script_watch(lua_State *L)
{
    script *owner = script_of(L);
    if (owner->limits.instruction_count_max <= 0) {
        owner->limits.instruction_count_max = INSTRUCTION_COUNT_MAX;
    }
    if (owner->limits.memory_size_max == 0) {
        owner->limits.memory_size_max = MEMORY_SIZE_MAX;
    }
    owner->instructions_left = owner->limits.instruction_count_max;
    lua_sethook(L, look, LUA_MASKCOUNT, SCRIPT_TICK);
}

void script_watch_lines(lua_State *L, bool lines)
{
    script_of(L)->load_where[0] = '\0';
    lua_sethook(L, look, lines ? LUA_MASKCOUNT | LUA_MASKLINE : LUA_MASKCOUNT, SCRIPT_TICK);
}

/* What the files of this folder share. The script's pointer lies in the extra space of the Lua state and of each of its
 * threads, so that every C function finds it.
 *
 * No C function holds a resource across a call that may raise: what is scratch is a userdata or lives in an arena of the
 * script. */
#ifndef SCRIPT_INTERNAL_H
#define SCRIPT_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>

#include "lua/script.h"

#define SCRIPT_TICK 1000 /* instructions between two looks at the limit */
#define SCRIPT_DEVICE_TABLE_MAX 64

typedef struct script_schema { /* one table as one side sees it */
    struct script_schema *next;
    uint32_t view;   /* which of the definitions */
    uint32_t system; /* SY_SYSTEM_BIT */
    const sy_schema *schema;
} script_schema;

typedef struct script_column_list {
    sy_str name;
    sy_column *columns;
    uint32_t column_count;
    bool has_version;
    int soft_delete; /* -1: by dialect */
} script_column_list;

typedef struct script_view { /* a set of tables: the scenario's, the server's own, a client's own */
    script_column_list *tables;
    uint32_t table_count;
} script_view;

typedef struct script_device {
    sim_device *device;
    script *owner;
    uint32_t number;
    const sy_dialect *dialect;
    const char *name;
    const sy_schema **schemas;
    uint32_t schema_count;
    int store;         /* registry reference of a store in Lua; LUA_NOREF */
    sy_schema const *defined[SCRIPT_DEVICE_TABLE_MAX]; /* what the engine told a store in Lua */
    uint32_t defined_count;
} script_device;

typedef struct script_wait { /* a coroutine that waits for the simulator */
    struct script_wait *next; /* spare ones */
    script *owner;
    lua_Integer slot;
    script_device *device; /* whose call it is; NULL: no call */
    bool as_list;          /* the rows are a list, not one row */
} script_wait;

typedef enum script_stop { SCRIPT_RUNS, SCRIPT_OUT_OF_INSTRUCTIONS, SCRIPT_OUT_OF_MEMORY } script_stop;

struct script {
    sy_alloc alloc;
    lua_State *state;
    lua_State *running; /* the thread that called into C last: where callbacks run */
    script_limits limits;
    int64_t instructions_left;
    size_t memory_size;
    script_stop stopped;
    char stop_text[200];
    char *path;
    size_t path_size;
    size_t folder_size; /* of path, with its slash */
    sy_arena arena;     /* as long as the script */
    sy_arena scratch;   /* for one call */
    sim_scenario_info info;
    /* the run */
    sim_simulation *simulation;
    sim_world *world;
    script_view *views;
    uint32_t view_count;
    script_device **devices;
    size_t device_count, device_capacity;
    const sy_schema **server_schemas;
    uint32_t server_schema_count;
    uint64_t notice_count;
    script_wait *spare_waits;
    sim_label *labels;
    sim_stream *streams;
    bool wake_scheduled;
    uint32_t store_depth; /* inside a store in Lua */
    bool done;
    sy_rc end;         /* how it ended */
    sy_buf end_text;
};

static inline script *script_of(lua_State *L)
{
    return *(script **)lua_getextraspace(L);
}

/* -- limits.c -- */
void *script_allocate(void *self, void *block, size_t old_size, size_t size);
void script_watch(lua_State *L);
/* Counts work done in C as instructions; raises when the limit is reached. */
void script_charge(lua_State *L, size_t work);
/* After an error was caught: raises again when a limit was the cause. `status` is Lua's. */
void script_check_stopped(lua_State *L, int status);
/* "file:line: " of the innermost frame of the scenario, "" when there is none. Pushes it. */
void script_push_where(lua_State *L);
/* error(message) that blames the scenario's line. */
int script_misuse(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* -- rewrite.c -- */
/* The source with `#` and `^` replaced by calls (`source` must compile); empty data: nothing to replace. */
sy_rc script_rewrite(sy_str source, sy_buf *out);

/* -- sandbox.c -- */
/* Fills the table on the stack (the scenario's globals). */
void script_open_sandbox(lua_State *L);
/* Compiles for the sandbox: pushes the function, or an error message and returns false. */
bool script_load(lua_State *L, sy_str source, const char *chunk_name);
void script_open_coroutine(lua_State *L); /* pushes resume and friends for std */
/* pushes text of any value with stable names for tables and functions */
const char *script_to_text(lua_State *L, int index, size_t *size);
/* -- text.c, pattern.c, table.c, arithmetic.c: each pushes its library -- */
void script_open_string(lua_State *L);
void script_open_table(lua_State *L);
void script_open_math(lua_State *L);
void script_open_next(lua_State *L, int env);
extern const luaL_Reg script_pattern_functions[];
/* The length of the table at `index`: always the same border, however it was filled. */
lua_Integer script_length(lua_State *L, int index);
/* Its length; raises when it has holes or other keys are asked not to be there. */
lua_Integer script_sequence(lua_State *L, int index, const char *what);
/* Pushes a list of the keys, sorted: numbers, then texts; raises for other keys. Returns how many. */
lua_Integer script_sorted_keys(lua_State *L, int index);

/* -- require.c -- */
void script_open_require(lua_State *L, int env);
sy_rc script_read_file(sy_alloc alloc, const char *path, sy_buf *out, sy_err *err);

/* -- std.c -- */
/* Pushes the library written in Lua: its table of modules. */
void script_open_std(lua_State *L);

#endif

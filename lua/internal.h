/* What the files of this folder share. The script's pointer lies in the extra space of the Lua
 * state and of each of its threads, so that every C function finds it.
 *
 * No C function holds a resource across a call that may raise: what is scratch is a userdata or
 * lives in an arena of the script. */
#ifndef SCRIPT_INTERNAL_H
#define SCRIPT_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>

#include "lua/pool.h"
#include "lua/script.h"

#define SCRIPT_TICK 1000 /* instructions between two looks at the limit */

typedef struct script_table { /* one table as a scenario defines it */
    sy_str name;
    sy_column *columns;
    sy_value *initials; /* by column; NULL: nothing is said */
    uint32_t column_count;
    bool has_version;
    int soft_delete, dynamic_schema; /* -1: by dialect */
    sy_server_table options;         /* the rest of what the server makes of it */
} script_table;

typedef struct script_view { /* a set of tables: the scenario's, the server's own, a client's own */
    script_table *tables;
    uint32_t table_count;
} script_view;

typedef struct script_schemas { /* a view with the system columns of a dialect */
    struct script_schemas *next;
    const script_view *view;
    uint32_t system; /* SY_SYSTEM_BIT */
    const sy_schema **items;
} script_schemas;

typedef struct script_defined { /* a table that the engine made in a store in Lua */
    struct script_defined *next;
    const sy_schema *schema;
} script_defined;

typedef struct script_device {
    script *owner;
    uint32_t number; /* from 1: the handle's */
    const char *name;
    sim_device *device;
    const sy_dialect *dialect;
    const script_schemas *schemas;
    int store;       /* registry reference of a store in Lua */
    bool store_open; /* inside a transaction of it */
    bool pulled;     /* a pull has ended, and its invariants were not looked at yet */
    script_defined *defined;
    sim_receiver server_end; /* behind the spy that lists requests */
    uint64_t calls;
} script_device;

typedef struct script_request { /* one that reached the server */
    struct script_request *next;
    sy_method method;
    sy_str table, id, if_match, query, user;
    const char *from;
    sy_time time;
    int status; /* 0: not answered */
    int64_t rows;
} script_request;

typedef struct script_wait {  /* a coroutine that waits for the simulator */
    struct script_wait *next; /* spare ones */
    script *owner;
    lua_Integer slot;
    bool as_list;      /* the rows are a list, not one row */
    uint64_t identity; /* which wait of which driver, where the order of events is chosen */
} script_wait;

typedef enum script_stop {
    SCRIPT_RUNS,
    SCRIPT_OUT_OF_INSTRUCTIONS,
    SCRIPT_OUT_OF_TIME,
    SCRIPT_OUT_OF_MEMORY
} script_stop;

struct script {
    script *image; /* as script_freeze found it; NULL: it was not */
    sy_alloc alloc;
    lua_State *state;
    script_pool pool; /* its memory */
    script_limits limits;
    int64_t instructions_left;
    size_t memory_size;
    script_stop stopped;
    bool starved; /* the allocator had no memory, as against the limit */
    char stop_text[200];
    char load_where[LUA_IDSIZE + 16]; /* while the file is loaded: its line */
    bool helper;                      /* the file returned no scenario */
    char *path;
    size_t path_size;
    size_t folder_size; /* of path, with its slash */
    sy_arena arena;     /* as long as the script */
    sy_arena scratch;   /* for one call */
    sim_scenario_info info;
    /* the run */
    sim_simulation *simulation;
    sim_world *world;
    script_view **views;
    size_t view_count, view_capacity;
    script_schemas *schemas;
    script_device **devices;
    size_t device_count, device_capacity;
    const script_schemas *server_schemas; /* NULL: no server yet */
    script_request *requests, *requests_last, *requests_open;
    bool in_office; /* a request of the back office is served */
    script_wait *spare_waits;
    sim_label **labels;
    size_t label_count, label_capacity;
    sim_stream *streams;
    size_t stream_count, stream_capacity;
    script_verb *verbs; /* of the transcript */
    size_t verb_count, verb_capacity;
    const char *no_story;
    const sy_server_dialect *server_dialect; /* NULL: no server yet */
    bool wake_scheduled;
    bool watches_moments, look_scheduled; /* bind_invariant.c */
    bool committed;                       /* by the server, since invariants were looked at last */
    uint32_t store_depth;                 /* inside a store in Lua */
    bool done;
    sy_rc end; /* how it ended */
    sy_buf end_text;
};

static inline script *script_of(lua_State *L)
{
    return *(script **)lua_getextraspace(L);
}

/* -- limits.c -- */
void *script_allocate(void *self, void *block, size_t old_size, size_t size);
void script_watch(lua_State *L);
/* While a file is loaded: also remembers the line, for script_push_where. */
void script_watch_lines(lua_State *L, bool lines);
/* Counts work done in C as instructions; raises when the limit is reached. */
void script_charge(lua_State *L, size_t work);
/* After an error was caught: raises again when a limit was the cause. `status` is Lua's. */
void script_check_stopped(lua_State *L, int status);
/* "file:line: " of the innermost frame of the scenario, "" when there is none. Pushes it. */
void script_push_where(lua_State *L);
/* error(message) that blames the scenario's line. */
int script_misuse(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* -- rewrite.c -- */
/* The source with `#` and `^` replaced by calls (`source` must compile); empty data: nothing to
 * replace. */
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
/* Pushes a list of the keys, sorted: numbers, then texts; raises for other keys. Returns how many.
 */
lua_Integer script_sorted_keys(lua_State *L, int index);

/* -- require.c -- */
void script_open_require(lua_State *L, int env, int sim);
sy_rc script_read_file(sy_alloc alloc, const char *path, sy_buf *out, sy_err *err);

/* -- std.c -- */
/* Loads the library written in Lua; leaves its table of modules on the stack and in the registry.
 */
void script_open_std(lua_State *L, int env);
/* Pushes a function of a module of it: ("task", "deliver"). */
void script_push_std(lua_State *L, const char *module, const char *function);
void script_drop_std_cache(void);

/* -- script.c -- */
/* Calls `function` with `argument` (a light userdata), protected. What goes wrong ends the
 * scenario. */
bool script_protect(script *owner, lua_CFunction function, void *argument);
/* The first end counts. */
void script_finish(script *owner, sy_rc rc, const char *text);
script_wait *script_wait_new(lua_State *L, lua_Integer slot);
void script_wait_free(script_wait *wait);
/* nil, message, code */
int script_push_failure(lua_State *L, sy_rc rc, const char *text);
const char *script_code(sy_rc rc);
/* A copy in the script's arena; raises when there is no memory. */
void *script_keep(lua_State *L, size_t size);
const char *script_keep_text(lua_State *L, int index);

/* -- bind_world.c -- */
/* Says what the events of this folder are. */
void script_know_waits(sim_world *world);

/* -- bind_*.c: what the library in Lua is given -- */
extern const luaL_Reg script_world_functions[];
extern const luaL_Reg script_choice_functions[];
extern const luaL_Reg script_table_functions[];
extern const luaL_Reg script_client_functions[];
extern const luaL_Reg script_device_functions[];
extern const luaL_Reg script_disk_functions[];
extern const luaL_Reg script_policy_functions[];
extern const luaL_Reg script_handler_functions[];
extern const luaL_Reg script_server_functions[];
extern const luaL_Reg script_shell_functions[];
extern const luaL_Reg script_traffic_functions[];
extern const luaL_Reg script_transcript_functions[];
extern const luaL_Reg script_users_functions[];
extern const luaL_Reg script_invariant_functions[];
extern const luaL_Reg script_weather_functions[];

script_device *script_device_argument(lua_State *L, int index);
/* The name of a weather, or a table of knobs; on top of *weather. Raises; `what`: "client.weather".
 */
void script_read_weather(lua_State *L, int index, const char *what, sim_weather *weather);
const script_view *script_view_argument(lua_State *L, int index);
const script_schemas *script_schemas_of(lua_State *L, const script_view *view, uint32_t system);
/* Raises with a suggestion when there is none; `whose`: "client phone". */
const sy_schema *script_schema_find(lua_State *L, const script_schemas *schemas, sy_str name,
                                    const char *whose);
/* The tables as a server of the dialect has them, in the script's arena. */
sy_server_table *script_server_tables(lua_State *L, const script_view *view,
                                      const sy_server_dialect *dialect,
                                      const script_schemas *schemas);
/* Of a client that names none: the command line's; else a story is about the real thing, and a
 * world asserts what only `sound` promises. */
const sy_dialect *script_default_dialect(const script *owner);
sy_handler script_handler_port(script_device *device, bool started, bool decides, bool errors,
                               bool completes);
/* SY_OPERATION_KIND_COUNT: none of that name. */
sy_operation_kind script_operation_kind(sy_str name);
sy_store script_store_port(script_device *device);
void script_store_crashed(void *self);
/* (..., change, value) at 2 and 3. */
void script_change_clock(lua_State *L, uint32_t host, sim_clock *clock);
void script_watch_requests(script_device *device);
sy_rc script_watch_responses(script *owner);
/* The verb of a transcript with that number has ended. */
void script_verb_over(script *owner, uint64_t number);
void script_push_push_result(lua_State *L, const sy_push_result *result);

#endif

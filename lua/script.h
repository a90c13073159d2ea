/* The script host: a scenario file becomes a scenario (sim/run/scenario.h). Every run finds the Lua
 * state as loading the file left it, so that no run leaves anything to the next: a script runs
 * once, or is frozen and rewound between its runs.
 *
 * What a script sees is in README.md; how it is kept deterministic and within its limits in
 * sandbox.h. */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "sim/run/scenario.h"

typedef struct script script;

typedef struct script_limits { /* zeroed: the defaults */
    int64_t
        instruction_count_max; /* of the Lua machine, over loading and running; 0: 500 million */
    size_t memory_size_max;    /* bytes of the Lua state; 0: 1 GiB */
    void (*print)(void *self,
                  const char *text); /* what the script prints, a line each; NULL: only noted */
    void *print_self;
    bool (*stop)(void *self); /* asked now and then while Lua runs; true ends it. NULL: nobody */
    void *stop_self;
    bool transcript;     /* the verbs of the run are kept: script_transcript_of */
    bool policy_will_do; /* the file returns sim.policy { ... }: nothing to run */
    bool
        tables_will_do; /* the file may return { tables = {...}, server = {...} }: nothing to run */
} script_limits;

/* Loads and runs the file up to its `return sim.story {...}`. `limits` may be NULL. Errors: SY_IO
 * when the file can't be read; SY_PARSE ("file:line: what") for anything wrong in it; SY_NOT_FOUND
 * when it returns something that is no scenario (a helper module); SY_LIMIT for a limit reached
 * while loading; SY_NOMEM. */
sy_rc script_open(sy_alloc alloc, const char *path, const script_limits *limits, script **out,
                  sy_err *err);
/* After the run, when its simulation was freed. NULL is fine. */
void script_close(script *owner);

/* For many runs of one file. Before the first: remembers how loading left the script; once.
 * SY_NOMEM: it was not remembered, and runs once. What the file prints while it is loaded is not
 * printed again. */
sy_rc script_freeze(script *owner, sy_err *err);
/* After a run, when its simulation was freed: the script as it was frozen, to the last byte, so
 * that the next run can't see that there was one. */
void script_rewind(script *owner);

/* Valid until script_close. */
const sim_scenario_info *script_info(const script *owner);
/* For one run. */
sim_scenario script_scenario(script *owner);

typedef struct script_verb { /* what a driver said */
    sy_time time;
    const char *text;     /* "user1:push()"; "": it can't be written */
    const char *variable; /* of the client that it makes; NULL: makes none */
    const char *client;   /* its name */
    bool kept;            /* a later verb resolves an error of this push */
    bool expects;         /* an expectation, which failed */
    size_t chosen_from;   /* how many choices were recorded before it began... */
    size_t chosen_to;     /* ...and when it ended; 0: it did not end */
} script_verb;

typedef struct script_transcript {
    const char *tables, *server; /* "tables = {...}" */
    const script_verb *verbs;    /* in the order in which they began */
    size_t count;
    const char *problem; /* why no story can be made of it; NULL: nothing */
} script_transcript;

/* After the run, before script_close; valid until then. SY_PARSE: the head can't be written. */
sy_rc script_transcript_of(script *owner, script_transcript *out, sy_err *err);

/* -- a person at a prompt, between two events of the run -- */

/* The run goes on without drivers while it is held. */
void script_hold(script *owner, bool held);
/* Says a line of Lua: a driver of its own, with the scenario's verbs, `world`, `sim`, and the
 * clients by name. It goes on as the world is stepped; what it gives, or raises, is shown to
 * `print` of the limits. SY_PARSE: it is no Lua. */
sy_rc script_say(script *owner, const char *line, sy_err *err);
/* The last line has not ended. */
bool script_says(script *owner);

/* The tables of the scenario's server, for whoever serves them without the scenario. */
typedef struct script_tables {
    const sy_server_dialect *dialect;
    const sy_server_table *items;
    uint32_t count;
    int64_t page_size; /* 0: the dialect's */
} script_tables;

/* As a server of `dialect` has them; NULL: of the dialect that the scenario names for its server,
 * else `node`. Valid until script_close. Not after the run began. Errors as script_open. */
sy_rc script_server(script *owner, const sy_server_dialect *dialect, script_tables *out,
                    sy_err *err);

/* The policy that the file returned (policy_will_do). Valid until script_close. SY_PARSE: it is
 * none. */
sy_rc script_policy(script *owner, const sy_policy **out, sy_err *err);

/* The text of a new story of that name (`syncsim new NAME`). */
void script_template(sy_str name, sy_buf *out);
const char *script_lua_version(void); /* "5.4.4" */

#endif

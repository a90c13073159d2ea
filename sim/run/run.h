/* One seed, one result: builds a simulation, lets the scenario drive it, reads the checkers. */
#ifndef SIM_RUN_RUN_H
#define SIM_RUN_RUN_H

#include "sim/check/ledger.h"
#include "sim/run/scenario.h"

/* How a run ended; the exit codes of design.md, highest rank wins. */
typedef enum sim_verdict {
    SIM_PASSED,
    SIM_UNDECIDED,     /* a limit was hit, or no work was done: exit 5 */
    SIM_NOT_COVERED,   /* of many runs: what was demanded happened in none: 6 */
    SIM_NOT_CONVERGED, /* and nothing else: 2 */
    SIM_FOUND,         /* an undeclared finding, an absent declared one, a failed expectation: 1 */
    SIM_NOT_DETERMINISTIC, /* 3 */
    SIM_CODE_CRASHED,      /* a Lua policy or store raised: 4 */
    SIM_BAD_SCENARIO,      /* 65 */
    SIM_HARNESS,           /* our own fault: 70 */
    SIM_VERDICT_COUNT
} sim_verdict;

int sim_verdict_exit_code(sim_verdict verdict);
const char *sim_verdict_name(sim_verdict verdict); /* "passed", "found"... */
/* The one that wins in a suite. */
sim_verdict sim_verdict_worse(sim_verdict a, sim_verdict b);

typedef struct sim_result {
    sim_verdict verdict;
    char reason[4096]; /* a failed expectation with its difference, a scenario error with file and
                          line... */
    sim_findings findings;
    bool follows;      /* a dialect of the options counted */
    bool declared;     /* the findings are the declared ones */
    sim_ledger ledger; /* what became of the edits */
    uint64_t digest, outcome_digest;
    sim_counts counts;
    sim_demands demands; /* what it asked to happen in some run, and whether it did in this one */
    uint64_t events;
    sy_time virtual_ns;
    int64_t wall_ns; /* of the real machine; never in a trace */
} sim_result;

void sim_result_deinit(sim_result *result);

typedef struct sim_run_limits {
    sy_time virtual_ns_max;   /* 0: 30 days */
    uint64_t events_max;      /* fired by the world; 0: 50 million */
    bool (*stop)(void *self); /* asked now and then; true ends the run undecided. NULL: nobody */
    void *stop_self;
    bool unchecked; /* no checker is attached, nothing is found: for what measures their cost */
} sim_run_limits;

/* Each may be NULL. `observe` sees the trace before the first event: to attach readers; `before` is
 * asked before each step of the world, also when there is nothing left to happen, and ends the run
 * undecided with false; `inspect` sees the simulation when it is over, before it is freed: to walk
 * the tail of the trace. */
typedef struct sim_observer {
    sy_rc (*observe)(void *self, sim_simulation *simulation, sy_err *err);
    bool (*before)(void *self, sim_simulation *simulation);
    void (*inspect)(void *self, sim_simulation *simulation, const sim_result *result);
    void *self;
} sim_observer;

/* SY_OK when there is a verdict. An error: the run could not be set up (SY_NOMEM); the verdict is
 * SIM_HARNESS. A run in which nothing was done (no local write, push, pull, purge, remote call or
 * commit) is undecided. */
sy_rc sim_run(const sim_scenario *scenario, const sim_options *options,
              const sim_run_limits *limits, const sim_observer *observer, sim_result *out,
              sy_err *err);

#endif

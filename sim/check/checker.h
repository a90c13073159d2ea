/* Checkers read the trace and report findings; they never print and never abort. One file for each.
 * To add one: define its constant, list it in checker.c, give it a known-bad history and a near
 * miss in tests/unit. */
#ifndef SIM_CHECK_CHECKER_H
#define SIM_CHECK_CHECKER_H

#include "sim/check/finding.h"

typedef struct sim_checker {
    const char *name;                  /* "version_monotone" */
    const char *claim;                 /* one sentence: what must hold */
    const sy_event_kind *const *kinds; /* NULL-terminated: what it reads */
    sy_rc (*open)(const struct sim_checker *checker, sy_alloc alloc, const sim_trace *trace,
                  sim_findings *findings, void **self);
    void (*read)(void *self, const sim_event *event);
    void (*close)(void *self); /* the run is over: last findings, then free */
} sim_checker;

extern const sim_checker sim_checker_convergence; /* C1: in the scopes that each client pulled */
extern const sim_checker
    sim_checker_durability; /* C22: no acknowledged local write lost by a crash */
extern const sim_checker sim_checker_queue_order;   /* C12 */
extern const sim_checker sim_checker_single_insert; /* C5: no duplicate insert */
extern const sim_checker
    sim_checker_pull_completeness; /* C14: a token that passes an unapplied row */
extern const sim_checker sim_checker_version_monotone; /* C16 */
extern const sim_checker sim_checker_stuck;            /* a wait that never ends */

/* All of them, in order; NULL past the end. */
const sim_checker *sim_checker_at(size_t index);

typedef struct sim_check sim_check; /* all checkers over one run */
/* Attaches every checker to the trace, which must end before sim_check_free: the trace goes on
 * calling. With an error *out may be set too, for the same reason. */
sy_rc sim_check_open(sy_alloc alloc, sim_trace *trace, sim_check **out, sy_err *err);
/* Ends them. Their findings live until sim_check_free. */
const sim_findings *sim_check_close(sim_check *check);
void sim_check_free(sim_check *check);

#endif

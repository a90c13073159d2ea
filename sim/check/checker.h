/* Checkers read the trace and report findings; they never print and never abort. One file for each.
 * To add one: define its constant, list it in checker.c, give it a known-bad history and a near
 * miss in tests/unit. */
#ifndef SIM_CHECK_CHECKER_H
#define SIM_CHECK_CHECKER_H

#include "sim/check/finding.h"

struct sim_lineage;
struct sim_ledger;

/* What a checker works with; its state begins with one. */
typedef struct sim_checking {
    sy_alloc alloc;
    const sim_trace *trace;
    struct sim_lineage *lineage; /* has read an event before the checkers do; read it, no more */
    sim_findings *findings;
} sim_checking;

typedef struct sim_checker {
    const char *name;                  /* "version_monotone" */
    const char *claim;                 /* one sentence: what must hold */
    const sy_event_kind *const *kinds; /* NULL-terminated: what it reads */
    size_t state_size;                 /* of what `self` points to: zeroed, a sim_checking first */
    void (*open)(void *self);          /* may be NULL */
    void (*read)(void *self, const sim_event *event);
    void (*close)(
        void *self); /* the run is over: last findings; frees what it holds; may be NULL */
} sim_checker;

/* Allocates and opens a checker's state. SY_NOMEM: *self is NULL. */
sy_rc sim_checker_open(const sim_checker *checker, const sim_checking *in, void **self);
/* Closes and frees it. */
void sim_checker_close(const sim_checker *checker, void *self);

extern const sim_checker sim_checker_convergence; /* C1: in the scopes that each client pulled */
extern const sim_checker
    sim_checker_durability; /* C22: no acknowledged local write lost by a crash */
extern const sim_checker sim_checker_queue_order;   /* C12 */
extern const sim_checker sim_checker_single_insert; /* C5: no duplicate insert */
extern const sim_checker
    sim_checker_pull_completeness; /* C14: a token that passes an unapplied row */
extern const sim_checker sim_checker_version_monotone;    /* C16 */
extern const sim_checker sim_checker_stuck;               /* a wait that never ends */
extern const sim_checker sim_checker_lost_update;         /* C3 */
extern const sim_checker sim_checker_resurrection;        /* C4 */
extern const sim_checker sim_checker_read_your_writes;    /* C6 */
extern const sim_checker sim_checker_monotonic_reads;     /* C7 */
extern const sim_checker sim_checker_conditional_write;   /* C17 */
extern const sim_checker sim_checker_strong_convergence;  /* C2 */
extern const sim_checker sim_checker_token_monotone;      /* C15 */
extern const sim_checker sim_checker_push_liveness;       /* C18 */
extern const sim_checker sim_checker_queue_bound;         /* C19 */
extern const sim_checker sim_checker_quiescence;          /* C20 */
extern const sim_checker sim_checker_purge_safety;        /* C23 */
extern const sim_checker sim_checker_intention;           /* C25 */
extern const sim_checker sim_checker_monotonic_writes;    /* C8 */
extern const sim_checker sim_checker_writes_follow_reads; /* C9 */
extern const sim_checker sim_checker_causal_consistency;  /* C10 */
extern const sim_checker sim_checker_collapse;            /* C13 */
extern const sim_checker sim_checker_idempotence;         /* C21 */
extern const sim_checker sim_checker_invariant;           /* C24: the application's own */
extern const sim_checker sim_checker_clock_sanity;        /* C26 */

/* All of them, in order; NULL past the end. */
const sim_checker *sim_checker_at(size_t index);

typedef struct sim_check sim_check; /* all checkers over one run */
/* Attaches every checker to the trace, which must end before sim_check_free: the trace goes on
 * calling. With an error *out may be set too, for the same reason. */
sy_rc sim_check_open(sy_alloc alloc, sim_trace *trace, sim_check **out, sy_err *err);
/* Ends them. Their findings live until sim_check_free. */
const sim_findings *sim_check_close(sim_check *check);
/* What became of the edits so far. */
void sim_check_ledger(const sim_check *check, struct sim_ledger *out);
/* The lineage that the checkers read, for whoever attaches to the trace behind them. */
struct sim_lineage *sim_check_lineage(sim_check *check);
void sim_check_free(sim_check *check);

#endif

/* The shrinker: a shorter list of smaller choices that fails in the same way. It works on the list,
 * never on the program, and knows nothing of what a choice means: 0 is always the lesser, "it does
 * not happen".
 *
 *   streams of whole hosts, then of purposes | then all choices about one thing | then single ones
 * (by halves, quarters... of the list) | then values, downwards | again, until nothing gets smaller
 *
 * Deterministic: the same case, budget and program give the same list. */
#ifndef SIM_EXPLORE_SHRINK_H
#define SIM_EXPLORE_SHRINK_H

#include "sim/explore/signature.h"

/* A case that can be run again and again. `choices` NULL: as its seed draws it. `record` gets the
 * choices that the run made. The caller ends `out` with sim_result_deinit. */
typedef struct sim_case_ops {
    sy_rc (*run)(void *self, const sim_choice_list *choices, sim_choice_list *record,
                 sim_result *out, sy_err *err);
} sim_case_ops;

typedef struct sim_case {
    const sim_case_ops *ops;
    void *self;
} sim_case;

typedef struct sim_shrink_progress {
    uint64_t runs, run_max;
    size_t choices; /* of the best list so far */
} sim_shrink_progress;

typedef struct sim_shrink_options {
    uint64_t run_max; /* 0: 2,000 */
    /* After each run that made the list smaller, and now and then. false: stop, keep the best. */
    bool (*progress)(void *self, const sim_shrink_progress *progress);
    void *self;
} sim_shrink_options;

typedef struct sim_shrunk {
    sim_choice_list list; /* the best list */
    sim_signature signature;
    uint64_t runs;
    size_t choices_before;
    uint64_t events_before, events; /* of the trace */
    bool complete;                  /* nothing can be dropped or lowered any more */
} sim_shrunk;

void sim_shrunk_deinit(sim_shrunk *shrunk);

/* `signature` NULL: whatever the case shows when it is run as it is. `start` NULL: the choices of
 * that run. SY_NOT_FOUND: it does not fail in that way. */
sy_rc sim_shrink(const sim_case *subject, const sim_choice_list *start,
                 const sim_signature *signature, const sim_shrink_options *options, sy_alloc alloc,
                 sim_shrunk *out, sy_err *err);

#endif

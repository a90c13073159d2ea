/* Search that is guided by coverage, for what is too big to be enumerated: a list of choices whose
 * run went through a shape of behaviour that none before it had is kept, and the lists to come are
 * changes of those that were kept. Deterministic. */
#ifndef SIM_EXPLORE_GUIDED_H
#define SIM_EXPLORE_GUIDED_H

#include "sim/explore/coverage.h"
#include "sim/explore/explore.h"

typedef struct sim_guided {
    uint64_t runs, failed;
    size_t kept;       /* lists that showed something new */
    size_t shapes;     /* of all runs */
    uint64_t last_new; /* the run that was the last to show something new, from 1 */
    size_t longest;    /* choices of the longest list that was run */
    bool stopped;      /* by whoever watches */
} sim_guided;

typedef struct sim_guided_options {
    const char *const *labels; /* only these; NULL-terminated; NULL: all */
    uint64_t run_max;          /* 0: 1,000 */
    uint64_t seed;             /* of the changes */
    sim_coverage *coverage;    /* reads every run of the case */
    /* A run ended; `choices` are those that it was given. false: stop, and it does not count. */
    bool (*ended)(void *self, const sim_choice_list *choices, const sim_result *result);
    void *self;
} sim_guided_options;

/* `subject` as that of sim_explore. */
sy_rc sim_guided_search(const sim_case *subject, const sim_guided_options *options, sy_alloc alloc,
                        sim_guided *out, sy_err *err);

#endif

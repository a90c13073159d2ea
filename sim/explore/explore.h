/* Bounded exhaustive search: the workload of one seed under every combination of at most K choices
 * of weather that are not calm. What a run could have chosen is what it drew: so a fault that only
 * a retry meets is found by exploring from the fault that caused the retry.
 *
 * Values: 1 for a fault that happens or not; a label's representatives where its range is wide,
 * else all up to four, else the least and the largest. */
#ifndef SIM_EXPLORE_EXPLORE_H
#define SIM_EXPLORE_EXPLORE_H

#include "sim/explore/shrink.h"
#include "sim/explore/states.h"

#define SIM_EXPLORE_DEPTH_MAX 8
#define SIM_EXPLORE_LABEL_MAX 64

typedef struct sim_explored_label {
    char name[64];
    uint64_t offered; /* draws of it, over all runs */
    uint64_t values;  /* choices of it that were tried */
    bool left_out;
} sim_explored_label;

typedef struct sim_explored {
    uint64_t
        runs[SIM_EXPLORE_DEPTH_MAX + 1]; /* by the number of choices; complete when not stopped */
    uint64_t failed[SIM_EXPLORE_DEPTH_MAX + 1];
    uint64_t
        pruned[SIM_EXPLORE_DEPTH_MAX + 1]; /* of `runs`: cut short in a state of an earlier one */
    uint64_t again;                        /* runs made once more, to learn what they offer */
    uint64_t not_extended;                 /* combinations that failed already */
    uint64_t values_left_out;              /* values of draws that were not tried */
    bool stopped;                          /* at the limit of runs, or by whoever watches */
    uint32_t depth;                        /* the greatest that was begun */
    bool exhausted; /* nothing is left to choose: more choices make no other runs */
    sim_explored_label labels[SIM_EXPLORE_LABEL_MAX];
    uint32_t label_count;
} sim_explored;

typedef struct sim_explore_options {
    uint32_t depth;            /* K, at most SIM_EXPLORE_DEPTH_MAX */
    const char *const *labels; /* only these; NULL-terminated; NULL: all */
    uint64_t run_max;          /* 0: 100,000 */
    sim_states *states;        /* watches the runs of the case, to cut them short; NULL: nobody */
    /* A run ended; `choices` are those that it was given. false: stop, and it does not count. */
    bool (*ended)(void *self, const sim_choice_list *choices, const sim_result *result);
    void *self;
} sim_explore_options;

#define SIM_EXPLORE_VALUE_COUNT_MAX 16

/* The values other than 0 that are tried of a draw; how many. */
size_t sim_explore_values(const sim_chosen *offer, uint64_t values[SIM_EXPLORE_VALUE_COUNT_MAX]);
/* `labels` as in the options. */
bool sim_explore_wanted(const char *const *labels, const char *name);

/* `subject` runs calm, gives offers in its record, and takes choices beside what it draws. */
sy_rc sim_explore(const sim_case *subject, const sim_explore_options *options, sy_alloc alloc,
                  sim_explored *out, sy_err *err);

#endif

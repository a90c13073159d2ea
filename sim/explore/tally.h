/* The sum of many runs: counts by scenario, and findings grouped by signature, each with the seeds
 * that show it best. Adding is free of order: the same set of runs gives the same tally. */
#ifndef SIM_EXPLORE_TALLY_H
#define SIM_EXPLORE_TALLY_H

#include "core/base/map.h"
#include "sim/explore/outcome_line.h"

typedef struct sim_tally_group { /* runs of one scenario with one signature */
    const char *key;
    sim_subject subject; /* of the run with the fewest events */
    sim_signature signature;
    sim_verdict verdict;
    uint64_t runs;
    uint64_t seed_first;                 /* the least */
    uint64_t seed_fewest, events_fewest; /* the run with the fewest events */
    uint64_t seed_soonest;               /* the run of the least virtual time */
    sy_time virtual_ns;
} sim_tally_group;

typedef struct sim_tally_demands { /* of the runs of one scenario */
    const char *scenario;
    sim_demands demands;
    uint64_t runs;
} sim_tally_demands;

typedef struct sim_tally {
    sy_arena arena;
    sy_map groups; /* key -> group */
    sy_map shapes;
    sy_map demands; /* scenario -> sim_tally_demands */
    uint64_t runs, failed, died;
    uint64_t counted; /* runs whose faults were */
    sim_fault_table faults;
    sim_counts counts;
} sim_tally;

void sim_tally_init(sim_tally *tally, sy_alloc alloc);
void sim_tally_deinit(sim_tally *tally);
/* SY_NOMEM leaves it incomplete. */
sy_rc sim_tally_add(sim_tally *tally, const sim_outcome_line *line);
/* What was demanded happened in some run of its scenario. */
bool sim_tally_covers(const sim_tally *tally);
/* The groups in a fixed order: by scenario, then by signature. `out` has room for all. */
void sim_tally_sorted(const sim_tally *tally, const sim_tally_group **out);
/* For people: counts, shapes, faults when they were counted, what never happened, a paragraph for
 * each group. `again` (may be NULL) appends the command that shows a group's best run. */
void sim_tally_print(const sim_tally *tally,
                     void (*again)(void *self, const sim_tally_group *group, sy_buf *out),
                     void *self, sy_buf *out);

#endif

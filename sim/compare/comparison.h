/* Policies held against each other over worlds, networks and seeds: what each run came to.
 *
 * A group is a world under a network. Its runs are of the same seeds for every policy: a seed with
 * the same users and the same outages, whoever decides conflicts. */
#ifndef SIM_COMPARE_COMPARISON_H
#define SIM_COMPARE_COMPARISON_H

#include "sim/compare/statistics.h"
#include "sim/measure/metric.h"
#include "sim/measure/pairing.h"

typedef struct sim_compared_run {
    bool done;
    bool passed;
    uint64_t digest; /* of its trace */
    sim_metric_value values[SIM_METRIC_COUNT];
    sim_paired pair;
} sim_compared_run;

typedef struct sim_compared_group {
    sim_compared_run *runs; /* [policy * seed_count + seed]; NULL: none yet */
    uint32_t count;         /* seeds that every policy has done, from the first on */
} sim_compared_group;

typedef struct sim_comparison_plan { /* borrowed */
    const char *const *worlds;       /* files */
    const char *const *networks;
    const char *const *policies;
    uint32_t world_count, network_count, policy_count;
    uint64_t seed_first;
    uint32_t seed_count; /* at most */
    sim_metric metrics[SIM_METRIC_COUNT];
    uint32_t metric_count; /* that are shown; the first one says when it is enough */
} sim_comparison_plan;

typedef struct sim_comparison {
    sy_alloc alloc;
    sim_comparison_plan plan;
    sim_compared_group *groups; /* [world * network_count + network] */
    uint32_t group_count;
} sim_comparison;

/* SY_NOMEM. To be ended with deinit whatever comes back. */
sy_rc sim_comparison_init(sim_comparison *comparison, sy_alloc alloc,
                          const sim_comparison_plan *plan, sy_err *err);
void sim_comparison_deinit(sim_comparison *comparison);
/* Takes what a run came to; its outages are copied. SY_NOMEM. */
sy_rc sim_comparison_take(sim_comparison *comparison, uint32_t group, uint32_t policy,
                          uint32_t seed, const sim_compared_run *run, sy_err *err);
const sim_compared_run *sim_comparison_run(const sim_comparison *comparison, uint32_t group,
                                           uint32_t policy, uint32_t seed);
/* What the first `count` seeds add to a metric. */
void sim_comparison_parts(const sim_comparison *comparison, uint32_t group, uint32_t policy,
                          sim_metric metric, sim_part *parts);
/* Of all traces of a policy in a group: comparisons with the same one have the same runs. */
uint64_t sim_comparison_digest(const sim_comparison *comparison, uint32_t group, uint32_t policy);
/* "notes" for scenarios/workloads/notes.lua. */
sy_str sim_comparison_world_name(const char *path);

typedef struct sim_pairs {
    uint64_t same, different; /* runs, held against that of the first policy */
    uint64_t failed;          /* runs that did not pass */
    uint64_t runs;
} sim_pairs;

sim_pairs sim_comparison_pairs(const sim_comparison *comparison);

/* -- judgement.c -- */

typedef struct sim_judged { /* a policy in a group, by one metric */
    sim_estimate estimate;
    sim_interval interval; /* 95 % */
    bool best;
    bool equal;        /* it can't be told from the best one */
    double difference; /* from the first policy, seed by seed */
    sim_interval difference_interval;
    double gain; /* by how much pairing divides the variance of that difference; 0: unknown */
} sim_judged;

/* For every group and policy: out[group * policy_count + policy]. SY_NOMEM. */
sy_rc sim_judge(const sim_comparison *comparison, sim_metric metric, sim_judged *out, sy_err *err);
/* Half of each interval of the group is at most 5 % of its value, or 0.5 in 1,000 edits. */
bool sim_group_is_narrow(const sim_comparison *comparison, uint32_t group, bool *out_of_memory);

/* -- front.c -- */

#define SIM_FRONT_METRIC_COUNT 5
extern const sim_metric sim_front_metrics[SIM_FRONT_METRIC_COUNT]; /* lower is better */
/* For each policy: no other one of the group beats it. SY_NOMEM. */
sy_rc sim_front(const sim_comparison *comparison, uint32_t group, bool *out, sy_err *err);

/* -- what people read: comparison_text.c, comparison_files.c -- */

/* Tables of at most 96 columns, a block for each metric and world. SY_NOMEM. */
sy_rc sim_comparison_to_text(const sim_comparison *comparison, sy_buf *out, sy_err *err);
/* A line for each world, network, policy and metric. */
sy_rc sim_comparison_to_csv(const sim_comparison *comparison, sy_buf *out, sy_err *err);
/* The same as one document, with each seed's value of the metrics that are shown: what --gate
 * reads. */
sy_rc sim_comparison_to_json(const sim_comparison *comparison, sy_buf *out, sy_err *err);

#endif

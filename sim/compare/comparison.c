#include "sim/compare/comparison.h"

#include "core/base/check.h"
#include "core/base/hash.h"

#include <string.h>

sy_rc sim_comparison_init(sim_comparison *comparison, sy_alloc alloc,
                          const sim_comparison_plan *plan, sy_err *err)
{
    *comparison = (sim_comparison){
        .alloc = alloc, .plan = *plan, .group_count = plan->world_count * plan->network_count};
    comparison->groups =
        sy_alloc_zeroed(alloc, comparison->group_count * sizeof *comparison->groups);
    return comparison->groups != NULL ? SY_OK : sy_fail_nomem(err);
}

static size_t run_count(const sim_comparison *comparison)
{
    return (size_t)comparison->plan.policy_count * comparison->plan.seed_count;
}

void sim_comparison_deinit(sim_comparison *comparison)
{
    const size_t count = run_count(comparison);
    for (uint32_t i = 0; comparison->groups != NULL && i < comparison->group_count; i++) {
        sim_compared_run *runs = comparison->groups[i].runs;
        for (size_t k = 0; runs != NULL && k < count; k++) {
            sy_alloc_free(comparison->alloc, runs[k].pair.outages,
                          runs[k].pair.outage_count * sizeof *runs[k].pair.outages);
        }
        if (runs != NULL) {
            sy_alloc_free(comparison->alloc, runs, count * sizeof *runs);
        }
    }
    if (comparison->groups != NULL) {
        sy_alloc_free(comparison->alloc, comparison->groups,
                      comparison->group_count * sizeof *comparison->groups);
    }
    *comparison = (sim_comparison){.group_count = 0};
}

static bool is_complete(const sim_comparison *comparison, const sim_compared_group *group,
                        uint32_t seed)
{
    for (uint32_t policy = 0; policy < comparison->plan.policy_count; policy++) {
        if (!group->runs[policy * comparison->plan.seed_count + seed].done) {
            return false;
        }
    }
    return true;
}

sy_rc sim_comparison_take(sim_comparison *comparison, uint32_t group, uint32_t policy,
                          uint32_t seed, const sim_compared_run *run, sy_err *err)
{
    sim_compared_group *to = &comparison->groups[group];
    const uint32_t seeds = comparison->plan.seed_count;
    SY_ASSERT(policy < comparison->plan.policy_count && seed < seeds);
    if (to->runs == NULL) {
        to->runs = sy_alloc_zeroed(comparison->alloc, run_count(comparison) * sizeof *to->runs);
    }
    const size_t size = run->pair.outage_count * sizeof *run->pair.outages;
    uint64_t *outages = size > 0 ? sy_alloc_get(comparison->alloc, size) : NULL;
    if (to->runs == NULL || (size > 0 && outages == NULL)) {
        return sy_fail_nomem(err);
    }
    if (size > 0) {
        memcpy(outages, run->pair.outages, size);
    }
    sim_compared_run *place = &to->runs[policy * seeds + seed];
    SY_ASSERT(!place->done);
    *place = *run;
    place->pair.outages = outages;
    place->done = true;
    while (to->count < seeds && is_complete(comparison, to, to->count)) {
        to->count++;
    }
    return SY_OK;
}

const sim_compared_run *sim_comparison_run(const sim_comparison *comparison, uint32_t group,
                                           uint32_t policy, uint32_t seed)
{
    return &comparison->groups[group].runs[policy * comparison->plan.seed_count + seed];
}

void sim_comparison_parts(const sim_comparison *comparison, uint32_t group, uint32_t policy,
                          sim_metric metric, sim_part *parts)
{
    const double scale = (double)sim_metric_of(metric)->scale;
    for (uint32_t seed = 0; seed < comparison->groups[group].count; seed++) {
        const sim_metric_value value =
            sim_comparison_run(comparison, group, policy, seed)->values[metric];
        const double x = scale * (double)value.numerator;
        const double y = (double)value.denominator;
        parts[seed] = value.denominator != 0 && sim_metric_is_index(metric)
                          ? (sim_part){x / y, 1.0}
                          : (sim_part){value.denominator != 0 ? x : 0.0, y};
    }
}

uint64_t sim_comparison_digest(const sim_comparison *comparison, uint32_t group, uint32_t policy)
{
    uint64_t digest = 1;
    for (uint32_t seed = 0; seed < comparison->groups[group].count; seed++) {
        digest = sy_hash_mix(digest, sim_comparison_run(comparison, group, policy, seed)->digest);
    }
    return digest;
}

sy_str sim_comparison_world_name(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name != NULL ? name + 1 : path;
    const char *dot = strrchr(name, '.');
    return (sy_str){name, dot != NULL ? (size_t)(dot - name) : strlen(name)};
}

sim_pairs sim_comparison_pairs(const sim_comparison *comparison)
{
    sim_pairs pairs = {0};
    for (uint32_t group = 0; group < comparison->group_count; group++) {
        for (uint32_t seed = 0; seed < comparison->groups[group].count; seed++) {
            const sim_compared_run *first = sim_comparison_run(comparison, group, 0, seed);
            for (uint32_t policy = 0; policy < comparison->plan.policy_count; policy++) {
                const sim_compared_run *run = sim_comparison_run(comparison, group, policy, seed);
                pairs.runs++;
                pairs.failed += !run->passed;
                if (policy > 0) {
                    const bool same = sim_paired_same(&first->pair, &run->pair);
                    pairs.same += same;
                    pairs.different += !same;
                }
            }
        }
    }
    return pairs;
}

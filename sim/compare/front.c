/* The front of Pareto (policies.md 3): the policies of a group that no other one beats. One beats
 * another when it is better in one of the criteria and worse in none, where the 95 % interval of
 * the paired difference says so; what can't be told apart counts as equal. */
#include "sim/compare/comparison.h"

const sim_metric sim_front_metrics[SIM_FRONT_METRIC_COUNT] = {
    SIM_METRIC_LU, SIM_METRIC_REJ, SIM_METRIC_MAN, SIM_METRIC_CONV_MEAN, SIM_METRIC_BYTES_UP};

typedef struct fronting {
    const sim_comparison *of;
    uint32_t group, count;
    sim_part *parts;
    double *residuals; /* [(metric * policy_count + policy) * count] */
    double *values;    /* [metric * policy_count + policy] */
    bool *has;         /* likewise: there is a value */
} fronting;

static size_t at(const fronting *self, uint32_t metric, uint32_t policy)
{
    return (size_t)metric * self->of->plan.policy_count + policy;
}

static void estimate(fronting *self, uint32_t metric, uint32_t policy)
{
    const size_t place = at(self, metric, policy);
    sim_comparison_parts(self->of, self->group, policy, sim_front_metrics[metric], self->parts);
    const sim_estimate of =
        sim_ratio(self->parts, self->count, &self->residuals[place * self->count]);
    self->values[place] = of.value;
    self->has[place] = of.count > 0;
}

/* -1: a is better, 1: worse, 0: nobody can tell. Of all these metrics lower is better. */
static int compare(const fronting *self, uint32_t metric, uint32_t a, uint32_t b)
{
    const size_t i = at(self, metric, a);
    const size_t k = at(self, metric, b);
    double gain = 0.0;
    const sim_estimate difference = {.value = self->values[i] - self->values[k],
                                     .error = sim_paired_error(&self->residuals[i * self->count],
                                                               &self->residuals[k * self->count],
                                                               self->count, &gain)};
    const sim_interval interval = sim_student_interval(&difference, self->count);
    if (!self->has[i] || !self->has[k]) {
        return 0;
    }
    return interval.high < 0.0 ? -1 : interval.low > 0.0 ? 1 : 0;
}

static bool beats(const fronting *self, uint32_t a, uint32_t b)
{
    bool better = false;
    for (uint32_t metric = 0; metric < SIM_FRONT_METRIC_COUNT; metric++) {
        const int order = compare(self, metric, a, b);
        if (order > 0) {
            return false;
        }
        better = better || order < 0;
    }
    return better;
}

sy_rc sim_front(const sim_comparison *comparison, uint32_t group, bool *out, sy_err *err)
{
    const uint32_t policies = comparison->plan.policy_count;
    const uint32_t count = comparison->groups[group].count;
    const size_t cells = (size_t)SIM_FRONT_METRIC_COUNT * policies;
    sy_arena arena;
    sy_arena_init(&arena, comparison->alloc);
    fronting self = {.of = comparison,
                     .group = group,
                     .count = count,
                     .parts = sy_arena_push(&arena, count * sizeof(sim_part)),
                     .residuals = sy_arena_push(&arena, cells * count * sizeof(double)),
                     .values = sy_arena_push(&arena, cells * sizeof(double)),
                     .has = sy_arena_push(&arena, cells * sizeof(bool))};
    if (self.parts == NULL || self.residuals == NULL || self.values == NULL || self.has == NULL) {
        sy_arena_deinit(&arena);
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < cells; i++) {
        estimate(&self, i / policies, i % policies);
    }
    for (uint32_t i = 0; i < policies; i++) {
        out[i] = count > 0;
        for (uint32_t k = 0; k < policies; k++) {
            out[i] = out[i] && !beats(&self, k, i);
        }
    }
    sy_arena_deinit(&arena);
    return SY_OK;
}

/* Which policy is best in a group, and which can't be told from it. */
#include "sim/compare/comparison.h"

#include <string.h>

#define RARE_HIT_COUNT  10u /* fewer seeds with an event: Student's interval is of no use */
#define NARROW_PART     0.05
#define NARROW_PER_EDIT 0.5 /* in 1,000 edits */
#define CERTAIN         1e9 /* a difference that is the same for every seed */

typedef struct judging {
    const sim_comparison *of;
    sim_metric metric;
    sim_part *parts;
    double *residuals; /* [policy * seed_count + seed] of the group at hand */
    sim_judged *out;
    double *t; /* the tests, one for each policy but the best of each group */
    uint64_t *degrees;
    uint32_t *tested; /* the place in `out` of each */
    size_t test_count;
} judging;

static bool per_edits(sim_metric metric)
{
    return sim_metric_of(metric)->scale == 1000;
}

/* Of the share of seeds in which it happened at all, times how often it does where it does; where
 * it never did: as if once. */
static sim_interval rare_interval(const sim_part *parts, uint32_t count, uint32_t hits,
                                  const sim_estimate *estimate, double scale)
{
    double y = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        y += parts[i].y;
    }
    const double n = (double)count;
    const double factor = hits > 0 ? estimate->value * n / (double)hits : scale * n / y;
    const sim_interval share = sim_wilson(hits, count);
    return (sim_interval){factor * share.low, factor * share.high};
}

static sim_interval interval_of(sim_metric metric, const sim_part *parts, uint32_t count,
                                const sim_estimate *estimate)
{
    uint32_t hits = 0;
    for (uint32_t i = 0; i < count; i++) {
        hits += parts[i].x > 0.0;
    }
    return per_edits(metric) && hits < RARE_HIT_COUNT && estimate->count > 0
               ? rare_interval(parts, count, hits, estimate, (double)sim_metric_of(metric)->scale)
               : sim_student_interval(estimate, count);
}

static void judge_policies(judging *self, uint32_t group)
{
    const sim_comparison *of = self->of;
    const uint32_t count = of->groups[group].count;
    const uint32_t policies = of->plan.policy_count;
    sim_judged *out = &self->out[(size_t)group * policies];
    for (uint32_t i = 0; i < policies; i++) {
        double *own = &self->residuals[(size_t)i * of->plan.seed_count];
        sim_comparison_parts(of, group, i, self->metric, self->parts);
        out[i] = (sim_judged){.estimate = sim_ratio(self->parts, count, own)};
        out[i].interval = interval_of(self->metric, self->parts, count, &out[i].estimate);
        const sim_estimate difference = {
            .value = out[i].estimate.value - out[0].estimate.value,
            .error = sim_paired_error(own, self->residuals, count, &out[i].gain)};
        out[i].difference = difference.value;
        out[i].difference_interval = sim_student_interval(&difference, count);
    }
}

static bool is_better(sim_metric metric, const sim_judged *a, const sim_judged *b)
{
    return sim_metric_of(metric)->better == SIM_LOWER_IS_BETTER
               ? a->estimate.value < b->estimate.value
               : a->estimate.value > b->estimate.value;
}

/* policy_count: none has a value. */
static uint32_t best_of(const judging *self, const sim_judged *cells)
{
    const uint32_t policies = self->of->plan.policy_count;
    uint32_t best = policies;
    for (uint32_t i = 0; i < policies; i++) {
        if (cells[i].estimate.count > 0 &&
            (best == policies || is_better(self->metric, &cells[i], &cells[best]))) {
            best = i;
        }
    }
    return best;
}

static void test_against_best(judging *self, uint32_t group)
{
    const uint32_t policies = self->of->plan.policy_count;
    const uint32_t count = self->of->groups[group].count;
    sim_judged *cells = &self->out[(size_t)group * policies];
    const uint32_t best = best_of(self, cells);
    for (uint32_t i = 0; best < policies && i < policies; i++) {
        cells[i].best = i == best;
        if (i == best || cells[i].estimate.count == 0) {
            continue;
        }
        double gain = 0.0;
        const double error = sim_paired_error(
            &self->residuals[(size_t)i * self->of->plan.seed_count],
            &self->residuals[(size_t)best * self->of->plan.seed_count], count, &gain);
        const double difference = cells[i].estimate.value - cells[best].estimate.value;
        const bool differs = difference < 0.0 || difference > 0.0;
        self->t[self->test_count] = error > 0.0 ? difference / error : differs ? CERTAIN : 0.0;
        self->degrees[self->test_count] = count > 0 ? count - 1 : 0;
        self->tested[self->test_count++] = group * policies + i;
    }
}

static sy_rc correct(judging *self)
{
    bool *rejected = sy_alloc_zeroed(self->of->alloc, self->test_count * sizeof *rejected);
    const bool good =
        rejected != NULL && sim_holm(self->t, self->degrees, self->test_count, rejected);
    for (size_t i = 0; good && i < self->test_count; i++) {
        self->out[self->tested[i]].equal = !rejected[i];
    }
    sy_alloc_free(self->of->alloc, rejected, self->test_count * sizeof *rejected);
    return good ? SY_OK : SY_NOMEM;
}

static bool prepare(judging *self, sy_arena *arena)
{
    const sim_comparison_plan *plan = &self->of->plan;
    const size_t cells = (size_t)self->of->group_count * plan->policy_count;
    self->parts = sy_arena_push(arena, plan->seed_count * sizeof *self->parts);
    self->residuals = sy_arena_push(arena, (size_t)plan->policy_count * plan->seed_count *
                                               sizeof *self->residuals);
    self->t = sy_arena_push(arena, cells * sizeof *self->t);
    self->degrees = sy_arena_push(arena, cells * sizeof *self->degrees);
    self->tested = sy_arena_push(arena, cells * sizeof *self->tested);
    return self->parts != NULL && self->residuals != NULL && self->t != NULL &&
           self->degrees != NULL && self->tested != NULL;
}

sy_rc sim_judge(const sim_comparison *comparison, sim_metric metric, sim_judged *out, sy_err *err)
{
    sy_arena arena;
    sy_arena_init(&arena, comparison->alloc);
    judging self = {.of = comparison, .metric = metric, .out = out};
    sy_rc rc = prepare(&self, &arena) ? SY_OK : SY_NOMEM;
    memset(out, 0, (size_t)comparison->group_count * comparison->plan.policy_count * sizeof *out);
    for (uint32_t group = 0; rc == SY_OK && group < comparison->group_count; group++) {
        if (comparison->groups[group].count > 0) {
            judge_policies(&self, group);
            test_against_best(&self, group);
        }
    }
    rc = rc == SY_OK && self.test_count > 0 ? correct(&self) : rc;
    sy_arena_deinit(&arena);
    return rc == SY_OK ? SY_OK : sy_fail_nomem(err);
}

bool sim_group_is_narrow(const sim_comparison *comparison, uint32_t group, bool *out_of_memory)
{
    const sim_metric metric = comparison->plan.metrics[0];
    const uint32_t count = comparison->groups[group].count;
    sim_part *parts = sy_alloc_get(comparison->alloc, (count + 1) * sizeof *parts);
    *out_of_memory = parts == NULL;
    bool narrow = parts != NULL;
    for (uint32_t i = 0; narrow && i < comparison->plan.policy_count; i++) {
        sim_comparison_parts(comparison, group, i, metric, parts);
        const sim_estimate estimate = sim_ratio(parts, count, NULL);
        const sim_interval interval = interval_of(metric, parts, count, &estimate);
        const double half = (interval.high - interval.low) / 2.0;
        const double part = NARROW_PART * estimate.value;
        narrow = half <= part || (per_edits(metric) && half <= NARROW_PER_EDIT);
    }
    if (parts != NULL) {
        sy_alloc_free(comparison->alloc, parts, (count + 1) * sizeof *parts);
    }
    return narrow;
}

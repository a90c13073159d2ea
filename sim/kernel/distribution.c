/* With u = (2 * chosen + 1) / 2^33 the logarithm of u and of 1 - u is exact to 2^-29, and every
 * distribution here is a function of one of them. */
#include "sim/kernel/distribution.h"

#include "core/base/check.h"
#include "sim/kernel/fixed.h"

#define HALVES      (INT64_C(33) << 32) /* log2 of 2^33 */
#define INVERSE_LN2 INT64_C(6196328019) /* q32 */

const uint64_t sim_draw_representatives[SIM_DRAW_REPRESENTATIVE_COUNT] = {
    0, SIM_DRAW_BOUND / 10, SIM_DRAW_BOUND / 2, SIM_DRAW_BOUND / 10 * 9, SIM_DRAW_BOUND - 1};

/* How often the whole must be halved to come to what is left above the quantile. */
static int64_t halvings_above(uint64_t chosen)
{
    return HALVES - sim_fixed_log2(2 * (SIM_DRAW_BOUND - 1 - chosen) + 1);
}

static int64_t halvings_below(uint64_t chosen)
{
    return HALVES - sim_fixed_log2(2 * chosen + 1);
}

/* In deviations, q32. */
static int64_t normal(uint64_t chosen)
{
    return chosen < SIM_DRAW_BOUND / 2 ? -sim_fixed_normal_tail(halvings_below(chosen))
                                       : sim_fixed_normal_tail(halvings_above(chosen));
}

/* value * factor, of any sign. */
static int64_t scale_signed(int64_t value, int64_t factor_q32)
{
    return factor_q32 < 0 ? -sim_fixed_scale(value, -factor_q32)
                          : sim_fixed_scale(value, factor_q32);
}

static int64_t lognormal(const sim_distribution *d, uint64_t chosen)
{
    /* e^(sigma z) = 2^(sigma z / ln 2) */
    const int64_t power = normal(chosen) * d->shape / 1000;
    return sim_fixed_scale(d->scale, sim_fixed_exp2(scale_signed(INVERSE_LN2, power)));
}

/* mean = median * e^(sigma^2 / 2) */
int64_t sim_distribution_median_of_mean(int64_t mean, int64_t shape)
{
    const int64_t half_square = shape * shape * SIM_FIXED_ONE / 2 / 1000000;
    return sim_fixed_scale(mean, sim_fixed_exp2(-sim_fixed_scale(half_square, INVERSE_LN2)));
}

static int64_t mixture(const sim_distribution *d, uint64_t chosen)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        sum += d->parts[i].weight;
    }
    /* The part whose share of the draw it is, and how far into that share. */
    uint64_t before = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        const uint64_t from = SIM_DRAW_BOUND * before / sum;
        before += d->parts[i].weight;
        const uint64_t to = SIM_DRAW_BOUND * before / sum;
        if (chosen < to) {
            const uint64_t width = to - from;
            const uint64_t into = (chosen - from) * SIM_DRAW_BOUND / width;
            return sim_distribution_quantile(&d->parts[i].of, into);
        }
    }
    SY_ASSERT(false);
    return 0;
}

static int64_t add(int64_t a, int64_t b)
{
    return b > INT64_MAX - a ? INT64_MAX : a + b;
}

static int64_t uncut(const sim_distribution *d, uint64_t chosen)
{
    switch (d->kind) {
    case SIM_CONSTANT:
        return d->scale;
    case SIM_UNIFORM:
        return add(d->scale, sim_fixed_scale(add(d->shape, 1), (int64_t)chosen));
    case SIM_EXPONENTIAL:
        return sim_fixed_scale(d->scale, sim_fixed_scale(halvings_above(chosen), SIM_FIXED_LN2));
    case SIM_LOGNORMAL:
        return lognormal(d, chosen);
    case SIM_NORMAL:
        return d->scale + scale_signed(d->shape, normal(chosen));
    case SIM_PARETO:
        return sim_fixed_scale(d->scale, sim_fixed_exp2(halvings_above(chosen) * 1000 / d->shape));
    case SIM_MIXTURE:
        return mixture(d, chosen);
    case SIM_RECORDED:
        return d->values[(chosen * d->count) >> 32];
    case SIM_DISTRIBUTION_COUNT:
        break;
    }
    SY_ASSERT(false);
    return 0;
}

int64_t sim_distribution_quantile(const sim_distribution *distribution, uint64_t chosen)
{
    SY_ASSERT(chosen < SIM_DRAW_BOUND);
    const int64_t value = uncut(distribution, chosen);
    return distribution->limit > 0 && value > distribution->limit ? distribution->limit : value;
}

int64_t sim_distribution_draw(const sim_distribution *distribution, const sim_stream *stream,
                              const sim_label *label, sim_key key)
{
    const bool draws = distribution->kind != SIM_CONSTANT;
    return sim_distribution_quantile(
        distribution, draws ? sim_choose_at(stream, label, &key, SIM_DRAW_BOUND) : 0);
}

static const char *fault_of_parts(const sim_distribution *d)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        const char *fault = d->parts[i].of.kind == SIM_MIXTURE
                                ? "a part of a mixture is no mixture itself"
                                : sim_distribution_fault(&d->parts[i].of);
        if (fault != NULL) {
            return fault;
        }
        sum += d->parts[i].weight;
    }
    return sum >= 1 && sum < SIM_DRAW_BOUND / 2 ? NULL
                                                : "the weights of a mixture add up to 1 at least";
}

static const char *fault_of_values(const sim_distribution *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        if (d->values[i] < (i == 0 ? 0 : d->values[i - 1])) {
            return "recorded values are in ascending order, from 0 on";
        }
    }
    return NULL;
}

const char *sim_distribution_fault(const sim_distribution *distribution)
{
    const sim_distribution *d = distribution;
    if (d->scale < 0 || d->shape < 0 || d->limit < 0) {
        return "a distribution has no negative parameters";
    }
    if (d->kind == SIM_LOGNORMAL && d->shape > 3000) {
        return "a lognormal distribution has a deviation of 3 at most";
    }
    if (d->kind == SIM_PARETO && d->shape < 1100) {
        return "a pareto distribution has an exponent of 1.1 at least";
    }
    if ((d->kind == SIM_MIXTURE || d->kind == SIM_RECORDED) && d->count == 0) {
        return "a mixture needs parts, a recording needs values";
    }
    return d->kind == SIM_MIXTURE    ? fault_of_parts(d)
           : d->kind == SIM_RECORDED ? fault_of_values(d)
                                     : NULL;
}

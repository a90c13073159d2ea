/* How values are spread: a latency, a gap between two edits, the length of an outage. A value is
 * the quantile of one draw, so that 0, the calm choice, gives the least of them. In integers only
 * (fixed.h): the same everywhere. */
#ifndef SIM_KERNEL_DISTRIBUTION_H
#define SIM_KERNEL_DISTRIBUTION_H

#include "sim/kernel/choice.h"

typedef enum sim_distribution_kind {
    SIM_CONSTANT,    /* scale */
    SIM_UNIFORM,     /* scale to scale + shape */
    SIM_EXPONENTIAL, /* mean scale */
    SIM_LOGNORMAL,   /* median scale; the logarithm's deviation is shape thousandths, to 3000 */
    SIM_NORMAL,      /* mean scale, deviation shape; may be negative */
    SIM_PARETO,      /* from scale on; the exponent is shape thousandths, from 1100 */
    SIM_MIXTURE,     /* one of `parts`, by their weights */
    SIM_RECORDED,    /* one of `values`, which are in ascending order */
    SIM_DISTRIBUTION_COUNT
} sim_distribution_kind;

/* Zeroed: always 0. Values are of the caller's unit, >= 0 but for a normal distribution, and no
 * more than INT64_MAX, at which they are cut. */
typedef struct sim_distribution {
    sim_distribution_kind kind;
    int64_t scale, shape;
    int64_t limit; /* greater values are cut to it; 0: none */
    const struct sim_distribution_part *parts;
    const int64_t *values;
    uint32_t count; /* of parts or values, >= 1 */
} sim_distribution;

typedef struct sim_distribution_part {
    uint32_t weight; /* the sum is >= 1 and < 2^31 */
    sim_distribution of;
} sim_distribution_part;

#define SIM_DRAW_BOUND (UINT64_C(1) << 32) /* of every draw */

/* Values worth trying instead of all, for a label: least, a tenth, median, nine tenths, most. */
#define SIM_DRAW_REPRESENTATIVE_COUNT 5
extern const uint64_t sim_draw_representatives[SIM_DRAW_REPRESENTATIVE_COUNT];

/* The value below which (chosen + 1/2) / 2^32 of all are; chosen < SIM_DRAW_BOUND. */
int64_t sim_distribution_quantile(const sim_distribution *distribution, uint64_t chosen);
/* Draws nothing where there is only one value. */
int64_t sim_distribution_draw(const sim_distribution *distribution, const sim_stream *stream,
                              const sim_label *label, sim_key key);
/* The median of a lognormal distribution with that mean; `shape` as above. */
int64_t sim_distribution_median_of_mean(int64_t mean, int64_t shape);
/* NULL, or what is wrong with it, for people: "a pareto distribution needs an exponent above 1". */
const char *sim_distribution_fault(const sim_distribution *distribution);

#endif

/* Numbers of which the mean, the quantiles and the largest are wanted. */
#ifndef SIM_MEASURE_SAMPLES_H
#define SIM_MEASURE_SAMPLES_H

#include "sim/measure/metric.h"

typedef struct sim_samples {
    sy_alloc alloc;
    int64_t *items;
    size_t count, capacity;
    int64_t sum;
    bool failed; /* no memory: some are missing */
} sim_samples;

void sim_samples_init(sim_samples *samples, sy_alloc alloc);
void sim_samples_deinit(sim_samples *samples);
void sim_samples_add(sim_samples *samples, int64_t value);
/* Before a quantile is asked for. */
void sim_samples_sort(sim_samples *samples);
/* The value that `per_mille` of them do not exceed, over `unit`; 1000: the largest. None when fewer
 * than three of them lie beyond it: the 99th percentile takes 300 samples (policies.md 3.1). */
sim_metric_value sim_samples_quantile(const sim_samples *samples, uint32_t per_mille, int64_t unit);
/* Their mean over `unit`. */
sim_metric_value sim_samples_mean(const sim_samples *samples, int64_t unit);

#endif

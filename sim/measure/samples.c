#include "sim/measure/samples.h"

#include <stdlib.h>

#define BEYOND_COUNT_MIN 3u

void sim_samples_init(sim_samples *samples, sy_alloc alloc)
{
    *samples = (sim_samples){.alloc = alloc};
}

void sim_samples_deinit(sim_samples *samples)
{
    if (samples->items != NULL) {
        sy_alloc_free(samples->alloc, samples->items, samples->capacity * sizeof *samples->items);
    }
    *samples = (sim_samples){.alloc = samples->alloc};
}

void sim_samples_add(sim_samples *samples, int64_t value)
{
    int64_t *items = sy_alloc_grow(samples->alloc, samples->items, samples->count,
                                   &samples->capacity, sizeof *items);
    if (items == NULL) {
        samples->failed = true;
        return;
    }
    samples->items = items;
    items[samples->count++] = value;
    samples->sum += value;
}

static int compare(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a;
    const int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Equal numbers can't be told apart: the order is total. */
void sim_samples_sort(sim_samples *samples)
{
    if (samples->count > 1) {
        qsort(samples->items, samples->count, sizeof *samples->items, compare);
    }
}

sim_metric_value sim_samples_quantile(const sim_samples *samples, uint32_t per_mille, int64_t unit)
{
    const bool few = samples->count * (1000 - per_mille) < BEYOND_COUNT_MIN * (uint64_t)1000;
    if (samples->count == 0 || (per_mille < 1000 && few)) {
        return (sim_metric_value){0, 0};
    }
    const size_t rank = (samples->count * per_mille + 999) / 1000;
    return (sim_metric_value){samples->items[rank > 0 ? rank - 1 : 0], unit};
}

sim_metric_value sim_samples_mean(const sim_samples *samples, int64_t unit)
{
    return (sim_metric_value){samples->sum, (int64_t)samples->count * unit};
}

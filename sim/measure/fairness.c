/* Who bears it: Jain's index (sum x)^2 / (n sum x^2) over devices, 1 when all fare alike; and the
 * losses of those that are connected least over those that are connected most. */
#include "sim/measure/measure_internal.h"

#define ONE 10000u /* shares are in so many parts; (100,000 of them)^2 fits */

typedef struct jain {
    uint64_t sum, squares, count;
} jain;

static void jain_add(jain *of, uint64_t x)
{
    of->sum += x;
    of->squares += x * x;
    of->count++;
}

static sim_metric_value jain_of(const jain *of)
{
    return of->squares == 0 || of->count < 2
               ? (sim_metric_value){0, 0}
               : (sim_metric_value){(int64_t)(of->sum * of->sum),
                                    (int64_t)(of->count * of->squares)};
}

static sim_metric_value win_index(const sim_measure *measure)
{
    jain of = {0};
    for (size_t i = 0; i < measure->devices.count; i++) {
        const sim_gauged_device *device = &sim_gauged_devices(measure)[i];
        if (device->edits > 0) {
            jain_add(&of, device->kept * ONE / device->edits);
        }
    }
    return jain_of(&of);
}

static uint64_t mean_delay(const sim_gauged_device *device)
{
    return (uint64_t)device->received_ns / device->received;
}

static sim_metric_value delay_index(const sim_measure *measure)
{
    uint64_t most = 0;
    for (size_t i = 0; i < measure->devices.count; i++) {
        const sim_gauged_device *device = &sim_gauged_devices(measure)[i];
        if (device->received > 0 && mean_delay(device) > most) {
            most = mean_delay(device);
        }
    }
    jain of = {0};
    for (size_t i = 0; i < measure->devices.count && most > 0; i++) {
        const sim_gauged_device *device = &sim_gauged_devices(measure)[i];
        if (device->received > 0) { /* by parts of the longest: the index does not see scale */
            jain_add(&of, mean_delay(device) / (most / ONE + 1));
        }
    }
    return jain_of(&of);
}

static bool is_before(const sim_measure *measure, size_t a, size_t b)
{
    const sy_time left = sim_gauged_devices(measure)[a].online_ns;
    const sy_time right = sim_gauged_devices(measure)[b].online_ns;
    return left != right ? left < right : a < b;
}

/* How many devices with edits are connected less than this one. */
static size_t rank_of(const sim_measure *measure, size_t device)
{
    size_t rank = 0;
    for (size_t i = 0; i < measure->devices.count; i++) {
        rank += sim_gauged_devices(measure)[i].edits > 0 && is_before(measure, i, device);
    }
    return rank;
}

#define RANKED_COUNT_MAX 2000u /* beyond that ranking each device would be slow */

static sim_metric_value loss_ratio(const sim_measure *measure)
{
    size_t count = 0;
    for (size_t i = 0; i < measure->devices.count; i++) {
        count += sim_gauged_devices(measure)[i].edits > 0;
    }
    if (count < 2 || count > RANKED_COUNT_MAX) {
        return (sim_metric_value){0, 0};
    }
    const size_t tenth = (count + 9) / 10;
    uint64_t worst[2] = {0, 0}; /* lost, edits */
    uint64_t best[2] = {0, 0};
    for (size_t i = 0; i < measure->devices.count; i++) {
        const sim_gauged_device *device = &sim_gauged_devices(measure)[i];
        const size_t rank = device->edits > 0 ? rank_of(measure, i) : count;
        uint64_t *to = rank < tenth ? worst : rank < count && rank >= count - tenth ? best : NULL;
        if (to != NULL) {
            to[0] += device->lost;
            to[1] += device->edits;
        }
    }
    return (sim_metric_value){(int64_t)(worst[0] * best[1]), (int64_t)(worst[1] * best[0])};
}

void sim_fairness(const sim_measure *measure, sim_metrics *out)
{
    out->values[SIM_METRIC_FAIR_WIN] = win_index(measure);
    out->values[SIM_METRIC_FAIR_CONV] = delay_index(measure);
    out->values[SIM_METRIC_LOSS_RATIO] = loss_ratio(measure);
}

/* V21: what a loss of power takes of a store that leaves its syncs to the operating system. */
#include "sim/theory/sampler.h"

#include <math.h>

#define INSERT_COUNT_MAX 4000 /* of one rig, whose rows are numbered */

/* A device whose SQLite store never syncs; what it wrote is durable when the system writes it back.
 */
static void leave_unsynced(void *self, uint32_t device, sim_device_config *config)
{
    const double *set = self;
    (void)device;
    config->store = SIM_STORE_SQLITE;
    config->synchronous = "OFF";
    config->power_loss = true;
    config->weather.disk.write_back_ns = sim_law_units(set[1]);
}

/* Room for the edits of one sample: many more than come. */
static uint32_t edits_max(const double *set)
{
    return 30 + (uint32_t)(10 * set[0] * set[1]);
}

static sy_rc sample_crashes(sim_law_run *run, sy_err *err)
{
    double set[2] = {run->set[0], run->set[1]};
    return sim_law_sample_rigs(
        run, &(sim_rig_options){.devices = 1, .configure = leave_unsynced, .self = set},
        INSERT_COUNT_MAX / edits_max(set), err);
}

static void lose_power(sim_rig *rig)
{
    sim_device *device = sim_simulation_device(sim_rig_simulation(rig), 0);
    sy_err err = {0};
    if (sim_device_lose_power(device, SIM_POWER_LOSS_ALL, &err) != SY_OK ||
        sim_client_host_start(sim_device_host(device), NULL, NULL, &err) != SY_OK) {
        sim_rig_fail(rig, err.text);
    }
    sim_rig_wait(rig, sim_rig_now(rig));
}

/* Edits come at rate lambda until the power goes, at a moment that has nothing to do with when the
 * system writes back, and more than one interval after the sample before. */
static void lose_edits(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    const sim_distribution gap = sim_law_exponential(1 / run->set[0]);
    const sy_time interval = sim_law_units(run->set[1]);
    const uint32_t room = edits_max(run->set);
    const sy_time begin = sim_rig_now(rig) + 2 * interval;
    const sy_time end =
        begin + interval +
        (sy_time)sim_rig_choose(rig, (uint64_t)interval, SIM_KEY(sample, UINT64_MAX));
    uint32_t edits = 0;
    for (sy_time at = begin + sim_rig_draw(rig, &gap, SIM_KEY(sample, edits));
         at < end && !sim_rig_failed(rig); at += sim_rig_draw(rig, &gap, SIM_KEY(sample, edits))) {
        sim_rig_wait(rig, at);
        sim_rig_insert(rig, 0, (uint32_t)sample * room + edits);
        if (++edits == room) {
            sim_rig_fail(rig, "more edits than a sample has room for");
        }
    }
    sim_rig_wait(rig, end);
    lose_power(rig);
    if (!sim_rig_failed(rig)) {
        sim_law_tally_add(&run->tally, (double)(edits - sim_rig_pending(rig, 0)), 1);
        (void)sim_rig_push(rig, 0);
    }
}

static double closed_lost(const double *set)
{
    return set[0] * set[1] / 2;
}

const sim_law sim_law_crashes[] = {
    {
        .form = "V21",
        .what = "edits that a loss of power takes, written back every f",
        .through = "client host store disk",
        .parameters = {{"lambda", 1, 0.01, 20}, {"f", 2, 0.01, 20}},
        .closed = closed_lost,
        .sample = sample_crashes,
        .once = lose_edits,
    },
    {0},
};

/* V15: links that come and go. One unit of time is an hour. */
#include <math.h>

#include "sim/theory/sampler.h"

#define CYCLES_BEFORE 20 /* until it has forgotten that it began online */

/* A link of a device of its own for each sample; its outages are those of the seed. */
static void make_intermittent(void *self, uint32_t device, sim_device_config *config)
{
    const double *set = self;
    (void)device;
    config->weather.net.outage_every_ns = sim_law_units(set[0]);
    config->weather.net.outage_lasting_ns = sim_law_units(set[1]);
}

static const sim_link *link_at(sim_rig *rig, sy_time at)
{
    sim_rig_wait(rig, at);
    return sim_device_link(sim_simulation_device(sim_rig_simulation(rig), 0));
}

static sy_rc sample_links(sim_law_run *run, sy_err *err)
{
    double set[2] = {run->set[0], run->set[1]};
    return sim_law_sample_rigs(
        run, &(sim_rig_options){.devices = 1, .configure = make_intermittent, .self = set}, 1, err);
}

/* Long after it began, at a moment that has nothing to do with it. */
static sy_time late_moment(const sim_law_run *run)
{
    return CYCLES_BEFORE * sim_law_units(run->set[0] + run->set[1]);
}

static void is_available(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    (void)sample;
    sim_law_tally_add(&run->tally, sim_link_is_up(link_at(rig, late_moment(run))), 1);
}

static void is_off_after(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    (void)sample;
    sim_law_tally_add(&run->tally, !sim_link_is_up(link_at(rig, sim_law_units(run->set[2]))), 1);
}

/* How long an outage that somebody comes upon goes on. */
static void residual(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    (void)sample;
    const sim_link *link = link_at(rig, late_moment(run));
    if (link->spells->outages.inside) {
        sim_law_tally_add(&run->tally,
                          sim_law_of_units(link->spells->outages.until - sim_rig_now(rig)), 1);
    }
}

static double closed_available(const double *set)
{
    return set[0] / (set[0] + set[1]);
}

static double closed_off_after(const double *set)
{
    const double fails = 1 / set[0];
    const double mends = 1 / set[1];
    return fails / (fails + mends) * (1 - exp(-(fails + mends) * set[2]));
}

/* E[off^2] / (2 E[off]) of an exponential length is its mean. */
static double closed_residual(const double *set)
{
    return set[1];
}

#define INTERMITTENT(on, off)                                                                      \
    {"on", on, 0.01, 100},                                                                         \
    {                                                                                              \
        "off", off, 0.01, 100                                                                      \
    }

const sim_law sim_law_links[] = {
    {
        .form = "V15",
        .what = "P(a link is up)",
        .through = "link",
        .parameters = {INTERMITTENT(2, 0.667)},
        .closed = closed_available,
        .sample = sample_links,
        .once = is_available,
    },
    {
        .form = "V15",
        .what = "P(down at t | up at 0)",
        .through = "link",
        .parameters = {INTERMITTENT(5, 2), {"t", 1, 0, 1000}},
        .closed = closed_off_after,
        .sample = sample_links,
        .once = is_off_after,
    },
    {
        .form = "V15",
        .what = "how long an outage goes on for who comes upon it",
        .through = "link",
        .parameters = {INTERMITTENT(2, 1)},
        .closed = closed_residual,
        .sample = sample_links,
        .once = residual,
        .weight = 0.3,
    },
    {0},
};

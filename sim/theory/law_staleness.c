/* V10, V11, V17, V19, V20: what readers see, and when. */
#include <math.h>

#include "sim/theory/sampler.h"

#define SAMPLES_PER_RIG 200
#define POLLER_MAX      200

/* -- V10: a cached read -- */

/* A row is updated now and then, pulled now and then, and read once, long after it began: how many
 * versions is what is read behind? */
static uint32_t versions_behind(sim_rig *rig, const sim_law_run *run, uint64_t sample,
                                bool periodic)
{
    const sim_distribution update = sim_law_exponential(1 / run->set[0]);
    const sim_distribution poll = sim_law_exponential(run->set[1]);
    const sy_time period = sim_law_units(run->set[1]);
    /* The last pull before the read; what was updated since then is not seen. */
    sim_rig_wait(rig, sim_rig_now(rig) + 10 * SIM_LAW_UNIT);
    sim_rig_serve(rig, 0);
    sim_rig_pull(rig, 0);
    const sy_time age = periodic
                            ? (sy_time)sim_rig_choose(rig, (uint64_t)period, SIM_KEY(sample, 0, 1))
                            : sim_rig_draw(rig, &poll, SIM_KEY(sample, 0, 1));
    const sy_time read_at = sim_rig_now(rig) + age;
    uint32_t behind = 0;
    sy_time at = sim_rig_now(rig);
    for (uint64_t i = 0; (at += sim_rig_draw(rig, &update, SIM_KEY(sample, i, 2))) < read_at; i++) {
        sim_rig_wait(rig, at);
        sim_rig_serve(rig, 0);
        behind++;
    }
    sim_rig_wait(rig, read_at);
    const bool stale = sim_rig_version(rig, 0, 0) != sim_rig_server_version(rig, 0);
    if (stale != (behind > 0)) {
        sim_rig_fail(rig, "a row is stale without an update, or fresh in spite of one");
    }
    return behind;
}

static void read_periodic(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, versions_behind(rig, run, sample, true) > 0, 1);
}

static void read_poisson(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    const uint32_t behind = versions_behind(rig, run, sample, false);
    sim_law_tally_add(&run->tally, behind >= (uint32_t)run->set[2], 1);
}

static sy_rc sample_reads(sim_law_run *run, sy_err *err)
{
    return sim_law_sample_rigs(run, &(sim_rig_options){.rows = 1, .devices = 1}, SAMPLES_PER_RIG,
                               err);
}

static double closed_periodic_reads(const double *set)
{
    return 1 - (1 - exp(-set[0] * set[1])) / (set[0] * set[1]);
}

static double closed_poisson_reads(const double *set)
{
    const double load = set[0] * set[1];
    return pow(load / (1 + load), set[2]);
}

/* -- V17: the last of N pollers to learn of a commit -- */

/* Each pulls once, at its moment; what it brings is the commit. */
static sy_time last_to_learn(sim_rig *rig, const sy_time *moments, uint32_t pollers)
{
    const sy_time start = sim_rig_now(rig);
    sim_rig_serve(rig, 0);
    bool done[POLLER_MAX] = {false};
    for (uint32_t i = 0; i < pollers; i++) {
        uint32_t next = 0;
        sy_time at = SY_TIME_MAX;
        for (uint32_t k = 0; k < pollers; k++) {
            if (!done[k] && moments[k] < at) {
                at = moments[k];
                next = k;
            }
        }
        done[next] = true;
        sim_rig_wait(rig, start + at);
        sim_rig_pull(rig, next);
    }
    sy_time last = 0;
    for (uint32_t i = 0; i < pollers; i++) {
        const sy_time at = sim_rig_applied_at(rig, i) - start;
        last = at > last ? at : last;
    }
    return last;
}

static void converge(sim_rig *rig, sim_law_run *run, uint64_t sample, bool periodic)
{
    sy_time moments[POLLER_MAX];
    const uint32_t pollers = (uint32_t)run->set[0];
    const sim_distribution poll = sim_law_exponential(run->set[1]);
    for (uint32_t i = 0; i < pollers; i++) {
        moments[i] = periodic ? (sy_time)sim_rig_choose(rig, (uint64_t)sim_law_units(run->set[1]),
                                                        SIM_KEY(sample, i, 1))
                              : sim_rig_draw(rig, &poll, SIM_KEY(sample, i, 1));
    }
    sim_law_tally_add(&run->tally, sim_law_of_units(last_to_learn(rig, moments, pollers)), 1);
}

static void converge_periodic(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    converge(rig, run, sample, true);
}

static void converge_poisson(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    converge(rig, run, sample, false);
}

static sy_rc sample_converge(sim_law_run *run, sy_err *err)
{
    return sim_law_sample_rigs(run, &(sim_rig_options){.rows = 1, .devices = (uint32_t)run->set[0]},
                               SAMPLES_PER_RIG, err);
}

static double closed_converge_periodic(const double *set)
{
    return set[1] * set[0] / (set[0] + 1);
}

static double closed_converge_poisson(const double *set)
{
    double harmonic = 0;
    for (uint32_t i = 1; i <= (uint32_t)set[0]; i++) {
        harmonic += 1.0 / i;
    }
    return set[1] * harmonic;
}

/* -- V19: a row whose commit is later than its stamp -- */

/* Does the token pass it before it is there? */
static bool is_missed(sim_rig *rig, const double *set, sy_time late, uint64_t sample)
{
    const sim_distribution commit = sim_law_exponential(1 / set[0]);
    const sim_distribution poll = sim_law_exponential(1 / set[1]);
    sim_rig_wait(rig, sim_rig_now(rig) + SIM_LAW_UNIT);
    sim_rig_pull(rig, 0);
    const uint64_t before = sim_rig_version(rig, 0, 1);
    sim_rig_wait(rig, sim_rig_now(rig) + SIM_LAW_UNIT);
    sim_rig_serve_begin(rig, 1);
    const sy_time end = sim_rig_now(rig) + late;
    sy_time commit_at = sim_rig_now(rig) + sim_rig_draw(rig, &commit, SIM_KEY(sample, 0, 1));
    sy_time poll_at = sim_rig_now(rig) + sim_rig_draw(rig, &poll, SIM_KEY(sample, 0, 2));
    for (uint64_t i = 1; commit_at < end || poll_at < end; i++) {
        if (commit_at < poll_at) {
            sim_rig_wait(rig, commit_at);
            sim_rig_serve(rig, 0);
            commit_at += sim_rig_draw(rig, &commit, SIM_KEY(sample, i, 1));
        } else {
            sim_rig_wait(rig, poll_at);
            sim_rig_pull(rig, 0);
            poll_at += sim_rig_draw(rig, &poll, SIM_KEY(sample, i, 2));
        }
    }
    sim_rig_wait(rig, end);
    sim_rig_serve_end(rig);
    sim_rig_pull(rig, 0);
    return sim_rig_version(rig, 0, 1) == before;
}

static void miss_fixed(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, is_missed(rig, run->set, sim_law_units(run->set[2]), sample), 1);
}

static void miss_spread(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    const sim_distribution late = sim_law_exponential(run->set[2]);
    sim_law_tally_add(
        &run->tally,
        is_missed(rig, run->set, sim_rig_draw(rig, &late, SIM_KEY(sample, 0, 3)), sample), 1);
}

static sy_rc sample_missed(sim_law_run *run, sy_err *err)
{
    return sim_law_sample_rigs(run,
                               &(sim_rig_options){.rows = 2,
                                                  .devices = 1,
                                                  .dialect = &sy_dialect_mobile_apps,
                                                  .server = &sy_server_dialect_netfx},
                               SAMPLES_PER_RIG, err);
}

static double closed_miss_fixed(const double *set)
{
    const double w = set[0];
    const double v = set[1];
    const double x = set[2];
    if (fabs(v - w) < 1e-9) { /* the limit */
        return 1 - exp(-w * x) * (1 + w * x);
    }
    return 1 - (v * exp(-w * x) - w * exp(-v * x)) / (v - w);
}

static double closed_miss_spread(const double *set)
{
    const double kappa = 1 / set[2];
    return set[0] / (set[0] + kappa) * set[1] / (set[1] + kappa);
}

/* -- V20: pages by $skip over rows that move -- */

static void page_by_skip(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    const uint32_t rows = (uint32_t)(run->set[0] * run->set[1]);
    const sim_distribution gap = sim_law_exponential(1 / (run->set[2] * rows));
    const sy_time end = sim_rig_now(rig) + sim_law_units(run->set[3] * (run->set[1] + 1));
    sy_time at = sim_rig_now(rig);
    for (uint64_t i = 0; (at += sim_rig_draw(rig, &gap, SIM_KEY(sample, i, 1))) < end; i++) {
        sim_rig_serve_at(rig, at, (uint32_t)sim_rig_choose(rig, rows, SIM_KEY(sample, i, 2)));
    }
    (void)sim_rig_take_different(rig);
    sim_rig_pull_anew(rig, 0, (uint32_t)sample);
    sim_law_tally_add(&run->tally, rows - sim_rig_take_different(rig), 1);
    sim_rig_wait(rig, end);
}

/* Half of the time between two pages is the way there. */
static void make_slow(void *self, uint32_t device, sim_device_config *config)
{
    (void)device;
    config->weather.net.latency_min_ns = *(const sy_time *)self;
    config->timeout_ns = SY_DAY;
}

static sy_rc sample_skips(sim_law_run *run, const sy_dialect *client,
                          const sy_server_dialect *server, sy_err *err)
{
    sy_time way = sim_law_units(run->set[3]) / 2;
    const sim_rig_options options = {.devices = 1,
                                     .rows = (uint32_t)(run->set[0] * run->set[1]),
                                     .dialect = client,
                                     .server = server,
                                     .at_server = {.page_size = (int64_t)run->set[0]},
                                     .configure = make_slow,
                                     .self = &way};
    return sim_law_sample_rigs(run, &options, SAMPLES_PER_RIG, err);
}

static sy_rc sample_skip(sim_law_run *run, sy_err *err)
{
    return sample_skips(run, &sy_dialect_datasync, &sy_server_dialect_datasync, err);
}

static sy_rc sample_keyset(sim_law_run *run, sy_err *err)
{
    return sample_skips(run, &sy_dialect_sound, &sy_server_dialect_sound, err);
}

static double closed_skip(const double *set)
{
    return set[0] * set[1] * (set[1] - 1) / 2 * (1 - exp(-set[2] * set[3]));
}

static double closed_none(const double *set)
{
    (void)set;
    return 0;
}

#define ENGINE "client link server"
#define PAGES(rate)                                                                                \
    {                                                                                              \
        {"s", 10, 1, 50}, {"P", 6, 2, 40}, {"u", rate, 0.00001, 0.05},                             \
        {                                                                                          \
            "tau", 1, 0.01, 100                                                                    \
        }                                                                                          \
    }
#define LATE                                                                                       \
    {                                                                                              \
        {"w", 0.5, 0.001, 50}, {"nu", 0.3, 0.001, 50},                                             \
        {                                                                                          \
            "X", 4, 0.001, 100                                                                     \
        }                                                                                          \
    }

const sim_law sim_law_staleness[] = {
    {
        .form = "V10",
        .what = "P(a read is stale), pulled once in T",
        .through = ENGINE,
        .parameters = {{"u", 0.1, 0.001, 50}, {"T", 8, 0.01, 500}},
        .closed = closed_periodic_reads,
        .sample = sample_reads,
        .once = read_periodic,
    },
    {
        .form = "V10",
        .what = "P(a read is k versions behind), pulls a Poisson process of mean gap T",
        .through = ENGINE,
        .parameters = {{"u", 0.1, 0.001, 50}, {"T", 5, 0.01, 500}, {"k", 1, 1, 20}},
        .closed = closed_poisson_reads,
        .sample = sample_reads,
        .once = read_poisson,
    },
    {
        .form = "V17",
        .what = "the last of N pollers learns of a commit, periodic",
        .through = ENGINE,
        .parameters = {{"N", 20, 1, POLLER_MAX}, {"T", 1, 0.01, 100}},
        .closed = closed_converge_periodic,
        .sample = sample_converge,
        .once = converge_periodic,
    },
    {
        .form = "V17",
        .what = "the same, Poisson polls",
        .through = ENGINE,
        .parameters = {{"N", 20, 1, POLLER_MAX}, {"T", 1, 0.01, 100}},
        .closed = closed_converge_poisson,
        .sample = sample_converge,
        .once = converge_poisson,
    },
    {
        .form = "V19",
        .what = "P(the token passes a row that commits X after its stamp)",
        .through = ENGINE,
        .parameters = LATE,
        .closed = closed_miss_fixed,
        .sample = sample_missed,
        .once = miss_fixed,
    },
    {
        .form = "V19",
        .what = "the same, X exponential",
        .through = ENGINE,
        .parameters = LATE,
        .closed = closed_miss_spread,
        .sample = sample_missed,
        .once = miss_spread,
    },
    {
        .form = "V20",
        .what = "rows missed by pages by $skip (datasync)",
        .through = ENGINE,
        .parameters = PAGES(0.002),
        .closed = closed_skip,
        .sample = sample_skip,
        .once = page_by_skip,
        .tolerance = 0.06,
        .weight = 1,
    },
    {
        .form = "V20",
        .what = "rows missed by pages by key (sound)",
        .through = ENGINE,
        .parameters = PAGES(0.01),
        .closed = closed_none,
        .sample = sample_keyset,
        .once = page_by_skip,
        .weight = 0.1,
    },
    {0},
};

/* V16, V18, V22: what is lost, repeated or inverted on the way. */
#include <math.h>

#include "sim/theory/sampler.h"

#define SAMPLES_PER_RIG 200
#define ATTEMPTS_MAX    1000

/* -- V16: a client that tries again until it has an answer -- */

typedef struct delivery {
    uint64_t attempts, executions;
} delivery;

static delivery deliver(sim_rig *rig, uint64_t sample)
{
    (void)sim_rig_take(rig, SIM_RIG_SENT);
    (void)sim_rig_take(rig, SIM_RIG_EXECUTIONS);
    sim_rig_insert(rig, 0, (uint32_t)sample);
    for (uint32_t i = 0; !sim_rig_push(rig, 0) && !sim_rig_failed(rig); i++) {
        if (i == ATTEMPTS_MAX) {
            sim_rig_fail(rig, "a push did not succeed in a thousand attempts");
        }
    }
    return (delivery){sim_rig_take(rig, SIM_RIG_SENT), sim_rig_take(rig, SIM_RIG_EXECUTIONS)};
}

static void count_attempts(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, (double)deliver(rig, sample).attempts, 1);
}

static void count_executions(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, (double)deliver(rig, sample).executions, 1);
}

static void is_executed_twice(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, deliver(rig, sample).executions > 1, 1);
}

static void make_lossy(void *self, uint32_t device, sim_device_config *config)
{
    const double *set = self;
    (void)device;
    config->weather.net.request_lost = lround(1000 * set[0]);
    config->weather.net.response_lost = lround(1000 * set[1]);
}

static sy_rc sample_deliveries(sim_law_run *run, sy_err *err)
{
    double set[2] = {run->set[0], run->set[1]};
    return sim_law_sample_rigs(
        run, &(sim_rig_options){.devices = 1, .configure = make_lossy, .self = set},
        SAMPLES_PER_RIG, err);
}

/* Rates are whole thousandths. */
static double rate(double value)
{
    return (double)lround(1000 * value) / 1000;
}

static double closed_attempts(const double *set)
{
    return 1 / ((1 - rate(set[0])) * (1 - rate(set[1])));
}

static double closed_executions(const double *set)
{
    return 1 / (1 - rate(set[1]));
}

static double closed_twice(const double *set)
{
    return rate(set[1]);
}

/* -- V18: the later of two edits, by clocks that are not right -- */

static void set_clock(sim_rig *rig, uint32_t device, sy_time wanted)
{
    const sy_time off =
        sim_clock_now(sim_rig_clock(rig, device)) - SY_WORLD_EPOCH - sim_rig_now(rig);
    sim_clock_step(sim_rig_clock(rig, device), wanted - off);
}

/* Two devices edit a row, `gap` apart. Did the earlier edit win? */
static bool is_inverted(sim_rig *rig, sy_time gap, uint32_t row)
{
    sim_rig_edit(rig, 0, row);
    sim_rig_wait(rig, sim_rig_now(rig) + gap);
    sim_rig_edit(rig, 1, row);
    (void)sim_rig_push(rig, 0);
    (void)sim_rig_push(rig, 1);
    const bool inverted = sim_rig_server_author(rig, row) == 0;
    sim_rig_pull(rig, 0);
    sim_rig_pull(rig, 1);
    return inverted;
}

static void skew(sim_rig *rig, sim_law_run *run, sy_time gap, uint64_t sample)
{
    const sim_distribution offset = {.kind = SIM_NORMAL, .shape = sim_law_units(run->set[0])};
    sim_rig_wait(rig, sim_rig_now(rig) + SIM_LAW_UNIT);
    set_clock(rig, 0, sim_rig_draw(rig, &offset, SIM_KEY(sample, 0)));
    set_clock(rig, 1, sim_rig_draw(rig, &offset, SIM_KEY(sample, 1)));
    sim_law_tally_add(&run->tally, is_inverted(rig, gap, (uint32_t)sample), 1);
}

static void skew_fixed(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    skew(rig, run, sim_law_units(run->set[1]), sample);
}

static void skew_spread(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    const sim_distribution gap = sim_law_exponential(1 / run->set[1]);
    skew(rig, run, sim_rig_draw(rig, &gap, SIM_KEY(sample, 2)), sample);
}

/* Do both edits have the same stamp, as clocks tick every d? */
static void tick(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    const sim_distribution gap = sim_law_exponential(1 / run->set[1]);
    sim_rig_wait(rig, sim_rig_now(rig) + 10 * sim_law_units(run->set[0]) +
                          (sy_time)sim_rig_choose(rig, (uint64_t)sim_law_units(run->set[0]),
                                                  SIM_KEY(sample, 0)));
    const sy_time first = sim_clock_now(sim_rig_clock(rig, 0));
    sim_rig_wait(rig, sim_rig_now(rig) + sim_rig_draw(rig, &gap, SIM_KEY(sample, 1)));
    sim_law_tally_add(&run->tally, sim_clock_now(sim_rig_clock(rig, 1)) == first, 1);
}

static const sim_rig_options two_devices = {
    .devices = 2, .rows = SAMPLES_PER_RIG, .policy = &sy_policy_latest_wins};

static sy_rc sample_skew(sim_law_run *run, sy_err *err)
{
    return sim_law_sample_rigs(run, &two_devices, SAMPLES_PER_RIG, err);
}

static void make_coarse(void *self, uint32_t device, sim_device_config *config)
{
    (void)device;
    config->clock_resolution_ns = *(const sy_time *)self;
}

static sy_rc sample_tick(sim_law_run *run, sy_err *err)
{
    sy_time resolution = sim_law_units(run->set[0]);
    return sim_law_sample_rigs(
        run, &(sim_rig_options){.devices = 2, .configure = make_coarse, .self = &resolution},
        SAMPLES_PER_RIG, err);
}

static double phi(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double closed_skew_fixed(const double *set)
{
    return phi(-set[1] / (set[0] * sqrt(2)));
}

static double closed_skew_spread(const double *set)
{
    const double x = set[1] * set[0];
    return 0.5 - exp(x * x) * phi(-x * sqrt(2));
}

static double closed_tick(const double *set)
{
    const double x = set[0] * set[1];
    return 1 - (1 - exp(-x)) / x;
}

/* -- V22: who is away for longer than tombstones are kept -- */

static double is_away(const sim_stream *dice, const sim_law_run *run, const sim_distribution *away,
                      uint64_t sample)
{
    return sim_law_draw(dice, away, SIM_KEY(sample)) > sim_law_units(run->set[0]);
}

static double is_away_exponential(const sim_stream *dice, const sim_law_run *run, uint64_t sample)
{
    const sim_distribution away = sim_law_exponential(run->set[1]);
    return is_away(dice, run, &away, sample);
}

static double is_away_pareto(const sim_stream *dice, const sim_law_run *run, uint64_t sample)
{
    const sim_distribution away = {.kind = SIM_PARETO,
                                   .scale = sim_law_units(run->set[1]),
                                   .shape = (int64_t)lround(1000 * run->set[2])};
    return is_away(dice, run, &away, sample);
}

static double closed_away_exponential(const double *set)
{
    return exp(-set[0] / set[1]);
}

static double closed_away_pareto(const double *set)
{
    return set[0] <= set[1] ? 1 : pow(set[1] / set[0], rate(set[2]));
}

#define ENGINE "client link server"
#define LOSSES                                                                                     \
    {                                                                                              \
        {"a", 0.1, 0, 0.9},                                                                        \
        {                                                                                          \
            "b", 0.2, 0, 0.9                                                                       \
        }                                                                                          \
    }

const sim_law sim_law_losses[] = {
    {
        .form = "V16",
        .what = "attempts until an answer",
        .through = ENGINE,
        .parameters = LOSSES,
        .closed = closed_attempts,
        .sample = sample_deliveries,
        .once = count_attempts,
    },
    {
        .form = "V16",
        .what = "executions until an answer",
        .through = ENGINE,
        .parameters = LOSSES,
        .closed = closed_executions,
        .sample = sample_deliveries,
        .once = count_executions,
    },
    {
        .form = "V16",
        .what = "P(executed twice)",
        .through = ENGINE,
        .parameters = LOSSES,
        .closed = closed_twice,
        .sample = sample_deliveries,
        .once = is_executed_twice,
    },
    {
        .form = "V18",
        .what = "P(the earlier edit wins), offsets N(0, sigma), delta apart",
        .through = "client clock link server",
        .parameters = {{"sigma", 2, 0.001, 100}, {"delta", 3, 0, 1000}},
        .closed = closed_skew_fixed,
        .sample = sample_skew,
        .once = skew_fixed,
    },
    {
        .form = "V18",
        .what = "the same, apart by an exponential gap of rate r",
        .through = "client clock link server",
        .parameters = {{"sigma", 2, 0.001, 100}, {"r", 0.25, 0.001, 10}},
        .closed = closed_skew_spread,
        .sample = sample_skew,
        .once = skew_spread,
    },
    {
        .form = "V18",
        .what = "P(both in one tick of d)",
        .through = "host clock",
        .parameters = {{"d", 1, 0.001, 100}, {"r", 0.5, 0.001, 100}},
        .closed = closed_tick,
        .sample = sample_tick,
        .once = tick,
    },
    {
        .form = "V22",
        .what = "P(away for longer than tau), exponential",
        .through = "distribution",
        .parameters = {{"tau", 2, 0, 1000}, {"d", 1, 0.01, 1000}},
        .closed = closed_away_exponential,
        .sample = sim_law_sample_dice,
        .roll = is_away_exponential,
        .weight = 10,
    },
    {
        .form = "V22",
        .what = "the same, Pareto from x on",
        .through = "distribution",
        .parameters = {{"tau", 2, 0, 1000}, {"x", 0.2, 0.001, 100}, {"alpha", 1.5, 1.1, 10}},
        .closed = closed_away_pareto,
        .sample = sim_law_sample_dice,
        .roll = is_away_pareto,
        .weight = 10,
    },
    {0},
};

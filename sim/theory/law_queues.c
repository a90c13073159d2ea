/* V11, V12, V14: what waits at the server, and in a device that is away. */
#include <math.h>

#include "sim/theory/sampler.h"

#define ASKER_COUNT     100 /* devices that ask in turn */
#define WARM_COUNT      1000
#define ASK_COUNT       1000 /* that count, of one repetition */
#define BACKLOG_MAX     256  /* rows edited in turn: more than are edited in one outage */
#define SAMPLES_PER_RIG 100

/* -- one worker, and requests that come as a Poisson process -- */

typedef struct ask {
    const sim_rig *rig;
    sy_time asked_at, answered_at;
} ask;

static void on_answer(void *self, sy_rc rc, const sy_outcome *outcome)
{
    ask *asked = self;
    (void)rc; /* a 404 is an answer, too */
    (void)outcome;
    asked->answered_at = sim_rig_now(asked->rig);
}

static void be_patient(void *self, uint32_t device, sim_device_config *config)
{
    (void)self;
    (void)device;
    config->timeout_ns = SY_TIME_MAX / 2;
}

/* lambda, mu: asks of one repetition after the other, the warm ones before. Each asks for another
 * row, so that each has a service time of its own. */
static sy_rc ask_server(const sim_law_run *run, uint64_t repetition, sy_time service,
                        const sim_distribution *spread, ask *out, sy_err *err)
{
    const sim_distribution gap = sim_law_exponential(1 / run->set[0]);
    sim_rig *rig = sim_rig_open(
        &(sim_rig_options){
            .seed = sim_law_seed(run, repetition),
            .devices = ASKER_COUNT,
            .configure = be_patient,
            .at_server = {.workers = 1, .service_ns = service, .service_spread = *spread}},
        err);
    if (rig == NULL) {
        return err->rc;
    }
    sy_time at = sim_rig_now(rig);
    for (uint32_t i = 0; i < WARM_COUNT + ASK_COUNT && !sim_rig_failed(rig); i++) {
        at += sim_rig_draw(rig, &gap, SIM_KEY(i));
        sim_rig_wait(rig, at);
        out[i] = (ask){.rig = rig, .asked_at = at};
        sim_rig_ask(rig, i % ASKER_COUNT, i, on_answer, &out[i]);
    }
    sim_rig_wait(rig, at + sim_law_units(10000 / run->set[1]));
    for (uint32_t i = 0; i < WARM_COUNT + ASK_COUNT && !sim_rig_failed(rig); i++) {
        if (out[i].answered_at == 0) {
            sim_rig_fail(rig, "a request was not answered in 10,000 service times");
        }
    }
    return sim_rig_close(rig, err);
}

typedef void (*asks_value)(sim_law_run *run, const ask *asks);

static sy_rc sample_asks(sim_law_run *run, sy_time service, const sim_distribution *spread,
                         asks_value value, sy_err *err)
{
    static ask asks[WARM_COUNT + ASK_COUNT];
    sy_rc rc = run->set[0] < run->set[1]
                   ? SY_OK
                   : SY_FAIL(err, SY_INVALID, "lambda is less than mu, or the queue has no end");
    for (uint64_t i = 0; rc == SY_OK && i * ASK_COUNT < run->samples; i++) {
        rc = ask_server(run, i, service, spread, asks, err);
        if (rc == SY_OK) {
            value(run, asks + WARM_COUNT);
        }
    }
    return rc;
}

static void time_in_system(sim_law_run *run, const ask *asks)
{
    double sum = 0;
    for (uint32_t i = 0; i < ASK_COUNT; i++) {
        sum += sim_law_of_units(asks[i].answered_at - asks[i].asked_at);
    }
    sim_law_tally_add(&run->tally, sum, ASK_COUNT);
}

static void time_waiting(sim_law_run *run, const ask *asks)
{
    double sum = 0;
    for (uint32_t i = 0; i < ASK_COUNT; i++) {
        sum += sim_law_of_units(asks[i].answered_at - asks[i].asked_at) - 1 / run->set[1];
    }
    sim_law_tally_add(&run->tally, sum, ASK_COUNT);
}

static void longer_than(sim_law_run *run, const ask *asks)
{
    double count = 0;
    for (uint32_t i = 0; i < ASK_COUNT; i++) {
        count += sim_law_of_units(asks[i].answered_at - asks[i].asked_at) > run->set[2];
    }
    sim_law_tally_add(&run->tally, count, ASK_COUNT);
}

/* The age of the last answer's question, over time. */
static void age_of_information(sim_law_run *run, const ask *asks)
{
    double area = 0;
    for (uint32_t i = 1; i < ASK_COUNT; i++) {
        const double from = sim_law_of_units(asks[i - 1].answered_at - asks[i - 1].asked_at);
        const double to = sim_law_of_units(asks[i].answered_at - asks[i - 1].asked_at);
        area += (to * to - from * from) / 2;
    }
    sim_law_tally_add(&run->tally, area,
                      sim_law_of_units(asks[ASK_COUNT - 1].answered_at - asks[0].answered_at));
}

/* Whatever the law: mean number in the system = rate of arrivals * mean time in it. */
static void littles_law(sim_law_run *run, const ask *asks)
{
    const sy_time from = asks[0].asked_at;
    const sy_time to = asks[ASK_COUNT - 1].asked_at;
    double inside = 0;
    double stay = 0;
    for (const ask *a = asks - WARM_COUNT; a < asks + ASK_COUNT; a++) {
        const sy_time begin = a->asked_at > from ? a->asked_at : from;
        const sy_time end = a->answered_at < to ? a->answered_at : to;
        inside += end > begin ? sim_law_of_units(end - begin) : 0;
        stay += a->asked_at >= from ? sim_law_of_units(a->answered_at - a->asked_at) : 0;
    }
    sim_law_tally_add(&run->tally, inside, stay);
}

static sim_distribution exponential_service(const sim_law_run *run)
{
    return (sim_distribution){.kind = SIM_EXPONENTIAL, .scale = sim_law_units(1 / run->set[1])};
}

static sy_rc sample_markov(sim_law_run *run, asks_value value, sy_err *err)
{
    const sim_distribution service = exponential_service(run);
    return sample_asks(run, 0, &service, value, err);
}

static sy_rc sample_mm1(sim_law_run *run, sy_err *err)
{
    return sample_markov(run, time_in_system, err);
}

static sy_rc sample_mm1_tail(sim_law_run *run, sy_err *err)
{
    return sample_markov(run, longer_than, err);
}

static sy_rc sample_age(sim_law_run *run, sy_err *err)
{
    return sample_markov(run, age_of_information, err);
}

static sy_rc sample_little(sim_law_run *run, sy_err *err)
{
    return sample_markov(run, littles_law, err);
}

static sy_rc sample_md1(sim_law_run *run, sy_err *err)
{
    const sim_distribution none = {.kind = SIM_CONSTANT};
    return sample_asks(run, sim_law_units(1 / run->set[1]), &none, time_waiting, err);
}

static sy_rc sample_mg1(sim_law_run *run, sy_err *err)
{
    const double median = exp(-run->set[2] * run->set[2] / 2) / run->set[1];
    const sim_distribution service = {.kind = SIM_LOGNORMAL,
                                      .scale = sim_law_units(median),
                                      .shape = (int64_t)(1000 * run->set[2])};
    return sample_asks(run, 0, &service, time_waiting, err);
}

static double closed_mm1(const double *set)
{
    return 1 / (set[1] - set[0]);
}

static double closed_mm1_tail(const double *set)
{
    return exp(-(set[1] - set[0]) * set[2]);
}

static double closed_md1(const double *set)
{
    const double load = set[0] / set[1];
    return load / (2 * set[1] * (1 - load));
}

static double closed_mg1(const double *set)
{
    const double load = set[0] / set[1];
    return set[0] * exp(set[2] * set[2]) / (set[1] * set[1]) / (2 * (1 - load));
}

static double closed_age(const double *set)
{
    const double load = set[0] / set[1];
    return (1 + 1 / load + load * load / (1 - load)) / set[1];
}

static double closed_one(const double *set)
{
    (void)set;
    return 1;
}

/* -- V14: what a device has queued when it comes back -- */

static uint32_t backlog(sim_rig *rig, const double *set, sy_time away, uint32_t rows,
                        uint64_t sample)
{
    const sim_distribution gap = sim_law_exponential(1 / set[0]);
    const sy_time back_at = sim_rig_now(rig) + away;
    sy_time at = sim_rig_now(rig);
    sim_rig_set_online(rig, 0, false);
    for (uint32_t i = 0; (at += sim_rig_draw(rig, &gap, SIM_KEY(sample, i, 1))) < back_at; i++) {
        sim_rig_wait(rig, at);
        const uint32_t row =
            rows > 0 ? (uint32_t)sim_rig_choose(rig, rows, SIM_KEY(sample, i, 2)) : i % BACKLOG_MAX;
        sim_rig_edit(rig, 0, row);
    }
    sim_rig_wait(rig, back_at);
    const uint32_t pending = sim_rig_pending(rig, 0);
    sim_rig_set_online(rig, 0, true);
    (void)sim_rig_push(rig, 0);
    return pending;
}

static uint32_t backlog_of_outage(sim_rig *rig, const double *set, uint64_t sample)
{
    const sim_distribution away = sim_law_exponential(set[1]);
    return backlog(rig, set, sim_rig_draw(rig, &away, SIM_KEY(sample, 0, 3)), 0, sample);
}

static void mean_backlog(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, backlog_of_outage(rig, run->set, sample), 1);
}

static void long_backlog(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, backlog_of_outage(rig, run->set, sample) >= run->set[2], 1);
}

static void collapsed_backlog(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(
        &run->tally,
        backlog(rig, run->set, sim_law_units(run->set[1]), (uint32_t)run->set[2], sample), 1);
}

static sy_rc sample_rows(sim_law_run *run, uint32_t rows, sy_err *err)
{
    return sim_law_sample_rigs(run, &(sim_rig_options){.rows = rows, .devices = 1}, SAMPLES_PER_RIG,
                               err);
}

static sy_rc sample_backlogs(sim_law_run *run, sy_err *err)
{
    return sample_rows(run, BACKLOG_MAX, err);
}

static sy_rc sample_collapsed(sim_law_run *run, sy_err *err)
{
    return sample_rows(run, (uint32_t)run->set[2], err);
}

static double closed_mean_backlog(const double *set)
{
    return set[0] * set[1];
}

static double closed_long_backlog(const double *set)
{
    const double mean = set[0] * set[1];
    return pow(mean / (1 + mean), set[2]);
}

static double closed_collapsed(const double *set)
{
    return set[2] * (1 - exp(-set[0] * set[1] / set[2]));
}

#define ENGINE "client link server-host"
#define LOAD(lambda)                                                                               \
    {"lambda", lambda, 0.01, 10},                                                                  \
    {                                                                                              \
        "mu", 1, 0.02, 20                                                                          \
    }

const sim_law sim_law_queues[] = {
    {
        .form = "V11",
        .what = "age of information, M/M/1",
        .through = ENGINE,
        .parameters = {LOAD(0.53)},
        .closed = closed_age,
        .sample = sample_age,
        .weight = 10,
    },
    {
        .form = "V12",
        .what = "time in an M/M/1 queue",
        .through = ENGINE,
        .parameters = {LOAD(0.8)},
        .closed = closed_mm1,
        .sample = sample_mm1,
        .weight = 10,
    },
    {
        .form = "V12",
        .what = "P(time in it > t)",
        .through = ENGINE,
        .parameters = {LOAD(0.6), {"t", 3, 0, 1000}},
        .closed = closed_mm1_tail,
        .sample = sample_mm1_tail,
        .weight = 10,
    },
    {
        .form = "V12",
        .what = "time waiting, M/D/1",
        .through = ENGINE,
        .parameters = {LOAD(0.8)},
        .closed = closed_md1,
        .sample = sample_md1,
        .weight = 10,
    },
    {
        .form = "V12",
        .what = "time waiting, M/G/1, lognormal",
        .through = ENGINE,
        .parameters = {LOAD(0.6), {"sigma", 1, 0.01, 2}},
        .closed = closed_mg1,
        .sample = sample_mg1,
        .weight = 20,
    },
    {
        .form = "V12",
        .what = "Little's law: L / (lambda W)",
        .through = ENGINE,
        .parameters = {LOAD(0.7)},
        .closed = closed_one,
        .sample = sample_little,
        .tolerance = 0.01,
        .weight = 10,
    },
    {
        .form = "V14",
        .what = "operations queued during an outage of mean d",
        .through = "client link",
        .parameters = {{"lambda", 3, 0.01, 20}, {"d", 1, 0.01, 20}},
        .closed = closed_mean_backlog,
        .sample = sample_backlogs,
        .once = mean_backlog,
    },
    {
        .form = "V14",
        .what = "P(at least j of them)",
        .through = "client link",
        .parameters = {{"lambda", 3, 0.01, 20}, {"d", 1, 0.01, 20}, {"j", 10, 1, 500}},
        .closed = closed_long_backlog,
        .sample = sample_backlogs,
        .once = long_backlog,
    },
    {
        .form = "V14",
        .what = "operations after t, collapsed, on M rows",
        .through = "client link",
        .parameters = {{"lambda", 15, 0.01, 100}, {"t", 2, 0.01, 20}, {"M", 40, 1, 1000}},
        .closed = closed_collapsed,
        .sample = sample_collapsed,
        .once = collapsed_backlog,
        .weight = 0.3,
    },
    {0},
};

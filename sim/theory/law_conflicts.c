/* V1 to V4: how often a push meets another's commit.  */
#include <math.h>

#include "sim/theory/sampler.h"

#define CLIENT_MAX      200
#define PERIODS_WARM    5 /* server_wins needs some to forget how it began */
#define PERIODS         40
#define SAMPLES_PER_RIG 200

/* -- devices that synchronise once in a period -- */

typedef struct periodic { /* one repetition */
    sim_rig *rig;
    uint32_t clients;
    sim_distribution gap; /* between two edits of one client */
    sy_time edit_at[CLIENT_MAX], sync_at[CLIENT_MAX];
    uint64_t edited[CLIENT_MAX];      /* edits so far */
    uint64_t conflicts, dirty, edits; /* in steady state */
} periodic;

static void schedule_edit(periodic *p, uint32_t client)
{
    p->edit_at[client] += sim_rig_draw(p->rig, &p->gap, SIM_KEY(client, ++p->edited[client]));
}

static void start_periodic(periodic *p)
{
    for (uint32_t i = 0; i < p->clients; i++) {
        sim_rig_pull(p->rig, i);
        p->sync_at[i] = (sy_time)sim_rig_choose(p->rig, (uint64_t)SIM_LAW_UNIT, SIM_KEY(i, 0, 1));
        schedule_edit(p, i);
    }
}

static void synchronise(periodic *p, uint32_t client, bool counts)
{
    const bool dirty = sim_rig_pending(p->rig, client) > 0;
    (void)sim_rig_take(p->rig, SIM_RIG_CONFLICTS);
    if (dirty) {
        (void)sim_rig_push(p->rig, client);
    }
    const uint64_t conflicts = sim_rig_take(p->rig, SIM_RIG_CONFLICTS);
    sim_rig_pull(p->rig, client);
    p->sync_at[client] += SIM_LAW_UNIT;
    if (counts) {
        p->dirty += dirty;
        p->conflicts += conflicts > 0;
    }
}

/* Whoever is next edits or synchronises; false: all that is left lies after `until`. */
static bool step_periodic(periodic *p, sy_time from, sy_time until)
{
    uint32_t first = 0;
    bool edits = false;
    sy_time at = SY_TIME_MAX;
    for (uint32_t i = 0; i < p->clients; i++) {
        if (p->edit_at[i] < at) {
            at = p->edit_at[i];
            first = i;
            edits = true;
        }
        if (p->sync_at[i] < at) {
            at = p->sync_at[i];
            first = i;
            edits = false;
        }
    }
    if (at >= until || sim_rig_failed(p->rig)) {
        return false;
    }
    sim_rig_wait(p->rig, at);
    if (edits) {
        p->edits += at >= from;
        sim_rig_edit(p->rig, first, 0);
        schedule_edit(p, first);
    } else {
        synchronise(p, first, at >= from);
    }
    return true;
}

/* clients, edits in a period of one client */
static sy_rc repeat_periodic(sim_law_run *run, const sy_policy *policy, uint64_t repetition,
                             periodic *out, sy_err *err)
{
    *out = (periodic){.clients = (uint32_t)run->set[0]};
    out->gap = sim_law_exponential(1 / run->set[1]);
    out->rig = sim_rig_open(&(sim_rig_options){.seed = sim_law_seed(run, repetition),
                                               .devices = out->clients,
                                               .rows = 1,
                                               .policy = policy},
                            err);
    if (out->rig == NULL) {
        return err->rc;
    }
    start_periodic(out);
    while (
        step_periodic(out, PERIODS_WARM * SIM_LAW_UNIT, (PERIODS_WARM + PERIODS) * SIM_LAW_UNIT)) {
    }
    return sim_rig_close(out->rig, err);
}

static sy_rc sample_dirty(sim_law_run *run, const sy_policy *policy, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint64_t i = 0; rc == SY_OK && run->tally.y < (double)run->samples; i++) {
        periodic p;
        rc = repeat_periodic(run, policy, i, &p, err);
        sim_law_tally_add(&run->tally, (double)p.conflicts, (double)p.dirty);
    }
    return rc;
}

static sy_rc sample_v1(sim_law_run *run, sy_err *err)
{
    return sample_dirty(run, &sy_policy_client_wins, err);
}

static sy_rc sample_v2(sim_law_run *run, sy_err *err)
{
    return sample_dirty(run, &sy_policy_server_wins, err);
}

static sy_rc sample_v3(sim_law_run *run, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint64_t i = 0; rc == SY_OK && run->tally.y < (double)run->samples; i++) {
        periodic p;
        rc = repeat_periodic(run, &sy_policy_client_wins, i, &p, err);
        sim_law_tally_add(&run->tally, (double)p.conflicts, (double)p.edits);
    }
    return rc;
}

static double closed_v1(const double *set)
{
    return 1 - exp(-set[1] * (set[0] - 1));
}

static double closed_v2(const double *set)
{
    const double p = (set[0] - 1) * (1 - exp(-set[1]));
    return p / (1 + p);
}

static double closed_v3(const double *set)
{
    return (1 - exp(-set[1])) * closed_v1(set) / set[1];
}

/* -- a read, a while, a write -- */

static sy_time draw_window(sim_rig *rig, const double *set, uint64_t sample)
{
    const uint32_t shape = (uint32_t)set[2];
    if (shape == 0) {
        return sim_law_units(set[1]);
    }
    const sim_distribution part = sim_law_exponential(set[1] / shape);
    sy_time window = 0;
    for (uint32_t i = 0; i < shape; i++) {
        window += sim_rig_draw(rig, &part, SIM_KEY(sample, i, 1));
    }
    return window;
}

/* Did the write conflict? */
static bool read_then_write(sim_rig *rig, const double *set, uint64_t sample)
{
    const sim_distribution gap = sim_law_exponential(1 / set[0]);
    sim_rig_pull(rig, 0);
    sim_rig_edit(rig, 0, 0);
    const sy_time end = sim_rig_now(rig) + draw_window(rig, set, sample);
    sy_time at = sim_rig_now(rig);
    for (uint64_t i = 0; (at += sim_rig_draw(rig, &gap, SIM_KEY(sample, i, 2))) < end; i++) {
        sim_rig_wait(rig, at);
        sim_rig_serve(rig, 0);
    }
    sim_rig_wait(rig, end);
    (void)sim_rig_take(rig, SIM_RIG_CONFLICTS);
    (void)sim_rig_push(rig, 0);
    return sim_rig_take(rig, SIM_RIG_CONFLICTS) > 0;
}

static void sample_write(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, read_then_write(rig, run->set, sample), 1);
}

static sy_rc sample_v4(sim_law_run *run, sy_err *err)
{
    return sim_law_sample_rigs(
        run, &(sim_rig_options){.rows = 1, .devices = 1, .policy = &sy_policy_client_wins},
        SAMPLES_PER_RIG, err);
}

static double closed_v4(const double *set)
{
    const double expected = set[0] * set[1];
    return set[2] == 0 ? 1 - exp(-expected) : 1 - pow(1 + expected / set[2], -set[2]);
}

#define ENGINE "client link server"
#define CLIENTS(value)                                                                             \
    {                                                                                              \
        "N", value, 2, CLIENT_MAX                                                                  \
    }
#define EDITS(value)                                                                               \
    {                                                                                              \
        "lambdaT", value, 0.001, 20                                                                \
    }

const sim_law sim_law_conflicts[] = {
    {
        .form = "V1",
        .what = "P(conflict | dirty push), client wins",
        .through = ENGINE,
        .parameters = {CLIENTS(5), EDITS(0.2)},
        .closed = closed_v1,
        .sample = sample_v1,
    },
    {
        .form = "V2",
        .what = "P(conflict | dirty push), server wins",
        .through = ENGINE,
        .parameters = {CLIENTS(5), EDITS(0.2)},
        .closed = closed_v2,
        .sample = sample_v2,
    },
    {
        .form = "V3",
        .what = "conflicts per edit, client wins",
        .through = ENGINE,
        .parameters = {CLIENTS(5), EDITS(0.5715)},
        .closed = closed_v3,
        .sample = sample_v3,
    },
    {
        .form = "V4",
        .what = "P(conflict) of a write mu*W after its read; shape 0: W is fixed",
        .through = ENGINE,
        .parameters = {{"mu", 0.3, 0.001, 20}, {"W", 2, 0.001, 100}, {"shape", 0, 0, 20}},
        .closed = closed_v4,
        .sample = sample_v4,
        .once = sample_write,
    },
    {
        .form = "V4",
        .what = "the same where W is spread",
        .through = ENGINE,
        .parameters = {{"mu", 0.3, 0.001, 20}, {"W", 2, 0.001, 100}, {"shape", 1, 0, 20}},
        .closed = closed_v4,
        .sample = sample_v4,
        .once = sample_write,
    },
    {0},
};

/* V5 to V8: who meets whom. */
#include <math.h>
#include <string.h>

#include "sim/theory/sampler.h"

#define CLIENT_MAX      100
#define ROW_MAX         4096
#define SAMPLES_PER_RIG 100

static double choose(double n, double k)
{
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1));
}

/* -- V5: every client edits some rows offline, then all synchronise -- */

/* k different rows of M, without an order. */
static void pick_rows(sim_rig *rig, uint32_t rows, uint32_t count, sim_key key, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        key.part[2] = i;
        /* Of those that are left, counted past the ones that were taken. */
        uint32_t row = (uint32_t)sim_rig_choose(rig, rows - i, key);
        uint32_t at = 0;
        while (at < i && out[at] <= row) {
            row++;
            at++;
        }
        memmove(out + at + 1, out + at, (i - at) * sizeof *out);
        out[at] = row;
    }
}

typedef struct meeting {
    uint32_t conflicts; /* pushes that met another's */
    uint32_t pairs;     /* of clients with a row in common, for each such row */
} meeting;

static meeting meet(sim_rig *rig, const double *set, uint64_t sample)
{
    const uint32_t clients = (uint32_t)set[0];
    const uint32_t count = (uint32_t)set[1];
    uint32_t editors[ROW_MAX] = {0};
    uint32_t rows[ROW_MAX];
    meeting out = {0};
    for (uint32_t i = 0; i < clients; i++) {
        pick_rows(rig, (uint32_t)set[2], count, SIM_KEY(sample, i), rows);
        for (uint32_t k = 0; k < count; k++) {
            out.pairs += editors[rows[k]]++;
            sim_rig_edit(rig, i, rows[k]);
        }
    }
    (void)sim_rig_take(rig, SIM_RIG_CONFLICTS);
    for (uint32_t i = 0; i < clients; i++) {
        (void)sim_rig_push(rig, i);
    }
    out.conflicts = (uint32_t)sim_rig_take(rig, SIM_RIG_CONFLICTS);
    for (uint32_t i = 0; i < clients; i++) {
        sim_rig_pull(rig, i);
    }
    return out;
}

static void is_alone(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, meet(rig, run->set, sample).conflicts == 0, 1);
}

static void count_pairs(sim_rig *rig, sim_law_run *run, uint64_t sample)
{
    sim_law_tally_add(&run->tally, meet(rig, run->set, sample).pairs, 1);
}

static sy_rc sample_meetings(sim_law_run *run, sy_err *err)
{
    if (run->set[1] > run->set[2]) {
        return SY_FAIL(err, SY_INVALID, "V5: k is at most M, the number of rows");
    }
    return sim_law_sample_rigs(run,
                               &(sim_rig_options){.devices = (uint32_t)run->set[0],
                                                  .rows = (uint32_t)run->set[2],
                                                  .policy = &sy_policy_client_wins},
                               SAMPLES_PER_RIG, err);
}

static double closed_alone(const double *set)
{
    double product = 1;
    for (uint32_t i = 1; i < (uint32_t)set[0]; i++) {
        const double left = set[2] - i * set[1];
        product *= left < set[1] ? 0 : choose(left, set[1]) / choose(set[2], set[1]);
    }
    return product;
}

static double closed_pairs(const double *set)
{
    return set[0] * (set[0] - 1) / 2 * set[1] * set[1] / set[2];
}

static double closed_alone_nearly(const double *set)
{
    return exp(-closed_pairs(set));
}

/* The rest needs no engine: what users draw. */

/* -- V6 -- */

static uint32_t zipf_row(const uint64_t *below, uint32_t rows, uint64_t drawn)
{
    uint32_t low = 0;
    uint32_t high = rows - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (drawn < below[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static double harmonic(double rows, double exponent)
{
    double sum = 0;
    for (uint32_t i = 1; i <= (uint32_t)rows; i++) {
        sum += pow(i, -exponent);
    }
    return sum;
}

typedef struct zipf_table {
    double rows, exponent;
    uint64_t below[ROW_MAX]; /* of SIM_DRAW_BOUND */
} zipf_table;

static void zipf_make(zipf_table *zipf, double rows, double exponent)
{
    if (zipf->rows == rows && zipf->exponent == exponent) {
        return;
    }
    const double whole = harmonic(rows, exponent);
    double sum = 0;
    for (uint32_t i = 0; i < (uint32_t)rows; i++) {
        sum += pow(i + 1, -exponent);
        zipf->below[i] = (uint64_t)(sum / whole * (double)SIM_DRAW_BOUND);
    }
    zipf->rows = rows;
    zipf->exponent = exponent;
}

static double two_edits_meet(const sim_stream *dice, const sim_law_run *run, uint64_t sample)
{
    static zipf_table zipf;
    zipf_make(&zipf, run->set[0], run->set[1]);
    const uint32_t rows = (uint32_t)run->set[0];
    return zipf_row(zipf.below, rows, sim_law_roll(dice, SIM_DRAW_BOUND, SIM_KEY(sample, 0))) ==
           zipf_row(zipf.below, rows, sim_law_roll(dice, SIM_DRAW_BOUND, SIM_KEY(sample, 1)));
}

static double closed_zipf(const double *set)
{
    const double whole = harmonic(set[0], set[1]);
    return harmonic(set[0], 2 * set[1]) / whole / whole;
}

/* -- V7 -- */

static uint64_t pick_fields(const sim_stream *dice, uint32_t fields, uint32_t count, sim_key key)
{
    uint64_t picked = 0;
    for (uint32_t i = 0; i < count; i++) {
        key.part[2] = i;
        uint64_t left = sim_law_roll(dice, fields - i, key);
        uint32_t at = 0;
        while ((picked >> at & 1) != 0 || left-- > 0) {
            at++;
        }
        picked |= UINT64_C(1) << at;
    }
    return picked;
}

static double fields_clash(const sim_stream *dice, const sim_law_run *run, uint64_t sample)
{
    const uint32_t fields = (uint32_t)run->set[0];
    const uint32_t count = (uint32_t)run->set[1];
    return (pick_fields(dice, fields, count, SIM_KEY(sample, 0)) &
            pick_fields(dice, fields, count, SIM_KEY(sample, 1))) != 0;
}

static sy_rc sample_fields(sim_law_run *run, sy_err *err)
{
    return run->set[1] <= run->set[0]
               ? sim_law_sample_dice(run, err)
               : SY_FAIL(err, SY_INVALID, "V7: k is at most F, the number of fields");
}

static double closed_fields(const double *set)
{
    return set[0] - set[1] < set[1] ? 1
                                    : 1 - choose(set[0] - set[1], set[1]) / choose(set[0], set[1]);
}

/* -- V8: nodes that were away, each with k updates of DB rows -- */

/* How many updates of the others are of rows that one of them wrote, too. */
static double collisions_of_node(const sim_stream *dice, const sim_law_run *run, uint64_t sample)
{
    const uint64_t nodes = (uint64_t)run->set[0];
    const uint64_t updates = (uint64_t)run->set[1];
    const uint64_t rows = (uint64_t)run->set[2];
    uint64_t count = 0;
    /* Without loss of generality its rows are the first ones. */
    for (uint64_t i = 0; i < (nodes - 1) * updates; i++) {
        count += sim_law_roll(dice, rows, SIM_KEY(sample, i)) < updates;
    }
    return (double)count;
}

static double node_collides(const sim_stream *dice, const sim_law_run *run, uint64_t sample)
{
    return collisions_of_node(dice, run, sample) > 0;
}

static double closed_gray(const double *set)
{
    return 1 - pow(1 - set[1] / set[2], (set[0] - 1) * set[1]);
}

/* How the rate of reconciliations grows when one of its parameters is doubled: on a logarithmic
 * scale. Each node is away for D, which its updates are proportional to. */
static sy_rc sample_slope(sim_law_run *run, unsigned doubled, sy_err *err)
{
    double rate[2] = {0};
    for (unsigned i = 0; i < 2; i++) {
        double set[3] = {run->set[0], run->set[1], run->set[2]};
        set[doubled] *= i + 1;
        sim_law_run part = {
            .law = run->law, .set = set, .seed = run->seed + i, .samples = run->samples};
        const sy_rc rc = sim_law_sample_dice(&part, err);
        if (rc != SY_OK) {
            return rc;
        }
        rate[i] = sim_law_tally_ratio(&part.tally) * set[0] / set[1];
    }
    sim_law_tally_add(&run->tally, rate[0] > 0 && rate[1] > 0 ? log2(rate[1] / rate[0]) : 0, 1);
    return SY_OK;
}

static sy_rc sample_slope_nodes(sim_law_run *run, sy_err *err)
{
    return sample_slope(run, 0, err);
}

static sy_rc sample_slope_away(sim_law_run *run, sy_err *err)
{
    return sample_slope(run, 1, err);
}

static sy_rc sample_slope_rows(sim_law_run *run, sy_err *err)
{
    return sample_slope(run, 2, err);
}

static double closed_two(const double *set)
{
    (void)set;
    return 2;
}

static double closed_one(const double *set)
{
    (void)set;
    return 1;
}

static double closed_minus_one(const double *set)
{
    (void)set;
    return -1;
}

#define ENGINE "client link server"
#define DICE   "choice (a Monte-Carlo of its own)"
#define MEETING                                                                                    \
    {                                                                                              \
        {"N", 4, 2, CLIENT_MAX}, {"k", 2, 1, 100},                                                 \
        {                                                                                          \
            "M", 60, 1, ROW_MAX                                                                    \
        }                                                                                          \
    }
#define GRAY(nodes, updates, rows)                                                                 \
    {                                                                                              \
        {"Nodes", nodes, 2, 1000}, {"k", updates, 1, 1000},                                        \
        {                                                                                          \
            "DB", rows, 10, 1e9                                                                    \
        }                                                                                          \
    }

const sim_law sim_law_collisions[] = {
    {
        .form = "V5",
        .what = "P(no row in common) of N offline clients with k of M rows",
        .through = ENGINE,
        .parameters = MEETING,
        .closed = closed_alone,
        .sample = sample_meetings,
        .once = is_alone,
    },
    {
        .form = "V5",
        .what = "the same as exp(-C(N,2) k^2 / M)",
        .through = ENGINE,
        .parameters = {{"N", 4, 2, CLIENT_MAX}, {"k", 1, 1, 100}, {"M", 100, 1, ROW_MAX}},
        .closed = closed_alone_nearly,
        .sample = sample_meetings,
        .once = is_alone,
        .tolerance = 0.03,
    },
    {
        .form = "V5",
        .what = "pairs of clients with a row in common",
        .through = ENGINE,
        .parameters = MEETING,
        .closed = closed_pairs,
        .sample = sample_meetings,
        .once = count_pairs,
    },
    {
        .form = "V6",
        .what = "P(two edits meet), Zipf",
        .through = DICE,
        .parameters = {{"M", 1000, 1, ROW_MAX}, {"s", 0.99, 0, 4}},
        .closed = closed_zipf,
        .sample = sim_law_sample_dice,
        .roll = two_edits_meet,
        .weight = 10,
    },
    {
        .form = "V7",
        .what = "P(fields clash | rows clash), k of F fields each",
        .through = DICE,
        .parameters = {{"F", 8, 1, 60}, {"k", 3, 1, 60}},
        .closed = closed_fields,
        .sample = sample_fields,
        .roll = fields_clash,
    },
    {
        .form = "V8",
        .what = "P(a node that was away collides), exact",
        .through = DICE,
        .parameters = GRAY(20, 8, 1e4),
        .closed = closed_gray,
        .sample = sim_law_sample_dice,
        .roll = node_collides,
    },
    {
        .form = "V8",
        .what = "slope of the rate over nodes",
        .through = DICE,
        .parameters = GRAY(40, 8, 1e4),
        .closed = closed_two,
        .sample = sample_slope_nodes,
        .roll = collisions_of_node,
        .tolerance = 0.025,
        .weight = 10,
    },
    {
        .form = "V8",
        .what = "slope of the rate over time away",
        .through = DICE,
        .parameters = GRAY(40, 8, 1e4),
        .closed = closed_one,
        .sample = sample_slope_away,
        .roll = collisions_of_node,
        .tolerance = 0.05,
        .weight = 10,
    },
    {
        .form = "V8",
        .what = "slope of the rate over rows",
        .through = DICE,
        .parameters = GRAY(40, 8, 1e4),
        .closed = closed_minus_one,
        .sample = sample_slope_rows,
        .roll = collisions_of_node,
        .tolerance = 0.05,
        .weight = 10,
    },
    {0},
};

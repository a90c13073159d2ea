/* V13, V15: links that come and go. One unit of time is an hour. */
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
    if (link->spells[SIM_SPELL_OUTAGE].inside) {
        sim_law_tally_add(&run->tally,
                          sim_law_of_units(link->spells[SIM_SPELL_OUTAGE].until - sim_rig_now(rig)),
                          1);
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

/* -- V13: a device works through its queue, a request at a time, while its link is up -- */

#define WARM_ARRIVALS     300
#define ARRIVALS          1000 /* that count, of one repetition */
#define PLENTY_OF_WORKERS 64   /* what was given up never stands in the way */

/* The request in hand when the link goes down is given up and asked anew when it is back, with a
 * service time of its own: that has the law of one that went on where it was, since service is
 * exponential and remembers nothing. */
typedef struct post_box {
    sim_rig *rig;
    const sim_link *link;
    void (*changed)(void *self, bool online, bool metered); /* whoever heard of the link before */
    void *changed_self;
    uint32_t waiting; /* the one in hand among them */
    uint32_t asked;   /* requests so far: each is for another row */
    bool busy;
    uint32_t in_hand; /* the how-manieth is awaited */
    double area;      /* of `waiting` over time, up to `seen_at` */
    sy_time seen_at;
} post_box;

typedef struct letter {
    post_box *box;
    uint32_t number;
} letter;

static letter letters[4 * (WARM_ARRIVALS + ARRIVALS)];

static void look_at(post_box *box)
{
    const sy_time now = sim_rig_now(box->rig);
    box->area += box->waiting * sim_law_of_units(now - box->seen_at);
    box->seen_at = now;
}

static void on_letter(void *self, sy_rc rc, const sy_outcome *outcome);

static void send_first(post_box *box)
{
    if (box->busy || box->waiting == 0 || !sim_link_is_up(box->link)) {
        return;
    }
    if (box->asked == sizeof letters / sizeof letters[0]) {
        sim_rig_fail(box->rig, "the link goes down too often for a sample");
        return;
    }
    letter *next = &letters[box->asked];
    *next = (letter){.box = box, .number = box->asked};
    box->busy = true;
    box->in_hand = box->asked++;
    sim_rig_ask(box->rig, 0, next->number, on_letter, next);
}

static void on_letter(void *self, sy_rc rc, const sy_outcome *outcome)
{
    const letter *answered = self;
    post_box *box = answered->box;
    (void)rc; /* a 404 is an answer, too */
    (void)outcome;
    if (box->busy && box->in_hand == answered->number) {
        look_at(box);
        box->waiting--;
        box->busy = false;
        send_first(box);
    }
}

static void link_changed(void *self, bool online, bool metered)
{
    post_box *box = self;
    box->changed(box->changed_self, online, metered);
    box->busy = box->busy && online;
    send_first(box);
}

/* Its answers are awaited for longer than any takes. */
static void make_post_box(void *self, uint32_t device, sim_device_config *config)
{
    const double *set = self;
    (void)device;
    config->timeout_ns = sim_law_units(10000);
    config->weather.net.outage_every_ns = sim_law_units(1 / set[2]);
    config->weather.net.outage_lasting_ns = sim_law_units(1 / set[3]);
}

static void arrivals(post_box *box, const double *set, uint32_t from, uint32_t to)
{
    const sim_distribution gap = sim_law_exponential(1 / set[0]);
    for (uint32_t i = from; i < to && !sim_rig_failed(box->rig); i++) {
        sim_rig_wait(box->rig, sim_rig_now(box->rig) + sim_rig_draw(box->rig, &gap, SIM_KEY(i)));
        look_at(box);
        box->waiting++;
        send_first(box);
    }
}

static sy_rc sample_post_box(sim_law_run *run, uint64_t repetition, double *set, sy_err *err)
{
    const sim_distribution service = sim_law_exponential(1 / set[1]);
    sim_rig *rig = sim_rig_open(
        &(sim_rig_options){.seed = sim_law_seed(run, repetition),
                           .configure = make_post_box,
                           .self = set,
                           .at_server = {.workers = PLENTY_OF_WORKERS, .service_spread = service}},
        err);
    if (rig == NULL) {
        return err->rc;
    }
    sim_link *link = sim_device_link(sim_simulation_device(sim_rig_simulation(rig), 0));
    post_box box = {
        .rig = rig, .link = link, .changed = link->changed, .changed_self = link->changed_self};
    link->changed = link_changed;
    link->changed_self = &box;
    arrivals(&box, set, 0, WARM_ARRIVALS);
    box.area = 0;
    const sy_time from = box.seen_at;
    arrivals(&box, set, WARM_ARRIVALS, WARM_ARRIVALS + ARRIVALS);
    sim_law_tally_add(&run->tally, box.area, sim_law_of_units(box.seen_at - from));
    return sim_rig_close(rig, err);
}

static sy_rc sample_post_boxes(sim_law_run *run, sy_err *err)
{
    double set[] = {run->set[0], run->set[1], run->set[2], run->set[3]};
    const double load = set[0] / set[1] * (set[2] + set[3]) / set[3];
    sy_rc rc = load < 1 ? SY_OK
                        : SY_FAIL(err, SY_INVALID,
                                  "lambda / mu is less than beta / (alpha + beta), or the queue "
                                  "has no end");
    for (uint64_t i = 0; rc == SY_OK && i * ARRIVALS < run->samples; i++) {
        rc = sample_post_box(run, i, set, err);
    }
    return rc;
}

static double closed_post_box(const double *set)
{
    const double both = set[2] + set[3];
    return set[0] * (both * both + set[1] * set[2]) / (both * (set[3] * set[1] - set[0] * both));
}

#define INTERMITTENT(on, off)                                                                      \
    {"on", on, 0.01, 100},                                                                         \
    {                                                                                              \
        "off", off, 0.01, 100                                                                      \
    }

const sim_law sim_law_links[] = {
    {
        .form = "V13",
        .what = "requests queued behind a link that goes down (alpha) and comes back (beta)",
        .through = "client link server-host",
        .parameters = {{"lambda", 0.3, 0.01, 10},
                       {"mu", 1, 0.02, 20},
                       {"alpha", 0.1, 0.001, 1},
                       {"beta", 0.2, 0.001, 10}},
        .closed = closed_post_box,
        .sample = sample_post_boxes,
        .weight = 20,
    },
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

/* Weather that comes and goes, drawn by time: one line of `kinds` each. To add one: a line of
 * sim_link_spell, its dials with their knobs, a label, what it does when it begins and ends.
 *
 * A link has memory for them from the first weather on that has one. */
#include "sim/net/link_internal.h"

#include <string.h>

#define SHAPE_LOGNORMAL_MAX 3000
#define SHAPE_PARETO_MIN    11000

#define DIAL(member) offsetof(sim_link_weather, member)

static const sim_label labels[] = {
    [SIM_SPELL_OUTAGE] = SIM_OUTAGE_LABEL("outage", "net.outage-every"),
    [SIM_SPELL_BURST] = SIM_OUTAGE_LABEL("burst", "net.burst-every"),
    [SIM_SPELL_CLOG] = SIM_OUTAGE_LABEL("clog", "net.clog-every"),
    [SIM_SPELL_HANDOVER] = SIM_OUTAGE_LABEL("handover", "net.handover-every"),
    [SIM_SPELL_PARTITION] = SIM_OUTAGE_LABEL("partition", "net.partition-every"),
};
/* Both ways, what leaves the device, or what comes to it. */
static const sim_label way_label = {
    .name = "partition-way", .choice_class = SIM_WEATHER, .bound = 3, .key_parts = {"number"}};

static void outage_changed(void *self, bool inside)
{
    sim_link_be_out(self, inside);
}

static void burst_changed(void *self, bool inside)
{
    sim_link *link = self;
    link->burst = inside;
}

static void clog_changed(void *self, bool inside)
{
    sim_link *link = self;
    if (inside) {
        sim_link_clog(link, link->spells[SIM_SPELL_CLOG].until);
    }
}

static void handover_changed(void *self, bool inside)
{
    sim_link *link = self;
    if (inside) {
        sim_link_hold_up(link, link->spells[SIM_SPELL_HANDOVER].until, "handover");
    }
}

static void partition_changed(void *self, bool inside)
{
    sim_link *link = self;
    const sim_outages *of = &link->spells[SIM_SPELL_PARTITION];
    const uint64_t way =
        inside ? sim_choose(&of->stream, &way_label, SIM_KEY(of->number), way_label.bound) : 0;
    sim_link_block_by(link, SIM_BLOCKED_BY_WEATHER, inside && way != 2, inside && way != 1);
}

static const struct {
    const char *purpose; /* of its stream */
    size_t every_at;     /* of an int64_t in sim_link_weather; 0: it does not come */
    size_t lasting_at;
    int64_t lasting_ns; /* where that dial is 0 */
    void (*changed)(void *self, bool inside);
} kinds[SIM_SPELL_COUNT] = {
    [SIM_SPELL_OUTAGE] = {"link.outages", DIAL(outage_every_ns), DIAL(outage_lasting_ns), SY_MINUTE,
                          outage_changed},
    [SIM_SPELL_BURST] = {"link.bursts", DIAL(burst_every_ns), DIAL(burst_lasting_ns), SY_SECOND,
                         burst_changed},
    [SIM_SPELL_CLOG] = {"link.clogs", DIAL(clog_every_ns), DIAL(clog_lasting_ns), 10 * SY_SECOND,
                        clog_changed},
    [SIM_SPELL_HANDOVER] = {"link.handovers", DIAL(handover_every_ns), DIAL(handover_lasting_ns),
                            275 * SY_MS, handover_changed},
    [SIM_SPELL_PARTITION] = {"link.partitions", DIAL(partition_every_ns),
                             DIAL(partition_lasting_ns), SY_MINUTE, partition_changed},
};

static int64_t dial(const sim_link *link, size_t at)
{
    int64_t value = 0;
    memcpy(&value, (const char *)&link->weather + at, sizeof value);
    return value;
}

/* Of that mean. For lognormal and Pareto the parameter follows from the mean by a table of few
 * deviations, or exactly. */
static sim_distribution length_of(int64_t mean, int64_t shape)
{
    if (shape == 0) {
        return (sim_distribution){.kind = SIM_EXPONENTIAL, .scale = mean};
    }
    if (shape <= SHAPE_LOGNORMAL_MAX) {
        return (sim_distribution){.kind = SIM_LOGNORMAL,
                                  .scale = sim_distribution_median_of_mean(mean, shape),
                                  .shape = shape};
    }
    shape = shape < SHAPE_PARETO_MIN ? SHAPE_PARETO_MIN : shape;
    return (sim_distribution){
        .kind = SIM_PARETO, .scale = mean / shape * (shape - 10000), .shape = shape / 10};
}

/* false: there was no memory, the world is broken. */
static bool make_spells(sim_link *link)
{
    sim_world *world = link->world;
    const char *name = link->up.host;
    link->spells = sy_arena_push_zeroed(&world->arena, SIM_SPELL_COUNT * sizeof *link->spells);
    if (link->spells == NULL) {
        world->broken = SY_NOMEM;
        return false;
    }
    for (size_t i = 0; i < SIM_SPELL_COUNT; i++) {
        const bool shared = i == SIM_SPELL_OUTAGE && link->group != NULL;
        link->spells[i] = (sim_outages){
            .world = world,
            .stream = sim_stream_of(world->choice, shared ? link->group : name, kinds[i].purpose),
            .label = &labels[i],
            .changed = kinds[i].changed,
            .self = link};
    }
    return true;
}

void sim_link_set_spells(sim_link *link)
{
    bool comes = false;
    for (size_t i = 0; i < SIM_SPELL_COUNT; i++) {
        comes = comes || dial(link, kinds[i].every_at) > 0;
        if (link->spells != NULL) {
            sim_outages_stop(&link->spells[i]);
        }
    }
    if (!comes || (link->spells == NULL && !make_spells(link))) {
        return;
    }
    for (size_t i = 0; i < SIM_SPELL_COUNT; i++) {
        const int64_t every = dial(link, kinds[i].every_at);
        const int64_t lasting = dial(link, kinds[i].lasting_at);
        const int64_t shape = i == SIM_SPELL_OUTAGE ? link->weather.outage_shape : 0;
        if (every > 0) {
            sim_outages_start(&link->spells[i], length_of(every, 0),
                              length_of(lasting > 0 ? lasting : kinds[i].lasting_ns, shape));
        }
    }
}

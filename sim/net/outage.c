/* The time line is a chain: gap 1, outage 1, gap 2, outage 2... A gap is drawn so that 0 is the
 * longest one. An event that comes before anything is due does nothing: it was on its way when the
 * process stopped. */
#include "sim/net/outage.h"

static const sim_label gap_label = {.name = "gap",
                                    .choice_class = SIM_WEATHER,
                                    .bound = SIM_DRAW_BOUND,
                                    .key_parts = {"number", "of"},
                                    .representatives = sim_draw_representatives,
                                    .representative_count = SIM_DRAW_REPRESENTATIVE_COUNT};

static sy_time add(sy_time at, sy_time more)
{
    return more > SY_TIME_MAX - at ? SY_TIME_MAX : at + more;
}

/* Where the next one lies; one that does not come is a moment without length. */
static void draw_next(sim_outages *o)
{
    o->number++;
    const sim_key key = SIM_KEY(o->number, sim_label_hash(o->label));
    const uint64_t gap = sim_choose(&o->stream, &gap_label, key, SIM_DRAW_BOUND);
    const uint64_t drawn = sim_choose(&o->stream, o->label, SIM_KEY(o->number), SIM_DRAW_BOUND + 1);
    o->from = add(o->until, sim_distribution_quantile(&o->gap, SIM_DRAW_BOUND - 1 - gap));
    o->until =
        drawn == 0 ? o->from : add(o->from, sim_distribution_quantile(&o->length, drawn - 1));
}

static void advance(sim_outages *o);

static void fires(void *self)
{
    sim_outages *o = self;
    if (o->active && o->due <= o->world->now) {
        advance(o);
    }
}

static void change(sim_outages *o, bool inside)
{
    if (o->inside != inside) {
        o->inside = inside;
        o->changed(o->self, inside);
    }
}

/* Past all that lies behind; what comes next is due. */
static void advance(sim_outages *o)
{
    const sy_time now = o->world->now;
    while (o->until <= now) {
        /* A chain that does not move would never end. */
        const sy_time before = o->until;
        draw_next(o);
        if (o->until == before) {
            o->until = add(before, 1);
        }
    }
    change(o, o->from <= now);
    o->due = o->inside ? o->until : o->from;
    if (o->due < SY_TIME_MAX) {
        sim_world_at(o->world, o->due, fires, o);
    }
}

void sim_outages_start(sim_outages *o, sim_distribution gap, sim_distribution length)
{
    o->gap = gap;
    o->length = length;
    o->active = true;
    o->number = 0;
    o->from = 0;
    o->until = 0;
    draw_next(o);
    advance(o);
}

void sim_outages_stop(sim_outages *o)
{
    o->active = false;
    o->due = SY_TIME_MAX;
    change(o, false);
}

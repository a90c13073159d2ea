/* The first entry of the queue is asked, for each that may go before it in order of time, whether
 * it is overtaken; the first that does is taken out. The question stands again until the first
 * entry goes, with the same answers. */
#include "sim/kernel/order.h"

#include "core/base/hash.h"
#include "sim/kernel/world.h"

#include <stdlib.h>
#include <string.h>

typedef struct candidate {
    sim_entry entry;
    sim_identity identity;
} candidate;

struct sim_order {
    sy_time window_ns;
    sim_stream stream;
    candidate items[SIM_ORDER_CANDIDATE_COUNT_MAX];
    size_t count;
    uint64_t steps; /* that had a choice */
    uint64_t driver_chain;
    /* PCT */
    uint64_t number;
    uint32_t depth; /* 0: off */
    uint64_t change_at[SIM_ORDER_DEPTH_MAX];
    uint32_t fallen[SIM_ORDER_DEPTH_MAX]; /* hosts, from the lowest priority */
    uint32_t fallen_count;
};

static const sim_label overtakes_label = {
    .name = "overtakes", .choice_class = SIM_WEATHER, .bound = 2, .key_parts = {"event", "by"}};
static const sim_label priority_label = {.name = "priority", .choice_class = SIM_WORKLOAD};
static const sim_label change_label = {.name = "priority-change", .choice_class = SIM_WORKLOAD};

/* -- what entries are -- */

static const sim_source *source_of(const sim_world *world, sim_fire fire)
{
    for (uint32_t i = 0; i < world->source_count; i++) {
        for (const sim_source *at = world->sources[i]; at->fire != NULL; at++) {
            if (at->fire == fire) {
                return at;
            }
        }
    }
    return NULL;
}

bool sim_order_identify(const sim_world *world, const sim_entry *entry, sim_identity *out,
                        const char **what)
{
    const sim_source *source = source_of(world, entry->fire);
    if (source == NULL) {
        return false;
    }
    *out = (sim_identity){.host = 0};
    source->identify(entry->self, out);
    out->id = sy_hash_mix(sy_hash_mix(out->id, out->host),
                          sy_hash(source->what, strlen(source->what), 0));
    if (what != NULL) {
        *what = source->what;
    }
    return true;
}

/* -- candidates -- */

static bool before(const sim_entry *a, const sim_entry *b)
{
    return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

/* Keeps the first of them, in order. */
static void insert(sim_order *order, const candidate *item)
{
    size_t at = order->count;
    while (at > 0 && before(&item->entry, &order->items[at - 1].entry)) {
        at--;
    }
    if (at == SIM_ORDER_CANDIDATE_COUNT_MAX) {
        return;
    }
    order->count += order->count < SIM_ORDER_CANDIDATE_COUNT_MAX ? 1 : 0;
    for (size_t i = order->count - 1; i > at; i--) {
        order->items[i] = order->items[i - 1];
    }
    order->items[at] = *item;
}

static void add_entry(const sim_world *world, const sim_entry *entry, const sim_entry *first,
                      sy_time until)
{
    candidate item = {.entry = *entry};
    if (entry->time <= until && entry->sequence != first->sequence &&
        sim_order_identify(world, entry, &item.identity, NULL)) {
        insert(world->order, &item);
    }
}

static sy_time window_end(const sim_order *order, sy_time from, sy_time until)
{
    const bool far = order->window_ns > SY_TIME_MAX - from;
    const sy_time end = far ? SY_TIME_MAX : from + order->window_ns;
    return end < until ? end : until;
}

/* All that may go before `first`, in order. */
static void gather(const sim_world *world, const sim_entry *first, sy_time until)
{
    const sim_event_queue *queue = &world->queue;
    const sy_time end = window_end(world->order, first->time, until);
    world->order->count = 0;
    for (size_t i = 0; i < queue->heap_count; i++) {
        add_entry(world, &queue->heap[i], first, end);
    }
    for (uint32_t i = 0; i < queue->at_once_count; i++) {
        add_entry(world, &queue->at_once[(queue->at_once_first + i) % SIM_AT_ONCE_COUNT], first,
                  end);
    }
}

static bool may_swap(const sim_identity *a, const sim_identity *b)
{
    return a->host != b->host || a->loose || b->loose;
}

/* -- PCT -- */

static uint64_t priority_of(const sim_order *order, uint32_t host)
{
    for (uint32_t i = 0; i < order->fallen_count; i++) {
        if (order->fallen[i] == host) {
            return order->fallen_count - 1 - i;
        }
    }
    return SIM_ORDER_DEPTH_MAX +
           (sim_choose_bits(&order->stream, &priority_label, SIM_KEY(order->number, host)) >> 1);
}

/* Which of the candidates goes first; count: the first entry itself. */
static size_t wanted(const sim_order *order, const sim_identity *first)
{
    size_t best = order->count;
    uint64_t highest = priority_of(order, first->host);
    for (size_t i = 0; i < order->count; i++) {
        const uint64_t priority = priority_of(order, order->items[i].identity.host);
        if (priority > highest && may_swap(first, &order->items[i].identity)) {
            highest = priority;
            best = i;
        }
    }
    return best;
}

static void fall(sim_order *order, uint32_t host)
{
    for (uint32_t i = 0; i + 1 < order->depth; i++) {
        if (order->change_at[i] == order->steps && order->fallen_count < SIM_ORDER_DEPTH_MAX) {
            order->fallen[order->fallen_count++] = host;
        }
    }
}

void sim_order_random(sim_world *world, uint64_t number, uint32_t depth, uint64_t steps)
{
    sim_order *order = world->order;
    SY_ASSERT(order != NULL && depth <= SIM_ORDER_DEPTH_MAX);
    order->number = number;
    order->depth = depth;
    for (uint64_t i = 0; i + 1 < depth; i++) {
        const uint64_t bits = sim_choose_bits(&order->stream, &change_label, SIM_KEY(number, i));
        order->change_at[i] = 1 + bits % (steps > 0 ? steps : 1);
    }
}

/* -- the step -- */

/* The index of who overtakes the first; count: nobody. */
static size_t overtaker(sim_order *order, const sim_identity *first)
{
    const size_t natural = order->depth > 0 ? wanted(order, first) : order->count;
    for (size_t i = 0; i < order->count; i++) {
        const sim_identity *other = &order->items[i].identity;
        if (may_swap(first, other) &&
            sim_choose_else(&order->stream, &overtakes_label, &SIM_KEY(first->id, other->id), 2,
                            i == natural ? 1 : 0) != 0) {
            return i;
        }
    }
    return order->count;
}

/* What goes instead of the first entry; NULL: nothing does. */
static const candidate *choose(sim_world *world, const sim_entry *first,
                               const sim_identity *identity, sy_time until)
{
    sim_order *order = world->order;
    gather(world, first, until);
    order->steps += order->count > 0 ? 1 : 0;
    const size_t by = overtaker(order, identity);
    if (order->depth > 0 && order->count > 0) {
        fall(order, by < order->count ? order->items[by].identity.host : identity->host);
    }
    return by < order->count ? &order->items[by] : NULL;
}

bool sim_order_take(sim_world *world, sy_time until, sim_entry *out)
{
    sim_order *order = world->order;
    const sim_entry *first = sim_event_queue_first(&world->queue);
    sim_identity identity;
    if (first == NULL || first->time > until ||
        !sim_order_identify(world, first, &identity, NULL)) {
        return sim_event_queue_pop_until(&world->queue, until, out);
    }
    const candidate *by =
        order->window_ns >= 0 && !world->calm ? choose(world, first, &identity, until) : NULL;
    const sim_identity *goes = by != NULL ? &by->identity : &identity;
    if (goes->host == SIM_HOST_WORLD) {
        order->driver_chain = sy_hash_mix(order->driver_chain, goes->id);
    }
    if (by == NULL) {
        return sim_event_queue_pop_until(&world->queue, until, out);
    }
    *out = by->entry;
    sim_event_queue_remove(&world->queue, out->sequence);
    return true;
}

uint64_t sim_order_driver_chain(const sim_world *world)
{
    return world->order->driver_chain;
}

uint64_t sim_order_steps(const sim_world *world)
{
    return world->order->steps;
}

sy_rc sim_order_open(sim_world *world, sy_time window_ns)
{
    SY_ASSERT(world->order == NULL);
    world->order = sy_alloc_zeroed(world->alloc, sizeof *world->order);
    if (world->order == NULL) {
        return SY_NOMEM;
    }
    world->order->window_ns = window_ns;
    world->order->stream = sim_stream_of(world->choice, "world", "order");
    return SY_OK;
}

void sim_order_close(sim_world *world)
{
    if (world->order != NULL) {
        sy_alloc_free(world->alloc, world->order, sizeof *world->order);
        world->order = NULL;
    }
}

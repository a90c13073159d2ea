/* The world: virtual time, what happens next, the choice, the trace, the messages. Owns everything
 * of one run. */
#ifndef SIM_KERNEL_WORLD_H
#define SIM_KERNEL_WORLD_H

#include "core/base/check.h"
#include "sim/kernel/choice.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/events.h"
#include "sim/kernel/message.h"
#include "sim/kernel/order.h"
#include "sim/kernel/trace.h"

#define SIM_SOURCE_TABLE_COUNT_MAX 12

typedef struct sim_world {
    sy_alloc alloc;
    sy_arena arena; /* lives as long as the world */
    sy_time now;    /* virtual */
    sim_event_queue queue;
    sim_choice *choice;
    sim_trace *trace;
    sim_message_pool messages;
    sim_order *order;                                      /* NULL: events come in order of time */
    const sim_source *sources[SIM_SOURCE_TABLE_COUNT_MAX]; /* what the queue's entries are */
    uint32_t source_count;
    bool calm;    /* settle: weather is over, every link and host is as good as it gets */
    sy_rc broken; /* SY_NOMEM and the like: the run can't go on */
} sim_world;

sy_rc sim_world_init(sim_world *world, sy_alloc alloc, uint64_t seed, bool calm, sy_err *err);
void sim_world_deinit(sim_world *world);

/* What some entries of the queue are, for whoever chooses or shows their order; once for each
 * table.
 */
void sim_world_know(sim_world *world, const sim_source *sources);

/* Fires at virtual time `at` (not before now, unless the order is chosen, in which things may be
 * late). An allocation that fails breaks the world. */
static inline void sim_world_at(sim_world *world, sy_time at, sim_fire fire, void *self)
{
    SY_ASSERT(at >= world->now || world->order != NULL);
    at = at >= world->now ? at : world->now;
    if (sim_event_queue_push(&world->queue, at, fire, self) != SY_OK) {
        world->broken = SY_NOMEM;
    }
}
static inline void sim_world_after(sim_world *world, sy_time delay_ns, sim_fire fire, void *self)
{
    SY_ASSERT(delay_ns >= 0);
    sim_world_at(world, delay_ns > SY_TIME_MAX - world->now ? SY_TIME_MAX : world->now + delay_ns,
                 fire, self);
}
/* Fires the next event. false: nothing to fire, or the next one lies after `until`, or the world is
 * broken. */
bool sim_world_step(sim_world *world, sy_time until);

static inline void sim_world_emit(sim_world *world, uint32_t host, const sy_event_kind *kind,
                                  const sy_value *fields)
{
    if (!sim_trace_emit(world->trace, world->now, host, kind, fields)) {
        world->broken = SY_NOMEM;
    }
}
#define sim_trace_event(world, host, kind, ...)                                                    \
    sim_world_emit((world), (host), (kind), (const sy_value[]){__VA_ARGS__})

#endif

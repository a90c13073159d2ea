/* Virtual time moves only in sim_world_step, and only forwards: to the time of the entry that
 * fires. */
#include "sim/kernel/world.h"

#include "core/base/check.h"

sy_rc sim_world_init(sim_world *world, sy_alloc alloc, uint64_t seed, bool calm, sy_err *err)
{
    *world = (sim_world){.alloc = alloc};
    sy_arena_init(&world->arena, alloc);
    sim_event_queue_init(&world->queue, alloc);
    sim_message_pool_init(&world->messages, alloc);
    world->choice = sim_choice_new(alloc, seed, calm);
    world->trace = sim_trace_new(alloc);
    if (world->choice == NULL || world->trace == NULL) {
        sim_world_deinit(world);
        return sy_fail_nomem(err);
    }
    return SY_OK;
}

void sim_world_deinit(sim_world *world)
{
    sim_event_queue_deinit(&world->queue);
    sim_message_pool_deinit(&world->messages);
    sim_trace_free(world->trace);
    sim_choice_free(world->choice);
    sy_arena_deinit(&world->arena);
    *world = (sim_world){.alloc = world->alloc};
}

void sim_world_at(sim_world *world, sy_time at, sim_fire fire, void *self)
{
    SY_ASSERT(at >= world->now);
    sy_rc rc = sim_event_queue_push(&world->queue, at, fire, self);
    if (rc != SY_OK) {
        world->broken = rc;
    }
}

void sim_world_after(sim_world *world, sy_time delay_ns, sim_fire fire, void *self)
{
    SY_ASSERT(delay_ns >= 0);
    sy_time at = delay_ns > SY_TIME_MAX - world->now ? SY_TIME_MAX : world->now + delay_ns;
    sim_world_at(world, at, fire, self);
}

bool sim_world_step(sim_world *world, sy_time until)
{
    const sim_entry *first = sim_event_queue_first(&world->queue);
    if (first == NULL || first->time > until || world->broken != SY_OK) {
        return false;
    }
    sim_entry entry;
    (void)sim_event_queue_pop(&world->queue, &entry);
    world->now = entry.time;
    entry.fire(entry.self);
    return true;
}

void sim_world_emit(sim_world *world, uint32_t host, const sy_event_kind *kind,
                    const sy_value *fields)
{
    if (!sim_trace_emit(world->trace, world->now, host, kind, fields)) {
        world->broken = SY_NOMEM;
    }
}

static void tracer_emit(void *self, const sy_event_kind *kind, const sy_value *fields)
{
    const sim_tracer *tracer = self;
    sim_world_emit(tracer->world, tracer->host, kind, fields);
}

sy_tracer sim_tracer_port(sim_tracer *tracer)
{
    static const sy_tracer_ops ops = {.emit = tracer_emit};
    return (sy_tracer){.ops = &ops, .self = tracer};
}

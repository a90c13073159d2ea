/* Virtual time moves only in sim_world_step, and only forwards: to the time of the entry that
 * fires. */
#include "sim/kernel/world.h"

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

bool sim_world_step(sim_world *world, sy_time until)
{
    sim_entry entry;
    if (world->broken != SY_OK || !sim_event_queue_pop_until(&world->queue, until, &entry)) {
        return false;
    }
    world->now = entry.time;
    entry.fire(entry.self);
    return true;
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

/* Virtual time moves only in sim_world_step, and only forwards: to the time of the entry that
 * fires, unless that was overtaken by a later one. */
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
    sim_order_close(world);
    sim_event_queue_deinit(&world->queue);
    sim_message_pool_deinit(&world->messages);
    sim_trace_free(world->trace);
    sim_choice_free(world->choice);
    sy_arena_deinit(&world->arena);
    *world = (sim_world){.alloc = world->alloc};
}

void sim_world_know(sim_world *world, const sim_source *sources)
{
    for (uint32_t i = 0; i < world->source_count; i++) {
        if (world->sources[i] == sources) {
            return;
        }
    }
    SY_ASSERT(world->source_count < SIM_SOURCE_TABLE_COUNT_MAX);
    world->sources[world->source_count++] = sources;
}

bool sim_world_step(sim_world *world, sy_time until)
{
    sim_entry entry;
    if (world->broken != SY_OK ||
        !(world->order == NULL ? sim_event_queue_pop_until(&world->queue, until, &entry)
                               : sim_order_take(world, until, &entry))) {
        return false;
    }
    world->now = entry.time >= world->now ? entry.time : world->now;
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

#include "sim/host/slots.h"

#include <string.h>

/* The moment of the minute, in milliseconds. */
static const sim_label moment_label = {
    .name = "moment",
    .choice_class = SIM_WEATHER,
    .bound = SIM_SLOT_NS / SY_MS,
    .key_parts = {"minute"},
    .representatives = (const uint64_t[]){0, 1000, 30000},
    .representative_count = 3,
};

static uint32_t rate_of(const sim_slots *slots, const sim_slot_fault *fault)
{
    int64_t rate = 0;
    memcpy(&rate, (const char *)slots->weather + fault->rate_at, sizeof rate);
    return (uint32_t)rate;
}

static void strike(void *self);

static void await_next(sim_slots *slots)
{
    const uint64_t ms = sim_choose(&slots->stream, &moment_label, SIM_KEY(slots->slot),
                                   (uint64_t)(SIM_SLOT_NS / SY_MS));
    sim_world_at(slots->world, (sy_time)slots->slot * SIM_SLOT_NS + (sy_time)ms * SY_MS, strike,
                 slots);
}

static void strike(void *self)
{
    sim_slots *slots = self;
    if (slots->world->calm) {
        return;
    }
    const uint64_t slot = slots->slot++;
    for (const sim_slot_fault *fault = slots->faults; fault->label != NULL; fault++) {
        const uint32_t rate = rate_of(slots, fault);
        if (rate > 0 && sim_choose_permille(&slots->stream, fault->label, SIM_KEY(slot), rate)) {
            fault->act(slots->self, slot);
        }
    }
    await_next(slots);
}

void sim_slots_begin(sim_slots *slots, sim_world *world, const char *host_name,
                     const sim_slot_fault *faults, const void *weather, void *self)
{
    *slots = (sim_slots){.world = world,
                         .stream = sim_stream_of(world->choice, host_name, "host"),
                         .faults = faults,
                         .weather = weather,
                         .self = self,
                         .slot = (uint64_t)((world->now + SIM_SLOT_NS - 1) / SIM_SLOT_NS)};
    for (const sim_slot_fault *fault = faults; fault->label != NULL; fault++) {
        if (rate_of(slots, fault) > 0) {
            await_next(slots);
            return;
        }
    }
}

sy_time sim_slots_draw(const sim_slots *slots, const sim_label *label, uint64_t slot, sy_time limit,
                       sy_time step)
{
    if (limit <= 0) {
        return 0;
    }
    return (sy_time)sim_choose(&slots->stream, label, SIM_KEY(slot), (uint64_t)(limit / step) + 1) *
           step;
}

sy_time sim_slots_draw_signed(const sim_slots *slots, const sim_label *label, uint64_t slot,
                              sy_time limit, sy_time step)
{
    if (limit <= 0) {
        return 0;
    }
    const uint64_t chosen =
        sim_choose(&slots->stream, label, SIM_KEY(slot), 2 * (uint64_t)(limit / step) + 1);
    const sy_time size = (sy_time)((chosen + 1) / 2) * step;
    return chosen % 2 == 1 ? size : -size;
}

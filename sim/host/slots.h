/* Faults of a machine that are drawn by time: once in each minute, at a moment of it, each kind
 * happens or does not. What happens depends on the host and the minute and on nothing else, so two
 * runs that differ in what the app or its policy does have the same faults. */
#ifndef SIM_HOST_SLOTS_H
#define SIM_HOST_SLOTS_H

#include "sim/kernel/world.h"

#define SIM_SLOT_NS SY_MINUTE

typedef struct sim_slot_fault {
    const sim_label *label; /* NULL ends a table */
    size_t rate_at;         /* of an int64_t in the weather: per mille of the minutes */
    void (*act)(void *self, uint64_t slot);
} sim_slot_fault;

typedef struct sim_slots {
    sim_world *world;
    sim_stream stream;
    const sim_slot_fault *faults;
    const void *weather; /* borrowed */
    void *self;          /* of the acts */
    uint64_t slot;       /* the next */
} sim_slots;

/* From the first minute that is to come whole, until weather is over. Nothing is drawn when all
 * rates are 0. The slots stay where they are. */
void sim_slots_begin(sim_slots *slots, sim_world *world, const char *host_name,
                     const sim_slot_fault *faults, const void *weather, void *self);

/* 0..limit in steps of `step`; 0 is calm. `limit` <= 0: nothing is drawn. */
sy_time sim_slots_draw(const sim_slots *slots, const sim_label *label, uint64_t slot, sy_time limit,
                       sy_time step);
/* The same, either way: -limit..limit. */
sy_time sim_slots_draw_signed(const sim_slots *slots, const sim_label *label, uint64_t slot,
                              sy_time limit, sy_time step);

#endif

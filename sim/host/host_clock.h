/* What happens to the clock of a host, told to the trace. */
#ifndef SIM_HOST_HOST_CLOCK_H
#define SIM_HOST_HOST_CLOCK_H

#include "sim/kernel/clock.h"
#include "sim/kernel/world.h"

typedef enum sim_clock_change {
    SIM_CLOCK_STEP,  /* by so many ns */
    SIM_CLOCK_SET,   /* to this calendar time */
    SIM_CLOCK_DRIFT, /* ppm; ends a slew */
    SIM_CLOCK_SLEW,  /* ppm, 1 or more: to the truth, at this rate */
    SIM_CLOCK_ZONE,  /* local time minus UTC, ns; what is stored in UTC does not change */
    SIM_CLOCK_CHANGE_COUNT
} sim_clock_change;

/* "step", "set", "drift", "slew", "zone" */
const char *sim_clock_change_name(sim_clock_change change);
void sim_host_clock_change(sim_world *world, uint32_t host, sim_clock *clock,
                           sim_clock_change change, int64_t value);

#endif

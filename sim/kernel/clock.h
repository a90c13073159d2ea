/* A host's clock over virtual time: offset, drift, steps, resolution. Integer arithmetic. */
#ifndef SIM_KERNEL_CLOCK_H
#define SIM_KERNEL_CLOCK_H

#include "core/port/clock.h"

struct sim_world;

typedef struct sim_clock {
    const struct sim_world *world;
    sy_time offset_ns;     /* shown minus true, at `since` */
    sy_time since;         /* virtual time at which the drift began to count */
    int64_t drift_ppm;     /* shown seconds gain this many millionths */
    sy_time resolution_ns; /* >= 1: what it shows is a multiple of it */
} sim_clock;

void sim_clock_init(sim_clock *clock, const struct sim_world *world);
sy_time sim_clock_now(const sim_clock *clock); /* calendar */
/* Changes the drift from now on; what was gained so far stays. Kept within +-1,000,000 (stands
 * still, twice as fast). */
void sim_clock_set_drift(sim_clock *clock, int64_t ppm);
/* Jumps by `step` now (the user set the date, NTP stepped). */
void sim_clock_step(sim_clock *clock, sy_time step_ns);
sy_clock sim_clock_port(sim_clock *clock);

#endif

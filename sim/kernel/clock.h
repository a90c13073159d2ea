/* A host's clock over virtual time: offset, drift, steps, slew, resolution. Integer arithmetic. */
#ifndef SIM_KERNEL_CLOCK_H
#define SIM_KERNEL_CLOCK_H

#include "core/port/clock.h"

struct sim_world;

typedef struct sim_clock {
    const struct sim_world *world;
    sy_time offset_ns;     /* shown minus true, at `since` */
    sy_time since;         /* virtual time at which the drift began to count */
    int64_t drift_ppm;     /* shown seconds gain this many millionths */
    int64_t slew_ppm;      /* > 0: the offset goes to 0 at this rate and stays there; no drift */
    bool stands;           /* it shows what it showed at `since` */
    sy_time zone_ns;       /* local time minus UTC: what a clock on the wall adds */
    sy_time resolution_ns; /* >= 1: what it shows is a multiple of it */
} sim_clock;

void sim_clock_init(sim_clock *clock, const struct sim_world *world);
sy_time sim_clock_now(const sim_clock *clock); /* calendar */
/* Changes the drift from now on and ends a slew; what was gained so far stays. Kept within
 * +-1,000,000 (stands still, twice as fast). */
void sim_clock_set_drift(sim_clock *clock, int64_t ppm);
/* Jumps by `step` now (NTP stepped). */
void sim_clock_step(sim_clock *clock, sy_time step_ns);
/* Shows `calendar` now (the user set the date). */
void sim_clock_set(sim_clock *clock, sy_time calendar);
/* NTP slews: from now on the offset shrinks by `ppm` (1 to 1,000,000; NTP: 500) until the clock is
 * true, and then it stays true. */
void sim_clock_slew(sim_clock *clock, int64_t ppm);
/* Stands still (a virtual machine is suspended), and goes on from there: behind by the time that it
 * stood. */
void sim_clock_stand(sim_clock *clock, bool stands);
sy_clock sim_clock_port(sim_clock *clock);

#endif

/* The real machine's clocks. */
#ifndef SIM_SERVE_REAL_TIME_H
#define SIM_SERVE_REAL_TIME_H

#include "core/port/clock.h"

/* Counts from anywhere, never back. */
int64_t sim_real_monotonic_ns(void);
/* The date. */
sy_clock sim_real_clock(void);

#endif

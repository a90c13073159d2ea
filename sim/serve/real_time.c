/* The real machine's clocks. */
#define _POSIX_C_SOURCE 200809L
#include "sim/serve/real_time.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SY_SECOND + now.tv_nsec;
}

int64_t sim_real_monotonic_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static sy_time now(void *self)
{
    (void)self;
    return read_clock(CLOCK_REALTIME);
}

sy_clock sim_real_clock(void)
{
    static const sy_clock_ops ops = {.now = now};
    return (sy_clock){.ops = &ops};
}

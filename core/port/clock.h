/* The clock port: the calendar time that this host's clock shows, which may be wrong. */
#ifndef SY_PORT_CLOCK_H
#define SY_PORT_CLOCK_H

#include "core/base/time.h"

typedef struct sy_clock_ops {
    sy_time (*now)(void *self); /* calendar, nanoseconds; may go backwards */
    /* Local time minus UTC where the host is now. NULL: it is at UTC. */
    sy_time (*zone_ns)(void *self);
} sy_clock_ops;

typedef struct sy_clock {
    const sy_clock_ops *ops;
    void *self;
} sy_clock;

static inline sy_time sy_clock_now(sy_clock clock)
{
    return clock.ops->now(clock.self);
}

static inline sy_time sy_clock_zone_ns(sy_clock clock)
{
    return clock.ops->zone_ns != NULL ? clock.ops->zone_ns(clock.self) : 0;
}

#endif

#include "sim/host/host_clock.h"

static const char *const names[SIM_CLOCK_CHANGE_COUNT] = {
    [SIM_CLOCK_STEP] = "step", [SIM_CLOCK_SET] = "set",   [SIM_CLOCK_DRIFT] = "drift",
    [SIM_CLOCK_SLEW] = "slew", [SIM_CLOCK_ZONE] = "zone",
};

const char *sim_clock_change_name(sim_clock_change change)
{
    return names[change];
}

void sim_host_clock_change(sim_world *world, uint32_t host, sim_clock *clock,
                           sim_clock_change change, int64_t value)
{
    switch (change) {
    case SIM_CLOCK_STEP:
        sim_clock_step(clock, value);
        break;
    case SIM_CLOCK_SET:
        sim_clock_set(clock, value);
        break;
    case SIM_CLOCK_DRIFT:
        sim_clock_set_drift(clock, value);
        break;
    case SIM_CLOCK_SLEW:
        sim_clock_slew(clock, value);
        break;
    case SIM_CLOCK_ZONE:
        clock->zone_ns = value;
        break;
    case SIM_CLOCK_CHANGE_COUNT:
        return;
    }
    sim_trace_event(world, host, &sim_event_clock, sy_cstr(sim_trace_host(world->trace, host)),
                    sy_cstr(names[change]), sy_int(value));
}

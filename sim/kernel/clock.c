/* What a host's clock shows: true calendar time + offset + what the drift gained since it began to
 * count, cut to the resolution. Every change first banks what was gained, so that a clock never
 * jumps except by a step. */
#include "sim/kernel/clock.h"

#include "sim/kernel/world.h"

#define MILLION INT64_C(1000000)

/* floor(elapsed * ppm / 1e6) without a 128-bit product: elapsed = q * 1e6 + r gives q * ppm +
 * floor(r * ppm / 1e6). */
static sy_time gained(sy_time elapsed, int64_t ppm)
{
    sy_time whole = elapsed / MILLION * ppm;
    sy_time part = elapsed % MILLION * ppm;
    sy_time floored = part / MILLION - (part % MILLION < 0 ? 1 : 0);
    return whole + floored;
}

static void bank(sim_clock *clock)
{
    clock->offset_ns += gained(clock->world->now - clock->since, clock->drift_ppm);
    clock->since = clock->world->now;
}

void sim_clock_init(sim_clock *clock, const struct sim_world *world)
{
    *clock = (sim_clock){.world = world, .since = world->now, .resolution_ns = 1};
}

sy_time sim_clock_now(const sim_clock *clock)
{
    sy_time now = clock->world->now;
    sy_time shown = SY_WORLD_EPOCH + now + clock->offset_ns;
    if (clock->drift_ppm != 0) {
        shown += gained(now - clock->since, clock->drift_ppm);
    }
    return clock->resolution_ns > 1 ? sy_time_truncate(shown, clock->resolution_ns) : shown;
}

void sim_clock_set_drift(sim_clock *clock, int64_t ppm)
{
    bank(clock);
    clock->drift_ppm = ppm < -MILLION ? -MILLION : (ppm > MILLION ? MILLION : ppm);
}

void sim_clock_step(sim_clock *clock, sy_time step_ns)
{
    clock->offset_ns += step_ns;
}

static sy_time port_now(void *self)
{
    return sim_clock_now(self);
}

sy_clock sim_clock_port(sim_clock *clock)
{
    static const sy_clock_ops ops = {.now = port_now};
    return (sy_clock){.ops = &ops, .self = clock};
}

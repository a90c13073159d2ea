/* What a host's clock shows: true calendar time + offset + what the drift gained since it began to
 * count (or what a slew mended of the offset, or minus the time that the clock stood), cut to the
 * resolution. Every change first banks what was gained, so that a clock never jumps except by a
 * step, or by being set. */
#include "sim/kernel/clock.h"

#include "core/base/check.h"
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

/* Shown minus true, now. */
static sy_time offset_now(const sim_clock *clock)
{
    sy_time elapsed = clock->world->now - clock->since;
    sy_time offset = clock->offset_ns;
    if (clock->stands) {
        return offset - elapsed;
    }
    if (clock->slew_ppm == 0) {
        return clock->drift_ppm == 0 ? offset : offset + gained(elapsed, clock->drift_ppm);
    }
    sy_time mended = gained(elapsed, clock->slew_ppm);
    if (offset > 0) {
        return offset > mended ? offset - mended : 0;
    }
    return offset < -mended ? offset + mended : 0;
}

static void bank(sim_clock *clock)
{
    clock->offset_ns = offset_now(clock);
    clock->since = clock->world->now;
}

void sim_clock_init(sim_clock *clock, const struct sim_world *world)
{
    *clock = (sim_clock){.world = world, .since = world->now, .resolution_ns = 1};
}

sy_time sim_clock_now(const sim_clock *clock)
{
    sy_time shown = SY_WORLD_EPOCH + clock->world->now + offset_now(clock);
    return clock->resolution_ns > 1 ? sy_time_truncate(shown, clock->resolution_ns) : shown;
}

void sim_clock_set_drift(sim_clock *clock, int64_t ppm)
{
    bank(clock);
    clock->slew_ppm = 0;
    clock->drift_ppm = ppm < -MILLION ? -MILLION : (ppm > MILLION ? MILLION : ppm);
}

void sim_clock_step(sim_clock *clock, sy_time step_ns)
{
    bank(clock);
    clock->offset_ns += step_ns;
}

void sim_clock_set(sim_clock *clock, sy_time calendar)
{
    bank(clock);
    clock->offset_ns = calendar - SY_WORLD_EPOCH - clock->world->now;
}

void sim_clock_slew(sim_clock *clock, int64_t ppm)
{
    SY_ASSERT(ppm > 0);
    bank(clock);
    clock->drift_ppm = 0;
    clock->slew_ppm = ppm > MILLION ? MILLION : ppm;
}

void sim_clock_stand(sim_clock *clock, bool stands)
{
    bank(clock);
    clock->stands = stands;
}

static sy_time port_now(void *self)
{
    return sim_clock_now(self);
}

static sy_time port_zone_ns(void *self)
{
    const sim_clock *clock = self;
    return clock->zone_ns;
}

sy_clock sim_clock_port(sim_clock *clock)
{
    static const sy_clock_ops ops = {.now = port_now, .zone_ns = port_zone_ns};
    return (sy_clock){.ops = &ops, .self = clock};
}

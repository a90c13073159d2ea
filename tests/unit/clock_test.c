#include "sim/kernel/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/kernel/world.h"

static void a_clock_shows_calendar_time(void **state)
{
    (void)state;
    sim_world world = {.now = 5 * SY_SECOND};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + 5 * SY_SECOND);
    sim_clock_step(&clock, -SY_HOUR);
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + 5 * SY_SECOND - SY_HOUR);
}

static void drift_gains_millionths(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_set_drift(&clock, 40);
    world.now = 10 * SY_SECOND;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now + 400 * SY_US);
    world.now = INT64_C(30) * 365 * SY_DAY;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now + world.now / 1000000 * 40);
}

static void a_slow_clock_loses_towards_the_past(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_set_drift(&clock, -3);
    world.now = 1;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH);
    world.now = SY_SECOND;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + SY_SECOND - 3000);
}

static void a_change_of_drift_keeps_what_was_gained(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_set_drift(&clock, 1000);
    world.now = SY_SECOND;
    sim_clock_set_drift(&clock, 0);
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + SY_SECOND + SY_MS);
    world.now = SY_HOUR;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + SY_HOUR + SY_MS);
}

static void a_clock_shows_multiples_of_its_resolution(void **state)
{
    (void)state;
    sim_world world = {.now = 1999999};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    clock.resolution_ns = SY_MS;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + SY_MS);
    assert_int_equal(sy_clock_now(sim_clock_port(&clock)), SY_WORLD_EPOCH + SY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_shows_calendar_time),
        cmocka_unit_test(drift_gains_millionths),
        cmocka_unit_test(a_slow_clock_loses_towards_the_past),
        cmocka_unit_test(a_change_of_drift_keeps_what_was_gained),
        cmocka_unit_test(a_clock_shows_multiples_of_its_resolution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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

static void a_slew_goes_to_the_truth_and_stays_there(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_set_drift(&clock, 100);
    sim_clock_step(&clock, SY_SECOND);
    sim_clock_slew(&clock, 500);
    world.now = 1000 * SY_SECOND;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now + SY_SECOND / 2);
    world.now = 2000 * SY_SECOND;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now);
    world.now = SY_DAY; /* no drift any more */
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now);
    sim_clock_step(&clock, -SY_MS);
    world.now += SY_SECOND;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now - SY_MS + 500 * SY_US);
    world.now += SY_DAY;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + world.now);
}

static void a_slew_never_goes_backwards(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_step(&clock, SY_MINUTE);
    sim_clock_slew(&clock, 2000000); /* kept at a million: it stands until it is true */
    sy_time last = sim_clock_now(&clock);
    for (int i = 0; i < 100; i++) {
        world.now += SY_SECOND;
        assert_true(sim_clock_now(&clock) >= last);
        last = sim_clock_now(&clock);
    }
    assert_int_equal(last, SY_WORLD_EPOCH + world.now);
}

static void a_clock_can_be_set(void **state)
{
    (void)state;
    sim_world world = {.now = SY_HOUR};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_set_drift(&clock, 1000);
    world.now += SY_HOUR;
    sim_clock_set(&clock, SY_WORLD_EPOCH - SY_DAY);
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH - SY_DAY);
    world.now += SY_SECOND; /* it still drifts */
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH - SY_DAY + SY_SECOND + SY_MS);
}

static void a_clock_that_stood_is_behind(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    sim_clock_stand(&clock, true);
    world.now = SY_HOUR;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH);
    sim_clock_stand(&clock, false);
    world.now += SY_MINUTE;
    assert_int_equal(sim_clock_now(&clock), SY_WORLD_EPOCH + SY_MINUTE);
}

static void a_zone_changes_what_is_on_the_wall_only(void **state)
{
    (void)state;
    sim_world world = {0};
    sim_clock clock;
    sim_clock_init(&clock, &world);
    clock.zone_ns = -5 * SY_HOUR;
    assert_int_equal(sy_clock_now(sim_clock_port(&clock)), SY_WORLD_EPOCH);
    assert_int_equal(sy_clock_zone_ns(sim_clock_port(&clock)), -5 * SY_HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_shows_calendar_time),
        cmocka_unit_test(drift_gains_millionths),
        cmocka_unit_test(a_slow_clock_loses_towards_the_past),
        cmocka_unit_test(a_change_of_drift_keeps_what_was_gained),
        cmocka_unit_test(a_clock_shows_multiples_of_its_resolution),
        cmocka_unit_test(a_slew_goes_to_the_truth_and_stays_there),
        cmocka_unit_test(a_slew_never_goes_backwards),
        cmocka_unit_test(a_clock_can_be_set),
        cmocka_unit_test(a_clock_that_stood_is_behind),
        cmocka_unit_test(a_zone_changes_what_is_on_the_wall_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

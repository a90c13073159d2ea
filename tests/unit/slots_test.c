/* tests sim/host/slots.c */
#include "sim/host/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct weather {
    int64_t often, rare;
} weather;

typedef struct record {
    sim_world *world;
    sy_time often[64];
    size_t often_count, rare_count;
} record;

static void strike_often(void *self, uint64_t slot)
{
    record *seen = self;
    assert_int_equal(seen->world->now / SIM_SLOT_NS, slot);
    seen->often[seen->often_count++] = seen->world->now;
}

static void strike_rarely(void *self, uint64_t slot)
{
    (void)slot;
    ((record *)self)->rare_count++;
}

static const sim_label often_label = {
    .name = "often", .choice_class = SIM_WEATHER, .bound = 2, .key_parts = {"minute"}};
static const sim_label rare_label = {
    .name = "rare", .choice_class = SIM_WEATHER, .bound = 2, .key_parts = {"minute"}};

static const sim_slot_fault faults[] = {
    {&often_label, offsetof(weather, often), strike_often},
    {&rare_label, offsetof(weather, rare), strike_rarely},
    {0},
};

/* An hour; how many events fired. */
static size_t run(const weather *dials, bool calm, record *seen)
{
    sim_world world;
    sim_slots slots;
    size_t fired = 0;
    assert_int_equal(sim_world_init(&world, sy_alloc_std(), 5, calm, NULL), SY_OK);
    *seen = (record){.world = &world};
    sim_slots_begin(&slots, &world, "phone", faults, dials, seen);
    while (sim_world_step(&world, SY_HOUR)) {
        fired++;
    }
    world.calm = true; /* weather is over: at most one more event */
    const size_t before = seen->often_count + seen->rare_count;
    while (sim_world_step(&world, SY_TIME_MAX)) {
        fired++;
    }
    assert_int_equal(seen->often_count + seen->rare_count, before);
    sim_world_deinit(&world);
    return fired;
}

static void a_rate_is_of_the_minutes(void **state)
{
    (void)state;
    record seen;
    (void)run(&(weather){.often = 500}, false, &seen);
    assert_in_range(seen.often_count, 18, 42);
    assert_int_equal(seen.rare_count, 0);
    (void)run(&(weather){.often = 1000}, false, &seen);
    assert_int_equal(seen.often_count, 60);
}

static void what_else_is_on_changes_no_strike(void **state)
{
    (void)state;
    record alone;
    record together;
    (void)run(&(weather){.often = 300}, false, &alone);
    (void)run(&(weather){.often = 300, .rare = 700}, false, &together);
    assert_true(together.rare_count > 0);
    assert_int_equal(alone.often_count, together.often_count);
    assert_memory_equal(alone.often, together.often, sizeof alone.often);
}

static void without_a_rate_nothing_happens_at_all(void **state)
{
    (void)state;
    record seen;
    assert_int_equal(run(&(weather){0}, false, &seen), 0);
}

static void in_calm_weather_nothing_strikes(void **state)
{
    (void)state;
    record seen;
    (void)run(&(weather){1000, 1000}, true, &seen);
    assert_int_equal(seen.often_count + seen.rare_count, 0);
}

static const sim_label size_label = {.name = "size", .choice_class = SIM_WEATHER};

static void sizes_are_drawn_either_way_and_zero_is_calm(void **state)
{
    (void)state;
    sim_world world;
    sim_slots slots;
    assert_int_equal(sim_world_init(&world, sy_alloc_std(), 5, false, NULL), SY_OK);
    sim_slots_begin(&slots, &world, "phone", faults, &(weather){0}, NULL);
    bool below = false;
    bool above = false;
    for (uint64_t slot = 0; slot < 200; slot++) {
        const sy_time drawn = sim_slots_draw_signed(&slots, &size_label, slot, 5, 1);
        assert_true(drawn >= -5 && drawn <= 5);
        below = below || drawn == -5;
        above = above || drawn == 5;
        assert_in_range(sim_slots_draw(&slots, &size_label, slot, 50, 10), 0, 50);
    }
    assert_true(below && above);
    assert_int_equal(sim_slots_draw(&slots, &size_label, 1, 0, 1), 0);
    sim_choice_calm_down(world.choice);
    assert_int_equal(sim_slots_draw_signed(&slots, &size_label, 3, 5, 1), 0);
    sim_world_deinit(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_is_of_the_minutes),
        cmocka_unit_test(what_else_is_on_changes_no_strike),
        cmocka_unit_test(without_a_rate_nothing_happens_at_all),
        cmocka_unit_test(in_calm_weather_nothing_strikes),
        cmocka_unit_test(sizes_are_drawn_either_way_and_zero_is_calm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

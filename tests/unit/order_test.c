/* The order of events as a choice: which pairs are asked about, what an event that is overtaken
 * sees, and that nothing changes where nothing is swapped. */
#include "sim/kernel/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct thing {
    struct fixture *f;
    uint32_t host;
    uint64_t id;
    bool loose;
} thing;

typedef struct fixture {
    sim_world world;
    char fired[32]; /* ids, as letters */
    sy_time at[32];
    size_t count;
    thing things[8];
} fixture;

static void fire(void *self)
{
    const thing *what = self;
    fixture *f = what->f;
    f->fired[f->count] = (char)('a' + what->id);
    f->at[f->count++] = f->world.now;
}

static void identify(const void *self, sim_identity *out)
{
    const thing *what = self;
    *out = (sim_identity){.host = what->host, .id = what->id, .loose = what->loose};
}

static const sim_source sources[] = {{fire, "fires", identify}, {NULL, NULL, NULL}};

static void begin(fixture *f, sy_time window_ns)
{
    *f = (fixture){.count = 0};
    assert_int_equal(sim_world_init(&f->world, sy_alloc_std(), 1, true, NULL), SY_OK);
    sim_world_know(&f->world, sources);
    sim_world_know(&f->world, sources);
    assert_int_equal(f->world.source_count, 1);
    assert_int_equal(sim_order_open(&f->world, window_ns), SY_OK);
    sim_choice_record_offers(f->world.choice);
}

static void at(fixture *f, sy_time time, uint32_t host, uint64_t id, bool loose)
{
    f->things[id] = (thing){f, host, id, loose};
    sim_world_at(&f->world, time, fire, &f->things[id]);
}

static const char *run(fixture *f)
{
    while (sim_world_step(&f->world, SY_TIME_MAX)) {
    }
    return f->fired;
}

static size_t offers(const fixture *f, const sim_chosen **out)
{
    return sim_choice_recorded(f->world.choice, out);
}

/* The first offer of a run, made to be taken in the next. */
static void force_offer(fixture *f, const fixture *from, size_t index)
{
    const sim_chosen *chosen = NULL;
    assert_true(offers(from, &chosen) > index);
    sim_chosen taken = chosen[index];
    taken.value = 1;
    assert_int_equal(sim_choice_force(f->world.choice, &taken, NULL), SY_OK);
}

static void in_order_unless_somebody_chooses(void **state)
{
    (void)state;
    fixture f;
    begin(&f, 5);
    at(&f, 12, 2, 1, false);
    at(&f, 10, 1, 0, false);
    at(&f, 30, 1, 2, false);
    assert_string_equal(run(&f), "abc");
    const sim_chosen *chosen = NULL;
    assert_int_equal(offers(&f, &chosen), 1); /* a and b; c is too far away */
    assert_string_equal(chosen[0].label->name, "overtakes");
    assert_int_equal(sim_order_steps(&f.world), 1);
    sim_world_deinit(&f.world);
}

static void what_is_overtaken_is_late(void **state)
{
    (void)state;
    fixture first;
    fixture f;
    begin(&first, 5);
    at(&first, 10, 1, 0, false);
    at(&first, 12, 2, 1, false);
    assert_string_equal(run(&first), "ab");
    begin(&f, 5);
    force_offer(&f, &first, 0);
    at(&f, 10, 1, 0, false);
    at(&f, 12, 2, 1, false);
    at(&f, 14, 3, 2, false);
    assert_string_equal(run(&f), "bac");
    assert_int_equal(f.at[0], 12);
    assert_int_equal(f.at[1], 12);
    assert_int_equal(f.at[2], 14);
    assert_int_equal(sim_choice_unasked(f.world.choice), 0);
    sim_world_deinit(&f.world);
    sim_world_deinit(&first.world);
}

static void one_host_keeps_its_order_unless_it_is_loose(void **state)
{
    (void)state;
    for (int loose = 0; loose < 2; loose++) {
        fixture f;
        const sim_chosen *chosen = NULL;
        begin(&f, 0);
        at(&f, 10, 1, 0, false);
        at(&f, 10, 1, 1, loose != 0);
        assert_string_equal(run(&f), "ab");
        assert_int_equal(offers(&f, &chosen), loose);
        sim_world_deinit(&f.world);
    }
}

static void what_nobody_knows_keeps_its_place(void **state)
{
    (void)state;
    fixture f;
    const sim_chosen *chosen = NULL;
    begin(&f, 5);
    f.world.source_count = 0;
    at(&f, 10, 1, 0, true);
    at(&f, 10, 2, 1, true);
    assert_string_equal(run(&f), "ab");
    assert_int_equal(offers(&f, &chosen), 0);
    sim_world_deinit(&f.world);
}

static void random_schedules_differ_and_repeat(void **state)
{
    (void)state;
    bool seen[2] = {false, false};
    for (uint64_t number = 1; number <= 20; number++) {
        char texts[2][32];
        for (size_t i = 0; i < 2; i++) {
            fixture f;
            begin(&f, 5);
            sim_order_random(&f.world, number, 2, 4);
            for (uint64_t id = 0; id < 4; id++) {
                at(&f, (sy_time)(10 + id), 1 + (uint32_t)id % 2, id, false);
            }
            memcpy(texts[i], run(&f), sizeof texts[i]);
            assert_int_equal(f.count, 4);
            assert_true(strchr(texts[i], 'a') < strchr(texts[i], 'c'));
            assert_true(strchr(texts[i], 'b') < strchr(texts[i], 'd'));
            sim_world_deinit(&f.world);
        }
        assert_string_equal(texts[0], texts[1]);
        seen[texts[0][0] == 'b'] = true;
    }
    assert_true(seen[0] && seen[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_order_unless_somebody_chooses),
        cmocka_unit_test(what_is_overtaken_is_late),
        cmocka_unit_test(one_host_keeps_its_order_unless_it_is_loose),
        cmocka_unit_test(what_nobody_knows_keeps_its_place),
        cmocka_unit_test(random_schedules_differ_and_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

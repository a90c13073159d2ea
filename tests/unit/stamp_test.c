/* tests core/client/stamp.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/client_fixture.h"

static fixture f;

static void start(sy_stamp stamp)
{
    fixture_init(&f, &sy_dialect_sound);
    f.stamp = stamp;
    f.now = 1000 * SY_SECOND;
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

/* The stamp of the last operation in the queue. */
static sy_time stamp_of_last(void)
{
    sy_operation operation = {0};
    for (uint32_t i = 0; sy_client_operation(f.client, i, &operation); i++) {
    }
    return operation.edited_at;
}

static void pull(const char *id, sy_time edited_at)
{
    sy_row *row = fixture_served(&f, id, "theirs", "v1", SY_SECOND, false, 1);
    row->cells[SY_COLUMN_EDITED_AT] = sy_datetime(edited_at);
    const sy_row *rows[] = {row};
    (void)fixture_pull(&f, "all", NULL);
    (void)fixture_reply_page(&f, rows, 1, NULL, 1, "1");
}

static void the_wall_clock_may_go_backwards(void **state)
{
    (void)state;
    start(SY_STAMP_WALL);
    (void)fixture_insert(&f, "a", "x", 1);
    assert_int_equal(stamp_of_last(), f.now);
    f.now -= SY_HOUR;
    (void)fixture_insert(&f, "b", "x", 1);
    assert_int_equal(stamp_of_last(), f.now);
}

static void a_hybrid_clock_never_does(void **state)
{
    (void)state;
    start(SY_STAMP_HLC);
    (void)fixture_insert(&f, "a", "x", 1);
    const sy_time first = f.now;
    assert_int_equal(stamp_of_last(), first);
    f.now -= SY_HOUR;
    (void)fixture_insert(&f, "b", "x", 1);
    assert_int_equal(stamp_of_last(), first + 1);
    f.now = first + SY_MINUTE;
    (void)fixture_insert(&f, "c", "x", 1);
    assert_int_equal(stamp_of_last(), f.now);
}

static void a_hybrid_clock_is_behind_nothing_that_it_saw(void **state)
{
    (void)state;
    start(SY_STAMP_HLC);
    const sy_time theirs = f.now + SY_HOUR;
    pull("a", theirs);
    (void)fixture_update(&f, "a", "mine", 1);
    assert_int_equal(stamp_of_last(), theirs + 1);
}

static void a_hybrid_clock_outlives_its_process(void **state)
{
    (void)state;
    start(SY_STAMP_HLC);
    const sy_time theirs = f.now + SY_HOUR;
    pull("a", theirs);
    fixture_crash(&f);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    (void)fixture_update(&f, "a", "mine", 1);
    assert_int_equal(stamp_of_last(), theirs + 1);
}

static void a_counter_follows_what_it_saw_and_no_clock(void **state)
{
    (void)state;
    start(SY_STAMP_LAMPORT);
    pull("b", 41);
    (void)fixture_insert(&f, "a", "x", 1);
    assert_int_equal(stamp_of_last(), 42);
    fixture_crash(&f);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    (void)fixture_insert(&f, "d", "x", 1);
    assert_int_equal(stamp_of_last(), 43);
}

static void a_tables_policy_may_demand_a_clock(void **state)
{
    (void)state;
    fixture_init(&f, &sy_dialect_sound);
    f.policy = sy_policy_find(SY_STR("latest_wins_lamport"));
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    (void)fixture_insert(&f, "a", "x", 1);
    assert_int_equal(stamp_of_last(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_wall_clock_may_go_backwards, teardown),
        cmocka_unit_test_teardown(a_hybrid_clock_never_does, teardown),
        cmocka_unit_test_teardown(a_hybrid_clock_is_behind_nothing_that_it_saw, teardown),
        cmocka_unit_test_teardown(a_hybrid_clock_outlives_its_process, teardown),
        cmocka_unit_test_teardown(a_counter_follows_what_it_saw_and_no_clock, teardown),
        cmocka_unit_test_teardown(a_tables_policy_may_demand_a_clock, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests core/client/lock.c */
#include "core/client/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Tasks are only names here. */
static int names[4];
#define TASK(n) ((struct sy_task *)&names[n])

static const sy_schema one = {.name = {"one", 3}};
static const sy_schema two = {.name = {"two", 3}};

static void a_free_lock_is_held_at_once(void **state)
{
    (void)state;
    sy_lock_table table = {0};
    sy_lock_set set = {0};
    assert_true(sy_lock_acquire(&table, &set, TASK(0), SY_LOCK_ACTION, NULL, SY_STR("")));
    assert_int_equal(set.held, SY_LOCK_ACTION);
    assert_null(sy_lock_release(&table, &set, SY_LOCK_ACTION));
    assert_int_equal(set.held, 0);
    assert_null(table.first);
    assert_null(table.last);
}

static void waiters_get_the_lock_in_the_order_in_which_they_came(void **state)
{
    (void)state;
    sy_lock_table table = {0};
    sy_lock_set sets[3] = {{0}};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(
            sy_lock_acquire(&table, &sets[i], TASK(i), SY_LOCK_TABLE, &one, SY_STR("")), i == 0);
    }
    assert_int_equal(sets[2].waiting, SY_LOCK_TABLE);
    assert_ptr_equal(sy_lock_release(&table, &sets[0], SY_LOCK_TABLE), TASK(1));
    assert_int_equal(sets[1].held, SY_LOCK_TABLE);
    assert_int_equal(sets[1].waiting, 0);
    assert_ptr_equal(sy_lock_release(&table, &sets[1], SY_LOCK_TABLE), TASK(2));
    assert_null(sy_lock_release(&table, &sets[2], SY_LOCK_TABLE));
    assert_null(table.first);
}

static void item_locks_are_of_a_table_and_id_locks_are_not(void **state)
{
    (void)state;
    sy_lock_table table = {0};
    sy_lock_set a = {0};
    sy_lock_set b = {0};
    const sy_str id = SY_STR("x");
    assert_true(sy_lock_acquire(&table, &a, TASK(0), SY_LOCK_ITEM, &one, id));
    assert_true(sy_lock_acquire(&table, &b, TASK(1), SY_LOCK_ITEM, &two, id));
    assert_true(sy_lock_acquire(&table, &a, TASK(0), SY_LOCK_ITEM_ID, &one, id));
    assert_false(sy_lock_acquire(&table, &b, TASK(1), SY_LOCK_ITEM_ID, &two, id));
    assert_ptr_equal(sy_lock_release(&table, &a, SY_LOCK_ITEM_ID), TASK(1));
}

static void different_names_do_not_wait_for_each_other(void **state)
{
    (void)state;
    sy_lock_table table = {0};
    sy_lock_set sets[4] = {{0}};
    assert_true(sy_lock_acquire(&table, &sets[0], TASK(0), SY_LOCK_ITEM, &one, SY_STR("a")));
    assert_true(sy_lock_acquire(&table, &sets[1], TASK(1), SY_LOCK_ITEM, &one, SY_STR("b")));
    assert_true(sy_lock_acquire(&table, &sets[2], TASK(2), SY_LOCK_TABLE, &one, SY_STR("")));
    assert_true(sy_lock_acquire(&table, &sets[3], TASK(3), SY_LOCK_TABLE, &two, SY_STR("")));
    assert_null(sy_lock_release(&table, &sets[1], SY_LOCK_ITEM));
    assert_null(sy_lock_release(&table, &sets[0], SY_LOCK_ITEM));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_free_lock_is_held_at_once),
        cmocka_unit_test(waiters_get_the_lock_in_the_order_in_which_they_came),
        cmocka_unit_test(item_locks_are_of_a_table_and_id_locks_are_not),
        cmocka_unit_test(different_names_do_not_wait_for_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The decorators of the fault sweeps: what they fail, and that they fail nothing else. */
#include "tests/unit/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_nth_allocation_fails_and_only_that_one(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 2);
    sy_alloc port = test_alloc_port(&alloc);
    char *first = sy_alloc_get(port, 10);
    assert_non_null(first);
    first[9] = 'x';
    assert_null(sy_alloc_resize(port, first, 10, 20));
    assert_true(test_alloc_failed(&alloc));
    assert_int_equal(first[9], 'x');
    char *grown = sy_alloc_resize(port, first, 10, 20);
    assert_non_null(grown);
    assert_int_equal(grown[9], 'x');
    assert_int_equal(test_alloc_live(&alloc), 20);
    grown = sy_alloc_resize(port, grown, 20, 5); /* shrinking is no allocation */
    assert_int_equal(alloc.count, 3);
    assert_int_equal(test_alloc_live(&alloc), 5);
    sy_alloc_free(port, grown, 5);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

/* A store that counts what reaches it. */
static sy_rc count_define(void *self, const sy_schema *schema, sy_err *err)
{
    (void)schema;
    (void)err;
    ++*(int *)self;
    return SY_OK;
}

static sy_rc count_transact(void *self, sy_transaction_step step, sy_err *err)
{
    (void)step;
    (void)err;
    ++*(int *)self;
    return SY_OK;
}

static sy_rc count_write(void *self, const sy_row *row, sy_err *err)
{
    (void)row;
    (void)err;
    ++*(int *)self;
    return SY_OK;
}

static sy_rc count_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    (void)schema;
    (void)id;
    (void)err;
    ++*(int *)self;
    return SY_OK;
}

/* define, begin, write, remove, commit, rollback; returns the place of the call that failed, -1:
 * none. */
static int run_six_calls(sy_store store)
{
    sy_rc results[6];
    int failed = -1;
    results[0] = sy_store_define(store, NULL, NULL);
    results[1] = sy_store_transact(store, SY_BEGIN, NULL);
    results[2] = sy_store_write(store, NULL, NULL);
    results[3] = sy_store_remove(store, NULL, SY_STR("a"), NULL);
    results[4] = sy_store_transact(store, SY_COMMIT, NULL);
    results[5] = sy_store_transact(store, SY_ROLLBACK, NULL);
    for (int i = 0; i < 6; i++) {
        if (results[i] != SY_OK) {
            assert_int_equal(results[i], SY_STORE);
            assert_int_equal(failed, -1);
            failed = i;
        }
    }
    return failed;
}

static void the_nth_write_of_a_store_fails_and_never_reaches_it(void **state)
{
    (void)state;
    static const sy_store_ops ops = {.define = count_define,
                                     .transact = count_transact,
                                     .write = count_write,
                                     .remove = count_remove};
    static const int expected[] = {-1, 0, 2, 3, 4, -1}; /* begin and rollback never fail */
    for (uint64_t n = 0; n <= 5; n++) {
        int reached = 0;
        test_store store;
        test_store_init(&store, (sy_store){&ops, &reached}, n);
        assert_int_equal(run_six_calls(test_store_port(&store)), expected[n]);
        assert_int_equal(test_store_failed(&store), expected[n] >= 0);
        assert_int_equal(reached, expected[n] >= 0 ? 5 : 6);
        assert_int_equal(sy_store_cost_ns(test_store_port(&store)), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_allocation_fails_and_only_that_one),
        cmocka_unit_test(the_nth_write_of_a_store_fails_and_never_reaches_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_queue_bound);
}

static void a_queue_full_of_one_row_is_found(void **state)
{
    history *self = *state;
    for (int64_t i = 1; i < 10; i++) {
        history_write(self, self->phone, i, "update", "milk", "new");
    }
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_queue_of_many_rows_is_fine(void **state)
{
    history *self = *state;
    const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    for (int64_t i = 1; i < 10; i++) {
        history_write(self, self->phone, i, "update", ids[i], "new");
    }
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_queue_full_of_one_row_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_queue_of_many_rows_is_fine, set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_idempotence);
}

static void a_retry_that_undoes_what_came_in_between_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "first");
    history_send(self, self->phone, 1, "insert", "milk", "", "first");
    history_serve(self, self->phone, 1, "insert", "milk", "", "1", "first");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_serve(self, self->phone, 1, "insert", "milk", "2", "3", "first");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_retry_right_behind_the_first_time_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "first");
    history_send(self, self->phone, 1, "insert", "milk", "", "first");
    history_serve(self, self->phone, 1, "insert", "milk", "", "1", "first");
    history_serve(self, self->phone, 1, "insert", "milk", "1", "2", "first");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_operation_number_that_is_used_again_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "first");
    history_send(self, self->phone, 1, "insert", "milk", "", "first");
    history_serve(self, self->phone, 1, "insert", "milk", "", "1", "first");
    history_dequeue(self, self->phone, 1, "milk", "pushed");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_apply(self, self->phone, "milk", "2", "of the office");
    history_write(self, self->phone, 1, "update", "milk", "first");
    history_send(self, self->phone, 1, "update", "milk", "2", "first");
    history_serve(self, self->phone, 1, "update", "milk", "2", "3", "first");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_retry_that_undoes_what_came_in_between_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_retry_right_behind_the_first_time_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_number_that_is_used_again_is_fine, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

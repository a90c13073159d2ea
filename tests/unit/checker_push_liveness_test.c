#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_push_liveness);
}

static void push(history *self, const char *tables, const char *status)
{
    EMIT(self, self->phone, &sy_event_push_begin, sy_int(5), sy_cstr(tables), sy_int(1));
    EMIT(self, self->phone, &sy_event_push_end, sy_int(5), sy_cstr(status), sy_int(0));
}

static void an_operation_that_three_pushes_pass_by_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    for (int i = 0; i < 3; i++) {
        push(self, "all", "Complete");
    }
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void an_operation_that_is_sent_now_and_then_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    for (int i = 0; i < 4; i++) {
        EMIT(self, self->phone, &sy_event_push_begin, sy_int(5), sy_cstr("all"), sy_int(1));
        if (i % 2 == 1) {
            history_send(self, self->phone, 1, "insert", "milk", "", "new");
        }
        EMIT(self, self->phone, &sy_event_push_end, sy_int(5), sy_cstr("Complete"), sy_int(0));
    }
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_operation_that_a_policy_holds_is_fine_until_it_is_edited(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "update", "milk", "mine");
    history_conflict(self, self->phone, 1, "milk", "2", "theirs", "hold", "hold");
    for (int i = 0; i < 4; i++) {
        push(self, "all", "Complete");
    }
    assert_int_equal(self->findings.count, 0);
    history_write(self, self->phone, 1, "update", "milk", "newer");
    for (int i = 0; i < 4; i++) {
        push(self, "all", "Complete");
    }
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void pushes_without_a_network_and_of_other_tables_say_nothing(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    for (int i = 0; i < 4; i++) {
        push(self, "all", "CancelledByNetworkError");
        push(self, "note,other", "Complete");
    }
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

/* The first operation of milk fails each time, or is passed by; a second one waits behind it. */
static void push_with_a_second_behind(history *self, bool first_fails)
{
    history_write(self, self->phone, 1, "update", "milk", "first");
    history_write(self, self->phone, 2, "update", "milk", "second");
    for (int i = 0; i < 4; i++) {
        EMIT(self, self->phone, &sy_event_push_begin, sy_int(5), sy_cstr("all"), sy_int(2));
        if (first_fails) {
            history_send(self, self->phone, 1, "update", "milk", "1", "first");
            EMIT(self, self->phone, &sy_event_op_failed, sy_int(1), sy_cstr("update"),
                 sy_cstr("todoitem"), sy_cstr("milk"), sy_int(503), sy_cstr("http"));
        }
        EMIT(self, self->phone, &sy_event_push_end, sy_int(5), sy_cstr("Complete"), sy_int(1));
    }
}

static void an_operation_behind_one_of_its_row_that_fails_is_fine(void **state)
{
    history *self = *state;
    push_with_a_second_behind(self, true);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void of_two_operations_of_a_row_that_are_passed_by_the_first_is_found(void **state)
{
    history *self = *state;
    push_with_a_second_behind(self, false);
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void an_operation_of_another_row_behind_one_that_fails_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 3, "update", "bread", "new");
    push_with_a_second_behind(self, true);
    history_end(self);
    history_found_one(self, "phone", "bread");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_operation_that_three_pushes_pass_by_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_that_is_sent_now_and_then_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_that_a_policy_holds_is_fine_until_it_is_edited,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(pushes_without_a_network_and_of_other_tables_say_nothing,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_behind_one_of_its_row_that_fails_is_fine,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(
            of_two_operations_of_a_row_that_are_passed_by_the_first_is_found, set_up,
            history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_of_another_row_behind_one_that_fails_is_found,
                                        set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_collapse);
}

static void a_request_with_an_older_value_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "first");
    EMIT(self, self->phone, &sy_event_write, sy_int(2), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("update"), sy_int(1), sy_row_value(history_row(self, "milk", "second", false)));
    history_send(self, self->phone, 1, "insert", "milk", "", "first");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_request_with_the_last_value_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "first");
    EMIT(self, self->phone, &sy_event_write, sy_int(2), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("update"), sy_int(1), sy_row_value(history_row(self, "milk", "second", false)));
    history_send(self, self->phone, 1, "insert", "milk", "", "second");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_that_was_deleted_and_is_sent_all_the_same_is_found(void **state)
{
    history *self = *state;
    history_apply(self, self->phone, "milk", "1", "old");
    history_write(self, self->phone, 1, "update", "milk", "new");
    EMIT(self, self->phone, &sy_event_write, sy_int(2), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("delete"), sy_int(1), sy_row_value(NULL));
    history_send(self, self->phone, 1, "update", "milk", "1", "new");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_value_that_a_decision_made_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "first");
    history_conflict(self, self->phone, 1, "milk", "1", "theirs", "send", "handler");
    history_send(self, self->phone, 1, "update", "milk", "1", "merged");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_request_with_an_older_value_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_request_with_the_last_value_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_was_deleted_and_is_sent_all_the_same_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_value_that_a_decision_made_is_fine, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

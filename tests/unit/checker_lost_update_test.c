#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/port/events.h"
#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_lost_update);
}

static void an_edit_under_a_push_that_had_not_seen_it_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_push(self, self->phone, 1, "milk", "1", "2", "of phone");
    history_send(self, self->tablet, 1, "update", "milk", "2", "of tablet");
    history_serve(self, self->tablet, 1, "update", "milk", "2", "3", "of tablet");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void an_edit_that_a_decision_overruled_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_push(self, self->phone, 1, "milk", "1", "2", "of phone");
    history_conflict(self, self->tablet, 1, "milk", "2", "of phone", "send", "client_wins");
    history_send(self, self->tablet, 1, "update", "milk", "2", "of tablet");
    history_serve(self, self->tablet, 1, "update", "milk", "2", "3", "of tablet");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

/* The app took the server's row for its own and edits that. */
static void an_edit_after_a_resolution_is_of_somebody_who_had_seen_it(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_push(self, self->phone, 1, "milk", "1", "2", "of phone");
    history_conflict(self, self->tablet, 1, "milk", "2", "of phone", "fail", "none");
    EMIT(self, self->tablet, &sy_event_resolve, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("cancel_and_update"));
    history_dequeue(self, self->tablet, 1, "milk", "resolved");
    history_write(self, self->tablet, 2, "update", "milk", "of tablet, later");
    history_send(self, self->tablet, 2, "update", "milk", "2", "of tablet, later");
    history_serve(self, self->tablet, 2, "update", "milk", "2", "3", "of tablet, later");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_edit_of_somebody_who_had_seen_it_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_send(self, self->phone, 1, "update", "milk", "1", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "1", "2", "of phone");
    history_apply(self, self->tablet, "milk", "2", "of phone");
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_send(self, self->tablet, 1, "update", "milk", "2", "of tablet");
    history_serve(self, self->tablet, 1, "update", "milk", "2", "3", "of tablet");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_edit_that_is_pushed_and_never_taken_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_send(self, self->phone, 1, "update", "milk", "1", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "1", "2", "old");
    history_dequeue(self, self->phone, 1, "milk", "pushed");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

/* Its insert was discarded, the delete behind it is sent and answered: there is no such row. */
static void a_delete_of_a_row_that_never_was_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    history_send(self, self->phone, 1, "insert", "milk", "", "new");
    history_write(self, self->phone, 2, "delete", "milk", NULL);
    history_dequeue(self, self->phone, 1, "milk", "resolved");
    history_send(self, self->phone, 2, "delete", "milk", "", NULL);
    history_dequeue(self, self->phone, 2, "milk", "pushed");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_delete_that_is_pushed_and_never_taken_is_found(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_write(self, self->phone, 2, "delete", "milk", NULL);
    history_send(self, self->phone, 2, "delete", "milk", "1", NULL);
    history_dequeue(self, self->phone, 2, "milk", "pushed");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void an_edit_that_yielded_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_send(self, self->phone, 1, "update", "milk", "1", "of phone");
    history_conflict(self, self->phone, 1, "milk", "2", "of the office", "return", "server_wins");
    history_dequeue(self, self->phone, 1, "milk", "the server's row was taken");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_that_changed_behind_the_server_is_not_judged(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_push(self, self->phone, 1, "milk", "1", "2", "of phone");
    history_send(self, self->tablet, 1, "update", "milk", "9", "of tablet");
    history_serve(self, self->tablet, 1, "update", "milk", "9", "10", "of tablet");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_edit_under_a_push_that_had_not_seen_it_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_a_decision_overruled_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_after_a_resolution_is_of_somebody_who_had_seen_it,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_of_somebody_who_had_seen_it_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_is_pushed_and_never_taken_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_delete_of_a_row_that_never_was_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_delete_that_is_pushed_and_never_taken_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_yielded_is_fine, set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_changed_behind_the_server_is_not_judged, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_read_your_writes);
}

static void look_up(history *self, const char *id, int64_t found)
{
    EMIT(self, self->phone, &sy_event_call, sy_int(7), sy_cstr("lookup"), sy_cstr("todoitem"),
         sy_cstr(id), sy_row_value(NULL));
    EMIT(self, self->phone, &sy_event_done, sy_int(7), sy_cstr("lookup"), sy_cstr("ok"),
         sy_cstr(""), sy_int(found));
}

static void a_pull_that_overwrites_a_queued_edit_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_apply(self, self->phone, "milk", "2", "of the office");
    history_read(self, self->phone, "milk", "of the office");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_queued_edit_that_shows_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_read(self, self->phone, "milk", "of phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_edit_that_yielded_need_not_show(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_conflict(self, self->phone, 1, "milk", "2", "of the office", "return", "server_wins");
    history_apply(self, self->phone, "milk", "2", "of the office");
    history_dequeue(self, self->phone, 1, "milk", "the server's row was taken");
    history_read(self, self->phone, "milk", "of the office");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_as_it_was_before_the_own_push_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_push(self, self->phone, 1, "milk", "1", "2", "of phone");
    history_apply(self, self->phone, "milk", "1", "old");
    history_read(self, self->phone, "milk", "old");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

/* The answer to the first push came late, with another's row: what waits keeps the old base. */
static void an_edit_that_waits_behind_the_own_push_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_send(self, self->phone, 1, "update", "milk", "1", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "1", "2", "of phone");
    history_write(self, self->phone, 2, "update", "milk", "later");
    history_serve(self, 0, 0, "update", "milk", "2", "3", "of the office");
    history_dequeue(self, self->phone, 1, "milk", "pushed");
    history_read(self, self->phone, "milk", "later");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

/* What waits says what the server had in the beginning, and a crash finds it in the store. */
static void an_edit_that_says_what_was_there_before_survives_as_ones_own(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_send(self, self->phone, 1, "update", "milk", "1", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "1", "2", "of phone");
    history_write(self, self->phone, 2, "update", "milk", "old");
    history_dequeue(self, self->phone, 1, "milk", "pushed");
    history_crash(self, self->phone, "phone");
    EMIT(self, self->phone, &sim_event_survivor, sy_cstr("phone"), sy_int(2), sy_cstr("update"),
         sy_cstr("todoitem"), sy_cstr("milk"));
    sy_row *row = sy_row_shallow(&self->arena, history_row(self, "milk", "old", false));
    row->cells[SY_COLUMN_VERSION] = sy_cstr("1");
    EMIT(self, self->phone, &sim_event_survivor_row, sy_cstr("phone"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_row_value(row));
    EMIT(self, self->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(1), sy_int(1));
    history_read(self, self->phone, "milk", "old");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_deleted_row_that_is_read_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "delete", "milk", NULL);
    history_apply(self, self->phone, "milk", "1", "old");
    history_read(self, self->phone, "milk", "old");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_written_row_that_is_not_found_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    look_up(self, "milk", 0);
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_deleted_row_that_is_not_found_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "delete", "milk", NULL);
    look_up(self, "milk", 0);
    look_up(self, "bread", 0);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_lookup_of_a_dead_process_is_not_taken_for_another(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    EMIT(self, self->phone, &sy_event_call, sy_int(7), sy_cstr("lookup"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_row_value(NULL));
    history_crash(self, self->phone, "phone");
    EMIT(self, self->phone, &sim_event_survivor, sy_cstr("phone"), sy_int(1), sy_cstr("insert"),
         sy_cstr("todoitem"), sy_cstr("milk"));
    EMIT(self, self->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(1), sy_int(0));
    look_up(self, "bread", 0);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_pull_that_overwrites_a_queued_edit_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_queued_edit_that_shows_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_yielded_need_not_show, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_as_it_was_before_the_own_push_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_waits_behind_the_own_push_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(
            an_edit_that_says_what_was_there_before_survives_as_ones_own, set_up,
            history_tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_row_that_is_read_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_written_row_that_is_not_found_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_row_that_is_not_found_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_lookup_of_a_dead_process_is_not_taken_for_another, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

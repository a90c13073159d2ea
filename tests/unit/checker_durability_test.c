#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_durability);
}

static void call(history *self, int64_t ticket, const char *verb, const char *id, const char *text)
{
    const sy_row *row = text != NULL ? history_row(self, id, text, false) : NULL;
    EMIT(self, self->phone, &sy_event_call, sy_int(ticket), sy_cstr(verb), sy_cstr("todoitem"),
         sy_cstr(id), sy_row_value(row));
}

static void acknowledge(history *self, int64_t ticket, const char *verb, const char *id, int64_t op,
                        const char *text)
{
    const sy_row *row = text != NULL ? history_row(self, id, text, false) : NULL;
    EMIT(self, self->phone, &sy_event_write, sy_int(ticket), sy_cstr("todoitem"), sy_cstr(id),
         sy_cstr(verb), sy_int(op), sy_row_value(row));
    EMIT(self, self->phone, &sy_event_done, sy_int(ticket), sy_cstr(verb), sy_cstr("ok"),
         sy_cstr(""), sy_int(1));
}

static void survivor(history *self, int64_t op, const char *kind, const char *id)
{
    EMIT(self, self->phone, &sim_event_survivor, sy_cstr("phone"), sy_int(op), sy_cstr(kind),
         sy_cstr("todoitem"), sy_cstr(id));
}

static void survivor_row(history *self, const char *id, const char *text)
{
    EMIT(self, self->phone, &sim_event_survivor_row, sy_cstr("phone"), sy_cstr("todoitem"),
         sy_cstr(id), sy_row_value(history_row(self, id, text, false)));
}

static void scene(history *self)
{
    EMIT(self, self->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(0), sy_int(0));
}

static void what_was_acknowledged_and_is_there_is_fine(void **state)
{
    history *self = *state;
    call(self, 1, "insert", "milk", "a");
    acknowledge(self, 1, "insert", "milk", 1, "a");
    history_crash(self, self->phone, "phone");
    survivor(self, 1, "insert", "milk");
    survivor_row(self, "milk", "a");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_acknowledged_write_that_is_gone_is_found(void **state)
{
    history *self = *state;
    call(self, 1, "insert", "milk", "a");
    acknowledge(self, 1, "insert", "milk", 1, "a");
    history_crash(self, self->phone, "phone");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].host, "phone");
    assert_string_equal(self->findings.items[0].row, "milk");
}

static void a_write_that_was_pushed_or_not_acknowledged_may_be_gone(void **state)
{
    history *self = *state;
    call(self, 1, "insert", "milk", "a");
    acknowledge(self, 1, "insert", "milk", 1, "a");
    EMIT(self, self->phone, &sy_event_dequeue, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("done"));
    call(self, 2, "insert", "bread", "b");
    history_crash(self, self->phone, "phone");
    survivor_row(self, "milk", "a");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_without_its_queue_entry_is_found(void **state)
{
    history *self = *state;
    call(self, 1, "insert", "milk", "a");
    EMIT(self, self->phone, &sy_event_done, sy_int(1), sy_cstr("insert"), sy_cstr("crashed"),
         sy_cstr(""), sy_int(0));
    history_crash(self, self->phone, "phone");
    survivor_row(self, "milk", "a");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_non_null(strstr(self->findings.items[0].text, "new row"));
}

static void a_queue_entry_without_its_row_is_found(void **state)
{
    history *self = *state;
    call(self, 1, "insert", "milk", "a");
    history_crash(self, self->phone, "phone");
    survivor(self, 1, "insert", "milk");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_non_null(strstr(self->findings.items[0].text, "without its row"));
}

static void a_row_whose_delete_waits_behind_its_insert_is_rightly_absent(void **state)
{
    history *self = *state;
    call(self, 1, "insert", "milk", "a");
    acknowledge(self, 1, "insert", "milk", 1, "a");
    history_crash(self, self->phone, "phone");
    survivor(self, 1, "insert", "milk");
    survivor(self, 2, "delete", "milk");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

/* milk is known from a pull; then an update or a delete of it is cut by a crash */
static void cut(history *self, const char *verb, const char *text)
{
    EMIT(self, self->phone, &sy_event_apply, sy_cstr("todoitem"), sy_cstr("milk"), sy_cstr("1"),
         sy_bool(false), sy_datetime(1), sy_int(1),
         sy_row_value(history_row(self, "milk", "old", false)));
    call(self, 1, verb, "milk", text);
    history_crash(self, self->phone, "phone");
}

static void a_cut_update_that_left_the_row_changed_is_found(void **state)
{
    history *self = *state;
    cut(self, "update", "new");
    survivor_row(self, "milk", "new");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

static void a_cut_update_that_left_nothing_or_both_is_fine(void **state)
{
    history *self = *state;
    cut(self, "update", "new");
    survivor_row(self, "milk", "old");
    scene(self);
    call(self, 2, "update", "milk", "new");
    history_crash(self, self->phone, "phone");
    survivor(self, 1, "update", "milk");
    survivor_row(self, "milk", "new");
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_cut_delete_that_left_no_row_and_no_entry_is_found(void **state)
{
    history *self = *state;
    cut(self, "delete", NULL);
    scene(self);
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_acknowledged_and_is_there_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_acknowledged_write_that_is_gone_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_write_that_was_pushed_or_not_acknowledged_may_be_gone,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_without_its_queue_entry_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_queue_entry_without_its_row_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(
            a_row_whose_delete_waits_behind_its_insert_is_rightly_absent, set_up,
            history_tear_down),
        cmocka_unit_test_setup_teardown(a_cut_update_that_left_the_row_changed_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_cut_update_that_left_nothing_or_both_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_cut_delete_that_left_no_row_and_no_entry_is_found, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

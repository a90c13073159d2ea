#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_single_insert);
}

static void write_insert(history *self, int64_t op, const char *id)
{
    EMIT(self, self->phone, &sy_event_enqueue, sy_int(op), sy_cstr("insert"), sy_cstr("todoitem"),
         sy_cstr(id));
    EMIT(self, self->phone, &sy_event_write, sy_int(1), sy_cstr("todoitem"), sy_cstr(id),
         sy_cstr("insert"), sy_int(op), sy_row_value(NULL));
}

static void transmit(history *self, int64_t op, const char *id)
{
    EMIT(self, self->phone, &sy_event_send, sy_int(1), sy_cstr("insert"), sy_cstr("todoitem"),
         sy_cstr(id), sy_int(op), sy_int(1), sy_cstr(""), sy_row_value(NULL));
}

static void a_retry_that_the_server_refuses_is_fine(void **state)
{
    history *self = *state;
    write_insert(self, 1, "milk");
    transmit(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    transmit(self, 1, "milk");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void one_insert_that_is_committed_twice_is_found(void **state)
{
    history *self = *state;
    write_insert(self, 1, "milk");
    transmit(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "delete", "1", "", 2, "tablet");
    transmit(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "2", 3, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].row, "milk");
}

/* A queued update finds nothing, and a policy decides to send it again, as an insert. */
static void bring_back(history *self, int64_t status)
{
    write_insert(self, 1, "milk");
    transmit(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "delete", "1", "", 2, "tablet");
    EMIT(self, self->phone, &sy_event_conflict, sy_int(2), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(status), sy_row_value(NULL), sy_row_value(NULL),
         sy_row_value(NULL));
    EMIT(self, self->phone, &sy_event_decision, sy_int(2), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("send"), sy_cstr("client_wins"), sy_row_value(NULL));
    transmit(self, 2, "milk");
    history_commit(self, "milk", "insert", "", "2", 3, "phone");
}

static void a_decision_to_bring_back_what_is_gone_asks_once_more(void **state)
{
    history *self = *state;
    bring_back(self, 404);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void what_was_brought_back_comes_once(void **state)
{
    history *self = *state;
    bring_back(self, 410);
    history_commit(self, "milk", "delete", "2", "", 4, "tablet");
    history_commit(self, "milk", "insert", "", "3", 5, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

static void a_conflict_that_only_shows_no_row_does_not_say_that_it_is_gone(void **state)
{
    history *self = *state;
    bring_back(self, 409);
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

static void two_inserts_of_one_row_with_a_delete_between_are_fine(void **state)
{
    history *self = *state;
    write_insert(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "delete", "1", "", 2, "phone");
    write_insert(self, 3, "milk");
    history_commit(self, "milk", "insert", "", "2", 3, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void one_operation_that_becomes_two_rows_is_found(void **state)
{
    history *self = *state;
    write_insert(self, 1, "milk");
    transmit(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    transmit(self, 1, "milk2");
    history_commit(self, "milk2", "insert", "", "1", 2, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].host, "phone");
    assert_non_null(strstr(self->findings.items[0].text, "two rows"));
}

static void an_operation_number_that_is_used_again_is_fine(void **state)
{
    history *self = *state;
    write_insert(self, 1, "milk");
    transmit(self, 1, "milk");
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    write_insert(self, 1, "bread");
    transmit(self, 1, "bread");
    history_commit(self, "bread", "insert", "", "1", 2, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_operation_key_that_is_committed_twice_is_found(void **state)
{
    history *self = *state;
    for (int i = 0; i < 2; i++) {
        EMIT(self, self->server, &sy_event_commit, sy_cstr("todoitem"), sy_cstr("milk"),
             sy_cstr("update"), sy_cstr("1"), sy_cstr("2"), sy_datetime(1), sy_int(1),
             sy_cstr("phone"), sy_cstr("key-1"), sy_row_value(NULL), sy_int(0), sy_int(0));
    }
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_retry_that_the_server_refuses_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(one_insert_that_is_committed_twice_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_decision_to_bring_back_what_is_gone_asks_once_more,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(what_was_brought_back_comes_once, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(
            a_conflict_that_only_shows_no_row_does_not_say_that_it_is_gone, set_up,
            history_tear_down),
        cmocka_unit_test_setup_teardown(two_inserts_of_one_row_with_a_delete_between_are_fine,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(one_operation_that_becomes_two_rows_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_number_that_is_used_again_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_key_that_is_committed_twice_is_found, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

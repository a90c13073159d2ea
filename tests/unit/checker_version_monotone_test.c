#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_version_monotone);
}

static void request(history *self, const char *method, const char *if_match, const char *who)
{
    EMIT(self, self->server, &sy_event_request, sy_cstr(method), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_cstr(if_match), sy_cstr(who), sy_cstr(""));
}

static void respond(history *self, const char *method, int status)
{
    EMIT(self, self->server, &sy_event_respond, sy_cstr(method), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(status), sy_int(1), sy_cstr(""));
}

static void a_chain_of_fresh_versions_is_fine(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    request(self, "update", "1", "phone");
    history_commit(self, "milk", "update", "1", "2", 2, "phone");
    respond(self, "update", 200);
    request(self, "update", "", "tablet");
    history_commit(self, "milk", "update", "2", "3", 3, "tablet");
    respond(self, "update", 200);
    history_commit(self, "bread", "insert", "", "1", 4, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_version_that_was_there_before_is_found(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "update", "1", "2", 2, "phone");
    history_commit(self, "milk", "update", "2", "1", 3, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].row, "milk");
    assert_int_equal(self->findings.items[0].witness[0], 3);
    assert_int_equal(self->findings.items[0].witness[1], 1);
}

static void a_commit_over_another_version_is_found(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "update", "1", "2", 2, "phone");
    history_commit(self, "milk", "update", "1", "3", 3, "tablet");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

static void an_accepted_stale_condition_is_found(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    request(self, "update", "1", "phone");
    request(self, "update", "1", "tablet");
    history_commit(self, "milk", "update", "1", "2", 2, "phone");
    respond(self, "update", 200);
    history_commit(self, "milk", "update", "2", "3", 3, "tablet");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_non_null(strstr(self->findings.items[0].text, "asked for version '1'"));
}

static void a_refused_stale_condition_is_fine(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    request(self, "update", "1", "phone");
    request(self, "update", "1", "tablet");
    history_commit(self, "milk", "update", "1", "2", 2, "phone");
    respond(self, "update", 200);
    respond(self, "update", 412);
    request(self, "update", "2", "tablet");
    history_commit(self, "milk", "update", "2", "3", 3, "tablet");
    respond(self, "update", 200);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_hard_delete_lets_the_row_begin_again(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "delete", "1", "", 2, "phone");
    history_commit(self, "milk", "insert", "", "3", 3, "phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_chain_of_fresh_versions_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_version_that_was_there_before_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_commit_over_another_version_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_accepted_stale_condition_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_refused_stale_condition_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_hard_delete_lets_the_row_begin_again, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

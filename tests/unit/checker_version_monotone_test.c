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

/* A device has sent an update of milk that asks for this version ("": for none). */
static void ask(history *self, uint32_t host, int64_t send, const char *if_match)
{
    history_send(self, host, send, "update", "milk", if_match, "x");
}

static void serve(history *self, uint32_t host, int64_t send, const char *before, const char *after)
{
    history_serve(self, host, send, "update", "milk", before, after, "x");
}

static void a_chain_of_fresh_versions_is_fine(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    ask(self, self->phone, 1, "1");
    serve(self, self->phone, 1, "1", "2");
    ask(self, self->tablet, 1, "");
    serve(self, self->tablet, 1, "2", "3");
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
    ask(self, self->phone, 1, "1");
    ask(self, self->tablet, 1, "1");
    serve(self, self->phone, 1, "1", "2");
    serve(self, self->tablet, 1, "2", "3");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_non_null(strstr(self->findings.items[0].text, "asked for another"));
}

static void a_refused_stale_condition_is_fine(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    ask(self, self->phone, 1, "1");
    ask(self, self->tablet, 1, "1");
    serve(self, self->phone, 1, "1", "2");
    ask(self, self->tablet, 2, "2");
    serve(self, self->tablet, 2, "2", "3");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

/* Both have the same operation in hand: a retry was sent before the first request was served. */
static void of_two_requests_for_one_operation_the_one_that_was_served_counts(void **state)
{
    history *self = *state;
    history_commit(self, "milk", "insert", "", "1", 1, "phone");
    history_commit(self, "milk", "update", "1", "2", 2, "tablet");
    ask(self, self->phone, 1, "2");
    ask(self, self->phone, 2, "1");
    serve(self, self->phone, 1, "2", "3");
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
        cmocka_unit_test_setup_teardown(
            of_two_requests_for_one_operation_the_one_that_was_served_counts, set_up,
            history_tear_down),
        cmocka_unit_test_setup_teardown(a_hard_delete_lets_the_row_begin_again, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

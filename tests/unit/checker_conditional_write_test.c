#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_conditional_write);
}

static void an_unconditional_push_over_an_unseen_change_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_send(self, self->phone, 1, "update", "milk", "", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "2", "3", "of phone");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void an_unconditional_push_over_what_it_saw_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_send(self, self->phone, 1, "update", "milk", "", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "1", "2", "of phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_unconditional_push_over_what_its_resolver_saw_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "of the office");
    history_conflict(self, self->phone, 1, "milk", "2", "of the office", "send", "client_wins");
    history_send(self, self->phone, 1, "update", "milk", "", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "2", "3", "of phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void insert_over(history *self, bool deleted)
{
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
    if (deleted) {
        history_serve(self, 0, 0, "delete", "milk", "1", "2", NULL);
    }
    history_write(self, self->phone, 1, "insert", "milk", "of phone");
    history_send(self, self->phone, 1, "insert", "milk", "", "of phone");
    history_serve(self, self->phone, 1, "insert", "milk", deleted ? "2" : "1", "3", "of phone");
    history_end(self);
}

static void an_insert_that_replaces_a_row_is_found(void **state)
{
    history *self = *state;
    insert_over(self, false);
    history_found_one(self, "phone", "milk");
}

static void an_insert_over_a_tombstone_is_fine(void **state)
{
    history *self = *state;
    insert_over(self, true);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_without_versions_is_not_judged(void **state)
{
    history *self = *state;
    history_serve(self, 0, 0, "insert", "milk", "", "", "old");
    history_apply(self, self->phone, "milk", "", "old");
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_serve(self, 0, 0, "update", "milk", "", "", "of the office");
    history_send(self, self->phone, 1, "update", "milk", "", "of phone");
    history_serve(self, self->phone, 1, "update", "milk", "", "", "of phone");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_unconditional_push_over_an_unseen_change_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(an_unconditional_push_over_what_it_saw_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_unconditional_push_over_what_its_resolver_saw_is_fine,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(an_insert_that_replaces_a_row_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_insert_over_a_tombstone_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_without_versions_is_not_judged, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

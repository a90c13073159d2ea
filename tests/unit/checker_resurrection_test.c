#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_resurrection);
}

static void an_update_that_brings_a_deleted_row_back_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_serve(self, 0, 0, "delete", "milk", "1", "2", NULL);
    history_send(self, self->tablet, 1, "update", "milk", "", "of tablet");
    history_serve(self, self->tablet, 1, "update", "milk", "2", "3", "of tablet");
    history_end(self);
    history_found_one(self, "tablet", "milk");
}

static void an_insert_that_is_sent_again_after_the_delete_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    history_send(self, self->phone, 1, "insert", "milk", "", "new");
    history_serve(self, self->phone, 1, "insert", "milk", "", "1", "new");
    history_serve(self, 0, 0, "delete", "milk", "1", "2", NULL);
    history_send(self, self->phone, 1, "insert", "milk", "", "new");
    history_serve(self, self->phone, 1, "insert", "milk", "2", "3", "new");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_decision_that_saw_the_deletion_may_bring_it_back(void **state)
{
    history *self = *state;
    history_share(self);
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    history_serve(self, 0, 0, "delete", "milk", "1", "2", NULL);
    history_send(self, self->tablet, 1, "update", "milk", "1", "of tablet");
    history_conflict(self, self->tablet, 1, "milk", "2", "old", "send", "client_wins");
    history_send(self, self->tablet, 1, "update", "milk", "2", "of tablet");
    history_serve(self, self->tablet, 1, "update", "milk", "2", "3", "of tablet");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_new_insert_of_the_id_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_serve(self, 0, 0, "delete", "milk", "1", "2", NULL);
    history_apply(self, self->tablet, "milk", "2", NULL);
    history_write(self, self->tablet, 1, "insert", "milk", "again");
    history_send(self, self->tablet, 1, "insert", "milk", "", "again");
    history_serve(self, self->tablet, 1, "insert", "milk", "2", "3", "again");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_update_that_brings_a_deleted_row_back_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_insert_that_is_sent_again_after_the_delete_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_decision_that_saw_the_deletion_may_bring_it_back, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_new_insert_of_the_id_is_fine, set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_monotonic_reads);
}

static void an_older_state_after_a_newer_one_is_found(void **state)
{
    history *self = *state;
    history_share(self);
    history_serve(self, 0, 0, "update", "milk", "1", "2", "new");
    history_apply(self, self->phone, "milk", "2", "new");
    history_read(self, self->phone, "milk", "new");
    history_apply(self, self->phone, "milk", "1", "old");
    history_read(self, self->phone, "milk", "old");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_newer_state_after_an_older_one_is_fine(void **state)
{
    history *self = *state;
    history_share(self);
    history_read(self, self->phone, "milk", "old");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "new");
    history_apply(self, self->phone, "milk", "2", "new");
    history_read(self, self->phone, "milk", "new");
    history_read(self, self->tablet, "milk", "old");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void another_process_begins_anew(void **state)
{
    history *self = *state;
    history_share(self);
    history_serve(self, 0, 0, "update", "milk", "1", "2", "new");
    history_apply(self, self->phone, "milk", "2", "new");
    history_read(self, self->phone, "milk", "new");
    history_crash(self, self->phone, "phone");
    history_apply(self, self->phone, "milk", "1", "old");
    history_read(self, self->phone, "milk", "old");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_older_state_after_a_newer_one_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_newer_state_after_an_older_one_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(another_process_begins_anew, set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_monotonic_writes);
}

static void a_later_write_without_the_earlier_one_is_found(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "bread", "1", "new");
    history_pull_ends(self, self->tablet);
    history_end(self);
    history_found_one(self, "tablet", "milk");
}

static void an_earlier_write_without_the_later_one_is_fine(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_pull_ends(self, self->tablet);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_pull_that_has_not_ended_is_not_judged(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "bread", "1", "new");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_pull_ends(self, self->tablet);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_later_write_without_the_earlier_one_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_earlier_write_without_the_later_one_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_pull_that_has_not_ended_is_not_judged, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_causal_consistency);
}

static void a_write_without_a_cause_of_a_cause_is_found(void **state)
{
    history *self = *state;
    const uint32_t watch = history_add_host(self, "watch");
    const uint32_t desk = history_add_host(self, "desk");
    history_insert(self, self->phone, 1, "milk");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_insert(self, self->tablet, 1, "bread");
    history_apply(self, desk, "bread", "1", "new"); /* without the milk */
    history_insert(self, desk, 1, "eggs");
    history_apply(self, watch, "eggs", "1", "new");
    history_apply(self, watch, "bread", "1", "new");
    history_pull_ends(self, watch);
    history_end(self);
    history_found_one(self, "watch", "milk");
}

static void a_write_with_all_that_led_to_it_is_fine(void **state)
{
    history *self = *state;
    const uint32_t watch = history_add_host(self, "watch");
    history_insert(self, self->phone, 1, "milk");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_insert(self, self->tablet, 1, "bread");
    history_apply(self, watch, "bread", "1", "new");
    history_apply(self, watch, "milk", "1", "new");
    history_pull_ends(self, watch);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_without_a_cause_of_a_cause_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_write_with_all_that_led_to_it_is_fine, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_writes_follow_reads);
}

static void a_write_without_what_its_author_had_read_is_found(void **state)
{
    history *self = *state;
    const uint32_t watch = history_add_host(self, "watch");
    history_insert(self, self->phone, 1, "milk");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_insert(self, self->tablet, 1, "bread");
    history_apply(self, watch, "bread", "1", "new");
    history_pull_ends(self, watch);
    history_end(self);
    history_found_one(self, "watch", "milk");
}

static void a_write_with_what_its_author_had_read_is_fine(void **state)
{
    history *self = *state;
    const uint32_t watch = history_add_host(self, "watch");
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->tablet, 1, "bread");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_apply(self, watch, "bread", "1", "new");
    history_pull_ends(self, watch);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_without_what_its_author_had_read_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_write_with_what_its_author_had_read_is_fine, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

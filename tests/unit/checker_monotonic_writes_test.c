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

/* The server is asked, and vouches for what it sent up to this commit sequence. */
static void pull_up_to(history *self, uint32_t host, int64_t horizon)
{
    EMIT(self, host, &sy_event_pull_begin, sy_int(9), sy_cstr("todoitem"), sy_cstr("all"),
         sy_cstr(""), sy_int(0));
    EMIT(self, host, &sy_event_page, sy_int(9), sy_cstr("todoitem"), sy_cstr("all"), sy_int(1),
         sy_int(0), sy_cstr(""), sy_int(horizon));
    history_pull_ends(self, host);
}

static void what_lies_beyond_the_horizon_is_owed_by_a_later_pull(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "bread", "1", "new"); /* shown by a conflict */
    pull_up_to(self, self->tablet, 0);
    assert_int_equal(self->findings.count, 0);
    history_apply(self, self->tablet, "milk", "1", "new");
    pull_up_to(self, self->tablet, self->now);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_that_changed_again_beyond_the_horizon_is_owed_by_a_later_pull(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->phone, 2, "bread");
    const sy_time horizon = self->now;
    history_write(self, self->phone, 3, "update", "milk", "newer");
    history_push(self, self->phone, 3, "milk", "1", "2", "newer");
    history_apply(self, self->tablet, "bread", "1", "new");
    pull_up_to(self, self->tablet, horizon);
    assert_int_equal(self->findings.count, 0);
    pull_up_to(self, self->tablet, self->now);
    history_end(self);
    history_found_one(self, "tablet", "milk");
}

static void what_lies_within_the_horizon_is_owed(void **state)
{
    history *self = *state;
    history_insert(self, self->phone, 1, "milk");
    history_insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "bread", "1", "new");
    pull_up_to(self, self->tablet, 1);
    pull_up_to(self, self->tablet, self->now);
    history_end(self);
    history_found_one(self, "tablet", "milk");
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
        cmocka_unit_test_setup_teardown(what_lies_beyond_the_horizon_is_owed_by_a_later_pull,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(
            a_row_that_changed_again_beyond_the_horizon_is_owed_by_a_later_pull, set_up,
            history_tear_down),
        cmocka_unit_test_setup_teardown(what_lies_within_the_horizon_is_owed, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_stuck);
}

static void waits(history *self, int64_t ticket, const char *verb, const char *id)
{
    EMIT(self, self->phone, &sy_event_wait, sy_int(ticket), sy_cstr(verb), sy_cstr("item id"),
         sy_cstr("todoitem"), sy_cstr(id));
}

static void done(history *self, int64_t ticket)
{
    EMIT(self, self->phone, &sy_event_done, sy_int(ticket), sy_cstr("update"), sy_cstr("ok"),
         sy_cstr(""), sy_int(0));
}

static void nothing_more_can_happen(history *self)
{
    EMIT(self, self->phone, &sim_event_phase, sy_cstr("stuck"));
    history_end(self);
}

static void a_call_whose_lock_never_comes_is_found(void **state)
{
    history *self = *state;
    waits(self, 1, "update", "milk");
    waits(self, 2, "update", "bread");
    done(self, 1);
    nothing_more_can_happen(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].host, "phone");
    assert_string_equal(self->findings.items[0].table, "todoitem");
    assert_string_equal(self->findings.items[0].row, "bread");
}

static void calls_that_went_on_are_fine(void **state)
{
    history *self = *state;
    waits(self, 1, "update", "milk");
    waits(self, 2, "push", "");
    waits(self, 3, "pull", "");
    done(self, 1);
    EMIT(self, self->phone, &sy_event_push_begin, sy_int(2), sy_cstr("all"), sy_int(1));
    EMIT(self, self->phone, &sy_event_pull_begin, sy_int(3), sy_cstr("todoitem"), sy_cstr("all"),
         sy_cstr(""), sy_int(0));
    nothing_more_can_happen(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_wait_that_the_end_of_the_run_cut_short_is_fine(void **state)
{
    history *self = *state;
    waits(self, 1, "update", "milk");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_process_that_died_waits_for_nothing(void **state)
{
    history *self = *state;
    waits(self, 1, "update", "milk");
    waits(self, 2, "update", "bread");
    history_crash(self, self->phone, "phone");
    nothing_more_can_happen(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_call_whose_lock_never_comes_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(calls_that_went_on_are_fine, set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_wait_that_the_end_of_the_run_cut_short_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_process_that_died_waits_for_nothing, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

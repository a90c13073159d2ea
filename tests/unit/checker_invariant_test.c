#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_invariant);
}

static void fails(history *self, const char *where, const char *name)
{
    EMIT(self, SIM_HOST_WORLD, &sim_event_invariant, sy_cstr(where), sy_cstr(name),
         sy_cstr("seat 12"));
}

static void what_does_not_hold_is_found_once_for_each_place(void **state)
{
    history *self = *state;
    fails(self, "server", "a seat is booked once");
    fails(self, "phone", "a seat is booked once");
    fails(self, "phone", "a seat is booked once");
    fails(self, "phone", "a guest has a name");
    history_end(self);
    assert_int_equal(self->findings.count, 3);
    assert_string_equal(self->findings.items[0].host, "server");
    assert_string_equal(self->findings.items[2].table, "a guest has a name");
    assert_string_equal(self->findings.items[0].text,
                        "a seat is booked once: this does not hold on server; seat 12");
}

static void what_nobody_told_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_does_not_hold_is_found_once_for_each_place, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(what_nobody_told_is_fine, set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

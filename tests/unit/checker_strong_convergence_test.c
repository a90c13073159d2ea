#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_strong_convergence);
}

static void begin(history *self, uint32_t host, const char *query, int64_t token)
{
    EMIT(self, host, &sy_event_pull_begin, sy_int(9), sy_cstr("todoitem"), sy_cstr(query),
         sy_cstr(""), sy_int(token));
}

static void end(history *self, uint32_t host, const char *query, int64_t rows)
{
    EMIT(self, host, &sy_event_pull_end, sy_int(9), sy_cstr("todoitem"), sy_cstr(query),
         sy_cstr("ok"), sy_int(rows));
}

static void equal_sets_with_other_contents_are_found(void **state)
{
    history *self = *state;
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
    history_apply(self, self->phone, "milk", "1", "old");
    history_apply(self, self->tablet, "milk", "1", "something else");
    begin(self, self->phone, "all", 0);
    end(self, self->phone, "all", 1);
    begin(self, self->tablet, "all", 0);
    end(self, self->tablet, "all", 1);
    history_end(self);
    history_found_one(self, "tablet", "");
}

static void equal_sets_with_equal_contents_are_fine(void **state)
{
    history *self = *state;
    history_share(self);
    end(self, self->phone, "all", 1);
    end(self, self->tablet, "all", 1);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_device_with_an_edit_of_its_own_is_not_compared(void **state)
{
    history *self = *state;
    history_share(self);
    end(self, self->phone, "all", 1);
    history_write(self, self->tablet, 1, "update", "milk", "of tablet");
    end(self, self->tablet, "all", 1);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_sets_with_other_contents_are_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(equal_sets_with_equal_contents_are_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_device_with_an_edit_of_its_own_is_not_compared, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_purge_safety);
}

static void purge(history *self, int64_t rows, int64_t operations, bool forced)
{
    EMIT(self, self->phone, &sy_event_purge, sy_int(3), sy_cstr("todoitem"), sy_int(rows),
         sy_int(operations), sy_bool(forced));
}

static void a_purge_that_discards_operations_is_found(void **state)
{
    history *self = *state;
    purge(self, 1, 1, false);
    history_end(self);
    history_found_one(self, "phone", "");
}

static void a_purge_under_a_waiting_operation_is_found(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    purge(self, 1, 0, false);
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_purge_with_force_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "insert", "milk", "new");
    purge(self, 1, 1, true);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_purge_of_a_table_at_rest_is_fine(void **state)
{
    history *self = *state;
    history_write(self, self->tablet, 1, "insert", "milk", "new");
    purge(self, 1, 0, false);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_purge_that_discards_operations_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_purge_under_a_waiting_operation_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_purge_with_force_is_fine, set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_purge_of_a_table_at_rest_is_fine, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

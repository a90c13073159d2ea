#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_intention);
}

/* With a null where nothing was written. */
static const sy_row *whole(history *self, const sy_row *row)
{
    sy_row *copy = sy_row_shallow(&self->arena, row);
    copy->cells[SY_SYSTEM_COUNT + 1] = SY_NULL;
    return copy;
}

/* The device changed the text, the server the quantity; the merge came to `quantity`. */
static void merge(history *self, int64_t quantity, const char *by)
{
    const sy_row *base = history_row(self, "milk", "old", false);
    const sy_row *local = history_row(self, "milk", "new", false);
    sy_row *server = sy_row_shallow(&self->arena, base);
    sy_row *merged = sy_row_shallow(&self->arena, local);
    server->cells[SY_SYSTEM_COUNT + 1] = sy_int(7);
    merged->cells[SY_SYSTEM_COUNT + 1] = sy_int(quantity);
    EMIT(self, self->phone, &sy_event_conflict, sy_int(1), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr("milk"), sy_int(412), sy_row_value(base), sy_row_value(whole(self, local)),
         sy_row_value(server));
    EMIT(self, self->phone, &sy_event_decision, sy_int(1), sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("send"), sy_cstr(by), sy_row_value(merged));
}

static void a_field_merge_that_drops_the_servers_change_is_found(void **state)
{
    history *self = *state;
    merge(self, 0, "field_merge");
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_field_merge_that_keeps_both_is_fine(void **state)
{
    history *self = *state;
    merge(self, 7, "field_merge");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_policy_of_whole_rows_is_not_judged(void **state)
{
    history *self = *state;
    merge(self, 0, "client_wins");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_field_merge_that_drops_the_servers_change_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_field_merge_that_keeps_both_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_policy_of_whole_rows_is_not_judged, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_token_monotone);
}

static void begin(history *self, uint32_t host, const char *query, int64_t token)
{
    EMIT(self, host, &sy_event_pull_begin, sy_int(9), sy_cstr("todoitem"), sy_cstr(query),
         sy_cstr(""), sy_int(token));
}

static void move(history *self, int64_t from, int64_t to, const char *comparison)
{
    EMIT(self, self->phone, &sy_event_token, sy_cstr("todoitem"), sy_cstr("all"), sy_int(from),
         sy_int(to), sy_cstr(comparison));
}

static void a_token_that_goes_back_is_found(void **state)
{
    history *self = *state;
    history_apply(self, self->phone, "milk", "1", "old");
    move(self, 5, 3, "ge");
    history_end(self);
    history_found_one(self, "phone", "");
}

static void a_token_that_goes_forward_to_a_row_is_fine(void **state)
{
    history *self = *state;
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
    history_apply(self, self->phone, "milk", "1", "old");
    move(self, 0, SY_MS, "ge");
    begin(self, self->phone, "all", SY_MS);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_token_past_every_row_is_found(void **state)
{
    history *self = *state;
    history_apply(self, self->phone, "milk", "1", "old");
    move(self, 0, SY_SECOND, "gt");
    history_end(self);
    history_found_one(self, "phone", "");
}

static void a_token_that_was_saved_before_its_rows_is_found(void **state)
{
    history *self = *state;
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
    history_apply(self, self->phone, "milk", "1", "old");
    move(self, 0, SY_MS, "gt");
    history_crash(self, self->phone, "phone");
    EMIT(self, self->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(0), sy_int(0));
    begin(self, self->phone, "all", SY_MS);
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_row_that_a_crash_took_and_the_next_pull_asks_for_is_fine(void **state)
{
    history *self = *state;
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
    history_apply(self, self->phone, "milk", "1", "old");
    move(self, 0, SY_MS, "gt");
    history_crash(self, self->phone, "phone");
    EMIT(self, self->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(0), sy_int(0));
    begin(self, self->phone, "all", -1);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_that_goes_back_is_found, set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_token_that_goes_forward_to_a_row_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_token_past_every_row_is_found, set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_token_that_was_saved_before_its_rows_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_a_crash_took_and_the_next_pull_asks_for_is_fine,
                                        set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_quiescence);
}

static void settle(history *self)
{
    EMIT(self, 0, &sim_event_phase, sy_cstr("settle"));
}

static void end(history *self, uint32_t host, const char *query, int64_t rows)
{
    EMIT(self, host, &sy_event_pull_end, sy_int(9), sy_cstr("todoitem"), sy_cstr(query),
         sy_cstr("ok"), sy_int(rows));
}

static void move(history *self, int64_t from, int64_t to, const char *comparison)
{
    EMIT(self, self->phone, &sy_event_token, sy_cstr("todoitem"), sy_cstr("all"), sy_int(from),
         sy_int(to), sy_cstr(comparison));
}

static void a_row_that_goes_back_and_forth_is_found(void **state)
{
    history *self = *state;
    settle(self);
    history_serve(self, 0, 0, "update", "milk", "", "1", "a");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "b");
    history_serve(self, 0, 0, "update", "milk", "2", "3", "a");
    history_serve(self, 0, 0, "update", "milk", "3", "4", "b");
    history_end(self);
    history_found_one(self, "", "milk");
}

static void a_row_that_users_moved_back_and_forth_is_fine(void **state)
{
    history *self = *state;
    history_serve(self, 0, 0, "update", "milk", "", "1", "a");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "b");
    history_serve(self, 0, 0, "update", "milk", "2", "3", "a");
    history_serve(self, 0, 0, "update", "milk", "3", "4", "b");
    settle(self);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

/* A box that was ticked to and fro while the device was away, each time an operation of its own. */
static void tick(history *self, int64_t op, bool again)
{
    static const char *const versions[] = {"1", "2", "3", "4", "5"};
    static const char *const texts[] = {"a", "b"};
    const int64_t at = op - 1;
    history_send(self, self->phone, again ? 2 : op, "update", "milk", versions[at], texts[at % 2]);
    history_serve(self, self->phone, again ? 2 : op, "update", "milk", versions[at],
                  versions[at + 1], texts[at % 2]);
}

static void tick_offline(history *self)
{
    history_share(self);
    for (int64_t op = 1; op <= 4; op++) {
        history_write(self, self->phone, op, "update", "milk", op % 2 == 1 ? "a" : "b");
    }
    settle(self);
}

static void edits_that_waited_and_go_back_and_forth_are_fine(void **state)
{
    history *self = *state;
    tick_offline(self);
    for (int64_t op = 1; op <= 4; op++) {
        tick(self, op, false);
    }
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_edit_that_waited_and_comes_again_and_again_is_found(void **state)
{
    history *self = *state;
    tick_offline(self);
    tick(self, 1, false);
    tick(self, 2, false);
    tick(self, 3, true);
    tick(self, 4, true);
    history_end(self);
    history_found_one(self, "", "milk");
}

static void a_row_that_comes_to_rest_is_fine(void **state)
{
    history *self = *state;
    settle(self);
    history_serve(self, 0, 0, "update", "milk", "", "1", "a");
    history_serve(self, 0, 0, "update", "milk", "1", "2", "b");
    history_serve(self, 0, 0, "update", "milk", "2", "3", "c");
    history_serve(self, 0, 0, "update", "milk", "3", "4", "a");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_that_is_committed_for_ever_is_found(void **state)
{
    history *self = *state;
    settle(self);
    const char *const versions[] = {"",  "1",  "2",  "3",  "4",  "5",  "6",  "7", "8",
                                    "9", "10", "11", "12", "13", "14", "15", "16"};
    for (int i = 0; i < 16; i++) {
        history_serve(self, 0, 0, "update", "milk", versions[i], versions[i + 1], "same");
    }
    history_end(self);
    history_found_one(self, "", "milk");
}

static void a_pull_that_fetches_for_ever_is_found(void **state)
{
    history *self = *state;
    settle(self);
    for (int i = 0; i < 6; i++) {
        move(self, 1, 1, "gt");
        end(self, self->phone, "all", 1);
    }
    history_end(self);
    history_found_one(self, "phone", "");
}

static void a_pull_that_asks_for_the_tokens_moment_too_is_fine(void **state)
{
    history *self = *state;
    settle(self);
    for (int i = 0; i < 6; i++) {
        move(self, 1, 1, "ge");
        end(self, self->phone, "all", 1);
    }
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_row_that_is_held_for_a_person_is_fetched_each_time(void **state)
{
    history *self = *state;
    history_write(self, self->phone, 1, "update", "milk", "mine");
    history_conflict(self, self->phone, 1, "milk", "2", "theirs", "hold", "hold");
    settle(self);
    for (int i = 0; i < 7; i++) {
        move(self, 1, 1, "gt");
        end(self, self->phone, "all", 1);
    }
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_that_goes_back_and_forth_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_users_moved_back_and_forth_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(edits_that_waited_and_go_back_and_forth_are_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_waited_and_comes_again_and_again_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_comes_to_rest_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_is_committed_for_ever_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_pull_that_fetches_for_ever_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_row_that_is_held_for_a_person_is_fetched_each_time,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(a_pull_that_asks_for_the_tokens_moment_too_is_fine, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

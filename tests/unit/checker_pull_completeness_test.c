#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    static history self;
    history_open(&self, &sim_checker_pull_completeness);
    EMIT(&self, self.phone, &sim_event_identity, sy_cstr("phone"), sy_cstr("phone-id"),
         sy_cstr("wall"));
    EMIT(&self, self.tablet, &sim_event_identity, sy_cstr("tablet"), sy_cstr("tablet-id"),
         sy_cstr("wall"));
    *state = &self;
    return 0;
}

static int tear_down(void **state)
{
    history_close(*state);
    return 0;
}

static void begin(history *self, const char *scope, int64_t token)
{
    EMIT(self, self->phone, &sy_event_pull_begin, sy_int(1), sy_cstr("todoitem"), sy_cstr("all"),
         sy_cstr(scope), sy_int(token));
}

static void apply(history *self, const char *id, const char *version, int64_t stamp, bool deleted)
{
    EMIT(self, self->phone, &sy_event_apply, sy_cstr("todoitem"), sy_cstr(id), sy_cstr(version),
         sy_bool(deleted), sy_datetime(stamp), sy_int(stamp), sy_row_value(NULL));
}

static void move(history *self, int64_t from, int64_t to, const char *comparison)
{
    EMIT(self, self->phone, &sy_event_token, sy_cstr("todoitem"), sy_cstr("all"), sy_int(from),
         sy_int(to), sy_cstr(comparison));
}

static void a_token_over_applied_rows_is_fine(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 10, "");
    history_commit(self, "b", "insert", "", "2", 20, "");
    begin(self, "", 0);
    apply(self, "a", "1", 10, false);
    apply(self, "b", "2", 20, false);
    move(self, 0, 20, "gt");
    history_commit(self, "a", "update", "1", "3", 30, "");
    move(self, 20, 25, "gt");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_token_that_passes_a_row_that_was_not_applied_is_found(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 10, "");
    history_commit(self, "b", "insert", "", "2", 15, "");
    history_commit(self, "c", "insert", "", "3", 20, "");
    begin(self, "", 0);
    apply(self, "a", "1", 10, false);
    apply(self, "c", "3", 20, false);
    move(self, 0, 20, "gt");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].host, "phone");
    assert_string_equal(self->findings.items[0].row, "b");
}

static void a_row_at_the_boundary_is_lost_with_gt_and_comes_again_with_ge(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 10, "");
    history_commit(self, "b", "insert", "", "2", 10, "");
    begin(self, "", 0);
    apply(self, "a", "1", 10, false);
    move(self, 0, 10, "ge");
    assert_int_equal(self->findings.count, 0);
    move(self, 10, 10, "gt");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].row, "b");
}

static void a_commit_behind_the_token_is_found_at_once(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 20, "");
    begin(self, "", 0);
    apply(self, "a", "1", 20, false);
    move(self, 0, 20, "ge");
    history_commit(self, "late", "insert", "", "2", 20, "");
    assert_int_equal(self->findings.count, 0);
    history_commit(self, "later", "insert", "", "3", 15, "");
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].row, "later");
    history_commit(self, "own", "insert", "", "4", 15, "phone-id");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

static void a_late_commit_before_the_token_moves_is_found_too(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 20, "");
    begin(self, "", 0);
    apply(self, "a", "1", 20, false);
    history_commit(self, "late", "insert", "", "2", 15, "tablet-id");
    move(self, 0, 20, "sequence");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].row, "late");
}

static void a_filtered_query_a_pending_row_and_a_foreign_tombstone_are_fine(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 10, "");
    begin(self, "complete eq false", 0);
    move(self, 0, 50, "gt");
    history_commit(self, "b", "insert", "", "2", 60, "");
    EMIT(self, self->phone, &sy_event_skip, sy_cstr("todoitem"), sy_cstr("b"), sy_cstr("2"),
         sy_datetime(60), sy_int(60), sy_cstr("pending operation"));
    apply(self, "a", "1", 10, false);
    history_commit(self, "c", "insert", "", "3", 61, "tablet-id");
    history_commit(self, "c", "delete", "3", "4", 62, "tablet-id");
    begin(self, "", 50);
    move(self, 50, 70, "gt");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_missed_tombstone_of_a_held_row_is_found(void **state)
{
    history *self = *state;
    history_commit(self, "a", "insert", "", "1", 10, "");
    begin(self, "", 0);
    apply(self, "a", "1", 10, false);
    move(self, 0, 10, "gt");
    history_commit(self, "a", "delete", "1", "2", 20, "tablet-id");
    move(self, 10, 30, "gt");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_non_null(strstr(self->findings.items[0].text, "deletion"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_over_applied_rows_is_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_that_passes_a_row_that_was_not_applied_is_found,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_row_at_the_boundary_is_lost_with_gt_and_comes_again_with_ge, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_behind_the_token_is_found_at_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_late_commit_before_the_token_moves_is_found_too, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_filtered_query_a_pending_row_and_a_foreign_tombstone_are_fine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_missed_tombstone_of_a_held_row_is_found, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

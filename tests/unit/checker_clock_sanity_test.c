#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_clock_sanity);
}

static void begin(history *self, const char *stamp)
{
    EMIT(self, self->phone, &sim_event_identity, sy_cstr("phone"), sy_cstr("phone"),
         sy_cstr(stamp));
    history_serve(self, 0, 0, "insert", "milk", "", "1", "old");
}

static void serve_at(history *self, uint32_t host, const char *before, const char *after,
                     const char *text, sy_time edited_at)
{
    sy_row *row = sy_row_shallow(&self->arena, history_row(self, "milk", text, false));
    row->cells[SY_COLUMN_EDITED_AT] = sy_datetime(edited_at);
    EMIT(self, self->server, &sy_event_commit, sy_cstr("todoitem"), sy_cstr("milk"),
         sy_cstr("update"), sy_cstr(before), sy_cstr(after), sy_datetime(self->now), sy_int(0),
         sy_cstr(""), sy_cstr(""), sy_row_value(row), sy_int(host), sy_int(host != 0 ? 1 : 0));
}

/* The office changes the row at ten; the phone sees that (or not) and edits it at nine. */
static void edit(history *self, bool seen)
{
    serve_at(self, 0, "1", "2", "of the office", 10);
    history_apply(self, self->phone, "milk", seen ? "2" : "1", "of the office");
    history_write(self, self->phone, 1, "update", "milk", "of phone");
    history_send(self, self->phone, 1, "update", "milk", "2", "of phone");
    serve_at(self, self->phone, "2", "3", "of phone", 9);
}

static void a_hybrid_clock_behind_what_its_author_saw_is_found(void **state)
{
    history *self = *state;
    begin(self, "hlc");
    edit(self, true);
    history_end(self);
    history_found_one(self, "phone", "milk");
}

static void a_hybrid_clock_behind_what_nobody_saw_is_fine(void **state)
{
    history *self = *state;
    begin(self, "hlc");
    edit(self, false);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_wall_clock_promises_nothing(void **state)
{
    history *self = *state;
    begin(self, "wall");
    edit(self, true);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_hybrid_clock_behind_what_its_author_saw_is_found, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_hybrid_clock_behind_what_nobody_saw_is_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_wall_clock_promises_nothing, set_up, history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

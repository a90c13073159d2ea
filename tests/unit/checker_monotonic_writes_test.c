#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    static history self;
    history_open(&self, &sim_checker_monotonic_writes);
    *state = &self;
    return 0;
}

static int tear_down(void **state)
{
    history_close(*state);
    return 0;
}

/* A device inserts a row, and the server takes it. */
static void insert(history *self, uint32_t host, int64_t op, const char *id)
{
    history_write(self, host, op, "insert", id, "new");
    history_send(self, host, op, "insert", id, "", "new");
    history_serve(self, host, op, "insert", id, "", "1", "new");
    history_apply(self, host, id, "1", "new");
    history_dequeue(self, host, op, id, "pushed");
}

static void pull_ends(history *self, uint32_t host)
{
    EMIT(self, host, &sy_event_pull_end, sy_int(9), sy_cstr("todoitem"), sy_cstr("all"),
         sy_cstr("ok"), sy_int(1));
}

static void a_later_write_without_the_earlier_one_is_found(void **state)
{
    history *self = *state;
    insert(self, self->phone, 1, "milk");
    insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "bread", "1", "new");
    pull_ends(self, self->tablet);
    history_end(self);
    history_found_one(self, "tablet", "milk");
}

static void an_earlier_write_without_the_later_one_is_fine(void **state)
{
    history *self = *state;
    insert(self, self->phone, 1, "milk");
    insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "milk", "1", "new");
    pull_ends(self, self->tablet);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_pull_that_has_not_ended_is_not_judged(void **state)
{
    history *self = *state;
    insert(self, self->phone, 1, "milk");
    insert(self, self->phone, 2, "bread");
    history_apply(self, self->tablet, "bread", "1", "new");
    history_apply(self, self->tablet, "milk", "1", "new");
    pull_ends(self, self->tablet);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_later_write_without_the_earlier_one_is_found, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_earlier_write_without_the_later_one_is_fine, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_pull_that_has_not_ended_is_not_judged, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

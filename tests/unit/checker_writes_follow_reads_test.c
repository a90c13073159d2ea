#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    static history self;
    history_open(&self, &sim_checker_writes_follow_reads);
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

static uint32_t third(history *self)
{
    uint32_t host = 0;
    assert_int_equal(sim_trace_add_host(self->trace, "watch", &host), SY_OK);
    return host;
}

static void a_write_without_what_its_author_had_read_is_found(void **state)
{
    history *self = *state;
    const uint32_t watch = third(self);
    insert(self, self->phone, 1, "milk");
    history_apply(self, self->tablet, "milk", "1", "new");
    insert(self, self->tablet, 1, "bread");
    history_apply(self, watch, "bread", "1", "new");
    pull_ends(self, watch);
    history_end(self);
    history_found_one(self, "watch", "milk");
}

static void a_write_with_what_its_author_had_read_is_fine(void **state)
{
    history *self = *state;
    const uint32_t watch = third(self);
    insert(self, self->phone, 1, "milk");
    insert(self, self->tablet, 1, "bread");
    history_apply(self, self->tablet, "milk", "1", "new");
    history_apply(self, watch, "bread", "1", "new");
    pull_ends(self, watch);
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_without_what_its_author_had_read_is_found, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_write_with_what_its_author_had_read_is_fine, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

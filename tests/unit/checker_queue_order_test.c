#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/checker_support.h"

static int set_up(void **state)
{
    return history_set_up(state, &sim_checker_queue_order);
}

static void enqueue(history *self, int64_t op, const char *id)
{
    EMIT(self, self->phone, &sy_event_enqueue, sy_int(op), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr(id));
}

static void dequeue(history *self, int64_t op, const char *id)
{
    EMIT(self, self->phone, &sy_event_dequeue, sy_int(op), sy_cstr("todoitem"), sy_cstr(id),
         sy_cstr("done"));
}

static void transmit(history *self, int64_t op, const char *id)
{
    EMIT(self, self->phone, &sy_event_send, sy_int(1), sy_cstr("update"), sy_cstr("todoitem"),
         sy_cstr(id), sy_int(op), sy_int(1), sy_cstr(""), sy_row_value(NULL));
}

static void push_begin(history *self)
{
    EMIT(self, self->phone, &sy_event_push_begin, sy_int(1), sy_cstr("all"), sy_int(2));
}

static void operations_in_order_with_a_retry_are_fine(void **state)
{
    history *self = *state;
    enqueue(self, 1, "milk");
    enqueue(self, 2, "bread");
    enqueue(self, 3, "milk");
    push_begin(self);
    transmit(self, 1, "milk");
    transmit(self, 1, "milk");
    dequeue(self, 1, "milk");
    transmit(self, 2, "bread");
    transmit(self, 3, "milk");
    push_begin(self);
    transmit(self, 2, "bread");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void a_younger_operation_before_an_older_on_its_row_is_found(void **state)
{
    history *self = *state;
    enqueue(self, 1, "milk");
    enqueue(self, 2, "milk");
    push_begin(self);
    transmit(self, 2, "milk");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].host, "phone");
    assert_string_equal(self->findings.items[0].row, "milk");
}

static void an_older_operation_after_a_younger_in_one_push_is_found(void **state)
{
    history *self = *state;
    enqueue(self, 1, "parent");
    enqueue(self, 2, "child");
    push_begin(self);
    transmit(self, 2, "child");
    transmit(self, 1, "parent");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
    assert_string_equal(self->findings.items[0].row, "parent");
}

static void numbers_that_begin_again_after_a_restart_are_fine(void **state)
{
    history *self = *state;
    enqueue(self, 7, "milk");
    push_begin(self);
    transmit(self, 7, "milk");
    history_crash(self, self->phone, "phone");
    EMIT(self, self->phone, &sim_event_crash_scene, sy_cstr("phone"), sy_int(0), sy_int(1));
    enqueue(self, 1, "milk");
    transmit(self, 1, "milk");
    dequeue(self, 1, "milk");
    enqueue(self, 8, "milk");
    transmit(self, 8, "milk");
    history_end(self);
    assert_int_equal(self->findings.count, 0);
}

static void an_operation_that_survived_still_comes_first(void **state)
{
    history *self = *state;
    enqueue(self, 1, "milk");
    history_crash(self, self->phone, "phone");
    EMIT(self, self->phone, &sim_event_survivor, sy_cstr("phone"), sy_int(1), sy_cstr("update"),
         sy_cstr("todoitem"), sy_cstr("milk"));
    enqueue(self, 2, "milk");
    push_begin(self);
    transmit(self, 2, "milk");
    history_end(self);
    assert_int_equal(self->findings.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(operations_in_order_with_a_retry_are_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(a_younger_operation_before_an_older_on_its_row_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(an_older_operation_after_a_younger_in_one_push_is_found,
                                        set_up, history_tear_down),
        cmocka_unit_test_setup_teardown(numbers_that_begin_again_after_a_restart_are_fine, set_up,
                                        history_tear_down),
        cmocka_unit_test_setup_teardown(an_operation_that_survived_still_comes_first, set_up,
                                        history_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

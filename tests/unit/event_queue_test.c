#include "sim/kernel/event_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/support.h"

static void nothing(void *self)
{
    (void)self;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void equal_times_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    sim_event_queue queue;
    sim_event_queue_init(&queue, sy_alloc_std());
    static void *marks[100];
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(sim_event_queue_push(&queue, 7, nothing, &marks[i]), SY_OK);
    }
    for (size_t i = 0; i < 100; i++) {
        sim_entry entry;
        assert_true(sim_event_queue_pop(&queue, &entry));
        assert_ptr_equal(entry.self, &marks[i]);
    }
    sim_entry entry;
    assert_false(sim_event_queue_pop(&queue, &entry));
    sim_event_queue_deinit(&queue);
}

static void entries_come_out_by_time_then_sequence(void **state)
{
    (void)state;
    sim_event_queue queue;
    sim_event_queue_init(&queue, sy_alloc_std());
    uint64_t seed = 1;
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(
            sim_event_queue_push(&queue, (sy_time)(next_random(&seed) % 300), nothing, NULL),
            SY_OK);
        if (i % 3 == 2) {
            sim_entry entry;
            const sim_entry first = *sim_event_queue_first(&queue);
            assert_true(sim_event_queue_pop(&queue, &entry));
            assert_int_equal(entry.sequence, first.sequence);
        }
    }
    sim_entry before = {.time = -1};
    sim_entry entry;
    size_t count = 0;
    while (sim_event_queue_pop(&queue, &entry)) {
        assert_true(entry.time > before.time ||
                    (entry.time == before.time && entry.sequence > before.sequence));
        before = entry;
        count++;
    }
    assert_int_equal(count, 5000 - 5000 / 3);
    assert_null(sim_event_queue_first(&queue));
    sim_event_queue_deinit(&queue);
}

/* More of them than the queue has a place of their own for. */
static void what_happens_at_once_waits_for_what_was_due_then_already(void **state)
{
    (void)state;
    enum { COUNT = 3 * SIM_AT_ONCE_COUNT };
    static void *marks[COUNT + 2];
    sim_event_queue queue;
    sim_event_queue_init(&queue, sy_alloc_std());
    assert_int_equal(sim_event_queue_push(&queue, 5, nothing, NULL), SY_OK);
    assert_int_equal(sim_event_queue_push(&queue, 5, nothing, &marks[0]), SY_OK);
    assert_int_equal(sim_event_queue_push(&queue, 6, nothing, &marks[COUNT + 1]), SY_OK);
    sim_entry entry;
    assert_true(sim_event_queue_pop(&queue, &entry));
    size_t pushed = 1;
    for (size_t i = 0; i <= COUNT; i++) {
        while (pushed <= COUNT && pushed < i + COUNT / 2) {
            assert_int_equal(sim_event_queue_push(&queue, 5, nothing, &marks[pushed++]), SY_OK);
        }
        assert_false(sim_event_queue_pop_until(&queue, 4, &entry));
        assert_ptr_equal(sim_event_queue_first(&queue)->self, &marks[i]);
        assert_true(sim_event_queue_pop_until(&queue, 5, &entry));
        assert_ptr_equal(entry.self, &marks[i]);
    }
    assert_false(sim_event_queue_pop_until(&queue, 5, &entry));
    assert_true(sim_event_queue_pop(&queue, &entry));
    assert_ptr_equal(entry.self, &marks[COUNT + 1]);
    assert_null(sim_event_queue_first(&queue));
    sim_event_queue_deinit(&queue);
}

/* With as many entries as this the queue looks at what they are about. */
static void entries_of_a_long_queue_come_out_with_what_they_went_in_with(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static void *marks[COUNT];
    sim_event_queue queue;
    sim_event_queue_init(&queue, sy_alloc_std());
    for (size_t i = 0; i < COUNT; i++) {
        size_t at = i * 7 % COUNT;
        marks[at] = i % 3 == 0 ? NULL : &marks[i];
        void *self = at % 5 == 0 ? NULL : (void *)&marks[at];
        assert_int_equal(sim_event_queue_push(&queue, (sy_time)at, nothing, self), SY_OK);
    }
    for (size_t i = 0; i < COUNT; i++) {
        sim_entry entry;
        assert_true(sim_event_queue_pop(&queue, &entry));
        assert_int_equal(entry.time, i);
        assert_ptr_equal(entry.self, i % 5 == 0 ? NULL : (void *)&marks[i]);
    }
    sim_event_queue_deinit(&queue);
}

static void a_push_without_memory_leaves_the_queue_as_it_was(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 2);
    sim_event_queue queue;
    sim_event_queue_init(&queue, test_alloc_port(&alloc));
    size_t pushed = 0;
    while (sim_event_queue_push(&queue, (sy_time)pushed, nothing, NULL) == SY_OK) {
        pushed++;
    }
    assert_true(test_alloc_failed(&alloc));
    assert_int_equal(queue.heap_count + queue.at_once_count, pushed);
    assert_int_equal(sim_event_queue_push(&queue, 0, nothing, NULL), SY_OK);
    assert_int_equal(sim_event_queue_first(&queue)->time, 0);
    sim_event_queue_deinit(&queue);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void what_is_removed_is_missed_by_nobody(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    uint64_t random = 11;
    for (int round = 0; round < 20; round++) {
        sim_event_queue queue;
        sim_event_queue_init(&queue, sy_alloc_std());
        bool gone[COUNT] = {false};
        for (size_t i = 0; i < COUNT; i++) {
            const sy_time time = i < 4 ? 0 : (sy_time)(next_random(&random) % 50);
            assert_int_equal(sim_event_queue_push(&queue, time, nothing, NULL), SY_OK);
        }
        for (size_t i = 0; i < COUNT; i++) {
            gone[i] = next_random(&random) % 2 == 0;
            if (gone[i]) {
                sim_event_queue_remove(&queue, i);
            }
        }
        sim_entry last = {.time = -1};
        for (size_t i = 0; i < COUNT; i++) {
            sim_entry entry;
            if (!gone[i]) {
                assert_true(sim_event_queue_pop(&queue, &entry));
                assert_false(gone[entry.sequence]);
                assert_true(entry.time > last.time ||
                            (entry.time == last.time && entry.sequence > last.sequence));
                last = entry;
            }
        }
        assert_null(sim_event_queue_first(&queue));
        sim_event_queue_deinit(&queue);
    }
}

static void a_list_has_them_in_the_order_in_which_they_come_out(void **state)
{
    (void)state;
    sim_event_queue queue;
    sim_event_queue_init(&queue, sy_alloc_std());
    sim_entry listed[64];
    sim_entry popped;
    sim_event_queue_list(&queue, listed); /* of an empty one: nothing */
    for (uint64_t i = 0; i < 50; i++) {
        assert_int_equal(sim_event_queue_push(&queue, (sy_time)(i * 7919 % 23), nothing, NULL),
                         SY_OK);
    }
    for (int i = 0; i < 20; i++) {
        assert_true(sim_event_queue_pop(&queue, &popped));
    }
    for (int i = 0; i < 5; i++) { /* beside the heap */
        assert_int_equal(sim_event_queue_push(&queue, popped.time, nothing, NULL), SY_OK);
    }
    assert_true(queue.at_once_count > 0);
    const size_t count = sim_event_queue_count(&queue);
    assert_int_equal(count, 35);
    sim_event_queue_list(&queue, listed);
    for (size_t i = 0; i < count; i++) {
        assert_true(sim_event_queue_pop(&queue, &popped));
        assert_int_equal(popped.sequence, listed[i].sequence);
    }
    sim_event_queue_deinit(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_times_come_out_in_the_order_they_went_in),
        cmocka_unit_test(entries_come_out_by_time_then_sequence),
        cmocka_unit_test(what_happens_at_once_waits_for_what_was_due_then_already),
        cmocka_unit_test(entries_of_a_long_queue_come_out_with_what_they_went_in_with),
        cmocka_unit_test(what_is_removed_is_missed_by_nobody),
        cmocka_unit_test(a_list_has_them_in_the_order_in_which_they_come_out),
        cmocka_unit_test(a_push_without_memory_leaves_the_queue_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

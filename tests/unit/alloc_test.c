/* The allocator port and the arena. */
#include "core/base/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "core/base/arena.h"
#include "tests/unit/support.h"

static void nothing_is_still_a_block(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    void *block = sy_alloc_get(test_alloc_port(&alloc), 0);
    assert_non_null(block);
    sy_alloc_free(test_alloc_port(&alloc), block, 0);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void freeing_null_in_a_zeroed_struct_does_nothing(void **state)
{
    (void)state;
    sy_alloc none = {0};
    sy_alloc_free(none, NULL, 0);
}

static void an_array_doubles_and_keeps_its_items(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 100; i++) {
        items = sy_alloc_grow(test_alloc_port(&alloc), items, (size_t)i, &capacity, sizeof *items);
        assert_non_null(items);
        items[i] = i;
    }
    assert_int_equal(capacity, 128);
    assert_int_equal(alloc.count, 5);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(items[i], i);
    }
    sy_alloc_free(test_alloc_port(&alloc), items, capacity * sizeof *items);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void an_array_that_cannot_grow_stays_valid(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 2);
    size_t capacity = 0;
    int *items = sy_alloc_grow(test_alloc_port(&alloc), NULL, 0, &capacity, sizeof *items);
    assert_non_null(items);
    items[7] = 7;
    assert_null(sy_alloc_grow(test_alloc_port(&alloc), items, 8, &capacity, sizeof *items));
    assert_int_equal(capacity, 8);
    assert_int_equal(items[7], 7);
    sy_alloc_free(test_alloc_port(&alloc), items, capacity * sizeof *items);
    assert_true(test_alloc_failed(&alloc));
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void an_array_too_large_for_memory_is_refused(void **state)
{
    (void)state;
    size_t capacity = SIZE_MAX / 4;
    assert_null(sy_alloc_grow(sy_alloc_std(), NULL, capacity, &capacity, 16));
}

static void arena_blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    unsigned char *blocks[300];
    for (size_t i = 0; i < 300; i++) {
        blocks[i] = sy_arena_push(&arena, i);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], (int)(i & 0xFF), i);
    }
    for (size_t i = 1; i < 300; i++) {
        assert_int_equal(blocks[i][0], i & 0xFF);
        assert_int_equal(blocks[i][i - 1], i & 0xFF);
    }
    sy_arena_deinit(&arena);
}

static void an_idle_arena_costs_half_a_kibibyte_and_an_unused_one_nothing(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    assert_int_equal(test_alloc_live(&alloc), 0);
    assert_non_null(sy_arena_push(&arena, 1));
    assert_int_equal(test_alloc_live(&alloc), 512);
    sy_arena_deinit(&arena);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void an_arena_in_steady_state_allocates_nothing(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    uint64_t warm = 0;
    for (int round = 0; round < 20; round++) {
        for (size_t size = 0; size < 3000; size += 7) {
            assert_non_null(sy_arena_push(&arena, size));
        }
        assert_non_null(sy_arena_push(&arena, 200000));
        sy_arena_reset(&arena);
        if (round == 3) {
            warm = alloc.count;
        }
    }
    assert_int_equal(alloc.count, warm);
    sy_arena_deinit(&arena);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void an_arena_without_memory_says_so_and_goes_on(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 2);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    assert_non_null(sy_arena_push(&arena, 400));
    assert_null(sy_arena_push(&arena, 400));
    assert_non_null(sy_arena_push(&arena, 10));
    assert_non_null(sy_arena_push(&arena, 400));
    assert_null(sy_arena_push(&arena, SIZE_MAX));
    assert_null(sy_arena_push(&arena, SIZE_MAX / 2 + 1));
    sy_arena_deinit(&arena);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void texts_in_an_arena_end_with_zero(void **state)
{
    (void)state;
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_str empty = sy_arena_copy(&arena, (sy_str){NULL, 0});
    assert_non_null(empty.data);
    assert_string_equal(empty.data, "");
    assert_string_equal(sy_arena_copy(&arena, (sy_str){"milk!", 4}).data, "milk");
    sy_str text = sy_arena_printf(&arena, "%s/%d", "orders", 7);
    assert_string_equal(text.data, "orders/7");
    assert_int_equal(text.size, 8);
    unsigned char *zeroed = sy_arena_push_zeroed(&arena, 50);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(zeroed[i], 0);
    }
    sy_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_still_a_block),
        cmocka_unit_test(freeing_null_in_a_zeroed_struct_does_nothing),
        cmocka_unit_test(an_array_doubles_and_keeps_its_items),
        cmocka_unit_test(an_array_that_cannot_grow_stays_valid),
        cmocka_unit_test(an_array_too_large_for_memory_is_refused),
        cmocka_unit_test(arena_blocks_are_aligned_and_apart),
        cmocka_unit_test(an_idle_arena_costs_half_a_kibibyte_and_an_unused_one_nothing),
        cmocka_unit_test(an_arena_in_steady_state_allocates_nothing),
        cmocka_unit_test(an_arena_without_memory_says_so_and_goes_on),
        cmocka_unit_test(texts_in_an_arena_end_with_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

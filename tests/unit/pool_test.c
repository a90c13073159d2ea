/* Small blocks from large ones. */
#include "core/base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/unit/support.h"

#define BLOCK_COUNT 200

static size_t size_of(size_t i)
{
    return 1 + i * 37 % 2500;
}

static void blocks_are_aligned_and_apart(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_pool pool;
    sy_pool_init(&pool, test_alloc_port(&alloc));
    pool.size_max = 2000;
    unsigned char *blocks[BLOCK_COUNT];
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        blocks[i] = sy_alloc_get(sy_pool_port(&pool), size_of(i));
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], (int)i, size_of(i));
    }
    for (size_t i = 0; i < BLOCK_COUNT; i++) {
        for (size_t at = 0; at < size_of(i); at++) {
            assert_int_equal(blocks[i][at], (unsigned char)i);
        }
        sy_alloc_free(sy_pool_port(&pool), blocks[i], size_of(i));
    }
    sy_pool_deinit(&pool);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void steady_work_asks_nobody(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_pool pool;
    sy_pool_init(&pool, test_alloc_port(&alloc));
    pool.size_max = 1000;
    uint64_t warm = 0;
    for (int round = 0; round < 20; round++) {
        void *blocks[8];
        for (size_t i = 0; i < 8; i++) {
            blocks[i] = sy_alloc_get(sy_pool_port(&pool), 64 * i + 5);
            assert_non_null(blocks[i]);
        }
        for (size_t i = 0; i < 8; i++) {
            sy_alloc_free(sy_pool_port(&pool), blocks[i], 64 * i + 5);
        }
        warm = round == 0 ? alloc.count : warm;
    }
    assert_int_equal(alloc.count, warm);
    sy_pool_deinit(&pool);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void a_block_keeps_its_bytes_when_it_grows(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_pool pool;
    sy_pool_init(&pool, test_alloc_port(&alloc));
    pool.size_max = 2000;
    size_t size = 1;
    unsigned char *block = sy_alloc_get(sy_pool_port(&pool), size);
    block[0] = 0;
    while (size < 5000) {
        size_t more = size + size / 2 + 1;
        block = sy_alloc_resize(sy_pool_port(&pool), block, size, more);
        assert_non_null(block);
        for (size_t i = size; i < more; i++) {
            block[i] = (unsigned char)i;
        }
        size = more;
    }
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(block[i], (unsigned char)i);
    }
    sy_alloc_free(sy_pool_port(&pool), block, size);
    sy_pool_deinit(&pool);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void without_memory_it_says_so_and_goes_on(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 1);
    sy_pool pool;
    sy_pool_init(&pool, test_alloc_port(&alloc));
    assert_null(sy_alloc_get(sy_pool_port(&pool), 40));
    void *block = sy_alloc_get(sy_pool_port(&pool), 40);
    assert_non_null(block);
    sy_alloc_free(sy_pool_port(&pool), block, 40);
    sy_pool_deinit(&pool);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_apart),
        cmocka_unit_test(steady_work_asks_nobody),
        cmocka_unit_test(a_block_keeps_its_bytes_when_it_grows),
        cmocka_unit_test(without_memory_it_says_so_and_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

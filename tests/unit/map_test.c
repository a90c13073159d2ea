/* The map, and the hashes under it. */
#include "core/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/hash.h"
#include "tests/unit/support.h"

#define KEY_COUNT 200

typedef struct item {
    char key[16];
    uint64_t order; /* of insertion; 0: not in the map */
} item;

static sy_str key_of(const item *it)
{
    return sy_str_of(it->key);
}

static void keys_are_found_in_order_of_insertion(void **state)
{
    (void)state;
    sy_map map;
    sy_map_init(&map, sy_alloc_std());
    int one = 1;
    int two = 2;
    int three = 3;
    assert_null(sy_map_find(&map, SY_STR("b")));
    assert_null(sy_map_remove(&map, SY_STR("b")));
    assert_int_equal(sy_map_set(&map, SY_STR("b"), &one), SY_OK);
    assert_int_equal(sy_map_set(&map, SY_STR(""), &two), SY_OK);
    assert_int_equal(sy_map_set(&map, SY_STR("a"), &three), SY_OK);
    assert_int_equal(sy_map_set(&map, SY_STR("b"), &three), SY_OK);
    assert_int_equal(map.count, 3);
    assert_ptr_equal(sy_map_find(&map, SY_STR("b")), &three);
    assert_ptr_equal(sy_map_find(&map, (sy_str){NULL, 0}), &two);
    assert_ptr_equal(sy_map_remove(&map, SY_STR("")), &two);
    size_t at = 0;
    assert_string_equal(sy_map_next(&map, &at)->key.data, "b");
    assert_string_equal(sy_map_next(&map, &at)->key.data, "a");
    assert_null(sy_map_next(&map, &at));
    sy_map_clear(&map);
    assert_null(sy_map_find(&map, SY_STR("a")));
    at = 0;
    assert_null(sy_map_next(&map, &at));
    sy_map_deinit(&map);
}

/* The map against an array of what should be in it. */
static void assert_same(const sy_map *map, item *items)
{
    size_t at = 0;
    size_t count = 0;
    uint64_t last = 0;
    const sy_map_entry *entry = NULL;
    while ((entry = sy_map_next(map, &at)) != NULL) {
        const item *it = entry->value;
        assert_true(it->order > last);
        last = it->order;
        count++;
    }
    assert_int_equal(count, map->count);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        assert_ptr_equal(sy_map_find(map, key_of(&items[i])),
                         items[i].order == 0 ? NULL : &items[i]);
        count -= items[i].order == 0 ? 0 : 1;
    }
    assert_int_equal(count, 0);
}

static void random_sets_and_removals_agree_with_an_array(void **state)
{
    (void)state;
    static item items[KEY_COUNT];
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_map map;
    sy_map_init(&map, test_alloc_port(&alloc));
    uint64_t seed = 1;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        (void)snprintf(items[i].key, sizeof items[i].key, "key %zu", i);
    }
    for (uint64_t step = 1; step < 20000; step++) {
        item *it = &items[test_random(&seed) % KEY_COUNT];
        if (test_random(&seed) % 100 < 50 + (step / 1000 % 2) * 10) {
            assert_int_equal(sy_map_set(&map, key_of(it), it), SY_OK);
            it->order = it->order == 0 ? step : it->order;
        } else {
            assert_ptr_equal(sy_map_remove(&map, key_of(it)), it->order == 0 ? NULL : it);
            it->order = 0;
        }
        if (step % 97 == 0) {
            assert_same(&map, items);
        }
    }
    sy_map_deinit(&map);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void keys_that_come_and_go_allocate_nothing_in_the_long_run(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_map map;
    sy_map_init(&map, test_alloc_port(&alloc));
    static char keys[10000][16];
    uint64_t warm = 0;
    for (size_t i = 0; i < 10000; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "%zu", i);
        assert_int_equal(sy_map_set(&map, sy_str_of(keys[i]), keys[i]), SY_OK);
        if (i >= 20) {
            assert_ptr_equal(sy_map_remove(&map, sy_str_of(keys[i - 20])), keys[i - 20]);
        }
        if (i == 200) {
            warm = alloc.count;
        }
    }
    assert_int_equal(alloc.count, warm);
    size_t at = 0;
    assert_ptr_equal(sy_map_next(&map, &at)->value, keys[9980]);
    sy_map_deinit(&map);
}

static void a_map_without_memory_stays_as_it_was(void **state)
{
    (void)state;
    static char keys[100][16];
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sy_map map;
        sy_map_init(&map, test_alloc_port(&alloc));
        for (size_t i = 0; i < 100; i++) {
            (void)snprintf(keys[i], sizeof keys[i], "%zu", i);
            bool failed_before = test_alloc_failed(&alloc);
            sy_rc rc = sy_map_set(&map, sy_str_of(keys[i]), keys[i]);
            if (rc == SY_NOMEM) {
                assert_false(failed_before);
                assert_int_equal(map.count, i);
                assert_null(sy_map_find(&map, sy_str_of(keys[i])));
                rc = sy_map_set(&map, sy_str_of(keys[i]), keys[i]);
            }
            assert_int_equal(rc, SY_OK);
        }
        for (size_t i = 0; i < 100; i++) {
            assert_ptr_equal(sy_map_find(&map, sy_str_of(keys[i])), keys[i]);
        }
        sy_map_deinit(&map);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_true(n > 5);
            break;
        }
    }
}

static void hashes_are_those_of_xxh3_on_every_machine(void **state)
{
    (void)state;
    assert_int_equal(sy_hash(NULL, 0, 0), UINT64_C(0x2D06800538D394C2));
    assert_int_not_equal(sy_hash("milk", 4, 0), sy_hash("milk", 4, 1));
    assert_int_not_equal(sy_hash_mix(1, 2), sy_hash_mix(2, 1));
    assert_int_not_equal(sy_hash_mix(0, 0), 0);
}

static void a_digest_does_not_depend_on_how_the_bytes_arrive(void **state)
{
    (void)state;
    static unsigned char bytes[5000];
    uint64_t seed = 7;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)test_random(&seed);
    }
    sy_digest *digest = sy_digest_new();
    assert_non_null(digest);
    sy_digest_add(digest, bytes, sizeof bytes);
    uint64_t whole = sy_digest_get(digest);
    assert_int_equal(whole, sy_hash(bytes, sizeof bytes, 0));
    sy_digest_reset(digest);
    for (size_t at = 0; at < sizeof bytes;) {
        size_t size = test_random(&seed) % 700;
        size = size > sizeof bytes - at ? sizeof bytes - at : size;
        sy_digest_add(digest, bytes + at, size);
        at += size;
    }
    assert_int_equal(sy_digest_get(digest), whole);
    sy_digest_free(digest);
    sy_digest_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_in_order_of_insertion),
        cmocka_unit_test(random_sets_and_removals_agree_with_an_array),
        cmocka_unit_test(keys_that_come_and_go_allocate_nothing_in_the_long_run),
        cmocka_unit_test(a_map_without_memory_stays_as_it_was),
        cmocka_unit_test(hashes_are_those_of_xxh3_on_every_machine),
        cmocka_unit_test(a_digest_does_not_depend_on_how_the_bytes_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Decorators for fault sweeps: an allocator that counts and fails the n-th allocation, and a store
 * that fails the n-th write. The usual sweep:
 *
 *     for (uint64_t n = 1;; n++) {
 *         test_alloc alloc;
 *         test_alloc_init(&alloc, n);
 *         ... act with test_alloc_port(&alloc), release everything ...
 *         assert_int_equal(test_alloc_live(&alloc), 0);
 *         if (!test_alloc_failed(&alloc)) {
 *             break;     // fewer than n allocations: everything was tried
 *         }
 *     }
 */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#include "core/port/store.h"

typedef struct test_alloc {
    uint64_t fail_at; /* 0: never */
    uint64_t count;   /* allocations asked for so far, growing ones included */
    size_t live;      /* bytes */
    bool failed;
} test_alloc;

/* `fail_at`: the how-manieth allocation fails, from 1; the later ones succeed again. 0: none. */
void test_alloc_init(test_alloc *alloc, uint64_t fail_at);
/* Ends the process when a block comes back with a size that is not its own. */
sy_alloc test_alloc_port(test_alloc *alloc);
/* The failure happened. */
bool test_alloc_failed(const test_alloc *alloc);
/* Bytes that were not freed yet. */
size_t test_alloc_live(const test_alloc *alloc);

typedef struct test_store {
    sy_store inner;
    uint64_t fail_at;
    uint64_t count; /* define, write, remove and commit */
    bool failed;
} test_store;

/* The n-th of define, write, remove and commit gives SY_STORE and does nothing. 0: none. */
void test_store_init(test_store *store, sy_store inner, uint64_t fail_at);
sy_store test_store_port(test_store *store);
bool test_store_failed(const test_store *store);

/* The next of a fixed series of numbers (splitmix64); `state` starts anywhere. */
uint64_t test_random(uint64_t *state);

#endif

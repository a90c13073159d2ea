/* Every block of the counting allocator has a head with its size, so that a wrong old size or a
 * double free is found where it happens. */
#include "tests/unit/support.h"

#include <stdalign.h>
#include <stdlib.h>

#include "core/base/check.h"

typedef struct block_head {
    alignas(16) size_t size;
    uint64_t mark;
} block_head;

#define MARK_LIVE UINT64_C(0xA110CA7EDB10C501)
#define MARK_FREE UINT64_C(0xF4EEDF4EEDF4EED0)

/* Counts one allocation; true when it is the one to fail. */
static bool counts_down(uint64_t *count, uint64_t fail_at, bool *failed)
{
    (*count)++;
    if (*count != fail_at) {
        return false;
    }
    *failed = true;
    return true;
}

static void *counting_resize(void *self, void *block, size_t old_size, size_t size)
{
    test_alloc *alloc = self;
    block_head *head = block == NULL ? NULL : (block_head *)block - 1;
    SY_ASSERT(head == NULL || head->mark == MARK_LIVE);
    SY_ASSERT(old_size == (head == NULL ? 0 : head->size));
    if (size == 0) {
        if (head != NULL) {
            alloc->live -= old_size;
            head->mark = MARK_FREE;
            free(head);
        }
        return NULL;
    }
    if (size > old_size && counts_down(&alloc->count, alloc->fail_at, &alloc->failed)) {
        return NULL;
    }
    block_head *moved = realloc(head, sizeof *head + size);
    SY_ASSERT(moved != NULL);
    moved->size = size;
    moved->mark = MARK_LIVE;
    alloc->live += size;
    alloc->live -= old_size;
    return moved + 1;
}

static const sy_alloc_ops counting_ops = {.resize = counting_resize};

void test_alloc_init(test_alloc *alloc, uint64_t fail_at)
{
    *alloc = (test_alloc){.fail_at = fail_at};
}

sy_alloc test_alloc_port(test_alloc *alloc)
{
    return (sy_alloc){.ops = &counting_ops, .self = alloc};
}

bool test_alloc_failed(const test_alloc *alloc)
{
    return alloc->failed;
}

size_t test_alloc_live(const test_alloc *alloc)
{
    return alloc->live;
}

static sy_rc fail_now(test_store *store, const char *what, sy_err *err)
{
    return SY_FAIL(err, SY_STORE, "%s %llu was made to fail", what,
                   (unsigned long long)store->count);
}

static bool is_due(test_store *store)
{
    return counts_down(&store->count, store->fail_at, &store->failed);
}

static sy_rc failing_define(void *self, const sy_schema *schema, sy_err *err)
{
    test_store *store = self;
    return is_due(store) ? fail_now(store, "define", err)
                         : sy_store_define(store->inner, schema, err);
}

static sy_rc failing_transact(void *self, sy_transaction_step step, sy_err *err)
{
    test_store *store = self;
    return step == SY_COMMIT && is_due(store) ? fail_now(store, "commit", err)
                                              : sy_store_transact(store->inner, step, err);
}

static sy_rc passed_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err)
{
    test_store *store = self;
    return sy_store_read(store->inner, schema, id, arena, out, err);
}

static sy_rc passed_query(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                          sy_err *err)
{
    test_store *store = self;
    return sy_store_query(store->inner, query, arena, out, err);
}

static sy_rc failing_write(void *self, const sy_row *row, sy_err *err)
{
    test_store *store = self;
    return is_due(store) ? fail_now(store, "write", err) : sy_store_write(store->inner, row, err);
}

static sy_rc failing_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    test_store *store = self;
    return is_due(store) ? fail_now(store, "remove", err)
                         : sy_store_remove(store->inner, schema, id, err);
}

static sy_time passed_cost_ns(void *self)
{
    test_store *store = self;
    return sy_store_cost_ns(store->inner);
}

static const sy_store_ops failing_ops = {
    .define = failing_define,
    .transact = failing_transact,
    .read = passed_read,
    .query = passed_query,
    .write = failing_write,
    .remove = failing_remove,
    .cost_ns = passed_cost_ns,
};

void test_store_init(test_store *store, sy_store inner, uint64_t fail_at)
{
    *store = (test_store){.inner = inner, .fail_at = fail_at};
}

sy_store test_store_port(test_store *store)
{
    return (sy_store){.ops = &failing_ops, .self = store};
}

bool test_store_failed(const test_store *store)
{
    return store->failed;
}

uint64_t test_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Entries are compared by key, then (a moment of INT64_MIN and none share it) by whether there is
 * a moment, then by id: no two are the same. */
#include "core/store/memory_index.h"

#include <string.h>

#include "core/base/check.h"

#define ROOM_COUNT_MIN 16u

static const uint64_t moment_bit = UINT64_C(1) << SY_COLUMN_UPDATED_AT;

static int compare(const sy_memory_entry *a, const sy_memory_entry *b)
{
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    const bool has = (a->block->present & moment_bit) != 0;
    if (has != ((b->block->present & moment_bit) != 0)) {
        return has ? 1 : -1;
    }
    return sy_str_compare(sy_block_id(a->block), sy_block_id(b->block));
}

static sy_memory_entry entry_of(const sy_schema *schema, const sy_block *block)
{
    sy_memory_entry entry = {.key = INT64_MIN, .block = block};
    (void)sy_block_integer(block, schema, SY_COLUMN_UPDATED_AT, &entry.key);
    return entry;
}

/* The first place whose entry is not before `wanted`. */
static uint32_t place_of(const sy_memory_index *index, const sy_memory_entry *wanted)
{
    uint32_t low = 0;
    uint32_t high = index->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (compare(&index->entries[middle], wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

sy_rc sy_memory_index_init(sy_memory_index *index, sy_alloc alloc, uint32_t capacity, sy_err *err)
{
    const uint32_t room = capacity < ROOM_COUNT_MIN ? ROOM_COUNT_MIN : capacity;
    sy_memory_entry *entries = sy_alloc_get(alloc, room * sizeof *entries);
    if (entries == NULL) {
        return sy_fail_nomem(err);
    }
    *index = (sy_memory_index){.entries = entries, .capacity = room};
    return SY_OK;
}

void sy_memory_index_deinit(sy_memory_index *index, sy_alloc alloc)
{
    sy_alloc_free(alloc, index->entries, index->capacity * sizeof *index->entries);
    *index = (sy_memory_index){0};
}

void sy_memory_index_append(sy_memory_index *index, const sy_schema *schema, const sy_block *block)
{
    SY_ASSERT(index->count < index->capacity);
    index->entries[index->count++] = entry_of(schema, block);
}

/* -- sorting: a heap, in place -- */

static void sift_down(sy_memory_entry *entries, uint32_t at, uint32_t count)
{
    const sy_memory_entry entry = entries[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= count) {
            break;
        }
        if (child + 1 < count && compare(&entries[child], &entries[child + 1]) < 0) {
            child++;
        }
        if (compare(&entry, &entries[child]) >= 0) {
            break;
        }
        entries[at] = entries[child];
        at = child;
    }
    entries[at] = entry;
}

void sy_memory_index_sort(sy_memory_index *index)
{
    sy_memory_entry *entries = index->entries;
    for (uint32_t i = index->count / 2; i > 0; i--) {
        sift_down(entries, i - 1, index->count);
    }
    for (uint32_t i = index->count; i > 1; i--) {
        const sy_memory_entry last = entries[i - 1];
        entries[i - 1] = entries[0];
        entries[0] = last;
        sift_down(entries, 0, i - 1);
    }
}

/* -- changes -- */

sy_rc sy_memory_index_reserve(sy_memory_index *index, sy_alloc alloc, sy_err *err)
{
    if (index->entries == NULL || index->count < index->capacity) {
        return SY_OK;
    }
    size_t capacity = index->capacity;
    sy_memory_entry *entries =
        sy_alloc_grow(alloc, index->entries, index->count, &capacity, sizeof *entries);
    if (entries == NULL) {
        return sy_fail_nomem(err);
    }
    index->entries = entries;
    index->capacity = (uint32_t)capacity;
    return SY_OK;
}

void sy_memory_index_change(sy_memory_index *index, const sy_schema *schema, const sy_block *old,
                            const sy_block *now)
{
    if (index->entries == NULL) {
        return;
    }
    sy_memory_entry *entries = index->entries;
    uint32_t from = index->count;
    if (old != NULL) {
        const sy_memory_entry gone = entry_of(schema, old);
        from = place_of(index, &gone);
        SY_ASSERT(from < index->count && entries[from].block == old);
    }
    if (now == NULL) {
        index->count--;
        memmove(entries + from, entries + from + 1, (index->count - from) * sizeof *entries);
        return;
    }
    const sy_memory_entry come = entry_of(schema, now);
    uint32_t to = place_of(index, &come);
    if (old == NULL) {
        SY_ASSERT(index->count < index->capacity);
        index->count++;
    }
    if (to > from) {
        to--; /* what lies between moves down */
        memmove(entries + from, entries + from + 1, (to - from) * sizeof *entries);
    } else {
        memmove(entries + to + 1, entries + to, (from - to) * sizeof *entries);
    }
    entries[to] = come;
}

uint32_t sy_memory_index_find(const sy_memory_index *index, int64_t moment)
{
    uint32_t low = 0;
    uint32_t high = index->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (index->entries[middle].key < moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

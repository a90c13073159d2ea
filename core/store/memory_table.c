/* Linear probing at a load of at most three quarters. A block stands at its hash's slot or after
 * it, without an empty slot between: insert and remove keep that. */
#include "core/store/memory_table.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/hash.h"

#define SLOT_COUNT_MIN 8u

uint32_t sy_memory_table_hash(sy_str id)
{
    return (uint32_t)sy_hash(id.data, id.size, 0);
}

sy_block *sy_memory_table_find(const sy_memory_table *table, sy_str id, uint32_t hash)
{
    if (table->slot_count == 0) {
        return NULL;
    }
    uint32_t mask = table->slot_count - 1;
    for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
        sy_block *block = table->slots[at];
        if (block == NULL) {
            return NULL;
        }
        if (block->hash == hash && sy_str_equal(sy_block_id(block), id)) {
            return block;
        }
    }
}

/* The slot of a block that is there. */
static uint32_t slot_of(const sy_memory_table *table, const sy_block *block)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t at = block->hash & mask;
    while (table->slots[at] != block) {
        SY_ASSERT(table->slots[at] != NULL);
        at = (at + 1) & mask;
    }
    return at;
}

static void place(sy_block **slots, uint32_t mask, sy_block *block)
{
    uint32_t at = block->hash & mask;
    while (slots[at] != NULL) {
        at = (at + 1) & mask;
    }
    slots[at] = block;
}

sy_rc sy_memory_table_reserve(sy_memory_table *table, sy_alloc alloc, sy_err *err)
{
    if ((uint64_t)(table->count + 1) * 4 <= (uint64_t)table->slot_count * 3) {
        return SY_OK;
    }
    uint32_t slot_count = table->slot_count == 0 ? SLOT_COUNT_MIN : table->slot_count * 2;
    sy_block **slots = sy_alloc_zeroed(alloc, slot_count * sizeof *slots);
    if (slots == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] != NULL) {
            place(slots, slot_count - 1, table->slots[i]);
        }
    }
    sy_alloc_free(alloc, (void *)table->slots, table->slot_count * sizeof *slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return SY_OK;
}

void sy_memory_table_insert(sy_memory_table *table, sy_block *block)
{
    SY_ASSERT(table->count < table->slot_count);
    place(table->slots, table->slot_count - 1, block);
    table->count++;
}

void sy_memory_table_replace(sy_memory_table *table, const sy_block *old, sy_block *block)
{
    table->slots[slot_of(table, old)] = block;
}

void sy_memory_table_remove(sy_memory_table *table, const sy_block *block)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t gap = slot_of(table, block);
    for (uint32_t at = (gap + 1) & mask; table->slots[at] != NULL; at = (at + 1) & mask) {
        /* May the block at `at` move into the gap? Only if its own slot is not after the gap. */
        uint32_t home = table->slots[at]->hash & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            table->slots[gap] = table->slots[at];
            gap = at;
        }
    }
    table->slots[gap] = NULL;
    table->count--;
}

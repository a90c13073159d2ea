/* Linear probing at a load of at most three quarters. A block stands at its hash's slot or after
 * it, without an empty slot between: insert and remove keep that. */
#include "core/store/memory_table.h"

#include "core/base/check.h"
#include "core/base/hash.h"

#define SLOT_COUNT_MIN 8u

uint32_t sy_memory_table_hash(sy_str id)
{
    return (uint32_t)sy_hash(id.data, id.size, 0);
}

sy_memory_slot *sy_memory_table_find(const sy_memory_table *table, sy_str id, uint32_t hash)
{
    if (table->slot_count == 0) {
        return NULL;
    }
    uint32_t mask = table->slot_count - 1;
    for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
        sy_memory_slot *slot = &table->slots[at];
        if (slot->block == NULL) {
            return NULL;
        }
        if (slot->hash == hash && sy_str_equal(sy_block_id(slot->block), id)) {
            return slot;
        }
    }
}

static void place(sy_memory_slot *slots, uint32_t mask, sy_memory_slot slot)
{
    uint32_t at = slot.hash & mask;
    while (slots[at].block != NULL) {
        at = (at + 1) & mask;
    }
    slots[at] = slot;
}

sy_rc sy_memory_table_reserve(sy_memory_table *table, sy_alloc alloc, sy_err *err)
{
    if ((uint64_t)(table->count + 1) * 4 <= (uint64_t)table->slot_count * 3) {
        return SY_OK;
    }
    uint32_t slot_count = table->slot_count == 0 ? SLOT_COUNT_MIN : table->slot_count * 2;
    sy_memory_slot *slots = sy_alloc_zeroed(alloc, slot_count * sizeof *slots);
    if (slots == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].block != NULL) {
            place(slots, slot_count - 1, table->slots[i]);
        }
    }
    sy_alloc_free(alloc, table->slots, table->slot_count * sizeof *slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return SY_OK;
}

void sy_memory_table_insert(sy_memory_table *table, sy_block *block, uint32_t hash)
{
    SY_ASSERT(table->count < table->slot_count);
    place(table->slots, table->slot_count - 1, (sy_memory_slot){block, hash});
    table->count++;
}

void sy_memory_table_remove(sy_memory_table *table, sy_memory_slot *slot)
{
    uint32_t mask = table->slot_count - 1;
    uint32_t gap = (uint32_t)(slot - table->slots);
    for (uint32_t at = (gap + 1) & mask; table->slots[at].block != NULL; at = (at + 1) & mask) {
        /* May the block at `at` move into the gap? Only if its own slot is not after the gap. */
        uint32_t home = table->slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            table->slots[gap] = table->slots[at];
            gap = at;
        }
    }
    table->slots[gap] = (sy_memory_slot){0};
    table->count--;
}

/* The rows of one table of the memory store, by id: open addressing, removal closes the gap, so
 * that a table in which rows come and go never needs more room. */
#ifndef SY_STORE_MEMORY_TABLE_H
#define SY_STORE_MEMORY_TABLE_H

#include "core/store/memory_index.h"

typedef struct sy_memory_slot {
    sy_block *block; /* NULL: free */
    uint32_t hash;   /* of its id */
} sy_memory_slot;

typedef struct sy_memory_table {
    const sy_schema *schema; /* all columns that the table ever had */
    const sy_schema *alias; /* as defined last, if its columns are the first of schema's; or NULL */
    sy_memory_slot *slots;
    uint32_t slot_count; /* 0, or a power of two */
    uint32_t count;
    sy_memory_index by_moment;
} sy_memory_table;

uint32_t sy_memory_table_hash(sy_str id);
/* Valid until the next insertion or removal; NULL: no such row. */
sy_memory_slot *sy_memory_table_find(const sy_memory_table *table, sy_str id, uint32_t hash);
/* Room for one more: SY_OK or SY_NOMEM. */
sy_rc sy_memory_table_reserve(sy_memory_table *table, sy_alloc alloc, sy_err *err);
/* An id that is not there; there is room (reserve). */
void sy_memory_table_insert(sy_memory_table *table, sy_block *block, uint32_t hash);
void sy_memory_table_remove(sy_memory_table *table, sy_memory_slot *slot);

#endif

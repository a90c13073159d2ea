/* The rows of one table of the memory store in order of updatedAt (null first), ties by id: for
 * queries that ask for what changed since a moment. Made by the first such query, kept true by
 * every change after it; a table that is never asked so has none.
 *
 * An array, so that a change moves what lies between its old and its new place: rows that change
 * get the latest moment, rows that come go to the end. */
#ifndef SY_STORE_MEMORY_INDEX_H
#define SY_STORE_MEMORY_INDEX_H

#include "core/store/memory_block.h"

typedef struct sy_memory_entry {
    int64_t key; /* updatedAt; INT64_MIN where the row has none */
    const sy_block *block;
} sy_memory_entry;

typedef struct sy_memory_index {
    sy_memory_entry *entries; /* NULL: not made */
    uint32_t count;
    uint32_t capacity;
} sy_memory_index;

/* An index of nothing with room for `capacity` rows. SY_OK or SY_NOMEM. */
sy_rc sy_memory_index_init(sy_memory_index *index, sy_alloc alloc, uint32_t capacity, sy_err *err);
void sy_memory_index_deinit(sy_memory_index *index, sy_alloc alloc);
/* Puts a row at the end, wherever it belongs; sort when all are there. There is room. */
void sy_memory_index_append(sy_memory_index *index, const sy_schema *schema, const sy_block *block);
void sy_memory_index_sort(sy_memory_index *index);

/* Room for one more row; nothing where no index was made. SY_OK or SY_NOMEM. */
sy_rc sy_memory_index_reserve(sy_memory_index *index, sy_alloc alloc, sy_err *err);
/* `now` (NULL: nothing) for `old` (NULL: nothing). Never fails: there is room for one that comes
 * (reserve), or the room of one that went. Nothing where no index was made. */
void sy_memory_index_change(sy_memory_index *index, const sy_schema *schema, const sy_block *old,
                            const sy_block *now);
/* The place of the first row of the moment or after it. */
uint32_t sy_memory_index_find(const sy_memory_index *index, int64_t moment);

#endif

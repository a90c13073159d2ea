/* One row of the memory store, packed into one allocation: a header, a word for each cell that is
 * not null (in column order), then the texts, one after the other.
 *
 *     | present | integers | sizes | hash | word word word ... | text text ... |
 *
 * A block holds offsets, never pointers, and is not changed once it is built: a changed row is a
 * new block, so that undoing a change is putting the old block back. */
#ifndef SY_STORE_MEMORY_BLOCK_H
#define SY_STORE_MEMORY_BLOCK_H

#include "core/value/row.h"

typedef struct sy_block {
    uint64_t present;  /* bit of each column that has a value */
    uint64_t integers; /* bit of each column of reals that holds an integer */
    uint32_t size;     /* bytes of the words and the texts */
    uint32_t capacity; /* bytes that have room there */
    uint32_t hash;     /* of the id */
    uint32_t count;    /* words */
    uint64_t words[];  /* a number, or offset << 32 | size of a text; the offset counts from the
                          first text */
} sy_block;

#define SY_BLOCK_SPARE_COUNT 8

/* Where blocks come from: the allocator, and a few kept ones so that steady work allocates nothing.
 */
typedef struct sy_block_pool {
    sy_alloc alloc;
    sy_block *spare[SY_BLOCK_SPARE_COUNT];
    uint32_t evict; /* whose place the next one takes when all are taken */
} sy_block_pool;

void sy_block_pool_deinit(sy_block_pool *pool);
/* Gives a block back; NULL is fine. */
void sy_block_put(sy_block_pool *pool, sy_block *block);

/* `row`, whose schema's columns are the first of `schema`'s, laid over `old` (NULL: nothing).
 * SY_NOMEM, or SY_LIMIT for a row of 4 GiB. */
sy_rc sy_block_build(sy_block_pool *pool, const sy_schema *schema, const sy_row *row,
                     const sy_block *old, sy_block **out, sy_err *err);

sy_str sy_block_id(const sy_block *block);
size_t sy_block_text_size(const sy_block *block);
/* Fills the cells of `row` (its schema's columns are the first of the table's). Texts stay in the
 * block, or, with `texts`, are copied there (sy_block_text_size bytes). Columns that the schema has
 * and the block lacks: null. */
void sy_block_view(const sy_block *block, sy_row *row, char *texts);
/* A row of its own in the arena; NULL: no memory. */
const sy_row *sy_block_row(const sy_block *block, const sy_schema *schema, sy_arena *arena);
/* The table's columns got new places: column i is now places[i]. */
void sy_block_move_columns(sy_block *block, const uint8_t *places, uint32_t count);

#endif

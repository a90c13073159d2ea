/* One row of the memory store, packed into one allocation: which columns have a value, then these
 * values, one after the other in column order.
 *
 *     | present | size | value value value ... |
 *
 *     boolean                   1 byte
 *     integer, datetime         8 bytes
 *     real                      its type (an integer may stand among reals), 8 bytes
 *     text, blob                size (1 byte; if that is 255: 4 more), bytes
 *
 * A block is not changed once it is built: a changed row is a new block, so that undoing a change
 * is putting the old block back. */
#ifndef SY_STORE_MEMORY_BLOCK_H
#define SY_STORE_MEMORY_BLOCK_H

#include "core/value/row.h"

typedef struct sy_block {
    uint64_t present; /* bit of each column that has a value */
    uint32_t size;    /* bytes of the values */
    unsigned char values[];
} sy_block;

/* `row`, whose schema's columns are the first of `schema`'s, laid over `old` (NULL: nothing).
 * SY_SCHEMA as sy_row_check says, SY_NOMEM, or SY_LIMIT for a row of 4 GiB. */
sy_rc sy_block_build(sy_alloc alloc, const sy_schema *schema, const sy_row *row,
                     const sy_block *old, sy_block **out, sy_err *err);
/* NULL: no memory. */
sy_block *sy_block_copy(sy_alloc alloc, const sy_block *block);
/* NULL is fine. */
void sy_block_free(sy_alloc alloc, sy_block *block);

sy_str sy_block_id(const sy_block *block);
/* The value of a column of integers or datetimes; false: it has none, *out stays. */
bool sy_block_integer(const sy_block *block, const sy_schema *schema, uint32_t column,
                      int64_t *out);
/* Fills `cells`, one for each column of `schema` (which are the first of the table's). Texts stay
 * in the block. Columns that the schema has and the block lacks: null. */
void sy_block_view(const sy_block *block, const sy_schema *schema, sy_value *cells);
/* A row of its own in the arena; NULL: no memory. */
const sy_row *sy_block_row(const sy_block *block, const sy_schema *schema, sy_arena *arena);

#endif

/* Memory of one Lua state: small blocks from chunks, by size, kept in free lists; large ones from
 * the allocator. All of it goes in one call, so that a state need not be taken apart.
 *
 * An image brings every byte back to where it was: a state that was prepared once can then be used
 * again and again, and never knows. Blocks that the image knows stay where they are until the pool
 * ends, whatever is freed meanwhile, so that every pointer among them holds. */
#ifndef SCRIPT_POOL_H
#define SCRIPT_POOL_H

#include <stdbool.h>

#include "core/base/alloc.h"

#define SCRIPT_POOL_UNIT       16
#define SCRIPT_POOL_SMALL_MAX  512
#define SCRIPT_POOL_LIST_COUNT (SCRIPT_POOL_SMALL_MAX / SCRIPT_POOL_UNIT + 1)

typedef struct script_block { /* in front of a chunk and of a large block */
    struct script_block *next, *previous;
    size_t size; /* with this header */
    void *image; /* what stood behind the header when the image was taken; NULL: it was not there */
} script_block;

typedef struct script_pool { /* zeroed except for alloc: empty and valid */
    sy_alloc alloc;
    script_block *blocks;
    unsigned char *next, *end; /* of the newest chunk */
    void *free[SCRIPT_POOL_LIST_COUNT];
    struct script_pool *image; /* the pool when its image was taken; NULL: none was */
} script_pool;

/* As the allocator port has it; making a block smaller never fails. */
void *script_pool_resize(script_pool *pool, void *block, size_t old_size, size_t size);
void script_pool_deinit(script_pool *pool);

/* Remembers what is in it; once. false: no memory, and nothing is remembered. */
bool script_pool_freeze(script_pool *pool);
/* As it was then. Blocks that came later are gone. */
void script_pool_rewind(script_pool *pool);

#endif

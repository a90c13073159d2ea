/* Memory of one Lua state: small blocks from chunks, by size, kept in free lists; large ones from
 * the allocator. All of it goes in one call, so that a state need not be taken apart. */
#ifndef SCRIPT_POOL_H
#define SCRIPT_POOL_H

#include "core/base/alloc.h"

#define SCRIPT_POOL_UNIT       16
#define SCRIPT_POOL_SMALL_MAX  512
#define SCRIPT_POOL_LIST_COUNT (SCRIPT_POOL_SMALL_MAX / SCRIPT_POOL_UNIT + 1)

typedef struct script_block { /* in front of a chunk and of a large block */
    struct script_block *next, *previous;
    size_t size;   /* with this header */
    size_t unused; /* the header is a multiple of the unit */
} script_block;

typedef struct script_pool { /* zeroed except for alloc: empty and valid */
    sy_alloc alloc;
    script_block *blocks;
    unsigned char *next, *end; /* of the newest chunk */
    void *free[SCRIPT_POOL_LIST_COUNT];
} script_pool;

/* As the allocator port has it; making a block smaller never fails. */
void *script_pool_resize(script_pool *pool, void *block, size_t old_size, size_t size);
void script_pool_deinit(script_pool *pool);

#endif

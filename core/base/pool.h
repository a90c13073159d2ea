/* Small blocks from large ones: an allocator between the C library and a run of many small objects
 * that come and go. A freed block is given again to whoever asks for as much next, so steady work
 * asks nobody for memory; blocks carry no head, since whoever frees one knows its size. */
#ifndef SY_BASE_POOL_H
#define SY_BASE_POOL_H

#include "core/base/alloc.h"

#define SY_POOL_CLASS_COUNT 256 /* sizes in steps of 16 bytes */
#define SY_POOL_SIZE_MAX    ((size_t)16 * SY_POOL_CLASS_COUNT)

typedef struct sy_pool_slab sy_pool_slab;

typedef struct sy_pool {
    sy_alloc alloc;
    size_t size_max;                      /* larger blocks are passed on */
    void *spare[SY_POOL_CLASS_COUNT + 1]; /* by class; the first word of each leads to the next */
    sy_pool_slab *slabs;
    unsigned char *next, *end; /* of the newest slab: not given out yet */
} sy_pool;

/* Where memory is checked all blocks are passed on, so that a use after their end is found;
 * `size_max` may be changed before the first block. */
void sy_pool_init(sy_pool *pool, sy_alloc alloc);
/* Blocks that were not passed on need not be freed before. */
void sy_pool_deinit(sy_pool *pool);
/* The allocator that the pool is; as long as it stays where it is. Unlike others it may fail to
 * shrink a block: a smaller one is another block. */
sy_alloc sy_pool_port(sy_pool *pool);

#endif

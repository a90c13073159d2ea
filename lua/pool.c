#include "lua/pool.h"

#include "core/base/check.h"

#include <stdint.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)32 * 1024)

static script_block *block_new(script_pool *pool, size_t size)
{
    script_block *block = sy_alloc_get(pool->alloc, size);
    if (block != NULL) {
        *block = (script_block){.next = pool->blocks, .size = size};
        if (pool->blocks != NULL) {
            pool->blocks->previous = block;
        }
        pool->blocks = block;
    }
    return block;
}

static void block_free(script_pool *pool, script_block *block)
{
    if (block->image != NULL) {
        return; /* the image wants it again */
    }
    if (block->previous != NULL) {
        block->previous->next = block->next;
    } else {
        pool->blocks = block->next;
    }
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
    sy_alloc_free(pool->alloc, block, block->size);
}

static size_t units_of(size_t size)
{
    return (size + SCRIPT_POOL_UNIT - 1) / SCRIPT_POOL_UNIT;
}

static void *small_get(script_pool *pool, size_t units)
{
    void *first = pool->free[units];
    if (first != NULL) {
        memcpy(&pool->free[units], first, sizeof(void *));
        return first;
    }
    size_t size = units * SCRIPT_POOL_UNIT;
    if ((size_t)(pool->end - pool->next) < size) {
        script_block *chunk = block_new(pool, CHUNK_SIZE);
        if (chunk == NULL) {
            return NULL;
        }
        pool->next = (unsigned char *)(chunk + 1);
        pool->end = (unsigned char *)chunk + CHUNK_SIZE;
    }
    void *block = pool->next;
    pool->next += size;
    return block;
}

static void small_put(script_pool *pool, void *block, size_t units)
{
    memcpy(block, &pool->free[units], sizeof(void *));
    pool->free[units] = block;
}

static void *get(script_pool *pool, size_t size)
{
    if (size <= SCRIPT_POOL_SMALL_MAX) {
        return small_get(pool, units_of(size));
    }
    script_block *block =
        size > SIZE_MAX - sizeof *block ? NULL : block_new(pool, size + sizeof *block);
    return block == NULL ? NULL : block + 1;
}

static void put(script_pool *pool, void *block, size_t size)
{
    if (size <= SCRIPT_POOL_SMALL_MAX) {
        small_put(pool, block, units_of(size));
    } else {
        block_free(pool, (script_block *)block - 1);
    }
}

void *script_pool_resize(script_pool *pool, void *block, size_t old_size, size_t size)
{
    if (block == NULL) {
        return size == 0 ? NULL : get(pool, size);
    }
    if (size == 0) {
        put(pool, block, old_size);
        return NULL;
    }
    bool small = old_size <= SCRIPT_POOL_SMALL_MAX;
    if (small && size <= SCRIPT_POOL_SMALL_MAX && units_of(old_size) == units_of(size)) {
        return block;
    }
    void *moved = get(pool, size);
    if (moved == NULL) {
        /* Making it smaller must succeed: it stays where it is, and counts as what it is now. The
         * rest of a small one is wasted; a large one whose new size is small too: its memory stays
         * with the pool as a chunk does. One that is still large keeps its header. */
        return size <= old_size ? block : NULL;
    }
    memcpy(moved, block, old_size < size ? old_size : size);
    put(pool, block, old_size);
    return moved;
}

/* -- the image -- */

static size_t content_size(const script_block *block)
{
    return block->size - sizeof *block;
}

static void drop_image(script_pool *pool)
{
    for (script_block *block = pool->blocks; block != NULL; block = block->next) {
        if (block->image != NULL) {
            sy_alloc_free(pool->alloc, block->image, content_size(block));
            block->image = NULL;
        }
    }
    sy_alloc_free(pool->alloc, pool->image, sizeof *pool->image);
    pool->image = NULL;
}

bool script_pool_freeze(script_pool *pool)
{
    SY_ASSERT(pool->image == NULL);
    bool kept = true;
    for (script_block *block = pool->blocks; block != NULL && kept; block = block->next) {
        block->image = sy_alloc_get(pool->alloc, content_size(block));
        kept = block->image != NULL;
        if (kept) {
            memcpy(block->image, block + 1, content_size(block));
        }
    }
    pool->image = kept ? sy_alloc_get(pool->alloc, sizeof *pool->image) : NULL;
    if (pool->image == NULL) {
        drop_image(pool);
        return false;
    }
    *pool->image = *pool;
    return true;
}

/* New blocks are put before those that were there, which never leave the list. */
void script_pool_rewind(script_pool *pool)
{
    SY_ASSERT(pool->image != NULL);
    while (pool->blocks != pool->image->blocks) {
        block_free(pool, pool->blocks);
    }
    for (script_block *block = pool->blocks; block != NULL; block = block->next) {
        memcpy(block + 1, block->image, content_size(block));
    }
    script_pool *image = pool->image;
    *pool = *image;
    pool->image = image;
}

void script_pool_deinit(script_pool *pool)
{
    drop_image(pool);
    while (pool->blocks != NULL) {
        block_free(pool, pool->blocks);
    }
    *pool = (script_pool){.alloc = pool->alloc};
}

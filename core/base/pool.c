/* Each class of sizes has a list of its freed blocks. New ones are cut off the newest slab; slabs
 * double up to a limit, so that a small run stays small. */
#include "core/base/pool.h"

#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

#define CLASS_SIZE    ((size_t)16)
#define SLAB_SIZE_MIN ((size_t)4 * 1024)
#define SLAB_SIZE_MAX ((size_t)64 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define IS_CHECKED true
#elif defined(__has_feature)
#define IS_CHECKED __has_feature(address_sanitizer)
#else
#define IS_CHECKED false
#endif

struct sy_pool_slab {
    alignas(16) sy_pool_slab *next;
    size_t size;
};

static inline size_t class_of(size_t size)
{
    return (size + CLASS_SIZE - 1) / CLASS_SIZE;
}

static inline bool is_large(const sy_pool *pool, size_t size)
{
    return size > pool->size_max;
}

static bool add_slab(sy_pool *pool)
{
    size_t size = SLAB_SIZE_MIN;
    if (pool->slabs != NULL) {
        size = pool->slabs->size < SLAB_SIZE_MAX ? 2 * pool->slabs->size : SLAB_SIZE_MAX;
    }
    sy_pool_slab *slab = sy_alloc_get(pool->alloc, size);
    if (slab == NULL) {
        return false;
    }
    *slab = (sy_pool_slab){.next = pool->slabs, .size = size};
    pool->slabs = slab;
    pool->next = (unsigned char *)(slab + 1);
    pool->end = (unsigned char *)slab + size;
    return true;
}

/* -- small blocks -- */

static inline void put(sy_pool *pool, void *block, size_t class_index)
{
    *(void **)block = pool->spare[class_index];
    pool->spare[class_index] = block;
}

static void *cut(sy_pool *pool, size_t class_index)
{
    size_t size = class_index * CLASS_SIZE;
    size_t left = (size_t)(pool->end - pool->next);
    if (left < size) {
        unsigned char *rest = pool->next;
        if (!add_slab(pool)) {
            return NULL;
        }
        if (left > 0) {
            put(pool, rest, left / CLASS_SIZE);
        }
    }
    void *block = pool->next;
    pool->next += size;
    return block;
}

/* -- the allocator -- */

static inline void *obtain(sy_pool *pool, size_t size)
{
    if (is_large(pool, size)) {
        return sy_alloc_get(pool->alloc, size);
    }
    size_t class_index = class_of(size);
    void *block = pool->spare[class_index];
    if (block == NULL) {
        return cut(pool, class_index);
    }
    pool->spare[class_index] = *(void **)block;
    return block;
}

static inline void release(sy_pool *pool, void *block, size_t size)
{
    if (is_large(pool, size)) {
        sy_alloc_free(pool->alloc, block, size);
    } else {
        put(pool, block, class_of(size));
    }
}

/* A block of another size, with what stood in the old one. */
static void *move(sy_pool *pool, void *block, size_t old_size, size_t size)
{
    if (is_large(pool, old_size) && is_large(pool, size)) {
        return sy_alloc_resize(pool->alloc, block, old_size, size);
    }
    if (class_of(old_size) == class_of(size)) {
        return block;
    }
    void *moved = obtain(pool, size);
    if (moved != NULL) {
        memcpy(moved, block, old_size < size ? old_size : size);
        release(pool, block, old_size);
    }
    return moved;
}

static void *pool_resize(void *self, void *block, size_t old_size, size_t size)
{
    if (block == NULL) {
        return obtain(self, size);
    }
    if (size != 0) {
        return move(self, block, old_size, size);
    }
    release(self, block, old_size);
    return NULL;
}

void sy_pool_init(sy_pool *pool, sy_alloc alloc)
{
    *pool = (sy_pool){.alloc = alloc, .size_max = IS_CHECKED ? 0 : SY_POOL_SIZE_MAX};
}

void sy_pool_deinit(sy_pool *pool)
{
    while (pool->slabs != NULL) {
        sy_pool_slab *slab = pool->slabs;
        pool->slabs = slab->next;
        sy_alloc_free(pool->alloc, slab, slab->size);
    }
    *pool = (sy_pool){.alloc = pool->alloc, .size_max = pool->size_max};
}

sy_alloc sy_pool_port(sy_pool *pool)
{
    static const sy_alloc_ops ops = {.resize = pool_resize};
    return (sy_alloc){.ops = &ops, .self = pool};
}

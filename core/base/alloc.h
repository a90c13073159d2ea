/* The allocator port. Core allocates through it and nothing else, so that tests can make the n-th
 * allocation fail. */
#ifndef SY_BASE_ALLOC_H
#define SY_BASE_ALLOC_H

#include <stddef.h>

typedef struct sy_alloc_ops {
    /* Resizes `block` (NULL: none yet) from `old_size` to `size` bytes; size 0 frees and returns
     * NULL. Returns NULL when there is no memory: `block` is then untouched. Shrinking never fails.
     */
    void *(*resize)(void *self, void *block, size_t old_size, size_t size);
} sy_alloc_ops;

typedef struct sy_alloc {
    const sy_alloc_ops *ops;
    void *self;
} sy_alloc;

/* The C library's. */
sy_alloc sy_alloc_std(void);

/* A block of no bytes is a block of one byte: so NULL always means "no memory", and whoever asked
 * for nothing can free it with size 0. */

/* Uninitialised / zeroed; NULL when there is no memory. */
static inline void *sy_alloc_get(sy_alloc alloc, size_t size)
{
    return alloc.ops->resize(alloc.self, NULL, 0, size + (size == 0));
}
void *sy_alloc_zeroed(sy_alloc alloc, size_t size);
void *sy_alloc_resize(sy_alloc alloc, void *block, size_t old_size, size_t size);
static inline void sy_alloc_free(sy_alloc alloc, void *block, size_t size)
{
    if (block != NULL) {
        (void)alloc.ops->resize(alloc.self, block, size + (size == 0), 0);
    }
}

/* Makes room in a growing array for one more than `count` items; doubles. Returns the array (maybe
 * moved) or NULL when there is no memory, the old one then still valid. */
void *sy_alloc_grow(sy_alloc alloc, void *items, size_t count, size_t *capacity, size_t item_size);

#endif

/* The allocator port and the C library behind it. */
#include "core/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/check.h"

#define GROW_COUNT_MIN 8   /* items, */
#define GROW_SIZE_MIN  128 /* unless they are large: bytes */

static void *std_resize(void *self, void *block, size_t old_size, size_t size)
{
    (void)self;
    (void)old_size;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

static const sy_alloc_ops std_ops = {.resize = std_resize};

sy_alloc sy_alloc_std(void)
{
    return (sy_alloc){.ops = &std_ops, .self = NULL};
}

static size_t at_least_one(size_t size)
{
    return size == 0 ? 1 : size;
}

void *sy_alloc_zeroed(sy_alloc alloc, size_t size)
{
    void *block = sy_alloc_get(alloc, size);
    if (block != NULL) {
        memset(block, 0, at_least_one(size));
    }
    return block;
}

void *sy_alloc_resize(sy_alloc alloc, void *block, size_t old_size, size_t size)
{
    if (size == 0) {
        sy_alloc_free(alloc, block, old_size);
        return NULL;
    }
    SY_ASSERT(alloc.ops != NULL);
    return alloc.ops->resize(alloc.self, block, block == NULL ? 0 : at_least_one(old_size), size);
}

void *sy_alloc_grow(sy_alloc alloc, void *items, size_t count, size_t *capacity, size_t item_size)
{
    SY_ASSERT(count <= *capacity && item_size > 0);
    if (count < *capacity) {
        return items;
    }
    size_t wanted = *capacity;
    if (wanted == 0) {
        size_t fit = GROW_SIZE_MIN / item_size;
        wanted = fit > GROW_COUNT_MIN ? GROW_COUNT_MIN : fit > 0 ? fit : 1;
    } else {
        if (wanted > SIZE_MAX / 2) {
            return NULL;
        }
        wanted *= 2;
    }
    if (wanted > SIZE_MAX / item_size) {
        return NULL;
    }
    void *grown = sy_alloc_resize(alloc, items, *capacity * item_size, wanted * item_size);
    if (grown != NULL) {
        *capacity = wanted;
    }
    return grown;
}

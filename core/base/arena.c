/* An arena: a list of blocks, the first one being filled, and a list of spare ones that reset kept.
 *
 * Invariants:
 * - `next` and `end` point into blocks[0], both aligned; both are NULL while there is no block;
 * - a block is in exactly one of the lists; reset puts all but the oldest before the spare ones,
 * oldest first, so that the same pushes find the same blocks again and allocate nothing;
 * - the first block is small (an idle object with an arena costs half a KiB), each new one is twice
 * the last. */
#include "core/base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "core/base/check.h"

#define BLOCK_SIZE_MIN ((size_t)512)
#define COPY_SHORT_MAX ((size_t)48)
#define BLOCK_SIZE_MAX ((size_t)64 * 1024)

struct sy_arena_block {
    alignas(16) sy_arena_block *after;
    size_t size; /* with this head; a multiple of the alignment */
};

static size_t capacity_of(const sy_arena_block *block)
{
    return block->size - sizeof *block;
}

static void use(sy_arena *arena, sy_arena_block *block)
{
    arena->next = (unsigned char *)(block + 1);
    arena->end = (unsigned char *)block + block->size;
}

void sy_arena_init(sy_arena *arena, sy_alloc alloc)
{
    *arena = (sy_arena){.alloc = alloc};
}

static void free_blocks(sy_alloc alloc, sy_arena_block *block)
{
    while (block != NULL) {
        sy_arena_block *after = block->after;
        sy_alloc_free(alloc, block, block->size);
        block = after;
    }
}

void sy_arena_deinit(sy_arena *arena)
{
    free_blocks(arena->alloc, arena->blocks);
    free_blocks(arena->alloc, arena->spare);
    *arena = (sy_arena){.alloc = arena->alloc};
}

void sy_arena_reset(sy_arena *arena)
{
    sy_arena_block *block = arena->blocks;
    if (block == NULL) {
        return;
    }
    while (block->after != NULL) {
        sy_arena_block *after = block->after;
        block->after = arena->spare;
        arena->spare = block;
        block = after;
    }
    arena->blocks = block;
    use(arena, block);
}

/* A spare block with room for `size`, taken out of the list; NULL when there is none. */
static sy_arena_block *take_spare(sy_arena *arena, size_t size)
{
    for (sy_arena_block **at = &arena->spare; *at != NULL; at = &(*at)->after) {
        sy_arena_block *block = *at;
        if (capacity_of(block) >= size) {
            *at = block->after;
            return block;
        }
    }
    return NULL;
}

static sy_arena_block *new_block(sy_arena *arena, size_t size)
{
    size_t wanted = BLOCK_SIZE_MIN;
    if (arena->blocks != NULL) {
        wanted =
            arena->blocks->size >= BLOCK_SIZE_MAX / 2 ? BLOCK_SIZE_MAX : arena->blocks->size * 2;
    }
    if (wanted < size + sizeof(sy_arena_block)) {
        wanted = size + sizeof(sy_arena_block);
    }
    sy_arena_block *block = sy_alloc_get(arena->alloc, wanted);
    if (block != NULL) {
        block->size = wanted;
    }
    return block;
}

/* A block in use that has room for `size`, a multiple of the alignment. false: no memory. */
static bool make_room(sy_arena *arena, size_t size)
{
    if (size <= (size_t)(arena->end - arena->next)) {
        return true;
    }
    sy_arena_block *block = take_spare(arena, size);
    if (block == NULL) {
        block = new_block(arena, size);
    }
    if (block == NULL) {
        return false;
    }
    block->after = arena->blocks;
    arena->blocks = block;
    use(arena, block);
    return true;
}

static size_t round_up(size_t size)
{
    return (size + (size == 0) + SY_ARENA_ALIGNMENT - 1) & ~(SY_ARENA_ALIGNMENT - 1);
}

void sy_arena_reserve(sy_arena *arena, size_t size)
{
    (void)make_room(arena, round_up(size));
}

void *sy_arena_push_block(sy_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size_t rounded = round_up(size);
    if (!make_room(arena, rounded)) {
        return NULL;
    }
    unsigned char *result = arena->next;
    arena->next += rounded;
    return result;
}

void *sy_arena_push_zeroed(sy_arena *arena, size_t size)
{
    void *block = sy_arena_push(arena, size);
    if (block != NULL) {
        memset(block, 0, size);
    }
    return block;
}

sy_str sy_arena_copy(sy_arena *arena, sy_str text)
{
    char *copy = text.size == SIZE_MAX ? NULL : sy_arena_push(arena, text.size + 1);
    if (copy == NULL) {
        return (sy_str){NULL, 0};
    }
    if (text.size <= COPY_SHORT_MAX) {
        sy_copy_short(copy, text.data, text.size);
    } else {
        memcpy(copy, text.data, text.size);
    }
    copy[text.size] = '\0';
    return (sy_str){copy, text.size};
}

sy_str sy_arena_printf(sy_arena *arena, const char *format, ...)
{
    const size_t left = (size_t)(arena->end - arena->next);
    char *there = (char *)arena->next; /* where it will stand if it fits; NULL: no block yet */
    va_list args;
    va_start(args, format);
    int size = vsnprintf(there, left, format, args);
    va_end(args);
    SY_ASSERT(size >= 0);
    char *text = sy_arena_push(arena, (size_t)size + 1);
    if (text == NULL) {
        return (sy_str){NULL, 0};
    }
    if ((size_t)size < left && text == there) {
        return (sy_str){text, (size_t)size};
    }
    va_start(args, format);
    (void)vsnprintf(text, (size_t)size + 1, format, args);
    va_end(args);
    return (sy_str){text, (size_t)size};
}

/* Scratch memory that is freed all at once. Blocks come from an allocator and are kept on reset, so
 * that an arena in steady state allocates nothing. */
#ifndef SY_BASE_ARENA_H
#define SY_BASE_ARENA_H

#include <stdint.h>

#include "core/base/alloc.h"
#include "core/base/str.h"

typedef struct sy_arena_block sy_arena_block;

typedef struct sy_arena { /* zeroed except for alloc: empty and valid */
    sy_alloc alloc;
    sy_arena_block *blocks; /* the one in use first */
    sy_arena_block *spare;  /* kept by reset */
    unsigned char *next;
    unsigned char *end;
} sy_arena;

#define SY_ARENA_ALIGNMENT ((size_t)16)

void sy_arena_init(sy_arena *arena, sy_alloc alloc);
void sy_arena_deinit(sy_arena *arena);
/* Everything pushed becomes invalid; the memory is kept for reuse. */
void sy_arena_reset(sy_arena *arena);

/* The next `size` bytes will come from one block, where there is memory for that. */
void sy_arena_reserve(sy_arena *arena, size_t size);

/* What sy_arena_push does when the block in use is full. */
void *sy_arena_push_block(sy_arena *arena, size_t size);

/* Aligned for any type; NULL when there is no memory. `zeroed` clears it. */
static inline void *sy_arena_push(sy_arena *arena, size_t size)
{
    size_t left = (size_t)(arena->end - arena->next);
    if (size >= left) { /* a full block, or none yet; `left` is a multiple of the alignment */
        return sy_arena_push_block(arena, size);
    }
    unsigned char *block = arena->next;
    arena->next += (size + (size == 0) + SY_ARENA_ALIGNMENT - 1) & ~(SY_ARENA_ALIGNMENT - 1);
    return block;
}
void *sy_arena_push_zeroed(sy_arena *arena, size_t size);
/* A zero-terminated copy; data is NULL when there is no memory (never for success, even of an empty
 * text). */
sy_str sy_arena_copy(sy_arena *arena, sy_str text);
sy_str sy_arena_printf(sy_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

/* Scratch memory that is freed all at once. Blocks come from an allocator and are kept on reset, so
 * that an arena in steady state allocates nothing. */
#ifndef SY_BASE_ARENA_H
#define SY_BASE_ARENA_H

#include <stdint.h>

#include "core/base/alloc.h"
#include "core/base/str.h"

typedef struct sy_arena_block sy_arena_block;

typedef struct sy_arena {
    sy_alloc alloc;
    sy_arena_block *blocks;  /* the one in use first */
    sy_arena_block *spare;   /* kept by reset */
    unsigned char *next;
    unsigned char *end;
} sy_arena;

void sy_arena_init(sy_arena *arena, sy_alloc alloc);
void sy_arena_deinit(sy_arena *arena);
/* Everything pushed becomes invalid; the memory is kept for reuse. */
void sy_arena_reset(sy_arena *arena);

/* Aligned for any type; NULL when there is no memory. `zeroed` clears it. */
void *sy_arena_push(sy_arena *arena, size_t size);
void *sy_arena_push_zeroed(sy_arena *arena, size_t size);
/* A zero-terminated copy; data is NULL when there is no memory (never for success, even of an empty
 * text). */
sy_str sy_arena_copy(sy_arena *arena, sy_str text);
sy_str sy_arena_printf(sy_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

/* A map from byte strings to pointers. Keys are borrowed: whoever inserts keeps the bytes alive as
 * long as the entry (usually they live in the value). Iteration is in order of insertion, removal
 * keeps the order of the rest. */
#ifndef SY_BASE_MAP_H
#define SY_BASE_MAP_H

#include <stdint.h>

#include "core/base/err.h"

typedef struct sy_map_entry {
    sy_str key;
    uint64_t hash;
    void *value; /* NULL: a removed entry */
} sy_map_entry;

typedef struct sy_map { /* zeroed except for alloc: empty and valid */
    sy_alloc alloc;
    sy_map_entry *entries; /* in order of insertion, removed ones among them until a rebuild */
    size_t entry_first;    /* every entry before it is a removed one */
    size_t entry_count;
    size_t entry_capacity;
    uint32_t *slots; /* open addressing: index + 1 into entries */
    size_t slot_count;
    size_t count; /* live ones */
} sy_map;

void sy_map_init(sy_map *map, sy_alloc alloc);
void sy_map_deinit(sy_map *map);
void sy_map_clear(sy_map *map);
/* NULL when absent. */
void *sy_map_find(const sy_map *map, sy_str key);
/* Replaces the value (and the key's bytes) when present. `value` is not NULL. SY_OK or SY_NOMEM; a
 * set of a key that is present cannot fail. */
sy_rc sy_map_set(sy_map *map, sy_str key, void *value);
/* Returns the value removed, or NULL. */
void *sy_map_remove(sy_map *map, sy_str key);
/* Live entries in order: for (size_t at = 0; (entry = sy_map_next(map, &at)) != NULL;). Entries may
 * be removed meanwhile; a new key ends the iteration's validity. */
const sy_map_entry *sy_map_next(const sy_map *map, size_t *at);

#endif

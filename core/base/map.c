/* A hash map that remembers the order of insertion.
 *
 * Entries stand in an array in order of insertion; slots are an open-addressed table of indexes
 * into it. Invariants:
 * - slot_count is a power of two and at least twice entry_capacity, so a probe always meets an
 * empty slot;
 * - a removed entry keeps its place (value NULL) and its slot, which then is a tombstone; both go
 * when the entries are full and everything is rebuilt, in place when half of them are removed ones.
 * So a map whose keys come and go allocates nothing in the long run. */
#include "core/base/map.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/hash.h"

#define CAPACITY_MIN ((size_t)8)
#define CAPACITY_MAX ((size_t)1 << 30)

void sy_map_init(sy_map *map, sy_alloc alloc)
{
    *map = (sy_map){.alloc = alloc};
}

void sy_map_deinit(sy_map *map)
{
    sy_alloc_free(map->alloc, map->entries, map->entry_capacity * sizeof *map->entries);
    sy_alloc_free(map->alloc, map->slots, map->slot_count * sizeof *map->slots);
    *map = (sy_map){.alloc = map->alloc};
}

void sy_map_clear(sy_map *map)
{
    if (map->entry_count > 0) {
        memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    }
    map->entry_first = 0;
    map->entry_count = 0;
    map->count = 0;
}

static uint64_t hash_of(sy_str key)
{
    return sy_hash(key.data, key.size, 0);
}

/* The entry of a key, NULL when absent. `*free_slot` is then where a new one belongs. */
static sy_map_entry *probe(const sy_map *map, sy_str key, uint64_t hash, size_t *free_slot)
{
    size_t mask = map->slot_count - 1;
    size_t tombstone = SIZE_MAX;
    for (size_t slot = (size_t)hash & mask;; slot = (slot + 1) & mask) {
        uint32_t index = map->slots[slot];
        if (index == 0) {
            *free_slot = tombstone != SIZE_MAX ? tombstone : slot;
            return NULL;
        }
        sy_map_entry *entry = &map->entries[index - 1];
        if (entry->value == NULL) {
            tombstone = tombstone != SIZE_MAX ? tombstone : slot;
        } else if (entry->hash == hash && sy_str_equal(entry->key, key)) {
            *free_slot = slot;
            return entry;
        }
    }
}

void *sy_map_find(const sy_map *map, sy_str key)
{
    if (map->count == 0) {
        return NULL;
    }
    size_t slot = 0;
    const sy_map_entry *entry = probe(map, key, hash_of(key), &slot);
    return entry == NULL ? NULL : entry->value;
}

/* Moves the live entries to the front of `entries` and points fresh slots at them. */
static void rebuild(sy_map *map, sy_map_entry *entries)
{
    size_t mask = map->slot_count - 1;
    size_t count = 0;
    memset(map->slots, 0, map->slot_count * sizeof *map->slots);
    for (size_t i = map->entry_first; i < map->entry_count; i++) {
        if (map->entries[i].value == NULL) {
            continue;
        }
        entries[count] = map->entries[i];
        size_t slot = (size_t)entries[count].hash & mask;
        while (map->slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        count++;
        map->slots[slot] = (uint32_t)count;
    }
    SY_ASSERT(count == map->count);
    map->entry_first = 0;
    map->entry_count = count;
}

/* Room for one more entry. */
static sy_rc make_room(sy_map *map)
{
    if (map->entry_count < map->entry_capacity) {
        return SY_OK;
    }
    if (map->entry_capacity > 0 && map->count <= map->entry_capacity / 2) {
        rebuild(map, map->entries);
        return SY_OK;
    }
    size_t capacity = map->entry_capacity == 0 ? CAPACITY_MIN : map->entry_capacity * 2;
    if (capacity > CAPACITY_MAX) {
        return SY_NOMEM;
    }
    size_t slot_count = capacity * 2;
    sy_map_entry *entries = sy_alloc_get(map->alloc, capacity * sizeof *entries);
    if (entries == NULL) {
        return SY_NOMEM;
    }
    uint32_t *slots = sy_alloc_get(map->alloc, slot_count * sizeof *slots);
    if (slots == NULL) {
        sy_alloc_free(map->alloc, entries, capacity * sizeof *entries);
        return SY_NOMEM;
    }
    sy_alloc_free(map->alloc, map->slots, map->slot_count * sizeof *map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    rebuild(map, entries);
    sy_alloc_free(map->alloc, map->entries, map->entry_capacity * sizeof *map->entries);
    map->entries = entries;
    map->entry_capacity = capacity;
    return SY_OK;
}

sy_rc sy_map_set(sy_map *map, sy_str key, void *value)
{
    SY_ASSERT(value != NULL);
    uint64_t hash = hash_of(key);
    size_t slot = 0;
    sy_map_entry *entry = map->slot_count == 0 ? NULL : probe(map, key, hash, &slot);
    if (entry != NULL) {
        entry->key = key;
        entry->value = value;
        return SY_OK;
    }
    if (map->entry_count == map->entry_capacity) {
        sy_rc rc = make_room(map);
        if (rc != SY_OK) {
            return rc;
        }
        (void)probe(map, key, hash, &slot);
    }
    map->entries[map->entry_count] = (sy_map_entry){.key = key, .hash = hash, .value = value};
    map->entry_count++;
    map->slots[slot] = (uint32_t)map->entry_count;
    map->count++;
    return SY_OK;
}

void *sy_map_remove(sy_map *map, sy_str key)
{
    if (map->count == 0) {
        return NULL;
    }
    size_t slot = 0;
    sy_map_entry *entry = probe(map, key, hash_of(key), &slot);
    if (entry == NULL) {
        return NULL;
    }
    void *value = entry->value;
    entry->key = (sy_str){NULL, 0};
    entry->value = NULL;
    map->count--;
    while (map->entry_first < map->entry_count && map->entries[map->entry_first].value == NULL) {
        map->entry_first++;
    }
    return value;
}

const sy_map_entry *sy_map_next(const sy_map *map, size_t *at)
{
    size_t index = *at < map->entry_first ? map->entry_first : *at;
    while (index < map->entry_count && map->entries[index].value == NULL) {
        index++;
    }
    if (index >= map->entry_count) {
        *at = index;
        return NULL;
    }
    *at = index + 1;
    return &map->entries[index];
}

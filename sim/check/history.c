/* A key is: host (4 bytes), number (8), size of a (4), a, b. Records live in the index's arena and
 * are used again after they were removed. */
#include "sim/check/history.h"

#include <string.h>

#define KEY_HEAD_SIZE 16u
#define KEY_ROUND     32u

const sy_row *sim_field_row(const sim_event *event, uint32_t field)
{
    const sy_value *value = &event->fields[field];
    return value->type == SY_TYPE_ROW ? value->as.row : NULL;
}

bool sim_field_is(const sim_event *event, uint32_t field, const char *text)
{
    return sy_str_equal(sim_field_text(event, field), sy_str_of(text));
}

uint32_t sim_event_device(const sim_trace *trace, const sim_event *event)
{
    sy_str name = sim_field_text(event, 0);
    if (sy_str_equal(name, sim_host_name(trace, event->host))) {
        return event->host;
    }
    uint32_t count = sim_trace_host_count(trace);
    for (uint32_t host = 0; host < count; host++) {
        if (sy_str_equal(name, sim_host_name(trace, host))) {
            return host;
        }
    }
    return event->host;
}

void sim_index_init(sim_index *index, sy_alloc alloc, size_t record_size)
{
    *index = (sim_index){.record_size = record_size};
    sy_arena_init(&index->arena, alloc);
    sy_map_init(&index->map, alloc);
}

void sim_index_deinit(sim_index *index, bool *failed)
{
    *failed = *failed || index->failed;
    sy_map_deinit(&index->map);
    sy_arena_deinit(&index->arena);
}

static size_t rounded(size_t key_size)
{
    return (key_size + KEY_ROUND - 1) / KEY_ROUND * KEY_ROUND;
}

/* NULL: no memory. */
static char *key_room(sim_index *index, size_t size)
{
    if (size > index->key_capacity) {
        const size_t capacity = rounded(2 * size);
        char *room = sy_arena_push(&index->arena, capacity);
        if (room == NULL) {
            return NULL;
        }
        index->key = room;
        index->key_capacity = capacity;
    }
    return index->key;
}

/* Its data is NULL when there is no memory. */
static sy_str build_key(sim_index *index, uint32_t host, sy_str a, sy_str b, int64_t number)
{
    const uint32_t a_size = (uint32_t)a.size;
    const size_t size = KEY_HEAD_SIZE + a.size + b.size;
    char *key = key_room(index, size);
    if (key == NULL) {
        return (sy_str){NULL, 0};
    }
    memcpy(key, &host, 4);
    memcpy(key + 4, &number, 8);
    memcpy(key + 12, &a_size, 4);
    sy_copy_short(key + KEY_HEAD_SIZE, a.data, a.size);
    sy_copy_short(key + KEY_HEAD_SIZE + a.size, b.data, b.size);
    return (sy_str){key, size};
}

void *sim_index_find(sim_index *index, uint32_t host, sy_str a, sy_str b, int64_t number)
{
    const sy_str key = build_key(index, host, a, b, number);
    index->failed = index->failed || key.data == NULL;
    return key.data == NULL ? NULL : sy_map_find(&index->map, key);
}

/* A spare record whose key has room, or a new one. */
static sim_record *record_new(sim_index *index, sy_str key)
{
    sim_record *record = index->spare;
    if (record != NULL && record->key_capacity >= key.size) {
        index->spare = record->spare;
    } else {
        size_t capacity = rounded(key.size);
        record = sy_arena_push(&index->arena, index->record_size);
        char *text = sy_arena_push(&index->arena, capacity);
        if (record == NULL || text == NULL) {
            return NULL;
        }
        *record = (sim_record){.key = text, .key_capacity = capacity};
    }
    sim_record head = {
        .key = record->key, .key_size = key.size, .key_capacity = record->key_capacity};
    memset(record, 0, index->record_size);
    *record = head;
    memcpy(record->key, key.data, key.size);
    return record;
}

static sy_str key_of(const sim_record *record)
{
    return (sy_str){record->key, record->key_size};
}

void *sim_index_get(sim_index *index, uint32_t host, sy_str a, sy_str b, int64_t number)
{
    const sy_str key = build_key(index, host, a, b, number);
    sim_record *record = key.data == NULL ? NULL : sy_map_find(&index->map, key);
    if (record != NULL) {
        return record;
    }
    record = key.data == NULL ? NULL : record_new(index, key);
    if (record == NULL || sy_map_set(&index->map, key_of(record), record) != SY_OK) {
        index->failed = true;
        return NULL;
    }
    return record;
}

void sim_index_remove(sim_index *index, sim_record *record)
{
    (void)sy_map_remove(&index->map, key_of(record));
    record->spare = index->spare;
    index->spare = record;
}

void *sim_index_next(const sim_index *index, size_t *at)
{
    const sy_map_entry *entry = sy_map_next(&index->map, at);
    return entry != NULL ? entry->value : NULL;
}

uint32_t sim_record_host(const sim_record *record)
{
    uint32_t host;
    memcpy(&host, record->key, sizeof host);
    return host;
}

int64_t sim_record_number(const sim_record *record)
{
    int64_t number;
    memcpy(&number, record->key + 4, sizeof number);
    return number;
}

static size_t a_size(const sim_record *record)
{
    uint32_t size;
    memcpy(&size, record->key + 12, sizeof size);
    return size;
}

sy_str sim_record_a(const sim_record *record)
{
    return (sy_str){record->key + KEY_HEAD_SIZE, a_size(record)};
}

sy_str sim_record_b(const sim_record *record)
{
    size_t start = KEY_HEAD_SIZE + a_size(record);
    return (sy_str){record->key + start, record->key_size - start};
}

void sim_numbered_init(sim_numbered *numbered, sy_alloc alloc, size_t record_size)
{
    *numbered = (sim_numbered){.alloc = alloc, .record_size = record_size};
}

void sim_numbered_deinit(sim_numbered *numbered, bool *failed)
{
    *failed = *failed || numbered->failed;
    sy_alloc_free(numbered->alloc, numbered->items, numbered->count * numbered->record_size);
}

void *sim_numbered_reach(sim_numbered *numbered, size_t number)
{
    const size_t size = numbered->record_size;
    const size_t count = number + number / 2 + 16;
    char *items =
        sy_alloc_resize(numbered->alloc, numbered->items, numbered->count * size, count * size);
    if (items == NULL) {
        numbered->failed = true;
        return NULL;
    }
    memset(items + numbered->count * size, 0, (count - numbered->count) * size);
    numbered->items = items;
    numbered->count = count;
    return items + number * size;
}

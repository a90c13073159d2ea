/* The queue's mirror in memory.
 *
 * Invariants, while the queue is not stale:
 * - items[first .. first + count) are the store's operations of the known tables, by sequence;
 * - by_item has one entry for each item with operations: the newest, from which `older` leads to
 * the others, newest first, and `newer` back;
 * - an operation's texts live in its entry: name (table and id), texts (item, base and key). */
#include "core/client/operation_mirror.h"

#include <string.h>

#include "core/base/check.h"

#define NAME_SIZE_FIND ((size_t)512)

struct sy_operation_entry {
    sy_operation operation;
    sy_operation_entry *older; /* of the same item */
    sy_operation_entry *newer;
    char *texts;
    size_t texts_size;
    size_t name_size; /* in by_item: bytes of the schema's address, then the id */
    char name[];
};

/* -- memory -- */

static void entry_free(sy_operation_queue *queue, sy_operation_entry *entry)
{
    sy_alloc_free(queue->alloc, entry->texts, entry->texts_size);
    sy_alloc_free(queue->alloc, entry, sizeof *entry + entry->name_size);
}

/* An entry with room for these names and texts. */
static sy_operation_entry *entry_new(sy_operation_queue *queue, size_t name_size, size_t texts_size)
{
    sy_operation_entry *entry = sy_alloc_get(queue->alloc, sizeof *entry + name_size);
    if (entry == NULL) {
        return NULL;
    }
    *entry = (sy_operation_entry){.name_size = name_size, .texts_size = texts_size};
    entry->texts = texts_size == 0 ? NULL : sy_alloc_get(queue->alloc, texts_size);
    if (entry->texts == NULL && texts_size > 0) {
        entry_free(queue, entry);
        return NULL;
    }
    return entry;
}

static size_t texts_size_of(const sy_operation *operation)
{
    return operation->item.size + operation->base.size + operation->key.size;
}

static sy_str put(char **at, sy_str text)
{
    if (text.size == 0) {
        return (sy_str){NULL, 0};
    }
    SY_ASSERT(*at != NULL);
    memcpy(*at, text.data, text.size);
    sy_str copy = {*at, text.size};
    *at += text.size;
    return copy;
}

/* Copies everything of `from` into the entry, which has the room. */
static void entry_fill(sy_operation_entry *entry, const sy_operation *from)
{
    char *at = entry->texts;
    entry->operation = *from;
    entry->operation.item = put(&at, from->item);
    entry->operation.base = put(&at, from->base);
    entry->operation.key = put(&at, from->key);
    memcpy(entry->name, &from->schema, sizeof from->schema);
    if (from->id.size > 0) {
        memcpy(entry->name + sizeof from->schema, from->id.data, from->id.size);
    }
    entry->operation.id = (sy_str){entry->name + sizeof from->schema, from->id.size};
}

static sy_str name_of(const sy_operation_entry *entry)
{
    return (sy_str){entry->name, entry->name_size};
}

void sy_operation_queue_init(sy_operation_queue *queue, sy_alloc alloc, sy_store store,
                             sy_arena *scratch, const sy_schema *const *tables, size_t table_count)
{
    *queue = (sy_operation_queue){.alloc = alloc,
                                  .store = store,
                                  .scratch = scratch,
                                  .tables = tables,
                                  .table_count = table_count};
    sy_map_init(&queue->by_item, alloc);
}

void sy_operation_queue_deinit(sy_operation_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++) {
        entry_free(queue, queue->items[queue->first + i]);
    }
    if (queue->items != NULL) {
        sy_alloc_free(queue->alloc, queue->items, queue->capacity * sizeof(sy_operation_entry *));
    }
    sy_alloc_free(queue->alloc, queue->changed, queue->changed_size);
    sy_map_deinit(&queue->by_item);
    *queue = (sy_operation_queue){0};
}

/* -- looking -- */

/* The index (from `first`) of the first operation with sequence > after. */
size_t sy_operation_mirror_index(const sy_operation_queue *queue, int64_t after)
{
    size_t low = 0;
    size_t high = queue->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (queue->items[queue->first + middle]->operation.sequence > after) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

sy_operation *sy_operation_queue_at(const sy_operation_queue *queue, size_t index)
{
    return index < queue->count ? &queue->items[queue->first + index]->operation : NULL;
}

sy_operation *sy_operation_queue_get(const sy_operation_queue *queue, int64_t sequence)
{
    sy_operation *operation =
        sequence < 1 ? NULL
                     : sy_operation_queue_at(queue, sy_operation_mirror_index(queue, sequence - 1));
    return operation != NULL && operation->sequence == sequence ? operation : NULL;
}

sy_operation *sy_operation_queue_find(const sy_operation_queue *queue, const sy_schema *schema,
                                      sy_str id)
{
    if (queue->count == 0) {
        return NULL;
    }
    char name[sizeof(const sy_schema *) + NAME_SIZE_FIND];
    if (id.size <= NAME_SIZE_FIND) {
        memcpy(name, &schema, sizeof schema);
        if (id.size > 0) {
            memcpy(name + sizeof schema, id.data, id.size);
        }
        sy_operation_entry *entry =
            sy_map_find(&queue->by_item, (sy_str){name, sizeof schema + id.size});
        return entry == NULL ? NULL : &entry->operation;
    }
    for (size_t i = queue->count; i-- > 0;) {
        sy_operation *operation = sy_operation_queue_at(queue, i);
        if (operation->schema == schema && sy_str_equal(operation->id, id)) {
            return operation;
        }
    }
    return NULL;
}

sy_operation *sy_operation_queue_older(const sy_operation *operation)
{
    const sy_operation_entry *entry = (const sy_operation_entry *)operation;
    return entry->older == NULL ? NULL : &entry->older->operation;
}

sy_operation *sy_operation_queue_newer(const sy_operation *operation)
{
    const sy_operation_entry *entry = (const sy_operation_entry *)operation;
    return entry->newer == NULL ? NULL : &entry->newer->operation;
}

sy_operation *sy_operation_queue_peek(const sy_operation_queue *queue, int64_t after,
                                      const sy_schema *const *tables, size_t table_count)
{
    for (size_t i = sy_operation_mirror_index(queue, after); i < queue->count; i++) {
        sy_operation *operation = sy_operation_queue_at(queue, i);
        bool wanted = table_count == 0;
        for (size_t t = 0; t < table_count && !wanted; t++) {
            wanted = tables[t] == operation->schema;
        }
        if (wanted) {
            return operation;
        }
    }
    return NULL;
}

uint32_t sy_operation_queue_count(const sy_operation_queue *queue, const sy_schema *schema)
{
    if (schema == NULL) {
        return (uint32_t)queue->count;
    }
    uint32_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        count += sy_operation_queue_at(queue, i)->schema == schema;
    }
    return count;
}

/* -- changing -- */

bool sy_operation_same_text(sy_str a, sy_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Room for one more at the end. */
static sy_rc make_room(sy_operation_queue *queue, sy_err *err)
{
    if (queue->first + queue->count < queue->capacity) {
        return SY_OK;
    }
    if (queue->first > 0 && queue->first >= queue->capacity / 2) {
        memmove(queue->items, queue->items + queue->first,
                queue->count * sizeof(sy_operation_entry *));
        queue->first = 0;
        return SY_OK;
    }
    sy_operation_entry **items =
        sy_alloc_grow(queue->alloc, queue->items, queue->first + queue->count, &queue->capacity,
                      sizeof(sy_operation_entry *));
    if (items == NULL) {
        return sy_fail_nomem(err);
    }
    queue->items = items;
    return SY_OK;
}

/* Takes the newest entry of an item out of by_item: the one before it is the newest then. */
static void map_pop(sy_operation_queue *queue, sy_operation_entry *entry)
{
    if (entry->older == NULL) {
        (void)sy_map_remove(&queue->by_item, name_of(entry));
        return;
    }
    const sy_rc rc = sy_map_set(&queue->by_item, name_of(entry->older), entry->older);
    SY_ASSERT(rc == SY_OK); /* the key is there: nothing is allocated */
}

/* A copy at the end of the mirror. */
sy_rc sy_operation_mirror_add(sy_operation_queue *queue, const sy_operation *operation,
                              sy_operation **out, sy_err *err)
{
    sy_rc rc = make_room(queue, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_operation_entry *entry =
        entry_new(queue, sizeof operation->schema + operation->id.size, texts_size_of(operation));
    if (entry == NULL) {
        return sy_fail_nomem(err);
    }
    entry_fill(entry, operation);
    entry->older = sy_map_find(&queue->by_item, name_of(entry));
    if (sy_map_set(&queue->by_item, name_of(entry), entry) != SY_OK) {
        entry_free(queue, entry);
        return sy_fail_nomem(err);
    }
    if (entry->older != NULL) {
        entry->older->newer = entry;
    }
    queue->items[queue->first + queue->count] = entry;
    queue->count++;
    *out = &entry->operation;
    return SY_OK;
}

/* Takes the entry at `index` out of the mirror. */
void sy_operation_mirror_remove(sy_operation_queue *queue, size_t index)
{
    sy_operation_entry *entry = queue->items[queue->first + index];
    if (entry->newer == NULL) {
        map_pop(queue, entry);
    } else {
        entry->newer->older = entry->older;
    }
    if (entry->older != NULL) {
        entry->older->newer = entry->newer;
    }
    if (index == 0) {
        queue->first++;
    } else {
        sy_operation_entry **at = &queue->items[queue->first + index];
        memmove(at, at + 1, (queue->count - index - 1) * sizeof *at);
    }
    queue->count--;
    if (queue->count == 0) {
        queue->first = 0;
    }
    entry_free(queue, entry);
}

static bool same_texts(const sy_operation *a, const sy_operation *b)
{
    return sy_operation_same_text(a->item, b->item) && sy_operation_same_text(a->base, b->base) &&
           sy_operation_same_text(a->key, b->key);
}

sy_rc sy_operation_mirror_prepare(sy_operation_queue *queue, const sy_operation *operation,
                                  const sy_operation *changed, sy_err *err)
{
    const size_t size = texts_size_of(changed);
    if (size == 0 || size == queue->changed_size || same_texts(operation, changed)) {
        return SY_OK;
    }
    char *texts = sy_alloc_get(queue->alloc, size);
    if (texts == NULL) {
        return sy_fail_nomem(err);
    }
    sy_alloc_free(queue->alloc, queue->changed, queue->changed_size);
    queue->changed = texts;
    queue->changed_size = size;
    return SY_OK;
}

void sy_operation_mirror_change(sy_operation_queue *queue, sy_operation *operation,
                                const sy_operation *changed)
{
    sy_operation_entry *entry = (sy_operation_entry *)operation;
    const sy_operation before = *operation;
    *operation = *changed;
    operation->id = before.id;
    if (same_texts(&before, changed)) {
        operation->item = before.item;
        operation->base = before.base;
        operation->key = before.key;
        return;
    }
    char *texts = texts_size_of(changed) == 0 ? NULL : queue->changed;
    char *at = texts;
    operation->item = put(&at, changed->item);
    operation->base = put(&at, changed->base);
    operation->key = put(&at, changed->key);
    sy_alloc_free(queue->alloc, entry->texts, entry->texts_size);
    entry->texts = texts;
    entry->texts_size = texts_size_of(operation);
    if (texts != NULL) {
        queue->changed = NULL;
        queue->changed_size = 0;
    }
}

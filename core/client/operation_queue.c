/* The operation queue and its mirror.
 *
 * Invariants, while the queue is not stale:
 * - items[first .. first + count) are the store's operations of the known tables, by sequence;
 * - by_item has one entry for each item with operations: the newest, from which `older` leads to
 * the others, newest first;
 * - an operation's texts live in its entry: name (table and id), texts (item, base and key).
 * A change first makes sure of the memory that it needs, then writes, then changes the mirror: the
 * last step cannot fail, so mirror and store differ only when a transaction is rolled back. */
#include "core/client/operation_queue.h"

#include <string.h>

#include "core/base/check.h"
#include "core/client/system_table.h"

#define SPARE_COUNT_MAX 4
#define NAME_ROUNDING   ((size_t)64)
#define TEXTS_ROUNDING  ((size_t)128)
#define NAME_SIZE_FIND  ((size_t)512)

struct sy_operation_entry {
    sy_operation operation;
    sy_operation_entry *older; /* of the same item; of a spare: the next one */
    size_t name_size;          /* in by_item: bytes of the schema's address, then the id */
    size_t name_capacity;
    char *texts;
    size_t texts_capacity;
    char name[];
};

enum {
    NUMBER = SY_SYSTEM_COUNT,
    REVISION,
    KIND,
    STATE,
    TABLE,
    ITEM_ID,
    ITEM,
    BASE,
    KEY,
    EDIT_TIME,
    EDIT_NUMBER,
    STATUS,
    COLUMN_COUNT
};

static const sy_column columns[COLUMN_COUNT] = {
    SY_TABLE_SYSTEM_COLUMNS,
    SY_TABLE_COLUMN("number", SY_TYPE_INT),
    SY_TABLE_COLUMN("revision", SY_TYPE_INT),
    SY_TABLE_COLUMN("kind", SY_TYPE_INT),
    SY_TABLE_COLUMN("state", SY_TYPE_INT),
    SY_TABLE_COLUMN("tableName", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("itemId", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("item", SY_TYPE_BLOB),
    SY_TABLE_COLUMN("base", SY_TYPE_BLOB),
    SY_TABLE_COLUMN("operationKey", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("editTime", SY_TYPE_DATETIME),
    SY_TABLE_COLUMN("editNumber", SY_TYPE_INT),
    SY_TABLE_COLUMN("httpStatus", SY_TYPE_INT),
};

static const sy_schema schema = {.name = SY_TABLE_NAME("__operations"),
                                 .column_count = COLUMN_COUNT,
                                 .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
                                 .columns = columns};

const sy_schema *sy_operation_schema(void)
{
    return &schema;
}

/* -- memory -- */

static size_t round_up(size_t size, size_t step)
{
    return (size + step - 1) / step * step;
}

static void entry_free(sy_operation_queue *queue, sy_operation_entry *entry)
{
    sy_alloc_free(queue->alloc, entry->texts, entry->texts_capacity);
    sy_alloc_free(queue->alloc, entry, sizeof *entry + entry->name_capacity);
}

static void entry_recycle(sy_operation_queue *queue, sy_operation_entry *entry)
{
    if (queue->spare_count == SPARE_COUNT_MAX) {
        entry_free(queue, entry);
        return;
    }
    entry->older = queue->spare;
    queue->spare = entry;
    queue->spare_count++;
}

/* An entry with room for these names and texts. */
static sy_operation_entry *entry_new(sy_operation_queue *queue, size_t name_size, size_t texts_size)
{
    sy_operation_entry *entry = queue->spare;
    if (entry != NULL) {
        queue->spare = entry->older;
        queue->spare_count--;
        if (entry->name_capacity >= name_size && entry->texts_capacity >= texts_size) {
            return entry;
        }
        entry_free(queue, entry);
    }
    const size_t name_capacity = round_up(name_size, NAME_ROUNDING);
    entry = sy_alloc_get(queue->alloc, sizeof *entry + name_capacity);
    if (entry == NULL) {
        return NULL;
    }
    *entry = (sy_operation_entry){.name_capacity = name_capacity,
                                  .texts_capacity = round_up(texts_size, TEXTS_ROUNDING)};
    entry->texts = texts_size == 0 ? NULL : sy_alloc_get(queue->alloc, entry->texts_capacity);
    if (entry->texts == NULL && texts_size > 0) {
        entry->texts_capacity = 0;
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
    entry->name_size = sizeof from->schema + from->id.size;
    entry->operation.id = (sy_str){entry->name + sizeof from->schema, from->id.size};
    entry->older = NULL;
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
    while (queue->spare != NULL) {
        sy_operation_entry *entry = queue->spare;
        queue->spare = entry->older;
        entry_free(queue, entry);
    }
    if (queue->items != NULL) {
        sy_alloc_free(queue->alloc, queue->items, queue->capacity * sizeof(sy_operation_entry *));
    }
    sy_alloc_free(queue->alloc, queue->swap, queue->swap_capacity);
    sy_map_deinit(&queue->by_item);
    *queue = (sy_operation_queue){0};
}

/* -- looking -- */

/* The index (from `first`) of the first operation with sequence > after. */
static size_t index_after(const sy_operation_queue *queue, int64_t after)
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
        sequence < 1 ? NULL : sy_operation_queue_at(queue, index_after(queue, sequence - 1));
    return operation != NULL && operation->sequence == sequence ? operation : NULL;
}

sy_operation *sy_operation_queue_find(const sy_operation_queue *queue, const sy_schema *table,
                                      sy_str id)
{
    if (queue->count == 0) {
        return NULL;
    }
    char name[sizeof(const sy_schema *) + NAME_SIZE_FIND];
    if (id.size <= NAME_SIZE_FIND) {
        memcpy(name, &table, sizeof table);
        if (id.size > 0) {
            memcpy(name + sizeof table, id.data, id.size);
        }
        sy_operation_entry *entry =
            sy_map_find(&queue->by_item, (sy_str){name, sizeof table + id.size});
        return entry == NULL ? NULL : &entry->operation;
    }
    for (size_t i = queue->count; i-- > 0;) {
        sy_operation *operation = sy_operation_queue_at(queue, i);
        if (operation->schema == table && sy_str_equal(operation->id, id)) {
            return operation;
        }
    }
    return NULL;
}

sy_operation *sy_operation_queue_peek(const sy_operation_queue *queue, int64_t after,
                                      const sy_schema *const *tables, size_t table_count)
{
    for (size_t i = index_after(queue, after); i < queue->count; i++) {
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

uint32_t sy_operation_queue_count(const sy_operation_queue *queue, const sy_schema *table)
{
    if (table == NULL) {
        return (uint32_t)queue->count;
    }
    uint32_t count = 0;
    for (size_t i = 0; i < queue->count; i++) {
        count += sy_operation_queue_at(queue, i)->schema == table;
    }
    return count;
}

/* -- changing -- */

static sy_rc refuse_stale(const sy_operation_queue *queue, sy_err *err)
{
    return queue->stale
               ? SY_FAIL(err, SY_STORE, "the operation queue could not be read after a rollback")
               : SY_OK;
}

static bool same_text(sy_str a, sy_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static sy_value blob_or_null(sy_str text)
{
    return text.size == 0 ? SY_NULL : sy_blob(text);
}

/* Writes the cells in which `to` differs from `from` (NULL: all). */
static sy_rc store_write(sy_operation_queue *queue, const sy_operation *from,
                         const sy_operation *to, sy_err *err)
{
    char id[SY_TABLE_NUMBER_SIZE];
    sy_arena_reset(queue->scratch);
    sy_row *row = sy_row_new(queue->scratch, &schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(sy_table_number(to->sequence, id));
    row->cells[REVISION] = sy_int(to->version);
    row->cells[KIND] = sy_int((int64_t)to->kind);
    row->cells[STATE] = sy_int((int64_t)to->state);
    row->cells[STATUS] = sy_int(to->status);
    if (from == NULL) {
        row->cells[NUMBER] = sy_int(to->sequence);
        row->cells[TABLE] = sy_text(to->schema->name);
        row->cells[ITEM_ID] = sy_text(to->id);
    }
    if (from == NULL || !same_text(from->item, to->item)) {
        row->cells[ITEM] = blob_or_null(to->item);
    }
    if (from == NULL || !same_text(from->base, to->base)) {
        row->cells[BASE] = blob_or_null(to->base);
    }
    if (from == NULL || !same_text(from->key, to->key)) {
        row->cells[KEY] = sy_text(to->key);
    }
    if (from == NULL || from->edit_sequence != to->edit_sequence) {
        row->cells[EDIT_TIME] = sy_datetime(to->edited_at);
        row->cells[EDIT_NUMBER] = sy_int(to->edit_sequence);
    }
    return sy_store_write(queue->store, row, err);
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
static sy_rc mirror_add(sy_operation_queue *queue, const sy_operation *operation,
                        sy_operation_entry **out, sy_err *err)
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
        entry_recycle(queue, entry);
        return sy_fail_nomem(err);
    }
    queue->items[queue->first + queue->count] = entry;
    queue->count++;
    *out = entry;
    return SY_OK;
}

/* Takes the entry at `index` out of the mirror. */
static void mirror_remove(sy_operation_queue *queue, size_t index)
{
    sy_operation_entry *entry = queue->items[queue->first + index];
    sy_operation_entry *newest = sy_map_find(&queue->by_item, name_of(entry));
    if (newest == entry) {
        map_pop(queue, entry);
    } else {
        while (newest->older != entry) {
            newest = newest->older;
        }
        newest->older = entry->older;
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
    entry_recycle(queue, entry);
}

/* Room for `size` bytes in the swap; what was there is lost. */
static sy_rc make_swap(sy_operation_queue *queue, size_t size, sy_err *err)
{
    if (queue->swap_capacity >= size) {
        return SY_OK;
    }
    const size_t capacity = round_up(size, TEXTS_ROUNDING);
    char *swap = sy_alloc_get(queue->alloc, capacity);
    if (swap == NULL) {
        return sy_fail_nomem(err);
    }
    sy_alloc_free(queue->alloc, queue->swap, queue->swap_capacity);
    queue->swap = swap;
    queue->swap_capacity = capacity;
    return SY_OK;
}

/* `changed` over the entry; its texts may be the entry's own. */
static void mirror_change(sy_operation_entry *entry, const sy_operation *changed, bool same_texts,
                          sy_operation_queue *queue)
{
    const sy_operation before = entry->operation;
    entry->operation = *changed;
    entry->operation.id = before.id;
    if (same_texts) {
        entry->operation.item = before.item;
        entry->operation.base = before.base;
        entry->operation.key = before.key;
    } else {
        char *at = queue->swap;
        entry->operation.item = put(&at, changed->item);
        entry->operation.base = put(&at, changed->base);
        entry->operation.key = put(&at, changed->key);
        char *texts = entry->texts;
        const size_t capacity = entry->texts_capacity;
        entry->texts = queue->swap;
        entry->texts_capacity = queue->swap_capacity;
        queue->swap = texts;
        queue->swap_capacity = capacity;
    }
    if (changed->edit_sequence > queue->edit_sequence_last) {
        queue->edit_sequence_last = changed->edit_sequence;
    }
}

sy_rc sy_operation_queue_add(sy_operation_queue *queue, const sy_operation *operation,
                             sy_operation **out, sy_err *err)
{
    sy_rc rc = refuse_stale(queue, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_operation_entry *entry = NULL;
    sy_operation added = *operation;
    added.sequence = queue->sequence_last + 1;
    added.in_flight = false;
    added.sendings = 0;
    rc = mirror_add(queue, &added, &entry, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = store_write(queue, NULL, &added, err);
    if (rc != SY_OK) {
        mirror_remove(queue, queue->count - 1);
        return rc;
    }
    queue->sequence_last = added.sequence;
    if (added.edit_sequence > queue->edit_sequence_last) {
        queue->edit_sequence_last = added.edit_sequence;
    }
    *out = &entry->operation;
    return SY_OK;
}

sy_rc sy_operation_queue_change(sy_operation_queue *queue, const sy_operation *changed, sy_err *err)
{
    sy_rc rc = refuse_stale(queue, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_operation *operation = sy_operation_queue_get(queue, changed->sequence);
    if (operation == NULL) {
        return SY_FAIL(err, SY_STATE, "operation %lld is no longer in the queue",
                       (long long)changed->sequence);
    }
    SY_ASSERT(operation->schema == changed->schema && sy_str_equal(operation->id, changed->id));
    const bool same_texts = same_text(operation->item, changed->item) &&
                            same_text(operation->base, changed->base) &&
                            same_text(operation->key, changed->key);
    if (!same_texts) {
        rc = make_swap(queue, texts_size_of(changed), err);
    }
    if (rc == SY_OK) {
        rc = store_write(queue, operation, changed, err);
    }
    if (rc == SY_OK) {
        mirror_change((sy_operation_entry *)operation, changed, same_texts, queue);
    }
    return rc;
}

sy_rc sy_operation_queue_remove(sy_operation_queue *queue, int64_t sequence, int64_t version,
                                bool *out, sy_err *err)
{
    sy_rc rc = refuse_stale(queue, err);
    if (rc != SY_OK) {
        return rc;
    }
    const size_t index = index_after(queue, sequence - 1);
    const sy_operation *operation = sy_operation_queue_at(queue, index);
    const bool found =
        operation != NULL && operation->sequence == sequence && operation->version == version;
    if (found) {
        char id[SY_TABLE_NUMBER_SIZE];
        rc = sy_store_remove(queue->store, &schema, sy_table_number(sequence, id), err);
        if (rc != SY_OK) {
            return rc;
        }
        mirror_remove(queue, index);
    }
    if (out != NULL) {
        *out = found;
    }
    return SY_OK;
}

/* -- loading -- */

static int64_t integer_of(const sy_row *row, uint32_t column)
{
    return sy_value_missing(&row->cells[column]) ? 0 : row->cells[column].as.integer;
}

static const sy_schema *table_named(const sy_operation_queue *queue, sy_str name)
{
    for (size_t i = 0; i < queue->table_count; i++) {
        if (sy_str_equal(queue->tables[i]->name, name)) {
            return queue->tables[i];
        }
    }
    return NULL;
}

static sy_rc load_row(sy_operation_queue *queue, const sy_row *row, sy_err *err)
{
    const int64_t kind = integer_of(row, KIND);
    const int64_t state = integer_of(row, STATE);
    const sy_operation operation = {
        .sequence = integer_of(row, NUMBER),
        .version = integer_of(row, REVISION),
        .kind = (sy_operation_kind)kind,
        .state = (sy_operation_state)state,
        .schema = table_named(queue, sy_value_str(&row->cells[TABLE])),
        .id = sy_value_str(&row->cells[ITEM_ID]),
        .item = sy_value_str(&row->cells[ITEM]),
        .base = sy_value_str(&row->cells[BASE]),
        .key = sy_value_str(&row->cells[KEY]),
        .edited_at = integer_of(row, EDIT_TIME),
        .edit_sequence = integer_of(row, EDIT_NUMBER),
        .status = (int)integer_of(row, STATUS),
    };
    if (kind < 0 || kind >= SY_OPERATION_KIND_COUNT || state < 0 || state >= SY_STATE_COUNT ||
        operation.sequence <= queue->sequence_last) {
        return SY_FAIL(err, SY_CORRUPT, "__operations holds a row that is no operation");
    }
    queue->sequence_last = operation.sequence;
    if (operation.edit_sequence > queue->edit_sequence_last) {
        queue->edit_sequence_last = operation.edit_sequence;
    }
    sy_operation_entry *entry = NULL;
    return operation.schema == NULL ? SY_OK : mirror_add(queue, &operation, &entry, err);
}

/* Takes over from the old mirror what is not in the store. */
static void carry_over(sy_operation_queue *fresh, const sy_operation_queue *old)
{
    for (size_t i = 0; i < fresh->count; i++) {
        sy_operation *operation = sy_operation_queue_at(fresh, i);
        const sy_operation *was = sy_operation_queue_get(old, operation->sequence);
        if (was != NULL) {
            operation->in_flight = was->in_flight;
            operation->sendings = was->sendings;
        }
    }
    if (old->sequence_last > fresh->sequence_last) {
        fresh->sequence_last = old->sequence_last;
    }
    if (old->edit_sequence_last > fresh->edit_sequence_last) {
        fresh->edit_sequence_last = old->edit_sequence_last;
    }
}

sy_rc sy_operation_queue_load(sy_operation_queue *queue, sy_err *err)
{
    sy_operation_queue fresh;
    sy_operation_queue_init(&fresh, queue->alloc, queue->store, queue->scratch, queue->tables,
                            queue->table_count);
    sy_arena arena;
    sy_arena_init(&arena, queue->alloc);
    sy_rows rows = {0};
    const sy_query query = sy_query_all(&schema);
    queue->stale = true;
    sy_rc rc = sy_store_query(queue->store, &query, &arena, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        rc = load_row(&fresh, rows.items[i], err);
    }
    sy_arena_deinit(&arena);
    if (rc != SY_OK) {
        sy_operation_queue_deinit(&fresh);
        return rc;
    }
    carry_over(&fresh, queue);
    sy_operation_queue_deinit(queue);
    *queue = fresh;
    return SY_OK;
}

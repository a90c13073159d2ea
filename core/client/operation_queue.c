/* The operation queue in the store. What is in memory is operation_mirror.c.
 *
 * A change first makes sure of the memory that it needs, then writes, then changes the mirror: the
 * last step cannot fail, so mirror and store differ only when a transaction is rolled back. */
#include "core/client/operation_queue.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/client/operation_mirror.h"
#include "core/client/system_table.h"

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

/* -- changing -- */

static sy_rc refuse_stale(const sy_operation_queue *queue, sy_err *err)
{
    return queue->stale
               ? SY_FAIL(err, SY_STORE, "the operation queue could not be read after a rollback")
               : SY_OK;
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
    if (from == NULL || !sy_operation_same_text(from->item, to->item)) {
        row->cells[ITEM] = blob_or_null(to->item);
    }
    if (from == NULL || !sy_operation_same_text(from->base, to->base)) {
        row->cells[BASE] = blob_or_null(to->base);
    }
    if (from == NULL || !sy_operation_same_text(from->key, to->key)) {
        row->cells[KEY] = sy_text(to->key);
    }
    if (from == NULL || from->edit_sequence != to->edit_sequence) {
        row->cells[EDIT_TIME] = sy_datetime(to->edited_at);
        row->cells[EDIT_NUMBER] = sy_int(to->edit_sequence);
    }
    return sy_store_write(queue->store, row, err);
}

sy_rc sy_operation_queue_add(sy_operation_queue *queue, const sy_operation *operation,
                             sy_operation **out, sy_err *err)
{
    sy_rc rc = refuse_stale(queue, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_operation added = *operation;
    added.sequence = queue->sequence_last + 1;
    added.in_flight = false;
    added.sendings = 0;
    rc = sy_operation_mirror_add(queue, &added, out, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = store_write(queue, NULL, &added, err);
    if (rc != SY_OK) {
        sy_operation_mirror_remove(queue, queue->count - 1);
        return rc;
    }
    queue->sequence_last = added.sequence;
    if (added.edit_sequence > queue->edit_sequence_last) {
        queue->edit_sequence_last = added.edit_sequence;
    }
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
    rc = sy_operation_mirror_prepare(queue, operation, changed, err);
    if (rc == SY_OK) {
        rc = store_write(queue, operation, changed, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    sy_operation_mirror_change(queue, operation, changed);
    if (changed->edit_sequence > queue->edit_sequence_last) {
        queue->edit_sequence_last = changed->edit_sequence;
    }
    return SY_OK;
}

sy_rc sy_operation_queue_remove(sy_operation_queue *queue, int64_t sequence, int64_t version,
                                bool *out, sy_err *err)
{
    sy_rc rc = refuse_stale(queue, err);
    if (rc != SY_OK) {
        return rc;
    }
    const size_t index = sy_operation_mirror_index(queue, sequence - 1);
    const sy_operation *operation = sy_operation_queue_at(queue, index);
    const bool found =
        operation != NULL && operation->sequence == sequence && operation->version == version;
    if (found) {
        char id[SY_TABLE_NUMBER_SIZE];
        rc = sy_store_remove(queue->store, &schema, sy_table_number(sequence, id), err);
        if (rc != SY_OK) {
            return rc;
        }
        sy_operation_mirror_remove(queue, index);
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
    sy_operation *added = NULL;
    return operation.schema == NULL ? SY_OK
                                    : sy_operation_mirror_add(queue, &operation, &added, err);
}

/* A former process may have sent it: the oldest of its item, before which no other is sent. */
static bool may_be_sent(const sy_operation *operation)
{
    return sy_operation_queue_older(operation) == NULL;
}

/* Takes over from the old mirror what is not in the store. */
static void carry_over(sy_operation_queue *fresh, const sy_operation_queue *old)
{
    fresh->doubts = old->doubts;
    for (size_t i = 0; i < fresh->count; i++) {
        sy_operation *operation = sy_operation_queue_at(fresh, i);
        const sy_operation *was = sy_operation_queue_get(old, operation->sequence);
        const bool doubtful =
            was == NULL ? may_be_sent(operation) : was->state == SY_STATE_ATTEMPTED;
        if (old->doubts && doubtful && operation->state == SY_STATE_PENDING) {
            operation->state = SY_STATE_ATTEMPTED;
        }
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
    for (size_t i = SY_MUTANT(OLDEST_NOT_LOADED); i < rows.count && rc == SY_OK; i++) {
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

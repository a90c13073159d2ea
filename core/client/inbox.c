/* One row for each entry; its number is that of the edit that was refused, which an installation
 * uses once. Rows are kept encoded, so that they survive a change of the table's schema. */
#include "core/client/inbox.h"

#include "core/client/system_table.h"

enum {
    OPERATION = SY_SYSTEM_COUNT,
    KIND,
    TABLE,
    ITEM_ID,
    STATE,
    REASON,
    RULED_BY,
    STATUS,
    BASE,
    LOCAL,
    SERVED,
    COLUMN_COUNT
};

static const sy_column columns[COLUMN_COUNT] = {
    SY_TABLE_SYSTEM_COLUMNS,
    SY_TABLE_COLUMN("operation", SY_TYPE_INT),
    SY_TABLE_COLUMN("operationKind", SY_TYPE_INT),
    SY_TABLE_COLUMN("tableName", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("itemId", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("state", SY_TYPE_INT),
    SY_TABLE_COLUMN("reason", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("policy", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("httpStatus", SY_TYPE_INT),
    SY_TABLE_COLUMN("base", SY_TYPE_BLOB),
    SY_TABLE_COLUMN("local", SY_TYPE_BLOB),
    SY_TABLE_COLUMN("server", SY_TYPE_BLOB),
};

static const sy_schema schema = {.name = SY_TABLE_NAME("__conflicts"),
                                 .column_count = COLUMN_COUNT,
                                 .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
                                 .columns = columns};

const sy_schema *sy_inbox_schema(void)
{
    return &schema;
}

bool sy_inbox_exists(const sy_client *client)
{
    bool keeps = false;
    for (uint32_t i = 0; client->config.dialect->keeps_base && i < client->config.table_count;
         i++) {
        keeps = keeps || sy_policy_keeps(client->tables[i].policy);
    }
    return keeps;
}

/* -- writing -- */

static sy_rc encoded(const sy_row *row, sy_arena *arena, sy_value *out, sy_err *err)
{
    sy_str bytes = {NULL, 0};
    const sy_rc rc = row == NULL ? SY_OK : sy_row_encode(row, arena, &bytes, err);
    *out = row == NULL ? SY_NULL : sy_blob(bytes);
    return rc;
}

static int64_t integer_of(const sy_row *row, uint32_t column)
{
    return sy_value_missing(&row->cells[column]) ? 0 : row->cells[column].as.integer;
}

static sy_rc query_item(sy_client *client, sy_arena *arena, sy_str id, sy_rows *out, sy_err *err)
{
    sy_query query = sy_query_all(&schema);
    query.filter = sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_column(arena, ITEM_ID),
                                  sy_expr_literal(arena, sy_text(id)));
    return query.filter == NULL ? sy_fail_nomem(err)
                                : sy_store_query(client->config.store, &query, arena, out, err);
}

/* What was held before is in what is held now. */
static sy_rc drop_held(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_push_run *push = task->push;
    sy_rows rows = {0};
    sy_rc rc = query_item(client, &task->work, push->id, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const sy_row *row = rows.items[i];
        if (integer_of(row, STATE) == SY_INBOX_HELD &&
            sy_str_equal(sy_value_str(&row->cells[TABLE]), push->schema->name)) {
            rc = sy_store_remove(client->config.store, &schema, sy_row_id(row), err);
        }
    }
    return rc;
}

sy_rc sy_inbox_add(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_push_run *push = task->push;
    char number[SY_TABLE_NUMBER_SIZE];
    sy_row *row = sy_row_new(&task->work, &schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = drop_held(client, task, err);
    row->cells[SY_COLUMN_ID] = sy_text(sy_table_number(push->edit_sequence, number));
    row->cells[OPERATION] = sy_int(push->sequence);
    row->cells[KIND] = sy_int((int64_t)push->kind);
    row->cells[TABLE] = sy_text(push->schema->name);
    row->cells[ITEM_ID] = sy_text(push->id);
    row->cells[STATE] = sy_int((int64_t)push->inbox);
    row->cells[REASON] = sy_cstr(push->inbox_reason);
    row->cells[RULED_BY] = sy_cstr(push->inbox_by);
    row->cells[STATUS] = sy_int(push->answer_status);
    const sy_row *local = push->kind == SY_OPERATION_DELETE ? NULL : push->wanted;
    if (rc == SY_OK) {
        rc = encoded(push->base, &task->work, &row->cells[BASE], err);
    }
    if (rc == SY_OK) {
        rc = encoded(local, &task->work, &row->cells[LOCAL], err);
    }
    if (rc == SY_OK) {
        rc = encoded(push->inbox_server, &task->work, &row->cells[SERVED], err);
    }
    return rc == SY_OK ? sy_store_write(client->config.store, row, err) : rc;
}

sy_rc sy_inbox_remove(sy_client *client, int64_t number, sy_err *err)
{
    char id[SY_TABLE_NUMBER_SIZE];
    return sy_inbox_exists(client)
               ? sy_store_remove(client->config.store, &schema, sy_table_number(number, id), err)
               : SY_OK;
}

static sy_rc dismiss(sy_client *client, int64_t number, sy_err *err)
{
    sy_rc rc = sy_client_begin(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = sy_inbox_remove(client, number, err);
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    return sy_client_commit(client, err);
}

void sy_inbox_dismiss_step(sy_client *client, sy_task *task)
{
    const sy_rc rc = dismiss(client, task->call.inbox_entry, &task->err);
    if (rc != SY_OK) {
        sy_task_fail(client, task, rc, &task->err);
    } else {
        sy_task_end(client, task);
    }
}

/* -- reading -- */

static sy_rc decoded(const sy_value *cell, const sy_schema *table, sy_arena *arena,
                     const sy_row **out, sy_err *err)
{
    *out = NULL;
    return sy_value_missing(cell) ? SY_OK
                                  : sy_row_decode(sy_value_str(cell), table, arena, out, err);
}

/* sy_table_number backwards. */
static int64_t number_of(sy_str id)
{
    int64_t number = 0;
    for (size_t i = 0; i < id.size; i++) {
        number = number * 10 + (id.data[i] - '0');
    }
    return number;
}

static sy_rc read_entry(const sy_row *row, const sy_schema *table, sy_arena *arena,
                        sy_inbox_entry *out, sy_err *err)
{
    const int64_t kind = integer_of(row, KIND);
    const int64_t state = integer_of(row, STATE);
    if (kind < 0 || kind >= SY_OPERATION_KIND_COUNT || state <= 0 ||
        state >= SY_INBOX_STATE_COUNT) {
        return SY_FAIL(err, SY_CORRUPT, "__conflicts holds a row that is no conflict");
    }
    *out = (sy_inbox_entry){.number = number_of(sy_row_id(row)),
                            .operation = integer_of(row, OPERATION),
                            .kind = (sy_operation_kind)kind,
                            .table = table->name,
                            .id = sy_value_str(&row->cells[ITEM_ID]),
                            .state = (sy_inbox_state)state,
                            .reason = sy_value_str(&row->cells[REASON]),
                            .by = sy_value_str(&row->cells[RULED_BY]),
                            .status = (int)integer_of(row, STATUS)};
    sy_rc rc = decoded(&row->cells[BASE], table, arena, &out->base, err);
    if (rc == SY_OK) {
        rc = decoded(&row->cells[LOCAL], table, arena, &out->local, err);
    }
    return rc == SY_OK ? decoded(&row->cells[SERVED], table, arena, &out->server, err) : rc;
}

sy_rc sy_client_inbox(sy_client *client, sy_arena *arena, sy_inbox_entry **out, size_t *count,
                      sy_err *err)
{
    sy_rows rows = {0};
    sy_query query = sy_query_all(&schema);
    *out = NULL;
    *count = 0;
    if (!sy_inbox_exists(client) || !client->initialized) {
        return SY_OK;
    }
    query.order[0] = (sy_order){.column = SY_COLUMN_ID};
    query.order_count = 1;
    sy_rc rc = sy_store_query(client->config.store, &query, arena, &rows, err);
    if (rc != SY_OK || rows.count == 0) {
        return rc;
    }
    sy_inbox_entry *entries = sy_arena_push_zeroed(arena, rows.count * sizeof *entries);
    if (entries == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const sy_schema *table =
            sy_client_schema(client, sy_value_str(&rows.items[i]->cells[TABLE]));
        if (table != NULL) { /* the app may have another schema by now */
            rc = read_entry(rows.items[i], table, arena, &entries[(*count)++], err);
        }
    }
    *out = entries;
    return rc;
}

const char *sy_inbox_state_name(sy_inbox_state state)
{
    static const char *const names[SY_INBOX_STATE_COUNT] = {
        [SY_INBOX_PARKED] = "parked", [SY_INBOX_HELD] = "held", [SY_INBOX_LOGGED] = "logged"};
    return state > SY_INBOX_NONE && state < SY_INBOX_STATE_COUNT ? names[state] : "?";
}

/* `__errors`: one row for each operation that a push could not do; a later failure of the same
 * operation replaces it. */
#include "core/client/error_list.h"

#include "core/client/system_table.h"

enum {
    NUMBER = SY_SYSTEM_COUNT,
    REVISION,
    KIND,
    TABLE,
    ITEM_ID,
    STATUS,
    ITEM,
    RESULT,
    COLUMN_COUNT
};

static const sy_column columns[COLUMN_COUNT] = {
    SY_TABLE_SYSTEM_COLUMNS,
    SY_TABLE_COLUMN("operation", SY_TYPE_INT),
    SY_TABLE_COLUMN("operationVersion", SY_TYPE_INT),
    SY_TABLE_COLUMN("operationKind", SY_TYPE_INT),
    SY_TABLE_COLUMN("tableName", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("itemId", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("httpStatus", SY_TYPE_INT),
    SY_TABLE_COLUMN("item", SY_TYPE_BLOB),
    SY_TABLE_COLUMN("result", SY_TYPE_BLOB),
};

static const sy_schema schema = {.name = SY_TABLE_NAME("__errors"),
                                 .column_count = COLUMN_COUNT,
                                 .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
                                 .columns = columns};

const sy_schema *sy_error_schema(void)
{
    return &schema;
}

void sy_error_list_init(sy_error_list *list, sy_store store, sy_arena *scratch)
{
    *list = (sy_error_list){.store = store, .scratch = scratch};
}

/* The row as bytes; null for none. */
static sy_rc encoded(const sy_row *row, sy_arena *arena, sy_value *out, sy_err *err)
{
    sy_str bytes = {NULL, 0};
    const sy_rc rc = row == NULL ? SY_OK : sy_row_encode(row, arena, &bytes, err);
    *out = row == NULL ? SY_NULL : sy_blob(bytes);
    return rc;
}

sy_rc sy_error_list_add(sy_error_list *list, const sy_push_error *error, sy_err *err)
{
    char id[SY_TABLE_NUMBER_SIZE];
    sy_arena_reset(list->scratch);
    sy_row *row = sy_row_new(list->scratch, &schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(sy_table_number(error->operation, id));
    row->cells[NUMBER] = sy_int(error->operation);
    row->cells[REVISION] = sy_int(error->operation_version);
    row->cells[KIND] = sy_int((int64_t)error->kind);
    row->cells[TABLE] = sy_text(error->table);
    row->cells[ITEM_ID] = sy_text(error->id);
    row->cells[STATUS] = sy_int(error->status);
    sy_rc rc = encoded(error->item, list->scratch, &row->cells[ITEM], err);
    if (rc == SY_OK) {
        rc = encoded(error->server, list->scratch, &row->cells[RESULT], err);
    }
    return rc == SY_OK ? sy_store_write(list->store, row, err) : rc;
}

static const sy_schema *table_named(const sy_client_table *tables, uint32_t count, sy_str name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (sy_str_equal(tables[i].schema->name, name)) {
            return tables[i].schema;
        }
    }
    return NULL;
}

static int64_t integer_of(const sy_row *row, uint32_t column)
{
    return sy_value_missing(&row->cells[column]) ? 0 : row->cells[column].as.integer;
}

static sy_rc decoded(const sy_value *cell, const sy_schema *table, sy_arena *arena,
                     const sy_row **out, sy_err *err)
{
    *out = NULL;
    return sy_value_missing(cell) ? SY_OK
                                  : sy_row_decode(sy_value_str(cell), table, arena, out, err);
}

static sy_rc read_error(const sy_row *row, const sy_schema *table, sy_arena *arena,
                        sy_push_error *out, sy_err *err)
{
    const int64_t kind = integer_of(row, KIND);
    if (kind < 0 || kind >= SY_OPERATION_KIND_COUNT) {
        return SY_FAIL(err, SY_CORRUPT, "__errors holds a row that is no error");
    }
    *out = (sy_push_error){.operation = integer_of(row, NUMBER),
                           .operation_version = integer_of(row, REVISION),
                           .kind = (sy_operation_kind)kind,
                           .table = table->name,
                           .id = sy_value_str(&row->cells[ITEM_ID]),
                           .status = (int)integer_of(row, STATUS)};
    sy_rc rc = decoded(&row->cells[ITEM], table, arena, &out->item, err);
    if (rc == SY_OK) {
        rc = decoded(&row->cells[RESULT], table, arena, &out->server, err);
    }
    return rc;
}

sy_rc sy_error_list_load(sy_error_list *list, const sy_client_table *tables, uint32_t table_count,
                         sy_arena *arena, sy_push_error **out, uint32_t *count, sy_err *err)
{
    sy_rows rows = {0};
    const sy_query query = sy_query_all(&schema);
    *out = NULL;
    *count = 0;
    sy_rc rc = sy_store_query(list->store, &query, arena, &rows, err);
    if (rc != SY_OK || rows.count == 0) {
        return rc;
    }
    sy_push_error *errors = sy_arena_push_zeroed(arena, rows.count * sizeof *errors);
    if (errors == NULL) {
        return sy_fail_nomem(err);
    }
    uint32_t found = 0;
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const sy_row *row = rows.items[i];
        const sy_schema *table = table_named(tables, table_count, sy_value_str(&row->cells[TABLE]));
        if (table != NULL) {
            rc = read_error(row, table, arena, &errors[found], err);
            found++;
        }
    }
    if (rc == SY_OK) {
        *out = errors;
        *count = found;
    }
    return rc;
}

sy_rc sy_error_list_remove(sy_error_list *list, int64_t operation, sy_err *err)
{
    char id[SY_TABLE_NUMBER_SIZE];
    return sy_store_remove(list->store, &schema, sy_table_number(operation, id), err);
}

/* All errors of the table (empty: of any), in scratch memory. */
static sy_rc find_all(sy_error_list *list, sy_str table, sy_rows *out, sy_err *err)
{
    sy_arena *arena = list->scratch;
    sy_arena_reset(arena);
    sy_query query = sy_query_all(&schema);
    if (table.size > 0) {
        query.filter = sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_column(arena, TABLE),
                                      sy_expr_literal(arena, sy_text(table)));
        if (query.filter == NULL) {
            return sy_fail_nomem(err);
        }
    }
    return sy_store_query(list->store, &query, arena, out, err);
}

sy_rc sy_error_list_clear(sy_error_list *list, sy_str table, sy_err *err)
{
    sy_rows rows = {0};
    sy_rc rc = find_all(list, table, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        rc = sy_store_remove(list->store, &schema, sy_row_id(rows.items[i]), err);
    }
    return rc;
}

static bool is_of(const sy_row *row, const sy_schema *const *tables, uint32_t table_count)
{
    for (uint32_t i = 0; i < table_count; i++) {
        if (sy_str_equal(sy_value_str(&row->cells[TABLE]), tables[i]->name)) {
            return true;
        }
    }
    return table_count == 0;
}

sy_rc sy_error_list_keep_conflicts(sy_error_list *list, const sy_schema *const *tables,
                                   uint32_t table_count, sy_err *err)
{
    sy_rows rows = {0};
    sy_rc rc = find_all(list, (sy_str){NULL, 0}, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        const int64_t status = integer_of(rows.items[i], STATUS);
        if (status != 409 && status != 412 && is_of(rows.items[i], tables, table_count)) {
            rc = sy_store_remove(list->store, &schema, sy_row_id(rows.items[i]), err);
        }
    }
    return rc;
}

sy_rc sy_error_list_has_itemless(sy_error_list *list, sy_str table, bool *out, sy_err *err)
{
    sy_rows rows = {0};
    const sy_rc rc = find_all(list, table, &rows, err);
    *out = false;
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        *out = *out || sy_value_missing(&rows.items[i]->cells[ITEM]);
    }
    return rc;
}

sy_rc sy_error_list_rename(sy_error_list *list, int64_t operation, int64_t to, int64_t version,
                           sy_err *err)
{
    char id[SY_TABLE_NUMBER_SIZE];
    char to_id[SY_TABLE_NUMBER_SIZE];
    const sy_row *found = NULL;
    sy_arena_reset(list->scratch);
    sy_rc rc = sy_store_read(list->store, &schema, sy_table_number(operation, id), list->scratch,
                             &found, err);
    if (rc != SY_OK || found == NULL) {
        return rc;
    }
    sy_row *row = sy_row_shallow(list->scratch, found);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(sy_table_number(to, to_id));
    row->cells[NUMBER] = sy_int(to);
    row->cells[REVISION] = sy_int(version);
    rc = sy_store_write(list->store, row, err);
    return rc == SY_OK ? sy_store_remove(list->store, &schema, sy_table_number(operation, id), err)
                       : rc;
}

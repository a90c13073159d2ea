#include "core/client/pull_time.h"

#include "core/client/system_table.h"

enum { TABLE = SY_SYSTEM_COUNT, VALUE, COLUMN_COUNT };

static const sy_column columns[COLUMN_COUNT] = {
    SY_TABLE_SYSTEM_COLUMNS,
    SY_TABLE_COLUMN("tableName", SY_TYPE_TEXT),
    SY_TABLE_COLUMN("value", SY_TYPE_DATETIME),
};

static const sy_schema schema = {.name = SY_TABLE_NAME("__pulltime"),
                                 .column_count = COLUMN_COUNT,
                                 .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
                                 .columns = columns};

const sy_schema *sy_pull_time_schema(void)
{
    return &schema;
}

static sy_time value_of(const sy_row *row, sy_time missing)
{
    return sy_value_missing(&row->cells[VALUE]) ? missing : row->cells[VALUE].as.integer;
}

/* Under another spelling of the id. */
static sy_rc search(sy_store store, sy_str query_id, sy_arena *scratch, sy_time *out, sy_err *err)
{
    const sy_query query = sy_query_all(&schema);
    sy_rows rows = {0};
    const sy_rc rc = sy_store_query(store, &query, scratch, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        if (sy_str_equal_nocase(sy_row_id(rows.items[i]), query_id)) {
            *out = value_of(rows.items[i], *out);
            return SY_OK;
        }
    }
    return rc;
}

sy_rc sy_pull_time_get(sy_store store, sy_str query_id, sy_time missing, sy_arena *scratch,
                       sy_time *out, sy_err *err)
{
    const sy_row *row = NULL;
    sy_arena_reset(scratch);
    *out = missing;
    const sy_rc rc = sy_store_read(store, &schema, query_id, scratch, &row, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (row == NULL) {
        return search(store, query_id, scratch, out, err);
    }
    *out = value_of(row, missing);
    return SY_OK;
}

sy_rc sy_pull_time_set(sy_store store, sy_str query_id, sy_str table, sy_time value,
                       sy_arena *scratch, sy_err *err)
{
    sy_arena_reset(scratch);
    sy_row *row = sy_row_new(scratch, &schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(query_id);
    row->cells[TABLE] = sy_text(table);
    row->cells[VALUE] = sy_datetime(value);
    return sy_store_write(store, row, err);
}

sy_rc sy_pull_time_remove(sy_store store, sy_str table, sy_arena *scratch, sy_err *err)
{
    sy_arena_reset(scratch);
    sy_query query = sy_query_all(&schema);
    query.filter = sy_expr_binary(scratch, SY_EXPR_EQ, sy_expr_column(scratch, TABLE),
                                  sy_expr_literal(scratch, sy_text(table)));
    if (query.filter == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rows rows = {0};
    sy_rc rc = sy_store_query(store, &query, scratch, &rows, err);
    for (size_t i = 0; i < rows.count && rc == SY_OK; i++) {
        rc = sy_store_remove(store, &schema, sy_row_id(rows.items[i]), err);
    }
    return rc;
}

/* Rows in and out of SQLite. Whatever SQLite hands back is checked against the schema: a cell of
 * another kind is damage, and said to be. */
#include "core/store/store_sqlite_internal.h"

#include <string.h>

#include "core/store/row_check.h"

/* SQLite rolls a transaction back by itself after some failures. What follows would then be
 * committed one by one: refused until the caller has rolled back too. */
static sy_rc check_transaction(const sy_store_sqlite *store, sy_err *err)
{
    if (store->in_transaction && sqlite3_get_autocommit(store->db) != 0) {
        return SY_FAIL(err, SY_STORE, "an earlier error ended the transaction: roll back first");
    }
    return SY_OK;
}

static sy_rc wrong_kind(const sy_schema *schema, uint32_t column, int kind, sy_err *err)
{
    static const char *const KINDS[] = {"nothing", "an integer", "a real",
                                        "a text",  "bytes",      "null"};
    return SY_FAIL(err, SY_CORRUPT,
                   "table %.*s: column '%.*s' is %s and holds %s: the file was changed by another "
                   "program; remove that row, or begin with an empty file",
                   SY_FMT(schema->name), SY_FMT(schema->columns[column].name),
                   sy_type_name(schema->columns[column].type), KINDS[kind]);
}

static sy_rc take_text(sqlite3_stmt *statement, int at, sy_arena *arena, sy_value *cell,
                       sy_err *err)
{
    const void *text = cell->type == SY_TYPE_BLOB
                           ? sqlite3_column_blob(statement, at)
                           : (const void *)sqlite3_column_text(statement, at);
    cell->size = (uint32_t)sqlite3_column_bytes(statement, at);
    char *copy = sy_arena_push(arena, (size_t)cell->size + 1);
    if (copy == NULL || (text == NULL && cell->size > 0)) {
        return sy_fail_nomem(err);
    }
    if (cell->size > 0) {
        memcpy(copy, text, cell->size);
    }
    copy[cell->size] = '\0';
    cell->as.text = copy;
    return SY_OK;
}

static sy_rc take_cell(sqlite3_stmt *statement, int at, sy_row *row, uint32_t column,
                       sy_arena *arena, sy_err *err)
{
    sy_value *cell = &row->cells[column];
    sy_type type = row->schema->columns[column].type;
    int kind = sqlite3_column_type(statement, at);
    *cell = (sy_value){.type = SY_TYPE_NULL};
    if (kind == SQLITE_NULL) {
        return SY_OK;
    }
    if (kind == SQLITE_TEXT && sy_schema_takes_text(row->schema, type)) {
        type = SY_TYPE_TEXT;
    }
    if (type == SY_TYPE_TEXT || type == SY_TYPE_BLOB) {
        if (kind != (type == SY_TYPE_TEXT ? SQLITE_TEXT : SQLITE_BLOB)) {
            return wrong_kind(row->schema, column, kind, err);
        }
        cell->type = (uint32_t)type;
        return take_text(statement, at, arena, cell, err);
    }
    if (kind == SQLITE_INTEGER) {
        cell->type = type == SY_TYPE_REAL ? SY_TYPE_INT : (uint32_t)type;
        cell->as.integer = sqlite3_column_int64(statement, at);
        return SY_OK;
    }
    if (kind == SQLITE_FLOAT && type == SY_TYPE_REAL) {
        cell->type = SY_TYPE_REAL;
        cell->as.real = sqlite3_column_double(statement, at);
        return SY_OK;
    }
    return wrong_kind(row->schema, column, kind, err);
}

static sy_rc bind_id(sy_store_sqlite *store, sqlite3_stmt *statement, sy_str id, sy_err *err)
{
    sy_value value = sy_text(id);
    return sy_sqlite_bind(store, statement, 1, &value, err);
}

/* Steps the read statement and takes the row, if there is one. */
static sy_rc read_step(sy_store_sqlite *store, sqlite3_stmt *statement, const sy_schema *schema,
                       sy_arena *arena, const sy_row **out, sy_err *err)
{
    *out = NULL;
    int step = sqlite3_step(statement);
    if (step != SQLITE_ROW) {
        return step == SQLITE_DONE ? SY_OK : sy_sqlite_fail(store, err, "read");
    }
    sy_row *row = sy_row_new(arena, schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    int at = 0;
    for (uint32_t column = 0; column < schema->column_count; column++) {
        if (sy_schema_has_column(schema, column)) {
            sy_rc rc = take_cell(statement, at++, row, column, arena, err);
            if (rc != SY_OK) {
                return rc;
            }
        }
    }
    *out = row;
    return SY_OK;
}

sy_rc sy_sqlite_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                     const sy_row **out, sy_err *err)
{
    sy_store_sqlite *store = self;
    sy_sqlite_table *table = NULL;
    sqlite3_stmt *statement = NULL;
    sy_rc rc = sy_sqlite_table_get(store, schema, &table, err);
    if (rc == SY_OK) {
        rc = sy_sqlite_statement_read(store, table, &statement, err);
    }
    if (rc == SY_OK) {
        rc = bind_id(store, statement, id, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    const sy_row *row = NULL;
    rc = read_step(store, statement, table->schema, arena, &row, err);
    (void)sqlite3_reset(statement);
    if (rc == SY_OK && row != NULL && row->schema != schema) {
        rc = sy_row_map(arena, row, schema, false, &row, err);
    }
    if (rc == SY_OK) {
        *out = row;
    }
    return rc;
}

/* -- queries -- */

typedef struct found { /* rows as they come: an array that doubles, in the arena */
    const sy_row **items;
    size_t count;
    size_t capacity;
} found;

static sy_rc found_add(found *all, const sy_row *row, sy_arena *arena, sy_err *err)
{
    if (all->count == all->capacity) {
        size_t capacity = all->capacity == 0 ? 16 : all->capacity * 2;
        const sy_row **items = sy_arena_push(arena, capacity * sizeof *items);
        if (items == NULL) {
            return sy_fail_nomem(err);
        }
        if (all->count > 0) {
            memcpy(items, all->items, all->count * sizeof *items);
        }
        all->items = items;
        all->capacity = capacity;
    }
    all->items[all->count++] = row;
    return SY_OK;
}

static sy_rc query_step(sy_store_sqlite *store, sqlite3_stmt *statement, const sy_query *query,
                        sy_arena *arena, found *all, sy_err *err)
{
    sy_rc rc = SY_OK;
    while (rc == SY_OK) {
        int step = sqlite3_step(statement);
        if (step != SQLITE_ROW) {
            return step == SQLITE_DONE ? SY_OK : sy_sqlite_fail(store, err, "query");
        }
        sy_row *row = sy_row_new(arena, query->schema);
        if (row == NULL) {
            return sy_fail_nomem(err);
        }
        int at = 0;
        for (uint32_t i = 0; i < query->schema->column_count && rc == SY_OK; i++) {
            if (sy_query_selects(query, i)) {
                rc = take_cell(statement, at++, row, i, arena, err);
            }
        }
        if (rc == SY_OK) {
            rc = found_add(all, row, arena, err);
        }
    }
    return rc;
}

/* The statement of a query, or of its count, with its values bound. */
static sy_rc query_statement(sy_store_sqlite *store, const sy_query *query, bool count,
                             sqlite3_stmt **out, sy_err *err)
{
    const sy_value *values = NULL;
    size_t value_count = 0;
    sy_buf_clear(&store->sql);
    sy_rc rc =
        sy_query_to_sql(query, count, &store->scratch, &store->sql, &values, &value_count, err);
    if (rc == SY_OK) {
        rc = sy_sqlite_statement_query(store, out, err);
    }
    for (size_t i = 0; i < value_count && rc == SY_OK; i++) {
        rc = sy_sqlite_bind(store, *out, (int)i + 1, &values[i], err);
    }
    return rc;
}

static sy_rc query_total(sy_store_sqlite *store, const sy_query *query, int64_t *out, sy_err *err)
{
    sqlite3_stmt *statement = NULL;
    sy_rc rc = query_statement(store, query, true, &statement, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (sqlite3_step(statement) == SQLITE_ROW) {
        *out = sqlite3_column_int64(statement, 0);
    } else {
        rc = sy_sqlite_fail(store, err, "count");
    }
    (void)sqlite3_reset(statement);
    return rc;
}

sy_rc sy_sqlite_query_rows(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                           sy_err *err)
{
    sy_store_sqlite *store = self;
    sy_sqlite_table *table = NULL;
    sqlite3_stmt *statement = NULL;
    sy_arena_reset(&store->scratch);
    sy_rc rc = sy_sqlite_table_get(store, query->schema, &table, err);
    if (rc == SY_OK) {
        rc = query_statement(store, query, false, &statement, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    found all = {.items = NULL};
    rc = query_step(store, statement, query, arena, &all, err);
    (void)sqlite3_reset(statement);
    int64_t total = -1;
    if (rc == SY_OK && query->want_total) {
        rc = query_total(store, query, &total, err);
    }
    if (rc == SY_OK) {
        *out = (sy_rows){.items = all.items, .count = all.count, .total = total};
    }
    return rc;
}

/* -- writes -- */

sy_rc sy_sqlite_write(void *self, const sy_row *row, sy_err *err)
{
    sy_store_sqlite *store = self;
    sy_sqlite_table *table = NULL;
    sqlite3_stmt *statement = NULL;
    sy_rc rc = sy_sqlite_table_get(store, row->schema, &table, err);
    if (rc == SY_OK && row->schema != table->schema) {
        sy_arena_reset(&store->scratch);
        rc = sy_row_map(&store->scratch, row, table->schema, true, &row, err);
    }
    if (rc == SY_OK) {
        rc = sy_row_check(row, err);
    }
    if (rc == SY_OK) {
        rc = check_transaction(store, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    uint64_t columns = 0;
    for (uint32_t i = 0; i < row->schema->column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT && sy_schema_has_column(row->schema, i)) {
            columns |= UINT64_C(1) << i;
        }
    }
    rc = sy_sqlite_statement_upsert(store, table, columns, &statement, err);
    int at = 1;
    for (uint32_t i = 0; i < row->schema->column_count && rc == SY_OK; i++) {
        if (((columns >> i) & 1) != 0) {
            rc = sy_sqlite_bind(store, statement, at++, &row->cells[i], err);
        }
    }
    return rc == SY_OK ? sy_sqlite_run(store, statement, "write", err) : rc;
}

sy_rc sy_sqlite_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    sy_store_sqlite *store = self;
    sy_sqlite_table *table = NULL;
    sqlite3_stmt *statement = NULL;
    sy_rc rc = sy_sqlite_table_get(store, schema, &table, err);
    if (rc == SY_OK) {
        rc = check_transaction(store, err);
    }
    if (rc == SY_OK) {
        rc = sy_sqlite_statement_remove(store, table, &statement, err);
    }
    if (rc == SY_OK) {
        rc = bind_id(store, statement, id, err);
    }
    return rc == SY_OK ? sy_sqlite_run(store, statement, "remove", err) : rc;
}

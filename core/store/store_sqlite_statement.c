/* Statements: prepared once, kept, found again. A kept statement is always reset between calls, so
 * that no read transaction stays open behind it. */
#include "core/store/store_sqlite_internal.h"

#include <limits.h>

sy_rc sy_sqlite_fail(const sy_store_sqlite *store, sy_err *err, const char *what)
{
    int code = sqlite3_extended_errcode(store->db);
    sy_rc rc = SY_STORE;
    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
        rc = SY_NOMEM;
    } else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB) {
        rc = SY_CORRUPT;
    } else if ((code & 0xff) == SQLITE_TOOBIG) {
        rc = SY_LIMIT;
    }
    return SY_FAIL(err, rc, "%s: %s (SQLite error %d)", what, sqlite3_errmsg(store->db), code);
}

sy_rc sy_sqlite_prepare(sy_store_sqlite *store, sy_str sql, sqlite3_stmt **out, sy_err *err)
{
    if (sql.size > INT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "a statement of %zu bytes is too long", sql.size);
    }
    int rc = sqlite3_prepare_v3(store->db, sql.data, (int)sql.size, SQLITE_PREPARE_PERSISTENT, out,
                                NULL);
    return rc == SQLITE_OK ? SY_OK : sy_sqlite_fail(store, err, "prepare");
}

sy_rc sy_sqlite_run(sy_store_sqlite *store, sqlite3_stmt *statement, const char *what, sy_err *err)
{
    int rc = sqlite3_step(statement);
    sy_rc result = rc == SQLITE_DONE || rc == SQLITE_ROW ? SY_OK : sy_sqlite_fail(store, err, what);
    (void)sqlite3_reset(statement);
    return result;
}

sy_rc sy_sqlite_exec(sy_store_sqlite *store, sy_str sql, sy_err *err)
{
    sqlite3_stmt *statement = NULL;
    sy_rc rc = sy_sqlite_prepare(store, sql, &statement, err);
    if (rc == SY_OK) {
        rc = sy_sqlite_run(store, statement, "run", err);
        (void)sqlite3_finalize(statement);
    }
    return rc;
}

void sy_sqlite_add_name(sy_buf *sql, sy_str name)
{
    sy_buf_add_char(sql, '"');
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '"') {
            sy_buf_add_char(sql, '"');
        }
        sy_buf_add_char(sql, name.data[i]);
    }
    sy_buf_add_char(sql, '"');
}

sy_rc sy_sqlite_bind(sy_store_sqlite *store, sqlite3_stmt *statement, int at, const sy_value *value,
                     sy_err *err)
{
    const char *text = value->size == 0 ? "" : value->as.text;
    int rc = SQLITE_MISUSE;
    switch ((sy_type)value->type) {
    case SY_TYPE_ABSENT:
    case SY_TYPE_NULL:
        rc = sqlite3_bind_null(statement, at);
        break;
    case SY_TYPE_BOOL:
    case SY_TYPE_INT:
    case SY_TYPE_DATETIME:
        rc = sqlite3_bind_int64(statement, at, value->as.integer);
        break;
    case SY_TYPE_REAL:
        rc = sqlite3_bind_double(statement, at, value->as.real);
        break;
    case SY_TYPE_TEXT:
        rc = sqlite3_bind_text64(statement, at, text, value->size, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case SY_TYPE_BLOB:
        rc = sqlite3_bind_blob64(statement, at, text, value->size, SQLITE_STATIC);
        break;
    case SY_TYPE_ROW:
    case SY_TYPE_COUNT:
        return SY_FAIL(err, SY_SCHEMA, "a %s cannot be stored", sy_type_name((sy_type)value->type));
    }
    return rc == SQLITE_OK ? SY_OK : sy_sqlite_fail(store, err, "bind");
}

/* Prepares what store->sql holds. */
static sy_rc prepare_written(sy_store_sqlite *store, sqlite3_stmt **out, sy_err *err)
{
    return store->sql.failed ? sy_fail_nomem(err)
                             : sy_sqlite_prepare(store, sy_buf_str(&store->sql), out, err);
}

static void add_columns(sy_buf *sql, const sy_schema *schema, uint64_t columns)
{
    const char *between = "";
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (((columns >> i) & 1) != 0) {
            sy_buf_add_str(sql, sy_str_of(between));
            sy_sqlite_add_name(sql, schema->columns[i].name);
            between = ",";
        }
    }
}

sy_rc sy_sqlite_statement_read(sy_store_sqlite *store, sy_sqlite_table *table, sqlite3_stmt **out,
                               sy_err *err)
{
    if (table->read == NULL) {
        const sy_schema *schema = table->schema;
        uint64_t columns = ((UINT64_C(1) << (schema->column_count - SY_SYSTEM_COUNT)) - 1)
                               << SY_SYSTEM_COUNT |
                           (schema->system & SY_SYSTEM_COLUMNS);
        sy_buf *sql = &store->sql;
        sy_buf_clear(sql);
        sy_buf_add_str(sql, SY_STR("SELECT "));
        add_columns(sql, schema, columns);
        sy_buf_add_str(sql, SY_STR(" FROM "));
        sy_sqlite_add_name(sql, schema->name);
        sy_buf_add_str(sql, SY_STR(" WHERE \"id\"=?1"));
        sy_rc rc = prepare_written(store, &table->read, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    *out = table->read;
    return SY_OK;
}

sy_rc sy_sqlite_statement_remove(sy_store_sqlite *store, sy_sqlite_table *table, sqlite3_stmt **out,
                                 sy_err *err)
{
    if (table->remove == NULL) {
        sy_buf *sql = &store->sql;
        sy_buf_clear(sql);
        sy_buf_add_str(sql, SY_STR("DELETE FROM "));
        sy_sqlite_add_name(sql, table->schema->name);
        sy_buf_add_str(sql, SY_STR(" WHERE \"id\"=?1"));
        sy_rc rc = prepare_written(store, &table->remove, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    *out = table->remove;
    return SY_OK;
}

static void write_upsert(sy_buf *sql, const sy_schema *schema, uint64_t columns)
{
    sy_buf_clear(sql);
    sy_buf_add_str(sql, SY_STR("INSERT INTO "));
    sy_sqlite_add_name(sql, schema->name);
    sy_buf_add_char(sql, '(');
    add_columns(sql, schema, columns);
    sy_buf_add_str(sql, SY_STR(") VALUES("));
    for (uint64_t left = columns; left != 0; left &= left - 1) {
        sy_buf_add_str(sql, (left & (left - 1)) != 0 ? SY_STR("?,") : SY_STR("?"));
    }
    sy_buf_add_str(sql, SY_STR(") ON CONFLICT(\"id\") DO "));
    const char *between = "UPDATE SET ";
    for (uint32_t i = 1; i < schema->column_count; i++) {
        if (((columns >> i) & 1) != 0) {
            sy_buf_add_str(sql, sy_str_of(between));
            sy_sqlite_add_name(sql, schema->columns[i].name);
            sy_buf_add_str(sql, SY_STR("=excluded."));
            sy_sqlite_add_name(sql, schema->columns[i].name);
            between = ",";
        }
    }
    if (columns == 1) {
        sy_buf_add_str(sql, SY_STR("NOTHING"));
    }
}

sy_rc sy_sqlite_statement_upsert(sy_store_sqlite *store, sy_sqlite_table *table, uint64_t columns,
                                 sqlite3_stmt **out, sy_err *err)
{
    uint32_t index = (uint32_t)(table - store->tables);
    sy_sqlite_upsert *last = table->upsert;
    if (last == NULL || last->statement == NULL || last->table != index ||
        last->columns != columns) {
        last = &store->upserts[0];
        for (size_t i = 0; i < SY_SQLITE_UPSERT_COUNT; i++) {
            sy_sqlite_upsert *at = &store->upserts[i];
            if (at->statement != NULL && at->table == index && at->columns == columns) {
                last = at;
                break;
            }
            if (at->used < last->used) {
                last = at;
            }
        }
    }
    if (last->statement == NULL || last->table != index || last->columns != columns) {
        (void)sqlite3_finalize(last->statement);
        *last = (sy_sqlite_upsert){.table = index, .columns = columns};
        write_upsert(&store->sql, table->schema, columns);
        sy_rc rc = prepare_written(store, &last->statement, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    last->used = ++store->use_count;
    table->upsert = last;
    *out = last->statement;
    return SY_OK;
}

sy_rc sy_sqlite_statement_query(sy_store_sqlite *store, sqlite3_stmt **out, sy_err *err)
{
    if (store->sql.failed) {
        return sy_fail_nomem(err);
    }
    sy_sqlite_query *oldest = &store->queries[0];
    for (size_t i = 0; i < SY_SQLITE_QUERY_COUNT; i++) {
        sy_sqlite_query *at = &store->queries[i];
        if (at->statement != NULL && sy_str_equal(sy_buf_str(&at->sql), sy_buf_str(&store->sql))) {
            at->used = ++store->use_count;
            *out = at->statement;
            return SY_OK;
        }
        if (at->used < oldest->used) {
            oldest = at;
        }
    }
    (void)sqlite3_finalize(oldest->statement);
    oldest->statement = NULL;
    oldest->used = 0;
    sy_buf_clear(&oldest->sql);
    sy_buf_add_str(&oldest->sql, sy_buf_str(&store->sql));
    if (oldest->sql.failed) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = prepare_written(store, &oldest->statement, err);
    if (rc == SY_OK) {
        oldest->used = ++store->use_count;
        *out = oldest->statement;
    }
    return rc;
}

void sy_sqlite_forget_table(sy_store_sqlite *store, uint32_t table)
{
    sy_sqlite_table *at = &store->tables[table];
    (void)sqlite3_finalize(at->read);
    (void)sqlite3_finalize(at->remove);
    at->read = at->remove = NULL;
    at->upsert = NULL;
    for (size_t i = 0; i < SY_SQLITE_UPSERT_COUNT; i++) {
        if (store->upserts[i].statement != NULL && store->upserts[i].table == table) {
            (void)sqlite3_finalize(store->upserts[i].statement);
            store->upserts[i] = (sy_sqlite_upsert){.statement = NULL};
        }
    }
}

void sy_sqlite_forget_all(sy_store_sqlite *store)
{
    for (size_t i = 0; i < store->table_count; i++) {
        sy_sqlite_forget_table(store, (uint32_t)i);
    }
    for (size_t i = 0; i < SY_SQLITE_QUERY_COUNT; i++) {
        (void)sqlite3_finalize(store->queries[i].statement);
        sy_buf_deinit(&store->queries[i].sql);
        store->queries[i].statement = NULL;
    }
    for (size_t i = 0; i < 3; i++) {
        (void)sqlite3_finalize(store->steps[i]);
        store->steps[i] = NULL;
    }
}

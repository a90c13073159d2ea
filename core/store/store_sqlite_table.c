/* Tables: made as the schema says, given the columns that they lack, robbed of one only where the
 * store is told to be as careless as a real one is. The
 * declared types name our types, so that a file tells whether it was written for another schema.
 * They are chosen by the affinity that they give the column: reals have none, because SQLite would
 * store 5.0 as 5 and lose the sign of -0.0.
 *
 * A table is clustered by its id (WITHOUT ROWID): one tree instead of two, and order of id for
 * nothing. */
#include "core/store/store_sqlite_internal.h"

#include <string.h>

#include "core/store/row_check.h"

typedef struct declared {
    sy_type type;
    const char *sql;
} declared;

static const declared DECLARED[] = {
    {SY_TYPE_BOOL, "BOOLEAN INT"}, {SY_TYPE_INT, "INTEGER"}, {SY_TYPE_REAL, "REAL BLOB"},
    {SY_TYPE_TEXT, "TEXT"},        {SY_TYPE_BLOB, "BLOB"},   {SY_TYPE_DATETIME, "DATETIME INT"},
};

static const char *declared_type(sy_type type)
{
    for (size_t i = 0; i < sizeof DECLARED / sizeof *DECLARED; i++) {
        if (DECLARED[i].type == type) {
            return DECLARED[i].sql;
        }
    }
    return "";
}

static sy_sqlite_table *table_named(const sy_store_sqlite *store, sy_str name)
{
    for (size_t i = 0; i < store->table_count; i++) {
        const sy_schema *schema = store->tables[i].schema;
        if (schema != NULL && sy_str_equal(schema->name, name)) {
            return &store->tables[i];
        }
    }
    return NULL;
}

sy_rc sy_sqlite_table_get(sy_store_sqlite *store, const sy_schema *schema, sy_sqlite_table **out,
                          sy_err *err)
{
    for (size_t i = 0; i < store->table_count; i++) {
        if (store->tables[i].schema == schema) {
            *out = &store->tables[i];
            return SY_OK;
        }
    }
    *out = table_named(store, schema->name);
    if (*out == NULL) {
        return SY_FAIL(err, SY_SCHEMA, "the store has no table '%.*s'", SY_FMT(schema->name));
    }
    return sy_schema_check_within(schema, (*out)->schema, err);
}

static void add_column(sy_buf *sql, const sy_column *column)
{
    sy_sqlite_add_name(sql, column->name);
    sy_buf_add_char(sql, ' ');
    sy_buf_add_str(sql, sy_str_of(declared_type(column->type)));
}

/* A definition that SQLite refuses is a schema that it cannot hold. */
static sy_rc run_definition(sy_store_sqlite *store, const sy_schema *schema, sy_err *err)
{
    if (store->sql.failed) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = sy_sqlite_exec(store, sy_buf_str(&store->sql), err);
    if (rc == SY_STORE && sqlite3_errcode(store->db) == SQLITE_ERROR) {
        rc = SY_SCHEMA;
    }
    if (rc != SY_OK && err != NULL) {
        err->rc = rc;
    }
    return rc == SY_OK ? rc : sy_err_wrap(err, rc, "define %.*s", SY_FMT(schema->name));
}

static sy_rc create(sy_store_sqlite *store, const sy_schema *schema, sy_err *err)
{
    sy_buf *sql = &store->sql;
    sy_buf_clear(sql);
    sy_buf_add_str(sql, SY_STR("CREATE TABLE "));
    sy_sqlite_add_name(sql, schema->name);
    sy_buf_add_str(sql, SY_STR("(\"id\" TEXT PRIMARY KEY"));
    for (uint32_t i = 1; i < schema->column_count; i++) {
        if (sy_schema_has_column(schema, i)) {
            sy_buf_add_char(sql, ',');
            add_column(sql, &schema->columns[i]);
        }
    }
    sy_buf_add_str(sql, SY_STR(") WITHOUT ROWID"));
    return run_definition(store, schema, err);
}

static sy_rc add_missing(sy_store_sqlite *store, const sy_schema *schema, uint64_t there,
                         sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < schema->column_count && rc == SY_OK; i++) {
        if (!sy_schema_has_column(schema, i) || ((there >> i) & 1) != 0) {
            continue;
        }
        sy_buf *sql = &store->sql;
        sy_buf_clear(sql);
        sy_buf_add_str(sql, SY_STR("ALTER TABLE "));
        sy_sqlite_add_name(sql, schema->name);
        sy_buf_add_str(sql, SY_STR(" ADD COLUMN "));
        add_column(sql, &schema->columns[i]);
        rc = run_definition(store, schema, err);
    }
    return rc;
}

static sy_rc not_ours(const sy_schema *schema, sy_err *err)
{
    return SY_FAIL(err, SY_CORRUPT,
                   "table %.*s: the file's key is not 'id': this is no table of ours; give the "
                   "table another name or begin with an empty file",
                   SY_FMT(schema->name));
}

/* One column of the file's table, from `pragma table_info`: 1 name, 2 declared type, 5 place in the
 * key. */
static sy_rc check_column(sy_store_sqlite *store, const sy_schema *schema, sqlite3_stmt *info,
                          uint64_t *there, sy_err *err)
{
    const char *name = (const char *)sqlite3_column_text(info, 1);
    const char *type = (const char *)sqlite3_column_text(info, 2);
    if (name == NULL || type == NULL) {
        return sy_fail_nomem(err);
    }
    int at = sy_schema_find(schema, sy_str_of(name));
    bool is_key = sqlite3_column_int(info, 5) != 0;
    if (is_key != (strcmp(name, "id") == 0)) {
        return not_ours(schema, err);
    }
    if (at < 0) {
        sy_buf_add_str(&store->extra, sy_str_of(name));
        sy_buf_add_char(&store->extra, '\0');
        return store->extra.failed ? sy_fail_nomem(err) : SY_OK;
    }
    sy_type want = schema->columns[at].type;
    if (sqlite3_stricmp(type, declared_type(want)) != 0) {
        return SY_FAIL(err, SY_CORRUPT,
                       "table %.*s: column '%s' is stored as %s, the schema says %s (%s); give the "
                       "column another name or begin with an empty file",
                       SY_FMT(schema->name), name, type, sy_type_name(want), declared_type(want));
    }
    *there |= UINT64_C(1) << at;
    return SY_OK;
}

/* Which columns of the schema the file's table has; 0 when there is no such table. Those that the
 * schema lacks are in store->extra, each with a zero behind. */
static sy_rc inspect(sy_store_sqlite *store, const sy_schema *schema, uint64_t *there, sy_err *err)
{
    sy_buf *sql = &store->sql;
    sy_buf_clear(sql);
    sy_buf_add_str(sql, SY_STR("PRAGMA table_info("));
    sy_sqlite_add_name(sql, schema->name);
    sy_buf_add_char(sql, ')');
    if (sql->failed) {
        return sy_fail_nomem(err);
    }
    *there = 0;
    sy_buf_clear(&store->extra);
    sqlite3_stmt *info = NULL;
    bool exists = false;
    sy_rc rc = sy_sqlite_prepare(store, sy_buf_str(sql), &info, err);
    while (rc == SY_OK) {
        int step = sqlite3_step(info);
        if (step != SQLITE_ROW) {
            rc = step == SQLITE_DONE ? SY_OK : sy_sqlite_fail(store, err, "inspect a table");
            break;
        }
        exists = true;
        rc = check_column(store, schema, info, there, err);
    }
    (void)sqlite3_finalize(info);
    if (rc == SY_OK && exists && (*there & 1) == 0) {
        return not_ours(schema, err);
    }
    return rc;
}

static sy_rc drop_extra(sy_store_sqlite *store, const sy_schema *schema, sy_err *err)
{
    const sy_str extra = sy_buf_str(&store->extra);
    sy_rc rc = SY_OK;
    for (size_t at = 0; store->drops_columns && at < extra.size && rc == SY_OK;) {
        const sy_str name = sy_str_of(extra.data + at);
        sy_buf *sql = &store->sql;
        sy_buf_clear(sql);
        sy_buf_add_str(sql, SY_STR("ALTER TABLE "));
        sy_sqlite_add_name(sql, schema->name);
        sy_buf_add_str(sql, SY_STR(" DROP COLUMN "));
        sy_sqlite_add_name(sql, name);
        rc = run_definition(store, schema, err);
        at += name.size + 1;
    }
    return rc;
}

static sy_rc define_in_file(sy_store_sqlite *store, const sy_schema *schema, sy_err *err)
{
    uint64_t there = 0;
    sy_rc rc = inspect(store, schema, &there, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (there == 0) {
        return create(store, schema, err);
    }
    rc = sy_sqlite_run(store, store->steps[SY_BEGIN], "begin", err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = add_missing(store, schema, there, err);
    if (rc == SY_OK) {
        rc = drop_extra(store, schema, err);
    }
    if (rc == SY_OK) {
        rc = sy_sqlite_run(store, store->steps[SY_COMMIT], "commit", err);
    }
    if (rc != SY_OK && sqlite3_get_autocommit(store->db) == 0) {
        (void)sy_sqlite_run(store, store->steps[SY_ROLLBACK], "rollback", NULL);
    }
    return rc;
}

/* After a renewal: the table that was defined by such a schema before. */
static bool define_again(sy_store_sqlite *store, const sy_schema *schema)
{
    for (size_t i = 0; i < store->table_count; i++) {
        sy_sqlite_table *table = &store->tables[i];
        if (table->schema == NULL && table->shape == sy_schema_shape(schema)) {
            table->schema = schema;
            return true;
        }
    }
    return false;
}

sy_rc sy_sqlite_define(void *self, const sy_schema *schema, sy_err *err)
{
    sy_store_sqlite *store = self;
    if (store->in_transaction) {
        return SY_FAIL(err, SY_STATE, "table %.*s is defined inside a transaction",
                       SY_FMT(schema->name));
    }
    sy_sqlite_table *table = table_named(store, schema->name);
    if (table != NULL && table->schema == schema) {
        return SY_OK;
    }
    if (table == NULL && define_again(store, schema)) {
        return SY_OK;
    }
    if (table == NULL) {
        sy_sqlite_table *tables = sy_alloc_grow(store->alloc, store->tables, store->table_count,
                                                &store->table_capacity, sizeof *tables);
        if (tables == NULL) {
            return sy_fail_nomem(err);
        }
        store->tables = tables;
    }
    sy_rc rc = define_in_file(store, schema, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (table == NULL) {
        table = &store->tables[store->table_count++];
        *table = (sy_sqlite_table){.schema = NULL};
    }
    sy_sqlite_forget_table(store, (uint32_t)(table - store->tables));
    table->schema = schema;
    table->shape = sy_schema_shape(schema);
    if (store->defined != NULL) {
        store->defined(store->defined_self);
    }
    return SY_OK;
}

/* Dynamic schema: a write with a column that its table lacks adds it. protocol.md 2.3 Create.
 *
 *   a row comes | columns that are missing -> `__columns` (committed) -> the store's table -> ours
 *
 * What was added is written down before anything else knows of it, so that a restart, which is
 * given the tables of the beginning, finds it again. That the write is refused later changes
 * nothing: the column stays, as it does at the real server. */
#include "core/base/check.h"
#include "core/server/internal.h"

/* Case does not make two columns in SQLite. */
static int find_nocase(const sy_schema *schema, sy_str name)
{
    for (uint32_t i = 0; i < schema->column_count; i++) {
        if (sy_str_equal_nocase(schema->columns[i].name, name)) {
            return (int)i;
        }
    }
    return -1;
}

static sy_rc grow(sy_server *server, sy_served_table *table, const sy_column *fresh, uint32_t count,
                  sy_err *err)
{
    const sy_schema *old = table->schema;
    sy_column user[2 * SY_COLUMN_COUNT_MAX];
    uint32_t user_count = old->column_count - SY_SYSTEM_COUNT;
    SY_ASSERT(user_count + count <= 2 * SY_COLUMN_COUNT_MAX);
    memcpy(user, old->columns + SY_SYSTEM_COUNT, user_count * sizeof *user);
    memcpy(user + user_count, fresh, count * sizeof *user);
    const sy_schema *schema = NULL;
    sy_rc rc = sy_schema_new(server->config.schemas, old->name, old->system, user,
                             user_count + count, &schema, err);
    if (rc == SY_OK) {
        rc = sy_store_define(server->config.store, schema, err);
    }
    if (rc == SY_OK) {
        table->schema = schema;
        table->grown = true;
        server->grown = true;
    }
    return rc;
}

sy_rc sy_growth_restore(sy_server *server, sy_served_table *table, sy_err *err)
{
    sy_column fresh[SY_COLUMN_COUNT_MAX];
    uint32_t count = 0;
    if (!table->options.dynamic_schema) {
        return SY_OK;
    }
    sy_rc rc = sy_ledger_read_columns(server, table->schema->name, fresh, &count, err);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) { /* the scenario may define it by now */
        if (find_nocase(table->schema, fresh[i].name) < 0) {
            fresh[kept++] = fresh[i];
        }
    }
    return rc == SY_OK && kept > 0 ? grow(server, table, fresh, kept, err) : rc;
}

typedef struct missing {
    sy_column columns[SY_COLUMN_COUNT_MAX];
    uint32_t count;
    bool null; /* one is to be set to null, which gives no type */
} missing;

static void find_missing(const sy_schema *schema, const sy_row *row, missing *out)
{
    out->count = 0;
    out->null = false;
    if (row == NULL || sy_schema_same(row->schema, schema)) {
        return;
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        const sy_value *cell = &row->cells[i];
        if (cell->type == SY_TYPE_ABSENT ||
            find_nocase(schema, row->schema->columns[i].name) >= 0) {
            continue;
        }
        if (cell->type == SY_TYPE_NULL) {
            out->null = true;
        } else {
            out->columns[out->count++] = row->schema->columns[i];
        }
    }
}

static sy_rc add_columns(sy_server *server, sy_served_table *table, const missing *wanted,
                         sy_err *err)
{
    const sy_schema *schema = table->schema;
    if (schema->column_count + wanted->count > SY_COLUMN_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "table %.*s: at most %d columns are possible",
                       SY_FMT(schema->name), SY_COLUMN_COUNT_MAX - SY_SYSTEM_COUNT);
    }
    sy_rc rc = sy_ledger_write_columns(server, schema, wanted->columns, wanted->count, err);
    return rc == SY_OK ? grow(server, table, wanted->columns, wanted->count, err) : rc;
}

sy_rc sy_growth_prepare(sy_server *server, sy_served_table *table, const sy_request *request,
                        int *status, sy_err *err)
{
    missing wanted;
    *status = 0;
    find_missing(table->schema, request->row, &wanted);
    bool grows = table->options.dynamic_schema && server->config.schemas != NULL;
    if (wanted.count > 0 && grows) {
        sy_rc rc = add_columns(server, table, &wanted, err);
        if (rc != SY_OK) {
            return rc;
        }
        wanted.count = 0;
    }
    /* an insert leaves nulls out, an update names them */
    bool named = wanted.count > 0 || (wanted.null && request->method != SY_METHOD_INSERT);
    *status = named ? server->config.dialect->status_unknown : 0;
    return SY_OK;
}

/* The server's own tables.
 *
 * `__server` has one row: how far the counters may have come. It is written ahead, a block of
 * numbers at a time, in the transaction of the write that passes it; so a number is never used
 * twice, and a restart skips what is left of the block. `__keys` has one row for each operation key
 * that was committed; it is never pruned. `__columns` has one row for each column that a write
 * added to a table with dynamic schema. */
#include "core/base/hash.h"
#include "core/base/mutant.h"
#include "core/server/internal.h"

/* Numbers for each write of `__server`. */
#define COUNTER_BLOCK 256
/* Numbers that an epoch may use: 2^(this - 1). */
#define EPOCH_SHIFT 40

#define COLUMN(literal, kind)                                                                      \
    {                                                                                              \
        .name = {(literal), sizeof(literal) - 1}, .type = (kind)                                   \
    }
#define SYSTEM_COLUMNS                                                                             \
    [SY_COLUMN_ID] = COLUMN("id", SY_TYPE_TEXT),                                                   \
    [SY_COLUMN_VERSION] = COLUMN("version", SY_TYPE_TEXT),                                         \
    [SY_COLUMN_CREATED_AT] = COLUMN("createdAt", SY_TYPE_DATETIME),                                \
    [SY_COLUMN_UPDATED_AT] = COLUMN("updatedAt", SY_TYPE_DATETIME),                                \
    [SY_COLUMN_DELETED] = COLUMN("deleted", SY_TYPE_BOOL),                                         \
    [SY_COLUMN_SEQUENCE] = COLUMN("__sequence", SY_TYPE_INT),                                      \
    [SY_COLUMN_EDITED_AT] = COLUMN("__editedAt", SY_TYPE_DATETIME),                                \
    [SY_COLUMN_EDITED_BY] = COLUMN("__editedBy", SY_TYPE_TEXT)

enum {
    COUNTERS_NUMBER = SY_SYSTEM_COUNT,
    COUNTERS_SEQUENCE,
    COUNTERS_EPOCH,
    COUNTERS_CLEANED,
    COUNTERS_COLUMN_COUNT
};

static const sy_column counters_columns[COUNTERS_COLUMN_COUNT] = {
    SYSTEM_COLUMNS,
    [COUNTERS_NUMBER] = COLUMN("numbers", SY_TYPE_INT),
    [COUNTERS_SEQUENCE] = COLUMN("sequences", SY_TYPE_INT),
    [COUNTERS_EPOCH] = COLUMN("epoch", SY_TYPE_TEXT),
    [COUNTERS_CLEANED] = COLUMN("cleaned", SY_TYPE_INT),
};

static const sy_schema counters_schema = {
    .name = {"__server", 8},
    .column_count = COUNTERS_COLUMN_COUNT,
    .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
    .columns = counters_columns,
};

enum { KEYS_TABLE = SY_SYSTEM_COUNT, KEYS_ROW, KEYS_COLUMN_COUNT };

static const sy_column keys_columns[KEYS_COLUMN_COUNT] = {
    SYSTEM_COLUMNS,
    [KEYS_TABLE] = COLUMN("table_name", SY_TYPE_TEXT),
    [KEYS_ROW] = COLUMN("row_id", SY_TYPE_TEXT),
};

static const sy_schema keys_schema = {
    .name = {"__keys", 6},
    .column_count = KEYS_COLUMN_COUNT,
    .system = SY_SYSTEM_BIT(SY_COLUMN_ID) | SY_SYSTEM_BIT(SY_COLUMN_VERSION) |
              SY_SYSTEM_BIT(SY_COLUMN_SEQUENCE) | SY_SYSTEM_BIT(SY_COLUMN_EDITED_AT),
    .columns = keys_columns,
};

enum { COLUMNS_TABLE = SY_SYSTEM_COUNT, COLUMNS_NAME, COLUMNS_TYPE, COLUMNS_PLACE, COLUMNS_COUNT };

static const sy_column columns_columns[COLUMNS_COUNT] = {
    SYSTEM_COLUMNS,
    [COLUMNS_TABLE] = COLUMN("table_name", SY_TYPE_TEXT),
    [COLUMNS_NAME] = COLUMN("column_name", SY_TYPE_TEXT),
    [COLUMNS_TYPE] = COLUMN("type", SY_TYPE_INT),
    [COLUMNS_PLACE] = COLUMN("place", SY_TYPE_INT),
};

static const sy_schema columns_schema = {
    .name = {"__columns", 9},
    .column_count = COLUMNS_COUNT,
    .system = SY_SYSTEM_BIT(SY_COLUMN_ID),
    .columns = columns_columns,
};

static const sy_str counters_id = {"counters", 8};

const sy_schema *sy_ledger_counters_schema(void)
{
    return &counters_schema;
}

const sy_schema *sy_ledger_keys_schema(void)
{
    return &keys_schema;
}

const sy_schema *sy_ledger_columns_schema(void)
{
    return &columns_schema;
}

static int64_t counter_of(const sy_row *row, uint32_t column)
{
    const sy_value *cell = &row->cells[column];
    return cell->type == SY_TYPE_INT ? cell->as.integer : 0;
}

/* The data were brought back from a backup when another epoch wrote them: numbers that it gave
 * since are known to clients and to nobody here. Those of this epoch are far from them. */
static void begin_epoch(sy_server *server, sy_str stored)
{
    const sy_str epoch = server->config.epoch;
    if (server->config.dialect->epoch_in_versions && stored.size > 0 &&
        !sy_str_equal(stored, epoch)) {
        const uint64_t hash = sy_hash(epoch.data, epoch.size, 0);
        server->number_kept = (int64_t)((hash >> EPOCH_SHIFT | 1) << EPOCH_SHIFT >> 1);
    }
}

sy_rc sy_ledger_open(sy_server *server, sy_err *err)
{
    sy_store store = server->config.store;
    sy_rc rc = sy_store_define(store, &counters_schema, err);
    if (rc == SY_OK && server->config.dialect->operation_keys) {
        rc = sy_store_define(store, &keys_schema, err);
    }
    if (rc == SY_OK && server->config.schemas != NULL) {
        rc = sy_store_define(store, &columns_schema, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    const sy_row *row = NULL;
    rc = sy_store_read(store, &counters_schema, counters_id, &server->arena, &row, err);
    if (rc == SY_OK && row != NULL) {
        server->number_kept =
            SY_MUTANT(VERSIONS_BEGIN_AGAIN) ? 0 : counter_of(row, COUNTERS_NUMBER);
        server->sequence_kept =
            SY_MUTANT(SEQUENCES_BEGIN_AGAIN) ? 0 : counter_of(row, COUNTERS_SEQUENCE);
    }
    if (rc == SY_OK && row != NULL) {
        server->cleaned = counter_of(row, COUNTERS_CLEANED);
        begin_epoch(server, sy_value_str(&row->cells[COUNTERS_EPOCH]));
    }
    server->number_last = server->number_kept;
    server->sequence_last = server->sequence_kept;
    return rc;
}

/* What the store is to say, given what was used. */
static int64_t ahead(int64_t used, int64_t kept)
{
    return used > kept ? used + COUNTER_BLOCK : kept;
}

sy_rc sy_ledger_write_counters(sy_server *server, bool *moved, sy_err *err)
{
    *moved =
        server->number_last > server->number_kept || server->sequence_last > server->sequence_kept;
    if (!*moved) {
        return SY_OK;
    }
    sy_row *row = sy_row_new(&server->scratch, &counters_schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(counters_id);
    row->cells[COUNTERS_NUMBER] = sy_int(ahead(server->number_last, server->number_kept));
    row->cells[COUNTERS_EPOCH] = sy_text(server->config.epoch);
    row->cells[COUNTERS_SEQUENCE] = sy_int(ahead(server->sequence_last, server->sequence_kept));
    return sy_store_write(server->config.store, row, err);
}

sy_rc sy_ledger_write_cleaned(sy_server *server, sy_err *err)
{
    sy_row *row = sy_row_new(&server->scratch, &counters_schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(counters_id);
    row->cells[COUNTERS_CLEANED] = sy_int(server->cleaned);
    return sy_store_write(server->config.store, row, err);
}

void sy_ledger_counters_kept(sy_server *server)
{
    server->number_kept = ahead(server->number_last, server->number_kept);
    server->sequence_kept = ahead(server->sequence_last, server->sequence_kept);
}

sy_rc sy_ledger_find_key(sy_server *server, const sy_request *request, const sy_schema *schema,
                         sy_key_use *use, sy_str *row_id, sy_err *err)
{
    const sy_row *row = NULL;
    *use = SY_KEY_FRESH;
    sy_rc rc = sy_store_read(server->config.store, &keys_schema, request->operation_key,
                             &server->scratch, &row, err);
    if (rc != SY_OK || row == NULL) {
        return rc;
    }
    const sy_value *edited_at = &row->cells[SY_COLUMN_EDITED_AT];
    *row_id = sy_value_str(&row->cells[KEYS_ROW]);
    const bool same = sy_str_equal(sy_value_str(&row->cells[KEYS_TABLE]), schema->name) &&
                      (request->id.size == 0 || sy_str_equal(request->id, *row_id)) &&
                      (sy_value_missing(edited_at) || edited_at->as.integer == request->edited_at);
    *use = same ? SY_KEY_DONE : SY_KEY_OF_ANOTHER;
    return SY_OK;
}

sy_rc sy_ledger_write_key(sy_server *server, const sy_server_transaction *transaction,
                          const sy_schema *schema, sy_str row_id, sy_str version, sy_err *err)
{
    sy_row *row = sy_row_new(&server->scratch, &keys_schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(transaction->request->operation_key);
    row->cells[SY_COLUMN_VERSION] = sy_text(version);
    row->cells[SY_COLUMN_SEQUENCE] = sy_int(transaction->sequence);
    if (transaction->request->edited_at != 0) {
        row->cells[SY_COLUMN_EDITED_AT] = sy_datetime(transaction->request->edited_at);
    }
    row->cells[KEYS_TABLE] = sy_text(schema->name);
    row->cells[KEYS_ROW] = sy_text(row_id);
    return sy_store_write(server->config.store, row, err);
}

/* -- columns that were added -- */

sy_rc sy_ledger_read_columns(sy_server *server, sy_str table, sy_column *out, uint32_t *count,
                             sy_err *err)
{
    sy_arena *arena = &server->scratch;
    sy_rows rows = {0};
    sy_query query = sy_query_all(&columns_schema);
    *count = 0;
    if (server->config.schemas == NULL) {
        return SY_OK;
    }
    query.filter = sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_column(arena, COLUMNS_TABLE),
                                  sy_expr_literal(arena, sy_text(table)));
    query.order[0] = (sy_order){.column = COLUMNS_PLACE};
    query.order_count = 1;
    if (query.filter == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = sy_store_query(server->config.store, &query, arena, &rows, err);
    for (size_t i = 0; rc == SY_OK && i < rows.count && *count < SY_COLUMN_COUNT_MAX; i++) {
        const sy_row *row = rows.items[i];
        out[(*count)++] = (sy_column){.name = sy_value_str(&row->cells[COLUMNS_NAME]),
                                      .type = (sy_type)counter_of(row, COLUMNS_TYPE)};
    }
    return rc;
}

static sy_rc write_column(sy_server *server, const sy_schema *schema, const sy_column *column,
                          int64_t place, sy_err *err)
{
    sy_arena *arena = &server->scratch;
    sy_row *row = sy_row_new(arena, &columns_schema);
    sy_str id = sy_arena_printf(arena, "%.*s.%.*s", SY_FMT(schema->name), SY_FMT(column->name));
    if (row == NULL || id.data == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(id);
    row->cells[COLUMNS_TABLE] = sy_text(schema->name);
    row->cells[COLUMNS_NAME] = sy_text(column->name);
    row->cells[COLUMNS_TYPE] = sy_int((int64_t)column->type);
    row->cells[COLUMNS_PLACE] = sy_int(place);
    return sy_store_write(server->config.store, row, err);
}

sy_rc sy_ledger_write_columns(sy_server *server, const sy_schema *schema, const sy_column *columns,
                              uint32_t count, sy_err *err)
{
    sy_store store = server->config.store;
    sy_rc rc = sy_store_transact(store, SY_BEGIN, err);
    if (rc != SY_OK) {
        return rc;
    }
    for (uint32_t i = 0; rc == SY_OK && i < count; i++) {
        rc = write_column(server, schema, &columns[i], (int64_t)schema->column_count + i, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_transact(store, SY_COMMIT, err);
    }
    if (rc != SY_OK) {
        (void)sy_store_transact(store, SY_ROLLBACK, NULL);
    }
    return rc;
}

/* Tombstones that are old enough are removed for good. Who has not pulled since would never hear of
 * those deletions, so where pages go by sequence the server remembers how far it cleaned, and
 * vouches for no token below that: whoever has one pulls everything again (core/client,
 * pull_sequence.c). Other protocols have no way to say so [bugs.md: offline-peer-restores-deleted].
 */
#include "core/server/internal.h"

static sy_rc find_old(sy_server *server, const sy_served_table *table, sy_time before, sy_rows *out,
                      sy_err *err)
{
    sy_arena *arena = &server->scratch;
    sy_query query = sy_query_all(table->schema);
    const sy_expr *deleted =
        sy_expr_binary(arena, SY_EXPR_EQ, sy_expr_column(arena, SY_COLUMN_DELETED),
                       sy_expr_literal(arena, sy_bool(true)));
    const sy_expr *old =
        sy_expr_binary(arena, SY_EXPR_LT, sy_expr_column(arena, SY_COLUMN_UPDATED_AT),
                       sy_expr_literal(arena, sy_datetime(before)));
    query.filter = sy_expr_binary(arena, SY_EXPR_AND, deleted, old);
    if (query.filter == NULL) {
        return sy_fail_nomem(err);
    }
    return sy_store_query(server->config.store, &query, arena, out, err);
}

static sy_rc clean_table(sy_server *server, const sy_served_table *table, sy_time before,
                         int64_t *count, sy_err *err)
{
    sy_rows rows = {0};
    if (!sy_schema_has(table->schema, SY_COLUMN_DELETED)) {
        return SY_OK;
    }
    sy_rc rc = find_old(server, table, before, &rows, err);
    for (size_t i = 0; rc == SY_OK && i < rows.count; i++) {
        const sy_value *sequence = &rows.items[i]->cells[SY_COLUMN_SEQUENCE];
        if (sequence->type == SY_TYPE_INT && sequence->as.integer > server->cleaned) {
            server->cleaned = sequence->as.integer;
        }
        rc = sy_store_remove(server->config.store, table->schema, sy_row_id(rows.items[i]), err);
    }
    *count += (int64_t)rows.count;
    return rc;
}

sy_rc sy_server_clean_tombstones(sy_server *server, sy_time before, int64_t *count, sy_err *err)
{
    const sy_store store = server->config.store;
    const int64_t cleaned = server->cleaned;
    *count = 0;
    sy_rc rc = sy_store_transact(store, SY_BEGIN, err);
    if (rc != SY_OK) {
        return rc;
    }
    for (uint32_t i = 0; rc == SY_OK && i < server->config.table_count; i++) {
        rc = clean_table(server, &server->tables[i], before, count, err);
    }
    if (rc == SY_OK && server->cleaned > cleaned) {
        rc = sy_ledger_write_cleaned(server, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_transact(store, SY_COMMIT, err);
    }
    if (rc != SY_OK) {
        server->cleaned = cleaned;
        (void)sy_store_transact(store, SY_ROLLBACK, NULL);
    }
    sy_arena_reset(&server->scratch);
    return rc;
}

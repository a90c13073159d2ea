/* DELETE /tables/T: every row that the query's filter finds, in one transaction. protocol.md 2.3
 * Delete, Appendix A 44, 45; only the Node server has it.
 *
 * The answer has all rows that were found, also those that were tombstones before; one comes as a
 * row, several as a list. */
#include "core/base/check.h"
#include "core/server/internal.h"

static sy_rc refuse(sy_response *out, int status, const char *reason)
{
    sy_response_refuse(out, status, reason);
    return SY_OK;
}

/* The row is there to be deleted, and of the version that is asked for. */
static sy_rc find_standing(const sy_write_run *run, bool *stands, sy_err *err)
{
    sy_str asked = run->request->if_match;
    *stands = !(run->table->options.soft_delete && sy_row_deleted(run->before));
    return *stands && asked.size > 0
               ? sy_version_same(run->server, asked, sy_row_version(run->before),
                                 &run->server->scratch, stands, err)
               : SY_OK;
}

/* Inside a transaction; runs[i] is for rows->items[i], which becomes what clients see of it. */
static sy_rc delete_rows(sy_write_run *runs, sy_rows *rows, bool *changed, sy_err *err)
{
    bool moved = false;
    for (size_t i = 0; i < rows->count; i++) {
        sy_write_run *run = &runs[i];
        run->before = rows->items[i];
        run->id = sy_row_id(run->before);
        bool standing = false;
        sy_rc rc = find_standing(run, &standing, err);
        if (rc == SY_OK && standing) {
            rc = sy_write_delete_row(run, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
        if (!standing) {
            continue;
        }
        *changed = true;
        rows->items[i] = run->after != NULL ? run->after : run->before;
    }
    if (!*changed) {
        return SY_OK;
    }
    sy_rc rc = sy_ledger_write_counters(runs[0].server, &moved, err);
    runs[0].counters_moved = moved;
    return rc;
}

static sy_rc transact(sy_write_run *runs, sy_rows *rows, bool *changed, sy_err *err)
{
    sy_store store = runs[0].server->config.store;
    sy_rc rc = sy_store_transact(store, SY_BEGIN, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = delete_rows(runs, rows, changed, err);
    if (rc == SY_OK && *changed) {
        rc = sy_store_transact(store, SY_COMMIT, err);
    }
    if (rc != SY_OK || !*changed) {
        sy_rc undone = sy_store_transact(store, SY_ROLLBACK, NULL);
        return rc != SY_OK ? rc : undone;
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (runs[i].changed) {
            sy_write_committed(&runs[i]);
        }
    }
    return SY_OK;
}

/* Nothing was deleted: there was nothing, or another version of it. */
static int status_of_none(const sy_request *request, const sy_rows *rows)
{
    if (rows->count == 0 || (rows->count == 1 && sy_row_deleted(rows->items[0]))) {
        return 404;
    }
    return request->if_match.size > 0 ? 412 : 409;
}

static sy_rc answer(sy_server *server, const sy_rows *rows, int status, sy_arena *arena,
                    sy_response *out, sy_err *err)
{
    for (size_t i = 0; i < rows->count; i++) {
        rows->items[i] = sy_served_row_seen(server, rows->items[i], 0, arena);
        if (rows->items[i] == NULL) {
            return sy_fail_nomem(err);
        }
    }
    out->status = status;
    if (rows->count == 1) {
        out->row = rows->items[0];
    } else {
        out->rows = *rows;
    }
    return SY_OK;
}

sy_rc sy_delete_matching(sy_server *server, sy_served_table *table,
                         const sy_server_transaction *transaction, sy_arena *arena,
                         sy_response *out, sy_err *err)
{
    const sy_request *request = transaction->request;
    const sy_server_dialect *dialect = server->config.dialect;
    if (request->query == NULL || request->query->filter == NULL) {
        return refuse(out, dialect->status_update_empty, "a filter is needed");
    }
    sy_query query;
    sy_rc rc = sy_query_of_request(server, table, request, &query, err);
    if (rc == SY_SCHEMA) {
        return refuse(out, dialect->status_unknown, "the table has no such column");
    }
    query.order[0] = (sy_order){.column = SY_COLUMN_CREATED_AT}; /* as they were inserted */
    query.order_count = 1;
    query.skip = -1;
    query.top = -1;
    query.select = 0;
    query.want_total = false;
    sy_rows rows = {.total = -1};
    if (rc == SY_OK) {
        rc = sy_store_query(server->config.store, &query, arena, &rows, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    rows.total = -1;
    sy_write_run *runs = sy_arena_push_zeroed(&server->scratch, (rows.count + 1) * sizeof *runs);
    if (runs == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i <= rows.count; i++) {
        runs[i] = (sy_write_run){.server = server,
                                 .table = table,
                                 .transaction = transaction,
                                 .request = request,
                                 .arena = arena,
                                 .response = out};
    }
    bool changed = false;
    rc = transact(runs, &rows, &changed, err);
    if (rc != SY_OK) {
        return rc;
    }
    int status = changed ? dialect->status_delete_ok : status_of_none(request, &rows);
    return status == 404 ? refuse(out, 404, "no such row")
                         : answer(server, &rows, status, arena, out, err);
}

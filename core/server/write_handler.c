/* Insert, update, replace, delete, undelete: protocol.md 2.3, one transaction of the store for each
 * request.
 *
 *   begin | operation key known? -> answer as done
 *         | read the row, check existence, tombstone, version -> 404, 409, 410, 412
 *         | write the row, the operation key, the counters
 *   commit (or rollback) | the change is noted, traced, told to the other installations
 *
 * The answer is complete before the commit: after it nothing can fail any more. */
#include "core/base/mutant.h"
#include "core/server/internal.h"

static const sy_server_dialect *dialect_of(const sy_write_run *run)
{
    return run->server->config.dialect;
}

static bool is_tombstone(const sy_write_run *run)
{
    return run->before != NULL && run->table->options.soft_delete && sy_row_deleted(run->before);
}

static sy_rc refuse(sy_write_run *run, int status, const char *reason)
{
    sy_response_refuse(run->response, status, reason);
    return SY_OK;
}

/* An answer with a row, as clients see it. */
static sy_rc answer_row(sy_write_run *run, int status, const sy_row *row, sy_err *err)
{
    run->response->status = status;
    run->response->row = sy_served_row_seen(run->server, row, 0, run->arena);
    return run->response->row == NULL ? sy_fail_nomem(err) : SY_OK;
}

static sy_rc refuse_with_row(sy_write_run *run, int status, const char *reason, sy_err *err)
{
    run->response->reason = sy_str_of(reason);
    if (SY_MUTANT(CONFLICT_WITHOUT_ROW)) {
        return refuse(run, status, reason);
    }
    return answer_row(run, status, run->before, err);
}

static sy_rc refuse_tombstone(sy_write_run *run, sy_err *err)
{
    int status = dialect_of(run)->status_deleted;
    if (dialect_of(run)->deleted_has_row) {
        return refuse_with_row(run, status, "the row was deleted", err);
    }
    return refuse(run, status, status == 404 ? "no such row" : "the row was deleted");
}

/* *status: of a version check that fails; 0: it holds. 2.3 Update. */
static sy_rc check_version(const sy_write_run *run, int *status, sy_err *err)
{
    const sy_request *request = run->request;
    sy_str asked = request->if_match;
    *status = 412;
    if (asked.size == 0 && dialect_of(run)->body_version_conflicts && request->row != NULL) {
        asked = sy_row_version(request->row);
        *status = 409;
    }
    bool same = asked.size == 0 || sy_str_equal(asked, SY_STR("*")) || SY_MUTANT(CONDITION_IGNORED);
    sy_rc rc = SY_OK;
    if (!same) {
        rc = sy_version_same(run->server, asked, sy_row_version(run->before), &run->server->scratch,
                             &same, err);
    }
    *status = same ? 0 : *status;
    return rc;
}

/* What stands in the way of changing run->before; *stop: the answer is given. `hidden`: a tombstone
 * does not exist for this request. */
static sy_rc check_existing(sy_write_run *run, bool hidden, bool *stop, sy_err *err)
{
    *stop = true;
    if (run->before == NULL) {
        return refuse(run, 404, "no such row");
    }
    if (hidden && is_tombstone(run)) {
        return refuse_tombstone(run, err);
    }
    int status = 0;
    sy_rc rc = check_version(run, &status, err);
    if (rc == SY_OK && status != 0) {
        return refuse_with_row(run, status, "the row has another version", err);
    }
    *stop = rc != SY_OK;
    return rc;
}

static sy_rc store_row(sy_write_run *run, sy_row *row, sy_err *err)
{
    run->after = row;
    run->changed = true;
    return sy_store_write(run->server->config.store, row, err);
}

/* A 409 to an insert; `run->before` stands in its way. 2.3 Create. */
static sy_rc refuse_insert(sy_write_run *run, sy_err *err)
{
    const char *reason = "a row with this id exists";
    switch (SY_MUTANT(CONFLICT_ECHOES_CLIENT) ? SY_CONFLICT_CLIENT_ROW
                                              : dialect_of(run)->conflict_insert) {
    case SY_CONFLICT_STORED_ROW:
        return refuse_with_row(run, 409, reason, err);
    case SY_CONFLICT_CLIENT_ROW: {
        sy_row *own = sy_row_copy(run->arena, run->request->row);
        if (own == NULL) {
            return sy_fail_nomem(err);
        }
        own->cells[SY_COLUMN_ID] = sy_text(run->id);
        run->response->status = 409;
        run->response->reason = sy_str_of(reason);
        run->response->row = own;
        return SY_OK;
    }
    case SY_CONFLICT_NOTHING:
        break;
    }
    return refuse(run, 409, reason);
}

/* What an insert's version begins as, where the client may say so. */
static sy_rc keep_version(sy_write_run *run, sy_row *row, sy_err *err)
{
    const sy_request *request = run->request;
    sy_str given = request->if_match.size > 0 ? request->if_match : sy_row_version(request->row);
    if (!dialect_of(run)->body_version || given.size == 0) {
        return SY_OK;
    }
    sy_rc rc = sy_version_keep(given, run->arena, &given, err);
    row->cells[SY_COLUMN_VERSION] = sy_text(given);
    return rc;
}

static void set_deleted(sy_row *row, bool deleted)
{
    if (sy_schema_has(row->schema, SY_COLUMN_DELETED)) {
        row->cells[SY_COLUMN_DELETED] = sy_bool(deleted);
    }
}

/* What the body says about `deleted`; false when it says nothing. 2.6. */
static bool deleted_in_body(const sy_write_run *run)
{
    const sy_row *row = run->request->row;
    return dialect_of(run)->body_deleted && row != NULL && sy_row_deleted(row);
}

/* -- the methods -- */

static sy_rc serve_insert(sy_write_run *run, sy_err *err)
{
    if (run->before != NULL && !SY_MUTANT(INSERT_REPLACES)) {
        return refuse_insert(run, err);
    }
    sy_row *row = NULL;
    uint32_t given = 0;
    sy_rc rc = sy_served_row_change(run->server, run->table->schema, NULL, true, run->request->row,
                                    run->arena, &row, &given, err);
    if (rc != SY_OK) {
        return rc;
    }
    row->cells[SY_COLUMN_ID] = sy_text(run->id);
    set_deleted(row, deleted_in_body(run));
    rc = sy_served_row_stamp(run->server, run->transaction, run->arena, row, err);
    if (rc == SY_OK) {
        rc = keep_version(run, row, err);
    }
    if (rc == SY_OK) {
        rc = answer_row(run, dialect_of(run)->status_insert_ok, row, err);
    }
    return rc == SY_OK ? store_row(run, row, err) : rc;
}

/* Changes the row that is there: PATCH, PUT and undelete. */
static sy_rc change_row(sy_write_run *run, bool replace, bool deleted, bool always, sy_err *err)
{
    sy_row *row = NULL;
    uint32_t given = 0;
    sy_rc rc = sy_served_row_change(run->server, run->table->schema, run->before, replace,
                                    run->request->row, run->arena, &row, &given, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (!always && !replace && given == 0) { /* an empty patch changes nothing [2.3 Update] */
        return answer_row(run, 200, run->before, err);
    }
    set_deleted(row, deleted);
    rc = sy_served_row_stamp(run->server, run->transaction, run->arena, row, err);
    if (SY_MUTANT(UPDATE_NOT_STAMPED)) {
        row->cells[SY_COLUMN_SEQUENCE] = run->before->cells[SY_COLUMN_SEQUENCE];
        row->cells[SY_COLUMN_UPDATED_AT] = run->before->cells[SY_COLUMN_UPDATED_AT];
    }
    if (rc == SY_OK) {
        bool undelete = run->request->method == SY_METHOD_UNDELETE;
        rc = answer_row(run, undelete ? dialect_of(run)->status_undelete_ok : 200, row, err);
    }
    return rc == SY_OK ? store_row(run, row, err) : rc;
}

/* A PATCH that sets a cell. */
static bool sets_something(const sy_request *request)
{
    const sy_row *row = request->row;
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        if (row->cells[i].type != SY_TYPE_ABSENT) {
            return true;
        }
    }
    return false;
}

/* A PATCH that would change what the server alone writes. */
static bool patches_system(const sy_write_run *run)
{
    const sy_row *row = run->request->row;
    sy_str version = sy_row_version(row);
    bool other_version = version.size > 0 && !sy_str_equal(version, sy_row_version(run->before));
    bool other_time =
        !sy_value_missing(&row->cells[SY_COLUMN_UPDATED_AT]) &&
        sy_row_updated_at(row) !=
            sy_time_truncate(sy_row_updated_at(run->before), dialect_of(run)->time_resolution_ns);
    return other_version || other_time;
}

static bool patches_back(const sy_write_run *run)
{
    const sy_value *deleted = &run->request->row->cells[SY_COLUMN_DELETED];
    return dialect_of(run)->deleted_patches && run->request->method == SY_METHOD_UPDATE &&
           deleted->type == SY_TYPE_BOOL && deleted->as.integer == 0;
}

static sy_rc serve_update(sy_write_run *run, sy_err *err)
{
    const sy_request *request = run->request;
    const sy_server_dialect *dialect = dialect_of(run);
    bool replace = request->method == SY_METHOD_REPLACE;
    if (!replace && dialect->status_update_empty != 200 && !sets_something(request)) {
        return refuse(run, dialect->status_update_empty, "nothing to set");
    }
    bool revives = patches_back(run) || (dialect->tombstone_revives && request->if_match.size > 0 &&
                                         !sy_str_equal(request->if_match, SY_STR("*")));
    bool shown = revives || (dialect->deleted_updates && request->include_deleted);
    bool stop = false;
    sy_rc rc = check_existing(run, !shown, &stop, err);
    if (rc != SY_OK || stop) {
        return rc;
    }
    if (!replace && dialect->body_version_refused && !run->transaction->direct &&
        patches_system(run)) {
        return refuse(run, 400, "version and updatedAt cannot be changed");
    }
    bool deleted = sy_row_deleted(run->before) && (!revives || SY_MUTANT(UPDATED_TOMBSTONE_STAYS));
    if (replace && dialect->body_deleted) {
        deleted = deleted_in_body(run);
    }
    return change_row(run, replace, deleted, deleted != sy_row_deleted(run->before), err);
}

static sy_rc serve_undelete(sy_write_run *run, sy_err *err)
{
    bool stop = false;
    if (!sy_schema_has(run->table->schema, SY_COLUMN_DELETED)) {
        return refuse(run, 500, "the table has no column 'deleted'");
    }
    sy_rc rc = check_existing(run, false, &stop, err);
    if (rc != SY_OK || stop) {
        return rc;
    }
    bool replace = run->request->row != NULL &&
                   (dialect_of(run)->methods & SY_METHOD_BIT(SY_METHOD_UPDATE)) == 0;
    return change_row(run, replace, deleted_in_body(run), true, err);
}

sy_rc sy_write_delete_row(sy_write_run *run, sy_err *err)
{
    run->after = NULL;
    run->changed = true;
    if (!run->table->options.soft_delete) {
        return sy_store_remove(run->server->config.store, run->table->schema, run->id, err);
    }
    sy_row *row = sy_row_shallow(run->arena, run->before);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    sy_rc rc = SY_OK;
    if (dialect_of(run)->delete_stamps && !run->server->config.deletes_do_not_stamp &&
        !SY_MUTANT(DELETE_NOT_STAMPED)) {
        rc = sy_served_row_stamp(run->server, run->transaction, run->arena, row, err);
    }
    return rc == SY_OK ? store_row(run, row, err) : rc;
}

static sy_rc serve_delete(sy_write_run *run, sy_err *err)
{
    bool stop = false;
    sy_rc rc = check_existing(run, true, &stop, err);
    if (rc != SY_OK || stop) {
        return rc;
    }
    rc = sy_write_delete_row(run, err);
    run->response->status = dialect_of(run)->status_delete_ok;
    if (rc != SY_OK || !dialect_of(run)->delete_has_row) {
        return rc;
    }
    return answer_row(run, run->response->status, run->after != NULL ? run->after : run->before,
                      err);
}

/* A request that was committed before: the row as it is now. */
static sy_rc answer_done(sy_write_run *run, sy_str row_id, sy_err *err)
{
    sy_rc rc = sy_store_read(run->server->config.store, run->table->schema, row_id, run->arena,
                             &run->before, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (run->request->method == SY_METHOD_DELETE) {
        run->response->status = 204;
        return SY_OK;
    }
    if (run->before == NULL) { /* somebody has removed it since */
        return refuse(run, 410, "the row is gone");
    }
    bool insert = run->request->method == SY_METHOD_INSERT;
    return answer_row(run, insert ? dialect_of(run)->status_insert_ok : 200, run->before, err);
}

/* -- around them -- */

static sy_rc serve_method(sy_write_run *run, sy_err *err)
{
    switch (run->request->method) {
    case SY_METHOD_INSERT:
        return serve_insert(run, err);
    case SY_METHOD_UPDATE:
    case SY_METHOD_REPLACE:
        return serve_update(run, err);
    case SY_METHOD_DELETE:
        return serve_delete(run, err);
    case SY_METHOD_UNDELETE:
        return serve_undelete(run, err);
    case SY_METHOD_QUERY:
    case SY_METHOD_READ:
    case SY_METHOD_COUNT:
        break;
    }
    return refuse(run, 405, "no such method");
}

/* Inside the transaction. */
static sy_rc write_all(sy_write_run *run, sy_err *err)
{
    sy_server *server = run->server;
    const sy_request *request = run->request;
    const sy_schema *schema = run->table->schema;
    bool keyed = dialect_of(run)->operation_keys && request->operation_key.size > 0;
    sy_key_use use = SY_KEY_FRESH;
    sy_str row_id = {0};
    sy_rc rc = SY_OK;
    if (keyed && !SY_MUTANT(KEY_NOT_LOOKED_UP)) {
        rc = sy_ledger_find_key(server, request, schema, &use, &row_id, err);
        if (rc == SY_OK && use == SY_KEY_OF_ANOTHER) {
            return refuse(run, SY_STATUS_KEY_REUSED, "the operation key was used for another edit");
        }
        if (rc != SY_OK || use == SY_KEY_DONE) {
            return rc == SY_OK ? answer_done(run, row_id, err) : rc;
        }
    }
    rc = sy_store_read(server->config.store, schema, run->id, run->arena, &run->before, err);
    if (rc == SY_OK) {
        rc = serve_method(run, err);
    }
    if (rc == SY_OK && run->changed && keyed) {
        sy_str version = run->after != NULL ? sy_row_version(run->after) : (sy_str){0};
        rc = sy_ledger_write_key(server, run->transaction, schema, run->id, version, err);
    }
    if (rc == SY_OK && run->changed) {
        rc = sy_ledger_write_counters(server, &run->counters_moved, err);
    }
    return rc;
}

/* It is durable: nothing below can fail. */
void sy_write_committed(sy_write_run *run)
{
    sy_server *server = run->server;
    const sy_server_config *config = &server->config;
    const sy_request *request = run->request;
    const sy_server_transaction *transaction = run->transaction;
    sy_str table = run->table->schema->name;
    if (run->counters_moved) {
        sy_ledger_counters_kept(server);
    }
    if (transaction->sequence > 0) {
        sy_change_log_add(&run->table->changes, transaction->sequence, run->id);
    }
    if (config->tracer.ops != NULL) {
        const sy_row *before = run->before;
        const sy_row *after = run->after;
        sy_trace(config->tracer, &sy_event_commit, sy_text(table), sy_text(run->id),
                 sy_cstr(sy_method_name(request->method)),
                 sy_text(before != NULL ? sy_row_version(before) : (sy_str){0}),
                 sy_text(after != NULL ? sy_row_version(after) : (sy_str){0}),
                 sy_datetime(after != NULL ? sy_row_updated_at(after) : transaction->stamp),
                 sy_int(transaction->sequence), sy_text(request->installation_id),
                 sy_text(request->operation_key), sy_row_value(after), sy_int(request->origin.host),
                 sy_int((int64_t)request->origin.send));
    }
    if (config->notifies && config->notifier.ops != NULL) {
        sy_notice notice = {.table = table,
                            .id = run->id,
                            .cause = request->method,
                            .originator = request->installation_id};
        config->notifier.ops->notify(config->notifier.self, &notice);
    }
}

static sy_rc transact(sy_write_run *run, sy_err *err)
{
    sy_store store = run->server->config.store;
    sy_rc rc = sy_store_transact(store, SY_BEGIN, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = write_all(run, err);
    if (rc == SY_OK && run->changed) {
        rc = sy_store_transact(store, SY_COMMIT, err);
        if (rc == SY_OK) {
            sy_write_committed(run);
            return SY_OK;
        }
    }
    sy_rc undone = sy_store_transact(store, SY_ROLLBACK, NULL);
    return rc != SY_OK || !run->changed ? rc : undone;
}

/* The id that the request is about, made up when an insert has none. 400s are answered here. */
static sy_rc find_id(sy_write_run *run, bool *stop, sy_err *err)
{
    const sy_request *request = run->request;
    const sy_row *row = request->row;
    sy_str in_body = row != NULL ? sy_row_id(row) : (sy_str){0};
    bool insert = request->method == SY_METHOD_INSERT;
    bool update = request->method == SY_METHOD_UPDATE || request->method == SY_METHOD_REPLACE;
    *stop = true;
    if ((insert || update) && row == NULL) {
        return refuse(run, 400, "a body is needed");
    }
    bool by_body = update && request->id.size == 0 && dialect_of(run)->collection_writes;
    bool named = row != NULL && row->cells[SY_COLUMN_ID].type == SY_TYPE_TEXT;
    if (named && !insert && !by_body && !sy_str_equal(in_body, request->id)) {
        return refuse(run, 400, "the id in the body is another one");
    }
    *stop = false;
    if (!insert) {
        run->id = by_body ? in_body : request->id;
        return SY_OK;
    }
    sy_str id = named ? in_body : request->id;
    if (id.size == 0 && (!named || dialect_of(run)->id_replaces_empty)) {
        return sy_served_id_fresh(run->server, run->arena, &run->id, err);
    }
    run->id = sy_arena_copy(run->arena, id);
    return run->id.data == NULL ? sy_fail_nomem(err) : SY_OK;
}

sy_rc sy_write_serve(sy_server *server, sy_served_table *table,
                     const sy_server_transaction *transaction, sy_arena *arena, sy_response *out,
                     sy_err *err)
{
    const sy_request *request = transaction->request;
    const sy_server_dialect *dialect = server->config.dialect;
    if (request->method == SY_METHOD_DELETE && request->id.size == 0 &&
        dialect->collection_writes) {
        return sy_delete_matching(server, table, transaction, arena, out, err);
    }
    sy_write_run run = {.server = server,
                        .table = table,
                        .transaction = transaction,
                        .request = request,
                        .arena = arena,
                        .response = out};
    bool stop = false;
    sy_rc rc = find_id(&run, &stop, err);
    if (rc == SY_OK && !stop && (table->options.dynamic_schema || dialect->status_unknown != 0)) {
        int status = 0;
        rc = sy_growth_prepare(server, table, request, &status, err);
        if (rc == SY_OK && status != 0) {
            return refuse(&run, status, "the table has no such column");
        }
    }
    return rc != SY_OK || stop ? rc : transact(&run, err);
}

/* Local tables: what an app writes and reads. protocol.md 4.4, 4.5, 5.2.
 *
 * A write takes the dialect's locks; the rest happens in one step: look at the row and at the
 * operation that is queued for it, refuse or not, write the row, change the queue. A refused write
 * changes nothing. With `one_transaction` row and queue change together; without it the row is
 * durable first, and a crash (or a store that fails) in between leaves an edit that nobody will
 * push, as the classic client does. */
#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/client/find_row.h"
#include "core/client/inbox.h"
#include "core/client/internal.h"
#include "core/client/local_search.h"
#include "core/client/operation_key.h"
#include "core/client/stamp.h"

typedef struct edit { /* a local write on its way */
    sy_operation_kind kind;
    const sy_schema *schema;
    sy_str id;
    const sy_row *change; /* what the app passes, system columns stripped; a delete: may be NULL */
    const sy_row *stored; /* the row now; NULL: none */
    const sy_row *after;  /* the row afterwards; a delete: what the operation keeps of it */
    sy_operation *existing; /* queued for the same row; NULL: none. Not valid after a rollback */
    sy_collapse action;     /* what becomes of it and of the new one */
    int64_t replaced;       /* its sequence, while it is there; else 0 */
    sy_operation_kind replaced_kind;
    int64_t operation; /* that holds the edit afterwards; 0: none */
    bool refused;      /* by the queue */
} edit;

static const char *collapse_name(sy_collapse action)
{
    switch (action) {
    case SY_COLLAPSE_REFUSE:
        return "refuse";
    case SY_COLLAPSE_KEEP:
        return "keep";
    case SY_COLLAPSE_VANISH:
        return "vanish";
    case SY_COLLAPSE_REPLACE_AT_END:
        return "replace_at_end";
    case SY_COLLAPSE_BECOME_DELETE:
        return "become_delete";
    case SY_COLLAPSE_BECOME_UPDATE:
        return "become_update";
    case SY_COLLAPSE_APPEND:
        return "append";
    }
    SY_UNREACHABLE();
}

static sy_operation_kind kind_of(sy_verb verb)
{
    if (verb == SY_VERB_INSERT) {
        return SY_OPERATION_INSERT;
    }
    return verb == SY_VERB_UPDATE ? SY_OPERATION_UPDATE : SY_OPERATION_DELETE;
}

/* -- what is written -- */

/* A fresh identity that no row has here: after a restart the identities begin again. */
static sy_rc make_id(sy_client *client, sy_task *task, sy_str *out, sy_err *err)
{
    char text[SY_GUID_SIZE];
    const sy_row *row = NULL;
    do {
        client->row_id_count++;
        sy_identity_guid(client->config.identity, SY_STR("row"), client->row_id_count, text);
        *out = (sy_str){text, SY_GUID_SIZE - 1};
        const sy_rc rc =
            sy_store_read(client->config.store, task->schema, *out, &task->arena, &row, err);
        if (rc != SY_OK) {
            return rc;
        }
    } while (row != NULL || sy_operation_queue_find(&client->queue, task->schema, *out) != NULL);
    *out = sy_arena_copy(&task->arena, *out);
    return out->data == NULL ? sy_fail_nomem(err) : SY_OK;
}

/* A time as the local store has it; a half goes up. */
static void round_times(sy_row *row, sy_time resolution)
{
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        sy_value *cell = &row->cells[i];
        if (cell->type == SY_TYPE_DATETIME && cell->as.integer <= INT64_MAX - resolution) {
            cell->as.integer = sy_time_truncate(cell->as.integer + resolution / 2, resolution);
        }
    }
}

/* task->call.row without the system columns that an app can't write [4.5], with its id. Only an
 * insert may have an empty one [4.4]. */
static sy_rc prepare(sy_client *client, sy_task *task, sy_err *err)
{
    sy_call *call = &task->call;
    if (call->id.size == 0 && call->verb != SY_VERB_INSERT) {
        return SY_FAIL(err, SY_INVALID, "%s needs an id", sy_verb_name(call->verb));
    }
    if (call->row == NULL) {
        return SY_OK;
    }
    sy_row *row = sy_row_shallow(&task->arena, call->row);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    if (!client->config.dialect->keeps_system_cells) {
        for (uint32_t i = SY_COLUMN_CREATED_AT; i < SY_SYSTEM_COUNT; i++) {
            row->cells[i] = (sy_value){.type = SY_TYPE_ABSENT};
        }
    }
    const sy_time resolution = client->config.dialect->stored_time_resolution_ns;
    if (resolution > 0) {
        round_times(row, resolution);
    }
    if (call->id.size == 0 && sy_value_missing(&row->cells[SY_COLUMN_ID])) {
        const sy_rc rc = make_id(client, task, &call->id, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    row->cells[SY_COLUMN_ID] = sy_text(call->id);
    call->row = row;
    return SY_OK;
}

/* What becomes of the queued operation and the new one; SY_STATE when they can't both be. */
static sy_rc choose_action(const sy_client *client, edit *e, sy_err *err)
{
    e->action = SY_COLLAPSE_APPEND;
    if (e->existing == NULL) {
        return SY_OK;
    }
    sy_operation_state state = e->existing->in_flight ? SY_STATE_ATTEMPTED : e->existing->state;
    if (SY_MUTANT(EDIT_OF_WHAT_IS_SENT) && e->kind == SY_OPERATION_UPDATE) {
        state = SY_STATE_PENDING;
    }
    const size_t line = (size_t)e->existing->kind * SY_STATE_COUNT + (size_t)state;
    e->action = client->config.dialect->collapse[line][e->kind];
    e->replaced_kind = e->existing->kind;
    e->replaced = e->action == SY_COLLAPSE_APPEND ? 0 : e->existing->sequence;
    if (e->action == SY_COLLAPSE_REFUSE) {
        e->refused = true;
        return SY_FAIL(err, SY_STATE, "%s after %s of '%.*s', which is %s in the queue: %s",
                       sy_operation_kind_name(e->kind), sy_operation_kind_name(e->existing->kind),
                       SY_FMT(e->id), sy_operation_state_name(state),
                       state != SY_STATE_PENDING ? "its state at the server is unknown, push first"
                                                 : "push first");
    }
    return SY_OK;
}

static sy_rc check_row(const sy_client *client, const edit *e, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    if (e->kind == SY_OPERATION_INSERT && dialect->insert_refuses_existing && e->stored != NULL) {
        return SY_FAIL(err, SY_EXISTS, "a row with the id '%.*s' is in the local table already",
                       SY_FMT(e->id));
    }
    if (e->stored == NULL && ((e->kind == SY_OPERATION_UPDATE && dialect->update_needs_row) ||
                              (e->kind == SY_OPERATION_DELETE && dialect->delete_needs_row))) {
        return SY_FAIL(err, SY_NOT_FOUND, "there is no row '%.*s' in the local table",
                       SY_FMT(e->id));
    }
    return SY_OK;
}

/* edit.after. Where a delete does not look at the stored row it keeps what the app passes, so
 * without a version there it will be unconditional [4.5]. */
static sy_rc compose(const sy_client *client, sy_task *task, edit *e, sy_err *err)
{
    const bool as_passed = e->kind == SY_OPERATION_DELETE && e->change != NULL &&
                           client->config.dialect->delete_keeps_passed;
    if (as_passed) {
        e->after = e->change;
    } else if (e->stored != NULL && e->change != NULL) {
        e->after = sy_row_overlay(&task->arena, e->stored, e->change);
    } else if (e->stored != NULL || e->change != NULL) {
        e->after = e->stored != NULL ? e->stored : e->change;
    } else {
        sy_row *row = sy_row_new(&task->arena, e->schema);
        if (row != NULL) {
            row->cells[SY_COLUMN_ID] = sy_text(e->id);
        }
        e->after = row;
    }
    return e->after == NULL ? sy_fail_nomem(err) : SY_OK;
}

static sy_rc look(sy_client *client, sy_task *task, edit *e, sy_err *err)
{
    sy_rc rc = client->config.dialect->check_id(e->id, err);
    if (rc == SY_OK) {
        rc = sy_find_row(client, e->schema, e->id, &task->arena, &e->stored, err);
    }
    const bool row_first = client->config.dialect->row_before_queue;
    if (rc == SY_OK && row_first) {
        rc = check_row(client, e, err);
    }
    if (rc == SY_OK) {
        e->existing = sy_operation_queue_find(&client->queue, e->schema, e->id);
        rc = choose_action(client, e, err);
    }
    if (rc == SY_OK && !row_first) {
        rc = check_row(client, e, err);
    }
    return rc == SY_OK ? compose(client, task, e, err) : rc;
}

static sy_rc write_row(sy_client *client, const edit *e, sy_err *err)
{
    const sy_rc rc = sy_client_writable(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    return e->kind == SY_OPERATION_DELETE
               ? sy_store_remove(client->config.store, e->schema, e->id, err)
               : sy_find_write(client, e->change, err);
}

/* -- the queue -- */

/* The version that an operation is made on: what an update or insert says, else the row's. */
static sy_rc version_of(sy_task *task, const edit *e, const sy_row **out, sy_err *err)
{
    sy_row *row = sy_row_new(&task->arena, e->schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    const bool said = e->kind == SY_OPERATION_INSERT ||
                      (e->kind == SY_OPERATION_UPDATE &&
                       e->change->cells[SY_COLUMN_VERSION].type != SY_TYPE_ABSENT);
    const sy_row *from = said ? e->change : e->stored;
    row->cells[SY_COLUMN_ID] = sy_text(e->id);
    if (from != NULL) {
        row->cells[SY_COLUMN_VERSION] = from->cells[SY_COLUMN_VERSION];
    }
    *out = row;
    return SY_OK;
}

/* The item of an operation that is changed or replaced: the row afterwards, with the version that
 * the operation was made on. */
static sy_rc item_of(const sy_client *client, sy_task *task, const edit *e, const sy_row **out,
                     sy_err *err)
{
    *out = e->after;
    if (client->config.dialect->keeps_version) {
        return version_of(task, e, out, err);
    }
    if (e->replaced == 0 || !client->config.dialect->keeps_item || e->existing->item.size == 0) {
        return SY_OK;
    }
    const sy_row *before = NULL;
    const sy_rc rc = sy_row_decode(e->existing->item, e->schema, &task->arena, &before, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_row *item = sy_row_shallow(&task->arena, e->after);
    if (item == NULL) {
        return sy_fail_nomem(err);
    }
    item->cells[SY_COLUMN_VERSION] = before->cells[SY_COLUMN_VERSION];
    *out = item;
    return SY_OK;
}

/* When and as the how-manieth edit of this installation the operation was made. */
static sy_rc stamp(sy_client *client, sy_operation *operation, sy_err *err)
{
    sy_rc rc = sy_stamp_next(client, operation->schema, &operation->edited_at, err);
    operation->edit_sequence = client->queue.edit_sequence_last + 1;
    return rc == SY_OK && client->config.dialect->operation_keys
               ? sy_operation_key_number(client, &operation->edit_sequence, err)
               : rc;
}

/* A new operation at the end; in place of the existing one with REPLACE_AT_END. */
static sy_rc add_operation(sy_client *client, sy_task *task, edit *e, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    sy_operation added = {
        .version = dialect->version_first, .kind = e->kind, .schema = e->schema, .id = e->id};
    const sy_row *item = NULL;
    sy_rc rc = stamp(client, &added, err);
    if (rc == SY_OK) {
        rc = item_of(client, task, e, &item, err);
    }
    const bool keeps_item =
        dialect->keeps_item || dialect->keeps_version || e->kind == SY_OPERATION_DELETE;
    const bool has_base = dialect->keeps_base && e->kind != SY_OPERATION_INSERT &&
                          e->replaced == 0 && e->stored != NULL;
    if (rc == SY_OK && keeps_item) {
        rc = sy_row_encode(item, &task->arena, &added.item, err);
    }
    if (rc == SY_OK && has_base) {
        rc = sy_row_encode(e->stored, &task->arena, &added.base, err);
    }
    if (rc == SY_OK && dialect->operation_keys) {
        rc = sy_operation_key_make(client, added.edit_sequence, &task->arena, &added.key, err);
    }
    if (rc == SY_OK && e->replaced != 0) {
        added.version++; /* 5.2 */
        added.base = sy_arena_copy(&task->arena, e->existing->base);
        rc = added.base.data == NULL ? sy_fail_nomem(err)
                                     : sy_operation_queue_remove(&client->queue, e->replaced,
                                                                 e->existing->version, NULL, err);
        e->existing = NULL;
    }
    sy_operation *operation = NULL;
    if (rc == SY_OK) {
        rc = sy_operation_queue_add(&client->queue, &added, &operation, err);
    }
    e->operation = rc == SY_OK ? operation->sequence : 0;
    return rc;
}

/* The existing operation takes the edit in, in its place. */
static sy_rc change_operation(sy_client *client, sy_task *task, edit *e, sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    sy_operation changed = *e->existing;
    changed.version++;
    if (dialect->collapse_pends) {
        changed.state = SY_STATE_PENDING;
        changed.status = 0;
    }
    bool new_item = dialect->keeps_item &&
                    !(SY_MUTANT(INSERT_KEEPS_FIRST_ITEM) && changed.kind == SY_OPERATION_INSERT);
    if (e->action == SY_COLLAPSE_BECOME_DELETE) {
        changed.kind = SY_OPERATION_DELETE;
        new_item = changed.item.size == 0 || dialect->keeps_version; /* P-CT: it stays [5.2] */
    } else if (e->action == SY_COLLAPSE_BECOME_UPDATE) {
        changed.kind = SY_OPERATION_UPDATE;
    }
    const sy_row *item = NULL;
    sy_rc rc = stamp(client, &changed, err);
    if (rc == SY_OK) {
        rc = item_of(client, task, e, &item, err);
    }
    if (rc == SY_OK && new_item) {
        rc = sy_row_encode(item, &task->arena, &changed.item, err);
    }
    if (rc == SY_OK) {
        rc = sy_operation_queue_change(&client->queue, &changed, err);
    }
    e->operation = e->replaced;
    return rc;
}

static sy_rc write_queue(sy_client *client, sy_task *task, edit *e, sy_err *err)
{
    if (e->replaced != 0 && client->config.dialect->errors == SY_ERRORS_REPLAYED) {
        const sy_rc rc = sy_error_list_remove(&client->errors, e->replaced, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (SY_MUTANT(EDIT_UNSEEN_BY_SYNC) &&
        (client->tasks->push != NULL || client->tasks->pull != NULL)) {
        return SY_OK;
    }
    switch (e->action) {
    case SY_COLLAPSE_APPEND:
    case SY_COLLAPSE_REPLACE_AT_END:
        return add_operation(client, task, e, err);
    case SY_COLLAPSE_KEEP:
    case SY_COLLAPSE_BECOME_DELETE:
    case SY_COLLAPSE_BECOME_UPDATE:
        return change_operation(client, task, e, err);
    case SY_COLLAPSE_VANISH:
        return sy_operation_queue_remove(&client->queue, e->replaced, e->existing->version, NULL,
                                         err);
    case SY_COLLAPSE_REFUSE:
        break;
    }
    SY_UNREACHABLE();
}

/* -- the write -- */

static sy_rc write_all(sy_client *client, sy_task *task, edit *e, sy_err *err)
{
    const bool together =
        client->config.dialect->one_transaction && !SY_MUTANT(EDIT_WITHOUT_OPERATION);
    sy_rc rc = together ? SY_OK : write_row(client, e, err);
    if (rc == SY_OK) {
        rc = sy_client_begin(client, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    rc = together ? write_row(client, e, err) : SY_OK;
    if (rc == SY_OK) {
        rc = write_queue(client, task, e, err);
    }
    if (rc == SY_OK && task->call.inbox_entry != 0) {
        rc = sy_inbox_remove(client, task->call.inbox_entry, err);
    }
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    return sy_client_commit(client, err);
}

/* P-AN: what the queue refuses is in the local table all the same [5.2, edge 33]. */
static void write_refused(sy_client *client, const edit *e)
{
    if (e->refused && client->config.dialect->writes_before_collapse) {
        (void)write_row(client, e, NULL); /* the call fails either way */
    }
}

static void trace_write(const sy_client *client, const sy_task *task, const edit *e)
{
    if (client->config.tracer.ops == NULL) {
        return;
    }
    const sy_value table = sy_text(e->schema->name);
    const sy_value id = sy_text(e->id);
    const sy_value kind = sy_cstr(sy_operation_kind_name(e->kind));
    if (e->replaced != 0) {
        sy_client_trace(client, &sy_event_collapse, sy_int(e->replaced), table, id,
                        sy_cstr(sy_operation_kind_name(e->replaced_kind)), kind,
                        sy_cstr(collapse_name(e->action)));
        if (e->operation != e->replaced) {
            sy_client_trace(client, &sy_event_dequeue, sy_int(e->replaced), table, id,
                            sy_cstr("collapsed"));
        }
    }
    if (e->operation != e->replaced && e->operation != 0) {
        sy_client_trace(client, &sy_event_enqueue, sy_int(e->operation), kind, table, id);
    }
    sy_client_trace(client, &sy_event_write, sy_int((int64_t)task->ticket), table, id, kind,
                    sy_int(e->operation),
                    sy_row_value(e->kind == SY_OPERATION_DELETE ? NULL : e->after));
}

static sy_rc result_rows(sy_task *task, const sy_row *row, sy_err *err)
{
    const sy_row **items = sy_arena_push(&task->arena, sizeof *items);
    if (items == NULL) {
        return sy_fail_nomem(err);
    }
    items[0] = row;
    task->rows = (sy_rows){.items = items, .count = 1, .total = -1};
    return SY_OK;
}

void sy_local_write_step(sy_client *client, sy_task *task)
{
    sy_rc rc = prepare(client, task, &task->err);
    edit e = {.kind = kind_of(task->call.verb),
              .schema = task->schema,
              .id = task->call.id,
              .change = task->call.row};
    if (rc == SY_OK &&
        !sy_task_lock(client, task, client->config.dialect->lock_write, e.schema, e.id)) {
        return;
    }
    if (rc == SY_OK) {
        rc = look(client, task, &e, &task->err);
    }
    if (rc == SY_OK && e.kind != SY_OPERATION_DELETE) {
        rc = result_rows(task, e.after, &task->err);
    }
    if (rc == SY_OK) {
        rc = write_all(client, task, &e, &task->err);
    }
    if (rc != SY_OK) {
        write_refused(client, &e);
        task->rows = (sy_rows){0};
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    trace_write(client, task, &e);
    if (client->config.dialect->writes_sync) {
        sy_task_unlock(client, task, task->locks.held);
        sy_auto_sync_after_write(client, task);
    } else {
        sy_task_end(client, task);
    }
}

/* -- reads: they take no lock and work whatever else goes on [4.5, 7.3] -- */

static sy_rc read_local(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_store store = client->config.store;
    const sy_dialect *dialect = client->config.dialect;
    const sy_query *query = task->call.query;
    if (task->call.verb == SY_VERB_QUERY) {
        return dialect->searches_by_like && sy_local_search_applies(query->filter)
                   ? sy_local_search(store, query, &task->arena, &task->rows, err)
                   : sy_store_query(store, query, &task->arena, &task->rows, err);
    }
    const sy_row *row = NULL;
    sy_rc rc = dialect->find_row != NULL ? dialect->check_id(task->call.id, err) : SY_OK;
    if (rc == SY_OK) {
        rc = sy_find_row(client, task->schema, task->call.id, &task->arena, &row, err);
    }
    return rc == SY_OK && row != NULL ? result_rows(task, row, err) : rc;
}

void sy_local_read_step(sy_client *client, sy_task *task)
{
    const sy_rc rc = read_local(client, task, &task->err);
    if (rc != SY_OK) {
        task->rows = (sy_rows){0};
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    for (size_t i = 0; i < task->rows.count; i++) {
        sy_client_trace(client, &sy_event_read, sy_int((int64_t)task->ticket),
                        sy_text(task->schema->name), sy_text(sy_row_id(task->rows.items[i])),
                        sy_row_value(task->rows.items[i]));
    }
    sy_task_end(client, task);
}

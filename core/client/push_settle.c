/* What the ending of an operation does to the store.
 *
 * Classic [6.2 steps 6 to 8]: one write after the other: the server's row, then the operation goes;
 * a failure is written to the operation, then to the error list. A crash between them is a story.
 * One transaction (`sound`): the row, the operation and whatever waits behind it change together.
 * Operations that wait behind hold newer edits: the base of the next one becomes the server's row,
 * their items are replayed over it, and what the local store shows is the last of them. */
#include "core/client/push.h"

#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/client/apply.h"
#include "core/client/inbox.h"
#include "core/client/progress.h"
#include "core/client/stamp.h"

/* -- pieces -- */

sy_push_error sy_push_error_of(const sy_push_run *push)
{
    return (sy_push_error){
        .operation = push->sequence,
        .operation_version = push->version,
        .kind = push->kind,
        .table = push->schema->name,
        .id = push->id,
        .status = push->answer_status,
        .item = push->item,
        .server = push->server,
    };
}

void sy_push_trace_failed(sy_client *client, const sy_push_run *push)
{
    sy_client_trace(client, &sy_event_op_failed, sy_int(push->sequence),
                    sy_cstr(sy_operation_kind_name(push->kind)), sy_text(push->schema->name),
                    sy_text(push->id), sy_int(push->answer_status),
                    sy_cstr(push->detail != NULL ? push->detail : sy_rc_name(push->answer_rc)));
}

sy_rc sy_push_note_error(sy_task *task, const sy_push_error *error, sy_err *err)
{
    task = sy_push_leader(task);
    sy_push_run *push = task->push;
    if (push->error_count == push->error_capacity) {
        const size_t capacity = push->error_capacity == 0 ? 8 : 2 * push->error_capacity;
        sy_push_error *errors = sy_arena_push(&task->arena, capacity * sizeof *errors);
        if (errors == NULL) {
            return sy_fail_nomem(err);
        }
        for (uint32_t i = 0; i < push->error_count; i++) {
            errors[i] = push->errors[i];
        }
        push->errors = errors;
        push->error_capacity = capacity;
    }
    sy_push_error copy = *error;
    copy.id = sy_arena_copy(&task->arena, error->id);
    copy.item = error->item != NULL ? sy_row_copy(&task->arena, error->item) : NULL;
    copy.server = error->server != NULL ? sy_row_copy(&task->arena, error->server) : NULL;
    if (copy.id.data == NULL || (error->item != NULL && copy.item == NULL) ||
        (error->server != NULL && copy.server == NULL)) {
        return sy_fail_nomem(err);
    }
    push->errors[push->error_count++] = copy;
    return SY_OK;
}

/* -- done: in one transaction -- */

/* What a newer edit comes to over the server's row: its own changes, that is where it differs from
 * the edit before it. */
static sy_rc rebase(sy_task *task, const sy_row *newer, const sy_row *before, const sy_row *server,
                    sy_row **out, sy_err *err)
{
    SY_ASSERT(newer != NULL && server != NULL);
    sy_row *row = sy_row_shallow(&task->work, server);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        /* absent and null are one here: a store reads what was never written as a null */
        if (before == NULL || sy_value_compare(&newer->cells[i], &before->cells[i]) != 0) {
            row->cells[i] = newer->cells[i];
        }
    }
    *out = row;
    return SY_OK;
}

/* The row that the server has now: the one of its answer; after a delete without one, a tombstone
 * that knows nothing but that. */
static sy_rc current_server_row(sy_task *task, const sy_row **out, sy_err *err)
{
    sy_push_run *push = task->push;
    if (push->server != NULL) {
        *out = push->server;
        return SY_OK;
    }
    sy_row *row = sy_row_new(&task->work, push->schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(push->id);
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    *out = row;
    return SY_OK;
}

static bool has_later(const sy_client *client, const sy_push_run *push)
{
    const sy_operation *own = sy_operation_queue_get(&client->queue, push->sequence);
    return own != NULL && sy_operation_queue_newer(own) != NULL;
}

/* What a finished operation leaves in the local store; applied_row and applied say it. */
static sy_rc write_row(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    if ((!push->settled_removes && push->settled_row == NULL) ||
        (client->config.dialect->result_waits_for_last && has_later(client, push))) {
        return SY_OK;
    }
    push->applied = true;
    push->applied_row = push->settled_removes ? NULL : push->settled_row;
    sy_rc rc = sy_apply_row(client, push->schema, push->id, push->applied_row, err);
    return rc == SY_OK ? sy_stamp_see(client, push->schema, push->stamps, err) : rc;
}

/* The operation of the same item right behind the one in hand; NULL: none. */
static const sy_operation *behind(const sy_client *client, const sy_push_run *push)
{
    const sy_operation *own = sy_operation_queue_get(&client->queue, push->sequence);
    return own != NULL ? sy_operation_queue_newer(own) /* else it is no longer in the store */
                       : sy_operation_queue_find(&client->queue, push->schema, push->id);
}

/* Our edit gave way to the server's row, which whoever made the newer edit had not seen: the newer
 * edit meets it as a conflict of its own, from the base of the first. A delete of what was only
 * going to be inserted has nothing to delete: it goes with its insert, and the server's row stays.
 */
static sy_rc hand_on_base(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_operation *from = sy_operation_queue_get(&client->queue, push->sequence);
    const sy_operation *newer = sy_operation_queue_newer(from);
    sy_operation next = *newer;
    if (from->kind == SY_OPERATION_INSERT && next.kind == SY_OPERATION_DELETE) {
        push->undone = next.sequence;
        sy_rc rc = sy_operation_queue_newer(newer) == NULL ? write_row(client, task, err) : SY_OK;
        return rc == SY_OK ? sy_operation_queue_remove(&client->queue, next.sequence, next.version,
                                                       NULL, err)
                           : rc;
    }
    next.base = from->base;
    if (from->kind == SY_OPERATION_INSERT && next.kind == SY_OPERATION_UPDATE) {
        next.kind = SY_OPERATION_INSERT;
    }
    return sy_operation_queue_change(&client->queue, &next, err);
}

/* A row of an operation, with texts of its own. */
static sy_rc decode(sy_task *task, sy_str bytes, const sy_row **out, sy_err *err)
{
    const sy_str copy = sy_arena_copy(&task->work, bytes);
    return copy.data == NULL ? sy_fail_nomem(err)
                             : sy_row_decode(copy, task->push->schema, &task->work, out, err);
}

/* Replays the updates behind, each over the one before it, beginning with the server's row, which
 * is the base of the first; an insert or a delete among them has nothing to do with what was there
 * before. */
static sy_rc replay(sy_client *client, sy_task *task, const sy_row *server, sy_str base,
                    sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_row *before = push->snapshot;
    const sy_row *over = server;
    const sy_operation *next = behind(client, push);
    while (next != NULL && next->kind == SY_OPERATION_UPDATE) {
        sy_operation changed = *next;
        changed.base = over == server ? base : changed.base;
        const sy_row *newer = NULL;
        sy_row *row = NULL;
        sy_rc rc = decode(task, next->item, &newer, err);
        if (rc == SY_OK) {
            rc = rebase(task, newer, before, over, &row, err);
        }
        if (rc == SY_OK) {
            rc = sy_row_encode(row, &task->work, &changed.item, err);
        }
        if (rc == SY_OK) {
            rc = sy_operation_queue_change(&client->queue, &changed, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
        before = newer;
        over = row;
        next = sy_operation_queue_newer(next);
    }
    if (next != NULL) {
        return SY_OK;
    }
    push->applied = true;
    push->applied_row = SY_MUTANT(OLD_ANSWER_SHOWN) ? server : over;
    return sy_apply_row(client, push->schema, push->id, push->applied_row, err);
}

/* The operation right behind now stands on the server's row, and so does what the local store
 * shows. */
static sy_rc move_base(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_row *server = NULL;
    sy_operation next = *behind(client, task->push);
    sy_rc rc = current_server_row(task, &server, err);
    if (rc == SY_OK) {
        rc = sy_row_encode(server, &task->work, &next.base, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    SY_ASSERT(server != NULL);
    return next.kind == SY_OPERATION_UPDATE && !sy_row_deleted(server)
               ? replay(client, task, server, next.base, err)
               : sy_operation_queue_change(&client->queue, &next, err);
}

/* The operation had been committed before, its answer was lost, and what the server answers now is
 * what somebody has made of the row since. */
static bool answers_later_row(const sy_client *client, const sy_push_run *push)
{
    return client->config.dialect->keeps_base && push->stamps != NULL &&
           !sy_value_missing(&push->stamps->cells[SY_COLUMN_EDITED_BY]) &&
           !sy_edit_stamp_by(push->stamps, client->config.installation_id, push->edit_sequence);
}

/* Whoever made the newer edit has not seen that row, nor that it is gone: the edit stands on what
 * was pushed (an insert: in a version that we do not know), and meets the row as a conflict of its
 * own. */
static sy_rc base_on_pushed(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    if (push->kind == SY_OPERATION_DELETE || push->item == NULL) {
        return hand_on_base(client, task, err);
    }
    sy_operation next = *behind(client, push);
    sy_rc rc = sy_row_encode(push->item, &task->work, &next.base, err);
    return rc == SY_OK ? sy_operation_queue_change(&client->queue, &next, err) : rc;
}

static sy_rc settle_behind(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_push_run *push = task->push;
    const bool was_done =
        push->yielded ? push->kind == SY_OPERATION_INSERT && sy_push_row_is_gone(client, push)
                      : answers_later_row(client, push);
    return was_done        ? base_on_pushed(client, task, err)
           : push->yielded ? hand_on_base(client, task, err)
                           : move_base(client, task, err);
}

/* What goes into the inbox: parked, unless newer edits behind hold it; or logged. */
static sy_rc put_aside(sy_client *client, sy_task *task, bool last, sy_err *err)
{
    const sy_push_run *push = task->push;
    return push->inbox == SY_INBOX_LOGGED || (push->inbox == SY_INBOX_PARKED && last)
               ? sy_inbox_add(client, task, err)
               : SY_OK;
}

static sy_rc settle_together(sy_client *client, sy_task *task, bool *removed, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_rc rc = sy_client_begin(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    const bool last = behind(client, push) == NULL;
    if (last || SY_MUTANT(ANSWER_OVERWRITES_EDIT)) {
        rc = write_row(client, task, err);
        if (rc == SY_OK && push->fork != NULL) { /* else it is in the edits behind */
            rc = sy_push_fork(client, task, err);
        }
    } else {
        rc = settle_behind(client, task, err);
    }
    if (rc == SY_OK) {
        rc = put_aside(client, task, last, err);
    }
    if (rc == SY_OK && !SY_MUTANT(DONE_BUT_QUEUED)) {
        rc = sy_operation_queue_remove(&client->queue, push->sequence, push->version, removed, err);
    }
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    return sy_client_commit(client, err);
}

static void trace_done(sy_client *client, sy_task *task, bool removed)
{
    sy_push_run *push = task->push;
    if (push->applied) {
        const sy_row *row = push->applied_row;
        sy_apply_trace(client, push->schema, row != NULL ? sy_row_id(row) : push->id, row,
                       row == push->server || row == NULL ? push->stamps : NULL);
        push->applied = false;
    }
    sy_push_trace_fork(client, push);
    if (removed) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(push->sequence),
                        sy_text(push->schema->name), sy_text(push->id), sy_cstr(push->reason));
    }
    if (removed && push->undone != 0) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(push->undone),
                        sy_text(push->schema->name), sy_text(push->id),
                        sy_cstr("its insert gave way"));
    }
}

/* P-D6 looks for the errors of the item among those of its table. It compares the item's id with
 * operations' and finds none [edge 40]; one that has no item breaks the push [edge 66]. */
static sy_rc clean_errors(sy_client *client, sy_task *task, sy_err *err)
{
    bool itemless = false;
    const sy_rc rc =
        sy_error_list_has_itemless(&client->errors, task->push->schema->name, &itemless, err);
    if (itemless) {
        sy_push_leader(task)->push->exception = "an error of the table has no item";
    }
    return rc;
}

static sy_rc settle_done(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    bool removed = false;
    push->applied = false;
    sy_rc rc;
    if (client->config.dialect->one_transaction) {
        rc = settle_together(client, task, &removed, err);
    } else {
        rc = write_row(client, task, err);
        if (rc == SY_OK) {
            trace_done(client, task, false);
            rc = sy_operation_queue_remove(&client->queue, push->sequence, push->version, &removed,
                                           err);
        }
    }
    if (rc == SY_OK) {
        sy_push_leader(task)->push->completed++;
        trace_done(client, task, removed);
    }
    return rc == SY_OK && client->config.dialect->missing == SY_MISSING_THROWS
               ? clean_errors(client, task, err)
               : rc;
}

/* -- not done -- */

/* An answer that says for certain that the server did not do it, and will not: what is queued may
 * be changed. After any other the request may have been committed all the same, by this sending or
 * an earlier one. */
static bool is_refusal(int status)
{
    switch (status) {
    case 400:
    case 404:
    case 405:
    case 409:
    case 410:
    case 412:
    case 413:
    case 415:
    case 422:
        return true;
    default:
        return false;
    }
}

static sy_rc mark_failed(sy_client *client, const sy_push_run *push, sy_err *err)
{
    const sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    if (operation == NULL || (push->attempt == 0 && operation->state == SY_STATE_PENDING)) {
        return SY_OK; /* gone, or never begun: its row was missing */
    }
    if (SY_MUTANT(DROPPED_AFTER_RETRIES) && operation->sendings >= 3) {
        return sy_operation_queue_remove(&client->queue, push->sequence, push->version, NULL, err);
    }
    sy_operation changed = *operation;
    changed.status = push->inbox == SY_INBOX_HELD ? SY_STATUS_HELD : push->answer_status;
    if (client->config.dialect->operation_keys && push->answer_status == SY_STATUS_KEY_REUSED) {
        changed.version++; /* and with it the key */
        sy_client_trace(client, &sy_event_detect, sy_cstr("our identity is used twice"),
                        sy_text(push->schema->name), sy_text(push->key));
    }
    if (!client->config.dialect->operation_keys || is_refusal(push->answer_status)) {
        changed.state = SY_STATE_FAILED;
    }
    return changed.state == operation->state && changed.status == operation->status
               ? SY_OK
               : sy_operation_queue_change(&client->queue, &changed, err);
}

/* The entry and the operation that waits for it, together. */
static sy_rc mark_held(sy_client *client, sy_task *task, sy_err *err)
{
    sy_rc rc = sy_client_begin(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = sy_inbox_add(client, task, err);
    if (rc == SY_OK) {
        rc = mark_failed(client, task->push, err);
    }
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    return sy_client_commit(client, err);
}

static sy_rc settle_failed(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_push_error error = sy_push_error_of(push);
    sy_push_trace_failed(client, push);
    sy_rc rc =
        SY_MUTANT(FAILED_IS_DROPPED)
            ? sy_operation_queue_remove(&client->queue, push->sequence, push->version, NULL, err)
        : push->inbox == SY_INBOX_HELD ? mark_held(client, task, err)
                                       : mark_failed(client, push, err);
    if (rc == SY_OK && !push->silent) {
        rc = client->config.dialect->errors != SY_ERRORS_NOT_STORED
                 ? sy_error_list_add(&client->errors, &error, err)
                 : sy_push_note_error(task, &error, err);
    }
    return rc;
}

void sy_push_settle(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_err err;
    sy_rc rc = SY_OK;
    switch (push->ending) {
    case SY_ENDING_DONE:
        rc = settle_done(client, task, &err);
        break;
    case SY_ENDING_FAILED:
        rc = settle_failed(client, task, &err);
        break;
    case SY_ENDING_ABORTED:
    case SY_ENDING_ESCAPED: {
        /* The failure that stopped the push may be the store's own: then there is nothing to be
         * written. */
        const sy_push_status status = sy_push_leader(task)->push->status;
        if (status != SY_PUSH_CANCELLED_BY_STORE_ERROR && status != SY_PUSH_INTERNAL_ERROR) {
            rc = mark_failed(client, push, &err);
        }
        break;
    }
    case SY_ENDING_SKIPPED:
        break;
    }
    if (rc != SY_OK) {
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
    sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    if (operation != NULL) {
        operation->in_flight = false;
    }
    sy_progress_item(client, task, SY_PROGRESS_ITEM_DONE);
}

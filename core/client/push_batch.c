/* Pushes a list of operations that is taken at the start [6.8]. The toolkit reads it without an
 * order; what we take is the order of the queue, which is what one worker keeps in practice [edge
 * 48].
 *
 * Nothing is saved on the way: answers are kept in memory, and one transaction at the end writes
 * the rows, the ends of the operations and the failures. So a crash during the push leaves all of
 * them queued. When the exception of a lost connection leaves the push that save is skipped, but
 * the tracked entities stay changed, and the next save queues them again as Replace [edge 49]; the
 * effect is written here at once: the operations that were answered go, and every row that was
 * inserted or updated is queued as an update. */
#include "core/client/apply.h"
#include "core/client/progress.h"
#include "core/client/push.h"
#include "core/client/stamp.h"

struct sy_push_saved { /* one operation's ending, to be written; in task->arena */
    sy_push_saved *next;
    sy_push_ending ending;
    int64_t sequence;
    sy_operation_kind kind;
    const sy_schema *schema;
    sy_str id;
    int status;
    const char *reason;
    const sy_row *row;    /* DONE: for the local store; NULL: nothing */
    const sy_row *resent; /* not DONE: the item of the unconditional replace that it has become;
                             NULL: it is as it was */
    const sy_row *stamps;
    bool removes;
};

/* Keeps what the operation in hand came to. */
static sy_rc save(sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_task *leader = sy_push_leader(task);
    sy_push_saved *saved = sy_arena_push(&leader->arena, sizeof *saved);
    if (saved == NULL) {
        return sy_fail_nomem(err);
    }
    *saved = (sy_push_saved){.ending = push->ending,
                             .sequence = push->sequence,
                             .kind = push->kind,
                             .schema = push->schema,
                             .status = push->answer_status,
                             .reason = push->reason,
                             .removes = push->settled_removes};
    saved->id = sy_arena_copy(&leader->arena, push->id);
    if (push->settled_row != NULL) {
        saved->row = sy_row_copy(&leader->arena, push->settled_row);
        saved->stamps = saved->row;
        if (push->settled_row == push->server) {
            saved->stamps = sy_row_copy(&leader->arena, push->stamps);
        }
    }
    if (push->ending != SY_ENDING_DONE && push->retargeted && push->item != NULL) {
        saved->resent = sy_row_copy(&leader->arena, push->item);
        if (saved->resent == NULL) {
            return sy_fail_nomem(err);
        }
    }
    if (saved->id.data == NULL ||
        (push->settled_row != NULL && (saved->row == NULL || saved->stamps == NULL))) {
        return sy_fail_nomem(err);
    }
    if (leader->push->saved_last != NULL) {
        leader->push->saved_last->next = saved;
    } else {
        leader->push->saved_first = saved;
    }
    leader->push->saved_last = saved;
    return SY_OK;
}

static void settle(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    if (operation != NULL) {
        operation->in_flight = false;
    }
    sy_err err;
    sy_rc rc = SY_OK;
    switch (push->ending) {
    case SY_ENDING_DONE:
        rc = save(task, &err);
        sy_push_leader(task)->push->completed++;
        break;
    case SY_ENDING_FAILED: {
        sy_push_error error = sy_push_error_of(push);
        error.operation_version += push->retargeted; /* as it is going to be */
        sy_push_trace_failed(client, push);
        rc = sy_push_note_error(task, &error, &err);
        rc = rc == SY_OK ? save(task, &err) : rc;
        break;
    }
    case SY_ENDING_ESCAPED:
        sy_push_leader(task)->push->escaped = true;
        rc = push->retargeted ? save(task, &err) : SY_OK;
        sy_push_abort(task,
                      push->answer_status == 0 ? SY_PUSH_CANCELLED_BY_NETWORK_ERROR
                                               : SY_PUSH_INTERNAL_ERROR,
                      push->answer_rc, NULL);
        break;
    case SY_ENDING_ABORTED:
    case SY_ENDING_SKIPPED:
        break;
    }
    if (rc != SY_OK) {
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
    sy_progress_item(client, task, SY_PROGRESS_ITEM_DONE);
}

/* -- the save at the end -- */

/* Its state and, after a resend, what that made of it: an exception that leaves the push keeps the
 * latter only. */
static sy_rc write_failed(sy_client *client, sy_task *task, const sy_operation *operation,
                          const sy_push_saved *saved, sy_err *err)
{
    sy_operation changed = *operation;
    if (saved->ending == SY_ENDING_FAILED) {
        changed.state = SY_STATE_FAILED;
        changed.status = saved->status;
    }
    if (saved->resent != NULL) {
        sy_rc rc = sy_row_encode(saved->resent, &task->arena, &changed.item, err);
        if (rc != SY_OK) {
            return rc;
        }
        changed.kind = changed.kind == SY_OPERATION_INSERT ? SY_OPERATION_UPDATE : changed.kind;
        changed.version++;
    }
    return sy_operation_queue_change(&client->queue, &changed, err);
}

/* Edge 49: the entity that the answer changed is an edit like any other to the next save. */
static sy_rc queue_again(sy_client *client, sy_task *task, const sy_push_saved *saved, sy_err *err)
{
    sy_str item;
    sy_rc rc = sy_row_encode(saved->row, &task->arena, &item, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_operation again = {.version = client->config.dialect->version_first,
                          .kind = SY_OPERATION_UPDATE,
                          .state = SY_STATE_PENDING,
                          .schema = saved->schema,
                          .id = saved->id,
                          .item = item};
    sy_operation *added;
    rc = sy_stamp_next(client, again.schema, &again.edited_at, err);
    return rc != SY_OK ? rc : sy_operation_queue_add(&client->queue, &again, &added, err);
}

static sy_rc write_done(sy_client *client, sy_task *task, const sy_operation *operation,
                        const sy_push_saved *saved, sy_err *err)
{
    sy_rc rc = SY_OK;
    if (saved->removes || saved->row != NULL) {
        rc =
            sy_apply_row(client, saved->schema, saved->id, saved->removes ? NULL : saved->row, err);
    }
    if (rc == SY_OK) {
        rc = sy_operation_queue_remove(&client->queue, operation->sequence, operation->version,
                                       NULL, err);
    }
    if (rc == SY_OK && task->push->escaped && saved->row != NULL && !saved->removes) {
        rc = queue_again(client, task, saved, err);
    }
    return rc;
}

static sy_rc write_all(sy_client *client, sy_task *task, sy_err *err)
{
    for (const sy_push_saved *saved = task->push->saved_first; saved != NULL; saved = saved->next) {
        const sy_operation *operation = sy_operation_queue_get(&client->queue, saved->sequence);
        if (operation == NULL) {
            continue;
        }
        sy_rc rc = saved->ending == SY_ENDING_DONE
                       ? write_done(client, task, operation, saved, err)
                       : write_failed(client, task, operation, saved, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    return SY_OK;
}

static void trace_all(sy_client *client, const sy_push_run *push)
{
    for (const sy_push_saved *saved = push->saved_first; saved != NULL; saved = saved->next) {
        if (saved->ending != SY_ENDING_DONE) {
            continue;
        }
        if (saved->removes || saved->row != NULL) {
            sy_apply_trace(client, saved->schema, saved->id, saved->removes ? NULL : saved->row,
                           saved->stamps);
        }
        sy_client_trace(client, &sy_event_dequeue, sy_int(saved->sequence),
                        sy_text(saved->schema->name), sy_text(saved->id), sy_cstr(saved->reason));
        const sy_operation *again =
            sy_operation_queue_find(&client->queue, saved->schema, saved->id);
        if (push->escaped && again != NULL) {
            sy_client_trace(client, &sy_event_enqueue, sy_int(again->sequence),
                            sy_cstr(sy_operation_kind_name(again->kind)),
                            sy_text(saved->schema->name), sy_text(saved->id));
        }
    }
}

static void save_changes(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    if (push->saved_first == NULL) {
        return;
    }
    sy_err err;
    sy_rc rc = sy_client_begin(client, &err);
    if (rc == SY_OK) {
        rc = write_all(client, task, &err);
        if (rc == SY_OK) {
            rc = sy_client_commit(client, &err);
        } else {
            sy_client_rollback(client);
        }
    }
    if (rc == SY_OK) {
        trace_all(client, push);
    } else {
        push->completed = 0;
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
}

/* -- the walk -- */

static void next(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_err err;
    sy_rc rc = push->list == NULL ? sy_push_list_take(client, task, &err) : SY_OK;
    if (rc == SY_OK) {
        sy_push_heed_cancel(client, task);
    }
    task->state = SY_PUSH_ENDING;
    if (rc == SY_OK && !sy_push_aborted(push) && push->parallel > 1 && push->list_at == 0) {
        sy_push_workers_start(client, task, settle);
        return;
    }
    const sy_operation *operation =
        rc == SY_OK && !sy_push_aborted(push) ? sy_push_list_next(client, push) : NULL;
    if (operation != NULL) {
        rc = sy_push_take(client, task, operation, &err);
    }
    if (rc != SY_OK) {
        task->state = SY_PUSH_ENDING;
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
    if (task->state == SY_PUSH_ENDING) {
        save_changes(client, task);
    }
}

void sy_push_batch_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PUSH_NEXT) {
        next(client, task);
    }
    if (task->state == SY_PUSH_WORKING) {
        if (task->children > 0) {
            return;
        }
        task->state = SY_PUSH_ENDING;
        save_changes(client, task);
    }
    while (task->state != SY_PUSH_ENDING && task->state != SY_PUSH_COMPLETING) {
        if (!sy_push_attempt(client, task)) {
            return;
        }
        settle(client, task);
        sy_task_unlock(client, task, client->config.dialect->lock_push_item);
        next(client, task);
    }
    sy_push_finish(client, task);
}

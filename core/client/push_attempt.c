/* One operation of a push: lock, item, request; what comes of the answer is push_decide.c's. All
 * that it needs lives in task->work, and nothing but the state of the operation (Attempted, before
 * it is sent) is written here: what the ending means for the store is push_settle.c's.
 * protocol.md 6.2. */
#include "core/client/push.h"

#include "core/base/check.h"
#include "core/client/operation_key.h"
#include "core/client/progress.h"

/* -- taking it in hand -- */

static sy_method method_of(const sy_dialect *dialect, sy_operation_kind kind)
{
    return kind == SY_OPERATION_INSERT   ? SY_METHOD_INSERT
           : kind == SY_OPERATION_UPDATE ? dialect->update_method
                                         : SY_METHOD_DELETE;
}

sy_rc sy_push_take(sy_client *client, sy_task *task, const sy_operation *operation, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    sy_arena_reset(&task->work);
    sy_arena_reserve(&task->work, SY_TASK_ARENA_SIZE);
    push->sequence = operation->sequence;
    push->version = operation->version;
    push->kind = operation->kind;
    push->schema = operation->schema;
    push->edited_at = operation->edited_at;
    push->edit_sequence = operation->edit_sequence;
    push->attempt = 0;
    push->rounds = 0;
    push->base_bytes = (sy_str){NULL, 0};
    push->snapshot = push->base = push->wanted = push->item = push->local = push->server =
        push->stamps = NULL;
    push->settled_row = NULL;
    push->settled_removes = false;
    push->yielded = false;
    push->retargeted = false;
    push->silent = false;
    push->inbox = SY_INBOX_NONE;
    push->fork = NULL;
    push->forked = 0;
    push->undone = 0;
    push->answer_rc = SY_OK;
    push->answer_status = 0;
    push->detail = NULL;
    push->reason = "";
    push->if_match = push->key = (sy_str){NULL, 0};
    push->method = method_of(dialect, push->kind);
    push->id = sy_arena_copy(&task->work, operation->id);
    if (push->id.data == NULL) {
        return sy_fail_nomem(err);
    }
    task->state = SY_PUSH_LOCKING;
    return dialect->operation_keys && operation->key.size > 0
               ? sy_operation_key_sent(operation, &task->work, &push->key, err)
               : SY_OK;
}

/* State Attempted goes to the store before the request goes out [6.2 step 3]; with operation keys
 * only over Failed, as whatever is Pending after a restart is taken for attempted. The version that
 * was seen when the operation was taken is written, whatever happened while its lock was waited for
 * [edge 76]. */
static sy_rc mark_attempted(sy_client *client, const sy_push_run *push, sy_operation *operation,
                            sy_err *err)
{
    const sy_dialect *dialect = client->config.dialect;
    const bool persists = dialect->persists_attempted ||
                          (dialect->operation_keys && operation->state == SY_STATE_FAILED);
    if (persists &&
        (operation->state != SY_STATE_ATTEMPTED || operation->version != push->version)) {
        sy_operation changed = *operation;
        changed.state = SY_STATE_ATTEMPTED;
        changed.version = push->version;
        sy_rc rc = sy_client_writable(client, err);
        if (rc == SY_OK) {
            rc = sy_operation_queue_change(&client->queue, &changed, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (dialect->operation_keys) {
        operation->state = SY_STATE_ATTEMPTED;
    }
    operation->in_flight = true;
    return SY_OK;
}

/* -- locking to sending -- */

/* The operation went while its lock was waited for. */
static void settle_gone(sy_client *client, sy_task *task)
{
    if (client->config.dialect->missing == SY_MISSING_THROWS) {
        sy_push_leader(task)->push->exception = "the operation is not in the queue any more";
    }
    sy_push_end(task, SY_ENDING_SKIPPED, "gone");
}

/* The error names the item (in P-D6 it has none) and has no status; the operation stays as it is
 * [6.2 step 2, edges 66, 76]. */
static void settle_missing(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    if (client->config.dialect->missing == SY_MISSING_ERROR) {
        sy_row *item = sy_row_new(&task->work, push->schema);
        if (item == NULL) {
            sy_err err;
            sy_push_break(task, sy_fail_nomem(&err), &err);
            return;
        }
        item->cells[SY_COLUMN_ID] = sy_text(push->id);
        push->item = item;
    }
    push->detail = "the row is not in the local store";
    sy_push_end(task, SY_ENDING_FAILED, "row missing");
}

/* The operation in hand is what is queued for the item now [6.7]. */
static sy_operation *reread(const sy_client *client, sy_push_run *push)
{
    sy_operation *operation = sy_operation_queue_find(&client->queue, push->schema, push->id);
    if (operation != NULL) {
        push->sequence = operation->sequence;
        push->version = operation->version;
        push->kind = operation->kind;
        push->method = method_of(client->config.dialect, push->kind);
    }
    return operation;
}

static void open_operation(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    if (!sy_task_lock(client, task, dialect->lock_push_item, push->schema, push->id)) {
        return;
    }
    if (sy_push_leader(task)->cancelled) { /* while it waited for the lock [6.2 step 1] */
        sy_push_end(task, SY_ENDING_SKIPPED, "cancelled");
        return;
    }
    sy_operation *operation = dialect->push_rereads
                                  ? reread(client, push)
                                  : sy_operation_queue_get(&client->queue, push->sequence);
    if (operation == NULL && dialect->missing != SY_MISSING_ERROR) {
        settle_gone(client, task);
        return;
    }
    sy_err err;
    sy_rc rc = operation == NULL ? SY_OK : sy_push_load_item(client, task, operation, &err);
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
        return;
    }
    if (operation == NULL || (push->kind != SY_OPERATION_DELETE && push->item == NULL)) {
        settle_missing(client, task);
        return;
    }
    sy_progress_item(client, task, SY_PROGRESS_ITEM_BEGUN);
    rc = mark_attempted(client, push, operation, &err);
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
    } else if (sy_push_asks_always(client, push)) {
        sy_push_ask(client, task, SY_PHASE_STARTED);
    } else {
        task->state = SY_PUSH_SENDING;
    }
}

static void send(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_request request;
    sy_err err;
    push->attempt++;
    sy_rc rc = sy_push_build_request(client, task, &request, &err);
    if (rc == SY_OK) {
        rc = sy_task_send(client, task, &request, push->sequence, &err);
    }
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
    } else {
        task->state = SY_PUSH_WAITING;
    }
}

/* Given back while the handler was asked; a worker's is its leader's. */
static bool has_push_lock(sy_client *client, sy_task *task)
{
    return task->push->leader != NULL ||
           sy_task_lock(client, task, client->config.dialect->lock_push, NULL, (sy_str){NULL, 0});
}

bool sy_push_attempt(sy_client *client, sy_task *task)
{
    while (task->state != SY_PUSH_SETTLED) {
        const int before = task->state;
        switch (task->state) {
        case SY_PUSH_LOCKING:
            open_operation(client, task);
            break;
        case SY_PUSH_SENDING:
            send(client, task);
            break;
        case SY_PUSH_WAITING:
            if (task->answered) {
                task->answered = false;
                sy_push_receive(client, task);
            }
            break;
        case SY_PUSH_STARTING:
        case SY_PUSH_DECIDING:
            if (task->decided && has_push_lock(client, task)) {
                sy_push_obey(client, task);
            }
            break;
        default:
            SY_UNREACHABLE();
        }
        const bool asked = task->state == SY_PUSH_STARTING || task->state == SY_PUSH_DECIDING;
        if (task->state == before || asked) {
            return false; /* a decision that was taken already wakes the task */
        }
    }
    return true;
}

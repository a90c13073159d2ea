/* P-AN's walk [6.1, 6.5]: first come first served, up to a bookmark that is set when the push
 * begins; what is queued later waits for the next one. An operation that fails is taken off the
 * queue. If the push does not come to its end (no connection, 401, the store) those come back,
 * behind the others; if it does, they are the business of whoever completes pushes: what he leaves
 * unhandled, or all of them when there is nobody, is lost [edge 34]. So the local row stays as it
 * was edited and nobody will ever send it. */
#include "core/client/push.h"

struct sy_push_taken { /* an operation that failed; in the push's arena */
    sy_push_taken *next;
    sy_operation operation; /* as it was */
    int64_t back;           /* its number in the queue now; 0: it is not there */
};

static bool copy_texts(sy_arena *arena, sy_operation *operation)
{
    operation->id = sy_arena_copy(arena, operation->id);
    operation->item = sy_arena_copy(arena, operation->item);
    operation->base = sy_arena_copy(arena, operation->base);
    operation->key = sy_arena_copy(arena, operation->key);
    return operation->id.data != NULL && operation->item.data != NULL &&
           operation->base.data != NULL && operation->key.data != NULL;
}

/* The operation in hand failed: it goes, and is remembered. */
static sy_rc take_off(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    if (operation == NULL) {
        return SY_OK;
    }
    sy_push_taken *taken = sy_arena_push_zeroed(&task->arena, sizeof *taken);
    if (taken == NULL) {
        return sy_fail_nomem(err);
    }
    taken->operation = *operation;
    if (!copy_texts(&task->arena, &taken->operation)) {
        return sy_fail_nomem(err);
    }
    const sy_rc rc = sy_operation_queue_remove(&client->queue, operation->sequence,
                                               operation->version, NULL, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (push->taken_last != NULL) {
        push->taken_last->next = taken;
    } else {
        push->taken_first = taken;
    }
    push->taken_last = taken;
    sy_client_trace(client, &sy_event_dequeue, sy_int(push->sequence), sy_text(push->schema->name),
                    sy_text(push->id), sy_cstr("failed"));
    return SY_OK;
}

static void settle(sy_client *client, sy_task *task)
{
    sy_push_settle(client, task);
    if (task->push->ending != SY_ENDING_FAILED || sy_push_aborted(task->push)) {
        return;
    }
    sy_err err;
    const sy_rc rc = take_off(client, task, &err);
    if (rc != SY_OK) {
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
}

/* It comes back under a new number, its error with it. What fails here is swallowed [edge 34]. */
static void put_back(sy_client *client, sy_push_taken *taken)
{
    sy_operation *added = NULL;
    sy_rc rc = sy_client_begin(client, NULL);
    if (rc == SY_OK) {
        rc = sy_operation_queue_add(&client->queue, &taken->operation, &added, NULL);
    }
    if (rc == SY_OK) {
        taken->back = added->sequence;
        rc = sy_error_list_rename(&client->errors, taken->operation.sequence, added->sequence,
                                  added->version, NULL);
    }
    if (rc == SY_OK) {
        rc = sy_client_commit(client, NULL);
    } else if (client->in_transaction) {
        sy_client_rollback(client);
    }
    if (rc != SY_OK) {
        taken->back = 0;
        return;
    }
    const sy_operation *operation = &taken->operation;
    sy_client_trace(client, &sy_event_enqueue, sy_int(taken->back),
                    sy_cstr(sy_operation_kind_name(operation->kind)),
                    sy_text(operation->schema->name), sy_text(operation->id));
}

static void put_back_all(sy_client *client, sy_task *task)
{
    const sy_push_run *push = task->push;
    if (!sy_push_aborted(push) && !sy_push_wants_completion(client)) {
        return;
    }
    for (sy_push_taken *taken = push->taken_first; taken != NULL; taken = taken->next) {
        put_back(client, taken);
    }
}

/* Whoever completes pushes has spoken: what he left as it was is lost. */
static void drop_unhandled(sy_client *client, const sy_task *task)
{
    const sy_push_run *push = task->push;
    for (const sy_push_taken *taken = push->taken_first; taken != NULL && !sy_push_aborted(push);
         taken = taken->next) {
        const sy_operation *operation = sy_operation_queue_get(&client->queue, taken->back);
        if (operation == NULL || operation->state != SY_STATE_FAILED ||
            operation->version != taken->operation.version) {
            continue;
        }
        if (sy_operation_queue_remove(&client->queue, taken->back, operation->version, NULL,
                                      NULL) == SY_OK) {
            sy_client_trace(client, &sy_event_dequeue, sy_int(taken->back),
                            sy_text(taken->operation.schema->name), sy_text(taken->operation.id),
                            sy_cstr("failed"));
        }
    }
}

static void next(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    task->state = SY_PUSH_ENDING;
    sy_push_heed_cancel(client, task);
    const sy_operation *operation =
        sy_push_aborted(push)
            ? NULL
            : sy_operation_queue_peek(&client->queue, push->after, push->tables, push->table_count);
    if (operation == NULL || operation->sequence > push->bookmark) {
        put_back_all(client, task);
        return;
    }
    push->after = operation->sequence;
    sy_err err;
    const sy_rc rc = sy_push_take(client, task, operation, &err);
    if (rc != SY_OK) {
        task->state = SY_PUSH_ENDING;
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
        put_back_all(client, task);
    }
}

void sy_push_bookmark_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PUSH_NEXT) {
        task->push->bookmark = client->queue.sequence_last;
        next(client, task);
    }
    while (task->state != SY_PUSH_ENDING && task->state != SY_PUSH_COMPLETING) {
        if (!sy_push_attempt(client, task)) {
            return;
        }
        settle(client, task);
        sy_task_unlock(client, task, client->config.dialect->lock_push_item);
        next(client, task);
    }
    if (task->state == SY_PUSH_COMPLETING && task->decided) {
        drop_unhandled(client, task);
    }
    sy_push_finish(client, task);
}

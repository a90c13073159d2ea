/* Several operations of one push at once [6.1, 6.7, 6.8]. What is queued at the start becomes a
 * list; each worker is a task of its own and takes the next of the list as soon as it is free, so
 * the order in which operations end is the network's, and the order in which they begin is the
 * queue's as far as workers are free: ties go to the worker that was made first. Nothing is drawn.
 *
 * A push that is aborted takes no further operation; those that are under way come to their end. */
#include "core/base/check.h"
#include "core/client/push.h"

sy_rc sy_push_list_take(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const uint32_t count = sy_operation_queue_count(&client->queue, NULL);
    push->list = sy_arena_push(&task->arena, (count > 0 ? count : 1) * sizeof *push->list);
    if (push->list == NULL) {
        return sy_fail_nomem(err);
    }
    const sy_operation *operation;
    while (push->list_count < count &&
           (operation = sy_operation_queue_peek(&client->queue, push->after, push->tables,
                                                push->table_count)) != NULL) {
        push->after = operation->sequence;
        push->list[push->list_count++] = operation->sequence;
    }
    return SY_OK;
}

const sy_operation *sy_push_list_next(const sy_client *client, sy_push_run *push)
{
    const sy_operation *operation = NULL;
    while (operation == NULL && push->list_at < push->list_count) {
        operation = sy_operation_queue_get(&client->queue, push->list[push->list_at++]);
    }
    return operation;
}

static void next(sy_client *client, sy_task *task)
{
    sy_task *leader = sy_push_leader(task);
    task->state = SY_PUSH_ENDING;
    sy_push_heed_cancel(client, leader);
    const sy_operation *operation =
        sy_push_aborted(leader->push) ? NULL : sy_push_list_next(client, leader->push);
    if (operation == NULL) {
        return;
    }
    sy_err err;
    const sy_rc rc = sy_push_take(client, task, operation, &err);
    if (rc != SY_OK) {
        task->state = SY_PUSH_ENDING;
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
}

static void worker_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PUSH_NEXT) {
        next(client, task);
    }
    while (task->state != SY_PUSH_ENDING) {
        if (!sy_push_attempt(client, task)) {
            return;
        }
        sy_push_leader(task)->push->settle(client, task);
        sy_task_unlock(client, task, client->config.dialect->lock_push_item);
        next(client, task);
    }
    sy_task_end(client, task);
}

void sy_push_workers_start(sy_client *client, sy_task *task, sy_task_step settle)
{
    sy_push_run *push = task->push;
    const size_t count = push->list_count < push->parallel ? push->list_count : push->parallel;
    SY_ASSERT(push->leader == NULL);
    push->settle = settle;
    task->state = SY_PUSH_WORKING;
    for (size_t i = 0; i < count; i++) {
        const sy_call call = {.verb = SY_VERB_PUSH};
        sy_task *worker = NULL;
        sy_err err;
        const sy_rc rc = sy_task_new(client, &call, &worker, &err);
        if (rc != SY_OK) {
            sy_push_abort(task, sy_push_status_of(rc), rc, &err);
            return;
        }
        worker->push->leader = task;
        worker->step = worker_step;
        sy_task_adopt(task, worker);
    }
}

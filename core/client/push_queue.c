/* Walks the queue as it is: the first operation with a larger sequence, again and again, so that
 * what is queued during the push is pushed too, and what failed is passed over until the next push
 * [6.1 P-CL]. `sound` walks like this as well; there an operation of an item whose earlier one
 * failed waits with it. In parallel P-D6 takes what is queued at the start [6.7]. */
#include "core/base/mutant.h"
#include "core/client/inbox.h"
#include "core/client/push.h"

/* A policy holds it for a person; another push has it in hand and waits for its handler, or an
 * older one of its item is still there: it failed, or it is in other hands. */
static bool must_wait(const sy_client *client, const sy_operation *operation)
{
    const sy_dialect *dialect = client->config.dialect;
    return sy_inbox_holds(operation) || (dialect->asks_unlocked && operation->in_flight) ||
           (dialect->keeps_base && sy_operation_queue_older(operation) != NULL);
}

static void next(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    task->state = SY_PUSH_ENDING;
    sy_push_heed_cancel(client, task);
    if (sy_push_aborted(push)) {
        return;
    }
    const sy_operation *operation;
    do {
        operation =
            sy_operation_queue_peek(&client->queue, push->after, push->tables, push->table_count);
        if (operation == NULL) {
            return;
        }
        push->after = operation->sequence;
    } while (must_wait(client, operation));
    if (SY_MUTANT(QUEUE_UNORDERED) && push->attempt == 0) {
        const sy_operation *second = sy_operation_queue_peek(&client->queue, operation->sequence,
                                                             push->tables, push->table_count);
        push->after -= second != NULL && !must_wait(client, second);
        operation = second != NULL && !must_wait(client, second) ? second : operation;
    }
    sy_err err;
    sy_rc rc = sy_push_take(client, task, operation, &err);
    if (rc != SY_OK) {
        task->state = SY_PUSH_ENDING;
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
}

static void start_workers(sy_client *client, sy_task *task)
{
    sy_err err;
    const sy_rc rc = sy_push_list_take(client, task, &err);
    task->state = SY_PUSH_WORKING;
    if (rc == SY_OK) {
        sy_push_workers_start(client, task, sy_push_settle);
    } else {
        sy_push_abort(task, sy_push_status_of(rc), rc, &err);
    }
}

void sy_push_queue_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PUSH_NEXT && task->push->parallel > 1) {
        start_workers(client, task);
    } else if (task->state == SY_PUSH_NEXT) {
        next(client, task);
    }
    if (task->state == SY_PUSH_WORKING) {
        if (task->children > 0) {
            return;
        }
        task->state = SY_PUSH_ENDING;
    }
    while (task->state != SY_PUSH_ENDING && task->state != SY_PUSH_COMPLETING) {
        if (!sy_push_attempt(client, task)) {
            return;
        }
        sy_push_settle(client, task);
        sy_task_unlock(client, task, client->config.dialect->lock_push_item);
        next(client, task);
    }
    sy_push_finish(client, task);
}

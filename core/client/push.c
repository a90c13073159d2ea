/* The begin and the end of every push. The end [6.5]: all errors that are known are gathered,
 * whoever completes pushes is asked, and what is still unhandled then decides whether push() fails.
 */
#include "core/client/push.h"

#include "core/base/mutant.h"
#include "core/client/progress.h"

#include <stdio.h>
#include <string.h>

sy_push_status sy_push_status_of(sy_rc rc)
{
    return rc == SY_STORE || rc == SY_CORRUPT ? SY_PUSH_CANCELLED_BY_STORE_ERROR
                                              : SY_PUSH_INTERNAL_ERROR;
}

sy_task *sy_push_leader(sy_task *task)
{
    return task->push->leader != NULL ? task->push->leader : task;
}

bool sy_push_aborted(const sy_push_run *push)
{
    const sy_push_run *leader = push->leader != NULL ? push->leader->push : push;
    return leader->status != SY_PUSH_COMPLETE || leader->exception != NULL;
}

void sy_push_abort(sy_task *task, sy_push_status status, sy_rc rc, const sy_err *err)
{
    task = sy_push_leader(task);
    task->push->status = status; /* the last one wins [6.3, edge 22] */
    task->rc = rc;
    if (err != NULL) {
        task->err = *err;
    } else {
        (void)SY_FAIL(&task->err, rc, "%s", sy_push_status_name(status));
    }
}

void sy_push_unlock_to_ask(sy_client *client, sy_task *task)
{
    if (client->config.dialect->asks_unlocked && !SY_MUTANT(LOCKED_WHILE_ASKING)) {
        sy_task_unlock(client, task, client->config.dialect->lock_push);
    }
}

void sy_push_heed_cancel(const sy_client *client, sy_task *task)
{
    const sy_push_status status = task->push->status;
    const bool outranked = !client->config.dialect->cancel_ends_at_once &&
                           (status == SY_PUSH_CANCELLED_BY_NETWORK_ERROR ||
                            status == SY_PUSH_CANCELLED_BY_AUTHENTICATION_ERROR);
    if (task->cancelled && (status == SY_PUSH_COMPLETE || outranked)) {
        sy_push_abort(task, SY_PUSH_CANCELLED_BY_TOKEN, SY_CANCELLED, NULL);
    }
}

/* -- begin -- */

static void trace_begin(sy_client *client, const sy_task *task)
{
    const sy_push_run *push = task->push;
    char names[256] = "all";
    size_t size = strlen(names);
    uint32_t pending = 0;
    for (uint32_t i = 0; i < push->table_count; i++) {
        const sy_str name = push->tables[i]->name;
        const int written =
            snprintf(names + (i == 0 ? 0 : size), sizeof names - (i == 0 ? 0 : size), "%s%.*s",
                     i == 0 ? "" : ",", SY_FMT(name));
        size = (i == 0 ? 0 : size) + (written > 0 ? (size_t)written : 0);
        size = size < sizeof names ? size : sizeof names - 1;
        pending += sy_operation_queue_count(&client->queue, push->tables[i]);
    }
    if (push->table_count == 0) {
        pending = sy_operation_queue_count(&client->queue, NULL);
    }
    sy_client_trace(client, &sy_event_push_begin, sy_int((int64_t)task->ticket), sy_cstr(names),
                    sy_int(pending));
}

/* Operations under way at once, within what the dialect can. */
static uint32_t parallel_of(const sy_client *client)
{
    const uint32_t asked = client->config.parallel;
    const uint32_t max = client->config.dialect->parallel_max;
    return asked < 1 ? 1 : asked < max ? asked : max;
}

void sy_push_start_step(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    if (!sy_task_lock(client, task, dialect->lock_push, NULL, (sy_str){NULL, 0})) {
        return;
    }
    push->table_count = task->call.table_count;
    for (uint32_t i = 0; i < push->table_count; i++) {
        push->tables[i] = sy_client_schema(client, task->call.tables[i]);
    }
    push->status = SY_PUSH_COMPLETE;
    push->parallel = parallel_of(client);
    if (client->config.tracer.ops != NULL) {
        trace_begin(client, task);
    }
    sy_progress_push(client, task, SY_PROGRESS_STARTED, true);
    task->state = SY_PUSH_NEXT;
    task->step = dialect->push_step;
    task->step(client, task);
}

/* -- end -- */

static void end(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    push->result = (sy_push_result){.status = push->status,
                                    .completed = push->completed,
                                    .errors = push->errors,
                                    .error_count = push->error_count};
    sy_progress_push(client, task, SY_PROGRESS_ENDED, push->status == SY_PUSH_COMPLETE);
    sy_client_trace(client, &sy_event_push_end, sy_int((int64_t)task->ticket),
                    sy_cstr(sy_push_status_name(push->status)), sy_int(push->error_count));
    sy_task_end(client, task);
}

/* The end itself failed: the store or the memory. */
static void end_broken(sy_client *client, sy_task *task, sy_rc rc, const sy_err *err)
{
    sy_push_abort(task, sy_push_status_of(rc), rc, err);
    if (rc != SY_NOMEM) {
        task->rc = SY_PUSH_FAILED;
    }
    end(client, task);
}

/* Only what nobody handled is reported [6.5 step 4]. */
static void drop_handled(sy_push_run *push)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < push->error_count; i++) {
        if (!push->errors[i].handled) {
            push->errors[kept++] = push->errors[i];
        }
    }
    push->error_count = kept;
}

static void say_errors(sy_task *task)
{
    const sy_push_run *push = task->push;
    const sy_push_error *first = &push->errors[0];
    (void)SY_FAIL(&task->err, SY_PUSH_FAILED,
                  "%u operation%s could not be pushed, first the %s of %.*s/%.*s (status %d)",
                  (unsigned)push->error_count, push->error_count == 1 ? "" : "s",
                  sy_operation_kind_name(first->kind), SY_FMT(first->table), SY_FMT(first->id),
                  first->status);
}

/* What is stored of errors goes, as the dialect has it. */
static sy_rc clear_errors(sy_client *client, const sy_push_run *push, sy_err *err)
{
    if (client->config.dialect->errors == SY_ERRORS_CONFLICTS_STAY) {
        return push->error_count == 0 ? SY_OK
                                      : sy_error_list_keep_conflicts(&client->errors, push->tables,
                                                                     push->table_count, err);
    }
    /* all of them, whichever push they are of [edge 6] */
    return sy_error_list_clear(&client->errors, (sy_str){NULL, 0}, err);
}

static void conclude(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    const sy_dialect *dialect = client->config.dialect;
    const bool hook_failed = push->completed_rc != SY_OK;
    if (dialect->errors != SY_ERRORS_NOT_STORED && !hook_failed) {
        sy_err err;
        sy_rc rc = clear_errors(client, push, &err);
        if (rc != SY_OK) {
            end_broken(client, task, rc, &err);
            return;
        }
    }
    drop_handled(push);
    if (push->exception != NULL) {
        task->rc = SY_PUSH_FAILED;
        (void)SY_FAIL(&task->err, SY_PUSH_FAILED, "%s", push->exception);
    } else if (push->status == SY_PUSH_CANCELLED_BY_TOKEN) {
        task->rc = SY_CANCELLED;
    } else if (sy_push_aborted(push)) {
        (void)sy_err_wrap(&task->err, task->rc, "%s", sy_push_status_name(push->status));
        if (!push->escaped && task->rc != SY_NOMEM) {
            task->rc = SY_PUSH_FAILED;
        }
    } else if (hook_failed) {
        task->rc = SY_PUSH_FAILED;
        (void)SY_FAIL(&task->err, SY_PUSH_FAILED, "push_complete failed: %s",
                      sy_rc_name(push->completed_rc));
    } else if (push->error_count > 0 && dialect->push_fails_on_error) {
        task->rc = SY_PUSH_FAILED;
        say_errors(task);
    }
    task->err.rc = task->rc;
    end(client, task);
}

bool sy_push_wants_completion(const sy_client *client)
{
    const sy_handler *handler = &client->config.handler;
    return handler->ops != NULL && handler->ops->push_complete != NULL &&
           client->config.dialect->has_hooks;
}

static void ask_completion(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    push->result = (sy_push_result){.status = push->status,
                                    .completed = push->completed,
                                    .errors = push->errors,
                                    .error_count = push->error_count};
    push->completed_rc = SY_OK;
    push->decision_id = ++client->decision_last;
    task->decided = false;
    task->state = SY_PUSH_COMPLETING;
    sy_push_unlock_to_ask(client, task);
    client->config.handler.ops->push_complete(client->config.handler.self, push->decision_id,
                                              &push->result);
}

static void drop_other_tables(sy_push_run *push)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < push->error_count; i++) {
        bool pushed = push->table_count == 0;
        for (uint32_t t = 0; t < push->table_count && !pushed; t++) {
            pushed = sy_str_equal(push->tables[t]->name, push->errors[i].table);
        }
        if (pushed) {
            push->errors[kept++] = push->errors[i];
        }
    }
    push->error_count = kept;
}

void sy_push_finish(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    if (task->state == SY_PUSH_COMPLETING) {
        if (task->decided) {
            conclude(client, task);
        }
        return;
    }
    push->sequence = 0;
    if (client->config.dialect->errors != SY_ERRORS_NOT_STORED) {
        sy_err err;
        sy_rc rc = sy_error_list_load(&client->errors, client->tables, client->config.table_count,
                                      &task->arena, &push->errors, &push->error_count, &err);
        if (rc != SY_OK) {
            end_broken(client, task, rc, &err);
            return;
        }
        if (client->config.dialect->errors == SY_ERRORS_CONFLICTS_STAY) {
            drop_other_tables(push);
        }
    }
    if (sy_push_wants_completion(client) && !push->escaped) {
        ask_completion(client, task);
    } else {
        conclude(client, task);
    }
}

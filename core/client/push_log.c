/* Walks the log as the JavaScript client does [6.1 P-JS]: the first operation behind the last one
 * that was processed, again and again. An operation is locked from here until its answer: an edit
 * of the row meanwhile is an operation of its own. One whose row is gone is dropped without a word.
 *
 * What fails is unlocked, and then somebody is asked, at most five times running: onConflict for
 * 409 and 412, onError for the rest. When it was handled the same operation is looked for again in
 * the log: it may have changed, or be gone. Not handled: a conflict is noted and passed by, any
 * other error ends the push [6.4].
 *
 *   NEXT -> SENDING -> WAITING -> (DECIDING: handler) -> NEXT ...
 *
 * The server's row and the end of the operation are two writes: a crash between them sends the
 * operation again. What a handler decides is one (push_log_decide.c). */
#include "core/client/apply.h"
#include "core/client/find_row.h"
#include "core/client/json_copy.h"
#include "core/client/push.h"
#include "core/client/ruling.h"

#define ASK_COUNT_MAX 5

static void stop(sy_task *task, sy_push_status status, sy_rc rc, const sy_err *err)
{
    task->state = SY_PUSH_ENDING;
    sy_push_abort(task, status, rc, err);
}

static void stop_broken(sy_task *task, sy_rc rc, const sy_err *err)
{
    stop(task, sy_push_status_of(rc), rc, err);
}

static void unlock(sy_client *client, const sy_push_run *push)
{
    sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    if (operation != NULL) {
        operation->in_flight = false;
    }
}

/* -- taking one in hand -- */

/* The row that goes out, or what the log keeps of it; none: the operation has nothing to send. */
static sy_rc load(sy_client *client, sy_task *task, const sy_operation *operation, sy_err *err)
{
    sy_push_run *push = task->push;
    if (push->kind != SY_OPERATION_DELETE) {
        sy_rc rc = sy_find_row(client, push->schema, push->id, &task->work, &push->item, err);
        if (rc == SY_OK && push->item != NULL && push->kind == SY_OPERATION_UPDATE) {
            push->if_match = sy_row_version(push->item);
        }
        return rc;
    }
    const sy_str text = sy_arena_copy(&task->work, operation->item);
    if (text.data == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = sy_row_decode(text, push->schema, &task->work, &push->snapshot, err);
    if (rc == SY_OK) {
        push->if_match = sy_row_version(push->snapshot);
    }
    return rc;
}

/* System properties are taken off what is inserted, for handlers too. */
static sy_rc strip_insert(sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_row *row = sy_row_shallow(&task->work, push->item);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_COLUMN_ID + 1; i < SY_SYSTEM_COUNT; i++) {
        row->cells[i].type = SY_TYPE_ABSENT;
    }
    push->item = row;
    return SY_OK;
}

static sy_rc drop(sy_client *client, const sy_push_run *push, sy_err *err)
{
    sy_rc rc = sy_operation_queue_remove(&client->queue, push->sequence, push->version, NULL, err);
    if (rc == SY_OK) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(push->sequence),
                        sy_text(push->schema->name), sy_text(push->id), sy_cstr("its row is gone"));
    }
    return rc;
}

static sy_rc take(sy_client *client, sy_task *task, sy_operation *operation, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_rc rc = sy_push_take(client, task, operation, err);
    if (rc == SY_OK) {
        rc = load(client, task, operation, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    push->attempt = push->failed == push->sequence ? push->failures : 0;
    task->state = SY_PUSH_SENDING;
    if (push->kind != SY_OPERATION_DELETE && push->item == NULL) {
        push->after = push->sequence;
        task->state = SY_PUSH_NEXT;
        return drop(client, push, err);
    }
    operation->in_flight = true;
    rc = push->kind == SY_OPERATION_INSERT ? strip_insert(task, err) : SY_OK;
    push->wanted = push->item;
    return rc;
}

static void next(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    task->state = SY_PUSH_ENDING;
    if (task->cancelled) {
        stop(task, SY_PUSH_CANCELLED_BY_TOKEN, SY_CANCELLED, NULL);
        return;
    }
    sy_operation *operation =
        sy_operation_queue_peek(&client->queue, push->after, push->tables, push->table_count);
    if (operation == NULL) {
        return;
    }
    sy_err err;
    sy_rc rc = take(client, task, operation, &err);
    if (rc != SY_OK) {
        unlock(client, push);
        stop_broken(task, rc, &err);
    }
}

static void send(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_request request;
    sy_err err;
    push->attempt++;
    sy_rc rc = sy_push_build_request(client, task, &request, &err);
    if (rc == SY_OK && push->item != NULL) {
        request.id = sy_row_id(push->item); /* spelled as the row's */
    }
    if (rc == SY_OK) {
        rc = sy_task_send(client, task, &request, push->sequence, &err);
    }
    if (rc != SY_OK) {
        unlock(client, push);
        stop_broken(task, rc, &err);
        return;
    }
    task->state = SY_PUSH_WAITING;
}

/* -- done -- */

/* The server's row, then the end of the operation. A deleted row's answer is not looked at. */
static sy_rc settle(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_rc rc = SY_OK;
    if (push->kind != SY_OPERATION_DELETE && push->server != NULL) {
        const sy_row *row = push->server;
        rc = sy_json_stored(&task->work, row, &row, err);
        if (rc == SY_OK) {
            rc = sy_apply_row(client, push->schema, sy_row_id(row), row, err);
        }
        if (rc == SY_OK) {
            sy_apply_trace(client, push->schema, sy_row_id(row), row, push->stamps);
        }
    }
    if (rc == SY_OK) {
        rc = sy_operation_queue_remove(&client->queue, push->sequence, push->version, NULL, err);
    }
    if (rc == SY_OK) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(push->sequence),
                        sy_text(push->schema->name), sy_text(push->id), sy_cstr("pushed"));
    }
    return rc;
}

static void finish_operation(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_err err;
    sy_rc rc = settle(client, task, &err);
    if (rc != SY_OK) {
        unlock(client, push);
        stop_broken(task, rc, &err);
        return;
    }
    push->completed++;
    push->after = push->sequence;
    task->state = SY_PUSH_NEXT;
}

/* -- not done -- */

static bool is_conflict(const sy_push_run *push)
{
    return push->verdict == SY_VERDICT_CONFLICT;
}

static sy_push_status status_of(const sy_push_run *push)
{
    if (push->answer_rc == SY_NETWORK || push->answer_rc == SY_TIMEOUT) {
        return SY_PUSH_CANCELLED_BY_NETWORK_ERROR;
    }
    return push->answer_rc == SY_AUTH ? SY_PUSH_CANCELLED_BY_AUTHENTICATION_ERROR
                                      : SY_PUSH_CANCELLED_BY_OPERATION;
}

/* A conflict is noted and passed by; an error is the only one that the app hears of. */
static void leave(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    const sy_push_error error = sy_push_error_of(push);
    sy_err err;
    sy_push_trace_failed(client, push);
    push->error_count = is_conflict(push) ? push->error_count : 0;
    sy_rc rc = sy_push_note_error(task, &error, &err);
    if (rc != SY_OK) {
        stop_broken(task, rc, &err);
    } else if (is_conflict(push)) {
        push->after = push->sequence;
        task->state = SY_PUSH_NEXT;
    } else {
        rc = SY_FAIL(&err, push->answer_rc, "%s of %.*s/%.*s: status %d",
                     sy_operation_kind_name(push->kind), SY_FMT(push->schema->name),
                     SY_FMT(push->id), push->answer_status);
        stop(task, status_of(push), rc, &err);
    }
}

/* Does what was decided. What cannot be done leaves the failure as it is. */
static void decided(sy_client *client, sy_task *task, const sy_decision *decision, const char *by)
{
    sy_push_run *push = task->push;
    sy_client_trace(client, &sy_event_decision, sy_int(push->sequence), sy_text(push->schema->name),
                    sy_text(push->id), sy_cstr(sy_decision_kind_name(decision->kind)), sy_cstr(by),
                    sy_row_value(decision->row));
    if (decision->kind == SY_DECIDE_ABORT) {
        stop(task, SY_PUSH_CANCELLED_BY_OPERATION, SY_CANCELLED, NULL);
        return;
    }
    sy_err err;
    if (decision->kind != SY_DECIDE_FAIL &&
        sy_push_log_apply(client, task, decision, &err) == SY_OK) {
        task->state = SY_PUSH_NEXT;
        return;
    }
    leave(client, task);
}

/* As a handler gets it: a copy by way of JSON. */
static sy_rc ask(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_row *item = push->item;
    const sy_row *server = push->server;
    push->phase = SY_PHASE_ANSWERED;
    sy_rc rc =
        sy_store_read(client->config.store, push->schema, push->id, &task->work, &push->local, err);
    if (rc == SY_OK && item != NULL) {
        rc = sy_json_copied(&task->work, item, false, &item, err);
    }
    if (rc == SY_OK && server != NULL) {
        rc = sy_json_copied(&task->work, server, true, &server, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    const sy_attempt attempt = {
        .decision_id = ++client->decision_last,
        .phase = push->phase,
        .kind = push->kind,
        .operation = push->sequence,
        .attempt = push->attempt,
        .table = push->schema->name,
        .id = push->id,
        .rc = push->answer_rc,
        .status = push->answer_status,
        .item = item,
        .local = push->local,
        .server = server,
        .edited_at = push->edited_at,
        .client_id = client->config.client_id,
    };
    push->decision_id = attempt.decision_id;
    push->decision_row = NULL;
    push->decision_delete = false;
    push->changes_action = false;
    task->decided = false;
    task->state = SY_PUSH_DECIDING;
    client->config.handler.ops->decide(client->config.handler.self, &attempt);
    return SY_OK;
}

/* By the table's policy, or by the handler: then it is waited for. */
static sy_rc handle(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_handler *handler = &client->config.handler;
    const sy_policy *policy = sy_client_table_of(client, push->schema)->policy;
    if (is_conflict(push) && policy != NULL && policy != &sy_policy_handler) {
        sy_decision decision = {.kind = SY_DECIDE_FAIL};
        sy_rc rc = sy_push_log_rule(client, task, &decision, err);
        if (rc == SY_OK) {
            decided(client, task, &decision, sy_policy_name(policy));
        }
        return rc;
    }
    const bool wanted = is_conflict(push) ? policy == &sy_policy_handler : handler->wants_errors;
    if (handler->ops != NULL && wanted) {
        return ask(client, task, err);
    }
    leave(client, task);
    return SY_OK;
}

static sy_rc fail_operation(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    unlock(client, push);
    if (is_conflict(push)) {
        sy_client_trace(client, &sy_event_conflict, sy_int(push->sequence),
                        sy_cstr(sy_operation_kind_name(push->kind)), sy_text(push->schema->name),
                        sy_text(push->id), sy_int(push->answer_status), sy_row_value(NULL),
                        sy_row_value(push->item), sy_row_value(push->server));
    }
    if (push->failed != push->sequence) {
        push->failed = push->sequence;
        push->asked = push->failures = 0;
    }
    push->failures++;
    if (push->asked >= ASK_COUNT_MAX) {
        leave(client, task);
        return SY_OK;
    }
    push->asked++;
    return handle(client, task, err);
}

static void receive(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    sy_err err;
    sy_rc rc = sy_push_read_answer(client, task, &err);
    if (rc != SY_OK) {
        unlock(client, push);
        stop_broken(task, rc, &err);
        return;
    }
    if (push->answer_status >= 200 && push->answer_status < 300) {
        finish_operation(client, task); /* with content or without */
        return;
    }
    if (push->answer_status != 412) {
        push->server = push->stamps = NULL; /* its row is read out of a 412 only [6.2] */
    }
    rc = fail_operation(client, task, &err);
    if (rc != SY_OK) {
        stop_broken(task, rc, &err);
    }
}

static void obey(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    const sy_decision decision = {.kind = push->decision,
                                  .row = push->decision_row,
                                  .delete_row = push->decision_delete,
                                  .changes_action = push->changes_action,
                                  .action = push->action};
    task->decided = false;
    push->decision_id = 0;
    decided(client, task, &decision, "handler");
}

void sy_push_log_step(sy_client *client, sy_task *task)
{
    while (task->state != SY_PUSH_ENDING && task->state != SY_PUSH_COMPLETING) {
        const int state = task->state;
        if (state == SY_PUSH_NEXT) {
            next(client, task);
        } else if (state == SY_PUSH_SENDING) {
            send(client, task);
        } else if (state == SY_PUSH_WAITING && task->answered) {
            task->answered = false;
            receive(client, task);
        } else if (state == SY_PUSH_DECIDING && task->decided) {
            obey(client, task);
        } else {
            return;
        }
        if (task->state == SY_PUSH_DECIDING) {
            return; /* a decision that was taken already wakes the task */
        }
    }
    sy_push_finish(client, task);
}

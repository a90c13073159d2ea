/* What comes of an answer: the policy's judgement, or what a handler decides, and which ending the
 * operation has then. Nothing is written here; what the ending means for the store is
 * push_settle.c's. protocol.md 6.2, 6.8, 9. */
#include "core/client/push.h"

#include "core/base/mutant.h"
#include "core/client/ruling.h"

void sy_push_end(sy_task *task, sy_push_ending ending, const char *reason)
{
    task->push->ending = ending;
    task->push->reason = reason;
    task->state = SY_PUSH_SETTLED;
}

void sy_push_break(sy_task *task, sy_rc rc, const sy_err *err)
{
    sy_push_abort(task, sy_push_status_of(rc), rc, err);
    sy_push_end(task, SY_ENDING_ABORTED, sy_rc_name(rc));
}

/* -- the handler -- */

/* Who decides for the table in hand; NULL: nobody. */
static const sy_handler *handler_of(const sy_client *client, const sy_push_run *push)
{
    const sy_handler *handler = &client->config.handler;
    if (handler->ops == NULL || !client->config.dialect->has_hooks) {
        return NULL;
    }
    const sy_policy *policy = sy_client_table_of(client, push->schema)->policy;
    if (policy != &sy_policy_handler && !(handler->wants_started && policy == NULL)) {
        return NULL;
    }
    return handler;
}

bool sy_push_asks_always(const sy_client *client, const sy_push_run *push)
{
    const sy_handler *handler = handler_of(client, push);
    return handler != NULL && handler->wants_started;
}

void sy_push_ask(sy_client *client, sy_task *task, sy_phase phase)
{
    sy_push_run *push = task->push;
    push->phase = phase;
    push->local = NULL;
    sy_err err;
    sy_rc rc = sy_store_read(client->config.store, push->schema, push->id, &task->work,
                             &push->local, &err);
    if (rc == SY_OK) {
        rc = sy_push_load_base(task, &err);
    }
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
        return;
    }
    const sy_attempt attempt = {
        .decision_id = ++client->decision_last,
        .phase = phase,
        .kind = push->kind,
        .operation = push->sequence,
        .attempt = push->attempt,
        .table = push->schema->name,
        .id = push->id,
        .rc = phase == SY_PHASE_STARTED ? SY_OK : push->answer_rc,
        .status = phase == SY_PHASE_STARTED ? 0 : push->answer_status,
        .item = push->item,
        .base = push->base,
        .local = push->local,
        .server = phase == SY_PHASE_STARTED ? NULL : push->server,
        .edited_at = push->edited_at,
        .client_id = client->config.client_id,
    };
    push->decision_id = attempt.decision_id;
    push->decision_row = NULL;
    push->decision_delete = false;
    task->decided = false;
    task->state = phase == SY_PHASE_STARTED ? SY_PUSH_STARTING : SY_PUSH_DECIDING;
    sy_push_unlock_to_ask(client, task);
    client->config.handler.ops->decide(client->config.handler.self, &attempt);
}

/* -- the answer -- */

static void settle_stopped(sy_task *task)
{
    sy_push_run *push = task->push;
    sy_push_abort(task,
                  push->answer_rc == SY_AUTH ? SY_PUSH_CANCELLED_BY_AUTHENTICATION_ERROR
                                             : SY_PUSH_CANCELLED_BY_NETWORK_ERROR,
                  push->answer_rc, NULL);
    sy_push_end(task, SY_ENDING_ABORTED, sy_rc_name(push->answer_rc));
}

/* A tombstone, where the dialect knows them here: no row to be stored. */
static bool is_tombstone(const sy_client *client, const sy_row *row)
{
    return client->config.dialect->keeps_base && row != NULL && sy_row_deleted(row);
}

/* The server's row becomes ours; a tombstone, or no row, removes it where the dialect knows
 * tombstones here. */
static void settle_accepted(sy_client *client, sy_task *task, bool yielded)
{
    sy_push_run *push = task->push;
    push->yielded = yielded;
    const sy_dialect *dialect = client->config.dialect;
    if (push->kind != SY_OPERATION_DELETE || dialect->policy_server_restores_delete) {
        push->settled_row = push->server;
        push->settled_removes =
            (dialect->keeps_base && push->server == NULL) || is_tombstone(client, push->stamps);
    }
    sy_push_end(task, SY_ENDING_DONE, "the server's row was taken");
}

/* The server has our edit. Its row becomes ours; where the request was a retried one somebody may
 * have deleted the row since. */
static void take_answer(const sy_client *client, sy_push_run *push)
{
    push->settled_row = push->server;
    push->settled_removes = is_tombstone(client, push->stamps);
}

/* No handler asked, or it left it to us. */
static void settle_answer(const sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    switch (push->verdict) {
    case SY_VERDICT_SUCCESS:
        if (push->kind != SY_OPERATION_DELETE) {
            take_answer(client, push);
        }
        sy_push_end(task, SY_ENDING_DONE, "pushed");
        break;
    case SY_VERDICT_CONFLICT:
    case SY_VERDICT_ERROR:
        sy_push_end(task, SY_ENDING_FAILED, "error");
        break;
    case SY_VERDICT_ABORT:
        if (SY_MUTANT(DONE_WHEN_SENT) && push->answer_status == 0) {
            sy_push_end(task, SY_ENDING_DONE, "pushed");
            break;
        }
        settle_stopped(task);
        break;
    case SY_VERDICT_ESCAPE:
        sy_push_end(task, SY_ENDING_ESCAPED, sy_rc_name(push->answer_rc));
        break;
    }
}

/* A policy that says "again" for ever is stopped [6.8: once]; a handler of every operation may loop
 * as it likes, as the SDK's may. */
static bool may_ask(const sy_client *client, const sy_push_run *push)
{
    const sy_handler *handler = handler_of(client, push);
    const uint32_t rounds_max =
        client->config.dialect->policy_resend_unconditional ? 1 : SY_RULING_ROUND_COUNT_MAX;
    return handler != NULL && (handler->wants_started || push->rounds <= rounds_max);
}

/* P-CT: a resolver reads the server's row out of the answer, and throws when there is none [9.2].
 */
static bool escapes(const sy_client *client, const sy_push_run *push)
{
    return client->config.dialect->policy_resend_unconditional && push->server == NULL &&
           sy_client_table_of(client, push->schema)->policy != NULL;
}

static void resend(sy_client *client, sy_task *task, const sy_judgement *judgement)
{
    sy_push_run *push = task->push;
    sy_err err;
    if (judgement->value != NULL) {
        push->item = judgement->value;
    }
    const sy_rc rc = sy_push_retarget(client, task, &err);
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
        return;
    }
    sy_push_trace_decision(client, push, "send", judgement->by, push->item);
    task->state = SY_PUSH_SENDING;
}

/* For the inbox, or the log; written with the end of the operation. */
static void put_aside(sy_push_run *push, const sy_judgement *judgement, sy_inbox_state state)
{
    push->inbox = state;
    push->inbox_reason = judgement->reason != NULL ? judgement->reason : "";
    push->inbox_by = judgement->by;
    push->inbox_server = push->server;
}

/* The operation stays, and is not sent again before somebody has looked at it. */
static void settle_held(sy_task *task)
{
    sy_push_run *push = task->push;
    push->detail = "held for a person";
    push->silent = true;
    sy_push_end(task, SY_ENDING_FAILED, "held");
}

static void settle_rejected(sy_client *client, sy_task *task)
{
    const sy_push_error error = sy_push_error_of(task->push);
    sy_err err;
    const sy_rc rc = sy_push_note_error(task, &error, &err);
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
    } else {
        settle_accepted(client, task, true);
    }
}

static void obey_policy(sy_client *client, sy_task *task, const sy_judgement *judgement)
{
    sy_push_run *push = task->push;
    push->rounds++;
    if (judgement->logged) {
        put_aside(push, judgement, SY_INBOX_LOGGED);
    }
    switch (judgement->kind) {
    case SY_JUDGED_PUSH:
    case SY_JUDGED_DELETE:
        resend(client, task, judgement);
        return;
    case SY_JUDGED_ACCEPT:
    case SY_JUDGED_ADOPT:
        sy_push_trace_decision(client, push, "return", judgement->by, push->server);
        settle_accepted(client, task, judgement->kind == SY_JUDGED_ACCEPT);
        return;
    case SY_JUDGED_FORK:
        push->fork = judgement->value;
        sy_push_trace_decision(client, push, "fork", judgement->by, push->fork);
        settle_accepted(client, task, true);
        return;
    case SY_JUDGED_PARK:
        put_aside(push, judgement, SY_INBOX_PARKED);
        sy_push_trace_decision(client, push, "park", judgement->by, push->server);
        settle_accepted(client, task, true);
        return;
    case SY_JUDGED_HOLD:
        put_aside(push, judgement, SY_INBOX_HELD);
        sy_push_trace_decision(client, push, "hold", judgement->by, NULL);
        settle_held(task);
        return;
    case SY_JUDGED_REJECT:
        sy_push_trace_decision(client, push, "reject", judgement->by, push->server);
        settle_rejected(client, task);
        return;
    case SY_JUDGED_ASK:
    case SY_JUDGED_NOT:
    case SY_JUDGEMENT_KIND_COUNT:
        break;
    }
    if (may_ask(client, push)) {
        sy_push_ask(client, task, SY_PHASE_ANSWERED);
    } else {
        sy_push_trace_decision(client, push, "fail", judgement->by, NULL);
        settle_answer(client, task);
    }
}

/* What the decision costs is said right behind it. */
static void decide(sy_client *client, sy_task *task, const sy_judgement *judgement)
{
    sy_err err;
    obey_policy(client, task, judgement);
    if (judgement->kind == SY_JUDGED_NOT || judgement->kind == SY_JUDGED_ASK) {
        return;
    }
    const sy_rc rc = sy_push_trace_losses(client, task, judgement, &err);
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
    }
}

static void rule_conflict(sy_client *client, sy_task *task)
{
    const sy_push_run *push = task->push;
    sy_judgement judgement;
    sy_err err;
    sy_rc rc = sy_push_trace_conflict(client, task, &err);
    if (rc == SY_OK && !client->config.dialect->has_hooks) {
        sy_push_trace_decision(client, push, "fail", "no hook", NULL);
        settle_answer(client, task);
        return;
    }
    if (rc == SY_OK && escapes(client, push)) {
        sy_push_end(task, SY_ENDING_ESCAPED, "the conflict has no row");
        return;
    }
    if (rc == SY_OK) {
        rc = sy_push_judge(client, task, &judgement, &err);
    }
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
    } else {
        decide(client, task, &judgement);
    }
}

void sy_push_receive(sy_client *client, sy_task *task)
{
    sy_err err;
    sy_rc rc = sy_push_read_answer(client, task, &err);
    if (rc != SY_OK) {
        sy_push_break(task, rc, &err);
    } else if (task->push->verdict == SY_VERDICT_CONFLICT && SY_MUTANT(CONFLICT_TAKEN_FOR_DONE)) {
        sy_push_end(task, SY_ENDING_DONE, "pushed");
    } else if (task->push->verdict == SY_VERDICT_CONFLICT) {
        rule_conflict(client, task);
    } else if (sy_push_asks_always(client, task->push)) {
        sy_push_ask(client, task, SY_PHASE_ANSWERED);
    } else {
        settle_answer(client, task);
    }
}

/* -- the decision -- */

static void settle_returned(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    if (push->kind != SY_OPERATION_DELETE ||
        client->config.dialect->policy_server_restores_delete) {
        const sy_row *row = push->decision_row; /* without an id it is nothing [6.2 step 7] */
        push->settled_row =
            row != NULL && !sy_value_missing(&row->cells[SY_COLUMN_ID]) ? row : NULL;
        push->settled_removes =
            push->decision_delete ? client->config.dialect->keeps_base || push->settled_row == NULL
                                  : is_tombstone(client, push->settled_row);
        if (row == NULL && !push->decision_delete && push->verdict == SY_VERDICT_SUCCESS &&
            client->config.dialect->keeps_base) { /* against edge 4 */
            take_answer(client, push);
        }
    }
    push->yielded = push->verdict != SY_VERDICT_SUCCESS || push->attempt == 0;
    sy_push_end(task, SY_ENDING_DONE, "the handler decided");
}

void sy_push_obey(sy_client *client, sy_task *task)
{
    sy_push_run *push = task->push;
    const bool answered = push->phase == SY_PHASE_ANSWERED;
    sy_push_trace_decision(client, push, sy_decision_kind_name(push->decision), "handler",
                           push->decision_row);
    task->decided = false;
    push->decision_id = 0;
    switch (push->decision) {
    case SY_DECIDE_SEND:
        task->state = SY_PUSH_SENDING;
        if (push->decision_row != NULL ||
            (answered && push->answer_rc == SY_CONFLICT && client->config.dialect->keeps_base)) {
            sy_err err;
            sy_rc rc = push->decision_row != NULL
                           ? sy_push_replace_item(client, task, push->decision_row, &err)
                           : sy_push_retarget(client, task, &err);
            if (rc == SY_OK && answered && push->answer_rc == SY_CONFLICT) {
                const bool is_delete = push->method == SY_METHOD_DELETE;
                rc = sy_push_trace_losses(
                    client, task,
                    &(sy_judgement){.kind = is_delete ? SY_JUDGED_DELETE : SY_JUDGED_PUSH,
                                    .value = push->item},
                    &err);
            }
            if (rc != SY_OK) {
                sy_push_break(task, rc, &err);
            }
        }
        break;
    case SY_DECIDE_RETURN:
        settle_returned(client, task);
        break;
    case SY_DECIDE_FAIL:
        if (answered) {
            settle_answer(client, task);
        } else {
            push->detail = "the handler did not send it";
            sy_push_end(task, SY_ENDING_FAILED, "handler");
        }
        break;
    case SY_DECIDE_ABORT:
    case SY_DECISION_COUNT:
        sy_push_abort(task, SY_PUSH_CANCELLED_BY_OPERATION, SY_CANCELLED, NULL);
        sy_push_end(task, SY_ENDING_ABORTED, "the handler aborted the push");
        break;
    }
}

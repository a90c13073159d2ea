/* What is decided about an operation that failed, done at once and in one transaction: the methods
 * of P-JS's push error [6.6]. The log entry is written as it was when the operation was taken in
 * hand, so an edit that was condensed into it meanwhile is overwritten; one that took it out of the
 * log finds it there again. */
#include "core/client/apply.h"
#include "core/client/find_row.h"
#include "core/client/push.h"
#include "core/client/system_table.h"

/* -- what the methods refuse -- */

static sy_rc check_cells(const sy_row *row, sy_err *err)
{
    const sy_schema *schema = row->schema;
    for (uint32_t i = SY_COLUMN_ID + 1; i < schema->column_count; i++) {
        const sy_value *cell = &row->cells[i];
        const sy_type type = schema->columns[i].type;
        const bool counts = type == SY_TYPE_REAL && cell->type == SY_TYPE_INT;
        if (!sy_value_missing(cell) && cell->type != (uint32_t)type && !counts) {
            return SY_FAIL(err, SY_SCHEMA, "column %.*s is %s, the value is %s",
                           SY_FMT(schema->columns[i].name), sy_type_name(type),
                           sy_type_name((sy_type)cell->type));
        }
    }
    return SY_OK;
}

/* A new row of the operation. */
static sy_rc check_row(const sy_row *row, sy_str id, sy_err *err)
{
    if (sy_value_missing(&row->cells[SY_COLUMN_ID]) || sy_row_id(row).size == 0) {
        return SY_FAIL(err, SY_INVALID, "the row has no id");
    }
    if (!sy_str_equal(sy_row_id(row), id)) {
        return SY_FAIL(err, SY_INVALID,
                       "only the row '%.*s', which is being pushed, can be changed", SY_FMT(id));
    }
    return SY_OK;
}

sy_rc sy_push_log_check(const sy_task *task, const sy_decision *decision, sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_row *row = decision->row;
    const bool was_delete = push->kind == SY_OPERATION_DELETE;
    const bool becomes_delete = decision->changes_action && decision->action == SY_OPERATION_DELETE;
    if (decision->changes_action && was_delete && !becomes_delete && row == NULL) {
        return SY_FAIL(err, SY_INVALID, "a delete becomes an %s only with a row",
                       sy_operation_kind_name(decision->action));
    }
    if (row == NULL) {
        return SY_OK;
    }
    if (was_delete && !decision->changes_action) {
        return SY_FAIL(err, SY_STATE, "a deleted row cannot be updated");
    }
    const bool sent = push->item != NULL && !decision->changes_action;
    sy_rc rc = check_row(row, sent ? sy_row_id(push->item) : push->id, err);
    return rc == SY_OK && !becomes_delete ? check_cells(row, err) : rc;
}

/* -- doing it -- */

/* The log entry, from what was taken in hand: of this kind, made on the row's version. */
static sy_rc write_log(sy_client *client, sy_task *task, sy_operation_kind kind, const sy_row *row,
                       sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    sy_operation changed = {.version = client->config.dialect->version_first,
                            .schema = push->schema,
                            .id = push->id,
                            .edited_at = push->edited_at,
                            .edit_sequence = push->edit_sequence};
    if (operation != NULL) {
        changed = *operation;
        changed.version++;
    }
    changed.kind = kind;
    if (row != NULL) {
        sy_row *kept = sy_row_new(&task->work, push->schema);
        if (kept == NULL) {
            return sy_fail_nomem(err);
        }
        kept->cells[SY_COLUMN_ID] = sy_text(push->id);
        kept->cells[SY_COLUMN_VERSION] = row->cells[SY_COLUMN_VERSION];
        sy_rc rc = sy_row_encode(kept, &task->work, &changed.item, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    sy_operation *added = NULL;
    return operation != NULL ? sy_operation_queue_change(&client->queue, &changed, err)
                             : sy_operation_queue_add(&client->queue, &changed, &added, err);
}

/* To a delete: what goes is the row whose id is the number of the log entry [edge 28]. */
static sy_rc change_action(sy_client *client, sy_task *task, const sy_decision *decision,
                           sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_store store = client->config.store;
    sy_rc rc = write_log(client, task, decision->action, decision->row, err);
    if (rc == SY_OK && decision->action == SY_OPERATION_DELETE) {
        char number[SY_TABLE_NUMBER_SIZE];
        const size_t size = sy_table_decimal(push->sequence, number);
        return sy_store_remove(store, push->schema, (sy_str){number, size}, err);
    }
    return rc == SY_OK && decision->row != NULL ? sy_find_write(client, decision->row, err) : rc;
}

static sy_rc cancel(sy_client *client, sy_task *task, const sy_decision *decision, sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_store store = client->config.store;
    const sy_operation *operation = sy_operation_queue_get(&client->queue, push->sequence);
    sy_rc rc = SY_OK;
    if (decision->row != NULL) { /* a tombstone too: they are not known here */
        rc = sy_find_write(client, decision->row, err);
    } else if (decision->delete_row) {
        rc = sy_store_remove(store, push->schema, push->id, err);
    }
    return rc == SY_OK && operation != NULL
               ? sy_operation_queue_remove(&client->queue, push->sequence, operation->version, NULL,
                                           err)
               : rc;
}

static sy_rc apply(sy_client *client, sy_task *task, const sy_decision *decision, sy_err *err)
{
    if (decision->kind == SY_DECIDE_RETURN) {
        return cancel(client, task, decision, err);
    }
    if (decision->changes_action) {
        return change_action(client, task, decision, err);
    }
    sy_rc rc = write_log(client, task, task->push->kind, decision->row, err);
    return rc == SY_OK ? sy_find_write(client, decision->row, err) : rc;
}

static void trace_applied(sy_client *client, const sy_task *task, const sy_decision *decision)
{
    const sy_push_run *push = task->push;
    if (decision->row != NULL || decision->delete_row) {
        sy_apply_trace(client, push->schema, push->id, decision->row, push->stamps);
    }
    if (decision->kind == SY_DECIDE_RETURN) {
        sy_client_trace(client, &sy_event_dequeue, sy_int(push->sequence),
                        sy_text(push->schema->name), sy_text(push->id), sy_cstr("cancelled"));
    }
}

sy_rc sy_push_log_apply(sy_client *client, sy_task *task, const sy_decision *decision, sy_err *err)
{
    const bool nothing =
        decision->kind == SY_DECIDE_SEND && decision->row == NULL && !decision->changes_action;
    sy_rc rc = nothing ? SY_OK : sy_client_begin(client, err);
    if (nothing || rc != SY_OK) {
        return rc;
    }
    rc = apply(client, task, decision, err);
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    rc = sy_client_commit(client, err);
    if (rc == SY_OK) {
        trace_applied(client, task, decision);
    }
    return rc;
}

/* -- the policies -- */

/* Ours once more, over the version that the server has. */
static sy_rc send_over(sy_task *task, sy_decision *out, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_row *row = push->item != NULL ? sy_row_shallow(&task->work, push->item)
                                     : sy_row_new(&task->work, push->schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_text(push->item != NULL ? sy_row_id(push->item) : push->id);
    row->cells[SY_COLUMN_VERSION] = push->stamps->cells[SY_COLUMN_VERSION];
    *out = (sy_decision){.kind = SY_DECIDE_SEND, .row = row};
    if (push->kind == SY_OPERATION_DELETE) {
        out->changes_action = true;
        out->action = SY_OPERATION_DELETE;
    }
    return SY_OK;
}

sy_rc sy_push_log_rule(sy_client *client, sy_task *task, sy_decision *out, sy_err *err)
{
    sy_push_run *push = task->push;
    const sy_policy *policy = sy_client_table_of(client, push->schema)->policy;
    if (push->kind == SY_OPERATION_INSERT && push->server == NULL) {
        if (policy != NULL && policy->classic == SY_CLASSIC_CLIENT_WINS) {
            *out = (sy_decision){
                .kind = SY_DECIDE_SEND, .changes_action = true, .action = SY_OPERATION_UPDATE};
        } else if (policy != NULL &&
                   policy->classic == SY_CLASSIC_SERVER_WINS) { /* the next pull brings it */
            *out = (sy_decision){.kind = SY_DECIDE_RETURN, .delete_row = true};
        }
        return SY_OK;
    }
    sy_judgement judgement;
    const sy_rc rc = sy_push_judge(client, task, &judgement, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (judgement.kind == SY_JUDGED_PUSH || judgement.kind == SY_JUDGED_DELETE) {
        return send_over(task, out, err);
    }
    if (judgement.kind == SY_JUDGED_ACCEPT || judgement.kind == SY_JUDGED_ADOPT) {
        const bool is_delete = push->kind == SY_OPERATION_DELETE; /* its row does not come back */
        *out = (sy_decision){.kind = SY_DECIDE_RETURN, .row = is_delete ? NULL : push->server};
    }
    return SY_OK;
}

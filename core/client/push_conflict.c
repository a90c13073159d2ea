/* A refused operation: what is in conflict, what the table's policy says to it, what that costs.
 * What is done about it is push_attempt.c's. */
#include "core/client/push.h"
#include "core/client/ruling.h"
#include "core/policy/losses.h"

/* What the app wants: not what a policy made of it in an earlier round. */
static const sy_row *wanted(const sy_push_run *push)
{
    return push->kind == SY_OPERATION_DELETE ? NULL : push->wanted;
}

static sy_conflict conflict_of(const sy_client *client, const sy_push_run *push)
{
    return (sy_conflict){
        .id = push->id,
        .base = push->base,
        .local = wanted(push),
        .server = push->server,
        .edit = {.known = true,
                 .at = push->edited_at,
                 .author = client->config.installation_id,
                 .number = push->edit_sequence},
        .served = sy_edit_stamp_of(push->stamps),
        .updated_at = push->stamps != NULL ? sy_row_updated_at(push->stamps) : 0,
        .status = push->answer_status,
        .rounds = push->rounds,
    };
}

sy_rc sy_push_trace_conflict(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_rc rc = sy_push_load_base(task, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_client_trace(client, &sy_event_conflict, sy_int(push->sequence),
                    sy_cstr(sy_operation_kind_name(push->kind)), sy_text(push->schema->name),
                    sy_text(push->id), sy_int(push->answer_status), sy_row_value(push->base),
                    sy_row_value(wanted(push)), sy_row_value(push->server));
    return SY_OK;
}

sy_rc sy_push_judge(const sy_client *client, sy_task *task, sy_judgement *out, sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_ruling ruling = {
        .dialect = client->config.dialect,
        .policy = sy_client_table_of(client, push->schema)->policy,
        .kind = push->kind,
        .conflict = conflict_of(client, push),
    };
    return sy_rule(&ruling, &task->work, out, err);
}

void sy_push_trace_decision(sy_client *client, const sy_push_run *push, const char *decision,
                            const char *by, const sy_row *row)
{
    sy_client_trace(client, &sy_event_decision, sy_int(push->sequence), sy_text(push->schema->name),
                    sy_text(push->id), sy_cstr(decision), sy_cstr(by), sy_row_value(row));
}

sy_rc sy_push_trace_losses(sy_client *client, sy_task *task, const sy_judgement *judgement,
                           sy_err *err)
{
    const sy_push_run *push = task->push;
    if (client->config.tracer.ops == NULL || !client->config.dialect->keeps_base) {
        return SY_OK;
    }
    const sy_conflict conflict = conflict_of(client, push);
    sy_losses losses;
    const sy_rc rc = sy_policy_losses(&conflict, judgement, &task->work, &losses, err);
    if (rc == SY_OK && (losses.local != NULL || losses.server != NULL || judgement->both != 0)) {
        sy_client_trace(client, &sy_event_loss, sy_int(push->sequence), sy_text(push->schema->name),
                        sy_text(push->id), sy_row_value(losses.local), sy_row_value(losses.server));
    }
    return rc;
}

/* What a policy keeps of ours beside the server's row: a new row, inserted here and queued for the
 * server, in the transaction that ends the operation it came from. Its id follows from that
 * operation, so a row of this id that is there already is the same one. */
#include "core/client/apply.h"
#include "core/client/find_row.h"
#include "core/client/operation_key.h"
#include "core/client/push.h"

static sy_rc enqueue(sy_client *client, sy_task *task, sy_err *err)
{
    sy_push_run *push = task->push;
    sy_operation added = {.version = client->config.dialect->version_first,
                          .kind = SY_OPERATION_INSERT,
                          .schema = push->schema,
                          .id = sy_row_id(push->fork),
                          .edited_at = push->edited_at};
    sy_operation *operation = NULL;
    sy_rc rc = sy_operation_key_number(client, &added.edit_sequence, err);
    if (rc == SY_OK) {
        rc = sy_operation_key_make(client, added.edit_sequence, &task->work, &added.key, err);
    }
    if (rc == SY_OK) {
        rc = sy_row_encode(push->fork, &task->work, &added.item, err);
    }
    if (rc == SY_OK) {
        rc = sy_operation_queue_add(&client->queue, &added, &operation, err);
    }
    push->forked = rc == SY_OK ? operation->sequence : 0;
    return rc;
}

sy_rc sy_push_fork(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_push_run *push = task->push;
    const sy_row *there = NULL;
    sy_rc rc = sy_find_row(client, push->schema, sy_row_id(push->fork), &task->work, &there, err);
    if (rc != SY_OK || there != NULL) {
        return rc;
    }
    rc = sy_find_write(client, push->fork, err);
    return rc == SY_OK ? enqueue(client, task, err) : rc;
}

void sy_push_trace_fork(sy_client *client, const sy_push_run *push)
{
    if (push->forked != 0) {
        sy_apply_trace(client, push->schema, sy_row_id(push->fork), push->fork, NULL);
        sy_client_trace(client, &sy_event_enqueue, sy_int(push->forked),
                        sy_cstr(sy_operation_kind_name(SY_OPERATION_INSERT)),
                        sy_text(push->schema->name), sy_text(sy_row_id(push->fork)));
    }
}

/* Direct remote tables: one request, its answer is the outcome; nothing local is touched, nothing
 * is queued. They stand beside the sync tables and fail without a connection. */
#include "core/client/internal.h"

enum { ASK, ANSWERED };

/* What is sent: the row without what the server keeps itself [6.2]. */
static sy_rc sent_row(sy_task *task, const sy_row **out, sy_err *err)
{
    *out = NULL;
    if (task->call.row == NULL) {
        return SY_OK;
    }
    sy_row *row = sy_row_shallow(&task->arena, task->call.row);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_COLUMN_VERSION; i < SY_SYSTEM_COUNT; i++) {
        row->cells[i] = (sy_value){.type = SY_TYPE_ABSENT};
    }
    if (task->call.id.size > 0) {
        row->cells[SY_COLUMN_ID] = sy_text(task->call.id);
    }
    *out = row;
    return SY_OK;
}

static sy_rc ask(sy_client *client, sy_task *task, sy_err *err)
{
    const sy_call *call = &task->call;
    const sy_method method = call->remote_method;
    const bool has_body =
        method == SY_METHOD_INSERT || method == SY_METHOD_UPDATE || method == SY_METHOD_REPLACE;
    if (method != SY_METHOD_QUERY && method != SY_METHOD_INSERT && call->id.size == 0) {
        return SY_FAIL(err, SY_INVALID, "%s needs an id", sy_method_name(method));
    }
    if (has_body && call->row == NULL) {
        return SY_FAIL(err, SY_INVALID, "%s needs a row", sy_method_name(method));
    }
    sy_query *query = sy_arena_push(&task->arena, sizeof *query);
    if (query == NULL) {
        return sy_fail_nomem(err);
    }
    *query = call->query != NULL ? *call->query : sy_query_all(task->schema);
    sy_request request = {.method = method,
                          .table = task->schema->name,
                          .id = method == SY_METHOD_QUERY ? (sy_str){NULL, 0} : call->id,
                          .query = method == SY_METHOD_QUERY ? query : NULL,
                          .include_deleted = call->include_deleted,
                          .since_sequence = -1};
    if (call->row != NULL && method != SY_METHOD_INSERT) {
        request.if_match = sy_row_version(call->row);
    }
    const sy_rc rc = has_body ? sent_row(task, &request.row, err) : SY_OK;
    return rc == SY_OK ? sy_task_send(client, task, &request, 0, err) : rc;
}

/* The rows of the answer as the client's schema has them. */
static sy_rc take_rows(sy_task *task, const sy_response *response, sy_err *err)
{
    const size_t count = response->row != NULL ? 1 : response->rows.count;
    if (count == 0) {
        task->rows = (sy_rows){.total = response->rows.total};
        return SY_OK;
    }
    const sy_row **items = sy_arena_push(&task->arena, count * sizeof(const sy_row *));
    if (items == NULL) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        const sy_row *row = response->row != NULL ? response->row : response->rows.items[i];
        const sy_rc rc = sy_row_map(&task->arena, row, task->schema, false, &items[i], err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    task->rows = (sy_rows){
        .items = items, .count = count, .total = response->row != NULL ? -1 : response->rows.total};
    return SY_OK;
}

static sy_rc rc_of_status(int status)
{
    if (status >= 200 && status < 300) {
        return SY_OK;
    }
    switch (status) {
    case 401:
        return SY_AUTH;
    case 404:
    case 410:
        return SY_NOT_FOUND;
    case 409:
    case 412:
        return SY_CONFLICT;
    default:
        return SY_HTTP;
    }
}

/* The answer as the outcome. */
static sy_rc take_answer(sy_task *task, sy_err *err)
{
    const char *method = sy_method_name(task->call.remote_method);
    if (task->answer.rc != SY_OK) {
        return SY_FAIL(err, task->answer.rc, "%s of table %.*s: no answer", method,
                       SY_FMT(task->schema->name));
    }
    const sy_response *response = task->answer.response;
    sy_rc rc = take_rows(task, response, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = rc_of_status(response->status);
    if (rc != SY_OK) {
        task->status = response->status;
        return SY_FAIL(err, rc, "%s of table %.*s: %d%s%.*s", method, SY_FMT(task->schema->name),
                       response->status, response->reason.size > 0 ? " " : "",
                       SY_FMT(response->reason));
    }
    return SY_OK;
}

void sy_remote_step(sy_client *client, sy_task *task)
{
    if (task->state == ASK) {
        const sy_rc rc = ask(client, task, &task->err);
        if (rc != SY_OK) {
            sy_task_fail(client, task, rc, &task->err);
            return;
        }
        task->state = ANSWERED;
    }
    if (!task->answered) {
        return;
    }
    const sy_rc rc = take_answer(task, &task->err);
    if (rc != SY_OK) {
        sy_task_fail(client, task, rc, &task->err);
        return;
    }
    sy_task_end(client, task);
}

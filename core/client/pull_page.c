/* One page of a pull: its request, its answer, and what it writes. Rows and token are written as
 * the strategy says; within one call of sy_pull_write they are durable together. */
#include "core/base/mutant.h"
#include "core/client/apply.h"
#include "core/client/pull.h"
#include "core/client/stamp.h"

/* -- asking -- */

void sy_pull_ask_token(const sy_client *client, sy_task *task, int64_t token)
{
    sy_pull_run *pull = task->pull;
    sy_expr *nodes = pull->nodes;
    pull->token_asked = token;
    if (pull->token_key.size == 0) {
        return;
    }
    pull->page.order_count = 1;
    pull->page.order[0] = (sy_order){.column = SY_COLUMN_UPDATED_AT};
    if (token <= 0 && !client->config.dialect->first_pull_asks_token) {
        pull->page.filter = pull->base.filter;
        return;
    }
    nodes[0] = (sy_expr){.kind = SY_EXPR_COLUMN, .column = SY_COLUMN_UPDATED_AT};
    nodes[1] = (sy_expr){.kind = SY_EXPR_LITERAL, .literal = sy_datetime(token)};
    nodes[2] = (sy_expr){
        .kind = client->config.dialect->token_kind == SY_TOKEN_TIME_GE ? SY_EXPR_GE : SY_EXPR_GT,
        .left = &nodes[0],
        .right = &nodes[1]};
    nodes[3] = (sy_expr){.kind = SY_EXPR_AND, .left = pull->base.filter, .right = &nodes[2]};
    pull->page.filter = pull->base.filter != NULL ? &nodes[3] : &nodes[2];
}

bool sy_pull_send(sy_client *client, sy_task *task, sy_request *request)
{
    sy_pull_run *pull = task->pull;
    sy_err err;
    if (task->cancelled) { /* looked at before each request [7.3] */
        sy_rc rc = SY_FAIL(&err, SY_CANCELLED, "the pull was cancelled");
        sy_pull_fail(client, task, rc, &err);
        return false;
    }
    sy_arena_reset(&task->work);
    pull->page_number++;
    request->table = task->schema->name;
    request->include_deleted =
        pull->token_asked > 0 || client->config.dialect->first_pull_asks_deleted;
    sy_rc rc = sy_task_send(client, task, request, 0, &err);
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
        return false;
    }
    return true;
}

bool sy_pull_send_page(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    sy_request request = {
        .method = SY_METHOD_QUERY,
        .query = &pull->page,
        .continuation = pull->continuation,
        .page_size_max =
            client->config.dialect->token_kind == SY_TOKEN_SEQUENCE ? pull->page_size : 0,
        .since_sequence = -1,
    };
    task->state = SY_PULL_WAITING;
    return sy_pull_send(client, task, &request);
}

/* -- the answer -- */

const sy_response *sy_pull_receive(sy_client *client, sy_task *task)
{
    if (!task->answered) {
        return NULL;
    }
    task->answered = false;
    sy_err err;
    sy_rc rc = task->answer.rc;
    if (task->cancelled) { /* looked at before each page is stored, too [7.3] */
        rc = SY_FAIL(&err, SY_CANCELLED, "the pull was cancelled");
        sy_pull_fail(client, task, rc, &err);
        return NULL;
    }
    if (rc != SY_OK) {
        (void)SY_FAIL(&err, rc, "no answer to page %u: %s", (unsigned)task->pull->page_number,
                      sy_rc_name(rc));
        sy_pull_fail(client, task, rc, &err);
        return NULL;
    }
    const sy_response *response = task->answer.response;
    task->status = response->status;
    if (response->status < 200 || response->status >= 300) {
        rc = SY_FAIL(&err, response->status == 401 ? SY_AUTH : SY_HTTP,
                     "page %u was answered with status %d", (unsigned)task->pull->page_number,
                     response->status);
        sy_pull_fail(client, task, rc, &err);
        return NULL;
    }
    task->status = 0;
    const sy_pull_run *pull = task->pull;
    sy_client_trace(client, &sy_event_page, sy_int((int64_t)task->ticket),
                    sy_text(task->schema->name), sy_text(pull->query_id), sy_int(pull->page_number),
                    sy_int((int64_t)response->rows.count), sy_text(response->next),
                    sy_int(response->epoch.size > 0 ? response->horizon : -1));
    return response;
}

void sy_pull_follow_links(sy_client *client, sy_task *task, sy_pull_take *take)
{
    sy_pull_run *pull = task->pull;
    const sy_response *response = sy_pull_receive(client, task);
    if (response == NULL) {
        return;
    }
    sy_err err;
    sy_rc rc = take(client, task, response, &err);
    const bool end = response->next.size == 0;
    if (rc == SY_OK && !end) {
        pull->continuation = sy_arena_copy(&task->arena, response->next);
        rc = pull->continuation.data != NULL ? SY_OK : sy_fail_nomem(&err);
    }
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
    } else if (end) {
        sy_pull_end(client, task);
    } else {
        (void)sy_pull_send_page(client, task);
    }
}

sy_rc sy_pull_items_init(sy_task *task, size_t count, sy_pull_items *items, sy_err *err)
{
    *items = (sy_pull_items){0};
    if (count > 0) {
        items->items = sy_arena_push(&task->work, count * sizeof *items->items);
        return items->items != NULL ? SY_OK : sy_fail_nomem(err);
    }
    return SY_OK;
}

sy_rc sy_pull_items_add(sy_task *task, sy_pull_items *items, const sy_row *row, bool removes,
                        sy_err *err)
{
    sy_pull_item *item = &items->items[items->count];
    *item = (sy_pull_item){.stamps = row, .id = sy_row_id(row)};
    if (!removes) {
        sy_rc rc = sy_row_map(&task->work, row, task->schema, false, &item->row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    items->count++;
    return SY_OK;
}

bool sy_pull_skips(sy_client *client, sy_task *task, const sy_row *row)
{
    const sy_str id = sy_row_id(row);
    if (sy_operation_queue_find(&client->queue, task->schema, id) == NULL ||
        SY_MUTANT(PENDING_ROW_OVERWRITTEN)) {
        return false;
    }
    sy_client_trace(client, &sy_event_skip, sy_text(task->schema->name), sy_text(id),
                    sy_text(sy_row_version(row)), row->cells[SY_COLUMN_UPDATED_AT],
                    row->cells[SY_COLUMN_SEQUENCE], sy_cstr("pending operation"));
    return true;
}

/* -- writing -- */

static const char *comparison_of(const sy_client *client)
{
    switch (client->config.dialect->token_kind) {
    case SY_TOKEN_TIME_GE:
        return "ge";
    case SY_TOKEN_TIME_GT:
        return "gt";
    case SY_TOKEN_SEQUENCE:
        break;
    }
    return "sequence";
}

static void trace_token(sy_client *client, const sy_task *task, int64_t from)
{
    const sy_pull_run *pull = task->pull;
    sy_client_trace(client, &sy_event_token, sy_text(task->schema->name), sy_text(pull->query_id),
                    sy_int(from), sy_int(pull->token), sy_cstr(comparison_of(client)));
}

static sy_rc write_all(sy_client *client, sy_task *task, const sy_pull_items *items, bool moves,
                       int64_t token, sy_err *err)
{
    for (size_t i = 0; i < items->count; i++) {
        const sy_pull_item *item = &items->items[i];
        sy_rc rc = sy_apply_row(client, task->schema, item->id, item->row, err);
        if (rc == SY_OK) {
            rc = sy_stamp_see(client, task->schema, item->stamps, err);
        }
        if (rc != SY_OK) {
            return rc;
        }
    }
    return moves ? sy_settings_set_token(&client->settings, task->pull->token_key, token, err)
                 : SY_OK;
}

sy_rc sy_pull_write(sy_client *client, sy_task *task, const sy_pull_items *items, int64_t token,
                    sy_err *err)
{
    sy_pull_run *pull = task->pull;
    const bool other = client->config.dialect->token_rule == SY_TOKEN_LAST && token != INT64_MIN;
    const bool moves =
        pull->token_key.size > 0 && (token > pull->token || (other && token != pull->token));
    if (items->count == 0 && !moves) {
        return SY_OK;
    }
    sy_rc rc = SY_OK;
    if (SY_MUTANT(TOKEN_BEFORE_ROWS) && moves) {
        rc = sy_settings_set_token(&client->settings, pull->token_key, token, err);
    }
    rc = rc == SY_OK ? sy_client_begin(client, err) : rc;
    if (rc != SY_OK) {
        return rc;
    }
    rc = write_all(client, task, items, moves, token, err);
    if (rc != SY_OK) {
        sy_client_rollback(client);
        client->stuck = client->config.dialect->leaves_transaction_open;
        return rc;
    }
    rc = sy_client_commit(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    for (size_t i = 0; i < items->count; i++) {
        const sy_pull_item *item = &items->items[i];
        sy_apply_trace(client, task->schema, item->id, item->row, item->stamps);
    }
    if (moves) {
        const int64_t from = pull->token;
        pull->token = token;
        trace_token(client, task, from);
    }
    return SY_OK;
}

/* P-JS's pull [7.4]: every pull, incremental or not, is ordered by updatedAt and begins at a
 * moment: `updatedAt ge t`. A page whose last row is of the moment t is passed by skip; after any
 * other one t becomes that row's moment. Only an empty page is the end. Each row is a transaction
 * of its own; after each page the moment that was *asked* for is noted, so that a pull that dies
 * begins a page too early.
 *
 *   page 2; a@10 b@10 c@20:   ge 1969 -> a b;  ge 10 -> a b;  ge 10 skip 2 -> c;  ge 20 -> c;
 *                             ge 20 skip 1 -> nothing
 *
 * The text of the query has its first `datetime'` replaced by `datetimeoffset'`, wherever that is:
 * also in a text of the app's filter, which then looks for something else. */
#include "core/client/apply.h"
#include "core/client/json_copy.h"
#include "core/client/pull.h"
#include "core/client/pull_time.h"

/* -- asking -- */

/* `literal` as the replaced text has it; *out stays as it is when there is nothing to replace. */
static sy_rc replace_in_text(sy_arena *arena, sy_str literal, bool *done, sy_value *out,
                             sy_err *err)
{
    static const char word[] = "datetime";
    const size_t size = sizeof word - 1;
    for (size_t i = 0; i + size <= literal.size; i++) {
        const size_t end = i + size;
        const bool quoted = end == literal.size || literal.data[end] == '\'';
        if (!quoted || memcmp(literal.data + i, word, size) != 0) {
            continue;
        }
        const sy_str text = sy_arena_printf(arena, "%.*soffset%.*s", (int)end, literal.data,
                                            (int)(literal.size - end), literal.data + end);
        *out = sy_text(text);
        *done = true;
        return text.data == NULL ? sy_fail_nomem(err) : SY_OK;
    }
    return SY_OK;
}

/* The app's filter as the server gets to read it. A copy where something changes. */
static sy_rc replace_first(sy_arena *arena, const sy_expr *expr, bool *done, const sy_expr **out,
                           sy_err *err)
{
    *out = expr;
    if (expr == NULL || *done) {
        return SY_OK;
    }
    sy_expr copy = *expr;
    sy_rc rc = SY_OK;
    if (expr->kind == SY_EXPR_LITERAL && expr->literal.type == SY_TYPE_TEXT) {
        rc = replace_in_text(arena, sy_value_str(&expr->literal), done, &copy.literal, err);
    } else if (expr->kind == SY_EXPR_LITERAL && expr->literal.type == SY_TYPE_DATETIME) {
        *done = true; /* the one that was meant */
        return SY_OK;
    } else {
        rc = replace_first(arena, expr->left, done, &copy.left, err);
        if (rc == SY_OK) {
            rc = replace_first(arena, expr->right, done, &copy.right, err);
        }
    }
    if (rc != SY_OK || !*done) {
        return rc;
    }
    sy_expr *changed = sy_arena_push(arena, sizeof *changed);
    if (changed == NULL) {
        return sy_fail_nomem(err);
    }
    *changed = copy;
    *out = changed;
    return SY_OK;
}

static void ask_moment(sy_pull_run *pull, sy_time moment)
{
    sy_expr *nodes = pull->nodes;
    pull->token_asked = moment;
    pull->page.order_count = 1;
    pull->page.order[0] = (sy_order){.column = SY_COLUMN_UPDATED_AT};
    pull->page.skip = -1;
    pull->page.top = pull->page_size;
    nodes[0] = (sy_expr){.kind = SY_EXPR_COLUMN, .column = SY_COLUMN_UPDATED_AT};
    nodes[1] = (sy_expr){.kind = SY_EXPR_LITERAL, .literal = sy_datetime(moment)};
    nodes[2] = (sy_expr){.kind = SY_EXPR_GE, .left = &nodes[0], .right = &nodes[1]};
    nodes[3] = (sy_expr){.kind = SY_EXPR_AND, .left = pull->base.filter, .right = &nodes[2]};
    pull->page.filter = pull->base.filter != NULL ? &nodes[3] : &nodes[2];
}

static void begin(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    bool done = false;
    sy_err err;
    sy_rc rc =
        replace_first(&task->arena, task->call.query->filter, &done, &pull->base.filter, &err);
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
        return;
    }
    ask_moment(pull, pull->token);
    (void)sy_pull_send_page(client, task);
}

/* -- taking -- */

static sy_rc take_row(sy_client *client, sy_task *task, const sy_row *row, sy_err *err)
{
    const sy_value *deleted = &row->cells[SY_COLUMN_DELETED];
    sy_rc rc = client->config.dialect->check_id(sy_row_id(row), err);
    if (rc != SY_OK || sy_pull_skips(client, task, row)) {
        return rc;
    }
    if (deleted->type != SY_TYPE_BOOL) {
        return SY_FAIL(err, SY_SCHEMA,
                       "'deleted' system property is missing. Pull cannot work without it.'");
    }
    sy_pull_items items = {0};
    rc = sy_pull_items_init(task, 1, &items, err);
    if (rc == SY_OK) {
        rc = sy_pull_items_add(task, &items, row, sy_row_deleted(row), err);
    }
    if (rc == SY_OK && items.items[0].row != NULL) {
        rc = sy_json_stored(&task->work, items.items[0].row, &items.items[0].row, err);
    }
    if (rc == SY_OK) {
        rc = sy_pull_write(client, task, &items, INT64_MIN, err);
    }
    task->pull->received += rc == SY_OK;
    return rc;
}

/* The moment that was asked for, for the next pull with this id. */
static sy_rc note_moment(sy_client *client, sy_task *task, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    if (pull->query_id.size == 0) {
        return SY_OK;
    }
    sy_rc rc = sy_pull_time_set(client->config.store, pull->query_id, task->schema->name,
                                pull->token_asked, &client->scratch, err);
    if (rc == SY_OK && pull->token_asked != pull->token) {
        sy_client_trace(client, &sy_event_token, sy_text(task->schema->name),
                        sy_text(pull->query_id), sy_int(pull->token), sy_int(pull->token_asked),
                        sy_cstr("ge"));
        pull->token = pull->token_asked;
    }
    return rc;
}

static sy_rc ask_next(sy_pull_run *pull, const sy_response *response, sy_err *err)
{
    const size_t count = response->rows.count;
    const sy_value *cell = &response->rows.items[count - 1]->cells[SY_COLUMN_UPDATED_AT];
    if (cell->type != SY_TYPE_DATETIME) {
        return SY_FAIL(err, SY_SCHEMA,
                       "Property updatedAt of the last record should be a valid date");
    }
    const sy_time last = sy_time_truncate(cell->as.integer, SY_MS);
    if (last == pull->token_asked) {
        pull->page.skip = (pull->page.skip > 0 ? pull->page.skip : 0) + (int64_t)count;
    } else {
        ask_moment(pull, last);
    }
    return SY_OK;
}

static void receive(sy_client *client, sy_task *task)
{
    const sy_response *response = sy_pull_receive(client, task);
    if (response == NULL) {
        return;
    }
    sy_err err;
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < response->rows.count && rc == SY_OK; i++) {
        rc = take_row(client, task, response->rows.items[i], &err);
    }
    if (rc == SY_OK) {
        rc = note_moment(client, task, &err);
    }
    const bool end = response->rows.count == 0;
    if (rc == SY_OK && !end) {
        rc = ask_next(task->pull, response, &err);
    }
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
    } else if (end) {
        sy_pull_end(client, task);
    } else {
        (void)sy_pull_send_page(client, task);
    }
}

void sy_pull_updated_at_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PULL_REQUEST) {
        begin(client, task);
    } else {
        receive(client, task);
    }
}

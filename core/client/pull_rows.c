/* P-D6's pull [7.7]: `updatedAt gt token` ordered by updatedAt, nextLink until there is none, and
 * one row after the other: every `write_interval` rows those that wait are written, tombstones
 * first, and then the token, which is the last row's. Whatever ends the pull, what waits is written
 * then.
 *
 * It throws on a row without an id, on one that has a pending operation, and on an id that comes
 * twice among the rows that wait. */
#include "core/client/progress.h"
#include "core/client/pull.h"

static sy_rc refuse(const sy_client *client, const sy_task *task, const sy_row *row, sy_err *err)
{
    const sy_str id = sy_row_id(row);
    if (sy_value_missing(&row->cells[SY_COLUMN_ID])) {
        return SY_FAIL(err, SY_INVALID, "a row of '%.*s' came without an id",
                       SY_FMT(task->schema->name));
    }
    if (client->config.dialect->pending_rule == SY_PENDING_FAILS &&
        sy_operation_queue_find(&client->queue, task->schema, id) != NULL) {
        return SY_FAIL(err, SY_STATE, "the row '%.*s' that came has a pending operation",
                       SY_FMT(id));
    }
    for (size_t i = 0; i < task->pull->waiting_count; i++) {
        const sy_pull_item *item = &task->pull->waiting[i];
        if (item->row != NULL && !sy_row_deleted(row) && sy_str_equal(item->id, id)) {
            return SY_FAIL(err, SY_EXISTS, "the row '%.*s' came twice", SY_FMT(id));
        }
    }
    return SY_OK;
}

static sy_rc add(sy_task *task, const sy_row *row, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    if (pull->waiting_count == pull->waiting_capacity) {
        const size_t capacity = pull->waiting_capacity == 0 ? 16 : 2 * pull->waiting_capacity;
        sy_pull_item *grown = sy_arena_push(&task->arena, capacity * sizeof *grown);
        if (grown == NULL) {
            return sy_fail_nomem(err);
        }
        for (size_t i = 0; i < pull->waiting_count; i++) {
            grown[i] = pull->waiting[i];
        }
        pull->waiting = grown;
        pull->waiting_capacity = capacity;
    }
    sy_pull_item *item = &pull->waiting[pull->waiting_count];
    *item = (sy_pull_item){.stamps = row, .id = sy_row_id(row)};
    if (!sy_row_deleted(row)) {
        const sy_rc rc = sy_row_map(&task->work, row, task->schema, false, &item->row, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    pull->waiting_count++;
    return SY_OK;
}

/* Those that wait and are tombstones, or are none. */
static sy_rc write_some(sy_client *client, sy_task *task, bool tombstones, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    sy_pull_items items;
    sy_rc rc = sy_pull_items_init(task, pull->waiting_count, &items, err);
    for (size_t i = 0; i < pull->waiting_count && rc == SY_OK; i++) {
        if ((pull->waiting[i].row == NULL) == tombstones) {
            items.items[items.count++] = pull->waiting[i];
        }
    }
    return rc == SY_OK ? sy_pull_write(client, task, &items, INT64_MIN, err) : rc;
}

sy_rc sy_pull_rows_flush(sy_client *client, sy_task *task, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    const sy_pull_items nothing = {0};
    const bool deletes_first = client->config.dialect->pull_deletes_first;
    sy_rc rc = write_some(client, task, deletes_first, err);
    if (rc == SY_OK) {
        rc = write_some(client, task, !deletes_first, err);
    }
    for (size_t i = 0; i < pull->waiting_count && rc == SY_OK; i++) {
        sy_progress_pull(client, task, SY_PROGRESS_ITEM_DONE, pull->waiting[i].id, true);
    }
    pull->waiting_count = 0;
    return rc == SY_OK ? sy_pull_write(client, task, &nothing, pull->token_max, err) : rc;
}

static sy_rc take_row(sy_client *client, sy_task *task, const sy_row *row, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    sy_rc rc = refuse(client, task, row, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_progress_pull(client, task, SY_PROGRESS_ITEM_BEGUN, sy_row_id(row), true);
    rc = add(task, row, err);
    if (rc != SY_OK) {
        return rc;
    }
    const sy_value *stamp = &row->cells[SY_COLUMN_UPDATED_AT];
    if (!sy_value_missing(stamp)) {
        pull->token_max =
            sy_time_truncate(stamp->as.integer, client->config.dialect->token_resolution_ns);
    }
    pull->received++;
    pull->row_count++;
    return pull->write_interval > 0 && pull->row_count % pull->write_interval == 0
               ? sy_pull_rows_flush(client, task, err)
               : SY_OK;
}

/* What waits lives in the page that is about to go. */
static sy_rc keep_waiting(sy_task *task, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    for (size_t i = 0; i < pull->waiting_count; i++) {
        sy_pull_item *item = &pull->waiting[i];
        const bool has_row = item->row != NULL;
        item->row = has_row ? sy_row_copy(&task->arena, item->row) : NULL;
        item->stamps = sy_row_copy(&task->arena, item->stamps);
        item->id = sy_arena_copy(&task->arena, item->id);
        if (item->id.data == NULL || item->stamps == NULL || (has_row && item->row == NULL)) {
            pull->waiting_count = 0;
            return sy_fail_nomem(err);
        }
    }
    return SY_OK;
}

static sy_rc take_page(sy_client *client, sy_task *task, const sy_response *response, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    sy_rc rc = SY_OK;
    pull->total = response->rows.total;
    for (size_t i = 0; i < response->rows.count && rc == SY_OK; i++) {
        rc = take_row(client, task, response->rows.items[i], err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (response->next.size == 0 || pull->write_interval == 0) {
        return pull->waiting_count > 0 ? sy_pull_rows_flush(client, task, err) : SY_OK;
    }
    return keep_waiting(task, err);
}

void sy_pull_rows_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PULL_REQUEST) {
        sy_pull_ask_token(client, task, task->pull->token);
        (void)sy_pull_send_page(client, task);
    } else {
        sy_pull_follow_links(client, task, take_page);
    }
}

/* P-CT's pull [7.8]: `updatedAt gt token`, ordered by updatedAt, no $top and no $skip of its own;
 * nextLink until there is none. Rows are written as they come, without looking at versions or
 * pending operations; the token is the highest updatedAt in whole milliseconds, saved with each
 * page. */
#include "core/client/progress.h"
#include "core/client/pull.h"

static sy_rc apply_page(sy_client *client, sy_task *task, const sy_response *response, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    sy_pull_items items;
    sy_rc rc = sy_pull_items_init(task, response->rows.count, &items, err);
    pull->total = response->rows.total;
    for (size_t i = 0; i < response->rows.count && rc == SY_OK; i++) {
        const sy_row *row = response->rows.items[i];
        if (sy_value_missing(&row->cells[SY_COLUMN_ID])) {
            continue;
        }
        const sy_time stamp =
            sy_time_truncate(sy_row_updated_at(row), client->config.dialect->token_resolution_ns);
        pull->token_max = stamp > pull->token_max ? stamp : pull->token_max;
        rc = sy_pull_items_add(task, &items, row, sy_row_deleted(row), err);
        pull->received++;
    }
    sy_progress_pull(client, task, SY_PROGRESS_ITEM_BEGUN, (sy_str){NULL, 0}, true);
    if (rc == SY_OK) {
        rc = sy_pull_write(client, task, &items, pull->token_max, err);
    }
    if (rc == SY_OK && items.count > 0) { /* an empty page commits nothing [11] */
        sy_progress_pull(client, task, SY_PROGRESS_ITEM_DONE, (sy_str){NULL, 0}, true);
    }
    return rc;
}

void sy_pull_next_link_step(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    if (task->state != SY_PULL_REQUEST) {
        sy_pull_follow_links(client, task, apply_page);
        return;
    }
    sy_pull_ask_token(client, task, pull->token);
    (void)sy_pull_send_page(client, task);
}

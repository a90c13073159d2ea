/* P-CL's pull [7.3], and with fields of the dialect P-AN's and P-IOS's [7.5, 7.6]: pages of $top
 * rows, ordered by updatedAt, from `updatedAt ge token`. A page that moves the token starts again
 * at it, so its boundary rows come twice; a page that does not (many rows of one moment) is passed
 * by $skip. `next` is followed as it is. The pull ends with an empty page, or when the app's $top
 * is used up.
 *
 *   page 2; a@10 b@10 c@20:   ge 1970 -> a b, token 10;  ge 10 -> a b;  ge 10 skip 2 -> c, token
 * 20; ge 20 -> c;  ge 20 skip 1 -> nothing
 */
#include "core/client/pull.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void ask_first(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    sy_pull_ask_token(client, task, pull->token);
    pull->page_total_read = 0;
    pull->page.skip = pull->base.skip >= 0 ? pull->base.skip : 0;
    pull->page.top = least(pull->remaining, pull->page_size);
}

/* The next page: at the token, if this one moved it; else behind what was read. */
static void ask_next(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    pull->continuation = (sy_str){NULL, 0};
    pull->page.top = least(pull->page.top, pull->remaining);
    if (pull->token_key.size > 0 && pull->token_max > pull->token_asked) {
        sy_pull_ask_token(client, task, pull->token_max);
        pull->page_total_read = 0;
        pull->page.skip = 0;
    } else {
        pull->page.skip = (pull->base.skip >= 0 ? pull->base.skip : 0) + pull->page_total_read;
    }
}

/* P-AN reads ".5", which a server that drops zeros writes for half a second, as 5 ms [edge 36]. */
static sy_time misread(sy_time stamp)
{
    const sy_time second = sy_time_truncate(stamp, SY_SECOND);
    int64_t digits = (stamp - second) / SY_MS;
    while (digits > 0 && digits % 10 == 0) {
        digits /= 10;
    }
    return second + digits * SY_MS;
}

static void follow(const sy_client *client, sy_pull_run *pull, const sy_row *row)
{
    const sy_dialect *dialect = client->config.dialect;
    const sy_wire_format *wire = client->config.server_wire;
    sy_time stamp = sy_time_truncate(sy_row_updated_at(row), dialect->token_resolution_ns);
    if (dialect->token_misreads_fraction && wire != NULL && wire->time == SY_WIRE_TIME_TRIMMED) {
        stamp = misread(stamp);
    }
    if (dialect->token_rule == SY_TOKEN_LAST || stamp > pull->token_max) {
        pull->token_max = stamp;
    }
}

/* A row without an id, or one with a pending operation, uses up $top and $skip all the same [edge
 * 69]; whether the latter counts for the token is the dialect's [edge 11, 7.6]. */
static sy_rc sort_rows(sy_client *client, sy_task *task, const sy_response *response,
                       sy_pull_items *upserts, sy_pull_items *deletes, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    const sy_dialect *dialect = client->config.dialect;
    sy_rc rc = sy_pull_items_init(task, response->rows.count, upserts, err);
    if (rc == SY_OK) {
        rc = sy_pull_items_init(task, response->rows.count, deletes, err);
    }
    for (size_t i = 0; i < response->rows.count && rc == SY_OK && pull->remaining > 0; i++) {
        const sy_row *row = response->rows.items[i];
        pull->remaining--;
        pull->page_total_read++;
        if (sy_value_missing(&row->cells[SY_COLUMN_ID])) {
            continue;
        }
        const bool skipped =
            dialect->pending_rule == SY_PENDING_SKIPPED && sy_pull_skips(client, task, row);
        if (!skipped || dialect->token_rule == SY_TOKEN_HIGHEST_SEEN) {
            follow(client, pull, row);
        }
        if (skipped) {
            continue;
        }
        const bool deleted = sy_row_deleted(row);
        rc = sy_pull_items_add(task, deleted ? deletes : upserts, row, deleted, err);
        pull->received++;
    }
    return rc;
}

/* Rows, then tombstones (or the other way round), then the token: three writes, as the SDKs have
 * them. */
static sy_rc apply_page(sy_client *client, sy_task *task, const sy_response *response, sy_err *err)
{
    const sy_pull_items nothing = {0};
    sy_pull_items upserts, deletes;
    const bool deletes_first = client->config.dialect->pull_deletes_first;
    sy_rc rc = sort_rows(client, task, response, &upserts, &deletes, err);
    if (rc == SY_OK) {
        rc = sy_pull_write(client, task, deletes_first ? &deletes : &upserts, INT64_MIN, err);
    }
    const uint32_t removed_count_max = client->config.dialect->removed_count_max;
    if (rc == SY_OK && removed_count_max > 0 && deletes.count > removed_count_max) {
        rc = SY_FAIL(err, SY_STORE, "too many SQL variables: %zu tombstones in one statement",
                     deletes.count); /* one list of ids, whatever its length [edge 18] */
    }
    if (rc == SY_OK) {
        rc = sy_pull_write(client, task, deletes_first ? &upserts : &deletes, INT64_MIN, err);
    }
    return rc == SY_OK ? sy_pull_write(client, task, &nothing, task->pull->token_max, err) : rc;
}

static void receive(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    const sy_response *response = sy_pull_receive(client, task);
    if (response == NULL) {
        return;
    }
    sy_err err;
    sy_rc rc = apply_page(client, task, response, &err);
    const bool end = pull->remaining <= 0 || response->rows.count == 0;
    const bool follows = client->config.dialect->pull_follows_next && response->next.size > 0;
    if (rc == SY_OK && !end && follows) {
        pull->continuation = sy_arena_copy(&task->arena, response->next);
        rc = pull->continuation.data != NULL ? SY_OK : sy_fail_nomem(&err);
    } else if (rc == SY_OK && !end) {
        ask_next(client, task);
    }
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
    } else if (end) {
        sy_pull_end(client, task);
    } else {
        (void)sy_pull_send_page(client, task);
    }
}

void sy_pull_delta_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PULL_REQUEST) {
        ask_first(client, task);
        (void)sy_pull_send_page(client, task);
    } else {
        receive(client, task);
    }
}

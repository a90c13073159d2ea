/* `sound`'s pull: rows in order of the server's commit sequence, pages by key. The token is a
 * sequence up to which every commit was applied here: the horizon that the server vouches for, but
 * never past a row that was left out for a pending operation, so that it comes again. Rows of a
 * page and the token are written together.
 *
 * A pull without a query id, and the first one after the server's history changed (another epoch,
 * or a horizon below our token), asks for everything and saves nothing until its end; then local
 * rows of its scope that did not come are asked for one by one, and those that the server does not
 * have are removed. So does one without a token that finds rows of its scope here already (pushed,
 * pulled by another query, or by one that could save no token): to a first pull the server sends
 * what matches now, and not what has left the filter since we got it, or was lost by a restore. A
 * token is only worth something within the epoch that it was given in: beside each token stands its
 * epoch. */
#include "core/base/map.h"
#include "core/base/mutant.h"
#include "core/client/apply.h"
#include "core/client/pull.h"

static sy_str epoch_key(sy_task *task)
{
    return sy_settings_epoch_key(&task->arena, task->schema->name, task->pull->query_id);
}

static bool is_incremental(const sy_pull_run *pull)
{
    return pull->token_key.size > 0;
}

/* -- requests -- */

static void send_page(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    sy_request request = {
        .method = SY_METHOD_QUERY,
        .query = &pull->page,
        .continuation = pull->continuation,
        .page_size_max = pull->page_size,
        .since_sequence = pull->plain ? -1 : pull->token_asked,
        .epoch = pull->epoch,
    };
    task->state = SY_PULL_WAITING;
    (void)sy_pull_send(client, task, &request);
}

/* Are there local rows that the filter finds? */
static sy_rc look_in_scope(sy_client *client, sy_task *task, bool *found, sy_err *err)
{
    sy_query query = task->pull->base;
    query.select = 1u << SY_COLUMN_ID;
    query.top = 1;
    sy_rows rows = {0};
    sy_rc rc = sy_store_query(client->config.store, &query, &task->work, &rows, err);
    *found = rc == SY_OK && rows.count > 0;
    return rc;
}

static void start(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    sy_err err;
    sy_rc rc = SY_OK;
    pull->plain = pull->base.order_count > 0 || pull->base.skip >= 0 || pull->base.top >= 0;
    pull->sweeps = !is_incremental(pull) && !pull->plain;
    if (is_incremental(pull)) {
        const sy_str key = epoch_key(task);
        rc = key.data == NULL
                 ? sy_fail_nomem(&err)
                 : sy_settings_text(&client->settings, key, &task->arena, &pull->epoch, &err);
        if (rc == SY_OK && pull->token == 0) {
            rc = look_in_scope(client, task, &pull->sweeps, &err);
        }
    }
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
        return;
    }
    pull->token_asked = pull->token;
    send_page(client, task);
}

/* -- a page -- */

static sy_rc note_seen(sy_task *task, sy_str id, sy_err *err)
{
    sy_pull_seen *seen = sy_arena_push(&task->arena, sizeof *seen);
    if (seen == NULL) {
        return sy_fail_nomem(err);
    }
    seen->id = sy_arena_copy(&task->arena, id);
    seen->next = task->pull->seen;
    if (seen->id.data == NULL) {
        return sy_fail_nomem(err);
    }
    task->pull->seen = seen;
    return SY_OK;
}

/* The server vouches for less than it did: it went back to an older state without saying so, or
 * removed tombstones that we have not heard of. The token is worth nothing: the pull begins again,
 * as in another epoch. */
static bool went_back(const sy_pull_run *pull, const sy_response *response)
{
    return !pull->plain && pull->token_asked > 0 && response->horizon < pull->token_asked &&
           sy_str_equal(response->epoch, pull->epoch);
}

static void begin_again(sy_client *client, sy_task *task, int64_t horizon)
{
    sy_pull_run *pull = task->pull;
    const sy_str told = sy_arena_printf(&task->work, "token %lld, horizon %lld",
                                        (long long)pull->token_asked, (long long)horizon);
    sy_client_trace(client, &sy_event_detect,
                    sy_cstr("the server does not vouch for our token any more"),
                    sy_text(task->schema->name), sy_text(told));
    pull->sweeps = true;
    pull->token_asked = 0;
    pull->continuation = (sy_str){NULL, 0};
    send_page(client, task);
}

/* Another history: the page is the first of everything that there is now, and our token means
 * nothing. */
static sy_rc take_epoch(sy_task *task, sy_str epoch, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    if (sy_str_equal(epoch, pull->epoch)) {
        return SY_OK;
    }
    if (pull->epoch.size > 0) {
        pull->sweeps = !pull->plain;
        pull->token_asked = 0;
        pull->held = INT64_MAX;
        pull->seen = NULL;
    }
    pull->epoch = sy_arena_copy(&task->arena, epoch);
    return pull->epoch.data != NULL ? SY_OK : sy_fail_nomem(err);
}

static sy_rc collect(sy_client *client, sy_task *task, const sy_response *response,
                     sy_pull_items *items, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    sy_rc rc = sy_pull_items_init(task, response->rows.count, items, err);
    for (size_t i = 0; i < response->rows.count && rc == SY_OK && pull->remaining > 0; i++) {
        const sy_row *row = response->rows.items[i];
        pull->remaining--;
        if (sy_pull_skips(client, task, row)) {
            const int64_t before = row->cells[SY_COLUMN_SEQUENCE].as.integer - 1;
            pull->held =
                before < pull->held && !SY_MUTANT(TOKEN_PASSES_SKIPPED) ? before : pull->held;
        } else if (!(SY_MUTANT(TOMBSTONES_IGNORED) && sy_row_deleted(row))) {
            rc = sy_pull_items_add(task, items, row, sy_row_deleted(row), err);
            pull->received++;
        }
        if (rc == SY_OK && pull->sweeps) {
            rc = note_seen(task, sy_row_id(row), err);
        }
    }
    return rc;
}

static int64_t safe_token(const sy_pull_run *pull)
{
    return pull->horizon < pull->held ? pull->horizon : pull->held;
}

/* The first token of an epoch, with the epoch; and after a sweep, whatever stood there before. */
static sy_rc write_epoch(sy_client *client, sy_task *task, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    const sy_str key = epoch_key(task);
    if (key.data == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = sy_client_begin(client, err);
    if (rc != SY_OK) {
        return rc;
    }
    rc = sy_settings_set_text(&client->settings, key, pull->epoch, err);
    if (rc == SY_OK && pull->sweeps) {
        rc = sy_settings_set_token(&client->settings, pull->token_key, safe_token(pull), err);
    }
    if (rc != SY_OK) {
        sy_client_rollback(client);
        return rc;
    }
    rc = sy_client_commit(client, err);
    if (rc == SY_OK && pull->sweeps) {
        sy_client_trace(client, &sy_event_token, sy_text(task->schema->name),
                        sy_text(pull->query_id), sy_int(pull->token), sy_int(safe_token(pull)),
                        sy_cstr("sequence"));
        pull->token = safe_token(pull);
    }
    return rc;
}

static void sweep(sy_client *client, sy_task *task);

static void receive(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    const sy_response *response = sy_pull_receive(client, task);
    if (response == NULL) {
        return;
    }
    if (went_back(pull, response)) {
        begin_again(client, task, response->horizon);
        return;
    }
    sy_err err;
    sy_pull_items items = {0};
    const bool new_epoch = is_incremental(pull) && !sy_str_equal(response->epoch, pull->epoch);
    sy_rc rc = take_epoch(task, response->epoch, &err);
    pull->horizon = response->horizon;
    if (rc == SY_OK && new_epoch && !pull->sweeps) {
        rc = write_epoch(client, task, &err); /* before the first token that belongs to it */
    }
    if (rc == SY_OK) {
        rc = collect(client, task, response, &items, &err);
    }
    if (rc == SY_OK) {
        rc = sy_pull_write(client, task, &items, pull->sweeps ? INT64_MIN : safe_token(pull), &err);
    }
    pull->continuation = (sy_str){NULL, 0};
    if (rc == SY_OK && response->next.size > 0 && pull->remaining > 0 &&
        !SY_MUTANT(FIRST_PAGE_ONLY)) {
        pull->continuation = sy_arena_copy(&task->arena, response->next);
        rc = pull->continuation.data != NULL ? SY_OK : sy_fail_nomem(&err);
    }
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
    } else if (pull->continuation.size > 0) {
        send_page(client, task);
    } else if (pull->sweeps && !SY_MUTANT(NOTHING_SWEPT)) {
        sweep(client, task);
    } else {
        sy_pull_end(client, task);
    }
}

/* -- what did not come -- */

static sy_rc map_seen(const sy_pull_run *pull, sy_map *map)
{
    sy_rc rc = SY_OK;
    for (sy_pull_seen *seen = pull->seen; seen != NULL && rc == SY_OK; seen = seen->next) {
        rc = sy_map_set(map, seen->id, seen);
    }
    return rc;
}

/* Local rows of the scope that are nobody's pending edit and did not come. */
static sy_rc find_missing(sy_client *client, sy_task *task, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    sy_rows rows;
    sy_map map;
    sy_map_init(&map, client->config.alloc);
    sy_rc rc = map_seen(pull, &map);
    if (rc != SY_OK) {
        (void)sy_fail_nomem(err);
        goto done;
    }
    rc = sy_store_query(client->config.store, &pull->base, &task->arena, &rows, err);
    if (rc != SY_OK) {
        goto done;
    }
    pull->missing = sy_arena_push(&task->arena, (rows.count + 1) * sizeof *pull->missing);
    if (pull->missing == NULL) {
        rc = sy_fail_nomem(err);
        goto done;
    }
    for (size_t i = 0; i < rows.count; i++) {
        const sy_str id = sy_row_id(rows.items[i]);
        if (sy_map_find(&map, id) == NULL &&
            (SY_MUTANT(SWEEP_TAKES_PENDING) ||
             sy_operation_queue_find(&client->queue, task->schema, id) == NULL)) {
            pull->missing[pull->missing_count++] = id;
        }
    }
done:
    sy_map_deinit(&map);
    return rc;
}

static void sweep_next(sy_client *client, sy_task *task)
{
    sy_pull_run *pull = task->pull;
    if (pull->missing_at < pull->missing_count) {
        sy_request request = {
            .method = SY_METHOD_READ, .id = pull->missing[pull->missing_at], .since_sequence = -1};
        task->state = SY_PULL_SWEEPING;
        (void)sy_pull_send(client, task, &request);
        return;
    }
    sy_err err;
    sy_rc rc = is_incremental(pull) ? write_epoch(client, task, &err) : SY_OK;
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
    } else {
        sy_pull_end(client, task);
    }
}

static void sweep(sy_client *client, sy_task *task)
{
    sy_err err;
    sy_rc rc = find_missing(client, task, &err);
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
    } else {
        sweep_next(client, task);
    }
}

/* The answer about one row. */
static sy_rc apply_swept(sy_client *client, sy_task *task, const sy_response *response, sy_err *err)
{
    sy_pull_run *pull = task->pull;
    const sy_str id = pull->missing[pull->missing_at];
    if (sy_operation_queue_find(&client->queue, task->schema, id) != NULL &&
        !SY_MUTANT(SWEEP_TAKES_PENDING)) {
        return SY_OK; /* edited meanwhile: the push will meet it */
    }
    const sy_row *row = NULL;
    sy_rc rc = SY_OK;
    if (response->status == 200 && response->row != NULL && !sy_row_deleted(response->row)) {
        rc = sy_row_map(&task->work, response->row, task->schema, false, &row, err);
    }
    if (rc == SY_OK) {
        rc = sy_apply_row(client, task->schema, id, row, err);
    }
    if (rc == SY_OK) {
        sy_apply_trace(client, task->schema, id, row, response->row);
    }
    return rc;
}

static void receive_swept(sy_client *client, sy_task *task)
{
    if (!task->answered) {
        return;
    }
    const bool gone = task->answer.rc == SY_OK && (task->answer.response->status == 404 ||
                                                   task->answer.response->status == 410);
    const sy_response *response = task->answer.response;
    if (gone) {
        task->answered = false;
    } else {
        response = sy_pull_receive(client, task);
        if (response == NULL) {
            return;
        }
    }
    sy_err err;
    sy_rc rc = apply_swept(client, task, response, &err);
    if (rc != SY_OK) {
        sy_pull_fail(client, task, rc, &err);
        return;
    }
    task->pull->missing_at++;
    sweep_next(client, task);
}

void sy_pull_sequence_step(sy_client *client, sy_task *task)
{
    if (task->state == SY_PULL_REQUEST) {
        start(client, task);
    } else if (task->state == SY_PULL_SWEEPING) {
        receive_swept(client, task);
    } else {
        receive(client, task);
    }
}

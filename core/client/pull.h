/* The steps that every pull is built from, and the strategies that page. protocol.md 7.
 *
 *   sy_pull_start_step: checks -> locks -> (implicit push, again from the locks) -> token ->
 * strategy strategy:           REQUEST -> WAITING -> a page is applied -> REQUEST ... ->
 * sy_pull_end
 */
#ifndef SY_CLIENT_PULL_H
#define SY_CLIENT_PULL_H

#include "core/client/internal.h"

typedef enum sy_pull_state {
    SY_PULL_CHECKING = 0,
    SY_PULL_LOCKING,
    SY_PULL_PUSHING,
    SY_PULL_REQUEST,
    SY_PULL_WAITING,
    SY_PULL_SWEEPING, /* pull_sequence: rows that did not come are asked for, one by one */
    SY_PULL_SWEPT
} sy_pull_state;

/* Strategies: what a dialect's pull_step may be. */
void sy_pull_delta_step(sy_client *client,
                        sy_task *task); /* pull_delta.c: updatedAt ge token, skip [7.3] */
void sy_pull_next_link_step(sy_client *client,
                            sy_task *task); /* pull_next_link.c: nextLink only [7.8] */
void sy_pull_rows_step(sy_client *client,
                       sy_task *task); /* pull_rows.c: the same, row by row [7.7] */
void sy_pull_updated_at_step(
    sy_client *client, sy_task *task); /* pull_updated_at.c: updatedAt ge, until empty [7.4] */
void sy_pull_sequence_step(sy_client *client,
                           sy_task *task); /* pull_sequence.c: commit sequence, horizon */

/* What a row of a page means for the local store. */
typedef struct sy_pull_item {
    const sy_row *row;    /* over the client's schema; NULL: goes */
    const sy_row *stamps; /* as the server sent it */
    sy_str id;
} sy_pull_item;

typedef struct sy_pull_items { /* in task->work */
    sy_pull_item *items;
    size_t count;
} sy_pull_items;

/* -- pull_page.c -- */

/* page.filter and page.order for the token: (filter and updatedAt ge|gt token), updatedAt. Without
 * a key: as the app gave it. */
void sy_pull_ask_token(const sy_client *client, sy_task *task, int64_t token);
/* Empties task->work and sends the next request; the state is WAITING. false: the task has ended.
 */
bool sy_pull_send(sy_client *client, sy_task *task, sy_request *request);
/* The next page of pull->page. */
bool sy_pull_send_page(sy_client *client, sy_task *task);
/* The answer, a success. NULL: none yet, or the task has ended. */
const sy_response *sy_pull_receive(sy_client *client, sy_task *task);
/* Hands the answer, if there is one, to `take`, then asks for the page that it links to; without a
 * link the pull ends. */
typedef sy_rc sy_pull_take(sy_client *client, sy_task *task, const sy_response *response,
                           sy_err *err);
void sy_pull_follow_links(sy_client *client, sy_task *task, sy_pull_take *take);
/* Room for `count` items in task->work. */
sy_rc sy_pull_items_init(sy_task *task, size_t count, sy_pull_items *items, sy_err *err);
sy_rc sy_pull_items_add(sy_task *task, sy_pull_items *items, const sy_row *row, bool removes,
                        sy_err *err);
/* Has the row an operation in the queue? Then it is traced as left out. */
bool sy_pull_skips(sy_client *client, sy_task *task, const sy_row *row);
/* Writes items and, with it, the token (when it is larger than pull->token, or where the token
 * follows the last row: another one; INT64_MIN: none) in one transaction. */
sy_rc sy_pull_write(sy_client *client, sy_task *task, const sy_pull_items *items, int64_t token,
                    sy_err *err);

/* -- pull_rows.c -- */

/* Writes the rows that wait, and the token: a pull of P-D6 does so however it ends. */
sy_rc sy_pull_rows_flush(sy_client *client, sy_task *task, sy_err *err);

/* -- pull.c -- */

void sy_pull_end(sy_client *client, sy_task *task);
void sy_pull_fail(sy_client *client, sy_task *task, sy_rc rc, const sy_err *err);

#endif

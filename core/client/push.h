/* The steps that every push is built from, and the strategies that walk the queue.
 * protocol.md 6.
 *
 *   sy_push_start_step -> strategy: NEXT -> take -> attempt ... settle -> NEXT ... -> finish
 *
 *   attempt:  LOCKING -> (STARTING: handler) -> SENDING -> WAITING -> (DECIDING: handler) ->
 * SETTLED
 *                                                  ^---- send again ----'
 */
#ifndef SY_CLIENT_PUSH_H
#define SY_CLIENT_PUSH_H

#include "core/client/internal.h"

typedef enum sy_push_state {
    SY_PUSH_NEXT = 0,
    SY_PUSH_LOCKING,
    SY_PUSH_STARTING,
    SY_PUSH_SENDING,
    SY_PUSH_WAITING,
    SY_PUSH_DECIDING,
    SY_PUSH_SETTLED,
    SY_PUSH_WORKING, /* its workers do the rest */
    SY_PUSH_ENDING,
    SY_PUSH_COMPLETING
} sy_push_state;

/* Strategies: what a dialect's push_step may be. */
void sy_push_queue_step(sy_client *client,
                        sy_task *task); /* push_queue.c: peek by sequence [6.1 P-CL] */
void sy_push_batch_step(sy_client *client,
                        sy_task *task); /* push_batch.c: a list taken at the start [6.8] */
void sy_push_bookmark_step(sy_client *client,
                           sy_task *task); /* push_bookmark.c: up to a bookmark [6.1 P-AN] */

/* -- push_workers.c: several operations at once -- */

/* push->list: the operations that are queued now, of the tables of the push. */
sy_rc sy_push_list_take(sy_client *client, sy_task *task, sy_err *err);
/* The next of them that is still queued; NULL: none. */
const sy_operation *sy_push_list_next(const sy_client *client, sy_push_run *push);
/* Workers take the operations of the list, as many at once as push->parallel says, and settle each
 * by `settle`. The state is WORKING until task->children is 0; a failure aborts the push. */
void sy_push_workers_start(sy_client *client, sy_task *task, sy_task_step settle);
void sy_push_log_step(sy_client *client,
                      sy_task *task); /* push_log.c: the log, each until it is handled [6.1 P-JS] */

/* -- push_log_decide.c: for push_log.c and its dialects -- */

/* dialect->check_decision: what the SDK's methods refuse. */
sy_rc sy_push_log_check(const sy_task *task, const sy_decision *decision, sy_err *err);
/* Does what was decided; on an error nothing has changed. */
sy_rc sy_push_log_apply(sy_client *client, sy_task *task, const sy_decision *decision, sy_err *err);
/* What the table's policy decides about a conflict. *out stays as it is when it has no answer. */
sy_rc sy_push_log_rule(sy_client *client, sy_task *task, sy_decision *out, sy_err *err);

/* -- push_attempt.c: one operation, from its lock to its answer and what was decided -- */

/* Takes an operation in hand: task->work is reset, the state is LOCKING. */
sy_rc sy_push_take(sy_client *client, sy_task *task, const sy_operation *operation, sy_err *err);
/* Goes on with it. true: the state is SETTLED and push->ending says how it ended; false: the task
 * waits. A failure of the store or of memory is an ending, too (aborted). */
bool sy_push_attempt(sy_client *client, sy_task *task);

/* -- push_decide.c: what comes of an answer -- */

/* The attempt has ended. */
void sy_push_end(sy_task *task, sy_push_ending ending, const char *reason);
/* It ended by a failure of our own, the store's or no memory; the push is aborted. */
void sy_push_break(sy_task *task, sy_rc rc, const sy_err *err);
/* A handler is asked about every operation, before it is sent and after each answer. */
bool sy_push_asks_always(const sy_client *client, const sy_push_run *push);
/* Asks the handler, who decides now or later: task->decided. */
void sy_push_ask(sy_client *client, sy_task *task, sy_phase phase);
/* Takes the answer: the attempt ends, is sent again, or the handler is asked. */
void sy_push_receive(sy_client *client, sy_task *task);
/* Does what the handler decided. */
void sy_push_obey(sy_client *client, sy_task *task);

/* -- push_answer.c -- */

/* Verdict, rc, status and row of task->answer. */
sy_rc sy_push_read_answer(sy_client *client, sy_task *task, sy_err *err);

/* -- push_conflict.c -- */

/* Reads the base, and says in the trace what is in conflict. */
sy_rc sy_push_trace_conflict(sy_client *client, sy_task *task, sy_err *err);
/* What the table's policy says to it, with the base read; rows are in task->work. */
sy_rc sy_push_judge(const sy_client *client, sy_task *task, sy_judgement *out, sy_err *err);
void sy_push_trace_decision(sy_client *client, const sy_push_run *push, const char *decision,
                            const char *by, const sy_row *row);
/* What the decision costs, where it is known what was changed. */
sy_rc sy_push_trace_losses(sy_client *client, sy_task *task, const sy_judgement *judgement,
                           sy_err *err);

/* -- push_request.c: what is sent -- */

/* Fills item, base_bytes, snapshot from the operation (or the local row, where the dialect sends
 * that). push->snapshot stays NULL for an insert or update whose row is not there any more. */
sy_rc sy_push_load_item(sy_client *client, sy_task *task, const sy_operation *operation,
                        sy_err *err);
/* Reads push->base: only a conflict, a handler or a cell that was taken away asks for it. */
sy_rc sy_push_load_base(sy_task *task, sy_err *err);
/* The request for push->item, push->method, push->if_match. */
sy_rc sy_push_build_request(sy_client *client, sy_task *task, sy_request *out, sy_err *err);
/* The server answers that it did this operation before, and that the row is gone since. */
bool sy_push_row_is_gone(const sy_client *client, const sy_push_run *push);
/* Points the next request at the server's row, as the dialect's client-wins does [9.3, 6.8]. */
sy_rc sy_push_retarget(sy_client *client, sy_task *task, sy_err *err);
/* A handler's row becomes the item. */
sy_rc sy_push_replace_item(sy_client *client, sy_task *task, const sy_row *row, sy_err *err);

/* -- push_settle.c: what an ending does to the store -- */

/* Writes it: the row, the operation, the error. A failure of the store aborts the push. Also
 * traces. */
void sy_push_settle(sy_client *client, sy_task *task);
/* Notes an error for the result of this push; its texts and rows are copied. */
sy_rc sy_push_note_error(sy_task *task, const sy_push_error *error, sy_err *err);
/* The error of the operation in hand; borrowed. */
sy_push_error sy_push_error_of(const sy_push_run *push);
/* The operation in hand is traced as failed. */
void sy_push_trace_failed(sy_client *client, const sy_push_run *push);
/* -- fork.c -- */

/* Writes push->fork and queues its insert; inside the transaction of the ending. */
sy_rc sy_push_fork(sy_client *client, sy_task *task, sy_err *err);
/* Says so in the trace; when it is durable. */
void sy_push_trace_fork(sy_client *client, const sy_push_run *push);

/* -- push.c: begin and end -- */

/* ENDING and COMPLETING: collects the errors, asks push_complete, ends the task [6.5]. */
void sy_push_finish(sy_client *client, sy_task *task);
/* Is there somebody who completes pushes? */
bool sy_push_wants_completion(const sy_client *client);
/* The task of the push: the task itself, or that of whoever it works for. */
sy_task *sy_push_leader(sy_task *task);
/* Stops the push with the status that `rc` stands for; keeps the first text. */
void sy_push_abort(sy_task *task, sy_push_status status, sy_rc rc, const sy_err *err);
/* The status of a failure inside the engine: of the store, or of memory. */
sy_push_status sy_push_status_of(sy_rc rc);
/* Before a handler is asked. What others do meanwhile leaves the operation in hand alone: a push
 * passes it over, a purge of its table is refused. */
void sy_push_unlock_to_ask(sy_client *client, sy_task *task);
/* A cancelled push stops between two operations. Its status is that of the last cause [6.3, edge
 * 22]; where the caller is told at the end, what he asked for comes before what a broken connection
 * did. */
void sy_push_heed_cancel(const sy_client *client, sy_task *task);
bool sy_push_aborted(const sy_push_run *push);

#endif

/* `sound`: our own, the best that we know (design.md). What it rests on:
 * - a row and its queue entry change in one transaction, and so do an answer and the end of its
 * operation;
 * - an operation that may have reached the server is never changed: later edits are queued behind
 * it. One that is known not to have been committed (Pending, Failed) may be; its version moves, and
 * with it the key that is sent;
 * - every update and delete names the version that it was made on;
 * - tokens are commit sequences and pass only rows that were applied.
 * So an answer that was lost costs a request and nothing else. */
#include "core/client/pull.h"
#include "core/client/push.h"

static const sy_collapse
    collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT][SY_OPERATION_KIND_COUNT] = {
        /*                     new insert          new update        new delete */
        /* insert pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND, SY_COLLAPSE_APPEND},
        /* insert failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* update pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_REPLACE_AT_END},
        /* update attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND, SY_COLLAPSE_APPEND},
        /* update failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_REPLACE_AT_END},
        /* delete pending   */ {SY_COLLAPSE_BECOME_UPDATE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete attempted */ {SY_COLLAPSE_APPEND, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete failed    */ {SY_COLLAPSE_BECOME_UPDATE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
};

static const sy_verdict verdicts[SY_OPERATION_KIND_COUNT][SY_ANSWER_CLASS_COUNT] = {
    [SY_OPERATION_INSERT] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ABORT,
            [SY_ANSWER_404] = SY_VERDICT_ERROR,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
    [SY_OPERATION_UPDATE] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ABORT,
            [SY_ANSWER_404] =
                SY_VERDICT_CONFLICT, /* the server's row is gone: a conflict like any other */
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
    [SY_OPERATION_DELETE] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ABORT,
            [SY_ANSWER_404] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
};

/* What every server that we know takes: 1 to 255 characters, no control characters, none of "+?\/`,
 * not
 * "." or "..". */
sy_rc sy_sound_check_id(sy_str id, sy_err *err)
{
    if (id.size == 0) {
        return SY_FAIL(err, SY_INVALID, "an id must not be empty");
    }
    return sy_classic_check_id(id, err);
}

const sy_dialect sy_dialect_sound = {
    .name = "sound",
    .summary = "our own: transactions, operation keys, commit sequences",
    .wire = &sy_wire_sound,
    .server = "sound",

    .check_id = sy_sound_check_id,
    .insert_refuses_existing = true,
    .update_needs_row = true,
    .delete_needs_row = true,
    .delete_keeps_passed = false,
    .one_transaction = true,         /* against edge 2 */
    .writes_before_collapse = false, /* against edge 33 */
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false,
    .lock_write = 0, /* an edit never waits: it is queued behind what is in flight */
    .lock_push = SY_LOCK_ACTION,
    .lock_push_item = 0,
    .lock_pull = SY_LOCK_ACTION,
    .lock_purge = SY_LOCK_ACTION,
    .collapse = collapse,
    .collapse_pends = true,

    .version_first = 1,
    .keeps_item = true, /* a retried request must be the same request */
    .keeps_base = true, /* for merges, and for If-Match */
    .persists_attempted =
        false, /* a write less for each operation; a restart takes the worst for granted */
    .operation_keys = true, /* against edge 3 */

    .update_method = SY_METHOD_UPDATE,
    .verdicts = verdicts,
    .errors = SY_ERRORS_NOT_STORED, /* failures stay on the operation: nothing to be replayed
                                       wrongly [edges 5, 6, 40] */
    .push_fails_on_error = true,
    .missing = SY_MISSING_SKIPPED, /* the operation holds its item; one that is gone was undone */
    .unreadable_is_silent = false, /* against edge 46 */
    .result_waits_for_last = false,
    .push_rereads = false,
    .has_hooks = true,
    .policy_default = NULL,
    .policy_latest_is_client = false,
    .policy_resend_unconditional = false,  /* against edge 55 */
    .policy_server_restores_delete = true, /* against edge 50 */
    .asks_unlocked = true,                 /* against edge 77 */
    .cancel_ends_at_once = false,          /* against edges 22, 67 */
    .parallel_max = 1,
    .push_step = sy_push_queue_step,

    .implicit_push =
        SY_IMPLICIT_PUSH_ONCE, /* an operation that cannot succeed must not stop all pulls */
    .implicit_push_scope = SY_PUSH_ALL_TABLES,
    .token_kind = SY_TOKEN_SEQUENCE, /* against 7.9 */
    .token_resolution_ns = 1,
    .token_rule = SY_TOKEN_HIGHEST,
    .first_pull_asks_token = true,
    .first_pull_asks_deleted = true, /* against edge 43 */
    .page_size = 0,
    .page_size_max = 0,
    .pull_orders_by_id = false,
    .pull_counts = false,
    .pull_options = SY_OPTIONS_REFUSED,
    .pull_follows_next = true,
    .pull_deletes_first = false,
    .pull_write_interval = 0,
    .query_id_rule = SY_QUERY_ID_GIVEN,
    .pending_rule = SY_PENDING_SKIPPED,
    .pull_step = sy_pull_sequence_step,

    .has_purge = true,
    .purge_force = SY_PURGE_FORCE_ANY,
    .purge_reset = SY_PURGE_RESETS_TABLE,        /* against edge 23 */
    .purge_associated = SY_PURGE_ASSOCIATED_ALL, /* it does so unasked; against edge 44 */

    .progress = SY_PROGRESS_NONE,

    .stored_time_resolution_ns = 0,
    .removed_count_max = 0,
    .searches_by_like = false,
    .leaves_transaction_open = false,
    .journal_mode = "TRUNCATE",
    .synchronous = "FULL",
};

/* `datasync`: the client of Microsoft.Datasync 6.1 (P-D6 in protocol.md): the classic queue with
 * PUT, pushes in parallel, no hook for conflicts, conflict errors that stay, a `gt` token in
 * milliseconds that follows the last row, and a pull that throws on a row with a pending operation.
 */
#include "core/client/pull.h"
#include "core/client/push.h"

static const sy_verdict verdicts[SY_OPERATION_KIND_COUNT][SY_ANSWER_CLASS_COUNT] = {
    /* 6.2, P-D6 */
    [SY_OPERATION_INSERT] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ABORT,
            [SY_ANSWER_404] = SY_VERDICT_ERROR,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_ERROR,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
    [SY_OPERATION_UPDATE] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ABORT,
            [SY_ANSWER_404] = SY_VERDICT_ERROR,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_ERROR,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
    [SY_OPERATION_DELETE] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ABORT,
            [SY_ANSWER_404] = SY_VERDICT_SUCCESS, /* swallowed, 1 */
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_SUCCESS, /* swallowed, 1 */
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
};

const sy_dialect sy_dialect_datasync = {
    .name = "datasync",
    .summary = "the client of Microsoft.Datasync (6.1)",
    .wire = &sy_wire_datasync,
    .server = "datasync",

    .check_id = sy_entity_check_id,  /* 4.4 */
    .insert_refuses_existing = true, /* 4.5 */
    .update_needs_row = true,        /* 4.5 */
    .delete_needs_row = true,        /* 4.5 */
    .delete_keeps_passed = false,    /* 4.5: the stored row */
    .one_transaction = false,        /* 4.5 */
    .writes_before_collapse = false, /* 4.5, 5.2 */
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false,                   /* 7.7: upsert of the columns that are there */
    .lock_write = SY_LOCK_ITEM_ID | SY_LOCK_QUEUE, /* 4.5: no table lock */
    .lock_push = 0,                                /* 6.1: concurrent pushes are possible */
    .lock_push_item = SY_LOCK_ITEM_ID,             /* 5.3, 6.7 */
    .lock_pull = 0,                                /* 7.7: no table lock */
    .lock_purge = SY_LOCK_TABLE | SY_LOCK_QUEUE,   /* 8 */
    .collapse = sy_classic_collapse,               /* 5.2: the same */
    .collapse_pends = false,                       /* 5.1 */

    .version_first = 1,         /* 5.1 */
    .keeps_item = false,        /* 5.2: the row as it is at push time; deletes keep a copy */
    .keeps_base = false,        /* 4.3 */
    .persists_attempted = true, /* 5.1 */
    .operation_keys = false,

    .update_method = SY_METHOD_REPLACE, /* 1: PUT */
    .omits_defaults = false,
    .verdicts = verdicts,               /* 6.2 */
    .errors = SY_ERRORS_CONFLICTS_STAY, /* 6.5, 6.7, edge 40 */
    .push_fails_on_error = true,        /* 6.5 */
    .missing = SY_MISSING_THROWS,       /* 6.7, edges 41, 66 */
    .unreadable_is_silent = true,       /* 6.5, edge 46 */
    .result_waits_for_last = false,
    .push_rereads = true, /* 6.7 */
    .has_hooks = false,   /* 1: none, errors after the fact */
    .policy_default = NULL,
    .policy_latest_is_client = false,
    .policy_resend_unconditional = false,
    .policy_server_restores_delete = false,
    .asks_unlocked = false,
    .cancel_ends_at_once = true,     /* 6.3: as in P-CL */
    .parallel_max = 8,               /* 1, 6.7 */
    .push_step = sy_push_queue_step, /* 6.1; in parallel a list that is taken at the start */

    .implicit_push = SY_IMPLICIT_PUSH_CLEANS,  /* 7.2 */
    .implicit_push_scope = SY_PUSH_THIS_TABLE, /* 7.2: PushOtherTables is false */
    .token_kind = SY_TOKEN_TIME_GT,            /* 7.7, 7.9 */
    .token_resolution_ns = SY_MS,              /* 1: Unix milliseconds */
    .token_rule = SY_TOKEN_LAST,               /* 7.7 step 7, edge 42 */
    .first_pull_asks_token = false,            /* 7.7 step 4 */
    .first_pull_asks_deleted = false,          /* 7.7 step 4, edge 43 */
    .page_size = 0,                            /* 7.1: the server's choice */
    .page_size_max = 0,
    .pull_orders_by_id = false,
    .pull_counts = true,                /* 7.7 step 5 */
    .pull_options = SY_OPTIONS_DROPPED, /* 7.1 */
    .pull_follows_next = true,          /* 7.7 step 5 */
    .pull_deletes_first = true,         /* 7.7 step 7 */
    .pull_write_interval = 1,           /* 7.7 step 7 */
    .query_id_rule = SY_QUERY_ID_HASH,  /* 7.7 step 1 */
    .pending_rule = SY_PENDING_FAILS,   /* 7.7 step 6 */
    .pull_step = sy_pull_rows_step,     /* 7.7 */

    .has_purge = true,                                /* 8 */
    .purge_force = SY_PURGE_FORCE_ANY,                /* 8 */
    .purge_reset = SY_PURGE_RESETS_QUERY,             /* 8: the default policy */
    .purge_associated = SY_PURGE_ASSOCIATED_UNDOTTED, /* 8, edge 44 */

    .progress = SY_PROGRESS_DATASYNC, /* 11 */

    .stored_time_resolution_ns = SY_MS, /* 4.2 */
    .removed_count_max = 0,
    .searches_by_like = false,
    .leaves_transaction_open = false, /* 4.2 */
    .drops_columns = true,            /* edge 45 */
    .journal_mode = "DELETE",         /* SQLite's own defaults */
    .synchronous = "FULL",
};

/* `mobile-apps-android`: the Java client of Azure Mobile Apps (P-AN in protocol.md). What it is
 * known for: a local write that the queue refuses is in the local table all the same, a push that
 * ends well forgets the operations that failed, and a pull looks at no pending operation, because
 * it holds the lock of its table. */
#include "core/client/pull.h"
#include "core/client/push.h"

static const sy_collapse
    collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT][SY_OPERATION_KIND_COUNT] = {
        /* 5.2, column P-AN */
        /*                     new insert          new update        new delete */
        /* insert pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_REPLACE_AT_END},
        /* update pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_REPLACE_AT_END},
        /* update attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_REPLACE_AT_END},
        /* update failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_REPLACE_AT_END},
        /* delete pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
};

static const sy_verdict verdicts[SY_OPERATION_KIND_COUNT][SY_ANSWER_CLASS_COUNT] = {
    /* 6.2, P-AN */
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
            [SY_ANSWER_404] = SY_VERDICT_SUCCESS, /* 404 only */
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_ERROR,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ERROR, /* edge 35: the exception of a
                                                       null pointer, no network error */
        },
};

const sy_dialect sy_dialect_mobile_apps_android = {
    .name = "mobile-apps-android",
    .summary = "the Android client of Azure Mobile Apps",
    .server = "netfx",
    .wire = &sy_wire_zumo_android,

    .check_id = sy_classic_check_id,  /* 4.4 does not list it: P-CL's */
    .insert_refuses_existing = false, /* 4.5: a plain upsert */
    .update_needs_row = false,        /* 4.5: an upsert */
    .delete_needs_row = false,        /* 4.5 */
    .delete_keeps_passed = false,     /* 4.5: the stored row, else what is passed */
    .one_transaction = false,         /* 4.5, edge 2 */
    .writes_before_collapse = true,   /* 5.2, edge 33 */
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false,                  /* 4.2: upsert of the columns that are there */
    .lock_write = SY_LOCK_ITEM | SY_LOCK_TABLE,   /* 4.5 */
    .lock_push = SY_LOCK_ACTION,                  /* 6.1: one queue of actions for each context */
    .lock_push_item = SY_LOCK_ITEM,               /* 5.3: by table and id */
    .lock_pull = SY_LOCK_ACTION | SY_LOCK_TABLE,  /* 7.5 */
    .lock_purge = SY_LOCK_ACTION | SY_LOCK_TABLE, /* 8 */
    .collapse = collapse,                         /* 5.2 */
    .collapse_pends = false,                      /* 5.1 */

    .version_first = 1,         /* 5.1 */
    .keeps_item = false,        /* 5.2: the row as it is at push time; deletes keep a copy */
    .keeps_base = false,        /* 4.3: there is no column for it */
    .persists_attempted = true, /* 5.1 */
    .operation_keys = false,

    .update_method = SY_METHOD_UPDATE, /* 1: PATCH */
    .verdicts = verdicts,              /* 6.2, edge 35 */
    .errors = SY_ERRORS_REPLAYED,      /* 6.5 */
    .push_fails_on_error = true,       /* 6.5 step 4 */
    .missing = SY_MISSING_ERROR,       /* 6.2 */
    .unreadable_is_silent = false,     /* 6.2, edge 21 */
    .result_waits_for_last = false,    /* 6.2 step 7 */
    .push_rereads = false,             /* edge 76 */
    .has_hooks = true,                 /* 9.3 */
    .policy_default = NULL,
    .policy_latest_is_client = false,
    .policy_resend_unconditional = false,   /* 9.3 */
    .policy_server_restores_delete = false, /* 9.3: the result of a delete is never written */
    .asks_unlocked = false,                 /* edge 77 */
    .cancel_ends_at_once = true,            /* 6.3, edge 67 */
    .parallel_max = 1,                      /* 1 */
    .push_step = sy_push_bookmark_step,     /* 6.1, 6.5, edge 34 */

    .implicit_push = SY_IMPLICIT_PUSH_DIRTY,   /* 7.2, edge 10 */
    .implicit_push_scope = SY_PUSH_ALL_TABLES, /* 7.1 */
    .token_kind = SY_TOKEN_TIME_GE,            /* 7.3, 7.9 */
    .token_resolution_ns = SY_MS,              /* 1: a text of milliseconds */
    .token_rule = SY_TOKEN_LAST,               /* 7.5 */
    .token_misreads_fraction = true,           /* 7.5, edge 36 */
    .first_pull_asks_token = false,            /* 7.5 */
    .first_pull_asks_deleted = true,           /* 1 */
    .page_size = 50,                           /* 7.5 */
    .page_size_max = 1000,                     /* 7.5 */
    .pull_orders_by_id = true,                 /* 7.5 */
    .pull_counts = false,                      /* 7.1 */
    .pull_options = SY_OPTIONS_CUT,            /* 7.1 */
    .pull_follows_next = false,                /* 7.5: skip += rows */
    .pull_deletes_first = true,                /* 7.5 */
    .pull_write_interval = 0,                  /* 7.3 */
    .query_id_rule = SY_QUERY_ID_GIVEN,        /* 7.5 */
    .pending_rule = SY_PENDING_APPLIED,        /* 7.5: the lock of the table protects them */
    .pull_step = sy_pull_delta_step,

    .has_purge = true,                   /* 8 */
    .purge_force = SY_PURGE_FORCE_NONE,  /* 8 */
    .purge_reset = SY_PURGE_RESETS_NONE, /* 8 */

    .progress = SY_PROGRESS_NONE, /* 11 */

    .stored_time_resolution_ns = 0,
    .removed_count_max = 0,
    .searches_by_like = false,
    .leaves_transaction_open = false,
    .journal_mode = "DELETE", /* SQLite's own defaults */
    .synchronous = "FULL",
};

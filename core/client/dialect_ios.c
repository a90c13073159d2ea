/* `mobile-apps-ios`: the iOS client of Azure Mobile Apps (P-IOS in protocol.md). An edit of a row
 * that is being sent does not wait: it is queued behind, and then the answer is not stored. A
 * delete of a row that is gone is an error. */
#include "core/client/pull.h"
#include "core/client/push.h"

static const sy_collapse
    collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT][SY_OPERATION_KIND_COUNT] = {
        /* 5.2, column P-IOS; what is in progress counts as attempted: behind it comes a new one
           [5.3] */
        /*                     new insert          new update        new delete */
        /* insert pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND, SY_COLLAPSE_APPEND},
        /* insert failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* update pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* update attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND, SY_COLLAPSE_APPEND},
        /* update failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* delete pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete attempted */ {SY_COLLAPSE_APPEND, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
};

static const sy_verdict verdicts[SY_OPERATION_KIND_COUNT][SY_ANSWER_CLASS_COUNT] = {
    /* 6.2, P-IOS */
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
            [SY_ANSWER_404] = SY_VERDICT_ERROR,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_ERROR,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ABORT,
        },
};

const sy_dialect sy_dialect_mobile_apps_ios = {
    .name = "mobile-apps-ios",
    .summary = "the iOS client of Azure Mobile Apps",
    .server = "netfx",
    .wire = &sy_wire_zumo_ios,

    .check_id = sy_classic_check_id, /* 4.4 does not list it: P-CL's */
    .insert_refuses_existing = true, /* 4.5 does not list it: P-CL's */
    .update_needs_row = false,       /* 4.5: an upsert */
    .delete_needs_row = false,       /* 4.5 */
    .delete_keeps_passed = true,     /* 4.5 */
    .one_transaction = false,        /* edge 38 */
    .writes_before_collapse = false, /* 4.5, 5.2 */
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false,  /* 4.2: upsert of the columns that are there */
    .lock_write = 0,              /* 5.3: an edit does not wait */
    .lock_push = SY_LOCK_ACTION,  /* 6.1: one queue of actions for each context */
    .lock_push_item = 0,          /* 5.3 */
    .lock_pull = SY_LOCK_ACTION,  /* 7.6: a dispatch queue */
    .lock_purge = SY_LOCK_ACTION, /* the same */
    .collapse = collapse,         /* 5.2, 5.3, edge 39 */
    .collapse_pends = false,      /* 5.1 */

    .version_first = 1,          /* 5.1 */
    .keeps_item = false,         /* 5.2: the row as it is at push time; deletes keep a copy */
    .keeps_base = false,         /* 4.3: there is no column for it */
    .persists_attempted = false, /* 5.3: in progress, in memory */
    .operation_keys = false,

    .update_method = SY_METHOD_UPDATE, /* 1: PATCH */
    .verdicts = verdicts,              /* 6.2 */
    .errors = SY_ERRORS_REPLAYED,      /* 6.5 */
    .push_fails_on_error = true,       /* 6.5 step 4 */
    .missing = SY_MISSING_ERROR,       /* 6.2 step 2, edge 76 */
    .unreadable_is_silent = false,     /* 6.2, edge 21 */
    .result_waits_for_last = true,     /* 5.3, 6.2 */
    .push_rereads = false,             /* edge 76 */
    .has_hooks = true,                 /* 9.3 */
    .policy_default = NULL,
    .policy_latest_is_client = false,
    .policy_resend_unconditional = false,   /* 9.3 */
    .policy_server_restores_delete = false, /* 9.3: the result of a delete is never written */
    .asks_unlocked = false,                 /* edge 77 */
    .cancel_ends_at_once = true,            /* 6.3, edge 67 */
    .parallel_max = 1,                      /* 1 */
    .push_step = sy_push_queue_step,        /* 6.1 */

    .implicit_push = SY_IMPLICIT_PUSH_PRECEDES, /* 1: a push is queued before the pull */
    .implicit_push_scope = SY_PUSH_ALL_TABLES,  /* 7.1 */
    .token_kind = SY_TOKEN_TIME_GE,             /* 7.3, 7.9 */
    .token_resolution_ns = SY_MS,               /* 1: a text of milliseconds */
    .token_rule = SY_TOKEN_HIGHEST_SEEN,        /* 7.6 */
    .first_pull_asks_token = true,              /* 7.3: 1970 */
    .first_pull_asks_deleted = true,            /* 1 */
    .page_size = 50,                            /* 7.1 */
    .page_size_max = 0,
    .pull_orders_by_id = false,         /* 7.3 */
    .pull_counts = false,               /* 7.1 */
    .pull_options = SY_OPTIONS_REFUSED, /* 7.1 */
    .pull_follows_next = true,          /* 7.3, edge 68 */
    .pull_deletes_first = true,         /* 7.6 */
    .pull_write_interval = 0,           /* 7.3 */
    .query_id_rule = SY_QUERY_ID_GIVEN, /* 7.1: none = a full pull */
    .pending_rule = SY_PENDING_SKIPPED, /* 7.6 */
    .pull_step = sy_pull_delta_step,

    .has_purge = true,                        /* 8 */
    .purge_force = SY_PURGE_FORCE_UNFILTERED, /* 8, edge 23 */
    .purge_reset = SY_PURGE_RESETS_GIVEN,     /* 8 */

    .progress = SY_PROGRESS_NONE, /* 11 */

    .stored_time_resolution_ns = 0,
    .removed_count_max = 0,
    .searches_by_like = false,
    .leaves_transaction_open = false,
    .journal_mode = "DELETE", /* SQLite's own defaults */
    .synchronous = "FULL",
};

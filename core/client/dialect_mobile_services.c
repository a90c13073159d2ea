/* `mobile-services`: the .NET client of 2014, before Azure Mobile Apps. Its offline sync is P-CL's;
 * what differs is on the wire: system columns with two underscores, asked for by name
 * (__systemproperties) [1]. */
#include "core/client/pull.h"
#include "core/client/push.h"

const sy_dialect sy_dialect_mobile_services = {
    .name = "mobile-services",
    .summary = "the .NET client of Azure Mobile Services (1.3, 2014)",
    .server = "netfx",
    .wire = &sy_wire_mobile_services,

    .check_id = sy_classic_check_id, /* 4.4 */
    .insert_refuses_existing = true, /* 4.5 */
    .update_needs_row = false,       /* 4.5: an upsert */
    .delete_needs_row = false,       /* 4.5 */
    .delete_keeps_passed = true,     /* 4.5 */
    .one_transaction = false,        /* 4.5, edge 2 */
    .writes_before_collapse = false, /* 4.5, 5.2 */
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false,                   /* 4.2: upsert of the columns that are there */
    .lock_write = SY_LOCK_ITEM_ID | SY_LOCK_TABLE, /* 4.5, edge 7, edge 78 */
    .lock_push = SY_LOCK_ACTION,                   /* 6.1: one queue of actions for each context */
    .lock_push_item = SY_LOCK_ITEM_ID,             /* 5.3 */
    .lock_pull = SY_LOCK_ACTION | SY_LOCK_TABLE,   /* 7.3 */
    .lock_purge = SY_LOCK_ACTION | SY_LOCK_TABLE,  /* 8 */
    .collapse = sy_classic_collapse,               /* 5.2 */
    .collapse_pends = false,                       /* 5.1 */

    .version_first = 1,         /* 5.1 */
    .keeps_item = false,        /* 5.2: the row as it is at push time; deletes keep a copy */
    .keeps_base = false,        /* 4.3: there is no column for it */
    .persists_attempted = true, /* 5.1 */
    .operation_keys = false,

    .update_method = SY_METHOD_UPDATE, /* 1: PATCH */
    .verdicts = sy_classic_verdicts,   /* 6.2 */
    .errors = SY_ERRORS_REPLAYED,      /* 6.5 */
    .push_fails_on_error = true,       /* 6.5 step 4 */
    .missing = SY_MISSING_ERROR,       /* 6.2 step 2, edge 76 */
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
    .push_step = sy_push_queue_step,        /* 6.1 */

    .implicit_push = SY_IMPLICIT_PUSH_DIRTY,   /* 7.2, edge 10 */
    .implicit_push_scope = SY_PUSH_ALL_TABLES, /* 7.1 */
    .token_kind = SY_TOKEN_TIME_GE,            /* 7.3, 7.9 */
    .token_resolution_ns = 100,                /* 7.3: the "o" format has 7 digits */
    .token_rule = SY_TOKEN_HIGHEST,            /* 7.3, edge 11 */
    .first_pull_asks_token = true,             /* 7.3: 1970 */
    .first_pull_asks_deleted = true,           /* 1 */
    .page_size = 50,                           /* 7.1 */
    .page_size_max = 0,
    .pull_orders_by_id = false,         /* 7.3 */
    .pull_counts = false,               /* 7.1 */
    .pull_options = SY_OPTIONS_REFUSED, /* 7.1 */
    .pull_follows_next = true,          /* 7.3, edge 68 */
    .pull_deletes_first = false,        /* 7.3 */
    .pull_write_interval = 0,           /* 7.3 */
    .query_id_rule = SY_QUERY_ID_GIVEN, /* 7.1: none = a full pull */
    .pending_rule = SY_PENDING_SKIPPED, /* 7.3, edge 11 */
    .pull_step = sy_pull_delta_step,

    .has_purge = true,                        /* 8 */
    .purge_force = SY_PURGE_FORCE_UNFILTERED, /* 8, edge 23 */
    .purge_reset = SY_PURGE_RESETS_GIVEN,     /* 8 */

    .progress = SY_PROGRESS_NONE, /* 11 */

    .stored_time_resolution_ns = SY_MS, /* edge 19 */
    .removed_count_max = 999,           /* edge 18 */
    .searches_by_like = true,           /* edge 20 */
    .leaves_transaction_open = true,    /* edge 17 */
    .journal_mode = "DELETE",           /* SQLite's own defaults */
    .synchronous = "FULL",
};

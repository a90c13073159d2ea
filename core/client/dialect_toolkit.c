/* `toolkit`: the CommunityToolkit Datasync client, 10.1 (P-CT in protocol.md): snapshots in the
 * queue, one lock around a push, PUT, a `gt` token in milliseconds, and a pull that refuses to run
 * while anything is queued. */
#include "core/client/pull.h"
#include "core/client/push.h"

const sy_collapse
    sy_toolkit_collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT][SY_OPERATION_KIND_COUNT] = {
        /* 5.2, column P-CT: states do not matter [edge 51] */
        /*                     new insert          new update        new delete */
        /* insert pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* update pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* update attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* update failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* delete pending   */ {SY_COLLAPSE_BECOME_UPDATE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete attempted */ {SY_COLLAPSE_BECOME_UPDATE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
        /* delete failed    */ {SY_COLLAPSE_BECOME_UPDATE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE},
};

const sy_verdict sy_toolkit_verdicts[SY_OPERATION_KIND_COUNT][SY_ANSWER_CLASS_COUNT] = {
    /* 6.2, P-CT */
    [SY_OPERATION_INSERT] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ERROR, /* no special case: Failed, and on */
            [SY_ANSWER_404] = SY_VERDICT_ERROR,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_ERROR, /* not a conflict: no resolver runs */
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ESCAPE,
        },
    [SY_OPERATION_UPDATE] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ERROR,
            [SY_ANSWER_404] = SY_VERDICT_ERROR,
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_ERROR,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ESCAPE,
        },
    [SY_OPERATION_DELETE] =
        {
            [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_401] = SY_VERDICT_ERROR,
            [SY_ANSWER_404] = SY_VERDICT_SUCCESS, /* rewritten to 204, 1 */
            [SY_ANSWER_409] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_410] = SY_VERDICT_SUCCESS,
            [SY_ANSWER_412] = SY_VERDICT_CONFLICT,
            [SY_ANSWER_OTHER] = SY_VERDICT_ERROR,
            [SY_ANSWER_NONE] = SY_VERDICT_ESCAPE,
        },
};

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* 4.4: a letter or digit, then up to 126 of letters, digits and _ . | : - */
sy_rc sy_entity_check_id(sy_str id, sy_err *err)
{
    if (id.size == 0 || id.size > 127 || !is_alphanumeric(id.data[0])) {
        return SY_FAIL(err, SY_INVALID,
                       "an id begins with a letter or a digit and has 1 to 127 characters");
    }
    for (size_t i = 1; i < id.size; i++) {
        const char c = id.data[i];
        if (!is_alphanumeric(c) && c != '_' && c != '.' && c != '|' && c != ':' && c != '-') {
            return SY_FAIL(err, SY_INVALID, "the character at %zu is not allowed in an id", i + 1);
        }
    }
    return SY_OK;
}

const sy_dialect sy_dialect_toolkit = {
    .name = "toolkit",
    .summary = "the CommunityToolkit Datasync client (10.1)",
    .wire = &sy_wire_toolkit,
    .server = "toolkit",

    .check_id = sy_entity_check_id,  /* 4.4 */
    .insert_refuses_existing = true, /* 4.5: EF Add */
    .update_needs_row = true,        /* 4.5: EF Modified */
    .delete_needs_row = true,        /* 4.5: EF Deleted */
    .delete_keeps_passed = false,    /* 4.5: JSON of the entity */
    .one_transaction = true,         /* 4.5: one SaveChanges */
    .writes_before_collapse = false,
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false, /* Appendix B: since 9.0.3 ignored properties are preserved */
    .lock_write = SY_LOCK_QUEUE, /* 5.3: "synclock" */
    .lock_push = SY_LOCK_QUEUE,  /* 6.8 step 1 */
    .lock_push_item = 0,         /* the whole push is locked already */
    .lock_pull = SY_LOCK_QUEUE,  /* 5.3: for the look at the queue; an edit made during the
                                    pull is overwritten [7.8] */
    .lock_purge = SY_LOCK_QUEUE,
    .collapse = sy_toolkit_collapse, /* 5.2 */
    .collapse_pends = true,          /* 5.1 */

    .version_first = 0,          /* 5.1 */
    .keeps_item = true,          /* 4.3, 5.2: the snapshot is pushed */
    .keeps_base = false,         /* 4.3 */
    .persists_attempted = false, /* 4.3: Pending, Completed, Failed only */
    .operation_keys = false,

    .update_method = SY_METHOD_REPLACE, /* 1: PUT */
    .omits_defaults = true,             /* edge 52 */
    .verdicts = sy_toolkit_verdicts,    /* 6.2 */
    .errors = SY_ERRORS_NOT_STORED,     /* 4.3: columns of the operation, and the result */
    .push_fails_on_error = false,       /* 6.4 */
    .missing = SY_MISSING_SKIPPED,      /* 6.8 */
    .unreadable_is_silent = false,
    .result_waits_for_last = false,
    .push_rereads = false,
    .has_hooks = true, /* Appendix B: since 9.0.2 */
    .policy_default = NULL,
    .policy_latest_is_client = false,
    .policy_resend_unconditional = true,    /* 6.8 step 3, edge 55 */
    .policy_server_restores_delete = false, /* edge 50 */
    .asks_unlocked = false,                 /* 6.8 step 1: the lock is held to the end */
    .cancel_ends_at_once = true,            /* the exception of the HTTP client leaves the call */
    .parallel_max = 8,                      /* 1 */
    .push_step = sy_push_batch_step,        /* 6.8 */

    .implicit_push = SY_IMPLICIT_PUSH_REFUSE, /* 7.2 */
    .implicit_push_scope = SY_PUSH_THIS_TABLE,
    .token_kind = SY_TOKEN_TIME_GT,  /* 7.8, 7.9 */
    .token_resolution_ns = SY_MS,    /* 1: Unix milliseconds */
    .token_rule = SY_TOKEN_HIGHEST,  /* 7.8 step 4 */
    .first_pull_asks_token = false,  /* 7.8 step 1 */
    .first_pull_asks_deleted = true, /* 7.8 step 1 */
    .page_size = 0,                  /* 7.1: the server's choice */
    .page_size_max = 0,
    .pull_orders_by_id = false,
    .pull_counts = true,                /* 7.8 step 1 */
    .pull_options = SY_OPTIONS_DROPPED, /* 7.1 */
    .pull_follows_next = true,          /* 7.8 step 2 */
    .pull_deletes_first = false,        /* 7.8 step 3: row by row */
    .pull_write_interval = 0,           /* 7.8 step 5 */
    .query_id_rule = SY_QUERY_ID_TYPE,  /* 7.8 */
    .pending_rule = SY_PENDING_APPLIED, /* 7.8 step 3 */
    .pull_step = sy_pull_next_link_step,

    .has_purge = false, /* 8 */
    .purge_force = SY_PURGE_FORCE_NONE,
    .purge_reset = SY_PURGE_RESETS_NONE,

    .progress = SY_PROGRESS_TOOLKIT, /* 11, Appendix B: by 9.0.5 */

    .stored_time_resolution_ns = 0,
    .removed_count_max = 0,
    .searches_by_like = false,
    .leaves_transaction_open = false,
    .journal_mode = "DELETE", /* SQLite's own defaults */
    .synchronous = "FULL",
};

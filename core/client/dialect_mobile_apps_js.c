/* `mobile-apps-js`: the JavaScript client of Azure Mobile Apps 2.0.1 with its SQLite store (P-JS in
 * protocol.md). Row and log entry are one transaction, the log has no states, a failed operation is
 * handled within the push, a pull never pushes, and what a query was pulled to is kept by the
 * query's id alone. */
#include "core/client/find_row.h"
#include "core/client/pull.h"
#include "core/client/push.h"

static const sy_collapse
    collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT][SY_OPERATION_KIND_COUNT] = {
        /* 5.2, column P-JS; attempted: locked by a push [5.3]. Nothing is ever marked as failed. */
        /*                     new insert          new update        new delete */
        /* insert pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* insert attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND, SY_COLLAPSE_APPEND},
        /* insert failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_VANISH},
        /* update pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* update attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND, SY_COLLAPSE_APPEND},
        /* update failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP, SY_COLLAPSE_BECOME_DELETE},
        /* delete pending   */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP},
        /* delete attempted */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_APPEND},
        /* delete failed    */ {SY_COLLAPSE_REFUSE, SY_COLLAPSE_REFUSE, SY_COLLAPSE_KEEP},
};

/* 6.2, P-JS: 409 and 412 are conflicts, whatever else fails stops the push, a delete's 404 too. */
#define VERDICTS                                                                                   \
    {                                                                                              \
        [SY_ANSWER_2XX] = SY_VERDICT_SUCCESS, [SY_ANSWER_401] = SY_VERDICT_ABORT,                  \
        [SY_ANSWER_404] = SY_VERDICT_ABORT, [SY_ANSWER_409] = SY_VERDICT_CONFLICT,                 \
        [SY_ANSWER_410] = SY_VERDICT_ABORT, [SY_ANSWER_412] = SY_VERDICT_CONFLICT,                 \
        [SY_ANSWER_OTHER] = SY_VERDICT_ABORT, [SY_ANSWER_NONE] = SY_VERDICT_ABORT                  \
    }

static const sy_verdict verdicts[SY_OPERATION_KIND_COUNT][SY_ANSWER_CLASS_COUNT] = {
    [SY_OPERATION_INSERT] = VERDICTS,
    [SY_OPERATION_UPDATE] = VERDICTS,
    [SY_OPERATION_DELETE] = VERDICTS,
};

/* What JavaScript's trim() takes off: white space of Unicode, and ends of lines. */
static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000 || c == 0xfeff;
}

static bool is_refused(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == '+' || c == '"' || c == '/' || c == '?' ||
           c == '`' || c == '\\';
}

/* The next character; steps over it. */
static uint32_t read_character(sy_str text, size_t *at)
{
    const unsigned char first = (unsigned char)text.data[(*at)++];
    uint32_t c = first < 0xc0 ? first : first < 0xe0 ? first & 0x1f : first & 0x0f;
    while (first >= 0xc0 && *at < text.size && ((unsigned char)text.data[*at] & 0xc0) == 0x80) {
        c = (c << 6) | ((unsigned char)text.data[(*at)++] & 0x3f);
    }
    return c;
}

/* 4.4: 1 to 255 characters as UTF-16 counts them, one of which is not blank; no control characters,
 * none of "+?\/`, not "." or "..". */
sy_rc sy_js_check_id(sy_str id, sy_err *err)
{
    size_t count = 0;
    bool blank = true;
    if (sy_str_equal(id, SY_STR(".")) || sy_str_equal(id, SY_STR(".."))) {
        return SY_FAIL(err, SY_INVALID, "an id must not be '%.*s'", SY_FMT(id));
    }
    for (size_t at = 0; at < id.size;) {
        count += (unsigned char)id.data[at] >= 0xf0 ? 2 : 1;
        const uint32_t c = read_character(id, &at);
        blank = blank && is_blank(c);
        if (is_refused(c)) {
            return SY_FAIL(err, SY_INVALID, "the character before %zu is not allowed in an id", at);
        }
    }
    if (blank) {
        return SY_FAIL(err, SY_INVALID, "an id has a character that is not blank");
    }
    return count <= 255
               ? SY_OK
               : SY_FAIL(err, SY_INVALID, "an id has at most 255 characters, this one %zu", count);
}

const sy_dialect sy_dialect_mobile_apps_js = {
    .name = "mobile-apps-js",
    .summary = "the JavaScript client of Azure Mobile Apps (2.0.1)",
    .server = "node",
    .wire = &sy_wire_zumo_js,

    .check_id = sy_js_check_id,      /* 4.4 */
    .insert_refuses_existing = true, /* 4.5 */
    .update_needs_row = false,       /* 4.5 */
    .delete_needs_row = false,       /* 4.5 */
    .delete_keeps_passed = false,    /* 4.5: the stored row's version */
    .row_before_queue = true,        /* JC upsertWithLogging */
    .keeps_system_cells = true,      /* 4.5 */
    .find_row = sy_find_row_nocase,
    .one_transaction = true, /* 4.5: executeBatch */
    .writes_before_collapse = false,
    .auto_syncs = false,
    .writes_sync = false,
    .applies_whole_rows = false, /* 4.1: upsert */
    .lock_write = 0, /* one task runner for the store: a step of ours is one task of it */
    .lock_push = SY_LOCK_ACTION,
    .lock_push_item = 0, /* 5.3: edits go behind */
    .lock_pull = SY_LOCK_ACTION,
    .lock_purge = SY_LOCK_ACTION,
    .collapse = collapse,    /* 5.2 */
    .collapse_pends = false, /* there are no states */

    .version_first = 1,
    .keeps_item = false,   /* 5.2: the row as it is at push time */
    .keeps_version = true, /* 4.3: metadata */
    .keeps_base = false,
    .persists_attempted = false, /* 5.1: no states */
    .operation_keys = false,

    .update_method = SY_METHOD_UPDATE, /* 1: PATCH */
    .verdicts = verdicts,              /* 6.2 */
    .errors = SY_ERRORS_NOT_STORED,    /* 4.3: in memory */
    .push_fails_on_error = false,      /* 6.4: a list of conflicts */
    .missing = SY_MISSING_SKIPPED,     /* 5.3: and taken out of the log */
    .unreadable_is_silent = false,
    .result_waits_for_last = false, /* 5.3 */
    .push_rereads = false,
    .has_hooks = true, /* 1: onConflict, onError */
    .policy_default = NULL,
    .policy_latest_is_client = false,
    .policy_resend_unconditional = false,
    .policy_server_restores_delete = false, /* 6.6: cancelAndUpdate is not for deletes */
    .asks_unlocked = false,                 /* a push or pull in a handler waits for ever */
    .cancel_ends_at_once = false,           /* edge 24: there is no cancel */
    .parallel_max = 1,                      /* 1 */
    .push_step = sy_push_log_step,          /* 6.1 */
    .sends_nulls = true,
    .errors_change_action = true, /* 6.6 */
    .check_decision = sy_push_log_check,

    .implicit_push = SY_IMPLICIT_PUSH_NEVER, /* 7.2, edge 24 */
    .implicit_push_scope = SY_PUSH_ALL_TABLES,
    .token_kind = SY_TOKEN_TIME_GE, /* 7.4 */
    .token_resolution_ns = SY_MS,   /* 1: JS Date */
    .token_rule = SY_TOKEN_LAST,    /* 7.4 */
    .first_pull_asks_token = true,  /* 7.4: 1969 */
    .first_pull_asks_deleted = true,
    .page_size = 50, /* 7.1 */
    .page_size_max = 0,
    .pull_orders_by_id = false,
    .pull_counts = false,                   /* 7.1 */
    .pull_options = SY_OPTIONS_REFUSED_ALL, /* 7.1 */
    .pull_follows_next = false,             /* Appendix A 37 */
    .pull_deletes_first = false,            /* 7.4: row by row */
    .pull_write_interval = 0,
    .query_id_rule = SY_QUERY_ID_GIVEN, /* 7.1 */
    .query_id_is_id = true,             /* 7.1 */
    .pull_time_table = true,            /* 4.3, edge 25 */
    .pending_rule = SY_PENDING_SKIPPED, /* 7.4 */
    .pull_step = sy_pull_updated_at_step,

    .has_purge = true,                    /* 8 */
    .purge_force = SY_PURGE_FORCE_ANY,    /* 8 */
    .purge_reset = SY_PURGE_RESETS_TABLE, /* 8 */
    .purge_in_steps = true,               /* edge 32 */

    .progress = SY_PROGRESS_NONE, /* 11 */

    .journal_mode = "DELETE",
    .synchronous = "FULL",
};

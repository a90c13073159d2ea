/* A dialect: what a generation of the client SDKs does where they differ, as data (design.md, idea
 * 5). Numbers in brackets are sections of protocol.md. */
#ifndef SY_CLIENT_DIALECT_H
#define SY_CLIENT_DIALECT_H

#include "core/base/field.h"
#include "core/client/operation.h"
#include "core/policy/policy.h"
#include "core/wire/format.h"

typedef struct sy_client sy_client;
struct sy_task;

/* What an operation that is in the queue and a new one on the same row become [5.2]. */
typedef enum sy_collapse {
    SY_COLLAPSE_REFUSE,         /* SY_STATE: a message of its own for "push first" */
    SY_COLLAPSE_KEEP,           /* the old one stays, version + 1; the new one is dropped */
    SY_COLLAPSE_VANISH,         /* both go */
    SY_COLLAPSE_REPLACE_AT_END, /* the old one goes, the new one is queued at the end with version 2
                                 */
    SY_COLLAPSE_BECOME_DELETE,  /* the old one becomes a delete in its place */
    SY_COLLAPSE_BECOME_UPDATE,  /* the old one becomes an update (replace) in its place */
    SY_COLLAPSE_APPEND, /* both stay (`sound`: behind an operation that may have been sent) */
} sy_collapse;

/* What an answer means for the operation [6.2]. */
typedef enum sy_verdict {
    SY_VERDICT_SUCCESS,
    SY_VERDICT_CONFLICT, /* ask policy or handler, else an error row; go on */
    SY_VERDICT_ERROR,    /* an error row; go on */
    SY_VERDICT_ABORT,    /* no error row; the push stops with the status of its cause */
    SY_VERDICT_ESCAPE,   /* the exception leaves push(): nothing after it is done [6.2 P-CT, no
                            connection] */
} sy_verdict;

/* Statuses that the answer table knows; others fall under their hundred. */
typedef enum sy_answer_class {
    SY_ANSWER_2XX,
    SY_ANSWER_401,
    SY_ANSWER_404,
    SY_ANSWER_409,
    SY_ANSWER_410,
    SY_ANSWER_412,
    SY_ANSWER_OTHER, /* 400, 403, 429, 5xx... */
    SY_ANSWER_NONE,  /* no connection, time-out */
    SY_ANSWER_CLASS_COUNT
} sy_answer_class;

/* Locks, as bits: which ones each action takes, in this order [4.5, 5.3, 6.1]. */
typedef enum sy_lock_kind {
    SY_LOCK_ACTION = 1, /* one push, pull or purge of the client at a time */
    SY_LOCK_ITEM_ID =
        2, /* the item, by id alone: equal ids of different tables block each other [edge 7] */
    SY_LOCK_ITEM = 4, /* the item, by table and id */
    SY_LOCK_TABLE = 8,
    SY_LOCK_QUEUE = 16, /* the whole queue: P-CT's "synclock" */
} sy_lock_kind;

typedef enum sy_token_kind {
    SY_TOKEN_TIME_GE, /* updatedAt ge token; ticks of `token_resolution_ns` */
    SY_TOKEN_TIME_GT, /* updatedAt gt token */
    SY_TOKEN_SEQUENCE /* the server's commit sequence up to a safe horizon */
} sy_token_kind;

/* When a pull pushes first [7.2]. */
typedef enum sy_implicit_push {
    SY_IMPLICIT_PUSH_NEVER,    /* and the pull goes on, rows with pending operations skipped */
    SY_IMPLICIT_PUSH_DIRTY,    /* if the table is dirty; again while it is dirty; a push that fails
                                  makes the pull fail */
    SY_IMPLICIT_PUSH_ONCE,     /* the same, once; operations that failed do not stop the pull */
    SY_IMPLICIT_PUSH_PRECEDES, /* the same, once; a push that fails makes the pull fail */
    SY_IMPLICIT_PUSH_CLEANS,   /* the same, and the pull fails when the table is dirty still */
    SY_IMPLICIT_PUSH_REFUSE    /* a dirty table makes the pull fail */
} sy_implicit_push;

/* Which tables it pushes. */
typedef enum sy_push_scope {
    SY_PUSH_BY_DIALECT, /* of a call: what the SDK's overload without a flag passes */
    SY_PUSH_ALL_TABLES,
    SY_PUSH_THIS_TABLE
} sy_push_scope;

/* `__errors`: what becomes of the errors of a push [6.5]. */
typedef enum sy_error_rule {
    SY_ERRORS_NOT_STORED, /* they are in the result, and columns of the operation */
    SY_ERRORS_REPLAYED, /* all that are stored belong to the next result, of whichever tables; then
                           all go. A collapse takes its operation's away [edges 5, 6] */
    SY_ERRORS_CONFLICTS_STAY /* those of the pushed tables belong to the result; 409 and 412 stay
                                until they are resolved, or until the next start [edge 40] */
} sy_error_rule;

/* An operation whose row, or which itself, is not there any more when its turn comes. */
typedef enum sy_missing_rule {
    SY_MISSING_SKIPPED, /* passed over */
    SY_MISSING_ERROR,   /* an error without a status; the push goes on [6.2 step 2, edge 76] */
    SY_MISSING_THROWS   /* the row: an error without an item, which breaks the push after the next
                           success [edge 66]; the operation: the push breaks [6.7, edge 41] */
} sy_missing_rule;

/* What a pull does with a row that has an operation in the queue [1]. */
typedef enum sy_pending_rule {
    SY_PENDING_APPLIED, /* nobody looks */
    SY_PENDING_SKIPPED,
    SY_PENDING_FAILS /* the pull fails */
} sy_pending_rule;

/* Which row of a page the token follows. */
typedef enum sy_token_rule {
    SY_TOKEN_HIGHEST,      /* the latest of those that were applied */
    SY_TOKEN_HIGHEST_SEEN, /* those that were skipped count too [7.6] */
    SY_TOKEN_LAST          /* the last one, be it earlier [7.5, 7.7] */
} sy_token_rule;

/* What identifies a pull, and with it its token [7.1]. */
typedef enum sy_query_id_rule {
    SY_QUERY_ID_GIVEN, /* none given: a full pull */
    SY_QUERY_ID_TYPE,  /* the table's name; with a filter "q-<table>-" and the id given, or a hash
                          [7.8] */
    SY_QUERY_ID_HASH   /* none given: a hash of table and filter [7.7] */
} sy_query_id_rule;

typedef enum sy_options_rule {                         /* what a pull can't have [7.1] */
                               SY_OPTIONS_REFUSED,     /* a selection; with a query id an order and
                                                          limits */
                               SY_OPTIONS_REFUSED_ALL, /* and an order or limits in any pull */
                               SY_OPTIONS_DROPPED,     /* an order and limits, without a word; a
                                                          selection is refused */
                               SY_OPTIONS_CUT /* a selection; with a query id an order and $skip */
} sy_options_rule;

typedef enum sy_purge_force { /* what `force` does about pending operations [8] */
                              SY_PURGE_FORCE_NONE,       /* there is none */
                              SY_PURGE_FORCE_UNFILTERED, /* discards them, unless there is a filter
                                                            [edge 23] */
                              SY_PURGE_FORCE_ANY
} sy_purge_force;

typedef enum sy_purge_reset { /* which tokens a purge takes away [8] */
                              SY_PURGE_RESETS_NONE,
                              SY_PURGE_RESETS_GIVEN, /* the one of the query id given */
                              SY_PURGE_RESETS_QUERY, /* the same; no id given: the one that a pull
                                                        of this query would have */
                              SY_PURGE_RESETS_TABLE  /* all of the table */
} sy_purge_reset;

typedef enum sy_purge_associated { /* a purge may be asked to reset all query ids of its table [8]
                                    */
                                   SY_PURGE_ASSOCIATED_NONE,     /* there is no such option */
                                   SY_PURGE_ASSOCIATED_UNDOTTED, /* an id with a dot is cut there,
                                                                    and its token stays [edge 44] */
                                   SY_PURGE_ASSOCIATED_ALL
} sy_purge_associated;

typedef enum sy_progress_kind { /* SynchronizationProgress [11] */
                                SY_PROGRESS_NONE,
                                SY_PROGRESS_DATASYNC,
                                SY_PROGRESS_TOOLKIT
} sy_progress_kind;

/* dialect_fields.c lists the fields for people; a new one belongs there too. */
typedef struct sy_dialect {
    const char *name;           /* "mobile-apps" */
    const char *summary;        /* one line, for people */
    const sy_wire_format *wire; /* how it writes and reads text */
    const char *server;         /* the server dialect that goes with it */

    /* local tables [4.4, 4.5] */
    sy_rc (*check_id)(sy_str id, sy_err *err);
    bool insert_refuses_existing;
    bool update_needs_row;
    bool delete_needs_row;
    bool delete_keeps_passed; /* the operation keeps the row that the app passes; else the stored
                                 one */
    bool row_before_queue;    /* a write looks at the row first, then at the queue: which of two
                                 refusals comes */
    bool keeps_system_cells;  /* what an app writes into system columns stays [4.5] */
    /* Finds the row that a lookup, a write or a push means; NULL: the store's read. */
    sy_rc (*find_row)(sy_client *client, const sy_schema *schema, sy_str id, sy_arena *arena,
                      const sy_row **out, sy_err *err);
    bool one_transaction; /* row and queue entry together; else row first, then entry [edge 2] */
    bool writes_before_collapse; /* the row changes even if the queue refuses the operation [edge
                                    33] */
    bool auto_syncs;         /* a connection that comes back synchronises, asked for or not [9.1] */
    bool writes_sync;        /* an edit is followed by a push and a pull of its table, whose
                                failures nobody hears of [9.1] */
    bool applies_whole_rows; /* columns that a server's row lacks become null; else they stay */
    uint32_t lock_write;     /* sy_lock_kind bits */
    uint32_t lock_push;
    uint32_t lock_push_item; /* held from before the send until the operation is decided */
    uint32_t lock_pull;
    uint32_t lock_purge;
    const sy_collapse (*collapse)[SY_OPERATION_KIND_COUNT]; /* [existing kind * SY_STATE_COUNT +
                                                               state][new kind] */
    bool collapse_pends; /* what a collapse changes goes back to Pending; else it keeps its state
                            [5.1] */

    /* the queue [5.1] */
    int64_t version_first; /* of a new operation */
    bool keeps_item;    /* the operation holds a snapshot that is pushed; else the current row is */
    bool keeps_version; /* the operation holds the version that it was made on, and nothing else
                           [4.3 P-JS] */
    bool keeps_base; /* the row before the first edit is kept: for three-way merges, and for an app
                        that discards the edit */
    bool persists_attempted; /* state is written before sending; else, with operation keys, whatever
                                a former process left in the queue, the oldest operation of each
                                item, counts as Attempted */
    bool operation_keys;     /* a retried request is harmless */

    /* push [6] */
    sy_method update_method; /* SY_METHOD_UPDATE (PATCH) or SY_METHOD_REPLACE (PUT) */
    bool omits_defaults; /* null is left out of a body; so are false, 0 where the app's class says
                            what a new object has [edge 52] */
    const sy_verdict (*verdicts)[SY_ANSWER_CLASS_COUNT]; /* [operation kind][class] */
    sy_error_rule errors;
    bool push_fails_on_error; /* an error left unhandled makes push() fail [6.5]; else the result
                                 tells */
    sy_missing_rule missing;
    bool unreadable_is_silent;  /* an answer that cannot be read: the operation fails and nobody is
                                   told [edge 46] */
    bool result_waits_for_last; /* the server's row is stored only when no later operation of the
                                   item waits [5.3] */
    bool push_rereads;          /* the operation is looked up again, by item, under its lock; else
                                   it is what it was when its turn came [6.7, edge 76] */
    bool has_hooks;             /* policies, handlers and on_push_complete are asked; else errors
                                   stand [1] */
    const sy_policy *policy_default; /* where a table names none; NULL: errors stand */
    bool policy_latest_is_client;    /* latest wins compares nothing [9.1] */
    bool sends_nulls;                /* a cell that was never written goes out as null */
    bool errors_change_action; /* errors can be cancelled and made another operation [6.6 P-JS] */
    /* Refuses a decision that the SDK's method would throw for; NULL: none. */
    sy_rc (*check_decision)(const struct sy_task *task, const sy_decision *decision, sy_err *err);
    bool policy_resend_unconditional;   /* client wins drops If-Match [6.8, edge 55] */
    bool policy_server_restores_delete; /* server wins on a local delete brings the row back (not
                                           [edge 50]) */
    bool asks_unlocked; /* a push gives its lock back while a handler decides, so that the handler
                           may push, pull and purge; else that waits for ever [edge 77] */
    bool cancel_ends_at_once; /* a cancelled call is over for its caller while its work goes on
                                 [edge 67]; else when the operation or page in hand has ended */
    uint32_t parallel_max;    /* operations of a push that may be under way at once [1] */
    void (*push_step)(sy_client *client, struct sy_task *task); /* strategy */

    /* pull [7] */
    sy_implicit_push implicit_push;
    sy_push_scope implicit_push_scope; /* where the call names none */
    sy_token_kind token_kind;
    sy_time token_resolution_ns;
    sy_token_rule token_rule;
    bool token_misreads_fraction; /* the digits of a fraction count as milliseconds: .5 is 5 ms,
                                     where the server drops zeros [edge 36] */
    bool first_pull_asks_token; /* a pull without a token asks from 1970 on; else for everything */
    bool first_pull_asks_deleted; /* a pull without a token asks for tombstones */
    int64_t page_size;            /* asked for; 0: the server's choice */
    int64_t page_size_max;  /* a larger $top is cut to it, and cuts only the page; 0: $top is the
                               app's limit */
    bool pull_orders_by_id; /* without a query id and an order */
    bool pull_counts;       /* asks for the total */
    sy_options_rule pull_options;
    bool pull_follows_next;      /* Link: rel=next */
    bool pull_deletes_first;     /* tombstones of a page, then its rows */
    int64_t pull_write_interval; /* rows written together with the token; 0: a page [7.7] */
    sy_query_id_rule query_id_rule;
    sy_pending_rule pending_rule;
    bool query_id_is_id;  /* a query id is checked as ids are [7.1] */
    bool pull_time_table; /* tokens stand in `__pulltime`, by query id alone [4.3 P-JS, edge 25] */
    void (*pull_step)(sy_client *client, struct sy_task *task); /* strategy */

    /* purge [8] */
    bool has_purge;
    sy_purge_force purge_force;
    sy_purge_reset purge_reset;
    sy_purge_associated purge_associated;
    bool purge_in_steps; /* operations, tokens, rows: each a transaction [edge 32] */

    /* what an app can hear [11] */
    sy_progress_kind progress;

    /* the local store [4.2] */
    sy_time stored_time_resolution_ns; /* times that the app writes are rounded to it [edge 19]; 0:
                                          kept */
    uint32_t removed_count_max; /* a page with more tombstones has more parameters than a statement
                                   may have [edge 18]; 0: no limit */
    bool searches_by_like;      /* a part of a text is looked for by a pattern [edge 20] */
    bool leaves_transaction_open; /* a page that can't be written leaves its transaction open:
                                     nothing else can begin until the process ends [edge 17] */
    bool drops_columns;           /* of its SQLite store: an app whose tables lack a column takes it
                                     away [edge 45]; else it stays */
    const char *journal_mode;
    const char *synchronous;
} sy_dialect;

extern const sy_dialect sy_dialect_mobile_services;
extern const sy_dialect sy_dialect_mobile_apps;         /* P-CL */
extern const sy_dialect sy_dialect_mobile_apps_js;      /* P-JS */
extern const sy_dialect sy_dialect_mobile_apps_android; /* P-AN */
extern const sy_dialect sy_dialect_mobile_apps_ios;     /* P-IOS */
extern const sy_dialect sy_dialect_datasync;            /* P-D6 */
extern const sy_dialect sy_dialect_toolkit_9_0_0;       /* P-CT, Appendix B */
extern const sy_dialect sy_dialect_toolkit_9_0_4;
extern const sy_dialect sy_dialect_toolkit;             /* P-CT */
extern const sy_dialect sy_dialect_app_service_helpers; /* 9.1 */
extern const sy_dialect sy_dialect_app_service_helpers_promised;
extern const sy_dialect sy_dialect_sound;

/* NULL when there is none of that name; `index` 0, 1...: NULL after the last one. */
const sy_dialect *sy_dialect_find(sy_str name);
const sy_dialect *sy_dialect_at(size_t index);

/* What `syncsim dialects` says of the struct, field by field (dialect_fields.c). */
extern const sy_field sy_dialect_fields[];
extern const size_t sy_dialect_field_count;

/* Pieces of the constants. */
extern const sy_collapse sy_classic_collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT]
                                            [SY_OPERATION_KIND_COUNT]; /* 5.2, P-CL */
extern const sy_verdict sy_classic_verdicts[SY_OPERATION_KIND_COUNT]
                                           [SY_ANSWER_CLASS_COUNT]; /* 6.2,
                                                                       P-CL */
extern const sy_collapse sy_toolkit_collapse[SY_OPERATION_KIND_COUNT * SY_STATE_COUNT]
                                            [SY_OPERATION_KIND_COUNT]; /* 5.2, P-CT */
extern const sy_verdict sy_toolkit_verdicts[SY_OPERATION_KIND_COUNT]
                                           [SY_ANSWER_CLASS_COUNT]; /* 6.2,
                                                                       P-CT */
/* 4.4, P-CL: at most 255 characters; P-D6 and P-CT: a letter or digit, then letters, digits and
 * _ . | : - */
sy_rc sy_classic_check_id(sy_str id, sy_err *err);
sy_rc sy_entity_check_id(sy_str id, sy_err *err);
sy_rc sy_js_check_id(sy_str id, sy_err *err);
sy_rc sy_sound_check_id(sy_str id, sy_err *err);

#endif

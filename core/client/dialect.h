/* A dialect: what a generation of the client SDKs does where they differ, as data (design.md, idea
 * 5). Numbers in brackets are sections of protocol.md. */
#ifndef SY_CLIENT_DIALECT_H
#define SY_CLIENT_DIALECT_H

#include "core/client/operation.h"
#include "core/wire/message.h"

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
    SY_IMPLICIT_PUSH_NEVER, /* and the pull goes on, rows with pending operations skipped */
    SY_IMPLICIT_PUSH_DIRTY, /* if the table is dirty: all tables, or as the call says; again while
                               it is dirty */
    SY_IMPLICIT_PUSH_ONCE,  /* the same, once; rows whose operation failed are left out of the pull
                             */
    SY_IMPLICIT_PUSH_REFUSE /* a dirty table makes the pull fail */
} sy_implicit_push;

typedef struct sy_dialect {
    const char *name;    /* "mobile-apps" */
    const char *summary; /* one line, for people */

    /* local tables [4.4, 4.5] */
    sy_rc (*check_id)(sy_str id, sy_err *err);
    bool insert_refuses_existing;
    bool update_needs_row;
    bool delete_needs_row;
    bool one_transaction; /* row and queue entry together; else row first, then entry [edge 2] */
    uint32_t lock_write;  /* sy_lock_kind bits */
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
    bool keeps_item; /* the operation holds a snapshot that is pushed; else the current row is */
    bool keeps_base; /* the row before the first edit is kept for three-way merges */
    bool persists_attempted; /* state is written before sending; else, with operation keys, whatever
                                a former process left in the queue counts as Attempted */
    bool operation_keys;     /* a retried request is harmless */

    /* push [6] */
    sy_method update_method; /* SY_METHOD_UPDATE (PATCH) or SY_METHOD_REPLACE (PUT) */
    const sy_verdict (*verdicts)[SY_ANSWER_CLASS_COUNT]; /* [operation kind][class] */
    bool error_table;         /* `__errors`, replayed and cleared by the end of a push [6.5] */
    bool push_fails_on_error; /* an error left unhandled makes push() fail [6.5]; else the result
                                 tells */
    bool policy_resend_unconditional;   /* client wins drops If-Match [6.8, edge 55] */
    bool policy_server_restores_delete; /* server wins on a local delete brings the row back (not
                                           [edge 50]) */
    bool asks_unlocked; /* a push gives its lock back while a handler decides, so that the handler
                           may push, pull and purge; else that waits for ever [edge 77] */
    bool cancel_ends_at_once; /* a cancelled call is over for its caller while its work goes on
                                 [edge 67]; else when the operation or page in hand has ended */
    void (*push_step)(sy_client *client, struct sy_task *task); /* strategy */

    /* pull [7] */
    sy_implicit_push implicit_push;
    sy_token_kind token_kind;
    sy_time token_resolution_ns;
    int64_t page_size;       /* asked for; 0: the server's choice */
    bool query_id_defaults;  /* a pull without a query id is incremental all the same [7.8] */
    bool pull_skips_pending; /* rows with pending operations are left out [7.1 table]; else applied
                                over */
    void (*pull_step)(sy_client *client, struct sy_task *task); /* strategy */

    /* purge [8] */
    bool has_purge;
    bool purge_force_needs_no_filter;
    bool purge_resets_token_always; /* every query id of the table, not only the one given */

    /* the SQLite store */
    const char *journal_mode;
    const char *synchronous;
} sy_dialect;

extern const sy_dialect sy_dialect_mobile_apps; /* P-CL */
extern const sy_dialect sy_dialect_toolkit;     /* P-CT */
extern const sy_dialect sy_dialect_sound;

/* NULL when there is none of that name; `index` 0, 1...: NULL after the last one. */
const sy_dialect *sy_dialect_find(sy_str name);
const sy_dialect *sy_dialect_at(size_t index);

#endif

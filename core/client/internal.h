/* What the files of core/client share and show to nobody else: the client's own structure, its
 * tasks and their scheduler.
 *
 * A *task* is one call on its way (or one that the engine gave itself: an implicit push, an
 * automatic sync). It is a little state machine: `step` does what can be done now and either ends
 * the task (sy_task_end), or leaves it waiting for exactly one of: a lock, an answer, a decision,
 * another task. Whatever ends the wait puts the task at the end of the run queue (sy_task_wake).
 * Order is first come, first served everywhere, so a run is determined by what the client was fed.
 */
#ifndef SY_CLIENT_INTERNAL_H
#define SY_CLIENT_INTERNAL_H

#include "core/base/map.h"
#include "core/client/client.h"
#include "core/client/error_list.h"
#include "core/client/id_index.h"
#include "core/client/lock.h"
#include "core/client/operation_queue.h"
#include "core/client/settings.h"
#include "core/port/events.h"

typedef struct sy_task sy_task;
typedef void (*sy_task_step)(sy_client *client, sy_task *task);

/* How an attempt at an operation ended. */
typedef enum sy_push_ending {
    SY_ENDING_DONE,    /* `settled_row` (may be NULL) goes to the local store, the operation goes */
    SY_ENDING_FAILED,  /* it stays; an error of its own */
    SY_ENDING_ABORTED, /* it stays, no error of its own; push->status says why */
    SY_ENDING_ESCAPED, /* P-CT: the exception leaves the push */
    SY_ENDING_SKIPPED  /* it is not there any more */
} sy_push_ending;

typedef struct sy_push_saved sy_push_saved; /* push_batch.c */
typedef struct sy_push_taken sy_push_taken; /* push_bookmark.c */

typedef struct sy_push_run { /* the state of a push; push.c and the strategies */
    const sy_schema *tables[SY_PUSH_TABLE_COUNT_MAX];
    uint32_t table_count; /* 0: all */
    int64_t after;        /* peek: the last sequence looked at */
    int64_t *list;        /* push_batch: sequences taken at the start */
    size_t list_count, list_at;
    sy_push_saved *saved_first, *saved_last; /* push_batch: what is written at the end */
    int64_t failed;                          /* push_log: the operation that failed last, */
    uint32_t failures;                       /* how often, and */
    uint32_t asked;                          /* how often somebody was asked about it */
    bool escaped;                            /* P-CT: an exception left the push */
    const char *exception;                   /* P-D6: one that ended its loop [6.7]; NULL: none */
    sy_task *leader;     /* of a worker: the task of its push; NULL: this is it */
    sy_task_step settle; /* of a leader: what its workers do with an ending */
    uint32_t parallel;   /* operations under way at once */
    uint32_t processed;  /* operations taken in hand so far */
    int64_t bookmark;    /* push_bookmark: the last operation of this push */
    sy_push_taken *taken_first, *taken_last; /* push_bookmark: operations that failed */
    sy_push_status status;                   /* last abort wins [6.3] */
    uint32_t completed;

    /* the operation in hand; texts and rows in task->work */
    int64_t sequence; /* 0: none */
    int64_t version;  /* when it was taken in hand */
    sy_operation_kind kind;
    const sy_schema *schema;
    sy_str id;
    sy_str key;
    sy_time edited_at;
    int64_t edit_sequence;
    uint32_t attempt;       /* sendings of it in this push */
    uint32_t rounds;        /* conflicts of it that were ruled in this push */
    const sy_row *snapshot; /* as queued */
    sy_str base_bytes;      /* likewise; empty: none */
    const sy_row *base;     /* what they hold: read by sy_push_load_base */
    const sy_row *wanted;   /* the same, or what a handler made of it */
    const sy_row *item;     /* what is sent */
    const sy_row *local;    /* in the local store; read for handlers only */
    sy_method method;
    sy_str if_match;
    bool retargeted; /* P-CT: it was made an unconditional replace [6.8 step 3] */
    bool silent;     /* P-D6: its failure is told to nobody [edge 46] */

    /* its answer */
    sy_phase phase;
    sy_verdict verdict;
    sy_rc answer_rc;      /* as handlers see it */
    int answer_status;    /* HTTP; 0: none */
    const char *detail;   /* when the status does not tell all; else NULL */
    const sy_row *server; /* the row in it, over `schema` */
    const sy_row *stamps; /* the same with the server's own system columns */

    /* how it ended */
    sy_push_ending ending;
    const sy_row *settled_row;
    bool settled_removes; /* the local row goes */
    bool yielded;         /* the server's row was taken over ours, by a policy or a handler */
    sy_inbox_state inbox; /* what becomes of the conflict in the inbox, */
    const char *inbox_reason, *inbox_by;
    const sy_row *inbox_server; /* and the server's row in it */
    const sy_row *fork;         /* what a policy keeps of ours as a row of its own; NULL: nothing */
    int64_t forked;             /* the operation that inserts it; 0: none */
    int64_t undone;             /* an operation behind it that went with it; 0: none */
    const char *reason;         /* for the trace */
    bool applied;               /* a row was written to the local store, or removed: */
    const sy_row *applied_row;

    sy_decision_kind decision;
    const sy_row *decision_row; /* over push.schema; in task->work */
    bool decision_delete;
    bool changes_action; /* push_log: it goes on as another kind of operation */
    sy_operation_kind action;
    uint64_t decision_id;  /* the decision that is waited for, of an attempt or of push_complete; 0:
                              none */
    sy_rc completed_rc;    /* of push_complete */
    sy_push_error *errors; /* what result.errors shows; a resolution sets `handled` here
                              (error_list.h) */
    uint32_t error_count;
    size_t error_capacity;
    sy_push_result result;
} sy_push_run;

typedef struct sy_pull_seen { /* an id that came, for what must go because it did not */
    struct sy_pull_seen *next;
    sy_str id;
} sy_pull_seen;

typedef struct sy_pull_run { /* the state of a pull; pull.c and the strategies */
    sy_query base;           /* as the app gave it */
    sy_query page;           /* what is asked next */
    sy_expr nodes[4];        /* of page.filter: base.filter and updatedAt ge (gt) token */
    sy_str query_id;         /* as the trace and the token's key have it */
    sy_str token_key;        /* empty: not incremental */
    sy_str continuation;     /* in task->arena */
    int64_t token;           /* as loaded, or as last saved */
    int64_t token_asked;     /* the one in page.filter */
    int64_t token_max;       /* highest seen */
    int64_t page_total_read; /* cursor.position [7.3] */
    int64_t remaining;       /* of $top; INT64_MAX: no limit */
    int64_t page_size;
    uint32_t round; /* the how-manieth pull of this query id since the client was made */
    uint32_t page_number;
    int64_t received;
    bool pushed;        /* an implicit push was done */
    bool begun;         /* pull_begin was traced */
    bool sweeps;        /* pull_sequence: everything was asked for: what does not come goes */
    bool plain;         /* pull_sequence: with an order or limits of the app's own */
    int64_t held;       /* pull_sequence: the token stays before this sequence; INT64_MAX: free */
    int64_t horizon;    /* pull_sequence: of the last page */
    sy_str epoch;       /* pull_sequence: as known; in task->arena */
    sy_pull_seen *seen; /* pull_sequence: ids that came */
    struct sy_pull_item *waiting; /* pull_rows: rows that are not yet written, */
    size_t waiting_count, waiting_capacity;
    int64_t row_count;      /* pull_rows: that came */
    int64_t write_interval; /* pull_rows: rows between two writes; 0: a page */
    int64_t total;          /* that the server says there are; -1: unknown */
    sy_str *missing;        /* pull_sequence: local rows that did not come, */
    size_t missing_count, missing_at;
} sy_pull_run;

typedef struct sy_sent { /* the request that is under way, for its answer */
    uint64_t id;         /* send id; 0: none */
    sy_method method;
    sy_str table; /* in the task's arenas */
    sy_str item;
    int64_t operation;
} sy_sent;

/* What a local write, or an operation of a push, needs as a rule: one block. */
#define SY_TASK_ARENA_SIZE 2000

struct sy_task {
    sy_task *next;                      /* run queue */
    sy_task *link_next, *link_previous; /* all tasks of the client, oldest first */
    sy_task_step step;
    int state; /* the step function's own; starts at 0 */
    sy_ticket ticket;
    bool internal;  /* given by the engine itself: no `done` */
    bool queued;    /* is in the run queue */
    bool cancelled; /* by the caller: to be looked at between operations and pages [6.3] */
    bool reported;  /* its outcome (SY_CANCELLED) was given already */
    sy_arena arena; /* everything of the call; lives as long as the task */
    sy_arena work;  /* of the operation, page or answer in hand: the step functions reset it between
                       them, so that a long push or pull does not grow */
    const sy_schema *schema; /* of call.table; may be NULL */
    sy_task *parent;         /* woken when this one ends; set it right after sy_task_new */
    uint32_t children;       /* tasks whose parent this is and that have not ended */
    sy_rc child_rc;          /* how the last child ended; the text of its error is then in `err` */
    sy_sent sent;
    sy_answer answer; /* deep copy in `work`; rc SY_NOMEM: it could not be copied */
    bool answered;    /* set with the wake-up; sy_task_send clears it */
    bool decided;     /* set with the wake-up; whoever asks clears it */
    sy_rc rc;         /* the result so far */
    int status;
    sy_rows rows;
    int64_t count;
    const sy_push_result *push_result; /* of an implicit push that failed, in `arena`; a push's own
                                          is set by sy_task_end */
    sy_push_run *push;                 /* SY_VERB_PUSH only; zeroed */
    sy_pull_run *pull;                 /* SY_VERB_PULL only; zeroed */

    /* from here on: large, and set before it is read; not cleared when the task is reused */
    sy_call call; /* deep copy in `arena`; row and query over the client's schema */
    sy_err err;   /* of the result so far */
    sy_lock_set locks;
};

typedef struct sy_stamp_state {
    bool loaded; /* from the store */
    sy_time last;
} sy_stamp_state;

typedef struct sy_pulled { /* a query that was pulled */
    sy_arena arena;
    sy_query query;
    sy_str query_id;
    uint32_t rounds;
} sy_pulled;

struct sy_client {
    sy_client_config config;
    sy_client_table *tables;
    const sy_schema **schemas; /* of the tables, in the same order */
    sy_id_index *ids;          /* the same, where the dialect finds rows by a strategy; else NULL */
    bool initialized;
    bool running; /* inside sy_client_run */
    bool in_transaction;
    bool stuck;   /* the SDK would be in a transaction that nobody ends [edge 17]: here it is rolled
                     back at once, and nothing more is written */
    bool cancels; /* a task was cancelled and its caller not told yet */
    bool online, metered;
    sy_task *run_first, *run_last;
    sy_task *tasks, *tasks_last;
    uint64_t ticket_last, send_last, decision_last;
    uint64_t row_id_count;                 /* identities drawn so far */
    uint32_t remote_count;                 /* requests of direct remote tables so far */
    sy_stamp_state stamps[SY_STAMP_COUNT]; /* stamp.c: of the clocks that follow what was seen */
    int64_t key_next,
        key_end; /* numbers reserved in the store and not yet used; see operation_key.c */
    sy_lock_table locks;
    sy_arena
        scratch; /* of one function of queue, errors or settings; never across a call of another */
    sy_buf text; /* like scratch, of what is traced */
    sy_operation_queue queue;
    sy_error_list errors;
    sy_settings settings;
    sy_pulled *pulled;
    size_t pulled_count, pulled_capacity;
};

/* sy_trace that costs one comparison when nobody listens. */
#define sy_client_trace(client, ...)                                                               \
    do {                                                                                           \
        if ((client)->config.tracer.ops != NULL) {                                                 \
            sy_trace((client)->config.tracer, __VA_ARGS__);                                        \
        }                                                                                          \
    } while (0)

/* -- client.c -- */
const sy_client_table *sy_client_table_of(const sy_client *client, const sy_schema *schema);
/* A transaction that keeps the queue's mirror equal to the store: a commit that fails is rolled
 * back, a rollback reads the queue again. After sy_client_rollback, and after a commit that failed,
 * no sy_operation pointer is valid. */
sy_rc sy_client_begin(sy_client *client, sy_err *err);
sy_rc sy_client_commit(sy_client *client, sy_err *err);
void sy_client_rollback(sy_client *client);
/* SY_STORE where edge 17 keeps everything from being written. */
sy_rc sy_client_writable(const sy_client *client, sy_err *err);
/* Tries again what a rollback could not do. SY_OK when store and mirror are equal. */
sy_rc sy_client_restore(sy_client *client, sy_err *err);

/* -- task.c -- */
/* A task for a call that the engine gives itself (task->internal); copies `call`. Runs when
 * `sy_client_run` comes to it; until then `step` may be replaced and `parent` set (by
 * sy_task_adopt). */
sy_rc sy_task_new(sy_client *client, const sy_call *call, sy_task **out, sy_err *err);
void sy_task_adopt(sy_task *parent, sy_task *child);
/* For sy_client_free: the task and its memory, without an outcome. */
void sy_task_free(sy_client *client, sy_task *task);
/* Gives the callers of cancelled tasks their outcome. */
void sy_task_report_cancelled(sy_client *client);
/* To the end of the run queue, unless it is there. */
void sy_task_wake(sy_client *client, sy_task *task);
/* Ends it with task->rc, err, rows, count, push->result: releases its locks, wakes its parent
 * (child_rc, err, push_result), emits `done` and calls the listener (unless internal or reported),
 * frees it. The task must not be touched afterwards. */
void sy_task_end(sy_client *client, sy_task *task);
/* sy_task_end with an error; `err` may be &task->err or NULL. */
void sy_task_fail(sy_client *client, sy_task *task, sy_rc rc, const sy_err *err);
/* Takes the locks of `mask` (sy_lock_kind bits) for the item or table, one after the other. true:
 * all held. false: the task waits; it is stepped again when it got the next one and calls this
 * again. `id` stays where it is until the unlock. Cannot fail. */
bool sy_task_lock(sy_client *client, sy_task *task, uint32_t mask, const sy_schema *schema,
                  sy_str id);
/* Those of `mask` that it holds. */
void sy_task_unlock(sy_client *client, sy_task *task, uint32_t mask);
/* Sends; the task then waits until task->answered. Fills key, table (from task->schema),
 * installation id itself where they are empty; the key's attempt of an operation counts its
 * sendings over all pushes. Emits `send`; the answer emits `answer`. table and id of the request
 * stay where they are until the answer. */
sy_rc sy_task_send(sy_client *client, sy_task *task, sy_request *request, int64_t operation,
                   sy_err *err);

/* -- the step function of each verb -- */
void sy_initialize_step(sy_client *client, sy_task *task);  /* client.c */
void sy_local_write_step(sy_client *client, sy_task *task); /* table.c: insert, update, delete */
void sy_local_read_step(sy_client *client, sy_task *task);  /* table.c: lookup, query */
void sy_remote_step(sy_client *client, sy_task *task);      /* remote_table.c */
void sy_purge_step(sy_client *client, sy_task *task);       /* purge.c */
void sy_resolve_step(sy_client *client, sy_task *task);     /* resolve.c */
void sy_push_start_step(sy_client *client,
                        sy_task *task); /* push.c: common start, then dialect->push_step */
void sy_pull_start_step(sy_client *client,
                        sy_task *task); /* pull.c: checks, then dialect->pull_step */

/* -- auto_sync.c -- */
/* Called before client->online and metered take the new values. */
void sy_auto_sync_connectivity(sy_client *client, bool online, bool metered);
void sy_auto_sync_notice(sy_client *client, const sy_notice *notice);
/* A local write is done: its table is pushed and pulled before the call ends, if there is a
 * connection; what fails is swallowed [9.1]. */
void sy_auto_sync_after_write(sy_client *client, sy_task *task);

/* -- pull.c -- */
/* The query id that a pull has by the dialect's rule: the one given, or made of table and filter;
 * in `arena`. Empty: none. */
sy_rc sy_pull_query_id(const sy_client *client, const sy_query *query, sy_str given,
                       sy_arena *arena, sy_str *out, sy_err *err);
/* Remembers a query as pulled (for settle, auto-sync, notices), returns its record. sy_client_free
 * gives the records back. */
sy_rc sy_pulled_note(sy_client *client, const sy_query *query, sy_str query_id, sy_pulled **out,
                     sy_err *err);

#endif

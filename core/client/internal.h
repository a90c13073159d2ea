/* What the files of core/client share and show to nobody else: the client's own structure, its tasks and
 * their scheduler.
 *
 * A *task* is one call on its way (or one that the engine gave itself: an implicit push, an automatic sync). It
 * is a little state machine: `step` does what can be done now and either ends the task (sy_task_end), or leaves
 * it waiting for exactly one of: a lock, an answer, a decision, another task. Whatever ends the wait puts the
 * task at the end of the run queue (sy_task_wake). Order is first come, first served everywhere, so a run is
 * determined by what the client was fed. */
#ifndef SY_CLIENT_INTERNAL_H
#define SY_CLIENT_INTERNAL_H

#include "core/base/map.h"
#include "core/client/client.h"
#include "core/client/error_list.h"
#include "core/client/lock.h"
#include "core/client/operation_queue.h"
#include "core/client/settings.h"
#include "core/port/events.h"

typedef struct sy_task sy_task;
typedef void (*sy_task_step)(sy_client *client, sy_task *task);

typedef struct sy_push_run {  /* the state of a push; push.c and the strategies */
    int64_t after;            /* peek: the last sequence looked at */
    int64_t version;          /* of the operation in hand */
    sy_operation_kind kind;
    const sy_schema *schema;
    sy_str id;
    uint32_t attempt;
    sy_push_status status;    /* last abort wins [6.3] */
    bool escaped;             /* P-CT: an exception left the push */
    uint32_t completed;
    const sy_row *item, *base, *local, *server;
    sy_decision_kind decision;
    const sy_row *decision_row;
    bool decision_delete;
    uint64_t decision_id;
    sy_rc completed_rc;       /* of push_complete */
    sy_push_result result;
} sy_push_run;

typedef struct sy_pull_run {  /* the state of a pull; pull.c and the strategies */
    sy_query base;            /* as the app gave it */
    sy_query page;            /* what is asked next */
    sy_str continuation;
    sy_str token_key;         /* empty: not incremental */
    int64_t token;            /* as loaded, or as last saved */
    int64_t token_max;        /* highest seen */
    int64_t page_total_read;  /* cursor.position [7.3] */
    int64_t remaining;        /* of $top; INT64_MAX: no limit */
    uint32_t round;           /* the how-manieth pull of this query id since the client was made */
    uint32_t page_number;
    int64_t received;
    sy_task *push;            /* the implicit push it waits for */
    sy_str epoch;
    int64_t horizon;
} sy_pull_run;

struct sy_task {
    sy_task *next;            /* run queue, or the waiters of a lock */
    sy_task *link;            /* all tasks of the client */
    sy_task_step step;
    int state;                /* the step function's own; starts at 0 */
    sy_ticket ticket;
    bool internal;            /* given by the engine itself: no `done` */
    bool queued;              /* is in the run queue */
    bool cancelled;
    sy_arena arena;           /* everything of the call; lives as long as the task */
    sy_call call;             /* deep copy in the arena */
    const sy_schema *schema;  /* of call.table; may be NULL */
    sy_task *parent;          /* woken when this one ends */
    sy_rc child_rc;           /* how the child that was waited for ended, */
    sy_err child_err;
    sy_lock_set locks;        /* held */
    uint64_t send_id;         /* waiting for this answer; 0: none */
    sy_answer answer;         /* deep copy in the arena */
    bool answered;
    bool decided;
    sy_rc rc;                 /* the result so far */
    sy_err err;
    int status;
    sy_rows rows;
    int64_t count;
    sy_push_run push;
    sy_pull_run pull;
};

typedef struct sy_pulled { /* a query that was pulled */
    sy_arena arena;
    sy_query query;
    sy_str query_id;
    uint32_t rounds;
} sy_pulled;

struct sy_client {
    sy_client_config config;
    sy_client_table *tables;
    bool initialized, initializing;
    bool online, metered;
    sy_task *run_first, *run_last;
    sy_task *tasks;
    sy_task *spare;           /* ended tasks, arenas kept, for reuse */
    uint64_t ticket_last, send_last, decision_last;
    uint64_t row_id_count;    /* identities drawn so far */
    sy_lock_table locks;
    sy_operation_queue queue;
    sy_error_list errors;
    sy_settings settings;
    sy_pulled *pulled;
    size_t pulled_count, pulled_capacity;
};

/* -- client.c: tasks -- */
/* A task for a call that the engine gives itself; copies `call`. Runs when `sy_client_run` comes to it. */
sy_rc sy_task_new(sy_client *client, const sy_call *call, sy_task **out, sy_err *err);
void sy_task_wake(sy_client *client, sy_task *task);
/* Ends it with task->rc, err, rows, count, push.result: emits `done`, calls the listener (unless internal), releases
 * its locks, wakes its parent, recycles it. The task must not be touched afterwards. */
void sy_task_end(sy_client *client, sy_task *task);
/* sy_task_end with an error. */
void sy_task_fail(sy_client *client, sy_task *task, sy_rc rc, const sy_err *err);
/* Takes the locks of `mask` (sy_lock_kind bits) for the item or table, one after the other. true: all held. false: the
 * task waits; it is stepped again when it got the next one and calls this again. */
bool sy_task_lock(sy_client *client, sy_task *task, uint32_t mask, const sy_schema *schema, sy_str id);
void sy_task_unlock(sy_client *client, sy_task *task, uint32_t mask);
/* Sends; the task then waits until task->answered. Fills key, table, installation id itself where they are empty.
 * Emits `send`; the answer emits `answer`. */
sy_rc sy_task_send(sy_client *client, sy_task *task, sy_request *request, int64_t operation,
                   sy_err *err);

/* -- the step function of each verb -- */
void sy_initialize_step(sy_client *client, sy_task *task);  /* client.c */
void sy_local_write_step(sy_client *client, sy_task *task); /* table.c: insert, update, delete */
void sy_local_read_step(sy_client *client, sy_task *task);  /* table.c: lookup, query */
void sy_remote_step(sy_client *client, sy_task *task);      /* remote_table.c */
void sy_purge_step(sy_client *client, sy_task *task);       /* purge.c */
void sy_resolve_step(sy_client *client, sy_task *task);     /* error_list.c */
void sy_push_start_step(sy_client *client, sy_task *task);  /* push.c: common start, then dialect->push_step */
void sy_pull_start_step(sy_client *client, sy_task *task);  /* pull.c: checks, then dialect->pull_step */

/* -- auto_sync.c -- */
void sy_auto_sync_connectivity(sy_client *client, bool online, bool metered);
void sy_auto_sync_notice(sy_client *client, const sy_notice *notice);

/* -- pull.c -- */
/* Remembers a query as pulled (for settle, auto-sync, notices), returns its record. */
sy_rc sy_pulled_note(sy_client *client, const sy_query *query, sy_str query_id, sy_pulled **out,
                     sy_err *err);

/* -- push.c -- */
/* What policy, or nobody, decides about an attempt; see policy.h for SY_POLICY_HANDLER. */

#endif

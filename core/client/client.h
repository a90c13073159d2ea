/* The client engine: a state machine without I/O. It is fed calls, answers, decisions and notices;
 * it asks for effects through its ports. Nothing is waited for: every call, a local write included,
 * is given a ticket and completes by an event, because real clients make a local write wait for an
 * item lock.
 *
 *   app                      engine                     ports
 *    | -- sy_client_submit -->|
 *    |    (ticket)            |
 *    | -- sy_client_run ----->| -- read, write ---------> store
 *    |                        | -- send ----------------> transport
 *    |                        | <- sy_client_answer ----- (later)
 *    | -- sy_client_run ----->| -- decide --------------> handler
 *    |                        | <- sy_client_decide ----- (now or later)
 *    | <- done(ticket) ------ |
 *
 * `done` and `send` are only called from inside sy_client_run. After a crash at any write the owner
 * frees the client, reopens the store and makes a new one: it goes on from what the store holds. */
#ifndef SY_CLIENT_CLIENT_H
#define SY_CLIENT_CLIENT_H

#include "core/client/dialect.h"
#include "core/port/clock.h"
#include "core/port/handler.h"
#include "core/port/identity.h"
#include "core/port/store.h"
#include "core/port/tracer.h"
#include "core/port/transport.h"

typedef uint64_t sy_ticket; /* never 0 */

typedef enum sy_verb {
    SY_VERB_INITIALIZE, /* everything else is refused before it [4.5]: SY_STATE */
    SY_VERB_INSERT,     /* table, row; without id: one is made. Result: the row as stored */
    SY_VERB_UPDATE,     /* table, row: the cells that are not absent change */
    SY_VERB_DELETE,     /* table, id (row: may carry the version to send) */
    SY_VERB_LOOKUP,     /* table, id. Result: rows of 0 or 1 */
    SY_VERB_QUERY,      /* query. Result: rows */
    SY_VERB_PUSH,       /* tables (none: all). Result: push */
    SY_VERB_PULL,       /* query, query_id, pull_* . Result: count of rows received */
    SY_VERB_PURGE,      /* query, query_id, force */
    SY_VERB_RESOLVE,    /* operation, resolution, row: an error of the last push [6.6] */
    SY_VERB_DISMISS,    /* inbox_entry: an entry of the inbox goes */
    SY_VERB_REMOTE, /* direct remote table: remote_method, table, id, row, query. Result: rows */
    SY_VERB_COUNT
} sy_verb;

const char *sy_verb_name(sy_verb verb); /* "insert" */

typedef enum sy_resolution {
    SY_RESOLVE_CANCEL_AND_UPDATE,  /* drop the operation, store `row` */
    SY_RESOLVE_CANCEL_AND_DISCARD, /* drop the operation and the local row; what the edit was made
                                      on comes back where the dialect keeps it */
    SY_RESOLVE_UPDATE_OPERATION,   /* keep it in its place, to be pushed by the next push with `row`
                                    */
    SY_RESOLVE_CANCEL,             /* drop the operation, keep the local row [6.6 P-JS] */
    SY_RESOLVE_CHANGE_ACTION,      /* keep it as another kind, `action`; `row` may be NULL */
    SY_RESOLUTION_COUNT
} sy_resolution;

const char *sy_resolution_name(sy_resolution resolution);

#define SY_PUSH_TABLE_COUNT_MAX 16

typedef struct sy_call { /* zeroed except for what the verb needs; borrowed by submit */
    sy_verb verb;
    sy_str table;
    sy_str id;
    const sy_row *row;     /* over the client's schema of `table` */
    const sy_query *query; /* over the client's schema */
    sy_str query_id;       /* empty: none (a full pull, or the dialect's default) */
    sy_str tables[SY_PUSH_TABLE_COUNT_MAX];
    uint32_t table_count;
    sy_push_scope push_scope;
    int64_t page_size;      /* pull: 0: the dialect's */
    int64_t write_interval; /* pull: rows between two writes of the token; 0: the dialect's [7.7] */
    bool force;             /* purge */
    bool reset_associated;  /* purge: the tokens of all query ids of the table, too */
    int64_t operation;      /* resolve */
    int64_t operation_version; /* resolve: as the error said; another one by now: SY_STATE. 0: not
                                  checked */
    int64_t inbox_entry;       /* dismiss; insert, update, delete: goes with the write. 0: none */
    sy_resolution resolution;
    sy_operation_kind action; /* resolve: CHANGE_ACTION */
    sy_method remote_method;  /* remote */
    bool include_deleted;     /* remote */
} sy_call;

typedef enum sy_push_status { /* 6.4 */
                              SY_PUSH_COMPLETE,
                              SY_PUSH_CANCELLED_BY_NETWORK_ERROR,
                              SY_PUSH_CANCELLED_BY_AUTHENTICATION_ERROR,
                              SY_PUSH_CANCELLED_BY_STORE_ERROR,
                              SY_PUSH_CANCELLED_BY_TOKEN,
                              SY_PUSH_CANCELLED_BY_OPERATION,
                              SY_PUSH_INTERNAL_ERROR,
                              SY_PUSH_STATUS_COUNT
} sy_push_status;

/* "Complete", "CancelledByNetworkError"... as the SDK spells them. */
const char *sy_push_status_name(sy_push_status status);

typedef struct sy_push_error { /* 6.6 */
    int64_t operation;
    int64_t operation_version;
    sy_operation_kind kind;
    sy_str table;
    sy_str id;
    int status;           /* HTTP; 0: none */
    const sy_row *item;   /* what was sent; may be NULL */
    const sy_row *server; /* Result: the server's row; may be NULL */
    bool handled;
} sy_push_error;

typedef enum sy_inbox_state { /* what became of a conflict that is in the inbox: inbox.h */
                              SY_INBOX_NONE,
                              SY_INBOX_PARKED,
                              SY_INBOX_HELD,
                              SY_INBOX_LOGGED,
                              SY_INBOX_STATE_COUNT
} sy_inbox_state;

const char *sy_inbox_state_name(sy_inbox_state state); /* "parked" */

typedef struct sy_inbox_entry {
    int64_t number;    /* its name, for sy_call.inbox_entry */
    int64_t operation; /* held: the one in the queue, to be resolved as after an error */
    sy_operation_kind kind;
    sy_str table, id;
    sy_inbox_state state;
    sy_str reason, by; /* why; which policy */
    int status;
    const sy_row *base, *local, *server; /* NULL: none, or deleted */
} sy_inbox_entry;

typedef struct sy_push_result {
    sy_push_status status;
    uint32_t completed; /* operations that were done */
    const sy_push_error *errors;
    uint32_t error_count;
} sy_push_result;

typedef struct sy_outcome { /* borrowed for the call of `done` */
    sy_ticket ticket;
    sy_verb verb;
    sy_rc rc;
    const sy_err *err; /* its text; NULL with SY_OK */
    int status;        /* remote, pull: HTTP status of the answer that failed; else 0 */
    sy_rows rows;
    int64_t count;              /* pull: rows received; purge: rows removed */
    const sy_push_result *push; /* push, and pull that failed in its push; else NULL */
} sy_outcome;

typedef struct sy_listener_ops {
    void (*done)(void *self, const sy_outcome *outcome);
} sy_listener_ops;

typedef struct sy_listener {
    const sy_listener_ops *ops;
    void *self;
} sy_listener;

/* Synchronisation without being asked, as App Service Helpers promise it (protocol.md 9.1, SEED
 * 000). */
typedef enum sy_auto_sync {
    SY_AUTO_SYNC_OFF,
    SY_AUTO_SYNC_ON, /* push all, then pull every query pulled before (else each whole table),
                        whenever a connection comes back */
    SY_AUTO_SYNC_UNMETERED, /* only when that connection is not metered */
} sy_auto_sync;

typedef struct sy_client_table {
    const sy_schema *schema; /* outlives the client */
    const sy_policy *policy; /* outlives the client; NULL: the dialect's default */
} sy_client_table;

typedef struct sy_client_config { /* copied, what it points to is borrowed for the client's life */
    const sy_dialect *dialect;
    const sy_wire_format *server_wire; /* how the server writes its answers; NULL: as is expected */
    sy_str client_id;                  /* breaks ties */
    sy_str installation_id;            /* X-ZUMO-INSTALLATION-ID */
    const sy_client_table *tables;
    uint32_t table_count;
    sy_auto_sync auto_sync;
    sy_stamp stamp;      /* of the tables whose policy demands none */
    uint32_t parallel;   /* operations of a push under way at once; 0: 1, at most the dialect's */
    bool pull_on_notice; /* silent push: pull the table's queries when the server says it changed */
    uint64_t send_last;  /* of an earlier process over this store: requests are numbered from there,
                            so that a late one of that process is not taken for another */
    sy_alloc alloc;
    sy_store store;
    sy_transport transport;
    sy_clock clock;
    sy_identity identity;
    sy_tracer tracer;
    sy_handler handler;
    sy_listener listener;
} sy_client_config;

/* Owns nothing but memory; the store is not touched before SY_VERB_INITIALIZE. */
sy_rc sy_client_new(const sy_client_config *config, sy_client **out, sy_err *err);
/* Without a trace: what was pending is forgotten, as by a crash. */
void sy_client_free(sy_client *client);

/* Takes a call. Errors here are of the call's form (unknown table: SY_SCHEMA; SY_NOMEM); everything
 * else is the outcome's. On an error no `done` follows. */
sy_rc sy_client_submit(sy_client *client, const sy_call *call, sy_ticket *out, sy_err *err);
/* Cancels a push or pull (6.3), and the push that a pull waits for: its outcome is SY_CANCELLED,
 * unless nothing was left to do. false: there is no such call, or it is neither. */
bool sy_client_cancel(sy_client *client, sy_ticket ticket);
/* The completion of a send. An unknown send_id (late, cancelled) is ignored. */
void sy_client_answer(sy_client *client, uint64_t send_id, const sy_answer *answer);
/* SY_STATE when that decision is not open. SY_NOMEM: not taken, ask again. */
sy_rc sy_client_decide(sy_client *client, uint64_t decision_id, const sy_decision *decision,
                       sy_err *err);
/* The answer to push_complete; an error joins the push's (6.5 step 3). */
sy_rc sy_client_push_completed(sy_client *client, uint64_t decision_id, sy_rc rc, sy_err *err);
void sy_client_connectivity(sy_client *client, bool online, bool metered);
void sy_client_notice(sy_client *client, const sy_notice *notice);
/* Does everything that can be done now. */
void sy_client_run(sy_client *client);
/* True when nothing runs or waits. */
bool sy_client_idle(const sy_client *client);

/* For users, checkers and settle: operations in the queue (of a table: by name; empty: all). */
uint32_t sy_client_pending(const sy_client *client, sy_str table);
/* The i-th of the queue in order; false past the end. Borrowed until the next call. */
bool sy_client_operation(const sy_client *client, uint32_t index, sy_operation *out);
/* What policies left to a person, or log; oldest first, in `arena`. */
sy_rc sy_client_inbox(sy_client *client, sy_arena *arena, sy_inbox_entry **out, size_t *count,
                      sy_err *err);
const sy_schema *sy_client_schema(const sy_client *client, sy_str table); /* NULL: unknown */
const sy_dialect *sy_client_dialect(const sy_client *client);
/* The i-th query that was ever pulled since initialisation (with its query id): what settle and
 * auto-sync pull again. false past the end. */
bool sy_client_pulled(const sy_client *client, uint32_t index, const sy_query **query,
                      sy_str *query_id);

#endif

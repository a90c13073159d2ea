/* The handler port: whoever decides about operations. protocol.md 6.2, 6.6, 9.3.
 *
 *   engine                       handler
 *     | -- decide(started) ------> |      only if it wants to see every operation
 *     | <- sy_client_decide ------ |      send it (perhaps another item), abort the push
 *     |    ... request, answer ... |
 *     | -- decide(answered) -----> |      status, base, local, server
 *     | <- sy_client_decide ------ |      now, or ten virtual minutes later
 *
 * An operation stays locked, as its dialect says, until it is decided. */
#ifndef SY_PORT_HANDLER_H
#define SY_PORT_HANDLER_H

#include "core/value/row.h"

typedef enum sy_operation_kind {
    SY_OPERATION_INSERT,
    SY_OPERATION_UPDATE,
    SY_OPERATION_DELETE,
    SY_OPERATION_KIND_COUNT
} sy_operation_kind;

const char *sy_operation_kind_name(sy_operation_kind kind);

typedef enum sy_phase {
    SY_PHASE_STARTED,  /* about to be sent for the first time in this push */
    SY_PHASE_ANSWERED, /* the answer (or the failure to get one) is here */
} sy_phase;

/* One attempt at one operation, as a handler sees it. Borrowed; valid until the decision is taken.
 */
typedef struct sy_attempt {
    uint64_t decision_id; /* hand it back with the decision */
    sy_phase phase;
    sy_operation_kind kind;
    int64_t operation; /* its number in the queue */
    uint32_t attempt;  /* sendings so far in this push */
    sy_str table;
    sy_str id;
    sy_rc rc;           /* ANSWERED: SY_OK, SY_CONFLICT, SY_HTTP, SY_AUTH, SY_NETWORK, SY_TIMEOUT */
    int status;         /* ANSWERED: HTTP, 0 without an answer */
    const sy_row *item; /* what is (was) sent, system version included; may be NULL for a delete */
    const sy_row
        *base; /* the row as it was before the first edit; NULL: unknown to the dialect, or new */
    const sy_row *local;  /* the row in the local store now; NULL: deleted here */
    const sy_row *server; /* ANSWERED: the row in the answer; NULL: none */
    sy_time edited_at;    /* by this host's clock */
    sy_str client_id;
} sy_attempt;

typedef enum sy_decision_kind {
    SY_DECIDE_SEND,   /* STARTED: send; ANSWERED: send again. `row`: the item to send instead, its
                         version cell   becoming If-Match; NULL: as it is */
    SY_DECIDE_RETURN, /* the operation counts as done; `row` is written to the local store (NULL:
                         nothing is, protocol.md 6.2 step 7) */
    SY_DECIDE_FAIL, /* let the error stand: it goes to the error list. After SY_OK: treat as done */
    SY_DECIDE_ABORT, /* AbortPush (6.3) */
    SY_DECISION_COUNT
} sy_decision_kind;

const char *sy_decision_kind_name(sy_decision_kind kind);

typedef struct sy_decision {
    sy_decision_kind kind;
    const sy_row *row;   /* borrowed for the call; any schema with the table's column names */
    bool delete_row;     /* RETURN: remove the row from the local store instead of writing one; a
                            dialect that knows no tombstones there writes the row, if there is one */
    bool changes_action; /* SEND: as another kind of operation, where the dialect knows that */
    sy_operation_kind action;
} sy_decision;

struct sy_push_result;

typedef struct sy_handler_ops {
    /* Must lead to exactly one sy_client_decide, now (from inside) or later. */
    void (*decide)(void *self, const sy_attempt *attempt);
    /* OnPushComplete (6.5): must lead to exactly one sy_client_push_completed. NULL: not wanted. */
    void (*push_complete)(void *self, uint64_t decision_id, const struct sy_push_result *result);
} sy_handler_ops;

typedef struct sy_handler { /* zeroed: nobody, errors stand */
    const sy_handler_ops *ops;
    void *self;
    bool wants_started; /* call decide in phase STARTED too */
    bool wants_errors;  /* P-JS: call decide for errors that are no conflicts too (onError) */
} sy_handler;

#endif

/* The events of the engine and of the server. Fields are in the order of the comment; `op` is an
 * operation's number in its client's queue, 0 for none. */
#ifndef SY_PORT_EVENTS_H
#define SY_PORT_EVENTS_H

#include "core/port/tracer.h"

/* the app and the engine */
extern const sy_event_kind
    sy_event_call; /* ticket, verb, table, id, row (what was passed; may be none) */
extern const sy_event_kind sy_event_done; /* ticket, verb, result, detail, count (outcome) */
extern const sy_event_kind
    sy_event_read; /* ticket, table, id, row: one for each row an app read (outcome) */
extern const sy_event_kind
    sy_event_wait; /* ticket, verb, lock, table, id: a call waits for a lock */
extern const sy_event_kind
    sy_event_write; /* ticket, table, id, kind, op, row (the row as stored; none for
                       a delete): a local write is durable, row and queue entry */
/* the queue */
extern const sy_event_kind sy_event_enqueue;  /* op, kind, table, id */
extern const sy_event_kind sy_event_collapse; /* op, table, id, existing, new, action */
extern const sy_event_kind sy_event_dequeue;  /* op, table, id, reason */
/* push */
extern const sy_event_kind sy_event_push_begin; /* ticket, tables ("all" or names), pending */
extern const sy_event_kind sy_event_push_end;   /* ticket, status, errors */
extern const sy_event_kind sy_event_send; /* send, method, table, id, op, attempt, if_match, row */
extern const sy_event_kind sy_event_answer;   /* send, method, table, id, op, result, status */
extern const sy_event_kind sy_event_conflict; /* op, kind, table, id, status, base, local, server */
extern const sy_event_kind
    sy_event_decision;                    /* op, table, id, decision, by (policy or handler), row */
extern const sy_event_kind sy_event_loss; /* op, table, id, local, server: behind a decision, what
                        of ours and of the server's is not in what it comes to: rows of the lost
                        cells alone, `deleted` where a deletion or a survival is lost */
extern const sy_event_kind sy_event_op_failed; /* op, kind, table, id, status, detail */
extern const sy_event_kind sy_event_resolve;   /* op, table, id, resolution (6.6) */
/* pull and purge */
extern const sy_event_kind
    sy_event_pull_begin; /* ticket, table, query id, scope (the filter's text), token */
extern const sy_event_kind
    sy_event_page; /* ticket, table, query id, page, rows, next, horizon (the commit sequence up to
                      which the server vouches for what it sent; -1: it names none) */
extern const sy_event_kind
    sy_event_apply; /* table, id, version, deleted, updated_at, sequence, row */
extern const sy_event_kind sy_event_skip; /* table, id, version, updated_at, sequence, reason */
extern const sy_event_kind
    sy_event_token; /* table, query id, from, to (as integers: ns or sequence),
                       comparison ("ge", "gt", "sequence"): which rows the next
                       pull asks for, stamp against `to` (outcome: no) */
extern const sy_event_kind sy_event_pull_end; /* ticket, table, query id, result, rows */
extern const sy_event_kind sy_event_purge;  /* ticket, table, rows, operations discarded, forced */
extern const sy_event_kind sy_event_notice; /* table, id, originator, reaction */
extern const sy_event_kind
    sy_event_progress; /* event (as the SDK names it), table, id, processed, queue (pending
                          operations; rows expected, -1 unknown), successful ("" where the event
                          has none) [11] */
extern const sy_event_kind
    sy_event_detect; /* what, table, detail: the engine noticed that somebody broke a contract, and
                        does what can be done: "the server does not vouch for our token any more",
                        "our identity is used twice"; a host says of a store that SQLite finds
                        damaged: "the local store is damaged" */
/* the server */
extern const sy_event_kind
    sy_event_request; /* method, table, id, if_match, installation, operation key */
extern const sy_event_kind
    sy_event_commit; /* table, id, method, version before (text, "" none), version
                        after, updated_at, sequence, installation, operation key,
                        row, sender (the host index of whoever sent the request; 0: nobody, the
                        server's back office), send (its number there); outcome: updated_at,
                        sender and send are left out of it */
extern const sy_event_kind sy_event_respond; /* method, table, id, status, rows, version */

#endif

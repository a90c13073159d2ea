/* A client engine on a memory store, with a transport that only takes notes. Tests answer by hand.
 * The schema is "todo" (text, qty) and "list" (name). */
#ifndef TESTS_UNIT_CLIENT_FIXTURE_H
#define TESTS_UNIT_CLIENT_FIXTURE_H

#include "core/client/client.h"

#define FIXTURE_TEXT_SIZE 4096
#define FIXTURE_DONE_MAX  64

typedef struct fixture_done { /* an outcome */
    sy_ticket ticket;
    sy_rc rc;
    int status;
    int64_t count;
    char text[256];  /* of the error */
    char rows[1024]; /* JSON, one after the other */
} fixture_done;

typedef struct fixture {
    sy_arena arena;
    const sy_schema *todo, *list;
    const sy_dialect *dialect;
    sy_alloc alloc; /* the client's */
    sy_store store; /* the client's */
    sy_client *client;
    sy_time now;
    bool no_tables;                /* before fixture_start: only "list" */
    char trace[FIXTURE_TEXT_SIZE]; /* "enqueue dequeue write done ", since it was last emptied */
    fixture_done done[FIXTURE_DONE_MAX];
    size_t done_count;
    uint64_t send_id; /* of the last request; 0: none */
    sy_method method;
    char sent[1024]; /* its row as JSON */
    char if_match[128];
    char sent_id[300];
    uint32_t send_count;
} fixture;

/* Schemas only. */
void fixture_init(fixture *f, const sy_dialect *dialect);
/* Makes the client over alloc and store (set before). */
sy_rc fixture_new(fixture *f, sy_err *err);
/* The same, and initializes it. */
sy_rc fixture_start(fixture *f, sy_err *err);
void fixture_stop(fixture *f);
void fixture_deinit(fixture *f);

/* {id, text, qty}; text NULL and qty < 0: absent. */
const sy_row *fixture_todo(fixture *f, const char *id, const char *text, int qty);
/* Submits and runs; the outcome, NULL when there is none yet. */
const fixture_done *fixture_call(fixture *f, const sy_call *call);
const fixture_done *fixture_insert(fixture *f, const char *id, const char *text, int qty);
const fixture_done *fixture_update(fixture *f, const char *id, const char *text, int qty);
const fixture_done *fixture_delete(fixture *f, const char *id);
/* The outcome of that ticket; NULL when there is none yet. */
const fixture_done *fixture_outcome(const fixture *f, sy_ticket ticket);
/* The row in the local store as JSON; "null". Valid until the next call. */
const char *fixture_local(fixture *f, const char *id);
/* Answers the last request and runs. */
void fixture_answer(fixture *f, sy_rc rc, const sy_response *response);

#endif

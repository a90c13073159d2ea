/* A client engine on a memory store, with a transport that only takes notes. Tests answer by hand.
 * The schema is "todo" (text, qty) and "list" (name). */
#ifndef TESTS_UNIT_CLIENT_FIXTURE_H
#define TESTS_UNIT_CLIENT_FIXTURE_H

#include "core/client/client.h"
#include "core/store/store_memory.h"

#define FIXTURE_TEXT_SIZE 4096
#define FIXTURE_DONE_MAX  64

typedef struct fixture_done { /* an outcome */
    sy_ticket ticket;
    sy_rc rc;
    int status;
    int64_t count;
    bool has_push; /* a push's result came with it */
    sy_push_status push_status;
    uint32_t completed, error_count;
    int64_t error_operation, error_version; /* of the first error */
    int error_status;
    char error_item[512]; /* what was sent for it, as JSON */
    char error_server[512];
    char text[256];  /* of the error */
    char rows[1024]; /* JSON, one after the other */
} fixture_done;

typedef struct fixture {
    sy_arena arena;
    const sy_schema *todo, *list;
    const sy_dialect *dialect;
    sy_alloc alloc; /* the client's */
    sy_store_memory *memory;
    sy_store store; /* the client's: `memory`, unless a test puts its own */
    sy_client *client;
    sy_time now;
    const sy_schema *served; /* "todo" with every system column: rows of answers */
    /* before fixture_start */
    bool no_tables;          /* only "list" */
    const sy_policy *policy; /* of "todo" */
    sy_handler handler;
    sy_auto_sync auto_sync;
    sy_stamp stamp;
    bool pull_on_notice;
    char trace[FIXTURE_TEXT_SIZE]; /* "enqueue dequeue write done ", since it was last emptied */
    fixture_done done[FIXTURE_DONE_MAX];
    size_t done_count;
    uint64_t send_id; /* of the last request; 0: none */
    sy_method method;
    char sent[1024]; /* its row as JSON */
    char if_match[128];
    char sent_id[300];
    char sent_table[32];
    char key[128];   /* operation key */
    char asked[512]; /* "filter order | skip n top n | continuation | since n" */
    sy_request_key about;
    uint32_t send_count;
} fixture;

/* Schemas and an empty store. */
void fixture_init(fixture *f, const sy_dialect *dialect);
/* Makes the client over alloc and store. */
sy_rc fixture_new(fixture *f, sy_err *err);
/* The same, and initializes it. */
sy_rc fixture_start(fixture *f, sy_err *err);
void fixture_stop(fixture *f);
/* Stops it; what was not committed is lost. */
void fixture_crash(fixture *f);
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
/* A row as a server sends it; text NULL: none. */
sy_row *fixture_served(fixture *f, const char *id, const char *text, const char *version,
                       sy_time updated_at, bool deleted, int64_t sequence);
const fixture_done *fixture_push(fixture *f);
/* A pull of "todo"; `query` NULL: everything. */
const fixture_done *fixture_pull(fixture *f, const char *query_id, const sy_query *query);
/* Answers the last request with a status and a row (may be NULL), and runs; the last outcome, NULL:
 * none yet. */
const fixture_done *fixture_reply(fixture *f, int status, const sy_row *row);
/* With a page. `next` NULL: the last one. */
const fixture_done *fixture_reply_page(fixture *f, const sy_row **rows, size_t count,
                                       const char *next, int64_t horizon, const char *epoch);
/* The last outcome since the last call; NULL: none. */
const fixture_done *fixture_last(const fixture *f);
/* Answers the last request and runs. */
void fixture_answer(fixture *f, sy_rc rc, const sy_response *response);

#endif

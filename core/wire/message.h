/* The messages between a client and a table server, in parsed form. protocol.md 2.3. Everything in
 * them is borrowed; sy_request_copy and sy_response_copy make them live in an arena. */
#ifndef SY_WIRE_MESSAGE_H
#define SY_WIRE_MESSAGE_H

#include "core/value/query.h"

typedef enum sy_method {
    SY_METHOD_QUERY,   /* GET /tables/T */
    SY_METHOD_READ,    /* GET /tables/T/id */
    SY_METHOD_INSERT,  /* POST /tables/T */
    SY_METHOD_UPDATE,  /* PATCH /tables/T/id: cells that are absent stay */
    SY_METHOD_REPLACE, /* PUT /tables/T/id: cells that are absent become the class's defaults (null)
                        */
    SY_METHOD_DELETE,  /* DELETE /tables/T/id */
    SY_METHOD_UNDELETE, /* POST /tables/T/id, or PUT with __includedeleted (protocol.md 2.3
                           Undelete) */
    SY_METHOD_COUNT
} sy_method;

const char *sy_method_name(sy_method method); /* "query", "read", "insert"... */

/* What a request is about: the identity that faults are decided by. It does not depend on how many
 * requests were sent before. Each field is a plain number or a hash of text. */
typedef struct sy_request_key {
    uint64_t subject; /* push: hash(table, id, operation sequence); pull: hash(table, query id);
                         remote: hash(table, id) */
    uint32_t round;   /* pull: the how-manieth pull of this query; push: 0 */
    uint32_t attempt; /* push: 1, 2... for each sending of this operation; pull: the page, from 1 */
} sy_request_key;

/* Who sent a request, as the trace has it: so that a commit can be told to come from a send.
 * Nothing is decided by it. */
typedef struct sy_request_origin {
    uint32_t host; /* 0: nobody knows */
    uint64_t send; /* the number of the send event */
} sy_request_origin;

struct sy_http_request;

typedef struct sy_request {
    sy_method method;
    sy_request_key key;
    sy_request_origin origin;
    sy_str table;
    sy_str id;             /* QUERY: empty; so may be an UPDATE (its row says) and a DELETE of what
                              `query` finds, where the server has such routes */
    const sy_row *row;     /* INSERT, UPDATE, REPLACE */
    sy_str if_match;       /* the version asked for; empty: unconditional */
    const sy_query *query; /* QUERY, DELETE; over the client's schema of the table */
    bool include_deleted;
    int64_t page_size_max;  /* QUERY: 0: the server's choice */
    sy_str continuation;    /* QUERY: what `next` of the page before said; empty: the first page */
    sy_str installation_id; /* X-ZUMO-INSTALLATION-ID, protocol.md 10 */
    sy_str user;            /* who is logged in (X-ZUMO-AUTH); empty: nobody. protocol.md 2.5 */
    uint32_t api_version;   /* the major of ZUMO-API-VERSION; 0: none. protocol.md 2.3 */
    /* `sound` only */
    sy_str operation_key; /* makes a retried request harmless; empty: none */
    int64_t
        since_sequence;    /* QUERY: rows of a later commit sequence, in its order; -1: not asked */
    sy_str epoch;          /* QUERY: the server's epoch as the client knows it; empty: none yet */
    sy_time edited_at;     /* writes: when the edit was made, by the client's clock */
    int64_t edit_sequence; /* writes: the operation's number, to break ties */
    const struct sy_http_request *http; /* the text that it was read from, for what only text says
                                           (core/wire/http.h); NULL: none. A copy has none. */
} sy_request;

/* Of an answer of `sound`: the operation key was used for another edit. Two devices have one
 * identity, or an old store came back. */
#define SY_STATUS_KEY_REUSED 422

typedef struct sy_response {
    int status; /* HTTP */
    const sy_row
        *row;      /* single-row answers, and the server's row beside 409 and 412; NULL: no body */
    sy_rows rows;  /* QUERY; DELETE of several */
    sy_str next;   /* QUERY: opaque continuation (Link rel=next, nextLink); empty: last page */
    sy_str reason; /* the error document's text; empty: none */
    /* `sound` only */
    int64_t horizon; /* QUERY: every commit up to this sequence is in the answer's scope */
    sy_str epoch;    /* QUERY: the server's epoch */
} sy_response;

/* What a send came to. */
typedef struct sy_answer {
    sy_rc rc;                    /* SY_OK; SY_NETWORK or SY_TIMEOUT: no answer */
    const sy_response *response; /* SY_OK only; borrowed */
} sy_answer;

/* A silent push: "something changed in this table"; a hint, not data (protocol.md 10). */
typedef struct sy_notice {
    sy_str table;
    sy_str id;
    sy_method cause;
    sy_str originator; /* installation id of whoever made the change */
} sy_notice;

/* Deep copies into `arena`. SY_OK or SY_NOMEM. */
sy_rc sy_request_copy(const sy_request *request, sy_arena *arena, sy_request *out);
sy_rc sy_response_copy(const sy_response *response, sy_arena *arena, sy_response *out);

#endif

/* The table server, without I/O: rows in a store, requests in, answers out. A write has two
 * moments: its stamp (the server's clock, the commit sequence) is taken when it begins, its
 * transaction commits when it ends, so that late commits exist. Between the two other requests may
 * begin and end. protocol.md 2.
 *
 *   sy_server_begin(request)  -> transaction     stamp taken
 *   sy_server_end(transaction) -> response       conditions checked, written, committed; notices
 * sent sy_server_abort(transaction)                 nothing happened; its sequence is given up */
#ifndef SY_SERVER_SERVER_H
#define SY_SERVER_SERVER_H

#include "core/base/field.h"
#include "core/port/clock.h"
#include "core/port/identity.h"
#include "core/port/store.h"
#include "core/port/tracer.h"
#include "core/wire/format.h"

typedef enum sy_version_form {
    SY_VERSION_COUNTER, /* rowversion: a number that the whole database counts up; text is base64 of
                           8 bytes */
    SY_VERSION_GUID,    /* 16 fresh bytes; base64 */
    SY_VERSION_OF_ROW   /* each row counts its own writes from 1; base64 of the decimal text */
} sy_version_form;

typedef enum sy_conflict_body { /* what a 409 to an insert carries [2.3 Create] */
                                SY_CONFLICT_NOTHING, /* an error document */
                                SY_CONFLICT_STORED_ROW,
                                SY_CONFLICT_CLIENT_ROW /* the client's own item, as it was sent */
} sy_conflict_body;

typedef enum sy_gate { /* what ZUMO-API-VERSION has to be [2.3 Version gate] */
                       SY_GATE_NONE = 0,
                       SY_GATE_HEADER_2, /* in the header, else in the query: 2.0.n */
                       SY_GATE_QUERY_2,  /* in the query, else in the header: 2.0.n */
                       SY_GATE_QUERY_2_3 /* the same: 2.0, 3.0, with or without a third number */
} sy_gate;

typedef enum sy_page_rule {                   /* [2.3 Query] */
                            SY_PAGE_CUTS_TOP, /* a page has at most page_size rows; `next` while
                                                 rows and $top last */
                            SY_PAGE_IS_TOP /* $top takes the place of page_size; 0 is none, below 0
                                              all; `next` after each full page */
} sy_page_rule;

#define SY_METHOD_BIT(method) (1u << (method))

/* What a server generation does where they differ; numbers are sections of protocol.md.
 * dialect_fields.c lists the fields for people; a new one belongs there too. */
typedef struct sy_server_dialect {
    const char *name; /* "node", "netfx", "datasync", "toolkit", "sound" */
    const char *summary;
    uint32_t system;            /* SY_SYSTEM_BIT of the columns its tables have */
    uint32_t methods;           /* SY_METHOD_BIT of those that it has routes for; others: 405 */
    const sy_wire_format *wire; /* how it reads and answers text */
    sy_gate gate;
    bool express; /* the Node server's way around its tables: router_express.c */
    sy_version_form version_form;
    bool version_bytes; /* versions are compared as what base64 makes of them, leniently [2.2] */
    sy_time updated_at_resolution_ns; /* stored */
    sy_time time_resolution_ns;       /* as clients see it and send it (JSON) [2.1] */
    bool soft_delete;                 /* default of the option */
    bool deleted_is_optional; /* a table without soft delete has no column `deleted` [2.1] */
    bool dynamic_schema;      /* default of the option [2.3 Create] */
    bool loose_numbers;       /* a text that is no number stays one in a column of numbers */
    bool delete_stamps;       /* a soft delete moves version and updatedAt */
    bool id_replaces_empty;   /* an empty id is replaced by a fresh one; else only a missing one */
    bool id_guid_dashes;      /* form of a generated id */

    /* answers [2.3] */
    int status_insert_ok, status_delete_ok, status_undelete_ok;
    int status_deleted;      /* of a read, update or delete of a soft-deleted row: 404 or 410 */
    int status_update_empty; /* of a PATCH without a cell to set; 200: nothing changes */
    int status_unknown;     /* of a column that the table lacks and may not add; 0: not looked at */
    bool unknown_is_empty;  /* a query of such a column finds nothing where the schema is dynamic */
    bool delete_has_row;    /* a delete answers with the row: the tombstone, or what was removed */
    bool deleted_has_row;   /* status_deleted carries the tombstone */
    bool deleted_reads;     /* include-deleted counts in a read of one row */
    bool deleted_updates;   /* include-deleted counts in an update */
    bool deleted_patches;   /* a PATCH that sets `deleted` to false is an undelete */
    bool collection_writes; /* PATCH /tables/T by the body's id, DELETE /tables/T by query */
    sy_conflict_body conflict_insert;
    bool class_defaults; /* what a body lacks is as in a new object of the class [edge 52]; else
                            null */
    bool body_deleted;   /* `deleted` in the body of an insert or replace counts [2.6] */
    bool body_version; /* an insert's version, of body or If-Match, is kept as it is [2.3 Create] */
    bool
        body_version_conflicts; /* another version in the body, without If-Match: 409 and the row */
    bool body_version_refused;  /* a PATCH with another version or updatedAt: 400 [2.3 Update] */
    bool conditional;           /* If-None-Match and the times are looked at, of text only [2.4] */
    bool equal_is_later;        /* a row is modified since the very time of its update [2.4] */
    bool tombstone_revives; /* an update whose If-Match names the tombstone brings the row back */

    /* queries [2.3 Query] */
    sy_page_rule page_rule;
    int64_t page_size;      /* default of one page */
    int64_t top_max;        /* a larger $top: 400; 0: no such limit */
    bool order_inserted;    /* what has no order comes as it was inserted; else by id */
    bool next_is_broken;    /* the link leads nowhere: 404 [edge 57] */
    bool lacks_substringof; /* of api version 2: 400 [edge 64] */
    bool next_needs_v3;     /* a request with api version 2 gets none [2.3 Version gate] */
    bool pages_by_key; /* since_sequence: pages by (sequence), not by $skip over a moving set */
    bool epoch_in_versions; /* versions that a lost history gave never come again */
    bool operation_keys;    /* a request whose key was committed is answered as done */
} sy_server_dialect;

extern const sy_server_dialect sy_server_dialect_node;     /* S-NODE on SQLite */
extern const sy_server_dialect sy_server_dialect_netfx;    /* S-FX */
extern const sy_server_dialect sy_server_dialect_datasync; /* S-D6 */
extern const sy_server_dialect sy_server_dialect_toolkit;  /* S-CT */
extern const sy_server_dialect sy_server_dialect_sound;
/* NULL when there is none of that name; `index` 0, 1...: NULL after the last one. */
const sy_server_dialect *sy_server_dialect_find(sy_str name);
const sy_server_dialect *sy_server_dialect_at(size_t index);

/* What `syncsim dialects` says of the struct, field by field (dialect_fields.c). */
extern const sy_field sy_server_dialect_fields[];
extern const size_t sy_server_dialect_field_count;

typedef struct sy_server_table { /* options of one table */
    /* The app's columns; the server adds the system columns that it has. One that
     * sy_server_schema_new made is used as it is and must outlive the store; else the server makes
     * it, and then the store must be closed before the server. */
    const sy_schema *schema;
    bool soft_delete;
    bool dynamic_schema; /* a write with a column that the table lacks adds it */
    bool authorize;      /* a request without a user is a 401 [2.5] */
    uint32_t disabled;   /* SY_METHOD_BIT: 405 [2.5] */
    int64_t page_size;   /* 0: the server's */
    int64_t top_max;     /* 0: the dialect's */
} sy_server_table;

/* The schema that a server of this dialect gives a table: the app's columns beside its system
 * columns; no version when the app's schema has none (no conflicts are detected then). In `arena`.
 */
sy_rc sy_server_schema_new(const sy_server_dialect *dialect, const sy_server_table *table,
                           sy_arena *arena, const sy_schema **out, sy_err *err);

typedef struct sy_notifier_ops {
    /* After a commit, before the answer leaves: tell the other installations. Borrowed. NULL ops:
     * nobody. */
    void (*notify)(void *self, const sy_notice *notice);
} sy_notifier_ops;

typedef struct sy_notifier {
    const sy_notifier_ops *ops;
    void *self;
} sy_notifier;

typedef struct sy_server_config {
    const sy_server_dialect *dialect;
    const sy_server_table *tables; /* schemas outlive the server */
    uint32_t table_count;
    int64_t page_size;   /* 0: the dialect's */
    bool next_is_mended; /* next_is_broken, but a proxy before the server mends it */
    sy_arena *schemas;   /* those of tables that grow are made in it; outlives the store. NULL: none
                            grows */
    bool notifies;
    bool deletes_do_not_stamp; /* somebody left it out of a trigger: dialect.delete_stamps counts
                                  for nothing */
    sy_str epoch;              /* identity of this history of the data; a restore changes it */
    sy_alloc alloc;
    sy_store store;
    sy_clock clock;
    sy_identity identity;
    sy_tracer tracer;
    sy_notifier notifier;
} sy_server_config;

typedef struct sy_server sy_server;
typedef struct sy_server_transaction sy_server_transaction;

/* Defines the tables in the store and reads where its counters stand: also after a restart. */
sy_rc sy_server_open(const sy_server_config *config, sy_server **out, sy_err *err);
void sy_server_close(sy_server *server);

/* Takes the stamp and, for a write, the commit sequence. The request is borrowed until end or
 * abort. Only SY_NOMEM can fail. */
sy_rc sy_server_begin(sy_server *server, const sy_request *request, sy_server_transaction **out,
                      sy_err *err);
/* Serves the request; the response lives in `arena`. What the protocol answers (404, 412...) is in
 * its status; a failure of the store is a 500. Only SY_NOMEM can fail; the transaction is gone
 * either way. */
sy_rc sy_server_end(sy_server *server, sy_server_transaction *transaction, sy_arena *arena,
                    sy_response *out, sy_err *err);
void sy_server_abort(sy_server *server, sy_server_transaction *transaction);
/* begin and end in one, for the server's own code: every method is served, also those that the
 * dialect has no route for. */
sy_rc sy_server_serve(sy_server *server, const sy_request *request, sy_arena *arena,
                      sy_response *out, sy_err *err);

/* Removes tombstones that were last written before `before` (calendar), in one transaction. Not
 * while a pull is on its way that began before. */
sy_rc sy_server_clean_tombstones(sy_server *server, sy_time before, int64_t *count, sy_err *err);

/* Every commit up to this sequence is visible to queries, and stays in it after a crash. */
int64_t sy_server_horizon(const sy_server *server);

/* For scenarios and checkers: the server's schema of a table, NULL when unknown; its rows are in
 * the store. */
const sy_schema *sy_server_schema(const sy_server *server, sy_str table);
sy_store sy_server_store(const sy_server *server);

#endif

/* The table server, without I/O: rows in a store, requests in, answers out. A write has two moments: its stamp (the
 * server's clock, the commit sequence) is taken when it begins, its transaction commits when it ends, so that late
 * commits exist. Between the two other requests may begin and end. protocol.md 2.
 *
 *   sy_server_begin(request)  -> transaction     stamp taken
 *   sy_server_end(transaction) -> response       conditions checked, written, committed; notices sent
 *   sy_server_abort(transaction)                 nothing happened; its sequence is given up */
#ifndef SY_SERVER_SERVER_H
#define SY_SERVER_SERVER_H

#include "core/port/clock.h"
#include "core/port/identity.h"
#include "core/port/store.h"
#include "core/port/tracer.h"
#include "core/wire/message.h"

typedef enum sy_version_form {
    SY_VERSION_COUNTER, /* rowversion: a number that the whole database counts up; text is base64 of 8 bytes */
    SY_VERSION_GUID     /* 16 fresh bytes; base64 */
} sy_version_form;

/* What a server generation does where they differ; numbers are sections of protocol.md. */
typedef struct sy_server_dialect {
    const char *name;    /* "netfx", "toolkit", "sound" */
    const char *summary;
    sy_version_form version_form;
    sy_time updated_at_resolution_ns; /* stored */
    sy_time time_resolution_ns;       /* as clients see it (JSON) [2.1] */
    bool soft_delete;                 /* default of the option */
    int64_t page_size;                /* default and cap of one page [2.3 Query] */
    int status_deleted;               /* of a read, update or delete of a soft-deleted row: 404 or 410 */
    int status_insert_ok, status_delete_ok;
    bool conflict_insert_has_row;     /* 409 carries the stored row */
    bool delete_stamps;               /* a soft delete moves version and updatedAt */
    bool pages_by_key;                /* continuation by (sequence), not by $skip over a moving set */
    bool operation_keys;              /* a request whose key was committed is answered as done */
    uint32_t system;                  /* SY_SYSTEM_BIT of the columns its tables have */
    bool id_guid_dashes;              /* form of a generated id */
} sy_server_dialect;

extern const sy_server_dialect sy_server_dialect_netfx;   /* S-FX */
extern const sy_server_dialect sy_server_dialect_toolkit; /* S-CT */
extern const sy_server_dialect sy_server_dialect_sound;
const sy_server_dialect *sy_server_dialect_find(sy_str name);
const sy_server_dialect *sy_server_dialect_at(size_t index);

typedef struct sy_server_table { /* options of one table */
    const sy_schema *schema;  /* the app's columns; the server adds the system columns that it has */
    bool soft_delete;
} sy_server_table;

typedef struct sy_notifier_ops {
    /* After a commit, before the answer leaves: tell the other installations. Borrowed. NULL ops: nobody. */
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
    int64_t page_size;             /* 0: the dialect's */
    bool notifies;
    sy_str epoch;                  /* identity of this history of the data; a restore changes it */
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

/* Takes the stamp. The request is borrowed until end or abort. Only SY_NOMEM can fail. */
sy_rc sy_server_begin(sy_server *server, const sy_request *request, sy_server_transaction **out,
                      sy_err *err);
/* Serves the request; the response lives in `arena`. What the protocol answers (404, 412...) is in its status;
 * a failure of the store is a 500. Only SY_NOMEM can fail; the transaction is gone either way. */
sy_rc sy_server_end(sy_server *server, sy_server_transaction *transaction, sy_arena *arena,
                    sy_response *out, sy_err *err);
void sy_server_abort(sy_server *server, sy_server_transaction *transaction);
/* begin and end in one. */
sy_rc sy_server_serve(sy_server *server, const sy_request *request, sy_arena *arena, sy_response *out,
                      sy_err *err);

/* For scenarios and checkers: the server's schema of a table, NULL when unknown; its rows are in the store. */
const sy_schema *sy_server_schema(const sy_server *server, sy_str table);
sy_store sy_server_store(const sy_server *server);

#endif

/* What the files of core/server share and show to nobody else. */
#ifndef SY_SERVER_INTERNAL_H
#define SY_SERVER_INTERNAL_H

#include "core/port/events.h"
#include "core/server/change_log.h"
#include "core/server/server.h"

typedef struct sy_served_table {
    const sy_schema *schema; /* with the system columns of the dialect, and what was added */
    sy_server_table options; /* page_size and top_max as they hold */
    bool grown;              /* columns were added: rows from before lack them */
    sy_change_log changes;   /* pages_by_key only */
} sy_served_table;

struct sy_server_transaction {
    sy_server_transaction *previous, *next; /* in progress, or spare */
    const sy_request *request;
    sy_time stamp;
    int64_t sequence; /* 0: none */
    bool direct;      /* asked by the server's own code, not over the wire */
};

struct sy_server {
    sy_server_config config;
    sy_arena arena;   /* tables and schemas; lives as long as the server */
    sy_arena scratch; /* what a request needs on its way to the answer; reset when it ends */
    sy_served_table *tables;
    bool grown;                          /* some table has columns that were added */
    sy_server_transaction *first, *last; /* in progress, in order of their beginning */
    sy_server_transaction *spare;
    int64_t number_last;   /* counts versions, and ids that were made up */
    int64_t sequence_last; /* commit sequence handed out last */
    int64_t number_kept;   /* the store says: numbers up to here may have been used */
    int64_t sequence_kept;
    int64_t cleaned; /* no tombstone up to this sequence is sure to be there */
};

static inline bool sy_method_writes(sy_method method)
{
    return method != SY_METHOD_QUERY && method != SY_METHOD_READ;
}

/* -- server.c -- */
/* By name, letter case aside as in a URL's route; NULL: unknown. */
sy_served_table *sy_server_table_find(const sy_server *server, sy_str name);
/* Whether the table lets the request in: 0, 405 or 401. protocol.md 2.5. */
int sy_server_access(const sy_server *server, const sy_served_table *table,
                     const sy_request *request);
/* An answer without a body. */
void sy_response_refuse(sy_response *response, int status, const char *reason);

/* -- table.c: rows as the server makes them -- */
/* The cells that the request's row has, put over `before` (a PATCH), or over nothing: what is
 * absent is null (an insert, a PUT). System cells are `before`'s, or absent. *given counts the
 * cells that it had. SY_SCHEMA: a value of the wrong type. */
sy_rc sy_served_row_change(sy_server *server, const sy_schema *schema, const sy_row *before,
                           bool replace, const sy_row *change, sy_arena *arena, sy_row **out,
                           uint32_t *given, sy_err *err);
/* Version, updatedAt, sequence, edit stamps of this write; createdAt where the row has none. */
sy_rc sy_served_row_stamp(sy_server *server, const sy_server_transaction *transaction,
                          sy_arena *arena, sy_row *row, sy_err *err);
/* The id that a row gets which has none. */
sy_rc sy_served_id_fresh(sy_server *server, sy_arena *arena, sy_str *out, sy_err *err);
/* The row as clients see it: times cut to the dialect's resolution, columns that came after it
 * null, texts shared. `select` as in sy_query. NULL: no memory. */
const sy_row *sy_served_row_seen(const sy_server *server, const sy_row *row, uint64_t select,
                                 sy_arena *arena);

/* -- growth.c: columns that the first write with them adds -- */
/* When the table is opened: over all columns that it ever got. */
sy_rc sy_growth_restore(sy_server *server, sy_served_table *table, sy_err *err);
/* Makes the table ready for the row of a write: adds the columns that it lacks, or says what the
 * dialect answers: *status is 0 or that. */
sy_rc sy_growth_prepare(sy_server *server, sy_served_table *table, const sy_request *request,
                        int *status, sy_err *err);

/* -- version.c -- */
/* Text of base64 for a version that a client sent with an insert. */
sy_rc sy_version_keep(sy_str given, sy_arena *arena, sy_str *out, sy_err *err);
/* The version that a client names is the row's. SY_OK or SY_NOMEM. */
sy_rc sy_version_same(const sy_server *server, sy_str asked, sy_str stored, sy_arena *arena,
                      bool *same, sy_err *err);
/* The version after `before` (empty: the first one), by the dialect's form. */
sy_rc sy_version_next(sy_server *server, sy_str before, sy_arena *arena, sy_str *out, sy_err *err);

/* -- write_handler.c -- */
typedef struct sy_write_run { /* a row that is written */
    sy_server *server;
    sy_served_table *table;
    const sy_server_transaction *transaction;
    const sy_request *request;
    sy_arena *arena;
    sy_response *response;
    sy_str id;
    const sy_row *before; /* NULL: there was none */
    const sy_row *after;  /* NULL: removed */
    bool changed;         /* something was written: commit */
    bool counters_moved;
} sy_write_run;

/* Inside a transaction: run->before becomes a tombstone, or is removed. */
sy_rc sy_write_delete_row(sy_write_run *run, sy_err *err);
/* It is durable: noted, traced, told to the other installations. */
void sy_write_committed(sy_write_run *run);
sy_rc sy_write_serve(sy_server *server, sy_served_table *table,
                     const sy_server_transaction *transaction, sy_arena *arena, sy_response *out,
                     sy_err *err);
/* -- delete_matching.c -- */
sy_rc sy_delete_matching(sy_server *server, sy_served_table *table,
                         const sy_server_transaction *transaction, sy_arena *arena,
                         sy_response *out, sy_err *err);
/* -- query_handler.c -- */
/* The request's query over the table as it is now, with the order that the dialect gives to what
 * has none. SY_SCHEMA: it names what the table lacks, or compares what can't be compared. */
sy_rc sy_query_of_request(sy_server *server, const sy_served_table *table,
                          const sy_request *request, sy_query *out, sy_err *err);
sy_rc sy_read_serve(sy_server *server, const sy_served_table *table, const sy_request *request,
                    sy_arena *arena, sy_response *out, sy_err *err);
sy_rc sy_query_serve(sy_server *server, const sy_served_table *table, const sy_request *request,
                     sy_arena *arena, sy_response *out, sy_err *err);

/* -- ledger.c: the server's own tables: counters that survive it, operation keys, columns that were
 * added -- */
const sy_schema *sy_ledger_counters_schema(void); /* `__server` */
const sy_schema *sy_ledger_keys_schema(void);     /* `__keys` */
const sy_schema *sy_ledger_columns_schema(void);  /* `__columns` */
/* Defines its tables and reads the counters. */
sy_rc sy_ledger_open(sy_server *server, sy_err *err);
/* Inside a write's transaction: notes the counters when they passed what the store knows. *moved:
 * it did, and sy_ledger_counters_kept is due after the commit. */
sy_rc sy_ledger_write_counters(sy_server *server, bool *moved, sy_err *err);
void sy_ledger_counters_kept(sy_server *server);
/* Inside a transaction: how far tombstones were removed. */
sy_rc sy_ledger_write_cleaned(sy_server *server, sy_err *err);
typedef enum sy_key_use {
    SY_KEY_FRESH,
    SY_KEY_DONE,      /* this very edit was committed with it */
    SY_KEY_OF_ANOTHER /* another row, or an edit of another time: two devices share an identity */
} sy_key_use;
/* What the operation key of a request was used for; *row_id of the committed one, in scratch
 * memory. */
sy_rc sy_ledger_find_key(sy_server *server, const sy_request *request, const sy_schema *schema,
                         sy_key_use *use, sy_str *row_id, sy_err *err);
sy_rc sy_ledger_write_key(sy_server *server, const sy_server_transaction *transaction,
                          const sy_schema *schema, sy_str row_id, sy_str version, sy_err *err);
/* Columns that were added to a table, in the order of that; at most SY_COLUMN_COUNT_MAX, names in
 * scratch memory. */
sy_rc sy_ledger_read_columns(sy_server *server, sy_str table, sy_column *out, uint32_t *count,
                             sy_err *err);
/* A transaction of its own. `schema`: the table before. */
sy_rc sy_ledger_write_columns(sy_server *server, const sy_schema *schema, const sy_column *columns,
                              uint32_t count, sy_err *err);

#endif

/* A store in a SQLite database. One connection, prepared statements kept. Tables are created as the
 * schema says, clustered by id (WITHOUT ROWID): booleans, integers and datetimes (nanoseconds) with
 * INTEGER affinity, texts, blobs, and reals without affinity, so that -0.0 and 5.0 come back as
 * they were; system columns that a table lacks are not created. The declared types tell ours apart
 * ("BOOLEAN INT", "DATETIME INT", "REAL BLOB"): a file made for another schema is recognised. */
#ifndef SY_STORE_STORE_SQLITE_H
#define SY_STORE_STORE_SQLITE_H

#include "core/port/store.h"

typedef struct sy_store_sqlite sy_store_sqlite;

typedef struct sy_store_sqlite_options {
    const char *path;         /* in the VFS's name space */
    const char *vfs;          /* NULL: the default one */
    const char *journal_mode; /* "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF", "WAL"; NULL:
                                 DELETE. A mode that the VFS cannot do is SY_STORE */
    const char *synchronous;  /* "FULL", "NORMAL", "OFF"; NULL: FULL */
    bool drops_columns; /* a table loses the columns that its definition lacks [protocol.md 12, edge
                           45] */
    void (*defined)(void *self); /* a definition changed the file or looked into it; NULL: nobody
                                    asks */
    void *defined_self;
} sy_store_sqlite_options;

/* Opens or creates. SY_CORRUPT when the file is no database of ours, SY_STORE when it can't be
 * opened. */
sy_rc sy_store_sqlite_open(sy_alloc alloc, const sy_store_sqlite_options *options,
                           sy_store_sqlite **out, sy_err *err);
/* Rolls back what is open. */
void sy_store_sqlite_close(sy_store_sqlite *store);
/* Before an owner changes or another one takes over: nothing is open, so that the file may be put
 * back to what it was after the last definition. Statements stay prepared; the tables are defined
 * again, by schemas of the same shape, before they are used. SY_STATE: a transaction is open. */
sy_rc sy_store_sqlite_renew(sy_store_sqlite *store, sy_err *err);
sy_store sy_store_sqlite_port(sy_store_sqlite *store);
const char *sy_store_sqlite_version(void);

#endif

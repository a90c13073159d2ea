/* A store in a SQLite database. One connection, prepared statements kept. Tables are created as the
 * schema says: id TEXT PRIMARY KEY, booleans and datetimes as INTEGER (nanoseconds), text, blobs;
 * system columns that a table lacks are not created. */
#ifndef SY_STORE_STORE_SQLITE_H
#define SY_STORE_STORE_SQLITE_H

#include "core/port/store.h"

typedef struct sy_store_sqlite sy_store_sqlite;

typedef struct sy_store_sqlite_options {
    const char *path;         /* in the VFS's name space */
    const char *vfs;          /* NULL: the default one */
    const char *journal_mode; /* "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF", "WAL" */
    const char *synchronous;  /* "FULL", "NORMAL", "OFF" */
} sy_store_sqlite_options;

/* Opens or creates. SY_CORRUPT when the file is no database of ours, SY_STORE when it can't be
 * opened. */
sy_rc sy_store_sqlite_open(sy_alloc alloc, const sy_store_sqlite_options *options,
                           sy_store_sqlite **out, sy_err *err);
/* Rolls back what is open. */
void sy_store_sqlite_close(sy_store_sqlite *store);
sy_store sy_store_sqlite_port(sy_store_sqlite *store);
const char *sy_store_sqlite_version(void);

#endif

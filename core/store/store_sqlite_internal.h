/* What the files of the SQLite store share: its structure, statements and their caches. */
#ifndef SY_STORE_STORE_SQLITE_INTERNAL_H
#define SY_STORE_STORE_SQLITE_INTERNAL_H

#include <sqlite3.h>

#include "core/store/store_sqlite.h"

#define SY_SQLITE_UPSERT_COUNT 24 /* statements kept; the one not used for longest goes first */
#define SY_SQLITE_QUERY_COUNT  12

typedef struct sy_sqlite_upsert {
    sqlite3_stmt *statement; /* NULL: free */
    uint32_t table;
    uint64_t columns; /* bit of each column that it writes */
    uint64_t used;
} sy_sqlite_upsert;

typedef struct sy_sqlite_query {
    sqlite3_stmt *statement; /* NULL: free */
    sy_buf sql;
    uint64_t used;
} sy_sqlite_query;

typedef struct sy_sqlite_table {
    const sy_schema *schema; /* as defined last; NULL: renewed and not defined again */
    uint64_t shape;          /* of it */
    sqlite3_stmt *read;      /* every column of the schema, in its order; NULL: not needed yet */
    sqlite3_stmt *remove;
    sy_sqlite_upsert *upsert; /* the one used last; may have been evicted: compare it */
} sy_sqlite_table;

struct sy_store_sqlite {
    sy_alloc alloc;
    sqlite3 *db;
    sqlite3_stmt *steps[3]; /* by sy_transaction_step */
    bool in_transaction;    /* as the port sees it; SQLite may have rolled back by itself */
    sy_sqlite_table *tables;
    size_t table_count;
    size_t table_capacity;
    uint64_t use_count;
    sy_sqlite_upsert upserts[SY_SQLITE_UPSERT_COUNT];
    sy_sqlite_query queries[SY_SQLITE_QUERY_COUNT];
    sy_buf sql;   /* being written */
    sy_buf extra; /* names of columns that a definition lacks, each with a zero behind */
    bool drops_columns;
    void (*defined)(void *self);
    void *defined_self;
    sy_arena scratch; /* of one call */
    sy_arena made;    /* texts of one call of sy_function */
};

/* -- store_sqlite_statement.c -- */
/* What SQLite's last failure is to us, with its message: "what: message". */
sy_rc sy_sqlite_fail(const sy_store_sqlite *store, sy_err *err, const char *what);
sy_rc sy_sqlite_prepare(sy_store_sqlite *store, sy_str sql, sqlite3_stmt **out, sy_err *err);
/* Steps a statement that gives no rows, and resets it. */
sy_rc sy_sqlite_run(sy_store_sqlite *store, sqlite3_stmt *statement, const char *what, sy_err *err);
/* Prepares, runs and finalizes. */
sy_rc sy_sqlite_exec(sy_store_sqlite *store, sy_str sql, sy_err *err);
/* A name in double quotes. */
void sy_sqlite_add_name(sy_buf *sql, sy_str name);
/* The text is borrowed until the statement is reset. */
sy_rc sy_sqlite_bind(sy_store_sqlite *store, sqlite3_stmt *statement, int at, const sy_value *value,
                     sy_err *err);
sy_rc sy_sqlite_statement_read(sy_store_sqlite *store, sy_sqlite_table *table, sqlite3_stmt **out,
                               sy_err *err);
sy_rc sy_sqlite_statement_remove(sy_store_sqlite *store, sy_sqlite_table *table, sqlite3_stmt **out,
                                 sy_err *err);
/* Writes the columns of `columns`, bound in schema order from 1. */
sy_rc sy_sqlite_statement_upsert(sy_store_sqlite *store, sy_sqlite_table *table, uint64_t columns,
                                 sqlite3_stmt **out, sy_err *err);
/* For the text in store->sql. */
sy_rc sy_sqlite_statement_query(sy_store_sqlite *store, sqlite3_stmt **out, sy_err *err);
/* Those of one table, because its columns changed. */
void sy_sqlite_forget_table(sy_store_sqlite *store, uint32_t table);
void sy_sqlite_forget_all(sy_store_sqlite *store);

/* -- store_sqlite_function.c -- */
/* Gives the connection the function that the SQL of queries calls; `arena` lives as long and is
 * its own. An SQLite result code. */
int sy_sqlite_add_function(sqlite3 *db, sy_arena *arena);

/* -- store_sqlite_table.c -- */
sy_rc sy_sqlite_define(void *self, const sy_schema *schema, sy_err *err);
/* SY_SCHEMA: unknown. A schema that is not the defined one has only columns of it. */
sy_rc sy_sqlite_table_get(sy_store_sqlite *store, const sy_schema *schema, sy_sqlite_table **out,
                          sy_err *err);

/* -- store_sqlite_row.c -- */
sy_rc sy_sqlite_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                     const sy_row **out, sy_err *err);
sy_rc sy_sqlite_query_rows(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                           sy_err *err);
sy_rc sy_sqlite_write(void *self, const sy_row *row, sy_err *err);
sy_rc sy_sqlite_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err);

#endif

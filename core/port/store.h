/* The store port: tables of typed rows with transactions. The engine keeps everything in it: the
 * app's tables and its own (`__operations`, `__errors`, `__config`); so does the server.
 *
 * Contract (tests/contract runs it on every store):
 * - calls are synchronous and never call back;
 * - a commit that returned SY_OK is durable; outside a transaction every write is one of its own;
 * - transactions do not nest; rollback undoes everything since begin, and so does a crash;
 * - rows handed in are borrowed for the call; rows handed out live in the caller's arena;
 * - without an order a query answers in order of id;
 * - errors: SY_STORE for a failure of the store, SY_SCHEMA for an unknown table, SY_STATE for begin
 * inside a transaction or commit outside, SY_NOMEM. After an error in a transaction the caller
 * rolls back. */
#ifndef SY_PORT_STORE_H
#define SY_PORT_STORE_H

#include "core/value/query.h"

typedef enum sy_transaction_step { SY_BEGIN, SY_COMMIT, SY_ROLLBACK } sy_transaction_step;

typedef struct sy_store_ops {
    /* Creates the table, or adds the columns that it lacks; never drops one (protocol.md 4.2),
     * unless the store was told to. The
     * schema must outlive the store. Not inside a transaction. */
    sy_rc (*define)(void *self, const sy_schema *schema, sy_err *err);
    sy_rc (*transact)(void *self, sy_transaction_step step, sy_err *err);
    /* *out is NULL when there is no such row. */
    sy_rc (*read)(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                  const sy_row **out, sy_err *err);
    sy_rc (*query)(void *self, const sy_query *query, sy_arena *arena, sy_rows *out, sy_err *err);
    /* Inserts, or changes the cells that are not absent in `row` and leaves the others. */
    sy_rc (*write)(void *self, const sy_row *row, sy_err *err);
    /* No such row is no error. */
    sy_rc (*remove)(void *self, const sy_schema *schema, sy_str id, sy_err *err);
    /* Virtual nanoseconds that all calls so far have cost; never goes back. NULL: nothing costs. */
    sy_time (*cost_ns)(void *self);
} sy_store_ops;

typedef struct sy_store {
    const sy_store_ops *ops;
    void *self;
} sy_store;

static inline sy_rc sy_store_define(sy_store s, const sy_schema *schema, sy_err *err)
{
    return s.ops->define(s.self, schema, err);
}
static inline sy_rc sy_store_transact(sy_store s, sy_transaction_step step, sy_err *err)
{
    return s.ops->transact(s.self, step, err);
}
static inline sy_rc sy_store_read(sy_store s, const sy_schema *schema, sy_str id, sy_arena *arena,
                                  const sy_row **out, sy_err *err)
{
    return s.ops->read(s.self, schema, id, arena, out, err);
}
static inline sy_rc sy_store_query(sy_store s, const sy_query *query, sy_arena *arena, sy_rows *out,
                                   sy_err *err)
{
    return s.ops->query(s.self, query, arena, out, err);
}
static inline sy_rc sy_store_write(sy_store s, const sy_row *row, sy_err *err)
{
    return s.ops->write(s.self, row, err);
}
static inline sy_rc sy_store_remove(sy_store s, const sy_schema *schema, sy_str id, sy_err *err)
{
    return s.ops->remove(s.self, schema, id, err);
}
static inline sy_time sy_store_cost_ns(sy_store s)
{
    return s.ops->cost_ns ? s.ops->cost_ns(s.self) : 0;
}

#endif

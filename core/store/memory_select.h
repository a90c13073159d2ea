/* Queries over a table of the memory store. */
#ifndef SY_STORE_MEMORY_SELECT_H
#define SY_STORE_MEMORY_SELECT_H

#include "core/store/memory_table.h"
#include "core/value/query.h"

/* Would the order by updatedAt help, and is it not made yet? */
bool sy_memory_wants_index(const sy_memory_table *table, const sy_query *query);
/* A checked query; rows and texts are the caller's own, in `arena`. SY_OK, SY_NOMEM, or SY_SCHEMA
 * for a row that does not fit the query's schema. */
sy_rc sy_memory_select(const sy_memory_table *table, const sy_query *query, sy_alloc alloc,
                       sy_arena *arena, sy_rows *out, sy_err *err);

#endif

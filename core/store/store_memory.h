/* A store in memory: hash tables of rows, an undo list for the open transaction. Rows in a block
 * each. */
#ifndef SY_STORE_STORE_MEMORY_H
#define SY_STORE_STORE_MEMORY_H

#include "core/port/store.h"

typedef struct sy_store_memory sy_store_memory;

sy_rc sy_store_memory_new(sy_alloc alloc, sy_store_memory **out, sy_err *err);
void sy_store_memory_free(sy_store_memory *store);
/* A store of its own with the same tables and rows. SY_STATE: a transaction is open. */
sy_rc sy_store_memory_copy(const sy_store_memory *store, sy_store_memory **out, sy_err *err);
sy_store sy_store_memory_port(sy_store_memory *store);
/* What a crash of the process leaves: the last committed image. */
void sy_store_memory_crash(sy_store_memory *store);

#endif

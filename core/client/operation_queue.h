/* The operation queue: `__operations` in the store, and a mirror of it in memory so that nothing is searched. Every
 * change is written first and mirrored when the store said yes. protocol.md 5. */
#ifndef SY_CLIENT_OPERATION_QUEUE_H
#define SY_CLIENT_OPERATION_QUEUE_H

#include "core/base/map.h"
#include "core/client/operation.h"
#include "core/port/store.h"

typedef struct sy_operation_queue sy_operation_queue;

struct sy_operation_queue {
    sy_alloc alloc;
    sy_store store;
    sy_operation **items;   /* by sequence */
    size_t count, capacity, first;
    sy_map by_item;         /* "table/id" -> the newest operation of the item */
    int64_t sequence_last;
    sy_arena scratch;
};

/* The schema of `__operations`. */
const sy_schema *sy_operation_schema(void);

/* Reads the queue from the store; operations whose table is not in `tables` are kept and never peeked. */
sy_rc sy_operation_queue_load(sy_operation_queue *queue, const sy_schema *const *tables,
                              size_t table_count, sy_err *err);
void sy_operation_queue_deinit(sy_operation_queue *queue);

/* The newest operation of an item; NULL: none. Pointers stay valid until the operation is removed. */
sy_operation *sy_operation_queue_find(const sy_operation_queue *queue, const sy_schema *schema,
                                      sy_str id);
/* The first with sequence > after, of one of the tables (count 0: of any); NULL: none. */
sy_operation *sy_operation_queue_peek(const sy_operation_queue *queue, int64_t after,
                                      const sy_schema *const *tables, size_t table_count);
sy_operation *sy_operation_queue_at(const sy_operation_queue *queue, size_t index);
sy_operation *sy_operation_queue_get(const sy_operation_queue *queue, int64_t sequence);
uint32_t sy_operation_queue_count(const sy_operation_queue *queue, const sy_schema *schema); /* NULL: all */

/* Appends a copy with the next sequence, written to the store. */
sy_rc sy_operation_queue_add(sy_operation_queue *queue, const sy_operation *operation,
                             sy_operation **out, sy_err *err);
/* Writes `changed` over the operation of the same sequence. */
sy_rc sy_operation_queue_change(sy_operation_queue *queue, const sy_operation *changed, sy_err *err);
/* Removes it from store and mirror. *out (may be NULL) false: the version moved meanwhile, nothing removed [5.1]. */
sy_rc sy_operation_queue_remove(sy_operation_queue *queue, int64_t sequence, int64_t version,
                                bool *out, sy_err *err);
/* After a rollback: throws the mirror away and reads it again. */
sy_rc sy_operation_queue_reload(sy_operation_queue *queue, sy_err *err);

#endif

/* The operation queue: `__operations` in the store, and a mirror of it in memory so that nothing is
 * searched. Every change is written first and mirrored when the store said yes. After a rollback
 * the mirror is `stale` until it was read again, and refuses changes meanwhile. protocol.md 5. */
#ifndef SY_CLIENT_OPERATION_QUEUE_H
#define SY_CLIENT_OPERATION_QUEUE_H

#include "core/base/map.h"
#include "core/client/operation.h"
#include "core/port/store.h"

typedef struct sy_operation_entry sy_operation_entry; /* an operation and the memory of its texts */

typedef struct sy_operation_queue {
    sy_alloc alloc;
    sy_store store;
    sy_arena *scratch; /* borrowed; used inside one call only */
    const sy_schema *const *tables;
    size_t table_count;
    sy_operation_entry **items; /* by sequence: items[first .. first + count) */
    size_t count, capacity, first;
    sy_map by_item; /* table and id -> the newest operation of the item */
    char *changed;  /* room for the texts of an operation that is about to change */
    size_t changed_size;
    int64_t sequence_last;
    int64_t edit_sequence_last;
    bool stale;
    bool doubts; /* nobody wrote down what was sent: what a former process left, the oldest
                    operation of each item, counts as Attempted */
} sy_operation_queue;

/* The schema of `__operations`. */
const sy_schema *sy_operation_schema(void);

/* Nothing is read yet. `tables` (schemas) and `scratch` outlive the queue. */
void sy_operation_queue_init(sy_operation_queue *queue, sy_alloc alloc, sy_store store,
                             sy_arena *scratch, const sy_schema *const *tables, size_t table_count);
void sy_operation_queue_deinit(sy_operation_queue *queue);
/* Reads the queue from the store; operations whose table is not in `tables` are kept in the store
 * and never seen. After a rollback: reads it again (`in_flight` and `sendings` of operations that
 * are still there stay). On an error the mirror is as it was, and stale. */
sy_rc sy_operation_queue_load(sy_operation_queue *queue, sy_err *err);

/* The newest operation of an item; NULL: none. Pointers stay valid until the operation is removed
 * or the queue is loaded. */
sy_operation *sy_operation_queue_find(const sy_operation_queue *queue, const sy_schema *schema,
                                      sy_str id);
/* The operation of the same item before it, and behind it; NULL: none. */
sy_operation *sy_operation_queue_older(const sy_operation *operation);
sy_operation *sy_operation_queue_newer(const sy_operation *operation);
/* The first with sequence > after, of one of the tables (count 0: of any); NULL: none. */
sy_operation *sy_operation_queue_peek(const sy_operation_queue *queue, int64_t after,
                                      const sy_schema *const *tables, size_t table_count);
sy_operation *sy_operation_queue_at(const sy_operation_queue *queue, size_t index);
sy_operation *sy_operation_queue_get(const sy_operation_queue *queue, int64_t sequence);
uint32_t sy_operation_queue_count(const sy_operation_queue *queue,
                                  const sy_schema *schema); /* NULL: all */

/* Appends a copy with the next sequence, written to the store. */
sy_rc sy_operation_queue_add(sy_operation_queue *queue, const sy_operation *operation,
                             sy_operation **out, sy_err *err);
/* Writes `changed` over the operation of the same sequence; its table and id are the same. Its
 * texts may be those of the operation itself; they are copied. SY_STATE when there is none. */
sy_rc sy_operation_queue_change(sy_operation_queue *queue, const sy_operation *changed,
                                sy_err *err);
/* Removes it from store and mirror. *out (may be NULL) false: the version moved meanwhile, nothing
 * removed [5.1]. */
sy_rc sy_operation_queue_remove(sy_operation_queue *queue, int64_t sequence, int64_t version,
                                bool *out, sy_err *err);

#endif

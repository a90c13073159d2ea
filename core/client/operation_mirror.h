/* The part of the operation queue that is in memory; for operation_queue.c alone. */
#ifndef SY_CLIENT_OPERATION_MIRROR_H
#define SY_CLIENT_OPERATION_MIRROR_H

#include "core/client/operation_queue.h"

/* The index of the first operation with sequence > after. */
size_t sy_operation_mirror_index(const sy_operation_queue *queue, int64_t after);
/* A copy at the end. SY_NOMEM: nothing has changed. */
sy_rc sy_operation_mirror_add(sy_operation_queue *queue, const sy_operation *operation,
                              sy_operation **out, sy_err *err);
void sy_operation_mirror_remove(sy_operation_queue *queue, size_t index);
/* Memory for a change of `operation` (in the mirror) to `changed`, */
sy_rc sy_operation_mirror_prepare(sy_operation_queue *queue, const sy_operation *operation,
                                  const sy_operation *changed, sy_err *err);
/* and the change itself. Its texts may be the operation's own. */
void sy_operation_mirror_change(sy_operation_queue *queue, sy_operation *operation,
                                const sy_operation *changed);
bool sy_operation_same_text(sy_str a, sy_str b);

#endif

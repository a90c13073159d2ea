/* What an app can listen to while it pushes and pulls: SynchronizationProgress of the later
 * clients. protocol.md 11. Dialects that have none pay a comparison. */
#ifndef SY_CLIENT_PROGRESS_H
#define SY_CLIENT_PROGRESS_H

#include "core/client/internal.h"

typedef enum sy_progress_what {
    SY_PROGRESS_STARTED,
    SY_PROGRESS_ITEM_BEGUN, /* an operation is about to be sent; rows are about to be stored */
    SY_PROGRESS_ITEM_DONE,  /* it was answered; they are stored */
    SY_PROGRESS_ENDED,
    SY_PROGRESS_WHAT_COUNT
} sy_progress_what;

/* A push begins or ends; `complete`: every operation had its turn. */
void sy_progress_push(sy_client *client, const sy_task *task, sy_progress_what what, bool complete);
/* The operation in hand; done: task->push->ending says how. */
void sy_progress_item(sy_client *client, sy_task *task, sy_progress_what what);
/* A pull: `id` of a row, or empty; `total` that is expected, -1: unknown; `good` when it ends. */
void sy_progress_pull(sy_client *client, const sy_task *task, sy_progress_what what, sy_str id,
                      bool good);

#endif

/* `__conflicts`: what a policy left to a person, or logs (policies.md 1.3, `park` and `hold`).
 *
 *   parked   the server's row was taken; ours is here alone
 *   held     our row stays in the table, its operation in the queue; it is not sent again before
 *            somebody has edited the row or resolved the operation
 *   logged   decided; for the record
 *
 * The table is there only where a table's policy keeps something (sy_policy_keeps). */
#ifndef SY_CLIENT_INBOX_H
#define SY_CLIENT_INBOX_H

#include "core/client/internal.h"

const sy_schema *sy_inbox_schema(void);
/* Has the client an inbox? */
bool sy_inbox_exists(const sy_client *client);
/* Puts the conflict in hand there; an older held entry of the row goes. Inside a transaction. */
sy_rc sy_inbox_add(sy_client *client, sy_task *task, sy_err *err);
/* The entry of this number, if there is one. Inside a transaction. */
sy_rc sy_inbox_remove(sy_client *client, int64_t number, sy_err *err);
/* SY_VERB_DISMISS. */
void sy_inbox_dismiss_step(sy_client *client, sy_task *task);
/* Is this operation held? */
static inline bool sy_inbox_holds(const sy_operation *operation)
{
    return operation->state == SY_STATE_FAILED && operation->status == SY_STATUS_HELD;
}

#endif

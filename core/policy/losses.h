/* What a judgement costs: every change of either side that is not in what comes out of it must be
 * declared (policies.md 1.1). It is derived here for all policies alike, so none can forget it. */
#ifndef SY_POLICY_LOSSES_H
#define SY_POLICY_LOSSES_H

#include "core/policy/policy.h"

/* Rows that have the lost cells and no others; a `deleted` cell says that the row was to be gone,
 * or was to stay. NULL: nothing is lost. */
typedef struct sy_losses {
    const sy_row *local;
    const sy_row *server;
} sy_losses;

/* For a judgement that decides: not NOT and not ASK. SY_OK or SY_NOMEM. */
sy_rc sy_policy_losses(const sy_conflict *conflict, const sy_judgement *judgement, sy_arena *arena,
                       sy_losses *out, sy_err *err);

#endif

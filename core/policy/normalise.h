/* What both sides agree about is no conflict, whatever the policy (policies.md 1.2). Reports call
 * such conflicts false. */
#ifndef SY_POLICY_NORMALISE_H
#define SY_POLICY_NORMALISE_H

#include "core/policy/policy.h"

/* Fills `out`; false: it is a conflict. For a policy (NULL: none) with columns in which equal
 * values can be two contributions, two counts of one, equal rows are none. */
bool sy_policy_normalise(const sy_policy *policy, const sy_conflict *conflict, sy_judgement *out);
/* Is that what a judgement of a false conflict is said to be by? */
bool sy_policy_was_false(sy_str by);

#endif

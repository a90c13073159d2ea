/* The rules that the catalogue of policies (policy.c) is made of. */
#ifndef SY_POLICY_RULES_H
#define SY_POLICY_RULES_H

#include "core/policy/policy.h"

/* -- row_winner.c: one of the two rows as a whole -- */

sy_rc sy_rule_client_wins(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err);
sy_rc sy_rule_server_wins(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err);
/* By policy->clock. */
sy_rc sy_rule_latest_wins(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err);

/* -- field_merge.c -- */

/* What one side changed is kept; what both did is left to the column's field policy. */
sy_rc sy_rule_field_merge(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err);

/* -- keep_both.c -- */

/* The server's row stays; ours becomes another one, with an id of its own. */
sy_rc sy_rule_keep_both(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                        sy_judgement *out, sy_err *err);

/* -- policy.c -- */

sy_rc sy_rule_handler(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                      sy_judgement *out, sy_err *err);

#endif

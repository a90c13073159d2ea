/* The rules that the catalogue of policies (policy.c) is made of. */
#ifndef SY_POLICY_RULES_H
#define SY_POLICY_RULES_H

#include "core/policy/policy.h"

#define SY_POLICY_RULE(name)                                                                       \
    sy_rc name(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,              \
               sy_judgement *out, sy_err *err)

/* What a rule need not look at. */
#define SY_POLICY_UNUSED()                                                                         \
    (void)policy;                                                                                  \
    (void)conflict;                                                                                \
    (void)arena;                                                                                   \
    (void)err

/* -- row_winner.c: one of the two rows as a whole -- */

/* Ours over the server's row, or the server's; a row that is not there is a deletion. */
void sy_judgement_take(bool ours, const sy_conflict *conflict, sy_judgement *out);

SY_POLICY_RULE(sy_rule_client_wins);
SY_POLICY_RULE(sy_rule_server_wins);
SY_POLICY_RULE(sy_rule_latest_wins); /* by policy->clock */
SY_POLICY_RULE(sy_rule_first_wins);
SY_POLICY_RULE(sy_rule_delete_wins);   /* where a row is gone; else inner[0], or latest wins */
SY_POLICY_RULE(sy_rule_update_wins);   /* likewise */
SY_POLICY_RULE(sy_rule_site_priority); /* by policy->sites; of one site: the later */

/* -- row_revision.c -- */

SY_POLICY_RULE(sy_rule_couch_rev); /* alive over deleted, then the higher generation, then hash */
SY_POLICY_RULE(sy_rule_cbl_mwu);   /* deleted over alive, likewise */

/* -- row_merge.c: the merges of other products -- */

SY_POLICY_RULE(sy_rule_watermelon);
SY_POLICY_RULE(sy_rule_automerge_aws);

/* -- field_merge.c -- */

/* What one side changed is kept; what both did is left to the column's field policy. */
SY_POLICY_RULE(sy_rule_field_merge);
/* May equal rows be two contributions, by a column's rule? */
bool sy_field_merge_adds(const sy_policy *policy, const sy_conflict *conflict);

/* -- keep_both.c -- */

/* The server's row stays; ours becomes another one, with an id of its own. */
SY_POLICY_RULE(sy_rule_keep_both);

/* -- compose.c -- */

SY_POLICY_RULE(sy_rule_chain); /* the first of `inner` that has an answer */
SY_POLICY_RULE(sy_rule_limit);
SY_POLICY_RULE(sy_rule_audit);   /* inner[0], and both rows are logged */
SY_POLICY_RULE(sy_rule_or_park); /* inner[0]; instead of giving way, ours is parked */
SY_POLICY_RULE(sy_rule_park);
SY_POLICY_RULE(sy_rule_hold);
SY_POLICY_RULE(sy_rule_fail);
SY_POLICY_RULE(sy_rule_handler);

#endif

/* Policies by which one of the two rows wins as a whole (policies.md 1.3). A deletion is a row,
 * too: one that is not there. */
#include "core/policy/rules.h"

static void take_ours(const sy_conflict *conflict, sy_judgement *out)
{
    out->kind = conflict->local != NULL ? SY_JUDGED_PUSH : SY_JUDGED_DELETE;
    out->value = conflict->local;
}

static void take_theirs(sy_judgement *out)
{
    out->kind = SY_JUDGED_ACCEPT;
}

static void take(bool ours, const sy_conflict *conflict, sy_judgement *out)
{
    if (ours) {
        take_ours(conflict, out);
    } else {
        take_theirs(out);
    }
}

sy_rc sy_rule_client_wins(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err)
{
    (void)policy;
    (void)arena;
    (void)err;
    take(true, conflict, out);
    return SY_OK;
}

sy_rc sy_rule_server_wins(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err)
{
    (void)policy;
    (void)arena;
    (void)err;
    take(false, conflict, out);
    return SY_OK;
}

/* -- by time -- */

/* What the policy's clock shows of the server's row. */
static sy_edit_stamp served_at(const sy_policy *policy, const sy_conflict *conflict)
{
    return policy->clock == SY_POLICY_CLOCK_SERVER ? (sy_edit_stamp){.at = conflict->updated_at}
                                                   : conflict->served;
}

/* A row that left no trace at all stands against every edit. */
static bool is_later(const sy_policy *policy, const sy_conflict *conflict)
{
    const sy_edit_stamp served = served_at(policy, conflict);
    return conflict->server != NULL && sy_edit_stamp_compare(&conflict->edit, &served) > 0;
}

sy_rc sy_rule_latest_wins(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err)
{
    (void)arena;
    (void)err;
    take(is_later(policy, conflict), conflict, out);
    return SY_OK;
}

/* Policies by which one of the two rows wins as a whole (policies.md 1.3). A deletion is a row,
 * too: one that is not there. */
#include "core/policy/rules.h"

void sy_judgement_take(bool ours, const sy_conflict *conflict, sy_judgement *out)
{
    out->kind = !ours                     ? SY_JUDGED_ACCEPT
                : conflict->local != NULL ? SY_JUDGED_PUSH
                                          : SY_JUDGED_DELETE;
    out->value = ours ? conflict->local : NULL;
}

SY_POLICY_RULE(sy_rule_client_wins)
{
    SY_POLICY_UNUSED();
    sy_judgement_take(true, conflict, out);
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_server_wins)
{
    SY_POLICY_UNUSED();
    sy_judgement_take(false, conflict, out);
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

SY_POLICY_RULE(sy_rule_latest_wins)
{
    SY_POLICY_UNUSED();
    sy_judgement_take(is_later(policy, conflict), conflict, out);
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_first_wins)
{
    SY_POLICY_UNUSED();
    const sy_edit_stamp served = served_at(policy, conflict);
    const bool ours =
        conflict->server != NULL && sy_edit_stamp_compare(&conflict->edit, &served) < 0;
    sy_judgement_take(ours, conflict, out);
    return SY_OK;
}

/* -- by which of the two is there -- */

static sy_rc by_presence(const sy_policy *policy, const sy_conflict *conflict, bool alive_wins,
                         sy_arena *arena, sy_judgement *out, sy_err *err)
{
    const bool here = conflict->local != NULL;
    if (here && sy_conflict_alive(conflict->server)) {
        const sy_policy *inner =
            policy->inner_count > 0 ? policy->inner[0] : &sy_policy_latest_wins;
        return sy_policy_ask(inner, conflict, arena, out, err);
    }
    sy_judgement_take(here == alive_wins, conflict, out);
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_delete_wins)
{
    return by_presence(policy, conflict, false, arena, out, err);
}

SY_POLICY_RULE(sy_rule_update_wins)
{
    return by_presence(policy, conflict, true, arena, out, err);
}

/* -- by whose it is -- */

/* 0: the highest. Those that are not named come last. */
static uint32_t rank_of(const sy_policy *policy, const sy_edit_stamp *stamp)
{
    for (uint32_t i = 0; i < policy->site_count; i++) {
        if (stamp->known && sy_str_equal(stamp->author, policy->sites[i])) {
            return i;
        }
    }
    return policy->site_count;
}

SY_POLICY_RULE(sy_rule_site_priority)
{
    SY_POLICY_UNUSED();
    const uint32_t ours = rank_of(policy, &conflict->edit);
    const uint32_t theirs = rank_of(policy, &conflict->served);
    sy_judgement_take(ours != theirs ? ours < theirs : is_later(policy, conflict), conflict, out);
    return SY_OK;
}

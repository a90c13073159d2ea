/* Policies made of policies (policies.md 1.5). What decides gives the judgement its name. */
#include "core/policy/rules.h"

SY_POLICY_RULE(sy_rule_chain)
{
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < policy->inner_count && rc == SY_OK; i++) {
        rc = sy_policy_ask(policy->inner[i], conflict, arena, out, err);
        if (out->kind != SY_JUDGED_NOT) {
            return rc;
        }
    }
    return rc;
}

SY_POLICY_RULE(sy_rule_limit)
{
    const bool over = conflict->rounds >= policy->rounds_max;
    return sy_policy_ask(policy->inner[over ? 1 : 0], conflict, arena, out, err);
}

SY_POLICY_RULE(sy_rule_audit)
{
    const sy_rc rc = sy_policy_ask(policy->inner[0], conflict, arena, out, err);
    out->logged = true;
    return rc;
}

/* Where the other row would be taken for ours, ours waits for a person. */
SY_POLICY_RULE(sy_rule_or_park)
{
    const sy_rc rc = sy_policy_ask(policy->inner[0], conflict, arena, out, err);
    if (out->kind == SY_JUDGED_ACCEPT && conflict->local != NULL) {
        out->kind = SY_JUDGED_PARK;
        out->reason = "the other edit came first";
    }
    return rc;
}

SY_POLICY_RULE(sy_rule_park)
{
    SY_POLICY_UNUSED();
    out->kind = SY_JUDGED_PARK;
    out->reason = "for a person to decide";
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_hold)
{
    SY_POLICY_UNUSED();
    out->kind = SY_JUDGED_HOLD;
    out->reason = "for a person to decide";
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_fail)
{
    SY_POLICY_UNUSED();
    (void)out;
    (void)err;
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_handler)
{
    SY_POLICY_UNUSED();
    out->kind = SY_JUDGED_ASK;
    return SY_OK;
}

/* The dialects that keep the base leave everything to the policy. The classic ones know three
 * decisions by name, with limits of their own. */
#include "core/client/ruling.h"

#include "core/policy/normalise.h"

/* The server said that there is no such row, and showed none. */
static bool is_gone(const sy_ruling *ruling)
{
    const sy_conflict *conflict = &ruling->conflict;
    return conflict->server == NULL && (conflict->status == 404 || conflict->status == 410);
}

static bool is_resent(const sy_judgement *judgement)
{
    return judgement->kind == SY_JUDGED_PUSH || judgement->kind == SY_JUDGED_DELETE;
}

static sy_rc rule_by_base(const sy_ruling *ruling, sy_arena *arena, sy_judgement *out, sy_err *err)
{
    const sy_conflict *conflict = &ruling->conflict;
    const bool worn_out = conflict->rounds >= SY_RULING_ROUND_COUNT_MAX;
    if (!worn_out && sy_policy_normalise(ruling->policy, conflict, out)) {
        return SY_OK;
    }
    *out = (sy_judgement){.by = sy_policy_name(ruling->policy)};
    const bool shown = conflict->server != NULL || is_gone(ruling);
    if (ruling->policy == NULL || (!shown && ruling->policy != &sy_policy_handler)) {
        return SY_OK;
    }
    const sy_rc rc = sy_policy_ask(ruling->policy, conflict, arena, out, err);
    if (rc == SY_OK && worn_out && is_resent(out)) {
        out->kind = SY_JUDGED_NOT;
    }
    return rc;
}

/* -- the classic dialects -- */

static bool may_resend(const sy_ruling *ruling)
{
    const sy_conflict *conflict = &ruling->conflict;
    if (ruling->dialect->policy_resend_unconditional) {
        return conflict->rounds == 0; /* "once" [6.8] */
    }
    return conflict->rounds < SY_RULING_ROUND_COUNT_MAX && conflict->server != NULL &&
           ruling->kind != SY_OPERATION_INSERT; /* nothing turns one into an update there [9.3] */
}

static void resend(const sy_ruling *ruling, sy_judgement *out)
{
    if (may_resend(ruling)) {
        out->kind = ruling->conflict.local != NULL ? SY_JUDGED_PUSH : SY_JUDGED_DELETE;
        out->value = ruling->conflict.local;
    }
}

static void accept(const sy_ruling *ruling, sy_judgement *out)
{
    out->kind = ruling->conflict.server != NULL ? SY_JUDGED_ACCEPT : SY_JUDGED_NOT;
}

static sy_rc rule_classic(const sy_ruling *ruling, sy_arena *arena, sy_judgement *out, sy_err *err)
{
    const sy_policy *policy = ruling->policy;
    sy_rc rc = SY_OK;
    *out = (sy_judgement){.by = sy_policy_name(policy)};
    switch (policy != NULL ? policy->classic : SY_CLASSIC_NONE) {
    case SY_CLASSIC_CLIENT_WINS:
        resend(ruling, out);
        break;
    case SY_CLASSIC_SERVER_WINS:
        accept(ruling, out);
        break;
    case SY_CLASSIC_LATEST_WINS:
        if (ruling->dialect->policy_latest_is_client) {
            resend(ruling, out);
        } else if (ruling->conflict.server != NULL) {
            sy_judgement winner = *out;
            rc = policy->rule(policy, &ruling->conflict, arena, &winner, err);
            if (is_resent(&winner)) {
                resend(ruling, out);
            } else {
                accept(ruling, out);
            }
        }
        break;
    case SY_CLASSIC_NONE:
        out->kind = policy == &sy_policy_handler ? SY_JUDGED_ASK : SY_JUDGED_NOT;
        break;
    }
    return rc;
}

sy_rc sy_rule(const sy_ruling *ruling, sy_arena *arena, sy_judgement *out, sy_err *err)
{
    return ruling->dialect->keeps_base ? rule_by_base(ruling, arena, out, err)
                                       : rule_classic(ruling, arena, out, err);
}

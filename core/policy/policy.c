#include "core/policy/policy.h"

#include "core/policy/normalise.h"
#include "core/policy/rules.h"

/* -- the ones that have a name -- */

const sy_policy sy_policy_client_wins = {
    .name = "client_wins",
    .summary = "the device's row goes over the server's: the last one to push wins",
    .rule = sy_rule_client_wins,
    .classic = SY_CLASSIC_CLIENT_WINS,
};
const sy_policy sy_policy_server_wins = {
    .name = "server_wins",
    .summary = "the server's row stays: the first one to push wins",
    .rule = sy_rule_server_wins,
    .classic = SY_CLASSIC_SERVER_WINS,
};
const sy_policy sy_policy_latest_wins = {
    .name = "latest_wins",
    .summary = "the later edit wins, by the clocks of the devices; equals: the higher author",
    .rule = sy_rule_latest_wins,
    .classic = SY_CLASSIC_LATEST_WINS,
};
static const sy_policy latest_wins_hlc = {
    .name = "latest_wins_hlc",
    .summary = "the later edit wins, by hybrid logical clocks",
    .rule = sy_rule_latest_wins,
    .classic = SY_CLASSIC_LATEST_WINS,
    .clock = SY_POLICY_CLOCK_HLC,
};
static const sy_policy latest_wins_lamport = {
    .name = "latest_wins_lamport",
    .summary = "the later edit wins, by counters that follow what was seen",
    .rule = sy_rule_latest_wins,
    .classic = SY_CLASSIC_LATEST_WINS,
    .clock = SY_POLICY_CLOCK_LAMPORT,
};
static const sy_policy latest_wins_server = {
    .name = "latest_wins_server",
    .summary =
        "the device's clock against the server's updatedAt: a common mistake, to be measured",
    .rule = sy_rule_latest_wins,
    .classic = SY_CLASSIC_LATEST_WINS,
    .clock = SY_POLICY_CLOCK_SERVER,
};
static const sy_policy field_merge = {
    .name = "field_merge",
    .summary = "what one side changed is kept; of what both changed, the later edit's",
    .rule = sy_rule_field_merge,
};
static const sy_policy keep_both = {
    .name = "keep_both",
    .summary = "the server's row stays, the device's becomes a new row beside it",
    .rule = sy_rule_keep_both,
};
const sy_policy sy_policy_handler = {
    .name = "handler", .summary = "the app decides", .rule = sy_rule_handler};

static const sy_policy *const known[] = {
    &sy_policy_client_wins, &sy_policy_server_wins, &sy_policy_latest_wins, &latest_wins_hlc,
    &latest_wins_lamport,   &latest_wins_server,    &field_merge,           &keep_both,
};

#define KNOWN_COUNT (sizeof known / sizeof known[0])

const sy_policy *sy_policy_at(size_t index)
{
    return index < KNOWN_COUNT ? known[index] : NULL;
}

const sy_policy *sy_policy_find(sy_str name)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (sy_str_equal(name, sy_str_of(known[i]->name))) {
            return known[i];
        }
    }
    return NULL;
}

const char *sy_policy_name(const sy_policy *policy)
{
    return policy != NULL ? policy->name : "none";
}

sy_stamp sy_policy_stamp(const sy_policy *policy, sy_stamp own)
{
    switch (policy != NULL ? policy->clock : SY_POLICY_CLOCK_EDIT) {
    case SY_POLICY_CLOCK_WALL:
    case SY_POLICY_CLOCK_SERVER:
        return SY_STAMP_WALL;
    case SY_POLICY_CLOCK_HLC:
        return SY_STAMP_HLC;
    case SY_POLICY_CLOCK_LAMPORT:
        return SY_STAMP_LAMPORT;
    case SY_POLICY_CLOCK_EDIT:
        break;
    }
    return own;
}

/* -- judging -- */

const char *sy_judgement_kind_name(sy_judgement_kind kind)
{
    static const char *const names[SY_JUDGEMENT_KIND_COUNT] = {
        [SY_JUDGED_NOT] = "unresolved", [SY_JUDGED_ADOPT] = "adopt",   [SY_JUDGED_PUSH] = "push",
        [SY_JUDGED_DELETE] = "delete",  [SY_JUDGED_ACCEPT] = "accept", [SY_JUDGED_FORK] = "fork",
        [SY_JUDGED_ASK] = "ask",
    };
    return kind < SY_JUDGEMENT_KIND_COUNT ? names[kind] : "?";
}

sy_rc sy_policy_judge(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                      sy_judgement *out, sy_err *err)
{
    if (sy_policy_normalise(conflict, out)) {
        return SY_OK;
    }
    *out = (sy_judgement){.by = sy_policy_name(policy)};
    return policy != NULL ? policy->rule(policy, conflict, arena, out, err) : SY_OK;
}

sy_rc sy_rule_handler(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                      sy_judgement *out, sy_err *err)
{
    (void)policy;
    (void)conflict;
    (void)arena;
    (void)err;
    out->kind = SY_JUDGED_ASK;
    return SY_OK;
}

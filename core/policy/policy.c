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
    .adds = sy_field_merge_adds,
};
static const sy_policy keep_both = {
    .name = "keep_both",
    .summary = "the server's row stays, the device's becomes a new row beside it",
    .rule = sy_rule_keep_both,
};
static const sy_policy first_wins = {
    .name = "first_wins",
    .summary = "the earlier edit wins: reservations, seats",
    .rule = sy_rule_first_wins,
};
static const sy_policy delete_wins = {
    .name = "delete_wins",
    .summary = "a deletion wins over an edit; of two edits the later one",
    .rule = sy_rule_delete_wins,
};
static const sy_policy update_wins = {
    .name = "update_wins",
    .summary = "an edit wins over a deletion; of two edits the later one",
    .rule = sy_rule_update_wins,
};
static const sy_policy site_priority = {
    .name = "site_priority",
    .summary = "the author that stands first in `sites` wins; of equals the later edit",
    .rule = sy_rule_site_priority,
};
static const sy_policy automerge_aws = {
    .name = "automerge_aws",
    .summary = "AWS AppSync: lists joined, objects merged, all else the server's",
    .rule = sy_rule_automerge_aws,
};
static const sy_policy watermelon = {
    .name = "watermelon",
    .summary = "WatermelonDB: the device's changed columns over the server's row; deletions stay",
    .rule = sy_rule_watermelon,
};
static const sy_policy couch_rev = {
    .name = "couch_rev",
    .summary = "CouchDB: alive over deleted, then the higher `revision`, then the higher hash",
    .rule = sy_rule_couch_rev,
};
static const sy_policy cbl_mwu = {
    .name = "cbl_mwu",
    .summary = "Couchbase Lite up to 3: deleted over alive, then `revision`, then hash",
    .rule = sy_rule_cbl_mwu,
};
static const sy_policy realm_ot = {
    .name = "realm_ot",
    .summary = "Realm: column by column the later edit's; a deletion always wins",
    .rule = sy_rule_field_merge,
    .adds = sy_field_merge_adds,
    .deletes = &delete_wins,
};
static const sy_policy park = {
    .name = "park",
    .summary = "the server's row is taken, the device's waits in the inbox for a person",
    .rule = sy_rule_park,
    .keeps = true,
};
static const sy_policy hold = {
    .name = "hold",
    .summary = "the device's row stays there and waits in the inbox; other rows go on",
    .rule = sy_rule_hold,
    .keeps = true,
};
static const sy_policy fail = {
    .name = "fail",
    .summary = "the operation fails, and the app is told: what Datasync does",
    .rule = sy_rule_fail,
};
static const sy_policy *const first_comes[] = {&first_wins};
static const sy_policy fww_then_queue = {
    .name = "fww_then_queue",
    .summary = "the earlier edit wins; where that is not the device's, its row is parked",
    .rule = sy_rule_or_park,
    .keeps = true,
    .inner = first_comes,
    .inner_count = 1,
};
const sy_policy sy_policy_handler = {
    .name = "handler", .summary = "the app decides", .rule = sy_rule_handler};

static const sy_policy *const known[] = {
    &sy_policy_client_wins,
    &sy_policy_server_wins,
    &sy_policy_latest_wins,
    &latest_wins_hlc,
    &latest_wins_lamport,
    &latest_wins_server,
    &first_wins,
    &delete_wins,
    &update_wins,
    &site_priority,
    &field_merge,
    &automerge_aws,
    &watermelon,
    &couch_rev,
    &cbl_mwu,
    &realm_ot,
    &keep_both,
    &park,
    &hold,
    &fail,
    &fww_then_queue,
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

const sy_policy *sy_policy_composed(sy_str name)
{
    static const sy_policy composed[] = {
        {.name = "chain",
         .summary = "the first of several that has an answer",
         .rule = sy_rule_chain},
        {.name = "limit",
         .summary = "one policy for so many rounds, then another",
         .rule = sy_rule_limit},
        {.name = "audit",
         .summary = "a policy whose every decision is logged with both rows",
         .rule = sy_rule_audit,
         .keeps = true},
    };
    for (size_t i = 0; i < sizeof composed / sizeof composed[0]; i++) {
        if (sy_str_equal(name, sy_str_of(composed[i].name))) {
            return &composed[i];
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
        [SY_JUDGED_NOT] = "unresolved", [SY_JUDGED_ADOPT] = "adopt",
        [SY_JUDGED_PUSH] = "push",      [SY_JUDGED_DELETE] = "delete",
        [SY_JUDGED_ACCEPT] = "accept",  [SY_JUDGED_FORK] = "fork",
        [SY_JUDGED_PARK] = "park",      [SY_JUDGED_HOLD] = "hold",
        [SY_JUDGED_REJECT] = "reject",  [SY_JUDGED_ASK] = "ask",
    };
    return kind < SY_JUDGEMENT_KIND_COUNT ? names[kind] : "?";
}

sy_rc sy_policy_ask(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                    sy_judgement *out, sy_err *err)
{
    const sy_conflict_kind kind = sy_conflict_kind_of(conflict);
    *out = (sy_judgement){.by = sy_policy_name(policy)};
    if (policy == NULL || policy->rule == sy_rule_handler || policy->rule == sy_rule_fail) {
        return policy != NULL ? policy->rule(policy, conflict, arena, out, err) : SY_OK;
    }
    if (kind == SY_CONFLICT_UQ || kind == SY_CONFLICT_FK) { /* no choice between two rows */
        out->kind = SY_JUDGED_PARK;
        out->reason = kind == SY_CONFLICT_UQ ? "another row has what must be unique"
                                             : "what the row refers to is not there";
        return SY_OK;
    }
    return policy->rule(policy, conflict, arena, out, err);
}

sy_rc sy_policy_judge(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                      sy_judgement *out, sy_err *err)
{
    return sy_policy_normalise(policy, conflict, out)
               ? SY_OK
               : sy_policy_ask(policy, conflict, arena, out, err);
}

/* -- what it may keep -- */

static bool parks(const sy_field_policy *policy)
{
    return policy != NULL && policy->may_park;
}

bool sy_policy_keeps(const sy_policy *policy)
{
    if (policy == NULL) {
        return false;
    }
    bool keeps = policy->keeps || parks(policy->otherwise) || sy_policy_keeps(policy->deletes);
    for (uint32_t i = 0; i < policy->inner_count; i++) {
        keeps = keeps || sy_policy_keeps(policy->inner[i]);
    }
    for (uint32_t i = 0; i < policy->column_count; i++) {
        keeps = keeps || parks(policy->columns[i].policy);
    }
    return keeps;
}

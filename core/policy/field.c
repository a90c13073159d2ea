#include "core/policy/field_rules.h"

#define NUMBERS (SY_FIELD_TYPE(SY_TYPE_INT) | SY_FIELD_TYPE(SY_TYPE_REAL))
#define BOOLS   SY_FIELD_TYPE(SY_TYPE_BOOL)
#define ANY     (~0u)

const sy_field_policy sy_field_lww = {
    .name = "lww", .summary = "the later edit's value", .rule = sy_field_rule_later, .types = ANY};

static const sy_field_policy known[] = {
    {.name = "fww",
     .summary = "the earlier edit's value",
     .rule = sy_field_rule_earlier,
     .types = ANY},
    {.name = "client", .summary = "the device's value", .rule = sy_field_rule_client, .types = ANY},
    {.name = "server", .summary = "the server's value", .rule = sy_field_rule_server, .types = ANY},
    {.name = "max", .summary = "the higher value", .rule = sy_field_rule_max, .types = ANY},
    {.name = "min", .summary = "the lower value", .rule = sy_field_rule_min, .types = ANY},
    {.name = "avg",
     .summary = "the middle of both: not associative",
     .rule = sy_field_rule_average,
     .types = NUMBERS},
    {.name = "counter",
     .summary = "the server's number and what was added here; within low and high, where given",
     .rule = sy_field_rule_counter,
     .adds = true,
     .types = NUMBERS},
    {.name = "flag_or", .summary = "set by anybody", .rule = sy_field_rule_or, .types = BOOLS},
    {.name = "flag_and", .summary = "set by everybody", .rule = sy_field_rule_and, .types = BOOLS},
};

#define KNOWN_COUNT (sizeof known / sizeof known[0])

const sy_field_policy *sy_field_policy_at(size_t index)
{
    return index == 0 ? &sy_field_lww : index <= KNOWN_COUNT ? &known[index - 1] : NULL;
}

const sy_field_policy *sy_field_policy_find(sy_str name)
{
    const sy_field_policy *policy = NULL;
    for (size_t i = 0; (policy = sy_field_policy_at(i)) != NULL; i++) {
        if (sy_str_equal(name, sy_str_of(policy->name))) {
            return policy;
        }
    }
    return NULL;
}

static bool merges(const sy_field_policy *policy, const sy_value *value)
{
    return (policy->types & SY_FIELD_TYPE(value->type)) != 0;
}

sy_rc sy_field_policy_merge(const sy_field_policy *policy, const sy_field_clash *clash,
                            sy_arena *arena, sy_field_result *out, sy_err *err)
{
    *out = (sy_field_result){.value = clash->server};
    if (policy->types != ANY &&
        (!merges(policy, &clash->local) || !merges(policy, &clash->server))) {
        policy = &sy_field_lww;
    }
    return policy->rule(policy, clash, arena, out, err);
}

#include "core/policy/field_rules.h"

#define NONE    SY_FIELD_TYPE(SY_TYPE_NULL) /* counts as 0, as not set */
#define NUMBERS (SY_FIELD_TYPE(SY_TYPE_INT) | SY_FIELD_TYPE(SY_TYPE_REAL) | NONE)
#define BOOLS   (SY_FIELD_TYPE(SY_TYPE_BOOL) | NONE)
#define TEXTS   SY_FIELD_TYPE(SY_TYPE_TEXT)
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
     .typed = true,
     .types = NUMBERS},
    {.name = "counter",
     .summary = "the server's number and what was added here; kept between low and high",
     .rule = sy_field_rule_counter,
     .typed = true,
     .adds = true,
     .types = NUMBERS},
    {.name = "sum_bounded",
     .summary = "the same; a sum below low or above high is parked",
     .rule = sy_field_rule_sum_bounded,
     .may_park = true,
     .typed = true,
     .adds = true,
     .types = NUMBERS},
    {.name = "flag_or", .summary = "set by anybody", .rule = sy_field_rule_or, .types = BOOLS},
    {.name = "flag_and", .summary = "set by everybody", .rule = sy_field_rule_and, .types = BOOLS},
    {.name = "enum_lattice",
     .summary = "the state that stands later in `order`; one that goes back is parked",
     .rule = sy_field_rule_lattice,
     .may_park = true,
     .every_change = true,
     .types = TEXTS},
    {.name = "set_union",
     .summary = "a JSON array as a set: what either has",
     .rule = sy_field_rule_set_union,
     .typed = true,
     .types = TEXTS},
    {.name = "or_set",
     .summary = "a set: what either added, without what either removed",
     .rule = sy_field_rule_or_set,
     .typed = true,
     .types = TEXTS},
    {.name = "remove_wins_set",
     .summary = "the same; where no base is known, only what both have",
     .rule = sy_field_rule_remove_wins_set,
     .typed = true,
     .types = TEXTS},
    {.name = "list_concat",
     .summary = "a JSON array: the server's elements, then the device's",
     .rule = sy_field_rule_list_concat,
     .typed = true,
     .adds = true,
     .types = TEXTS},
    {.name = "list_rga",
     .summary = "a JSON array: every insertion and every removal since the base, in its place",
     .rule = sy_field_rule_text,
     .typed = true,
     .types = TEXTS,
     .unit = SY_TEXT_ELEMENTS,
     .keeps_all = true},
    {.name = "map_recursive",
     .summary = "a JSON object, name by name; of one value the later edit's",
     .rule = sy_field_rule_map,
     .typed = true,
     .types = TEXTS},
    {.name = "json_merge_patch",
     .summary = "the device's changes of a JSON object over the server's",
     .rule = sy_field_rule_merge_patch,
     .typed = true,
     .types = TEXTS},
    {.name = "text3",
     .summary = "diff3 by lines; of lines that both changed the later edit's",
     .rule = sy_field_rule_text,
     .typed = true,
     .types = TEXTS},
    {.name = "text3_words",
     .summary = "diff3 by words; of words that both changed the later edit's",
     .rule = sy_field_rule_text,
     .typed = true,
     .types = TEXTS,
     .unit = SY_TEXT_WORDS},
    {.name = "text3_markers",
     .summary = "diff3 by lines; lines that both changed stand in the text, marked",
     .rule = sy_field_rule_text,
     .typed = true,
     .types = TEXTS,
     .marks = true},
    {.name = "text_crdt",
     .summary = "every letter inserted or removed since the base, in its place",
     .rule = sy_field_rule_text,
     .typed = true,
     .types = TEXTS,
     .unit = SY_TEXT_CHARACTERS,
     .keeps_all = true},
    {.name = "append_log",
     .summary = "a JSON array of {id, at}: entries of both, one for each id, by time",
     .rule = sy_field_rule_append_log,
     .typed = true,
     .types = TEXTS},
    {.name = "mv",
     .summary = "a JSON array of all values that nobody had seen the other of",
     .rule = sy_field_rule_siblings,
     .typed = true,
     .types = TEXTS},
    {.name = "const",
     .summary = "never changes: any change is parked",
     .rule = sy_field_rule_const,
     .may_park = true,
     .every_change = true,
     .types = ANY},
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

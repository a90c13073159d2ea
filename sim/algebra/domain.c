#include "sim/algebra/domain.h"

#include <string.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        .type = SY_TYPE_TEXT, .size = sizeof(literal) - 1, .as.text = (literal)                    \
    }
#define NUMBER(number)                                                                             \
    {                                                                                              \
        .type = SY_TYPE_INT, .as.integer = (number)                                                \
    }
#define FLAG(flag)                                                                                 \
    {                                                                                              \
        .type = SY_TYPE_BOOL, .as.integer = (flag)                                                 \
    }

typedef sy_value three[SIM_DOMAIN_VALUE_COUNT];

static const three numbers = {NUMBER(1), NUMBER(2), NUMBER(3)};
static const three flags = {FLAG(0), FLAG(1), FLAG(1)};
static const three lists = {TEXT("[1,2]"), TEXT("[2,3]"), TEXT("[1,4,2]")};
static const three sets = {TEXT("[1,2]"), TEXT("[2,3]"),
                           TEXT("[1,2,4]")}; /* as merges write them */
static const three entries = {TEXT("[]"), TEXT("[{\"id\":1,\"at\":1}]"),
                              TEXT("[{\"id\":2,\"at\":2}]")};
static const three maps = {TEXT("{\"a\":1}"), TEXT("{\"a\":2,\"b\":1}"), TEXT("{\"b\":2}")};
static const three lines = {TEXT("one\ntwo\n"), TEXT("one\n2\n"), TEXT("zero\none\nzwei\n")};
static const three words = {TEXT("buy milk"), TEXT("buy oat milk"), TEXT("sell milk")};
static const three letters = {TEXT("cat"), TEXT("cats"), TEXT("at")};
static const three names = {TEXT("p"), TEXT("q"), TEXT("r")};

static const struct {
    const char *rule;
    const three *values;
} known[] = {
    {"flag_or", &flags},         {"flag_and", &flags},       {"set_union", &sets},
    {"or_set", &sets},           {"remove_wins_set", &sets}, {"list_concat", &lists},
    {"list_rga", &lists},        {"append_log", &entries},   {"map_recursive", &maps},
    {"json_merge_patch", &maps}, {"text3", &lines},          {"text3_markers", &lines},
    {"text3_words", &words},     {"text_crdt", &letters},    {"mv", &names},
};

/* The first states of the order. */
static bool take_states(const sy_field_policy *rule, sy_value out[SIM_DOMAIN_VALUE_COUNT])
{
    for (uint32_t i = 0; i < SIM_DOMAIN_VALUE_COUNT && rule->order_count > 0; i++) {
        out[i] = sy_text(rule->order[i < rule->order_count ? i : rule->order_count - 1]);
    }
    return rule->order_count > 0;
}

static void take_values(const sy_field_policy *rule, sy_value out[SIM_DOMAIN_VALUE_COUNT])
{
    memcpy(out, numbers, sizeof(three));
    if (rule == NULL || take_states(rule, out)) {
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].rule, rule->name) == 0) {
            memcpy(out, *known[i].values, sizeof(three));
        }
    }
}

static const sy_field_policy *rule_of(const sy_policy *policy, sy_str column)
{
    for (uint32_t i = 0; i < policy->column_count; i++) {
        if (sy_str_equal(policy->columns[i].column, column)) {
            return policy->columns[i].policy;
        }
    }
    return policy->otherwise;
}

static bool has(const sy_column *columns, uint32_t count, sy_str name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (sy_str_equal(columns[i].name, name)) {
            return true;
        }
    }
    return false;
}

static void add(sy_column *columns, uint32_t *count, sy_str name)
{
    if (!has(columns, *count, name) && *count < SY_COLUMN_COUNT_MAX - SY_SYSTEM_COUNT) {
        columns[(*count)++].name = name;
    }
}

/* The merge among what a policy is made of: its columns are the table's. */
static const sy_policy *merge_in(const sy_policy *policy)
{
    const sy_policy *found = policy->column_count + policy->group_count > 0 ? policy : NULL;
    for (uint32_t i = 0; found == NULL && i < policy->inner_count; i++) {
        found = merge_in(policy->inner[i]);
    }
    return found;
}

static uint32_t name_columns(const sy_policy *merge, sy_column *columns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < merge->column_count; i++) {
        add(columns, &count, merge->columns[i].column);
    }
    for (uint32_t g = 0; g < merge->group_count; g++) {
        for (uint32_t i = 0; i < merge->groups[g].column_count; i++) {
            add(columns, &count, merge->groups[g].columns[i]);
        }
    }
    const sy_str more[] = {SY_STR("x"), SY_STR("y")};
    for (size_t i = 0; i < 2 && count < 2; i++) {
        add(columns, &count, more[i]);
    }
    return count;
}

sy_rc sim_domain_make(const sy_policy *policy, sy_arena *arena, sim_domain *out, sy_err *err)
{
    sy_column columns[SY_COLUMN_COUNT_MAX] = {0};
    const sy_policy *merge = merge_in(policy);
    merge = merge != NULL ? merge : policy;
    const uint32_t count = name_columns(merge, columns);
    three *values = sy_arena_push_zeroed(arena, count * sizeof *values);
    if (values == NULL) {
        return sy_fail_nomem(err);
    }
    out->typed = 0;
    for (uint32_t i = 0; i < count; i++) {
        const sy_field_policy *rule = rule_of(merge, columns[i].name);
        take_values(rule, values[i]);
        if (rule == NULL && i == 0 && strcmp(policy->name, "automerge_aws") == 0) {
            memcpy(values[i], lists, sizeof(three));
        }
        columns[i].type = (sy_type)values[i][0].type;
        out->typed |= rule != NULL && rule->typed ? UINT64_C(1) << (SY_SYSTEM_COUNT + i) : 0;
    }
    out->values = (const sy_value(*)[SIM_DOMAIN_VALUE_COUNT])values;
    return sy_schema_new(arena, SY_STR("t"), SY_SYSTEM_COLUMNS, columns, count, &out->schema, err);
}

static sy_row *new_row(const sim_domain *domain, sy_arena *arena)
{
    sy_row *row = sy_row_new(arena, domain->schema);
    if (row != NULL) {
        row->cells[SY_COLUMN_ID] = sy_cstr("a");
        row->cells[SY_COLUMN_DELETED] = sy_bool(false);
    }
    return row;
}

const sy_row *sim_domain_row(const sim_domain *domain, uint32_t number, sy_arena *arena)
{
    sy_row *row = new_row(domain, arena);
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < domain->schema->column_count; i++) {
        const uint32_t column = i - SY_SYSTEM_COUNT;
        const uint32_t value = column == 0   ? number % SIM_DOMAIN_VALUE_COUNT
                               : column == 1 ? number / SIM_DOMAIN_VALUE_COUNT
                                             : 0;
        row->cells[i] = domain->values[column][value];
    }
    return row;
}

const sy_row *sim_domain_draw(const sim_domain *domain, sim_dice *dice, sy_arena *arena)
{
    sy_row *row = new_row(domain, arena);
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < domain->schema->column_count; i++) {
        const uint32_t column = i - SY_SYSTEM_COUNT;
        const uint64_t any = sim_dice_next(dice);
        row->cells[i] = domain->values[column][any % SIM_DOMAIN_VALUE_COUNT];
        if (row->cells[i].type == SY_TYPE_INT && (any >> 8) % 2 == 0) {
            row->cells[i] = sy_int((int64_t)((any >> 16) % 10));
        }
    }
    return row;
}

/* The three-way merge: a column that only one side changed has that side's value; one that both
 * changed is for the column's field policy (policies.md 1.3). Where no column was changed by both
 * it is hardly a conflict: "auto-merged". */
#include "core/policy/rules.h"

static const char name[] = "field_merge";
static const char auto_merged[] = "field_merge: auto-merged";
/* It may lose what only one side changed: its name is another, so that nobody takes it for a
 * promise. */
static const char by_groups[] = "merge by groups";

/* Absent and null are one here. */
static sy_value cell_of(const sy_row *row, uint32_t column)
{
    if (row == NULL || sy_value_missing(&row->cells[column])) {
        return SY_NULL;
    }
    return row->cells[column];
}

static const sy_field_policy *rule_of(const sy_policy *policy, const sy_column *column)
{
    for (uint32_t i = 0; i < policy->column_count; i++) {
        if (sy_str_equal(policy->columns[i].column, column->name)) {
            return policy->columns[i].policy;
        }
    }
    return policy->otherwise != NULL ? policy->otherwise : &sy_field_lww;
}

typedef struct merge {
    const sy_policy *policy;
    const sy_conflict *conflict;
    const sy_row *base; /* NULL: nobody had the row */
    sy_arena *arena;
    sy_row *row; /* what comes out */
    sy_judgement *out;
    uint64_t done; /* bits of the columns that a group decided */
    bool later;    /* ours is the later edit */
    bool clashed;
    const char *parks;
} merge;

static bool changed(const sy_row *row, const sy_row *base, uint32_t column)
{
    const sy_value now = cell_of(row, column);
    const sy_value before = cell_of(base, column);
    return sy_value_compare(&now, &before) != 0;
}

static bool clashes(const merge *m, uint32_t column)
{
    return changed(m->conflict->local, m->base, column) &&
           changed(m->conflict->server, m->base, column);
}

static uint64_t columns_of(const merge *m, const sy_column_group *group, bool *clash)
{
    uint64_t bits = 0;
    *clash = false;
    for (uint32_t i = 0; i < group->column_count; i++) {
        const int column = sy_schema_find(m->row->schema, group->columns[i]);
        if (column >= SY_SYSTEM_COUNT) {
            bits |= UINT64_C(1) << column;
            *clash = *clash || clashes(m, (uint32_t)column);
        }
    }
    return bits;
}

/* A group in which any column clashes is the later edit's as a whole. */
static void merge_groups(merge *m)
{
    for (uint32_t g = 0; g < m->policy->group_count; g++) {
        bool clash = false;
        const uint64_t bits = columns_of(m, &m->policy->groups[g], &clash);
        const sy_row *winner = m->later ? m->conflict->local : m->conflict->server;
        for (uint32_t i = SY_SYSTEM_COUNT; clash && i < m->row->schema->column_count; i++) {
            if ((bits >> i & 1) != 0) {
                m->row->cells[i] = cell_of(winner, i);
            }
        }
        m->done |= clash ? bits : 0;
    }
}

static sy_rc merge_column(merge *m, uint32_t column, sy_err *err)
{
    const sy_row *local = m->conflict->local;
    const sy_field_policy *rule = rule_of(m->policy, &local->schema->columns[column]);
    const bool here = changed(local, m->base, column);
    const bool there = changed(m->conflict->server, m->base, column);
    if ((!here || !there) && !(rule->every_change && (here || there))) {
        m->row->cells[column] = cell_of(here ? local : m->conflict->server, column);
        return SY_OK;
    }
    const sy_field_clash clash = {.base = cell_of(m->base, column),
                                  .local = cell_of(local, column),
                                  .server = cell_of(m->conflict->server, column),
                                  .local_is_later = m->later};
    sy_field_result result;
    m->clashed = m->clashed || (here && there);
    const sy_rc rc = sy_field_policy_merge(rule, &clash, m->arena, &result, err);
    m->row->cells[column] = result.value;
    m->out->both |= result.both ? UINT64_C(1) << column : 0;
    m->parks = result.parks != NULL ? result.parks : m->parks;
    return rc;
}

/* Nothing of ours came through: the server's row as it is. */
static void conclude(merge *m)
{
    sy_judgement *out = m->out;
    out->by = m->done != 0 ? by_groups : m->clashed ? name : auto_merged;
    if (m->parks != NULL) {
        out->kind = SY_JUDGED_PARK;
        out->reason = m->parks;
        out->both = 0;
    } else if (sy_row_same_content(m->row, m->conflict->server)) {
        out->kind = SY_JUDGED_ACCEPT;
    } else {
        out->kind = SY_JUDGED_PUSH;
        out->value = m->row;
    }
}

static sy_rc merge_rows(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                        sy_judgement *out, sy_err *err)
{
    merge m = {.policy = policy,
               .conflict = conflict,
               .base = sy_conflict_alive(conflict->base) ? conflict->base : NULL,
               .arena = arena,
               .row = sy_row_shallow(arena, conflict->local),
               .out = out,
               .later = sy_edit_stamp_compare(&conflict->edit, &conflict->served) > 0};
    if (m.row == NULL) {
        return sy_fail_nomem(err);
    }
    merge_groups(&m);
    for (uint32_t i = SY_SYSTEM_COUNT; i < m.row->schema->column_count; i++) {
        const sy_rc rc = (m.done >> i & 1) == 0 ? merge_column(&m, i, err) : SY_OK;
        if (rc != SY_OK) {
            return rc;
        }
    }
    conclude(&m);
    return SY_OK;
}

bool sy_field_merge_adds(const sy_policy *policy, const sy_conflict *conflict)
{
    const sy_row *base = sy_conflict_alive(conflict->base) ? conflict->base : NULL;
    const sy_schema *schema = conflict->local->schema;
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        if (rule_of(policy, &schema->columns[i])->adds && changed(conflict->local, base, i) &&
            changed(conflict->server, base, i)) {
            return true;
        }
    }
    return false;
}

SY_POLICY_RULE(sy_rule_field_merge)
{
    if (conflict->local != NULL && sy_conflict_alive(conflict->server)) {
        return merge_rows(policy, conflict, arena, out, err);
    }
    const sy_policy *deletes = policy->deletes != NULL ? policy->deletes : &sy_policy_latest_wins;
    return sy_policy_ask(deletes, conflict, arena, out, err);
}

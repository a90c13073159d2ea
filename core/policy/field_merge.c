/* The three-way merge: a column that only one side changed has that side's value; one that both
 * changed is for the column's field policy (policies.md 1.3). Where no column was changed by both
 * it is hardly a conflict: "auto-merged". */
#include "core/policy/rules.h"

static const char name[] = "field_merge";
static const char auto_merged[] = "field_merge: auto-merged";

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
    bool clashed;
} merge;

static sy_rc merge_column(merge *m, uint32_t column, sy_err *err)
{
    const sy_row *local = m->conflict->local;
    const sy_row *server = m->conflict->server;
    const sy_field_clash clash = {
        .base = cell_of(m->base, column),
        .local = cell_of(local, column),
        .server = cell_of(server, column),
        .type = local->schema->columns[column].type,
        .local_is_later = sy_edit_stamp_compare(&m->conflict->edit, &m->conflict->served) > 0,
        .conflict = m->conflict,
    };
    const bool here = sy_value_compare(&clash.local, &clash.base) != 0;
    const bool there = sy_value_compare(&clash.server, &clash.base) != 0;
    if (!here || !there) {
        m->row->cells[column] = here ? clash.local : clash.server;
        return SY_OK;
    }
    const sy_field_policy *rule = rule_of(m->policy, &local->schema->columns[column]);
    sy_field_result result;
    m->clashed = true;
    const sy_rc rc = sy_field_policy_merge(rule, &clash, m->arena, &result, err);
    m->row->cells[column] = result.value;
    m->out->both |= result.both ? UINT64_C(1) << column : 0;
    return rc;
}

/* Nothing of ours came through: the server's row as it is. */
static void conclude(merge *m)
{
    m->out->by = m->clashed ? name : auto_merged;
    m->out->kind = SY_JUDGED_PUSH;
    m->out->value = m->row;
    if (sy_row_same_content(m->row, m->conflict->server)) {
        m->out->kind = SY_JUDGED_ACCEPT;
        m->out->value = NULL;
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
               .out = out};
    if (m.row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < m.row->schema->column_count; i++) {
        const sy_rc rc = merge_column(&m, i, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    conclude(&m);
    return SY_OK;
}

sy_rc sy_rule_field_merge(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                          sy_judgement *out, sy_err *err)
{
    if (conflict->local != NULL && sy_conflict_alive(conflict->server)) {
        return merge_rows(policy, conflict, arena, out, err);
    }
    const sy_policy *deletes = policy->deletes != NULL ? policy->deletes : &sy_policy_latest_wins;
    return deletes->rule(deletes, conflict, arena, out, err);
}

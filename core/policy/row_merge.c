/* Merges of other products, for comparison (policies.md 1.3): neither asks what both sides did to a
 * column. */
#include "core/policy/field_rules.h"
#include "core/policy/json_slices.h"
#include "core/policy/rules.h"

static bool same_cell(const sy_row *a, const sy_row *b, uint32_t column)
{
    const sy_value *x = a != NULL ? &a->cells[column] : &sy_null_cell;
    const sy_value *y = b != NULL ? &b->cells[column] : &sy_null_cell;
    return sy_value_compare(x, y) == 0;
}

/* The row that came out, or the server's where it is the same. */
static sy_rc conclude(const sy_row *row, const sy_conflict *conflict, sy_judgement *out)
{
    const bool same = sy_row_same_content(row, conflict->server);
    out->kind = same ? SY_JUDGED_ACCEPT : SY_JUDGED_PUSH;
    out->value = same ? NULL : row;
    return SY_OK;
}

/* -- watermelon: our changed columns over the server's row -- */

SY_POLICY_RULE(sy_rule_watermelon)
{
    (void)policy;
    if (conflict->local == NULL || !sy_conflict_alive(conflict->server)) {
        sy_judgement_take(conflict->local == NULL, conflict, out);
        return SY_OK;
    }
    sy_row *row = sy_row_shallow(arena, conflict->server);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    const sy_row *base = sy_conflict_alive(conflict->base) ? conflict->base : NULL;
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        if (!same_cell(conflict->local, base, i)) {
            row->cells[i] = conflict->local->cells[i];
        }
    }
    return conclude(row, conflict, out);
}

/* -- AWS AppSync's Automerge: lists are joined, objects merged, all else is the server's -- */

static sy_rc automerge_cell(const sy_value *local, const sy_value *server, sy_arena *arena,
                            sy_field_result *out, sy_err *err)
{
    const sy_field_clash clash = {.base = SY_NULL, .local = *local, .server = *server};
    sy_slices pieces;
    bool is_it = false;
    *out = (sy_field_result){.value = sy_value_missing(server) ? *local : *server};
    if (local->type != SY_TYPE_TEXT || server->type != SY_TYPE_TEXT ||
        sy_value_compare(local, server) == 0) {
        return SY_OK;
    }
    sy_rc rc = sy_json_array(sy_value_str(server), arena, &pieces, &is_it, err);
    if (rc == SY_OK && is_it) {
        return sy_field_rule_list_concat(NULL, &clash, arena, out, err);
    }
    rc = rc == SY_OK ? sy_json_object(sy_value_str(server), arena, &pieces, &is_it, err) : rc;
    return rc == SY_OK && is_it ? sy_field_rule_map(NULL, &clash, arena, out, err) : rc;
}

SY_POLICY_RULE(sy_rule_automerge_aws)
{
    (void)policy;
    if (conflict->local == NULL || !sy_conflict_alive(conflict->server)) {
        sy_judgement_take(false, conflict, out);
        return SY_OK;
    }
    sy_row *row = sy_row_shallow(arena, conflict->server);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        sy_field_result result;
        const sy_rc rc = automerge_cell(&conflict->local->cells[i], &conflict->server->cells[i],
                                        arena, &result, err);
        if (rc != SY_OK) {
            return rc;
        }
        row->cells[i] = result.value;
        out->both |= result.both ? UINT64_C(1) << i : 0;
    }
    return conclude(row, conflict, out);
}

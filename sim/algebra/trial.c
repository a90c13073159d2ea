#include "sim/algebra/trial.h"

static sy_conflict conflict_of(const sim_trial *trial)
{
    return (sy_conflict){.id = SY_STR("a"),
                         .base = trial->base,
                         .local = trial->local,
                         .server = trial->server.row,
                         .edit = trial->edit,
                         .served = trial->server.stamp,
                         .updated_at = trial->arrived,
                         .status = trial->status};
}

static sy_rc tombstone(const sy_schema *schema, sy_arena *arena, const sy_row **out, sy_err *err)
{
    sy_row *row = sy_row_new(arena, schema);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    *out = row;
    return SY_OK;
}

sy_rc sim_trial_run(const sim_trial *trial, sy_arena *arena, sim_trial_result *out, sy_err *err)
{
    const sy_conflict conflict = conflict_of(trial);
    *out = (sim_trial_result){.server = trial->server};
    sy_rc rc = trial->as_run
                   ? sy_policy_judge(trial->policy, &conflict, arena, &out->judgement, err)
                   : sy_policy_ask(trial->policy, &conflict, arena, &out->judgement, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (out->judgement.kind == SY_JUDGED_PUSH) {
        out->server = (sim_state){out->judgement.value, trial->edit};
    } else if (out->judgement.kind == SY_JUDGED_DELETE) {
        out->server.stamp = trial->edit;
        rc = tombstone(trial->base != NULL ? trial->base->schema : trial->server.row->schema, arena,
                       &out->server.row, err);
    }
    out->forked = out->judgement.kind == SY_JUDGED_FORK ? out->judgement.value : NULL;
    return rc;
}

bool sim_same_row(const sy_row *a, const sy_row *b)
{
    const bool here = sy_conflict_alive(a);
    const bool there = sy_conflict_alive(b);
    return here == there && (!here || sy_row_same_content(a, b));
}

/* -- in words -- */

void sim_row_say(const sy_row *row, sy_buf *out)
{
    if (!sy_conflict_alive(row)) {
        sy_buf_add_str(out, row == NULL ? SY_STR("nothing") : SY_STR("deleted"));
        return;
    }
    sy_buf_add_char(out, '{');
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        sy_buf_printf(out, "%s%.*s=", i > SY_SYSTEM_COUNT ? " " : "",
                      SY_FMT(row->schema->columns[i].name));
        sy_value_to_json(&row->cells[i], out);
    }
    sy_buf_add_char(out, '}');
}

void sim_stamp_say(const sy_edit_stamp *stamp, sy_buf *out)
{
    sy_buf_printf(out, " at %lld by %.*s", (long long)stamp->at, SY_FMT(stamp->author));
}

void sim_trial_say(const sim_trial *trial, sy_buf *out)
{
    sy_buf_add_str(out, SY_STR("base "));
    sim_row_say(trial->base, out);
    sy_buf_add_str(out, SY_STR(", ours "));
    if (trial->local == NULL) {
        sy_buf_add_str(out, SY_STR("deleted"));
    } else {
        sim_row_say(trial->local, out);
    }
    sim_stamp_say(&trial->edit, out);
    sy_buf_add_str(out, SY_STR(", theirs "));
    sim_row_say(trial->server.row, out);
    if (trial->server.row != NULL) {
        sim_stamp_say(&trial->server.stamp, out);
    }
}

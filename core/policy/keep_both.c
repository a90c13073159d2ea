/* Two rows in place of one: the server's stays, the device's gets an id that follows from the row's
 * and the edit's, so that whoever tries again after a crash makes the same row. A text column
 * `conflict_of` says which row it stands beside. */
#include "core/base/hash.h"
#include "core/policy/rules.h"

static const sy_str beside = {"conflict_of", 11};

static sy_str id_of(const sy_conflict *conflict, sy_arena *arena)
{
    const sy_edit_stamp *edit = &conflict->edit;
    uint64_t words[2];
    for (uint64_t i = 0; i < 2; i++) {
        uint64_t hash = sy_hash(conflict->id.data, conflict->id.size, i);
        hash = sy_hash(edit->author.data, edit->author.size, hash);
        words[i] = sy_hash_mix(hash, (uint64_t)edit->number);
    }
    return sy_arena_printf(arena, "%016llx%016llx", (unsigned long long)words[0],
                           (unsigned long long)words[1]);
}

static sy_rc fork(const sy_conflict *conflict, sy_arena *arena, sy_judgement *out, sy_err *err)
{
    sy_row *row = sy_row_shallow(arena, conflict->local);
    const sy_str id = id_of(conflict, arena);
    if (row == NULL || id.data == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < SY_SYSTEM_COUNT; i++) {
        row->cells[i].type = SY_TYPE_ABSENT;
    }
    row->cells[SY_COLUMN_ID] = sy_text(id);
    const int column = sy_schema_find(row->schema, beside);
    if (column >= SY_SYSTEM_COUNT && row->schema->columns[column].type == SY_TYPE_TEXT) {
        row->cells[column] = sy_text(conflict->id);
    }
    out->kind = SY_JUDGED_FORK;
    out->value = row;
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_keep_both)
{
    (void)policy;
    if (conflict->local == NULL) { /* nothing of ours to be kept */
        out->kind = SY_JUDGED_ACCEPT;
        return SY_OK;
    }
    return fork(conflict, arena, out, err);
}

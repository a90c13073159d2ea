/* The database families that compare revisions (policies.md 1.3). A row's generation is the integer
 * column `revision`; rows without it, or of one generation, are compared by a hash of their
 * content, which is the same on every device. */
#include "core/base/hash.h"
#include "core/policy/rules.h"

static const sy_str revision = {"revision", 8};

static int64_t generation_of(const sy_row *row)
{
    const sy_value *cell = sy_row_find(row, revision);
    return cell != NULL && cell->type == SY_TYPE_INT ? cell->as.integer : 0;
}

static uint64_t content_hash(const sy_row *row)
{
    uint64_t hash = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        const bool missing = sy_value_missing(&row->cells[i]);
        hash = sy_hash_mix(hash, missing ? 0 : sy_value_hash(&row->cells[i], 1));
    }
    return hash;
}

/* Of two rows that are there. */
static bool ours_is_higher(const sy_conflict *conflict)
{
    const int64_t ours = generation_of(conflict->local);
    const int64_t theirs = generation_of(conflict->server);
    return ours != theirs ? ours > theirs
                          : content_hash(conflict->local) > content_hash(conflict->server);
}

static sy_rc rule(const sy_conflict *conflict, bool alive_wins, sy_judgement *out)
{
    const bool here = conflict->local != NULL;
    const bool there = sy_conflict_alive(conflict->server);
    const bool ours = here && there ? ours_is_higher(conflict) : here == alive_wins;
    sy_judgement_take(ours && (here || there), conflict, out);
    return SY_OK;
}

SY_POLICY_RULE(sy_rule_couch_rev)
{
    SY_POLICY_UNUSED();
    return rule(conflict, true, out);
}

SY_POLICY_RULE(sy_rule_cbl_mwu)
{
    SY_POLICY_UNUSED();
    return rule(conflict, false, out);
}

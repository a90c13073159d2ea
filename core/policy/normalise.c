#include "core/policy/normalise.h"

static const char same_content[] = "same content";            /* N1 */
static const char version_moved[] = "only the version moved"; /* N2 */
static const char nothing_changed[] = "nothing was changed";  /* N3 */
static const char own_write[] = "own write"; /* N4: what this operation wrote, in an attempt whose
                                                answer was lost */

static bool settled(sy_judgement *out, sy_judgement_kind kind, const sy_row *value, const char *by)
{
    *out = (sy_judgement){.kind = kind, .value = value, .by = by};
    return true;
}

/* An edit of our number and another time is not ours: a device with our identity made it. */
static bool is_own_write(const sy_conflict *conflict)
{
    return conflict->edit.known && conflict->served.known &&
           sy_edit_stamp_compare(&conflict->edit, &conflict->served) == 0;
}

static bool adds(const sy_policy *policy, const sy_conflict *conflict)
{
    return policy != NULL && policy->adds != NULL && policy->adds(policy, conflict);
}

/* N1 of two rows that are there. */
static bool is_same(const sy_policy *policy, const sy_conflict *conflict)
{
    return sy_row_same_content(conflict->local, conflict->server) && !adds(policy, conflict);
}

bool sy_policy_normalise(const sy_policy *policy, const sy_conflict *conflict, sy_judgement *out)
{
    const sy_row *base = conflict->base;
    const sy_row *local = conflict->local;
    const sy_row *server = conflict->server;
    if (server == NULL || !sy_str_equal(sy_row_id(server), conflict->id)) {
        return false;
    }
    const bool deleted = sy_row_deleted(server);
    if (local == NULL ? deleted : !deleted && is_same(policy, conflict)) {
        return settled(out, SY_JUDGED_ADOPT, NULL, same_content);
    }
    if (local != NULL && !deleted && is_own_write(conflict)) {
        return settled(out, SY_JUDGED_ADOPT, NULL, own_write);
    }
    if (base == NULL) {
        return false;
    }
    if (sy_row_deleted(base) ? deleted : !deleted && sy_row_same_content(base, server)) {
        return settled(out, local != NULL ? SY_JUDGED_PUSH : SY_JUDGED_DELETE, local,
                       version_moved);
    }
    if (local != NULL && !sy_row_deleted(base) && sy_row_same_content(local, base)) {
        /* newer edits have not seen the server's row: they meet it */
        return settled(out, SY_JUDGED_ACCEPT, NULL, nothing_changed);
    }
    return false;
}

bool sy_policy_was_false(sy_str by)
{
    static const char *const names[] = {same_content, version_moved, nothing_changed, own_write};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (sy_str_equal(by, sy_str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

#include "core/server/change_log.h"

#include <string.h>

#include "core/base/mutant.h"

sy_rc sy_change_log_init(sy_change_log *log, sy_arena *arena, int64_t floor, sy_err *err)
{
    *log = (sy_change_log){.floor = SY_MUTANT(CHANGES_FORGOTTEN) ? 0 : floor, .last = floor};
    log->ring = sy_arena_push(arena, SY_CHANGE_COUNT_MAX * sizeof *log->ring);
    return log->ring == NULL ? sy_fail_nomem(err) : SY_OK;
}

static int64_t max_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void sy_change_log_add(sy_change_log *log, int64_t sequence, sy_str id)
{
    log->last = max_of(log->last, sequence);
    if (id.size > SY_CHANGE_ID_SIZE) {
        log->floor = max_of(log->floor, sequence);
        return;
    }
    if (log->count == SY_CHANGE_COUNT_MAX) {
        log->floor = max_of(log->floor, log->ring[log->first].sequence);
        log->first = (log->first + 1) % SY_CHANGE_COUNT_MAX;
        log->count--;
    }
    sy_change *change = &log->ring[(log->first + log->count++) % SY_CHANGE_COUNT_MAX];
    change->sequence = sequence;
    change->id_size = (uint32_t)id.size;
    if (id.size > 0) {
        memcpy(change->id, id.data, id.size);
    }
}

/* Puts a change where it belongs; they nearly always come in order. */
static void insert_sorted(const sy_change **found, size_t count, const sy_change *change)
{
    size_t at = count;
    while (at > 0 && found[at - 1]->sequence > change->sequence && !SY_MUTANT(CHANGES_UNSORTED)) {
        found[at] = found[at - 1];
        at--;
    }
    found[at] = change;
}

sy_rc sy_change_log_since(const sy_change_log *log, int64_t after, int64_t upto, sy_arena *arena,
                          bool *known, const sy_change *const **out, size_t *count, sy_err *err)
{
    *known = after >= log->floor;
    *out = NULL;
    *count = 0;
    if (!*known || after >= log->last) {
        return SY_OK;
    }
    const sy_change **found = sy_arena_push(arena, log->count * sizeof(const sy_change *));
    if (found == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < log->count; i++) {
        const sy_change *change = &log->ring[(log->first + i) % SY_CHANGE_COUNT_MAX];
        if (change->sequence > after &&
            (change->sequence < upto ||
             (change->sequence == upto && !SY_MUTANT(LAST_CHANGE_CUT)))) {
            insert_sorted(found, (*count)++, change);
        }
    }
    *out = found;
    return SY_OK;
}

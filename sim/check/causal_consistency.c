/* C10. Who has a write has everything that led to it, through however many devices: the bad
 * patterns WriteCOInitRead and WriteCORead of causal consistency, beyond what C8 and C9 say. Judged
 * when a pull of the whole table has ended well, among the commits of that table: what several
 * queries bring may come in any order. Rows with edits that wait, and rows that a purge took, are
 * not judged. The lineage finds it (lineage_causal.c). The cycles of the other patterns cannot
 * occur: tags are given in the order of the run, and the server's commits are one order. */
#include "core/port/events.h"
#include "sim/check/missing.h"

static void session_read(void *self, const sim_event *event)
{
    sim_missing_report(self, &sim_checker_causal_consistency, event, SIM_MISSING_CAUSE,
                       "a cause of it here");
}

static const sy_event_kind *const session_kinds[] = {&sy_event_pull_end, NULL};

const sim_checker sim_checker_causal_consistency = {
    .name = "causal_consistency",
    .claim = "who has a write has everything that led to it",
    .kinds = session_kinds,
    .state_size = sizeof(sim_checking),
    .read = session_read,
};

/* C9. Who has a write has what its author had read. Judged when a pull of the
 * whole table has ended well, among the commits of that table: what several queries bring may come
 * in any order. Rows with edits that wait, and rows that a purge took, are not judged. The lineage
 * finds it (lineage_causal.c). */
#include "core/port/events.h"
#include "sim/check/missing.h"

static void session_read(void *self, const sim_event *event)
{
    sim_missing_report(self, &sim_checker_writes_follow_reads, event, SIM_MISSING_READ,
                       "what its author had read here");
}

static const sy_event_kind *const session_kinds[] = {&sy_event_pull_end, NULL};

const sim_checker sim_checker_writes_follow_reads = {
    .name = "writes_follow_reads",
    .claim = "who has a write has what its author had read",
    .kinds = session_kinds,
    .state_size = sizeof(sim_checking),
    .read = session_read,
};

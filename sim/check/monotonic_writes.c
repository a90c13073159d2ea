/* C8. What one device wrote is visible elsewhere in the order in which the server took it: who has
 * a later commit of a device has its earlier ones. Judged when a pull of the whole table has ended
 * well, among the commits of that table: what several queries bring may come in any order. Rows
 * with edits that wait, rows that a purge took, and those that changed beyond the horizon up to
 * which the server vouched in that pull are not judged. The lineage finds it (lineage_causal.c). */
#include "core/port/events.h"
#include "sim/check/missing.h"

static void session_read(void *self, const sim_event *event)
{
    sim_missing_report(self, &sim_checker_monotonic_writes, event, SIM_MISSING_WRITE,
                       "what the same device wrote here before");
}

static const sy_event_kind *const session_kinds[] = {&sy_event_pull_end, NULL};

const sim_checker sim_checker_monotonic_writes = {
    .name = "monotonic_writes",
    .claim = "who has a later write of a device has its earlier ones",
    .kinds = session_kinds,
    .state_size = sizeof(sim_checking),
    .read = session_read,
};

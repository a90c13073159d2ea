/* C10. Who has a write has everything that led to it, through however many devices: the bad
 * patterns WriteCOInitRead and WriteCORead of causal consistency, beyond what C8 and C9 say. Judged
 * when a pull of the whole table has ended well, among the commits of that table: what several
 * queries bring may come in any order. Rows with edits that wait, and rows that a purge took, are
 * not judged. The lineage finds it (lineage_causal.c). The cycles of the other patterns cannot
 * occur: tags are given in the order of the run, and the server's commits are one order. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"

typedef struct session {
    sim_checking in;
} session;

static void report(const session *state, const sim_event *event, const sim_missing *missing)
{
    const sim_line *line = missing->commit->line;
    const sim_line *seen = missing->source->line;
    const sy_str host = sim_host_name(state->in.trace, event->host);
    sim_finding finding = sim_finding_of(sim_checker_causal_consistency.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, missing->commit->sequence);
    sim_finding_witness(&finding, missing->source->sequence);
    sim_finding_say(&finding, "%.*s/%.*s: %.*s has %.*s/%.*s and lacks a cause of it here",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), SY_FMT(host),
                    SY_FMT(sim_line_table(seen)), SY_FMT(sim_line_id(seen)));
    (void)sim_findings_add(state->in.findings, &finding);
}

static void session_read(void *self, const sim_event *event)
{
    const session *state = self;
    const sim_lineage *lineage = state->in.lineage;
    for (uint32_t i = 0; i < lineage->missing_count; i++) {
        if (lineage->missing[i].kind == SIM_MISSING_CAUSE) {
            report(state, event, &lineage->missing[i]);
        }
    }
}

static const sy_event_kind *const session_kinds[] = {&sy_event_pull_end, NULL};

const sim_checker sim_checker_causal_consistency = {
    .name = "causal_consistency",
    .claim = "who has a write has everything that led to it",
    .kinds = session_kinds,
    .state_size = sizeof(session),
    .read = session_read,
};

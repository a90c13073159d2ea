/* C9. Who has a write has what its author had read. Judged when a pull of the
 * whole table has ended well, among the commits of that table: what several queries bring may come
 * in any order. Rows with edits that wait, and rows that a purge took, are not judged. The lineage
 * finds it (lineage_causal.c). */
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
    sim_finding finding = sim_finding_of(sim_checker_writes_follow_reads.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, missing->commit->sequence);
    sim_finding_witness(&finding, missing->source->sequence);
    sim_finding_say(&finding,
                    "%.*s/%.*s: %.*s has %.*s/%.*s and lacks what its author had read here",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), SY_FMT(host),
                    SY_FMT(sim_line_table(seen)), SY_FMT(sim_line_id(seen)));
    (void)sim_findings_add(state->in.findings, &finding);
}

static void session_read(void *self, const sim_event *event)
{
    const session *state = self;
    const sim_lineage *lineage = state->in.lineage;
    for (uint32_t i = 0; i < lineage->missing_count; i++) {
        if (lineage->missing[i].kind == SIM_MISSING_READ) {
            report(state, event, &lineage->missing[i]);
        }
    }
}

static const sy_event_kind *const session_kinds[] = {&sy_event_pull_end, NULL};

const sim_checker sim_checker_writes_follow_reads = {
    .name = "writes_follow_reads",
    .claim = "who has a write has what its author had read",
    .kinds = session_kinds,
    .state_size = sizeof(session),
    .read = session_read,
};

/* C4. A deleted row stays deleted, until somebody who knows of the deletion brings it back.
 *
 * A commit that makes a deleted row alive again is fine when its edit was made on a device that had
 * seen the deletion, when a decision had the tombstone in hand, when it is a fresh insert of a row
 * that never was, or when it came past the sync engine (an undelete, the back office). What is left
 * is an old request, or an update that fell on a row which its author believed alive.
 *
 * Breaches of contract that excuse it: a row that changed behind the API. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"

typedef struct resurrection {
    sim_checking in;
} resurrection;

static bool is_fresh_insert(const sim_lineage *lineage, const sim_sending *sending,
                            const sim_commit *commit)
{
    const sim_cell alive = sim_cell_at(&sending->cells, SIM_ALIVE);
    const sim_edit *edit = sim_edit_of(lineage, alive.tag);
    return alive.tag != 0 && edit->op == sending->op && !edit->by_policy &&
           edit->committed == commit->ordinal;
}

static void resurrection_read(void *self, const sim_event *event)
{
    const resurrection *state = self;
    const sim_lineage *lineage = state->in.lineage;
    const sim_commit *commit = lineage->now.commit;
    const sim_sending *sending = lineage->now.sending;
    if (commit == NULL || sending == NULL || sending->op == 0 || !commit->alive ||
        commit->older == NULL || commit->older->alive || commit->line->untracked) {
        return;
    }
    if (sending->seen >= commit->older->ordinal || is_fresh_insert(lineage, sending, commit)) {
        return;
    }
    const sim_line *line = commit->line;
    const sy_str host = sim_host_name(state->in.trace, commit->host);
    sim_finding finding = sim_finding_of(sim_checker_resurrection.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, commit->older->sequence);
    sim_finding_witness(&finding, sending->sequence);
    sim_finding_say(&finding,
                    "%.*s/%.*s was deleted, and a push of %.*s, which did not know, brought it "
                    "back",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), SY_FMT(host));
    (void)sim_findings_add(state->in.findings, &finding);
}

static const sy_event_kind *const resurrection_kinds[] = {&sy_event_commit, NULL};

const sim_checker sim_checker_resurrection = {
    .name = "resurrection",
    .claim = "a deleted row stays deleted until somebody who knows of it brings it back",
    .kinds = resurrection_kinds,
    .state_size = sizeof(resurrection),
    .read = resurrection_read,
};

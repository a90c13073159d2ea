/* C17. A queued write does not overwrite what its pusher has not seen.
 *
 * A commit of a queued update, replace or delete that asked for no version is fine when its row is
 * still what the pusher saw last, by its copy of the row or by a decision about this operation. If
 * somebody else changed it since, nobody will ever know what was there (hazard H4). An insert must
 * find no row there at all.
 *
 * Not judged: rows without versions, for which there is nothing to ask for; updates and deletes of
 * pushers that know no version of the row; writes past the sync engine. Breaches of contract that
 * excuse it: a row that changed behind the API. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"

typedef struct conditional {
    sim_checking in;
} conditional;

static void conditional_read(void *self, const sim_event *event)
{
    const conditional *state = self;
    const sim_commit *commit = state->in.lineage->now.commit;
    const sim_sending *sending = state->in.lineage->now.sending;
    if (commit == NULL || sending == NULL || sending->op == 0 || sending->conditional ||
        commit->older == NULL || commit->line->untracked) {
        return;
    }
    const sim_commit *unseen = commit->older;
    const bool inserts = sim_field_is(event, COMMIT_METHOD, "insert");
    if (unseen->version == 0 || unseen->host == commit->host || sending->seen >= unseen->ordinal ||
        (inserts ? !unseen->alive : sending->seen == 0)) {
        return;
    }
    const sim_line *line = commit->line;
    const sy_str host = sim_host_name(state->in.trace, commit->host);
    sim_finding finding = sim_finding_of(sim_checker_conditional_write.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, unseen->sequence);
    sim_finding_witness(&finding, sending->sequence);
    sim_finding_say(&finding,
                    "%.*s/%.*s: %.*s wrote without asking for a version over a change by %.*s that "
                    "it had not seen",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), SY_FMT(host),
                    SY_FMT(unseen->host == 0 ? SY_STR("the back office")
                                             : sim_host_name(state->in.trace, unseen->host)));
    (void)sim_findings_add(state->in.findings, &finding);
}

static const sy_event_kind *const conditional_kinds[] = {&sy_event_commit, NULL};

const sim_checker sim_checker_conditional_write = {
    .name = "conditional_write",
    .claim = "a queued write does not overwrite a change that its pusher has not seen",
    .kinds = conditional_kinds,
    .state_size = sizeof(conditional),
    .read = conditional_read,
};

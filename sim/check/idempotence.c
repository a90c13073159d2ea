/* C21. What is delivered twice has its effect once.
 *
 * A commit of an operation that was committed before, and about which nothing was decided since,
 * changes nothing that somebody else has done in between: an old request that comes again, or a
 * retry of one whose answer was lost, does not bring its values back. The duplicates are those that
 * the run itself has: lost answers, retries, requests that a network delivers twice. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"

#define LOOK_BACK 16u /* commits of the row */

typedef struct idempotence {
    sim_checking in;
} idempotence;

/* The commit of the same operation before it; NULL: there is none among the last ones. */
static const sim_commit *first_of(const sim_commit *commit)
{
    const sim_commit *at = commit->older;
    for (uint32_t i = 0; at != NULL && i < LOOK_BACK; i++) {
        if (at->host == commit->host && at->op == commit->op) {
            return at;
        }
        at = at->older;
    }
    return NULL;
}

static void idempotence_read(void *self, const sim_event *event)
{
    const idempotence *state = self;
    const sim_commit *commit = state->in.lineage->now.commit;
    const sim_sending *sending = state->in.lineage->now.sending;
    if (commit == NULL || sending == NULL || commit->op == 0 || sending->decided != 0 ||
        commit->line->untracked) {
        return;
    }
    const sim_commit *first = first_of(commit);
    if (first == NULL || first == commit->older || first->queued != commit->queued ||
        commit->content == commit->older->content) {
        return;
    }
    const sim_line *line = commit->line;
    const sy_str host = sim_host_name(state->in.trace, commit->host);
    sim_finding finding = sim_finding_of(sim_checker_idempotence.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, first->sequence);
    sim_finding_witness(&finding, commit->older->sequence);
    sim_finding_say(&finding,
                    "%.*s/%.*s: operation %lld of %.*s was carried out twice, and undid what came "
                    "in between",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), (long long)commit->op,
                    SY_FMT(host));
    (void)sim_findings_add(state->in.findings, &finding);
}

static const sy_event_kind *const idempotence_kinds[] = {&sy_event_commit, NULL};

const sim_checker sim_checker_idempotence = {
    .name = "idempotence",
    .claim = "what is delivered twice has its effect once",
    .kinds = idempotence_kinds,
    .state_size = sizeof(idempotence),
    .read = idempotence_read,
};

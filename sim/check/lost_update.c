/* C3. No acknowledged edit is lost without a licence.
 *
 * Lost: its cell on the server was taken by a write whose author had not seen it, and which no
 * decision made knowing it; or the device was told that it is pushed, and the server, which has the
 * column, never took it.
 * Acknowledged: the server committed it, or its operation left the queue as pushed.
 *
 * A licence is: a decision that had the server's row with the edit in hand, whatever it decided; a
 * write past the sync engine (the back office, a remote call), whose documented meaning is that the
 * last writer wins; a queued write that asks for no version, which is C17's; a discard by the app.
 * Breaches of contract that excuse it: a row that changed behind the API. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"

typedef struct lost {
    sim_checking in;
} lost;

static void report(const lost *state, const sim_event *event, const sim_edit *edit,
                   uint64_t witness, const char *what)
{
    const sim_line *line = edit->line;
    const sy_str author = sim_host_name(state->in.trace, edit->host);
    const sy_str column = sim_column_name(line, edit->column);
    sim_finding finding = sim_finding_of(sim_checker_lost_update.name, event, author,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, edit->sequence);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s/%.*s: what %.*s wrote%s%.*s %s", SY_FMT(sim_line_table(line)),
                    SY_FMT(sim_line_id(line)), SY_FMT(author), column.size > 0 ? " to " : "",
                    SY_FMT(column), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void judge_commit(const lost *state, const sim_event *event)
{
    const sim_lineage *lineage = state->in.lineage;
    for (uint32_t i = 0; i < lineage->lost_count; i++) {
        const sim_edit *edit = sim_edit_of(lineage, lineage->lost[i]);
        if (edit->loss == SIM_BLIND && edit->host != 0) {
            report(state, event, edit, lineage->now.sending->sequence,
                   "was overwritten by a push that had not seen it, and nobody decided so");
        }
    }
}

static bool is_newest_own(const sim_lineage *lineage, const sim_edit *edit)
{
    const sim_copy *copy = lineage->now.copy;
    const sim_cell shown = sim_cell_at(&copy->cells, edit->column);
    const sim_edit *by = sim_edit_of(lineage, shown.tag);
    return shown.tag == 0 || by == edit || by->host != edit->host;
}

static bool is_served(const sim_edit *edit)
{
    return edit->column == SIM_ALIVE || (edit->line->columns->served >> edit->column & 1) != 0;
}

/* The operation left the queue: did the server take what it was about? */
static void judge_dequeue(const lost *state, const sim_event *event)
{
    const sim_lineage *lineage = state->in.lineage;
    const sim_pending *gone = lineage->now.pending;
    if (gone == NULL) {
        return;
    }
    for (uint32_t i = 0; i < gone->cells.count; i++) {
        const sim_edit *edit = sim_edit_of(lineage, gone->cells.items[i].tag);
        if (gone->cells.items[i].tag != 0 && edit->ended_at == event->sequence &&
            edit->end == SIM_PUSHED && edit->committed == 0 && gone->sent > 0 &&
            is_newest_own(lineage, edit) && is_served(edit) && !sim_edit_is_moot(edit)) {
            report(state, event, edit, gone->sequence,
                   "left the queue as pushed, and the server never took it");
        }
    }
}

static void lost_read(void *self, const sim_event *event)
{
    const lost *state = self;
    const sim_line *line = state->in.lineage->now.line;
    if (line == NULL || line->untracked || (line->newest != NULL && !line->newest->known)) {
        return;
    }
    if (event->kind == &sy_event_commit) {
        judge_commit(state, event);
    } else {
        judge_dequeue(state, event);
    }
}

static const sy_event_kind *const lost_kinds[] = {&sy_event_commit, &sy_event_dequeue, NULL};

const sim_checker sim_checker_lost_update = {
    .name = "lost_update",
    .claim = "no edit that was acknowledged is lost unless the policy in force decided so",
    .kinds = lost_kinds,
    .state_size = sizeof(lost),
    .read = lost_read,
};

/* C13. What is sent for an operation is what the edits that it stands for come to.
 *
 * The edits of a row that were collapsed into one operation are known one by one: the last of them
 * says whether the row is there, and for each field the last one that wrote it says its value. A
 * request of the operation deletes exactly when the last edit did, and names no other value for
 * such a field, unless a later edit of the device or a decision put it there. A field that the
 * request does not name is C3's. Tables do not declare how they refer to each other, so that an
 * order of parents and children is judged by C12 alone. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"

typedef struct collapse {
    sim_checking in;
} collapse;

static void report(const collapse *state, const sim_event *event, uint64_t witness,
                   const char *what, sy_str column)
{
    const sim_line *line = state->in.lineage->now.line;
    const sy_str host = sim_host_name(state->in.trace, event->host);
    sim_finding finding = sim_finding_of(sim_checker_collapse.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s/%.*s: operation %lld of %.*s %s%.*s",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)),
                    (long long)state->in.lineage->now.pending->op, SY_FMT(host), what,
                    SY_FMT(column));
    (void)sim_findings_add(state->in.findings, &finding);
}

static bool is_right(const sim_lineage *lineage, const sim_pending *pending, uint32_t column)
{
    const sim_cell wanted = pending->cells.items[column];
    const sim_cell sent = sim_cell_at(&lineage->now.sending->cells, column);
    const sim_edit *edit = wanted.tag != 0 ? sim_edit_of(lineage, wanted.tag) : NULL;
    return edit == NULL || edit->op != pending->op || edit->host != pending->copy->host ||
           (lineage->now.sending->present >> column & 1) == 0 || sent.hash == wanted.hash ||
           (sent.tag != wanted.tag && !sim_edit_of(lineage, sent.tag)->by_policy &&
            sim_edit_saw(lineage, sent.tag, wanted.tag));
}

static void collapse_read(void *self, const sim_event *event)
{
    const collapse *state = self;
    const sim_lineage *lineage = state->in.lineage;
    const sim_pending *pending = lineage->now.pending;
    const sim_sending *sending = lineage->now.sending;
    if (pending == NULL || sending == NULL || pending->decided != 0 || sending->decided != 0 ||
        pending->recovered) {
        return;
    }
    if (sending->erases != (pending->kind == 'd')) {
        report(state, event, pending->sequence,
               sending->erases ? "deletes the row, and the last edit did not"
                               : "does not delete the row, as the last edit did",
               (sy_str){0});
        return;
    }
    for (uint32_t i = 1; !sending->erases && i < pending->cells.count; i++) {
        if (!is_right(lineage, pending, i)) {
            report(state, event, sim_edit_of(lineage, pending->cells.items[i].tag)->sequence,
                   "carries another value than the last edit gave to ",
                   sim_column_name(lineage->now.line, i));
            return;
        }
    }
}

static const sy_event_kind *const collapse_kinds[] = {&sy_event_send, NULL};

const sim_checker sim_checker_collapse = {
    .name = "collapse",
    .claim = "what is sent for an operation is what the edits that it stands for come to",
    .kinds = collapse_kinds,
    .state_size = sizeof(collapse),
    .read = collapse_read,
};

/* C6. An app reads what it wrote last, or something later.
 *
 * Judged for each row that a device's app reads, and for each look-up that finds nothing:
 *
 *   1. an edit that waits in the queue shows in the row, or a later value that had seen it; a row
 *      whose delete waits is not read
 *   2. where the row stands on a commit that is older than the device's own last push of it, what
 *      the device wrote by then shows all the same, or a later value that had seen it
 *
 * (2) is where an answer or a page that was on its way overwrites a newer edit, hazard H7. A row
 * with edits that wait behind that push keeps its base, and shows them.
 * Operations that a decision is being made about are not judged, nor are rows whose content a purge
 * or a resolution has changed. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"

typedef struct lookup { /* by (host, ticket): the last call of that ticket */
    sim_record record;
    const sim_copy *copy; /* NULL: of a row with nothing in the queue */
} lookup;

typedef struct own {
    sim_checking in;
    sim_index lookups;
} own;

static void own_open(void *self)
{
    own *state = self;
    sim_index_init(&state->lookups, state->in.alloc, sizeof(lookup));
}

static void report(const own *state, const sim_event *event, const sim_copy *copy, uint64_t witness,
                   const char *what)
{
    const sy_str table = sim_line_table(copy->line);
    const sy_str id = sim_line_id(copy->line);
    const sy_str host = sim_host_name(state->in.trace, copy->host);
    sim_finding finding = sim_finding_of(sim_checker_read_your_writes.name, event, host, table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_witness(&finding, copy->sequence);
    sim_finding_say(&finding, "%.*s/%.*s: the app of %.*s %s", SY_FMT(table), SY_FMT(id),
                    SY_FMT(host), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

/* The newest operation of the row that nobody decides about; NULL: none. */
static const sim_pending *last_of(const sim_copy *copy)
{
    const sim_pending *last = NULL;
    for (const sim_pending *at = copy->first; at != NULL; at = at->next) {
        last = at->decided == 0 ? at : NULL;
    }
    return last;
}

/* What the device wrote, as far as its last push brought it to the server, and does not show. */
static const sim_edit *hidden_push(const sim_lineage *lineage, const sim_copy *copy)
{
    const sim_commit *commit = copy->line->newest;
    while (commit != NULL && commit->ordinal > copy->own) {
        commit = commit->older;
    }
    for (uint32_t i = SIM_ALIVE; commit != NULL && i < commit->cells.count; i++) {
        const sim_cell pushed = commit->cells.items[i];
        const sim_cell shown = sim_cell_at(&copy->cells, i);
        const sim_edit *edit = sim_edit_of(lineage, pushed.tag);
        if (pushed.tag != 0 && edit->host == copy->host && shown.hash != pushed.hash &&
            !sim_edit_saw(lineage, shown.tag, pushed.tag)) {
            return edit;
        }
    }
    return NULL;
}

static bool shows(const sim_lineage *lineage, const sim_copy *copy, const sim_pending *last,
                  uint32_t column)
{
    const sim_cell written = last->cells.items[column];
    const sim_cell shown = sim_cell_at(&copy->cells, column);
    const sim_edit *edit = sim_edit_of(lineage, written.tag);
    return written.tag == 0 || edit->host != copy->host || edit->end != SIM_PENDING ||
           shown.hash == written.hash || sim_edit_saw(lineage, shown.tag, written.tag);
}

static void judge_row(const own *state, const sim_event *event, const sim_copy *copy)
{
    const sim_pending *last = last_of(copy);
    if (last != NULL && last->kind == 'd') {
        report(state, event, copy, last->sequence, "reads a row that it has deleted");
        return;
    }
    for (uint32_t i = 1; last != NULL && i < last->cells.count; i++) {
        if (!shows(state->in.lineage, copy, last, i)) {
            report(state, event, copy,
                   sim_edit_of(state->in.lineage, last->cells.items[i].tag)->sequence,
                   "does not read what it wrote last, which is still in the queue");
            return;
        }
    }
    const sim_edit *hidden =
        copy->base != 0 && copy->base < copy->own ? hidden_push(state->in.lineage, copy) : NULL;
    if (hidden != NULL) {
        report(state, event, copy, hidden->sequence,
               "reads the row as it was before its own last push");
    }
}

static void judge_absent(const own *state, const sim_event *event, const sim_copy *copy)
{
    const sim_pending *last = copy->unknown ? NULL : last_of(copy);
    if (last != NULL && last->kind != 'd' && sim_cell_at(&last->cells, SIM_ALIVE).hash != 0) {
        report(state, event, copy, last->sequence,
               "looks for a row that it wrote, which is still in the queue, and finds nothing");
    }
}

static void read_call(own *state, const sim_event *event)
{
    if (!sim_field_is(event, CALL_VERB, "lookup")) {
        return;
    }
    const sim_copy *copy =
        sim_lineage_find(state->in.lineage, event->host, sim_field_text(event, CALL_TABLE),
                         sim_field_text(event, CALL_ID));
    lookup *made = sim_index_get(&state->lookups, event->host, (sy_str){0}, (sy_str){0},
                                 sim_field_int(event, CALL_TICKET));
    if (made == NULL) {
        state->in.findings->failed = true;
    } else { /* of this process: a call that a crash ended may have had that ticket */
        made->copy = copy != NULL && copy->first != NULL ? copy : NULL;
    }
}

static void read_done(own *state, const sim_event *event)
{
    if (!sim_field_is(event, DONE_VERB, "lookup")) {
        return;
    }
    lookup *made = sim_index_find(&state->lookups, event->host, (sy_str){0}, (sy_str){0},
                                  sim_field_int(event, DONE_TICKET));
    if (made == NULL) {
        return;
    }
    if (made->copy != NULL && sim_field_is(event, DONE_RESULT, "ok") &&
        sim_field_int(event, DONE_COUNT) == 0) {
        judge_absent(state, event, made->copy);
    }
    sim_index_remove(&state->lookups, &made->record);
}

static void own_read(void *self, const sim_event *event)
{
    own *state = self;
    if (event->kind == &sy_event_call) {
        read_call(state, event);
    } else if (event->kind == &sy_event_done) {
        read_done(state, event);
    } else {
        const sim_copy *copy = state->in.lineage->now.copy;
        if (copy != NULL && !copy->unknown) {
            judge_row(state, event, copy);
        }
    }
}

static void own_close(void *self)
{
    own *state = self;
    sim_index_deinit(&state->lookups, &state->in.findings->failed);
}

static const sy_event_kind *const own_kinds[] = {&sy_event_call, &sy_event_done, &sy_event_read,
                                                 NULL};

const sim_checker sim_checker_read_your_writes = {
    .name = "read_your_writes",
    .claim = "an app reads what it wrote last, or something later",
    .kinds = own_kinds,
    .state_size = sizeof(own),
    .open = own_open,
    .read = own_read,
    .close = own_close,
};

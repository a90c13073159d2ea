/* What local writes and the queue do to the lineage. */
#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/lineage_internal.h"
#include "sim/kernel/events.h"

#define ADOPT_COUNT_MAX 8u /* commits of a row that are looked at */

uint32_t sim_edit_make(sim_lineage *lineage, const sim_author *by, uint32_t column, sim_cell before,
                       uint64_t hash)
{
    uint32_t tag = 0;
    sim_edit *edit = sim_lineage_edit(lineage, &tag);
    if (edit != NULL) {
        *edit = (sim_edit){.line = by->line,
                           .sequence = by->event->sequence,
                           .time = by->event->time,
                           .hash = hash,
                           .op = by->op,
                           .host = by->host,
                           .column = column,
                           .prior = before.tag,
                           .seen = by->seen,
                           .by_policy = by->by_policy};
    }
    return tag;
}

static void cell_write(sim_lineage *lineage, const sim_author *by, sim_cells *cells,
                       uint32_t column, uint64_t hash)
{
    sim_cell *cell = &cells->items[column];
    cell->tag = sim_edit_make(lineage, by, column, *cell, hash);
    cell->hash = hash;
}

static void write_row(sim_lineage *lineage, const sim_author *by, sim_copy *copy, const sy_row *row,
                      bool inserts)
{
    const uint8_t *map = sim_lineage_map(lineage, copy->line->columns, row->schema);
    if (!sim_cells_reach(lineage, &copy->cells, copy->line->columns->count)) {
        return;
    }
    if (inserts || copy->cells.items[SIM_ALIVE].hash == 0) {
        cell_write(lineage, by, &copy->cells, SIM_ALIVE, 1);
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        const uint32_t column = map[i];
        const uint64_t hash = sim_cell_hash(&row->cells[i]);
        if (column == 0 || (!inserts && hash == copy->cells.items[column].hash)) {
            continue;
        }
        if (inserts && hash == 0) { /* not named: nobody's */
            copy->cells.items[column] = (sim_cell){0};
            continue;
        }
        cell_write(lineage, by, &copy->cells, column, hash);
    }
}

/* What was written and needs no sending: an insert and its delete, both gone. */
static void edits_end(sim_lineage *lineage, uint32_t first, sim_end end, uint64_t sequence)
{
    for (uint32_t i = first; i < lineage->edit_count; i++) {
        lineage->edits[i].end = end;
        lineage->edits[i].ended_at = sequence;
    }
}

void sim_lineage_read_write(sim_lineage *lineage, const sim_event *event)
{
    sim_copy *copy = sim_lineage_copy(lineage, event->host, sim_field_text(event, WRITE_TABLE),
                                      sim_field_text(event, WRITE_ID));
    if (copy == NULL || !sim_cells_reach(lineage, &copy->cells, 1)) {
        return;
    }
    const int64_t op = sim_field_int(event, WRITE_OP);
    const char kind = sim_field_letter(event, WRITE_KIND);
    const sim_author by = {
        .event = event, .line = copy->line, .op = op, .host = event->host, .seen = copy->seen};
    const sy_row *row = sim_field_row(event, WRITE_ROW);
    if (kind == 'd') {
        cell_write(lineage, &by, &copy->cells, SIM_ALIVE, 0);
    } else if (row != NULL) {
        write_row(lineage, &by, copy, row, kind == 'i');
    }
    copy->sequence = event->sequence;
    copy->unknown = false;
    sim_pending *pending = op != 0 ? sim_pending_get(lineage, copy, op, event->sequence) : NULL;
    if (pending != NULL) {
        pending->held = false;
        if (pending->kind != 'i' || kind != 'u') {
            pending->kind = kind;
        }
        (void)sim_cells_copy(lineage, &pending->cells, &copy->cells);
    } else if (op == 0) {
        edits_end(lineage, lineage->now.edit_first, SIM_COLLAPSED_AT_HOME, event->sequence);
    }
    sim_lineage_about(lineage, copy);
    lineage->now.pending = pending;
}

/* -- the queue -- */

void sim_lineage_read_enqueue(sim_lineage *lineage, const sim_event *event)
{
    sim_copy *copy =
        sim_lineage_copy(lineage, event->host, sim_field_text(event, 2), sim_field_text(event, 3));
    if (copy != NULL) {
        sim_lineage_about(lineage, copy);
        lineage->now.pending =
            sim_pending_get(lineage, copy, sim_field_int(event, 0), event->sequence);
        if (lineage->now.pending != NULL) {
            lineage->now.pending->kind = sim_field_letter(event, 1);
            (void)sim_cells_copy(lineage, &lineage->now.pending->cells, &copy->cells);
        }
    }
}

static sim_end end_of(const sim_event *event, const sim_pending *pending)
{
    static const struct {
        const char *reason;
        sim_end end;
    } ends[] = {{"pushed", SIM_PUSHED},
                {"purged", SIM_DISCARDED},
                {"resolved", SIM_DISCARDED},
                {"failed", SIM_FAILED},
                {"its insert gave way", SIM_YIELDED}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (sim_field_is(event, DEQUEUE_REASON, ends[i].reason)) {
            return ends[i].end;
        }
    }
    return pending->kept ? SIM_KEPT : pending->yielded ? SIM_YIELDED : SIM_PUSHED;
}

/* A decision may have sent something else in place of a cell. */
static sim_end end_of_cell(const sim_pending *pending, uint32_t column, sim_end end)
{
    if (end != SIM_PUSHED || (pending->changed >> column & 1) == 0) {
        return end;
    }
    return (pending->lost >> column & 1) != 0 ? SIM_YIELDED : SIM_JOINED;
}

/* The server has the value that was to be sent: an answer was lost, or somebody else wrote the
 * same.
 */
static void edit_is_adopted(sim_edit *edit)
{
    const sim_commit *at = edit->line->newest;
    for (uint32_t i = 0; at != NULL && i < ADOPT_COUNT_MAX && edit->committed == 0; i++) {
        if (sim_cell_at(&at->cells, edit->column).hash == edit->hash) {
            edit->committed = at->ordinal;
        }
        at = at->older;
    }
}

static void edit_ends(sim_lineage *lineage, const sim_event *event, const sim_pending *pending,
                      uint32_t tag, sim_end end)
{
    sim_edit *edit = &lineage->edits[tag];
    if (edit->host != event->host || edit->end != SIM_PENDING) {
        return;
    }
    edit->end = end;
    edit->ended_at = event->sequence;
    if (edit->committed == 0 && (end == SIM_PUSHED || end == SIM_YIELDED || end == SIM_KEPT)) {
        edit_is_adopted(edit);
    }
    if ((end == SIM_YIELDED || end == SIM_KEPT) && edit->committed == 0) {
        edit->decision = pending->decided;
    }
}

/* The newest commit of the row that its own device made. */
static uint32_t own_commit(const sim_pending *pending)
{
    for (const sim_commit *at = pending->copy->line->newest; at != NULL; at = at->older) {
        if (at->host == pending->copy->host && at->op == pending->op) {
            return at->ordinal;
        }
    }
    return 0;
}

/* What was decided for an edit holds for those behind it, which stand on it. */
static void copy_is_pushed(sim_copy *copy, const sim_pending *pending)
{
    const uint32_t own = own_commit(pending);
    copy->own = own > copy->own ? own : copy->own;
    if (!pending->yielded && pending->shown > copy->shown) {
        copy->shown = pending->shown;
        copy->decided = pending->decided;
    }
}

void sim_lineage_read_dequeue(sim_lineage *lineage, const sim_event *event)
{
    sim_pending *pending =
        sim_lineage_meet_pending(lineage, event, DEQUEUE_OP, DEQUEUE_TABLE, DEQUEUE_ID);
    if (pending == NULL) {
        return;
    }
    const bool collapsed = sim_field_is(event, DEQUEUE_REASON, "collapsed");
    const sim_end end = end_of(event, pending);
    for (uint32_t i = 0; !collapsed && i < pending->cells.count; i++) {
        if (pending->cells.items[i].tag != 0) {
            edit_ends(lineage, event, pending, pending->cells.items[i].tag,
                      pending->kind == 'd' && i != SIM_ALIVE ? SIM_COLLAPSED_AT_HOME
                                                             : end_of_cell(pending, i, end));
        }
    }
    if (end == SIM_PUSHED && !collapsed && pending->sent > 0) {
        copy_is_pushed(pending->copy, pending);
    }
    sim_pending_drop(lineage, pending->copy, pending); /* its memory stays until the next one */
}

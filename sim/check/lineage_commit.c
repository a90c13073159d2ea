/* What requests carry, and what a commit makes of it: whose value the server has now, and how
 * whoever had the cell lost it. */
#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/lineage_internal.h"
#include "sim/kernel/events.h"

#include <string.h>

/* -- requests -- */

/* Who wrote the value that is about to be sent. */
static uint32_t source_of(sim_lineage *lineage, const sim_author *by, const sim_copy *copy,
                          const sim_pending *pending, uint32_t column, uint64_t hash)
{
    const sim_cell queued = pending != NULL ? sim_cell_at(&pending->cells, column) : (sim_cell){0};
    const sim_cell shown = sim_cell_at(&copy->cells, column);
    if (queued.hash == hash && (queued.tag != 0 || hash == 0)) {
        return queued.tag;
    }
    if (shown.hash == hash && (shown.tag != 0 || hash == 0)) {
        return shown.tag;
    }
    const sim_commit *at = copy->line->newest;
    while (at != NULL && at->ordinal > by->seen) {
        at = at->older;
    }
    const sim_cell server = at != NULL ? sim_cell_at(&at->cells, column) : (sim_cell){0};
    if (at != NULL && server.hash == hash) {
        return server.tag;
    }
    return sim_edit_make(lineage, by, column, pending != NULL ? queued : shown, hash);
}

static void fill_sending(sim_lineage *lineage, sim_sending *sending, const sim_author *by,
                         const sim_pending *pending, const sy_row *row)
{
    const sim_copy *copy = sending->copy;
    const uint32_t count = copy->line->columns->count;
    if (!sim_cells_reach(lineage, &sending->cells, count)) {
        return;
    }
    memset(sending->cells.items, 0, sending->cells.count * sizeof *sending->cells.items);
    const sim_cell alive = pending != NULL ? sim_cell_at(&pending->cells, SIM_ALIVE)
                                           : sim_cell_at(&copy->cells, SIM_ALIVE);
    const uint64_t there = sending->erases ? 0 : 1;
    sending->cells.items[SIM_ALIVE] =
        (sim_cell){.hash = there,
                   .tag = alive.hash == there && alive.tag != 0
                              ? alive.tag
                              : sim_edit_make(lineage, by, SIM_ALIVE, alive, there)};
    if (row == NULL) {
        return;
    }
    const uint8_t *map = sim_lineage_map(lineage, copy->line->columns, row->schema);
    if (!sim_cells_reach(lineage, &sending->cells, copy->line->columns->count)) {
        return;
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        const uint32_t column = map[i];
        if (column == 0 || row->cells[i].type == SY_TYPE_ABSENT) {
            continue;
        }
        const uint64_t hash = sim_cell_hash(&row->cells[i]);
        sending->present |= UINT64_C(1) << column;
        sending->cells.items[column] =
            (sim_cell){hash, source_of(lineage, by, copy, pending, column, hash)};
    }
}

void sim_lineage_read_send(sim_lineage *lineage, const sim_event *event)
{
    const char method = sim_field_letter(event, SEND_METHOD);
    if (method == 'q' || sim_field_is(event, SEND_METHOD, "read")) {
        return;
    }
    sim_copy *copy = sim_lineage_copy(lineage, event->host, sim_field_text(event, SEND_TABLE),
                                      sim_field_text(event, SEND_ID));
    sim_sending *sending =
        sim_sending_get(lineage, event->host, (uint64_t)sim_field_int(event, SEND_NUMBER));
    if (copy == NULL || sending == NULL) {
        return;
    }
    const int64_t op = sim_field_int(event, SEND_OP);
    sim_pending *pending = op != 0 ? sim_pending_find(copy, op) : NULL;
    const sim_cells cells = sending->cells;
    *sending = (sim_sending){.send = (uint64_t)sim_field_int(event, SEND_NUMBER),
                             .copy = copy,
                             .op = op,
                             .sequence = event->sequence,
                             .seen = copy->seen,
                             .asked = sim_version_hash(sim_field_text(event, SEND_IF_MATCH)),
                             .conditional = sim_field_text(event, SEND_IF_MATCH).size > 0,
                             .erases = method == 'd'};
    sending->cells = cells;
    if (pending != NULL) {
        sending->queued = pending->sequence;
        pending->sent++;
        pending->active = event->sequence;
        const bool own = pending->shown >= copy->shown;
        sending->shown = own ? pending->shown : copy->shown;
        sending->decided = own ? pending->decided : copy->decided;
        sending->seen = sending->shown > copy->seen ? sending->shown : copy->seen;
    }
    const sim_author by = {.event = event,
                           .line = copy->line,
                           .op = op,
                           .host = event->host,
                           .seen = sending->seen,
                           .by_policy = op != 0};
    fill_sending(lineage, sending, &by, pending, sim_field_row(event, SEND_ROW));
    sim_lineage_about(lineage, copy);
    lineage->now.pending = pending;
    lineage->now.sending = sending;
}

/* -- commits -- */

/* An edit loses its cell on the server to another one (0: to nobody knows whom). */
static void edit_loses(sim_lineage *lineage, const sim_commit *commit, const sim_sending *sending,
                       uint32_t old, uint32_t fresh)
{
    sim_edit *loser = &lineage->edits[old];
    const sim_edit *winner = &lineage->edits[fresh];
    const bool stale =
        fresh == 0 || (winner->committed != 0 && winner->committed < commit->ordinal);
    const bool emptied = fresh == 0 && sending != NULL && loser->committed != 0 &&
                         sending->copy->seen >= loser->committed; /* by an insert over it */
    loser->lost_to = fresh;
    loser->lost_at = commit->sequence;
    loser->collateral = stale;
    if ((!stale && sim_edit_saw(lineage, fresh, old)) || emptied || loser->host == commit->host ||
        (fresh != 0 && loser->hash == winner->hash)) {
        loser->loss = SIM_KNOWN;
    } else if (sending == NULL || sending->op == 0) {
        loser->loss = SIM_DIRECT;
    } else if (loser->committed != 0 && sending->shown >= loser->committed) {
        loser->loss = SIM_DECIDED;
        loser->decision = sending->decided;
    } else {
        loser->loss = sending->conditional ? SIM_BLIND : SIM_UNCONDITIONAL;
    }
}

static void cell_commit(sim_lineage *lineage, sim_commit *commit, const sim_sending *sending,
                        uint32_t column, sim_cell fresh)
{
    sim_cell *cell = &commit->cells.items[column];
    const sim_cell old = *cell;
    *cell = fresh;
    if (fresh.tag == old.tag) {
        return;
    }
    if (old.tag != 0) {
        edit_loses(lineage, commit, sending, old.tag, fresh.tag);
        lineage->lost[lineage->lost_count++] = old.tag;
    }
    if (fresh.tag != 0) {
        sim_edit *edit = &lineage->edits[fresh.tag];
        edit->duplicated = edit->duplicated || (edit->committed != 0 && edit->line != commit->line);
        edit->returned = edit->returned || edit->lost_at != 0;
        edit->committed = edit->committed == 0 ? commit->ordinal : edit->committed;
        edit->loss = SIM_NOT_LOST;
        edit->lost_at = 0;
    }
}

/* The value that the server's cell has now, and whose it is. */
static sim_cell committed_cell(sim_lineage *lineage, const sim_author *by,
                               const sim_sending *sending, uint32_t column, sim_cell old,
                               uint64_t hash)
{
    if (sending != NULL) {
        const sim_cell sent = sim_cell_at(&sending->cells, column);
        const bool named = column == SIM_ALIVE || (sending->present >> column & 1) != 0;
        const bool fresh = sent.tag != 0 && lineage->edits[sent.tag].committed == 0;
        if (named && (hash != old.hash || (fresh && hash == sent.hash))) {
            return (sim_cell){hash, sent.tag};
        }
        return (sim_cell){hash, hash == old.hash ? old.tag : 0};
    }
    if (hash == old.hash) {
        return old;
    }
    return (sim_cell){hash, by->host == 0 ? sim_edit_make(lineage, by, column, old, hash) : 0};
}

static void commit_cells(sim_lineage *lineage, sim_commit *commit, const sim_author *by,
                         const sim_sending *sending, const sy_row *row)
{
    const uint8_t *map =
        row != NULL ? sim_lineage_map(lineage, commit->line->columns, row->schema) : NULL;
    if (!sim_cells_reach(lineage, &commit->cells, commit->line->columns->count)) {
        return;
    }
    commit->alive = row != NULL && !sy_row_deleted(row);
    cell_commit(lineage, commit, sending, SIM_ALIVE,
                committed_cell(lineage, by, sending, SIM_ALIVE, commit->cells.items[SIM_ALIVE],
                               commit->alive ? 1 : 0));
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < row->schema->column_count; i++) {
        const uint32_t column = map[i];
        if (column != 0) {
            commit->line->columns->served |= UINT64_C(1) << column;
        }
        if (column != 0 && commit->alive) {
            cell_commit(lineage, commit, sending, column,
                        committed_cell(lineage, by, sending, column, commit->cells.items[column],
                                       sim_cell_hash(&row->cells[i])));
        }
    }
    commit->content = sim_cells_content(&commit->cells);
}

/* The request that a commit serves; NULL: the back office's, or it is not remembered. */
static const sim_sending *sending_of(const sim_lineage *lineage, const sim_event *event,
                                     const sim_line *line)
{
    const sim_sending *sending =
        sim_sending_find(lineage, (uint32_t)sim_field_int(event, COMMIT_SENDER),
                         (uint64_t)sim_field_int(event, COMMIT_SEND));
    return sending != NULL &&
                   (sending->copy->line == line || sim_line_id(sending->copy->line).size == 0)
               ? sending
               : NULL;
}

static bool moved_behind(const sim_line *line, const sim_event *event)
{
    const uint64_t before = sim_version_hash(sim_field_text(event, COMMIT_BEFORE));
    return line->newest != NULL ? line->newest->version != before : before != 0;
}

void sim_lineage_read_commit(sim_lineage *lineage, const sim_event *event)
{
    sim_line *line = sim_lineage_line(lineage, sim_field_text(event, COMMIT_TABLE),
                                      sim_field_text(event, COMMIT_ID));
    sim_commit *commit = sy_arena_push(&lineage->arena, sizeof *commit);
    if (line == NULL || commit == NULL) {
        lineage->failed = true;
        return;
    }
    const sim_sending *sending = sending_of(lineage, event, line);
    const uint32_t host = (uint32_t)sim_field_int(event, COMMIT_SENDER);
    line->untracked = line->untracked || moved_behind(line, event);
    *commit = (sim_commit){.older = line->newest,
                           .line = line,
                           .ordinal = line->newest != NULL ? line->newest->ordinal + 1 : 1,
                           .host = host,
                           .version = sim_version_hash(sim_field_text(event, COMMIT_AFTER)),
                           .sequence = event->sequence,
                           .op = sending != NULL ? sending->op : 0,
                           .queued = sending != NULL ? sending->queued : 0,
                           .stamp = sim_field_int(event, COMMIT_UPDATED_AT),
                           .order = sim_field_int(event, COMMIT_SEQUENCE),
                           .conditional = sending != NULL && sending->conditional,
                           .known = sending != NULL || host == 0};
    if (line->newest != NULL && !sim_cells_copy(lineage, &commit->cells, &line->newest->cells)) {
        return;
    }
    const sim_author by = {.event = event,
                           .line = line,
                           .host = host,
                           .seen = line->newest != NULL ? line->newest->ordinal : 0};
    commit_cells(lineage, commit, &by, sending, sim_field_row(event, COMMIT_ROW));
    line->newest = commit;
    sim_causal_commit(lineage, commit);
    lineage->now.line = line;
    lineage->now.commit = commit;
    lineage->now.sending = sending;
}

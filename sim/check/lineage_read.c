/* What each event does to the lineage: what a device is shown, crashes, purges; and who reads what.
 */
#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/lineage_internal.h"
#include "sim/kernel/events.h"

enum { READ_TICKET, READ_TABLE, READ_ID };

char sim_field_letter(const sim_event *event, uint32_t field)
{
    const sy_str text = sim_field_text(event, field);
    if (text.size > 0) {
        return text.data[0];
    }
    return 'u';
}

sim_copy *sim_lineage_meet(sim_lineage *lineage, uint32_t host, const sim_event *event,
                           uint32_t table, uint32_t id)
{
    sim_copy *copy =
        sim_lineage_known(lineage, host, sim_field_text(event, table), sim_field_text(event, id));
    if (copy != NULL) {
        sim_lineage_about(lineage, copy);
    }
    return copy;
}

sim_pending *sim_lineage_meet_pending(sim_lineage *lineage, const sim_event *event, uint32_t op,
                                      uint32_t table, uint32_t id)
{
    sim_copy *copy = sim_lineage_meet(lineage, event->host, event, table, id);
    lineage->now.pending = copy != NULL ? sim_pending_find(copy, sim_field_int(event, op)) : NULL;
    return lineage->now.pending;
}

/* -- what a device is shown -- */

static void copy_stands_on(sim_copy *copy, const sim_commit *commit, const sim_event *event)
{
    copy->base = commit != NULL ? commit->ordinal : 0;
    copy->seen = copy->base > copy->seen ? copy->base : copy->seen;
    copy->sequence = event->sequence;
    copy->unknown = false;
    copy->lost = false;
}

/* Whose value it is that a copy shows now. */
static uint32_t shown_tag(const sim_copy *copy, const sim_commit *commit, uint32_t column,
                          uint64_t hash)
{
    const sim_cell server = commit != NULL ? sim_cell_at(&commit->cells, column) : (sim_cell){0};
    const sim_cell before = sim_cell_at(&copy->cells, column);
    if (copy->first != NULL && before.hash == hash) { /* an edit that waits may say the same */
        return before.tag;
    }
    if (commit != NULL && server.hash == hash) {
        return server.tag;
    }
    if (before.hash == hash) {
        return before.tag;
    }
    for (const sim_pending *at = copy->first; at != NULL; at = at->next) {
        const sim_cell queued = sim_cell_at(&at->cells, column);
        if (queued.hash == hash) {
            return queued.tag;
        }
    }
    return 0;
}

static void copy_shows(sim_lineage *lineage, sim_copy *copy, const sim_commit *commit,
                       const sy_row *row)
{
    const uint8_t *map =
        row != NULL ? sim_lineage_map(lineage, copy->line->columns, row->schema) : NULL;
    if (!sim_cells_reach(lineage, &copy->cells, copy->line->columns->count)) {
        return;
    }
    const uint64_t alive = row != NULL ? 1 : 0;
    const uint32_t alive_tag = shown_tag(copy, commit, SIM_ALIVE, alive);
    copy->cells.items[SIM_ALIVE] = (sim_cell){alive, alive_tag};
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < row->schema->column_count; i++) {
        const uint32_t column = map[i];
        if (column != 0 && row->cells[i].type != SY_TYPE_ABSENT) {
            const uint64_t hash = sim_cell_hash(&row->cells[i]);
            const uint32_t tag = shown_tag(copy, commit, column, hash);
            copy->cells.items[column] = (sim_cell){hash, tag};
        }
    }
}

static void read_apply(sim_lineage *lineage, const sim_event *event)
{
    sim_copy *copy = sim_lineage_copy(lineage, event->host, sim_field_text(event, APPLY_TABLE),
                                      sim_field_text(event, APPLY_ID));
    if (copy == NULL) {
        return;
    }
    const uint64_t version = sim_version_hash(sim_field_text(event, APPLY_VERSION));
    const sim_commit *commit =
        version != 0 ? sim_line_version(copy->line, version) : copy->line->newest;
    const bool deleted = sim_field_int(event, APPLY_DELETED) != 0;
    if (commit == NULL && deleted && copy->line->newest != NULL && !copy->line->newest->alive) {
        commit = copy->line->newest;
    }
    lineage->now.base_before = copy->base;
    copy_shows(lineage, copy, commit, deleted ? NULL : sim_field_row(event, APPLY_ROW));
    copy_stands_on(copy, commit, event);
    if (commit != NULL) {
        sim_causal_apply(lineage, copy->replica, commit);
    }
    sim_lineage_about(lineage, copy);
    lineage->now.commit = commit;
}

static void read_conflict(sim_lineage *lineage, const sim_event *event)
{
    sim_pending *pending =
        sim_lineage_meet_pending(lineage, event, CONFLICT_OP, CONFLICT_TABLE, CONFLICT_ID);
    if (pending == NULL) {
        return;
    }
    const sim_line *line = pending->copy->line;
    const sy_row *server = sim_field_row(event, CONFLICT_SERVER);
    const sim_commit *commit =
        server == NULL ? line->newest
                       : sim_line_version(line, sim_version_hash(sy_row_version(server)));
    if (server == NULL && (commit == NULL || commit->alive)) {
        return;
    }
    lineage->now.commit = commit;
    if (commit != NULL && commit->ordinal > pending->shown) {
        pending->shown = commit->ordinal;
    }
}

/* The cells of the row that differ from the ones in the queue. */
static uint64_t differing(sim_lineage *lineage, const sim_pending *pending, const sy_row *row)
{
    uint64_t bits = 0;
    const uint8_t *map =
        row != NULL ? sim_lineage_map(lineage, pending->copy->line->columns, row->schema) : NULL;
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < row->schema->column_count; i++) {
        const bool says = map[i] != 0 && row->cells[i].type != SY_TYPE_ABSENT;
        if (says && sim_cell_at(&pending->cells, map[i]).hash != sim_cell_hash(&row->cells[i])) {
            bits |= UINT64_C(1) << map[i];
        }
    }
    return bits;
}

static void read_loss(sim_lineage *lineage, const sim_event *event)
{
    sim_pending *pending = sim_lineage_meet_pending(lineage, event, LOSS_OP, LOSS_TABLE, LOSS_ID);
    const sy_row *row = sim_field_row(event, LOSS_LOCAL);
    if (pending == NULL) {
        return;
    }
    const uint8_t *map =
        row != NULL ? sim_lineage_map(lineage, pending->copy->line->columns, row->schema) : NULL;
    pending->lost = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < row->schema->column_count; i++) {
        if (map[i] != 0 && row->cells[i].type != SY_TYPE_ABSENT) {
            pending->lost |= UINT64_C(1) << map[i];
        }
    }
}

static void read_decision(sim_lineage *lineage, const sim_event *event)
{
    sim_pending *pending =
        sim_lineage_meet_pending(lineage, event, DECISION_OP, DECISION_TABLE, DECISION_ID);
    if (pending != NULL) {
        const bool sends = sim_field_is(event, DECISION_DECISION, "send");
        pending->decided = event->sequence;
        pending->held = sim_field_is(event, DECISION_DECISION, "hold");
        pending->changed =
            sends ? differing(lineage, pending, sim_field_row(event, DECISION_ROW)) : 0;
        pending->lost = pending->changed; /* until the next event says what exactly */
        pending->kept = sim_field_is(event, DECISION_DECISION, "fork") ||
                        sim_field_is(event, DECISION_DECISION, "park");
        pending->yielded = pending->kept || sim_field_is(event, DECISION_DECISION, "return") ||
                           sim_field_is(event, DECISION_DECISION, "reject");
    }
}

/* -- crashes and purges -- */

static void read_survivor(sim_lineage *lineage, const sim_event *event)
{
    const uint32_t host = sim_event_device(lineage->trace, event);
    sim_copy *copy = sim_lineage_copy(lineage, host, sim_field_text(event, SURVIVOR_TABLE),
                                      sim_field_text(event, SURVIVOR_ID));
    if (copy == NULL) {
        return;
    }
    sim_lineage_about(lineage, copy);
    const bool known = sim_pending_find(copy, sim_field_int(event, SURVIVOR_OP)) != NULL;
    sim_pending *pending =
        sim_pending_get(lineage, copy, sim_field_int(event, SURVIVOR_OP), event->sequence);
    if (pending != NULL) {
        pending->survived = true;
        pending->kind = sim_field_letter(event, SURVIVOR_KIND);
        if (!known) {
            pending->recovered = true;
            (void)sim_cells_copy(lineage, &pending->cells, &copy->cells);
        }
    }
}

static bool shows_row(const sim_copy *copy)
{
    return sim_cell_at(&copy->cells, SIM_ALIVE).hash != 0;
}

static void read_survivor_row(sim_lineage *lineage, const sim_event *event)
{
    const uint32_t host = sim_event_device(lineage->trace, event);
    const sy_row *row = sim_field_row(event, SURVIVOR_ROW_ROW);
    sim_copy *copy = sim_lineage_copy(lineage, host, sim_field_text(event, SURVIVOR_ROW_TABLE),
                                      sim_field_text(event, SURVIVOR_ROW_ID));
    if (copy == NULL || row == NULL) {
        return;
    }
    const uint64_t version = sim_version_hash(sy_row_version(row));
    const sim_commit *commit = version != 0 ? sim_line_version(copy->line, version) : NULL;
    lineage->now.base_before = copy->base;
    const uint64_t before = sim_cells_content(&copy->cells);
    copy->had_row = shows_row(copy);
    copy_shows(lineage, copy, commit, row);
    copy->changed = sim_cells_content(&copy->cells) != before;
    copy->base = commit != NULL ? commit->ordinal : copy->base;
    copy->survived = true;
    sim_lineage_about(lineage, copy);
}

static void drop_lost(sim_lineage *lineage, sim_copy *copy)
{
    for (sim_pending *at = copy->first, *next = NULL; at != NULL; at = next) {
        next = at->next;
        if (!at->survived) {
            sim_pending_drop(lineage, copy, at);
        } else {
            at->survived = false;
        }
    }
    if (!copy->survived) {
        copy->had_row = shows_row(copy);
    }
    if (!copy->survived && copy->had_row) {
        copy->cells.items[SIM_ALIVE] = (sim_cell){0};
        copy->lost = copy->base != 0 && copy->first == NULL;
    }
    copy->survived = false;
}

static void read_scene(sim_lineage *lineage, const sim_event *event)
{
    const uint32_t host = sim_event_device(lineage->trace, event);
    for (uint32_t i = 0; i < lineage->copy_count; i++) {
        if (lineage->copies[i]->host == host) {
            drop_lost(lineage, lineage->copies[i]);
        }
    }
}

/* No event tells which rows went. */
static void read_purge(sim_lineage *lineage, const sim_event *event)
{
    for (uint32_t i = 0; i < lineage->copy_count; i++) {
        sim_copy *copy = lineage->copies[i];
        if (copy->host == event->host &&
            sy_str_equal(sim_line_table(copy->line), sim_field_text(event, PURGE_TABLE))) {
            copy->unknown = true;
            copy->lost = false;
            copy->base = 0;
            copy->own = 0;
        }
    }
}

static void read_resolve(sim_lineage *lineage, const sim_event *event)
{
    const sim_pending *pending = sim_lineage_meet_pending(lineage, event, 0, 1, 2);
    if (pending != NULL) { /* by an app that was shown what it conflicts with */
        sim_copy *copy = lineage->now.copy;
        copy->unknown = true;
        copy->seen = pending->shown > copy->seen ? pending->shown : copy->seen;
        lineage->now.pending->recovered = true; /* the app made it another one */
    }
}

static void read_failed(sim_lineage *lineage, const sim_event *event)
{
    sim_pending *pending =
        sim_lineage_meet_pending(lineage, event, FAILED_OP, FAILED_TABLE, FAILED_ID);
    if (pending != NULL) {
        pending->failed++;
        pending->active = event->sequence;
    }
}

static void read_read(sim_lineage *lineage, const sim_event *event)
{
    (void)sim_lineage_meet(lineage, event->host, event, READ_TABLE, READ_ID);
}

static void read_skip(sim_lineage *lineage, const sim_event *event)
{
    if (sim_lineage_meet(lineage, event->host, event, 0, 1) != NULL) {
        return;
    }
    sim_copy *copy =
        sim_lineage_copy(lineage, event->host, sim_field_text(event, 0), sim_field_text(event, 1));
    if (copy != NULL) {
        copy->unknown = true; /* there is one, for an operation that no event told of */
        sim_lineage_about(lineage, copy);
    }
}

static void read_phase(sim_lineage *lineage, const sim_event *event)
{
    lineage->settling = lineage->settling || sim_field_is(event, 0, "settle");
}

typedef void (*reader)(sim_lineage *lineage, const sim_event *event);

static const struct {
    const sy_event_kind *kind;
    reader read;
} readers[] = {
    {&sy_event_write, sim_lineage_read_write},
    {&sy_event_enqueue, sim_lineage_read_enqueue},
    {&sy_event_dequeue, sim_lineage_read_dequeue},
    {&sy_event_send, sim_lineage_read_send},
    {&sy_event_commit, sim_lineage_read_commit},
    {&sy_event_apply, read_apply},
    {&sy_event_skip, read_skip},
    {&sy_event_read, read_read},
    {&sy_event_conflict, read_conflict},
    {&sy_event_decision, read_decision},
    {&sy_event_loss, read_loss},
    {&sy_event_op_failed, read_failed},
    {&sy_event_resolve, read_resolve},
    {&sy_event_purge, read_purge},
    {&sim_event_survivor, read_survivor},
    {&sim_event_survivor_row, read_survivor_row},
    {&sim_event_crash_scene, read_scene},
    {&sim_event_phase, read_phase},
    {&sy_event_pull_begin, sim_lineage_read_pull_begin},
    {&sy_event_page, sim_lineage_read_page},
    {&sy_event_pull_end, sim_lineage_read_pull_end},
};

const sy_event_kind *const sim_lineage_kinds[SIM_LINEAGE_KIND_COUNT] = {
    &sy_event_write,        &sy_event_enqueue,  &sy_event_dequeue,    &sy_event_send,
    &sy_event_commit,       &sy_event_apply,    &sy_event_skip,       &sy_event_read,
    &sy_event_conflict,     &sy_event_decision, &sy_event_loss,       &sy_event_op_failed,
    &sy_event_resolve,      &sy_event_purge,    &sim_event_survivor,  &sim_event_survivor_row,
    &sim_event_crash_scene, &sim_event_phase,   &sy_event_pull_begin, &sy_event_page,
    &sy_event_pull_end};

void sim_lineage_read(void *self, const sim_event *event)
{
    sim_lineage *lineage = self;
    lineage->now = (sim_moment){.edit_first = lineage->edit_count};
    lineage->lost_count = 0;
    lineage->missing_count = 0;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0] && !lineage->failed; i++) {
        if (readers[i].kind == event->kind) {
            readers[i].read(lineage, event);
            break;
        }
    }
    lineage->now.edit_end = lineage->edit_count;
}

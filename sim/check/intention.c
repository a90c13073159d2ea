/* C25. A merge keeps what only one side changed.
 *
 * Judged when a field merge decides that the local row is sent: each field that the device changed
 * and the server did not has the device's value, and the other way round. A policy that lets one
 * row win as a whole does not promise that: there it is what the ledger counts as collateral. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/history.h"

#include <string.h>

#define CELL_COUNT_MAX SY_COLUMN_COUNT_MAX

typedef struct clash { /* by (host, table, id, op): the conflict that is open */
    sim_record record;
    uint64_t sequence;
    uint64_t columns;                /* bit for each column that only one side changed */
    uint64_t wanted[CELL_COUNT_MAX]; /* hash of its value there */
} clash;

typedef struct intention {
    sim_checking in;
    sim_index clashes;
} intention;

static void intention_open(void *self)
{
    intention *state = self;
    sim_index_init(&state->clashes, state->in.alloc, sizeof(clash));
}

static uint64_t hash_of(const sy_value *value)
{
    return sy_value_missing(value) ? 0 : sy_value_hash(value, 0) | 1;
}

static uint64_t hash_in(const sy_row *row, const sy_row *like, uint32_t column)
{
    return hash_of(sy_row_cell(row, like->schema, column));
}

static void read_conflict(intention *state, const sim_event *event)
{
    const sy_row *base = sim_field_row(event, CONFLICT_BASE);
    const sy_row *local = sim_field_row(event, CONFLICT_LOCAL);
    const sy_row *server = sim_field_row(event, CONFLICT_SERVER);
    if (base == NULL || local == NULL || server == NULL || sy_row_deleted(server)) {
        return;
    }
    clash *made =
        sim_index_get(&state->clashes, event->host, sim_field_text(event, CONFLICT_TABLE),
                      sim_field_text(event, CONFLICT_ID), sim_field_int(event, CONFLICT_OP));
    if (made == NULL) {
        state->in.findings->failed = true;
        return;
    }
    made->sequence = event->sequence;
    made->columns = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < local->schema->column_count; i++) {
        const uint64_t before = hash_in(base, local, i);
        const uint64_t here = hash_of(&local->cells[i]);
        const uint64_t there = hash_in(server, local, i);
        if (local->cells[i].type != SY_TYPE_ABSENT && (here == before) != (there == before)) {
            made->columns |= UINT64_C(1) << i;
            made->wanted[i] = here == before ? there : here;
        }
    }
}

static bool merges(const sim_event *event)
{
    const sy_str by = sim_field_text(event, DECISION_BY);
    const size_t size = strlen("field_merge");
    return sim_field_is(event, DECISION_DECISION, "send") && by.size >= size &&
           memcmp(by.data, "field_merge", size) == 0;
}

static void judge(const intention *state, const sim_event *event, const clash *open,
                  const sy_row *merged)
{
    const sy_str table = sim_field_text(event, DECISION_TABLE);
    const sy_str id = sim_field_text(event, DECISION_ID);
    for (uint32_t i = SY_SYSTEM_COUNT; i < merged->schema->column_count; i++) {
        if ((open->columns >> i & 1) == 0 || hash_of(&merged->cells[i]) == open->wanted[i]) {
            continue;
        }
        sim_finding finding =
            sim_finding_of(sim_checker_intention.name, event,
                           sim_host_name(state->in.trace, event->host), table, id);
        sim_finding_witness(&finding, open->sequence);
        sim_finding_say(&finding, "%.*s/%.*s: the merge lost %.*s, which only one side had changed",
                        SY_FMT(table), SY_FMT(id), SY_FMT(merged->schema->columns[i].name));
        (void)sim_findings_add(state->in.findings, &finding);
        return;
    }
}

static void intention_read(void *self, const sim_event *event)
{
    intention *state = self;
    if (event->kind == &sy_event_conflict) {
        read_conflict(state, event);
        return;
    }
    clash *open =
        sim_index_find(&state->clashes, event->host, sim_field_text(event, DECISION_TABLE),
                       sim_field_text(event, DECISION_ID), sim_field_int(event, DECISION_OP));
    if (open == NULL) {
        return;
    }
    const sy_row *merged = sim_field_row(event, DECISION_ROW);
    if (merged != NULL && merges(event)) {
        judge(state, event, open, merged);
    }
    sim_index_remove(&state->clashes, &open->record);
}

static void intention_close(void *self)
{
    intention *state = self;
    sim_index_deinit(&state->clashes, &state->in.findings->failed);
}

static const sy_event_kind *const intention_kinds[] = {&sy_event_conflict, &sy_event_decision,
                                                       NULL};

const sim_checker sim_checker_intention = {
    .name = "intention",
    .claim = "a merge keeps what only one side changed",
    .kinds = intention_kinds,
    .state_size = sizeof(intention),
    .open = intention_open,
    .read = intention_read,
    .close = intention_close,
};

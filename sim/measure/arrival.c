#include "sim/measure/arrival.h"

#include "core/port/events.h"
#include "sim/check/fields.h"

#include <string.h>

typedef struct outcome_row {
    sim_record record;
    bool alive;
    uint64_t *hashes; /* by column */
    uint32_t count;
} outcome_row;

static void keep_cells(sim_outcome_cells *cells, outcome_row *kept, const sy_row *row)
{
    const uint32_t count = row->schema->column_count - SY_SYSTEM_COUNT;
    if (kept->count < count) {
        kept->hashes = sy_arena_push(&cells->arena, count * sizeof *kept->hashes);
        kept->count = kept->hashes != NULL ? count : 0;
        cells->failed = cells->failed || kept->hashes == NULL;
    }
    for (uint32_t i = 0; i < kept->count; i++) {
        kept->hashes[i] = i < count ? sim_cell_hash(&row->cells[SY_SYSTEM_COUNT + i]) : 0;
    }
}

static void read_commit(void *self, const sim_event *event)
{
    sim_outcome_cells *cells = self;
    const sy_row *row = sim_field_row(event, COMMIT_ROW);
    outcome_row *kept = sim_index_get(&cells->rows, 0, sim_field_text(event, COMMIT_TABLE),
                                      sim_field_text(event, COMMIT_ID), 0);
    if (kept == NULL) {
        return;
    }
    kept->alive = row != NULL && !sy_row_deleted(row);
    if (kept->alive) {
        keep_cells(cells, kept, row);
    }
}

sy_rc sim_outcome_cells_init(sim_outcome_cells *cells, sy_alloc alloc, sim_trace *trace,
                             sy_err *err)
{
    static const sy_event_kind *const kinds[] = {&sy_event_commit};
    *cells = (sim_outcome_cells){.failed = false};
    sy_arena_init(&cells->arena, alloc);
    sim_index_init(&cells->rows, alloc, sizeof(outcome_row));
    return sim_trace_read(trace, read_commit, cells, kinds, 1) == SY_OK ? SY_OK
                                                                        : sy_fail_nomem(err);
}

void sim_outcome_cells_deinit(sim_outcome_cells *cells)
{
    sim_index_deinit(&cells->rows, &cells->failed);
    sy_arena_deinit(&cells->arena);
}

static void compare(const outcome_row *a, const outcome_row *b, sim_metric_value *out)
{
    const bool other = b != NULL && b->alive;
    out->denominator++;
    out->numerator += a->alive != other;
    for (uint32_t i = 0; a->alive && other && i < a->count && i < b->count; i++) {
        out->denominator++;
        out->numerator += a->hashes[i] != b->hashes[i];
    }
}

static outcome_row *same_row(sim_outcome_cells *in, const outcome_row *row)
{
    return sim_index_find(&in->rows, 0, sim_record_a(&row->record), sim_record_b(&row->record), 0);
}

sim_metric_value sim_outcome_cells_differ(sim_outcome_cells *a, sim_outcome_cells *b)
{
    sim_metric_value out = {0, 0};
    const outcome_row *row = NULL;
    for (size_t at = 0; (row = sim_index_next(&a->rows, &at)) != NULL;) {
        compare(row, same_row(b, row), &out);
    }
    for (size_t at = 0; (row = sim_index_next(&b->rows, &at)) != NULL;) {
        if (same_row(a, row) == NULL) {
            compare(row, NULL, &out);
        }
    }
    return a->failed || b->failed || a->rows.failed || b->rows.failed ? (sim_metric_value){0, 0}
                                                                      : out;
}

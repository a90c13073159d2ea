/* Arrival sensitivity (policies.md 1.5): what a server's cells come to, to be held against what
 * they come to with the same users under another weather. */
#ifndef SIM_MEASURE_ARRIVAL_H
#define SIM_MEASURE_ARRIVAL_H

#include "sim/measure/metric.h"

typedef struct sim_outcome_cells { /* rows by (table, id) */
    sy_arena arena;
    sim_index rows;
    bool failed;
} sim_outcome_cells;

/* Attaches to the trace; stays where it is until the trace has ended. SY_NOMEM. */
sy_rc sim_outcome_cells_init(sim_outcome_cells *cells, sy_alloc alloc, sim_trace *trace,
                             sy_err *err);
void sim_outcome_cells_deinit(sim_outcome_cells *cells);
/* How many of the cells that either has are not the same. A cell says whether the row is there; the
 * others count where both have the row. No value: neither has a row, or memory ran out. */
sim_metric_value sim_outcome_cells_differ(sim_outcome_cells *a, sim_outcome_cells *b);

#endif

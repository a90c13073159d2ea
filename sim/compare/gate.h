/* A comparison held against an earlier one (its JSON document), seed by seed: is any metric worse
 * by more than its margin? Non-inferiority: it has to be shown that it is not, so that few seeds do
 * not hide what got worse. Cells with the same traces need no statistics. */
#ifndef SIM_COMPARE_GATE_H
#define SIM_COMPARE_GATE_H

#include "sim/compare/comparison.h"

typedef struct sim_margin { /* what may get lost; the larger of the two */
    sim_metric metric;
    double absolute; /* in the metric's unit */
    double part;     /* of the earlier value */
} sim_margin;

/* 5 % of the earlier value; of 1,000 edits 0.5. */
sim_margin sim_margin_default(sim_metric metric);
/* "lu=1" or "conv_mean=10%". SY_NOT_FOUND: no such metric; SY_INVALID: no such number. */
sy_rc sim_margin_read(sy_str text, sim_margin *out, sy_err *err);

typedef struct sim_gate {
    const sim_margin *margins; /* those that are not the default */
    size_t margin_count;
} sim_gate;

typedef struct sim_gated {
    uint64_t same, passed, worse, unclear; /* cells with the same traces; then metrics of others */
} sim_gated;

/* Appends a line for each metric of a cell that did not pass. `baseline` is the document. SY_PARSE:
 * it is none of ours; SY_NOT_FOUND: no cell or seed is in both; SY_NOMEM. */
sy_rc sim_gate_check(const sim_gate *gate, const sim_comparison *comparison, sy_str baseline,
                     sim_gated *out, sy_buf *text, sy_err *err);

#endif

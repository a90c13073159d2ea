/* Measures one run: reads the trace beside the checkers, with their lineage, and sums up.
 *
 * Times stop when settle begins: what settle does counts for what became of edits and for where
 * commits got, not for time that users spent. */
#ifndef SIM_MEASURE_MEASURE_H
#define SIM_MEASURE_MEASURE_H

#include "sim/check/finding.h"
#include "sim/measure/metric.h"

typedef struct sim_measure sim_measure;

/* Attaches to the trace, behind the lineage, which has to read each event first and to live as
 * long. The trace must end before sim_measure_free: it goes on calling. SY_NOMEM: *out may be set,
 * for the same reason. */
sy_rc sim_measure_open(sy_alloc alloc, sim_trace *trace, sim_lineage *lineage, sim_measure **out,
                       sy_err *err);

typedef struct sim_measure_end { /* what the trace does not say */
    sy_time now;
    const sim_findings *findings; /* NULL: none */
    bool sized;                   /* bytes were counted */
    uint64_t bytes_up, bytes_down;
} sim_measure_end;

/* Once, when the run is over. SY_NOMEM: something was not remembered. */
sy_rc sim_measure_sum(sim_measure *measure, const sim_measure_end *end, sim_metrics *out,
                      sy_err *err);
void sim_measure_free(sim_measure *measure);

#endif

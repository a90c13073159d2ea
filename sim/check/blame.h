/* The life of one cell, in sentences with times: who wrote it, what was sent and committed, what
 * was decided, what each device showed, and what became of each edit. */
#ifndef SIM_CHECK_BLAME_H
#define SIM_CHECK_BLAME_H

#include "sim/check/lineage.h"

typedef struct sim_blame_options { /* all borrowed for the run */
    sy_str row;                    /* id */
    sy_str field;                  /* empty: whether the row is there */
    sy_str host;                   /* only what this device did, and the server; empty: all */
} sim_blame_options;

typedef struct sim_blame sim_blame;

/* Attaches to a trace before its first event. SY_NOMEM. */
sy_rc sim_blame_new(sy_alloc alloc, sim_trace *trace, const sim_blame_options *options,
                    sim_blame **out, sy_err *err);
/* After the run, before the trace is freed. false: no event was about that cell. */
bool sim_blame_to_text(const sim_blame *blame, sy_buf *out);
/* After the trace is freed: it goes on calling. */
void sim_blame_free(sim_blame *blame);

#endif

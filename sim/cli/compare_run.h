/* One run of a comparison: in a worker it becomes bytes, in the parent these become a run again. */
#ifndef SIM_CLI_COMPARE_RUN_H
#define SIM_CLI_COMPARE_RUN_H

#include "sim/cli/cli.h"
#include "sim/compare/comparison.h"

/* A cli_jobs.execute. The text is empty when there was no run to measure. */
void cli_compare_run(const cli_execution *execution, cli_outcome *out, sy_buf *text);
/* The outages are in the arena. SY_NOT_FOUND: the text is empty; *out is a run that did not pass,
 * of nothing. SY_NOMEM. */
sy_rc cli_compared_read(sy_str text, sy_arena *arena, sim_compared_run *out);

#endif

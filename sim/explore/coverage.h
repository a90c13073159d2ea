/* Which shapes of behaviour a run went through: a conflict of an update answered with 412, an
 * insert collapsed with a delete while it was in flight, a response lost after the server had
 * committed. A shape is a short text without names and numbers of this one run; of a fault, also
 * what its host was about. */
#ifndef SIM_EXPLORE_COVERAGE_H
#define SIM_EXPLORE_COVERAGE_H

#include "core/base/map.h"
#include "sim/kernel/trace.h"

#define SIM_COVERAGE_HOST_COUNT_MAX 64 /* hosts whose doings are followed */

typedef struct sim_coverage {
    sy_arena arena;
    sy_map shapes; /* text -> itself */
    sim_trace *trace;
    sy_buf text;
    const char *doing[SIM_COVERAGE_HOST_COUNT_MAX]; /* "push", "pull"; NULL: nothing */
    bool failed;                                    /* memory ran out: something is missing */
} sim_coverage;

void sim_coverage_init(sim_coverage *coverage, sy_alloc alloc);
void sim_coverage_deinit(sim_coverage *coverage);
/* From now on the shapes of that trace are added to what is there. */
sy_rc sim_coverage_read(sim_coverage *coverage, sim_trace *trace);
size_t sim_coverage_count(const sim_coverage *coverage);
/* In order of appearance; NULL after the last. */
const char *sim_coverage_at(const sim_coverage *coverage, size_t index);

#endif

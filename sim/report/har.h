/* The HTTP traffic of a run as a HAR 1.2 document, which the developer tools of a browser open: a
 * page for each device, an entry for each request with its virtual times and exact sizes. A request
 * whose answer never came has status 0 and says why in `_error`. */
#ifndef SIM_REPORT_HAR_H
#define SIM_REPORT_HAR_H

#include "sim/run/simulation.h"

typedef struct sim_har sim_har;

/* Before the first device; from then on messages go through text. SY_NOMEM. */
sy_rc sim_har_new(sy_alloc alloc, sim_simulation *simulation, sim_har **out, sy_err *err);
void sim_har_free(sim_har *har);
/* What was recorded so far. false: there was no memory to record all of it. */
bool sim_har_write(const sim_har *har, const char *version, sy_buf *out);

#endif

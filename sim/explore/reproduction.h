/* A reproduction: a scenario's name and the choices that make it fail, as a text file.
 *
 *   syncsim reproduction 1
 *   scenario scenarios/worlds/notes.lua
 *   seed 17
 *   dialect mobile-apps
 *   server netfx
 *   weather --weather lte --set net.latency=5ms
 *   shows convergence: ROW differs...
 *   choices
 *   phone/link.down response-lost(request 5577, attempt 1) = 1
 *
 * `dialect`, `server` and `weather` are there when they were given, `window` ("10000000 ns") when
 * the order of events was a choice; the seed still makes the identities. A run that draws from its
 * seed has no choices: `drawn` (or `calm`, too) stands in their place, and nothing needs to be
 * shown. */
#ifndef SIM_EXPLORE_REPRODUCTION_H
#define SIM_EXPLORE_REPRODUCTION_H

#include "sim/explore/signature.h"

typedef struct sim_reproduction {
    char scenario[512];  /* the path as it was given */
    sim_options options; /* seed, calm, dialect, server, weather, orders */
    char weather[1024];  /* what the options' weather borrows */
    bool drawn;          /* the rest is drawn from the seed; else the list is all */
    sim_signature signature;
    sim_choice_list list;
} sim_reproduction;

void sim_reproduction_write(const sim_reproduction *reproduction, sy_buf *out);
bool sim_is_reproduction(sy_str text);
/* `out` must be ended with sim_reproduction_deinit whatever comes back. SY_PARSE names the line. */
sy_rc sim_reproduction_read(sy_str text, sy_alloc alloc, sim_reproduction *out, sy_err *err);
void sim_reproduction_deinit(sim_reproduction *reproduction);

#endif

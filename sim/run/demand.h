/* What a scenario demands to happen in at least one run of a sweep: sim.sometimes("a response was
 * lost after the commit"). A class of events has a sentence and is looked for in the trace; a
 * condition of the scenario's own has any text, and the scenario says whether it held. */
#ifndef SIM_RUN_DEMAND_H
#define SIM_RUN_DEMAND_H

#include "core/base/err.h"
#include "core/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define SIM_DEMAND_COUNT_MAX 16
#define SIM_DEMAND_SIZE      96

typedef struct sim_demand {
    char text[SIM_DEMAND_SIZE];
    bool met;
} sim_demand;

typedef struct sim_demands { /* zeroed: none */
    sim_demand items[SIM_DEMAND_COUNT_MAX];
    uint32_t count;
} sim_demands;

/* Demanded, and met when it was before or is now. SY_INVALID: an empty text, or one past the size;
 * SY_LIMIT: too many. */
sy_rc sim_demands_add(sim_demands *demands, sy_str text, bool met, sy_err *err);
/* Those of another run of the same scenario. Errors as above. */
sy_rc sim_demands_unite(sim_demands *demands, const sim_demands *more, sy_err *err);
uint32_t sim_demands_unmet(const sim_demands *demands);

/* -- in a run -- */

typedef struct sim_simulation sim_simulation;

const char *sim_event_class(size_t index); /* its sentence; NULL after the last */
/* SY_NOT_FOUND with a suggestion. */
sy_rc sim_event_class_find(sy_str text, size_t *index, sy_err *err);
/* The class is looked for from now on. Errors of both above, SY_NOMEM. */
sy_rc sim_simulation_demand_event(sim_simulation *simulation, sy_str text, sy_err *err);
/* A condition of the scenario's own. */
sy_rc sim_simulation_demand(sim_simulation *simulation, sy_str text, bool met, sy_err *err);
const sim_demands *sim_simulation_demands(const sim_simulation *simulation);

#endif

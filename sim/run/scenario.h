/* The scenario port: how a program describes and drives a run. lua/ implements it; a test may write
 * one in C. */
#ifndef SIM_RUN_SCENARIO_H
#define SIM_RUN_SCENARIO_H

#include "sim/run/simulation.h"

typedef enum sim_scenario_kind { SIM_STORY, SIM_WORLD } sim_scenario_kind;

typedef struct sim_expected_finding { /* finds = { checker = ..., row = ... } */
    char checker[64];
    char row[128]; /* "" any */
    char host[64]; /* "" any */
} sim_expected_finding;

#define SIM_FIND_COUNT_MAX        4
#define SIM_COMBINATION_COUNT_MAX 24

typedef struct sim_combination { /* one of `dialects`: a run of its own */
    const sy_dialect *client;
    const sy_server_dialect *server; /* NULL: the one that goes with the client */
    bool has_finds;                  /* its own, instead of the scenario's */
    sim_expected_finding finds[SIM_FIND_COUNT_MAX];
    uint32_t find_count;
} sim_combination;

typedef struct sim_scenario_info {
    char name[160];
    sim_scenario_kind kind;
    sim_expected_finding finds[SIM_FIND_COUNT_MAX];
    uint32_t find_count;
    sim_combination combinations[SIM_COMBINATION_COUNT_MAX];
    uint32_t combination_count; /* 0: none were named */
} sim_scenario_info;

/* The combination that these dialects are one of; NULL: of none. */
const sim_combination *sim_combination_find(const sim_scenario_info *info, const sy_dialect *client,
                                            const sy_server_dialect *server);

typedef struct sim_scenario_ops {
    /* Builds the hosts and starts the drivers; the run then steps the simulation until the drivers
     * are done. */
    sy_rc (*start)(void *self, sim_simulation *simulation, sy_err *err);
    /* True when every driver came to its end (or one failed). */
    bool (*done)(void *self);
    /* After the last step: how the drivers ended. SY_OK: all came to their end. SY_STATE: an
     * expectation failed (SIM_FOUND). SY_PARSE: the scenario misused something or raised
     * (SIM_BAD_SCENARIO, file:line in the text). SY_CRASHED: the code under test raised, a policy,
     * handler or store (SIM_CODE_CRASHED). SY_LIMIT: instructions, memory, or drivers that still
     * wait (SIM_UNDECIDED). Others, SY_NOMEM among them: the harness. */
    sy_rc (*finish)(void *self, sy_err *err);
    /* After finish: the whole text, with the difference, of more lines than an error holds; "" when
     * all went well. Valid as long as the scenario. */
    const char *(*text)(void *self);
} sim_scenario_ops;

typedef struct sim_scenario {
    const sim_scenario_ops *ops;
    void *self;
    const sim_scenario_info *info;
    const char *path;
} sim_scenario;

#endif

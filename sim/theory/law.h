/* Closed forms that the simulator must reproduce: policies.md section 5. A law says what parameters
 * it has, what the formula gives, and how to sample the same from simulations; `through` names the
 * components that a sample passes. This folder alone calculates with libm, and nothing of that
 * reaches a trace: what is simulated draws in integers (sim/kernel/distribution). */
#ifndef SIM_THEORY_LAW_H
#define SIM_THEORY_LAW_H

#include "core/base/err.h"
#include "sim/theory/tally.h"

#define SIM_LAW_PARAMETER_COUNT_MAX 5

typedef struct sim_law_parameter {
    const char *name;
    double value; /* unless set otherwise */
    double min, max;
} sim_law_parameter;

struct sim_law;
struct sim_rig;
struct sim_stream;
struct sim_law_run;

/* One sample from a rig, added to the tally; `sample` counts from 0 in each rig. */
typedef void (*sim_law_once)(struct sim_rig *rig, struct sim_law_run *run, uint64_t sample);
/* One sample from draws alone. */
typedef double (*sim_law_roll_once)(const struct sim_stream *dice, const struct sim_law_run *run,
                                    uint64_t sample);

/* One evaluation. `set` is in the order of the law's parameters. */
typedef struct sim_law_run {
    const struct sim_law *law;
    const double *set;
    uint64_t seed;
    uint64_t samples; /* how large the sum of the tally's y should become */
    sim_law_tally tally;
} sim_law_run;

typedef struct sim_law {
    const char *form; /* "V1" */
    const char *what; /* "P(conflict | dirty push), client wins" */
    const char *through;
    sim_law_parameter parameters[SIM_LAW_PARAMETER_COUNT_MAX]; /* to the first without a name */
    double (*closed)(const double *set);
    /* Adds repetitions to the tally. */
    sy_rc (*sample)(sim_law_run *run, sy_err *err);
    /* An approximation: how far the simulated value may be from it, as a part of it; 0: exact, the
     * distance is compared with its standard error. */
    double tolerance;
    /* The samples are the work of one: this many times as many, or a part. 0: 1. */
    double weight;
    /* What `sample` takes its samples by, where several laws share it. */
    sim_law_once once;
    sim_law_roll_once roll;
} sim_law;

extern const sim_law
    *const sim_law_groups[]; /* arrays that end with a law without form; NULL at the end */

/* The seed of a repetition: the same seed of a run gives the same. Never 0. */
uint64_t sim_law_seed(const sim_law_run *run, uint64_t repetition);

typedef struct sim_law_result {
    double simulated, closed, error; /* of the simulated value */
    double z;                        /* (simulated - closed) / error; with a tolerance: unused */
    double off;                      /* |simulated - closed| / |closed| */
    uint64_t repetitions;
    bool held;
} sim_law_result;

#define SIM_LAW_Z_MAX 3.3

/* SY_INVALID: a value is out of its range. */
sy_rc sim_law_evaluate(const sim_law *law, sim_law_run *run, sim_law_result *out, sy_err *err);

#endif

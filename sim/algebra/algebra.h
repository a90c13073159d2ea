/* The algebra of conflict policies (policies.md 1.5): which laws a policy keeps, each with the
 * smallest conflict that breaks it. All conflicts over three values in two columns, in nine cases
 * of presence and three of time, then drawn ones. What comes out is what the
 * server would hold. */
#ifndef SIM_ALGEBRA_ALGEBRA_H
#define SIM_ALGEBRA_ALGEBRA_H

#include "core/policy/policy.h"

typedef enum sim_law_of_policy {
    SIM_POLICY_TOTAL,         /* every kind of conflict gets a decision */
    SIM_POLICY_DETERMINISTIC, /* equal conflicts, equal decisions */
    SIM_POLICY_IDEMPOTENT,    /* both wrote the same: that comes out, and nothing else */
    SIM_POLICY_SYMMETRIC,     /* both sides changed places, with their stamps: the same comes out */
    SIM_POLICY_ASSOCIATIVE,   /* three writers, in whatever order they arrive: the same */
    SIM_POLICY_NO_INVENTION,  /* a cell is the base's, ours or theirs, unless its rule is typed */
    SIM_POLICY_INTENTION,     /* what only one side changed comes out */
    SIM_POLICY_CLOCKS,        /* what comes out carries a stamp that is not before either */
    SIM_POLICY_LAW_COUNT
} sim_law_of_policy;

const char *sim_policy_law_name(sim_law_of_policy law); /* "symmetry" */

typedef struct sim_policy_law {
    uint64_t cases; /* it was tried in */
    bool fails;
    uint32_t size; /* of the counterexample: cells and circumstances that are not the simplest */
    char example[1024]; /* in words */
} sim_policy_law;

typedef struct sim_algebra {
    sim_policy_law laws[SIM_POLICY_LAW_COUNT];
} sim_algebra;

typedef struct sim_algebra_options {
    uint64_t seed;
    uint64_t samples; /* drawn conflicts for each law */
    bool as_run;      /* what both sides agree about is settled first, as in the engine */
} sim_algebra_options;

/* SY_OK, SY_NOMEM, or SY_SCHEMA for a policy whose columns no table can have. */
sy_rc sim_algebra_check(const sy_policy *policy, const sim_algebra_options *options,
                        sim_algebra *out, sy_err *err);

/* A field policy as a policy of rows: a merge in which every column has it, with bounds and states
 * where it needs some. `room` is for what it is made of. */
typedef struct sim_field_as_policy {
    sy_field_policy field;
    sy_policy policy;
} sim_field_as_policy;
const sy_policy *sim_algebra_of_field(const sy_field_policy *field, sim_field_as_policy *room);

#endif

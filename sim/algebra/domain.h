/* The rows that policies are tried on: a table with the policy's columns, and at least two, with
 * three values each that mean something to the column's rule. */
#ifndef SIM_ALGEBRA_DOMAIN_H
#define SIM_ALGEBRA_DOMAIN_H

#include "core/base/hash.h"
#include "core/policy/policy.h"

#define SIM_DOMAIN_VALUE_COUNT 3
#define SIM_DOMAIN_ROW_COUNT   9 /* of the first two columns, the others at their first value */

typedef struct sim_domain {
    const sy_schema *schema;
    const sy_value (*values)[SIM_DOMAIN_VALUE_COUNT]; /* by column of the table's own */
    uint64_t typed; /* bits of the columns whose rule makes values of its own */
} sim_domain;

/* Drawn values: a function of the seed, the law, the sample, and the how-manieth value of it. */
typedef struct sim_dice {
    uint64_t hash, count;
} sim_dice;

static inline uint64_t sim_dice_next(sim_dice *dice)
{
    return sy_hash_mix(dice->hash, ++dice->count);
}

/* In `arena`. SY_OK, SY_NOMEM, SY_SCHEMA. */
sy_rc sim_domain_make(const sy_policy *policy, sy_arena *arena, sim_domain *out, sy_err *err);
/* Row 0 to 8; NULL: no memory. */
const sy_row *sim_domain_row(const sim_domain *domain, uint32_t number, sy_arena *arena);
/* Any values, numbers also beyond the three; NULL: no memory. */
const sy_row *sim_domain_draw(const sim_domain *domain, sim_dice *dice, sy_arena *arena);

#endif

/* Logarithms, powers and the normal distribution in integers: the same on every machine, unlike
 * those of libm. Fractions are in 1/2^32, called q32. */
#ifndef SIM_KERNEL_FIXED_H
#define SIM_KERNEL_FIXED_H

#include <stdint.h>

#define SIM_FIXED_ONE (INT64_C(1) << 32)
#define SIM_FIXED_LN2 INT64_C(2977044472) /* q32 */

/* value * factor, rounded towards zero; what no 64 bits hold is INT64_MAX. Both are >= 0. */
int64_t sim_fixed_scale(int64_t value, int64_t factor_q32);
/* The binary logarithm of `value` >= 1; absolute error below 2^-29. */
int64_t sim_fixed_log2(uint64_t value);
/* 2^exponent, for exponents below 31; relative error below 2^-25. Larger ones count as 31 - 2^-32,
 * those below -32 give 0. */
int64_t sim_fixed_exp2(int64_t exponent_q32);
/* How far the normal distribution reaches: the value above which 2^-halvings of it lie, for
 * `halvings` from 1 (the median, 0) to 33. Absolute error below 2e-5. */
int64_t sim_fixed_normal_tail(int64_t halvings_q32);

#endif

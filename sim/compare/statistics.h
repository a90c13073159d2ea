/* Intervals and tests over seeds. The unit of replication is the seed: what happens within a run
 * hangs together.
 *
 * A metric is a ratio whose parts each seed adds to: R = sum x / sum y, with the standard error of
 * its linearised residuals r_i = (x_i - R y_i) / mean y. Two policies are held against each other
 * by the differences of their residuals for the same seed. Only + - * / and the square root, which
 * IEEE 754 rounds exactly: the same on every machine. */
#ifndef SIM_COMPARE_STATISTICS_H
#define SIM_COMPARE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What Student's t exceeds with probability 1 / tails, for 2 or more degrees of freedom; relative
 * error below 1 % from 4 on (tails up to 10,000: from 20 on). 40: a two-sided interval of 95 %. */
double sim_student(uint64_t tails, uint64_t degrees);

typedef struct sim_part { /* what a seed adds */
    double x, y;
} sim_part;

typedef struct sim_estimate {
    double value, error; /* the ratio, its standard error */
    uint64_t count;      /* seeds that add to it; below 2 there is no error, at 0 no value */
} sim_estimate;

/* residuals: count numbers, or NULL. */
sim_estimate sim_ratio(const sim_part *parts, size_t count, double *residuals);
/* The standard error of a paired difference, and how many times larger its variance would be if the
 * seeds were not paired (0: it has none). */
double sim_paired_error(const double *a, const double *b, size_t count, double *gain);

typedef struct sim_interval {
    double low, high;
} sim_interval;

/* 95 %: the estimate and Student's t. */
sim_interval sim_student_interval(const sim_estimate *estimate, uint64_t count);
/* Wilson's 95 % interval of `hits` in `count`; count > 0. */
sim_interval sim_wilson(uint64_t hits, uint64_t count);

/* Holm's step-down at 5 % over the family: rejected[i] says whether |t[i]| is too large for chance.
 * t has `degrees[i]` degrees of freedom. false: no memory. */
bool sim_holm(const double *t, const uint64_t *degrees, size_t count, bool *rejected);

#endif

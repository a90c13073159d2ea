/* What came of many independent repetitions, each a pair (count of something, count of what it is
 * a part of), and how far their ratio is from what a law says. A plain mean has 1 as its second. */
#ifndef SIM_THEORY_TALLY_H
#define SIM_THEORY_TALLY_H

#include <stdint.h>

typedef struct sim_law_tally { /* zeroed: nothing yet */
    uint64_t count;
    double x, y; /* sums */
    double xx, xy, yy;
} sim_law_tally;

void sim_law_tally_add(sim_law_tally *tally, double x, double y);
/* Sum of the x over sum of the y; 0 where there is none. */
double sim_law_tally_ratio(const sim_law_tally *tally);
/* Of the ratio, by the differences x - ratio * y between the repetitions. 0: fewer than two. */
double sim_law_tally_error(const sim_law_tally *tally);

#endif

#include "sim/theory/tally.h"

#include <math.h>

void sim_law_tally_add(sim_law_tally *tally, double x, double y)
{
    tally->count++;
    tally->x += x;
    tally->y += y;
    tally->xx += x * x;
    tally->xy += x * y;
    tally->yy += y * y;
}

double sim_law_tally_ratio(const sim_law_tally *tally)
{
    return tally->y > 0 ? tally->x / tally->y : 0;
}

double sim_law_tally_error(const sim_law_tally *tally)
{
    if (tally->count < 2 || tally->y <= 0) {
        return 0;
    }
    const double n = (double)tally->count;
    const double ratio = sim_law_tally_ratio(tally);
    const double squares = tally->xx - 2 * ratio * tally->xy + ratio * ratio * tally->yy;
    return squares > 0 ? sqrt(squares * n / (n - 1)) / tally->y : 0;
}

#include "sim/compare/statistics.h"

#include "core/base/alloc.h"
#include "sim/kernel/fixed.h"

#include <math.h>

#define Z95 1.959963984540054

/* The normal quantile, and the expansion of Student's in powers of 1 / degrees [Abramowitz and
 * Stegun 26.7.5]. */
double sim_student(uint64_t tails, uint64_t degrees)
{
    const double z = (double)sim_fixed_normal_tail(sim_fixed_log2(tails)) / (double)SIM_FIXED_ONE;
    const double n = (double)degrees;
    const double z2 = z * z;
    if (degrees == 2) { /* exactly */
        const double p = 1.0 / (double)tails;
        return (1.0 - 2.0 * p) / sqrt(2.0 * p * (1.0 - p));
    }
    const double g1 = z * (z2 + 1.0) / 4.0;
    const double g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    const double g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    const double g4 =
        z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}

static double error_of(double squares, size_t count)
{
    return count > 1 ? sqrt(squares / ((double)count * (double)(count - 1))) : 0.0;
}

sim_estimate sim_ratio(const sim_part *parts, size_t count, double *residuals)
{
    sim_estimate out = {0};
    double x = 0.0;
    double y = 0.0;
    for (size_t i = 0; i < count; i++) {
        x += parts[i].x;
        y += parts[i].y;
        out.count += parts[i].y > 0.0;
    }
    if (out.count == 0) {
        for (size_t i = 0; residuals != NULL && i < count; i++) {
            residuals[i] = 0.0;
        }
        return out;
    }
    out.value = x / y;
    const double mean = y / (double)count;
    double squares = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double residual = (parts[i].x - out.value * parts[i].y) / mean;
        squares += residual * residual;
        if (residuals != NULL) {
            residuals[i] = residual;
        }
    }
    out.error = error_of(squares, count);
    return out;
}

double sim_paired_error(const double *a, const double *b, size_t count, double *gain)
{
    double squares = 0.0;
    double apart = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double difference = a[i] - b[i]; /* residuals have mean 0 */
        squares += difference * difference;
        apart += a[i] * a[i] + b[i] * b[i];
    }
    *gain = squares > 0.0 ? apart / squares : 0.0;
    return error_of(squares, count);
}

sim_interval sim_student_interval(const sim_estimate *estimate, uint64_t count)
{
    const double half = count > 2 ? sim_student(40, count - 1) * estimate->error : 0.0;
    return (sim_interval){estimate->value - half, estimate->value + half};
}

sim_interval sim_wilson(uint64_t hits, uint64_t count)
{
    const double n = (double)count;
    const double p = (double)hits / n;
    const double scale = 1.0 + Z95 * Z95 / n;
    const double middle = (p + Z95 * Z95 / (2.0 * n)) / scale;
    const double half = Z95 / scale * sqrt(p * (1.0 - p) / n + Z95 * Z95 / (4.0 * n * n));
    return (sim_interval){hits == 0 ? 0.0 : middle - half, hits == count ? 1.0 : middle + half};
}

static double absolute(double value)
{
    return value < 0.0 ? -value : value;
}

/* The largest that was not looked at; the first of equals. */
static size_t next_of(const double *t, const bool *seen, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        if (!seen[i] && (best == count || absolute(t[i]) > absolute(t[best]))) {
            best = i;
        }
    }
    return best;
}

bool sim_holm(const double *t, const uint64_t *degrees, size_t count, bool *rejected)
{
    bool *seen = sy_alloc_zeroed(sy_alloc_std(), count * sizeof *seen);
    if (seen == NULL) {
        return false;
    }
    bool going = true;
    for (size_t left = count; left > 0; left--) {
        const size_t at = next_of(t, seen, count);
        seen[at] = true;
        going = going && degrees[at] >= 2 &&
                absolute(t[at]) > sim_student(40 * (uint64_t)left, degrees[at]);
        rejected[at] = going;
    }
    sy_alloc_free(sy_alloc_std(), seen, count * sizeof *seen);
    return true;
}

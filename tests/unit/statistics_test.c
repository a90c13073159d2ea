#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/compare/statistics.h"

static void assert_near(double actual, double expected, double relative)
{
    const double distance = actual > expected ? actual - expected : expected - actual;
    const double size = expected < 0.0 ? -expected : expected;
    if (distance > relative * size) {
        print_error("%.9g is not %.9g\n", actual, expected);
        fail();
    }
}

/* Tables of Student's distribution: one-sided 2.5 %, 0.5 %, 0.05 %. */
static void quantiles_are_those_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        uint64_t tails, degrees;
        double value, relative;
    } known[] = {
        {40, 2, 4.302653, 1e-5},       {40, 4, 2.776445, 1e-3},    {40, 9, 2.262157, 1e-4},
        {40, 29, 2.045230, 1e-5},      {40, 199, 1.971957, 2e-5},  {200, 9, 3.249836, 1e-3},
        {200, 49, 2.679952, 1e-4},     {2000, 29, 3.659405, 1e-3}, {2000, 199, 3.339865, 1e-4},
        {40, 1000000, 1.959964, 2e-5},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_near(sim_student(known[i].tails, known[i].degrees), known[i].value,
                    known[i].relative);
    }
}

/* Over a constant y a ratio is a mean: 2, 4, 4, 4, 5, 5, 7, 9 have mean 5, and 32 / 7 as variance.
 */
static void a_ratio_over_ones_is_a_mean(void **state)
{
    (void)state;
    static const double x[] = {2, 4, 4, 4, 5, 5, 7, 9};
    sim_part parts[8];
    double residuals[8];
    for (size_t i = 0; i < 8; i++) {
        parts[i] = (sim_part){x[i], 1.0};
    }
    const sim_estimate of = sim_ratio(parts, 8, residuals);
    assert_near(of.value, 5.0, 1e-12);
    assert_near(of.error, 0.755928946018454, 1e-12); /* sqrt(32 / 7 / 8) */
    assert_near(residuals[7], 4.0, 1e-12);
    const sim_interval interval = sim_student_interval(&of, 8); /* t = 2.364624 */
    assert_near(interval.low, 5.0 - 1.787493, 1e-4);
    assert_near(interval.high, 5.0 + 1.787493, 1e-4);
}

/* Cochran: R = 12 / 24, residuals (1 - 1, 2 - 4, 9 - 7) / 8. */
static void seeds_add_what_they_weigh(void **state)
{
    (void)state;
    static const sim_part parts[] = {{1, 2}, {2, 8}, {9, 14}};
    const sim_estimate of = sim_ratio(parts, 3, NULL);
    assert_near(of.value, 0.5, 1e-12);
    assert_near(of.error, 0.14433756729740643, 1e-12); /* sqrt((0 + 1/16 + 1/16) / 6) */
    assert_int_equal(of.count, 3);
}

static void a_seed_without_a_value_adds_nothing(void **state)
{
    (void)state;
    static const sim_part some[] = {{0, 0}, {3, 1}};
    static const sim_part none[] = {{0, 0}, {0, 0}};
    double residuals[2] = {7, 7};
    assert_near(sim_ratio(some, 2, residuals).value, 3.0, 1e-12);
    assert_int_equal(sim_ratio(some, 2, residuals).count, 1);
    assert_int_equal(sim_ratio(none, 2, residuals).count, 0);
    assert_true(residuals[0] == 0.0);
}

/* b is a but for a little: the pairs take most of the variance away. */
static void pairs_take_what_both_have_in_common(void **state)
{
    (void)state;
    static const double a[] = {-3, -1, 1, 3};
    static const double b[] = {-2, -2, 2, 2};
    double gain = 0.0;
    assert_near(sim_paired_error(a, b, 4, &gain), 0.5773502691896258, 1e-12); /* sqrt(4 / 12) */
    assert_near(gain, 9.0, 1e-12);                                            /* (20 + 16) / 4 */
    assert_true(sim_paired_error(a, a, 4, &gain) == 0.0);
    assert_true(gain == 0.0);
}

/* Brown, Cai and DasGupta: 0 of 20 and 5 of 50. */
static void wilson_is_near_zero_what_it_should_be(void **state)
{
    (void)state;
    const sim_interval none = sim_wilson(0, 20);
    assert_true(none.low == 0.0);
    assert_near(none.high, 0.161125, 1e-5);
    const sim_interval some = sim_wilson(5, 50);
    assert_near(some.low, 0.043475, 1e-4);
    assert_near(some.high, 0.213602, 1e-4);
    assert_true(sim_wilson(20, 20).high == 1.0);
}

/* With normal tails: 2.5 %/3 takes 2.394, 2.5 %/2 takes 2.241, 2.5 % takes 1.960. */
static void holm_steps_down_and_stops(void **state)
{
    (void)state;
    static const uint64_t degrees[] = {1000000, 1000000, 1000000};
    static const double all[] = {2.0, -2.5, 2.3};
    static const double first[] = {2.2, -2.5, 2.1};
    bool rejected[3];
    assert_true(sim_holm(all, degrees, 3, rejected));
    assert_true(rejected[0] && rejected[1] && rejected[2]);
    assert_true(sim_holm(first, degrees, 3, rejected));
    assert_true(!rejected[0] && rejected[1] && !rejected[2]); /* 2.2 < 2.241: the rest stands */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_the_tables),
        cmocka_unit_test(a_ratio_over_ones_is_a_mean),
        cmocka_unit_test(seeds_add_what_they_weigh),
        cmocka_unit_test(a_seed_without_a_value_adds_nothing),
        cmocka_unit_test(pairs_take_what_both_have_in_common),
        cmocka_unit_test(wilson_is_near_zero_what_it_should_be),
        cmocka_unit_test(holm_steps_down_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

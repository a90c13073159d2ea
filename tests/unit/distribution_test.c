/* Quantiles against libm's, which is right enough here and never used in a run. */
#include "sim/kernel/distribution.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/kernel/fixed.h"

static double q32(int64_t value)
{
    return (double)value / 4294967296.0;
}

static double probability(uint64_t chosen)
{
    return ((double)chosen + 0.5) / 4294967296.0;
}

/* Over the whole range, dense at both ends. */
static uint64_t nth(int i)
{
    const uint64_t near = UINT64_C(1) << (i % 32);
    return i < 32   ? near - 1
           : i < 64 ? SIM_DRAW_BOUND - near
                    : (uint64_t)i * 21000000 % SIM_DRAW_BOUND;
}

#define NTH_COUNT 264

static void logarithms_and_powers_are_those_of_libm(void **state)
{
    (void)state;
    for (uint64_t value = 1; value < UINT64_C(1) << 62; value = value * 5 / 3 + 1) {
        assert_true(fabs(q32(sim_fixed_log2(value)) - log2((double)value)) < 0x1p-29);
    }
    for (int64_t exponent = -20 * SIM_FIXED_ONE; exponent < 31 * SIM_FIXED_ONE;
         exponent += 123456789012 / 7) {
        const double power = exp2(q32(exponent));
        assert_true(fabs(q32(sim_fixed_exp2(exponent)) - power) < power * 0x1p-25 + 0x1p-31);
    }
    assert_int_equal(sim_fixed_exp2(-40 * SIM_FIXED_ONE), 0);
    assert_int_equal(sim_fixed_exp2(99 * SIM_FIXED_ONE), sim_fixed_exp2(31 * SIM_FIXED_ONE - 1));
}

static void scaling_is_exact_and_saturates(void **state)
{
    (void)state;
    assert_int_equal(sim_fixed_scale(12345, SIM_FIXED_ONE), 12345);
    assert_int_equal(sim_fixed_scale(INT64_MAX, SIM_FIXED_ONE), INT64_MAX);
    assert_int_equal(sim_fixed_scale(INT64_MAX, SIM_FIXED_ONE / 2), INT64_MAX / 2);
    assert_int_equal(sim_fixed_scale(INT64_MAX, SIM_FIXED_ONE + 1), INT64_MAX);
    assert_int_equal(sim_fixed_scale(INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(sim_fixed_scale(3, SIM_FIXED_ONE / 2), 1);
}

static void the_tail_of_the_normal_distribution_is_right(void **state)
{
    (void)state;
    for (int64_t halvings = SIM_FIXED_ONE; halvings < 33 * SIM_FIXED_ONE; halvings += 98765432) {
        const double z = q32(sim_fixed_normal_tail(halvings));
        const double tail = 0.5 * erfc(z / sqrt(2));
        /* the distance in z, by the slope of the tail's logarithm */
        const double slope = exp(-z * z / 2) / sqrt(2 * acos(-1)) / tail;
        assert_true(fabs(log(tail) + q32(halvings) * log(2)) / slope < 2e-5);
    }
}

static void quantiles_are_the_inverse_of_the_distribution(void **state)
{
    (void)state;
    const sim_distribution exponential = {.kind = SIM_EXPONENTIAL, .scale = 1000000000};
    const sim_distribution lognormal = {.kind = SIM_LOGNORMAL, .scale = 70000000, .shape = 450};
    const sim_distribution pareto = {.kind = SIM_PARETO, .scale = 600000000, .shape = 1500};
    const sim_distribution normal = {.kind = SIM_NORMAL, .scale = 500, .shape = 2000000000};
    for (int i = 0; i < NTH_COUNT; i++) {
        const uint64_t chosen = nth(i);
        const double p = probability(chosen);
        const double above = 1 - p;
        double value = (double)sim_distribution_quantile(&exponential, chosen);
        assert_true(fabs(value + 1e9 * log(above)) < 2 + value * 1e-6);
        value = (double)sim_distribution_quantile(&pareto, chosen);
        assert_true(fabs(value / 6e8 / pow(above, -1 / 1.5) - 1) < 1e-6);
        const double z = (double)(sim_distribution_quantile(&normal, chosen) - 500) / 2e9;
        const double tail = 0.5 * erfc(fabs(z) / sqrt(2));
        assert_true(fabs(tail / (p < 0.5 ? p : above) - 1) < 2e-4);
        assert_true((z < 0) == (p < 0.5) || fabs(z) < 1e-8);
        value = (double)sim_distribution_quantile(&lognormal, chosen);
        assert_true(fabs(log(value / 7e7) / 0.45 - z) < 1e-6);
    }
}

static void a_uniform_one_reaches_both_ends(void **state)
{
    (void)state;
    const sim_distribution d = {.kind = SIM_UNIFORM, .scale = 10, .shape = 5};
    assert_int_equal(sim_distribution_quantile(&d, 0), 10);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND / 2), 13);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND - 1), 15);
}

static void a_mixture_shares_one_draw_among_its_parts(void **state)
{
    (void)state;
    const sim_distribution_part parts[] = {
        {3, {.kind = SIM_CONSTANT, .scale = 7}},
        {0, {.kind = SIM_CONSTANT, .scale = 8}},
        {1, {.kind = SIM_UNIFORM, .scale = 100, .shape = 99}},
    };
    const sim_distribution d = {.kind = SIM_MIXTURE, .parts = parts, .count = 3};
    assert_int_equal(sim_distribution_quantile(&d, 0), 7);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND / 4 * 3 - 1), 7);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND / 4 * 3), 100);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND / 8 * 7), 150);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND - 1), 199);
}

static void recorded_values_are_drawn_and_a_limit_cuts(void **state)
{
    (void)state;
    const int64_t values[] = {1, 5, 5, 90};
    const sim_distribution d = {.kind = SIM_RECORDED, .values = values, .count = 4, .limit = 20};
    assert_int_equal(sim_distribution_quantile(&d, 0), 1);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND / 2), 5);
    assert_int_equal(sim_distribution_quantile(&d, SIM_DRAW_BOUND - 1), 20);
}

static void a_calm_draw_is_the_least_and_a_constant_draws_nothing(void **state)
{
    (void)state;
    static const sim_label label = {.name = "wait", .choice_class = SIM_WEATHER};
    sim_choice *choice = sim_choice_new(sy_alloc_std(), 7, true);
    sim_stream stream = sim_stream_of(choice, "phone", "test");
    sim_distribution d = {.kind = SIM_EXPONENTIAL, .scale = 1000000000};
    assert_int_equal(sim_distribution_draw(&d, &stream, &label, SIM_KEY(1)),
                     sim_distribution_quantile(&d, 0));
    const uint64_t digest = sim_choice_digest(choice, SIM_WEATHER);
    d.kind = SIM_CONSTANT;
    assert_int_equal(sim_distribution_draw(&d, &stream, &label, SIM_KEY(2)), 1000000000);
    assert_int_equal(sim_choice_digest(choice, SIM_WEATHER), digest);
    sim_choice_free(choice);
}

static void faulty_parameters_are_told(void **state)
{
    (void)state;
    assert_null(sim_distribution_fault(&(sim_distribution){0}));
    assert_non_null(sim_distribution_fault(&(sim_distribution){.scale = -1}));
    assert_non_null(
        sim_distribution_fault(&(sim_distribution){.kind = SIM_PARETO, .scale = 1, .shape = 900}));
    assert_non_null(sim_distribution_fault(&(sim_distribution){.kind = SIM_MIXTURE}));
    const int64_t values[] = {5, 3};
    assert_non_null(sim_distribution_fault(
        &(sim_distribution){.kind = SIM_RECORDED, .values = values, .count = 2}));
    const sim_distribution_part none[] = {{0, {.kind = SIM_CONSTANT}}};
    assert_non_null(sim_distribution_fault(
        &(sim_distribution){.kind = SIM_MIXTURE, .parts = none, .count = 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithms_and_powers_are_those_of_libm),
        cmocka_unit_test(scaling_is_exact_and_saturates),
        cmocka_unit_test(the_tail_of_the_normal_distribution_is_right),
        cmocka_unit_test(quantiles_are_the_inverse_of_the_distribution),
        cmocka_unit_test(a_uniform_one_reaches_both_ends),
        cmocka_unit_test(a_mixture_shares_one_draw_among_its_parts),
        cmocka_unit_test(recorded_values_are_drawn_and_a_limit_cuts),
        cmocka_unit_test(a_calm_draw_is_the_least_and_a_constant_draws_nothing),
        cmocka_unit_test(faulty_parameters_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

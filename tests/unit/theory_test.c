/* Laws with few samples each; `syncsim selftest --theory` takes more. That a wrong formula is
 * noticed is shown with one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/theory/sampler.h"

#define SAMPLES 300

static void defaults_of(const sim_law *law, double *set)
{
    for (size_t i = 0; i < SIM_LAW_PARAMETER_COUNT_MAX; i++) {
        set[i] = law->parameters[i].value;
    }
}

static sim_law_result evaluate(const sim_law *law, uint64_t seed)
{
    double set[SIM_LAW_PARAMETER_COUNT_MAX];
    sim_law_run run = {.set = set, .seed = seed, .samples = SAMPLES};
    sim_law_result result = {0};
    sy_err err = {0};
    defaults_of(law, set);
    assert_int_equal(sim_law_evaluate(law, &run, &result, &err), SY_OK);
    return result;
}

static void every_law_can_be_sampled(void **state)
{
    (void)state;
    size_t count = 0;
    for (const sim_law *const *group = sim_law_groups; *group != NULL; group++) {
        for (const sim_law *law = *group; law->form != NULL; law++, count++) {
            const sim_law_result result = evaluate(law, 5);
            assert_true(isfinite(result.simulated) && isfinite(result.closed));
            /* so few samples: roughly, or within five standard errors */
            assert_true(result.off < 0.4 ||
                        fabs(result.simulated - result.closed) < 5 * result.error);
        }
    }
    assert_true(count >= 30);
}

static void the_same_seed_gives_the_same(void **state)
{
    (void)state;
    const sim_law *law = sim_law_groups[0];
    const sim_law_result first = evaluate(law, 5);
    const sim_law_result again = evaluate(law, 5);
    const sim_law_result other = evaluate(law, 6);
    assert_true(first.simulated == again.simulated);
    assert_true(first.simulated != other.simulated);
}

static double half_of_it(const double *set)
{
    return sim_law_groups[0]->closed(set) / 2;
}

static void a_wrong_formula_does_not_hold(void **state)
{
    (void)state;
    sim_law wrong = *sim_law_groups[0];
    wrong.closed = half_of_it;
    assert_false(evaluate(&wrong, 5).held);
    wrong.tolerance = 0.1;
    assert_false(evaluate(&wrong, 5).held);
}

static void parameters_have_a_range(void **state)
{
    (void)state;
    const sim_law *law = sim_law_groups[0];
    double set[SIM_LAW_PARAMETER_COUNT_MAX];
    sim_law_run run = {.set = set, .seed = 1, .samples = SAMPLES};
    sim_law_result result;
    sy_err err = {0};
    defaults_of(law, set);
    set[0] = 1;
    assert_int_equal(sim_law_evaluate(law, &run, &result, &err), SY_INVALID);
    assert_string_equal(err.text, "V1: N is between 2 and 200, not 1");
    set[0] = NAN;
    assert_int_equal(sim_law_evaluate(law, &run, &result, &err), SY_INVALID);
}

static void the_error_of_a_ratio_is_that_of_a_proportion(void **state)
{
    (void)state;
    sim_law_tally tally = {0};
    for (int i = 0; i < 1000; i++) {
        sim_law_tally_add(&tally, i % 4 == 0, 1);
    }
    assert_true(fabs(sim_law_tally_ratio(&tally) - 0.25) < 1e-12);
    assert_true(fabs(sim_law_tally_error(&tally) - sqrt(0.25 * 0.75 / 999)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_law_can_be_sampled),
        cmocka_unit_test(the_same_seed_gives_the_same),
        cmocka_unit_test(a_wrong_formula_does_not_hold),
        cmocka_unit_test(parameters_have_a_range),
        cmocka_unit_test(the_error_of_a_ratio_is_that_of_a_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The table of metrics, samples, and what is held against another run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/measure/arrival.h"
#include "sim/measure/samples.h"
#include "tests/unit/checker_support.h"

/* -- arrival -- */

/* milk is there and of that text, or was deleted; tea is there. */
static void end_with(history *past, const char *milk)
{
    history_serve(past, 0, 0, "insert", "milk", "", "1", "old");
    history_serve(past, 0, 0, milk != NULL ? "update" : "delete", "milk", "1", "2", milk);
    history_serve(past, 0, 0, "insert", "tea", "", "1", "black");
}

static void expect_arrival(const char *milk, int64_t changed, int64_t cells)
{
    const char *const ends[] = {"new", milk};
    history past[2];
    sim_outcome_cells found[2];
    for (size_t i = 0; i < 2; i++) {
        history_open(&past[i], &sim_checker_lost_update);
        assert_int_equal(sim_outcome_cells_init(&found[i], sy_alloc_std(), past[i].trace, NULL),
                         SY_OK);
        end_with(&past[i], ends[i]);
    }
    history_serve(&past[1], 0, 0, "insert", "salt", "", "1", "x");
    const sim_metric_value value = sim_outcome_cells_differ(&found[0], &found[1]);
    assert_int_equal(value.numerator, changed);
    assert_int_equal(value.denominator, cells);
    for (size_t i = 0; i < 2; i++) {
        history_end(&past[i]);
        history_close(&past[i]);
        sim_outcome_cells_deinit(&found[i]);
    }
}

static void cells_that_end_otherwise_are_counted(void **state)
{
    (void)state; /* milk, tea: whether they are there, text, qty; salt: whether it is there */
    expect_arrival("new", 1, 7);
    expect_arrival("newer", 2, 7);
    expect_arrival(NULL, 2, 5);
}

/* -- samples, numbers -- */

static void a_quantile_needs_three_samples_beyond_it(void **state)
{
    (void)state;
    sim_samples samples;
    sim_samples_init(&samples, sy_alloc_std());
    for (int64_t i = 300; i > 1; i--) {
        sim_samples_add(&samples, i);
    }
    sim_samples_sort(&samples);
    assert_int_equal(sim_samples_quantile(&samples, 990, 1).denominator, 0);
    assert_int_equal(sim_samples_quantile(&samples, 1000, 1).numerator, 300);
    sim_samples_add(&samples, 1);
    sim_samples_sort(&samples);
    assert_int_equal(sim_samples_quantile(&samples, 990, 1).numerator, 297);
    assert_int_equal(sim_samples_quantile(&samples, 500, 1).numerator, 150);
    assert_int_equal(sim_samples_mean(&samples, 1).numerator, 300 * 301 / 2);
    sim_samples_deinit(&samples);
}

static void numbers_are_printed_in_thousandths(void **state)
{
    (void)state;
    static const struct {
        sim_metric metric;
        sim_metric_value value;
        const char *text;
    } cases[] = {
        {SIM_METRIC_LU, {1, 3}, "333.333"},
        {SIM_METRIC_LU, {0, 5}, "0.000"},
        {SIM_METRIC_LU, {0, 0}, "-"},
        {SIM_METRIC_BYTES_UP, {INT64_MAX, 1}, "9223372036854775807.000"},
        {SIM_METRIC_LU, {INT64_MAX, INT64_MAX / 1000}, "1000000.000"},
        {SIM_METRIC_CONV_MEAN, {INT64_C(86400123) * SY_MS * 1000, 1000 * SY_SECOND}, "86400.123"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char room[64] = "";
        sy_buf out;
        sy_buf_init_fixed(&out, room, sizeof room - 1);
        sim_metric_print(cases[i].metric, cases[i].value, &out);
        assert_string_equal(room, cases[i].text);
    }
}

static void every_checker_has_a_place_among_the_anomalies(void **state)
{
    (void)state;
    assert_null(sim_checker_at(SIM_ANOMALY_COUNT_MAX));
}

static void metrics_are_found_by_name(void **state)
{
    (void)state;
    for (int i = 0; i < SIM_METRIC_COUNT; i++) {
        const sim_metric_kind *kind = sim_metric_of((sim_metric)i);
        assert_non_null(kind->name);
        assert_int_equal(sim_metric_find(sy_str_of(kind->name)), i);
    }
    assert_int_equal(sim_metric_find(SY_STR("lucky")), SIM_METRIC_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_that_end_otherwise_are_counted),
        cmocka_unit_test(a_quantile_needs_three_samples_beyond_it),
        cmocka_unit_test(numbers_are_printed_in_thousandths),
        cmocka_unit_test(every_checker_has_a_place_among_the_anomalies),
        cmocka_unit_test(metrics_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

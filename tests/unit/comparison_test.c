/* Two worlds of made-up runs under one network: what is best, what can't be told from it, what the
 * gate says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sim/compare/gate.h"

#define SEED_COUNT 40u

static const char *const worlds[] = {"a/notes.lua"};
static const char *const networks[] = {"3g"};
static const char *const policies[] = {"first", "second", "third"};

static sim_comparison_plan plan(void)
{
    return (sim_comparison_plan){.worlds = worlds,
                                 .networks = networks,
                                 .policies = policies,
                                 .world_count = 1,
                                 .network_count = 1,
                                 .policy_count = 3,
                                 .seed_first = 1,
                                 .seed_count = SEED_COUNT,
                                 .metrics = {SIM_METRIC_LU, SIM_METRIC_FAIR_WIN},
                                 .metric_count = 2};
}

/* So many lost of 100 edits, more by as much as the seed is unlucky; `digest` says that it is
 * another program. */
static void take(sim_comparison *of, uint32_t policy, uint32_t seed, int64_t lost, uint64_t digest)
{
    uint64_t outages[] = {seed, seed + 1};
    sim_compared_run run = {.passed = true, .digest = digest + seed};
    run.values[SIM_METRIC_LU] = (sim_metric_value){lost + seed % 7, 100};
    run.values[SIM_METRIC_FAIR_WIN] = (sim_metric_value){1, seed % 2 == 0 ? 1 : 2};
    run.pair = (sim_paired){.intentions = seed, .outages = outages, .outage_count = 2};
    assert_int_equal(sim_comparison_take(of, 0, policy, seed, &run, NULL), SY_OK);
}

/* The first loses 2 more than the others, the third now more and now less than the second. */
static void fill(sim_comparison *of, int64_t more, uint64_t digest)
{
    const sim_comparison_plan with = plan();
    assert_int_equal(sim_comparison_init(of, sy_alloc_std(), &with, NULL), SY_OK);
    for (uint32_t seed = 0; seed < SEED_COUNT; seed++) {
        take(of, 0, seed, 4 + more, digest);
        take(of, 1, seed, 2, digest);
        take(of, 2, seed, seed % 3 == 0 ? 3 : seed % 3 == 1 ? 1 : 2, digest);
    }
}

static void the_best_is_told_from_what_always_differs(void **state)
{
    (void)state;
    sim_comparison of;
    fill(&of, 0, 1);
    sim_judged judged[3];
    assert_int_equal(sim_judge(&of, SIM_METRIC_LU, judged, NULL), SY_OK);
    assert_false(judged[0].best || judged[0].equal);
    assert_true(judged[1].best != judged[2].best);
    assert_true(judged[1].equal != judged[2].equal);
    assert_true(judged[1].difference < -19.999 && judged[1].difference > -20.001);
    assert_true(judged[1].difference_interval.high < -19.999); /* the same for every seed */
    sim_comparison_deinit(&of);
}

static void an_index_is_a_mean_of_runs(void **state)
{
    (void)state;
    sim_comparison of;
    fill(&of, 0, 1);
    sim_judged judged[3];
    assert_int_equal(sim_judge(&of, SIM_METRIC_FAIR_WIN, judged, NULL), SY_OK);
    assert_true(judged[0].estimate.value > 0.749 && judged[0].estimate.value < 0.751);
    assert_true(judged[0].best && judged[1].equal && judged[2].equal);
    sim_comparison_deinit(&of);
}

static void a_seed_counts_when_every_policy_has_it(void **state)
{
    (void)state;
    sim_comparison of;
    const sim_comparison_plan with = plan();
    assert_int_equal(sim_comparison_init(&of, sy_alloc_std(), &with, NULL), SY_OK);
    for (uint32_t policy = 0; policy < 3; policy++) {
        take(&of, policy, 1, 0, 1);
        assert_int_equal(of.groups[0].count, 0); /* seed 0 is missing */
    }
    for (uint32_t policy = 0; policy < 3; policy++) {
        assert_int_equal(of.groups[0].count, 0);
        take(&of, policy, 0, 0, 1);
    }
    assert_int_equal(of.groups[0].count, 2);
    sim_comparison_deinit(&of);
}

static void never_in_any_seed_is_no_certainty(void **state)
{
    (void)state;
    sim_comparison of;
    const sim_comparison_plan with = plan();
    assert_int_equal(sim_comparison_init(&of, sy_alloc_std(), &with, NULL), SY_OK);
    for (uint32_t i = 0; i < 3 * 14; i++) {
        take(&of, i % 3, i / 3, -(int64_t)(i / 3 % 7), 1);
    }
    sim_judged judged[3];
    assert_int_equal(sim_judge(&of, SIM_METRIC_LU, judged, NULL), SY_OK);
    assert_true(judged[0].estimate.value == 0.0 && judged[0].interval.low == 0.0);
    assert_true(judged[0].interval.high > 2.15 && judged[0].interval.high < 2.16);
    /* Wilson: 0 of 14 is at most 21.5 %; one in 100 edits each: 2.15 in 1,000 */
    sim_comparison_deinit(&of);
}

static void pairs_that_differ_are_seen(void **state)
{
    (void)state;
    sim_comparison of;
    const sim_comparison_plan with = plan();
    assert_int_equal(sim_comparison_init(&of, sy_alloc_std(), &with, NULL), SY_OK);
    take(&of, 0, 0, 0, 1);
    take(&of, 1, 0, 0, 1);
    uint64_t outages[] = {0, 7};
    sim_compared_run other = {.pair = {.outages = outages, .outage_count = 1}};
    other.pair.outage_count = 2;
    assert_int_equal(sim_comparison_take(&of, 0, 2, 0, &other, NULL), SY_OK);
    const sim_pairs pairs = sim_comparison_pairs(&of);
    assert_int_equal(pairs.same, 1);
    assert_int_equal(pairs.different, 1);
    assert_int_equal(pairs.failed, 1);
    sim_comparison_deinit(&of);
}

static void outages_are_held_together_as_long_as_both_runs_go_on(void **state)
{
    (void)state;
    uint64_t outages[] = {5, 9, 12};
    const sim_paired longer = {.outages = outages, .outage_count = 3};
    sim_paired other = {.outages = outages, .outage_count = 2};
    assert_true(sim_paired_same(&longer, &other));
    other.intention_count = 1;
    assert_false(sim_paired_same(&longer, &other));
}

static void who_is_beaten_is_not_in_front(void **state)
{
    (void)state;
    sim_comparison of;
    fill(&of, 0, 1);
    bool front[3];
    assert_int_equal(sim_front(&of, 0, front, NULL), SY_OK);
    assert_false(front[0]);            /* loses more, and is better in nothing */
    assert_true(front[1] && front[2]); /* can't be told apart */
    sim_comparison_deinit(&of);
}

/* -- the gate -- */

static sim_gated gate(int64_t more, uint64_t digest, sim_margin margin, sy_buf *text)
{
    sim_comparison before;
    sim_comparison now;
    fill(&before, 0, 1);
    fill(&now, more, digest);
    sy_buf document;
    sy_buf_init(&document, sy_alloc_std());
    assert_int_equal(sim_comparison_to_json(&before, &document, NULL), SY_OK);
    const sim_gate of = {.margins = &margin, .margin_count = 1};
    sim_gated gated;
    sy_err err = {0};
    if (sim_gate_check(&of, &now, sy_buf_str(&document), &gated, text, &err) != SY_OK) {
        print_error("%s\n", err.text);
        fail();
    }
    sy_buf_deinit(&document);
    sim_comparison_deinit(&before);
    sim_comparison_deinit(&now);
    return gated;
}

static void the_gate_opens_and_closes(void **state)
{
    (void)state;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    const sim_margin narrow = sim_margin_default(SIM_METRIC_LU);
    const sim_margin wide = {.metric = SIM_METRIC_LU, .absolute = 11.0};
    assert_int_equal(gate(0, 1, narrow, &text).same, 3); /* the same traces */
    assert_int_equal(gate(0, 2, narrow, &text).passed, 6);
    assert_int_equal(gate(1, 2, wide, &text).passed, 6); /* 10 in 1,000 worse */
    assert_int_equal(text.size, 0);
    assert_int_equal(gate(1, 2, narrow, &text).worse, 1);
    sy_buf_add_char(&text, '\0');
    assert_non_null(strstr(text.data, "worse    notes, 3g, first: lu was "));
    sy_buf_deinit(&text);
}

static void better_is_not_worse(void **state)
{
    (void)state;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    assert_int_equal(gate(-2, 2, sim_margin_default(SIM_METRIC_LU), &text).passed, 6);
    sy_buf_deinit(&text);
}

static void another_document_is_refused(void **state)
{
    (void)state;
    sim_comparison of;
    fill(&of, 0, 1);
    const sim_gate none = {.margins = NULL};
    sim_gated gated;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_err err;
    assert_int_equal(sim_gate_check(&none, &of, SY_STR("{"), &gated, &text, &err), SY_PARSE);
    assert_int_equal(sim_gate_check(&none, &of, SY_STR("{}"), &gated, &text, &err), SY_PARSE);
    assert_int_equal(
        sim_gate_check(&none, &of, SY_STR("{\"seed_first\":1,\"cells\":[]}"), &gated, &text, &err),
        SY_NOT_FOUND);
    assert_int_equal(
        sim_gate_check(&none, &of, SY_STR("{\"seed_first\":2,\"cells\":[]}"), &gated, &text, &err),
        SY_NOT_FOUND);
    sy_buf_deinit(&text);
    sim_comparison_deinit(&of);
}

static void margins_are_read(void **state)
{
    (void)state;
    sim_margin margin;
    sy_err err;
    assert_int_equal(sim_margin_read(SY_STR("lu=1.5"), &margin, &err), SY_OK);
    assert_int_equal(margin.metric, SIM_METRIC_LU);
    assert_true(margin.absolute == 1.5 && margin.part == 0.0);
    assert_int_equal(sim_margin_read(SY_STR("conv_mean=10%"), &margin, &err), SY_OK);
    assert_true(margin.part == 0.1 && margin.absolute == 0.0);
    assert_int_equal(sim_margin_read(SY_STR("luck=1"), &margin, &err), SY_NOT_FOUND);
    static const char *const wrong[] = {"lu", "lu=", "lu=%", "lu=x", "lu=-1", "lu=1.2.3", "lu=."};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(sim_margin_read(sy_str_of(wrong[i]), &margin, &err), SY_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_is_told_from_what_always_differs),
        cmocka_unit_test(an_index_is_a_mean_of_runs),
        cmocka_unit_test(a_seed_counts_when_every_policy_has_it),
        cmocka_unit_test(never_in_any_seed_is_no_certainty),
        cmocka_unit_test(pairs_that_differ_are_seen),
        cmocka_unit_test(outages_are_held_together_as_long_as_both_runs_go_on),
        cmocka_unit_test(who_is_beaten_is_not_in_front),
        cmocka_unit_test(the_gate_opens_and_closes),
        cmocka_unit_test(better_is_not_worse),
        cmocka_unit_test(another_document_is_refused),
        cmocka_unit_test(margins_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The search on a case that draws a fixed number of things, so that its combinations can be
 * counted. */
#include "sim/explore/explore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DRAW_COUNT 7

typedef struct toy {
    bool retries; /* what was lost is sent again, and can be lost again */
    uint64_t runs;
} toy;

static const sim_label lost_label = {
    .name = "lost", .choice_class = SIM_WEATHER, .bound = 2, .key_parts = {"thing", "attempt"}};
static const sim_label what_label = {
    .name = "what", .choice_class = SIM_WORKLOAD, .key_parts = {"thing"}};
/* Fails when things 2 and 5 are both lost. */
static bool fails(const toy *self, sim_choice *choice)
{
    bool lost[DRAW_COUNT] = {false};
    sim_stream link = sim_stream_of(choice, "phone", "link");
    for (uint64_t i = 0; i < DRAW_COUNT; i++) {
        assert_int_equal(sim_choose(&link, &what_label, SIM_KEY(i), 1000), (i * 7 + 1) % 1000);
        lost[i] = sim_choose_permille(&link, &lost_label, SIM_KEY(i, 1), 0);
        if (lost[i] && self->retries) {
            lost[i] = sim_choose_permille(&link, &lost_label, SIM_KEY(i, 2), 0);
        }
    }
    return lost[2] && lost[5];
}

static sy_rc run(void *context, const sim_choice_list *choices, sim_choice_list *record,
                 sim_result *out, sy_err *err)
{
    toy *self = context;
    *out = (sim_result){.verdict = SIM_PASSED};
    sim_findings_init(&out->findings, sy_alloc_std());
    sim_choice *choice = sim_choice_new(sy_alloc_std(), 1, true);
    sim_chosen fixed = {"phone", "link", &what_label, {{0}}, 1000, 0};
    for (uint64_t i = 0; i < DRAW_COUNT; i++) { /* the workload, which no search touches */
        fixed.key.part[0] = i;
        fixed.value = (i * 7 + 1) % 1000;
        assert_int_equal(sim_choice_force(choice, &fixed, err), SY_OK);
    }
    sim_choice_record_offers(choice);
    assert_int_equal(sim_choice_list_force(choices, choice, err), SY_OK);
    if (fails(self, choice)) {
        out->verdict = SIM_FOUND;
    }
    self->runs++;
    sy_rc rc = sim_choice_list_take(record, choice);
    sim_choice_free(choice);
    return rc;
}

static const sim_case_ops ops = {.run = run};

static sim_explored explore(toy *self, const sim_explore_options *options)
{
    sim_explored out;
    sim_case subject = {.ops = &ops, .self = self};
    assert_int_equal(sim_explore(&subject, options, sy_alloc_std(), &out, NULL), SY_OK);
    return out;
}

static void every_combination_is_run_once(void **state)
{
    (void)state;
    toy self = {.runs = 0};
    sim_explored out = explore(&self, &(sim_explore_options){.depth = 3});
    assert_int_equal(out.runs[0], 1);
    assert_int_equal(out.runs[1], 7);
    assert_int_equal(out.runs[2], 21);
    assert_int_equal(out.runs[3], 35 - 1); /* 2, 5 and 6: on top of what failed already */
    assert_int_equal(out.failed[2], 1);
    assert_int_equal(out.failed[3], 4);
    assert_int_equal(out.not_extended, 1);
    assert_false(out.stopped);
    assert_int_equal(out.label_count, 1);
}

static void a_fault_that_only_a_retry_meets_is_found(void **state)
{
    (void)state;
    toy self = {.runs = 0};
    self.retries = true;
    sim_explored out = explore(&self, &(sim_explore_options){.depth = 2});
    assert_int_equal(out.runs[2], 21 + 7); /* two first attempts, or both of one */
    assert_int_equal(out.failed[2], 0);
    out = explore(&self, &(sim_explore_options){.depth = 4});
    assert_int_equal(out.failed[4], 1);
}

static void labels_can_be_left_out(void **state)
{
    (void)state;
    toy self = {.runs = 0};
    const char *labels[] = {"other", NULL};
    sim_explored out = explore(&self, &(sim_explore_options){.depth = 2, .labels = labels});
    assert_int_equal(out.runs[1], 0);
    assert_true(out.labels[0].left_out);
    assert_int_equal(out.labels[0].offered, 7);
}

static void it_stops_at_its_limit(void **state)
{
    (void)state;
    toy self = {.runs = 0};
    sim_explored out = explore(&self, &(sim_explore_options){.depth = 3, .run_max = 12});
    assert_true(out.stopped);
    assert_int_equal(self.runs, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_is_run_once),
        cmocka_unit_test(a_fault_that_only_a_retry_meets_is_found),
        cmocka_unit_test(labels_can_be_left_out),
        cmocka_unit_test(it_stops_at_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The shrinker on a case in a few lines of C: users draw things, and a rule says what fails. */
#include "sim/explore/shrink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define USER_COUNT  3
#define THING_COUNT 20

typedef struct toy {
    uint64_t seed;
    bool extra_draw; /* the program was changed: it draws more */
    bool works;      /* the defect was fixed */
    uint64_t runs;
} toy;

static const sim_label what_label = {
    .name = "what", .choice_class = SIM_WORKLOAD, .key_parts = {"thing"}};
static const sim_label size_label = {
    .name = "size", .choice_class = SIM_WORKLOAD, .key_parts = {"thing"}};
static const sim_label lost_label = {
    .name = "lost", .choice_class = SIM_WEATHER, .bound = 2, .key_parts = {"thing"}};
static const sim_label other_label = {
    .name = "other", .choice_class = SIM_WORKLOAD, .key_parts = {"thing"}};

/* Fails when one user's thing is lost and another user has one of kind 3 with a size of 40 or more.
 */
static bool fails(toy *self, sim_choice *choice)
{
    static const char *const names[USER_COUNT] = {"ann", "bob", "cid"};
    bool lost[USER_COUNT] = {false};
    bool large[USER_COUNT] = {false};
    for (size_t user = 0; user < USER_COUNT; user++) {
        sim_stream things = sim_stream_of(choice, names[user], "things");
        sim_stream link = sim_stream_of(choice, names[user], "link");
        for (uint64_t i = 0; i < THING_COUNT; i++) {
            if (self->extra_draw) {
                (void)sim_choose(&things, &other_label, SIM_KEY(i), 100);
            }
            uint64_t what = sim_choose(&things, &what_label, SIM_KEY(i), 5);
            uint64_t size = sim_choose(&things, &size_label, SIM_KEY(i), 100);
            large[user] = large[user] || (what == 3 && size >= 40);
            lost[user] = lost[user] || sim_choose_permille(&link, &lost_label, SIM_KEY(i), 100);
        }
    }
    for (size_t a = 0; a < USER_COUNT && !self->works; a++) {
        for (size_t b = 0; b < USER_COUNT; b++) {
            if (a != b && lost[a] && large[b]) {
                return true;
            }
        }
    }
    return false;
}

static sy_rc run(void *context, const sim_choice_list *choices, sim_choice_list *record,
                 sim_result *out, sy_err *err)
{
    toy *self = context;
    self->runs++;
    *out = (sim_result){.verdict = SIM_PASSED};
    sim_findings_init(&out->findings, sy_alloc_std());
    sim_choice *choice = sim_choice_new(sy_alloc_std(), self->seed, false);
    assert_non_null(choice);
    sim_choice_record(choice);
    sy_rc rc = SY_OK;
    if (choices != NULL) {
        sim_choice_draw_nothing(choice);
        rc = sim_choice_list_force(choices, choice, err);
    }
    if (rc == SY_OK && fails(self, choice)) {
        out->verdict = SIM_FOUND;
        (void)snprintf(out->reason, sizeof out->reason, "a toy broke");
    }
    if (rc == SY_OK) {
        rc = sim_choice_list_take(record, choice);
    }
    sim_choice_free(choice);
    return rc;
}

static const sim_case_ops ops = {.run = run};

static sy_rc shrink(toy *self, const sim_choice_list *start, uint64_t run_max, sim_shrunk *out)
{
    sim_case subject = {.ops = &ops, .self = self};
    sim_shrink_options options = {.run_max = run_max};
    return sim_shrink(&subject, start, NULL, &options, sy_alloc_std(), out, NULL);
}

static void only_what_is_needed_is_left(void **state)
{
    (void)state;
    toy self = {.seed = 1};
    sim_shrunk out;
    assert_int_equal(shrink(&self, NULL, 0, &out), SY_OK);
    assert_true(out.complete);
    assert_in_range(out.choices_before, 100, 200);
    assert_int_equal(out.list.count, 3); /* a loss, a kind, a size */
    uint64_t sum = 0;
    for (size_t i = 0; i < out.list.count; i++) {
        sum += out.list.items[i].value;
    }
    assert_in_range(sum, 1 + 3 + 40, 1 + 3 + 45); /* within an eighth of the least */
    assert_int_equal(out.runs, self.runs);
    assert_string_equal(out.signature.text, "failed: a toy broke");
    sim_shrunk_deinit(&out);
}

static void the_same_case_shrinks_to_the_same_list(void **state)
{
    (void)state;
    sy_buf texts[2];
    for (size_t i = 0; i < 2; i++) {
        toy self = {.seed = 7};
        sim_shrunk out;
        assert_int_equal(shrink(&self, NULL, 0, &out), SY_OK);
        sy_buf_init(&texts[i], sy_alloc_std());
        sim_choice_list_write(&out.list, &texts[i]);
        sim_shrunk_deinit(&out);
    }
    assert_true(sy_str_equal(sy_buf_str(&texts[0]), sy_buf_str(&texts[1])));
    sy_buf_deinit(&texts[0]);
    sy_buf_deinit(&texts[1]);
}

static void a_draw_that_was_added_does_no_harm(void **state)
{
    (void)state;
    toy self = {.seed = 1};
    sim_shrunk first;
    assert_int_equal(shrink(&self, NULL, 20, &first), SY_OK);
    assert_false(first.complete);
    self.extra_draw = true;
    sim_shrunk second;
    assert_int_equal(shrink(&self, &first.list, 0, &second), SY_OK);
    assert_int_equal(second.list.count, 3);
    sim_shrunk_deinit(&first);
    sim_shrunk_deinit(&second);
}

static void a_case_that_works_is_not_shrunk(void **state)
{
    (void)state;
    toy self = {.seed = 1, .works = true};
    sim_shrunk out;
    assert_int_equal(shrink(&self, NULL, 0, &out), SY_NOT_FOUND);
    assert_int_equal(self.runs, 1);
    sim_shrunk_deinit(&out);
}

static void the_budget_is_kept(void **state)
{
    (void)state;
    toy self = {.seed = 1};
    sim_shrunk out;
    assert_int_equal(shrink(&self, NULL, 10, &out), SY_OK);
    assert_int_equal(self.runs, 10);
    assert_false(out.complete);
    sim_shrunk_deinit(&out);
}

static bool stop_at_five(void *self, const sim_shrink_progress *progress)
{
    (void)self;
    return progress->runs < 5;
}

static void who_stops_it_keeps_the_best(void **state)
{
    (void)state;
    toy self = {.seed = 1};
    sim_case subject = {.ops = &ops, .self = &self};
    sim_shrink_options options = {.progress = stop_at_five};
    sim_shrunk out;
    sy_rc rc = sim_shrink(&subject, NULL, NULL, &options, sy_alloc_std(), &out, NULL);
    assert_int_equal(rc, SY_OK);
    assert_int_equal(self.runs, 5);
    sim_shrunk again;
    assert_int_equal(shrink(&self, &out.list, 2, &again), SY_OK); /* it still fails */
    sim_shrunk_deinit(&out);
    sim_shrunk_deinit(&again);
}

static void a_signature_forgets_names_and_numbers(void **state)
{
    (void)state;
    sim_finding finding = {.checker = "convergence", .host = "user3", .row = "a"};
    sim_finding_say(&finding, "user3 has note/a at 17: a value '%s' {\"id\":\"a\"}; and more 5",
                    "x");
    sim_signature signature = sim_signature_of_finding(&finding);
    assert_string_equal(signature.text, "convergence: HOST has note/ROW at #: ROW value _ _");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_needed_is_left),
        cmocka_unit_test(the_same_case_shrinks_to_the_same_list),
        cmocka_unit_test(a_draw_that_was_added_does_no_harm),
        cmocka_unit_test(a_case_that_works_is_not_shrunk),
        cmocka_unit_test(the_budget_is_kept),
        cmocka_unit_test(who_stops_it_keeps_the_best),
        cmocka_unit_test(a_signature_forgets_names_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

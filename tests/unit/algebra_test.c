/* tests sim/algebra: the laws that each policy keeps, as policies.md 1.5 predicts them; what
 * differs is explained in sim/algebra/README.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/algebra/algebra.h"

/* A letter for each law, in the order of sim_law_of_policy: + it holds, x it fails, - never tried.
 */
static const struct {
    const char *name, *laws;
} predicted[] = {
    {"client_wins", "+++xx+xx"},
    {"server_wins", "+++xx-xx"},
    {"latest_wins", "++++++x+"},
    {"latest_wins_hlc", "++++++x+"},
    {"latest_wins_lamport", "++++++x+"},
    {"latest_wins_server", "+++xx+x+"},
    {"first_wins", "++++++xx"},
    {"delete_wins", "++++++xx"},
    {"update_wins", "++++++xx"},
    {"site_priority", "++++++x+"},
    {"field_merge", "++++x++x"},
    {"automerge_aws", "+++xx+xx"},
    {"watermelon", "+++xx++x"},
    {"couch_rev", "++++++xx"},
    {"cbl_mwu", "++++++xx"},
    {"realm_ot", "++++x++x"},
    {"keep_both", "++xxx-xx"},
    {"park", "++xxx-xx"},
    {"hold", "++xxx-xx"},
    {"fail", "x++xx-x-"},
    {"fww_then_queue", "++x+++xx"},
    {"lww", "++++x++x"},
    {"fww", "++++x++x"},
    {"client", "+++xx++x"},
    {"server", "+++xx++x"},
    {"max", "+++++++x"},
    {"min", "+++++++x"},
    {"avg", "++++x++x"},
    {"counter", "++x++++x"},
    {"sum_bounded", "++xxx+xx"},
    {"flag_or", "+++++++x"},
    {"flag_and", "+++++++x"},
    {"enum_lattice", "++xxx+xx"},
    {"set_union", "+++++++x"},
    {"or_set", "+++++++x"},
    {"remove_wins_set", "+++++++x"},
    {"list_concat", "++xxx++x"},
    {"list_rga", "++x+x++x"},
    {"map_recursive", "++++x++x"},
    {"json_merge_patch", "+++xx++x"},
    {"text3", "++++x++x"},
    {"text3_words", "++++x++x"},
    {"text3_markers", "+++xx++x"},
    {"text_crdt", "++x++++x"},
    {"append_log", "+++++++x"},
    {"mv", "+++++++x"},
    {"const", "++xxx-xx"},
};

static void check(const sy_policy *policy, bool as_run, char out[SIM_POLICY_LAW_COUNT + 1])
{
    const sim_algebra_options options = {.seed = 1, .samples = 2000, .as_run = as_run};
    sim_algebra found;
    sy_err err = {0};
    assert_int_equal(sim_algebra_check(policy, &options, &found, &err), SY_OK);
    for (int i = 0; i < SIM_POLICY_LAW_COUNT; i++) {
        const sim_policy_law *law = &found.laws[i];
        out[i] = "-x+"[law->cases == 0 ? 0 : law->fails ? 1 : 2];
        assert_int_equal(law->fails, law->example[0] != '\0');
    }
    out[SIM_POLICY_LAW_COUNT] = '\0';
}

static const char *prediction_of(const char *name)
{
    for (size_t i = 0; i < sizeof predicted / sizeof predicted[0]; i++) {
        if (strcmp(predicted[i].name, name) == 0) {
            return predicted[i].laws;
        }
    }
    fail_msg("no prediction of %s", name);
    return "";
}

static void every_policy_keeps_the_laws_that_it_is_said_to(void **state)
{
    (void)state;
    const sy_policy *policy = NULL;
    const sy_field_policy *field = NULL;
    char laws[SIM_POLICY_LAW_COUNT + 1];
    for (size_t i = 0; (policy = sy_policy_at(i)) != NULL; i++) {
        check(policy, false, laws);
        assert_string_equal(laws, prediction_of(policy->name));
    }
    for (size_t i = 0; (field = sy_field_policy_at(i)) != NULL; i++) {
        sim_field_as_policy room;
        check(sim_algebra_of_field(field, &room), false, laws);
        assert_string_equal(laws, prediction_of(field->name));
    }
}

/* Adopting an equal row keeps the earlier stamp: latest wins is no longer associative. */
static void agreement_costs_the_later_stamp(void **state)
{
    (void)state;
    char laws[SIM_POLICY_LAW_COUNT + 1];
    check(&sy_policy_latest_wins, true, laws);
    assert_string_equal(laws, "++++x+xx");
    check(sy_policy_find(SY_STR("keep_both")), true, laws);
    assert_int_equal(laws[SIM_POLICY_IDEMPOTENT], '+');
}

static sy_rc invents(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                     sy_judgement *out, sy_err *err)
{
    (void)policy;
    if (conflict->local == NULL || conflict->server == NULL) {
        return SY_OK;
    }
    sy_row *row = sy_row_shallow(arena, conflict->local);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    row->cells[SY_SYSTEM_COUNT] = sy_int(77);
    out->kind = SY_JUDGED_PUSH;
    out->value = row;
    return SY_OK;
}

static sy_rc remembers(const sy_policy *policy, const sy_conflict *conflict, sy_arena *arena,
                       sy_judgement *out, sy_err *err)
{
    static uint32_t count;
    (void)policy;
    (void)arena;
    (void)err;
    out->kind = ++count % 2 == 0 || conflict->local == NULL ? SY_JUDGED_ACCEPT : SY_JUDGED_PUSH;
    out->value = conflict->local;
    return SY_OK;
}

static void what_breaks_a_law_is_found(void **state)
{
    (void)state;
    char laws[SIM_POLICY_LAW_COUNT + 1];
    const sy_policy wrong = {.name = "invents", .rule = invents};
    check(&wrong, false, laws);
    assert_int_equal(laws[SIM_POLICY_TOTAL], 'x');
    assert_int_equal(laws[SIM_POLICY_IDEMPOTENT], 'x');
    assert_int_equal(laws[SIM_POLICY_NO_INVENTION], 'x');
    const sy_policy moody = {.name = "remembers", .rule = remembers};
    check(&moody, false, laws);
    assert_int_equal(laws[SIM_POLICY_DETERMINISTIC], 'x');
}

static void a_counterexample_is_the_smallest(void **state)
{
    (void)state;
    const sim_algebra_options options = {.seed = 1, .samples = 2000};
    sim_algebra found;
    sy_err err = {0};
    assert_int_equal(sim_algebra_check(&sy_policy_server_wins, &options, &found, &err), SY_OK);
    assert_int_equal(found.laws[SIM_POLICY_INTENTION].size, 1); /* one cell, in the simplest case */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_policy_keeps_the_laws_that_it_is_said_to),
        cmocka_unit_test(agreement_costs_the_later_stamp),
        cmocka_unit_test(what_breaks_a_law_is_found),
        cmocka_unit_test(a_counterexample_is_the_smallest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests core/client/dialect.c and the constants */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/client/dialect.h"

static void dialects_are_found_by_name_and_by_number(void **state)
{
    (void)state;
    assert_ptr_equal(sy_dialect_find(SY_STR("mobile-apps")), &sy_dialect_mobile_apps);
    assert_ptr_equal(sy_dialect_find(SY_STR("mobile-apps-js")), &sy_dialect_mobile_apps_js);
    assert_ptr_equal(sy_dialect_find(SY_STR("toolkit")), &sy_dialect_toolkit);
    assert_ptr_equal(sy_dialect_find(SY_STR("sound")), &sy_dialect_sound);
    assert_null(sy_dialect_find(SY_STR("Sound")));
    assert_null(sy_dialect_find(SY_STR("")));
    size_t count = 0;
    while (sy_dialect_at(count) != NULL) {
        assert_ptr_equal(sy_dialect_find(sy_str_of(sy_dialect_at(count)->name)),
                         sy_dialect_at(count));
        assert_non_null(sy_dialect_at(count)->wire);
        count++;
    }
    assert_true(count > 0);
}

/* The list that the fault tests run over. */
static void the_tests_know_every_dialect(void **state)
{
    (void)state;
    char list[1024] = "";
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        (void)snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i == 0 ? "" : ",",
                       sy_dialect_at(i)->name);
    }
    assert_string_equal(list, SYNCSIM_CLIENT_DIALECTS);
}

/* 5.2, cell by cell: existing and state down, new across. R refuse, K keep, V vanish, E at the end,
 * D becomes delete, U becomes update, A append. */
static void check_collapse(const sy_dialect *dialect, const char *const lines[9])
{
    static const char letters[] = "RKVEDUA";
    for (int row = 0; row < 9; row++) {
        for (int column = 0; column < 3; column++) {
            assert_int_equal(letters[dialect->collapse[row][column]], lines[row][column]);
        }
    }
}

static void collapse_tables_are_those_of_the_protocol(void **state)
{
    (void)state;
    static const char *const mobile[9] = {"RKV", "RKR", "RKR", "RKE", "RKE",
                                          "RKE", "RRR", "RRR", "RRR"};
    static const char *const script[9] = {"RKV", "RAA", "RKV", "RKD", "RAA",
                                          "RKD", "RRK", "RRA", "RRK"};
    static const char *const toolkit[9] = {"RKV", "RKV", "RKV", "RKD", "RKD",
                                           "RKD", "URR", "URR", "URR"};
    static const char *const android[9] = {"RKV", "RKV", "RKE", "RKE", "RKE",
                                           "RKE", "RRR", "RRR", "RRR"};
    static const char *const ios[9] = {"RKV", "RAA", "RKV", "RKD", "RAA",
                                       "RKD", "RRR", "ARR", "RRR"};
    check_collapse(&sy_dialect_mobile_apps, mobile);
    check_collapse(&sy_dialect_mobile_apps_android, android);
    check_collapse(&sy_dialect_mobile_apps_ios, ios);
    check_collapse(&sy_dialect_datasync, mobile);
    check_collapse(&sy_dialect_mobile_apps_js, script);
    check_collapse(&sy_dialect_toolkit, toolkit);
}

static void sound_never_changes_what_may_have_been_sent(void **state)
{
    (void)state;
    for (int kind = 0; kind < SY_OPERATION_KIND_COUNT; kind++) {
        for (int new_kind = 0; new_kind < SY_OPERATION_KIND_COUNT; new_kind++) {
            const sy_collapse cell =
                sy_dialect_sound.collapse[kind * SY_STATE_COUNT + SY_STATE_ATTEMPTED][new_kind];
            assert_true(cell == SY_COLLAPSE_APPEND || cell == SY_COLLAPSE_REFUSE);
        }
    }
}

/* S success, C conflict, E error, A abort, X escape; insert, update, delete down. */
static void check_verdicts(const sy_dialect *dialect, const char *const lines[3])
{
    static const char letters[] = "SCEAX";
    for (int kind = 0; kind < 3; kind++) {
        for (int answer = 0; answer < SY_ANSWER_CLASS_COUNT; answer++) {
            assert_int_equal(letters[dialect->verdicts[kind][answer]], lines[kind][answer]);
        }
    }
}

static void verdicts_are_those_of_the_protocol(void **state)
{
    (void)state;
    /*                                     2XX 401 404 409 410 412 other none */
    static const char *const mobile[3] = {"SAECECEA", "SAECECEA", "SASCECEA"};
    static const char *const datasync[3] = {"SAECECEA", "SAECECEA", "SASCSCEA"};
    static const char *const script[3] = {"SAACACAA", "SAACACAA", "SAACACAA"};
    static const char *const toolkit[3] = {"SEECECEX", "SEECECEX", "SESCSCEX"};
    static const char *const sound[3] = {"SAECCCEA", "SACCCCEA", "SASCSCEA"};
    static const char *const android[3] = {"SAECECEA", "SAECECEA", "SASCECEE"};
    static const char *const ios[3] = {"SAECECEA", "SAECECEA", "SAECECEA"};
    static const char *const old_toolkit[3] = {"SEECECEX", "SEECECEX", "SEECECEX"};
    check_verdicts(&sy_dialect_mobile_apps, mobile);
    check_verdicts(&sy_dialect_mobile_apps_android, android);
    check_verdicts(&sy_dialect_mobile_apps_ios, ios);
    check_verdicts(&sy_dialect_toolkit_9_0_4, old_toolkit);
    check_verdicts(&sy_dialect_toolkit_9_0_0, old_toolkit);
    check_verdicts(&sy_dialect_datasync, datasync);
    check_verdicts(&sy_dialect_mobile_apps_js, script);
    check_verdicts(&sy_dialect_toolkit, toolkit);
    check_verdicts(&sy_dialect_sound, sound);
}

static bool takes(const sy_dialect *dialect, const char *id)
{
    sy_err err;
    return dialect->check_id(sy_str_of(id), &err) == SY_OK;
}

static void ids_follow_the_rules_of_their_dialect(void **state)
{
    (void)state;
    static const char *const bad[] = {"a\"",   "a+",    "a?",        "a\\",       "a/", "a`",
                                      "a\x1f", "a\x7f", "a\xc2\x80", "a\xc2\x9f", ".",  ".."};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(takes(&sy_dialect_mobile_apps, bad[i]));
        assert_false(takes(&sy_dialect_mobile_apps_js, bad[i]));
        assert_false(takes(&sy_dialect_sound, bad[i]));
        assert_false(takes(&sy_dialect_toolkit, bad[i]));
    }
    assert_true(takes(&sy_dialect_mobile_apps, "a b"));
    assert_true(takes(&sy_dialect_mobile_apps, "\xc2\xa0..."));
    assert_false(takes(&sy_dialect_toolkit, "a b"));
    assert_true(takes(&sy_dialect_toolkit, "9_.|:-"));
    assert_false(takes(&sy_dialect_toolkit, "_a"));
    assert_true(takes(&sy_dialect_mobile_apps, ""));
    assert_true(takes(&sy_dialect_mobile_apps_js, " \xc2\xa0 b"));
    assert_false(takes(&sy_dialect_mobile_apps_js, " \xc2\xa0\xe3\x80\x80\xef\xbb\xbf"));
    assert_false(takes(&sy_dialect_mobile_apps_js, ""));
    assert_false(takes(&sy_dialect_toolkit, ""));
    assert_false(takes(&sy_dialect_sound, ""));
}

static void ids_have_a_greatest_length(void **state)
{
    (void)state;
    char id[258];
    memset(id, 'a', sizeof id);
    sy_err err;
    assert_int_equal(sy_dialect_mobile_apps.check_id((sy_str){id, 255}, &err), SY_OK);
    assert_int_equal(sy_dialect_mobile_apps.check_id((sy_str){id, 256}, &err), SY_INVALID);
    assert_int_equal(sy_dialect_mobile_apps_js.check_id((sy_str){id, 255}, &err), SY_OK);
    assert_int_equal(sy_dialect_mobile_apps_js.check_id((sy_str){id, 256}, &err), SY_INVALID);
    assert_int_equal(sy_dialect_toolkit.check_id((sy_str){id, 127}, &err), SY_OK);
    assert_int_equal(sy_dialect_toolkit.check_id((sy_str){id, 128}, &err), SY_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_are_found_by_name_and_by_number),
        cmocka_unit_test(the_tests_know_every_dialect),
        cmocka_unit_test(collapse_tables_are_those_of_the_protocol),
        cmocka_unit_test(sound_never_changes_what_may_have_been_sent),
        cmocka_unit_test(verdicts_are_those_of_the_protocol),
        cmocka_unit_test(ids_follow_the_rules_of_their_dialect),
        cmocka_unit_test(ids_have_a_greatest_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

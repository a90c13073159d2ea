/* tests core/client/policy.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/client/policy.h"
#include "tests/unit/client_fixture.h"

static fixture f;

static int setup(void **state)
{
    (void)state;
    fixture_init(&f, &sy_dialect_sound);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static sy_row *row(const char *text, bool deleted)
{
    return fixture_served(&f, "a", text, "v2", 20 * SY_SECOND, deleted, 7);
}

static sy_row *stamped(const char *text, sy_time edited_at, const char *by)
{
    sy_row *made = row(text, false);
    made->cells[SY_COLUMN_EDITED_AT] = sy_datetime(edited_at);
    made->cells[SY_COLUMN_EDITED_BY] = sy_cstr(by);
    return made;
}

/* An update from "base" to "mine" that met "theirs". */
static sy_conflict conflict_of(const sy_dialect *dialect, sy_policy_kind policy)
{
    sy_conflict made = {.dialect = dialect,
                        .policy = policy,
                        .kind = SY_OPERATION_UPDATE,
                        .status = 412,
                        .base = dialect->keeps_base ? row("base", false) : NULL,
                        .local = row("mine", false),
                        .server = stamped("theirs", 20 * SY_SECOND, "m:5"),
                        .edited_at = 10 * SY_SECOND,
                        .author = SY_STR("m"),
                        .edit_sequence = 9};
    made.stamps = made.server;
    return made;
}

static sy_ruling rule(const sy_conflict *conflict)
{
    const char *by;
    return sy_policy_rule(conflict, &by);
}

static void names_are_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < SY_POLICY_COUNT; i++) {
        assert_int_equal(sy_policy_from_name(sy_str_of(sy_policy_name((sy_policy_kind)i))), i);
    }
    assert_int_equal(sy_policy_from_name(SY_STR("client wins")), SY_POLICY_COUNT);
}

static void each_policy_rules_a_real_conflict(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        const sy_dialect *dialect = sy_dialect_at(i);
        sy_conflict conflict = conflict_of(dialect, SY_POLICY_CLIENT_WINS);
        assert_int_equal(rule(&conflict), SY_RULING_RESEND);
        conflict.policy = SY_POLICY_SERVER_WINS;
        assert_int_equal(rule(&conflict), SY_RULING_ACCEPT);
        conflict.policy = SY_POLICY_NONE;
        assert_int_equal(rule(&conflict), SY_RULING_NONE);
        conflict.policy = SY_POLICY_HANDLER;
        assert_int_equal(rule(&conflict), SY_RULING_ASK);
        conflict.policy = SY_POLICY_LATEST_WINS;
        assert_int_equal(rule(&conflict),
                         dialect->policy_latest_is_client ? SY_RULING_RESEND : SY_RULING_ACCEPT);
        conflict.edited_at = 30 * SY_SECOND;
        assert_int_equal(rule(&conflict), SY_RULING_RESEND);
    }
}

static void equal_times_are_decided_by_author_then_number(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_sound, SY_POLICY_LATEST_WINS);
    conflict.edited_at = 20 * SY_SECOND;
    assert_int_equal(rule(&conflict), SY_RULING_RESEND); /* m:9 against m:5 */
    conflict.stamps = conflict.server = stamped("theirs", 20 * SY_SECOND, "m:10");
    assert_int_equal(rule(&conflict), SY_RULING_ACCEPT);
    conflict.stamps = conflict.server = stamped("theirs", 20 * SY_SECOND, "l:10");
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
    conflict.stamps = conflict.server = stamped("theirs", 20 * SY_SECOND, "n:1");
    assert_int_equal(rule(&conflict), SY_RULING_ACCEPT);
}

static void latest_wins_falls_back_to_the_servers_updated_at(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_mobile_apps, SY_POLICY_LATEST_WINS);
    conflict.stamps = conflict.server = row("theirs", false); /* at 20 s, by nobody */
    conflict.edited_at = 20 * SY_SECOND + 1;
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
    conflict.edited_at = 20 * SY_SECOND;
    assert_int_equal(rule(&conflict), SY_RULING_ACCEPT);
}

static void what_both_sides_agree_about_is_no_conflict(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_sound, SY_POLICY_NONE);
    conflict.stamps = conflict.server = row("mine", false);
    assert_int_equal(rule(&conflict), SY_RULING_ADOPT);
    conflict.stamps = conflict.server = row("base", false);
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
    conflict = conflict_of(&sy_dialect_sound, SY_POLICY_NONE);
    conflict.local = row("base", false);
    assert_int_equal(rule(&conflict), SY_RULING_ACCEPT); /* edits behind it meet the server's row */
    conflict = conflict_of(&sy_dialect_sound, SY_POLICY_NONE);
    conflict.stamps = conflict.server = stamped("half of mine", conflict.edited_at, "m:9");
    assert_int_equal(rule(&conflict), SY_RULING_ADOPT);
    conflict.stamps = conflict.server = stamped("another's", conflict.edited_at + 1, "m:9");
    assert_int_equal(rule(&conflict), SY_RULING_NONE); /* a device with our identity made it */
}

static void the_classic_clients_do_not_compare_contents(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    conflict.stamps = conflict.server = row("mine", false);
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
}

static void our_own_tombstone_is_no_conflict(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_sound, SY_POLICY_SERVER_WINS);
    conflict.kind = SY_OPERATION_INSERT;
    conflict.status = 409;
    conflict.base = row(NULL, true);
    conflict.stamps = conflict.server = row(NULL, true);
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
}

static void a_classic_insert_cannot_become_an_update(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_mobile_apps, SY_POLICY_CLIENT_WINS);
    conflict.kind = SY_OPERATION_INSERT;
    conflict.status = 409;
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
    conflict.stamps = conflict.server = NULL; /* S-FX sends no row [9.3] */
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
    conflict.policy = SY_POLICY_SERVER_WINS;
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
    conflict = conflict_of(&sy_dialect_toolkit, SY_POLICY_CLIENT_WINS);
    conflict.kind = SY_OPERATION_INSERT;
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
}

static void a_row_that_is_gone_is_a_conflict_in_sound(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_sound, SY_POLICY_CLIENT_WINS);
    conflict.stamps = conflict.server = NULL;
    conflict.status = 404;
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
    conflict.policy = SY_POLICY_SERVER_WINS;
    assert_int_equal(rule(&conflict), SY_RULING_ACCEPT);
    conflict.policy = SY_POLICY_LATEST_WINS;
    assert_int_equal(rule(&conflict), SY_RULING_ACCEPT);
    conflict.status = 412; /* an answer that forgot its row says nothing */
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
}

static void resending_has_an_end(void **state)
{
    (void)state;
    sy_conflict conflict = conflict_of(&sy_dialect_sound, SY_POLICY_CLIENT_WINS);
    conflict.rounds = SY_POLICY_ROUND_COUNT_MAX - 1;
    assert_int_equal(rule(&conflict), SY_RULING_RESEND);
    conflict.rounds = SY_POLICY_ROUND_COUNT_MAX;
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
    conflict = conflict_of(&sy_dialect_toolkit, SY_POLICY_CLIENT_WINS);
    conflict.rounds = 1;
    assert_int_equal(rule(&conflict), SY_RULING_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(each_policy_rules_a_real_conflict),
        cmocka_unit_test(equal_times_are_decided_by_author_then_number),
        cmocka_unit_test(latest_wins_falls_back_to_the_servers_updated_at),
        cmocka_unit_test(what_both_sides_agree_about_is_no_conflict),
        cmocka_unit_test(the_classic_clients_do_not_compare_contents),
        cmocka_unit_test(our_own_tombstone_is_no_conflict),
        cmocka_unit_test(a_classic_insert_cannot_become_an_update),
        cmocka_unit_test(a_row_that_is_gone_is_a_conflict_in_sound),
        cmocka_unit_test(resending_has_an_end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

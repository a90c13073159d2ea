/* tests core/client/ruling.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/client/ruling.h"
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
static sy_ruling conflict_of(const sy_dialect *dialect, const sy_policy *policy)
{
    return (sy_ruling){
        .dialect = dialect,
        .policy = policy,
        .kind = SY_OPERATION_UPDATE,
        .conflict = {.id = SY_STR("a"),
                     .base = dialect->keeps_base ? row("base", false) : NULL,
                     .local = row("mine", false),
                     .server = row("theirs", false),
                     .edit = {true, 10 * SY_SECOND, SY_STR("m"), 9},
                     .served = {true, 20 * SY_SECOND, SY_STR("m"), 5},
                     .updated_at = 20 * SY_SECOND,
                     .status = 412},
    };
}

/* The server's row, and who made it when. */
static void serve(sy_ruling *ruling, const sy_row *server)
{
    ruling->conflict.server = server;
    ruling->conflict.served = sy_edit_stamp_of(server);
}

static sy_judgement_kind rule(const sy_ruling *ruling)
{
    sy_judgement judgement;
    sy_err err;
    assert_int_equal(sy_rule(ruling, &f.arena, &judgement, &err), SY_OK);
    return judgement.kind;
}

static void each_policy_rules_a_real_conflict(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        const sy_dialect *dialect = sy_dialect_at(i);
        sy_ruling conflict = conflict_of(dialect, &sy_policy_client_wins);
        assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
        conflict.policy = &sy_policy_server_wins;
        assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT);
        conflict.policy = NULL;
        assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
        conflict.policy = &sy_policy_handler;
        assert_int_equal(rule(&conflict), SY_JUDGED_ASK);
        conflict.policy = &sy_policy_latest_wins;
        assert_int_equal(rule(&conflict),
                         dialect->policy_latest_is_client ? SY_JUDGED_PUSH : SY_JUDGED_ACCEPT);
        conflict.conflict.edit.at = 30 * SY_SECOND;
        assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
    }
}

static void equal_times_are_decided_by_author_then_number(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_sound, &sy_policy_latest_wins);
    conflict.conflict.edit.at = 20 * SY_SECOND;
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH); /* m:9 against m:5 */
    serve(&conflict, stamped("theirs", 20 * SY_SECOND, "m:10"));
    assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT);
    serve(&conflict, stamped("theirs", 20 * SY_SECOND, "l:10"));
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
    serve(&conflict, stamped("theirs", 20 * SY_SECOND, "n:1"));
    assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT);
}

static void latest_wins_falls_back_to_the_servers_updated_at(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_mobile_apps, &sy_policy_latest_wins);
    serve(&conflict, row("theirs", false)); /* at 20 s, by nobody */
    conflict.conflict.edit.at = 20 * SY_SECOND + 1;
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
    conflict.conflict.edit.at = 20 * SY_SECOND;
    assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT);
}

static void what_both_sides_agree_about_is_no_conflict(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_sound, NULL);
    serve(&conflict, row("mine", false));
    assert_int_equal(rule(&conflict), SY_JUDGED_ADOPT);
    serve(&conflict, row("base", false));
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
    conflict = conflict_of(&sy_dialect_sound, NULL);
    conflict.conflict.local = row("base", false);
    assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT); /* edits behind it meet the server's row */
    conflict = conflict_of(&sy_dialect_sound, NULL);
    serve(&conflict, stamped("half of mine", conflict.conflict.edit.at, "m:9"));
    assert_int_equal(rule(&conflict), SY_JUDGED_ADOPT);
    serve(&conflict, stamped("another's", conflict.conflict.edit.at + 1, "m:9"));
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT); /* a device with our identity made it */
}

static void the_classic_clients_do_not_compare_contents(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_mobile_apps, NULL);
    serve(&conflict, row("mine", false));
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
}

static void our_own_tombstone_is_no_conflict(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_sound, &sy_policy_server_wins);
    conflict.kind = SY_OPERATION_INSERT;
    conflict.conflict.status = 409;
    conflict.conflict.base = row(NULL, true);
    serve(&conflict, row(NULL, true));
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
}

static void a_classic_insert_cannot_become_an_update(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_mobile_apps, &sy_policy_client_wins);
    conflict.kind = SY_OPERATION_INSERT;
    conflict.conflict.status = 409;
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
    serve(&conflict, NULL); /* S-FX sends no row [9.3] */
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
    conflict.policy = &sy_policy_server_wins;
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
    conflict = conflict_of(&sy_dialect_toolkit, &sy_policy_client_wins);
    conflict.kind = SY_OPERATION_INSERT;
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
}

static void a_row_that_is_gone_is_a_conflict_in_sound(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_sound, &sy_policy_client_wins);
    serve(&conflict, NULL);
    conflict.conflict.status = 404;
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
    conflict.policy = &sy_policy_server_wins;
    assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT);
    conflict.policy = &sy_policy_latest_wins;
    assert_int_equal(rule(&conflict), SY_JUDGED_ACCEPT);
    conflict.conflict.status = 412; /* an answer that forgot its row says nothing */
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
}

static void resending_has_an_end(void **state)
{
    (void)state;
    sy_ruling conflict = conflict_of(&sy_dialect_sound, &sy_policy_client_wins);
    conflict.conflict.rounds = SY_RULING_ROUND_COUNT_MAX - 1;
    assert_int_equal(rule(&conflict), SY_JUDGED_PUSH);
    conflict.conflict.rounds = SY_RULING_ROUND_COUNT_MAX;
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
    conflict = conflict_of(&sy_dialect_toolkit, &sy_policy_client_wins);
    conflict.conflict.rounds = 1;
    assert_int_equal(rule(&conflict), SY_JUDGED_NOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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

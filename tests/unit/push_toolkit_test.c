/* tests core/client/push_batch.c: the pushes of the dialect toolkit */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/push_fixture.h"

static void the_toolkit_sends_its_snapshot_as_a_put(void **state)
{
    (void)state;
    push_start(&sy_dialect_toolkit, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_int_equal(push_f.method, SY_METHOD_REPLACE);
    assert_string_equal(push_f.if_match, "v1");
    assert_int_equal(fixture_reply(&push_f, 200, push_served("mine", "v2"))->completed, 1);
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v2\"");
}

static void a_toolkit_push_succeeds_with_errors_in_its_result(void **state)
{
    (void)state;
    push_start(&sy_dialect_toolkit, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    const fixture_done *done = fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(push_operation(0).state, SY_STATE_FAILED);
    assert_int_equal(push_operation(0).status, 412);
}

static void the_toolkits_client_wins_resends_once_without_a_version(void **state)
{
    (void)state;
    push_start(&sy_dialect_toolkit, &sy_policy_client_wins);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    (void)fixture_reply(&push_f, 409, push_served("theirs", "v9"));
    assert_int_equal(push_f.method, SY_METHOD_REPLACE);
    assert_string_equal(push_f.if_match, "");
    const fixture_done *done = fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_int_equal(done->error_count, 1);
    assert_int_equal(push_f.send_count, 2);
}

static void the_toolkits_server_wins_does_not_restore_a_delete(void **state)
{
    (void)state;
    push_start(&sy_dialect_toolkit, &sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    HAS(fixture_local(&push_f, "a"), "theirs");
    assert_int_equal(fixture_delete(&push_f, "a")->rc, SY_OK);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("again", "v10"));
    assert_int_equal(push_pending(), 0);
    assert_string_equal(fixture_local(&push_f, "a"), "null");
}

static void a_lost_connection_escapes_the_toolkits_push(void **state)
{
    (void)state;
    push_start(&sy_dialect_toolkit, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_insert(&push_f, "c", "three", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    assert_int_equal(push_pending(), 3); /* nothing is saved on the way */
    push_lose_answer(SY_NETWORK);
    assert_int_equal(fixture_last(&push_f)->rc, SY_NETWORK);
    assert_int_equal(push_f.send_count, 2);
    assert_int_equal(push_pending(), 3); /* the answered row is an edit again [edge 49] */
    assert_true(sy_str_equal(push_operation(0).id, SY_STR("b")));
    assert_int_equal(push_operation(2).kind, SY_OPERATION_UPDATE);
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v1\"");
}

static void a_crash_during_the_toolkits_push_leaves_all_queued(void **state)
{
    (void)state;
    push_start(&sy_dialect_toolkit, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    push_restart();
    assert_int_equal(push_pending(), 2);
    assert_int_equal(push_operation(0).kind, SY_OPERATION_INSERT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_toolkit_sends_its_snapshot_as_a_put),
        TEST(a_toolkit_push_succeeds_with_errors_in_its_result),
        TEST(the_toolkits_client_wins_resends_once_without_a_version),
        TEST(the_toolkits_server_wins_does_not_restore_a_delete),
        TEST(a_lost_connection_escapes_the_toolkits_push),
        TEST(a_crash_during_the_toolkits_push_leaves_all_queued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests core/client/push.c and its steps as the dialect sound has them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/push_fixture.h"

static void sound_retries_with_the_same_key(void **state)
{
    (void)state;
    char key[128];
    push_start(&sy_dialect_sound, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_int_not_equal(strlen(push_f.key), 0);
    memcpy(key, push_f.key, sizeof key);
    push_lose_answer(SY_TIMEOUT);
    assert_int_equal(push_operation(0).state, SY_STATE_ATTEMPTED);
    push_restart();
    (void)fixture_push(&push_f);
    assert_string_equal(push_f.key, key);
    assert_int_equal(fixture_reply(&push_f, 201, push_served("one", "v1"))->rc, SY_OK);
    assert_int_equal(push_pending(), 0);
}

static void after_a_restart_what_is_queued_counts_as_sent(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    assert_int_equal(push_operation(0).state, SY_STATE_PENDING);
    push_restart();
    assert_int_equal(push_operation(0).state, SY_STATE_ATTEMPTED);
    assert_int_equal(fixture_update(&push_f, "a", "two", -1)->rc, SY_OK);
    assert_int_equal(push_pending(), 2);
    assert_int_equal(push_operation(1).state, SY_STATE_PENDING);
    assert_int_equal(fixture_update(&push_f, "a", "three", -1)->rc, SY_OK);
    assert_int_equal(push_pending(), 2);
}

static void a_refused_operation_that_is_sent_again_is_unclear_after_a_crash(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 400, NULL);
    (void)fixture_push(&push_f);
    push_restart();
    assert_int_equal(push_operation(0).state, SY_STATE_ATTEMPTED);
}

static void sound_changes_the_key_with_a_refused_operation(void **state)
{
    (void)state;
    char key[128];
    push_start(&sy_dialect_sound, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    memcpy(key, push_f.key, sizeof key);
    assert_int_equal(fixture_reply(&push_f, 400, NULL)->rc, SY_PUSH_FAILED);
    assert_int_equal(push_operation(0).state, SY_STATE_FAILED);
    assert_int_equal(fixture_update(&push_f, "a", "better", -1)->rc, SY_OK);
    assert_int_equal(push_pending(), 1);
    (void)fixture_push(&push_f);
    HAS(push_f.sent, "better");
    assert_string_not_equal(push_f.key, key);
}

static void sound_does_not_touch_an_operation_that_a_500_left_unclear(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 500, NULL);
    assert_int_equal(push_operation(0).state, SY_STATE_ATTEMPTED);
    (void)fixture_update(&push_f, "a", "two", -1);
    assert_int_equal(push_pending(), 2);
}

static void an_edit_in_flight_queues_behind_and_keeps_its_content(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_update(&push_f, "a", "newer", -1)->rc, SY_OK);
    assert_int_equal(push_pending(), 2);
    sy_row *answer = push_served("mine", "v2");
    answer->cells[SY_SYSTEM_COUNT + 1] = sy_int(42); /* a column that the server fills in */
    assert_null(fixture_reply(&push_f, 200, answer));
    HAS(fixture_local(&push_f, "a"), "newer");
    HAS(fixture_local(&push_f, "a"), "42");
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v2\"");
    HAS(push_f.sent, "newer"); /* the same push goes on with it */
    HAS(push_f.sent, "42");
    assert_string_equal(push_f.if_match, "v2");
    assert_int_equal(fixture_reply(&push_f, 200, push_served("newer", "v3"))->completed, 2);
}

static void a_delete_in_flight_and_a_new_insert_revive_the_tombstone(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, &sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 200, push_served("mine", "v2"));
    assert_int_equal(fixture_delete(&push_f, "a")->rc, SY_OK);
    (void)fixture_push(&push_f);
    assert_string_equal(push_f.if_match, "v2");
    assert_int_equal(fixture_insert(&push_f, "a", "reborn", -1)->rc, SY_OK);
    assert_null(fixture_reply(&push_f, 204, NULL));
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    assert_null(fixture_reply(&push_f, 409, push_tombstone("v3")));
    assert_int_equal(push_f.method, SY_METHOD_UPDATE);
    assert_string_equal(push_f.if_match, "v3");
    assert_int_equal(fixture_reply(&push_f, 200, push_served("reborn", "v4"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "reborn");
}

static void a_later_operation_does_not_overtake_a_failed_one_of_its_item(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_update(&push_f, "a", "newer", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    assert_string_equal(push_f.sent_id, "b");
    const fixture_done *done =
        fixture_reply(&push_f, 201, fixture_served(&push_f, "b", "two", "v1", 0, false, 0));
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(push_pending(), 2);
}

static void sound_adopts_what_it_wanted_anyway(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 412, push_served("mine", "v9"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v9\"");
    assert_int_equal(push_pending(), 0);
}

static void sounds_client_wins_revives_what_was_deleted(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, &sy_policy_client_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 410, push_tombstone("v9"));
    assert_int_equal(push_f.method, SY_METHOD_UPDATE);
    assert_string_equal(push_f.if_match, "v9");
    (void)fixture_reply(&push_f, 404, NULL); /* purged meanwhile */
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    assert_string_equal(push_f.if_match, "");
    assert_int_equal(fixture_reply(&push_f, 201, push_served("mine", "v10"))->rc, SY_OK);
}

static void sounds_server_wins_accepts_a_deletion_and_undoes_one(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, &sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 410, push_tombstone("v9"))->rc, SY_OK);
    assert_string_equal(fixture_local(&push_f, "a"), "null");
    (void)push_teardown(NULL);
    push_start(&sy_dialect_sound, &sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 200, push_served("mine", "v2"));
    (void)fixture_delete(&push_f, "a");
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 412, push_served("theirs", "v9"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "theirs");
    assert_int_equal(push_pending(), 0);
}

static void a_merge_is_made_anew_of_what_was_wanted(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, sy_policy_find(SY_STR("field_merge")));
    push_edit_known_row(); /* its text */
    (void)fixture_push(&push_f);
    sy_row *theirs = push_served("base", "v9");
    theirs->cells[SY_SYSTEM_COUNT + 1] = sy_int(7);
    assert_null(fixture_reply(&push_f, 412, theirs));
    HAS(push_f.sent, "mine");
    HAS(push_f.sent, "7");
    theirs->cells[SY_SYSTEM_COUNT + 1] = sy_int(8);
    theirs->cells[SY_COLUMN_VERSION] = sy_cstr("v10");
    assert_null(fixture_reply(&push_f, 412, theirs)); /* 7 was never ours */
    HAS(push_f.sent, "8");
    assert_string_equal(push_f.if_match, "v10");
}

static void a_row_that_is_kept_is_pushed_as_a_new_one(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, sy_policy_find(SY_STR("keep_both")));
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    HAS(fixture_local(&push_f, "a"), "theirs");
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    HAS(push_f.sent, "mine");
    HAS(fixture_local(&push_f, push_f.sent_id), "mine");
    assert_int_equal(push_pending(), 1);
}

static void a_row_is_not_kept_when_a_newer_edit_holds_it(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, sy_policy_find(SY_STR("keep_both")));
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_update(&push_f, "a", "newer", -1);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    assert_string_equal(push_f.sent_id, "a");
    assert_int_equal(push_pending(), 1);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    HAS(push_f.sent, "newer");
}

static void the_edit_behind_one_that_gave_way_meets_its_own_conflict(void **state)
{
    (void)state;
    push_start(&sy_dialect_sound, &sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_update(&push_f, "a", "newer", -1);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    assert_string_equal(push_f.if_match, "v1");
    HAS(fixture_local(&push_f, "a"), "newer");
    assert_int_equal(fixture_reply(&push_f, 412, push_served("theirs", "v9"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "theirs");
    assert_int_equal(push_pending(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sound_retries_with_the_same_key),
        TEST(after_a_restart_what_is_queued_counts_as_sent),
        TEST(a_refused_operation_that_is_sent_again_is_unclear_after_a_crash),
        TEST(sound_changes_the_key_with_a_refused_operation),
        TEST(sound_does_not_touch_an_operation_that_a_500_left_unclear),
        TEST(an_edit_in_flight_queues_behind_and_keeps_its_content),
        TEST(a_delete_in_flight_and_a_new_insert_revive_the_tombstone),
        TEST(a_later_operation_does_not_overtake_a_failed_one_of_its_item),
        TEST(sound_adopts_what_it_wanted_anyway),
        TEST(sounds_client_wins_revives_what_was_deleted),
        TEST(sounds_server_wins_accepts_a_deletion_and_undoes_one),
        TEST(a_merge_is_made_anew_of_what_was_wanted),
        TEST(a_row_that_is_kept_is_pushed_as_a_new_one),
        TEST(a_row_is_not_kept_when_a_newer_edit_holds_it),
        TEST(the_edit_behind_one_that_gave_way_meets_its_own_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

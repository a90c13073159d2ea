/* tests core/client/push.c with push_attempt.c, push_request.c, push_settle.c and push_queue.c, as
 * the dialect mobile-apps has them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/push_fixture.h"

static void nothing_to_push_is_a_success(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        push_start(sy_dialect_at(i), NULL);
        const fixture_done *done = fixture_push(&push_f);
        assert_int_equal(done->rc, SY_OK);
        assert_int_equal(done->push_status, SY_PUSH_COMPLETE);
        assert_int_equal(done->completed, 0);
        assert_int_equal(push_f.send_count, 0);
        (void)push_teardown(NULL);
    }
}

static void an_insert_is_sent_without_system_columns_and_its_answer_is_stored(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", 3);
    assert_null(fixture_push(&push_f));
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    assert_string_equal(push_f.sent, "{\"id\":\"a\",\"text\":\"one\",\"qty\":3}");
    assert_string_equal(push_f.if_match, "");
    assert_int_equal(push_operation(0).state, SY_STATE_ATTEMPTED);
    const fixture_done *done = fixture_reply(&push_f, 201, push_served("one", "v1"));
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->completed, 1);
    assert_int_equal(push_pending(), 0);
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v1\"");
}

static void an_update_names_its_version_and_keeps_its_id(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_int_equal(push_f.method, SY_METHOD_UPDATE);
    assert_string_equal(push_f.if_match, "v1");
    HAS(push_f.sent, "\"id\":\"a\"");
    LACKS(push_f.sent, "version");
    LACKS(push_f.sent, "updatedAt");
    (void)fixture_reply(&push_f, 200, push_served("mine", "v2"));
    assert_int_equal(push_pending(), 0);
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v2\"");
}

static void a_delete_names_its_version_and_has_no_body(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 200, push_served("mine", "v2"));
    sy_row *row = sy_row_shallow(&push_f.arena, fixture_todo(&push_f, "a", NULL, -1));
    row->cells[SY_COLUMN_VERSION] = sy_cstr("v2");
    const sy_call call = {
        .verb = SY_VERB_DELETE, .table = push_f.todo->name, .id = SY_STR("a"), .row = row};
    assert_int_equal(fixture_call(&push_f, &call)->rc, SY_OK);
    (void)fixture_push(&push_f);
    assert_int_equal(push_f.method, SY_METHOD_DELETE);
    assert_string_equal(push_f.if_match, "v2");
    assert_string_equal(push_f.sent, "null");
    assert_int_equal(fixture_reply(&push_f, 204, NULL)->rc, SY_OK);
    assert_int_equal(push_pending(), 0);
}

static void a_delete_of_a_missing_row_is_a_success(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_delete(&push_f, "a");
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 404, NULL)->rc, SY_OK);
    assert_int_equal(push_pending(), 0);
}

static void operations_go_in_order_and_those_queued_meanwhile_go_too(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "b", "one", -1);
    (void)fixture_insert(&push_f, "a", "two", -1);
    (void)fixture_push(&push_f);
    assert_string_equal(push_f.sent_id, "b");
    (void)fixture_insert(&push_f, "c", "three", -1);
    (void)fixture_reply(&push_f, 201, fixture_served(&push_f, "b", "one", "v1", 0, false, 0));
    assert_string_equal(push_f.sent_id, "a");
    (void)fixture_reply(&push_f, 201, fixture_served(&push_f, "a", "two", "v1", 0, false, 0));
    assert_string_equal(push_f.sent_id, "c");
    const fixture_done *done =
        fixture_reply(&push_f, 201, fixture_served(&push_f, "c", "three", "v1", 0, false, 0));
    assert_int_equal(done->completed, 3);
}

static void an_error_is_passed_over_and_reported_with_the_servers_row(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    push_edit_known_row();
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_string_equal(push_f.sent_id, "b");
    const fixture_done *done =
        fixture_reply(&push_f, 201, fixture_served(&push_f, "b", "two", "v1", 0, false, 0));
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->push_status, SY_PUSH_COMPLETE);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(done->error_status, 412);
    HAS(done->error_item, "\"text\":\"mine\"");
    HAS(done->error_server, "\"text\":\"theirs\"");
    HAS(done->text, "todo/a");
    assert_int_equal(push_operation(0).state, SY_STATE_FAILED);
    HAS(fixture_local(&push_f, "a"), "\"text\":\"mine\"");
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v1\""); /* the version is not copied [9.3] */
}

static void a_failed_operation_is_sent_again_by_the_next_push(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 500, NULL);
    (void)fixture_push(&push_f);
    assert_string_equal(push_f.if_match, "v1");
    const fixture_done *done = fixture_reply(&push_f, 200, push_served("mine", "v2"));
    assert_int_equal(done->rc, SY_OK); /* the first push's error was cleared at its end */
    assert_int_equal(done->error_count, 0);
}

static void a_lost_connection_stops_the_push_without_an_error_row(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_push(&push_f);
    push_lose_answer(SY_TIMEOUT);
    const fixture_done *done = fixture_last(&push_f);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->push_status, SY_PUSH_CANCELLED_BY_NETWORK_ERROR);
    assert_int_equal(done->error_count, 0);
    assert_int_equal(push_f.send_count, 1);
    assert_int_equal(push_operation(0).state, SY_STATE_FAILED);
    assert_int_equal(push_operation(1).state, SY_STATE_PENDING);
}

static void a_401_stops_the_push(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_push(&push_f);
    const fixture_done *done = fixture_reply(&push_f, 401, NULL);
    assert_int_equal(done->push_status, SY_PUSH_CANCELLED_BY_AUTHENTICATION_ERROR);
    assert_int_equal(push_pending(), 2);
}

static void a_success_without_content_is_an_error(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    const fixture_done *done = fixture_reply(&push_f, 201, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_status, 201);
    assert_int_equal(push_pending(), 1);
}

static void an_operation_without_its_row_is_an_error_without_a_status(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    assert_int_equal(sy_store_remove(push_f.store, push_f.todo, SY_STR("a"), NULL), SY_OK);
    const fixture_done *done = fixture_push(&push_f);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_status, 0);
    assert_string_equal(done->error_item, "{\"id\":\"a\"}");
    assert_int_equal(push_f.send_count, 0);
    assert_int_equal(push_operation(0).state, SY_STATE_PENDING);
}

static void an_edit_waits_for_the_answer_to_the_same_id(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_null(fixture_update(&push_f, "a", "two", -1));
    HAS(fixture_local(&push_f, "a"), "\"text\":\"one\"");
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    HAS(fixture_local(&push_f, "a"), "\"text\":\"two\"");
    assert_int_equal(push_pending(), 1);
    assert_int_equal(push_operation(0).kind, SY_OPERATION_UPDATE);
}

static void client_wins_sends_again_over_the_servers_version(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, &sy_policy_client_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    assert_string_equal(push_f.if_match, "v9");
    HAS(push_f.sent, "mine");
    assert_null(fixture_reply(&push_f, 412, push_served("other", "v10")));
    assert_string_equal(push_f.if_match, "v10");
    assert_int_equal(fixture_reply(&push_f, 200, push_served("mine", "v11"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "\"version\":\"v11\"");
}

static void server_wins_stores_the_servers_row(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, &sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 412, push_served("theirs", "v9"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "\"text\":\"theirs\"");
    assert_int_equal(push_pending(), 0);
}

static void server_wins_does_not_bring_a_deleted_row_back(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, &sy_policy_server_wins);
    (void)fixture_delete(&push_f, "a");
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_reply(&push_f, 412, push_served("theirs", "v9"))->rc, SY_OK);
    assert_string_equal(fixture_local(&push_f, "a"), "null");
    assert_int_equal(push_pending(), 0);
}

static void a_conflicting_insert_stands_whatever_the_policy(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, &sy_policy_client_wins);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    const fixture_done *done = fixture_reply(&push_f, 409, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_status, 409);
    assert_int_equal(push_pending(), 1);
}

static void errors_left_by_an_interrupted_push_are_replayed(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_push(&push_f);
    assert_null(fixture_reply(&push_f, 500, NULL)); /* a's error is stored, b is under way */
    push_restart();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    const fixture_done *done =
        fixture_reply(&push_f, 201, fixture_served(&push_f, "b", "two", "v1", 0, false, 0));
    assert_int_equal(done->rc, SY_PUSH_FAILED); /* for an operation that is long done [edge 5] */
    assert_int_equal(done->error_status, 500);
    assert_int_equal(done->completed, 2);
    assert_int_equal(fixture_push(&push_f)->rc, SY_OK);
}

static void a_cancelled_push_stops_after_the_operation_in_hand(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    const sy_call call = {.verb = SY_VERB_PUSH};
    sy_ticket ticket;
    assert_int_equal(sy_client_submit(push_f.client, &call, &ticket, NULL), SY_OK);
    sy_client_run(push_f.client);
    assert_true(sy_client_cancel(push_f.client, ticket));
    sy_client_run(push_f.client);
    assert_int_equal(fixture_outcome(&push_f, ticket)->rc, SY_CANCELLED);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    assert_int_equal(push_f.send_count, 1);
    assert_int_equal(push_pending(), 1);
    assert_true(sy_client_idle(push_f.client));
}

static void a_push_of_one_table_leaves_the_others(void **state)
{
    (void)state;
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    const sy_call call = {.verb = SY_VERB_PUSH, .tables = {push_f.list->name}, .table_count = 1};
    assert_int_equal(fixture_call(&push_f, &call)->rc, SY_OK);
    assert_int_equal(push_f.send_count, 0);
    const sy_call both = {
        .verb = SY_VERB_PUSH, .tables = {push_f.list->name, push_f.todo->name}, .table_count = 2};
    assert_null(fixture_call(&push_f, &both));
    assert_int_equal(push_f.send_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_push_is_a_success),
        TEST(an_insert_is_sent_without_system_columns_and_its_answer_is_stored),
        TEST(an_update_names_its_version_and_keeps_its_id),
        TEST(a_delete_names_its_version_and_has_no_body),
        TEST(a_delete_of_a_missing_row_is_a_success),
        TEST(operations_go_in_order_and_those_queued_meanwhile_go_too),
        TEST(an_error_is_passed_over_and_reported_with_the_servers_row),
        TEST(a_failed_operation_is_sent_again_by_the_next_push),
        TEST(a_lost_connection_stops_the_push_without_an_error_row),
        TEST(a_401_stops_the_push),
        TEST(a_success_without_content_is_an_error),
        TEST(an_operation_without_its_row_is_an_error_without_a_status),
        TEST(an_edit_waits_for_the_answer_to_the_same_id),
        TEST(client_wins_sends_again_over_the_servers_version),
        TEST(server_wins_stores_the_servers_row),
        TEST(server_wins_does_not_bring_a_deleted_row_back),
        TEST(a_conflicting_insert_stands_whatever_the_policy),
        TEST(errors_left_by_an_interrupted_push_are_replayed),
        TEST(a_cancelled_push_stops_after_the_operation_in_hand),
        TEST(a_push_of_one_table_leaves_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

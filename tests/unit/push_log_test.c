/* tests core/client/push_log.c and push_log_decide.c: the pushes of the dialect mobile-apps-js */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/push_fixture.h"

static struct {
    uint64_t decision_id;
    uint32_t asked;
    uint32_t attempt;
    sy_rc rc;
    bool has_server;
} seen;

static void handler_decide(void *self, const sy_attempt *attempt)
{
    (void)self;
    seen.asked++;
    seen.decision_id = attempt->decision_id;
    seen.attempt = attempt->attempt;
    seen.rc = attempt->rc;
    seen.has_server = attempt->server != NULL;
}

static void start(const sy_policy *policy)
{
    static const sy_handler_ops ops = {.decide = handler_decide};
    memset(&seen, 0, sizeof seen);
    push_f.handler = (sy_handler){.ops = &ops, .wants_errors = true};
    push_start(&sy_dialect_mobile_apps_js, policy);
}

static sy_rc try_decide(const sy_decision *decision)
{
    push_f.done_count = 0;
    const sy_rc rc = sy_client_decide(push_f.client, seen.decision_id, decision, NULL);
    sy_client_run(push_f.client);
    return rc;
}

static const fixture_done *decide(sy_decision decision)
{
    assert_int_equal(try_decide(&decision), SY_OK);
    return fixture_last(&push_f);
}

/* A row of the app, with a version. */
static const sy_row *mine(const char *text, const char *version)
{
    sy_row *row = sy_row_shallow(&push_f.arena, fixture_todo(&push_f, "a", text, -1));
    row->cells[SY_COLUMN_VERSION] = sy_cstr(version);
    return row;
}

static void conflict_of_an_edit(void)
{
    start(&sy_policy_handler);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_int_equal(seen.asked, 1);
}

static void an_edit_of_what_is_being_sent_is_an_operation_of_its_own(void **state)
{
    (void)state;
    start(NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_update(&push_f, "a", "two", -1)->rc, SY_OK);
    assert_int_equal(push_pending(), 2);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    HAS(fixture_local(&push_f, "a"), "\"text\":\"one\""); /* the answer is stored over the edit */
    assert_int_equal(push_f.method, SY_METHOD_UPDATE);
    assert_string_equal(push_f.if_match, "v1");
    HAS(push_f.sent, "\"text\":\"one\"");
}

static void an_operation_whose_row_is_gone_is_dropped(void **state)
{
    (void)state;
    start(NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_int_equal(fixture_delete(&push_f, "a")->rc, SY_OK);
    push_lose_answer(SY_TIMEOUT);
    assert_int_equal(seen.rc, SY_TIMEOUT);
    assert_int_equal(decide((sy_decision){.kind = SY_DECIDE_FAIL})->rc, SY_PUSH_FAILED);
    assert_int_equal(push_pending(), 2);
    (void)fixture_push(&push_f); /* the delete alone, of whatever version */
    assert_int_equal(push_f.method, SY_METHOD_DELETE);
    assert_string_equal(push_f.if_match, "");
    assert_int_equal(fixture_reply(&push_f, 200, NULL)->rc, SY_OK);
    assert_int_equal(push_pending(), 0);
}

static void a_conflict_is_passed_by_and_an_error_ends_the_push(void **state)
{
    (void)state;
    start(NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_insert(&push_f, "c", "three", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 409, push_served("one", NULL));
    assert_int_equal(seen.asked, 0); /* no policy: nobody is asked about conflicts */
    (void)fixture_reply(&push_f, 500, NULL);
    assert_int_equal(seen.asked, 1);
    const fixture_done *done = decide((sy_decision){.kind = SY_DECIDE_FAIL});
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_count, 1); /* the conflict is not told */
    assert_int_equal(done->error_status, 500);
    assert_int_equal(push_f.send_count, 2);
    assert_int_equal(push_pending(), 3);
}

static void a_push_of_conflicts_alone_succeeds_with_them(void **state)
{
    (void)state;
    start(NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    const fixture_done *done = fixture_reply(&push_f, 409, push_served("one", NULL));
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->error_count, 1);
    assert_string_equal(done->error_server, "null"); /* read out of a 412 only */
}

static void an_update_is_written_and_sent_in_the_same_push(void **state)
{
    (void)state;
    conflict_of_an_edit();
    assert_true(seen.has_server);
    (void)decide((sy_decision){.kind = SY_DECIDE_SEND, .row = mine("both", "v9")});
    HAS(fixture_local(&push_f, "a"), "\"text\":\"both\"");
    assert_string_equal(push_f.if_match, "v9");
    HAS(push_f.sent, "\"text\":\"both\"");
    assert_int_equal(fixture_reply(&push_f, 200, push_served("both", "v10"))->completed, 1);
    assert_int_equal(push_pending(), 0);
}

static void nobody_is_asked_a_sixth_time(void **state)
{
    (void)state;
    conflict_of_an_edit();
    for (uint32_t i = 1; i < 5; i++) {
        (void)decide((sy_decision){.kind = SY_DECIDE_SEND});
        (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
        assert_int_equal(seen.asked, i + 1);
        assert_int_equal(seen.attempt, i + 1);
    }
    (void)decide((sy_decision){.kind = SY_DECIDE_SEND});
    const fixture_done *done = fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_int_equal(seen.asked, 5);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(push_f.send_count, 1 + 6);
}

static void what_is_cancelled_is_not_sent_again(void **state)
{
    (void)state;
    conflict_of_an_edit();
    assert_int_equal(decide((sy_decision){.kind = SY_DECIDE_RETURN})->error_count, 0);
    assert_int_equal(push_pending(), 0);
    HAS(fixture_local(&push_f, "a"), "\"text\":\"mine\"");
}

static void what_is_discarded_takes_its_row_with_it(void **state)
{
    (void)state;
    conflict_of_an_edit();
    (void)decide((sy_decision){.kind = SY_DECIDE_RETURN, .delete_row = true});
    assert_int_equal(push_pending(), 0);
    assert_string_equal(fixture_local(&push_f, "a"), "null");
}

static void a_delete_cannot_be_updated(void **state)
{
    (void)state;
    start(&sy_policy_handler);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 200, push_served("mine", "v2"));
    assert_int_equal(fixture_delete(&push_f, "a")->rc, SY_OK);
    (void)fixture_push(&push_f);
    assert_string_equal(push_f.if_match, "v2");
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    const sy_row *row = mine("again", "v9");
    const sy_decision update = {.kind = SY_DECIDE_SEND, .row = row};
    const sy_decision store = {.kind = SY_DECIDE_RETURN, .row = row};
    const sy_decision insert = {
        .kind = SY_DECIDE_SEND, .changes_action = true, .action = SY_OPERATION_INSERT};
    assert_int_equal(try_decide(&update), SY_STATE);
    assert_int_equal(try_decide(&store), SY_STATE);
    assert_int_equal(try_decide(&insert), SY_INVALID); /* of what? */
    (void)decide((sy_decision){
        .kind = SY_DECIDE_SEND, .row = row, .changes_action = true, .action = SY_OPERATION_DELETE});
    assert_int_equal(push_f.method, SY_METHOD_DELETE);
    assert_string_equal(push_f.if_match, "v9");
}

static void a_row_of_another_id_is_refused(void **state)
{
    (void)state;
    conflict_of_an_edit();
    const sy_decision other = {.kind = SY_DECIDE_SEND,
                               .row = fixture_todo(&push_f, "b", "both", -1)};
    assert_int_equal(try_decide(&other), SY_INVALID);
    assert_int_equal(decide((sy_decision){.kind = SY_DECIDE_FAIL})->error_count, 1);
}

static void dates_come_as_texts_that_cannot_be_given_back(void **state)
{
    (void)state;
    conflict_of_an_edit();
    sy_row *row = sy_row_shallow(&push_f.arena, mine("both", "v9"));
    row->cells[SY_COLUMN_UPDATED_AT] = sy_cstr("2026-01-01T00:00:20.000Z");
    const sy_decision update = {.kind = SY_DECIDE_SEND, .row = row};
    assert_int_equal(try_decide(&update), SY_SCHEMA);
    assert_int_equal(decide((sy_decision){.kind = SY_DECIDE_FAIL})->error_count, 1);
}

static void a_refused_insert_becomes_an_update(void **state)
{
    (void)state;
    start(&sy_policy_client_wins);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 409, NULL);
    assert_int_equal(push_f.method, SY_METHOD_UPDATE);
    assert_string_equal(push_f.if_match, "");
    assert_int_equal(push_operation(0).kind, SY_OPERATION_UPDATE);
}

static void server_wins_stores_its_row_or_forgets_ours(void **state)
{
    (void)state;
    start(&sy_policy_server_wins);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    HAS(fixture_local(&push_f, "a"), "\"text\":\"theirs\"");
    assert_int_equal(fixture_delete(&push_f, "a")->rc, SY_OK);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v10"));
    assert_string_equal(fixture_local(&push_f, "a"), "null");
    (void)fixture_insert(&push_f, "b", "one", -1);
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 409, NULL);
    assert_string_equal(fixture_local(&push_f, "b"), "null");
    assert_int_equal(push_pending(), 0);
}

static void a_restart_takes_the_log_up_where_it_was(void **state)
{
    (void)state;
    start(NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    push_restart();
    assert_int_equal(fixture_update(&push_f, "a", "two", -1)->rc, SY_OK); /* nothing is locked */
    assert_int_equal(push_pending(), 1);
    (void)fixture_push(&push_f);
    assert_int_equal(push_f.method, SY_METHOD_INSERT);
    HAS(push_f.sent, "\"text\":\"two\",\"qty\":null");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_edit_of_what_is_being_sent_is_an_operation_of_its_own),
        TEST(an_operation_whose_row_is_gone_is_dropped),
        TEST(a_conflict_is_passed_by_and_an_error_ends_the_push),
        TEST(a_push_of_conflicts_alone_succeeds_with_them),
        TEST(an_update_is_written_and_sent_in_the_same_push),
        TEST(nobody_is_asked_a_sixth_time),
        TEST(what_is_cancelled_is_not_sent_again),
        TEST(what_is_discarded_takes_its_row_with_it),
        TEST(a_delete_cannot_be_updated),
        TEST(a_row_of_another_id_is_refused),
        TEST(dates_come_as_texts_that_cannot_be_given_back),
        TEST(a_refused_insert_becomes_an_update),
        TEST(server_wins_stores_its_row_or_forgets_ours),
        TEST(a_restart_takes_the_log_up_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

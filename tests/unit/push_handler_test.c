/* tests what handlers are told and may decide: core/client/push_attempt.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/push_fixture.h"

static struct {
    sy_attempt attempt;
    char local[512], server[512], item[512];
    uint32_t asked;
    uint64_t completed_id;
    uint32_t completed_errors;
} seen;

static void copy_json(char out[512], const sy_row *row)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_row_to_json(row, &buf);
    const size_t size = buf.size < 511 ? buf.size : 511;
    memcpy(out, buf.data, size);
    out[size] = '\0';
    sy_buf_deinit(&buf);
}

static void handler_decide(void *self, const sy_attempt *attempt)
{
    (void)self;
    seen.attempt = *attempt;
    seen.asked++;
    copy_json(seen.local, attempt->local);
    copy_json(seen.server, attempt->server);
    copy_json(seen.item, attempt->item);
}

static void handler_complete(void *self, uint64_t decision_id, const sy_push_result *result)
{
    (void)self;
    seen.completed_id = decision_id;
    seen.completed_errors = result->error_count;
}

static const fixture_done *decide(sy_decision_kind kind, const sy_row *row)
{
    const sy_decision decision = {.kind = kind, .row = row};
    push_f.done_count = 0;
    assert_int_equal(sy_client_decide(push_f.client, seen.attempt.decision_id, &decision, NULL),
                     SY_OK);
    sy_client_run(push_f.client);
    return fixture_last(&push_f);
}

static void start_with_handler(const sy_dialect *dialect, bool wants_started)
{
    static const sy_handler_ops ops = {handler_decide, NULL};
    memset(&seen, 0, sizeof seen);
    push_f.handler = (sy_handler){.ops = &ops, .wants_started = wants_started};
    push_start(dialect, &sy_policy_handler);
}

/* The row "a" with an edit; a handler that sees everything lets it through. */
static void edit_row_past_handler(void)
{
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    (void)decide(SY_DECIDE_SEND, NULL);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    (void)decide(SY_DECIDE_RETURN, push_served("one", "v1"));
    (void)fixture_update(&push_f, "a", "mine", -1);
    (void)fixture_push(&push_f);
}

static void a_handler_sees_the_operation_before_and_after(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_int_equal(seen.attempt.phase, SY_PHASE_STARTED);
    assert_int_equal(push_f.send_count, 0);
    (void)decide(SY_DECIDE_SEND, NULL);
    assert_int_equal(push_f.send_count, 1);
    assert_null(fixture_reply(&push_f, 201, push_served("one", "v1")));
    assert_int_equal(seen.attempt.phase, SY_PHASE_ANSWERED);
    assert_int_equal(seen.attempt.rc, SY_OK);
    assert_int_equal(seen.attempt.status, 201);
    HAS(seen.server, "\"version\":\"v1\"");
    assert_int_equal(decide(SY_DECIDE_RETURN, push_served("returned", "v1"))->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "returned");
}

static void returning_nothing_counts_as_done_and_writes_nothing(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    (void)decide(SY_DECIDE_SEND, NULL);
    (void)fixture_reply(&push_f, 201, push_served("one", "v1"));
    const fixture_done *done = decide(SY_DECIDE_RETURN, NULL);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->completed, 1);
    assert_int_equal(push_pending(), 0);
    LACKS(fixture_local(&push_f, "a"), "v1"); /* stale: the next update conflicts [edge 4] */
}

static void the_naive_retry_conflicts_again(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    edit_row_past_handler();
    (void)decide(SY_DECIDE_SEND, NULL);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_int_equal(seen.attempt.rc, SY_CONFLICT);
    HAS(seen.local, "mine");
    assert_null(seen.attempt.base);
    (void)decide(SY_DECIDE_SEND, NULL);
    assert_string_equal(push_f.if_match, "v1");
    assert_int_equal(seen.attempt.attempt, 1);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_int_equal(seen.attempt.attempt, 2);
    (void)decide(SY_DECIDE_SEND, fixture_served(&push_f, "a", "merged", "v9", 0, false, 0));
    assert_string_equal(push_f.if_match, "v9");
    HAS(push_f.sent, "merged");
    HAS(fixture_local(&push_f, "a"), "mine");
    (void)fixture_reply(&push_f, 200, push_served("merged", "v10"));
    assert_int_equal(decide(SY_DECIDE_FAIL, NULL)->rc, SY_OK);
    HAS(fixture_local(&push_f, "a"), "merged");
}

static void aborting_keeps_the_queue(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_insert(&push_f, "b", "two", -1);
    (void)fixture_push(&push_f);
    const fixture_done *done = decide(SY_DECIDE_ABORT, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->push_status, SY_PUSH_CANCELLED_BY_OPERATION);
    assert_int_equal(done->error_count, 0);
    assert_int_equal(push_pending(), 2);
    assert_int_equal(push_f.send_count, 0);
}

static void a_policy_function_is_only_asked_about_conflicts(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, false);
    push_edit_known_row();
    assert_int_equal(seen.asked, 0);
    (void)fixture_push(&push_f);
    assert_null(fixture_reply(&push_f, 412, push_served("theirs", "v9")));
    assert_int_equal(seen.asked, 1);
    HAS(seen.item, "\"version\":\"v1\"");
    sy_client_run(push_f.client); /* ten minutes later */
    assert_false(sy_client_idle(push_f.client));
    assert_int_equal(decide(SY_DECIDE_FAIL, NULL)->error_status, 412);
}

static void a_decision_is_taken_once(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    const sy_decision decision = {.kind = SY_DECIDE_SEND};
    (void)decide(SY_DECIDE_SEND, NULL);
    assert_int_equal(sy_client_decide(push_f.client, seen.attempt.decision_id, &decision, NULL),
                     SY_STATE);
    assert_int_equal(sy_client_decide(push_f.client, 0, &decision, NULL), SY_STATE);
}

static void completion_is_asked_for_and_its_error_joins(void **state)
{
    (void)state;
    static const sy_handler_ops ops = {handler_decide, handler_complete};
    memset(&seen, 0, sizeof seen);
    push_f.handler = (sy_handler){.ops = &ops};
    push_start(&sy_dialect_mobile_apps, NULL);
    (void)fixture_insert(&push_f, "a", "one", -1);
    (void)fixture_push(&push_f);
    assert_null(fixture_reply(&push_f, 500, NULL));
    assert_int_equal(seen.completed_errors, 1);
    const sy_call call = {.verb = SY_VERB_RESOLVE,
                          .operation = push_operation(0).sequence,
                          .resolution = SY_RESOLVE_CANCEL_AND_DISCARD};
    assert_int_equal(fixture_call(&push_f, &call)->rc, SY_OK);
    push_f.done_count = 0;
    assert_int_equal(sy_client_push_completed(push_f.client, seen.completed_id, SY_OK, NULL),
                     SY_OK);
    sy_client_run(push_f.client);
    assert_int_equal(fixture_last(&push_f)->rc, SY_OK); /* handled */
    assert_int_equal(fixture_last(&push_f)->error_count, 0);
    assert_null(fixture_push(&push_f));
    push_f.done_count = 0;
    assert_int_equal(sy_client_push_completed(push_f.client, seen.completed_id, SY_INVALID, NULL),
                     SY_OK);
    sy_client_run(push_f.client);
    assert_int_equal(fixture_last(&push_f)->rc, SY_PUSH_FAILED);
    assert_int_equal(fixture_last(&push_f)->push_status, SY_PUSH_COMPLETE);
}

static void a_merge_takes_the_servers_version_unless_it_names_one(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_sound, false);
    push_edit_known_row();
    (void)fixture_push(&push_f);
    (void)fixture_reply(&push_f, 412, push_served("theirs", "v9"));
    assert_non_null(seen.attempt.base);
    (void)decide(SY_DECIDE_SEND, fixture_todo(&push_f, "a", "merged", -1));
    assert_string_equal(push_f.if_match, "v9");
    HAS(push_f.sent, "merged");
    (void)fixture_reply(&push_f, 412, push_served("theirs again", "v10"));
    (void)decide(SY_DECIDE_SEND, fixture_served(&push_f, "a", "merged", "v77", 0, false, 0));
    assert_string_equal(push_f.if_match, "v77");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handler_sees_the_operation_before_and_after),
        TEST(returning_nothing_counts_as_done_and_writes_nothing),
        TEST(the_naive_retry_conflicts_again),
        TEST(aborting_keeps_the_queue),
        TEST(a_policy_function_is_only_asked_about_conflicts),
        TEST(a_decision_is_taken_once),
        TEST(completion_is_asked_for_and_its_error_joins),
        TEST(a_merge_takes_the_servers_version_unless_it_names_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests core/client/push.c with push_attempt.c, push_request.c, push_settle.c and the two
 * strategies */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/store/store_memory.h"
#include "tests/unit/client_fixture.h"

static sy_store_memory *memory;
static fixture f;

static void start(const sy_dialect *dialect, sy_policy_kind policy)
{
    sy_err err = {SY_OK, ""};
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &memory, NULL), SY_OK);
    const sy_handler handler = f.handler;
    fixture_init(&f, dialect);
    f.handler = handler;
    f.policy = policy;
    f.store = sy_store_memory_port(memory);
    assert_int_equal(fixture_start(&f, &err), SY_OK);
    f.trace[0] = '\0';
}

static int setup(void **state)
{
    (void)state;
    f.handler = (sy_handler){0};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (memory != NULL) {
        fixture_deinit(&f);
        sy_store_memory_free(memory);
        memory = NULL;
    }
    return 0;
}

static void restart(void)
{
    fixture_stop(&f);
    sy_store_memory_crash(memory);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
}

static sy_row *served(const char *text, const char *version)
{
    return fixture_served(&f, "a", text, version, 20 * SY_SECOND, false, 7);
}

static sy_row *tombstone(const char *version)
{
    return fixture_served(&f, "a", NULL, version, 20 * SY_SECOND, true, 8);
}

static sy_operation operation(uint32_t index)
{
    sy_operation out = {0};
    assert_true(sy_client_operation(f.client, index, &out));
    return out;
}

static uint32_t pending(void)
{
    return sy_client_pending(f.client, (sy_str){NULL, 0});
}

/* The row "a", known to the server in version v1, with a local edit. */
static void edit_known_row(void)
{
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 201, served("one", "v1"))->rc, SY_OK);
    assert_int_equal(fixture_update(&f, "a", "mine", -1)->rc, SY_OK);
}

static void lose_answer(sy_rc rc)
{
    f.done_count = 0;
    fixture_answer(&f, rc, NULL);
}

#define HAS(text, part)   assert_non_null(strstr((text), (part)))
#define LACKS(text, part) assert_null(strstr((text), (part)))

/* -- mobile-apps -- */

static void nothing_to_push_is_a_success(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        start(sy_dialect_at(i), SY_POLICY_NONE);
        const fixture_done *done = fixture_push(&f);
        assert_int_equal(done->rc, SY_OK);
        assert_int_equal(done->push_status, SY_PUSH_COMPLETE);
        assert_int_equal(done->completed, 0);
        assert_int_equal(f.send_count, 0);
        (void)teardown(NULL);
    }
}

static void an_insert_is_sent_without_system_columns_and_its_answer_is_stored(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", 3);
    assert_null(fixture_push(&f));
    assert_int_equal(f.method, SY_METHOD_INSERT);
    assert_string_equal(f.sent, "{\"id\":\"a\",\"text\":\"one\",\"qty\":3}");
    assert_string_equal(f.if_match, "");
    assert_int_equal(operation(0).state, SY_STATE_ATTEMPTED);
    const fixture_done *done = fixture_reply(&f, 201, served("one", "v1"));
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->completed, 1);
    assert_int_equal(pending(), 0);
    HAS(fixture_local(&f, "a"), "\"version\":\"v1\"");
}

static void an_update_names_its_version_and_keeps_its_id(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    assert_int_equal(f.method, SY_METHOD_UPDATE);
    assert_string_equal(f.if_match, "v1");
    HAS(f.sent, "\"id\":\"a\"");
    LACKS(f.sent, "version");
    LACKS(f.sent, "updatedAt");
    (void)fixture_reply(&f, 200, served("mine", "v2"));
    assert_int_equal(pending(), 0);
    HAS(fixture_local(&f, "a"), "\"version\":\"v2\"");
}

static void a_delete_names_its_version_and_has_no_body(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 200, served("mine", "v2"));
    sy_row *row = sy_row_shallow(&f.arena, fixture_todo(&f, "a", NULL, -1));
    row->cells[SY_COLUMN_VERSION] = sy_cstr("v2");
    const sy_call call = {
        .verb = SY_VERB_DELETE, .table = f.todo->name, .id = SY_STR("a"), .row = row};
    assert_int_equal(fixture_call(&f, &call)->rc, SY_OK);
    (void)fixture_push(&f);
    assert_int_equal(f.method, SY_METHOD_DELETE);
    assert_string_equal(f.if_match, "v2");
    assert_string_equal(f.sent, "null");
    assert_int_equal(fixture_reply(&f, 204, NULL)->rc, SY_OK);
    assert_int_equal(pending(), 0);
}

static void a_delete_of_a_missing_row_is_a_success(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_delete(&f, "a");
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 404, NULL)->rc, SY_OK);
    assert_int_equal(pending(), 0);
}

static void operations_go_in_order_and_those_queued_meanwhile_go_too(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "b", "one", -1);
    (void)fixture_insert(&f, "a", "two", -1);
    (void)fixture_push(&f);
    assert_string_equal(f.sent_id, "b");
    (void)fixture_insert(&f, "c", "three", -1);
    (void)fixture_reply(&f, 201, fixture_served(&f, "b", "one", "v1", 0, false, 0));
    assert_string_equal(f.sent_id, "a");
    (void)fixture_reply(&f, 201, fixture_served(&f, "a", "two", "v1", 0, false, 0));
    assert_string_equal(f.sent_id, "c");
    const fixture_done *done =
        fixture_reply(&f, 201, fixture_served(&f, "c", "three", "v1", 0, false, 0));
    assert_int_equal(done->completed, 3);
}

static void an_error_is_passed_over_and_reported_with_the_servers_row(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 412, served("theirs", "v9"));
    assert_string_equal(f.sent_id, "b");
    const fixture_done *done =
        fixture_reply(&f, 201, fixture_served(&f, "b", "two", "v1", 0, false, 0));
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->push_status, SY_PUSH_COMPLETE);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(done->error_status, 412);
    HAS(done->error_item, "\"text\":\"mine\"");
    HAS(done->error_server, "\"text\":\"theirs\"");
    HAS(done->text, "todo/a");
    assert_int_equal(operation(0).state, SY_STATE_FAILED);
    HAS(fixture_local(&f, "a"), "\"text\":\"mine\"");
    HAS(fixture_local(&f, "a"), "\"version\":\"v1\""); /* the version is not copied [9.3] */
}

static void a_failed_operation_is_sent_again_by_the_next_push(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 500, NULL);
    (void)fixture_push(&f);
    assert_string_equal(f.if_match, "v1");
    const fixture_done *done = fixture_reply(&f, 200, served("mine", "v2"));
    assert_int_equal(done->rc, SY_OK); /* the first push's error was cleared at its end */
    assert_int_equal(done->error_count, 0);
}

static void a_lost_connection_stops_the_push_without_an_error_row(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_push(&f);
    lose_answer(SY_TIMEOUT);
    const fixture_done *done = fixture_last(&f);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->push_status, SY_PUSH_CANCELLED_BY_NETWORK_ERROR);
    assert_int_equal(done->error_count, 0);
    assert_int_equal(f.send_count, 1);
    assert_int_equal(operation(0).state, SY_STATE_FAILED);
    assert_int_equal(operation(1).state, SY_STATE_PENDING);
}

static void a_401_stops_the_push(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_push(&f);
    const fixture_done *done = fixture_reply(&f, 401, NULL);
    assert_int_equal(done->push_status, SY_PUSH_CANCELLED_BY_AUTHENTICATION_ERROR);
    assert_int_equal(pending(), 2);
}

static void a_success_without_content_is_an_error(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    const fixture_done *done = fixture_reply(&f, 201, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_status, 201);
    assert_int_equal(pending(), 1);
}

static void an_operation_without_its_row_is_an_error_without_a_status(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    assert_int_equal(sy_store_remove(f.store, f.todo, SY_STR("a"), NULL), SY_OK);
    const fixture_done *done = fixture_push(&f);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_status, 0);
    assert_string_equal(done->error_item, "{\"id\":\"a\"}");
    assert_int_equal(f.send_count, 0);
    assert_int_equal(operation(0).state, SY_STATE_PENDING);
}

static void an_edit_waits_for_the_answer_to_the_same_id(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    assert_null(fixture_update(&f, "a", "two", -1));
    HAS(fixture_local(&f, "a"), "\"text\":\"one\"");
    (void)fixture_reply(&f, 201, served("one", "v1"));
    HAS(fixture_local(&f, "a"), "\"text\":\"two\"");
    assert_int_equal(pending(), 1);
    assert_int_equal(operation(0).kind, SY_OPERATION_UPDATE);
}

static void client_wins_sends_again_over_the_servers_version(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_CLIENT_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    assert_null(fixture_reply(&f, 412, served("theirs", "v9")));
    assert_string_equal(f.if_match, "v9");
    HAS(f.sent, "mine");
    assert_null(fixture_reply(&f, 412, served("other", "v10")));
    assert_string_equal(f.if_match, "v10");
    assert_int_equal(fixture_reply(&f, 200, served("mine", "v11"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "\"version\":\"v11\"");
}

static void server_wins_stores_the_servers_row(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_SERVER_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 412, served("theirs", "v9"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "\"text\":\"theirs\"");
    assert_int_equal(pending(), 0);
}

static void server_wins_does_not_bring_a_deleted_row_back(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_SERVER_WINS);
    (void)fixture_delete(&f, "a");
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 412, served("theirs", "v9"))->rc, SY_OK);
    assert_string_equal(fixture_local(&f, "a"), "null");
    assert_int_equal(pending(), 0);
}

static void a_conflicting_insert_stands_whatever_the_policy(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_CLIENT_WINS);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    const fixture_done *done = fixture_reply(&f, 409, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_status, 409);
    assert_int_equal(pending(), 1);
}

static void errors_left_by_an_interrupted_push_are_replayed(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_push(&f);
    assert_null(fixture_reply(&f, 500, NULL)); /* a's error is stored, b is under way */
    restart();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 201, served("one", "v1"));
    const fixture_done *done =
        fixture_reply(&f, 201, fixture_served(&f, "b", "two", "v1", 0, false, 0));
    assert_int_equal(done->rc, SY_PUSH_FAILED); /* for an operation that is long done [edge 5] */
    assert_int_equal(done->error_status, 500);
    assert_int_equal(done->completed, 2);
    assert_int_equal(fixture_push(&f)->rc, SY_OK);
}

static void a_cancelled_push_stops_after_the_operation_in_hand(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    const sy_call call = {.verb = SY_VERB_PUSH};
    sy_ticket ticket;
    assert_int_equal(sy_client_submit(f.client, &call, &ticket, NULL), SY_OK);
    sy_client_run(f.client);
    sy_client_cancel(f.client, ticket);
    sy_client_run(f.client);
    assert_int_equal(fixture_outcome(&f, ticket)->rc, SY_CANCELLED);
    (void)fixture_reply(&f, 201, served("one", "v1"));
    assert_int_equal(f.send_count, 1);
    assert_int_equal(pending(), 1);
    assert_true(sy_client_idle(f.client));
}

static void a_push_of_one_table_leaves_the_others(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    const sy_call call = {.verb = SY_VERB_PUSH, .tables = {f.list->name}, .table_count = 1};
    assert_int_equal(fixture_call(&f, &call)->rc, SY_OK);
    assert_int_equal(f.send_count, 0);
    const sy_call both = {
        .verb = SY_VERB_PUSH, .tables = {f.list->name, f.todo->name}, .table_count = 2};
    assert_null(fixture_call(&f, &both));
    assert_int_equal(f.send_count, 1);
}

/* -- handlers -- */

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
    f.done_count = 0;
    assert_int_equal(sy_client_decide(f.client, seen.attempt.decision_id, &decision, NULL), SY_OK);
    sy_client_run(f.client);
    return fixture_last(&f);
}

static void start_with_handler(const sy_dialect *dialect, bool wants_started)
{
    static const sy_handler_ops ops = {handler_decide, NULL};
    memset(&seen, 0, sizeof seen);
    f.handler = (sy_handler){&ops, NULL, wants_started};
    start(dialect, SY_POLICY_HANDLER);
}

/* The row "a" with an edit; a handler that sees everything lets it through. */
static void edit_row_past_handler(void)
{
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    (void)decide(SY_DECIDE_SEND, NULL);
    (void)fixture_reply(&f, 201, served("one", "v1"));
    (void)decide(SY_DECIDE_RETURN, served("one", "v1"));
    (void)fixture_update(&f, "a", "mine", -1);
    (void)fixture_push(&f);
}

static void a_handler_sees_the_operation_before_and_after(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    assert_int_equal(seen.attempt.phase, SY_PHASE_STARTED);
    assert_int_equal(f.send_count, 0);
    (void)decide(SY_DECIDE_SEND, NULL);
    assert_int_equal(f.send_count, 1);
    assert_null(fixture_reply(&f, 201, served("one", "v1")));
    assert_int_equal(seen.attempt.phase, SY_PHASE_ANSWERED);
    assert_int_equal(seen.attempt.rc, SY_OK);
    assert_int_equal(seen.attempt.status, 201);
    HAS(seen.server, "\"version\":\"v1\"");
    assert_int_equal(decide(SY_DECIDE_RETURN, served("returned", "v1"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "returned");
}

static void returning_nothing_counts_as_done_and_writes_nothing(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    (void)decide(SY_DECIDE_SEND, NULL);
    (void)fixture_reply(&f, 201, served("one", "v1"));
    const fixture_done *done = decide(SY_DECIDE_RETURN, NULL);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->completed, 1);
    assert_int_equal(pending(), 0);
    LACKS(fixture_local(&f, "a"), "v1"); /* stale: the next update conflicts [edge 4] */
}

static void the_naive_retry_conflicts_again(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    edit_row_past_handler();
    (void)decide(SY_DECIDE_SEND, NULL);
    (void)fixture_reply(&f, 412, served("theirs", "v9"));
    assert_int_equal(seen.attempt.rc, SY_CONFLICT);
    HAS(seen.local, "mine");
    assert_null(seen.attempt.base);
    (void)decide(SY_DECIDE_SEND, NULL);
    assert_string_equal(f.if_match, "v1");
    assert_int_equal(seen.attempt.attempt, 1);
    (void)fixture_reply(&f, 412, served("theirs", "v9"));
    assert_int_equal(seen.attempt.attempt, 2);
    (void)decide(SY_DECIDE_SEND, fixture_served(&f, "a", "merged", "v9", 0, false, 0));
    assert_string_equal(f.if_match, "v9");
    HAS(f.sent, "merged");
    HAS(fixture_local(&f, "a"), "mine");
    (void)fixture_reply(&f, 200, served("merged", "v10"));
    assert_int_equal(decide(SY_DECIDE_FAIL, NULL)->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "merged");
}

static void aborting_keeps_the_queue(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_push(&f);
    const fixture_done *done = decide(SY_DECIDE_ABORT, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->push_status, SY_PUSH_CANCELLED_BY_OPERATION);
    assert_int_equal(done->error_count, 0);
    assert_int_equal(pending(), 2);
    assert_int_equal(f.send_count, 0);
}

static void a_policy_function_is_only_asked_about_conflicts(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, false);
    edit_known_row();
    assert_int_equal(seen.asked, 0);
    (void)fixture_push(&f);
    assert_null(fixture_reply(&f, 412, served("theirs", "v9")));
    assert_int_equal(seen.asked, 1);
    HAS(seen.item, "\"version\":\"v1\"");
    sy_client_run(f.client); /* ten minutes later */
    assert_false(sy_client_idle(f.client));
    assert_int_equal(decide(SY_DECIDE_FAIL, NULL)->error_status, 412);
}

static void a_decision_is_taken_once(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_mobile_apps, true);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    const sy_decision decision = {.kind = SY_DECIDE_SEND};
    (void)decide(SY_DECIDE_SEND, NULL);
    assert_int_equal(sy_client_decide(f.client, seen.attempt.decision_id, &decision, NULL),
                     SY_STATE);
    assert_int_equal(sy_client_decide(f.client, 0, &decision, NULL), SY_STATE);
}

static void completion_is_asked_for_and_its_error_joins(void **state)
{
    (void)state;
    static const sy_handler_ops ops = {handler_decide, handler_complete};
    memset(&seen, 0, sizeof seen);
    f.handler = (sy_handler){&ops, NULL, false};
    start(&sy_dialect_mobile_apps, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    assert_null(fixture_reply(&f, 500, NULL));
    assert_int_equal(seen.completed_errors, 1);
    const sy_call call = {.verb = SY_VERB_RESOLVE,
                          .operation = operation(0).sequence,
                          .resolution = SY_RESOLVE_CANCEL_AND_DISCARD};
    assert_int_equal(fixture_call(&f, &call)->rc, SY_OK);
    f.done_count = 0;
    assert_int_equal(sy_client_push_completed(f.client, seen.completed_id, SY_OK, NULL), SY_OK);
    sy_client_run(f.client);
    assert_int_equal(fixture_last(&f)->rc, SY_OK); /* handled */
    assert_int_equal(fixture_last(&f)->error_count, 0);
    assert_null(fixture_push(&f));
    f.done_count = 0;
    assert_int_equal(sy_client_push_completed(f.client, seen.completed_id, SY_INVALID, NULL),
                     SY_OK);
    sy_client_run(f.client);
    assert_int_equal(fixture_last(&f)->rc, SY_PUSH_FAILED);
    assert_int_equal(fixture_last(&f)->push_status, SY_PUSH_COMPLETE);
}

/* -- toolkit -- */

static void the_toolkit_sends_its_snapshot_as_a_put(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    assert_int_equal(f.method, SY_METHOD_REPLACE);
    assert_string_equal(f.if_match, "v1");
    assert_int_equal(fixture_reply(&f, 200, served("mine", "v2"))->completed, 1);
    HAS(fixture_local(&f, "a"), "\"version\":\"v2\"");
}

static void a_toolkit_push_succeeds_with_errors_in_its_result(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    const fixture_done *done = fixture_reply(&f, 412, served("theirs", "v9"));
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(operation(0).state, SY_STATE_FAILED);
    assert_int_equal(operation(0).status, 412);
}

static void the_toolkits_client_wins_resends_once_without_a_version(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit, SY_POLICY_CLIENT_WINS);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    assert_int_equal(f.method, SY_METHOD_INSERT);
    (void)fixture_reply(&f, 409, served("theirs", "v9"));
    assert_int_equal(f.method, SY_METHOD_REPLACE);
    assert_string_equal(f.if_match, "");
    const fixture_done *done = fixture_reply(&f, 412, served("theirs", "v9"));
    assert_int_equal(done->error_count, 1);
    assert_int_equal(f.send_count, 2);
}

static void the_toolkits_server_wins_does_not_restore_a_delete(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit, SY_POLICY_SERVER_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 412, served("theirs", "v9"));
    HAS(fixture_local(&f, "a"), "theirs");
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 412, served("again", "v10"));
    assert_int_equal(pending(), 0);
    assert_string_equal(fixture_local(&f, "a"), "null");
}

static void a_lost_connection_escapes_the_toolkits_push(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_insert(&f, "c", "three", -1);
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 201, served("one", "v1"));
    assert_int_equal(pending(), 3); /* nothing is saved on the way */
    lose_answer(SY_NETWORK);
    assert_int_equal(fixture_last(&f)->rc, SY_NETWORK);
    assert_int_equal(f.send_count, 2);
    assert_int_equal(pending(), 3); /* the answered row is an edit again [edge 49] */
    assert_true(sy_str_equal(operation(0).id, SY_STR("b")));
    assert_int_equal(operation(2).kind, SY_OPERATION_UPDATE);
    HAS(fixture_local(&f, "a"), "\"version\":\"v1\"");
}

static void a_crash_during_the_toolkits_push_leaves_all_queued(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 201, served("one", "v1"));
    restart();
    assert_int_equal(pending(), 2);
    assert_int_equal(operation(0).kind, SY_OPERATION_INSERT);
}

/* -- sound -- */

static void sound_retries_with_the_same_key(void **state)
{
    (void)state;
    char key[128];
    start(&sy_dialect_sound, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    assert_int_not_equal(strlen(f.key), 0);
    memcpy(key, f.key, sizeof key);
    lose_answer(SY_TIMEOUT);
    assert_int_equal(operation(0).state, SY_STATE_ATTEMPTED);
    restart();
    (void)fixture_push(&f);
    assert_string_equal(f.key, key);
    assert_int_equal(fixture_reply(&f, 201, served("one", "v1"))->rc, SY_OK);
    assert_int_equal(pending(), 0);
}

static void after_a_restart_what_is_queued_counts_as_sent(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    assert_int_equal(operation(0).state, SY_STATE_PENDING);
    restart();
    assert_int_equal(operation(0).state, SY_STATE_ATTEMPTED);
    assert_int_equal(fixture_update(&f, "a", "two", -1)->rc, SY_OK);
    assert_int_equal(pending(), 2);
    assert_int_equal(operation(1).state, SY_STATE_PENDING);
    assert_int_equal(fixture_update(&f, "a", "three", -1)->rc, SY_OK);
    assert_int_equal(pending(), 2);
}

static void a_refused_operation_that_is_sent_again_is_unclear_after_a_crash(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 400, NULL);
    (void)fixture_push(&f);
    restart();
    assert_int_equal(operation(0).state, SY_STATE_ATTEMPTED);
}

static void sound_changes_the_key_with_a_refused_operation(void **state)
{
    (void)state;
    char key[128];
    start(&sy_dialect_sound, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    memcpy(key, f.key, sizeof key);
    assert_int_equal(fixture_reply(&f, 400, NULL)->rc, SY_PUSH_FAILED);
    assert_int_equal(operation(0).state, SY_STATE_FAILED);
    assert_int_equal(fixture_update(&f, "a", "better", -1)->rc, SY_OK);
    assert_int_equal(pending(), 1);
    (void)fixture_push(&f);
    HAS(f.sent, "better");
    assert_string_not_equal(f.key, key);
}

static void sound_does_not_touch_an_operation_that_a_500_left_unclear(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_NONE);
    (void)fixture_insert(&f, "a", "one", -1);
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 500, NULL);
    assert_int_equal(operation(0).state, SY_STATE_ATTEMPTED);
    (void)fixture_update(&f, "a", "two", -1);
    assert_int_equal(pending(), 2);
}

static void an_edit_in_flight_queues_behind_and_keeps_its_content(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    assert_int_equal(fixture_update(&f, "a", "newer", -1)->rc, SY_OK);
    assert_int_equal(pending(), 2);
    sy_row *answer = served("mine", "v2");
    answer->cells[SY_SYSTEM_COUNT + 1] = sy_int(42); /* a column that the server fills in */
    assert_null(fixture_reply(&f, 200, answer));
    HAS(fixture_local(&f, "a"), "newer");
    HAS(fixture_local(&f, "a"), "42");
    HAS(fixture_local(&f, "a"), "\"version\":\"v2\"");
    HAS(f.sent, "newer"); /* the same push goes on with it */
    HAS(f.sent, "42");
    assert_string_equal(f.if_match, "v2");
    assert_int_equal(fixture_reply(&f, 200, served("newer", "v3"))->completed, 2);
}

static void a_delete_in_flight_and_a_new_insert_revive_the_tombstone(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_SERVER_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 200, served("mine", "v2"));
    assert_int_equal(fixture_delete(&f, "a")->rc, SY_OK);
    (void)fixture_push(&f);
    assert_string_equal(f.if_match, "v2");
    assert_int_equal(fixture_insert(&f, "a", "reborn", -1)->rc, SY_OK);
    assert_null(fixture_reply(&f, 204, NULL));
    assert_int_equal(f.method, SY_METHOD_INSERT);
    assert_null(fixture_reply(&f, 409, tombstone("v3")));
    assert_int_equal(f.method, SY_METHOD_UPDATE);
    assert_string_equal(f.if_match, "v3");
    assert_int_equal(fixture_reply(&f, 200, served("reborn", "v4"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "reborn");
}

static void a_later_operation_does_not_overtake_a_failed_one_of_its_item(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_update(&f, "a", "newer", -1);
    (void)fixture_insert(&f, "b", "two", -1);
    assert_null(fixture_reply(&f, 412, served("theirs", "v9")));
    assert_string_equal(f.sent_id, "b");
    const fixture_done *done =
        fixture_reply(&f, 201, fixture_served(&f, "b", "two", "v1", 0, false, 0));
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(pending(), 2);
}

static void sound_adopts_what_it_wanted_anyway(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_NONE);
    edit_known_row();
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 412, served("mine", "v9"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "\"version\":\"v9\"");
    assert_int_equal(pending(), 0);
}

static void sounds_client_wins_revives_what_was_deleted(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_CLIENT_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 410, tombstone("v9"));
    assert_int_equal(f.method, SY_METHOD_UPDATE);
    assert_string_equal(f.if_match, "v9");
    (void)fixture_reply(&f, 404, NULL); /* purged meanwhile */
    assert_int_equal(f.method, SY_METHOD_INSERT);
    assert_string_equal(f.if_match, "");
    assert_int_equal(fixture_reply(&f, 201, served("mine", "v10"))->rc, SY_OK);
}

static void sounds_server_wins_accepts_a_deletion_and_undoes_one(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_SERVER_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 410, tombstone("v9"))->rc, SY_OK);
    assert_string_equal(fixture_local(&f, "a"), "null");
    (void)teardown(NULL);
    start(&sy_dialect_sound, SY_POLICY_SERVER_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 200, served("mine", "v2"));
    (void)fixture_delete(&f, "a");
    (void)fixture_push(&f);
    assert_int_equal(fixture_reply(&f, 412, served("theirs", "v9"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "theirs");
    assert_int_equal(pending(), 0);
}

static void the_edit_behind_one_that_gave_way_meets_its_own_conflict(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_POLICY_SERVER_WINS);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_update(&f, "a", "newer", -1);
    assert_null(fixture_reply(&f, 412, served("theirs", "v9")));
    assert_string_equal(f.if_match, "v1");
    HAS(fixture_local(&f, "a"), "newer");
    assert_int_equal(fixture_reply(&f, 412, served("theirs", "v9"))->rc, SY_OK);
    HAS(fixture_local(&f, "a"), "theirs");
    assert_int_equal(pending(), 0);
}

static void a_merge_takes_the_servers_version_unless_it_names_one(void **state)
{
    (void)state;
    start_with_handler(&sy_dialect_sound, false);
    edit_known_row();
    (void)fixture_push(&f);
    (void)fixture_reply(&f, 412, served("theirs", "v9"));
    assert_non_null(seen.attempt.base);
    (void)decide(SY_DECIDE_SEND, fixture_todo(&f, "a", "merged", -1));
    assert_string_equal(f.if_match, "v9");
    HAS(f.sent, "merged");
    (void)fixture_reply(&f, 412, served("theirs again", "v10"));
    (void)decide(SY_DECIDE_SEND, fixture_served(&f, "a", "merged", "v77", 0, false, 0));
    assert_string_equal(f.if_match, "v77");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
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
        TEST(a_handler_sees_the_operation_before_and_after),
        TEST(returning_nothing_counts_as_done_and_writes_nothing),
        TEST(the_naive_retry_conflicts_again),
        TEST(aborting_keeps_the_queue),
        TEST(a_policy_function_is_only_asked_about_conflicts),
        TEST(a_decision_is_taken_once),
        TEST(completion_is_asked_for_and_its_error_joins),
        TEST(the_toolkit_sends_its_snapshot_as_a_put),
        TEST(a_toolkit_push_succeeds_with_errors_in_its_result),
        TEST(the_toolkits_client_wins_resends_once_without_a_version),
        TEST(the_toolkits_server_wins_does_not_restore_a_delete),
        TEST(a_lost_connection_escapes_the_toolkits_push),
        TEST(a_crash_during_the_toolkits_push_leaves_all_queued),
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
        TEST(the_edit_behind_one_that_gave_way_meets_its_own_conflict),
        TEST(a_merge_takes_the_servers_version_unless_it_names_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

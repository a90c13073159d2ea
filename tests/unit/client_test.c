/* tests core/client/client.c and task.c: what is fed to a client, and when its outcomes come */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/client_fixture.h"
#include "tests/unit/support.h"

static fixture f;

static void start(const sy_dialect *dialect)
{
    fixture_init(&f, dialect);
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static void outcomes_come_from_run_and_in_the_order_of_the_calls(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    f.done_count = 0;
    sy_ticket tickets[3] = {0};
    const char *const ids[] = {"b", "a", "c"};
    for (int i = 0; i < 3; i++) {
        const sy_call call = {
            .verb = SY_VERB_INSERT, .table = f.todo->name, .row = fixture_todo(&f, ids[i], "x", i)};
        assert_int_equal(sy_client_submit(f.client, &call, &tickets[i], NULL), SY_OK);
    }
    assert_int_equal(f.done_count, 0);
    assert_false(sy_client_idle(f.client));
    sy_client_run(f.client);
    assert_int_equal(f.done_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(f.done[i].ticket, tickets[i]);
    }
    assert_true(sy_client_idle(f.client));
}

static void a_call_is_copied_when_it_is_taken(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    char id[] = "first";
    char text[] = "milk";
    sy_row *row = sy_row_new(&f.arena, f.todo);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    const sy_call call = {.verb = SY_VERB_INSERT, .table = f.todo->name, .row = row};
    sy_ticket ticket = 0;
    assert_int_equal(sy_client_submit(f.client, &call, &ticket, NULL), SY_OK);
    id[0] = 'X';
    text[0] = 'X';
    row->cells[SY_SYSTEM_COUNT] = SY_NULL;
    sy_client_run(f.client);
    assert_non_null(strstr(fixture_local(&f, "first"), "milk"));
}

static void the_form_of_a_call_is_checked_at_once(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    const sy_call bad[] = {
        {.verb = SY_VERB_INSERT, .table = f.todo->name},
        {.verb = SY_VERB_QUERY, .table = f.todo->name},
        {.verb = SY_VERB_PULL, .table = f.todo->name},
        {.verb = SY_VERB_PUSH, .table_count = SY_PUSH_TABLE_COUNT_MAX + 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(fixture_call(&f, &bad[i])->rc, SY_INVALID);
    }
    const sy_call unknown = {.verb = SY_VERB_PUSH, .tables = {SY_STR("nope")}, .table_count = 1};
    assert_int_equal(fixture_call(&f, &unknown)->rc, SY_SCHEMA);
    assert_true(sy_client_idle(f.client));
}

static void decisions_that_nobody_waits_for_are_refused(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    const sy_decision decision = {.kind = SY_DECIDE_ABORT};
    sy_err err;
    assert_int_equal(sy_client_decide(f.client, 0, &decision, &err), SY_STATE);
    assert_int_equal(sy_client_decide(f.client, 7, &decision, &err), SY_STATE);
    assert_string_equal(err.text, "decision 7 is not open");
    assert_int_equal(sy_client_push_completed(f.client, 7, SY_OK, &err), SY_STATE);
}

static void cancelling_tells_the_caller_at_once_and_leaves_other_verbs_alone(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    (void)fixture_insert(&f, "a", "x", 1);
    const sy_call push = {.verb = SY_VERB_PUSH};
    const sy_call look = {.verb = SY_VERB_LOOKUP, .table = f.todo->name, .id = SY_STR("a")};
    sy_ticket pushed = 0;
    sy_ticket looked = 0;
    assert_int_equal(sy_client_submit(f.client, &push, &pushed, NULL), SY_OK);
    sy_client_run(f.client);
    assert_int_equal(sy_client_submit(f.client, &look, &looked, NULL), SY_OK);
    f.done_count = 0;
    assert_true(sy_client_cancel(f.client, pushed));
    assert_false(sy_client_cancel(f.client, looked));
    assert_int_equal(f.done_count, 0);
    sy_client_run(f.client);
    assert_int_equal(fixture_outcome(&f, pushed)->rc, SY_CANCELLED);
    assert_int_equal(fixture_outcome(&f, looked)->rc, SY_OK);
    assert_false(sy_client_idle(f.client)); /* the operation in flight is finished */
    const sy_response response = {.status = 201, .row = fixture_todo(&f, "a", "x", 1)};
    fixture_answer(&f, SY_OK, &response);
    assert_int_equal(f.done_count, 2);
    assert_true(sy_client_idle(f.client));
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
}

static void the_queue_can_be_looked_at(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    (void)fixture_insert(&f, "a", "x", 1);
    (void)fixture_insert(&f, "b", "x", 1);
    sy_operation operation = {0};
    assert_true(sy_client_operation(f.client, 1, &operation));
    assert_true(sy_str_equal(operation.id, SY_STR("b")));
    assert_false(sy_client_operation(f.client, 2, &operation));
    assert_int_equal(sy_client_pending(f.client, SY_STR("nope")), 0);
    assert_ptr_equal(sy_client_schema(f.client, SY_STR("todo")), f.todo);
    assert_null(sy_client_schema(f.client, SY_STR("nope")));
    assert_ptr_equal(sy_client_dialect(f.client), &sy_dialect_sound);
    const sy_query *query = NULL;
    sy_str query_id = {NULL, 0};
    assert_false(sy_client_pulled(f.client, 0, &query, &query_id));
}

static void an_initialize_that_failed_can_be_tried_again(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        start(&sy_dialect_mobile_apps);
        test_store faulty;
        test_store_init(&faulty, f.store, n);
        f.store = test_store_port(&faulty);
        assert_int_equal(fixture_new(&f, NULL), SY_OK);
        const sy_call call = {.verb = SY_VERB_INITIALIZE};
        const sy_rc rc = fixture_call(&f, &call)->rc;
        const bool failed = test_store_failed(&faulty);
        assert_int_equal(rc, failed ? SY_STORE : SY_OK);
        if (failed) {
            assert_int_equal(fixture_insert(&f, "a", "x", 1)->rc, SY_STATE);
            assert_int_equal(fixture_call(&f, &call)->rc, SY_OK);
        }
        faulty.fail_at = 0;
        assert_int_equal(fixture_insert(&f, "a", "x", 1)->rc, SY_OK);
        if (!failed) {
            assert_int_equal(n, 6); /* three tables of its own, two of the app */
            return;
        }
        (void)teardown(NULL);
    }
}

static void an_idle_client_is_small(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    f.alloc = test_alloc_port(&alloc);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    assert_true(test_alloc_live(&alloc) < 3072);
    fixture_stop(&f);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(outcomes_come_from_run_and_in_the_order_of_the_calls, teardown),
        cmocka_unit_test_teardown(a_call_is_copied_when_it_is_taken, teardown),
        cmocka_unit_test_teardown(the_form_of_a_call_is_checked_at_once, teardown),
        cmocka_unit_test_teardown(decisions_that_nobody_waits_for_are_refused, teardown),
        cmocka_unit_test_teardown(cancelling_tells_the_caller_at_once_and_leaves_other_verbs_alone,
                                  teardown),
        cmocka_unit_test_teardown(the_queue_can_be_looked_at, teardown),
        cmocka_unit_test_teardown(an_initialize_that_failed_can_be_tried_again, teardown),
        cmocka_unit_test_teardown(an_idle_client_is_small, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

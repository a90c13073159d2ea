/* tests core/client/resolve.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/client_fixture.h"

static fixture f;

static const sy_row *versioned(const char *version, const char *text)
{
    sy_row *row = sy_row_new(&f.arena, f.todo);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_VERSION] = sy_cstr(version);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    return row;
}

/* The same with the time that the server gave it. */
static const sy_row *stamped(const char *version, const char *text)
{
    sy_row *row = sy_row_shallow(&f.arena, versioned(version, text));
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(1);
    return row;
}

/* A client whose push of a local edit ended with a 412. Returns the outcome of that push. */
static fixture_done conflicted(const sy_dialect *dialect, bool deleted)
{
    fixture_init(&f, dialect);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    assert_int_equal(sy_store_write(f.store, stamped("v1", "milk"), NULL), SY_OK);
    const sy_rc rc = (deleted ? fixture_delete(&f, "a") : fixture_update(&f, "a", "mine", 1))->rc;
    assert_int_equal(rc, SY_OK);
    assert_null(fixture_push(&f));
    const fixture_done *done = fixture_reply(&f, 412, versioned("v2", "theirs"));
    assert_non_null(done);
    assert_true(done->has_push);
    assert_int_equal(done->error_count, 1);
    return *done;
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static const fixture_done *resolve(const fixture_done *error, sy_resolution resolution,
                                   const sy_row *row)
{
    const sy_call call = {.verb = SY_VERB_RESOLVE,
                          .operation = error->error_operation,
                          .operation_version = error->error_version,
                          .resolution = resolution,
                          .row = row};
    return fixture_call(&f, &call);
}

static void cancel_and_update_takes_the_row_and_drops_the_operation(void **state)
{
    (void)state;
    const fixture_done error = conflicted(&sy_dialect_mobile_apps, false);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_UPDATE, NULL)->rc, SY_INVALID);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_UPDATE, versioned("v2", "theirs"))->rc,
                     SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_non_null(strstr(fixture_local(&f, "a"), "theirs"));
    assert_non_null(strstr(fixture_local(&f, "a"), "v2"));
}

static void cancel_and_discard_drops_both(void **state)
{
    (void)state;
    const fixture_done error = conflicted(&sy_dialect_mobile_apps, false);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_DISCARD, NULL)->rc, SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_string_equal(fixture_local(&f, "a"), "null");
}

static void check_discard_restores(bool deleted)
{
    const fixture_done error = conflicted(&sy_dialect_sound, deleted);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_DISCARD, NULL)->rc, SY_OK);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_non_null(strstr(fixture_local(&f, "a"), "milk"));
    assert_non_null(strstr(fixture_local(&f, "a"), "v1"));
}

static void cancel_and_discard_brings_back_what_was_kept(void **state)
{
    (void)state;
    check_discard_restores(false);
    fixture_deinit(&f);
    check_discard_restores(true);
}

/* The old cells would stand under the version of a row that the client never had. */
static void a_base_of_which_the_app_changed_the_version_does_not_come_back(void **state)
{
    (void)state;
    fixture_done error = conflicted(&sy_dialect_sound, false);
    assert_int_equal(resolve(&error, SY_RESOLVE_UPDATE_OPERATION, versioned("v2", "merged"))->rc,
                     SY_OK);
    f.send_id = 0;
    assert_null(fixture_push(&f));
    assert_string_equal(f.if_match, "v2");
    error = *fixture_reply(&f, 412, versioned("v3", "theirs"));
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_DISCARD, NULL)->rc, SY_OK);
    assert_string_equal(fixture_local(&f, "a"), "null");
}

static void check_update_operation(const sy_dialect *dialect)
{
    const fixture_done error = conflicted(dialect, false);
    assert_int_equal(resolve(&error, SY_RESOLVE_UPDATE_OPERATION, versioned("v2", "merged"))->rc,
                     SY_OK);
    sy_operation operation = {0};
    assert_true(sy_client_operation(f.client, 0, &operation));
    assert_int_equal(operation.sequence, 1);
    assert_int_equal(operation.state, SY_STATE_PENDING);
    assert_int_equal(operation.version, error.error_version + 1);
    assert_non_null(strstr(fixture_local(&f, "a"), "merged"));
    f.send_id = 0;
    assert_null(fixture_push(&f));
    assert_non_null(strstr(f.sent, "merged"));
    assert_string_equal(f.if_match, "v2");
    const fixture_done *done = fixture_reply(&f, 200, versioned("v3", "merged"));
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->error_count, 0);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
}

static void update_operation_is_pushed_by_the_next_push(void **state)
{
    (void)state;
    check_update_operation(&sy_dialect_mobile_apps);
}

static void update_operation_changes_the_snapshot_too(void **state)
{
    (void)state;
    check_update_operation(&sy_dialect_sound);
}

static void update_operation_of_a_delete_changes_only_what_is_sent(void **state)
{
    (void)state;
    const fixture_done error = conflicted(&sy_dialect_mobile_apps, true);
    assert_int_equal(resolve(&error, SY_RESOLVE_UPDATE_OPERATION, versioned("v2", "x"))->rc, SY_OK);
    assert_string_equal(fixture_local(&f, "a"), "null");
    (void)fixture_push(&f);
    assert_int_equal(f.method, SY_METHOD_DELETE);
    assert_string_equal(f.if_match, "v2");
}

static void an_operation_that_changed_since_is_left_alone(void **state)
{
    (void)state;
    const fixture_done error = conflicted(&sy_dialect_mobile_apps, false);
    assert_int_equal(fixture_update(&f, "a", "again", 2)->rc, SY_OK);
    const fixture_done *done = resolve(&error, SY_RESOLVE_CANCEL_AND_DISCARD, NULL);
    assert_int_equal(done->rc, SY_STATE);
    assert_non_null(strstr(done->text, "since its error"));
    assert_non_null(strstr(fixture_local(&f, "a"), "again"));
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 1);
}

static void an_error_is_resolved_once(void **state)
{
    (void)state;
    const fixture_done error = conflicted(&sy_dialect_mobile_apps, false);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_DISCARD, NULL)->rc, SY_OK);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_DISCARD, NULL)->rc, SY_STATE);
}

static void the_row_of_another_item_is_refused(void **state)
{
    (void)state;
    const fixture_done error = conflicted(&sy_dialect_mobile_apps, false);
    const sy_row *row = fixture_todo(&f, "b", "x", 1);
    assert_int_equal(resolve(&error, SY_RESOLVE_CANCEL_AND_UPDATE, row)->rc, SY_INVALID);
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(cancel_and_update_takes_the_row_and_drops_the_operation,
                                  teardown),
        cmocka_unit_test_teardown(cancel_and_discard_drops_both, teardown),
        cmocka_unit_test_teardown(cancel_and_discard_brings_back_what_was_kept, teardown),
        cmocka_unit_test_teardown(a_base_of_which_the_app_changed_the_version_does_not_come_back,
                                  teardown),
        cmocka_unit_test_teardown(update_operation_is_pushed_by_the_next_push, teardown),
        cmocka_unit_test_teardown(update_operation_changes_the_snapshot_too, teardown),
        cmocka_unit_test_teardown(update_operation_of_a_delete_changes_only_what_is_sent, teardown),
        cmocka_unit_test_teardown(an_operation_that_changed_since_is_left_alone, teardown),
        cmocka_unit_test_teardown(an_error_is_resolved_once, teardown),
        cmocka_unit_test_teardown(the_row_of_another_item_is_refused, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

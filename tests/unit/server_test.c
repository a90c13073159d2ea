/* The moments of a request, its events and notices. */
#include "core/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/port/events.h"
#include "core/server/internal.h"
#include "tests/unit/server_fixture.h"

/* -- moments, events, notices -- */

static void the_stamp_is_taken_at_the_beginning(void **state)
{
    fixture *f = *state;
    sy_request request = request_of(f, SY_METHOD_INSERT, "a");
    request.row = make_row(f, "a", "milk", 3);
    sy_server_transaction *transaction = NULL;
    assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
    f->now += 5 * SY_SECOND;
    assert_null(stored(f, "a"));
    sy_response got;
    assert_int_equal(sy_server_end(f->server, transaction, &f->arena, &got, NULL), SY_OK);
    assert_int_equal(sy_row_updated_at(got.row), SY_WORLD_EPOCH);
}

static void an_aborted_request_leaves_nothing(void **state)
{
    fixture *f = *state;
    sy_request request = request_of(f, SY_METHOD_INSERT, "a");
    request.row = make_row(f, "a", "milk", 3);
    sy_server_transaction *transaction = NULL;
    assert_int_equal(sy_server_begin(f->server, &request, &transaction, NULL), SY_OK);
    sy_server_abort(f->server, transaction);
    assert_null(stored(f, "a"));
    assert_int_equal(f->commits, 0);
}

static void of_two_on_the_same_version_the_later_end_gets_412(void **state)
{
    fixture *f = *state;
    const char *version = version_of(f, insert(f, "a", "milk", 3).row);
    sy_request one = request_of(f, update_method(f), "a");
    sy_request two = one;
    one.row = make_row(f, "a", "one", 1);
    two.row = make_row(f, "a", "two", 2);
    one.if_match = sy_str_of(version);
    two.if_match = one.if_match;
    sy_server_transaction *first = NULL;
    sy_server_transaction *second = NULL;
    assert_int_equal(sy_server_begin(f->server, &one, &first, NULL), SY_OK);
    assert_int_equal(sy_server_begin(f->server, &two, &second, NULL), SY_OK);
    sy_response got;
    assert_int_equal(sy_server_end(f->server, second, &f->arena, &got, NULL), SY_OK);
    assert_int_equal(got.status, 200);
    assert_int_equal(sy_server_end(f->server, first, &f->arena, &got, NULL), SY_OK);
    assert_int_equal(got.status, 412);
    assert_text(text_of(got.row), "two");
}

static void events_tell_request_commit_and_answer(void **state)
{
    fixture *f = *state;
    f->installation = "phone";
    const char *before = version_of(f, insert(f, "a", "milk", 3).row);
    fixture_forget_events(f);
    sy_response got = change(f, "a", "one", before);
    assert_int_equal(f->event_count, 3);
    assert_ptr_equal(f->events[0].kind, &sy_event_request);
    assert_text(sy_value_str(&f->events[0].fields[3]), before);
    assert_text(sy_value_str(&f->events[0].fields[4]), "phone");
    const sy_value *commit = f->events[1].fields;
    assert_ptr_equal(f->events[1].kind, &sy_event_commit);
    assert_text(sy_value_str(&commit[0]), "todo");
    assert_text(sy_value_str(&commit[1]), "a");
    assert_text(sy_value_str(&commit[2]), sy_method_name(update_method(f)));
    assert_text(sy_value_str(&commit[3]), before);
    assert_true(sy_str_equal(sy_value_str(&commit[4]), sy_row_version(got.row)));
    assert_int_equal(commit[5].as.integer, SY_WORLD_EPOCH);
    assert_text(text_of(commit[9].as.row), "one");
    const sy_value *respond = f->events[2].fields;
    assert_ptr_equal(f->events[2].kind, &sy_event_respond);
    assert_int_equal(respond[3].as.integer, 200);
    assert_int_equal(respond[4].as.integer, 1);
}

static void a_hard_delete_commits_no_row(void **state)
{
    fixture *f = *state;
    f->table = "hard";
    insert(f, "a", "milk", 3);
    fixture_forget_events(f);
    erase(f, "a", NULL);
    const sy_value *commit = f->events[1].fields;
    assert_ptr_equal(f->events[1].kind, &sy_event_commit);
    assert_true(commit[3].size > 0);
    assert_int_equal(commit[4].size, 0);
    assert_null(commit[9].as.row);
}

static void notices_follow_commits_and_nothing_else(void **state)
{
    fixture *f = *state;
    f->installation = "phone";
    insert(f, "a", "milk", 3);
    assert_int_equal(f->notices, 1);
    assert_string_equal(f->notice_from, "phone");
    insert(f, "a", "milk", 3);
    read_row(f, "a", false);
    query_all(f);
    change(f, "a", "x", "AAAA");
    assert_int_equal(f->notices, 1);
    erase(f, "a", NULL);
    assert_int_equal(f->notices, 2);
}

/* -- the rest -- */

static void dialects_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(sy_server_dialect_find(SY_STR("netfx")), &sy_server_dialect_netfx);
    assert_ptr_equal(sy_server_dialect_find(SY_STR("toolkit")), &sy_server_dialect_toolkit);
    assert_ptr_equal(sy_server_dialect_find(SY_STR("sound")), &sy_server_dialect_sound);
    assert_ptr_equal(sy_server_dialect_find(SY_STR("node")), &sy_server_dialect_node);
    assert_ptr_equal(sy_server_dialect_find(SY_STR("datasync")), &sy_server_dialect_datasync);
    assert_null(sy_server_dialect_find(SY_STR("express")));
    assert_null(sy_server_dialect_at(5));
}

static void tables_of_its_own_have_the_names_of_system_columns(void **state)
{
    (void)state;
    const sy_schema *schemas[] = {sy_ledger_counters_schema(), sy_ledger_keys_schema(),
                                  sy_ledger_columns_schema()};
    for (size_t s = 0; s < 3; s++) {
        for (uint32_t i = 0; i < SY_SYSTEM_COUNT; i++) {
            assert_true(sy_str_equal(schemas[s]->columns[i].name,
                                     sy_system_column_name((sy_system_column)i)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(the_stamp_is_taken_at_the_beginning),
        EVERY(an_aborted_request_leaves_nothing),
        EVERY(of_two_on_the_same_version_the_later_end_gets_412),
        EVERY(events_tell_request_commit_and_answer),
        EVERY(a_hard_delete_commits_no_row),
        EVERY(notices_follow_commits_and_nothing_else),
        cmocka_unit_test(dialects_are_found_by_name),
        cmocka_unit_test(tables_of_its_own_have_the_names_of_system_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* tests core/client/pull_updated_at.c and pull_time.c: the pulls of the dialect mobile-apps-js */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/client_fixture.h"

static fixture f;

static int setup(void **state)
{
    (void)state;
    fixture_init(&f, &sy_dialect_mobile_apps_js);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static const sy_row *at(const char *id, int second)
{
    return fixture_served(&f, id, id, "v", second * SY_SECOND, false, second);
}

static const fixture_done *page(const sy_row *a, const sy_row *b)
{
    const sy_row *rows[] = {a, b};
    return fixture_reply_page(&f, rows, a == NULL ? 0 : b == NULL ? 1 : 2, "a link", 0, NULL);
}

static void asks(const char *part)
{
    if (strstr(f.asked, part) == NULL) {
        fail_msg("'%s' does not ask for '%s'", f.asked, part);
    }
}

static void pages_until_nothing_comes(void **state)
{
    (void)state;
    (void)fixture_pull(&f, "q", NULL);
    asks("1969-12-31T00:00:00.000Z");
    asks("top 50");
    (void)page(at("a", 10), at("b", 20));
    asks("1970-01-01T00:00:20.000Z"); /* links are not followed */
    (void)page(at("b", 20), NULL);
    asks("1970-01-01T00:00:20.000Z");
    asks("skip 1");
    const fixture_done *done = page(NULL, NULL);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->count, 3);
    (void)fixture_pull(&f, "q", NULL);
    asks("1970-01-01T00:00:20.000Z");
}

static void notes_the_moment_that_it_asked_for(void **state)
{
    (void)state;
    (void)fixture_pull(&f, "q", NULL);
    (void)page(at("a", 10), NULL);
    fixture_answer(&f, SY_TIMEOUT, NULL);
    assert_int_equal(fixture_last(&f)->rc, SY_TIMEOUT);
    (void)fixture_pull(&f, "q", NULL);
    asks("1969-12-31T00:00:00.000Z"); /* a page too early */
}

static void a_pull_without_an_id_begins_in_1969_every_time(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        (void)fixture_pull(&f, "", NULL);
        asks("1969-12-31T00:00:00.000Z");
        (void)page(at("a", 10), NULL);
        (void)page(NULL, NULL);
    }
}

static void tables_share_the_moment_of_a_query_id(void **state)
{
    (void)state;
    const sy_query list = sy_query_all(f.list);
    const sy_call call = {.verb = SY_VERB_PULL, .query = &list, .query_id = SY_STR("Q")};
    (void)fixture_pull(&f, "q", NULL);
    (void)page(at("a", 10), NULL);
    (void)page(NULL, NULL);
    (void)fixture_call(&f, &call);
    asks("1970-01-01T00:00:10.000Z"); /* letter case aside */
}

static void what_waits_is_skipped_and_nothing_is_pushed(void **state)
{
    (void)state;
    (void)fixture_insert(&f, "a", "mine", -1);
    (void)fixture_pull(&f, "q", NULL);
    assert_int_equal(f.method, SY_METHOD_QUERY);
    (void)page(at("a", 10), at("b", 20));
    (void)page(NULL, NULL);
    assert_non_null(strstr(fixture_local(&f, "a"), "mine"));
    assert_non_null(strstr(fixture_local(&f, "b"), "\"text\":\"b\""));
}

static void a_row_that_does_not_say_whether_it_is_deleted_fails_the_pull(void **state)
{
    (void)state;
    sy_row *row = sy_row_shallow(&f.arena, at("b", 20));
    row->cells[SY_COLUMN_DELETED].type = SY_TYPE_ABSENT;
    (void)fixture_pull(&f, "q", NULL);
    const fixture_done *done = page(at("a", 10), row);
    assert_int_equal(done->rc, SY_SCHEMA);
    assert_non_null(strstr(fixture_local(&f, "a"), "\"text\":\"a\"")); /* a write for each row */
}

static void a_text_that_looks_like_a_date_is_stored_as_json(void **state)
{
    (void)state;
    const sy_row *row =
        fixture_served(&f, "a", "2020-02-30T03:04:05.6789Z", "v", 10 * SY_SECOND, false, 1);
    (void)fixture_pull(&f, "q", NULL);
    (void)page(row, NULL);
    assert_non_null(strstr(fixture_local(&f, "a"), "\"\\\"2020-03-01T03:04:05.679Z\\\"\""));
}

static void a_filter_that_ends_in_datetime_is_misread(void **state)
{
    (void)state;
    sy_query query = sy_query_all(f.todo);
    query.filter =
        sy_expr_binary(&f.arena, SY_EXPR_EQ,
                       sy_expr_column(&f.arena, (uint32_t)sy_schema_find(f.todo, SY_STR("text"))),
                       sy_expr_literal(&f.arena, sy_cstr("a datetime")));
    (void)fixture_pull(&f, "q", &query);
    asks("a datetimeoffset");
}

static void orders_limits_and_odd_query_ids_are_refused(void **state)
{
    (void)state;
    sy_query query = sy_query_all(f.todo);
    query.top = 5;
    assert_int_equal(fixture_pull(&f, "", &query)->rc, SY_INVALID);
    assert_int_equal(fixture_pull(&f, "a/b", NULL)->rc, SY_INVALID);
    assert_int_equal(fixture_pull(&f, " ", NULL)->rc, SY_INVALID);
}

static void rows_are_found_whatever_their_case_and_the_oldest_first(void **state)
{
    (void)state;
    const sy_call look = {.verb = SY_VERB_LOOKUP, .table = SY_STR("todo"), .id = SY_STR("AB")};
    assert_int_equal(fixture_insert(&f, "ab", "old", -1)->rc, SY_OK);
    assert_non_null(strstr(fixture_call(&f, &look)->rows, "old"));
    assert_int_equal(fixture_insert(&f, "aB", "new", -1)->rc, SY_EXISTS);
    assert_int_equal(fixture_update(&f, "AB", "new", -1)->rc, SY_OK); /* a row of its own */
    assert_non_null(strstr(fixture_call(&f, &look)->rows, "old"));
    fixture_stop(&f);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    assert_non_null(strstr(fixture_call(&f, &look)->rows, "old"));
    assert_int_equal(fixture_delete(&f, "ab")->rc, SY_OK);
    assert_non_null(strstr(fixture_call(&f, &look)->rows, "new"));
    assert_int_equal(fixture_update(&f, "ab", "newest", -1)->rc, SY_OK);
    assert_non_null(strstr(fixture_call(&f, &look)->rows, "\"new\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_until_nothing_comes),
        TEST(notes_the_moment_that_it_asked_for),
        TEST(a_pull_without_an_id_begins_in_1969_every_time),
        TEST(tables_share_the_moment_of_a_query_id),
        TEST(what_waits_is_skipped_and_nothing_is_pushed),
        TEST(a_row_that_does_not_say_whether_it_is_deleted_fails_the_pull),
        TEST(a_text_that_looks_like_a_date_is_stored_as_json),
        TEST(a_filter_that_ends_in_datetime_is_misread),
        TEST(orders_limits_and_odd_query_ids_are_refused),
        TEST(rows_are_found_whatever_their_case_and_the_oldest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

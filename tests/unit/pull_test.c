/* tests core/client/pull.c with pull_page.c and the three strategies */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/client_fixture.h"

static fixture f;

static void start(const sy_dialect *dialect)
{
    sy_err err = {SY_OK, ""};
    fixture_init(&f, dialect);
    assert_int_equal(fixture_start(&f, &err), SY_OK);
    f.trace[0] = '\0';
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static void restart(void)
{
    fixture_crash(&f);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
}

/* A row changed at that second, in version "v<second>", sequence <second>. */
static const sy_row *at(const char *id, int second)
{
    const sy_str version = sy_arena_printf(&f.arena, "v%d", second);
    return fixture_served(&f, id, id, version.data, second * SY_SECOND, false, second);
}

static const sy_row *deleted(const char *id, int second)
{
    return fixture_served(&f, id, NULL, "gone", second * SY_SECOND, true, second);
}

static const fixture_done *page(const sy_row *a, const sy_row *b)
{
    const sy_row *rows[] = {a, b};
    return fixture_reply_page(&f, rows, a == NULL ? 0 : b == NULL ? 1 : 2, NULL, 0, NULL);
}

static const fixture_done *pull_pages_of(int64_t size, const char *query_id, const sy_query *query)
{
    const sy_query all = sy_query_all(f.todo);
    const sy_call call = {.verb = SY_VERB_PULL,
                          .query = query != NULL ? query : &all,
                          .query_id = sy_str_of(query_id),
                          .page_size = size};
    return fixture_call(&f, &call);
}

/* Everything of the request but how its texts are written: when the token, skip and top. */
static void check_asked(const char *filter, int64_t skip, int64_t top)
{
    const sy_str tail =
        sy_arena_printf(&f.arena, "|skip %lld top %lld|", (long long)skip, (long long)top);
    if (filter != NULL) {
        assert_non_null(strstr(f.asked, filter));
    } else {
        assert_null(strstr(f.asked, "updatedAt"));
    }
    assert_non_null(strstr(f.asked, tail.data));
}

static bool has_local(const char *id)
{
    return strcmp(fixture_local(&f, id), "null") != 0;
}

static uint32_t pending(void)
{
    return sy_client_pending(f.client, (sy_str){NULL, 0});
}

/* -- checks -- */

static void what_a_pull_may_ask_is_checked(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    sy_query query = sy_query_all(f.todo);
    query.select = 1;
    assert_int_equal(fixture_pull(&f, "q", &query)->rc, SY_INVALID);
    assert_int_equal(fixture_pull(&f, "", &query)->rc, SY_INVALID);
    query = sy_query_all(f.todo);
    query.order_count = 1;
    assert_int_equal(fixture_pull(&f, "q", &query)->rc, SY_INVALID);
    query = sy_query_all(f.todo);
    query.top = 3;
    assert_int_equal(fixture_pull(&f, "q", &query)->rc, SY_INVALID);
    query = sy_query_all(f.todo);
    query.skip = 0;
    assert_int_equal(fixture_pull(&f, "q", &query)->rc, SY_INVALID);
    assert_int_equal(fixture_pull(&f, "a|b", NULL)->rc, SY_INVALID);
    assert_int_equal(pull_pages_of(-1, "q", NULL)->rc, SY_INVALID);
    assert_int_equal(f.send_count, 0);
}

static void a_query_id_may_have_255_characters_or_be_blank(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    char id[520];
    memset(id, 'q', sizeof id);
    id[256] = '\0';
    assert_int_equal(fixture_pull(&f, id, NULL)->rc, SY_INVALID);
    id[255] = '\0';
    assert_null(fixture_pull(&f, id, NULL));
    (void)page(NULL, NULL);
    for (size_t i = 0; i < 510; i += 2) {
        memcpy(id + i, "\xc3\xa4", 2);
    }
    id[510] = '\0';
    assert_null(fixture_pull(&f, id, NULL));
    (void)page(NULL, NULL);
    assert_null(fixture_pull(&f, "  ", NULL));
}

static void the_toolkit_drops_order_and_limits_without_a_word(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit);
    sy_query query = sy_query_all(f.todo);
    query.order_count = 1;
    query.order[0].column = SY_SYSTEM_COUNT;
    query.top = 3;
    assert_null(fixture_pull(&f, "q", &query));
    check_asked("updatedAt", -1, -1);
}

/* -- mobile-apps -- */

static void the_worked_example_takes_five_requests(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    assert_null(pull_pages_of(2, "q", NULL));
    check_asked("ge 1970-01-01T00:00:00.000Z", 0, 2);
    assert_int_equal(f.about.attempt, 1);
    assert_null(page(at("a1", 10), at("b", 10)));
    check_asked("ge 1970-01-01T00:00:10.000Z", 0, 2);
    assert_null(page(at("a1", 10), at("b", 10)));
    check_asked("ge 1970-01-01T00:00:10.000Z", 2, 2);
    assert_null(page(at("c", 20), NULL));
    check_asked("ge 1970-01-01T00:00:20.000Z", 0, 2);
    assert_null(page(at("c", 20), NULL));
    check_asked("ge 1970-01-01T00:00:20.000Z", 1, 2);
    assert_int_equal(f.about.attempt, 5);
    const fixture_done *done = page(NULL, NULL);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(f.send_count, 5);
    assert_true(has_local("a1") && has_local("b") && has_local("c"));
    assert_null(pull_pages_of(2, "q", NULL)); /* the boundary row comes again [7.9] */
    check_asked("ge 1970-01-01T00:00:20.000Z", 0, 2);
    assert_int_equal(f.about.round, 2);
}

static void a_link_is_followed_as_it_is(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)pull_pages_of(2, "q", NULL);
    const sy_row *rows[] = {at("a1", 10), at("b", 10)};
    assert_null(fixture_reply_page(&f, rows, 2, "skip 2", 0, NULL));
    assert_non_null(strstr(f.asked, "|skip 2|"));
    check_asked("ge 1970-01-01T00:00:00.000Z", 0, 2);
    assert_null(page(at("c", 20), NULL));
    assert_non_null(strstr(f.asked, "||"));
    check_asked("ge 1970-01-01T00:00:20.000Z", 0, 2);
    assert_null(page(at("c", 20), NULL));
    check_asked("ge 1970-01-01T00:00:20.000Z", 1, 2);
    assert_int_equal(page(NULL, NULL)->rc, SY_OK);
    assert_int_equal(f.send_count, 4);
}

static void the_token_is_saved_page_by_page(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)pull_pages_of(2, "q", NULL);
    (void)page(at("a", 10), at("b", 11));
    f.done_count = 0;
    fixture_answer(&f, SY_TIMEOUT, NULL);
    assert_int_equal(fixture_last(&f)->rc, SY_TIMEOUT);
    restart();
    (void)pull_pages_of(2, "q", NULL);
    check_asked("ge 1970-01-01T00:00:11.000Z", 0, 2);
}

static void a_pull_without_a_query_id_pages_by_skip(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    assert_null(pull_pages_of(2, "", NULL));
    check_asked(NULL, 0, 2);
    (void)page(at("a", 10), at("b", 10));
    check_asked(NULL, 2, 2);
    (void)page(at("c", 20), NULL);
    check_asked(NULL, 3, 2);
    assert_int_equal(page(NULL, NULL)->count, 3);
    assert_null(strstr(f.trace, "token"));
    (void)pull_pages_of(2, "", NULL);
    check_asked(NULL, 0, 2);
}

static void top_and_skip_bound_a_full_pull(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    sy_query query = sy_query_all(f.todo);
    query.top = 3;
    query.skip = 5;
    (void)pull_pages_of(2, "", &query);
    check_asked(NULL, 5, 2);
    (void)page(at("a", 10), at("b", 10));
    check_asked(NULL, 7, 1);
    assert_int_equal(page(at("c", 20), NULL)->count, 3);
    assert_int_equal(f.send_count, 2);
}

static void tombstones_remove_rows(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_pull(&f, "q", NULL);
    (void)page(at("a", 10), at("b", 11));
    (void)page(deleted("a", 12), deleted("never seen", 12));
    assert_false(has_local("a"));
    assert_true(has_local("b"));
}

static void an_edit_of_the_table_waits_until_the_pull_has_ended(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_pull(&f, "q", NULL);
    const sy_row *row = fixture_todo(&f, "b", "mine", -1);
    const sy_call call = {.verb = SY_VERB_INSERT, .table = f.todo->name, .row = row};
    assert_null(fixture_call(&f, &call)); /* the table is locked for the whole pull */
    (void)page(at("a", 10), NULL);
    (void)page(at("a", 10), NULL);
    assert_false(has_local("b"));
    assert_non_null(page(NULL, NULL));
    assert_true(has_local("b"));
}

static void a_failed_page_ends_the_pull_with_its_status(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_pull(&f, "q", NULL);
    const fixture_done *done = fixture_reply(&f, 503, NULL);
    assert_int_equal(done->rc, SY_HTTP);
    assert_int_equal(done->status, 503);
    (void)fixture_pull(&f, "q", NULL);
    assert_int_equal(fixture_reply(&f, 401, NULL)->rc, SY_AUTH);
}

static void a_cancelled_pull_asks_for_no_more_pages(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    const sy_query all = sy_query_all(f.todo);
    const sy_call call = {.verb = SY_VERB_PULL, .query = &all};
    sy_ticket ticket;
    assert_int_equal(sy_client_submit(f.client, &call, &ticket, NULL), SY_OK);
    sy_client_run(f.client);
    assert_true(sy_client_cancel(f.client, ticket));
    sy_client_run(f.client);
    assert_int_equal(fixture_outcome(&f, ticket)->rc, SY_CANCELLED);
    (void)page(at("a", 10), NULL);
    assert_int_equal(f.send_count, 1);
    assert_false(has_local("a")); /* it came too late */
    assert_true(sy_client_idle(f.client));
}

/* -- the implicit push -- */

static void a_dirty_table_is_pushed_first_with_all_others(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    const sy_row *list = sy_row_new(&f.arena, f.list);
    const sy_call call = {.verb = SY_VERB_INSERT, .table = f.list->name, .row = list};
    assert_int_equal(fixture_call(&f, &call)->rc, SY_OK);
    (void)fixture_insert(&f, "a", "mine", -1);
    assert_null(fixture_pull(&f, "q", NULL));
    assert_int_equal(f.method, SY_METHOD_INSERT);
    assert_string_equal(f.sent_table, "list");
    assert_null(fixture_reply(&f, 201, fixture_served(&f, f.sent_id, NULL, "v1", 0, false, 0)));
    assert_string_equal(f.sent_id, "a");
    assert_null(fixture_reply(&f, 201, at("a", 5)));
    assert_int_equal(f.method, SY_METHOD_QUERY);
    assert_int_equal(pending(), 0);
}

static void this_table_alone_may_be_pushed(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    const sy_row *list = sy_row_new(&f.arena, f.list);
    const sy_call call = {.verb = SY_VERB_INSERT, .table = f.list->name, .row = list};
    (void)fixture_call(&f, &call);
    (void)fixture_insert(&f, "a", "mine", -1);
    const sy_query all = sy_query_all(f.todo);
    const sy_call pull = {.verb = SY_VERB_PULL, .query = &all, .push_scope = SY_PUSH_THIS_TABLE};
    assert_null(fixture_call(&f, &pull));
    assert_string_equal(f.sent_id, "a");
    (void)fixture_reply(&f, 201, at("a", 5));
    assert_int_equal(f.method, SY_METHOD_QUERY);
    assert_int_equal(pending(), 1);
}

static void a_pull_of_a_clean_table_pushes_nothing(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    const sy_row *list = sy_row_new(&f.arena, f.list);
    const sy_call call = {.verb = SY_VERB_INSERT, .table = f.list->name, .row = list};
    (void)fixture_call(&f, &call);
    (void)fixture_pull(&f, "q", NULL);
    assert_int_equal(f.method, SY_METHOD_QUERY);
}

static void a_pull_fails_with_its_push(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "mine", -1);
    (void)fixture_pull(&f, "q", NULL);
    const fixture_done *done = fixture_reply(&f, 409, NULL);
    assert_int_equal(done->rc, SY_PUSH_FAILED);
    assert_true(done->has_push);
    assert_int_equal(done->error_count, 1);
    assert_int_equal(done->error_status, 409);
    assert_int_equal(f.send_count, 1);
}

static void an_edit_during_the_push_makes_the_pull_push_again(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps);
    (void)fixture_insert(&f, "a", "mine", -1);
    (void)fixture_pull(&f, "q", NULL);
    assert_null(fixture_update(&f, "a", "newer", -1)); /* waits for the item */
    (void)fixture_reply(&f, 201, at("a", 5));
    assert_int_equal(f.method, SY_METHOD_UPDATE);
    (void)fixture_reply(&f, 200, at("a", 6));
    assert_int_equal(f.method, SY_METHOD_QUERY);
    assert_int_equal(f.send_count, 3);
}

static void the_toolkit_refuses_to_pull_a_dirty_table(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit);
    (void)fixture_insert(&f, "a", "mine", -1);
    assert_int_equal(fixture_pull(&f, "q", NULL)->rc, SY_STATE);
    assert_int_equal(f.send_count, 0);
}

/* -- toolkit -- */

static void the_toolkit_asks_for_later_rows_in_whole_milliseconds(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit);
    (void)fixture_pull(&f, "", NULL);
    assert_null(strstr(f.asked, " gt "));
    sy_row *row = fixture_served(&f, "a", "a", "v1", 10 * SY_SECOND + 1999999, false, 0);
    const sy_row *rows[] = {row};
    assert_null(fixture_reply_page(&f, rows, 1, "next", 0, NULL));
    assert_non_null(strstr(f.asked, "|next|"));
    assert_int_equal(page(at("b", 9), NULL)->rc, SY_OK);
    (void)fixture_pull(&f, "", NULL); /* incremental without being asked */
    check_asked("gt 1970-01-01T00:00:10.001Z", -1, -1);
    (void)page(deleted("b", 12), deleted("c", 12));
    assert_false(has_local("b"));
}

static void the_toolkit_overwrites_an_edit_made_during_the_pull(void **state)
{
    (void)state;
    start(&sy_dialect_toolkit);
    (void)fixture_pull(&f, "", NULL);
    assert_int_equal(fixture_insert(&f, "a", "mine", -1)->rc, SY_OK);
    assert_int_equal(page(at("a", 10), NULL)->rc, SY_OK);
    assert_null(strstr(fixture_local(&f, "a"), "mine"));
}

/* -- sound -- */

static const fixture_done *sound_page(const sy_row *a, const sy_row *b, const char *next,
                                      int64_t horizon, const char *epoch)
{
    const sy_row *rows[] = {a, b};
    return fixture_reply_page(&f, rows, a == NULL ? 0 : b == NULL ? 1 : 2, next, horizon, epoch);
}

static void sound_asks_by_sequence_up_to_the_horizon(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    (void)fixture_pull(&f, "q", NULL);
    assert_non_null(strstr(f.asked, "|since 0 "));
    assert_null(sound_page(at("a", 3), at("b", 5), "after 5", 5, "E1"));
    assert_non_null(strstr(f.asked, "|after 5|since 0 E1"));
    assert_int_equal(sound_page(at("c", 9), NULL, NULL, 12, "E1")->rc, SY_OK);
    restart();
    (void)fixture_pull(&f, "q", NULL);
    assert_non_null(strstr(f.asked, "|since 12 E1"));
    assert_int_equal(sound_page(deleted("a", 13), NULL, NULL, 13, "E1")->rc, SY_OK);
    assert_false(has_local("a"));
}

static void an_interrupted_sound_pull_goes_on_where_it_was(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    (void)fixture_pull(&f, "q", NULL);
    (void)sound_page(at("a", 3), at("b", 5), "after 5", 5, "E1");
    fixture_answer(&f, SY_NETWORK, NULL);
    (void)fixture_pull(&f, "q", NULL);
    assert_non_null(strstr(f.asked, "|since 5 E1"));
}

static void the_sound_token_stays_before_a_pending_row(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    (void)fixture_pull(&f, "q", NULL);
    assert_int_equal(fixture_insert(&f, "b", "mine", -1)->rc, SY_OK); /* no lock keeps it out */
    assert_int_equal(sound_page(at("a", 3), at("b", 5), NULL, 12, "E1")->rc, SY_OK);
    assert_non_null(strstr(fixture_local(&f, "b"), "mine"));
    assert_non_null(strstr(f.trace, "skip"));
    (void)fixture_pull(&f, "q", NULL); /* pushes first */
    assert_int_equal(f.method, SY_METHOD_INSERT);
    (void)fixture_reply(&f, 409, at("b", 5));
    assert_int_equal(f.method, SY_METHOD_QUERY); /* an error of one row does not stop the pull */
    assert_non_null(strstr(f.asked, "|since 4 E1"));
}

static void another_epoch_leads_to_a_full_resync(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    (void)fixture_pull(&f, "q", NULL);
    (void)sound_page(at("a", 3), at("b", 5), NULL, 12, "E1");
    (void)fixture_pull(&f, "q", NULL);
    assert_null(sound_page(at("c", 1), NULL, "after 1", 1, "E2"));
    assert_non_null(strstr(f.asked, "|after 1|since 0 E2"));
    assert_null(sound_page(at("b", 2), NULL, NULL, 4, "E2"));
    assert_int_equal(f.method, SY_METHOD_READ); /* "a" did not come: is it gone? */
    assert_string_equal(f.sent_id, "a");
    assert_int_equal(fixture_reply(&f, 404, NULL)->rc, SY_OK);
    assert_false(has_local("a"));
    assert_true(has_local("b") && has_local("c"));
    (void)fixture_pull(&f, "q", NULL);
    assert_non_null(strstr(f.asked, "|since 4 E2"));
}

static void an_interrupted_resync_begins_again(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    (void)fixture_pull(&f, "q", NULL);
    (void)sound_page(at("a", 3), at("b", 5), NULL, 12, "E1");
    (void)fixture_pull(&f, "q", NULL);
    (void)sound_page(at("c", 1), NULL, "after 1", 1, "E2");
    fixture_answer(&f, SY_NETWORK, NULL);
    (void)fixture_pull(&f, "q", NULL);
    assert_non_null(strstr(f.asked, "|since 12 E1"));
    assert_null(sound_page(at("c", 1), at("b", 2), NULL, 4, "E2"));
    assert_int_equal(f.method, SY_METHOD_READ);
}

static void a_full_sound_pull_removes_what_the_server_does_not_have(void **state)
{
    (void)state;
    start(&sy_dialect_sound);
    (void)fixture_pull(&f, "", NULL);
    assert_int_equal(sound_page(at("a", 3), at("b", 5), NULL, 12, "E1")->rc, SY_OK);
    (void)fixture_pull(&f, "", NULL);
    assert_null(sound_page(NULL, NULL, NULL, 12, "E1"));
    assert_string_equal(f.sent_id, "a");
    assert_int_equal(fixture_insert(&f, "c", "mine", -1)->rc, SY_OK);
    assert_null(fixture_reply(&f, 200, at("a", 20))); /* it was only late */
    assert_string_equal(f.sent_id, "b");
    assert_int_equal(fixture_reply(&f, 410, deleted("b", 21))->rc, SY_OK);
    assert_true(has_local("a") && has_local("c"));
    assert_false(has_local("b"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_a_pull_may_ask_is_checked),
        TEST(a_query_id_may_have_255_characters_or_be_blank),
        TEST(the_toolkit_drops_order_and_limits_without_a_word),
        TEST(the_worked_example_takes_five_requests),
        TEST(a_link_is_followed_as_it_is),
        TEST(the_token_is_saved_page_by_page),
        TEST(a_pull_without_a_query_id_pages_by_skip),
        TEST(top_and_skip_bound_a_full_pull),
        TEST(tombstones_remove_rows),
        TEST(an_edit_of_the_table_waits_until_the_pull_has_ended),
        TEST(a_failed_page_ends_the_pull_with_its_status),
        TEST(a_cancelled_pull_asks_for_no_more_pages),
        TEST(a_dirty_table_is_pushed_first_with_all_others),
        TEST(this_table_alone_may_be_pushed),
        TEST(a_pull_of_a_clean_table_pushes_nothing),
        TEST(a_pull_fails_with_its_push),
        TEST(an_edit_during_the_push_makes_the_pull_push_again),
        TEST(the_toolkit_refuses_to_pull_a_dirty_table),
        TEST(the_toolkit_asks_for_later_rows_in_whole_milliseconds),
        TEST(the_toolkit_overwrites_an_edit_made_during_the_pull),
        TEST(sound_asks_by_sequence_up_to_the_horizon),
        TEST(an_interrupted_sound_pull_goes_on_where_it_was),
        TEST(the_sound_token_stays_before_a_pending_row),
        TEST(another_epoch_leads_to_a_full_resync),
        TEST(an_interrupted_resync_begins_again),
        TEST(a_full_sound_pull_removes_what_the_server_does_not_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

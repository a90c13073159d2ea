/* tests core/client/auto_sync.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/client_fixture.h"

static fixture f;

static void start(const sy_dialect *dialect, sy_auto_sync auto_sync, bool pull_on_notice)
{
    fixture_init(&f, dialect);
    f.auto_sync = auto_sync;
    f.pull_on_notice = pull_on_notice;
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    f.trace[0] = '\0';
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static void connect(bool online, bool metered)
{
    sy_client_connectivity(f.client, online, metered);
    sy_client_run(f.client);
}

static void notice(const char *table, const char *originator)
{
    const sy_notice message = {.table = sy_str_of(table),
                               .id = SY_STR("a"),
                               .cause = SY_METHOD_INSERT,
                               .originator = sy_str_of(originator)};
    sy_client_notice(f.client, &message);
}

static void empty_page(void)
{
    (void)fixture_reply_page(&f, NULL, 0, NULL, 1, "1");
}

/* Pulls "todo" once, empty. */
static void pull_once(const char *query_id)
{
    (void)fixture_pull(&f, query_id, NULL);
    empty_page();
}

static void a_connection_that_comes_back_pushes_then_pulls_what_was_pulled(void **state)
{
    (void)state;
    for (size_t i = 0; sy_dialect_at(i) != NULL; i++) {
        start(sy_dialect_at(i), SY_AUTO_SYNC_ON, false);
        pull_once("q");
        connect(false, false);
        (void)fixture_insert(&f, "a", "one", -1);
        f.send_count = 0;
        connect(true, false);
        assert_int_equal(f.method, SY_METHOD_INSERT);
        (void)fixture_reply(&f, 201, fixture_served(&f, "a", "one", "v1", 0, false, 1));
        assert_int_equal(f.method, SY_METHOD_QUERY);
        assert_string_equal(f.sent_table, "todo");
        assert_int_equal(f.about.round, 2);
        empty_page();
        assert_int_equal(f.send_count, 2);
        assert_true(sy_client_idle(f.client));
        assert_null(fixture_last(&f)); /* nobody is told of what nobody asked for */
        (void)teardown(NULL);
    }
}

static void each_whole_table_is_pulled_when_nothing_was_pulled_before(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_ON, false);
    connect(false, false);
    connect(true, false);
    assert_string_equal(f.sent_table, "list");
    empty_page();
    assert_string_equal(f.sent_table, "todo");
    empty_page();
    assert_true(sy_client_idle(f.client));
    assert_int_equal(f.send_count, 2);
}

static void nothing_is_done_while_the_connection_stays(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_ON, false);
    connect(true, false);
    connect(true, true);
    connect(false, true);
    assert_int_equal(f.send_count, 0);
    (void)teardown(NULL);
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_OFF, false);
    connect(false, false);
    connect(true, false);
    assert_int_equal(f.send_count, 0);
}

static void a_metered_connection_is_left_alone_when_asked(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_UNMETERED, false);
    connect(false, false);
    connect(true, true);
    assert_int_equal(f.send_count, 0);
    connect(true, false); /* the same connection is free now */
    assert_int_equal(f.send_count, 1);
}

static void a_push_that_fails_does_not_stop_the_pulls(void **state)
{
    (void)state;
    start(&sy_dialect_sound, SY_AUTO_SYNC_ON, false);
    pull_once("q");
    connect(false, false);
    (void)fixture_insert(&f, "a", "one", -1);
    connect(true, false);
    (void)fixture_reply(&f, 500, NULL);
    assert_int_equal(f.method, SY_METHOD_INSERT); /* the pull's own implicit push */
    (void)fixture_reply(&f, 500, NULL);
    assert_int_equal(f.method, SY_METHOD_QUERY);
}

static void a_connection_that_flickers_leads_to_one_synchronisation(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_ON, false);
    sy_client_connectivity(f.client, false, false);
    sy_client_connectivity(f.client, true, false);
    sy_client_connectivity(f.client, false, false);
    sy_client_connectivity(f.client, true, false);
    sy_client_run(f.client);
    empty_page();
    empty_page();
    assert_int_equal(f.send_count, 2);
    assert_true(sy_client_idle(f.client));
}

static void a_notice_leads_to_a_pull_of_each_known_query(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_OFF, true);
    pull_once("q");
    pull_once("r");
    f.send_count = 0;
    notice("todo", "other");
    sy_client_run(f.client);
    assert_string_equal(f.sent_table, "todo");
    empty_page();
    empty_page();
    assert_int_equal(f.send_count, 2);
    assert_true(sy_client_idle(f.client));
}

static void a_notice_about_a_table_never_pulled_pulls_all_of_it(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_OFF, true);
    pull_once("q");
    f.send_count = 0;
    notice("list", "other");
    sy_client_run(f.client);
    assert_string_equal(f.sent_table, "list");
    assert_null(strstr(f.asked, "updatedAt"));
    assert_int_equal(f.send_count, 1);
}

static void ones_own_change_and_unknown_tables_are_ignored(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_OFF, true);
    notice("todo", "inst");
    notice("orders", "other");
    sy_client_run(f.client);
    assert_int_equal(f.send_count, 0);
    assert_string_equal(f.trace, "notice notice ");
    (void)teardown(NULL);
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_OFF, false);
    notice("todo", "other");
    sy_client_run(f.client);
    assert_int_equal(f.send_count, 0);
}

static void several_notices_lead_to_one_pull_that_asked_for_nothing_yet(void **state)
{
    (void)state;
    start(&sy_dialect_mobile_apps, SY_AUTO_SYNC_OFF, true);
    pull_once("q");
    f.send_count = 0;
    notice("todo", "other");
    notice("todo", "other");
    notice("todo", "third");
    sy_client_run(f.client);
    assert_int_equal(f.send_count, 1);
    notice("todo", "other"); /* the pull under way may have missed this one */
    notice("todo", "other");
    sy_client_run(f.client);
    empty_page();
    assert_int_equal(f.send_count, 2);
    empty_page();
    assert_int_equal(f.send_count, 2);
    assert_true(sy_client_idle(f.client));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_connection_that_comes_back_pushes_then_pulls_what_was_pulled),
        TEST(each_whole_table_is_pulled_when_nothing_was_pulled_before),
        TEST(nothing_is_done_while_the_connection_stays),
        TEST(a_metered_connection_is_left_alone_when_asked),
        TEST(a_push_that_fails_does_not_stop_the_pulls),
        TEST(a_connection_that_flickers_leads_to_one_synchronisation),
        TEST(a_notice_leads_to_a_pull_of_each_known_query),
        TEST(a_notice_about_a_table_never_pulled_pulls_all_of_it),
        TEST(ones_own_change_and_unknown_tables_are_ignored),
        TEST(several_notices_lead_to_one_pull_that_asked_for_nothing_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

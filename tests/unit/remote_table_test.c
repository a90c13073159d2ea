/* tests core/client/remote_table.c */
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
    fixture_init(&f, &sy_dialect_mobile_apps);
    assert_int_equal(fixture_start(&f, NULL), SY_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_deinit(&f);
    return 0;
}

static sy_ticket ask(sy_method method, const char *id, const sy_row *row)
{
    const sy_call call = {.verb = SY_VERB_REMOTE,
                          .table = f.todo->name,
                          .id = sy_str_of(id),
                          .row = row,
                          .remote_method = method};
    sy_ticket ticket = 0;
    assert_int_equal(sy_client_submit(f.client, &call, &ticket, NULL), SY_OK);
    sy_client_run(f.client);
    return ticket;
}

static const sy_row *server_row(const char *text)
{
    sy_row *row = sy_row_new(&f.arena, f.todo);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    row->cells[SY_COLUMN_VERSION] = sy_cstr("v2");
    row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    return row;
}

static void an_update_carries_the_version_and_nothing_of_the_servers(void **state)
{
    (void)state;
    sy_row *row = sy_row_shallow(&f.arena, server_row("mine"));
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(5);
    const sy_ticket ticket = ask(SY_METHOD_UPDATE, "", row);
    assert_null(fixture_outcome(&f, ticket));
    assert_false(sy_client_idle(f.client));
    assert_string_equal(f.sent, "{\"id\":\"a\",\"text\":\"mine\"}");
    assert_string_equal(f.if_match, "v2");
    assert_string_equal(f.sent_id, "a");
    const sy_response response = {.status = 200, .row = server_row("stored")};
    fixture_answer(&f, SY_OK, &response);
    const fixture_done *done = fixture_outcome(&f, ticket);
    assert_int_equal(done->rc, SY_OK);
    assert_int_equal(done->status, 0);
    assert_non_null(strstr(done->rows, "stored"));
    assert_string_equal(fixture_local(&f, "a"), "null");
    assert_int_equal(sy_client_pending(f.client, SY_STR("")), 0);
    assert_true(sy_client_idle(f.client));
}

static void without_a_connection_it_fails(void **state)
{
    (void)state;
    const sy_ticket ticket = ask(SY_METHOD_READ, "a", NULL);
    fixture_answer(&f, SY_NETWORK, NULL);
    assert_int_equal(fixture_outcome(&f, ticket)->rc, SY_NETWORK);
}

static void statuses_become_results(void **state)
{
    (void)state;
    const struct {
        int status;
        sy_rc rc;
    } cases[] = {{200, SY_OK},        {204, SY_OK},        {401, SY_AUTH},
                 {404, SY_NOT_FOUND}, {410, SY_NOT_FOUND}, {409, SY_CONFLICT},
                 {412, SY_CONFLICT},  {500, SY_HTTP},      {400, SY_HTTP}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const sy_ticket ticket = ask(SY_METHOD_DELETE, "a", NULL);
        const sy_response response = {.status = cases[i].status};
        fixture_answer(&f, SY_OK, &response);
        const fixture_done *done = fixture_outcome(&f, ticket);
        assert_int_equal(done->rc, cases[i].rc);
        assert_int_equal(done->status, cases[i].rc == SY_OK ? 0 : cases[i].status);
    }
}

static void a_conflict_brings_the_servers_row(void **state)
{
    (void)state;
    const sy_ticket ticket = ask(SY_METHOD_UPDATE, "", server_row("mine"));
    const sy_response response = {.status = 412, .row = server_row("theirs")};
    fixture_answer(&f, SY_OK, &response);
    const fixture_done *done = fixture_outcome(&f, ticket);
    assert_int_equal(done->rc, SY_CONFLICT);
    assert_non_null(strstr(done->rows, "theirs"));
}

static void what_is_missing_is_refused_and_nothing_is_sent(void **state)
{
    (void)state;
    assert_int_equal(fixture_outcome(&f, ask(SY_METHOD_READ, "", NULL))->rc, SY_INVALID);
    assert_int_equal(fixture_outcome(&f, ask(SY_METHOD_UPDATE, "a", NULL))->rc, SY_INVALID);
    assert_int_equal(f.send_count, 0);
}

static void late_and_unknown_answers_are_ignored(void **state)
{
    (void)state;
    const sy_ticket ticket = ask(SY_METHOD_READ, "a", NULL);
    const sy_response response = {.status = 200, .row = server_row("x")};
    const sy_answer answer = {.rc = SY_OK, .response = &response};
    sy_client_answer(f.client, f.send_id + 1, &answer);
    sy_client_answer(f.client, 0, &answer);
    sy_client_run(f.client);
    assert_null(fixture_outcome(&f, ticket));
    const uint64_t send_id = f.send_id;
    fixture_answer(&f, SY_OK, &response);
    assert_int_equal(fixture_outcome(&f, ticket)->count, 1);
    sy_client_answer(f.client, send_id, &answer);
    assert_true(sy_client_idle(f.client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_update_carries_the_version_and_nothing_of_the_servers,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_connection_it_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(statuses_become_results, setup, teardown),
        cmocka_unit_test_setup_teardown(a_conflict_brings_the_servers_row, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_refused_and_nothing_is_sent, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(late_and_unknown_answers_are_ignored, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

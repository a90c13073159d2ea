/* Pages: protocol.md 2.3 Query. */
#include "core/server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server_fixture.h"

/* -- query -- */

static void pages_are_cut_and_next_goes_on(void **state)
{
    fixture *f = *state;
    int64_t page = f->dialect->page_size;
    fill(f, (int)page + 7);
    sy_response got = query_all(f);
    assert_int_equal(got.status, 200);
    assert_int_equal(got.rows.count, page);
    assert_int_equal(got.rows.total, -1);
    assert_true(got.next.size > 0);
    got = query_next(f, got.next);
    assert_int_equal(got.rows.count, 7);
    assert_int_equal(got.next.size, 0);
    assert_int_equal(qty_of(got.rows.items[6]), page + 6);
}

static void a_page_that_is_exactly_full_has_no_next(void **state)
{
    fixture *f = *state;
    fill(f, (int)f->dialect->page_size);
    assert_int_equal(query_all(f).next.size, 0);
}

static void top_is_honoured_up_to_the_page(void **state)
{
    fixture *f = *state;
    fill(f, 5);
    f->query.top = 2;
    sy_response got = query_all(f);
    assert_int_equal(got.rows.count, 2);
    f->query.top = 0;
    got = query_all(f);
    assert_int_equal(got.rows.count, 0);
    assert_int_equal(got.next.size, 0);
    f->query.top = 1000;
    got = query_all(f);
    assert_int_equal(got.rows.count, 5);
}

/* So a client that asks for pages of its own size gets no links: it pages by its token. */
static void netfx_has_no_link_when_top_is_within_a_page(void **state)
{
    fixture *f = *state;
    fill(f, 53);
    f->query.top = 2;
    assert_int_equal(query_all(f).next.size, 0);
    f->query.top = 52;
    sy_response got = query_all(f);
    assert_int_equal(got.rows.count, 50);
    assert_text(got.next, "$skip=50&$top=2");
    got = query_next(f, got.next);
    assert_int_equal(got.rows.count, 2);
    assert_int_equal(got.next.size, 0);
}

static void toolkit_links_until_top_is_used_up(void **state)
{
    fixture *f = *state;
    fill(f, 103);
    f->query.top = 2;
    assert_int_equal(query_all(f).next.size, 0);
    f->query.top = 102;
    sy_response got = query_all(f);
    assert_int_equal(got.rows.count, 100);
    assert_text(got.next, "$skip=100&$top=2");
    got = query_next(f, got.next);
    assert_int_equal(got.rows.count, 2);
    assert_int_equal(got.next.size, 0);
    f->query.top = 128001;
    assert_int_equal(query_all(f).status, 400);
}

static void a_page_size_of_the_server_and_of_the_request_cut_too(void **state)
{
    fixture *f = *state;
    fill(f, 5);
    f->page_size_max = 3;
    assert_int_equal(query_all(f).rows.count, 3);
    f->page_size_max = 0;
    f->config.page_size = 2;
    fixture_restart(f);
    assert_int_equal(query_all(f).rows.count, 2);
}

static void a_row_that_moves_between_two_pages_is_missed(void **state)
{
    fixture *f = *state;
    f->config.page_size = 2;
    fixture_restart(f);
    fill(f, 4);
    f->query.order[0].column = SY_COLUMN_UPDATED_AT;
    f->query.order_count = 1;
    sy_response got = query_all(f);
    f->now += SY_SECOND;
    change(f, "r0000", "moved", NULL);
    got = query_next(f, got.next);
    assert_text(sy_row_id(got.rows.items[0]), "r0003"); /* r0002 fell into the gap */
}

static void tombstones_are_hidden_unless_asked_for(void **state)
{
    fixture *f = *state;
    fill(f, 3);
    erase(f, "r0001", NULL);
    assert_int_equal(query_all(f).rows.count, 2);
    f->include_deleted = true;
    assert_int_equal(query_all(f).rows.count, 3);
}

static void the_total_counts_what_the_filter_lets_through(void **state)
{
    fixture *f = *state;
    fill(f, 5);
    erase(f, "r0000", NULL);
    f->query.want_total = true;
    f->query.top = 1;
    f->query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_EQ, sy_expr_column(&f->arena, f->text_column),
                       sy_expr_literal(&f->arena, sy_cstr("even")));
    sy_response got = query_all(f);
    assert_int_equal(got.rows.count, 1);
    assert_int_equal(got.rows.total, 2);
}

static void an_unknown_column_in_a_query_is_400(void **state)
{
    fixture *f = *state;
    sy_column column = {SY_STR("colour"), SY_TYPE_TEXT};
    const sy_schema *schema = NULL;
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, &column, 1, &schema, NULL),
        SY_OK);
    f->query = sy_query_all(schema);
    f->query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_EQ, sy_expr_column(&f->arena, SY_SYSTEM_COUNT),
                       sy_expr_literal(&f->arena, sy_cstr("red")));
    assert_int_equal(query_all(f).status, 400);
}

static void a_continuation_of_another_hand_is_400(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {
        "x",        "$skip=",  "$skip=1&", "$skip=1&$top=",
        "$skip=-1", "$after=", "$after=3", "$skip=99999999999999999999"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(query_next(f, sy_str_of(texts[i])).status, 400);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(pages_are_cut_and_next_goes_on),
        EVERY(a_page_that_is_exactly_full_has_no_next),
        EVERY(top_is_honoured_up_to_the_page),
        NETFX(netfx_has_no_link_when_top_is_within_a_page),
        TOOLKIT(toolkit_links_until_top_is_used_up),
        EVERY(a_page_size_of_the_server_and_of_the_request_cut_too),
        CLASSIC(a_row_that_moves_between_two_pages_is_missed),
        EVERY(tombstones_are_hidden_unless_asked_for),
        EVERY(the_total_counts_what_the_filter_lets_through),
        EVERY(an_unknown_column_in_a_query_is_400),
        EVERY(a_continuation_of_another_hand_is_400),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

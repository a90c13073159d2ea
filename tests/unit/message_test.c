/* Copies of messages. */
#include "core/wire/http.h"
#include "core/wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/unit/support.h"

typedef struct fixture {
    sy_arena schemas;
    const sy_schema *schema;
    sy_arena original; /* wiped to see what a copy still needs of it */
} fixture;

static int set_up(void **state)
{
    static fixture f;
    static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT}};
    sy_arena_init(&f.schemas, sy_alloc_std());
    sy_arena_init(&f.original, sy_alloc_std());
    assert_int_equal(
        sy_schema_new(&f.schemas, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 1, &f.schema, NULL),
        SY_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    sy_arena_deinit(&f->schemas);
    sy_arena_deinit(&f->original);
    return 0;
}

static sy_str text_of(fixture *f, const char *text)
{
    return sy_arena_copy(&f->original, sy_str_of(text));
}

static const sy_row *row_of(fixture *f, const char *id)
{
    sy_row *row = sy_row_new(&f->original, f->schema);
    row->cells[SY_COLUMN_ID] = sy_text(text_of(f, id));
    row->cells[SY_SYSTEM_COUNT] = sy_text(text_of(f, "milk"));
    return row;
}

static sy_request request_of(fixture *f)
{
    sy_query *query = sy_arena_push(&f->original, sizeof *query);
    *query = sy_query_all(f->schema);
    query->filter =
        sy_expr_binary(&f->original, SY_EXPR_EQ, sy_expr_column(&f->original, SY_SYSTEM_COUNT),
                       sy_expr_literal(&f->original, sy_text(text_of(f, "tea"))));
    static const sy_http_request came_as;
    return (sy_request){
        .method = SY_METHOD_REPLACE,
        .key = {.subject = 1, .round = 2, .attempt = 3},
        .table = text_of(f, "todo"),
        .id = text_of(f, "a"),
        .row = row_of(f, "a"),
        .if_match = text_of(f, "MQ=="),
        .query = query,
        .include_deleted = true,
        .page_size_max = 50,
        .continuation = text_of(f, "page 2"),
        .installation_id = text_of(f, "phone"),
        .operation_key = text_of(f, "key"),
        .since_sequence = 7,
        .epoch = text_of(f, "epoch"),
        .edited_at = 8,
        .edit_sequence = 9,
        .http = &came_as,
    };
}

static void assert_str(sy_str actual, const char *expected)
{
    assert_true(sy_str_equal(actual, sy_str_of(expected)));
}

static void assert_row(const sy_row *row, const char *id)
{
    assert_non_null(row);
    assert_str(sy_row_id(row), id);
    assert_str(sy_value_str(&row->cells[SY_SYSTEM_COUNT]), "milk");
}

/* Gives the memory of the originals back: the sanitizer sees whoever still looks at it. */
static void forget(fixture *f)
{
    sy_arena_deinit(&f->original);
}

static void a_request_outlives_what_it_was_copied_from(void **state)
{
    fixture *f = *state;
    sy_request request = request_of(f);
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_request copy;
    uint64_t hash = sy_query_hash(request.query);
    assert_int_equal(sy_request_copy(&request, &arena, &copy), SY_OK);
    forget(f);
    assert_int_equal(copy.method, SY_METHOD_REPLACE);
    assert_int_equal(copy.key.subject, 1);
    assert_int_equal(copy.key.round, 2);
    assert_int_equal(copy.key.attempt, 3);
    assert_str(copy.table, "todo");
    assert_str(copy.id, "a");
    assert_row(copy.row, "a");
    assert_str(copy.if_match, "MQ==");
    assert_int_equal(sy_query_hash(copy.query), hash);
    assert_true(copy.include_deleted);
    assert_int_equal(copy.page_size_max, 50);
    assert_str(copy.continuation, "page 2");
    assert_str(copy.installation_id, "phone");
    assert_str(copy.operation_key, "key");
    assert_int_equal(copy.since_sequence, 7);
    assert_str(copy.epoch, "epoch");
    assert_int_equal(copy.edited_at, 8);
    assert_int_equal(copy.edit_sequence, 9);
    assert_null(copy.http);
    sy_arena_deinit(&arena);
}

static sy_response response_of(fixture *f)
{
    const sy_row **items = sy_arena_push(&f->original, 2 * sizeof *items);
    items[0] = row_of(f, "b");
    items[1] = row_of(f, "c");
    return (sy_response){
        .status = 412,
        .row = row_of(f, "a"),
        .rows = {.items = items, .count = 2, .total = 5},
        .next = text_of(f, "page 3"),
        .reason = text_of(f, "no"),
        .horizon = 6,
        .epoch = text_of(f, "epoch"),
    };
}

static void a_response_outlives_what_it_was_copied_from(void **state)
{
    fixture *f = *state;
    sy_response response = response_of(f);
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_response copy;
    assert_int_equal(sy_response_copy(&response, &arena, &copy), SY_OK);
    forget(f);
    assert_int_equal(copy.status, 412);
    assert_row(copy.row, "a");
    assert_int_equal(copy.rows.count, 2);
    assert_int_equal(copy.rows.total, 5);
    assert_row(copy.rows.items[0], "b");
    assert_row(copy.rows.items[1], "c");
    assert_str(copy.next, "page 3");
    assert_str(copy.reason, "no");
    assert_int_equal(copy.horizon, 6);
    assert_str(copy.epoch, "epoch");
    sy_arena_deinit(&arena);
}

static void empty_messages_stay_empty(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 1);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    sy_request request = {0};
    sy_response response = {0};
    assert_int_equal(sy_request_copy(&request, &arena, &request), SY_OK);
    assert_int_equal(sy_response_copy(&response, &arena, &response), SY_OK);
    assert_null(request.row);
    assert_null(request.query);
    assert_int_equal(response.rows.count, 0);
    assert_false(test_alloc_failed(&alloc));
    sy_arena_deinit(&arena);
}

static void a_copy_without_memory_says_so(void **state)
{
    fixture *f = *state;
    sy_request request = request_of(f);
    sy_response response = response_of(f);
    char large[2000];
    memset(large, 'x', sizeof large);
    request.epoch = (sy_str){large, sizeof large};
    response.epoch = request.epoch;
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sy_arena arena;
        sy_arena_init(&arena, test_alloc_port(&alloc));
        sy_request request_copy = {0};
        sy_response response_copy = {0};
        sy_rc rc = sy_request_copy(&request, &arena, &request_copy);
        if (rc == SY_OK) {
            rc = sy_response_copy(&response, &arena, &response_copy);
        }
        assert_int_equal(rc, test_alloc_failed(&alloc) ? SY_NOMEM : SY_OK);
        assert_int_equal(response_copy.status, rc == SY_OK ? 412 : 0);
        sy_arena_deinit(&arena);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_true(n > 2);
            return;
        }
    }
}

static void methods_have_names(void **state)
{
    (void)state;
    static const char *const names[SY_METHOD_COUNT] = {"query",   "read",   "insert",  "update",
                                                       "replace", "delete", "undelete"};
    for (int method = 0; method < SY_METHOD_COUNT; method++) {
        assert_string_equal(sy_method_name((sy_method)method), names[method]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_outlives_what_it_was_copied_from),
        TEST(a_response_outlives_what_it_was_copied_from),
        TEST(empty_messages_stay_empty),
        TEST(a_copy_without_memory_says_so),
        TEST(methods_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Queries as data and over rows in memory. query_sql_test.c holds the two back ends together. */
#include "core/value/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/support.h"

enum { TEXT = SY_SYSTEM_COUNT, QTY, DONE, DUE };

static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT},
                                    {{"qty", 3}, SY_TYPE_INT},
                                    {{"done", 4}, SY_TYPE_BOOL},
                                    {{"due", 3}, SY_TYPE_DATETIME}};

typedef struct fixture {
    sy_arena arena;
    const sy_schema *schema;
    sy_query query;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    sy_arena_init(&f.arena, sy_alloc_std());
    assert_int_equal(sy_schema_new(&f.arena, SY_STR("todo"), SY_SYSTEM_BIT(SY_COLUMN_ID), columns,
                                   4, &f.schema, NULL),
                     SY_OK);
    f.query = sy_query_all(f.schema);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    sy_arena_deinit(&f->arena);
    return 0;
}

static const sy_row *row_of(fixture *f, const char *id, sy_value text, sy_value qty, sy_value done)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[TEXT] = text;
    row->cells[QTY] = qty;
    row->cells[DONE] = done;
    return row;
}

static const sy_expr *op(fixture *f, sy_expr_kind kind, uint32_t column, sy_value value)
{
    return sy_expr_binary(&f->arena, kind, sy_expr_column(&f->arena, column),
                          sy_expr_literal(&f->arena, value));
}

static bool matches(fixture *f, const sy_expr *filter, const sy_row *row)
{
    assert_non_null(filter);
    f->query.filter = filter;
    assert_int_equal(sy_query_check(&f->query, NULL), SY_OK);
    bool matches = false;
    assert_int_equal(sy_query_matches(&f->query, row, sy_alloc_std(), &matches), SY_OK);
    return matches;
}

static void comparisons_look_at_values(void **state)
{
    fixture *f = *state;
    const sy_row *row = row_of(f, "a", sy_cstr("milk"), sy_int(3), sy_bool(true));
    assert_true(matches(f, op(f, SY_EXPR_EQ, TEXT, sy_cstr("milk")), row));
    assert_false(matches(f, op(f, SY_EXPR_EQ, TEXT, sy_cstr("Milk")), row));
    assert_true(matches(f, op(f, SY_EXPR_NE, QTY, sy_real(3.5)), row));
    assert_true(matches(f, op(f, SY_EXPR_LT, QTY, sy_real(3.5)), row));
    assert_true(matches(f, op(f, SY_EXPR_GE, QTY, sy_real(3.0)), row));
    assert_false(matches(f, op(f, SY_EXPR_GT, QTY, sy_int(3)), row));
    assert_true(matches(f, op(f, SY_EXPR_LE, QTY, sy_int(3)), row));
    assert_true(matches(f, op(f, SY_EXPR_EQ, DONE, sy_bool(true)), row));
    assert_true(matches(f, sy_expr_column(&f->arena, DONE), row));
    assert_false(matches(f, sy_expr_not(&f->arena, sy_expr_column(&f->arena, DONE)), row));
}

static void text_functions_know_case_and_no_wildcards(void **state)
{
    fixture *f = *state;
    const sy_row *row = row_of(f, "a", sy_text((sy_str){"50% m\0lk", 8}), SY_NULL, SY_NULL);
    assert_true(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("% m")), row));
    assert_false(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("%m")), row));
    assert_false(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("M")), row));
    assert_true(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("lk")), row));
    assert_true(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("")), row));
    assert_false(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("50% milk and more")), row));
    assert_true(matches(f, op(f, SY_EXPR_STARTS_WITH, TEXT, sy_cstr("50%")), row));
    assert_false(matches(f, op(f, SY_EXPR_STARTS_WITH, TEXT, sy_cstr("0")), row));
    assert_true(matches(f, op(f, SY_EXPR_ENDS_WITH, TEXT, sy_text((sy_str){"\0lk", 3})), row));
    assert_false(matches(f, op(f, SY_EXPR_ENDS_WITH, TEXT, sy_cstr("m")), row));
    assert_true(matches(f, op(f, SY_EXPR_ENDS_WITH, TEXT, sy_cstr("")), row));
}

static void a_comparison_with_null_is_unknown(void **state)
{
    fixture *f = *state;
    const sy_row *row = row_of(f, "a", SY_NULL, (sy_value){0}, sy_bool(true));
    const sy_expr *unknown = op(f, SY_EXPR_EQ, QTY, sy_int(3));
    const sy_expr *yes = op(f, SY_EXPR_EQ, DONE, sy_bool(true));
    const sy_expr *no = op(f, SY_EXPR_EQ, DONE, sy_bool(false));
    assert_false(matches(f, unknown, row));
    assert_false(matches(f, sy_expr_not(&f->arena, unknown), row));
    assert_false(matches(f, sy_expr_binary(&f->arena, SY_EXPR_AND, unknown, yes), row));
    assert_true(matches(f, sy_expr_binary(&f->arena, SY_EXPR_OR, unknown, yes), row));
    assert_true(matches(
        f, sy_expr_not(&f->arena, sy_expr_binary(&f->arena, SY_EXPR_AND, unknown, no)), row));
    assert_false(matches(
        f, sy_expr_not(&f->arena, sy_expr_binary(&f->arena, SY_EXPR_OR, unknown, no)), row));
    assert_true(matches(f, op(f, SY_EXPR_EQ, TEXT, SY_NULL), row));
    assert_true(matches(f, op(f, SY_EXPR_EQ, QTY, SY_NULL), row));
    assert_false(matches(f, op(f, SY_EXPR_NE, QTY, SY_NULL), row));
    assert_true(matches(f, op(f, SY_EXPR_NE, DONE, SY_NULL), row));
    assert_false(matches(f, op(f, SY_EXPR_GT, DONE, SY_NULL), row));
    const sy_expr *reversed =
        sy_expr_binary(&f->arena, SY_EXPR_EQ, sy_expr_literal(&f->arena, SY_NULL),
                       sy_expr_column(&f->arena, TEXT));
    assert_false(matches(f, reversed, row));
    assert_false(matches(f, op(f, SY_EXPR_CONTAINS, TEXT, sy_cstr("")), row));
}

static void assert_ids(const sy_rows *rows, const char *expected)
{
    char ids[64] = "";
    for (size_t i = 0; i < rows->count; i++) {
        sy_str id = sy_row_id(rows->items[i]);
        size_t used = strlen(ids);
        assert_true(used + id.size < sizeof ids);
        (void)snprintf(ids + used, sizeof ids - used, "%.*s", SY_FMT(id));
    }
    assert_string_equal(ids, expected);
}

static sy_rows five_rows(fixture *f)
{
    const sy_row **items = sy_arena_push(&f->arena, 5 * sizeof *items);
    items[0] = row_of(f, "c", sy_cstr("x"), sy_int(2), SY_NULL);
    items[1] = row_of(f, "a", sy_cstr("x"), sy_int(1), SY_NULL);
    items[2] = row_of(f, "e", SY_NULL, sy_int(1), SY_NULL);
    items[3] = row_of(f, "b", sy_cstr("A"), sy_int(2), SY_NULL);
    items[4] = row_of(f, "d", sy_cstr("x"), (sy_value){0}, SY_NULL);
    return (sy_rows){.items = items, .count = 5, .total = -1};
}

static void rows_are_ordered_with_ties_by_id(void **state)
{
    fixture *f = *state;
    sy_rows rows = five_rows(f);
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "abcde");
    assert_int_equal(rows.total, -1);
    f->query.order[0] = (sy_order){.column = TEXT};
    f->query.order_count = 1;
    rows = five_rows(f);
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "ebacd");
    f->query.order[0].descending = true;
    f->query.order[1] = (sy_order){.column = QTY, .descending = true};
    f->query.order_count = 2;
    rows = five_rows(f);
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "cadbe");
}

static void skip_and_top_cut_after_the_total_is_taken(void **state)
{
    fixture *f = *state;
    f->query.filter = op(f, SY_EXPR_GE, QTY, sy_int(1));
    f->query.want_total = true;
    f->query.skip = 1;
    f->query.top = 2;
    sy_rows rows = five_rows(f);
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "bc");
    assert_int_equal(rows.total, 4);
    f->query.skip = INT64_MAX;
    rows = five_rows(f);
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "");
    f->query.skip = -1;
    f->query.top = 0;
    rows = five_rows(f);
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "");
    assert_int_equal(rows.total, 4);
}

static void select_leaves_the_id_and_what_was_asked_for(void **state)
{
    fixture *f = *state;
    f->query.select = UINT64_C(1) << QTY;
    f->query.top = 1;
    sy_rows rows = five_rows(f);
    const sy_row *original = rows.items[1];
    assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
    assert_ids(&rows, "a");
    assert_int_equal(rows.items[0]->cells[QTY].as.integer, 1);
    assert_int_equal(rows.items[0]->cells[TEXT].type, SY_TYPE_ABSENT);
    assert_int_equal(original->cells[TEXT].type, SY_TYPE_TEXT);
}

static void many_rows_are_sorted_stably(void **state)
{
    fixture *f = *state;
    uint64_t seed = 9;
    for (size_t count = 0; count < 200; count += 1 + count / 10) {
        const sy_row **items = sy_arena_push(&f->arena, (count + 1) * sizeof *items);
        for (size_t i = 0; i < count; i++) {
            sy_str id = sy_arena_printf(&f->arena, "%05u", (unsigned)(test_random(&seed) % 100000));
            items[i] =
                row_of(f, id.data, SY_NULL, sy_int((int64_t)(test_random(&seed) % 5)), SY_NULL);
        }
        f->query.order[0] = (sy_order){.column = QTY, .descending = true};
        f->query.order_count = 1;
        sy_rows rows = {.items = items, .count = count};
        assert_int_equal(sy_query_apply(&f->query, &rows, &f->arena, NULL), SY_OK);
        assert_int_equal(rows.count, count);
        for (size_t i = 1; i < count; i++) {
            const sy_row *a = rows.items[i - 1];
            const sy_row *b = rows.items[i];
            int64_t fall = a->cells[QTY].as.integer - b->cells[QTY].as.integer;
            assert_true(fall > 0 || (fall == 0 && sy_str_compare(sy_row_id(a), sy_row_id(b)) <= 0));
        }
    }
}

static sy_rc check_filter(fixture *f, const sy_expr *filter)
{
    f->query.filter = filter;
    return sy_query_check(&f->query, NULL);
}

static void what_does_not_fit_the_schema_is_refused(void **state)
{
    fixture *f = *state;
    double huge = 1e308 * 10;
    const sy_expr *text = sy_expr_column(&f->arena, TEXT);
    const sy_expr *done = sy_expr_column(&f->arena, DONE);
    assert_int_equal(check_filter(f, NULL), SY_OK);
    assert_int_equal(check_filter(f, done), SY_OK);
    assert_int_equal(check_filter(f, text), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, TEXT, sy_int(1))), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, DONE, sy_int(1))), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, DUE, sy_cstr("2026"))), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, QTY, sy_real(huge))), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, QTY, (sy_value){0})), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_CONTAINS, QTY, sy_cstr("1"))), SY_SCHEMA);
    assert_int_equal(check_filter(f, sy_expr_not(&f->arena, text)), SY_SCHEMA);
    assert_int_equal(check_filter(f, sy_expr_binary(&f->arena, SY_EXPR_AND, done, text)),
                     SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, 99, SY_NULL)), SY_SCHEMA);
    assert_int_equal(check_filter(f, op(f, SY_EXPR_EQ, SY_COLUMN_VERSION, SY_NULL)), SY_SCHEMA);
    f->query = sy_query_all(f->schema);
    f->query.order_count = SY_ORDER_COUNT_MAX + 1;
    assert_int_equal(sy_query_check(&f->query, NULL), SY_SCHEMA);
    f->query.order_count = 1;
    f->query.order[0].column = SY_COLUMN_DELETED;
    assert_int_equal(sy_query_check(&f->query, NULL), SY_SCHEMA);
    f->query = sy_query_all(f->schema);
    f->query.top = -2;
    assert_int_equal(sy_query_check(&f->query, NULL), SY_SCHEMA);
    f->query = sy_query_all(f->schema);
    f->query.select = UINT64_C(1) << 40;
    assert_int_equal(sy_query_check(&f->query, NULL), SY_SCHEMA);
}

static void a_filter_without_end_is_refused(void **state)
{
    fixture *f = *state;
    const sy_expr *deep = sy_expr_column(&f->arena, DONE);
    for (int i = 0; i < 100000; i++) {
        deep = sy_expr_not(&f->arena, deep);
    }
    assert_int_equal(check_filter(f, deep), SY_LIMIT);
    const sy_expr *chain = sy_expr_column(&f->arena, DONE);
    for (int i = 0; i < SY_EXPR_LINK_COUNT_MAX; i++) {
        chain = sy_expr_binary(&f->arena, SY_EXPR_OR, chain, sy_expr_column(&f->arena, DONE));
    }
    assert_int_equal(check_filter(f, chain), SY_OK);
    chain = sy_expr_binary(&f->arena, SY_EXPR_OR, chain, sy_expr_column(&f->arena, DONE));
    assert_int_equal(check_filter(f, chain), SY_LIMIT);
    const sy_expr *shared = sy_expr_column(&f->arena, DONE);
    for (int i = 0; i < 20; i++) {
        shared = sy_expr_binary(&f->arena, SY_EXPR_EQ, shared, shared);
    }
    assert_int_equal(check_filter(f, shared), SY_LIMIT);
}

static void assert_text(const sy_query *query, const char *expected)
{
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_query_to_text(query, &buf);
    sy_buf_add_char(&buf, '\0');
    assert_string_equal(buf.data, expected);
    sy_buf_deinit(&buf);
}

static void queries_are_written_for_people(void **state)
{
    fixture *f = *state;
    sy_arena *arena = &f->arena;
    assert_text(&f->query, "");
    const sy_expr *open = op(f, SY_EXPR_EQ, DONE, sy_bool(false));
    const sy_expr *many = op(f, SY_EXPR_GT, QTY, sy_int(3));
    const sy_expr *milk = op(f, SY_EXPR_STARTS_WITH, TEXT, sy_cstr("o'm"));
    f->query.filter = sy_expr_binary(arena, SY_EXPR_AND, open, many);
    f->query.order[0] = (sy_order){.column = TEXT};
    f->query.order_count = 1;
    assert_text(&f->query, "done eq false and qty gt 3 order by text");
    f->query.order[1] = (sy_order){.column = QTY, .descending = true};
    f->query.order_count = 2;
    f->query.skip = 0;
    f->query.top = 5;
    f->query.select = UINT64_C(1) << TEXT | UINT64_C(1) << QTY;
    f->query.filter =
        sy_expr_binary(arena, SY_EXPR_AND, open, sy_expr_binary(arena, SY_EXPR_OR, many, milk));
    assert_text(&f->query, "done eq false and (qty gt 3 or startswith(text,'o''m')) order by text, "
                           "qty desc skip 0 top 5 select text, qty");
    f->query = sy_query_all(f->schema);
    f->query.filter = sy_expr_not(arena, op(f, SY_EXPR_GE, DUE, sy_datetime(SY_WORLD_EPOCH)));
    assert_text(&f->query, "not (due ge 2026-01-01T00:00:00.000Z)");
    f->query.filter = op(f, SY_EXPR_NE, QTY, SY_NULL);
    f->query.top = 1;
    assert_text(&f->query, "qty ne null top 1");
    f->query.filter = NULL;
    assert_text(&f->query, "top 1");
}

static void a_copy_is_deep_and_has_the_same_hash(void **state)
{
    fixture *f = *state;
    char text[] = "milk";
    f->query.filter = op(f, SY_EXPR_EQ, TEXT, sy_cstr(text));
    f->query.top = 3;
    uint64_t hash = sy_query_hash(&f->query);
    sy_query copy;
    assert_int_equal(sy_query_copy(&f->query, &f->arena, &copy), SY_OK);
    text[0] = 's';
    assert_int_equal(sy_query_hash(&copy), hash);
    assert_int_not_equal(sy_query_hash(&f->query), hash);
    copy.top = 4;
    assert_int_not_equal(sy_query_hash(&copy), hash);
    copy.top = 3;
    copy.filter = op(f, SY_EXPR_NE, TEXT, sy_cstr("milk"));
    assert_int_not_equal(sy_query_hash(&copy), hash);
}

static void a_copy_without_memory_says_so(void **state)
{
    fixture *f = *state;
    f->query.filter = op(f, SY_EXPR_EQ, TEXT, sy_cstr("milk"));
    test_alloc alloc;
    test_alloc_init(&alloc, 1);
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&alloc));
    sy_query copy = {0};
    assert_int_equal(sy_query_copy(&f->query, &arena, &copy), SY_NOMEM);
    assert_null(copy.filter);
    sy_arena_deinit(&arena);
    test_alloc_init(&alloc, 1);
    sy_arena_init(&arena, test_alloc_port(&alloc));
    assert_null(sy_expr_binary(&arena, SY_EXPR_AND, sy_expr_column(&arena, DONE),
                               sy_expr_not(&arena, sy_expr_column(&arena, DONE))));
    sy_rows rows = five_rows(f);
    f->query = sy_query_all(f->schema);
    sy_arena_deinit(&arena);
    test_alloc_init(&alloc, 1);
    sy_arena_init(&arena, test_alloc_port(&alloc));
    assert_int_equal(sy_query_apply(&f->query, &rows, &arena, NULL), SY_NOMEM);
    sy_arena_deinit(&arena);
}

static void a_query_moves_to_another_schema_by_name(void **state)
{
    fixture *f = *state;
    const sy_schema *other = NULL;
    const sy_column swapped[] = {columns[1], columns[0]};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, swapped, 2, &other, NULL),
        SY_OK);
    f->query.filter = op(f, SY_EXPR_GT, QTY, sy_int(3));
    f->query.order[0] = (sy_order){.column = TEXT, .descending = true};
    f->query.order_count = 1;
    f->query.select = UINT64_C(1) << TEXT;
    sy_query mapped;
    assert_int_equal(sy_query_map(&f->query, other, &f->arena, &mapped, NULL), SY_OK);
    assert_text(&mapped, "qty gt 3 order by text desc select id, text");
    assert_int_equal(sy_query_check(&mapped, NULL), SY_OK);
    f->query.filter = op(f, SY_EXPR_EQ, DONE, sy_bool(true));
    sy_err err = {0};
    assert_int_equal(sy_query_map(&f->query, other, &f->arena, &mapped, &err), SY_SCHEMA);
    assert_string_equal(err.text, "table todo has no column 'done'");
}

static void and_with_nothing_is_the_other(void **state)
{
    fixture *f = *state;
    const sy_expr *a = sy_expr_column(&f->arena, DONE);
    const sy_expr *out = NULL;
    assert_int_equal(sy_expr_and(&f->arena, NULL, a, &out), SY_OK);
    assert_ptr_equal(out, a);
    assert_int_equal(sy_expr_and(&f->arena, a, NULL, &out), SY_OK);
    assert_ptr_equal(out, a);
    assert_int_equal(sy_expr_and(&f->arena, NULL, NULL, &out), SY_OK);
    assert_null(out);
    assert_int_equal(sy_expr_and(&f->arena, a, a, &out), SY_OK);
    assert_int_equal(out->kind, SY_EXPR_AND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(comparisons_look_at_values),
        TEST(text_functions_know_case_and_no_wildcards),
        TEST(a_comparison_with_null_is_unknown),
        TEST(rows_are_ordered_with_ties_by_id),
        TEST(skip_and_top_cut_after_the_total_is_taken),
        TEST(select_leaves_the_id_and_what_was_asked_for),
        TEST(many_rows_are_sorted_stably),
        TEST(what_does_not_fit_the_schema_is_refused),
        TEST(a_filter_without_end_is_refused),
        TEST(queries_are_written_for_people),
        TEST(a_copy_is_deep_and_has_the_same_hash),
        TEST(a_copy_without_memory_says_so),
        TEST(a_query_moves_to_another_schema_by_name),
        TEST(and_with_nothing_is_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

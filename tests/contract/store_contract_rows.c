/* The store contract: rows and queries. */
#include "tests/contract/store_contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* -- rows -- */

static void a_row_that_was_written_is_read_back(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 2);
    const sy_row *found = contract_get(f, "a");
    contract_assert_text(found, "milk");
    assert_ptr_equal(found->schema, f->schema);
    assert_int_equal(found->cells[QUANTITY].as.integer, 2);
}

static void a_row_that_is_not_there_is_no_error(void **state)
{
    contract_fixture *f = *state;
    assert_null(contract_get(f, "a"));
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
}

static void a_removed_row_is_gone(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 2);
    contract_put(f, "b", "eggs", 3);
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
    assert_null(contract_get(f, "a"));
    contract_assert_text(contract_get(f, "b"), "eggs");
}

static void an_absent_cell_of_a_write_stays_as_it_was(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 2);
    sy_row *change = contract_row(f, "a");
    change->cells[QUANTITY] = sy_int(7);
    contract_must(f, sy_store_write(f->store, change, &f->err));
    contract_assert_text(contract_get(f, "a"), "milk");
    assert_int_equal(contract_get(f, "a")->cells[QUANTITY].as.integer, 7);
    contract_must(f, sy_store_write(f->store, contract_row(f, "a"), &f->err));
    contract_assert_text(contract_get(f, "a"), "milk");
}

static void a_null_cell_of_a_write_overwrites(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 2);
    sy_row *change = contract_row(f, "a");
    change->cells[TEXT] = SY_NULL;
    contract_must(f, sy_store_write(f->store, change, &f->err));
    assert_int_equal(contract_get(f, "a")->cells[TEXT].type, SY_TYPE_NULL);
    assert_int_equal(contract_get(f, "a")->cells[QUANTITY].as.integer, 2);
}

static void a_cell_never_written_is_null_and_one_that_the_table_lacks_is_absent(void **state)
{
    contract_fixture *f = *state;
    contract_must(f, sy_store_write(f->store, contract_row(f, "a"), &f->err));
    const sy_row *found = contract_get(f, "a");
    assert_int_equal(found->cells[TEXT].type, SY_TYPE_NULL);
    assert_int_equal(found->cells[SY_COLUMN_VERSION].type, SY_TYPE_NULL);
    assert_int_equal(found->cells[SY_COLUMN_SEQUENCE].type, SY_TYPE_ABSENT);
}

static void a_row_outlives_what_is_written_later(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 2);
    const sy_row *before = contract_get(f, "a");
    contract_put(f, "a", "a much longer text than milk was, so that it needs another place", 3);
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
    contract_assert_text(before, "milk");
}

static void assert_survives(contract_fixture *f, uint32_t column, sy_value value)
{
    sy_row *made = contract_row(f, "extreme");
    made->cells[column] = value;
    contract_must(f, sy_store_write(f->store, made, &f->err));
    const sy_row *found = contract_get(f, "extreme");
    assert_non_null(found);
    assert_int_equal(found->cells[column].type, value.type);
    assert_true(sy_value_equal(&found->cells[column], &value));
    if (value.type == SY_TYPE_REAL) {
        assert_memory_equal(&found->cells[column].as.real, &value.as.real, sizeof(double));
    }
}

static void extreme_values_come_back_as_they_were(void **state)
{
    contract_fixture *f = *state;
    assert_survives(f, QUANTITY, sy_int(INT64_MIN));
    assert_survives(f, QUANTITY, sy_int(INT64_MAX));
    assert_survives(f, QUANTITY, sy_int(0));
    assert_survives(f, DUE, sy_datetime(INT64_MIN));
    assert_survives(f, DUE, sy_datetime(SY_WORLD_EPOCH + 1));
    assert_survives(f, DONE, sy_bool(true));
    assert_survives(f, DONE, sy_bool(false));
    assert_survives(f, WEIGHT, sy_real(-0.0));
    assert_survives(f, WEIGHT, sy_real(0.0));
    assert_survives(f, WEIGHT, sy_real(5.0));
    assert_survives(f, WEIGHT, sy_real(0.1));
    assert_survives(f, WEIGHT, sy_real(4.9406564584124654e-324));
    assert_survives(f, WEIGHT, sy_real(-1.7976931348623157e308));
    assert_survives(f, WEIGHT, sy_int(INT64_MAX));
    assert_survives(f, TEXT, sy_cstr(""));
    assert_survives(f, TEXT, sy_cstr("12"));
    assert_survives(f, TEXT,
                    sy_cstr("\xc3\xa4\xe2\x82\xac\xf0\x9f\xa5\x9b 'quoted' \"twice\" %_\\"));
    assert_survives(f, TEXT, sy_text(SY_STR("zero\0inside")));
    assert_survives(f, PHOTO, sy_blob(SY_STR("\0\0\1\xff\xfe\0")));
    assert_survives(f, PHOTO, sy_blob((sy_str){NULL, 0}));
}

static void large_texts_and_bytes_come_back_as_they_were(void **state)
{
    contract_fixture *f = *state;
    size_t size = 300000;
    char *large = sy_arena_push(&f->arena, size);
    assert_non_null(large);
    for (size_t i = 0; i < size; i++) {
        large[i] = (char)('a' + i % 23);
    }
    assert_survives(f, TEXT, sy_text((sy_str){large, size}));
    assert_survives(f, PHOTO, sy_blob((sy_str){large, size / 2}));
    sy_value text = sy_text((sy_str){large, size});
    assert_true(sy_value_equal(&contract_get(f, "extreme")->cells[TEXT], &text));
}

static void ids_may_be_any_text(void **state)
{
    contract_fixture *f = *state;
    static const char *const IDS[] = {"",   "'",   "\"", "a'b\"c;--", "%", "\xe2\x82\xac",
                                      "12", "12.0"};
    size_t count = sizeof IDS / sizeof *IDS;
    for (size_t i = 0; i < count; i++) {
        contract_put(f, IDS[i], IDS[i], (int64_t)i);
    }
    for (size_t i = 0; i < count; i++) {
        contract_assert_text(contract_get(f, IDS[i]), IDS[i]);
        assert_int_equal(contract_get(f, IDS[i])->cells[QUANTITY].as.integer, (int64_t)i);
        contract_must(f, sy_store_remove(f->store, f->schema, sy_str_of(IDS[i]), &f->err));
        assert_null(contract_get(f, IDS[i]));
    }
}

static void rows_without_an_id_or_of_the_wrong_type_are_refused(void **state)
{
    contract_fixture *f = *state;
    sy_row *made = sy_row_new(&f->arena, f->schema);
    assert_int_equal(sy_store_write(f->store, made, &f->err), SY_SCHEMA);
    made->cells[SY_COLUMN_ID] = sy_cstr("a");
    made->cells[QUANTITY] = sy_cstr("two");
    assert_int_equal(sy_store_write(f->store, made, &f->err), SY_SCHEMA);
    assert_non_null(strstr(f->err.text, "quantity"));
    made->cells[QUANTITY] = SY_NULL;
    made->cells[SY_COLUMN_SEQUENCE] = sy_int(1);
    assert_int_equal(sy_store_write(f->store, made, &f->err), SY_SCHEMA);
    made->cells[SY_COLUMN_SEQUENCE] = SY_NULL;
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    double nan = 0;
    memcpy(&nan, &bits, sizeof nan);
    made->cells[WEIGHT] = sy_real(nan);
    assert_int_equal(sy_store_write(f->store, made, &f->err), SY_SCHEMA);
    assert_null(contract_get(f, "a"));
}

static void many_rows_come_and_go_without_growth(void **state)
{
    contract_fixture *f = *state;
    size_t live = 0;
    for (int64_t i = 0; i < 3000; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "%08d", (int)i);
        contract_put(f, id, "operation", i);
        if (i >= 5) {
            (void)snprintf(id, sizeof id, "%08d", (int)i - 5);
            contract_must(f, sy_store_remove(f->store, f->schema, sy_str_of(id), &f->err));
        }
        if (i == 1000) {
            live = test_alloc_live(&f->alloc);
        }
    }
    assert_true(test_alloc_live(&f->alloc) <= live + 4096);
    sy_query all = sy_query_all(f->schema);
    assert_string_equal(contract_ids(f, &all, NULL),
                        "00002995 00002996 00002997 00002998 00002999");
}

/* -- queries -- */

static void put_groceries(contract_fixture *f)
{
    contract_put(f, "d", "milk", 2);
    contract_put(f, "b", "eggs", 12);
    contract_put(f, "a", "milk", 1);
    contract_put(f, "e", "bread", 2);
    contract_put(f, "c", "butter", 5);
}

static void without_an_order_a_query_answers_by_id(void **state)
{
    contract_fixture *f = *state;
    sy_query query = sy_query_all(f->schema);
    int64_t total = 0;
    assert_string_equal(contract_ids(f, &query, &total), "");
    put_groceries(f);
    assert_string_equal(contract_ids(f, &query, &total), "a b c d e");
    assert_int_equal(total, -1);
}

static void a_query_orders_with_ties_by_id(void **state)
{
    contract_fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    query.order[0] = (sy_order){.column = QUANTITY, .descending = true};
    query.order_count = 1;
    assert_string_equal(contract_ids(f, &query, NULL), "b c d e a");
    query.order[0] = (sy_order){.column = TEXT};
    assert_string_equal(contract_ids(f, &query, NULL), "e c b a d");
}

static void a_query_filters_skips_cuts_and_counts(void **state)
{
    contract_fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    query.filter = sy_expr_binary(&f->arena, SY_EXPR_GE, sy_expr_column(&f->arena, QUANTITY),
                                  sy_expr_literal(&f->arena, sy_int(2)));
    assert_string_equal(contract_ids(f, &query, NULL), "b c d e");
    query.skip = 1;
    query.top = 2;
    query.want_total = true;
    int64_t total = 0;
    assert_string_equal(contract_ids(f, &query, &total), "c d");
    assert_int_equal(total, 4);
    query.skip = -1;
    query.top = 0;
    assert_string_equal(contract_ids(f, &query, &total), "");
    assert_int_equal(total, 4);
    query.top = -1;
    query.skip = 3;
    assert_string_equal(contract_ids(f, &query, NULL), "e");
    query.skip = 30;
    assert_string_equal(contract_ids(f, &query, NULL), "");
}

static void nulls_match_only_the_question_for_null(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    contract_must(f, sy_store_write(f->store, contract_row(f, "b"), &f->err));
    sy_query query = sy_query_all(f->schema);
    const sy_expr *text = sy_expr_column(&f->arena, TEXT);
    query.filter = sy_expr_binary(&f->arena, SY_EXPR_EQ, text, sy_expr_literal(&f->arena, SY_NULL));
    assert_string_equal(contract_ids(f, &query, NULL), "b");
    query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_NE, text, sy_expr_literal(&f->arena, sy_cstr("eggs")));
    assert_string_equal(contract_ids(f, &query, NULL), "a");
    query.filter = sy_expr_not(&f->arena, query.filter);
    assert_string_equal(contract_ids(f, &query, NULL), "");
    query.filter = NULL;
    query.order[0] = (sy_order){.column = TEXT};
    query.order_count = 1;
    assert_string_equal(contract_ids(f, &query, NULL), "b a");
}

static void a_selection_leaves_the_other_cells_absent(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    sy_query query = sy_query_all(f->schema);
    query.select = UINT64_C(1) << TEXT;
    sy_rows rows;
    contract_must(f, sy_store_query(f->store, &query, &f->arena, &rows, &f->err));
    assert_int_equal(rows.count, 1);
    contract_assert_text(rows.items[0], "milk");
    assert_string_equal(sy_arena_copy(&f->arena, sy_row_id(rows.items[0])).data, "a");
    assert_int_equal(rows.items[0]->cells[QUANTITY].type, SY_TYPE_ABSENT);
    assert_int_equal(rows.items[0]->cells[SY_COLUMN_VERSION].type, SY_TYPE_ABSENT);
}

static void rows_of_a_query_outlive_what_is_written_later(void **state)
{
    contract_fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    sy_rows rows;
    contract_must(f, sy_store_query(f->store, &query, &f->arena, &rows, &f->err));
    contract_put(f, "a", "something else altogether", 1);
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("b"), &f->err));
    contract_assert_text(rows.items[0], "milk");
    contract_assert_text(rows.items[1], "eggs");
}

static void a_query_inside_a_transaction_sees_its_writes(void **state)
{
    contract_fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    contract_step(f, SY_BEGIN);
    contract_put(f, "aa", "salt", 1);
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("b"), &f->err));
    assert_string_equal(contract_ids(f, &query, NULL), "a aa c d e");
    contract_step(f, SY_ROLLBACK);
    assert_string_equal(contract_ids(f, &query, NULL), "a b c d e");
}

/* -- rows since a moment -- */

/* `second` < 0: it has no moment. */
static void put_moment(contract_fixture *f, const char *id, int64_t second)
{
    sy_row *row = contract_row(f, id);
    row->cells[SY_COLUMN_UPDATED_AT] = second < 0 ? SY_NULL : sy_datetime(second * SY_SECOND);
    contract_must(f, sy_store_write(f->store, row, &f->err));
}

static sy_query since(contract_fixture *f, int64_t second)
{
    sy_query query = sy_query_all(f->schema);
    query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_GE, sy_expr_column(&f->arena, SY_COLUMN_UPDATED_AT),
                       sy_expr_literal(&f->arena, sy_datetime(second * SY_SECOND)));
    query.order[0] = (sy_order){.column = SY_COLUMN_UPDATED_AT};
    query.order_count = 1;
    return query;
}

static void rows_since_a_moment_come_in_its_order(void **state)
{
    contract_fixture *f = *state;
    const sy_query query = since(f, 2);
    assert_string_equal(contract_ids(f, &query, NULL), "");
    put_moment(f, "d", 2);
    put_moment(f, "c", 3);
    put_moment(f, "b", 2);
    put_moment(f, "a", 1);
    put_moment(f, "e", -1);
    assert_string_equal(contract_ids(f, &query, NULL), "b d c");
    put_moment(f, "a", 4);
    put_moment(f, "c", 1);
    put_moment(f, "d", -1);
    put_moment(f, "e", 3);
    assert_string_equal(contract_ids(f, &query, NULL), "b e a");
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("e"), &f->err));
    assert_string_equal(contract_ids(f, &query, NULL), "b a");
    sy_query all = query;
    all.filter = NULL;
    assert_string_equal(contract_ids(f, &all, NULL), "d c b a");
    all.order[0].descending = true;
    assert_string_equal(contract_ids(f, &all, NULL), "a b c d");
    all = query;
    all.order_count = 0;
    assert_string_equal(contract_ids(f, &all, NULL), "a b");
}

static void pages_since_a_moment_do_not_tear_its_ties(void **state)
{
    contract_fixture *f = *state;
    static const char *const ids[] = {"e", "b", "d", "a", "c", "f"};
    for (int64_t i = 0; i < 6; i++) {
        sy_row *row = contract_row(f, ids[i]);
        row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime((i == 5 ? 3 : 2) * SY_SECOND);
        row->cells[SY_COLUMN_CREATED_AT] = sy_datetime(i * SY_SECOND);
        contract_must(f, sy_store_write(f->store, row, &f->err));
    }
    sy_query query = since(f, 2);
    query.top = 2;
    assert_string_equal(contract_ids(f, &query, NULL), "a b");
    query.skip = 4;
    assert_string_equal(contract_ids(f, &query, NULL), "e f");
    query.order[query.order_count++] = (sy_order){.column = SY_COLUMN_CREATED_AT};
    assert_string_equal(contract_ids(f, &query, NULL), "c f");
    query.skip = 1;
    query.want_total = true;
    int64_t total = 0;
    assert_string_equal(contract_ids(f, &query, &total), "b d");
    assert_int_equal(total, 6);
}

static void rows_since_a_moment_are_right_after_a_rollback(void **state)
{
    contract_fixture *f = *state;
    char id[16];
    for (int i = 0; i < 40; i++) {
        (void)snprintf(id, sizeof id, "%02d", i);
        put_moment(f, id, i / 4);
    }
    const sy_query query = since(f, 9);
    contract_step(f, SY_BEGIN);
    for (int i = 0; i < 38; i++) {
        (void)snprintf(id, sizeof id, "%02d", i);
        contract_must(f, sy_store_remove(f->store, f->schema, sy_str_of(id), &f->err));
    }
    assert_string_equal(contract_ids(f, &query, NULL), "38 39");
    put_moment(f, "39", 1);
    put_moment(f, "40", 9);
    assert_string_equal(contract_ids(f, &query, NULL), "38 40");
    contract_step(f, SY_ROLLBACK);
    assert_string_equal(contract_ids(f, &query, NULL), "36 37 38 39");
    const sy_query early = since(f, 0);
    sy_rows rows;
    contract_must(f, sy_store_query(f->store, &early, &f->arena, &rows, &f->err));
    assert_int_equal(rows.count, 40);
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }

const contract_test contract_rows[] = {
    TEST(a_row_that_was_written_is_read_back),
    TEST(a_row_that_is_not_there_is_no_error),
    TEST(a_removed_row_is_gone),
    TEST(an_absent_cell_of_a_write_stays_as_it_was),
    TEST(a_null_cell_of_a_write_overwrites),
    TEST(a_cell_never_written_is_null_and_one_that_the_table_lacks_is_absent),
    TEST(a_row_outlives_what_is_written_later),
    TEST(extreme_values_come_back_as_they_were),
    TEST(large_texts_and_bytes_come_back_as_they_were),
    TEST(ids_may_be_any_text),
    TEST(rows_without_an_id_or_of_the_wrong_type_are_refused),
    TEST(many_rows_come_and_go_without_growth),
    TEST(without_an_order_a_query_answers_by_id),
    TEST(a_query_orders_with_ties_by_id),
    TEST(a_query_filters_skips_cuts_and_counts),
    TEST(nulls_match_only_the_question_for_null),
    TEST(a_selection_leaves_the_other_cells_absent),
    TEST(rows_of_a_query_outlive_what_is_written_later),
    TEST(a_query_inside_a_transaction_sees_its_writes),
    TEST(rows_since_a_moment_come_in_its_order),
    TEST(pages_since_a_moment_do_not_tear_its_ties),
    TEST(rows_since_a_moment_are_right_after_a_rollback),
    {NULL, NULL},
};

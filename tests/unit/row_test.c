/* Schemas and rows. */
#include "core/value/row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/support.h"

typedef struct fixture {
    sy_arena arena;
    const sy_schema *phone;  /* text, qty, done */
    const sy_schema *server; /* qty, price, text */
} fixture;

static const sy_column phone_columns[] = {
    {{"text", 4}, SY_TYPE_TEXT}, {{"qty", 3}, SY_TYPE_INT}, {{"done", 4}, SY_TYPE_BOOL}};
static const sy_column server_columns[] = {
    {{"qty", 3}, SY_TYPE_REAL}, {{"price", 5}, SY_TYPE_REAL}, {{"text", 4}, SY_TYPE_TEXT}};

static int set_up(void **state)
{
    static fixture f;
    sy_arena_init(&f.arena, sy_alloc_std());
    assert_int_equal(sy_schema_new(&f.arena, SY_STR("todo"), SY_SYSTEM_BIT(SY_COLUMN_ID),
                                   phone_columns, 3, &f.phone, NULL),
                     SY_OK);
    assert_int_equal(sy_schema_new(&f.arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, server_columns, 3,
                                   &f.server, NULL),
                     SY_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    sy_arena_deinit(&f->arena);
    return 0;
}

static sy_row *phone_row(fixture *f, const char *id, const char *text, int64_t qty)
{
    sy_row *row = sy_row_new(&f->arena, f->phone);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    row->cells[SY_SYSTEM_COUNT + 1] = sy_int(qty);
    return row;
}

static void columns_are_found_by_name_if_the_table_has_them(void **state)
{
    fixture *f = *state;
    assert_int_equal(sy_schema_find(f->phone, SY_STR("id")), SY_COLUMN_ID);
    assert_int_equal(sy_schema_find(f->phone, SY_STR("version")), -1);
    assert_int_equal(sy_schema_find(f->server, SY_STR("version")), SY_COLUMN_VERSION);
    assert_int_equal(sy_schema_find(f->phone, SY_STR("qty")), SY_SYSTEM_COUNT + 1);
    assert_int_equal(sy_schema_find(f->phone, SY_STR("QTY")), -1);
    assert_int_equal(sy_schema_find(f->phone, SY_STR("price")), -1);
    assert_false(sy_schema_has(f->phone, SY_COLUMN_DELETED));
    assert_true(sy_schema_has(f->server, SY_COLUMN_DELETED));
}

static sy_rc new_with(const char *table, const char *first, const char *second, sy_type type)
{
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_column columns[] = {{sy_str_of(first), SY_TYPE_INT}, {sy_str_of(second), type}};
    const sy_schema *schema = NULL;
    sy_err err = {0};
    sy_rc rc = sy_schema_new(&arena, sy_str_of(table), 0, columns, 2, &schema, &err);
    assert_int_equal(err.rc, rc);
    sy_arena_deinit(&arena);
    return rc;
}

static void bad_names_and_types_are_refused(void **state)
{
    (void)state;
    char name[SY_NAME_SIZE_MAX + 2];
    memset(name, 'x', sizeof name);
    name[SY_NAME_SIZE_MAX + 1] = '\0';
    assert_int_equal(new_with("__errors", "a", "b_2", SY_TYPE_BLOB), SY_OK);
    assert_int_equal(new_with("", "a", "b", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("a-b", "a", "b", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t\"", "a", "b", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "2b", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "b c", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "a", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "A", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "Version", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "__sequence", SY_TYPE_INT), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "b", SY_TYPE_NULL), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", "b", SY_TYPE_ROW), SY_SCHEMA);
    assert_int_equal(new_with("t", "a", name, SY_TYPE_INT), SY_SCHEMA);
    name[SY_NAME_SIZE_MAX] = '\0';
    assert_int_equal(new_with("t", "a", name, SY_TYPE_INT), SY_OK);
}

static void a_table_has_at_most_63_columns(void **state)
{
    (void)state;
    static char names[SY_COLUMN_COUNT_MAX][8];
    sy_column columns[SY_COLUMN_COUNT_MAX];
    for (int i = 0; i < SY_COLUMN_COUNT_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "c%d", i);
        columns[i] = (sy_column){sy_str_of(names[i]), SY_TYPE_TEXT};
    }
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    const sy_schema *schema = NULL;
    uint32_t most = SY_COLUMN_COUNT_MAX - SY_SYSTEM_COUNT;
    assert_int_equal(sy_schema_new(&arena, SY_STR("t"), 0, columns, most, &schema, NULL), SY_OK);
    assert_int_equal(schema->column_count, SY_COLUMN_COUNT_MAX);
    assert_int_equal(sy_schema_new(&arena, SY_STR("t"), 0, columns, most + 1, &schema, NULL),
                     SY_SCHEMA);
    sy_arena_deinit(&arena);
}

static void a_row_is_seen_through_another_schema(void **state)
{
    fixture *f = *state;
    const sy_row *row = phone_row(f, "a", "milk", 3);
    const sy_row *mapped = NULL;
    assert_int_equal(sy_row_map(&f->arena, row, f->phone, true, &mapped, NULL), SY_OK);
    assert_ptr_equal(mapped, row);
    assert_int_equal(sy_row_map(&f->arena, row, f->server, true, &mapped, NULL), SY_OK);
    assert_true(sy_str_equal(sy_row_id(mapped), SY_STR("a")));
    assert_int_equal(mapped->cells[SY_SYSTEM_COUNT].type, SY_TYPE_REAL);
    assert_true(mapped->cells[SY_SYSTEM_COUNT].as.real == 3.0);
    assert_int_equal(mapped->cells[SY_SYSTEM_COUNT + 1].type, SY_TYPE_ABSENT);
    assert_true(sy_str_equal(sy_value_str(sy_row_find(mapped, SY_STR("text"))), SY_STR("milk")));
}

static void a_column_that_is_lacking_is_dropped_or_refused(void **state)
{
    fixture *f = *state;
    sy_row *row = phone_row(f, "a", "milk", 3);
    row->cells[SY_SYSTEM_COUNT + 2] = sy_bool(true);
    const sy_row *mapped = NULL;
    sy_err err = {0};
    assert_int_equal(sy_row_map(&f->arena, row, f->server, false, &mapped, NULL), SY_OK);
    assert_int_equal(sy_row_map(&f->arena, row, f->server, true, &mapped, &err), SY_SCHEMA);
    assert_string_equal(err.text, "table todo has no column 'done'");
    sy_row *versioned = sy_row_new(&f->arena, f->server);
    versioned->cells[SY_COLUMN_VERSION] = sy_cstr("MQ==");
    assert_int_equal(sy_row_map(&f->arena, versioned, f->phone, true, &mapped, NULL), SY_SCHEMA);
    assert_int_equal(sy_row_map(&f->arena, versioned, f->phone, false, &mapped, NULL), SY_OK);
    assert_int_equal(sy_row_version(mapped).size, 0);
}

static void a_number_changes_its_type_only_without_loss(void **state)
{
    fixture *f = *state;
    const sy_row *mapped = NULL;
    sy_row *row = sy_row_new(&f->arena, f->server);
    row->cells[SY_SYSTEM_COUNT] = sy_real(2.5);
    assert_int_equal(sy_row_map(&f->arena, row, f->phone, false, &mapped, NULL), SY_SCHEMA);
    row->cells[SY_SYSTEM_COUNT] = sy_real(9223372036854775808.0);
    assert_int_equal(sy_row_map(&f->arena, row, f->phone, false, &mapped, NULL), SY_SCHEMA);
    row->cells[SY_SYSTEM_COUNT] = sy_real(-9223372036854775808.0);
    assert_int_equal(sy_row_map(&f->arena, row, f->phone, false, &mapped, NULL), SY_OK);
    assert_int_equal(sy_row_find(mapped, SY_STR("qty"))->as.integer, INT64_MIN);
    row = phone_row(f, "a", "milk", (INT64_C(1) << 53) + 1);
    assert_int_equal(sy_row_map(&f->arena, row, f->server, false, &mapped, NULL), SY_SCHEMA);
    row->cells[SY_SYSTEM_COUNT + 1] = sy_cstr("three");
    assert_int_equal(sy_row_map(&f->arena, row, f->server, false, &mapped, NULL), SY_SCHEMA);
    row->cells[SY_SYSTEM_COUNT + 1] = SY_NULL;
    assert_int_equal(sy_row_map(&f->arena, row, f->server, false, &mapped, NULL), SY_OK);
}

static void an_overlay_changes_what_is_there_only(void **state)
{
    fixture *f = *state;
    const sy_row *base = phone_row(f, "a", "milk", 3);
    sy_row *change = sy_row_new(&f->arena, f->phone);
    change->cells[SY_SYSTEM_COUNT] = SY_NULL;
    const sy_row *result = sy_row_overlay(&f->arena, base, change);
    assert_int_equal(result->cells[SY_SYSTEM_COUNT].type, SY_TYPE_NULL);
    assert_int_equal(result->cells[SY_SYSTEM_COUNT + 1].as.integer, 3);
    assert_true(sy_str_equal(sy_row_id(result), SY_STR("a")));
    assert_int_equal(base->cells[SY_SYSTEM_COUNT].type, SY_TYPE_TEXT);
    sy_row *answer = sy_row_new(&f->arena, f->server);
    answer->cells[SY_COLUMN_VERSION] = sy_cstr("MQ==");
    answer->cells[SY_SYSTEM_COUNT + 2] = sy_cstr("tea");
    result = sy_row_overlay(&f->arena, base, answer);
    assert_int_equal(sy_row_version(result).size, 0); /* a table without versions */
    assert_true(sy_str_equal(sy_value_str(&result->cells[SY_SYSTEM_COUNT]), SY_STR("tea")));
}

static void content_is_the_own_columns_and_absent_is_null(void **state)
{
    fixture *f = *state;
    sy_row *a = phone_row(f, "a", "milk", 3);
    sy_row *b = phone_row(f, "b", "milk", 3);
    b->cells[SY_SYSTEM_COUNT + 2] = SY_NULL;
    assert_true(sy_row_same_content(a, b));
    assert_false(sy_row_same_content(a, NULL));
    assert_false(sy_row_same_content(NULL, NULL));
    sy_row *c = sy_row_new(&f->arena, f->server);
    c->cells[SY_SYSTEM_COUNT] = sy_real(3);
    c->cells[SY_SYSTEM_COUNT + 2] = sy_cstr("milk");
    assert_true(sy_row_same_content(a, c));
    c->cells[SY_SYSTEM_COUNT + 1] = sy_real(0.5);
    assert_false(sy_row_same_content(a, c));
    assert_false(sy_row_same_content(c, a));
    b->cells[SY_SYSTEM_COUNT + 2] = sy_bool(false);
    assert_false(sy_row_same_content(a, b));
}

static void system_cells_have_their_own_readers(void **state)
{
    fixture *f = *state;
    sy_row *row = sy_row_new(&f->arena, f->server);
    assert_int_equal(sy_row_id(row).size, 0);
    assert_false(sy_row_deleted(row));
    assert_int_equal(sy_row_updated_at(row), 0);
    row->cells[SY_COLUMN_DELETED] = sy_bool(true);
    row->cells[SY_COLUMN_UPDATED_AT] = sy_datetime(5);
    assert_true(sy_row_deleted(row));
    assert_int_equal(sy_row_updated_at(row), 5);
    assert_null(sy_row_find(row, SY_STR("done")));
}

static void a_copy_owns_its_texts(void **state)
{
    fixture *f = *state;
    char text[] = "milk";
    const sy_row *row = phone_row(f, "a", text, 3);
    const sy_row *shallow = sy_row_shallow(&f->arena, row);
    const sy_row *copy = sy_row_copy(&f->arena, row);
    text[0] = 's';
    assert_true(sy_str_equal(sy_value_str(&copy->cells[SY_SYSTEM_COUNT]), SY_STR("milk")));
    assert_true(sy_str_equal(sy_value_str(&shallow->cells[SY_SYSTEM_COUNT]), SY_STR("silk")));
}

static void rows_become_json_without_what_is_absent(void **state)
{
    fixture *f = *state;
    sy_buf buf;
    sy_buf_init(&buf, sy_alloc_std());
    sy_row_to_json(phone_row(f, "a", "milk", 3), &buf);
    sy_row_to_json(sy_row_new(&f->arena, f->phone), &buf);
    sy_row_to_json(NULL, &buf);
    sy_buf_add_char(&buf, '\0');
    assert_string_equal(buf.data, "{\"id\":\"a\",\"text\":\"milk\",\"qty\":3}{}null");
    sy_buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name_if_the_table_has_them),
        cmocka_unit_test(bad_names_and_types_are_refused),
        cmocka_unit_test(a_table_has_at_most_63_columns),
        cmocka_unit_test(a_row_is_seen_through_another_schema),
        cmocka_unit_test(a_column_that_is_lacking_is_dropped_or_refused),
        cmocka_unit_test(a_number_changes_its_type_only_without_loss),
        cmocka_unit_test(an_overlay_changes_what_is_there_only),
        cmocka_unit_test(content_is_the_own_columns_and_absent_is_null),
        cmocka_unit_test(system_cells_have_their_own_readers),
        cmocka_unit_test(a_copy_owns_its_texts),
        cmocka_unit_test(rows_become_json_without_what_is_absent),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* tests core/client/error_list.c */
#include "core/client/error_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/store/store_memory.h"

typedef struct list_fixture {
    sy_arena arena, scratch;
    sy_client_table tables[2];
    sy_store_memory *memory;
    sy_error_list list;
} list_fixture;

static int setup(void **state)
{
    static list_fixture f;
    static const sy_column text[] = {{{"text", 4}, SY_TYPE_TEXT}};
    sy_arena_init(&f.arena, sy_alloc_std());
    sy_arena_init(&f.scratch, sy_alloc_std());
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("a"), SY_SYSTEM_CLASSIC, text, 1, &f.tables[0].schema, NULL),
        SY_OK);
    assert_int_equal(
        sy_schema_new(&f.arena, SY_STR("b"), SY_SYSTEM_CLASSIC, text, 1, &f.tables[1].schema, NULL),
        SY_OK);
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f.memory, NULL), SY_OK);
    const sy_store store = sy_store_memory_port(f.memory);
    assert_int_equal(sy_store_define(store, sy_error_schema(), NULL), SY_OK);
    sy_error_list_init(&f.list, store, &f.scratch);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    list_fixture *f = *state;
    sy_store_memory_free(f->memory);
    sy_arena_deinit(&f->arena);
    sy_arena_deinit(&f->scratch);
    return 0;
}

static const sy_row *row(list_fixture *f, int table, const char *id, const char *text)
{
    sy_row *made = sy_row_new(&f->arena, f->tables[table].schema);
    made->cells[SY_COLUMN_ID] = sy_cstr(id);
    made->cells[SY_COLUMN_VERSION] = sy_cstr("v1");
    made->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    return made;
}

static void add(list_fixture *f, int64_t operation, int table, int status, const char *server)
{
    const sy_push_error error = {.operation = operation,
                                 .operation_version = operation + 10,
                                 .kind = SY_OPERATION_UPDATE,
                                 .table = f->tables[table].schema->name,
                                 .id = SY_STR("x"),
                                 .status = status,
                                 .item = row(f, table, "x", "mine"),
                                 .server = server == NULL ? NULL : row(f, table, "x", server)};
    assert_int_equal(sy_error_list_add(&f->list, &error, NULL), SY_OK);
}

static uint32_t load(list_fixture *f, uint32_t table_count, sy_push_error **errors)
{
    uint32_t count = 0;
    assert_int_equal(
        sy_error_list_load(&f->list, f->tables, table_count, &f->arena, errors, &count, NULL),
        SY_OK);
    return count;
}

static void errors_come_back_whole_and_in_order_of_operation(void **state)
{
    list_fixture *f = *state;
    sy_push_error *errors = NULL;
    add(f, 12, 1, 412, "theirs");
    add(f, 3, 0, 500, NULL);
    assert_int_equal(load(f, 2, &errors), 2);
    assert_int_equal(errors[0].operation, 3);
    assert_int_equal(errors[0].status, 500);
    assert_null(errors[0].server);
    assert_int_equal(errors[1].operation, 12);
    assert_int_equal(errors[1].operation_version, 22);
    assert_int_equal(errors[1].kind, SY_OPERATION_UPDATE);
    assert_true(sy_str_equal(errors[1].table, SY_STR("b")));
    assert_true(sy_str_equal(sy_row_version(errors[1].item), SY_STR("v1")));
    assert_true(
        sy_str_equal(sy_value_str(&errors[1].server->cells[SY_SYSTEM_COUNT]), SY_STR("theirs")));
    assert_false(errors[1].handled);
}

static void a_later_failure_replaces_the_earlier_one(void **state)
{
    list_fixture *f = *state;
    sy_push_error *errors = NULL;
    add(f, 1, 0, 412, "theirs");
    add(f, 1, 0, 500, NULL);
    assert_int_equal(load(f, 2, &errors), 1);
    assert_int_equal(errors[0].status, 500);
    assert_null(errors[0].server);
}

static void clearing_takes_one_table_or_all(void **state)
{
    list_fixture *f = *state;
    sy_push_error *errors = NULL;
    add(f, 1, 0, 500, NULL);
    add(f, 2, 1, 500, NULL);
    add(f, 3, 1, 500, NULL);
    assert_int_equal(sy_error_list_remove(&f->list, 3, NULL), SY_OK);
    assert_int_equal(load(f, 2, &errors), 2);
    assert_int_equal(sy_error_list_clear(&f->list, SY_STR("b"), NULL), SY_OK);
    assert_int_equal(load(f, 2, &errors), 1);
    assert_int_equal(errors[0].operation, 1);
    assert_int_equal(sy_error_list_clear(&f->list, SY_STR(""), NULL), SY_OK);
    assert_int_equal(load(f, 2, &errors), 0);
}

static void errors_of_tables_that_are_gone_are_left_out(void **state)
{
    list_fixture *f = *state;
    sy_push_error *errors = NULL;
    add(f, 1, 1, 500, NULL);
    add(f, 2, 0, 500, NULL);
    assert_int_equal(load(f, 1, &errors), 1);
    assert_int_equal(errors[0].operation, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_come_back_whole_and_in_order_of_operation, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_later_failure_replaces_the_earlier_one, setup, teardown),
        cmocka_unit_test_setup_teardown(clearing_takes_one_table_or_all, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_of_tables_that_are_gone_are_left_out, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

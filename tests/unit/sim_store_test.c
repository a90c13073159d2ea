/* The faulty store over a memory store: counting, failing, dying, costing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/store/store_memory.h"
#include "sim/disk/sim_store.h"

typedef struct fixture {
    sy_arena arena;
    sy_store_memory *memory;
    sim_store faulty;
    sy_store store;
    const sy_schema *schema;
    int crash_count;
} fixture;

static int setup(void **state)
{
    fixture *f = test_calloc(1, sizeof *f);
    sy_arena_init(&f->arena, sy_alloc_std());
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f->memory, NULL), SY_OK);
    sim_store_init(&f->faulty, sy_store_memory_port(f->memory));
    f->store = sim_store_port(&f->faulty);
    const sy_column user[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, user, 1, &f->schema, NULL),
        SY_OK);
    assert_int_equal(sy_store_define(f->store, f->schema, NULL), SY_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    sy_store_memory_free(f->memory);
    sy_arena_deinit(&f->arena);
    test_free(f);
    return 0;
}

static sy_rc put(fixture *f, const char *id)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    assert_non_null(row);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    return sy_store_write(f->store, row, NULL);
}

static bool has(fixture *f, const char *id)
{
    const sy_row *row = NULL;
    assert_int_equal(sy_store_read(f->store, f->schema, sy_str_of(id), &f->arena, &row, NULL),
                     SY_OK);
    return row != NULL;
}

static sy_rc transact(fixture *f, sy_transaction_step step)
{
    return sy_store_transact(f->store, step, NULL);
}

static void writes_removes_and_commits_are_counted(void **state)
{
    fixture *f = *state;
    assert_int_equal(put(f, "a"), SY_OK);
    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    assert_int_equal(put(f, "b"), SY_OK);
    assert_int_equal(sy_store_remove(f->store, f->schema, SY_STR("a"), NULL), SY_OK);
    assert_int_equal(transact(f, SY_COMMIT), SY_OK);
    assert_true(has(f, "b"));
    assert_int_equal(f->faulty.writes, 4);
}

static void a_failing_write_outside_a_transaction_is_alone(void **state)
{
    fixture *f = *state;
    f->faulty.fault_at = 2;
    assert_int_equal(put(f, "a"), SY_OK);
    assert_int_equal(put(f, "b"), SY_STORE);
    assert_false(has(f, "b"));
    assert_int_equal(put(f, "b"), SY_OK);
    assert_true(has(f, "b"));
}

static void a_failing_write_takes_its_transaction_with_it(void **state)
{
    fixture *f = *state;
    for (uint64_t at = 1; at <= 3; at++) {
        f->faulty.fault_at = f->faulty.writes + at;
        assert_int_equal(transact(f, SY_BEGIN), SY_OK);
        assert_int_equal(put(f, "a"), at <= 1 ? SY_STORE : SY_OK);
        assert_int_equal(put(f, "b"), at <= 2 ? SY_STORE : SY_OK);
        assert_int_equal(transact(f, SY_COMMIT), SY_STORE);
        assert_int_equal(transact(f, SY_ROLLBACK), SY_OK);
        assert_false(has(f, "a"));
        assert_false(has(f, "b"));
    }
    f->faulty.fault_at = 0;
    assert_int_equal(put(f, "a"), SY_OK);
    assert_true(has(f, "a"));
}

static void note_crash(void *self, bool drawn)
{
    assert_false(drawn);
    ((fixture *)self)->crash_count++;
}

static void a_crash_ends_everything_until_the_revival(void **state)
{
    fixture *f = *state;
    f->faulty.fault = SIM_STORE_CRASH;
    f->faulty.fault_at = 3;
    f->faulty.crashed = note_crash;
    f->faulty.crashed_self = f;
    assert_int_equal(put(f, "a"), SY_OK);
    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    assert_int_equal(put(f, "b"), SY_OK);
    assert_int_equal(put(f, "c"), SY_CRASHED);
    assert_int_equal(f->crash_count, 1);
    const sy_row *row = NULL;
    sy_rows rows;
    sy_query all = sy_query_all(f->schema);
    assert_int_equal(sy_store_read(f->store, f->schema, SY_STR("a"), &f->arena, &row, NULL),
                     SY_CRASHED);
    assert_int_equal(sy_store_query(f->store, &all, &f->arena, &rows, NULL), SY_CRASHED);
    assert_int_equal(sy_store_define(f->store, f->schema, NULL), SY_CRASHED);
    assert_int_equal(put(f, "d"), SY_CRASHED);
    assert_int_equal(transact(f, SY_COMMIT), SY_CRASHED);
    assert_int_equal(transact(f, SY_ROLLBACK), SY_CRASHED);
    assert_int_equal(f->crash_count, 1);
    sy_store_memory_crash(f->memory);
    sim_store_revive(&f->faulty, sy_store_memory_port(f->memory));
    assert_true(has(f, "a"));
    assert_false(has(f, "b"));
    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    assert_int_equal(put(f, "b"), SY_OK);
    assert_int_equal(transact(f, SY_COMMIT), SY_OK);
}

static void a_crash_at_a_commit_loses_the_transaction(void **state)
{
    fixture *f = *state;
    f->faulty.fault = SIM_STORE_CRASH;
    f->faulty.fault_at = 2;
    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    assert_int_equal(put(f, "a"), SY_OK);
    assert_int_equal(transact(f, SY_COMMIT), SY_CRASHED);
    sy_store_memory_crash(f->memory);
    sim_store_revive(&f->faulty, sy_store_memory_port(f->memory));
    assert_false(has(f, "a"));
}

static void calls_cost_virtual_time(void **state)
{
    fixture *f = *state;
    f->faulty.read_ns = 1;
    f->faulty.write_ns = 100;
    f->faulty.commit_ns = 10000;
    assert_int_equal(sy_store_cost_ns(f->store), 0);
    assert_int_equal(put(f, "a"), SY_OK); /* a transaction of its own */
    assert_int_equal(sy_store_cost_ns(f->store), 10100);
    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    assert_int_equal(put(f, "b"), SY_OK);
    assert_int_equal(sy_store_remove(f->store, f->schema, SY_STR("a"), NULL), SY_OK);
    assert_int_equal(transact(f, SY_COMMIT), SY_OK);
    assert_true(has(f, "b"));
    assert_int_equal(sy_store_cost_ns(f->store), 10100 + 200 + 10000 + 1);
}

static void costs_of_the_inner_store_count_and_never_go_back(void **state)
{
    fixture *f = *state;
    sim_store outer;
    f->faulty.write_ns = 100;
    assert_int_equal(put(f, "a"), SY_OK);
    sim_store_init(&outer, f->store);
    sy_store port = sim_store_port(&outer);
    assert_int_equal(sy_store_cost_ns(port), 0);
    assert_int_equal(put(f, "b"), SY_OK);
    assert_int_equal(sy_store_cost_ns(port), 100);
    sim_store_revive(&outer, sy_store_memory_port(f->memory));
    assert_int_equal(sy_store_cost_ns(port), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_removes_and_commits_are_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failing_write_outside_a_transaction_is_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_failing_write_takes_its_transaction_with_it, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_crash_ends_everything_until_the_revival, setup, teardown),
        cmocka_unit_test_setup_teardown(a_crash_at_a_commit_loses_the_transaction, setup, teardown),
        cmocka_unit_test_setup_teardown(calls_cost_virtual_time, setup, teardown),
        cmocka_unit_test_setup_teardown(costs_of_the_inner_store_count_and_never_go_back, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("sim_store", tests, NULL, NULL);
}

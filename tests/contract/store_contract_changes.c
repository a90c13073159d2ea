/* The store contract: transactions, restarts, definitions. */
#include "tests/contract/store_contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* -- transactions -- */

static void a_commit_keeps_and_a_rollback_undoes_everything(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "kept", "before", 1);
    contract_put(f, "removed", "before", 1);
    contract_step(f, SY_BEGIN);
    for (int i = 0; i < 40; i++) {
        contract_put(f, "kept", i % 2 == 0 ? "changed" : "changed to something that is much longer",
                     i);
        contract_put(f, "new", "inserted", i);
        contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("removed"), &f->err));
        contract_put(f, "removed", "again", i);
        contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("new"), &f->err));
    }
    contract_put(f, "other", "inserted", 1);
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("removed"), &f->err));
    contract_step(f, SY_ROLLBACK);
    contract_assert_text(contract_get(f, "kept"), "before");
    contract_assert_text(contract_get(f, "removed"), "before");
    assert_null(contract_get(f, "new"));
    assert_null(contract_get(f, "other"));
    contract_step(f, SY_BEGIN);
    contract_put(f, "kept", "after", 2);
    contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("removed"), &f->err));
    contract_step(f, SY_COMMIT);
    contract_assert_text(contract_get(f, "kept"), "after");
    assert_null(contract_get(f, "removed"));
}

static void a_rollback_of_many_inserts_leaves_nothing(void **state)
{
    contract_fixture *f = *state;
    contract_step(f, SY_BEGIN);
    for (int i = 0; i < 500; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "row %d", i);
        contract_put(f, id, "inserted", i);
    }
    contract_step(f, SY_ROLLBACK);
    sy_query query = sy_query_all(f->schema);
    assert_string_equal(contract_ids(f, &query, NULL), "");
}

static void transactions_do_not_nest(void **state)
{
    contract_fixture *f = *state;
    assert_int_equal(sy_store_transact(f->store, SY_COMMIT, &f->err), SY_STATE);
    assert_int_equal(sy_store_transact(f->store, SY_ROLLBACK, &f->err), SY_STATE);
    contract_step(f, SY_BEGIN);
    assert_int_equal(sy_store_transact(f->store, SY_BEGIN, &f->err), SY_STATE);
    contract_put(f, "a", "milk", 1);
    contract_step(f, SY_COMMIT);
    contract_assert_text(contract_get(f, "a"), "milk");
}

static void a_refused_write_leaves_the_transaction_to_the_caller(void **state)
{
    contract_fixture *f = *state;
    contract_step(f, SY_BEGIN);
    contract_put(f, "a", "milk", 1);
    sy_row *bad = contract_row(f, "b");
    bad->cells[TEXT] = sy_int(1);
    assert_int_equal(sy_store_write(f->store, bad, &f->err), SY_SCHEMA);
    contract_step(f, SY_ROLLBACK);
    assert_null(contract_get(f, "a"));
    contract_put(f, "a", "eggs", 1);
    contract_assert_text(contract_get(f, "a"), "eggs");
}

/* -- a process ends -- */

static void what_was_committed_survives_a_restart(void **state)
{
    contract_fixture *f = *state;
    for (int crash = 0; crash < 2; crash++) {
        contract_put(f, "a", crash ? "crashed" : "closed", 1);
        contract_step(f, SY_BEGIN);
        contract_put(f, "b", "committed", 1);
        contract_step(f, SY_COMMIT);
        contract_step(f, SY_BEGIN);
        contract_put(f, "b", "not committed", 1);
        contract_put(f, "c", "not committed", 1);
        contract_must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
        contract_reopen(f, crash != 0);
        contract_must(f, sy_store_define(f->store, f->schema, &f->err));
        contract_assert_text(contract_get(f, "a"), crash ? "crashed" : "closed");
        contract_assert_text(contract_get(f, "b"), "committed");
        assert_null(contract_get(f, "c"));
        contract_step(f, SY_BEGIN);
        contract_step(f, SY_COMMIT);
    }
}

/* -- definitions -- */

static void a_table_may_be_defined_again(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    contract_must(f, sy_store_define(f->store, f->schema, &f->err));
    f->schema =
        contract_make_schema(f, "todo", SY_SYSTEM_CLASSIC, contract_user, CONTRACT_USER_COUNT);
    contract_must(f, sy_store_define(f->store, f->schema, &f->err));
    contract_assert_text(contract_get(f, "a"), "milk");
    assert_ptr_equal(contract_get(f, "a")->schema, f->schema);
}

static void a_definition_with_more_columns_adds_them(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    sy_column user[USER_END];
    user[0] = (sy_column){SY_STR("shop"), SY_TYPE_TEXT};
    for (uint32_t i = 0; i < CONTRACT_USER_COUNT; i++) {
        user[1 + i] = contract_user[CONTRACT_USER_COUNT - 1 - i]; /* in another order, too */
    }
    f->schema =
        contract_make_schema(f, "todo", SY_SYSTEM_CLASSIC | SY_SYSTEM_BIT(SY_COLUMN_SEQUENCE), user,
                             CONTRACT_USER_COUNT + 1);
    contract_must(f, sy_store_define(f->store, f->schema, &f->err));
    const sy_row *found = contract_get(f, "a");
    contract_assert_named(found, "text", "milk");
    assert_int_equal(sy_row_find(found, SY_STR("quantity"))->as.integer, 1);
    assert_int_equal(sy_row_find(found, SY_STR("shop"))->type, SY_TYPE_NULL);
    sy_row *change = contract_row(f, "a");
    change->cells[SY_SYSTEM_COUNT] = sy_cstr("corner");
    change->cells[SY_COLUMN_SEQUENCE] = sy_int(9);
    contract_must(f, sy_store_write(f->store, change, &f->err));
    found = contract_get(f, "a");
    contract_assert_named(found, "shop", "corner");
    contract_assert_named(found, "text", "milk");
    assert_int_equal(found->cells[SY_COLUMN_SEQUENCE].as.integer, 9);
}

static void a_definition_with_fewer_columns_drops_none(void **state)
{
    contract_fixture *f = *state;
    const sy_schema *full = f->schema;
    contract_put(f, "a", "milk", 1);
    const sy_column less[] = {{SY_STR("shop"), SY_TYPE_TEXT}, {SY_STR("quantity"), SY_TYPE_INT}};
    f->schema = contract_make_schema(f, "todo", SY_SYSTEM_BIT(SY_COLUMN_ID), less, 2);
    contract_must(f, sy_store_define(f->store, f->schema, &f->err));
    sy_row *change = contract_row(f, "a");
    change->cells[SY_SYSTEM_COUNT] = sy_cstr("corner");
    change->cells[SY_SYSTEM_COUNT + 1] = sy_int(5);
    contract_must(f, sy_store_write(f->store, change, &f->err));
    assert_int_equal(contract_get(f, "a")->cells[SY_SYSTEM_COUNT + 1].as.integer, 5);
    assert_int_equal(contract_get(f, "a")->schema->column_count, SY_SYSTEM_COUNT + 2);
    f->schema = full;
    contract_must(f, sy_store_define(f->store, full, &f->err));
    contract_assert_text(contract_get(f, "a"), "milk");
    assert_int_equal(contract_get(f, "a")->cells[QUANTITY].as.integer, 5);
}

static void a_definition_with_another_type_is_damage(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    const sy_column other[] = {{SY_STR("text"), SY_TYPE_INT}};
    const sy_schema *schema = contract_make_schema(f, "todo", SY_SYSTEM_CLASSIC, other, 1);
    assert_int_equal(sy_store_define(f->store, schema, &f->err), SY_CORRUPT);
    assert_non_null(strstr(f->err.text, "todo"));
    assert_non_null(strstr(f->err.text, "text"));
    contract_assert_text(contract_get(f, "a"), "milk");
}

static void a_table_is_not_defined_inside_a_transaction(void **state)
{
    contract_fixture *f = *state;
    const sy_schema *other = contract_make_schema(f, "other", SY_SYSTEM_CLASSIC, contract_user, 1);
    contract_step(f, SY_BEGIN);
    assert_int_equal(sy_store_define(f->store, other, &f->err), SY_STATE);
    contract_step(f, SY_ROLLBACK);
    contract_must(f, sy_store_define(f->store, other, &f->err));
}

static void an_unknown_table_is_refused(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    f->schema = contract_make_schema(f, "nowhere", SY_SYSTEM_CLASSIC, contract_user, 1);
    sy_query query = sy_query_all(f->schema);
    sy_rows rows;
    const sy_row *found = NULL;
    assert_int_equal(sy_store_query(f->store, &query, &f->arena, &rows, &f->err), SY_SCHEMA);
    assert_int_equal(sy_store_read(f->store, f->schema, SY_STR("a"), &f->arena, &found, &f->err),
                     SY_SCHEMA);
    assert_int_equal(sy_store_write(f->store, contract_row(f, "a"), &f->err), SY_SCHEMA);
    assert_int_equal(sy_store_remove(f->store, f->schema, SY_STR("a"), NULL), SY_SCHEMA);
    assert_non_null(strstr(f->err.text, "nowhere"));
}

static void a_schema_of_fewer_columns_may_stand_in(void **state)
{
    contract_fixture *f = *state;
    contract_put(f, "a", "milk", 1);
    contract_put(f, "b", "eggs", 2);
    const sy_column less[] = {{SY_STR("quantity"), SY_TYPE_INT}, {SY_STR("text"), SY_TYPE_TEXT}};
    const sy_schema *full = f->schema;
    f->schema = contract_make_schema(f, "todo", SY_SYSTEM_CLASSIC, less, 2);
    assert_int_equal(contract_get(f, "b")->cells[SY_SYSTEM_COUNT].as.integer, 2);
    sy_row *change = contract_row(f, "b");
    change->cells[SY_SYSTEM_COUNT] = sy_int(20);
    contract_must(f, sy_store_write(f->store, change, &f->err));
    sy_query query = sy_query_all(f->schema);
    query.filter = sy_expr_binary(&f->arena, SY_EXPR_GT, sy_expr_column(&f->arena, SY_SYSTEM_COUNT),
                                  sy_expr_literal(&f->arena, sy_int(1)));
    sy_rows rows;
    contract_must(f, sy_store_query(f->store, &query, &f->arena, &rows, &f->err));
    assert_int_equal(rows.count, 1);
    assert_ptr_equal(rows.items[0]->schema, f->schema);
    f->schema = full;
    contract_assert_text(contract_get(f, "b"), "eggs");
    assert_int_equal(contract_get(f, "b")->cells[QUANTITY].as.integer, 20);
}

static void tables_do_not_touch_each_other(void **state)
{
    contract_fixture *f = *state;
    const sy_schema *todo = f->schema;
    const sy_schema *order = contract_make_schema(f, "order", SY_SYSTEM_CLASSIC, contract_user, 1);
    contract_must(f, sy_store_define(f->store, order, &f->err));
    contract_put(f, "a", "milk", 1);
    f->schema = order;
    sy_row *made = contract_row(f, "a");
    made->cells[TEXT] = sy_cstr("an order");
    contract_must(f, sy_store_write(f->store, made, &f->err));
    f->schema = todo;
    contract_assert_text(contract_get(f, "a"), "milk");
    contract_must(f, sy_store_remove(f->store, todo, SY_STR("a"), &f->err));
    f->schema = order;
    contract_assert_text(contract_get(f, "a"), "an order");
}

static void writes_of_any_set_of_columns_work(void **state)
{
    contract_fixture *f = *state;
    for (int round = 0; round < 2; round++) {
        for (uint32_t set = 0; set < 64; set++) {
            sy_row *made = contract_row(f, "a");
            const sy_value cells[] = {sy_cstr("x"), sy_bool(true),  sy_int((int64_t)set),
                                      sy_real(0.5), sy_datetime(7), sy_blob(SY_STR("\0"))};
            for (uint32_t i = 0; i < 6; i++) {
                if (((set >> i) & 1) != 0) {
                    made->cells[TEXT + i] = cells[i];
                }
            }
            contract_must(f, sy_store_write(f->store, made, &f->err));
            if ((set & 4) != 0) {
                assert_int_equal(contract_get(f, "a")->cells[QUANTITY].as.integer, set);
            }
        }
    }
}

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }

const contract_test contract_changes[] = {
    TEST(a_commit_keeps_and_a_rollback_undoes_everything),
    TEST(a_rollback_of_many_inserts_leaves_nothing),
    TEST(transactions_do_not_nest),
    TEST(a_refused_write_leaves_the_transaction_to_the_caller),
    TEST(what_was_committed_survives_a_restart),
    TEST(a_table_may_be_defined_again),
    TEST(a_definition_with_more_columns_adds_them),
    TEST(a_definition_with_fewer_columns_drops_none),
    TEST(a_definition_with_another_type_is_damage),
    TEST(a_table_is_not_defined_inside_a_transaction),
    TEST(an_unknown_table_is_refused),
    TEST(a_schema_of_fewer_columns_may_stand_in),
    TEST(tables_do_not_touch_each_other),
    TEST(writes_of_any_set_of_columns_work),
    {NULL, NULL},
};

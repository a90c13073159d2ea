/* The fixture of the store contract: a store of the kind asked for, and what tests do with it. */
#include "tests/contract/store_contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const sy_column contract_user[CONTRACT_USER_COUNT] = {
    {{"text", 4}, SY_TYPE_TEXT},   {{"done", 4}, SY_TYPE_BOOL},    {{"quantity", 8}, SY_TYPE_INT},
    {{"weight", 6}, SY_TYPE_REAL}, {{"due", 3}, SY_TYPE_DATETIME}, {{"photo", 5}, SY_TYPE_BLOB},
};

void contract_must(contract_fixture *f, sy_rc rc)
{
    if (rc != SY_OK) {
        fail_msg("%s: %s", sy_rc_name(rc), f->err.text);
    }
}

static void open_store(contract_fixture *f)
{
    if (f->kind->sqlite) {
        sy_store_sqlite_options options = {.path = sim_disk_path(f->disk, "main.db"),
                                           .journal_mode = f->kind->journal_mode,
                                           .synchronous = "FULL"};
        contract_must(
            f, sy_store_sqlite_open(test_alloc_port(&f->alloc), &options, &f->sqlite, &f->err));
        f->store = sy_store_sqlite_port(f->sqlite);
    } else {
        if (f->memory == NULL) {
            contract_must(f, sy_store_memory_new(test_alloc_port(&f->alloc), &f->memory, &f->err));
        }
        f->store = sy_store_memory_port(f->memory);
    }
    if (f->kind->faulty) {
        sim_store_init(&f->faulty, f->store);
        f->store = sim_store_port(&f->faulty);
    }
}

/* What was there is copied, and the copy takes its place. */
static void replace_by_copy(contract_fixture *f)
{
    if (f->kind->sqlite) {
        sim_disk *copy = sim_disk_clone(f->disk);
        assert_non_null(copy);
        sim_disk_free(f->disk);
        f->disk = copy;
    } else {
        sy_store_memory *copy = NULL;
        contract_must(f, sy_store_memory_copy(f->memory, &copy, &f->err));
        sy_store_memory_free(f->memory);
        f->memory = copy;
    }
}

/* The process ends, in order or not, and starts again, on a copy of its store. */
void contract_reopen(contract_fixture *f, bool crash)
{
    if (f->kind->sqlite) {
        if (crash) {
            sim_disk_crash(f->disk);
        }
        sy_store_sqlite_close(f->sqlite);
    } else {
        sy_store_memory_crash(f->memory);
    }
    replace_by_copy(f);
    open_store(f);
}

const sy_schema *contract_make_schema(contract_fixture *f, const char *name, uint32_t system,
                                      const sy_column *user, uint32_t count)
{
    const sy_schema *schema = NULL;
    contract_must(f,
                  sy_schema_new(&f->arena, sy_str_of(name), system, user, count, &schema, &f->err));
    return schema;
}

int contract_setup(void **state)
{
    contract_fixture *f = test_calloc(1, sizeof *f);
    f->kind = *state;
    test_alloc_init(&f->alloc, 0);
    sy_arena_init(&f->arena, sy_alloc_std());
    f->disk = sim_disk_new(test_alloc_port(&f->alloc));
    assert_non_null(f->disk);
    open_store(f);
    f->schema =
        contract_make_schema(f, "todo", SY_SYSTEM_CLASSIC, contract_user, CONTRACT_USER_COUNT);
    contract_must(f, sy_store_define(f->store, f->schema, &f->err));
    *state = f;
    return 0;
}

int contract_teardown(void **state)
{
    contract_fixture *f = *state;
    if (f->kind->sqlite) {
        sy_store_sqlite_close(f->sqlite);
    } else {
        sy_store_memory_free(f->memory);
    }
    sim_disk_free(f->disk);
    assert_int_equal(test_alloc_live(&f->alloc), 0);
    sy_arena_deinit(&f->arena);
    test_free(f);
    return 0;
}

sy_row *contract_row(contract_fixture *f, const char *id)
{
    sy_row *made = sy_row_new(&f->arena, f->schema);
    assert_non_null(made);
    made->cells[SY_COLUMN_ID] = sy_cstr(id);
    return made;
}

void contract_put(contract_fixture *f, const char *id, const char *text, int64_t quantity)
{
    sy_row *made = contract_row(f, id);
    made->cells[TEXT] = sy_cstr(text);
    made->cells[QUANTITY] = sy_int(quantity);
    contract_must(f, sy_store_write(f->store, made, &f->err));
}

const sy_row *contract_get(contract_fixture *f, const char *id)
{
    const sy_row *found = NULL;
    contract_must(f, sy_store_read(f->store, f->schema, sy_str_of(id), &f->arena, &found, &f->err));
    return found;
}

void contract_assert_text(const sy_row *found, const char *text)
{
    assert_non_null(found);
    sy_value want = sy_cstr(text);
    assert_true(sy_value_equal(&found->cells[TEXT], &want));
}

void contract_assert_named(const sy_row *found, const char *column, const char *text)
{
    sy_value want = sy_cstr(text);
    assert_true(sy_value_equal(sy_row_find(found, sy_str_of(column)), &want));
}

void contract_step(contract_fixture *f, sy_transaction_step what)
{
    contract_must(f, sy_store_transact(f->store, what, &f->err));
}

/* The ids of a query's rows, one after the other. */
const char *contract_ids(contract_fixture *f, const sy_query *query, int64_t *total)
{
    sy_rows rows;
    contract_must(f, sy_store_query(f->store, query, &f->arena, &rows, &f->err));
    sy_buf out;
    sy_buf_init(&out, sy_alloc_std());
    for (size_t i = 0; i < rows.count; i++) {
        sy_buf_add_str(&out, i == 0 ? SY_STR("") : SY_STR(" "));
        sy_buf_add_str(&out, sy_row_id(rows.items[i]));
    }
    sy_str copy = sy_arena_copy(&f->arena, sy_buf_str(&out));
    sy_buf_deinit(&out);
    if (total != NULL) {
        *total = rows.total;
    }
    return copy.data;
}

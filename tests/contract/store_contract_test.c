/* What every store promises (core/port/store.h), as one table of tests that runs over each of them:
 * in memory, SQLite on a disk of the simulator, and both behind the faulty store when it has no
 * faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_store.h"
#include "sim/disk/sim_vfs.h"
#include "tests/unit/support.h"

typedef struct kind {
    const char *name;
    bool sqlite;
    bool faulty; /* behind sim_store */
    const char *journal_mode;
} kind;

static const kind KINDS[] = {
    {"memory", false, false, NULL},
    {"sqlite", true, false, "DELETE"},
    {"sqlite, truncated journal", true, false, "TRUNCATE"},
    {"memory behind a faulty store", false, true, NULL},
    {"sqlite behind a faulty store", true, true, "PERSIST"},
};

enum { TEXT = SY_SYSTEM_COUNT, DONE, QUANTITY, WEIGHT, DUE, PHOTO, USER_END };

static const sy_column USER[] = {
    {{"text", 4}, SY_TYPE_TEXT},   {{"done", 4}, SY_TYPE_BOOL},    {{"quantity", 8}, SY_TYPE_INT},
    {{"weight", 6}, SY_TYPE_REAL}, {{"due", 3}, SY_TYPE_DATETIME}, {{"photo", 5}, SY_TYPE_BLOB},
};

typedef struct fixture {
    const kind *kind;
    test_alloc alloc;
    sy_arena arena;
    sim_disk *disk;
    sy_store_memory *memory;
    sy_store_sqlite *sqlite;
    sim_store faulty;
    sy_store store;
    const sy_schema *schema;
    sy_err err;
} fixture;

/* -- the fixture -- */

static void must(fixture *f, sy_rc rc)
{
    if (rc != SY_OK) {
        fail_msg("%s: %s", sy_rc_name(rc), f->err.text);
    }
}

static void open_store(fixture *f)
{
    if (f->kind->sqlite) {
        sy_store_sqlite_options options = {.path = sim_disk_path(f->disk, "main.db"),
                                           .journal_mode = f->kind->journal_mode,
                                           .synchronous = "FULL"};
        must(f, sy_store_sqlite_open(test_alloc_port(&f->alloc), &options, &f->sqlite, &f->err));
        f->store = sy_store_sqlite_port(f->sqlite);
    } else {
        if (f->memory == NULL) {
            must(f, sy_store_memory_new(test_alloc_port(&f->alloc), &f->memory, &f->err));
        }
        f->store = sy_store_memory_port(f->memory);
    }
    if (f->kind->faulty) {
        sim_store_init(&f->faulty, f->store);
        f->store = sim_store_port(&f->faulty);
    }
}

/* The process ends, in order or not, and starts again. */
static void reopen(fixture *f, bool crash)
{
    if (f->kind->sqlite) {
        if (crash) {
            sim_disk_crash(f->disk);
        }
        sy_store_sqlite_close(f->sqlite);
    } else {
        sy_store_memory_crash(f->memory);
    }
    open_store(f);
}

static const sy_schema *make_schema(fixture *f, const char *name, uint32_t system,
                                    const sy_column *user, uint32_t count)
{
    const sy_schema *schema = NULL;
    must(f, sy_schema_new(&f->arena, sy_str_of(name), system, user, count, &schema, &f->err));
    return schema;
}

static int setup(void **state)
{
    fixture *f = test_calloc(1, sizeof *f);
    f->kind = *state;
    test_alloc_init(&f->alloc, 0);
    sy_arena_init(&f->arena, sy_alloc_std());
    f->disk = sim_disk_new(test_alloc_port(&f->alloc));
    assert_non_null(f->disk);
    open_store(f);
    f->schema = make_schema(f, "todo", SY_SYSTEM_CLASSIC, USER, USER_END - SY_SYSTEM_COUNT);
    must(f, sy_store_define(f->store, f->schema, &f->err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
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

static sy_row *row(fixture *f, const char *id)
{
    sy_row *made = sy_row_new(&f->arena, f->schema);
    assert_non_null(made);
    made->cells[SY_COLUMN_ID] = sy_cstr(id);
    return made;
}

static void put(fixture *f, const char *id, const char *text, int64_t quantity)
{
    sy_row *made = row(f, id);
    made->cells[TEXT] = sy_cstr(text);
    made->cells[QUANTITY] = sy_int(quantity);
    must(f, sy_store_write(f->store, made, &f->err));
}

static const sy_row *get(fixture *f, const char *id)
{
    const sy_row *found = NULL;
    must(f, sy_store_read(f->store, f->schema, sy_str_of(id), &f->arena, &found, &f->err));
    return found;
}

static void assert_text(const sy_row *found, const char *text)
{
    assert_non_null(found);
    sy_value want = sy_cstr(text);
    assert_true(sy_value_equal(&found->cells[TEXT], &want));
}

static void assert_named(const sy_row *found, const char *column, const char *text)
{
    sy_value want = sy_cstr(text);
    assert_true(sy_value_equal(sy_row_find(found, sy_str_of(column)), &want));
}

static void step(fixture *f, sy_transaction_step what)
{
    must(f, sy_store_transact(f->store, what, &f->err));
}

/* The ids of a query's rows, one after the other. */
static const char *ids(fixture *f, const sy_query *query, int64_t *total)
{
    sy_rows rows;
    must(f, sy_store_query(f->store, query, &f->arena, &rows, &f->err));
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

/* -- rows -- */

static void a_row_that_was_written_is_read_back(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 2);
    const sy_row *found = get(f, "a");
    assert_text(found, "milk");
    assert_ptr_equal(found->schema, f->schema);
    assert_int_equal(found->cells[QUANTITY].as.integer, 2);
}

static void a_row_that_is_not_there_is_no_error(void **state)
{
    fixture *f = *state;
    assert_null(get(f, "a"));
    must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
}

static void a_removed_row_is_gone(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 2);
    put(f, "b", "eggs", 3);
    must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
    assert_null(get(f, "a"));
    assert_text(get(f, "b"), "eggs");
}

static void an_absent_cell_of_a_write_stays_as_it_was(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 2);
    sy_row *change = row(f, "a");
    change->cells[QUANTITY] = sy_int(7);
    must(f, sy_store_write(f->store, change, &f->err));
    assert_text(get(f, "a"), "milk");
    assert_int_equal(get(f, "a")->cells[QUANTITY].as.integer, 7);
    must(f, sy_store_write(f->store, row(f, "a"), &f->err));
    assert_text(get(f, "a"), "milk");
}

static void a_null_cell_of_a_write_overwrites(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 2);
    sy_row *change = row(f, "a");
    change->cells[TEXT] = SY_NULL;
    must(f, sy_store_write(f->store, change, &f->err));
    assert_int_equal(get(f, "a")->cells[TEXT].type, SY_TYPE_NULL);
    assert_int_equal(get(f, "a")->cells[QUANTITY].as.integer, 2);
}

static void a_cell_never_written_is_null_and_one_that_the_table_lacks_is_absent(void **state)
{
    fixture *f = *state;
    must(f, sy_store_write(f->store, row(f, "a"), &f->err));
    const sy_row *found = get(f, "a");
    assert_int_equal(found->cells[TEXT].type, SY_TYPE_NULL);
    assert_int_equal(found->cells[SY_COLUMN_VERSION].type, SY_TYPE_NULL);
    assert_int_equal(found->cells[SY_COLUMN_SEQUENCE].type, SY_TYPE_ABSENT);
}

static void a_row_outlives_what_is_written_later(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 2);
    const sy_row *before = get(f, "a");
    put(f, "a", "a much longer text than milk was, so that it needs another place", 3);
    must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
    assert_text(before, "milk");
}

static void assert_survives(fixture *f, uint32_t column, sy_value value)
{
    sy_row *made = row(f, "extreme");
    made->cells[column] = value;
    must(f, sy_store_write(f->store, made, &f->err));
    const sy_row *found = get(f, "extreme");
    assert_non_null(found);
    assert_int_equal(found->cells[column].type, value.type);
    assert_true(sy_value_equal(&found->cells[column], &value));
    if (value.type == SY_TYPE_REAL) {
        assert_memory_equal(&found->cells[column].as.real, &value.as.real, sizeof(double));
    }
}

static void extreme_values_come_back_as_they_were(void **state)
{
    fixture *f = *state;
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
    fixture *f = *state;
    size_t size = 300000;
    char *large = sy_arena_push(&f->arena, size);
    assert_non_null(large);
    for (size_t i = 0; i < size; i++) {
        large[i] = (char)('a' + i % 23);
    }
    assert_survives(f, TEXT, sy_text((sy_str){large, size}));
    assert_survives(f, PHOTO, sy_blob((sy_str){large, size / 2}));
    sy_value text = sy_text((sy_str){large, size});
    assert_true(sy_value_equal(&get(f, "extreme")->cells[TEXT], &text));
}

static void ids_may_be_any_text(void **state)
{
    fixture *f = *state;
    static const char *const IDS[] = {"",   "'",   "\"", "a'b\"c;--", "%", "\xe2\x82\xac",
                                      "12", "12.0"};
    size_t count = sizeof IDS / sizeof *IDS;
    for (size_t i = 0; i < count; i++) {
        put(f, IDS[i], IDS[i], (int64_t)i);
    }
    for (size_t i = 0; i < count; i++) {
        assert_text(get(f, IDS[i]), IDS[i]);
        assert_int_equal(get(f, IDS[i])->cells[QUANTITY].as.integer, (int64_t)i);
        must(f, sy_store_remove(f->store, f->schema, sy_str_of(IDS[i]), &f->err));
        assert_null(get(f, IDS[i]));
    }
}

static void rows_without_an_id_or_of_the_wrong_type_are_refused(void **state)
{
    fixture *f = *state;
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
    assert_null(get(f, "a"));
}

static void many_rows_come_and_go_without_growth(void **state)
{
    fixture *f = *state;
    size_t live = 0;
    for (int64_t i = 0; i < 3000; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "%08d", (int)i);
        put(f, id, "operation", i);
        if (i >= 5) {
            (void)snprintf(id, sizeof id, "%08d", (int)i - 5);
            must(f, sy_store_remove(f->store, f->schema, sy_str_of(id), &f->err));
        }
        if (i == 1000) {
            live = test_alloc_live(&f->alloc);
        }
    }
    assert_true(test_alloc_live(&f->alloc) <= live + 4096);
    sy_query all = sy_query_all(f->schema);
    assert_string_equal(ids(f, &all, NULL), "00002995 00002996 00002997 00002998 00002999");
}

/* -- queries -- */

static void put_groceries(fixture *f)
{
    put(f, "d", "milk", 2);
    put(f, "b", "eggs", 12);
    put(f, "a", "milk", 1);
    put(f, "e", "bread", 2);
    put(f, "c", "butter", 5);
}

static void without_an_order_a_query_answers_by_id(void **state)
{
    fixture *f = *state;
    sy_query query = sy_query_all(f->schema);
    int64_t total = 0;
    assert_string_equal(ids(f, &query, &total), "");
    put_groceries(f);
    assert_string_equal(ids(f, &query, &total), "a b c d e");
    assert_int_equal(total, -1);
}

static void a_query_orders_with_ties_by_id(void **state)
{
    fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    query.order[0] = (sy_order){.column = QUANTITY, .descending = true};
    query.order_count = 1;
    assert_string_equal(ids(f, &query, NULL), "b c d e a");
    query.order[0] = (sy_order){.column = TEXT};
    assert_string_equal(ids(f, &query, NULL), "e c b a d");
}

static void a_query_filters_skips_cuts_and_counts(void **state)
{
    fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    query.filter = sy_expr_binary(&f->arena, SY_EXPR_GE, sy_expr_column(&f->arena, QUANTITY),
                                  sy_expr_literal(&f->arena, sy_int(2)));
    assert_string_equal(ids(f, &query, NULL), "b c d e");
    query.skip = 1;
    query.top = 2;
    query.want_total = true;
    int64_t total = 0;
    assert_string_equal(ids(f, &query, &total), "c d");
    assert_int_equal(total, 4);
    query.skip = -1;
    query.top = 0;
    assert_string_equal(ids(f, &query, &total), "");
    assert_int_equal(total, 4);
    query.top = -1;
    query.skip = 3;
    assert_string_equal(ids(f, &query, NULL), "e");
    query.skip = 30;
    assert_string_equal(ids(f, &query, NULL), "");
}

static void nulls_match_only_the_question_for_null(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    must(f, sy_store_write(f->store, row(f, "b"), &f->err));
    sy_query query = sy_query_all(f->schema);
    const sy_expr *text = sy_expr_column(&f->arena, TEXT);
    query.filter = sy_expr_binary(&f->arena, SY_EXPR_EQ, text, sy_expr_literal(&f->arena, SY_NULL));
    assert_string_equal(ids(f, &query, NULL), "b");
    query.filter =
        sy_expr_binary(&f->arena, SY_EXPR_NE, text, sy_expr_literal(&f->arena, sy_cstr("eggs")));
    assert_string_equal(ids(f, &query, NULL), "a");
    query.filter = sy_expr_not(&f->arena, query.filter);
    assert_string_equal(ids(f, &query, NULL), "");
    query.filter = NULL;
    query.order[0] = (sy_order){.column = TEXT};
    query.order_count = 1;
    assert_string_equal(ids(f, &query, NULL), "b a");
}

static void a_selection_leaves_the_other_cells_absent(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    sy_query query = sy_query_all(f->schema);
    query.select = UINT64_C(1) << TEXT;
    sy_rows rows;
    must(f, sy_store_query(f->store, &query, &f->arena, &rows, &f->err));
    assert_int_equal(rows.count, 1);
    assert_text(rows.items[0], "milk");
    assert_string_equal(sy_arena_copy(&f->arena, sy_row_id(rows.items[0])).data, "a");
    assert_int_equal(rows.items[0]->cells[QUANTITY].type, SY_TYPE_ABSENT);
    assert_int_equal(rows.items[0]->cells[SY_COLUMN_VERSION].type, SY_TYPE_ABSENT);
}

static void rows_of_a_query_outlive_what_is_written_later(void **state)
{
    fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    sy_rows rows;
    must(f, sy_store_query(f->store, &query, &f->arena, &rows, &f->err));
    put(f, "a", "something else altogether", 1);
    must(f, sy_store_remove(f->store, f->schema, SY_STR("b"), &f->err));
    assert_text(rows.items[0], "milk");
    assert_text(rows.items[1], "eggs");
}

static void a_query_inside_a_transaction_sees_its_writes(void **state)
{
    fixture *f = *state;
    put_groceries(f);
    sy_query query = sy_query_all(f->schema);
    step(f, SY_BEGIN);
    put(f, "aa", "salt", 1);
    must(f, sy_store_remove(f->store, f->schema, SY_STR("b"), &f->err));
    assert_string_equal(ids(f, &query, NULL), "a aa c d e");
    step(f, SY_ROLLBACK);
    assert_string_equal(ids(f, &query, NULL), "a b c d e");
}

/* -- transactions -- */

static void a_commit_keeps_and_a_rollback_undoes_everything(void **state)
{
    fixture *f = *state;
    put(f, "kept", "before", 1);
    put(f, "removed", "before", 1);
    step(f, SY_BEGIN);
    for (int i = 0; i < 40; i++) {
        put(f, "kept", i % 2 == 0 ? "changed" : "changed to something that is much longer", i);
        put(f, "new", "inserted", i);
        must(f, sy_store_remove(f->store, f->schema, SY_STR("removed"), &f->err));
        put(f, "removed", "again", i);
        must(f, sy_store_remove(f->store, f->schema, SY_STR("new"), &f->err));
    }
    put(f, "other", "inserted", 1);
    must(f, sy_store_remove(f->store, f->schema, SY_STR("removed"), &f->err));
    step(f, SY_ROLLBACK);
    assert_text(get(f, "kept"), "before");
    assert_text(get(f, "removed"), "before");
    assert_null(get(f, "new"));
    assert_null(get(f, "other"));
    step(f, SY_BEGIN);
    put(f, "kept", "after", 2);
    must(f, sy_store_remove(f->store, f->schema, SY_STR("removed"), &f->err));
    step(f, SY_COMMIT);
    assert_text(get(f, "kept"), "after");
    assert_null(get(f, "removed"));
}

static void a_rollback_of_many_inserts_leaves_nothing(void **state)
{
    fixture *f = *state;
    step(f, SY_BEGIN);
    for (int i = 0; i < 500; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "row %d", i);
        put(f, id, "inserted", i);
    }
    step(f, SY_ROLLBACK);
    sy_query query = sy_query_all(f->schema);
    assert_string_equal(ids(f, &query, NULL), "");
}

static void transactions_do_not_nest(void **state)
{
    fixture *f = *state;
    assert_int_equal(sy_store_transact(f->store, SY_COMMIT, &f->err), SY_STATE);
    assert_int_equal(sy_store_transact(f->store, SY_ROLLBACK, &f->err), SY_STATE);
    step(f, SY_BEGIN);
    assert_int_equal(sy_store_transact(f->store, SY_BEGIN, &f->err), SY_STATE);
    put(f, "a", "milk", 1);
    step(f, SY_COMMIT);
    assert_text(get(f, "a"), "milk");
}

static void a_refused_write_leaves_the_transaction_to_the_caller(void **state)
{
    fixture *f = *state;
    step(f, SY_BEGIN);
    put(f, "a", "milk", 1);
    sy_row *bad = row(f, "b");
    bad->cells[TEXT] = sy_int(1);
    assert_int_equal(sy_store_write(f->store, bad, &f->err), SY_SCHEMA);
    step(f, SY_ROLLBACK);
    assert_null(get(f, "a"));
    put(f, "a", "eggs", 1);
    assert_text(get(f, "a"), "eggs");
}

/* -- a process ends -- */

static void what_was_committed_survives_a_restart(void **state)
{
    fixture *f = *state;
    for (int crash = 0; crash < 2; crash++) {
        put(f, "a", crash ? "crashed" : "closed", 1);
        step(f, SY_BEGIN);
        put(f, "b", "committed", 1);
        step(f, SY_COMMIT);
        step(f, SY_BEGIN);
        put(f, "b", "not committed", 1);
        put(f, "c", "not committed", 1);
        must(f, sy_store_remove(f->store, f->schema, SY_STR("a"), &f->err));
        reopen(f, crash != 0);
        must(f, sy_store_define(f->store, f->schema, &f->err));
        assert_text(get(f, "a"), crash ? "crashed" : "closed");
        assert_text(get(f, "b"), "committed");
        assert_null(get(f, "c"));
        step(f, SY_BEGIN);
        step(f, SY_COMMIT);
    }
}

/* -- definitions -- */

static void a_table_may_be_defined_again(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    must(f, sy_store_define(f->store, f->schema, &f->err));
    f->schema = make_schema(f, "todo", SY_SYSTEM_CLASSIC, USER, USER_END - SY_SYSTEM_COUNT);
    must(f, sy_store_define(f->store, f->schema, &f->err));
    assert_text(get(f, "a"), "milk");
    assert_ptr_equal(get(f, "a")->schema, f->schema);
}

static void a_definition_with_more_columns_adds_them(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    sy_column user[USER_END];
    user[0] = (sy_column){SY_STR("shop"), SY_TYPE_TEXT};
    for (uint32_t i = 0; i < USER_END - SY_SYSTEM_COUNT; i++) {
        user[1 + i] = USER[USER_END - SY_SYSTEM_COUNT - 1 - i]; /* in another order, too */
    }
    f->schema = make_schema(f, "todo", SY_SYSTEM_CLASSIC | SY_SYSTEM_BIT(SY_COLUMN_SEQUENCE), user,
                            USER_END - SY_SYSTEM_COUNT + 1);
    must(f, sy_store_define(f->store, f->schema, &f->err));
    const sy_row *found = get(f, "a");
    assert_named(found, "text", "milk");
    assert_int_equal(sy_row_find(found, SY_STR("quantity"))->as.integer, 1);
    assert_int_equal(sy_row_find(found, SY_STR("shop"))->type, SY_TYPE_NULL);
    sy_row *change = row(f, "a");
    change->cells[SY_SYSTEM_COUNT] = sy_cstr("corner");
    change->cells[SY_COLUMN_SEQUENCE] = sy_int(9);
    must(f, sy_store_write(f->store, change, &f->err));
    found = get(f, "a");
    assert_named(found, "shop", "corner");
    assert_named(found, "text", "milk");
    assert_int_equal(found->cells[SY_COLUMN_SEQUENCE].as.integer, 9);
}

static void a_definition_with_fewer_columns_drops_none(void **state)
{
    fixture *f = *state;
    const sy_schema *full = f->schema;
    put(f, "a", "milk", 1);
    const sy_column less[] = {{SY_STR("shop"), SY_TYPE_TEXT}, {SY_STR("quantity"), SY_TYPE_INT}};
    f->schema = make_schema(f, "todo", SY_SYSTEM_BIT(SY_COLUMN_ID), less, 2);
    must(f, sy_store_define(f->store, f->schema, &f->err));
    sy_row *change = row(f, "a");
    change->cells[SY_SYSTEM_COUNT] = sy_cstr("corner");
    change->cells[SY_SYSTEM_COUNT + 1] = sy_int(5);
    must(f, sy_store_write(f->store, change, &f->err));
    assert_int_equal(get(f, "a")->cells[SY_SYSTEM_COUNT + 1].as.integer, 5);
    assert_int_equal(get(f, "a")->schema->column_count, SY_SYSTEM_COUNT + 2);
    f->schema = full;
    must(f, sy_store_define(f->store, full, &f->err));
    assert_text(get(f, "a"), "milk");
    assert_int_equal(get(f, "a")->cells[QUANTITY].as.integer, 5);
}

static void a_definition_with_another_type_is_damage(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    const sy_column other[] = {{SY_STR("text"), SY_TYPE_INT}};
    const sy_schema *schema = make_schema(f, "todo", SY_SYSTEM_CLASSIC, other, 1);
    assert_int_equal(sy_store_define(f->store, schema, &f->err), SY_CORRUPT);
    assert_non_null(strstr(f->err.text, "todo"));
    assert_non_null(strstr(f->err.text, "text"));
    assert_text(get(f, "a"), "milk");
}

static void a_table_is_not_defined_inside_a_transaction(void **state)
{
    fixture *f = *state;
    const sy_schema *other = make_schema(f, "other", SY_SYSTEM_CLASSIC, USER, 1);
    step(f, SY_BEGIN);
    assert_int_equal(sy_store_define(f->store, other, &f->err), SY_STATE);
    step(f, SY_ROLLBACK);
    must(f, sy_store_define(f->store, other, &f->err));
}

static void an_unknown_table_is_refused(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    f->schema = make_schema(f, "nowhere", SY_SYSTEM_CLASSIC, USER, 1);
    sy_query query = sy_query_all(f->schema);
    sy_rows rows;
    const sy_row *found = NULL;
    assert_int_equal(sy_store_query(f->store, &query, &f->arena, &rows, &f->err), SY_SCHEMA);
    assert_int_equal(sy_store_read(f->store, f->schema, SY_STR("a"), &f->arena, &found, &f->err),
                     SY_SCHEMA);
    assert_int_equal(sy_store_write(f->store, row(f, "a"), &f->err), SY_SCHEMA);
    assert_int_equal(sy_store_remove(f->store, f->schema, SY_STR("a"), NULL), SY_SCHEMA);
    assert_non_null(strstr(f->err.text, "nowhere"));
}

static void a_schema_of_fewer_columns_may_stand_in(void **state)
{
    fixture *f = *state;
    put(f, "a", "milk", 1);
    put(f, "b", "eggs", 2);
    const sy_column less[] = {{SY_STR("quantity"), SY_TYPE_INT}, {SY_STR("text"), SY_TYPE_TEXT}};
    const sy_schema *full = f->schema;
    f->schema = make_schema(f, "todo", SY_SYSTEM_CLASSIC, less, 2);
    assert_int_equal(get(f, "b")->cells[SY_SYSTEM_COUNT].as.integer, 2);
    sy_row *change = row(f, "b");
    change->cells[SY_SYSTEM_COUNT] = sy_int(20);
    must(f, sy_store_write(f->store, change, &f->err));
    sy_query query = sy_query_all(f->schema);
    query.filter = sy_expr_binary(&f->arena, SY_EXPR_GT, sy_expr_column(&f->arena, SY_SYSTEM_COUNT),
                                  sy_expr_literal(&f->arena, sy_int(1)));
    sy_rows rows;
    must(f, sy_store_query(f->store, &query, &f->arena, &rows, &f->err));
    assert_int_equal(rows.count, 1);
    assert_ptr_equal(rows.items[0]->schema, f->schema);
    f->schema = full;
    assert_text(get(f, "b"), "eggs");
    assert_int_equal(get(f, "b")->cells[QUANTITY].as.integer, 20);
}

static void tables_do_not_touch_each_other(void **state)
{
    fixture *f = *state;
    const sy_schema *todo = f->schema;
    const sy_schema *order = make_schema(f, "order", SY_SYSTEM_CLASSIC, USER, 1);
    must(f, sy_store_define(f->store, order, &f->err));
    put(f, "a", "milk", 1);
    f->schema = order;
    sy_row *made = row(f, "a");
    made->cells[TEXT] = sy_cstr("an order");
    must(f, sy_store_write(f->store, made, &f->err));
    f->schema = todo;
    assert_text(get(f, "a"), "milk");
    must(f, sy_store_remove(f->store, todo, SY_STR("a"), &f->err));
    f->schema = order;
    assert_text(get(f, "a"), "an order");
}

static void writes_of_any_set_of_columns_work(void **state)
{
    fixture *f = *state;
    for (int round = 0; round < 2; round++) {
        for (uint32_t set = 0; set < 64; set++) {
            sy_row *made = row(f, "a");
            const sy_value cells[] = {sy_cstr("x"), sy_bool(true),  sy_int((int64_t)set),
                                      sy_real(0.5), sy_datetime(7), sy_blob(SY_STR("\0"))};
            for (uint32_t i = 0; i < 6; i++) {
                if (((set >> i) & 1) != 0) {
                    made->cells[TEXT + i] = cells[i];
                }
            }
            must(f, sy_store_write(f->store, made, &f->err));
            if ((set & 4) != 0) {
                assert_int_equal(get(f, "a")->cells[QUANTITY].as.integer, set);
            }
        }
    }
}

/* -- all over all -- */

#define TEST(name)                                                                                 \
    {                                                                                              \
#name, name                                                                                \
    }

static const struct {
    const char *name;
    CMUnitTestFunction run;
} TESTS[] = {
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
};

#define KIND_COUNT (sizeof KINDS / sizeof *KINDS)
#define TEST_COUNT (sizeof TESTS / sizeof *TESTS)

int main(void)
{
    static struct CMUnitTest tests[KIND_COUNT * TEST_COUNT];
    static char names[KIND_COUNT * TEST_COUNT][128];
    if (sim_vfs_install(NULL) != SY_OK) {
        return 1;
    }
    for (size_t i = 0; i < KIND_COUNT * TEST_COUNT; i++) {
        const kind *over = &KINDS[i / TEST_COUNT];
        (void)snprintf(names[i], sizeof names[i], "%s: %s", over->name, TESTS[i % TEST_COUNT].name);
        tests[i] = (struct CMUnitTest){.name = names[i],
                                       .test_func = TESTS[i % TEST_COUNT].run,
                                       .setup_func = setup,
                                       .teardown_func = teardown,
                                       .initial_state = (void *)(uintptr_t)over};
    }
    return cmocka_run_group_tests_name("store contract", tests, NULL, NULL);
}

/* A script of all calls of the store port, in which the n-th allocation, allocation inside SQLite,
 * change of the disk or write at the port fails, for n = 1, 2, 3... After each: an error was
 * returned (or the failure did not matter), a rollback works, the rows are those before the failed
 * call (or after it, where it was a commit on a dying disk), and the rest of the script runs to the
 * same end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_store.h"
#include "sim/disk/sim_vfs.h"
#include "sim/disk/sim_vfs_memory.h"
#include "tests/unit/support.h"

typedef enum fault_kind {
    FAULT_NONE,
    FAULT_ALLOC,        /* of ours */
    FAULT_SQLITE_ALLOC, /* of SQLite's */
    FAULT_DISK_ERROR,
    FAULT_DISK_DEATH,
    FAULT_WRITE_FAIL, /* at the port */
    FAULT_WRITE_CRASH
} fault_kind;

enum { /* the script; what is between BEGIN and its end is one transaction */
       OPEN,
       DEFINE,
       WRITE_A,
       WRITE_B,
       CHANGE_A,
       BEGIN_1,
       WRITE_C,
       CHANGE_A_LONGER,
       REMOVE_B,
       QUERY_INSIDE,
       COMMIT_1,
       BEGIN_2,
       WRITE_D,
       REMOVE_A,
       ROLLBACK_2,
       READ_A,
       QUERY_TOTAL,
       DEFINE_MORE,
       WRITE_E,
       REMOVE_C,
       BEGIN_3,
       WRITE_ROWS,
       COMMIT_3 = WRITE_ROWS + 20,
       STEP_COUNT
};

enum { TEXT = SY_SYSTEM_COUNT, QUANTITY };

typedef struct fixture {
    fault_kind fault;
    bool sqlite;
    test_alloc alloc;
    sy_arena schemas; /* never fails */
    const sy_schema *schema, *more;
    sim_disk *disk;
    sy_store_memory *memory;
    sy_store_sqlite *engine;
    sim_store faulty;
    sy_store store;
    bool in_transaction;
    sy_err err;
} fixture;

/* -- SQLite's allocator, with a countdown -- */

static sqlite3_mem_methods sqlite_methods;
static uint64_t sqlite_fail_in;
static bool sqlite_failed;

static bool sqlite_alloc_fails(void)
{
    if (sqlite_fail_in == 0 || --sqlite_fail_in > 0) {
        return false;
    }
    sqlite_failed = true;
    return true;
}

static void *sqlite_malloc(int size)
{
    return sqlite_alloc_fails() ? NULL : sqlite_methods.xMalloc(size);
}

static void *sqlite_realloc(void *block, int size)
{
    return sqlite_alloc_fails() ? NULL : sqlite_methods.xRealloc(block, size);
}

static void install_sqlite_alloc(void)
{
    assert_int_equal(sim_vfs_memory_install(), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_methods), SQLITE_OK);
    sqlite3_mem_methods ours = sqlite_methods;
    ours.xMalloc = sqlite_malloc;
    ours.xRealloc = sqlite_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), SQLITE_OK);
}

/* -- the fixture -- */

static fixture *fixture_new(bool sqlite, fault_kind fault, uint64_t n)
{
    fixture *f = test_calloc(1, sizeof *f);
    f->sqlite = sqlite;
    f->fault = fault;
    sy_arena_init(&f->schemas, sy_alloc_std());
    const sy_column user[] = {{SY_STR("text"), SY_TYPE_TEXT}, {SY_STR("quantity"), SY_TYPE_INT}};
    const sy_column more[] = {{SY_STR("shop"), SY_TYPE_TEXT},
                              {SY_STR("quantity"), SY_TYPE_INT},
                              {SY_STR("text"), SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&f->schemas, SY_STR("todo"), SY_SYSTEM_CLASSIC, user, 2, &f->schema, NULL),
        SY_OK);
    assert_int_equal(
        sy_schema_new(&f->schemas, SY_STR("todo"), SY_SYSTEM_CLASSIC, more, 3, &f->more, NULL),
        SY_OK);
    test_alloc_init(&f->alloc, 0);
    f->disk = sim_disk_new(test_alloc_port(&f->alloc));
    assert_non_null(f->disk);
    assert_non_null(sim_disk_path(f->disk, "main.db"));
    sqlite_failed = false;
    sqlite_fail_in = fault == FAULT_SQLITE_ALLOC ? n : 0;
    if (fault == FAULT_ALLOC) {
        f->alloc.fail_at = f->alloc.count + n;
    } else if (fault == FAULT_DISK_ERROR) {
        sim_disk_error_at(f->disk, n);
    } else if (fault == FAULT_DISK_DEATH) {
        sim_disk_fail_at(f->disk, n);
    } else if (fault == FAULT_WRITE_FAIL || fault == FAULT_WRITE_CRASH) {
        f->faulty.fault_at = n;
    }
    return f;
}

static void close_store(fixture *f)
{
    sy_store_sqlite_close(f->engine);
    f->engine = NULL;
}

static void fixture_free(fixture *f)
{
    close_store(f);
    sy_store_memory_free(f->memory);
    sim_disk_free(f->disk);
    assert_int_equal(test_alloc_live(&f->alloc), 0);
    sy_arena_deinit(&f->schemas);
    test_free(f);
}

static sy_rc open_store(fixture *f)
{
    sy_store inner = {NULL, NULL};
    if (f->sqlite) {
        sy_store_sqlite_options options = {.path = sim_disk_path(f->disk, "main.db")};
        sy_rc rc = sy_store_sqlite_open(test_alloc_port(&f->alloc), &options, &f->engine, &f->err);
        if (rc != SY_OK) {
            return rc;
        }
        inner = sy_store_sqlite_port(f->engine);
    } else {
        if (f->memory == NULL) {
            sy_rc rc = sy_store_memory_new(test_alloc_port(&f->alloc), &f->memory, &f->err);
            if (rc != SY_OK) {
                return rc;
            }
        }
        inner = sy_store_memory_port(f->memory);
    }
    uint64_t fault_at = f->faulty.fault_at;
    sim_store_init(&f->faulty, inner);
    f->faulty.fault_at = fault_at;
    f->faulty.fault = f->fault == FAULT_WRITE_CRASH ? SIM_STORE_CRASH : SIM_STORE_FAIL;
    f->store = sim_store_port(&f->faulty);
    return SY_OK;
}

/* -- the script -- */

static sy_rc put(fixture *f, const sy_schema *schema, const char *id, const char *text,
                 int64_t quantity)
{
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_row *row = sy_row_new(&arena, schema);
    assert_non_null(row);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    if (text != NULL) {
        row->cells[sy_schema_find(schema, SY_STR("text"))] = sy_cstr(text);
    }
    row->cells[sy_schema_find(schema, SY_STR("quantity"))] = sy_int(quantity);
    sy_rc rc = sy_store_write(f->store, row, &f->err);
    sy_arena_deinit(&arena);
    return rc;
}

static sy_rc take(fixture *f, const char *id)
{
    return sy_store_remove(f->store, f->schema, sy_str_of(id), &f->err);
}

static sy_rc transact(fixture *f, sy_transaction_step step)
{
    sy_rc rc = sy_store_transact(f->store, step, &f->err);
    if (rc == SY_OK) {
        f->in_transaction = step == SY_BEGIN;
    }
    return rc;
}

/* Answers go to an arena whose allocations fail too. */
static sy_rc read_a(fixture *f)
{
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&f->alloc));
    const sy_row *row = NULL;
    sy_rc rc = sy_store_read(f->store, f->schema, SY_STR("a"), &arena, &row, &f->err);
    assert_true(rc != SY_OK || row != NULL);
    sy_arena_deinit(&arena);
    return rc;
}

static sy_rc query(fixture *f, bool total)
{
    sy_arena literals;
    sy_arena_init(&literals, sy_alloc_std());
    sy_arena arena;
    sy_arena_init(&arena, test_alloc_port(&f->alloc));
    sy_query q = sy_query_all(f->schema);
    q.filter = sy_expr_binary(&literals, SY_EXPR_GT, sy_expr_column(&literals, QUANTITY),
                              sy_expr_literal(&literals, sy_int(0)));
    q.order[0] = (sy_order){.column = TEXT, .descending = true};
    q.order_count = 1;
    q.want_total = total;
    q.top = total ? 1 : -1;
    q.select = total ? 0 : UINT64_C(1) << TEXT;
    sy_rows rows;
    sy_rc rc = sy_store_query(f->store, &q, &arena, &rows, &f->err);
    assert_true(rc != SY_OK || rows.count == (total ? 1 : 2));
    sy_arena_deinit(&arena);
    sy_arena_deinit(&literals);
    return rc;
}

static sy_rc act(fixture *f, int step)
{
    char id[16];
    switch (step) {
    case OPEN:
        return open_store(f);
    case DEFINE:
        return sy_store_define(f->store, f->schema, &f->err);
    case WRITE_A:
        return put(f, f->schema, "a", "milk", 1);
    case WRITE_B:
        return put(f, f->schema, "b", "eggs", 12);
    case CHANGE_A:
        return put(f, f->schema, "a", NULL, 2);
    case BEGIN_1:
    case BEGIN_2:
    case BEGIN_3:
        return transact(f, SY_BEGIN);
    case WRITE_C:
        return put(f, f->schema, "c", "butter", 3);
    case CHANGE_A_LONGER:
        return put(f, f->schema, "a", "milk of a small farm up in the hills, half a litre of it",
                   3);
    case REMOVE_B:
        return take(f, "b");
    case QUERY_INSIDE:
        return query(f, false);
    case COMMIT_1:
    case COMMIT_3:
        return transact(f, SY_COMMIT);
    case WRITE_D:
        return put(f, f->schema, "d", "bread", 4);
    case REMOVE_A:
        return take(f, "a");
    case ROLLBACK_2:
        return transact(f, SY_ROLLBACK);
    case READ_A:
        return read_a(f);
    case QUERY_TOTAL:
        return query(f, true);
    case DEFINE_MORE:
        return sy_store_define(f->store, f->more, &f->err);
    case WRITE_E:
        return put(f, f->more, "e", "salt", 5);
    case REMOVE_C:
        return take(f, "c");
    default:
        (void)snprintf(id, sizeof id, "row %d", step);
        return put(f, f->more, id, "one of many", step);
    }
}

/* All rows as JSON; "" without a table. */
static void dump(fixture *f, sy_buf *out)
{
    sy_buf_clear(out);
    if (f->store.ops == NULL) {
        return;
    }
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_query all = sy_query_all(f->schema);
    sy_rows rows = {.count = 0};
    sy_rc rc = sy_store_query(f->store, &all, &arena, &rows, &f->err);
    if (rc != SY_OK && rc != SY_SCHEMA) {
        fail_msg("dump: %s: %s", sy_rc_name(rc), f->err.text);
    }
    for (size_t i = 0; i < rows.count; i++) {
        sy_row_to_json(rows.items[i], out);
    }
    sy_arena_deinit(&arena);
}

static sy_buf states[STEP_COUNT]; /* the committed rows after each step */

static void record_states(void)
{
    fixture *f = fixture_new(false, FAULT_NONE, 0);
    for (int step = 0; step < STEP_COUNT; step++) {
        assert_int_equal(act(f, step), SY_OK);
        sy_buf_init(&states[step], sy_alloc_std());
        if (f->in_transaction) {
            sy_buf_add_str(&states[step], sy_buf_str(&states[step - 1]));
        } else {
            dump(f, &states[step]);
        }
    }
    fixture_free(f);
}

static bool at_state(const sy_buf *now, int step)
{
    return sy_str_equal(sy_buf_str(now), step < 0 ? SY_STR("") : sy_buf_str(&states[step]));
}

static bool is_expected(fault_kind fault, sy_rc rc)
{
    switch (fault) {
    case FAULT_ALLOC:
        return rc == SY_NOMEM;
    case FAULT_SQLITE_ALLOC:
        return rc == SY_NOMEM || rc == SY_STORE;
    case FAULT_WRITE_CRASH:
        return rc == SY_CRASHED;
    case FAULT_DISK_ERROR:
    case FAULT_DISK_DEATH:
    case FAULT_WRITE_FAIL:
        return rc == SY_STORE;
    case FAULT_NONE:
        break;
    }
    return false;
}

static int begin_of(int step)
{
    return step >= BEGIN_3 ? BEGIN_3 : step >= BEGIN_2 ? BEGIN_2 : BEGIN_1;
}

/* The process starts again, over what the dead one left. */
static void restart(fixture *f, int step)
{
    f->in_transaction = false;
    if (f->memory != NULL) {
        sy_store_memory_crash(f->memory);
    } else {
        sim_disk_crash(f->disk);
    }
    close_store(f);
    if (step > OPEN) {
        assert_int_equal(open_store(f), SY_OK);
    }
    if (step > DEFINE) {
        assert_int_equal(sy_store_define(f->store, f->schema, &f->err), SY_OK);
    }
    if (step > DEFINE_MORE) {
        assert_int_equal(sy_store_define(f->store, f->more, &f->err), SY_OK);
    }
}

static void disarm(fixture *f)
{
    f->alloc.fail_at = 0;
    f->faulty.fault_at = 0;
    sqlite_fail_in = 0;
    sim_disk_error_at(f->disk, 0);
}

/* After the failure at `step`: the rows are as they should be. Returns the step to go on with. */
static int recover(fixture *f, int step)
{
    disarm(f);
    bool inside = f->in_transaction;
    bool dies = f->fault == FAULT_DISK_DEATH || f->fault == FAULT_WRITE_CRASH;
    if (dies) {
        restart(f, step);
    } else if (inside) {
        assert_int_equal(transact(f, SY_ROLLBACK), SY_OK);
    }
    sy_buf now;
    sy_buf_init(&now, sy_alloc_std());
    dump(f, &now);
    bool before = at_state(&now, step - 1);
    bool after = f->fault == FAULT_DISK_DEATH && at_state(&now, step);
    if (!before && !after) {
        fail_msg("after step %d: %.*s", step, (int)now.size, now.data);
    }
    sy_buf_deinit(&now);
    if (!inside) {
        return step;
    }
    return before ? begin_of(step) : step + 1;
}

/* Returns whether the fault came to pass. */
static bool run(bool sqlite, fault_kind fault, uint64_t n)
{
    fixture *f = fixture_new(sqlite, fault, n);
    bool failed = false;
    for (int step = 0; step < STEP_COUNT;) {
        sy_rc rc = act(f, step);
        if (rc == SY_OK) {
            step++;
            continue;
        }
        if (failed || !is_expected(fault, rc)) {
            fail_msg("n %d, step %d: %s: %s", (int)n, step, sy_rc_name(rc), f->err.text);
        }
        assert_int_equal(f->err.rc, rc);
        assert_true(f->err.text[0] != '\0');
        failed = true;
        step = recover(f, step);
    }
    disarm(f);
    sy_buf end;
    sy_buf_init(&end, sy_alloc_std());
    dump(f, &end);
    assert_true(at_state(&end, STEP_COUNT - 1));
    sy_buf_deinit(&end);
    bool happened = failed || sqlite_failed || test_alloc_failed(&f->alloc);
    fixture_free(f);
    return happened;
}

static void sweep(bool sqlite, fault_kind fault, uint64_t at_least)
{
    uint64_t n = 1;
    while (run(sqlite, fault, n)) {
        n++;
    }
    print_message("%d places\n", (int)n - 1);
    assert_true(n > at_least);
}

/* -- tests -- */

static void the_memory_store_survives_every_failed_allocation(void **state)
{
    (void)state;
    sweep(false, FAULT_ALLOC, 15);
}

static void the_sqlite_store_survives_every_failed_allocation(void **state)
{
    (void)state;
    sweep(true, FAULT_ALLOC, 15);
}

static void the_sqlite_store_survives_every_failed_allocation_of_sqlite(void **state)
{
    (void)state;
    sweep(true, FAULT_SQLITE_ALLOC, 300);
}

static void the_sqlite_store_survives_every_error_of_the_disk(void **state)
{
    (void)state;
    sweep(true, FAULT_DISK_ERROR, 40);
}

static void the_sqlite_store_survives_death_at_every_change_of_the_disk(void **state)
{
    (void)state;
    sweep(true, FAULT_DISK_DEATH, 40);
}

static void both_stores_survive_every_failed_write(void **state)
{
    (void)state;
    sweep(false, FAULT_WRITE_FAIL, 20);
    sweep(true, FAULT_WRITE_FAIL, 20);
}

static void both_stores_survive_death_at_every_write(void **state)
{
    (void)state;
    sweep(false, FAULT_WRITE_CRASH, 20);
    sweep(true, FAULT_WRITE_CRASH, 20);
}

/* -- files that are none of ours -- */

static sy_rc open_with(const char *sql, const char *journal_mode, sy_err *err)
{
    sim_disk *disk = sim_disk_new(sy_alloc_std());
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(sim_disk_path(disk, "main.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    sy_store_sqlite_options options = {.path = sim_disk_path(disk, "main.db"),
                                       .journal_mode = journal_mode};
    sy_store_sqlite *store = NULL;
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_rc rc = sy_store_sqlite_open(sy_alloc_std(), &options, &store, err);
    if (rc == SY_OK) {
        const sy_column user[] = {{SY_STR("text"), SY_TYPE_TEXT}};
        const sy_schema *schema = NULL;
        assert_int_equal(
            sy_schema_new(&arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, user, 1, &schema, NULL),
            SY_OK);
        sy_store port = sy_store_sqlite_port(store);
        rc = sy_store_define(port, schema, err);
        const sy_row *row = NULL;
        if (rc == SY_OK) {
            rc = sy_store_read(port, schema, SY_STR("a"), &arena, &row, err);
        }
    }
    sy_arena_deinit(&arena);
    sy_store_sqlite_close(store);
    sim_disk_free(disk);
    return rc;
}

static void a_file_of_another_make_is_named_damage(void **state)
{
    (void)state;
    sy_err err;
    assert_int_equal(open_with("", NULL, &err), SY_OK);
    assert_int_equal(open_with("CREATE TABLE todo(id TEXT PRIMARY KEY, text INTEGER)", NULL, &err),
                     SY_CORRUPT);
    assert_non_null(strstr(err.text, "'text' is stored as INTEGER"));
    assert_int_equal(open_with("CREATE TABLE todo(text TEXT)", NULL, &err), SY_CORRUPT);
    assert_int_equal(open_with("CREATE TABLE todo(id TEXT, text TEXT)", NULL, &err), SY_CORRUPT);
    assert_int_equal(open_with("CREATE TABLE todo(id TEXT PRIMARY KEY, text TEXT);"
                               "INSERT INTO todo VALUES('a', x'00')",
                               NULL, &err),
                     SY_CORRUPT);
    assert_non_null(strstr(err.text, "todo"));
    assert_non_null(strstr(err.text, "bytes"));
}

static void a_file_that_is_no_database_is_named_damage(void **state)
{
    (void)state;
    sy_err err;
    sim_disk *disk = sim_disk_new(sy_alloc_std());
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    sqlite3_file *file = test_calloc(1, (size_t)vfs->szOsFile);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
    const char *path = sim_disk_path(disk, "main.db");
    assert_int_equal(vfs->xOpen(vfs, path, file, flags, NULL), SQLITE_OK);
    char rubbish[2048];
    memset(rubbish, 'x', sizeof rubbish);
    assert_int_equal(file->pMethods->xWrite(file, rubbish, sizeof rubbish, 0), SQLITE_OK);
    assert_int_equal(file->pMethods->xClose(file), SQLITE_OK);
    test_free(file);
    sy_store_sqlite *store = NULL;
    sy_store_sqlite_options options = {.path = path};
    assert_int_equal(sy_store_sqlite_open(sy_alloc_std(), &options, &store, &err), SY_CORRUPT);
    assert_non_null(strstr(err.text, "no database"));
    sim_disk_free(disk);
}

static int64_t row_count(fixture *f)
{
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    const sy_query all = sy_query_all(f->schema);
    sy_rows rows = {0};
    assert_int_equal(sy_store_query(f->store, &all, &arena, &rows, &f->err), SY_OK);
    const int64_t count = (int64_t)rows.count;
    sy_arena_deinit(&arena);
    return count;
}

/* What lies under the connection is what it reads, by statements that were prepared before. */
static void a_renewed_connection_reads_the_file_that_was_put_back(void **state)
{
    (void)state;
    fixture *f = fixture_new(true, FAULT_NONE, 0);
    assert_int_equal(open_store(f), SY_OK);
    assert_int_equal(sy_store_define(f->store, f->schema, &f->err), SY_OK);
    sy_buf image;
    sy_buf_init(&image, sy_alloc_std());
    sim_disk_copy(f->disk, "main.db", &image);
    const uint64_t changes = sim_disk_change_count(f->disk);
    assert_int_equal(put(f, f->schema, "a", "one", 1), SY_OK);
    assert_int_equal(put(f, f->schema, "b", "two", 2), SY_OK);
    assert_int_equal(row_count(f), 2);

    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    assert_int_equal(sy_store_sqlite_renew(f->engine, &f->err), SY_STATE);
    assert_int_equal(transact(f, SY_ROLLBACK), SY_OK);

    assert_int_equal(sim_disk_restore(f->disk, "main.db", sy_buf_str(&image), changes), SY_OK);
    assert_int_equal(sy_store_sqlite_renew(f->engine, &f->err), SY_OK);
    assert_int_equal(put(f, f->schema, "a", "one", 1), SY_SCHEMA); /* not defined again yet */
    assert_int_equal(sy_store_define(f->store, f->schema, &f->err), SY_OK);
    assert_int_equal(sim_disk_change_count(f->disk), changes);
    assert_int_equal(row_count(f), 0);
    assert_int_equal(put(f, f->schema, "a", "one", 1), SY_OK);
    assert_int_equal(row_count(f), 1);
    sy_buf_deinit(&image);
    fixture_free(f);
}

static void options_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    sy_err err;
    assert_int_equal(open_with("", "WAL", &err), SY_STORE);
    assert_non_null(strstr(err.text, "WAL"));
    assert_int_equal(open_with("", "SOMETIMES", &err), SY_INVALID);
    sy_store_sqlite *store = NULL;
    sy_store_sqlite_options options = {.path = NULL};
    assert_int_equal(sy_store_sqlite_open(sy_alloc_std(), &options, &store, &err), SY_INVALID);
    options.path = "nowhere/main.db";
    assert_int_equal(sy_store_sqlite_open(sy_alloc_std(), &options, &store, &err), SY_STORE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_memory_store_survives_every_failed_allocation),
        cmocka_unit_test(the_sqlite_store_survives_every_failed_allocation),
        cmocka_unit_test(the_sqlite_store_survives_every_failed_allocation_of_sqlite),
        cmocka_unit_test(the_sqlite_store_survives_every_error_of_the_disk),
        cmocka_unit_test(the_sqlite_store_survives_death_at_every_change_of_the_disk),
        cmocka_unit_test(both_stores_survive_every_failed_write),
        cmocka_unit_test(both_stores_survive_death_at_every_write),
        cmocka_unit_test(a_file_of_another_make_is_named_damage),
        cmocka_unit_test(a_file_that_is_no_database_is_named_damage),
        cmocka_unit_test(a_renewed_connection_reads_the_file_that_was_put_back),
        cmocka_unit_test(options_that_make_no_sense_are_refused),
    };
    install_sqlite_alloc();
    if (sim_vfs_install(NULL) != SY_OK) {
        return 1;
    }
    record_states();
    int rc = cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
    for (int step = 0; step < STEP_COUNT; step++) {
        sy_buf_deinit(&states[step]);
    }
    return rc;
}

/* The in-memory VFS under a real SQLite: locks, random bytes, crashes at every change of a
 * transaction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "core/base/pool.h"
#include "sim/disk/sim_vfs.h"
#include "tests/unit/support.h"

typedef struct fixture {
    test_alloc alloc;
    sim_disk *disk;
    const char *path;
} fixture;

static int setup(void **state)
{
    fixture *f = test_calloc(1, sizeof *f);
    test_alloc_init(&f->alloc, 0);
    f->disk = sim_disk_new(test_alloc_port(&f->alloc));
    assert_non_null(f->disk);
    f->path = sim_disk_path(f->disk, "main.db");
    assert_non_null(f->path);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    sim_disk_free(f->disk);
    assert_int_equal(test_alloc_live(&f->alloc), 0);
    test_free(f);
    return 0;
}

static int run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static sqlite3 *open_db(fixture *f)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(run(db, "PRAGMA temp_store=MEMORY"), SQLITE_OK);
    return db;
}

static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    return value;
}

static void a_file_outlives_its_connection(void **state)
{
    fixture *f = *state;
    sqlite3 *db = open_db(f);
    assert_int_equal(run(db, "CREATE TABLE t(a); INSERT INTO t VALUES(7)"), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(sim_disk_size(f->disk) >= 8192);
    db = open_db(f);
    assert_int_equal(ask(db, "SELECT a FROM t"), 7);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void disks_and_files_are_told_apart(void **state)
{
    fixture *f = *state;
    sim_disk *other = sim_disk_new(sy_alloc_std());
    assert_string_not_equal(sim_disk_path(other, "main.db"), f->path);
    assert_ptr_equal(sim_disk_path(f->disk, "main.db"), f->path);
    sqlite3 *db = open_db(f);
    sqlite3 *db2 = NULL;
    assert_int_equal(sqlite3_open(sim_disk_path(other, "main.db"), &db2), SQLITE_OK);
    assert_int_equal(run(db, "CREATE TABLE t(a)"), SQLITE_OK);
    assert_int_equal(run(db2, "SELECT * FROM t"), SQLITE_ERROR);
    assert_int_equal(sqlite3_close(db2), SQLITE_OK);
    assert_int_equal(sqlite3_open("999999999/main.db", &db2), SQLITE_CANTOPEN);
    assert_int_equal(sqlite3_close(db2), SQLITE_OK);
    assert_int_equal(sqlite3_open("main.db", &db2), SQLITE_CANTOPEN);
    assert_int_equal(sqlite3_close(db2), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    sim_disk_free(other);
}

static void a_large_file_grows_and_shrinks(void **state)
{
    fixture *f = *state;
    sqlite3 *db = open_db(f);
    assert_int_equal(run(db,
                         "CREATE TABLE t(a);"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 900)"
                         "INSERT INTO t SELECT zeroblob(1000) FROM n"),
                     SQLITE_OK);
    uint64_t size = sim_disk_size(f->disk);
    assert_true(size > 900000);
    assert_int_equal(run(db, "DELETE FROM t; VACUUM"), SQLITE_OK);
    assert_true(sim_disk_size(f->disk) < 20000);
    assert_int_equal(ask(db, "SELECT count(*) FROM t"), 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void two_connections_exclude_each_other(void **state)
{
    fixture *f = *state;
    sqlite3 *one = open_db(f);
    sqlite3 *two = open_db(f);
    assert_int_equal(run(one, "CREATE TABLE t(a); BEGIN IMMEDIATE; INSERT INTO t VALUES(1)"),
                     SQLITE_OK);
    assert_int_equal(run(two, "BEGIN IMMEDIATE"), SQLITE_BUSY);
    assert_int_equal(ask(two, "SELECT count(*) FROM t"), 0);
    assert_int_equal(run(one, "COMMIT; BEGIN; INSERT INTO t VALUES(2)"), SQLITE_OK);
    assert_int_equal(run(two, "BEGIN; SELECT * FROM t"), SQLITE_OK);
    assert_int_equal(run(one, "COMMIT"), SQLITE_BUSY);
    sqlite3 *three = open_db(f);
    assert_int_equal(run(three, "SELECT * FROM t"), SQLITE_BUSY); /* the writer waits */
    assert_int_equal(run(two, "COMMIT"), SQLITE_OK);
    assert_int_equal(run(one, "COMMIT"), SQLITE_OK);
    assert_int_equal(ask(three, "SELECT count(*) FROM t"), 2);
    assert_int_equal(sqlite3_close(three), SQLITE_OK);
    assert_int_equal(sqlite3_close(two), SQLITE_OK);
    assert_int_equal(sqlite3_close(one), SQLITE_OK);
}

static void random_bytes_begin_again_with_the_seed(void **state)
{
    (void)state;
    unsigned char a[40], b[40], c[40];
    sim_vfs_reset_random(7);
    sqlite3_randomness(sizeof a, a);
    sim_vfs_reset_random(8);
    sqlite3_randomness(sizeof b, b);
    sim_vfs_reset_random(7);
    sqlite3_randomness(sizeof c, c);
    assert_memory_equal(a, c, sizeof a);
    assert_memory_not_equal(a, b, sizeof a);
}

static void the_clock_stands_at_the_beginning_of_the_world(void **state)
{
    fixture *f = *state;
    sqlite3 *db = open_db(f);
    assert_int_equal(ask(db, "SELECT strftime('%s', 'now')"), 1767225600);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void write_ahead_logging_is_not_offered(void **state)
{
    fixture *f = *state;
    sqlite3 *db = open_db(f);
    assert_int_equal(run(db, "CREATE TABLE t(a)"), SQLITE_OK);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA journal_mode=WAL", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "delete");
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void steady_work_needs_no_memory_but_a_pools(void **state)
{
    (void)state;
    test_alloc alloc;
    test_alloc_init(&alloc, 0);
    sy_pool pool;
    sy_pool_init(&pool, test_alloc_port(&alloc));
    pool.size_max = SY_POOL_SIZE_MAX;
    fixture f = {.disk = sim_disk_new(sy_pool_port(&pool))};
    assert_non_null(f.disk);
    f.path = sim_disk_path(f.disk, "main.db");
    sqlite3 *db = open_db(&f);
    assert_int_equal(run(db, "CREATE TABLE t(a); INSERT INTO t VALUES(0)"), SQLITE_OK);
    assert_int_equal(run(db, "UPDATE t SET a=a+1"), SQLITE_OK);
    uint64_t count = alloc.count;
    for (int i = 0; i < 50; i++) {
        assert_int_equal(run(db, "UPDATE t SET a=a+1"), SQLITE_OK);
    }
    assert_int_equal(alloc.count, count);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    sim_disk_free(f.disk);
    sy_pool_deinit(&pool);
    assert_int_equal(test_alloc_live(&alloc), 0);
}

static void a_dead_disk_refuses_until_its_process_is_gone(void **state)
{
    fixture *f = *state;
    sqlite3 *db = open_db(f);
    assert_int_equal(run(db, "CREATE TABLE t(a); BEGIN; INSERT INTO t VALUES(1)"), SQLITE_OK);
    sim_disk_crash(f->disk);
    assert_int_not_equal(run(db, "COMMIT"), SQLITE_OK);
    sqlite3 *next = NULL;
    assert_int_equal(sqlite3_open(f->path, &next), SQLITE_CANTOPEN);
    assert_int_equal(sqlite3_close(next), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    next = open_db(f);
    assert_int_equal(ask(next, "SELECT count(*) FROM t"), 0);
    assert_int_equal(run(next, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    assert_int_equal(sqlite3_close(next), SQLITE_OK);
}

/* A transaction that touches many pages, in a cache so small that it spills before the commit. */
static int transaction(sqlite3 *db)
{
    return run(db, "PRAGMA cache_size=2; BEGIN;"
                   "UPDATE t SET b=b+1; DELETE FROM t WHERE a%3=0;"
                   "INSERT INTO t SELECT a+1000,b,c FROM t WHERE a%5=0; COMMIT");
}

/* 0: as before the transaction, 1: as after it, -1: neither. */
static int state_of(sqlite3 *db)
{
    static const char CHECK[] = "SELECT count(*)*1000000+sum(b) FROM t";
    if (ask(db, "SELECT integrity_check='ok' FROM pragma_integrity_check") != 1) {
        return -1;
    }
    int64_t found = ask(db, CHECK);
    if (found == INT64_C(60000000)) {
        return 0;
    }
    return found == INT64_C(48000048) ? 1 : -1;
}

static void prepare(fixture *f, const char *journal_mode)
{
    sqlite3 *db = open_db(f);
    assert_int_equal(run(db, journal_mode), SQLITE_OK);
    assert_int_equal(run(db,
                         "PRAGMA page_size=1024; CREATE TABLE t(a INTEGER PRIMARY KEY,b,c);"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 60)"
                         "INSERT INTO t SELECT i,0,zeroblob(400) FROM n"),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Dies before the n-th change of a transaction, and, with `again`, before the second of the
 * recovery. Returns whether the transaction got through without dying. */
static bool crash_at(uint64_t change, const char *journal_mode, bool again, int *outcome)
{
    void *state = NULL;
    setup(&state);
    fixture *f = state;
    prepare(f, journal_mode);
    sqlite3 *db = open_db(f);
    assert_int_equal(run(db, journal_mode), SQLITE_OK);
    sim_disk_fail_at(f->disk, change);
    bool through = transaction(db) == SQLITE_OK;
    sim_disk_fail_at(f->disk, 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    if (again) {
        db = open_db(f);
        sim_disk_fail_at(f->disk, 2);
        (void)run(db, "SELECT count(*) FROM t");
        sim_disk_fail_at(f->disk, 0);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
    db = open_db(f);
    *outcome = state_of(db);
    assert_int_equal(run(db, "UPDATE t SET b=b+1"), SQLITE_OK); /* it goes on from there */
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    teardown(&state);
    return through;
}

static void sweep(const char *journal_mode, bool again)
{
    int seen[2] = {0, 0};
    for (uint64_t change = 1;; change++) {
        int outcome = -1;
        bool through = crash_at(change, journal_mode, again, &outcome);
        if (outcome != 0 && outcome != 1) {
            fail_msg("%s: neither before nor after, change %d", journal_mode, (int)change);
            return;
        }
        seen[outcome]++;
        if (through && outcome == 1 && change > 10) {
            break;
        }
        assert_true(change < 2000);
    }
    assert_true(seen[0] > 10);
    assert_true(seen[1] > 0);
}

static void a_crash_at_any_change_leaves_before_or_after(void **state)
{
    (void)state;
    sweep("PRAGMA journal_mode=DELETE", false);
    sweep("PRAGMA journal_mode=TRUNCATE", false);
    sweep("PRAGMA journal_mode=PERSIST", false);
}

static void a_crash_during_the_recovery_is_recovered_from(void **state)
{
    (void)state;
    sweep("PRAGMA journal_mode=DELETE", true);
    sweep("PRAGMA journal_mode=PERSIST", true);
}

static void an_error_at_any_change_leaves_before_or_after(void **unused)
{
    (void)unused;
    for (uint64_t change = 1;; change++) {
        void *state = NULL;
        setup(&state);
        fixture *f = state;
        prepare(f, "PRAGMA journal_mode=DELETE");
        sqlite3 *db = open_db(f);
        sim_disk_error_at(f->disk, change);
        bool through = transaction(db) == SQLITE_OK;
        if (!through) {
            (void)run(db, "ROLLBACK");
        }
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        db = open_db(f);
        int outcome = state_of(db);
        assert_true(outcome == 0 || outcome == 1);
        assert_true(!through || outcome == 1);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        bool done = through && sim_disk_change_count(f->disk) > 10 && change > 30;
        teardown(&state);
        if (done) {
            break;
        }
    }
}

static void no_memory_for_a_disk_is_an_error_of_sqlite(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sim_disk *disk = sim_disk_new(test_alloc_port(&alloc));
        const char *path = disk == NULL ? NULL : sim_disk_path(disk, "main.db");
        if (path != NULL) {
            sqlite3 *db = NULL;
            int rc = sqlite3_open(path, &db);
            if (rc == SQLITE_OK) {
                rc = run(db, "CREATE TABLE t(a); INSERT INTO t VALUES(1)");
            }
            assert_int_equal(rc != SQLITE_OK, test_alloc_failed(&alloc));
            assert_int_equal(sqlite3_close(db), SQLITE_OK);
        }
        sim_disk_free(disk);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!test_alloc_failed(&alloc)) {
            assert_true(n > 6);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_outlives_its_connection, setup, teardown),
        cmocka_unit_test_setup_teardown(disks_and_files_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(a_large_file_grows_and_shrinks, setup, teardown),
        cmocka_unit_test_setup_teardown(two_connections_exclude_each_other, setup, teardown),
        cmocka_unit_test(random_bytes_begin_again_with_the_seed),
        cmocka_unit_test_setup_teardown(the_clock_stands_at_the_beginning_of_the_world, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(write_ahead_logging_is_not_offered, setup, teardown),
        cmocka_unit_test(steady_work_needs_no_memory_but_a_pools),
        cmocka_unit_test_setup_teardown(a_dead_disk_refuses_until_its_process_is_gone, setup,
                                        teardown),
        cmocka_unit_test(a_crash_at_any_change_leaves_before_or_after),
        cmocka_unit_test(a_crash_during_the_recovery_is_recovered_from),
        cmocka_unit_test(an_error_at_any_change_leaves_before_or_after),
        cmocka_unit_test(no_memory_for_a_disk_is_an_error_of_sqlite),
    };
    for (int twice = 0; twice < 2; twice++) {
        if (sim_vfs_install(NULL) != SY_OK) {
            return 1;
        }
    }
    return cmocka_run_group_tests_name("sim_vfs", tests, NULL, NULL);
}

/* What a loss of power leaves of changes that were not synced, on the bare disk and under a real
 * SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "core/base/hash.h"
#include "sim/disk/disk.h"
#include "tests/unit/support.h"

typedef struct fixture {
    test_alloc alloc;
    sim_disk *disk;
    uint64_t picks[8]; /* what is picked, one after the other; then 0 */
    size_t picked;
} fixture;

static int setup(void **state)
{
    fixture *f = test_calloc(1, sizeof *f);
    test_alloc_init(&f->alloc, 0);
    f->disk = sim_disk_new(test_alloc_port(&f->alloc));
    assert_non_null(f->disk);
    sim_disk_track(f->disk, true);
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

static uint64_t pick_next(void *self, uint64_t change, uint64_t n)
{
    fixture *f = self;
    (void)change;
    const uint64_t value = f->picked < 8 ? f->picks[f->picked++] : 0;
    return value < n ? value : n - 1;
}

static void lose(fixture *f, sim_power_loss loss)
{
    assert_int_equal(sim_disk_lose_power(f->disk, loss, (sim_power_loss_picker){pick_next, f}),
                     SY_OK);
    assert_int_equal(sim_disk_pending_count(f->disk), 0);
}

static sim_disk_file *file_of(fixture *f, const char *name)
{
    sim_disk_file *file = sim_disk_make(f->disk, name);
    assert_non_null(file);
    return file;
}

static void put(fixture *f, const char *name, const char *text, uint64_t offset)
{
    assert_int_equal(sim_disk_file_write(f->disk, file_of(f, name), text, strlen(text), offset),
                     SY_OK);
}

static void sync_file(fixture *f, const char *name)
{
    sim_disk_file_sync(f->disk, file_of(f, name));
}

static void is_gone(fixture *f, const char *name)
{
    assert_null(sim_disk_find(f->disk, name));
}

static void holds(fixture *f, const char *name, const char *text)
{
    sy_buf now;
    sy_buf_init(&now, sy_alloc_std());
    sim_disk_copy(f->disk, name, &now);
    assert_non_null(sim_disk_find(f->disk, name));
    assert_int_equal(now.size, strlen(text));
    if (now.size > 0) {
        assert_memory_equal(now.data, text, now.size);
    }
    sy_buf_deinit(&now);
}

static void what_was_synced_stays(void **state)
{
    fixture *f = *state;
    put(f, "a", "hello", 0);
    sync_file(f, "a");
    put(f, "a", "J", 0);
    put(f, "b", "new", 0);
    lose(f, SIM_POWER_LOSS_ALL);
    holds(f, "a", "hello");
    is_gone(f, "b");
}

static void nothing_lost_is_as_a_process_leaves_it(void **state)
{
    fixture *f = *state;
    put(f, "a", "hello", 0);
    sync_file(f, "a");
    put(f, "a", "J", 0);
    put(f, "b", "new", 0);
    assert_int_equal(sim_disk_file_delete(f->disk, file_of(f, "b")), SY_OK);
    put(f, "b", "newer", 0);
    assert_int_equal(sim_disk_file_truncate(f->disk, file_of(f, "b"), 3), SY_OK);
    lose(f, SIM_POWER_LOSS_NOTHING);
    holds(f, "a", "Jello");
    holds(f, "b", "new");
}

static void three_writes(fixture *f)
{
    put(f, "a", "......", 0);
    sync_file(f, "a");
    put(f, "a", "12", 0);
    put(f, "a", "34", 2);
    put(f, "a", "56", 4);
}

static void later_and_earlier_ones_are_lost(void **state)
{
    fixture *f = *state;
    three_writes(f);
    lose(f, SIM_POWER_LOSS_LATER);
    holds(f, "a", "1234..");
    three_writes(f);
    f->picks[f->picked] = 1;
    lose(f, SIM_POWER_LOSS_LATER);
    holds(f, "a", "12....");
    three_writes(f);
    lose(f, SIM_POWER_LOSS_EARLIER);
    holds(f, "a", "..3456");
}

static void some_are_lost_each_by_itself(void **state)
{
    fixture *f = *state;
    three_writes(f);
    f->picks[1] = 1;
    lose(f, SIM_POWER_LOSS_SOME);
    holds(f, "a", "12..56");
}

static void a_write_is_torn_at_a_sector(void **state)
{
    fixture *f = *state;
    char old[2049];
    char new[2049];
    memset(old, 'o', 2048);
    memset(new, 'n', 2048);
    old[2048] = '\0';
    new[2048] = '\0';
    put(f, "a", old, 0);
    sync_file(f, "a");
    put(f, "a", new, 0);
    f->picks[0] = 3;
    lose(f, SIM_POWER_LOSS_TORN);
    memset(new + 1024, 'o', 1024);
    holds(f, "a", new);
    put(f, "a", "nnnn", 2046); /* across no border: whole or not */
    f->picked = 0;
    f->picks[0] = 1;
    lose(f, SIM_POWER_LOSS_TORN);
    holds(f, "a", new);
}

static void a_file_may_have_grown_without_its_content(void **state)
{
    fixture *f = *state;
    put(f, "a", "one", 0);
    sync_file(f, "a");
    put(f, "a", "ONEtwo", 0);
    lose(f, SIM_POWER_LOSS_CONTENT);
    sy_buf now;
    sy_buf_init(&now, sy_alloc_std());
    sim_disk_copy(f->disk, "a", &now);
    assert_int_equal(now.size, 6);
    assert_memory_equal(now.data, "one\0\0\0", 6);
    sy_buf_deinit(&now);
}

static void a_deletion_lasts_once_a_new_file_is_synced(void **state)
{
    fixture *f = *state;
    put(f, "journal", "first", 0);
    sync_file(f, "journal");
    assert_int_equal(sim_disk_file_delete(f->disk, file_of(f, "journal")), SY_OK);
    lose(f, SIM_POWER_LOSS_NAMES);
    holds(f, "journal", "first"); /* it came back */
    assert_int_equal(sim_disk_file_delete(f->disk, file_of(f, "journal")), SY_OK);
    put(f, "other", "second", 0);
    sync_file(f, "other");
    lose(f, SIM_POWER_LOSS_ALL);
    is_gone(f, "journal");
    holds(f, "other", "second");
}

static void a_deletion_lasts_once_names_are_synced(void **state)
{
    fixture *f = *state;
    put(f, "journal", "first", 0);
    sync_file(f, "journal");
    assert_int_equal(sim_disk_file_delete(f->disk, file_of(f, "journal")), SY_OK);
    sim_disk_sync_names(f->disk);
    lose(f, SIM_POWER_LOSS_ALL);
    is_gone(f, "journal");
}

static void a_write_is_lost_with_the_name_of_its_file(void **state)
{
    fixture *f = *state;
    put(f, "journal", "first", 0);
    sync_file(f, "journal");
    assert_int_equal(sim_disk_file_delete(f->disk, file_of(f, "journal")), SY_OK);
    put(f, "journal", "2nd", 0); /* of another file of that name */
    lose(f, SIM_POWER_LOSS_NAMES);
    holds(f, "journal", "first");
}

static void a_truncation_is_lost_with_all_that_stood_behind(void **state)
{
    fixture *f = *state;
    char text[10001];
    memset(text, 't', 10000);
    text[10000] = '\0';
    put(f, "a", text, 0);
    sync_file(f, "a");
    assert_int_equal(sim_disk_file_truncate(f->disk, file_of(f, "a"), 100), SY_OK);
    put(f, "a", "far away", 9000);
    lose(f, SIM_POWER_LOSS_ALL);
    holds(f, "a", text);
}

static void what_the_system_wrote_back_stays(void **state)
{
    fixture *f = *state;
    three_writes(f);
    assert_int_equal(sim_disk_pending_count(f->disk), 3);
    sim_disk_sync(f->disk);
    lose(f, SIM_POWER_LOSS_ALL);
    holds(f, "a", "123456");
}

static void without_memory_a_change_is_refused_and_nothing_else_happens(void **unused)
{
    (void)unused;
    for (uint64_t n = 1;; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, 0);
        sim_disk *disk = sim_disk_new(test_alloc_port(&alloc));
        sim_disk_file *file = sim_disk_make(disk, "a");
        assert_int_equal(sim_disk_file_write(disk, file, "old", 3, 0), SY_OK);
        sim_disk_track(disk, true);
        alloc.fail_at = alloc.count + n;
        bool refused = sim_disk_file_write(disk, file, "new", 3, 5000) != SY_OK ||
                       sim_disk_file_truncate(disk, file, 1) != SY_OK ||
                       sim_disk_file_delete(disk, file) != SY_OK;
        alloc.fail_at = 0;
        fixture f = {.disk = disk};
        lose(&f, SIM_POWER_LOSS_ALL);
        holds(&f, "a", "old");
        sim_disk_free(disk);
        assert_int_equal(test_alloc_live(&alloc), 0);
        if (!refused) {
            assert_true(n > 5);
            break;
        }
    }
}

/* -- SQLite -- */

static int run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* -1: the database is damaged. */
static int64_t ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        value = sqlite3_column_int64(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    return value;
}

static sqlite3 *open_db(sim_disk *disk, const char *settings)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(sim_disk_path(disk, "main.db"), &db), SQLITE_OK);
    (void)run(db, "PRAGMA temp_store=MEMORY; PRAGMA cache_size=2"); /* a damaged one refuses */
    (void)run(db, settings);
    return db;
}

static uint64_t pick_by_hash(void *self, uint64_t change, uint64_t n)
{
    return sy_hash_mix(*(const uint64_t *)self, change) % n;
}

typedef enum found { BEFORE, AFTER, DAMAGED } found;

static found look(sqlite3 *db)
{
    if (ask(db, "SELECT integrity_check='ok' FROM pragma_integrity_check") != 1) {
        return DAMAGED;
    }
    const int64_t sum = ask(db, "SELECT count(*)*1000000+sum(b) FROM t");
    return sum == 60000000 ? BEFORE : sum == 48000048 ? AFTER : DAMAGED;
}

/* Power goes before the n-th change of a transaction, or after its end. */
static found lose_power_at(uint64_t change, const char *settings, sim_power_loss loss,
                           bool *through)
{
    uint64_t seed = sy_hash_mix(change, (uint64_t)loss);
    sim_disk *disk = sim_disk_new(sy_alloc_std());
    sqlite3 *db = open_db(disk, settings);
    assert_int_equal(run(db,
                         "CREATE TABLE t(a INTEGER PRIMARY KEY,b,c);"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 60)"
                         "INSERT INTO t SELECT i,0,zeroblob(400) FROM n"),
                     SQLITE_OK);
    sim_disk_track(disk, true);
    sim_disk_fail_at(disk, change);
    *through = run(db, "BEGIN; UPDATE t SET b=b+1; DELETE FROM t WHERE a%3=0;"
                       "INSERT INTO t SELECT a+1000,b,c FROM t WHERE a%5=0; COMMIT") == SQLITE_OK;
    assert_int_equal(sim_disk_lose_power(disk, loss, (sim_power_loss_picker){pick_by_hash, &seed}),
                     SY_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    db = open_db(disk, settings);
    const found what = look(db);
    if (what != DAMAGED) { /* it goes on from there */
        assert_int_equal(run(db, "UPDATE t SET b=b+1"), SQLITE_OK);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    sim_disk_free(disk);
    return what;
}

/* How often each was found where the commit had not returned, and behind it. */
static void sweep(const char *settings, sim_power_loss loss, int within[3], int behind[3])
{
    bool through = false;
    for (uint64_t change = 1; !through; change++) {
        const found what = lose_power_at(change, settings, loss, &through);
        (through ? behind : within)[what]++;
        assert_true(change < 2000);
    }
}

static void a_commit_that_returned_is_kept_and_half_a_one_is_not(void **state)
{
    (void)state;
    static const char *const durable[] = {
        "PRAGMA page_size=1024; PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL",
        "PRAGMA page_size=1024; PRAGMA journal_mode=PERSIST; PRAGMA synchronous=FULL",
        "PRAGMA page_size=1024; PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA",
    };
    for (size_t i = 0; i < sizeof durable / sizeof durable[0]; i++) {
        for (int loss = 0; loss < SIM_POWER_LOSS_COUNT; loss++) {
            int within[3] = {0};
            int behind[3] = {0};
            sweep(durable[i], (sim_power_loss)loss, within, behind);
            if (within[DAMAGED] > 0 || behind[AFTER] != 1) {
                fail_msg("%s, %s: %d damaged, %d kept", durable[i],
                         sim_power_loss_name((sim_power_loss)loss), within[DAMAGED], behind[AFTER]);
            }
            assert_true(within[BEFORE] > 20);
        }
    }
}

/* SQLite syncs no folder after it deleted a journal, unless told to by EXTRA. */
static void a_deleted_journal_may_come_back_and_undo_a_commit(void **state)
{
    (void)state;
    int within[3] = {0};
    int behind[3] = {0};
    sweep("PRAGMA page_size=1024; PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL",
          SIM_POWER_LOSS_ALL, within, behind);
    assert_int_equal(behind[BEFORE], 1);
    assert_int_equal(within[DAMAGED], 0);
}

/* Without syncs pages are written in any order: this is what the write list is for. */
static void a_store_that_does_not_sync_is_damaged_by_a_loss_of_power(void **state)
{
    (void)state;
    int within[3] = {0};
    int behind[3] = {0};
    sweep("PRAGMA page_size=1024; PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF",
          SIM_POWER_LOSS_SOME, within, behind);
    assert_true(within[DAMAGED] > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_synced_stays),
        TEST(nothing_lost_is_as_a_process_leaves_it),
        TEST(later_and_earlier_ones_are_lost),
        TEST(some_are_lost_each_by_itself),
        TEST(a_write_is_torn_at_a_sector),
        TEST(a_file_may_have_grown_without_its_content),
        TEST(a_deletion_lasts_once_a_new_file_is_synced),
        TEST(a_deletion_lasts_once_names_are_synced),
        TEST(a_write_is_lost_with_the_name_of_its_file),
        TEST(a_truncation_is_lost_with_all_that_stood_behind),
        TEST(what_the_system_wrote_back_stays),
        cmocka_unit_test(without_memory_a_change_is_refused_and_nothing_else_happens),
        cmocka_unit_test(a_commit_that_returned_is_kept_and_half_a_one_is_not),
        cmocka_unit_test(a_deleted_journal_may_come_back_and_undo_a_commit),
        cmocka_unit_test(a_store_that_does_not_sync_is_damaged_by_a_loss_of_power),
    };
    if (sim_vfs_install(NULL) != SY_OK) {
        return 1;
    }
    return cmocka_run_group_tests_name("disk_pending", tests, NULL, NULL);
}

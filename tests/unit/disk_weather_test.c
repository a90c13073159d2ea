/* What happens to a store by itself: at a disk under a real SQLite store, and at a memory store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_store.h"
#include "tests/unit/support.h"

#define FILE_NAME "store.db"

typedef struct fixture {
    sim_world world;
    sy_arena arena;
    sim_disk_fate fate;
    sim_disk *disk; /* NULL: a memory store */
    sy_store_sqlite *sqlite;
    sy_store_memory *memory;
    sim_store faulty;
    sy_store store;
    const sy_schema *schema;
    sy_err err;
    int crashes;
    int drawn;
} fixture;

static void note_crash(void *self, bool drawn)
{
    fixture *f = self;
    f->crashes++;
    f->drawn += drawn ? 1 : 0;
}

static void open_sqlite(fixture *f)
{
    sy_store_sqlite_options options = {.path = sim_disk_path(f->disk, FILE_NAME),
                                       .journal_mode = "TRUNCATE"};
    assert_int_equal(sy_store_sqlite_open(sy_alloc_std(), &options, &f->sqlite, &f->err), SY_OK);
    sim_store_revive(&f->faulty, sy_store_sqlite_port(f->sqlite));
    assert_int_equal(sy_store_define(f->store, f->schema, &f->err), SY_OK);
}

/* A world with that weather, in which one value is forced. */
static fixture *begin(const sim_disk_weather *weather, bool on_disk, const char *label,
                      uint64_t number, uint64_t value)
{
    fixture *f = test_calloc(1, sizeof *f);
    assert_int_equal(sim_world_init(&f->world, sy_alloc_std(), 7, false, NULL), SY_OK);
    uint32_t host = 0;
    assert_int_equal(sim_trace_add_host(f->world.trace, "phone", &host), SY_OK);
    const sim_label named = {.name = label, .choice_class = SIM_WEATHER};
    const sim_chosen chosen = {.host = "phone",
                               .purpose = "disk",
                               .label = &named,
                               .key = SIM_KEY(number),
                               .value = value};
    if (label != NULL) {
        assert_int_equal(sim_choice_force(f->world.choice, &chosen, NULL), SY_OK);
    }
    sy_arena_init(&f->arena, sy_alloc_std());
    const sy_column user[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, user, 1, &f->schema, NULL),
        SY_OK);
    sim_disk_fate_init(&f->fate, &f->world, host, "phone", weather);
    f->faulty =
        (sim_store){.fate = &f->fate, .file = FILE_NAME, .crashed = note_crash, .crashed_self = f};
    f->store = sim_store_port(&f->faulty);
    if (on_disk) {
        f->disk = sim_disk_new(sy_alloc_std());
        sim_disk_set_fate(f->disk, &f->fate);
        f->faulty.disk = f->disk;
        open_sqlite(f);
    } else {
        assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f->memory, NULL), SY_OK);
        sim_store_revive(&f->faulty, sy_store_memory_port(f->memory));
        assert_int_equal(sy_store_define(f->store, f->schema, NULL), SY_OK);
    }
    return f;
}

static void end(fixture *f)
{
    sy_store_sqlite_close(f->sqlite);
    sim_disk_free(f->disk);
    sy_store_memory_free(f->memory);
    sy_arena_deinit(&f->arena);
    sim_world_deinit(&f->world);
    test_free(f);
}

static sy_rc put(fixture *f, const char *id)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    assert_non_null(row);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    return sy_store_write(f->store, row, &f->err);
}

static bool has(fixture *f, const char *id)
{
    const sy_row *row = NULL;
    assert_int_equal(sy_store_read(f->store, f->schema, sy_str_of(id), &f->arena, &row, &f->err),
                     SY_OK);
    return row != NULL;
}

static sy_rc transact(fixture *f, sy_transaction_step step)
{
    return sy_store_transact(f->store, step, &f->err);
}

/* What the dead process left, as its successor finds it. */
static void start_again(fixture *f)
{
    sy_store_sqlite_close(f->sqlite);
    f->sqlite = NULL;
    open_sqlite(f);
}

static const sim_disk_weather calm = {0};

static void a_calm_disk_draws_nothing(void **state)
{
    (void)state;
    fixture *f = begin(&calm, true, NULL, 0, 0);
    assert_false(f->fate.rough);
    assert_false(f->fate.loses);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(put(f, "a"), SY_OK);
    }
    assert_int_equal(sim_choice_digest(f->world.choice, SIM_WEATHER), 0);
    end(f);
}

/* Every change of one commit, every way: it is there if the store said so, and only then. */
static void a_commit_that_returned_is_there_after_any_death_and_no_other(void **state)
{
    (void)state;
    int through[2] = {0, 0};
    for (uint64_t death = 1; death <= SIM_POWER_LOSS_COUNT; death++) {
        bool died = true;
        for (uint64_t change = 1; died; change++) {
            fixture *f = begin(&calm, true, "nothing", 0, 0);
            const uint64_t before = sim_disk_change_count(f->disk);
            end(f);
            f = begin(&calm, true, "dies", before + change, death);
            sy_rc rc = transact(f, SY_BEGIN);
            rc = rc == SY_OK ? put(f, "a") : rc;
            rc = rc == SY_OK ? put(f, "b") : rc;
            rc = rc == SY_OK ? transact(f, SY_COMMIT) : rc;
            died = f->crashes > 0;
            assert_int_equal(f->crashes, f->drawn);
            assert_true(rc == SY_OK || (died && rc == SY_CRASHED));
            if (died) {
                assert_int_equal(put(f, "c"), SY_CRASHED);
                start_again(f);
            }
            assert_int_equal(has(f, "a"), rc == SY_OK);
            assert_int_equal(has(f, "b"), rc == SY_OK);
            assert_false(has(f, "c"));
            sim_disk_lose_power_next(f->disk, SIM_POWER_LOSS_ALL); /* what was seen stays */
            sim_disk_crash_by_fate(f->disk);
            start_again(f);
            assert_int_equal(has(f, "a"), rc == SY_OK);
            through[rc == SY_OK ? 1 : 0]++;
            assert_true(change < 100);
            end(f);
        }
    }
    assert_true(through[0] > 5 * SIM_POWER_LOSS_COUNT);
    assert_true(through[1] > SIM_POWER_LOSS_COUNT); /* some died behind their commit */
}

static void a_memory_store_dies_and_fails_at_the_write_that_is_meant(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        sy_rc rc;
    } cases[] = {{"dies", SY_CRASHED}, {"failed", SY_STORE}, {"full", SY_STORE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fixture *f = begin(&calm, false, cases[i].label, 2, 1);
        assert_int_equal(put(f, "a"), SY_OK);
        assert_int_equal(put(f, "b"), cases[i].rc);
        assert_int_equal(f->drawn, cases[i].rc == SY_CRASHED ? 1 : 0);
        assert_int_equal(sim_trace_count_of(f->world.trace, &sim_event_store_fault), 1);
        end(f);
    }
}

static void somebody_else_has_the_lock_now_and_then(void **state)
{
    (void)state;
    fixture *f = begin(&calm, false, "locked", 1, 1);
    assert_int_equal(transact(f, SY_BEGIN), SY_STORE);
    assert_int_equal(transact(f, SY_BEGIN), SY_OK);
    end(f);
    f = begin(&calm, true, "locked", 1, 1);
    assert_int_equal(put(f, "a"), SY_STORE);
    assert_non_null(strstr(f->err.text, "locked"));
    assert_int_equal(put(f, "a"), SY_OK);
    end(f);
}

static void a_full_disk_is_told_from_a_broken_one(void **state)
{
    (void)state;
    const sim_disk_weather full = {.full = 1000};
    const sim_disk_weather cut = {.write_short = 1000};
    const sim_disk_weather unreadable = {.read_short = 1000};
    fixture *f = begin(&full, true, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_STORE);
    assert_non_null(strstr(f->err.text, "full"));
    end(f);
    f = begin(&cut, true, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_STORE);
    assert_non_null(strstr(f->err.text, "I/O error"));
    assert_false(has(f, "a")); /* who looks is not exposed */
    end(f);
    f = begin(&unreadable, true, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_STORE);
    end(f);
}

static void rates_are_met(void **state)
{
    (void)state;
    const sim_disk_weather weather = {.failed = 100};
    fixture *f = begin(&weather, false, NULL, 0, 0);
    int failed = 0;
    for (int i = 0; i < 2000; i++) {
        failed += put(f, "a") == SY_OK ? 0 : 1;
    }
    assert_in_range(failed, 150, 250);
    sim_choice_calm_down(f->world.choice);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(put(f, "a"), SY_OK);
    }
    end(f);
}

static void commits_stall_in_virtual_time(void **state)
{
    (void)state;
    const sim_disk_weather weather = {.stalled = 1000, .stall_ns = 10 * SY_MS};
    fixture *f = begin(&weather, false, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_OK);
    const sy_time cost = sy_store_cost_ns(f->store);
    assert_in_range(cost, SY_MS, 11 * SY_MS);
    end(f);
}

/* A store that never syncs loses what came after the last time that the system wrote back. */
static void what_was_written_back_outlives_a_loss_of_power(void **state)
{
    (void)state;
    const sim_disk_weather weather = {.power_loss = 1000, .write_back_ns = 10 * SY_SECOND};
    fixture *f = begin(&weather, true, "power-lost", 0, 0);
    sy_store_sqlite_close(f->sqlite);
    sy_store_sqlite_options options = {.path = sim_disk_path(f->disk, FILE_NAME),
                                       .journal_mode = "TRUNCATE",
                                       .synchronous = "OFF"};
    assert_int_equal(sy_store_sqlite_open(sy_alloc_std(), &options, &f->sqlite, &f->err), SY_OK);
    sim_store_revive(&f->faulty, sy_store_sqlite_port(f->sqlite));
    assert_int_equal(sy_store_define(f->store, f->schema, &f->err), SY_OK);
    f->world.now = 9 * SY_SECOND;
    assert_int_equal(put(f, "a"), SY_OK);
    f->world.now = 11 * SY_SECOND;
    assert_int_equal(put(f, "b"), SY_OK);
    f->world.now = 19 * SY_SECOND;
    sim_disk_lose_power_next(f->disk, SIM_POWER_LOSS_ALL);
    sim_disk_crash_by_fate(f->disk);
    start_again(f);
    assert_true(has(f, "a"));
    assert_false(has(f, "b"));
    end(f);
}

static uint64_t breaches(const fixture *f)
{
    return sim_trace_count_of(f->world.trace, &sim_event_breach);
}

static void close_and_damage(fixture *f)
{
    sy_store_sqlite_close(f->sqlite);
    f->sqlite = NULL;
    sim_disk_damage(f->disk, FILE_NAME);
}

static void one_bit_rots_between_two_processes(void **state)
{
    (void)state;
    const sim_disk_weather weather = {.rot = 1000};
    fixture *f = begin(&weather, true, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_OK);
    sim_disk_damage(f->disk, FILE_NAME); /* somebody has it open */
    assert_int_equal(breaches(f), 0);
    sy_buf before;
    sy_buf after;
    sy_buf_init(&before, sy_alloc_std());
    sy_buf_init(&after, sy_alloc_std());
    sim_disk_copy(f->disk, FILE_NAME, &before);
    close_and_damage(f);
    sim_disk_copy(f->disk, FILE_NAME, &after);
    assert_int_equal(breaches(f), 1);
    assert_int_equal(before.size, after.size);
    int bits = 0;
    for (size_t i = 0; i < before.size; i++) {
        for (unsigned char left = (unsigned char)(before.data[i] ^ after.data[i]); left != 0;
             left = (unsigned char)(left >> 1)) {
            bits += left & 1;
        }
    }
    assert_int_equal(bits, 1);
    sy_buf_deinit(&before);
    sy_buf_deinit(&after);
    end(f);
}

static void a_stale_journal_undoes_the_last_commit(void **state)
{
    (void)state;
    const sim_disk_weather weather = {.journal_stale = 1000};
    fixture *f = begin(&weather, true, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_OK);
    assert_int_equal(put(f, "b"), SY_OK);
    close_and_damage(f);
    open_sqlite(f);
    assert_int_equal(breaches(f), 1);
    assert_true(has(f, "a"));
    assert_false(has(f, "b"));
    end(f);
}

static void a_hot_journal_may_be_lost(void **state)
{
    (void)state;
    const sim_disk_weather weather = {.journal_lost = 1000};
    fixture *f = begin(&weather, true, NULL, 0, 0);
    assert_int_equal(put(f, "a"), SY_OK);
    close_and_damage(f);
    assert_int_equal(breaches(f), 0); /* it is not hot */
    open_sqlite(f);
    sim_disk_fail_at(f->disk, 13); /* when the database is being written */
    assert_int_equal(put(f, "b"), SY_CRASHED);
    close_and_damage(f);
    assert_int_equal(breaches(f), 1);
    end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calm_disk_draws_nothing),
        cmocka_unit_test(a_commit_that_returned_is_there_after_any_death_and_no_other),
        cmocka_unit_test(a_memory_store_dies_and_fails_at_the_write_that_is_meant),
        cmocka_unit_test(somebody_else_has_the_lock_now_and_then),
        cmocka_unit_test(a_full_disk_is_told_from_a_broken_one),
        cmocka_unit_test(rates_are_met),
        cmocka_unit_test(commits_stall_in_virtual_time),
        cmocka_unit_test(what_was_written_back_outlives_a_loss_of_power),
        cmocka_unit_test(one_bit_rots_between_two_processes),
        cmocka_unit_test(a_stale_journal_undoes_the_last_commit),
        cmocka_unit_test(a_hot_journal_may_be_lost),
    };
    if (sim_vfs_install(NULL) != SY_OK) {
        return 1;
    }
    return cmocka_run_group_tests_name("disk_weather", tests, NULL, NULL);
}

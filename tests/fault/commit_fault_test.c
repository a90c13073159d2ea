/* A commit whose n-th change of the disk fails, for n = 1, 2, 3..., in each journal mode: it says
 * that it was made if and only if whoever reads sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/store/store_sqlite.h"
#include "sim/disk/sim_vfs.h"

typedef struct fixture {
    sy_arena arena;
    sim_disk *disk;
    sy_store_sqlite *engine;
    sy_store store;
    const sy_schema *schema;
    sy_err err;
} fixture;

static fixture *begin(const char *journal_mode)
{
    fixture *f = test_calloc(1, sizeof *f);
    sy_arena_init(&f->arena, sy_alloc_std());
    f->disk = sim_disk_new(sy_alloc_std());
    sy_store_sqlite_options options = {.path = sim_disk_path(f->disk, "main.db"),
                                       .journal_mode = journal_mode};
    assert_int_equal(sy_store_sqlite_open(sy_alloc_std(), &options, &f->engine, &f->err), SY_OK);
    f->store = sy_store_sqlite_port(f->engine);
    const sy_column user[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, user, 1, &f->schema, NULL),
        SY_OK);
    assert_int_equal(sy_store_define(f->store, f->schema, &f->err), SY_OK);
    return f;
}

static void end(fixture *f)
{
    sy_store_sqlite_close(f->engine);
    sim_disk_free(f->disk);
    sy_arena_deinit(&f->arena);
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

/* false: there are fewer changes. */
static bool commits_truly(const char *journal_mode, uint64_t n, int *made)
{
    fixture *f = begin(journal_mode);
    assert_int_equal(put(f, "before"), SY_OK);
    const uint64_t changes = sim_disk_change_count(f->disk);
    sim_disk_error_at(f->disk, n);
    assert_int_equal(sy_store_transact(f->store, SY_BEGIN, &f->err), SY_OK);
    sy_rc rc = put(f, "inside");
    rc = rc == SY_OK ? sy_store_transact(f->store, SY_COMMIT, &f->err) : rc;
    const bool met = sim_disk_change_count(f->disk) >= changes + n;
    sim_disk_error_at(f->disk, 0);
    if (rc != SY_OK) {
        assert_int_equal(sy_store_transact(f->store, SY_ROLLBACK, &f->err), SY_OK);
    }
    assert_true(has(f, "before"));
    assert_int_equal(has(f, "inside"), rc == SY_OK);
    assert_int_equal(put(f, "after"), SY_OK);
    *made += met && rc == SY_OK ? 1 : 0;
    end(f);
    return met;
}

static int sweep(const char *journal_mode)
{
    int made = 0;
    uint64_t n = 1;
    while (commits_truly(journal_mode, n, &made)) {
        n++;
    }
    assert_true(n > 8);
    return made;
}

static void a_commit_says_truly_whether_it_was_made(void **state)
{
    (void)state;
    assert_int_equal(sweep("DELETE"), 0);
    assert_int_equal(sweep("TRUNCATE"), 1); /* the sync of a journal that is truncated already */
    (void)sweep("PERSIST");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_says_truly_whether_it_was_made),
    };
    if (sim_vfs_install(NULL) != SY_OK) {
        return 1;
    }
    return cmocka_run_group_tests_name("commit faults", tests, NULL, NULL);
}

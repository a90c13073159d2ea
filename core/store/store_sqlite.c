/* The SQLite store: opening, closing, transactions. Statements are in store_sqlite_statement.c,
 * tables in store_sqlite_table.c, rows in store_sqlite_row.c.
 *
 * Invariants:
 * - between two calls every statement is reset, so that outside a transaction no lock is held;
 * - `in_transaction` is what the caller was told. SQLite may have rolled back by itself after an
 * error; writes are then refused until the caller rolls back. */
#include "core/store/store_sqlite.h"

#include "core/store/store_sqlite_internal.h"

#define CHANGE_COUNTER_AT 24 /* in the header of the file */
#define TRY_COUNT_MAX     8
#define LOOK              "SELECT 1 FROM sqlite_schema LIMIT 1"

/* How often the file was changed by a commit, as its header has it; 0: it can't be read. A disk
 * that fails now and then gets some tries, here and below. */
static uint32_t change_counter(const sy_store_sqlite *store)
{
    sqlite3_file *file = NULL;
    unsigned char bytes[4] = {0};
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file == NULL || file->pMethods == NULL) {
        return 0;
    }
    int rc = SQLITE_IOERR;
    for (int i = 0; i < TRY_COUNT_MAX && rc != SQLITE_OK; i++) {
        rc = file->pMethods->xRead(file, bytes, sizeof bytes, CHANGE_COUNTER_AT);
    }
    return rc != SQLITE_OK ? 0
                           : (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                                 (uint32_t)bytes[2] << 8 | bytes[3];
}

/* As a reader finds it; a journal that is still hot is rolled back by that. 0: it can't be read. */
static uint32_t change_counter_read(sy_store_sqlite *store)
{
    uint32_t counter = 0;
    for (int i = 0; i < TRY_COUNT_MAX && counter == 0; i++) {
        counter = sy_sqlite_exec(store, SY_STR(LOOK), NULL) == SY_OK ? change_counter(store) : 0;
    }
    return counter;
}

/* The commit answered an error, and SQLite has ended the transaction. Where the last step failed,
 * the sync behind the truncation of the journal, it was made all the same, and is seen by whoever
 * reads. It then holds as soon as the journal can be synced. */
static bool was_made(sy_store_sqlite *store, uint32_t counter)
{
    sqlite3_file *journal = NULL;
    const uint32_t now = change_counter_read(store);
    if (now == 0 || now == counter ||
        sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal) !=
            SQLITE_OK) {
        return false;
    }
    bool synced = journal == NULL || journal->pMethods == NULL; /* deleted: nothing to sync */
    for (int i = 0; i < TRY_COUNT_MAX && !synced; i++) {
        synced = journal->pMethods->xSync(journal, SQLITE_SYNC_NORMAL) == SQLITE_OK;
    }
    return synced;
}

static sy_rc commit(sy_store_sqlite *store, sy_err *err)
{
    const uint32_t counter = change_counter(store);
    const sy_rc rc = sy_sqlite_run(store, store->steps[SY_COMMIT], "commit", err);
    const bool ended = rc == SY_STORE && sqlite3_get_autocommit(store->db) != 0;
    return ended && counter != 0 && was_made(store, counter) ? SY_OK : rc;
}

static sy_rc sqlite_transact(void *self, sy_transaction_step step, sy_err *err)
{
    static const char *const NAMES[] = {"begin", "commit", "rollback"};
    sy_store_sqlite *store = self;
    if ((step == SY_BEGIN) == store->in_transaction) {
        return SY_FAIL(err, SY_STATE, "%s",
                       step == SY_BEGIN ? "a transaction is open already"
                                        : "no transaction is open");
    }
    bool ended_by_itself = store->in_transaction && sqlite3_get_autocommit(store->db) != 0;
    if (ended_by_itself && step == SY_COMMIT) {
        return SY_FAIL(err, SY_STORE, "an earlier error ended the transaction: roll back first");
    }
    if (!ended_by_itself) {
        sy_rc rc = step == SY_COMMIT ? commit(store, err)
                                     : sy_sqlite_run(store, store->steps[step], NAMES[step], err);
        /* A rollback on a dead disk answers an error, yet the transaction is over. */
        if (rc != SY_OK && (step != SY_ROLLBACK || sqlite3_get_autocommit(store->db) == 0)) {
            return rc;
        }
    }
    store->in_transaction = step == SY_BEGIN;
    return SY_OK;
}

/* The pragma's value must be one of `allowed`: it is put into the statement's text. */
static sy_rc check_option(const char *option, const char *const *allowed, const char *given,
                          sy_err *err)
{
    for (; *allowed != NULL; allowed++) {
        if (sqlite3_stricmp(*allowed, given) == 0) {
            return SY_OK;
        }
    }
    return SY_FAIL(err, SY_INVALID, "unknown %s '%s'", option, given);
}

/* SQLite answers with the mode that it has now, which is another one where the file system cannot
 * do it. */
static sy_rc set_journal_mode(sy_store_sqlite *store, const char *mode, sy_err *err)
{
    static const char *const MODES[] = {"DELETE", "TRUNCATE", "PERSIST", "MEMORY",
                                        "OFF",    "WAL",      NULL};
    sy_rc rc = check_option("journal mode", MODES, mode, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_buf_clear(&store->sql);
    sy_buf_printf(&store->sql, "PRAGMA journal_mode=%s", mode);
    if (store->sql.failed) {
        return sy_fail_nomem(err);
    }
    sqlite3_stmt *statement = NULL;
    rc = sy_sqlite_prepare(store, sy_buf_str(&store->sql), &statement, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (sqlite3_step(statement) != SQLITE_ROW) {
        rc = sy_sqlite_fail(store, err, "set the journal mode");
    } else {
        const char *now = (const char *)sqlite3_column_text(statement, 0);
        if (now == NULL) {
            rc = sy_fail_nomem(err);
        } else if (sqlite3_stricmp(now, mode) != 0) {
            rc = SY_FAIL(err, SY_STORE,
                         "journal mode %s is not possible on this disk (it stays %s)", mode, now);
        }
    }
    (void)sqlite3_finalize(statement);
    return rc;
}

static sy_rc set_synchronous(sy_store_sqlite *store, const char *level, sy_err *err)
{
    static const char *const LEVELS[] = {"FULL", "NORMAL", "OFF", NULL};
    sy_rc rc = check_option("synchronous level", LEVELS, level, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_buf_clear(&store->sql);
    sy_buf_printf(&store->sql, "PRAGMA synchronous=%s", level);
    return store->sql.failed ? sy_fail_nomem(err)
                             : sy_sqlite_exec(store, sy_buf_str(&store->sql), err);
}

static sy_rc configure(sy_store_sqlite *store, const sy_store_sqlite_options *options, sy_err *err)
{
    /* Half of SQLite's own page size: less to copy for each change, and an idle client holds less.
     * Distributions zero what is deleted; in a simulation that only costs. */
    static const char *const SETTINGS[] = {
        "PRAGMA page_size=2048",   "PRAGMA temp_store=MEMORY", "PRAGMA locking_mode=NORMAL",
        "PRAGMA foreign_keys=OFF", "PRAGMA secure_delete=OFF",
    };
    static const char *const STEPS[] = {"BEGIN", "COMMIT", "ROLLBACK"};
    (void)sqlite3_extended_result_codes(store->db, 1);
    /* Reads the file: recovers from a hot journal, and says so if this is no database. */
    sy_rc rc = sy_sqlite_exec(store, SY_STR(LOOK), err);
    if (rc == SY_CORRUPT) {
        return sy_err_wrap(err, rc, "%s is no database of ours; remove it or name another file",
                           options->path);
    }
    for (size_t i = 0; rc == SY_OK && i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
        rc = sy_sqlite_exec(store, sy_str_of(SETTINGS[i]), err);
    }
    if (rc == SY_OK) {
        rc = set_journal_mode(store, options->journal_mode ? options->journal_mode : "DELETE", err);
    }
    if (rc == SY_OK) {
        rc = set_synchronous(store, options->synchronous ? options->synchronous : "FULL", err);
    }
    if (rc == SY_OK && sy_sqlite_add_function(store->db, &store->made) != SQLITE_OK) {
        rc = sy_sqlite_fail(store, err, "add a function");
    }
    for (size_t i = 0; rc == SY_OK && i < sizeof STEPS / sizeof *STEPS; i++) {
        rc = sy_sqlite_prepare(store, sy_str_of(STEPS[i]), &store->steps[i], err);
    }
    return rc;
}

/* A process that died between the truncation of its journal and the sync behind it left a commit
 * that is there to be read and that a loss of power would still take back: the journal is synced
 * before anybody acts on what is read. One that is deleted has no file to sync. */
static sy_rc sync_journal(sy_store_sqlite *store, sy_err *err)
{
    sqlite3_vfs *vfs = NULL;
    const char *path = sqlite3_filename_journal(sqlite3_db_filename(store->db, "main"));
    int there = 0;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_VFS_POINTER, &vfs) != SQLITE_OK ||
        path == NULL || vfs->xAccess(vfs, path, SQLITE_ACCESS_READWRITE, &there) != SQLITE_OK ||
        there == 0) {
        return SY_OK;
    }
    sqlite3_file *file = sy_alloc_zeroed(store->alloc, (size_t)vfs->szOsFile);
    if (file == NULL) {
        return sy_fail_nomem(err);
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_JOURNAL;
    int rc = vfs->xOpen(vfs, path, file, flags, &flags);
    rc = rc == SQLITE_OK ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) : rc;
    if (file->pMethods != NULL) {
        (void)file->pMethods->xClose(file);
    }
    sy_alloc_free(store->alloc, file, (size_t)vfs->szOsFile);
    return rc == SQLITE_OK ? SY_OK
                           : SY_FAIL(err, SY_STORE, "sync the journal: SQLite error %d", rc);
}

sy_rc sy_store_sqlite_open(sy_alloc alloc, const sy_store_sqlite_options *options,
                           sy_store_sqlite **out, sy_err *err)
{
    if (options->path == NULL) {
        return SY_FAIL(err, SY_INVALID, "a SQLite store needs a path");
    }
    sy_store_sqlite *store = sy_alloc_zeroed(alloc, sizeof *store);
    if (store == NULL) {
        return sy_fail_nomem(err);
    }
    store->alloc = alloc;
    store->drops_columns = options->drops_columns;
    store->defined = options->defined;
    store->defined_self = options->defined_self;
    sy_buf_init(&store->sql, alloc);
    sy_buf_init(&store->extra, alloc);
    for (size_t i = 0; i < SY_SQLITE_QUERY_COUNT; i++) {
        sy_buf_init(&store->queries[i].sql, alloc);
    }
    sy_arena_init(&store->scratch, alloc);
    sy_arena_init(&store->made, alloc);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    sy_rc rc = SY_OK;
    if (sqlite3_open_v2(options->path, &store->db, flags, options->vfs) != SQLITE_OK) {
        rc = store->db == NULL ? sy_fail_nomem(err) : sy_sqlite_fail(store, err, "open");
    }
    if (rc == SY_OK) {
        rc = configure(store, options, err);
    }
    if (rc == SY_OK) {
        rc = sync_journal(store, err);
    }
    if (rc != SY_OK) {
        sy_store_sqlite_close(store);
        return rc;
    }
    *out = store;
    return SY_OK;
}

sy_rc sy_store_sqlite_renew(sy_store_sqlite *store, sy_err *err)
{
    if (store->in_transaction || sqlite3_get_autocommit(store->db) == 0) {
        return SY_FAIL(err, SY_STATE, "a transaction is open");
    }
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_RESET_CACHE, NULL) != SQLITE_OK) {
        return SY_FAIL(err, SY_STORE, "the cache is in use");
    }
    for (size_t i = 0; i < store->table_count; i++) {
        store->tables[i].schema = NULL;
    }
    return SY_OK;
}

void sy_store_sqlite_close(sy_store_sqlite *store)
{
    if (store == NULL) {
        return;
    }
    sy_sqlite_forget_all(store);
    (void)sqlite3_close(store->db); /* rolls back */
    sy_alloc_free(store->alloc, store->tables, store->table_capacity * sizeof *store->tables);
    sy_buf_deinit(&store->sql);
    sy_buf_deinit(&store->extra);
    sy_arena_deinit(&store->scratch);
    sy_arena_deinit(&store->made);
    sy_alloc_free(store->alloc, store, sizeof *store);
}

sy_store sy_store_sqlite_port(sy_store_sqlite *store)
{
    static const sy_store_ops ops = {.define = sy_sqlite_define,
                                     .transact = sqlite_transact,
                                     .read = sy_sqlite_read,
                                     .query = sy_sqlite_query_rows,
                                     .write = sy_sqlite_write,
                                     .remove = sy_sqlite_remove,
                                     .cost_ns = NULL};
    return (sy_store){.ops = &ops, .self = store};
}

const char *sy_store_sqlite_version(void)
{
    return sqlite3_libversion();
}

/* SQLite's operating system, made of disks (disk.h). One thread, one process, many disks.
 *
 * - Locks are SQLite's five levels, kept in the file: two connections to one file exclude each
 * other as they would on a real one.
 * - Random bytes come from a stream that each world starts anew, the clock stands at the world's
 * beginning, sleeping does nothing: SQLite cannot tell two runs of one seed apart.
 * - Writes never tear bytes beside them (POWERSAFE_OVERWRITE) and promise nothing else. A journal
 * that is truncated stays open from one transaction to the next (UNDELETABLE_WHEN_OPEN). There is
 * no shared memory, so no WAL. Temporary files are refused: temp_store=MEMORY.
 * - After a crash (disk.h: dead) everything but locks and closing is an error, until all handles
 * are closed. */
#include "sim/disk/sim_vfs.h"

#include <sqlite3.h>
#include <string.h>

#include "core/base/time.h"
#include "sim/disk/disk.h"
#include "sim/disk/sim_vfs_memory.h"

#define PATH_SIZE_MAX     512
#define SECTOR_SIZE       4096
#define CHANGE_COUNTER_AT 24                       /* in the header of a database file */
#define JULIAN_UNIX_MS    INT64_C(210866760000000) /* 1970 as SQLite counts milliseconds */
#define MS_PER_DAY        86400000.0

typedef struct handle {
    sqlite3_file base;
    sim_disk *disk;
    sim_disk_file *file;
    int lock;
    bool delete_on_close;
} handle;

static handle *handle_of(sqlite3_file *file)
{
    return (handle *)(void *)file;
}

/* -- files -- */

static void unlock_to(handle *h, int level)
{
    sim_disk_file *file = h->file;
    if (h->lock > SQLITE_LOCK_SHARED && level <= SQLITE_LOCK_SHARED && file->writer == h) {
        file->writer = NULL;
        file->pending = false;
    }
    if (h->lock >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE) {
        file->shared_count--;
    }
    if (level < h->lock) {
        h->lock = level;
    }
}

static int file_close(sqlite3_file *base)
{
    handle *h = handle_of(base);
    unlock_to(h, SQLITE_LOCK_NONE);
    if (h->delete_on_close && !h->disk->dead) {
        (void)sim_disk_file_delete(h->disk, h->file); /* else it stays, and harms nobody */
    }
    sim_disk_closed(h->disk);
    h->base.pMethods = NULL;
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *out, int size, sqlite3_int64 offset)
{
    handle *h = handle_of(base);
    if (h->disk->dead) {
        return SQLITE_IOERR_READ;
    }
    if (sim_disk_read_fails(h->disk)) {
        return SQLITE_IOERR_READ;
    }
    size_t count = sim_disk_file_read(h->file, out, (size_t)size, (uint64_t)offset);
    return count == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
    handle *h = handle_of(base);
    const sim_disk_fault fault = sim_disk_change(h->disk, true);
    if (fault == SIM_DISK_FINE || fault == SIM_DISK_SHORT) {
        const size_t count = fault == SIM_DISK_FINE ? (size_t)size : (size_t)size / 2;
        if (sim_disk_file_write(h->disk, h->file, data, count, (uint64_t)offset) != SY_OK) {
            return SQLITE_IOERR_NOMEM;
        }
    }
    return fault == SIM_DISK_FINE   ? SQLITE_OK
           : fault == SIM_DISK_FULL ? SQLITE_FULL
                                    : SQLITE_IOERR_WRITE;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    handle *h = handle_of(base);
    if (sim_disk_change(h->disk, false) != SIM_DISK_FINE) {
        return SQLITE_IOERR_TRUNCATE;
    }
    sy_rc rc = sim_disk_file_truncate(h->disk, h->file, (uint64_t)size);
    return rc == SY_OK ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

static int file_sync(sqlite3_file *base, int flags)
{
    (void)flags;
    handle *h = handle_of(base);
    if (sim_disk_change(h->disk, false) != SIM_DISK_FINE) {
        return SQLITE_IOERR_FSYNC;
    }
    sim_disk_file_sync(h->disk, h->file);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    handle *h = handle_of(base);
    *out = (sqlite3_int64)h->file->size;
    return h->disk->dead ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    handle *h = handle_of(base);
    sim_disk_file *file = h->file;
    if (level <= h->lock) {
        return SQLITE_OK;
    }
    if (sim_disk_locked_out(h->disk)) {
        return SQLITE_BUSY;
    }
    if (h->lock == SQLITE_LOCK_NONE) {
        if (file->pending) {
            return SQLITE_BUSY;
        }
        file->shared_count++;
        h->lock = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) {
        return SQLITE_OK;
    }
    if (file->writer != NULL && file->writer != h) {
        return SQLITE_BUSY;
    }
    file->writer = h;
    if (level == SQLITE_LOCK_RESERVED) {
        h->lock = SQLITE_LOCK_RESERVED;
        return SQLITE_OK;
    }
    file->pending = true;
    h->lock = file->shared_count > 1 ? SQLITE_LOCK_PENDING : SQLITE_LOCK_EXCLUSIVE;
    return h->lock >= level ? SQLITE_OK : SQLITE_BUSY;
}

static int file_unlock(sqlite3_file *base, int level)
{
    unlock_to(handle_of(base), level);
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *out)
{
    *out = handle_of(base)->file->writer != NULL;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return SECTOR_SIZE;
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
}

static const sqlite3_io_methods FILE_METHODS = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
};

/* -- the system -- */

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
                    int *out_flags)
{
    (void)vfs;
    handle *h = handle_of(base);
    h->base.pMethods = NULL;
    const char *name = NULL;
    sim_disk *disk = path == NULL ? NULL : sim_disk_of_path(path, &name);
    if (disk == NULL || disk->dead) {
        return SQLITE_CANTOPEN;
    }
    bool create = (flags & SQLITE_OPEN_CREATE) != 0;
    sim_disk_file *file = sim_disk_find(disk, name);
    if (file != NULL && create && (flags & SQLITE_OPEN_EXCLUSIVE) != 0) {
        return SQLITE_CANTOPEN;
    }
    if (file == NULL) {
        if (!create) {
            return SQLITE_CANTOPEN;
        }
        file = sim_disk_make(disk, name);
        if (file == NULL) {
            return SQLITE_NOMEM;
        }
    }
    *h = (handle){.base = {.pMethods = &FILE_METHODS},
                  .disk = disk,
                  .file = file,
                  .lock = SQLITE_LOCK_NONE,
                  .delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0};
    sim_disk_opened(disk);
    if (out_flags != NULL) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
    (void)vfs;
    const char *name = NULL;
    sim_disk *disk = sim_disk_of_path(path, &name);
    sim_disk_file *file = disk == NULL ? NULL : sim_disk_find(disk, name);
    if (disk != NULL && sim_disk_change(disk, false) != SIM_DISK_FINE) {
        return SQLITE_IOERR_DELETE;
    }
    if (file == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    if (sim_disk_file_delete(disk, file) != SY_OK) {
        return SQLITE_IOERR_NOMEM;
    }
    if (sync_directory != 0) {
        sim_disk_sync_names(disk);
    }
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs;
    const char *name = NULL;
    sim_disk *disk = sim_disk_of_path(path, &name);
    if (disk != NULL && disk->dead) {
        return SQLITE_IOERR_ACCESS;
    }
    const sim_disk_file *file = disk == NULL ? NULL : sim_disk_find(disk, name);
    /* As SQLite's own: an empty file does not count as existing. */
    *out = file != NULL && (flags != SQLITE_ACCESS_EXISTS || file->size > 0);
    return SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    size_t length = strlen(path) + 1;
    if (length > (size_t)size) {
        return SQLITE_CANTOPEN;
    }
    memcpy(out, path, length);
    return SQLITE_OK;
}

static uint64_t random_state;

static uint64_t random_next(void)
{
    random_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    uint64_t word = 0;
    for (int i = 0; i < size; i++) {
        if (i % 8 == 0) {
            word = random_next();
        }
        out[i] = (char)(unsigned char)(word & 0xff);
        word >>= 8;
    }
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_current_time_ms(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = JULIAN_UNIX_MS + SY_WORLD_EPOCH / SY_MS;
    return SQLITE_OK;
}

static int vfs_current_time(sqlite3_vfs *vfs, double *out)
{
    sqlite3_int64 ms = 0;
    (void)vfs_current_time_ms(vfs, &ms);
    *out = (double)ms / MS_PER_DAY;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

static sqlite3_vfs VFS = {
    .iVersion = 2,
    .szOsFile = (int)sizeof(handle),
    .mxPathname = PATH_SIZE_MAX,
    .zName = "syncsim",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_pathname,
    .xRandomness = vfs_randomness,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_current_time,
    .xGetLastError = vfs_last_error,
    .xCurrentTimeInt64 = vfs_current_time_ms,
};

sy_rc sim_vfs_install(sy_err *err)
{
    static bool installed;
    if (installed) {
        return SY_OK;
    }
    if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) != SQLITE_OK ||
        sim_vfs_memory_install() != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK ||
        /* No 20 pages ahead for each connection: most clients use five. */
        sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) != SQLITE_OK) {
        return SY_FAIL(err, SY_STATE, "SQLite is in use already");
    }
    if (sqlite3_initialize() != SQLITE_OK || sqlite3_vfs_register(&VFS, 1) != SQLITE_OK) {
        return SY_FAIL(err, SY_NOMEM, "SQLite could not be started");
    }
    installed = true;
    return SY_OK;
}

/* -- what a database says of itself -- */

uint32_t sim_vfs_change_counter(const sim_disk *disk, const char *name)
{
    const sim_disk_file *file = sim_disk_entry(disk, name);
    unsigned char bytes[4] = {0};
    if (file != NULL && file->exists) {
        (void)sim_disk_file_read(file, bytes, sizeof bytes, CHANGE_COUNTER_AT);
    }
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

uint32_t sim_vfs_change_counter_recovered(const sim_disk *disk, const char *name)
{
    sim_disk *copy = sim_disk_clone(disk);
    const char *path = copy == NULL ? NULL : sim_disk_path(copy, name);
    sqlite3 *db = NULL;
    if (path != NULL && sqlite3_open(path, &db) == SQLITE_OK) {
        (void)sqlite3_exec(db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
    }
    (void)sqlite3_close(db);
    const uint32_t counter = copy == NULL ? 0 : sim_vfs_change_counter(copy, name);
    sim_disk_free(copy);
    return counter;
}

void sim_vfs_reset_random(uint64_t seed)
{
    random_state = seed;
    sqlite3_randomness(0, NULL);
}

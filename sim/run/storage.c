/* A crash leaves what each kind of store promises: memory its last committed image, SQLite what its
 * disk had, a store of somebody else's whatever it says itself. */
#include "sim/run/storage.h"

#include "core/base/check.h"

sy_rc sim_run_storage_init(sim_run_storage *storage, sy_alloc alloc, sy_err *err)
{
    storage->alloc = alloc;
    storage->faulty = (sim_store){.dead = true};
    switch (storage->kind) {
    case SIM_STORE_MEMORY:
        return sy_store_memory_new(alloc, &storage->memory, err);
    case SIM_STORE_SQLITE:
        storage->disk = sim_disk_new(alloc);
        return storage->disk != NULL ? SY_OK : sy_fail_nomem(err);
    case SIM_STORE_CUSTOM:
        SY_ASSERT(storage->custom.ops != NULL);
        break;
    }
    return SY_OK;
}

void sim_run_storage_deinit(sim_run_storage *storage)
{
    sy_store_sqlite_close(storage->sqlite);
    sim_disk_free(storage->disk);
    sy_store_memory_free(storage->memory);
    *storage = (sim_run_storage){.alloc = storage->alloc};
}

static sy_rc open_sqlite(sim_run_storage *storage, sy_store *out, sy_err *err)
{
    const char *path = sim_disk_path(storage->disk, "store.db");
    if (path == NULL) {
        return sy_fail_nomem(err);
    }
    sy_store_sqlite_options options = {.path = path,
                                       .journal_mode = storage->journal_mode,
                                       .synchronous = storage->synchronous,
                                       .drops_columns = storage->drops_columns};
    sy_rc rc = sy_store_sqlite_open(storage->alloc, &options, &storage->sqlite, err);
    if (rc == SY_OK) {
        *out = sy_store_sqlite_port(storage->sqlite);
    }
    return rc;
}

static sy_rc storage_open(void *self, sy_store *out, sy_err *err)
{
    sim_run_storage *storage = self;
    sy_store inner = storage->custom;
    if (storage->kind == SIM_STORE_MEMORY) {
        inner = sy_store_memory_port(storage->memory);
    } else if (storage->kind == SIM_STORE_SQLITE) {
        sy_rc rc = open_sqlite(storage, &inner, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    sim_store_revive(&storage->faulty, inner);
    *out = sim_store_port(&storage->faulty);
    return SY_OK;
}

static void storage_close(void *self, bool crashed)
{
    sim_run_storage *storage = self;
    switch (storage->kind) {
    case SIM_STORE_MEMORY:
        if (crashed) {
            sy_store_memory_crash(storage->memory);
        }
        break;
    case SIM_STORE_SQLITE:
        if (crashed) {
            sim_disk_crash(storage->disk);
        }
        sy_store_sqlite_close(storage->sqlite);
        storage->sqlite = NULL;
        break;
    case SIM_STORE_CUSTOM:
        if (crashed && storage->custom_crashed != NULL) {
            storage->custom_crashed(storage->custom_self);
        }
        break;
    }
    storage->faulty.inner = (sy_store){0};
    storage->faulty.dead = true;
}

sim_storage sim_run_storage_port(sim_run_storage *storage)
{
    static const sim_storage_ops ops = {.open = storage_open, .close = storage_close};
    return (sim_storage){.ops = &ops, .self = storage};
}

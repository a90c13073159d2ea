/* A crash leaves what each kind of store promises: memory its last committed image, SQLite what its
 * disk had, a store of somebody else's whatever it says itself. */
#include "sim/run/storage.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/hash.h"

#define OPENING_COUNT_MAX 8 /* then the weather lets it through */

sy_rc sim_run_storage_init(sim_run_storage *storage, sy_alloc alloc, sy_err *err)
{
    storage->alloc = alloc;
    storage->faulty = (sim_store){.dead = true, .file = SIM_STORAGE_FILE};
    switch (storage->kind) {
    case SIM_STORE_MEMORY:
        return sy_store_memory_new(alloc, &storage->memory, err);
    case SIM_STORE_SQLITE: /* its disk is made when it is opened first */
        break;
    case SIM_STORE_CUSTOM:
        SY_ASSERT(storage->custom.ops != NULL);
        break;
    }
    return SY_OK;
}

void sim_run_storage_expose(sim_run_storage *storage, const sim_disk_fate *fate)
{
    storage->fate = *fate;
    storage->faulty.fate = &storage->fate;
    storage->faulty.read_ns = fate->weather.read_ns;
    storage->faulty.write_ns = fate->weather.write_ns;
    storage->faulty.commit_ns = fate->weather.sync_ns;
    if (fate->rough || fate->loses) { /* what is counted differs with a connection from the shelf */
        storage->shelf_key = 0;
    }
    if (storage->disk != NULL) {
        sim_disk_set_fate(storage->disk, &storage->fate);
    }
}

void sim_run_storage_heal(sim_run_storage *storage)
{
    storage->faulty.fault_at = 0;
    if (storage->disk != NULL) {
        sim_disk_fail_at(storage->disk, 0);
        sim_disk_lock_at(storage->disk, 0);
        sim_disk_unread_at(storage->disk, 0);
    }
}

uint64_t sim_run_storage_key(const sim_run_storage *storage, const sy_dialect *dialect,
                             const sy_client_table *tables, uint32_t count)
{
    uint64_t key = sy_hash(storage->journal_mode, strlen(storage->journal_mode), 0);
    key = sy_hash(storage->synchronous, strlen(storage->synchronous), key);
    key = sy_hash_mix(key, storage->drops_columns);
    key = sy_hash(dialect->name, strlen(dialect->name), key);
    for (uint32_t i = 0; i < count; i++) {
        key = sy_hash_mix(key, sy_schema_shape(tables[i].schema));
        key = sy_hash_mix(key, tables[i].schema->system);
        key = sy_hash_mix(key, sy_policy_keeps(tables[i].policy) ? 1 : 0); /* it has an inbox */
    }
    return key != 0 ? key : 1;
}

void sim_run_storage_deinit(sim_run_storage *storage)
{
    sim_shelf_item *item = storage->item;
    if (item == NULL) {
        sy_store_sqlite_close(storage->sqlite);
        sim_disk_free(storage->disk);
    } else if (item->sqlite != NULL && storage->faulty.writes > 0) {
        sim_shelf_put(item);
    } else {
        if (storage->sqlite != item->sqlite) {
            sy_store_sqlite_close(storage->sqlite);
        }
        sim_shelf_free(item);
    }
    sy_store_memory_free(storage->memory);
    *storage = (sim_run_storage){.alloc = storage->alloc};
}

/* -- SQLite -- */

/* The disk, and from the shelf a connection with it. */
static sy_rc first_opening(sim_run_storage *storage, sy_err *err)
{
    if (storage->shelf_key == 0) {
        storage->disk = sim_disk_new(storage->alloc);
        if (storage->disk != NULL && storage->faulty.fate != NULL) {
            sim_disk_set_fate(storage->disk, storage->faulty.fate);
        }
    } else {
        storage->item = sim_shelf_take(storage->shelf_key);
        storage->item = storage->item != NULL ? storage->item : sim_shelf_make(storage->shelf_key);
        storage->disk = storage->item != NULL ? storage->item->disk : NULL;
    }
    return storage->disk != NULL ? SY_OK : sy_fail_nomem(err);
}

static sy_rc connect(sim_run_storage *storage, bool for_shelf, sy_err *err)
{
    sim_shelf_item *item = storage->item;
    sy_store_sqlite_options options = {.path = sim_disk_path(storage->disk, SIM_STORAGE_FILE),
                                       .journal_mode = storage->journal_mode,
                                       .synchronous = storage->synchronous,
                                       .drops_columns = storage->drops_columns};
    if (options.path == NULL) {
        return sy_fail_nomem(err);
    }
    if (for_shelf) {
        options.defined = sim_shelf_remember;
        options.defined_self = item;
    }
    sy_rc rc = sy_store_sqlite_open(for_shelf ? sim_shelf_alloc() : storage->alloc, &options,
                                    &storage->sqlite, err);
    if (rc == SY_OK && for_shelf) {
        item->sqlite = storage->sqlite;
    }
    return rc;
}

/* Behind a death: who recovers may die of it, or fail, and the next process tries again. Not while
 * something is unsynced: a commit behind which the last process died was told as made, and is to
 * be found. */
static sy_rc reconnect(sim_run_storage *storage, sy_err *err)
{
    for (int i = 0; i < OPENING_COUNT_MAX; i++) {
        sim_disk_expose(storage->disk, sim_disk_pending_count(storage->disk) == 0);
        const sy_rc rc = connect(storage, false, err);
        sim_disk_expose(storage->disk, false);
        const bool died = sim_disk_is_dead(storage->disk);
        if (rc != SY_STORE && !died) {
            return rc;
        }
        if (rc == SY_OK) {
            sy_store_sqlite_close(storage->sqlite);
            storage->sqlite = NULL;
        }
    }
    return connect(storage, false, err);
}

/* Only the first connection of a storage is one that another run can have. */
static sy_rc open_sqlite(sim_run_storage *storage, sy_store *out, sy_err *err)
{
    const bool first = storage->disk == NULL;
    sy_rc rc = first ? first_opening(storage, err) : SY_OK;
    if (rc != SY_OK) {
        return rc;
    }
    sim_shelf_item *item = storage->item;
    if (first && item != NULL && item->sqlite != NULL) {
        storage->sqlite = item->sqlite;
    } else {
        if (item != NULL) {
            sy_store_sqlite_close(item->sqlite);
            item->sqlite = NULL;
        }
        rc = first ? connect(storage, item != NULL, err) : reconnect(storage, err);
    }
    if (rc == SY_OK) {
        *out = sy_store_sqlite_port(storage->sqlite);
    }
    return rc;
}

/* One that another run may have stays open until the storage ends or is opened again. */
static void close_sqlite(sim_run_storage *storage, bool crashed)
{
    sim_shelf_item *item = storage->item;
    const bool rests = !crashed && item != NULL && item->sqlite == storage->sqlite;
    if (crashed) {
        sim_disk_crash_by_fate(storage->disk);
        if (item != NULL) {
            item->sqlite = NULL;
        }
    }
    if (!rests) {
        sy_store_sqlite_close(storage->sqlite);
    }
    storage->sqlite = NULL;
}

static sy_rc storage_open(void *self, sy_store *out, sy_err *err)
{
    sim_run_storage *storage = self;
    sy_store inner = storage->custom;
    if (storage->kind == SIM_STORE_MEMORY) {
        inner = sy_store_memory_port(storage->memory);
    } else if (storage->kind == SIM_STORE_SQLITE) {
        if (storage->disk != NULL && storage->fate.rough) {
            sim_disk_damage(storage->disk, SIM_STORAGE_FILE);
        }
        sy_rc rc = open_sqlite(storage, &inner, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    const bool watched = storage->fate.rough || storage->fate.loses;
    storage->faulty.disk = watched ? storage->disk : NULL;
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
        close_sqlite(storage, crashed);
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

/* -- images -- */

struct sim_image {
    sy_alloc alloc;
    sim_store_kind kind;
    sy_store_memory *memory;
    sim_disk *disk;
};

void sim_image_free(sim_image *image)
{
    if (image != NULL) {
        sy_store_memory_free(image->memory);
        sim_disk_free(image->disk);
        sy_alloc_free(image->alloc, image, sizeof *image);
    }
}

/* NULL: one that was never opened. */
static sy_rc copy_disk(const sim_run_storage *storage, const sim_disk *from, sim_disk **out,
                       sy_err *err)
{
    *out = from != NULL ? sim_disk_clone(from) : sim_disk_new(storage->alloc);
    return *out != NULL ? SY_OK : sy_fail_nomem(err);
}

static sy_rc refuse_custom(sy_err *err)
{
    return SY_FAIL(err, SY_STATE, "a store written in Lua has no image: copy its tables yourself");
}

static sy_rc storage_save(void *self, sim_image **out, sy_err *err)
{
    const sim_run_storage *storage = self;
    if (storage->kind == SIM_STORE_CUSTOM) {
        return refuse_custom(err);
    }
    if (storage->faulty.in_transaction) {
        return SY_FAIL(err, SY_STATE, "a transaction is open");
    }
    sim_image *image = sy_alloc_zeroed(storage->alloc, sizeof *image);
    if (image == NULL) {
        return sy_fail_nomem(err);
    }
    image->alloc = storage->alloc;
    image->kind = storage->kind;
    sy_rc rc = storage->kind == SIM_STORE_MEMORY
                   ? sy_store_memory_copy(storage->memory, &image->memory, err)
                   : copy_disk(storage, storage->disk, &image->disk, err);
    if (rc != SY_OK) {
        sim_image_free(image);
        return rc;
    }
    *out = image;
    return SY_OK;
}

static sy_rc load_memory(sim_run_storage *storage, const sim_image *image, sy_err *err)
{
    sy_store_memory *fresh = NULL;
    sy_rc rc = image != NULL ? sy_store_memory_copy(image->memory, &fresh, err)
                             : sy_store_memory_new(storage->alloc, &fresh, err);
    if (rc == SY_OK) {
        sy_store_memory_free(storage->memory);
        storage->memory = fresh;
    }
    return rc;
}

static sy_rc load_disk(sim_run_storage *storage, const sim_image *image, sy_err *err)
{
    sim_disk *fresh = NULL;
    sy_rc rc = copy_disk(storage, image != NULL ? image->disk : NULL, &fresh, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (storage->disk != NULL) {
        sim_disk_inherit(fresh, storage->disk);
    }
    if (storage->item != NULL) {
        sim_shelf_free(storage->item);
        storage->item = NULL;
    } else {
        sim_disk_free(storage->disk);
    }
    storage->disk = fresh;
    return SY_OK;
}

static sy_rc storage_load(void *self, const sim_image *image, sy_err *err)
{
    sim_run_storage *storage = self;
    SY_ASSERT(storage->faulty.dead);
    if (storage->kind == SIM_STORE_CUSTOM) {
        return refuse_custom(err);
    }
    if (image != NULL && image->kind != storage->kind) {
        return SY_FAIL(err, SY_STATE, "the image is of another kind of store");
    }
    return storage->kind == SIM_STORE_MEMORY ? load_memory(storage, image, err)
                                             : load_disk(storage, image, err);
}

sim_storage sim_run_storage_port(sim_run_storage *storage)
{
    static const sim_storage_ops ops = {.open = storage_open,
                                        .close = storage_close,
                                        .save = storage_save,
                                        .load = storage_load,
                                        .drop = sim_image_free};
    return (sim_storage){.ops = &ops, .self = storage};
}

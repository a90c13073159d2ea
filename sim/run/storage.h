/* Where a host's rows live beyond the life of its process: a memory store, a SQLite file on a disk
 * of the host's own, or somebody else's store; behind the store that misbehaves
 * (sim/disk/sim_store.h). */
#ifndef SIM_RUN_STORAGE_H
#define SIM_RUN_STORAGE_H

#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_vfs.h"
#include "sim/run/shelf.h"
#include "sim/run/simulation.h"

#define SIM_STORAGE_FILE "store.db"

typedef struct sim_run_storage {
    sy_alloc alloc;
    sim_store_kind kind;
    sim_store faulty; /* what the host gets */
    sim_disk_fate fate;
    sy_store_memory *memory;
    sim_disk *disk;          /* NULL: it was never opened */
    sy_store_sqlite *sqlite; /* NULL: closed */
    uint64_t shelf_key;      /* 0: its connection is not for another run */
    sim_shelf_item *item;    /* has the disk and, until it is closed, the connection */
    const char *journal_mode, *synchronous;
    bool drops_columns; /* of SQLite, see its options */
    sy_store custom;
    void (*custom_crashed)(void *self);
    void *custom_self;
} sim_run_storage;

/* What storage held at a moment. */
typedef struct sim_image sim_image;
void sim_image_free(sim_image *image);

/* `kind`, `custom...`, `journal_mode`, `synchronous`, `drops_columns` and `shelf_key` are set; the
 * rest is made. */
sy_rc sim_run_storage_init(sim_run_storage *storage, sy_alloc alloc, sy_err *err);
/* Of a client's storage: what decides which tables its connection gets, and how. */
uint64_t sim_run_storage_key(const sim_run_storage *storage, const sy_dialect *dialect,
                             const sy_client_table *tables, uint32_t count);
/* Before it is opened first: what happens to it by itself. A disk that can lose power, be it by
 * itself or because `loses` says so, remembers what was not synced. */
void sim_run_storage_expose(sim_run_storage *storage, const sim_disk_fate *fate);
/* What was scripted and has not happened yet does not. */
void sim_run_storage_heal(sim_run_storage *storage);
void sim_run_storage_deinit(sim_run_storage *storage);
sim_storage sim_run_storage_port(sim_run_storage *storage);

#endif

/* Where a host's rows live beyond the life of its process: a memory store, a SQLite file on a disk
 * of the host's own, or somebody else's store; behind the store that misbehaves
 * (sim/disk/sim_store.h). */
#ifndef SIM_RUN_STORAGE_H
#define SIM_RUN_STORAGE_H

#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/disk/sim_vfs.h"
#include "sim/run/simulation.h"

typedef struct sim_run_storage {
    sy_alloc alloc;
    sim_store_kind kind;
    sim_store faulty; /* what the host gets */
    sy_store_memory *memory;
    sim_disk *disk;
    sy_store_sqlite *sqlite; /* NULL: closed */
    const char *journal_mode, *synchronous;
    bool drops_columns; /* of SQLite, see its options */
    sy_store custom;
    void (*custom_crashed)(void *self);
    void *custom_self;
} sim_run_storage;

/* `kind`, `custom...`, `journal_mode`, `synchronous` and `drops_columns` are set; the rest is
 * made. */
sy_rc sim_run_storage_init(sim_run_storage *storage, sy_alloc alloc, sy_err *err);
void sim_run_storage_deinit(sim_run_storage *storage);
sim_storage sim_run_storage_port(sim_run_storage *storage);

#endif

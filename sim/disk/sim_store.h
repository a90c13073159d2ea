/* A store that misbehaves at the port: counts writes, fails or crashes at a chosen one, costs time.
 * Wraps any store. What happens by itself (disk_weather.h) happens here to a store that is no disk;
 * to one that is, on its disk, which is exposed to it while the engine writes. */
#ifndef SIM_DISK_SIM_STORE_H
#define SIM_DISK_SIM_STORE_H

#include "core/port/store.h"
#include "sim/disk/disk_weather.h"

typedef enum sim_store_fault_kind {
    SIM_STORE_FAIL, /* that write, and with it its transaction, fails with SY_STORE: everything
                       until the rollback is refused; later ones work */
    SIM_STORE_CRASH /* before that write the process dies: it and everything after fails with
                       SY_CRASHED, and `crashed` is called once. What was open in the inner store is
                       its owner's to undo. */
} sim_store_fault_kind;

typedef struct sim_store {
    sy_store inner;
    uint64_t writes;   /* writes, removes and commits so far */
    uint64_t fault_at; /* the write (counted from 1) at which it happens; 0: never */
    sim_store_fault_kind fault;
    bool dead; /* after a crash, until sim_store_revive */
    bool in_transaction;
    bool failed; /* the open transaction cannot be saved any more */
    /* What each costs in virtual time; a write outside a transaction is a commit, too. */
    sy_time read_ns, write_ns, commit_ns;
    sy_time cost_ns;           /* so far, the inner stores' included */
    sy_time inner_cost_ns;     /* the inner store's, when it was asked last */
    const sim_disk_fate *fate; /* NULL: nothing happens by itself */
    sim_disk *disk;            /* of the inner store, which may die under it; NULL: none that can */
    const char *file;          /* the inner store's on that disk */
    uint32_t change_counter;   /* of that file before the commit that is under way */
    uint64_t lock_count;
    /* `drawn`: by itself, told to the trace already. */
    void (*crashed)(void *self, bool drawn);
    void *crashed_self;
} sim_store;

void sim_store_init(sim_store *store, sy_store inner);
/* The process starts again over what survived. Counts and costs go on. */
void sim_store_revive(sim_store *store, sy_store inner);
sy_store sim_store_port(sim_store *store);

#endif

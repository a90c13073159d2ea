/* An in-memory SQLite VFS: files live in disks, a disk belongs to a host. The process's default
 * VFS, so that SQLite's own random numbers and clock are ours too (design.md, traps). */
#ifndef SIM_DISK_SIM_VFS_H
#define SIM_DISK_SIM_VFS_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct sim_disk sim_disk;
typedef struct sim_disk_fate sim_disk_fate; /* disk_weather.h */

/* Registers the VFS as the default one, and SQLite for one thread; once a process, before any
 * connection. Again: does nothing. SY_STATE when SQLite is in use already. */
sy_rc sim_vfs_install(sy_err *err);
/* At the start of each world: SQLite's random numbers begin again. */
void sim_vfs_reset_random(uint64_t seed);

sim_disk *
sim_disk_new(sy_alloc alloc); /* NULL: no memory. The disk must outlive its connections. */
void sim_disk_free(sim_disk *disk);
/* A disk of its own with the same files, as they were written; neither faults nor what is pending
 * are copied. NULL: no memory. */
sim_disk *sim_disk_clone(const sim_disk *disk);
/* What names a file of this disk to SQLite: "<disk number>/<name>", valid as long as the disk;
 * NULL: no memory. */
const char *sim_disk_path(sim_disk *disk, const char *name);
/* The process died: open files answer every read, write and sync with an error from now on (lock,
 * unlock and close still work); what was written stays, without what SQLite had not written yet.
 * When the last of them is closed, the disk can be opened again; the next open sees what was
 * written, hot journal and all. */
void sim_disk_crash(sim_disk *disk);
/* The same; its fate says whether power goes, too, and what that loses. */
void sim_disk_crash_by_fate(sim_disk *disk);

/* From now on the disk remembers what was not synced, so that a loss of power can lose it: a copy
 * of each write until then. What is there counts as durable. `tracks` false: no longer. */
void sim_disk_track(sim_disk *disk, bool tracks);
uint32_t sim_disk_pending_count(const sim_disk *disk); /* changes that no sync made durable */
/* Everything is synced: the operating system wrote it back by itself. */
void sim_disk_sync(sim_disk *disk);

/* What a loss of power leaves of the changes that were not synced: writes, truncations, files that
 * were created or deleted. Names come and go in their order: when one is lost, so are later ones,
 * and a write to a file whose creation is lost is lost with it. */
typedef enum sim_power_loss {
    SIM_POWER_LOSS_NOTHING, /* all of them: what the death of a process leaves */
    SIM_POWER_LOSS_ALL,     /* none */
    SIM_POWER_LOSS_LATER,   /* the first k of them; k is picked */
    SIM_POWER_LOSS_EARLIER, /* all but the first k: reordered */
    SIM_POWER_LOSS_SOME,    /* each by itself */
    SIM_POWER_LOSS_TORN, /* each by itself, and of a write maybe the first sectors of 512 bytes only
                          */
    SIM_POWER_LOSS_CONTENT, /* sizes and names; what was written is zeros where a file grew, else
                               lost */
    SIM_POWER_LOSS_NAMES,   /* what was written; truncations, creations and deletions are lost */
    SIM_POWER_LOSS_COUNT
} sim_power_loss;

const char *sim_power_loss_name(sim_power_loss loss); /* "nothing", "all", "later"... */

/* Says for each of the changes what becomes of it: a value in [0, n). `change` is its number, 0
 * where it is about all of them; 0 is the least that is kept. */
typedef struct sim_power_loss_picker {
    uint64_t (*pick)(void *self, uint64_t change, uint64_t n);
    void *self;
} sim_power_loss_picker;

/* The power goes: as sim_disk_crash, but of what was not synced only a part stays. SY_NOMEM: the
 * disk is of no more use. */
sy_rc sim_disk_lose_power(sim_disk *disk, sim_power_loss loss, sim_power_loss_picker picker);

/* What happens to the disk by itself, borrowed; NULL: nothing. It counts from now on. */
void sim_disk_set_fate(sim_disk *disk, const sim_disk_fate *fate);
/* Things happen only while it is exposed: during what an engine writes and while a store is opened
 * again, not while somebody looks into it, opens it first, or defines its tables. */
void sim_disk_expose(sim_disk *disk, bool exposed);
bool sim_disk_is_dead(const sim_disk *disk);
bool sim_disk_died_by_fate(const sim_disk *disk); /* when it died last */
/* With the next death that is scripted, at a change or by sim_disk_crash_by_fate, the power goes
 * so, once; of a disk that tracks. */
void sim_disk_lose_power_next(sim_disk *disk, sim_power_loss loss);
/* While nobody has it open: what its fate breaks of a database and its journal. */
void sim_disk_damage(sim_disk *disk, const char *name);
/* The same machine with another disk: fate and counts go on. */
void sim_disk_inherit(sim_disk *disk, const sim_disk *former);
/* The process dies (sim_disk_crash) before the n-th change (write, sync, truncation, deletion) from
 * now, n from 1; 0: it does not. */
void sim_disk_fail_at(sim_disk *disk, uint64_t change);
/* The n-th change from now fails, once, with an error of the disk, for want of room, or short: with
 * a part of it written. 0: it does not. */
void sim_disk_error_at(sim_disk *disk, uint64_t change);
void sim_disk_full_at(sim_disk *disk, uint64_t change);
void sim_disk_short_at(sim_disk *disk, uint64_t change);
/* The n-th lock from now is somebody else's; the n-th read ends early. 0: no. */
void sim_disk_lock_at(sim_disk *disk, uint64_t lock);
void sim_disk_unread_at(sim_disk *disk, uint64_t read);
uint64_t sim_disk_change_count(const sim_disk *disk); /* so far */
/* A copy of what the file holds, added to `out`; nothing when there is no such file. */
void sim_disk_copy(const sim_disk *disk, const char *name, sy_buf *out);
/* A disk that is as it was when this file alone was on it, with that content, after that many
 * changes; handles stay open. SY_NOMEM: it is not, and of no more use. */
sy_rc sim_disk_restore(sim_disk *disk, const char *name, sy_str content, uint64_t change_count);
uint64_t sim_disk_size(const sim_disk *disk); /* bytes in all files */

/* How often a database was changed, as its header has it: each transaction that commits a change
 * counts it up. 0: there is none. */
uint32_t sim_vfs_change_counter(const sim_disk *disk, const char *name);
/* The same as the next process will find it, after its recovery; done on a copy. */
uint32_t sim_vfs_change_counter_recovered(const sim_disk *disk, const char *name);

#endif

/* An in-memory SQLite VFS: files live in disks, a disk belongs to a host. The process's default
 * VFS, so that SQLite's own random numbers and clock are ours too (design.md, traps). */
#ifndef SIM_DISK_SIM_VFS_H
#define SIM_DISK_SIM_VFS_H

#include "core/base/err.h"

#include <stdint.h>

typedef struct sim_disk sim_disk;

/* Registers the VFS as the default one, and SQLite for one thread; once a process, before any
 * connection. Again: does nothing. SY_STATE when SQLite is in use already. */
sy_rc sim_vfs_install(sy_err *err);
/* At the start of each world: SQLite's random numbers begin again. */
void sim_vfs_reset_random(uint64_t seed);

sim_disk *
sim_disk_new(sy_alloc alloc); /* NULL: no memory. The disk must outlive its connections. */
void sim_disk_free(sim_disk *disk);
/* A disk of its own with the same files, as they were written; faults are not copied. NULL: no
 * memory. */
sim_disk *sim_disk_clone(const sim_disk *disk);
/* What names a file of this disk to SQLite: "<disk number>/<name>", valid as long as the disk;
 * NULL: no memory. */
const char *sim_disk_path(sim_disk *disk, const char *name);
/* The process died: open files answer every read, write and sync with an error from now on (lock,
 * unlock and close still work); what was written stays, without what SQLite had not written yet.
 * When the last of them is closed, the disk can be opened again; the next open sees what was
 * written, hot journal and all. */
void sim_disk_crash(sim_disk *disk);
/* The process dies (sim_disk_crash) before the n-th change (write, sync, truncation, deletion) from
 * now, n from 1; 0: it does not. */
void sim_disk_fail_at(sim_disk *disk, uint64_t change);
/* The n-th change from now fails with an error of the disk, once. 0: it does not. */
void sim_disk_error_at(sim_disk *disk, uint64_t change);
uint64_t sim_disk_change_count(const sim_disk *disk); /* so far */
/* A copy of what the file holds, added to `out`; nothing when there is no such file. */
void sim_disk_copy(const sim_disk *disk, const char *name, sy_buf *out);
/* A disk that is as it was when this file alone was on it, with that content, after that many
 * changes; handles stay open. SY_NOMEM: it is not, and of no more use. */
sy_rc sim_disk_restore(sim_disk *disk, const char *name, sy_str content, uint64_t change_count);
uint64_t sim_disk_size(const sim_disk *disk); /* bytes in all files */

#endif

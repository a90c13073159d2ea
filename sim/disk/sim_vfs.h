/* An in-memory SQLite VFS: files live in disks, a disk belongs to a host. The process's default VFS, so that SQLite's
 * own random numbers and clock are ours too (design.md, traps). */
#ifndef SIM_DISK_SIM_VFS_H
#define SIM_DISK_SIM_VFS_H

#include "core/base/err.h"

#include <stdint.h>

typedef struct sim_disk sim_disk;

/* Registers the VFS as the default one; once a process, before any connection. */
sy_rc sim_vfs_install(sy_err *err);
/* At the start of each world: SQLite's random numbers begin again. */
void sim_vfs_reset_random(uint64_t seed);

sim_disk *sim_disk_new(sy_alloc alloc); /* NULL: no memory. The disk must outlive its connections. */
void sim_disk_free(sim_disk *disk);
/* What names a file of this disk to SQLite: "<disk number>/<name>", valid as long as the disk. */
const char *sim_disk_path(sim_disk *disk, const char *name);
/* The process died: open files answer every read, write and sync with an error from now on (unlock and close still
 * work); what was written stays, without what SQLite had not written yet. The next open sees it, hot journal and all. */
void sim_disk_crash(sim_disk *disk);
uint64_t sim_disk_size(const sim_disk *disk); /* bytes in all files */

#endif

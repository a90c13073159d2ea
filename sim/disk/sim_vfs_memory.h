/* The memory that SQLite gets: a part of sim_vfs_install. */
#ifndef SIM_DISK_SIM_VFS_MEMORY_H
#define SIM_DISK_SIM_VFS_MEMORY_H

/* Before SQLite is initialized; once, so that a test may put its own methods around these. An
 * SQLite result code. */
int sim_vfs_memory_install(void);

#endif

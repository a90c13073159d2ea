/* A disk of a host: a few named files in memory, and the ways in which it dies. Knows nothing of
 * SQLite; sim_vfs.c puts SQLite on it. */
#ifndef SIM_DISK_DISK_H
#define SIM_DISK_DISK_H

#include "sim/disk/sim_vfs.h"

#define SIM_DISK_CHUNK_SIZE 4096u

typedef struct sim_disk_file {
    struct sim_disk_file *next;
    char *name;
    bool exists; /* a deleted file keeps its place: its name comes back with the next transaction */
    unsigned char **chunks;
    size_t chunk_count;
    size_t chunk_capacity;
    uint64_t size;
    uint32_t shared_count; /* holders of SHARED or more */
    const void *writer;    /* who holds RESERVED or more; NULL: nobody */
    bool pending;          /* the writer waits for the readers, or is alone: no new reader */
} sim_disk_file;

typedef enum sim_disk_fault {
    SIM_DISK_ERROR, /* that change fails, later ones work */
    SIM_DISK_DEATH  /* before that change the process dies (sim_disk_crash) */
} sim_disk_fault;

struct sim_disk {
    sy_alloc alloc;
    struct sim_disk *next; /* in the registry */
    uint64_t number;
    sim_disk_file *files;
    struct sim_path *paths;
    uint32_t open_count; /* handles */
    bool dead;           /* until every handle of the dead process is closed */
    uint64_t fault_in;   /* changes until it happens; 0: none is due */
    sim_disk_fault fault;
    uint64_t change_count;
};

/* The disk and the file's name in "12/main.db"; NULL: no such disk. */
sim_disk *sim_disk_of_path(const char *path, const char **name);
/* NULL: no file of that name exists. */
sim_disk_file *sim_disk_find(sim_disk *disk, const char *name);
/* Finds or makes it; NULL: no memory. */
sim_disk_file *sim_disk_make(sim_disk *disk, const char *name);

/* A handle on one of its files was opened, or closed. */
void sim_disk_opened(sim_disk *disk);
void sim_disk_closed(sim_disk *disk);

/* To be asked before each write, sync, truncation and deletion: may it happen? */
bool sim_disk_change(sim_disk *disk);
/* Bytes that were there; the rest of `out` is zeroed. */
size_t sim_disk_file_read(const sim_disk_file *file, void *out, size_t size, uint64_t offset);
/* All or nothing: SY_OK or SY_NOMEM. */
sy_rc sim_disk_file_write(sim_disk *disk, sim_disk_file *file, const void *data, size_t size,
                          uint64_t offset);
/* Never makes it longer. */
void sim_disk_file_truncate(sim_disk *disk, sim_disk_file *file, uint64_t size);
void sim_disk_file_delete(sim_disk *disk, sim_disk_file *file);

#endif

/* A disk of a host: a few named files in memory, and the ways in which it dies. Knows nothing of
 * SQLite; sim_vfs.c puts SQLite on it. */
#ifndef SIM_DISK_DISK_H
#define SIM_DISK_DISK_H

#include "sim/disk/disk_weather.h"
#include "sim/disk/sim_vfs.h"

#define SIM_DISK_CHUNK_SIZE 4096u

/* Of a file that has pending changes: what is durable, where it is not what the file holds. */
typedef struct sim_disk_base {
    bool kept;   /* the file has pending changes; else the rest means nothing */
    bool exists; /* is it in its folder */
    uint64_t size;
    unsigned char **chunks; /* NULL in it: as the file has it */
    size_t chunk_count;
} sim_disk_base;

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
    sim_disk_base base;
} sim_disk_file;

typedef enum sim_disk_change_kind {
    SIM_DISK_WRITE,
    SIM_DISK_TRUNCATE, /* to `offset` bytes */
    SIM_DISK_CREATE,
    SIM_DISK_DELETE
} sim_disk_change_kind;

/* A change that no sync made durable yet. */
typedef struct sim_disk_pending {
    struct sim_disk_pending *next; /* made later */
    sim_disk_file *file;
    sim_disk_change_kind kind;
    uint64_t number; /* of the change */
    uint64_t offset;
    size_t size;
    unsigned char data[];
} sim_disk_pending;

struct sim_disk {
    sy_alloc alloc;
    struct sim_disk *next; /* in the registry */
    uint64_t number;
    sim_disk_file *files;
    struct sim_path *paths;
    uint32_t open_count;  /* handles */
    bool dead;            /* until every handle of the dead process is closed */
    uint64_t fault_in;    /* changes until it happens; 0: none is due */
    sim_disk_fault fault; /* scripted */
    sim_power_loss loss;  /* with the next scripted death */
    bool died_by_fate;
    const sim_disk_fate *fate;       /* NULL: nothing happens by itself */
    bool exposed;                    /* to it */
    uint64_t lock_in, read_in;       /* as fault_in, of locks and reads */
    uint64_t lock_count, read_count; /* while it was exposed */
    sy_buf stale;                    /* the last journal that was deleted or cut */
    int64_t written_back;            /* the how-manieth time of the system's */
    uint64_t change_count;
    bool tracks; /* what is not synced is remembered */
    sim_disk_pending *pending_first, *pending_last;
    uint32_t pending_count;
    uint64_t pending_number; /* of the last that was kept */
};

/* The disk and the file's name in "12/main.db"; NULL: no such disk. */
sim_disk *sim_disk_of_path(const char *path, const char **name);
/* NULL: no file of that name exists. */
sim_disk_file *sim_disk_find(sim_disk *disk, const char *name);
/* Finds or makes it; NULL: no memory. */
sim_disk_file *sim_disk_make(sim_disk *disk, const char *name);
/* Also one that does not exist now; NULL: there never was one. */
sim_disk_file *sim_disk_entry(const sim_disk *disk, const char *name);

/* A handle on one of its files was opened, or closed. */
void sim_disk_opened(sim_disk *disk);
void sim_disk_closed(sim_disk *disk);

/* To be asked before each write, sync, truncation and deletion: does it happen, or what instead? A
 * death has happened then. */
sim_disk_fault sim_disk_change(sim_disk *disk, bool is_write);
/* To be asked before somebody gets a lock that he lacks, and before a read. */
bool sim_disk_locked_out(sim_disk *disk);
bool sim_disk_read_fails(sim_disk *disk);
/* Bytes that were there; the rest of `out` is zeroed. */
size_t sim_disk_file_read(const sim_disk_file *file, void *out, size_t size, uint64_t offset);
/* All or nothing: SY_OK or SY_NOMEM. */
sy_rc sim_disk_file_write(sim_disk *disk, sim_disk_file *file, const void *data, size_t size,
                          uint64_t offset);
/* Never makes it longer. This and the next: SY_OK or, with nothing done, SY_NOMEM. */
sy_rc sim_disk_file_truncate(sim_disk *disk, sim_disk_file *file, uint64_t size);
sy_rc sim_disk_file_delete(sim_disk *disk, sim_disk_file *file);
/* What was written to it is durable now; and if it was created since the last time, so is every
 * name on the disk, since SQLite syncs the folder of a journal that it made. */
void sim_disk_file_sync(sim_disk *disk, sim_disk_file *file);
/* Every creation and deletion is durable. */
void sim_disk_sync_names(sim_disk *disk);

/* -- disk_damage.c: for disk.c -- */
/* Before a file is deleted, or cut to nothing: a journal may come back. */
void sim_disk_keep_stale(sim_disk *disk, const sim_disk_file *file);

/* -- disk_pending.c: for disk.c -- */
/* Before a disk that tracks changes a file: the change is kept. SY_NOMEM: it is not. */
sy_rc sim_disk_keep_write(sim_disk *disk, sim_disk_file *file, const void *data, size_t size,
                          uint64_t offset);
sy_rc sim_disk_keep_truncate(sim_disk *disk, sim_disk_file *file, uint64_t size);
sy_rc sim_disk_keep_name(sim_disk *disk, sim_disk_file *file, sim_disk_change_kind kind);
/* As if everything had been synced. */
void sim_disk_forget_pending(sim_disk *disk);

#endif

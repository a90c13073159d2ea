/* SQLite connections that a run is done with, for the next run whose device has the same tables:
 * opening one, making its tables and preparing its statements costs as much as a short run.
 *
 * A run can't tell such a connection from a new one: its disk is put back to the bytes that the
 * file had after the last definition of a table. What differs is out of its sight: SQLite's random
 * numbers (in journals) are fewer by those of the definitions. */
#ifndef SIM_RUN_SHELF_H
#define SIM_RUN_SHELF_H

#include "core/store/store_sqlite.h"
#include "sim/disk/sim_vfs.h"

typedef struct sim_shelf_item {
    struct sim_shelf_item *next; /* older */
    uint64_t key;                /* of all that decides how it was opened and what is defined */
    sim_disk *disk;
    sy_store_sqlite *sqlite; /* open */
    sy_buf image;            /* its file after the last definition */
    uint64_t change_count;   /* of the disk then */
} sim_shelf_item;

/* What is on the shelf, and what is meant for it, is allocated from here. */
sy_alloc sim_shelf_alloc(void);
/* An empty one with a disk, not on the shelf; NULL: no memory. */
sim_shelf_item *sim_shelf_make(uint64_t key);
/* Takes one off; ready to be defined. NULL: there is none. */
sim_shelf_item *sim_shelf_take(uint64_t key);
/* Puts one there; frees it, or the oldest, where it is of no use or there are too many. */
void sim_shelf_put(sim_shelf_item *item);
void sim_shelf_free(sim_shelf_item *item);
/* The whole shelf, for tests. */
uint32_t sim_shelf_count(void);
void sim_shelf_clear(void);
/* For `defined` of the connection, with the item: remembers the file as it is now. */
void sim_shelf_remember(void *self);

#endif

/* What breaks a store's contract while no process has it open: a bit of the database rots, the hot
 * journal is gone, an old one is back. Each is told as a breach; a host looks for it when it opens
 * the store again. */
#include "sim/disk/disk.h"

#include <stdio.h>
#include <string.h>

#define NAME_SIZE_MAX 128
#define SUFFIX        "-journal"

void sim_disk_keep_stale(sim_disk *disk, const sim_disk_file *file)
{
    const size_t size = strlen(file->name);
    const size_t suffix = strlen(SUFFIX);
    if (disk->fate == NULL || disk->fate->weather.journal_stale == 0 || file->size == 0 ||
        size < suffix || strcmp(file->name + size - suffix, SUFFIX) != 0) {
        return;
    }
    sy_buf_clear(&disk->stale);
    sim_disk_copy(disk, file->name, &disk->stale);
}

static void rot(sim_disk *disk, const char *name)
{
    sim_disk_file *file = sim_disk_find(disk, name);
    if (file == NULL || file->size == 0) {
        return;
    }
    const uint64_t bit = sim_disk_fate_rotten_bit(disk->fate, disk->change_count, 8 * file->size);
    unsigned char byte = 0;
    (void)sim_disk_file_read(file, &byte, 1, bit / 8);
    byte = (unsigned char)(byte ^ (1u << (bit % 8)));
    if (sim_disk_file_write(disk, file, &byte, 1, bit / 8) != SY_OK) {
        disk->fate->world->broken = SY_NOMEM;
    }
}

static void lose_journal(sim_disk *disk, sim_disk_file *journal)
{
    if (sim_disk_file_delete(disk, journal) != SY_OK) {
        disk->fate->world->broken = SY_NOMEM;
    }
}

static void put_stale_journal(sim_disk *disk, const char *name)
{
    sim_disk_file *journal = sim_disk_make(disk, name);
    if (journal == NULL || sim_disk_file_truncate(disk, journal, 0) != SY_OK ||
        sim_disk_file_write(disk, journal, disk->stale.data, disk->stale.size, 0) != SY_OK) {
        disk->fate->world->broken = SY_NOMEM;
    }
}

void sim_disk_damage(sim_disk *disk, const char *name)
{
    const sim_disk_fate *fate = disk->fate;
    if (fate == NULL || disk->open_count > 0) {
        return;
    }
    char journal_name[NAME_SIZE_MAX];
    (void)snprintf(journal_name, sizeof journal_name, "%s" SUFFIX, name);
    sim_disk_file *journal = sim_disk_find(disk, journal_name);
    const bool hot = journal != NULL && journal->size > 0;
    if (hot && sim_disk_fate_damage(fate, SIM_DISK_JOURNAL_LOST, disk->change_count)) {
        lose_journal(disk, journal);
    } else if (!hot && disk->stale.size > 0 &&
               sim_disk_fate_damage(fate, SIM_DISK_JOURNAL_STALE, disk->change_count)) {
        put_stale_journal(disk, journal_name);
    }
    if (sim_disk_fate_damage(fate, SIM_DISK_ROT, disk->change_count)) {
        rot(disk, name);
    }
}

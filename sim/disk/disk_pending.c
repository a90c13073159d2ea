/* What a disk was told and no sync made durable: the changes in their order, and of each file that
 * they are about its base, which is what a loss of power would find if it lost them all.
 *
 *   base --write--truncate--delete--create--write--> what the file holds
 *
 * A base has only the chunks that differ (copied before their first change). A loss of power puts
 * every base back and makes again what stays of the changes, in their order.
 *
 * Invariant: the base of a file with pending changes is kept. */
#include "sim/disk/disk.h"

#include <string.h>

#include "core/base/check.h"

#define SECTOR_SIZE 512u /* what is written as a whole, or not at all */

void sim_disk_track(sim_disk *disk, bool tracks)
{
    sim_disk_forget_pending(disk);
    disk->tracks = tracks;
}

uint32_t sim_disk_pending_count(const sim_disk *disk)
{
    return disk->pending_count;
}

const char *sim_power_loss_name(sim_power_loss loss)
{
    static const char *const names[SIM_POWER_LOSS_COUNT] = {"nothing", "all",  "later",   "earlier",
                                                            "some",    "torn", "content", "names"};
    SY_ASSERT(loss < SIM_POWER_LOSS_COUNT);
    return names[loss];
}

/* -- bases -- */

static void drop_base(sim_disk *disk, sim_disk_file *file)
{
    sim_disk_base *base = &file->base;
    for (size_t i = 0; i < base->chunk_count; i++) {
        sy_alloc_free(disk->alloc, base->chunks[i],
                      base->chunks[i] == NULL ? 0 : SIM_DISK_CHUNK_SIZE);
    }
    sy_alloc_free(disk->alloc, (void *)base->chunks, base->chunk_count * sizeof *base->chunks);
    *base = (sim_disk_base){.kept = false};
}

static sy_rc begin_base(sim_disk *disk, sim_disk_file *file)
{
    sim_disk_base *base = &file->base;
    if (base->kept) {
        return SY_OK;
    }
    const size_t count = (size_t)((file->size + SIM_DISK_CHUNK_SIZE - 1) / SIM_DISK_CHUNK_SIZE);
    if (count > 0) {
        base->chunks = (void *)sy_alloc_zeroed(disk->alloc, count * sizeof *base->chunks);
        if (base->chunks == NULL) {
            return SY_NOMEM;
        }
    }
    base->kept = true;
    base->exists = file->exists;
    base->size = file->size;
    base->chunk_count = count;
    return SY_OK;
}

/* Bytes from `from` to `to` are about to change. */
static sy_rc keep_chunks(sim_disk *disk, sim_disk_file *file, uint64_t from, uint64_t to)
{
    sim_disk_base *base = &file->base;
    for (uint64_t i = from / SIM_DISK_CHUNK_SIZE;
         i < base->chunk_count && i * SIM_DISK_CHUNK_SIZE < to; i++) {
        if (base->chunks[i] != NULL) {
            continue;
        }
        base->chunks[i] = sy_alloc_get(disk->alloc, SIM_DISK_CHUNK_SIZE);
        if (base->chunks[i] == NULL) {
            return SY_NOMEM;
        }
        memcpy(base->chunks[i], file->chunks[i], SIM_DISK_CHUNK_SIZE);
    }
    return SY_OK;
}

/* The file is what is durable of it. */
static void put_base_back(sim_disk *disk, sim_disk_file *file)
{
    sim_disk_base *base = &file->base;
    for (size_t i = 0; base->kept && i < file->chunk_count; i++) {
        if (i >= base->chunk_count || base->chunks[i] != NULL) {
            sy_alloc_free(disk->alloc, file->chunks[i], SIM_DISK_CHUNK_SIZE);
            file->chunks[i] = NULL;
        }
    }
    for (size_t i = 0; base->kept && i < base->chunk_count; i++) {
        if (base->chunks[i] != NULL) {
            file->chunks[i] = base->chunks[i];
            base->chunks[i] = NULL;
        }
    }
    if (base->kept) { /* its capacity never shrinks */
        file->chunk_count = base->chunk_count;
        file->size = base->size;
        file->exists = base->exists;
        drop_base(disk, file);
    }
}

/* -- the list -- */

static sy_rc add(sim_disk *disk, const sim_disk_pending *what, const void *data)
{
    sim_disk_pending *made = sy_alloc_get(disk->alloc, sizeof *made + what->size);
    if (made == NULL) {
        return SY_NOMEM;
    }
    memcpy(made, what, sizeof *made);
    made->next = NULL;
    made->number = ++disk->pending_number;
    if (what->size > 0) {
        memcpy(made->data, data, what->size);
    }
    if (disk->pending_last != NULL) {
        disk->pending_last->next = made;
    } else {
        disk->pending_first = made;
    }
    disk->pending_last = made;
    disk->pending_count++;
    return SY_OK;
}

sy_rc sim_disk_keep_write(sim_disk *disk, sim_disk_file *file, const void *data, size_t size,
                          uint64_t offset)
{
    const uint64_t from = offset < file->size ? offset : file->size;
    if (begin_base(disk, file) != SY_OK || keep_chunks(disk, file, from, offset + size) != SY_OK) {
        return SY_NOMEM;
    }
    return add(
        disk,
        &(sim_disk_pending){.file = file, .kind = SIM_DISK_WRITE, .offset = offset, .size = size},
        data);
}

sy_rc sim_disk_keep_truncate(sim_disk *disk, sim_disk_file *file, uint64_t size)
{
    if (begin_base(disk, file) != SY_OK || keep_chunks(disk, file, size, file->size) != SY_OK) {
        return SY_NOMEM;
    }
    return add(disk, &(sim_disk_pending){.file = file, .kind = SIM_DISK_TRUNCATE, .offset = size},
               NULL);
}

sy_rc sim_disk_keep_name(sim_disk *disk, sim_disk_file *file, sim_disk_change_kind kind)
{
    if (begin_base(disk, file) != SY_OK || keep_chunks(disk, file, 0, file->size) != SY_OK) {
        return SY_NOMEM;
    }
    return add(disk, &(sim_disk_pending){.file = file, .kind = kind}, NULL);
}

static bool is_name(const sim_disk_pending *change)
{
    return change->kind == SIM_DISK_CREATE || change->kind == SIM_DISK_DELETE;
}

/* Those of one file, up to a number. */
static void forget(sim_disk *disk, const sim_disk_file *file, uint64_t up_to)
{
    sim_disk_pending **at = &disk->pending_first;
    disk->pending_last = NULL;
    while (*at != NULL) {
        sim_disk_pending *change = *at;
        if (change->file != file || change->number > up_to) {
            disk->pending_last = change;
            at = &change->next;
            continue;
        }
        *at = change->next;
        disk->pending_count--;
        sy_alloc_free(disk->alloc, change, sizeof *change + change->size);
    }
}

static const sim_disk_pending *last_name(const sim_disk *disk, const sim_disk_file *file)
{
    const sim_disk_pending *last = NULL;
    for (const sim_disk_pending *change = disk->pending_first; change != NULL;
         change = change->next) {
        last = change->file == file && is_name(change) ? change : last;
    }
    return last;
}

void sim_disk_sync_names(sim_disk *disk)
{
    for (sim_disk_file *file = disk->files; file != NULL; file = file->next) {
        const sim_disk_pending *last = file->base.kept ? last_name(disk, file) : NULL;
        if (last != NULL) {
            const bool exists = last->kind == SIM_DISK_CREATE;
            forget(disk, file, last->number);
            drop_base(disk, file);
            file->base.kept = true; /* empty, or not there */
            file->base.exists = exists;
        }
    }
}

void sim_disk_file_sync(sim_disk *disk, sim_disk_file *file)
{
    if (!file->base.kept) {
        return;
    }
    if (last_name(disk, file) != NULL) {
        sim_disk_sync_names(disk);
    }
    forget(disk, file, UINT64_MAX);
    drop_base(disk, file);
}

void sim_disk_forget_pending(sim_disk *disk)
{
    for (sim_disk_pending *change = disk->pending_first, *next = NULL; change != NULL;
         change = next) {
        next = change->next;
        sy_alloc_free(disk->alloc, change, sizeof *change + change->size);
    }
    disk->pending_first = NULL;
    disk->pending_last = NULL;
    disk->pending_count = 0;
    for (sim_disk_file *file = disk->files; file != NULL; file = file->next) {
        drop_base(disk, file);
    }
}

void sim_disk_sync(sim_disk *disk)
{
    sim_disk_forget_pending(disk);
}

/* -- loss of power -- */

typedef struct loss_plan {
    sim_power_loss loss;
    sim_power_loss_picker picker;
    uint32_t count; /* of pending changes */
    uint32_t cut;   /* of LATER and EARLIER: this many of the first */
    bool names_end; /* a name was lost: so are all later ones */
} loss_plan;

/* How much of a change stays: 0 nothing, UINT64_MAX all, else the first bytes of a write. */
static uint64_t kept_of_each(const loss_plan *plan, const sim_disk_pending *change, uint32_t index)
{
    const bool is_write = change->kind == SIM_DISK_WRITE;
    const sim_power_loss_picker *picker = &plan->picker;
    bool kept = true;
    switch (plan->loss) {
    case SIM_POWER_LOSS_ALL:
        kept = false;
        break;
    case SIM_POWER_LOSS_LATER:
        kept = index < plan->cut;
        break;
    case SIM_POWER_LOSS_EARLIER:
        kept = index >= plan->cut;
        break;
    case SIM_POWER_LOSS_SOME:
        kept = picker->pick(picker->self, change->number, 2) == 0;
        break;
    case SIM_POWER_LOSS_TORN: {
        const uint64_t sectors =
            is_write ? (change->size + SECTOR_SIZE - 1) / SECTOR_SIZE : 1; /* 0..: all, none, 1.. */
        const uint64_t picked = picker->pick(picker->self, change->number, sectors + 1);
        if (picked > 1) {
            const uint64_t end = change->offset + (picked - 1) * SECTOR_SIZE;
            return end / SECTOR_SIZE * SECTOR_SIZE - change->offset;
        }
        kept = picked == 0;
        break;
    }
    case SIM_POWER_LOSS_NAMES:
        kept = is_write;
        break;
    case SIM_POWER_LOSS_NOTHING:
    case SIM_POWER_LOSS_CONTENT:
    case SIM_POWER_LOSS_COUNT:
        break;
    }
    return kept ? UINT64_MAX : 0;
}

/* What is left of a write: `size` bytes of it; of CONTENT zeros behind the end of the file. */
static sy_rc write_again(sim_disk *disk, const loss_plan *plan, const sim_disk_pending *change,
                         uint64_t kept)
{
    sim_disk_file *file = change->file;
    if (plan->loss != SIM_POWER_LOSS_CONTENT) {
        const size_t size = kept < change->size ? (size_t)kept : change->size;
        return sim_disk_file_write(disk, file, change->data, size, change->offset);
    }
    const uint64_t end = change->offset + change->size;
    /* Nothing, written at the new end, fills up what is between with zeros. */
    return end > file->size ? sim_disk_file_write(disk, file, change->data, 0, end) : SY_OK;
}

static sy_rc make_again(sim_disk *disk, loss_plan *plan, const sim_disk_pending *change,
                        uint32_t index)
{
    sim_disk_file *file = change->file;
    const uint64_t kept = kept_of_each(plan, change, index);
    if (is_name(change)) {
        plan->names_end = plan->names_end || kept == 0;
        file->base.exists =
            !plan->names_end; /* what follows is of this name's file: is it there? */
        if (!plan->names_end && change->kind == SIM_DISK_CREATE) {
            file->exists = true;
        } else if (!plan->names_end) {
            return sim_disk_file_delete(disk, file);
        }
        return SY_OK;
    }
    if (kept == 0 || !file->base.exists) {
        return SY_OK;
    }
    return change->kind == SIM_DISK_TRUNCATE ? sim_disk_file_truncate(disk, file, change->offset)
                                             : write_again(disk, plan, change, kept);
}

/* Of a change that the plan cuts by: 0 picked is the least that can be lost. */
static void cut(loss_plan *plan)
{
    const bool cuts = plan->loss == SIM_POWER_LOSS_LATER || plan->loss == SIM_POWER_LOSS_EARLIER;
    if (cuts && plan->count > 0) {
        const uint32_t lost = 1 + (uint32_t)plan->picker.pick(plan->picker.self, 0, plan->count);
        plan->cut = plan->loss == SIM_POWER_LOSS_LATER ? plan->count - lost : lost;
    }
}

sy_rc sim_disk_lose_power(sim_disk *disk, sim_power_loss loss, sim_power_loss_picker picker)
{
    SY_ASSERT(disk->tracks);
    loss_plan plan = {.loss = loss, .picker = picker, .count = disk->pending_count};
    sim_disk_crash(disk);
    cut(&plan);
    disk->tracks = false; /* what is made again is durable */
    for (sim_disk_file *file = disk->files; file != NULL; file = file->next) {
        put_base_back(disk, file);
        file->base.exists = file->exists;
    }
    sy_rc rc = SY_OK;
    uint32_t index = 0;
    for (const sim_disk_pending *change = disk->pending_first; rc == SY_OK && change != NULL;
         change = change->next) {
        rc = make_again(disk, &plan, change, index++);
    }
    sim_disk_forget_pending(disk);
    disk->tracks = true;
    return rc;
}

/* Files are lists of chunks of 4 KiB, so that growing copies no content. Those of a deleted file go
 * back to the allocator, which should be a pool: a journal comes and goes with each transaction.
 * Bytes of a chunk behind the end of its file are undefined. */
#include "sim/disk/disk.h"

#include <string.h>

#include "core/base/check.h"

#define BUCKET_COUNT 1024u

typedef struct sim_path {
    struct sim_path *next;
    size_t size; /* of this structure with its text */
    size_t name_at;
    char text[];
} sim_path;

/* All disks of the process, by number: SQLite names files by text only. */
static struct {
    sim_disk *buckets[BUCKET_COUNT];
    uint64_t number_last;
} registry;

/* Gives back the chunks behind its new end. */
static void shorten(sim_disk *disk, sim_disk_file *file, uint64_t size)
{
    size_t keep = (size_t)((size + SIM_DISK_CHUNK_SIZE - 1) / SIM_DISK_CHUNK_SIZE);
    while (file->chunk_count > keep) {
        sy_alloc_free(disk->alloc, file->chunks[--file->chunk_count], SIM_DISK_CHUNK_SIZE);
    }
    file->size = size;
}

sim_disk *sim_disk_new(sy_alloc alloc)
{
    sim_disk *disk = sy_alloc_zeroed(alloc, sizeof *disk);
    if (disk == NULL) {
        return NULL;
    }
    disk->alloc = alloc;
    sy_buf_init(&disk->stale, alloc);
    disk->number = ++registry.number_last;
    sim_disk **bucket = &registry.buckets[disk->number % BUCKET_COUNT];
    disk->next = *bucket;
    *bucket = disk;
    return disk;
}

void sim_disk_free(sim_disk *disk)
{
    if (disk == NULL) {
        return;
    }
    SY_ASSERT(disk->open_count == 0);
    sim_disk **at = &registry.buckets[disk->number % BUCKET_COUNT];
    while (*at != disk) {
        at = &(*at)->next;
    }
    *at = disk->next;
    sim_disk_forget_pending(disk);
    sy_buf_deinit(&disk->stale);
    while (disk->files != NULL) {
        sim_disk_file *file = disk->files;
        disk->files = file->next;
        shorten(disk, file, 0);
        sy_alloc_free(disk->alloc, (void *)file->chunks,
                      file->chunk_capacity * sizeof *file->chunks);
        sy_alloc_free(disk->alloc, file->name, strlen(file->name) + 1);
        sy_alloc_free(disk->alloc, file, sizeof *file);
    }
    while (disk->paths != NULL) {
        sim_path *path = disk->paths;
        disk->paths = path->next;
        sy_alloc_free(disk->alloc, path, path->size);
    }
    sy_alloc_free(disk->alloc, disk, sizeof *disk);
}

const char *sim_disk_path(sim_disk *disk, const char *name)
{
    for (const sim_path *path = disk->paths; path != NULL; path = path->next) {
        if (strcmp(path->text + path->name_at, name) == 0) {
            return path->text;
        }
    }
    char digits[24];
    size_t digit_count = 0;
    for (uint64_t left = disk->number; left > 0; left /= 10) {
        digits[digit_count++] = (char)('0' + left % 10);
    }
    size_t name_size = strlen(name) + 1;
    size_t size = sizeof(sim_path) + digit_count + 1 + name_size;
    sim_path *path = sy_alloc_get(disk->alloc, size);
    if (path == NULL) {
        return NULL;
    }
    path->size = size;
    path->name_at = digit_count + 1;
    for (size_t i = 0; i < digit_count; i++) {
        path->text[i] = digits[digit_count - 1 - i];
    }
    path->text[digit_count] = '/';
    memcpy(path->text + path->name_at, name, name_size);
    path->next = disk->paths;
    disk->paths = path;
    return path->text;
}

sim_disk *sim_disk_of_path(const char *path, const char **name)
{
    uint64_t number = 0;
    const char *at = path;
    while (*at >= '0' && *at <= '9' && number < UINT64_MAX / 16) {
        number = number * 10 + (uint64_t)(*at - '0');
        at++;
    }
    if (at == path || *at != '/') {
        return NULL;
    }
    sim_disk *disk = registry.buckets[number % BUCKET_COUNT];
    while (disk != NULL && disk->number != number) {
        disk = disk->next;
    }
    *name = at + 1;
    return disk;
}

sim_disk_file *sim_disk_entry(const sim_disk *disk, const char *name)
{
    sim_disk_file *file = disk->files;
    while (file != NULL && strcmp(file->name, name) != 0) {
        file = file->next;
    }
    return file;
}

sim_disk_file *sim_disk_find(sim_disk *disk, const char *name)
{
    sim_disk_file *file = sim_disk_entry(disk, name);
    return file != NULL && file->exists ? file : NULL;
}

sim_disk_file *sim_disk_make(sim_disk *disk, const char *name)
{
    sim_disk_file *file = sim_disk_entry(disk, name);
    if (file == NULL) {
        size_t size = strlen(name) + 1;
        char *copy = sy_alloc_get(disk->alloc, size);
        file = copy == NULL ? NULL : sy_alloc_zeroed(disk->alloc, sizeof *file);
        if (file == NULL) {
            sy_alloc_free(disk->alloc, copy, size);
            return NULL;
        }
        memcpy(copy, name, size);
        file->name = copy;
        file->next = disk->files;
        disk->files = file;
    }
    if (!file->exists && disk->tracks && sim_disk_keep_name(disk, file, SIM_DISK_CREATE) != SY_OK) {
        return NULL;
    }
    file->exists = true;
    return file;
}

/* -- dying -- */

void sim_disk_crash(sim_disk *disk)
{
    disk->fault_in = 0;
    disk->lock_in = 0;
    disk->read_in = 0;
    disk->dead = disk->open_count > 0;
}

uint64_t sim_disk_change_count(const sim_disk *disk)
{
    return disk->change_count;
}

void sim_disk_opened(sim_disk *disk)
{
    disk->open_count++;
}

void sim_disk_closed(sim_disk *disk)
{
    SY_ASSERT(disk->open_count > 0);
    disk->open_count--;
    if (disk->open_count == 0) {
        disk->dead = false;
    }
}

uint64_t sim_disk_size(const sim_disk *disk)
{
    uint64_t size = 0;
    for (const sim_disk_file *file = disk->files; file != NULL; file = file->next) {
        size += file->size;
    }
    return size;
}

/* -- content -- */

static sy_rc copy_file(sim_disk *to, const sim_disk_file *from)
{
    sim_disk_file *file = sim_disk_make(to, from->name);
    sy_rc rc = file == NULL ? SY_NOMEM : SY_OK;
    for (uint64_t at = 0; rc == SY_OK && at < from->size; at += SIM_DISK_CHUNK_SIZE) {
        const uint64_t left = from->size - at;
        rc = sim_disk_file_write(to, file, from->chunks[at / SIM_DISK_CHUNK_SIZE],
                                 left < SIM_DISK_CHUNK_SIZE ? (size_t)left : SIM_DISK_CHUNK_SIZE,
                                 at);
    }
    return rc;
}

sim_disk *sim_disk_clone(const sim_disk *disk)
{
    sim_disk *copy = sim_disk_new(disk->alloc);
    sy_rc rc = copy == NULL ? SY_NOMEM : SY_OK;
    for (const sim_disk_file *file = disk->files; rc == SY_OK && file != NULL; file = file->next) {
        rc = file->exists ? copy_file(copy, file) : SY_OK;
    }
    if (rc != SY_OK) {
        sim_disk_free(copy);
        return NULL;
    }
    return copy;
}

/* The part of [offset, offset + size) that lies in one chunk, from its beginning. */
static size_t part_size(uint64_t offset, size_t size)
{
    size_t room = SIM_DISK_CHUNK_SIZE - (size_t)(offset % SIM_DISK_CHUNK_SIZE);
    return size < room ? size : room;
}

size_t sim_disk_file_read(const sim_disk_file *file, void *out, size_t size, uint64_t offset)
{
    uint64_t left = offset < file->size ? file->size - offset : 0;
    size_t count = left < size ? (size_t)left : size;
    unsigned char *to = out;
    for (size_t done = 0; done < count;) {
        uint64_t at = offset + done;
        size_t part = part_size(at, count - done);
        memcpy(to + done, file->chunks[at / SIM_DISK_CHUNK_SIZE] + at % SIM_DISK_CHUNK_SIZE, part);
        done += part;
    }
    memset(to + count, 0, size - count);
    return count;
}

static sy_rc reserve(sim_disk *disk, sim_disk_file *file, uint64_t size)
{
    while (file->chunk_count * (uint64_t)SIM_DISK_CHUNK_SIZE < size) {
        if (file->chunk_count == file->chunk_capacity) {
            unsigned char **chunks =
                sy_alloc_grow(disk->alloc, (void *)file->chunks, file->chunk_count,
                              &file->chunk_capacity, sizeof *chunks);
            if (chunks == NULL) {
                return SY_NOMEM;
            }
            file->chunks = chunks;
        }
        unsigned char *chunk = sy_alloc_get(disk->alloc, SIM_DISK_CHUNK_SIZE);
        if (chunk == NULL) {
            return SY_NOMEM;
        }
        file->chunks[file->chunk_count++] = chunk;
    }
    return SY_OK;
}

/* Into chunks that are there; NULL: zeros. */
static void put(sim_disk_file *file, const unsigned char *data, uint64_t size, uint64_t offset)
{
    for (uint64_t done = 0; done < size;) {
        uint64_t at = offset + done;
        size_t part = part_size(at, (size_t)(size - done));
        unsigned char *to = file->chunks[at / SIM_DISK_CHUNK_SIZE] + at % SIM_DISK_CHUNK_SIZE;
        if (data == NULL) {
            memset(to, 0, part);
        } else if (part == sizeof(uint32_t)) { /* a journal has a number before each page */
            memcpy(to, data + done, sizeof(uint32_t));
        } else {
            memcpy(to, data + done, part);
        }
        done += part;
    }
}

sy_rc sim_disk_file_write(sim_disk *disk, sim_disk_file *file, const void *data, size_t size,
                          uint64_t offset)
{
    if (reserve(disk, file, offset + size) != SY_OK ||
        (disk->tracks && sim_disk_keep_write(disk, file, data, size, offset) != SY_OK)) {
        return SY_NOMEM;
    }
    if (offset > file->size) {
        put(file, NULL, offset - file->size, file->size);
    }
    put(file, data, size, offset);
    if (offset + size > file->size) {
        file->size = offset + size;
    }
    return SY_OK;
}

sy_rc sim_disk_file_truncate(sim_disk *disk, sim_disk_file *file, uint64_t size)
{
    if (size > file->size) {
        return SY_OK;
    }
    if (size == 0) {
        sim_disk_keep_stale(disk, file);
    }
    if (disk->tracks && sim_disk_keep_truncate(disk, file, size) != SY_OK) {
        return SY_NOMEM;
    }
    shorten(disk, file, size);
    return SY_OK;
}

sy_rc sim_disk_file_delete(sim_disk *disk, sim_disk_file *file)
{
    sim_disk_keep_stale(disk, file);
    if (disk->tracks && sim_disk_keep_name(disk, file, SIM_DISK_DELETE) != SY_OK) {
        return SY_NOMEM;
    }
    shorten(disk, file, 0);
    file->exists = false;
    return SY_OK;
}

/* -- images -- */

void sim_disk_copy(const sim_disk *disk, const char *name, sy_buf *out)
{
    const sim_disk_file *file = sim_disk_entry(disk, name);
    for (uint64_t at = 0; file != NULL && file->exists && at < file->size;) {
        const size_t part = part_size(at, (size_t)(file->size - at));
        sy_buf_add(out, file->chunks[at / SIM_DISK_CHUNK_SIZE], part);
        at += part;
    }
}

sy_rc sim_disk_restore(sim_disk *disk, const char *name, sy_str content, uint64_t change_count)
{
    sim_disk_set_fate(disk, NULL);
    for (sim_disk_file *file = disk->files; file != NULL; file = file->next) {
        (void)sim_disk_file_delete(disk, file);
    }
    disk->dead = false;
    disk->fault_in = 0;
    disk->lock_in = 0;
    disk->read_in = 0;
    disk->change_count = change_count;
    sim_disk_file *file = sim_disk_make(disk, name);
    return file == NULL ? SY_NOMEM : sim_disk_file_write(disk, file, content.data, content.size, 0);
}

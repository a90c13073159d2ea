/* SQLite's memory: from one pool for the process, since connections come and go with every run and
 * each takes some hundred small blocks. SQLite frees without saying how much, so each block has its
 * size before it. One thread, as the rest of the VFS. */
#include "sim/disk/sim_vfs_memory.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/pool.h"

#define HEAD_SIZE ((size_t)8) /* as aligned as SQLite wants its blocks */

static sy_pool pool;

static size_t with_head(int size)
{
    return (size_t)size + HEAD_SIZE;
}

static int memory_size(void *block)
{
    int size = 0;
    memcpy(&size, (char *)block - HEAD_SIZE, sizeof size);
    return size;
}

static void *with_size(char *raw, int size)
{
    if (raw == NULL) {
        return NULL;
    }
    memcpy(raw, &size, sizeof size);
    return raw + HEAD_SIZE;
}

static void *memory_get(int size)
{
    return with_size(sy_alloc_get(sy_pool_port(&pool), with_head(size)), size);
}

static void memory_free(void *block)
{
    if (block != NULL) {
        sy_alloc_free(sy_pool_port(&pool), (char *)block - HEAD_SIZE,
                      with_head(memory_size(block)));
    }
}

static void *memory_resize(void *block, int size)
{
    char *raw = sy_alloc_resize(sy_pool_port(&pool), (char *)block - HEAD_SIZE,
                                with_head(memory_size(block)), with_head(size));
    return with_size(raw, size);
}

static int memory_round_up(int size)
{
    return (size + 7) & ~7;
}

static int memory_init(void *self)
{
    (void)self;
    sy_pool_init(&pool, sy_alloc_std());
    return SQLITE_OK;
}

static void memory_deinit(void *self)
{
    (void)self;
    sy_pool_deinit(&pool);
}

int sim_vfs_memory_install(void)
{
    static bool installed;
    static const sqlite3_mem_methods METHODS = {
        .xMalloc = memory_get,
        .xFree = memory_free,
        .xRealloc = memory_resize,
        .xSize = memory_size,
        .xRoundup = memory_round_up,
        .xInit = memory_init,
        .xShutdown = memory_deinit,
    };
    if (installed) {
        return SQLITE_OK;
    }
    int rc = sqlite3_config(SQLITE_CONFIG_MALLOC, &METHODS);
    installed = rc == SQLITE_OK;
    return rc;
}

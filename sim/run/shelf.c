#include "sim/run/shelf.h"

#include "core/base/pool.h"
#include "sim/run/storage.h"

#define ITEM_COUNT_MAX 64u

static struct {
    sy_pool pool;
    bool ready;
    sim_shelf_item *first; /* the one that was put there last */
    uint32_t count;
} shelf;

sy_alloc sim_shelf_alloc(void)
{
    if (!shelf.ready) {
        sy_pool_init(&shelf.pool, sy_alloc_std());
        shelf.ready = true;
    }
    return sy_pool_port(&shelf.pool);
}

sim_shelf_item *sim_shelf_make(uint64_t key)
{
    sim_shelf_item *item = sy_alloc_zeroed(sim_shelf_alloc(), sizeof *item);
    if (item == NULL) {
        return NULL;
    }
    item->key = key;
    sy_buf_init(&item->image, sim_shelf_alloc());
    item->disk = sim_disk_new(sim_shelf_alloc());
    if (item->disk == NULL) {
        sim_shelf_free(item);
        return NULL;
    }
    return item;
}

void sim_shelf_free(sim_shelf_item *item)
{
    if (item == NULL) {
        return;
    }
    sy_store_sqlite_close(item->sqlite);
    sim_disk_free(item->disk);
    sy_buf_deinit(&item->image);
    sy_alloc_free(sim_shelf_alloc(), item, sizeof *item);
}

/* Takes the item that the link leads to out of the list. */
static sim_shelf_item *unlink_item(sim_shelf_item **link)
{
    sim_shelf_item *item = *link;
    *link = item->next;
    item->next = NULL;
    shelf.count--;
    return item;
}

static bool renew(sim_shelf_item *item)
{
    return sim_disk_restore(item->disk, SIM_STORAGE_FILE, sy_buf_str(&item->image),
                            item->change_count) == SY_OK &&
           sy_store_sqlite_renew(item->sqlite, NULL) == SY_OK;
}

sim_shelf_item *sim_shelf_take(uint64_t key)
{
    sim_shelf_item **link = &shelf.first;
    while (*link != NULL && (*link)->key != key) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        return NULL;
    }
    sim_shelf_item *item = unlink_item(link);
    if (!renew(item)) {
        sim_shelf_free(item);
        return NULL;
    }
    return item;
}

void sim_shelf_put(sim_shelf_item *item)
{
    if (item->image.failed || item->image.size == 0) {
        sim_shelf_free(item);
        return;
    }
    item->next = shelf.first;
    shelf.first = item;
    shelf.count++;
    if (shelf.count > ITEM_COUNT_MAX) {
        sim_shelf_item **link = &shelf.first;
        while ((*link)->next != NULL) {
            link = &(*link)->next;
        }
        sim_shelf_free(unlink_item(link));
    }
}

uint32_t sim_shelf_count(void)
{
    return shelf.count;
}

void sim_shelf_clear(void)
{
    while (shelf.first != NULL) {
        sim_shelf_free(unlink_item(&shelf.first));
    }
}

void sim_shelf_remember(void *self)
{
    sim_shelf_item *item = self;
    sy_buf_clear(&item->image);
    sim_disk_copy(item->disk, SIM_STORAGE_FILE, &item->image);
    item->change_count = sim_disk_change_count(item->disk);
}

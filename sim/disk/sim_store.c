/* Each call: dead? refused? costs; for a write: is it the one? Then the inner store's turn, and a
 * look whether its disk died meanwhile, whatever it answered.
 *
 * Invariant: cost_ns never goes back, whichever inner store stands behind. */
#include "sim/disk/sim_store.h"

void sim_store_init(sim_store *store, sy_store inner)
{
    *store = (sim_store){.inner = inner, .inner_cost_ns = sy_store_cost_ns(inner)};
}

void sim_store_revive(sim_store *store, sy_store inner)
{
    store->inner = inner;
    store->inner_cost_ns = sy_store_cost_ns(inner);
    store->dead = false;
    store->in_transaction = false;
    store->failed = false;
}

static sy_rc check_alive(const sim_store *store, sy_err *err)
{
    if (store->dead) {
        return SY_FAIL(err, SY_CRASHED, "the process died");
    }
    if (store->failed) {
        return SY_FAIL(err, SY_STORE, "an earlier error ended the transaction: roll back first");
    }
    return SY_OK;
}

static sy_rc die(sim_store *store, bool drawn, sy_err *err)
{
    store->dead = true;
    if (store->crashed != NULL) {
        store->crashed(store->crashed_self, drawn);
    }
    return SY_FAIL(err, SY_CRASHED, "the process died at write %llu",
                   (unsigned long long)store->writes);
}

static sy_rc fail(sim_store *store, const char *why, sy_err *err)
{
    store->failed = store->in_transaction;
    return SY_FAIL(err, SY_STORE, "%s write %llu", why, (unsigned long long)store->writes);
}

/* What happens by itself to a write to a store that is no disk. */
static sy_rc meet_fate(sim_store *store, sy_err *err)
{
    sim_power_loss ignored = SIM_POWER_LOSS_NOTHING;
    switch (sim_disk_fate_change(store->fate, store->writes, true, false, &ignored)) {
    case SIM_DISK_DEATH:
        return die(store, true, err);
    case SIM_DISK_FULL:
        return fail(store, "the disk has no room for", err);
    case SIM_DISK_ERROR:
    case SIM_DISK_SHORT:
        return fail(store, "the disk failed at", err);
    case SIM_DISK_FINE:
    case SIM_DISK_FAULT_COUNT:
        break;
    }
    return SY_OK;
}

static bool is_rough(const sim_store *store)
{
    return store->fate != NULL && store->fate->rough;
}

/* A write, removal or commit is about to happen. */
static sy_rc count_write(sim_store *store, sy_err *err)
{
    sy_rc rc = check_alive(store, err);
    if (rc != SY_OK) {
        return rc;
    }
    store->writes++;
    if (store->writes != store->fault_at) {
        return is_rough(store) && store->disk == NULL ? meet_fate(store, err) : SY_OK;
    }
    return store->fault == SIM_STORE_FAIL ? fail(store, "the disk refused", err)
                                          : die(store, false, err);
}

static sy_time commit_cost(const sim_store *store)
{
    return store->commit_ns +
           (is_rough(store) ? sim_disk_fate_stall(store->fate, store->writes + 1) : 0);
}

static sy_time write_cost(const sim_store *store)
{
    return store->in_transaction ? store->write_ns : store->write_ns + commit_cost(store);
}

/* The inner store's turn begins, and ends. */
static void expose(sim_store *store, bool writes)
{
    if (store->disk != NULL) {
        sim_disk_expose(store->disk, writes || store->in_transaction);
        store->change_counter = writes ? sim_vfs_change_counter(store->disk, store->file) : 0;
    }
}

/* A commit may have been made when the disk died, at the sync behind it, say: then the process died
 * after it, whatever the inner store says. `commits`: it was one. */
static sy_rc look_after(sim_store *store, sy_rc rc, bool commits, sy_err *err)
{
    if (store->disk == NULL) {
        return rc;
    }
    sim_disk_expose(store->disk, false);
    if (store->dead || !sim_disk_is_dead(store->disk)) {
        return rc;
    }
    const sy_rc died = die(store, sim_disk_died_by_fate(store->disk), err);
    return commits && sim_vfs_change_counter_recovered(store->disk, store->file) !=
                          store->change_counter
               ? SY_OK
               : died;
}

static sy_rc faulty_define(void *self, const sy_schema *schema, sy_err *err)
{
    sim_store *store = self;
    sy_rc rc = check_alive(store, err);
    return rc == SY_OK ? sy_store_define(store->inner, schema, err) : rc;
}

static sy_rc faulty_transact(void *self, sy_transaction_step step, sy_err *err)
{
    sim_store *store = self;
    sy_rc rc = SY_OK;
    if (step == SY_ROLLBACK) {
        store->failed = false;
        rc = check_alive(store, err);
    } else if (step == SY_COMMIT && store->in_transaction) {
        store->cost_ns += commit_cost(store);
        rc = count_write(store, err);
    } else {
        rc = check_alive(store, err);
        if (rc == SY_OK && step == SY_BEGIN && is_rough(store) && store->disk == NULL &&
            sim_disk_fate_lock(store->fate, ++store->lock_count)) {
            return SY_FAIL(err, SY_STORE, "another process has the store");
        }
    }
    if (rc == SY_OK) {
        expose(store, true);
        rc = look_after(store, sy_store_transact(store->inner, step, err), step == SY_COMMIT, err);
    }
    if (rc == SY_OK) {
        store->in_transaction = step == SY_BEGIN;
    }
    return rc;
}

static sy_rc faulty_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += store->read_ns;
    sy_rc rc = check_alive(store, err);
    if (rc == SY_OK) {
        expose(store, false);
        rc =
            look_after(store, sy_store_read(store->inner, schema, id, arena, out, err), false, err);
    }
    return rc;
}

static sy_rc faulty_query(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                          sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += store->read_ns;
    sy_rc rc = check_alive(store, err);
    if (rc == SY_OK) {
        expose(store, false);
        rc = look_after(store, sy_store_query(store->inner, query, arena, out, err), false, err);
    }
    return rc;
}

static sy_rc faulty_write(void *self, const sy_row *row, sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += write_cost(store);
    sy_rc rc = count_write(store, err);
    if (rc == SY_OK) {
        expose(store, true);
        rc = look_after(store, sy_store_write(store->inner, row, err), !store->in_transaction, err);
    }
    return rc;
}

static sy_rc faulty_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += write_cost(store);
    sy_rc rc = count_write(store, err);
    if (rc == SY_OK) {
        expose(store, true);
        rc = look_after(store, sy_store_remove(store->inner, schema, id, err),
                        !store->in_transaction, err);
    }
    return rc;
}

static sy_time faulty_cost_ns(void *self)
{
    sim_store *store = self;
    if (!store->dead) {
        sy_time inner = sy_store_cost_ns(store->inner);
        store->cost_ns += inner - store->inner_cost_ns;
        store->inner_cost_ns = inner;
    }
    return store->cost_ns;
}

sy_store sim_store_port(sim_store *store)
{
    static const sy_store_ops ops = {.define = faulty_define,
                                     .transact = faulty_transact,
                                     .read = faulty_read,
                                     .query = faulty_query,
                                     .write = faulty_write,
                                     .remove = faulty_remove,
                                     .cost_ns = faulty_cost_ns};
    return (sy_store){.ops = &ops, .self = store};
}

/* Each call: dead? refused? costs; for a write: is it the one? Then the inner store's turn.
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

/* A write, removal or commit is about to happen. */
static sy_rc count_write(sim_store *store, sy_err *err)
{
    sy_rc rc = check_alive(store, err);
    if (rc != SY_OK) {
        return rc;
    }
    store->writes++;
    if (store->writes != store->fault_at) {
        return SY_OK;
    }
    if (store->fault == SIM_STORE_FAIL) {
        store->failed = store->in_transaction;
        return SY_FAIL(err, SY_STORE, "the disk refused write %llu",
                       (unsigned long long)store->writes);
    }
    store->dead = true;
    if (store->crashed != NULL) {
        store->crashed(store->crashed_self);
    }
    return SY_FAIL(err, SY_CRASHED, "the process died at write %llu",
                   (unsigned long long)store->writes);
}

static sy_time write_cost(const sim_store *store)
{
    return store->in_transaction ? store->write_ns : store->write_ns + store->commit_ns;
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
        rc = count_write(store, err);
        store->cost_ns += store->commit_ns;
    } else {
        rc = check_alive(store, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_transact(store->inner, step, err);
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
    return rc == SY_OK ? sy_store_read(store->inner, schema, id, arena, out, err) : rc;
}

static sy_rc faulty_query(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                          sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += store->read_ns;
    sy_rc rc = check_alive(store, err);
    return rc == SY_OK ? sy_store_query(store->inner, query, arena, out, err) : rc;
}

static sy_rc faulty_write(void *self, const sy_row *row, sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += write_cost(store);
    sy_rc rc = count_write(store, err);
    return rc == SY_OK ? sy_store_write(store->inner, row, err) : rc;
}

static sy_rc faulty_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    sim_store *store = self;
    store->cost_ns += write_cost(store);
    sy_rc rc = count_write(store, err);
    return rc == SY_OK ? sy_store_remove(store->inner, schema, id, err) : rc;
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

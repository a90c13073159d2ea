/* The store in memory. A row is an immutable packed block (memory_block.h) in its table's hash
 * table (memory_table.h); a write builds a new block and puts it in the old one's place.
 *
 * Invariants:
 * - outside a transaction the undo list is empty; inside, it holds one entry for each write, with
 * the block that stood there before (NULL: none) and the one that stands there now (NULL: none).
 * Played backwards it restores the state at begin without allocating, so that a rollback cannot
 * fail;
 * - everything that can fail happens before the first change: a failed call leaves the store as it
 * was;
 * - the columns of the schema that a table was defined with last are the first columns of the
 * table's schema, so that rows over it need no mapping. Rows over any other schema are mapped by
 * column names. */
#include "core/store/store_memory.h"

#include <string.h>

#include "core/store/memory_table.h"
#include "core/store/row_check.h"

#define UNDO_KEPT_MAX                                                                              \
    64u /* room in the undo list that is kept from one transaction to the next                     \
         */

typedef struct undo {
    uint32_t table;
    sy_block *old;
    sy_block *now;
} undo;

struct sy_store_memory {
    sy_alloc alloc;
    sy_block_pool pool;
    sy_memory_table *tables;
    size_t table_count;
    size_t table_capacity;
    undo *undos;
    size_t undo_count;
    size_t undo_capacity;
    bool in_transaction;
    sy_arena schemas; /* of tables that keep columns which their definition lost */
    sy_arena scratch;
};

/* -- tables -- */

static sy_memory_table *table_named(const sy_store_memory *store, sy_str name)
{
    for (size_t i = 0; i < store->table_count; i++) {
        if (sy_str_equal(store->tables[i].schema->name, name)) {
            return &store->tables[i];
        }
    }
    return NULL;
}

static sy_rc table_get(const sy_store_memory *store, const sy_schema *schema, sy_memory_table **out,
                       sy_err *err)
{
    for (size_t i = 0; i < store->table_count; i++) {
        if (store->tables[i].alias == schema) {
            *out = &store->tables[i];
            return SY_OK;
        }
    }
    *out = table_named(store, schema->name);
    if (*out == NULL) {
        return SY_FAIL(err, SY_SCHEMA, "the store has no table '%.*s'", SY_FMT(schema->name));
    }
    return sy_schema_check_within(schema, (*out)->schema, err);
}

static sy_rc table_add(sy_store_memory *store, const sy_schema *schema, sy_err *err)
{
    sy_memory_table *tables = sy_alloc_grow(store->alloc, store->tables, store->table_count,
                                            &store->table_capacity, sizeof *tables);
    if (tables == NULL) {
        return sy_fail_nomem(err);
    }
    store->tables = tables;
    tables[store->table_count++] = (sy_memory_table){.schema = schema, .alias = schema};
    return SY_OK;
}

/* Is `first` the beginning of `all`, and has `all` its system columns? */
static bool begins(const sy_schema *all, const sy_schema *first)
{
    if ((first->system & ~all->system) != 0 || first->column_count > all->column_count) {
        return false;
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < first->column_count; i++) {
        if (!sy_str_equal(first->columns[i].name, all->columns[i].name)) {
            return false;
        }
    }
    return true;
}

/* A schema that begins with `schema` and has the columns of `old` besides. */
static sy_rc schema_join(sy_store_memory *store, const sy_schema *schema, const sy_schema *old,
                         const sy_schema **out, sy_err *err)
{
    sy_column user[2 * SY_COLUMN_COUNT_MAX];
    uint32_t count = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        user[count++] = schema->columns[i];
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < old->column_count; i++) {
        if (sy_schema_find(schema, old->columns[i].name) < 0) {
            user[count++] = old->columns[i];
        }
    }
    uint32_t system = schema->system | old->system;
    if (count == schema->column_count - SY_SYSTEM_COUNT && system == schema->system) {
        *out = schema;
        return SY_OK;
    }
    return sy_schema_new(&store->schemas, schema->name, system, user, count, out, err);
}

static sy_rc check_types(const sy_schema *schema, const sy_schema *old, sy_err *err)
{
    for (uint32_t i = SY_SYSTEM_COUNT; i < old->column_count; i++) {
        const sy_column *was = &old->columns[i];
        int at = sy_schema_find(schema, was->name);
        if (at >= 0 && schema->columns[at].type != was->type) {
            return SY_FAIL(
                err, SY_CORRUPT,
                "table %.*s: column '%.*s' is stored as %s, the schema says %s; give the "
                "column another name or begin with an empty store",
                SY_FMT(schema->name), SY_FMT(was->name), sy_type_name(was->type),
                sy_type_name(schema->columns[at].type));
        }
    }
    return SY_OK;
}

static void table_move_columns(sy_memory_table *table, const sy_schema *schema)
{
    uint8_t places[SY_COLUMN_COUNT_MAX];
    uint32_t count = table->schema->column_count;
    for (uint32_t i = 0; i < count; i++) {
        places[i] = i < SY_SYSTEM_COUNT
                        ? (uint8_t)i
                        : (uint8_t)sy_schema_find(schema, table->schema->columns[i].name);
    }
    for (uint32_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] != NULL) {
            sy_block_move_columns(table->slots[i], places, count);
        }
    }
}

static sy_rc memory_define(void *self, const sy_schema *schema, sy_err *err)
{
    sy_store_memory *store = self;
    if (store->in_transaction) {
        return SY_FAIL(err, SY_STATE, "table %.*s is defined inside a transaction",
                       SY_FMT(schema->name));
    }
    sy_memory_table *table = table_named(store, schema->name);
    if (table == NULL) {
        return table_add(store, schema, err);
    }
    if (table->alias == schema) {
        return SY_OK;
    }
    sy_rc rc = check_types(schema, table->schema, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (begins(table->schema, schema) && !begins(schema, table->schema)) {
        table->alias = schema;
        return SY_OK;
    }
    const sy_schema *joined = NULL;
    rc = schema_join(store, schema, table->schema, &joined, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (!begins(joined, table->schema)) {
        table_move_columns(table, joined);
    }
    table->schema = joined;
    table->alias = schema;
    return SY_OK;
}

/* -- transactions -- */

static void rollback(sy_store_memory *store)
{
    while (store->undo_count > 0) {
        const undo *last = &store->undos[--store->undo_count];
        sy_memory_table *table = &store->tables[last->table];
        if (last->old == NULL) {
            sy_memory_table_remove(table, last->now);
        } else if (last->now == NULL) {
            sy_memory_table_insert(table, last->old);
        } else {
            sy_memory_table_replace(table, last->now, last->old);
        }
        sy_block_put(&store->pool, last->now);
    }
    store->in_transaction = false;
}

static void commit(sy_store_memory *store)
{
    for (size_t i = 0; i < store->undo_count; i++) {
        sy_block_put(&store->pool, store->undos[i].old);
    }
    store->undo_count = 0;
    store->in_transaction = false;
    if (store->undo_capacity > UNDO_KEPT_MAX) {
        sy_alloc_free(store->alloc, store->undos, store->undo_capacity * sizeof *store->undos);
        store->undos = NULL;
        store->undo_capacity = 0;
    }
}

static sy_rc memory_transact(void *self, sy_transaction_step step, sy_err *err)
{
    sy_store_memory *store = self;
    if (step == SY_BEGIN) {
        if (store->in_transaction) {
            return SY_FAIL(err, SY_STATE, "a transaction is open already");
        }
        store->in_transaction = true;
        return SY_OK;
    }
    if (!store->in_transaction) {
        return SY_FAIL(err, SY_STATE, "no transaction is open");
    }
    if (step == SY_COMMIT) {
        commit(store);
    } else {
        rollback(store);
    }
    return SY_OK;
}

static sy_rc undo_reserve(sy_store_memory *store, sy_err *err)
{
    if (!store->in_transaction || store->undo_count < store->undo_capacity) {
        return SY_OK;
    }
    undo *undos = sy_alloc_grow(store->alloc, store->undos, store->undo_count,
                                &store->undo_capacity, sizeof *undos);
    if (undos == NULL) {
        return sy_fail_nomem(err);
    }
    store->undos = undos;
    return SY_OK;
}

/* Notes a change that was made; outside a transaction the old block is of no more use. */
static void undo_note(sy_store_memory *store, const sy_memory_table *table, sy_block *old,
                      sy_block *now)
{
    if (!store->in_transaction) {
        sy_block_put(&store->pool, old);
        return;
    }
    store->undos[store->undo_count++] =
        (undo){.table = (uint32_t)(table - store->tables), .old = old, .now = now};
}

/* -- rows -- */

static sy_rc memory_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                         const sy_row **out, sy_err *err)
{
    sy_store_memory *store = self;
    sy_memory_table *table = NULL;
    sy_rc rc = table_get(store, schema, &table, err);
    if (rc != SY_OK) {
        return rc;
    }
    *out = NULL;
    const sy_block *block = sy_memory_table_find(table, id, sy_memory_table_hash(id));
    if (block == NULL) {
        return SY_OK;
    }
    const sy_row *row = sy_block_row(block, schema == table->alias ? schema : table->schema, arena);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    if (row->schema != schema) {
        return sy_row_map(arena, row, schema, false, out, err);
    }
    *out = row;
    return SY_OK;
}

static sy_rc memory_write(void *self, const sy_row *row, sy_err *err)
{
    sy_store_memory *store = self;
    sy_memory_table *table = NULL;
    sy_rc rc = table_get(store, row->schema, &table, err);
    if (rc == SY_OK && row->schema != table->alias) {
        sy_arena_reset(&store->scratch);
        rc = sy_row_map(&store->scratch, row, table->schema, true, &row, err);
    }
    if (rc == SY_OK) {
        rc = sy_row_check(row, err);
    }
    if (rc == SY_OK) {
        rc = undo_reserve(store, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    sy_str id = sy_row_id(row);
    uint32_t hash = sy_memory_table_hash(id);
    sy_block *old = sy_memory_table_find(table, id, hash);
    if (old == NULL) {
        rc = sy_memory_table_reserve(table, store->alloc, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    sy_block *block = NULL;
    rc = sy_block_build(&store->pool, table->schema, row, old, &block, err);
    if (rc != SY_OK) {
        return rc;
    }
    block->hash = hash;
    if (old == NULL) {
        sy_memory_table_insert(table, block);
    } else {
        sy_memory_table_replace(table, old, block);
    }
    undo_note(store, table, old, block);
    return SY_OK;
}

static sy_rc memory_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    sy_store_memory *store = self;
    sy_memory_table *table = NULL;
    sy_rc rc = table_get(store, schema, &table, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_block *block = sy_memory_table_find(table, id, sy_memory_table_hash(id));
    if (block == NULL) {
        return SY_OK;
    }
    rc = undo_reserve(store, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_memory_table_remove(table, block);
    undo_note(store, table, block, NULL);
    return SY_OK;
}

/* -- queries -- */

/* Rows that match, their texts still in the blocks. A view that does not match is used again for
 * the next row. */
static sy_rc collect(const sy_memory_table *table, const sy_query *query, sy_arena *arena,
                     sy_rows *out, sy_err *err)
{
    const sy_schema *schema = query->schema == table->alias ? query->schema : table->schema;
    size_t size = sizeof(sy_row) + schema->column_count * sizeof(sy_value);
    *out = (sy_rows){.total = -1};
    out->items = sy_arena_push(arena, (table->count + 1) * sizeof *out->items);
    if (out->items == NULL) {
        return sy_fail_nomem(err);
    }
    sy_row *view = NULL;
    for (uint32_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i] == NULL) {
            continue;
        }
        if (view == NULL && (view = sy_arena_push(arena, size)) == NULL) {
            return sy_fail_nomem(err);
        }
        view->schema = schema;
        sy_block_view(table->slots[i], view, NULL);
        const sy_row *row = view;
        if (schema != query->schema) {
            sy_rc rc = sy_row_map(arena, view, query->schema, false, &row, err);
            if (rc != SY_OK) {
                return rc;
            }
        }
        if (sy_query_matches(query, row)) {
            out->items[out->count++] = row;
            view = NULL;
        }
    }
    return SY_OK;
}

static sy_rc memory_query(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                          sy_err *err)
{
    sy_store_memory *store = self;
    sy_memory_table *table = NULL;
    sy_rc rc = table_get(store, query->schema, &table, err);
    if (rc == SY_OK) {
        rc = sy_query_check(query, err);
    }
    sy_rows found;
    if (rc == SY_OK) {
        rc = collect(table, query, arena, &found, err);
    }
    if (rc == SY_OK) {
        sy_query rest = *query;
        rest.filter = NULL;
        rc = sy_query_apply(&rest, &found, arena, err);
    }
    /* What is left gets texts of its own. */
    for (size_t i = 0; rc == SY_OK && i < found.count; i++) {
        found.items[i] = sy_row_copy(arena, found.items[i]);
        rc = found.items[i] == NULL ? sy_fail_nomem(err) : SY_OK;
    }
    if (rc == SY_OK) {
        *out = found;
    }
    return rc;
}

/* -- the store -- */

sy_rc sy_store_memory_new(sy_alloc alloc, sy_store_memory **out, sy_err *err)
{
    sy_store_memory *store = sy_alloc_zeroed(alloc, sizeof *store);
    if (store == NULL) {
        return sy_fail_nomem(err);
    }
    store->alloc = alloc;
    store->pool.alloc = alloc;
    sy_arena_init(&store->schemas, alloc);
    sy_arena_init(&store->scratch, alloc);
    *out = store;
    return SY_OK;
}

void sy_store_memory_free(sy_store_memory *store)
{
    if (store == NULL) {
        return;
    }
    rollback(store);
    for (size_t i = 0; i < store->table_count; i++) {
        const sy_memory_table *table = &store->tables[i];
        for (uint32_t slot = 0; slot < table->slot_count; slot++) {
            sy_block_put(&store->pool, table->slots[slot]);
        }
        sy_alloc_free(store->alloc, (void *)table->slots, table->slot_count * sizeof *table->slots);
    }
    sy_block_pool_deinit(&store->pool);
    sy_alloc_free(store->alloc, store->tables, store->table_capacity * sizeof *store->tables);
    sy_alloc_free(store->alloc, store->undos, store->undo_capacity * sizeof *store->undos);
    sy_arena_deinit(&store->scratch);
    sy_arena_deinit(&store->schemas);
    sy_alloc_free(store->alloc, store, sizeof *store);
}

sy_store sy_store_memory_port(sy_store_memory *store)
{
    static const sy_store_ops ops = {.define = memory_define,
                                     .transact = memory_transact,
                                     .read = memory_read,
                                     .query = memory_query,
                                     .write = memory_write,
                                     .remove = memory_remove,
                                     .cost_ns = NULL};
    return (sy_store){.ops = &ops, .self = store};
}

void sy_store_memory_crash(sy_store_memory *store)
{
    rollback(store);
}

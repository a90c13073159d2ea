/* The store in memory. A row is an immutable packed block (memory_block.h) in its table's hash
 * table (memory_table.h); a write builds a new block and puts it in the old one's place.
 *
 * Invariants:
 * - outside a transaction the undo list is empty; inside, it holds one entry for each write, with
 *   the block that stood there before (NULL: none) and the one that stands there now (NULL: none).
 *   Played backwards it restores the state at begin without allocating, so that a rollback cannot
 *   fail;
 * - everything that can fail happens before the first change: a failed call leaves the store as it
 *   was;
 * - a column keeps its place in a table for good; new ones come behind. Rows over the schema that
 *   the table was defined with last need no mapping if its columns stand in that order; rows over
 *   any other schema are mapped by column names. */
#include "core/store/store_memory.h"

#include <string.h>

#include "core/base/check.h"
#include "core/base/mutant.h"
#include "core/store/memory_select.h"
#include "core/store/row_check.h"

#define UNDO_KEPT_MAX 10u /* room in the undo list that a transaction leaves to the next */

typedef struct undo {
    uint32_t table;
    sy_block *old;
    sy_block *now;
} undo;

struct sy_store_memory {
    sy_alloc alloc;
    sy_memory_table *tables;
    size_t table_count;
    size_t table_capacity;
    undo *undos;
    size_t undo_count;
    size_t undo_capacity;
    bool in_transaction;
    sy_arena schemas; /* of tables that keep columns which their definition lost */
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

/* Has `all` every column of `schema`? */
static bool has_all(const sy_schema *all, const sy_schema *schema)
{
    bool has = (schema->system & ~all->system) == 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count && has; i++) {
        has = sy_schema_find(all, schema->columns[i].name) >= 0;
    }
    return has;
}

/* A schema that begins with `old` and has the other columns of `schema` behind. */
static sy_rc schema_join(sy_store_memory *store, const sy_schema *old, const sy_schema *schema,
                         const sy_schema **out, sy_err *err)
{
    if (begins(schema, old)) {
        *out = schema;
        return SY_OK;
    }
    sy_column user[2 * SY_COLUMN_COUNT_MAX];
    uint32_t count = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; i < old->column_count; i++) {
        user[count++] = old->columns[i];
    }
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        if (sy_schema_find(old, schema->columns[i].name) < 0) {
            user[count++] = schema->columns[i];
        }
    }
    return sy_schema_new(&store->schemas, schema->name, schema->system | old->system, user, count,
                         out, err);
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
    if (!has_all(table->schema, schema)) {
        rc = schema_join(store, table->schema, schema, &table->schema, err);
    }
    if (rc == SY_OK) {
        table->alias = begins(table->schema, schema) ? schema : NULL;
    }
    return rc;
}

/* -- transactions -- */

static void rollback(sy_store_memory *store)
{
    while (store->undo_count > 0 && !SY_MUTANT(ROLLBACK_KEEPS_WRITES)) {
        const undo *last = &store->undos[--store->undo_count];
        sy_memory_table *table = &store->tables[last->table];
        sy_str id = sy_block_id(last->now != NULL ? last->now : last->old);
        uint32_t hash = sy_memory_table_hash(id);
        sy_memory_slot *slot = sy_memory_table_find(table, id, hash);
        sy_memory_index_change(&table->by_moment, table->schema, last->now, last->old);
        if (last->old == NULL) {
            sy_memory_table_remove(table, slot);
        } else if (last->now == NULL) {
            sy_memory_table_insert(table, last->old, hash);
        } else {
            slot->block = last->old;
        }
        sy_block_free(store->alloc, last->now);
    }
    store->in_transaction = false;
}

static void commit(sy_store_memory *store)
{
    for (size_t i = 0; i < store->undo_count; i++) {
        sy_block_free(store->alloc, store->undos[i].old);
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
        sy_block_free(store->alloc, old);
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
    const sy_memory_slot *slot = sy_memory_table_find(table, id, sy_memory_table_hash(id));
    if (slot == NULL) {
        return SY_OK;
    }
    const sy_row *row =
        sy_block_row(slot->block, schema == table->alias ? schema : table->schema, arena);
    if (row == NULL) {
        return sy_fail_nomem(err);
    }
    return sy_row_map(arena, row, schema, false, out, err);
}

/* `block` into the slot, or (NULL) into a new one. */
static sy_rc put_block(sy_store_memory *store, sy_memory_table *table, sy_memory_slot *slot,
                       sy_block *block, uint32_t hash, sy_err *err)
{
    sy_block *old = NULL;
    if (slot != NULL) {
        old = slot->block;
        slot->block = block;
    } else {
        sy_rc rc = sy_memory_table_reserve(table, store->alloc, err);
        if (rc == SY_OK) {
            rc = sy_memory_index_reserve(&table->by_moment, store->alloc, err);
        }
        if (rc != SY_OK) {
            sy_block_free(store->alloc, block);
            return rc;
        }
        sy_memory_table_insert(table, block, hash);
    }
    sy_memory_index_change(&table->by_moment, table->schema, old, block);
    undo_note(store, table, old, block);
    return SY_OK;
}

/* `row` is over the table's schema, or over the first columns of it. */
static sy_rc write_row(sy_store_memory *store, sy_memory_table *table, const sy_row *row,
                       sy_err *err)
{
    sy_rc rc = undo_reserve(store, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_str id = sy_row_id(row);
    uint32_t hash = sy_memory_table_hash(id);
    sy_memory_slot *slot = sy_memory_table_find(table, id, hash);
    sy_block *block = NULL;
    rc = sy_block_build(store->alloc, table->schema, row, slot == NULL ? NULL : slot->block, &block,
                        err);
    return rc == SY_OK ? put_block(store, table, slot, block, hash, err) : rc;
}

static sy_rc memory_write(void *self, const sy_row *row, sy_err *err)
{
    sy_store_memory *store = self;
    sy_memory_table *table = NULL;
    sy_rc rc = table_get(store, row->schema, &table, err);
    if (rc != SY_OK || row->schema == table->alias) {
        return rc == SY_OK ? write_row(store, table, row, err) : rc;
    }
    sy_arena scratch;
    sy_arena_init(&scratch, store->alloc);
    rc = sy_row_map(&scratch, row, table->schema, true, &row, err);
    if (rc == SY_OK) {
        rc = write_row(store, table, row, err);
    }
    sy_arena_deinit(&scratch);
    return rc;
}

static sy_rc memory_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    sy_store_memory *store = self;
    sy_memory_table *table = NULL;
    sy_rc rc = table_get(store, schema, &table, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_memory_slot *slot = sy_memory_table_find(table, id, sy_memory_table_hash(id));
    if (slot == NULL) {
        return SY_OK;
    }
    rc = undo_reserve(store, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_block *block = slot->block;
    sy_memory_index_change(&table->by_moment, table->schema, block, NULL);
    sy_memory_table_remove(table, slot);
    undo_note(store, table, block, NULL);
    return SY_OK;
}

/* -- queries -- */

/* Room for what a rollback brings back, too: it cannot ask for more. */
static sy_rc make_index(const sy_store_memory *store, sy_memory_table *table, sy_err *err)
{
    const uint32_t room = table->count + (uint32_t)store->undo_count;
    sy_rc rc = sy_memory_index_init(&table->by_moment, store->alloc, room, err);
    for (uint32_t i = 0; rc == SY_OK && i < table->slot_count; i++) {
        if (table->slots[i].block != NULL) {
            sy_memory_index_append(&table->by_moment, table->schema, table->slots[i].block);
        }
    }
    if (rc == SY_OK) {
        sy_memory_index_sort(&table->by_moment);
    }
    return rc;
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
    if (rc == SY_OK && sy_memory_wants_index(table, query)) {
        rc = make_index(store, table, err);
    }
    return rc == SY_OK ? sy_memory_select(table, query, store->alloc, arena, out, err) : rc;
}

/* -- the store -- */

sy_rc sy_store_memory_new(sy_alloc alloc, sy_store_memory **out, sy_err *err)
{
    sy_store_memory *store = sy_alloc_zeroed(alloc, sizeof *store);
    if (store == NULL) {
        return sy_fail_nomem(err);
    }
    store->alloc = alloc;
    sy_arena_init(&store->schemas, alloc);
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
        sy_memory_table *table = &store->tables[i];
        sy_memory_index_deinit(&table->by_moment, store->alloc);
        for (uint32_t slot = 0; slot < table->slot_count; slot++) {
            sy_block_free(store->alloc, table->slots[slot].block);
        }
        sy_alloc_free(store->alloc, table->slots, table->slot_count * sizeof *table->slots);
    }
    sy_alloc_free(store->alloc, store->tables, store->table_capacity * sizeof *store->tables);
    sy_alloc_free(store->alloc, store->undos, store->undo_capacity * sizeof *store->undos);
    sy_arena_deinit(&store->schemas);
    sy_alloc_free(store->alloc, store, sizeof *store);
}

static sy_rc copy_table(sy_store_memory *to, const sy_memory_table *from, sy_err *err)
{
    const sy_schema *schema = sy_schema_copy(&to->schemas, from->schema);
    sy_rc rc = schema == NULL ? sy_fail_nomem(err) : table_add(to, schema, err);
    for (uint32_t i = 0; rc == SY_OK && i < from->slot_count; i++) {
        const sy_memory_slot *slot = &from->slots[i];
        if (slot->block != NULL) {
            sy_block *block = sy_block_copy(to->alloc, slot->block);
            rc = block == NULL ? sy_fail_nomem(err)
                               : put_block(to, &to->tables[to->table_count - 1], NULL, block,
                                           slot->hash, err);
        }
    }
    return rc;
}

sy_rc sy_store_memory_copy(const sy_store_memory *store, sy_store_memory **out, sy_err *err)
{
    sy_store_memory *copy = NULL;
    if (store->in_transaction) {
        return SY_FAIL(err, SY_STATE, "a transaction is open");
    }
    sy_rc rc = sy_store_memory_new(store->alloc, &copy, err);
    if (rc != SY_OK) {
        return rc;
    }
    SY_ASSERT(copy != NULL);
    for (size_t i = 0; rc == SY_OK && i < store->table_count; i++) {
        rc = copy_table(copy, &store->tables[i], err);
    }
    if (rc != SY_OK) {
        sy_store_memory_free(copy);
        return rc;
    }
    *out = copy;
    return SY_OK;
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

/* An edit: what the user sees of the row, what it becomes, the call. */
#include "sim/host/user_internal.h"

#include <string.h>

#define TEXT_SIZE_MAX 200u /* a note stops growing */

/* -- what a row becomes -- */

static const sim_user_table *table_of(const sim_user_life *self, const sim_intention *one)
{
    return &self->all->config.plan->tables[one->table];
}

static void put(sy_row *row, const sim_user_table *table, uint32_t column, sy_value value)
{
    const int at = sy_schema_find(row->schema, table->columns[column].name);
    if (at >= SY_SYSTEM_COUNT) {
        row->cells[at] = value;
    }
}

/* The table whose rows this column names: "orders_id" or "order_id" for table orders. -1: none. */
static int parent_of(const sim_user_plan *plan, uint32_t table, uint32_t column)
{
    const sy_str name = plan->tables[table].columns[column].name;
    if (plan->tables[table].kind != SIM_KIND_CHILD || name.size < 4 ||
        memcmp(name.data + name.size - 3, "_id", 3) != 0) {
        return -1;
    }
    const sy_str stem = {name.data, name.size - 3};
    for (uint32_t i = 0; i < plan->table_count; i++) {
        const sy_str other = plan->tables[i].name;
        if (i != table && sy_str_starts_with(other, stem) && other.size <= stem.size + 1) {
            return (int)i;
        }
    }
    return -1;
}

static sy_value new_value(sim_user_life *self, const sim_intention *one, uint32_t column)
{
    sim_users *all = self->all;
    const int parent = parent_of(all->config.plan, one->table, column);
    if (parent >= 0) {
        char id[SIM_ROW_ID_SIZE_MAX];
        const sy_str name = all->config.plan->tables[parent].name;
        const sy_str kept = sy_arena_copy(&all->scratch, sim_user_row_id(name, one->row, id));
        return kept.data != NULL ? sy_text(kept) : (sy_value){.type = SY_TYPE_ABSENT};
    }
    return sim_intention_value(&self->stream, one, table_of(self, one), column, self->config->name,
                               &all->scratch);
}

/* The first column of that type from the one that was drawn on; -1: there is none. */
static int column_of_type(const sim_user_table *table, uint32_t from, sy_type type)
{
    for (uint32_t i = 0; i < table->column_count; i++) {
        const uint32_t column = (from + i) % table->column_count;
        if (table->columns[column].type == type) {
            return (int)column;
        }
    }
    return -1;
}

static const sy_value *seen_cell(const sy_row *seen, const sim_user_table *table, uint32_t column)
{
    const sy_value *cell = sy_row_find(seen, table->columns[column].name);
    return cell != NULL ? cell : &sy_null_cell;
}

static sy_value longer(sim_user_life *self, const sy_value *seen, sy_value more)
{
    const sy_str before = sy_value_str(seen);
    const sy_str after = sy_value_str(&more);
    if (before.size == 0 || after.size == 0 || before.size + after.size + 1 > TEXT_SIZE_MAX) {
        return more;
    }
    char *text = sy_arena_push(&self->all->scratch, before.size + after.size + 1);
    if (text == NULL) {
        return more;
    }
    memcpy(text, before.data, before.size);
    text[before.size] = ' ';
    memcpy(text + before.size + 1, after.data, after.size);
    return sy_text((sy_str){text, before.size + after.size + 1});
}

/* What a kind of table makes of an update: its column, and the new value from what is seen. */
static sy_value changed(sim_user_life *self, const sim_intention *one, const sy_row *seen,
                        uint32_t *column)
{
    static const sy_type wanted[SIM_KIND_COUNT] = {[SIM_KIND_CHECK_LIST] = SY_TYPE_BOOL,
                                                   [SIM_KIND_COUNTER] = SY_TYPE_INT,
                                                   [SIM_KIND_NOTES] = SY_TYPE_TEXT};
    const sim_user_table *table = table_of(self, one);
    const int of_kind = wanted[table->kind] == SY_TYPE_ABSENT
                            ? -1
                            : column_of_type(table, one->column, wanted[table->kind]);
    *column = of_kind >= 0 ? (uint32_t)of_kind : one->column;
    const sy_value *cell = seen_cell(seen, table, *column);
    if (of_kind >= 0 && table->kind == SIM_KIND_CHECK_LIST) {
        return sy_bool(cell->type != SY_TYPE_BOOL || cell->as.integer == 0);
    }
    if (of_kind >= 0 && table->kind == SIM_KIND_COUNTER) {
        const int64_t from = cell->type == SY_TYPE_INT ? cell->as.integer : 0;
        return sy_int(from + sim_intention_step(&self->stream, one));
    }
    const sy_value value = new_value(self, one, *column);
    return of_kind >= 0 && table->kind == SIM_KIND_NOTES ? longer(self, cell, value) : value;
}

/* -- an edit -- */

static void edit_done(void *context, sy_rc rc, const sy_outcome *outcome)
{
    sim_user_life *self = context;
    (void)outcome;
    sim_user_end_saying(self, self->said);
    sim_user_edit_ends(self, rc == SY_OK);
    sim_user_walk(self);
}

/* false: refused at once. */
static bool write(sim_user_life *self, sim_edit edit, const sy_call *call, sim_done done)
{
    self->said = sim_user_say(self, edit, call);
    if (sim_client_host_call(self->config->host, call, done, self, NULL, NULL) == SY_OK) {
        return true;
    }
    sim_user_end_saying(self, self->said);
    return false;
}

static const sy_schema *schema_of(const sim_user_life *self, const sim_intention *one)
{
    const sy_client *client = sim_client_host_client(self->config->host);
    return client == NULL ? NULL : sy_client_schema(client, table_of(self, one)->name);
}

static sy_row *row_of(sim_user_life *self, const sy_schema *schema, sy_str id)
{
    sy_row *row = sy_row_new(&self->all->scratch, schema);
    if (row != NULL) {
        row->cells[SY_COLUMN_ID] = sy_text(id);
    }
    return row;
}

/* Marks an odd row as tried; false: it was. */
static bool mark_made(sim_user_life *self, uint32_t table, uint32_t row)
{
    const size_t bit = (size_t)table * self->all->config.plan->rows + row - 1;
    const uint8_t mask = (uint8_t)(1u << bit % 8);
    const bool fresh = (self->made[bit / 8] & mask) == 0;
    self->made[bit / 8] |= mask;
    return fresh;
}

static bool insert(sim_user_life *self, const sim_intention *one, sim_done done)
{
    char text[SIM_ROW_ID_SIZE_MAX];
    const sim_user_table *table = table_of(self, one);
    const sy_str id = sim_user_row_id(table->name, one->row, text);
    const sy_schema *schema = schema_of(self, one);
    sy_row *row = schema != NULL ? row_of(self, schema, id) : NULL;
    if (row == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < table->column_count; i++) {
        put(row, table, i, new_value(self, one, i));
    }
    return write(self, SIM_EDIT_INSERT,
                 &(sy_call){.verb = SY_VERB_INSERT, .table = table->name, .id = id, .row = row},
                 done);
}

static void parent_done(void *context, sy_rc rc, const sy_outcome *outcome)
{
    sim_user_life *self = context;
    (void)rc; /* a child without a parent is somebody's bug to find */
    (void)outcome;
    sim_user_end_saying(self, self->said);
    if (!insert(self, sim_user_current(self), edit_done)) {
        sim_user_edit_ends(self, false);
        sim_user_walk(self);
    }
}

static int parent_table(const sim_user_plan *plan, uint32_t table)
{
    int parent = -1;
    for (uint32_t i = 0; i < plan->tables[table].column_count && parent < 0; i++) {
        parent = parent_of(plan, table, i);
    }
    return parent;
}

/* A child's parent comes first. true: it goes on later. */
static bool begin_insert(sim_user_life *self, const sim_intention *one)
{
    if (!mark_made(self, one->table, one->row)) {
        return false;
    }
    const int parent = parent_table(self->all->config.plan, one->table);
    if (parent >= 0 && mark_made(self, (uint32_t)parent, one->row)) {
        sim_intention of_parent = *one;
        of_parent.table = (uint32_t)parent;
        if (insert(self, &of_parent, parent_done)) {
            return true;
        }
    }
    return insert(self, one, edit_done);
}

static void remember(sim_user_life *self, const sim_intention *one, const sy_value *cell)
{
    sim_users *all = self->all;
    if (self->before != NULL &&
        sy_value_copy(cell, &all->world->arena, &self->before[one - self->items]) != SY_OK) {
        all->world->broken = SY_NOMEM;
    }
}

/* The update that an undo takes back; NULL: it never came to be. */
static const sim_intention *taken_back(const sim_user_life *self, const sim_intention *undo)
{
    for (const sim_intention *one = undo; one > self->items; one--) {
        if (one[-1].number == undo->of) {
            return self->before[one - 1 - self->items].type != SY_TYPE_ABSENT ? one - 1 : NULL;
        }
    }
    return NULL;
}

static bool update(sim_user_life *self, const sim_intention *one, const sy_row *seen)
{
    const sim_user_table *table = table_of(self, one);
    const sy_schema *schema = schema_of(self, one);
    const sy_str id = sy_row_id(seen);
    sy_row *row = schema != NULL && table->column_count > 0 ? row_of(self, schema, id) : NULL;
    uint32_t column = 0;
    if (row == NULL) {
        return false;
    }
    if (one->edit == SIM_EDIT_UNDO) {
        const sim_intention *of = taken_back(self, one);
        if (of == NULL) {
            return false;
        }
        (void)changed(self, of, seen, &column);
        put(row, table, column, self->before[of - self->items]);
    } else {
        const sy_value value = changed(self, one, seen, &column);
        put(row, table, column, value);
        remember(self, one, seen_cell(seen, table, column));
        for (uint32_t i = 0; i < table->column_count && table->kind == SIM_KIND_FORM; i++) {
            if (i != column && sim_intention_sets(&self->stream, one, i)) {
                put(row, table, i, new_value(self, one, i));
            }
        }
    }
    return write(self, SIM_EDIT_UPDATE,
                 &(sy_call){.verb = SY_VERB_UPDATE, .table = table->name, .id = id, .row = row},
                 edit_done);
}

static void looked(void *context, sy_rc rc, const sy_outcome *outcome)
{
    sim_user_life *self = context;
    const sim_intention *one = sim_user_current(self);
    const sy_row *seen = rc == SY_OK && outcome->rows.count > 0 ? outcome->rows.items[0] : NULL;
    sy_arena_reset(&self->all->scratch);
    bool goes_on = false;
    if (seen != NULL && one->edit == SIM_EDIT_DELETE) {
        goes_on = write(self, SIM_EDIT_DELETE,
                        &(sy_call){.verb = SY_VERB_DELETE,
                                   .table = table_of(self, one)->name,
                                   .id = sy_row_id(seen)},
                        edit_done);
    } else if (seen != NULL) {
        goes_on = update(self, one, seen);
    }
    if (!goes_on) {
        sim_user_edit_ends(self, false);
        sim_user_walk(self);
    }
}

static bool look(sim_user_life *self, const sim_intention *one)
{
    char text[SIM_ROW_ID_SIZE_MAX];
    const sy_str table = table_of(self, one)->name;
    const sy_call call = {
        .verb = SY_VERB_LOOKUP, .table = table, .id = sim_user_row_id(table, one->row, text)};
    return sim_client_host_call(self->config->host, &call, looked, self, NULL, NULL) == SY_OK;
}

bool sim_user_edit(sim_user_life *self, const sim_intention *one)
{
    sy_arena_reset(&self->all->scratch);
    return one->edit == SIM_EDIT_INSERT ? begin_insert(self, one) : look(self, one);
}

/* The lineage's books: tables and their columns, rows, copies, queue entries, edits. What events do
 * to them is in lineage_read.c. */
#include "core/base/hash.h"
#include "sim/check/lineage_internal.h"

#include <string.h>

#define CHAIN_LENGTH_MAX 64u /* edits of one cell that are followed back */
#define SLOT_COUNT_MIN   64u

void sim_lineage_init(sim_lineage *lineage, sy_alloc alloc, const sim_trace *trace)
{
    *lineage = (sim_lineage){.alloc = alloc, .trace = trace};
    sy_arena_init(&lineage->arena, alloc);
    sim_index_init(&lineage->tables, alloc, sizeof(sim_columns));
}

bool sim_lineage_failed(const sim_lineage *lineage)
{
    return lineage->failed || lineage->tables.failed;
}

void sim_lineage_deinit(sim_lineage *lineage)
{
    sim_columns *columns = NULL;
    for (size_t at = 0; (columns = sim_index_next(&lineage->tables, &at)) != NULL;) {
        sy_map_deinit(&columns->lines);
    }
    sim_index_deinit(&lineage->tables, &lineage->failed);
    sy_alloc_free(lineage->alloc, (void *)lineage->copies,
                  lineage->copy_capacity * sizeof *lineage->copies);
    sy_alloc_free(lineage->alloc, (void *)lineage->slots,
                  lineage->slot_count * sizeof *lineage->slots);
    if (lineage->edits != NULL) {
        sy_alloc_free(lineage->alloc, lineage->edits,
                      lineage->edit_capacity * sizeof *lineage->edits);
    }
    if (lineage->devices != NULL) {
        sy_alloc_free(lineage->alloc, lineage->devices,
                      lineage->device_count * sizeof *lineage->devices);
    }
    sy_arena_deinit(&lineage->arena);
}

static void *keep(sim_lineage *lineage, void *made)
{
    lineage->failed = lineage->failed || made == NULL;
    return made;
}

/* -- columns -- */

typedef struct sim_column_map {
    struct sim_column_map *next;
    uint64_t shape;
    uint8_t cell[SIM_CELL_COUNT_MAX]; /* by column of the schema */
} column_map;

static uint8_t column_of(sim_lineage *lineage, sim_columns *columns, sy_str name)
{
    for (uint32_t i = 1; i < columns->count; i++) {
        if (sy_str_equal(columns->names[i], name)) {
            return (uint8_t)i;
        }
    }
    if (columns->count == SIM_CELL_COUNT_MAX) {
        return 0;
    }
    sy_str copy = sy_arena_copy(&lineage->arena, name);
    if (keep(lineage, (void *)copy.data) == NULL) {
        return 0;
    }
    columns->names[columns->count] = copy;
    return (uint8_t)columns->count++;
}

const uint8_t *sim_lineage_map(sim_lineage *lineage, sim_columns *columns, const sy_schema *schema)
{
    const uint64_t shape = sy_schema_shape(schema);
    for (const column_map *map = columns->maps; map != NULL; map = map->next) {
        if (map->shape == shape) {
            return map->cell;
        }
    }
    column_map *map = keep(lineage, sy_arena_push(&lineage->arena, sizeof *map));
    if (map == NULL) {
        static const uint8_t none[SIM_CELL_COUNT_MAX] = {0};
        return none;
    }
    *map = (column_map){.next = columns->maps, .shape = shape};
    for (uint32_t i = SY_SYSTEM_COUNT; i < schema->column_count; i++) {
        map->cell[i] = column_of(lineage, columns, schema->columns[i].name);
    }
    columns->maps = map;
    return map->cell;
}

/* -- rows -- */

/* NULL: nobody has heard of the table. */
static sim_columns *columns_find(sim_lineage *lineage, sy_str table)
{
    sim_columns *last = lineage->columns;
    if (last == NULL || !sy_str_equal(sim_record_a(&last->record), table)) {
        last = sim_index_find(&lineage->tables, 0, table, (sy_str){0}, 0);
        lineage->columns = last;
    }
    return last;
}

static sim_columns *columns_get(sim_lineage *lineage, sy_str table)
{
    sim_columns *columns = columns_find(lineage, table);
    if (columns == NULL) {
        columns = keep(lineage, sim_index_get(&lineage->tables, 0, table, (sy_str){0}, 0));
        if (columns != NULL) {
            columns->count = 1;
            sy_map_init(&columns->lines, lineage->alloc);
        }
    }
    return columns;
}

sim_line *sim_lineage_line(sim_lineage *lineage, sy_str table, sy_str id)
{
    sim_columns *columns = columns_get(lineage, table);
    sim_line *line = columns != NULL ? sy_map_find(&columns->lines, id) : NULL;
    if (line != NULL || columns == NULL) {
        return line;
    }
    line = sy_arena_push_zeroed(&lineage->arena, sizeof *line);
    const sy_str own = sy_arena_copy(&lineage->arena, id);
    if (line == NULL || own.data == NULL || sy_map_set(&columns->lines, own, line) != SY_OK) {
        lineage->failed = true;
        return NULL;
    }
    line->columns = columns;
    line->id = own;
    line->number = lineage->line_count++;
    return line;
}

/* -- replicas -- */

static sim_replica *replica_get(sim_lineage *lineage, sim_columns *columns, uint32_t host)
{
    if (host >= columns->replica_count) {
        const uint32_t count = host + host / 2 + 8;
        sim_replica **items =
            keep(lineage, sy_arena_push_zeroed(&lineage->arena, count * sizeof *items));
        if (items == NULL) {
            return NULL;
        }
        for (uint32_t i = 0; i < columns->replica_count; i++) {
            items[i] = columns->replicas[i];
        }
        columns->replicas = items;
        columns->replica_count = count;
    }
    sim_replica *replica = columns->replicas[host];
    if (replica == NULL) {
        replica = keep(lineage, sy_arena_push(&lineage->arena, sizeof *replica));
        if (replica == NULL) {
            return NULL;
        }
        *replica =
            (sim_replica){.columns = columns, .host = host, .number = lineage->replica_count++};
        columns->replicas[host] = replica;
    }
    return replica;
}

sim_replica *sim_lineage_replica(sim_lineage *lineage, uint32_t host, sy_str table)
{
    sim_columns *columns = columns_get(lineage, table);
    return columns != NULL ? replica_get(lineage, columns, host) : NULL;
}

/* -- copies -- */

static inline size_t slot_of(const sim_lineage *lineage, const sim_line *line, uint32_t host)
{
    return (size_t)sy_hash_mix(line->number, host) & (lineage->slot_count - 1);
}

static sim_copy *copy_find(const sim_lineage *lineage, const sim_line *line, uint32_t host)
{
    if (lineage->slot_count == 0) {
        return NULL;
    }
    size_t at = slot_of(lineage, line, host);
    sim_copy *copy = lineage->slots[at];
    while (copy != NULL && (copy->line != line || copy->host != host)) {
        at = (at + 1) & (lineage->slot_count - 1);
        copy = lineage->slots[at];
    }
    return copy;
}

static void slot_fill(sim_lineage *lineage, sim_copy *copy)
{
    size_t at = slot_of(lineage, copy->line, copy->host);
    while (lineage->slots[at] != NULL) {
        at = (at + 1) & (lineage->slot_count - 1);
    }
    lineage->slots[at] = copy;
}

/* Room for one more copy; at least half of the slots are free. */
static bool copies_grow(sim_lineage *lineage)
{
    sim_copy **copies =
        keep(lineage, sy_alloc_grow(lineage->alloc, (void *)lineage->copies, lineage->copy_count,
                                    &lineage->copy_capacity, sizeof *copies));
    lineage->copies = copies != NULL ? copies : lineage->copies;
    if (copies == NULL || 2 * (size_t)(lineage->copy_count + 1) <= lineage->slot_count) {
        return copies != NULL;
    }
    const size_t count = lineage->slot_count == 0 ? SLOT_COUNT_MIN : 2 * lineage->slot_count;
    sim_copy **slots = keep(lineage, sy_alloc_zeroed(lineage->alloc, count * sizeof *slots));
    if (slots == NULL) {
        return false;
    }
    sy_alloc_free(lineage->alloc, (void *)lineage->slots, lineage->slot_count * sizeof *slots);
    lineage->slots = slots;
    lineage->slot_count = count;
    for (uint32_t i = 0; i < lineage->copy_count; i++) {
        slot_fill(lineage, lineage->copies[i]);
    }
    return true;
}

sim_copy *sim_lineage_copy(sim_lineage *lineage, uint32_t host, sy_str table, sy_str id)
{
    sim_line *line = sim_lineage_line(lineage, table, id);
    sim_copy *copy = line != NULL ? copy_find(lineage, line, host) : NULL;
    if (copy != NULL || line == NULL) {
        return copy;
    }
    sim_replica *replica = replica_get(lineage, line->columns, host);
    copy = keep(lineage, sy_arena_push(&lineage->arena, sizeof *copy));
    if (replica == NULL || copy == NULL || !copies_grow(lineage)) {
        return NULL;
    }
    *copy =
        (sim_copy){.line = line, .replica = replica, .host = host, .number = lineage->copy_count};
    lineage->copies[lineage->copy_count++] = copy;
    slot_fill(lineage, copy);
    return copy;
}

sim_copy *sim_lineage_known(sim_lineage *lineage, uint32_t host, sy_str table, sy_str id)
{
    const sim_columns *columns = columns_find(lineage, table);
    const sim_line *line = columns != NULL ? sy_map_find(&columns->lines, id) : NULL;
    return line != NULL ? copy_find(lineage, line, host) : NULL;
}

const sim_copy *sim_lineage_find(sim_lineage *lineage, uint32_t host, sy_str table, sy_str id)
{
    return sim_lineage_known(lineage, host, table, id);
}

const sim_copy *sim_line_copy(const sim_lineage *lineage, const sim_line *line, uint32_t host)
{
    return copy_find(lineage, line, host);
}

/* -- cells -- */

bool sim_cells_reach(sim_lineage *lineage, sim_cells *cells, uint32_t count)
{
    if (cells->count >= count) {
        return true;
    }
    sim_cell *items = keep(lineage, sy_arena_push(&lineage->arena, count * sizeof *items));
    if (items == NULL) {
        return false;
    }
    memset(items, 0, count * sizeof *items);
    if (cells->count > 0) {
        memcpy(items, cells->items, cells->count * sizeof *items);
    }
    *cells = (sim_cells){items, count};
    return true;
}

bool sim_cells_copy(sim_lineage *lineage, sim_cells *to, const sim_cells *from)
{
    if (!sim_cells_reach(lineage, to, from->count)) {
        return false;
    }
    if (to->count > 0) {
        memset(to->items, 0, to->count * sizeof *to->items);
    }
    if (from->count > 0) {
        memcpy(to->items, from->items, from->count * sizeof *to->items);
    }
    return true;
}

uint64_t sim_cells_content(const sim_cells *cells)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < cells->count; i++) {
        if (cells->items[i].hash != 0) {
            sum += sy_hash_mix(i, cells->items[i].hash);
        }
    }
    return sum;
}

/* -- edits -- */

static bool edits_grow(sim_lineage *lineage)
{
    sim_edit *edits =
        keep(lineage, sy_alloc_grow(lineage->alloc, lineage->edits, lineage->edit_count,
                                    &lineage->edit_capacity, sizeof *edits));
    lineage->edits = edits != NULL ? edits : lineage->edits;
    return edits != NULL;
}

sim_edit *sim_lineage_edit(sim_lineage *lineage, uint32_t *tag)
{
    *tag = 0;
    if (lineage->edit_count == 0) { /* nobody's */
        if (!edits_grow(lineage)) {
            return NULL;
        }
        lineage->edits[lineage->edit_count++] = (sim_edit){0};
    }
    if (!edits_grow(lineage)) {
        return NULL;
    }
    *tag = lineage->edit_count++;
    return &lineage->edits[*tag];
}

bool sim_edit_saw(const sim_lineage *lineage, uint32_t later, uint32_t earlier)
{
    if (later == 0 || earlier == 0) {
        return false;
    }
    const sim_edit *by = &lineage->edits[later];
    const sim_edit *of = &lineage->edits[earlier];
    if (by->line != of->line || by->column != of->column) {
        return false;
    }
    if (later == earlier || (by->host == of->host && later > earlier) ||
        (of->committed != 0 && by->seen >= of->committed)) {
        return true;
    }
    uint32_t at = by->prior; /* what an edit stands on was made before it */
    for (uint32_t i = 0; at > earlier && i < CHAIN_LENGTH_MAX; i++) {
        at = lineage->edits[at].prior;
    }
    return at == earlier;
}

/* -- devices -- */

static sim_device_line *device_get(sim_lineage *lineage, uint32_t host)
{
    if (host >= lineage->device_count) {
        size_t count = sim_trace_host_count(lineage->trace);
        count = count > host ? count : host + 1;
        sim_device_line *devices =
            keep(lineage, sy_alloc_zeroed(lineage->alloc, count * sizeof *devices));
        if (devices == NULL) {
            return NULL;
        }
        if (lineage->devices != NULL) {
            memcpy(devices, lineage->devices, lineage->device_count * sizeof *devices);
            sy_alloc_free(lineage->alloc, lineage->devices,
                          lineage->device_count * sizeof *devices);
        }
        lineage->devices = devices;
        lineage->device_count = count;
    }
    return &lineage->devices[host];
}

/* -- queue entries -- */

sim_pending *sim_pending_find(const sim_copy *copy, int64_t op)
{
    for (sim_pending *at = copy->first; at != NULL; at = at->next) {
        if (at->op == op) {
            return at;
        }
    }
    return NULL;
}

sim_pending *sim_pending_get(sim_lineage *lineage, sim_copy *copy, int64_t op, uint64_t sequence)
{
    sim_device_line *device = device_get(lineage, copy->host);
    sim_pending **at = &copy->first;
    for (; *at != NULL; at = &(*at)->next) {
        if ((*at)->op == op) {
            return *at;
        }
    }
    sim_pending *made = device != NULL ? lineage->spare : NULL;
    if (device == NULL) {
        return NULL;
    }
    if (made != NULL) {
        lineage->spare = made->next;
    } else {
        made = keep(lineage, sy_arena_push(&lineage->arena, sizeof *made));
        if (made == NULL) {
            return NULL;
        }
        *made = (sim_pending){0};
    }
    const sim_cells cells = made->cells;
    *made = (sim_pending){.copy = copy, .op = op, .kind = 'u', .sequence = sequence};
    made->cells = cells;
    if (cells.count > 0) {
        memset(cells.items, 0, cells.count * sizeof *cells.items);
    }
    made->host_next = device->queue;
    if (device->queue != NULL) {
        device->queue->host_previous = made;
    }
    device->queue = made;
    *at = made;
    return made;
}

static void leave_queue(sim_lineage *lineage, const sim_pending *gone)
{
    if (gone->host_next != NULL) {
        gone->host_next->host_previous = gone->host_previous;
    }
    if (gone->host_previous != NULL) {
        gone->host_previous->host_next = gone->host_next;
    } else {
        lineage->devices[gone->copy->host].queue = gone->host_next;
    }
}

void sim_pending_drop(sim_lineage *lineage, sim_copy *copy, sim_pending *gone)
{
    for (sim_pending **at = &copy->first; *at != NULL; at = &(*at)->next) {
        if (*at == gone) {
            *at = gone->next;
            leave_queue(lineage, gone);
            gone->next = lineage->spare;
            lineage->spare = gone;
            return;
        }
    }
}

/* -- requests -- */

sim_sending *sim_sending_get(sim_lineage *lineage, uint32_t host, uint64_t send)
{
    sim_device_line *device = device_get(lineage, host);
    if (device == NULL) {
        return NULL;
    }
    if (device->sendings == NULL) {
        device->sendings = keep(
            lineage, sy_arena_push(&lineage->arena, SIM_SENDING_COUNT * sizeof *device->sendings));
        if (device->sendings == NULL) {
            return NULL;
        }
        memset(device->sendings, 0, SIM_SENDING_COUNT * sizeof *device->sendings);
    }
    return &device->sendings[send % SIM_SENDING_COUNT];
}

const sim_sending *sim_sending_find(const sim_lineage *lineage, uint32_t host, uint64_t send)
{
    if (host >= lineage->device_count || lineage->devices[host].sendings == NULL || send == 0) {
        return NULL;
    }
    const sim_sending *found = &lineage->devices[host].sendings[send % SIM_SENDING_COUNT];
    return found->send == send ? found : NULL;
}

/* -- versions -- */

uint64_t sim_version_hash(sy_str version)
{
    return version.size == 0 ? 0 : sy_hash(version.data, version.size, 1) | 1;
}

const sim_commit *sim_line_version(const sim_line *line, uint64_t version)
{
    for (const sim_commit *at = line->newest; at != NULL; at = at->older) {
        if (at->version == version) {
            return at;
        }
    }
    return NULL;
}

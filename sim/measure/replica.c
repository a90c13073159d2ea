/* What replicas show, cell by cell: the server's row, and every copy that a device holds. While
 * replicas that are online show different values of a cell, it diverges. A replica that has never
 * held the row shows nothing; of a deleted row only the cell that says so counts. */
#include "sim/check/fields.h"
#include "sim/measure/measure_internal.h"

#include <string.h>

/* -- variants of a cell -- */

static sim_gauged_line *line_of(sim_measure *measure, uint32_t number, uint32_t columns)
{
    sim_gauged_line *line = sim_numbered_at(&measure->lines, number);
    if (line != NULL && line->count < columns) {
        sim_gauged_cell *cells = sy_arena_push_zeroed(&measure->arena, columns * sizeof *cells);
        if (cells == NULL) {
            measure->failed = true;
            return NULL;
        }
        if (line->count > 0) {
            memcpy(cells, line->cells, line->count * sizeof *cells);
        }
        line->cells = cells;
        line->count = columns;
    }
    return line;
}

static sim_variant *variant_new(sim_measure *measure)
{
    sim_variant *made = measure->spare;
    if (made != NULL) {
        measure->spare = made->next;
        return made;
    }
    made = sy_arena_push(&measure->arena, sizeof *made);
    measure->failed = measure->failed || made == NULL;
    return made;
}

static void variant_add(sim_measure *measure, sim_gauged_cell *cell, uint64_t hash, sy_time time)
{
    for (sim_variant *at = cell->first; at != NULL; at = at->next) {
        if (at->hash == hash) {
            at->count++;
            return;
        }
    }
    sim_variant *made = variant_new(measure);
    if (made != NULL) {
        *made = (sim_variant){.next = cell->first, .hash = hash, .count = 1};
        cell->first = made;
        if (++cell->distinct == 2) {
            cell->since = sim_measure_clock(measure, time);
        }
    }
}

static void close_window(sim_measure *measure, const sim_gauged_cell *cell, sy_time time)
{
    const sy_time length = sim_measure_clock(measure, time) - cell->since;
    if (length > 0) {
        sim_samples_add(&measure->windows, length);
    }
}

static void variant_remove(sim_measure *measure, sim_gauged_cell *cell, uint64_t hash, sy_time time)
{
    for (sim_variant **at = &cell->first; *at != NULL; at = &(*at)->next) {
        sim_variant *found = *at;
        if (found->hash == hash && --found->count == 0) {
            *at = found->next;
            found->next = measure->spare;
            measure->spare = found;
            if (--cell->distinct == 1) {
                close_window(measure, cell, time);
            }
            return;
        }
        if (found->hash == hash) {
            return;
        }
    }
}

/* -- shadows -- */

static bool counts(const sim_measure *measure, const sim_shadow *shadow)
{
    return shadow->present &&
           (shadow->host == SIM_HOST_WORLD ||
            sim_gauged_device_online(&sim_gauged_devices(measure)[shadow->host]));
}

static bool shows(const sim_shadow *shadow, uint32_t column)
{
    return column == SIM_ALIVE || shadow->cells[SIM_ALIVE].shown != 0;
}

static void contribute(sim_measure *measure, sim_shadow *shadow, bool adds, sy_time time)
{
    sim_gauged_line *line = line_of(measure, shadow->line, shadow->count);
    for (uint32_t i = 0; line != NULL && i < shadow->count; i++) {
        if (!shows(shadow, i)) {
            continue;
        }
        if (adds) {
            variant_add(measure, &line->cells[i], shadow->cells[i].shown, time);
        } else {
            variant_remove(measure, &line->cells[i], shadow->cells[i].shown, time);
        }
    }
}

static bool shadow_reach(sim_measure *measure, sim_shadow *shadow, uint32_t count)
{
    if (shadow->count >= count) {
        return true;
    }
    sim_shadow_cell *cells = sy_arena_push_zeroed(&measure->arena, count * sizeof *cells);
    if (cells == NULL) {
        measure->failed = true;
        return false;
    }
    if (shadow->count > 0) {
        memcpy(cells, shadow->cells, shadow->count * sizeof *cells);
    }
    shadow->cells = cells;
    shadow->count = count;
    return true;
}

/* A cell shows another value: the new one is there before the old one goes, so that no window is
 * cut in two. */
static void change_cell(sim_measure *measure, const sim_shadow *shadow, uint32_t column,
                        uint64_t hash, sy_time time)
{
    sim_gauged_line *line = line_of(measure, shadow->line, shadow->count);
    if (line != NULL) {
        variant_add(measure, &line->cells[column], hash, time);
        variant_remove(measure, &line->cells[column], shadow->cells[column].shown, time);
    }
}

static bool same_life(const sim_shadow *shadow, const sim_cells *cells)
{
    return shadow->present && shadow->count >= cells->count && shadow->count > 0 &&
           shadow->cells[SIM_ALIVE].shown == sim_cell_at(cells, SIM_ALIVE).hash;
}

/* The shadow shows these cells from now on. */
static void show(sim_measure *measure, sim_shadow *shadow, const sim_cells *cells, sy_time time)
{
    const bool whole = !same_life(shadow, cells);
    const bool counted = counts(measure, shadow);
    if (whole && counted) {
        contribute(measure, shadow, false, time);
    }
    if (!shadow_reach(measure, shadow, cells->count)) {
        return;
    }
    for (uint32_t i = 0; i < cells->count; i++) {
        const uint64_t hash = cells->items[i].hash;
        if (!whole && counted && hash != shadow->cells[i].shown && shows(shadow, i)) {
            change_cell(measure, shadow, i, hash, time);
        }
        shadow->cells[i].shown = hash;
    }
    shadow->present = true;
    if (whole && counts(measure, shadow)) {
        contribute(measure, shadow, true, time);
    }
}

static sim_shadow *shadow_new(sim_measure *measure, uint32_t host, const sim_line *line)
{
    sim_shadow *made = sy_arena_push_zeroed(&measure->arena, sizeof *made);
    measure->failed = measure->failed || made == NULL;
    if (made != NULL) {
        made->host = host;
        made->line = line->number;
    }
    return made;
}

sim_shadow *sim_shadow_of(sim_measure *measure, const sim_copy *copy, sy_time time)
{
    sim_gauged_device *device = sim_gauged_device_of(measure, copy->host, time);
    sim_shadow **at = sim_numbered_at(&measure->shadows, copy->number);
    if (device == NULL || at == NULL) {
        return NULL;
    }
    if (*at == NULL) {
        *at = shadow_new(measure, copy->host, copy->line);
        if (*at == NULL) {
            return NULL;
        }
        (*at)->copy = copy;
        (*at)->next = device->shadows;
        device->shadows = *at;
    }
    return *at;
}

/* -- events -- */

void sim_replica_wrote(sim_measure *measure, const sim_event *event)
{
    const sim_moment *now = &measure->lineage->now;
    sim_shadow *shadow = now->copy != NULL ? sim_shadow_of(measure, now->copy, event->time) : NULL;
    if (shadow == NULL) {
        return;
    }
    show(measure, shadow, &now->copy->cells, event->time);
    for (uint32_t tag = now->edit_first; tag < now->edit_end; tag++) {
        const sim_edit *edit = sim_edit_of(measure->lineage, tag);
        if (tag != 0 && edit->column < shadow->count) {
            sim_shadow_cell *cell = &shadow->cells[edit->column];
            cell->own = edit->hash;
            cell->has_own = true;
            cell->replaced = false;
        }
    }
}

/* What the user wrote goes, and comes back. */
static void note_flaps(sim_measure *measure, sim_shadow *shadow)
{
    for (uint32_t i = 0; i < shadow->count; i++) {
        sim_shadow_cell *cell = &shadow->cells[i];
        if (!cell->has_own || !shows(shadow, i)) {
            continue;
        }
        if (cell->shown != cell->own) {
            cell->replaced = true;
        } else if (cell->replaced) {
            cell->replaced = false;
            measure->flaps++;
        }
    }
}

void sim_replica_applied(sim_measure *measure, const sim_event *event)
{
    const sim_moment *now = &measure->lineage->now;
    sim_shadow *shadow = now->copy != NULL ? sim_shadow_of(measure, now->copy, event->time) : NULL;
    if (shadow == NULL) {
        return;
    }
    show(measure, shadow, &now->copy->cells, event->time);
    note_flaps(measure, shadow);
    sim_spread_reach(measure, shadow, event->time);
    measure->wasted += now->commit != NULL && now->base_before == now->commit->ordinal;
}

/* A row that was deleted is there again, by a write whose author did not know that. */
static bool is_zombie(const sim_lineage *lineage, const sim_commit *commit)
{
    const sim_commit *older = commit->older;
    return commit->alive && older != NULL && !older->alive &&
           !sim_edit_saw(lineage, sim_cell_at(&commit->cells, SIM_ALIVE).tag,
                         sim_cell_at(&older->cells, SIM_ALIVE).tag);
}

void sim_replica_committed(sim_measure *measure, const sim_event *event)
{
    const sim_commit *commit = measure->lineage->now.commit;
    sim_gauged_line *line =
        commit != NULL ? line_of(measure, commit->line->number, commit->cells.count) : NULL;
    if (line == NULL) {
        return;
    }
    if (line->server == NULL) {
        line->server = shadow_new(measure, SIM_HOST_WORLD, commit->line);
    }
    if (line->server != NULL) {
        show(measure, line->server, &commit->cells, event->time);
    }
    measure->zombies += is_zombie(measure->lineage, commit);
}

void sim_replica_read(sim_measure *measure, const sim_event *event)
{
    const sim_copy *copy = measure->lineage->now.copy;
    if (copy == NULL || copy->base == 0 || copy->unknown || copy->line->untracked ||
        measure->lineage->settling) {
        return;
    }
    const uint64_t behind = copy->line->newest->ordinal - copy->base;
    sy_time age = 0;
    const sim_spread_line *spread =
        behind > 0 ? sim_numbered_at(&measure->spreads, copy->line->number) : NULL;
    if (spread != NULL && copy->base < spread->count) {
        age = event->time - spread->items[copy->base].time;
    }
    measure->reads++;
    measure->stale += behind > 0;
    measure->behind += behind;
    measure->behind_max = behind > measure->behind_max ? behind : measure->behind_max;
    sim_samples_add(&measure->aoi, age);
}

static void withdraw(sim_measure *measure, sim_shadow *shadow, sy_time time)
{
    if (counts(measure, shadow)) {
        contribute(measure, shadow, false, time);
    }
    shadow->present = false;
}

/* No event tells which rows went: all of the table do, until they are seen again. */
void sim_replica_purged(sim_measure *measure, const sim_event *event)
{
    const sim_gauged_device *device = sim_gauged_device_of(measure, event->host, event->time);
    for (sim_shadow *at = device != NULL ? device->shadows : NULL; at != NULL; at = at->next) {
        if (sy_str_equal(sim_line_table(at->copy->line), sim_field_text(event, PURGE_TABLE))) {
            withdraw(measure, at, event->time);
        }
    }
}

void sim_replica_scene(sim_measure *measure, uint32_t host, sy_time time)
{
    for (sim_shadow *at = sim_gauged_devices(measure)[host].shadows; at != NULL; at = at->next) {
        if (at->present || sim_cell_at(&at->copy->cells, SIM_ALIVE).hash != 0) {
            show(measure, at, &at->copy->cells, time);
        }
    }
}

void sim_replicas_of(sim_measure *measure, uint32_t host, bool online, sy_time time)
{
    for (sim_shadow *at = sim_gauged_devices(measure)[host].shadows; at != NULL; at = at->next) {
        if (at->present) {
            contribute(measure, at, online, time);
        }
    }
}

void sim_replicas_end(sim_measure *measure, sy_time now)
{
    for (size_t i = 0; i < measure->lines.count; i++) {
        const sim_gauged_line *line = sim_numbered_at(&measure->lines, i);
        for (uint32_t k = 0; k < line->count; k++) {
            if (line->cells[k].distinct > 1) {
                close_window(measure, &line->cells[k], now);
            }
        }
    }
}

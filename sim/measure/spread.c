/* How long a commit takes to its last device: every device that pulls its table, and, where it
 * pulls a part of it, has the row; the one that sent it apart. A device has a commit when its copy
 * stands on it or on a later one of the row. */
#include "sim/check/fields.h"
#include "sim/measure/measure_internal.h"

static sim_spread_line *line_of(sim_measure *measure, const sim_line *line)
{
    sim_spread_line *of = sim_numbered_at(&measure->spreads, line->number);
    if (of != NULL) {
        of->of = line;
    }
    return of;
}

void sim_gauge_pull_begin(sim_measure *measure, const sim_event *event)
{
    sim_puller *puller = sim_index_get(&measure->pullers, event->host,
                                       sim_field_text(event, PULL_BEGIN_TABLE), (sy_str){0}, 0);
    if (puller != NULL) {
        puller->pulls = true;
        puller->whole = puller->whole || sim_field_text(event, PULL_BEGIN_SCOPE).size == 0;
    }
}

/* The time of the oldest edit that the commit brought; -1: none of an app. */
static sy_time oldest_edit(const sim_lineage *lineage, const sim_commit *commit)
{
    sy_time oldest = -1;
    for (uint32_t i = 0; i < commit->cells.count; i++) {
        const uint32_t tag = commit->cells.items[i].tag;
        const sim_edit *edit = tag != 0 ? sim_edit_of(lineage, tag) : NULL;
        if (edit != NULL && edit->line == commit->line && edit->committed == commit->ordinal &&
            sim_ledger_counts(edit) && (oldest < 0 || edit->time < oldest)) {
            oldest = edit->time;
        }
    }
    return oldest;
}

void sim_spread_commit_made(sim_measure *measure, const sim_event *event)
{
    const sim_commit *commit = measure->lineage->now.commit;
    sim_spread_line *line = commit != NULL ? line_of(measure, commit->line) : NULL;
    if (line == NULL || commit->ordinal != line->count + 1) {
        return;
    }
    sim_spread_commit *items =
        sy_alloc_grow(measure->alloc, line->items, line->count, &line->capacity, sizeof *items);
    if (items == NULL) {
        measure->failed = true;
        return;
    }
    line->items = items;
    items[line->count++] = (sim_spread_commit){.time = event->time,
                                               .edited = oldest_edit(measure->lineage, commit),
                                               .last = event->time,
                                               .host = commit->host};
}

static bool pulls(sim_measure *measure, sim_shadow *shadow)
{
    if (shadow->puller == NULL) {
        shadow->puller = sim_index_find(&measure->pullers, shadow->host,
                                        sim_line_table(shadow->copy->line), (sy_str){0}, 0);
    }
    return shadow->puller != NULL && shadow->puller->pulls;
}

void sim_spread_reach(sim_measure *measure, sim_shadow *shadow, sy_time time)
{
    const uint32_t base = shadow->copy->base;
    sim_spread_line *line =
        base > shadow->high && pulls(measure, shadow) ? line_of(measure, shadow->copy->line) : NULL;
    if (line == NULL) {
        return;
    }
    for (uint32_t ordinal = shadow->high + 1; ordinal <= base && ordinal <= line->count;
         ordinal++) {
        sim_spread_commit *commit = &line->items[ordinal - 1];
        if (commit->host != shadow->host) {
            sim_gauged_device *device = &sim_gauged_devices(measure)[shadow->host];
            commit->reached++;
            commit->last = time;
            device->received++;
            device->received_ns += time - commit->time;
        }
    }
    shadow->high = base;
}

/* Is the device one of those that the row should get to? */
static bool in_scope(sim_measure *measure, uint32_t host, const sim_line *line)
{
    const sim_puller *puller =
        sim_index_find(&measure->pullers, host, sim_line_table(line), (sy_str){0}, 0);
    return puller != NULL && puller->pulls &&
           (puller->whole || sim_lineage_find(measure->lineage, host, sim_line_table(line),
                                              sim_line_id(line)) != NULL);
}

static void end_commit(sim_measure *measure, const sim_spread_commit *commit, uint32_t wanted)
{
    if (wanted == 0) {
        return;
    }
    measure->commits++;
    const bool everywhere = commit->reached >= wanted;
    measure->healed += !everywhere || commit->last > measure->settled_at;
    if (everywhere) {
        sim_samples_add(&measure->conv, commit->last - commit->time);
        if (commit->edited >= 0) {
            sim_samples_add(&measure->everywhere, commit->last - commit->edited);
        }
    }
}

static void end_line(sim_measure *measure, const sim_spread_line *line)
{
    uint32_t wanted = 0;
    for (uint32_t host = 0; host < measure->devices.count; host++) {
        wanted += in_scope(measure, host, line->of);
    }
    for (size_t i = 0; i < line->count; i++) {
        const sim_spread_commit *commit = &line->items[i];
        const bool own = commit->host != 0 && in_scope(measure, commit->host, line->of);
        end_commit(measure, commit, wanted - own);
    }
}

void sim_spread_end(sim_measure *measure)
{
    for (size_t i = 0; i < measure->spreads.count; i++) {
        const sim_spread_line *line = sim_numbered_at(&measure->spreads, i);
        if (line->of != NULL) {
            end_line(measure, line);
        }
    }
}

#include "sim/explore/tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void sim_tally_init(sim_tally *tally, sy_alloc alloc)
{
    *tally = (sim_tally){.runs = 0};
    sy_arena_init(&tally->arena, alloc);
    sy_map_init(&tally->groups, alloc);
    sy_map_init(&tally->shapes, alloc);
    sy_map_init(&tally->demands, alloc);
    sim_fault_table_init(&tally->faults, alloc);
}

void sim_tally_deinit(sim_tally *tally)
{
    sy_map_deinit(&tally->groups);
    sy_map_deinit(&tally->shapes);
    sy_map_deinit(&tally->demands);
    sim_fault_table_deinit(&tally->faults);
    sy_arena_deinit(&tally->arena);
}

/* Scenario, options and signature: what a group has in common. NULL: no memory. */
static sim_tally_group *group_of(sim_tally *tally, const sim_outcome_line *line,
                                 const sim_signature *signature)
{
    const sim_subject *subject = &line->subject;
    sy_str key = sy_arena_printf(&tally->arena, "%s\n%s\n%s\n%s\n%s\n%d\n%s", subject->scenario,
                                 signature->text, subject->dialect, subject->server,
                                 subject->policy, subject->calm ? 1 : 0, subject->build);
    if (key.data == NULL) {
        return NULL;
    }
    sim_tally_group *group = sy_map_find(&tally->groups, key);
    if (group == NULL) {
        group = sy_arena_push_zeroed(&tally->arena, sizeof *group);
        if (group == NULL || sy_map_set(&tally->groups, key, group) != SY_OK) {
            return NULL;
        }
        *group = (sim_tally_group){.key = key.data,
                                   .subject = *subject,
                                   .signature = *signature,
                                   .verdict = line->verdict,
                                   .seed_first = subject->seed,
                                   .seed_fewest = subject->seed,
                                   .events_fewest = line->events,
                                   .seed_soonest = subject->seed,
                                   .virtual_ns = line->virtual_ns};
    }
    return group;
}

/* Smaller counts more; of equals the lesser seed. */
static bool is_better(uint64_t value, uint64_t seed, uint64_t best, uint64_t best_seed)
{
    return value < best || (value == best && seed < best_seed);
}

static sy_rc add_to_group(sim_tally *tally, const sim_outcome_line *line,
                          const sim_signature *signature)
{
    sim_tally_group *group = group_of(tally, line, signature);
    if (group == NULL) {
        return SY_NOMEM;
    }
    uint64_t seed = line->subject.seed;
    group->runs++;
    group->verdict = sim_verdict_worse(group->verdict, line->verdict);
    group->seed_first = seed < group->seed_first ? seed : group->seed_first;
    if (is_better(line->events, seed, group->events_fewest, group->seed_fewest)) {
        group->events_fewest = line->events;
        group->seed_fewest = seed;
        group->subject = line->subject;
    }
    if (is_better((uint64_t)line->virtual_ns, seed, (uint64_t)group->virtual_ns,
                  group->seed_soonest)) {
        group->virtual_ns = line->virtual_ns;
        group->seed_soonest = seed;
    }
    return SY_OK;
}

static sy_rc add_shape(sim_tally *tally, const char *shape)
{
    if (sy_map_find(&tally->shapes, sy_str_of(shape)) != NULL) {
        return SY_OK;
    }
    sy_str copy = sy_arena_copy(&tally->arena, sy_str_of(shape));
    return copy.data == NULL ? SY_NOMEM : sy_map_set(&tally->shapes, copy, (void *)copy.data);
}

static sy_rc add_demands(sim_tally *tally, const sim_outcome_line *line)
{
    if (line->demands.count == 0) {
        return SY_OK;
    }
    const sy_str scenario = sy_str_of(line->subject.scenario);
    sim_tally_demands *of = sy_map_find(&tally->demands, scenario);
    if (of == NULL) {
        const sy_str copy = sy_arena_copy(&tally->arena, scenario);
        of = sy_arena_push_zeroed(&tally->arena, sizeof *of);
        if (of == NULL || copy.data == NULL || sy_map_set(&tally->demands, copy, of) != SY_OK) {
            return SY_NOMEM;
        }
        of->scenario = copy.data;
    }
    of->runs++;
    (void)sim_demands_unite(&of->demands, &line->demands, NULL); /* more than fit are as many runs
                                                                    that demand differently */
    return SY_OK;
}

static sy_rc add_faults(sim_tally *tally, const sim_outcome_line *line)
{
    sy_rc rc = SY_OK;
    if (line->subject.counted && tally->counted++ == 0) {
        rc = sim_fault_table_add_knobs(&tally->faults);
    }
    for (uint32_t i = 0; i < line->fault_count && rc == SY_OK; i++) {
        rc = sim_fault_table_add(&tally->faults, &line->faults[i]);
    }
    return rc;
}

sy_rc sim_tally_add(sim_tally *tally, const sim_outcome_line *line)
{
    if (line->shape[0] != '\0') {
        return add_shape(tally, line->shape);
    }
    const sim_counts *counts = &line->counts;
    tally->runs++;
    tally->failed += line->verdict != SIM_PASSED ? 1 : 0;
    tally->died += line->died ? 1 : 0;
    tally->counts.operations += counts->operations;
    tally->counts.pushes += counts->pushes;
    tally->counts.pulls += counts->pulls;
    tally->counts.conflicts += counts->conflicts;
    tally->counts.faults += counts->faults;
    tally->counts.messages += counts->messages;
    tally->counts.crashes += counts->crashes;
    sy_rc rc = add_faults(tally, line);
    rc = rc == SY_OK ? add_demands(tally, line) : rc;
    for (uint32_t i = 0; i < line->signature_count && rc == SY_OK; i++) {
        rc = add_to_group(tally, line, &line->signatures[i]);
    }
    return rc;
}

static int compare(const void *left, const void *right)
{
    const sim_tally_group *const *a = left;
    const sim_tally_group *const *b = right;
    return strcmp((*a)->key, (*b)->key);
}

void sim_tally_sorted(const sim_tally *tally, const sim_tally_group **out)
{
    size_t count = 0;
    size_t at = 0;
    const sy_map_entry *entry = NULL;
    while ((entry = sy_map_next(&tally->groups, &at)) != NULL) {
        out[count++] = entry->value;
    }
    if (count > 0) {
        qsort(out, count, sizeof(sim_tally_group *), compare); /* no two keys are equal */
    }
}

bool sim_tally_covers(const sim_tally *tally)
{
    size_t at = 0;
    const sy_map_entry *entry = NULL;
    bool covers = true;
    while ((entry = sy_map_next(&tally->demands, &at)) != NULL) {
        const sim_tally_demands *of = entry->value;
        covers = covers && sim_demands_unmet(&of->demands) == 0;
    }
    return covers;
}

/* By the name of the scenario, then as they were demanded. */
static void print_unmet(const sim_tally *tally, sy_buf *out)
{
    const char *last = "";
    for (const sim_tally_demands *next = NULL;; last = next->scenario) {
        next = NULL;
        size_t at = 0;
        const sy_map_entry *entry = NULL;
        while ((entry = sy_map_next(&tally->demands, &at)) != NULL) {
            const sim_tally_demands *of = entry->value;
            if (strcmp(of->scenario, last) > 0 &&
                (next == NULL || strcmp(of->scenario, next->scenario) < 0)) {
                next = of;
            }
        }
        if (next == NULL) {
            return;
        }
        for (uint32_t i = 0; i < next->demands.count; i++) {
            if (!next->demands.items[i].met) {
                sy_buf_printf(out, "%s: never in %" PRIu64 " runs: %s\n", next->scenario,
                              next->runs, next->demands.items[i].text);
            }
        }
    }
}

void sim_tally_print(const sim_tally *tally,
                     void (*again)(void *self, const sim_tally_group *group, sy_buf *out),
                     void *self, sy_buf *out)
{
    sy_alloc alloc = out->alloc;
    size_t size = (tally->groups.count + 1) * sizeof(sim_tally_group *);
    const sim_tally_group **groups = sy_alloc_zeroed(alloc, size);
    if (groups == NULL) {
        out->failed = true;
        return;
    }
    sim_tally_sorted(tally, groups);
    for (size_t i = 0; i < tally->groups.count; i++) {
        const sim_tally_group *group = groups[i];
        sy_buf_printf(out,
                      "%s: %s\n  %" PRIu64 " runs; seed %" PRIu64 " has the fewest events (%" PRIu64
                      "), seed %" PRIu64 " the least time, seed %" PRIu64 " comes first\n",
                      group->subject.scenario, group->signature.text, group->runs,
                      group->seed_fewest, group->events_fewest, group->seed_soonest,
                      group->seed_first);
        if (again != NULL) {
            sy_buf_add_str(out, SY_STR("  again:  "));
            again(self, group, out);
            sy_buf_add_char(out, '\n');
        }
    }
    print_unmet(tally, out);
    if (tally->counted > 0) {
        sim_fault_table_print(&tally->faults, out);
    }
    sy_buf_printf(out,
                  "%" PRIu64 " operations, %" PRIu64 " pushes, %" PRIu64 " pulls, %" PRIu64
                  " conflicts, %" PRIu64 " faults, %" PRIu64 " crashes, %zu shapes of behaviour\n",
                  tally->counts.operations, tally->counts.pushes, tally->counts.pulls,
                  tally->counts.conflicts, tally->counts.faults, tally->counts.crashes,
                  tally->shapes.count);
    sy_buf_printf(out, "%" PRIu64 " runs, %" PRIu64 " failed, %zu kinds of failure\n", tally->runs,
                  tally->failed, tally->groups.count);
    sy_alloc_free(alloc, groups, size);
}

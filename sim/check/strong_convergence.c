/* C2. Two devices that have received the same show the same.
 *
 * What a device has received of a table is the set of its rows with the commit that each stands on;
 * what it shows is the rows' content in the columns that the server has. Both are kept as sums of
 * hashes that an event changes in one step. They are compared when a pull of the whole table has
 * ended well on a device that has nothing of the table to send: equal sets, other contents is a
 * finding. Tables of which a purge or a resolution changed rows without a word are not judged. */
#include "core/base/hash.h"
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

typedef struct view {         /* by number of the replica */
    uint64_t received, shown; /* sums */
    uint32_t unknown;         /* copies whose content is unknown */
    bool filtered;            /* the pull that began last is of a part */
} view;

typedef struct state_seen { /* by (table, sum of what was received) */
    sim_record record;
    uint64_t shown;
    uint64_t sequence;
    uint32_t host;
} state_seen;

typedef struct share { /* by number of the copy: in its view's sums now */
    uint64_t received, shown;
    bool unknown;
} share;

typedef struct strong {
    sim_checking in;
    sim_index seen;
    sim_numbered views, shares;
} strong;

static void strong_open(void *self)
{
    strong *state = self;
    sim_index_init(&state->seen, state->in.alloc, sizeof(state_seen));
    sim_numbered_init(&state->views, state->in.alloc, sizeof(view));
    sim_numbered_init(&state->shares, state->in.alloc, sizeof(share));
}

static uint64_t content_of(const sim_copy *copy)
{
    uint64_t sum = 0;
    for (uint32_t i = 1; i < copy->cells.count; i++) {
        if (copy->cells.items[i].hash != 0 && (copy->line->columns->served >> i & 1) != 0) {
            sum += sy_hash_mix(i, copy->cells.items[i].hash);
        }
    }
    return sy_hash_mix(sy_hash_mix(1, copy->line->number), sum);
}

static void update(strong *state, const sim_copy *copy)
{
    share *of = sim_numbered_at(&state->shares, copy->number);
    view *whole = sim_numbered_at(&state->views, copy->replica->number);
    if (of == NULL || whole == NULL) {
        return;
    }
    const bool there = sim_cell_at(&copy->cells, SIM_ALIVE).hash != 0 && !copy->unknown;
    const uint64_t received =
        there ? sy_hash_mix(sy_hash_mix(2, copy->line->number), copy->base) : 0;
    const uint64_t shown = there ? content_of(copy) : 0;
    whole->received += received - of->received;
    whole->shown += shown - of->shown;
    whole->unknown += (copy->unknown ? 1u : 0u) - (of->unknown ? 1u : 0u);
    of->received = received;
    of->shown = shown;
    of->unknown = copy->unknown;
}

static void report(const strong *state, const sim_event *event, const state_seen *other)
{
    const sy_str host = sim_host_name(state->in.trace, event->host);
    const sy_str table = sim_field_text(event, PULL_END_TABLE);
    sim_finding finding =
        sim_finding_of(sim_checker_strong_convergence.name, event, host, table, (sy_str){0});
    sim_finding_witness(&finding, other->sequence);
    sim_finding_say(&finding, "%.*s: %.*s has received what %.*s had, and shows something else",
                    SY_FMT(table), SY_FMT(host),
                    SY_FMT(sim_host_name(state->in.trace, other->host)));
    (void)sim_findings_add(state->in.findings, &finding);
}

static bool has_pending(const strong *state, const sim_event *event)
{
    for (const sim_pending *at = sim_lineage_queue(state->in.lineage, event->host); at != NULL;
         at = at->host_next) {
        if (sy_str_equal(sim_line_table(at->copy->line), sim_field_text(event, PULL_END_TABLE))) {
            return true;
        }
    }
    return false;
}

/* Of the table that a pull begins or ends with; NULL: no memory. */
static view *view_of(strong *state)
{
    const sim_replica *replica = state->in.lineage->now.replica;
    return replica != NULL ? sim_numbered_at(&state->views, replica->number) : NULL;
}

static void read_end(strong *state, const sim_event *event)
{
    const sy_str table = sim_field_text(event, PULL_END_TABLE);
    const view *of = view_of(state);
    if (of == NULL || of->filtered || of->unknown > 0 || of->received == 0 ||
        !sim_field_is(event, PULL_END_RESULT, "ok") || has_pending(state, event)) {
        return;
    }
    state_seen *other = sim_index_get(&state->seen, 0, table, (sy_str){0}, (int64_t)of->received);
    if (other == NULL) {
        state->in.findings->failed = true;
    } else if (other->sequence == 0) {
        other->shown = of->shown;
        other->sequence = event->sequence;
        other->host = event->host;
    } else if (other->shown != of->shown && other->host != event->host) {
        report(state, event, other);
    }
}

static void update_all(strong *state, uint32_t host)
{
    const sim_lineage *lineage = state->in.lineage;
    for (uint32_t i = 0; i < lineage->copy_count; i++) {
        if (lineage->copies[i]->host == host) {
            update(state, lineage->copies[i]);
        }
    }
}

static void strong_read(void *self, const sim_event *event)
{
    strong *state = self;
    if (event->kind == &sy_event_pull_end) {
        read_end(state, event);
    } else if (event->kind == &sy_event_pull_begin) {
        view *of = view_of(state);
        if (of != NULL) {
            of->filtered = sim_field_text(event, PULL_BEGIN_SCOPE).size > 0;
        }
    } else if (event->kind == &sy_event_purge || event->kind == &sim_event_crash_scene) {
        update_all(state, event->kind == &sy_event_purge
                              ? event->host
                              : sim_event_device(state->in.trace, event));
    } else if (state->in.lineage->now.copy != NULL) {
        update(state, state->in.lineage->now.copy);
    }
}

static void strong_close(void *self)
{
    strong *state = self;
    sim_index_deinit(&state->seen, &state->in.findings->failed);
    sim_numbered_deinit(&state->views, &state->in.findings->failed);
    sim_numbered_deinit(&state->shares, &state->in.findings->failed);
}

static const sy_event_kind *const strong_kinds[] = {
    &sy_event_write,      &sy_event_apply,    &sy_event_resolve,      &sy_event_purge,
    &sy_event_pull_begin, &sy_event_pull_end, &sim_event_crash_scene, NULL};

const sim_checker sim_checker_strong_convergence = {
    .name = "strong_convergence",
    .claim = "two devices that have received the same show the same",
    .kinds = strong_kinds,
    .state_size = sizeof(strong),
    .open = strong_open,
    .read = strong_read,
    .close = strong_close,
};

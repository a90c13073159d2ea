/* C7. What an app reads does not go back in time.
 *
 * The copy that is read stands on a commit of its row; a later read of the same row in the same
 * session does not stand on an earlier one. A session ends with its process; a purge forgets. What
 * rows a query returns is not judged as a set. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

#include <string.h>

typedef struct last_read { /* by number of the copy */
    uint32_t base;         /* ordinal */
    uint64_t sequence;     /* of that read; older than the process: it does not count */
} last_read;

typedef struct monotonic {
    sim_checking in;
    last_read *reads;
    size_t count;
    uint64_t *started; /* by host: the event of its last start */
    size_t host_count;
} monotonic;

/* Room for `wanted` zeroed items. false: no memory. */
static bool reach(monotonic *state, void **items, size_t *count, size_t wanted, size_t size)
{
    if (*count >= wanted) {
        return true;
    }
    const size_t more = wanted + wanted / 2 + 16;
    char *grown = sy_alloc_resize(state->in.alloc, *items, *count * size, more * size);
    if (grown == NULL) {
        state->in.findings->failed = true;
        return false;
    }
    memset(grown + *count * size, 0, (more - *count) * size);
    *items = grown;
    *count = more;
    return true;
}

static void report(const monotonic *state, const sim_event *event, const sim_copy *copy,
                   const last_read *before)
{
    const sy_str table = sim_record_a(&copy->record);
    const sy_str id = sim_record_b(&copy->record);
    const sy_str host = sim_host_name(state->in.trace, copy->host);
    sim_finding finding = sim_finding_of(sim_checker_monotonic_reads.name, event, host, table, id);
    sim_finding_witness(&finding, before->sequence);
    sim_finding_witness(&finding, copy->sequence);
    sim_finding_say(&finding,
                    "%.*s/%.*s: the app of %.*s reads an older state of the row than it has read "
                    "before",
                    SY_FMT(table), SY_FMT(id), SY_FMT(host));
    (void)sim_findings_add(state->in.findings, &finding);
}

static void read_read(monotonic *state, const sim_event *event)
{
    const sim_copy *copy = state->in.lineage->now.copy;
    if (copy == NULL || copy->unknown || copy->base == 0 ||
        !reach(state, (void **)&state->reads, &state->count, copy->number + 1u,
               sizeof *state->reads)) {
        return;
    }
    last_read *before = &state->reads[copy->number];
    const uint64_t started = event->host < state->host_count ? state->started[event->host] : 0;
    if (before->sequence > started && copy->base < before->base) {
        report(state, event, copy, before);
        return;
    }
    *before = (last_read){copy->base, event->sequence};
}

static void monotonic_read(void *self, const sim_event *event)
{
    monotonic *state = self;
    if (event->kind == &sy_event_read) {
        read_read(state, event);
        return;
    }
    const uint32_t host =
        event->kind == &sim_event_host ? sim_event_device(state->in.trace, event) : event->host;
    if (reach(state, (void **)&state->started, &state->host_count, host + 1u,
              sizeof *state->started)) {
        state->started[host] = event->sequence;
    }
}

static void monotonic_close(void *self)
{
    monotonic *state = self;
    if (state->reads != NULL) {
        sy_alloc_free(state->in.alloc, state->reads, state->count * sizeof *state->reads);
    }
    if (state->started != NULL) {
        sy_alloc_free(state->in.alloc, state->started, state->host_count * sizeof *state->started);
    }
}

static const sy_event_kind *const monotonic_kinds[] = {&sy_event_read, &sy_event_purge,
                                                       &sim_event_host, NULL};

const sim_checker sim_checker_monotonic_reads = {
    .name = "monotonic_reads",
    .claim = "what an app reads of a row does not go back in time",
    .kinds = monotonic_kinds,
    .state_size = sizeof(monotonic),
    .read = monotonic_read,
    .close = monotonic_close,
};

/* C7. What an app reads does not go back in time.
 *
 * The copy that is read stands on a commit of its row; a later read of the same row in the same
 * session does not stand on an earlier one. A session ends with its process; a purge forgets. What
 * rows a query returns is not judged as a set. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

typedef struct last_read { /* by number of the copy */
    uint32_t base;         /* ordinal */
    uint64_t sequence;     /* of that read; older than the process: it does not count */
} last_read;

typedef struct monotonic {
    sim_checking in;
    sim_numbered reads;
    sim_numbered started; /* by host: the event of its last start, a uint64_t */
} monotonic;

static void monotonic_open(void *self)
{
    monotonic *state = self;
    sim_numbered_init(&state->reads, state->in.alloc, sizeof(last_read));
    sim_numbered_init(&state->started, state->in.alloc, sizeof(uint64_t));
}

static void report(const monotonic *state, const sim_event *event, const sim_copy *copy,
                   const last_read *before)
{
    const sy_str table = sim_line_table(copy->line);
    const sy_str id = sim_line_id(copy->line);
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
    if (copy == NULL || copy->unknown || copy->base == 0) {
        return;
    }
    last_read *before = sim_numbered_at(&state->reads, copy->number);
    const uint64_t *started = sim_numbered_at(&state->started, event->host);
    if (before == NULL || started == NULL) {
        return;
    }
    if (before->sequence > *started && copy->base < before->base) {
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
    uint64_t *started = sim_numbered_at(&state->started, host);
    if (started != NULL) {
        *started = event->sequence;
    }
}

static void monotonic_close(void *self)
{
    monotonic *state = self;
    sim_numbered_deinit(&state->reads, &state->in.findings->failed);
    sim_numbered_deinit(&state->started, &state->in.findings->failed);
}

static const sy_event_kind *const monotonic_kinds[] = {&sy_event_read, &sy_event_purge,
                                                       &sim_event_host, NULL};

const sim_checker sim_checker_monotonic_reads = {
    .name = "monotonic_reads",
    .claim = "what an app reads of a row does not go back in time",
    .kinds = monotonic_kinds,
    .state_size = sizeof(monotonic),
    .open = monotonic_open,
    .read = monotonic_read,
    .close = monotonic_close,
};

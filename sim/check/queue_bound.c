/* C19. A queue does not grow beyond what its rows need: at most OPERATION_COUNT_MAX operations of
 * one row wait at a time. Edits collapse onto the operation that waits; one more stands behind each
 * that is in flight. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"

#define OPERATION_COUNT_MAX 8u

typedef struct bound {
    sim_checking in;
} bound;

static void bound_read(void *self, const sim_event *event)
{
    const bound *state = self;
    const sim_copy *copy = state->in.lineage->now.copy;
    uint32_t count = 0;
    for (const sim_pending *at = copy != NULL ? copy->first : NULL; at != NULL; at = at->next) {
        count++;
    }
    if (count <= OPERATION_COUNT_MAX) {
        return;
    }
    const sy_str host = sim_host_name(state->in.trace, event->host);
    const sy_str table = sim_line_table(copy->line);
    const sy_str id = sim_line_id(copy->line);
    sim_finding finding = sim_finding_of(sim_checker_queue_bound.name, event, host, table, id);
    sim_finding_witness(&finding, copy->first->sequence);
    sim_finding_say(&finding, "%.*s/%.*s: %u operations of this row wait in the queue of %.*s",
                    SY_FMT(table), SY_FMT(id), count, SY_FMT(host));
    (void)sim_findings_add(state->in.findings, &finding);
}

static const sy_event_kind *const bound_kinds[] = {&sy_event_enqueue, NULL};

const sim_checker sim_checker_queue_bound = {
    .name = "queue_bound",
    .claim = "few operations of one row wait at a time",
    .kinds = bound_kinds,
    .state_size = sizeof(bound),
    .read = bound_read,
};

/* C23. A purge that was not forced takes nothing that is still to be sent.
 *
 * At a purge without force no operation of its table is discarded and none is left waiting in the
 * queue, whose row may be gone. A purge with force is the app's wish. Tombstones are kept for ever
 * by the servers that we have: the other half of the property, garbage collection before every
 * client's token has passed, cannot happen here. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"

typedef struct purge {
    sim_checking in;
} purge;

static void report(const purge *state, const sim_event *event, sy_str id, uint64_t witness,
                   const char *what)
{
    const sy_str host = sim_host_name(state->in.trace, event->host);
    const sy_str table = sim_field_text(event, PURGE_TABLE);
    sim_finding finding = sim_finding_of(sim_checker_purge_safety.name, event, host, table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s: a purge by %.*s that was not forced %s", SY_FMT(table),
                    SY_FMT(host), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void purge_read(void *self, const sim_event *event)
{
    const purge *state = self;
    if (sim_field_int(event, PURGE_FORCED) != 0) {
        return;
    }
    if (sim_field_int(event, PURGE_OPERATIONS) > 0) {
        report(state, event, (sy_str){0}, 0, "discarded operations");
        return;
    }
    for (const sim_pending *at = sim_lineage_queue(state->in.lineage, event->host); at != NULL;
         at = at->host_next) {
        if (sim_field_int(event, PURGE_ROWS) > 0 &&
            sy_str_equal(sim_line_table(at->copy->line), sim_field_text(event, PURGE_TABLE))) {
            report(state, event, sim_line_id(at->copy->line), at->sequence,
                   "took rows although operations of the table wait in the queue");
        }
    }
}

static const sy_event_kind *const purge_kinds[] = {&sy_event_purge, NULL};

const sim_checker sim_checker_purge_safety = {
    .name = "purge_safety",
    .claim = "a purge that was not forced takes nothing that is still to be sent",
    .kinds = purge_kinds,
    .state_size = sizeof(purge),
    .read = purge_read,
};

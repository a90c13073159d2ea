/* C26. A hybrid clock stamps an edit later than every edit that its author had seen.
 *
 * Judged at commits of devices that stamp by a hybrid logical clock: when the edit was made on a
 * copy that stood on the row's commit before, its stamp is the later one. Wall clocks promise
 * nothing of the kind; what that costs is counted by who loses. How far a hybrid clock may run
 * ahead of true time is not judged: the clock that is farthest ahead leads, as the dialect says. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

#define HOST_COUNT_MAX 64u

typedef struct stamped { /* by (table, id): the newest commit */
    sim_record record;
    sy_time at;
    uint64_t sequence; /* 0: none with a stamp */
} stamped;

typedef struct sanity {
    sim_checking in;
    sim_index rows;
    uint64_t hybrid; /* bit for each host */
} sanity;

static void sanity_open(void *self)
{
    sanity *state = self;
    sim_index_init(&state->rows, state->in.alloc, sizeof(stamped));
}

/* Was an edit of this commit made by somebody who had the commit before it? */
static bool had_seen(const sim_lineage *lineage, const sim_commit *commit)
{
    for (uint32_t i = 0; commit->older != NULL && i < commit->cells.count; i++) {
        const uint32_t tag = commit->cells.items[i].tag;
        const sim_edit *edit = tag != 0 ? sim_edit_of(lineage, tag) : NULL;
        if (edit != NULL && edit->committed == commit->ordinal && !edit->by_policy &&
            edit->host == commit->host && edit->seen >= commit->older->ordinal) {
            return true;
        }
    }
    return false;
}

static void report(const sanity *state, const sim_event *event, const sim_commit *commit,
                   uint64_t witness)
{
    const sim_line *line = commit->line;
    const sy_str host = sim_host_name(state->in.trace, commit->host);
    sim_finding finding = sim_finding_of(sim_checker_clock_sanity.name, event, host,
                                         sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding,
                    "%.*s/%.*s: the hybrid clock of %.*s stamped an edit earlier than the one that "
                    "its author had seen",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), SY_FMT(host));
    (void)sim_findings_add(state->in.findings, &finding);
}

static void read_commit(sanity *state, const sim_event *event)
{
    const sim_lineage *lineage = state->in.lineage;
    const sim_commit *commit = lineage->now.commit;
    const sy_row *row = sim_field_row(event, COMMIT_ROW);
    if (commit == NULL || row == NULL || sy_value_missing(&row->cells[SY_COLUMN_EDITED_AT])) {
        return;
    }
    stamped *last = sim_index_get(&state->rows, 0, sim_field_text(event, COMMIT_TABLE),
                                  sim_field_text(event, COMMIT_ID), 0);
    if (last == NULL) {
        state->in.findings->failed = true;
        return;
    }
    const sy_time at = row->cells[SY_COLUMN_EDITED_AT].as.integer;
    const bool hybrid = commit->host < HOST_COUNT_MAX && (state->hybrid >> commit->host & 1) != 0;
    if (hybrid && last->sequence != 0 && commit->op != 0 && at <= last->at &&
        !commit->line->untracked && had_seen(lineage, commit)) {
        report(state, event, commit, last->sequence);
    }
    last->at = at;
    last->sequence = event->sequence;
}

static void sanity_read(void *self, const sim_event *event)
{
    sanity *state = self;
    if (event->kind == &sy_event_commit) {
        read_commit(state, event);
        return;
    }
    const uint32_t host = sim_event_device(state->in.trace, event);
    if (host < HOST_COUNT_MAX && sim_field_is(event, IDENTITY_STAMP, "hlc")) {
        state->hybrid |= UINT64_C(1) << host;
    }
}

static void sanity_close(void *self)
{
    sanity *state = self;
    sim_index_deinit(&state->rows, &state->in.findings->failed);
}

static const sy_event_kind *const sanity_kinds[] = {&sy_event_commit, &sim_event_identity, NULL};

const sim_checker sim_checker_clock_sanity = {
    .name = "clock_sanity",
    .claim = "a hybrid clock stamps an edit later than every edit that its author had seen",
    .kinds = sanity_kinds,
    .state_size = sizeof(sanity),
    .open = sanity_open,
    .read = sanity_read,
    .close = sanity_close,
};

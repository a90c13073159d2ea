/* C16. Each commit of a row gives it a version that it never had, starts from the version that the
 * row had, and, when its request was conditional, had the version that the request asked for. A row
 * without versions is not judged. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/history.h"
#include "sim/check/lineage.h"

typedef struct row { /* by (table, id) */
    sim_record record;
    uint64_t version;  /* hash of the last committed; 0: none */
    uint64_t sequence; /* of that commit */
    bool known;
} row;

typedef struct seen { /* by (table + id, version) */
    sim_record record;
    uint64_t sequence;
} seen;

typedef struct monotone {
    sim_checking in;
    sim_index rows;
    sim_index versions;
    sy_buf name;
} monotone;

static void monotone_open(void *self)
{
    monotone *state = self;
    sim_index_init(&state->rows, state->in.alloc, sizeof(row));
    sim_index_init(&state->versions, state->in.alloc, sizeof(seen));
    sy_buf_init(&state->name, state->in.alloc);
}

static void report(monotone *state, const sim_event *event, uint64_t witness, const char *what)
{
    sy_str table = sim_field_text(event, COMMIT_TABLE);
    sy_str id = sim_field_text(event, COMMIT_ID);
    sim_finding finding =
        sim_finding_of(sim_checker_version_monotone.name, event, SY_STR(""), table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s/%.*s: the server committed version '%.*s' over '%.*s', %s",
                    SY_FMT(table), SY_FMT(id), SY_FMT(sim_field_text(event, COMMIT_AFTER)),
                    SY_FMT(sim_field_text(event, COMMIT_BEFORE)), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void judge_condition(monotone *state, const sim_event *event, sy_str before)
{
    const sim_sending *sending = state->in.lineage->now.sending;
    if (sending != NULL && sending->asked != 0 && sending->asked != sim_version_hash(before)) {
        report(state, event, sending->sequence, "although its request asked for another one");
    }
}

static void judge_fresh(monotone *state, const sim_event *event, sy_str after)
{
    sy_str table = sim_field_text(event, COMMIT_TABLE);
    sy_buf_clear(&state->name);
    sy_buf_add_str(&state->name, table);
    sy_buf_add_char(&state->name, '/');
    sy_buf_add_str(&state->name, sim_field_text(event, COMMIT_ID));
    seen *version =
        sim_index_get(&state->versions, (uint32_t)table.size, sy_buf_str(&state->name), after, 0);
    if (version == NULL || state->name.failed) {
        state->in.findings->failed = true;
        return;
    }
    if (version->sequence != 0) {
        report(state, event, version->sequence, "a version that this row had before");
    }
    version->sequence = event->sequence;
}

static void read_commit(monotone *state, const sim_event *event)
{
    sy_str before = sim_field_text(event, COMMIT_BEFORE);
    sy_str after = sim_field_text(event, COMMIT_AFTER);
    row *item = sim_index_get(&state->rows, 0, sim_field_text(event, COMMIT_TABLE),
                              sim_field_text(event, COMMIT_ID), 0);
    if (item == NULL) {
        state->in.findings->failed = true;
        return;
    }
    if (item->known && item->version != sim_version_hash(before)) {
        report(state, event, item->sequence, "but the row had another version then");
    }
    judge_condition(state, event, before);
    if (after.size > 0) {
        judge_fresh(state, event, after);
    }
    item->known = true;
    item->version = sim_version_hash(after);
    item->sequence = event->sequence;
}

static void monotone_read(void *self, const sim_event *event)
{
    read_commit(self, event);
}

static void monotone_close(void *self)
{
    monotone *state = self;
    sim_index_deinit(&state->rows, &state->in.findings->failed);
    sim_index_deinit(&state->versions, &state->in.findings->failed);
    sy_buf_deinit(&state->name);
}

static const sy_event_kind *const monotone_kinds[] = {&sy_event_commit, NULL};

const sim_checker sim_checker_version_monotone = {
    .name = "version_monotone",
    .claim = "each commit gives its row a fresh version, starting from the one that the row had "
             "and that the request asked for",
    .kinds = monotone_kinds,
    .state_size = sizeof(monotone),
    .open = monotone_open,
    .read = monotone_read,
    .close = monotone_close,
};

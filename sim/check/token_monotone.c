/* C15. A delta token moves forward, never past what was received, and is durable only with its
 * rows.
 *
 *   1. a token does not move back, and is not read back lower than it was written
 *   2. a token that is a time is not later than the newest stamp that its device has received of
 * the table
 *   3. after a crash, a row that the store lost although a pull had applied it is not behind the
 *      token with which the next pull goes on (hazard H9)
 *
 * A purge of the table sets tokens back, and so does a full resync, which a sequence shows by going
 * back; tokens that are sequences are judged by (3) alone. Queries with a filter are not judged by
 * (3): the row may have left their scope. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

typedef struct token { /* by (host, table, query id) */
    sim_record record;
    int64_t at;
    uint64_t sequence; /* of its event; 0: none since the last purge */
    bool by_sequence, boundary;
} token;

typedef struct received { /* by number of the replica */
    int64_t newest;
    uint32_t crashes; /* of the device when a pull of the table began last */
} received;

typedef struct tokens {
    sim_checking in;
    sim_index tokens;
    sim_numbered received;
    sim_numbered crashes; /* by host: how many; a uint32_t */
} tokens;

static void tokens_open(void *self)
{
    tokens *state = self;
    sim_index_init(&state->tokens, state->in.alloc, sizeof(token));
    sim_numbered_init(&state->received, state->in.alloc, sizeof(received));
    sim_numbered_init(&state->crashes, state->in.alloc, sizeof(uint32_t));
}

static received *received_get(tokens *state, uint32_t host, sy_str table)
{
    const sim_replica *replica = sim_lineage_replica(state->in.lineage, host, table);
    return replica != NULL ? sim_numbered_at(&state->received, replica->number) : NULL;
}

static token *token_get(tokens *state, const sim_event *event, uint32_t table, uint32_t query_id)
{
    token *found = sim_index_get(&state->tokens, event->host, sim_field_text(event, table),
                                 sim_field_text(event, query_id), 0);
    state->in.findings->failed = state->in.findings->failed || found == NULL;
    return found;
}

static void report(const tokens *state, const sim_event *event, sy_str row, uint64_t witness,
                   const char *what)
{
    const bool begins = event->kind == &sy_event_pull_begin;
    const sy_str host = sim_host_name(state->in.trace, event->host);
    const sy_str table = sim_field_text(event, begins ? PULL_BEGIN_TABLE : TOKEN_TABLE);
    const sy_str query = sim_field_text(event, begins ? PULL_BEGIN_QUERY_ID : TOKEN_QUERY_ID);
    sim_finding finding = sim_finding_of(sim_checker_token_monotone.name, event, host, table, row);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s: the token of %.*s for query '%.*s' %s", SY_FMT(table),
                    SY_FMT(host), SY_FMT(query), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void read_stamp(tokens *state, const sim_event *event, int64_t stamp)
{
    const sim_copy *copy = state->in.lineage->now.copy;
    received *of = copy != NULL ? sim_numbered_at(&state->received, copy->replica->number)
                                : received_get(state, event->host, sim_field_text(event, 0));
    if (of != NULL && stamp > of->newest) {
        of->newest = stamp;
    }
}

static void read_token(tokens *state, const sim_event *event)
{
    token *of = token_get(state, event, TOKEN_TABLE, TOKEN_QUERY_ID);
    const received *got = received_get(state, event->host, sim_field_text(event, TOKEN_TABLE));
    if (of == NULL || got == NULL) {
        return;
    }
    const int64_t to = sim_field_int(event, TOKEN_TO);
    of->by_sequence = sim_field_is(event, TOKEN_COMPARISON, "sequence");
    of->boundary = sim_field_is(event, TOKEN_COMPARISON, "ge");
    if (!of->by_sequence && to < sim_field_int(event, TOKEN_FROM)) {
        report(state, event, (sy_str){0}, of->sequence, "moved back");
    } else if (!of->by_sequence && to > got->newest && to > sim_field_int(event, TOKEN_FROM)) {
        report(state, event, (sy_str){0}, of->sequence,
               "is later than every row that was received");
    }
    of->at = to;
    of->sequence = event->sequence;
}

static bool passed(const token *of, int64_t at, const sim_commit *commit)
{
    const int64_t stamp = of->by_sequence ? commit->order : commit->stamp;
    return of->boundary ? stamp < at : stamp <= at;
}

/* Rows that the crash took and this pull does not ask for. */
static void judge_lost(tokens *state, const sim_event *event, const token *of)
{
    const sim_lineage *lineage = state->in.lineage;
    for (uint32_t i = 0; i < lineage->copy_count; i++) {
        const sim_copy *copy = lineage->copies[i];
        const sim_commit *newest = copy->line->newest;
        if (copy->host == event->host && copy->lost && newest != NULL && newest->alive &&
            copy->first == NULL &&
            sy_str_equal(sim_line_table(copy->line), sim_field_text(event, PULL_BEGIN_TABLE)) &&
            passed(of, sim_field_int(event, PULL_BEGIN_TOKEN), newest)) {
            report(state, event, sim_line_id(copy->line), copy->sequence,
                   "has passed a row that a crash took from the store: it had been saved before "
                   "its rows were");
        }
    }
}

static void read_begin(tokens *state, const sim_event *event)
{
    token *of = token_get(state, event, PULL_BEGIN_TABLE, PULL_BEGIN_QUERY_ID);
    received *got = received_get(state, event->host, sim_field_text(event, PULL_BEGIN_TABLE));
    const uint32_t *crashes = sim_numbered_at(&state->crashes, event->host);
    if (of == NULL || got == NULL || crashes == NULL || of->sequence == 0) {
        return;
    }
    const int64_t at = sim_field_int(event, PULL_BEGIN_TOKEN);
    if (got->crashes < *crashes && sim_field_text(event, PULL_BEGIN_SCOPE).size == 0) {
        judge_lost(state, event, of);
    }
    got->crashes = *crashes;
    if (!of->by_sequence && at > of->at) {
        report(state, event, (sy_str){0}, of->sequence, "is later than it was written");
    }
    of->at = at;
}

static void read_purge(tokens *state, const sim_event *event)
{
    token *of = NULL;
    for (size_t at = 0; (of = sim_index_next(&state->tokens, &at)) != NULL;) {
        if (sim_record_host(&of->record) == event->host &&
            sy_str_equal(sim_record_a(&of->record), sim_field_text(event, PURGE_TABLE))) {
            of->sequence = 0;
        }
    }
}

static void read_scene(tokens *state, const sim_event *event)
{
    uint32_t *crashes = sim_numbered_at(&state->crashes, sim_event_device(state->in.trace, event));
    if (crashes != NULL) {
        (*crashes)++;
    }
}

static void tokens_read(void *self, const sim_event *event)
{
    tokens *state = self;
    if (event->kind == &sy_event_apply) {
        read_stamp(state, event, sim_field_int(event, 4));
    } else if (event->kind == &sy_event_skip) {
        read_stamp(state, event, sim_field_int(event, 3));
    } else if (event->kind == &sy_event_token) {
        read_token(state, event);
    } else if (event->kind == &sy_event_pull_begin) {
        read_begin(state, event);
    } else if (event->kind == &sy_event_purge) {
        read_purge(state, event);
    } else {
        read_scene(state, event);
    }
}

static void tokens_close(void *self)
{
    tokens *state = self;
    sim_index_deinit(&state->tokens, &state->in.findings->failed);
    sim_numbered_deinit(&state->received, &state->in.findings->failed);
    sim_numbered_deinit(&state->crashes, &state->in.findings->failed);
}

static const sy_event_kind *const tokens_kinds[] = {&sy_event_apply,
                                                    &sy_event_skip,
                                                    &sy_event_token,
                                                    &sy_event_pull_begin,
                                                    &sy_event_purge,
                                                    &sim_event_crash_scene,
                                                    NULL};

const sim_checker sim_checker_token_monotone = {
    .name = "token_monotone",
    .claim = "a delta token moves forward, never past what was received, and is saved after its "
             "rows",
    .kinds = tokens_kinds,
    .state_size = sizeof(tokens),
    .open = tokens_open,
    .read = tokens_read,
    .close = tokens_close,
};

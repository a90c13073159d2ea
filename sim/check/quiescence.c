/* C20. Once users are done and everything was healed, the system comes to rest: no ping-pong.
 *
 * From the beginning of settle on, where an edit that waited in a queue until then is nobody's
 * unrest when it is committed for the first time (its user may have ticked a box to and fro):
 *
 *   1. a row is committed at most COMMITS_FOR_EACH times for each device, and a few more
 *   2. a row's content does not go a, b, a, b: two resolvers that undo each other
 *   3. an incremental pull does not fetch rows PULL_COUNT times in a row while nothing is committed
 *      (hazard H8a); pulls that ask for `ge` get the rows of the token's moment each time, and mean
 *      to; so do those of a table of which a policy holds a row for a person
 */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

#define COMMITS_FOR_EACH 3u
#define COMMITS_MORE     3u
#define PULL_COUNT       6u

typedef struct quiet_row { /* by (table, id): since settle */
    sim_record record;
    uint32_t commits; /* but for edits that waited */
    uint64_t first;   /* event of the first of all */
} quiet_row;

typedef struct quiet_query { /* by (host, table, query id) */
    sim_record record;
    bool boundary;    /* it asks for `ge` */
    uint32_t count;   /* pulls with rows since the last commit */
    uint64_t first;   /* event of the first of them */
    uint64_t commits; /* of the world, then */
} quiet_query;

typedef struct quiescence {
    sim_checking in;
    sim_index rows, queries;
    uint64_t commits;
} quiescence;

static void quiescence_open(void *self)
{
    quiescence *state = self;
    sim_index_init(&state->rows, state->in.alloc, sizeof(quiet_row));
    sim_index_init(&state->queries, state->in.alloc, sizeof(quiet_query));
}

static void report(const quiescence *state, const sim_event *event, sy_str host, sy_str table,
                   sy_str id, uint64_t witness, const char *what)
{
    sim_finding finding = sim_finding_of(sim_checker_quiescence.name, event, host, table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s%s%.*s, after users were done: %s", SY_FMT(table),
                    id.size > 0 ? "/" : "", SY_FMT(id), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

/* An operation that was queued before the row's `first` commit, and comes for the first time. */
static bool has_waited(const sim_commit *commit, uint64_t first)
{
    const sim_commit *at = commit->older;
    while (at != NULL && at->sequence >= first &&
           (at->host != commit->host || at->op != commit->op)) {
        at = at->older;
    }
    return commit->queued != 0 && commit->queued < first && (at == NULL || at->sequence < first);
}

/* The four newest contents are a, b, a, b, all of them made since `first`, and the last two not by
 * edits that waited. */
static bool alternates(const sim_commit *newest, uint64_t first)
{
    const sim_commit *b = newest->older;
    const sim_commit *c = b != NULL ? b->older : NULL;
    const sim_commit *d = c != NULL ? c->older : NULL;
    return d != NULL && d->sequence >= first && newest->content == c->content &&
           b->content == d->content && newest->content != b->content &&
           !has_waited(newest, first) && !has_waited(b, first);
}

static void read_commit(quiescence *state, const sim_event *event)
{
    const sim_commit *commit = state->in.lineage->now.commit;
    state->commits++;
    quiet_row *row = commit == NULL ? NULL
                                    : sim_index_get(&state->rows, 0, sim_line_table(commit->line),
                                                    sim_line_id(commit->line), 0);
    if (row == NULL) {
        state->in.findings->failed = true;
        return;
    }
    row->first = row->first == 0 ? event->sequence : row->first;
    row->commits += has_waited(commit, row->first) ? 0 : 1;
    const uint32_t devices = sim_trace_host_count(state->in.trace);
    const char *what = row->commits > COMMITS_FOR_EACH * devices + COMMITS_MORE
                           ? "it is committed again and again"
                       : alternates(commit, row->first) ? "its content goes back and forth"
                                                        : NULL;
    if (what != NULL) {
        report(state, event, (sy_str){0}, sim_line_table(commit->line), sim_line_id(commit->line),
               row->first, what);
    }
}

static quiet_query *query_get(quiescence *state, const sim_event *event, uint32_t table,
                              uint32_t query_id)
{
    quiet_query *found = sim_index_get(&state->queries, event->host, sim_field_text(event, table),
                                       sim_field_text(event, query_id), 0);
    state->in.findings->failed = state->in.findings->failed || found == NULL;
    return found;
}

static void read_token(quiescence *state, const sim_event *event)
{
    quiet_query *of = query_get(state, event, TOKEN_TABLE, TOKEN_QUERY_ID);
    if (of != NULL) {
        of->boundary = sim_field_is(event, TOKEN_COMPARISON, "ge");
    }
}

/* A row that a policy holds for a person keeps the token before it: it is fetched each time. */
static bool holds_row_of(const quiescence *state, uint32_t host, sy_str table)
{
    for (const sim_pending *at = sim_lineage_queue(state->in.lineage, host); at != NULL;
         at = at->host_next) {
        if (at->held && sy_str_equal(sim_line_table(at->copy->line), table)) {
            return true;
        }
    }
    return false;
}

static void read_pull(quiescence *state, const sim_event *event)
{
    quiet_query *of = sim_field_text(event, PULL_END_QUERY_ID).size > 0
                          ? query_get(state, event, PULL_END_TABLE, PULL_END_QUERY_ID)
                          : NULL;
    if (of == NULL || of->boundary) {
        return;
    }
    if (of->count == 0 || of->commits != state->commits) {
        of->count = 0;
        of->first = event->sequence;
        of->commits = state->commits;
    }
    of->count = sim_field_int(event, PULL_END_ROWS) > 0 ? of->count + 1 : 0;
    if (of->count == PULL_COUNT &&
        !holds_row_of(state, event->host, sim_field_text(event, PULL_END_TABLE))) {
        report(state, event, sim_host_name(state->in.trace, event->host),
               sim_field_text(event, PULL_END_TABLE), (sy_str){0}, of->first,
               "a device fetches the same rows again and again");
    }
}

static void quiescence_read(void *self, const sim_event *event)
{
    quiescence *state = self;
    if (event->kind == &sy_event_token) {
        read_token(state, event);
    } else if (!state->in.lineage->settling) {
        return;
    } else if (event->kind == &sy_event_commit) {
        read_commit(state, event);
    } else {
        read_pull(state, event);
    }
}

static void quiescence_close(void *self)
{
    quiescence *state = self;
    sim_index_deinit(&state->rows, &state->in.findings->failed);
    sim_index_deinit(&state->queries, &state->in.findings->failed);
}

static const sy_event_kind *const quiescence_kinds[] = {&sy_event_commit, &sy_event_token,
                                                        &sy_event_pull_end, NULL};

const sim_checker sim_checker_quiescence = {
    .name = "quiescence",
    .claim = "once users are done and everything was healed, the system comes to rest",
    .kinds = quiescence_kinds,
    .state_size = sizeof(quiescence),
    .open = quiescence_open,
    .read = quiescence_read,
    .close = quiescence_close,
};

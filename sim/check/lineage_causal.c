/* Who must have seen what: causality among the commits of one table.
 *
 * Each device counts, for each author, the newest of its commits that lie in the device's past: its
 * own, and those behind every version that it took (a vector of counts). A commit carries the
 * vector of its author at the time when the server took it. When a pull of the whole table has
 * ended well, every commit in the device's past must be there: the device stands on it or on a
 * later one of the row. What is not, is `missing`, with the commit that made it part of the past.
 * Where the server names a horizon up to which it sent everything, a row that has changed beyond
 * it is owed by a later pull: an answer to a push may show what no pull may tell of yet.
 *
 * Each commit is looked at once for each device: O(devices) an event. Beyond SIM_CAUSAL_HOST_MAX
 * hosts nothing is kept and nothing judged. */
#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/lineage_internal.h"
#include "sim/kernel/events.h"

#include <string.h>

typedef struct author_log { /* of a table: one author's commits, oldest first */
    const sim_commit **items;
    uint32_t count, capacity;
} author_log;

struct sim_causal_table {
    author_log logs[SIM_CAUSAL_HOST_MAX];
};

struct sim_session {                               /* of a replica */
    uint32_t known[SIM_CAUSAL_HOST_MAX];           /* in its past */
    uint32_t verified[SIM_CAUSAL_HOST_MAX];        /* looked at */
    const sim_commit *source[SIM_CAUSAL_HOST_MAX]; /* what brought known[i] */
    int64_t horizon;                               /* of the last page */
    bool bounded;                                  /* the server names one */
    bool filtered;                                 /* the pull that began last is of a part */
};

static bool is_on(const sim_lineage *lineage)
{
    return sim_trace_host_count(lineage->trace) <= SIM_CAUSAL_HOST_MAX;
}

/* NULL: no memory. */
static struct sim_session *session_get(sim_lineage *lineage, sim_replica *replica)
{
    if (replica != NULL && replica->session == NULL) {
        replica->session = sy_arena_push_zeroed(&lineage->arena, sizeof *replica->session);
    }
    lineage->failed = lineage->failed || replica == NULL || replica->session == NULL;
    return replica != NULL ? replica->session : NULL;
}

static bool log_add(sim_lineage *lineage, author_log *log, const sim_commit *commit)
{
    if (log->count == log->capacity) {
        const uint32_t capacity = log->capacity == 0 ? 8 : 2 * log->capacity;
        const sim_commit **items =
            sy_arena_push(&lineage->arena, capacity * sizeof(const sim_commit *));
        if (items == NULL) {
            lineage->failed = true;
            return false;
        }
        if (log->count > 0) {
            memcpy((void *)items, (const void *)log->items,
                   log->count * sizeof(const sim_commit *));
        }
        log->items = items;
        log->capacity = capacity;
    }
    log->items[log->count++] = commit;
    return true;
}

/* The table's logs, all empty when they are new. NULL: no memory. */
static struct sim_causal_table *logs_of(sim_lineage *lineage, sim_columns *columns)
{
    if (columns->causal == NULL) {
        columns->causal = sy_arena_push(&lineage->arena, sizeof *columns->causal);
        if (columns->causal == NULL) {
            lineage->failed = true;
            return NULL;
        }
        memset(columns->causal, 0, sizeof *columns->causal);
    }
    return columns->causal;
}

void sim_causal_commit(sim_lineage *lineage, sim_commit *commit)
{
    if (!is_on(lineage) || !commit->known) {
        return;
    }
    struct sim_session *session = session_get(
        lineage, sim_lineage_replica(lineage, commit->host, sim_line_table(commit->line)));
    struct sim_causal_table *of = logs_of(lineage, commit->line->columns);
    const uint32_t count = sim_trace_host_count(lineage->trace);
    uint32_t *past = sy_arena_push(&lineage->arena, count * sizeof *past);
    if (session == NULL || of == NULL || past == NULL ||
        !log_add(lineage, &of->logs[commit->host], commit)) {
        lineage->failed = true;
        return;
    }
    session->known[commit->host] = of->logs[commit->host].count;
    memcpy(past, session->known, count * sizeof *past);
    commit->past = past;
    commit->past_count = count;
}

void sim_causal_apply(sim_lineage *lineage, sim_replica *replica, const sim_commit *commit)
{
    if (!is_on(lineage) || commit->past == NULL) {
        return;
    }
    struct sim_session *session = session_get(lineage, replica);
    for (uint32_t i = 0; session != NULL && i < commit->past_count; i++) {
        if (commit->past[i] > session->known[i]) {
            session->known[i] = commit->past[i];
            session->source[i] = commit;
        }
    }
}

static bool is_there(const sim_lineage *lineage, uint32_t host, const sim_commit *commit)
{
    const sim_line *line = commit->line;
    const sim_copy *copy = sim_line_copy(lineage, line, host);
    if (line->untracked) {
        return true;
    }
    if (copy == NULL) {
        return line->newest == NULL || !line->newest->alive;
    }
    return copy->seen >= commit->ordinal || copy->first != NULL || copy->unknown || copy->lost ||
           (sim_cell_at(&copy->cells, SIM_ALIVE).hash == 0 && !commit->alive);
}

/* By what right the missing commit ought to be there. */
static sim_missing_kind kind_of(const sim_lineage *lineage, const sim_commit *missing,
                                const sim_commit *source)
{
    if (source->host == missing->host) {
        return SIM_MISSING_WRITE;
    }
    const sim_copy *read = sim_line_copy(lineage, missing->line, source->host);
    return read != NULL && read->seen >= missing->ordinal ? SIM_MISSING_READ : SIM_MISSING_CAUSE;
}

/* The server does not keep back what the row is by now. */
static bool is_owed(const struct sim_session *session, const sim_commit *commit)
{
    return !session->bounded || commit->line->newest->order <= session->horizon;
}

static void look_at(sim_lineage *lineage, const sim_replica *replica, const author_log *log,
                    uint32_t author)
{
    struct sim_session *session = replica->session;
    uint32_t i = session->verified[author];
    for (; i < session->known[author] && is_owed(session, log->items[i]); i++) {
        const sim_commit *commit = log->items[i];
        if (is_there(lineage, replica->host, commit) ||
            lineage->missing_count == SIM_MISSING_COUNT_MAX || session->source[author] == NULL) {
            continue;
        }
        lineage->missing[lineage->missing_count++] =
            (sim_missing){.kind = kind_of(lineage, commit, session->source[author]),
                          .commit = commit,
                          .source = session->source[author]};
    }
    session->verified[author] = i;
}

void sim_lineage_read_pull_begin(sim_lineage *lineage, const sim_event *event)
{
    lineage->now.replica =
        sim_lineage_replica(lineage, event->host, sim_field_text(event, PULL_BEGIN_TABLE));
    struct sim_session *session =
        is_on(lineage) ? session_get(lineage, lineage->now.replica) : NULL;
    if (session != NULL) {
        session->filtered = sim_field_text(event, PULL_BEGIN_SCOPE).size > 0;
        session->bounded = false;
    }
}

void sim_lineage_read_page(sim_lineage *lineage, const sim_event *event)
{
    struct sim_session *session =
        is_on(lineage)
            ? session_get(lineage, sim_lineage_replica(lineage, event->host,
                                                       sim_field_text(event, PAGE_TABLE)))
            : NULL;
    const int64_t horizon = sim_field_int(event, PAGE_HORIZON);
    if (session != NULL && horizon >= 0) { /* an answer about one row names none */
        session->horizon = horizon;
        session->bounded = true;
    }
}

void sim_lineage_read_pull_end(sim_lineage *lineage, const sim_event *event)
{
    sim_replica *replica =
        sim_lineage_replica(lineage, event->host, sim_field_text(event, PULL_END_TABLE));
    lineage->now.replica = replica;
    if (!is_on(lineage) || replica == NULL || replica->columns->causal == NULL ||
        !sim_field_is(event, PULL_END_RESULT, "ok")) {
        return;
    }
    const struct sim_session *session = session_get(lineage, replica);
    if (session == NULL || session->filtered) {
        return;
    }
    const uint32_t count = sim_trace_host_count(lineage->trace);
    for (uint32_t author = SIM_HOST_WORLD + 1; author < count;
         author++) { /* the office is nobody */
        if (author != event->host) {
            look_at(lineage, replica, &replica->columns->causal->logs[author], author);
        }
    }
}

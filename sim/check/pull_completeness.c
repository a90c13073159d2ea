/* C14. A delta token never passes a row that its client does not have: no later pull would ask for
 * it.
 *
 * Each commit has a stamp: the row's updatedAt, or its sequence where tokens are sequences. A token
 * at T has passed the stamps below T where pulls ask for `ge`, and those up to T where they ask for
 * `gt` or count commits. Two moments are judged:
 *
 *   the token has moved   every row whose newest commit lies in the part that was passed and which
 *                         the client holds in another version, or not at all, is lost. That is
 * looked at when the pull has ended, or, if it never did, when the next one begins: until then more
 * rows may come a commit is late      a commit whose stamp every client's token has passed already
 * is lost for that client
 *
 * A client has what it applied, what it left out for a pending operation of its own (the push will
 * meet it), what a conflict showed it, and what it committed itself. A tombstone is missed only by
 * who holds the row. Queries with a filter are not judged: what they leave out on purpose looks the
 * same in the trace.
 *
 * Commits are kept in a log for each table and sorted by the stamps that tokens ask for; a token
 * visits each commit once, and a late commit is looked for only below the highest token. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

#include <string.h>

enum { SKIP_TABLE, SKIP_ID, SKIP_VERSION, SKIP_UPDATED_AT };

typedef enum stamp_kind { BY_TIME, BY_SEQUENCE, STAMP_KIND_COUNT } stamp_kind;

typedef struct row { /* by number of the line: its newest commit */
    const sim_line *line;
    uint32_t author;  /* host of its installation; 0: none that is known */
    uint32_t ordinal; /* of that commit among the row's */
    uint64_t version; /* hash; 0: the table has no versions */
    int64_t stamp[STAMP_KIND_COUNT];
    uint64_t sequence;  /* of its event */
    bool deleted, gone; /* a tombstone; no row at all */
} row;

typedef struct entry {
    uint32_t line; /* number */
    uint32_t ordinal;
    int64_t stamp[STAMP_KIND_COUNT];
} entry;

typedef struct entries {
    entry *items;
    size_t count, capacity;
} entries;

struct token;

typedef struct table { /* by (table) */
    sim_record record;
    entries log;                       /* in order of commit */
    entries sorted[STAMP_KIND_COUNT];  /* by that stamp; as much of the log as was asked for */
    bool asked[STAMP_KIND_COUNT];      /* some token is of that kind; */
    int64_t highest[STAMP_KIND_COUNT]; /* the highest of them */
    struct token *tokens;
} table;

typedef struct token { /* by (host, table, query id) */
    sim_record record;
    struct token *next; /* of the table */
    bool listed;
    bool filtered;
    stamp_kind kind;
    bool boundary; /* rows at the token itself come again */
    int64_t at;
    uint64_t sequence; /* of the event that moved it */
    bool open;         /* its pull has begun and not ended */
    bool moved;        /* by its last pull, and what it passed was not looked at yet: */
    int64_t from;
    sim_event event; /* that moved it last; its fields are gone */
} token;

typedef struct known { /* by number of the copy: what a client has */
    uint64_t version;
    int64_t updated_at;
    bool deleted;
    bool known; /* somebody told it */
} known;

typedef struct installation { /* by installation id */
    sim_record record;
    uint32_t host;
} installation;

typedef struct completeness {
    sim_checking in;
    sim_index tables, tokens, installations;
    sim_numbered rows, knowledge;
} completeness;

static void completeness_open(void *self)
{
    completeness *state = self;
    sim_index_init(&state->tables, state->in.alloc, sizeof(table));
    sim_index_init(&state->tokens, state->in.alloc, sizeof(token));
    sim_index_init(&state->installations, state->in.alloc, sizeof(installation));
    sim_numbered_init(&state->rows, state->in.alloc, sizeof(row));
    sim_numbered_init(&state->knowledge, state->in.alloc, sizeof(known));
}

/* -- what a client has -- */

static void learn(completeness *state, const sim_copy *copy, const known *what)
{
    known *fact = copy != NULL ? sim_numbered_at(&state->knowledge, copy->number) : NULL;
    if (fact != NULL) {
        *fact = *what;
        fact->known = true;
    }
}

/* Whether a client lacks the newest commit of a row that concerns it. Without versions the stamps
 * are compared, as coarsely as a client sees them. */
static bool lacks(completeness *state, uint32_t host, const row *item)
{
    if (item->gone) {
        return false;
    }
    const sim_copy *copy = sim_line_copy(state->in.lineage, item->line, host);
    const known *fact = copy != NULL ? sim_numbered_at(&state->knowledge, copy->number) : NULL;
    if (fact == NULL || !fact->known) {
        return !item->deleted && item->author != host;
    }
    if (item->deleted && fact->deleted) {
        return false;
    }
    if (item->version != 0) {
        return fact->version != item->version;
    }
    return sy_time_truncate(fact->updated_at, SY_MS) !=
           sy_time_truncate(item->stamp[BY_TIME], SY_MS);
}

/* -- commits by their stamps -- */

static bool entries_insert(completeness *state, entries *list, size_t at, const entry *what)
{
    if (list->count == list->capacity) {
        entry *items = sy_alloc_grow(state->in.alloc, list->items, list->count, &list->capacity,
                                     sizeof *items);
        if (items == NULL) {
            state->in.findings->failed = true;
            return false;
        }
        list->items = items;
    }
    memmove(&list->items[at + 1], &list->items[at], (list->count - at) * sizeof *list->items);
    list->items[at] = *what;
    list->count++;
    return true;
}

/* Stamps nearly always arrive in order, so the place is looked for from the end. */
static void catch_up(completeness *state, table *of, stamp_kind kind)
{
    entries *sorted = &of->sorted[kind];
    while (sorted->count < of->log.count) {
        const entry *next = &of->log.items[sorted->count];
        size_t at = sorted->count;
        while (at > 0 && sorted->items[at - 1].stamp[kind] > next->stamp[kind]) {
            at--;
        }
        if (!entries_insert(state, sorted, at, next)) {
            return;
        }
    }
}

static size_t first_from(const entries *sorted, stamp_kind kind, int64_t stamp)
{
    size_t low = 0;
    size_t high = sorted->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted->items[middle].stamp[kind] < stamp) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* -- findings -- */

static void report(completeness *state, const sim_event *event, const token *passed,
                   const row *item, bool late)
{
    uint32_t host = sim_record_host(&passed->record);
    sy_str name = sim_line_table(item->line);
    sy_str id = sim_line_id(item->line);
    sim_finding finding = sim_finding_of(sim_checker_pull_completeness.name, event,
                                         sim_host_name(state->in.trace, host), name, id);
    sim_finding_witness(&finding, late ? passed->sequence : item->sequence);
    const char *what = item->deleted ? "deletion" : "change";
    if (late) {
        sim_finding_say(&finding,
                        "%.*s/%.*s: this %s was committed behind the token that %s has for "
                        "query '%.*s': no later pull asks for it",
                        SY_FMT(name), SY_FMT(id), what, finding.host,
                        SY_FMT(sim_record_b(&passed->record)));
    } else {
        sim_finding_say(&finding,
                        "%.*s/%.*s: the token of %s for query '%.*s' passed a %s that it never "
                        "received: no later pull asks for it",
                        SY_FMT(name), SY_FMT(id), finding.host,
                        SY_FMT(sim_record_b(&passed->record)), what);
    }
    (void)sim_findings_add(state->in.findings, &finding);
}

/* -- events -- */

static table *table_get(completeness *state, sy_str name)
{
    table *found = sim_index_get(&state->tables, 0, name, SY_STR(""), 0);
    state->in.findings->failed = state->in.findings->failed || found == NULL;
    return found;
}

static token *token_get(completeness *state, uint32_t host, sy_str name, sy_str query_id)
{
    table *of = table_get(state, name);
    token *found = sim_index_get(&state->tokens, host, name, query_id, 0);
    if (of == NULL || found == NULL) {
        state->in.findings->failed = true;
        return NULL;
    }
    if (!found->listed) {
        found->listed = true;
        found->next = of->tokens;
        of->tokens = found;
    }
    return found;
}

static bool has_passed(const token *at, int64_t stamp)
{
    return at->sequence != 0 && !at->filtered && (at->boundary ? stamp < at->at : stamp <= at->at);
}

static void judge_late(completeness *state, const sim_event *event, const table *of,
                       const row *item)
{
    bool late = false;
    for (stamp_kind kind = BY_TIME; kind < STAMP_KIND_COUNT; kind++) {
        late = late || (of->asked[kind] && item->stamp[kind] <= of->highest[kind]);
    }
    if (!late) {
        return;
    }
    for (const token *at = of->tokens; at != NULL; at = at->next) {
        if (has_passed(at, item->stamp[at->kind]) &&
            lacks(state, sim_record_host(&at->record), item)) {
            report(state, event, at, item, true);
        }
    }
}

static void read_commit(completeness *state, const sim_event *event)
{
    const sim_line *line = state->in.lineage->now.line;
    table *of = table_get(state, sim_field_text(event, COMMIT_TABLE));
    row *item = line != NULL ? sim_numbered_at(&state->rows, line->number) : NULL;
    if (of == NULL || item == NULL) {
        return;
    }
    const sy_row *stored = sim_field_row(event, COMMIT_ROW);
    bool deletes = sim_field_is(event, COMMIT_METHOD, "delete");
    item->line = line;
    item->ordinal++;
    item->version = sim_version_hash(sim_field_text(event, COMMIT_AFTER));
    item->stamp[BY_TIME] = sim_field_int(event, COMMIT_UPDATED_AT);
    item->stamp[BY_SEQUENCE] = sim_field_int(event, COMMIT_SEQUENCE);
    item->sequence = event->sequence;
    item->gone = deletes && stored == NULL;
    item->deleted = stored != NULL && sy_row_deleted(stored);
    entry made = {.line = line->number, .ordinal = item->ordinal};
    memcpy(made.stamp, item->stamp, sizeof made.stamp);
    (void)entries_insert(state, &of->log, of->log.count, &made);
    const installation *author = sim_index_find(
        &state->installations, 0, sim_field_text(event, COMMIT_INSTALLATION), SY_STR(""), 0);
    item->author = author != NULL ? author->host : 0;
    if (author != NULL) {
        known own = {.version = item->version,
                     .updated_at = item->stamp[BY_TIME],
                     .deleted = item->deleted || item->gone};
        learn(state, sim_line_copy(state->in.lineage, line, author->host), &own);
    }
    judge_late(state, event, of, item);
}

/* What the token passed since it was looked at last. */
static void judge_passed(completeness *state, token *moved)
{
    table *of = table_get(state, sim_record_a(&moved->record));
    if (of == NULL || !moved->moved) {
        return;
    }
    moved->moved = false;
    catch_up(state, of, moved->kind);
    const entries *sorted = &of->sorted[moved->kind];
    size_t end = sorted->count;
    for (size_t i = first_from(sorted, moved->kind, moved->from); i < end; i++) {
        const entry *passed = &sorted->items[i];
        if (!has_passed(moved, passed->stamp[moved->kind])) {
            break;
        }
        const row *item = sim_numbered_at(&state->rows, passed->line);
        if (item != NULL && passed->ordinal == item->ordinal &&
            lacks(state, moved->event.host, item)) {
            report(state, &moved->event, moved, item, false);
        }
    }
}

static void read_token(completeness *state, const sim_event *event)
{
    table *of = table_get(state, sim_field_text(event, TOKEN_TABLE));
    token *moved = token_get(state, event->host, sim_field_text(event, TOKEN_TABLE),
                             sim_field_text(event, TOKEN_QUERY_ID));
    if (of == NULL || moved == NULL) {
        return;
    }
    const int64_t from = sim_field_int(event, TOKEN_FROM);
    moved->kind = sim_field_is(event, TOKEN_COMPARISON, "sequence") ? BY_SEQUENCE : BY_TIME;
    moved->boundary = sim_field_is(event, TOKEN_COMPARISON, "ge");
    moved->at = sim_field_int(event, TOKEN_TO);
    moved->sequence = event->sequence;
    if (moved->filtered) {
        return;
    }
    if (!of->asked[moved->kind] || moved->at > of->highest[moved->kind]) {
        of->asked[moved->kind] = true;
        of->highest[moved->kind] = moved->at;
    }
    moved->from = moved->moved && moved->from < from ? moved->from : from;
    moved->moved = true;
    moved->event = *event;
    if (!moved->open) {
        judge_passed(state, moved);
    }
}

static void read_conflict(completeness *state, const sim_event *event)
{
    const sy_row *server = sim_field_row(event, CONFLICT_SERVER);
    if (server != NULL) {
        known shown = {.version = sim_version_hash(sy_row_version(server)),
                       .updated_at = sy_row_updated_at(server),
                       .deleted = sy_row_deleted(server)};
        learn(state, state->in.lineage->now.copy, &shown);
    }
}

static void read_begin(completeness *state, const sim_event *event)
{
    token *of = token_get(state, event->host, sim_field_text(event, PULL_BEGIN_TABLE),
                          sim_field_text(event, PULL_BEGIN_QUERY_ID));
    if (of != NULL) {
        const int64_t at = sim_field_int(event, PULL_BEGIN_TOKEN);
        if (at == of->at) {
            judge_passed(state, of);
        }
        of->moved = false;
        of->open = true;
        of->filtered = sim_field_text(event, PULL_BEGIN_SCOPE).size > 0;
        of->at = at; /* a purge or a crash may have set it back */
    }
}

static void read_end(completeness *state, const sim_event *event)
{
    token *of = token_get(state, event->host, sim_field_text(event, PULL_BEGIN_TABLE),
                          sim_field_text(event, PULL_BEGIN_QUERY_ID));
    if (of != NULL) {
        of->open = false;
        judge_passed(state, of);
    }
}

static void completeness_read(void *self, const sim_event *event)
{
    completeness *state = self;
    if (event->kind == &sy_event_apply) {
        known applied = {.version = sim_version_hash(sim_field_text(event, APPLY_VERSION)),
                         .updated_at = sim_field_int(event, APPLY_UPDATED_AT),
                         .deleted = sim_field_int(event, APPLY_DELETED) != 0};
        learn(state, state->in.lineage->now.copy, &applied);
    } else if (event->kind == &sy_event_commit) {
        read_commit(state, event);
    } else if (event->kind == &sy_event_token) {
        read_token(state, event);
    } else if (event->kind == &sy_event_skip) {
        known skipped = {.version = sim_version_hash(sim_field_text(event, SKIP_VERSION)),
                         .updated_at = sim_field_int(event, SKIP_UPDATED_AT)};
        learn(state, state->in.lineage->now.copy, &skipped);
    } else if (event->kind == &sy_event_conflict) {
        read_conflict(state, event);
    } else if (event->kind == &sy_event_pull_begin) {
        read_begin(state, event);
    } else if (event->kind == &sy_event_pull_end) {
        read_end(state, event);
    } else {
        installation *made = sim_index_get(
            &state->installations, 0, sim_field_text(event, IDENTITY_INSTALLATION), SY_STR(""), 0);
        if (made == NULL) {
            state->in.findings->failed = true;
        } else {
            made->host = sim_event_device(state->in.trace, event);
        }
    }
}

static void entries_free(completeness *state, entries *list)
{
    if (list->items != NULL) {
        sy_alloc_free(state->in.alloc, list->items, list->capacity * sizeof *list->items);
    }
}

static void completeness_close(void *self)
{
    completeness *state = self;
    token *moved = NULL;
    for (size_t at = 0; (moved = sim_index_next(&state->tokens, &at)) != NULL;) {
        judge_passed(state, moved); /* of a pull that was still under way */
    }
    table *of = NULL;
    for (size_t at = 0; (of = sim_index_next(&state->tables, &at)) != NULL;) {
        entries_free(state, &of->log);
        entries_free(state, &of->sorted[BY_TIME]);
        entries_free(state, &of->sorted[BY_SEQUENCE]);
    }
    sim_index_deinit(&state->tables, &state->in.findings->failed);
    sim_index_deinit(&state->tokens, &state->in.findings->failed);
    sim_index_deinit(&state->installations, &state->in.findings->failed);
    sim_numbered_deinit(&state->rows, &state->in.findings->failed);
    sim_numbered_deinit(&state->knowledge, &state->in.findings->failed);
}

static const sy_event_kind *const completeness_kinds[] = {
    &sy_event_apply,    &sy_event_skip,      &sy_event_commit,
    &sy_event_token,    &sy_event_conflict,  &sy_event_pull_begin,
    &sy_event_pull_end, &sim_event_identity, NULL};

const sim_checker sim_checker_pull_completeness = {
    .name = "pull_completeness",
    .claim = "a delta token never passes a row that its client does not have",
    .kinds = completeness_kinds,
    .state_size = sizeof(completeness),
    .open = completeness_open,
    .read = completeness_read,
    .close = completeness_close,
};

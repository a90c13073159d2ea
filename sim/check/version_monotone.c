/* C16. Each commit of a row gives it a version that it never had, starts from the version that the
 * row had, and, when its request was conditional, had the version that the request asked for.
 *
 * A commit does not say which request it serves, so requests that are being served are kept for
 * each row; a commit is judged by those of the same method, installation and operation key: when
 * all of them were conditional and none asked for the version that was overwritten, the condition
 * was not kept. A row without versions is not judged. */
#include "core/base/hash.h"
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

#include <stdio.h>
#include <string.h>

enum {
    REQUEST_METHOD,
    REQUEST_TABLE,
    REQUEST_ID,
    REQUEST_IF_MATCH,
    REQUEST_INSTALLATION,
    REQUEST_KEY
};
enum { RESPOND_METHOD, RESPOND_TABLE, RESPOND_ID, RESPOND_STATUS };

#define CONDITION_SIZE 48 /* a version text that is longer is compared by its first bytes */

typedef struct request { /* of one row, being served */
    struct request *next;
    uint64_t sequence; /* of its event */
    uint64_t who;      /* hash of method, installation, operation key */
    uint64_t method;   /* hash */
    size_t condition_size;
    char condition[CONDITION_SIZE];
} request;

typedef struct row { /* by (table, id) */
    sim_record record;
    uint64_t version;  /* hash of the last committed; 0: none */
    uint64_t sequence; /* of that commit */
    bool known;
    uint32_t unanswered; /* commits whose answer is still to come */
    request *first;      /* oldest first */
} row;

typedef struct seen { /* by (table + id, version) */
    sim_record record;
    uint64_t sequence;
} seen;

typedef struct monotone {
    sim_checking in;
    sim_index rows;
    sim_index versions;
    sy_arena arena;
    request *spare;
    uint32_t waiting; /* requests that are being served */
    sy_buf name;
} monotone;

static void monotone_open(void *self)
{
    monotone *state = self;
    sim_index_init(&state->rows, state->in.alloc, sizeof(row));
    sim_index_init(&state->versions, state->in.alloc, sizeof(seen));
    sy_arena_init(&state->arena, state->in.alloc);
    sy_buf_init(&state->name, state->in.alloc);
}

static uint64_t text_hash(sy_str text)
{
    return text.size == 0 ? 0 : sy_hash(text.data, text.size, 1) | 1;
}

static uint64_t who_of(sy_str method, sy_str installation, sy_str key)
{
    return sy_hash_mix(sy_hash_mix(text_hash(method), text_hash(installation)), text_hash(key));
}

static void request_drop(monotone *state, row *item, request *wanted)
{
    for (request **at = &item->first; *at != NULL; at = &(*at)->next) {
        if (*at == wanted) {
            *at = wanted->next;
            wanted->next = state->spare;
            state->spare = wanted;
            state->waiting--;
            return;
        }
    }
}

static bool reads_or_inserts(sy_str method)
{
    return sy_str_equal(method, SY_STR("query")) || sy_str_equal(method, SY_STR("read")) ||
           sy_str_equal(method, SY_STR("insert"));
}

static void read_request(monotone *state, const sim_event *event)
{
    if (reads_or_inserts(sim_field_text(event, REQUEST_METHOD))) {
        return;
    }
    row *item = sim_index_get(&state->rows, 0, sim_field_text(event, REQUEST_TABLE),
                              sim_field_text(event, REQUEST_ID), 0);
    request *made = state->spare;
    if (made != NULL) {
        state->spare = made->next;
    } else {
        made = sy_arena_push(&state->arena, sizeof *made);
    }
    if (item == NULL || made == NULL) {
        state->in.findings->failed = true;
        return;
    }
    sy_str condition = sim_field_text(event, REQUEST_IF_MATCH);
    *made = (request){.sequence = event->sequence,
                      .method = text_hash(sim_field_text(event, REQUEST_METHOD)),
                      .who = who_of(sim_field_text(event, REQUEST_METHOD),
                                    sim_field_text(event, REQUEST_INSTALLATION),
                                    sim_field_text(event, REQUEST_KEY))};
    made->condition_size = condition.size < CONDITION_SIZE ? condition.size : CONDITION_SIZE;
    if (condition.size > 0) {
        memcpy(made->condition, condition.data, made->condition_size);
    }
    request **end = &item->first;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = made;
    state->waiting++;
}

static bool condition_holds(const request *asked, sy_str version)
{
    if (asked->condition_size == 0) {
        return true;
    }
    size_t size = version.size < CONDITION_SIZE ? version.size : CONDITION_SIZE;
    return size == asked->condition_size && memcmp(version.data, asked->condition, size) == 0;
}

/* A request that was answered without a commit is forgotten: the one whose condition failed, else
 * the oldest of that method. */
static void read_respond(monotone *state, const sim_event *event)
{
    if (reads_or_inserts(sim_field_text(event, RESPOND_METHOD))) {
        return;
    }
    row *item = sim_index_find(&state->rows, 0, sim_field_text(event, RESPOND_TABLE),
                               sim_field_text(event, RESPOND_ID), 0);
    if (item == NULL) {
        return;
    }
    if (item->unanswered > 0 && sim_field_int(event, RESPOND_STATUS) < 300) {
        item->unanswered--;
        return;
    }
    uint64_t method = text_hash(sim_field_text(event, RESPOND_METHOD));
    request *oldest = NULL;
    for (request *at = item->first; at != NULL; at = at->next) {
        if (at->method != method) {
            continue;
        }
        sy_str condition = {at->condition, at->condition_size};
        if (sim_field_int(event, RESPOND_STATUS) == 412 && at->condition_size > 0 &&
            text_hash(condition) != item->version) {
            request_drop(state, item, at);
            return;
        }
        oldest = oldest == NULL ? at : oldest;
    }
    if (oldest != NULL) {
        request_drop(state, item, oldest);
    }
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

static void judge_condition(monotone *state, row *item, const sim_event *event)
{
    sy_str before = sim_field_text(event, COMMIT_BEFORE);
    uint64_t who =
        who_of(sim_field_text(event, COMMIT_METHOD), sim_field_text(event, COMMIT_INSTALLATION),
               sim_field_text(event, COMMIT_KEY));
    request *refused = NULL;
    for (request *at = item->first; at != NULL; at = at->next) {
        if (at->who != who) {
            continue;
        }
        if (condition_holds(at, before)) {
            request_drop(state, item, at);
            return;
        }
        refused = refused == NULL ? at : refused;
    }
    if (refused != NULL) {
        char what[160];
        (void)snprintf(what, sizeof what, "although the request asked for version '%.*s'",
                       (int)refused->condition_size, refused->condition);
        report(state, event, refused->sequence, what);
        request_drop(state, item, refused);
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
    if (item->known && item->version != text_hash(before)) {
        report(state, event, item->sequence, "but the row had another version then");
    }
    if (item->first != NULL) {
        judge_condition(state, item, event);
    }
    if (after.size > 0) {
        judge_fresh(state, event, after);
    }
    if (!reads_or_inserts(sim_field_text(event, COMMIT_METHOD))) {
        item->unanswered++;
    }
    item->known = true;
    item->version = text_hash(after);
    item->sequence = event->sequence;
}

static void monotone_read(void *self, const sim_event *event)
{
    monotone *state = self;
    if (event->kind == &sy_event_commit) {
        read_commit(state, event);
    } else if (event->kind == &sy_event_request) {
        read_request(state, event);
    } else if (event->kind == &sy_event_respond) {
        read_respond(state, event);
    } else if (state->waiting > 0 && sim_field_is(event, 1, "crashed")) {
        row *item = NULL;
        for (size_t at = 0; (item = sim_index_next(&state->rows, &at)) != NULL;) {
            item->unanswered = 0;
            while (item->first != NULL) {
                request_drop(state, item, item->first);
            }
        }
    }
}

static void monotone_close(void *self)
{
    monotone *state = self;
    sim_index_deinit(&state->rows, &state->in.findings->failed);
    sim_index_deinit(&state->versions, &state->in.findings->failed);
    sy_arena_deinit(&state->arena);
    sy_buf_deinit(&state->name);
}

static const sy_event_kind *const monotone_kinds[] = {&sy_event_request, &sy_event_commit,
                                                      &sy_event_respond, &sim_event_host, NULL};

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

/* C18. A queued operation is sent, or the app is told why not.
 *
 * Pushes that reached the server and came to an end are counted for each operation that was queued
 * before they began and was neither sent by them, nor reported as failed, nor removed. After
 * PUSH_COUNT of them in a row the operation is blocked: something before it in the queue is in the
 * way, or nothing ever takes it up. An operation that fails each time is told to the app, which may
 * resolve it; that it is still there in the end is what C1 says. One that waits behind an earlier
 * operation of its row is not counted: that one is. Nor is one that a policy holds for a person.
 *
 * Pushes beside which another one of the device is under way say nothing, nor do those that the
 * network, an authentication or the store ended, a crash, or the app. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

#include <string.h>

#define PUSH_COUNT 3u

enum { PUSH_TICKET, PUSH_TABLES };
enum { END_TICKET, END_STATUS };

typedef struct push { /* by (host, ticket): under way */
    sim_record record;
    uint64_t sequence;
    char tables[128]; /* "" all */
} push;

typedef struct liveness {
    sim_checking in;
    sim_index pushes;
} liveness;

static void liveness_open(void *self)
{
    liveness *state = self;
    sim_index_init(&state->pushes, state->in.alloc, sizeof(push));
}

static void read_begin(liveness *state, const sim_event *event)
{
    push *made = sim_index_get(&state->pushes, event->host, (sy_str){0}, (sy_str){0},
                               sim_field_int(event, PUSH_TICKET));
    if (made == NULL) {
        state->in.findings->failed = true;
        return;
    }
    const sy_str names = sim_field_text(event, PUSH_TABLES);
    const bool all = sim_field_is(event, PUSH_TABLES, "all") || names.size >= sizeof made->tables;
    made->sequence = event->sequence;
    memset(made->tables, 0, sizeof made->tables);
    if (!all && names.size > 0) {
        memcpy(made->tables, names.data, names.size);
    }
}

/* Does "a,b" name it? */
static bool covers(const push *of, sy_str table)
{
    if (of->tables[0] == '\0') {
        return true;
    }
    const char *at = of->tables;
    while (at != NULL) {
        const char *end = strchr(at, ',');
        const size_t size = end != NULL ? (size_t)(end - at) : strlen(at);
        if (size == table.size && memcmp(at, table.data, size) == 0) {
            return true;
        }
        at = end != NULL ? end + 1 : NULL;
    }
    return false;
}

static void report(const liveness *state, const sim_event *event, const sim_pending *blocked)
{
    const sy_str host = sim_host_name(state->in.trace, event->host);
    const sy_str table = sim_line_table(blocked->copy->line);
    const sy_str id = sim_line_id(blocked->copy->line);
    sim_finding finding = sim_finding_of(sim_checker_push_liveness.name, event, host, table, id);
    sim_finding_witness(&finding, blocked->sequence);
    sim_finding_witness(&finding, blocked->active);
    sim_finding_say(&finding,
                    "%.*s/%.*s: %u pushes of %.*s came to their end and neither sent operation "
                    "%lld nor reported it",
                    SY_FMT(table), SY_FMT(id), PUSH_COUNT, SY_FMT(host), (long long)blocked->op);
    (void)sim_findings_add(state->in.findings, &finding);
}

static bool tells(const sim_event *event)
{
    static const char *const silent[] = {
        "CancelledByNetworkError", "CancelledByAuthenticationError", "CancelledBySyncStoreError",
        "CancelledByToken", "InternalError"};
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        if (sim_field_is(event, END_STATUS, silent[i])) {
            return false;
        }
    }
    return true;
}

/* No other push of the device is under way, which may have the operation in hand. */
static bool is_alone(const liveness *state, uint32_t host)
{
    uint32_t count = 0;
    const push *at = NULL;
    for (size_t i = 0; (at = sim_index_next(&state->pushes, &i)) != NULL;) {
        count += sim_record_host(&at->record) == host;
    }
    return count == 1;
}

static void judge(const liveness *state, const sim_event *event, const push *of)
{
    for (sim_pending *at = sim_lineage_queue(state->in.lineage, event->host); at != NULL;
         at = at->host_next) {
        if (at != at->copy->first || at->held) {
            at->passed = 0;
            continue;
        }
        if (at->sequence > of->sequence || !covers(of, sim_line_table(at->copy->line))) {
            continue;
        }
        at->passed = at->active > of->sequence ? 0 : at->passed + 1;
        if (at->passed == PUSH_COUNT) {
            report(state, event, at);
        }
    }
}

static void forget(liveness *state, uint32_t host)
{
    push *at = NULL;
    for (size_t i = 0; (at = sim_index_next(&state->pushes, &i)) != NULL;) {
        if (sim_record_host(&at->record) == host) {
            sim_index_remove(&state->pushes, &at->record);
        }
    }
}

static void liveness_read(void *self, const sim_event *event)
{
    liveness *state = self;
    if (event->kind == &sy_event_push_begin) {
        read_begin(state, event);
        return;
    }
    if (event->kind == &sim_event_host) {
        if (sim_field_is(event, 1, "crashed")) {
            forget(state, sim_event_device(state->in.trace, event));
        }
        return;
    }
    push *of = sim_index_find(&state->pushes, event->host, (sy_str){0}, (sy_str){0},
                              sim_field_int(event, END_TICKET));
    if (of != NULL) {
        if (tells(event) && is_alone(state, event->host)) {
            judge(state, event, of);
        }
        sim_index_remove(&state->pushes, &of->record);
    }
}

static void liveness_close(void *self)
{
    liveness *state = self;
    sim_index_deinit(&state->pushes, &state->in.findings->failed);
}

static const sy_event_kind *const liveness_kinds[] = {&sy_event_push_begin, &sy_event_push_end,
                                                      &sim_event_host, NULL};

const sim_checker sim_checker_push_liveness = {
    .name = "push_liveness",
    .claim = "a queued operation is sent, or the app is told why not",
    .kinds = liveness_kinds,
    .state_size = sizeof(liveness),
    .open = liveness_open,
    .read = liveness_read,
    .close = liveness_close,
};

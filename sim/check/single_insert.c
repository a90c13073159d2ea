/* C5. One local insert becomes one row on the server, once:
 *
 *   1. an operation key is committed at most once;
 *   2. a row is committed as an insert at most as often as somebody asked for it: a local insert is
 * one wish however often its request is sent, a direct remote insert is one wish for each request
 * that the app made, and so is the decision to send again what is gone from the server;
 *   3. an operation that is sent as an insert under two ids does not end up as two rows.
 *
 * Commits without an installation are the server's own back office and are nobody's retry. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/history.h"

typedef struct wish { /* by (table, id): a row as somebody wanted it inserted */
    sim_record record;
    uint32_t asked, committed;
    uint64_t first;     /* the commit's event */
    struct wish *other; /* the same operation was sent under that id before */
    uint32_t host;      /* of that operation */
} wish;

typedef struct keyed { /* by operation key */
    sim_record record;
    uint64_t sequence;
} keyed;

typedef struct sent { /* by (host, table, op) */
    sim_record record;
    wish *as;  /* the insert's first id */
    bool gone; /* its last conflict showed no row */
} sent;

typedef struct single {
    sim_checking in;
    sim_index wishes;
    sim_index keys;
    sim_index sends;
} single;

static void single_open(void *self)
{
    single *state = self;
    sim_index_init(&state->wishes, state->in.alloc, sizeof(wish));
    sim_index_init(&state->keys, state->in.alloc, sizeof(keyed));
    sim_index_init(&state->sends, state->in.alloc, sizeof(sent));
}

static wish *wish_get(single *state, sy_str table, sy_str id)
{
    wish *found = sim_index_get(&state->wishes, 0, table, id, 0);
    state->in.findings->failed = state->in.findings->failed || found == NULL;
    return found;
}

static void read_write(single *state, const sim_event *event)
{
    if (sim_field_is(event, WRITE_KIND, "insert")) {
        wish *asked =
            wish_get(state, sim_field_text(event, WRITE_TABLE), sim_field_text(event, WRITE_ID));
        if (asked != NULL) {
            asked->asked++;
        }
    }
}

static sent *sent_get(single *state, const sim_event *event, sy_str table, int64_t op)
{
    sent *found = sim_index_get(&state->sends, event->host, table, SY_STR(""), op);
    state->in.findings->failed = state->in.findings->failed || found == NULL;
    return found;
}

static void read_conflict(single *state, const sim_event *event)
{
    sent *of = sent_get(state, event, sim_field_text(event, CONFLICT_TABLE),
                        sim_field_int(event, CONFLICT_OP));
    if (of != NULL) {
        const int64_t status = sim_field_int(event, CONFLICT_STATUS);
        of->gone =
            sim_field_row(event, CONFLICT_SERVER) == NULL && (status == 404 || status == 410);
    }
}

/* Sent again: what came so far is gone, and once more is asked for. */
static void read_decision(single *state, const sim_event *event)
{
    const sent *of = sent_get(state, event, sim_field_text(event, DECISION_TABLE),
                              sim_field_int(event, DECISION_OP));
    wish *asked = of == NULL || !of->gone || !sim_field_is(event, DECISION_DECISION, "send")
                      ? NULL
                      : wish_get(state, sim_field_text(event, DECISION_TABLE),
                                 sim_field_text(event, DECISION_ID));
    if (asked != NULL && asked->asked <= asked->committed) {
        asked->asked = asked->committed + 1;
    }
}

static void read_send(single *state, const sim_event *event)
{
    sy_str id = sim_field_text(event, SEND_ID);
    if (id.size == 0 || !sim_field_is(event, SEND_METHOD, "insert")) {
        return;
    }
    wish *asked = wish_get(state, sim_field_text(event, SEND_TABLE), id);
    if (asked == NULL) {
        return;
    }
    int64_t op = sim_field_int(event, SEND_OP);
    if (op == 0) {
        asked->asked++;
        return;
    }
    sent *first = sent_get(state, event, sim_field_text(event, SEND_TABLE), op);
    if (first != NULL && first->as == NULL) {
        first->as = asked;
    } else if (first != NULL && first->as != asked) {
        asked->other = first->as;
        asked->host = event->host;
    }
}

static void report(single *state, const sim_event *event, sy_str host, uint64_t witness,
                   const char *what)
{
    sy_str table = sim_field_text(event, COMMIT_TABLE);
    sy_str id = sim_field_text(event, COMMIT_ID);
    sim_finding finding = sim_finding_of(sim_checker_single_insert.name, event, host, table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s/%.*s: %s", SY_FMT(table), SY_FMT(id), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void judge_key(single *state, const sim_event *event, sy_str key)
{
    keyed *seen = sim_index_get(&state->keys, 0, key, SY_STR(""), 0);
    if (seen == NULL) {
        state->in.findings->failed = true;
        return;
    }
    if (seen->sequence != 0) {
        report(state, event, SY_STR(""), seen->sequence,
               "the server committed the same operation key twice");
    }
    seen->sequence = event->sequence;
}

static void read_commit(single *state, const sim_event *event)
{
    sy_str key = sim_field_text(event, COMMIT_KEY);
    if (key.size > 0) {
        judge_key(state, event, key);
    }
    if (sim_field_text(event, COMMIT_INSTALLATION).size == 0 ||
        !sim_field_is(event, COMMIT_METHOD, "insert")) {
        return;
    }
    wish *asked =
        wish_get(state, sim_field_text(event, COMMIT_TABLE), sim_field_text(event, COMMIT_ID));
    if (asked == NULL) {
        return;
    }
    asked->committed++;
    if (asked->committed > 1 && asked->committed > asked->asked) {
        report(state, event, SY_STR(""), asked->first,
               "the server committed one insert more than once");
    }
    if (asked->other != NULL && asked->other->committed > 0) {
        report(state, event, sim_host_name(state->in.trace, asked->host), asked->other->first,
               "one local insert became two rows on the server");
    }
    asked->first = asked->first == 0 ? event->sequence : asked->first;
}

static void single_read(void *self, const sim_event *event)
{
    single *state = self;
    if (event->kind == &sy_event_commit) {
        read_commit(state, event);
    } else if (event->kind == &sy_event_send) {
        read_send(state, event);
    } else if (event->kind == &sy_event_write) {
        read_write(state, event);
    } else if (event->kind == &sy_event_conflict) {
        read_conflict(state, event);
    } else if (event->kind == &sy_event_decision) {
        read_decision(state, event);
    } else {
        /* a new operation may carry a number that was used in an earlier life of the queue */
        sent *old = sim_index_find(&state->sends, event->host, sim_field_text(event, ENQUEUE_TABLE),
                                   SY_STR(""), sim_field_int(event, ENQUEUE_OP));
        if (old != NULL) {
            sim_index_remove(&state->sends, &old->record);
        }
    }
}

static void single_close(void *self)
{
    single *state = self;
    sim_index_deinit(&state->wishes, &state->in.findings->failed);
    sim_index_deinit(&state->keys, &state->in.findings->failed);
    sim_index_deinit(&state->sends, &state->in.findings->failed);
}

static const sy_event_kind *const single_kinds[] = {&sy_event_write,
                                                    &sy_event_enqueue,
                                                    &sy_event_send,
                                                    &sy_event_conflict,
                                                    &sy_event_decision,
                                                    &sy_event_commit,
                                                    NULL};

const sim_checker sim_checker_single_insert = {
    .name = "single_insert",
    .claim = "one insert becomes one row on the server, once",
    .kinds = single_kinds,
    .state_size = sizeof(single),
    .open = single_open,
    .read = single_read,
    .close = single_close,
};

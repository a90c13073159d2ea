/* A call that waits for a lock gets it some time. The run says when nothing can happen any more and
 * a driver still waits (phase "stuck"); a call of a living process that waits for a lock then waits
 * for ever. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

enum { WAIT_TICKET, WAIT_VERB, WAIT_LOCK, WAIT_TABLE, WAIT_ID };

typedef struct waiting { /* by (host, table, id, ticket): a call that has not ended */
    sim_record record;
    uint64_t sequence; /* of the event that says so */
    char lock[16];
    char verb[16];
} waiting;

typedef struct stuck {
    sim_checking in;
    sim_index waits;
    size_t count;
} stuck;

static void stuck_open(void *self)
{
    stuck *state = self;
    sim_index_init(&state->waits, state->in.alloc, sizeof(waiting));
}

static void copy_word(sy_str from, char out[16])
{
    size_t size = from.size < 15 ? from.size : 15;
    for (size_t i = 0; i < size; i++) {
        out[i] = from.data[i];
    }
    out[size] = '\0';
}

static void read_wait(stuck *state, const sim_event *event)
{
    waiting *call =
        sim_index_get(&state->waits, event->host, sim_field_text(event, WAIT_TABLE),
                      sim_field_text(event, WAIT_ID), sim_field_int(event, WAIT_TICKET));
    if (call == NULL) {
        state->in.findings->failed = true;
        return;
    }
    state->count += call->sequence == 0;
    call->sequence = event->sequence;
    copy_word(sim_field_text(event, WAIT_LOCK), call->lock);
    copy_word(sim_field_text(event, WAIT_VERB), call->verb);
}

/* Those of a host go: of one ticket, or (0) all. Few calls wait at a time. */
static void forget(stuck *state, uint32_t host, int64_t ticket)
{
    waiting *call = NULL;
    for (size_t at = 0; (call = sim_index_next(&state->waits, &at)) != NULL;) {
        if (sim_record_host(&call->record) == host &&
            (ticket == 0 || sim_record_number(&call->record) == ticket)) {
            sim_index_remove(&state->waits, &call->record);
            state->count--;
        }
    }
}

static void report_all(stuck *state, const sim_event *event)
{
    const waiting *call = NULL;
    for (size_t at = 0; (call = sim_index_next(&state->waits, &at)) != NULL;) {
        const sy_str table = sim_record_a(&call->record);
        const sy_str id = sim_record_b(&call->record);
        sim_finding finding = sim_finding_of(
            sim_checker_stuck.name, event,
            sim_host_name(state->in.trace, sim_record_host(&call->record)), table, id);
        sim_finding_witness(&finding, call->sequence);
        sim_finding_say(&finding, "%s of %.*s/%.*s waits for ever: the lock (%s) is not given back",
                        call->verb, SY_FMT(table), SY_FMT(id), call->lock);
        (void)sim_findings_add(state->in.findings, &finding);
    }
}

static void stuck_read(void *self, const sim_event *event)
{
    stuck *state = self;
    if (event->kind == &sy_event_wait) {
        read_wait(state, event);
    } else if (state->count == 0) {
        return;
    } else if (event->kind == &sim_event_phase) {
        if (sim_field_is(event, 0, "stuck")) {
            report_all(state, event);
        }
    } else if (event->kind == &sim_event_host) {
        if (!sim_field_is(event, 1, "started") && !sim_field_is(event, 1, "restarted")) {
            forget(state, sim_event_device(state->in.trace, event), 0);
        }
    } else {
        forget(state, event->host, sim_field_int(event, 0));
    }
}

static void stuck_close(void *self)
{
    stuck *state = self;
    sim_index_deinit(&state->waits, &state->in.findings->failed);
}

static const sy_event_kind *const stuck_kinds[] = {&sy_event_wait,
                                                   &sy_event_done,
                                                   &sy_event_push_begin,
                                                   &sy_event_pull_begin,
                                                   &sim_event_host,
                                                   &sim_event_phase,
                                                   NULL};

const sim_checker sim_checker_stuck = {
    .name = "stuck",
    .claim = "a call that waits for a lock gets it some time",
    .kinds = stuck_kinds,
    .state_size = sizeof(stuck),
    .open = stuck_open,
    .read = stuck_read,
    .close = stuck_close,
};

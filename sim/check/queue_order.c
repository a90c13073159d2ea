/* C12. A client sends its operations in the order in which they were queued:
 *
 *   1. an operation is not sent while an older one on the same row is still in the queue;
 *   2. within one push each operation that is sent for the first time is younger than those before
 * it, so that relations between rows hold. Sending the same operation again is a retry. Pushes of
 * one device that overlap (a handler that pushes, while its own push waits for it) are not judged
 * by this.
 *
 * A crash forgets what was known of a queue; the survivors that the restart lists are its new
 * content. */
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/history.h"
#include "sim/kernel/events.h"

typedef struct waiting { /* an operation in a queue */
    struct waiting *next;
    int64_t op;
    uint64_t sequence; /* of the event that queued it */
} waiting;

typedef struct item { /* by (host, table, id) */
    sim_record record;
    waiting *first; /* by op */
    uint64_t life;  /* of the host when the list was made; an older list counts for nothing */
} item;

typedef struct device { /* by (host) */
    sim_record record;
    uint64_t life;         /* crashes so far */
    uint32_t open;         /* pushes that have begun and not ended */
    bool overlapping;      /* there were two at once, and not all have ended */
    int64_t highest, last; /* sent in this push; 0: none */
    uint64_t highest_sequence;
} device;

typedef struct order {
    sim_checking in;
    sim_index items;
    sim_index devices;
    sy_arena arena;
    waiting *spare;
} order;

static void order_open(void *self)
{
    order *state = self;
    sim_index_init(&state->items, state->in.alloc, sizeof(item));
    sim_index_init(&state->devices, state->in.alloc, sizeof(device));
    sy_arena_init(&state->arena, state->in.alloc);
}

static device *device_get(order *state, uint32_t host)
{
    return sim_index_get(&state->devices, host, SY_STR(""), SY_STR(""), 0);
}

static void forget(order *state, item *row)
{
    while (row->first != NULL) {
        waiting *gone = row->first;
        row->first = gone->next;
        gone->next = state->spare;
        state->spare = gone;
    }
}

/* The row's list, emptied when it is of an earlier life of its host. NULL: no memory. */
static item *item_get(order *state, uint32_t host, sy_str table, sy_str id)
{
    device *owner = device_get(state, host);
    item *row = sim_index_get(&state->items, host, table, id, 0);
    if (owner == NULL || row == NULL) {
        state->in.findings->failed = true;
        return NULL;
    }
    if (row->life != owner->life) {
        forget(state, row);
        row->life = owner->life;
    }
    return row;
}

static void add(order *state, item *row, int64_t op, uint64_t sequence)
{
    waiting **at = &row->first;
    while (*at != NULL && (*at)->op < op) {
        at = &(*at)->next;
    }
    if (*at != NULL && (*at)->op == op) {
        return;
    }
    waiting *made = state->spare;
    if (made != NULL) {
        state->spare = made->next;
    } else if ((made = sy_arena_push(&state->arena, sizeof *made)) == NULL) {
        state->in.findings->failed = true;
        return;
    }
    *made = (waiting){.next = *at, .op = op, .sequence = sequence};
    *at = made;
}

static void take(order *state, item *row, int64_t op)
{
    for (waiting **at = &row->first; *at != NULL; at = &(*at)->next) {
        if ((*at)->op == op) {
            waiting *gone = *at;
            *at = gone->next;
            gone->next = state->spare;
            state->spare = gone;
            return;
        }
    }
}

static void report(order *state, const sim_event *event, int64_t older, uint64_t witness,
                   const char *what)
{
    sy_str host = sim_host_name(state->in.trace, event->host);
    sy_str table = sim_field_text(event, SEND_TABLE);
    sy_str id = sim_field_text(event, SEND_ID);
    sim_finding finding = sim_finding_of(sim_checker_queue_order.name, event, host, table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s sent operation %lld (%.*s/%.*s) although operation %lld, %s",
                    SY_FMT(host), (long long)sim_field_int(event, SEND_OP), SY_FMT(table),
                    SY_FMT(id), (long long)older, what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void read_send(order *state, const sim_event *event)
{
    int64_t op = sim_field_int(event, SEND_OP);
    if (op == 0) {
        return;
    }
    item *row = item_get(state, event->host, sim_field_text(event, SEND_TABLE),
                         sim_field_text(event, SEND_ID));
    device *owner = device_get(state, event->host);
    if (row == NULL || owner == NULL) {
        return;
    }
    if (row->first != NULL && row->first->op < op) {
        report(state, event, row->first->op, row->first->sequence,
               "which is older and on the same row, was still in the queue");
    } else if (op != owner->last && owner->highest > op && !owner->overlapping) {
        report(state, event, owner->highest, owner->highest_sequence,
               "which is younger, was sent before it in the same push");
    }
    owner->last = op;
    if (op > owner->highest) {
        owner->highest = op;
        owner->highest_sequence = event->sequence;
    }
}

/* `open`: how many pushes of the host there are now. */
static void push_bounds(device *owner, uint32_t open)
{
    owner->open = open;
    owner->overlapping = open > 1 || (owner->overlapping && open > 0);
    owner->highest = 0;
    owner->last = 0;
}

static void order_read(void *self, const sim_event *event)
{
    order *state = self;
    if (event->kind == &sy_event_send) {
        read_send(state, event);
    } else if (event->kind == &sy_event_enqueue) {
        item *row = item_get(state, event->host, sim_field_text(event, ENQUEUE_TABLE),
                             sim_field_text(event, ENQUEUE_ID));
        if (row != NULL) {
            add(state, row, sim_field_int(event, ENQUEUE_OP), event->sequence);
        }
    } else if (event->kind == &sy_event_dequeue) {
        item *row = item_get(state, event->host, sim_field_text(event, DEQUEUE_TABLE),
                             sim_field_text(event, DEQUEUE_ID));
        if (row != NULL) {
            take(state, row, sim_field_int(event, DEQUEUE_OP));
        }
    } else if (event->kind == &sy_event_push_begin || event->kind == &sy_event_push_end) {
        device *owner = device_get(state, event->host);
        if (owner == NULL) {
            state->in.findings->failed = true;
        } else if (event->kind == &sy_event_push_begin) {
            push_bounds(owner, owner->open + 1);
        } else {
            push_bounds(owner, owner->open > 0 ? owner->open - 1 : 0);
        }
    } else if (event->kind == &sim_event_survivor) {
        item *row =
            item_get(state, sim_event_device(state->in.trace, event),
                     sim_field_text(event, SURVIVOR_TABLE), sim_field_text(event, SURVIVOR_ID));
        if (row != NULL) {
            add(state, row, sim_field_int(event, SURVIVOR_OP), event->sequence);
        }
    } else if (sim_field_is(event, 1, "crashed")) {
        uint32_t host = sim_event_device(state->in.trace, event);
        device *owner = device_get(state, host);
        if (owner == NULL) {
            state->in.findings->failed = true;
        } else {
            push_bounds(owner, 0);
            owner->life++;
        }
    }
}

static void order_close(void *self)
{
    order *state = self;
    sim_index_deinit(&state->items, &state->in.findings->failed);
    sim_index_deinit(&state->devices, &state->in.findings->failed);
    sy_arena_deinit(&state->arena);
}

static const sy_event_kind *const order_kinds[] = {
    &sy_event_enqueue,  &sy_event_dequeue,   &sy_event_send,  &sy_event_push_begin,
    &sy_event_push_end, &sim_event_survivor, &sim_event_host, NULL};

const sim_checker sim_checker_queue_order = {
    .name = "queue_order",
    .claim = "a client sends its operations in the order in which they were queued",
    .kinds = order_kinds,
    .state_size = sizeof(order),
    .open = order_open,
    .read = order_read,
    .close = order_close,
};

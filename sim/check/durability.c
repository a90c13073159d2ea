/* C22. What a client reported as written is there after a crash: the row and its place in the
 * queue, together.
 *
 * A `write` event promises both. When a client is up again after a crash the host lists the
 * operations and rows that its store holds (survivor, survivor_row, crash_scene); then
 *
 *   1. each operation that was promised and did not leave the queue since is listed;
 *   2. each listed insert or update has its row, unless a delete of it is listed too;
 *   3. a call that was cut short left both or nothing: no new row, no changed row, no missing row
 * without an operation for it. That is where a client that writes them in two transactions is
 * caught.
 *
 * What a row was before the crash is the lineage's to know; of a cut update the first
 * CELL_COUNT_MAX cells are remembered, as hashes. */
#include "core/base/hash.h"
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/check/lineage.h"
#include "sim/kernel/events.h"

#define CELL_COUNT_MAX 8

typedef enum kind { INSERT, UPDATE, DELETE, OTHER } kind;

typedef struct promise { /* by (host, table, id, op): an operation that is in the queue */
    sim_record record;
    kind kind;
    bool survived;
    uint64_t sequence; /* of the event that promised it */
} promise;

typedef struct fact { /* by (host, table, id): what a crash left, until its scene */
    sim_record record;
    const sim_copy *copy;
    bool row_survived;
    bool op_survived;
    bool delete_survived; /* one of them, the row is rightly absent */
    bool shows_cut;       /* the row has every cell of an update of it that was cut short */
} fact;

typedef struct open_call { /* by (host, table, id, ticket): a local write that has not ended */
    sim_record record;
    kind kind;
    uint64_t sequence;
    uint32_t cell_count;
    uint64_t cells[CELL_COUNT_MAX];
} open_call;

typedef struct ticket { /* by (host, ticket) */
    sim_record record;
    open_call *call;
} ticket;

typedef struct durability {
    sim_checking in;
    sim_index promises, facts, calls, tickets;
} durability;

static void durability_open(void *self)
{
    durability *state = self;
    sim_index_init(&state->promises, state->in.alloc, sizeof(promise));
    sim_index_init(&state->facts, state->in.alloc, sizeof(fact));
    sim_index_init(&state->calls, state->in.alloc, sizeof(open_call));
    sim_index_init(&state->tickets, state->in.alloc, sizeof(ticket));
}

static kind kind_of(const sim_event *event, uint32_t field)
{
    return sim_field_is(event, field, "insert")   ? INSERT
           : sim_field_is(event, field, "update") ? UPDATE
           : sim_field_is(event, field, "delete") ? DELETE
                                                  : OTHER;
}

static uint64_t cell_hash(const sy_row *row, uint32_t column)
{
    sy_str name = row->schema->columns[column].name;
    return sy_value_hash(&row->cells[column], sy_hash(name.data, name.size, 0));
}

/* Of the copy that the event is about. NULL: no memory. */
static fact *fact_get(durability *state)
{
    const sim_copy *copy = state->in.lineage->now.copy;
    fact *found = copy != NULL
                      ? sim_index_get(&state->facts, copy->host, sim_line_table(copy->line),
                                      sim_line_id(copy->line), 0)
                      : NULL;
    state->in.findings->failed = state->in.findings->failed || found == NULL;
    if (found != NULL) {
        found->copy = copy;
    }
    return found;
}

static void read_write(durability *state, const sim_event *event)
{
    sy_str table = sim_field_text(event, WRITE_TABLE);
    sy_str id = sim_field_text(event, WRITE_ID);
    int64_t op = sim_field_int(event, WRITE_OP);
    if (op == 0) {
        return;
    }
    promise *made = sim_index_get(&state->promises, event->host, table, id, op);
    if (made == NULL) {
        state->in.findings->failed = true;
        return;
    }
    made->kind = kind_of(event, WRITE_KIND);
    made->sequence = event->sequence;
}

static void end_call(durability *state, ticket *held)
{
    sim_index_remove(&state->calls, &held->call->record);
    sim_index_remove(&state->tickets, &held->record);
}

static void read_call(durability *state, const sim_event *event)
{
    kind called = kind_of(event, CALL_VERB);
    if (called == OTHER) {
        return;
    }
    const sy_row *row = sim_field_row(event, CALL_ROW);
    sy_str id = sim_field_text(event, CALL_ID);
    if (id.size == 0 && row != NULL) {
        id = sy_row_id(row);
    }
    int64_t number = sim_field_int(event, CALL_TICKET);
    ticket *held = sim_index_get(&state->tickets, event->host, SY_STR(""), SY_STR(""), number);
    if (held != NULL && held->call != NULL) { /* of an earlier process that ended without a scene */
        end_call(state, held);
        held = sim_index_get(&state->tickets, event->host, SY_STR(""), SY_STR(""), number);
    }
    open_call *call = NULL;
    if (held != NULL) {
        call = sim_index_get(&state->calls, event->host, sim_field_text(event, CALL_TABLE), id,
                             number);
        held->call = call;
    }
    if (call == NULL) {
        if (held != NULL) {
            sim_index_remove(&state->tickets, &held->record);
        }
        state->in.findings->failed = true;
        return;
    }
    call->kind = called;
    call->sequence = event->sequence;
    for (uint32_t i = SY_SYSTEM_COUNT;
         called == UPDATE && row != NULL && i < row->schema->column_count &&
         call->cell_count < CELL_COUNT_MAX;
         i++) {
        if (!sy_value_missing(&row->cells[i])) {
            call->cells[call->cell_count++] = cell_hash(row, i);
        }
    }
}

/* A call that a crash ended is still open: what it left is judged at the scene. */
static void read_done(durability *state, const sim_event *event)
{
    if (sim_field_is(event, DONE_RESULT, "crashed")) {
        return;
    }
    ticket *held = sim_index_find(&state->tickets, event->host, SY_STR(""), SY_STR(""),
                                  sim_field_int(event, DONE_TICKET));
    if (held != NULL) {
        end_call(state, held);
    }
}

static void read_survivor(durability *state, const sim_event *event)
{
    uint32_t host = sim_event_device(state->in.trace, event);
    sy_str table = sim_field_text(event, SURVIVOR_TABLE);
    sy_str id = sim_field_text(event, SURVIVOR_ID);
    promise *found =
        sim_index_get(&state->promises, host, table, id, sim_field_int(event, SURVIVOR_OP));
    fact *row = fact_get(state);
    if (found == NULL || row == NULL) {
        state->in.findings->failed = true;
        return;
    }
    found->kind = kind_of(event, SURVIVOR_KIND);
    found->survived = true;
    found->sequence = event->sequence;
    row->op_survived = true;
    row->delete_survived = row->delete_survived || found->kind == DELETE;
}

static bool has_cells(const sy_row *row, const open_call *call)
{
    uint32_t found = 0;
    for (uint32_t i = SY_SYSTEM_COUNT; row != NULL && i < row->schema->column_count; i++) {
        uint64_t hash = sy_value_missing(&row->cells[i]) ? 0 : cell_hash(row, i);
        for (uint32_t k = 0; k < call->cell_count; k++) {
            found += hash == call->cells[k] ? 1u : 0u;
        }
    }
    return call->cell_count > 0 && found == call->cell_count;
}

/* The update of a row that began last and has not ended; NULL: none. */
static const open_call *cut_of(durability *state, const sim_copy *copy)
{
    const open_call *call = NULL;
    const open_call *last = NULL;
    for (size_t at = 0; (call = sim_index_next(&state->calls, &at)) != NULL;) {
        if (call->kind == UPDATE && sim_record_host(&call->record) == copy->host &&
            sy_str_equal(sim_record_a(&call->record), sim_line_table(copy->line)) &&
            sy_str_equal(sim_record_b(&call->record), sim_line_id(copy->line))) {
            last = call;
        }
    }
    return last;
}

static void read_survivor_row(durability *state, const sim_event *event)
{
    fact *found = fact_get(state);
    if (found != NULL) {
        const open_call *cut = cut_of(state, found->copy);
        found->row_survived = true;
        found->shows_cut = cut != NULL && has_cells(sim_field_row(event, SURVIVOR_ROW_ROW), cut);
    }
}

/* -- the scene -- */

static void report(durability *state, const sim_event *scene, const sim_record *subject,
                   uint64_t witness, const char *what)
{
    sy_str host = sim_host_name(state->in.trace, sim_record_host(subject));
    sy_str table = sim_record_a(subject);
    sy_str id = sim_record_b(subject);
    sim_finding finding = sim_finding_of(sim_checker_durability.name, scene, host, table, id);
    sim_finding_witness(&finding, witness);
    sim_finding_say(&finding, "%.*s/%.*s: after the crash of %.*s %s", SY_FMT(table), SY_FMT(id),
                    SY_FMT(host), what);
    (void)sim_findings_add(state->in.findings, &finding);
}

static void judge_promises(durability *state, const sim_event *scene, uint32_t host)
{
    promise *made = NULL;
    for (size_t at = 0; (made = sim_index_next(&state->promises, &at)) != NULL;) {
        if (sim_record_host(&made->record) != host) {
            continue;
        }
        fact *row = sim_index_find(&state->facts, host, sim_record_a(&made->record),
                                   sim_record_b(&made->record), 0);
        if (!made->survived) {
            report(state, scene, &made->record, made->sequence,
                   "a local write that had been acknowledged is no longer in the queue");
            sim_index_remove(&state->promises, &made->record);
            continue;
        }
        made->survived = false;
        const bool has_row = row != NULL && (row->row_survived || row->delete_survived);
        if (made->kind != DELETE && !has_row) {
            report(state, scene, &made->record, made->sequence,
                   "there is an operation in the queue without its row");
        }
    }
}

static void judge_cut(durability *state, const sim_event *scene, const open_call *call)
{
    uint32_t host = sim_record_host(&call->record);
    sy_str table = sim_record_a(&call->record);
    sy_str id = sim_record_b(&call->record);
    if (call->kind == INSERT) {
        return; /* its id may have been made by the client: judge_rows */
    }
    const fact *row = sim_index_find(&state->facts, host, table, id, 0);
    const sim_copy *copy = sim_lineage_find(state->in.lineage, host, table, id);
    if (copy == NULL || copy->unknown || !copy->had_row || (row != NULL && row->op_survived)) {
        return;
    }
    const bool survived = row != NULL && row->row_survived;
    if (call->kind == DELETE && !survived) {
        report(state, scene, &call->record, call->sequence,
               "the row is gone, without an operation that deletes it on the server");
    } else if (call->kind == UPDATE && survived && row->shows_cut && copy->changed) {
        report(state, scene, &call->record, call->sequence,
               "the row is changed, without an operation that tells the server");
    }
}

static const open_call *open_insert(durability *state, uint32_t host, sy_str table)
{
    const open_call *call = NULL;
    for (size_t at = 0; (call = sim_index_next(&state->calls, &at)) != NULL;) {
        if (call->kind == INSERT && sim_record_host(&call->record) == host &&
            sy_str_equal(sim_record_a(&call->record), table)) {
            return call;
        }
    }
    return NULL;
}

/* New rows without an operation; then what the crash left is told. */
static void judge_rows(durability *state, const sim_event *scene, uint32_t host)
{
    fact *row = NULL;
    for (size_t at = 0; (row = sim_index_next(&state->facts, &at)) != NULL;) {
        if (sim_record_host(&row->record) != host) {
            continue;
        }
        if (row->row_survived && !row->copy->had_row && !row->copy->unknown && !row->op_survived) {
            const open_call *call = open_insert(state, host, sim_record_a(&row->record));
            if (call != NULL) {
                report(state, scene, &row->record, call->sequence,
                       "there is a new row, without an operation that tells the server");
            }
        }
        sim_index_remove(&state->facts, &row->record);
    }
}

static void read_scene(durability *state, const sim_event *event)
{
    uint32_t host = sim_event_device(state->in.trace, event);
    judge_promises(state, event, host);
    open_call *call = NULL;
    for (size_t at = 0; (call = sim_index_next(&state->calls, &at)) != NULL;) {
        if (sim_record_host(&call->record) == host) {
            judge_cut(state, event, call);
        }
    }
    judge_rows(state, event, host);
    ticket *held = NULL;
    for (size_t at = 0; (held = sim_index_next(&state->tickets, &at)) != NULL;) {
        if (sim_record_host(&held->record) == host) {
            end_call(state, held);
        }
    }
}

static void durability_read(void *self, const sim_event *event)
{
    durability *state = self;
    if (event->kind == &sy_event_call) {
        read_call(state, event);
    } else if (event->kind == &sy_event_done) {
        read_done(state, event);
    } else if (event->kind == &sy_event_write) {
        read_write(state, event);
    } else if (event->kind == &sy_event_dequeue) {
        promise *gone =
            sim_index_find(&state->promises, event->host, sim_field_text(event, DEQUEUE_TABLE),
                           sim_field_text(event, DEQUEUE_ID), sim_field_int(event, DEQUEUE_OP));
        if (gone != NULL) {
            sim_index_remove(&state->promises, &gone->record);
        }
    } else if (event->kind == &sim_event_survivor) {
        read_survivor(state, event);
    } else if (event->kind == &sim_event_survivor_row) {
        read_survivor_row(state, event);
    } else {
        read_scene(state, event);
    }
}

static void durability_close(void *self)
{
    durability *state = self;
    sim_index_deinit(&state->promises, &state->in.findings->failed);
    sim_index_deinit(&state->facts, &state->in.findings->failed);
    sim_index_deinit(&state->calls, &state->in.findings->failed);
    sim_index_deinit(&state->tickets, &state->in.findings->failed);
}

static const sy_event_kind *const durability_kinds[] = {
    &sy_event_call,      &sy_event_done,          &sy_event_write,        &sy_event_dequeue,
    &sim_event_survivor, &sim_event_survivor_row, &sim_event_crash_scene, NULL};

const sim_checker sim_checker_durability = {
    .name = "durability",
    .claim = "a local write that was acknowledged is there after a crash, row and queue entry "
             "together",
    .kinds = durability_kinds,
    .state_size = sizeof(durability),
    .open = durability_open,
    .read = durability_read,
    .close = durability_close,
};

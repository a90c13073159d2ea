/* The client engine with the n-th allocation or the n-th write of its store failing, the n-th
 * answer lost, or its call cancelled before it comes, for all n: every verb, in every dialect, on
 * both stores, against a real table server. The device either goes on or dies at the failure and
 * starts again. After each run: an error was returned (or the failure made no difference), the
 * mirror of the queue equals the store, nothing leaked; and in `sound`, once everything works
 * again, the device and the server have the same rows and no write that was acknowledged is
 * missing. */
#include "core/client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/hash.h"
#include "core/client/operation_queue.h"
#include "core/server/server.h"
#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "tests/unit/support.h"

typedef enum store_kind { MEMORY, SQLITE } store_kind;
typedef enum fault_kind { FAIL_ALLOCATION, FAIL_WRITE, LOSE_ANSWER, CANCEL } fault_kind;
typedef enum after_kind { GO_ON, DIE } after_kind;

typedef struct run {
    const sy_dialect *dialect;
    store_kind kind;
    after_kind after;
    const sy_policy *policy;

    sy_arena plain;
    const sy_schema *todo;

    test_alloc alloc;
    test_store fault;
    sy_store_memory *memory;
    sy_store_sqlite *sqlite;
    sy_client_table table;
    sy_client *client;
    uint64_t incarnation;

    sy_store_memory *server_memory;
    sy_server *server;

    uint32_t parallel; /* operations of a push at once */
    struct {
        uint64_t send_id;
        sy_response response;
    } waiting[8]; /* requests that were served and wait for their answers, oldest first */
    size_t waiting_count;
    sy_arena wire;
    uint64_t answer_count, lose_at; /* the how-manieth answer is lost, or comes when its call was
                                       cancelled; 0: none */
    bool cancels;
    sy_rc done_rc; /* of the last outcome */
    bool done;
    int64_t failed_operation; /* of the first error of the last push; 0: none */
    uint32_t error_count;     /* calls that ended with an error */
    bool kept[2];             /* the inserts of "keep1", "keep2" were acknowledged */
} run;

/* -- ports -- */

static sy_time clock_now(void *self)
{
    (void)self;
    static sy_time now = SY_WORLD_EPOCH;
    return now += SY_MS;
}

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    const run *r = self;
    out[0] = sy_hash(purpose.data, purpose.size, n);
    out[1] = r->incarnation;
}

static sy_rc send_request(void *self, uint64_t send_id, const sy_request *request, sy_err *err)
{
    run *r = self;
    assert_true(r->waiting_count < r->parallel);
    if (r->waiting_count == 0) {
        sy_arena_reset(&r->wire);
    }
    sy_response *response = &r->waiting[r->waiting_count].response;
    assert_int_equal(sy_server_serve(r->server, request, &r->wire, response, err), SY_OK);
    r->waiting[r->waiting_count++].send_id = send_id;
    return SY_OK;
}

static void listener_done(void *self, const sy_outcome *outcome)
{
    run *r = self;
    r->done = true;
    r->done_rc = outcome->rc;
    r->failed_operation = outcome->push != NULL && outcome->push->error_count > 0
                              ? outcome->push->errors[0].operation
                              : 0;
}

static void handler_completed(void *self, uint64_t decision_id, const sy_push_result *result)
{
    run *r = self;
    (void)result;
    assert_int_equal(sy_client_push_completed(r->client, decision_id, SY_OK, NULL), SY_OK);
}

/* P-JS: an insert that was there already becomes an update, what is gone is given up, a time-out is
 * tried again; dates come as texts, which cannot be given back. */
static sy_decision decide_by_log(run *r, const sy_attempt *attempt, sy_decision decision)
{
    if (decision.row != NULL) {
        sy_row *row = sy_row_shallow(&r->plain, decision.row);
        row->cells[SY_COLUMN_CREATED_AT].type = SY_TYPE_ABSENT;
        row->cells[SY_COLUMN_UPDATED_AT].type = SY_TYPE_ABSENT;
        decision.row = row;
    } else if (attempt->kind == SY_OPERATION_INSERT && attempt->rc == SY_CONFLICT) {
        decision = (sy_decision){
            .kind = SY_DECIDE_SEND, .changes_action = true, .action = SY_OPERATION_UPDATE};
    } else if (attempt->server != NULL) {
        decision = (sy_decision){.kind = SY_DECIDE_SEND,
                                 .row = attempt->server,
                                 .changes_action = true,
                                 .action = SY_OPERATION_DELETE};
    } else if (attempt->status == 404) {
        decision = (sy_decision){.kind = SY_DECIDE_RETURN,
                                 .delete_row = attempt->kind == SY_OPERATION_UPDATE};
    } else if (attempt->rc == SY_TIMEOUT) {
        decision = (sy_decision){.kind = SY_DECIDE_SEND};
    }
    return decision;
}

/* Merges by hand: the server's row under the item that was sent. */
static void handler_decide(void *self, const sy_attempt *attempt)
{
    run *r = self;
    sy_decision decision = {.kind = SY_DECIDE_FAIL};
    if (attempt->phase == SY_PHASE_ANSWERED && attempt->server != NULL && attempt->item != NULL &&
        attempt->rc == SY_CONFLICT && attempt->attempt < 3) {
        sy_row *merged = sy_row_overlay(&r->plain, attempt->item, attempt->server);
        merged->cells[SY_SYSTEM_COUNT] = sy_cstr("merged");
        decision = (sy_decision){.kind = SY_DECIDE_SEND, .row = merged};
    }
    if (r->dialect->errors_change_action) {
        decision = decide_by_log(r, attempt, decision);
    }
    sy_err err;
    while (sy_client_decide(r->client, attempt->decision_id, &decision, &err) != SY_OK) {
        assert_int_equal(err.rc, SY_NOMEM); /* "not taken, ask again" */
    }
}

static const sy_clock_ops clock_ops = {.now = clock_now};
static const sy_identity_ops identity_ops = {fresh};
static const sy_transport_ops transport_ops = {send_request};
static const sy_listener_ops listener_ops = {listener_done};
static const sy_handler_ops handler_ops = {handler_decide, handler_completed};

/* -- the bed -- */

static void server_open(run *r)
{
    const sy_server_dialect *dialect = sy_server_dialect_find(sy_str_of(r->dialect->server));
    assert_non_null(dialect);
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &r->server_memory, NULL), SY_OK);
    const sy_server_table table = {.schema = r->todo, .soft_delete = true};
    const sy_server_config config = {.dialect = dialect,
                                     .tables = &table,
                                     .table_count = 1,
                                     .epoch = SY_STR("e1"),
                                     .page_size = 2,
                                     .alloc = sy_alloc_std(),
                                     .store = sy_store_memory_port(r->server_memory),
                                     .clock = {&clock_ops, r},
                                     .identity = {&identity_ops, r}};
    assert_int_equal(sy_server_open(&config, &r->server, NULL), SY_OK);
}

static void run_open(run *r)
{
    static const sy_column columns[] = {{{"text", 4}, SY_TYPE_TEXT}, {{"qty", 3}, SY_TYPE_INT}};
    sy_arena_init(&r->plain, sy_alloc_std());
    sy_arena_init(&r->wire, sy_alloc_std());
    assert_int_equal(
        sy_schema_new(&r->plain, SY_STR("todo"), SY_SYSTEM_CLASSIC, columns, 2, &r->todo, NULL),
        SY_OK);
    r->table = (sy_client_table){r->todo, r->policy};
    server_open(r);
    test_alloc_init(&r->alloc, 0);
    sy_store inner;
    if (r->kind == MEMORY) {
        assert_int_equal(sy_store_memory_new(test_alloc_port(&r->alloc), &r->memory, NULL), SY_OK);
        inner = sy_store_memory_port(r->memory);
    } else {
        const sy_store_sqlite_options options = {
            .path = ":memory:", .journal_mode = "MEMORY", .synchronous = "OFF"};
        assert_int_equal(
            sy_store_sqlite_open(test_alloc_port(&r->alloc), &options, &r->sqlite, NULL), SY_OK);
        inner = sy_store_sqlite_port(r->sqlite);
    }
    test_store_init(&r->fault, inner, 0);
}

static void run_close(run *r)
{
    sy_client_free(r->client);
    sy_store_memory_free(r->memory);
    if (r->sqlite != NULL) {
        sy_store_sqlite_close(r->sqlite);
    }
    sy_server_close(r->server);
    sy_store_memory_free(r->server_memory);
    sy_arena_deinit(&r->wire);
    sy_arena_deinit(&r->plain);
    assert_int_equal(test_alloc_live(&r->alloc), 0);
}

static void client_open(run *r)
{
    const sy_client_config config = {.dialect = r->dialect,
                                     .client_id = SY_STR("phone"),
                                     .installation_id = SY_STR("inst"),
                                     .tables = &r->table,
                                     .table_count = 1,
                                     .parallel = r->parallel,
                                     .alloc = test_alloc_port(&r->alloc),
                                     .store = test_store_port(&r->fault),
                                     .transport = {&transport_ops, r},
                                     .clock = {&clock_ops, r},
                                     .identity = {&identity_ops, r},
                                     .handler = {.ops = &handler_ops,
                                                 .self = r,
                                                 .wants_errors = r->policy == &sy_policy_handler},
                                     .listener = {&listener_ops, r}};
    while (sy_client_new(&config, &r->client, NULL) != SY_OK) {
        assert_true(test_alloc_failed(&r->alloc));
        r->error_count++;
    }
    r->incarnation++;
}

static bool fault_happened(const run *r)
{
    return test_alloc_failed(&r->alloc) || test_store_failed(&r->fault) ||
           (r->lose_at != 0 && r->answer_count >= r->lose_at);
}

static void client_die(run *r)
{
    sy_client_free(r->client);
    r->client = NULL;
    r->waiting_count = 0;
    if (r->memory != NULL) {
        sy_store_memory_crash(r->memory);
    } else {
        (void)sy_store_transact(sy_store_sqlite_port(r->sqlite), SY_ROLLBACK, NULL);
    }
    client_open(r);
}

/* Answers the oldest request that waits. */
static void answer_one(run *r, bool lost)
{
    const uint64_t send_id = r->waiting[0].send_id;
    const sy_response response = r->waiting[0].response;
    const sy_answer answer = {.rc = lost ? SY_TIMEOUT : SY_OK, .response = lost ? NULL : &response};
    r->waiting_count--;
    memmove(r->waiting, r->waiting + 1, r->waiting_count * sizeof r->waiting[0]);
    sy_client_answer(r->client, send_id, &answer);
}

/* Until the call is done: runs, answers, runs. */
static sy_rc call(run *r, const sy_call *what)
{
    sy_ticket ticket = 0;
    sy_err err;
    r->done = false;
    sy_rc rc = sy_client_submit(r->client, what, &ticket, &err);
    if (rc == SY_OK) {
        sy_client_run(r->client);
        for (int i = 0; i < 200 && !(r->done && sy_client_idle(r->client)); i++) {
            assert_int_not_equal(r->waiting_count, 0); /* or it waits for ever */
            const bool hit = ++r->answer_count == r->lose_at;
            const bool lost = hit && !r->cancels;
            if (hit && r->cancels) { /* its outcome may come at once, what it does goes on */
                const bool found = sy_client_cancel(r->client, ticket);
                assert_true(found == (what->verb == SY_VERB_PUSH || what->verb == SY_VERB_PULL));
                sy_client_run(r->client);
                assert_true(r->done == (found && r->dialect->cancel_ends_at_once));
            }
            answer_one(r, lost);
            sy_client_run(r->client);
        }
        assert_true(r->done);
        assert_true(sy_client_idle(r->client));
        rc = r->done_rc;
    }
    r->error_count += rc != SY_OK;
    return rc;
}

static sy_rc initialize(run *r)
{
    const sy_call what = {.verb = SY_VERB_INITIALIZE};
    return call(r, &what);
}

/* -- what is checked after each call -- */

static void check_mirror(run *r)
{
    const sy_store store =
        r->memory != NULL ? sy_store_memory_port(r->memory) : sy_store_sqlite_port(r->sqlite);
    sy_arena scratch;
    sy_arena_init(&scratch, sy_alloc_std());
    sy_operation_queue queue;
    sy_operation_queue_init(&queue, sy_alloc_std(), store, &scratch, &r->todo, 1);
    assert_int_equal(sy_operation_queue_load(&queue, NULL), SY_OK);
    const uint32_t count = sy_client_pending(r->client, SY_STR(""));
    assert_int_equal(sy_operation_queue_count(&queue, NULL), count);
    for (uint32_t i = 0; i < count; i++) {
        sy_operation mirrored = {0};
        assert_true(sy_client_operation(r->client, i, &mirrored));
        const sy_operation *stored = sy_operation_queue_at(&queue, i);
        assert_int_equal(mirrored.sequence, stored->sequence);
        assert_int_equal(mirrored.version, stored->version);
        if (r->dialect->persists_attempted || mirrored.state != SY_STATE_ATTEMPTED) {
            assert_int_equal(mirrored.state, stored->state);
        }
        assert_true(sy_str_equal(mirrored.item, stored->item));
    }
    sy_operation_queue_deinit(&queue);
    sy_arena_deinit(&scratch);
}

/* A call of the script, and what follows a failure in it. */
static sy_rc act(run *r, const sy_call *what)
{
    const bool before = fault_happened(r);
    const sy_rc rc = call(r, what);
    if (!before && fault_happened(r) && r->after == DIE) {
        client_die(r);
        assert_int_equal(initialize(r), SY_OK);
    }
    /* A rollback that could not read the queue again (no memory) is mended before the next call. */
    const sy_query none = {.schema = r->todo, .skip = -1, .top = 0};
    const sy_call look = {.verb = SY_VERB_QUERY, .query = &none};
    if (!before && fault_happened(r)) {
        assert_int_equal(call(r, &look), SY_OK);
    }
    if (fault_happened(r)) {
        check_mirror(r);
    }
    return rc;
}

/* -- the script -- */

static const sy_row *row(run *r, const char *id, const char *text, int qty)
{
    sy_row *made = sy_row_new(&r->plain, r->todo);
    if (id != NULL) {
        made->cells[SY_COLUMN_ID] = sy_cstr(id);
    }
    made->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    made->cells[SY_SYSTEM_COUNT + 1] = sy_int(qty);
    return made;
}

static sy_rc write_row(run *r, sy_verb verb, const char *id, const char *text, int qty)
{
    const sy_call what = {.verb = verb, .table = r->todo->name, .row = row(r, id, text, qty)};
    return act(r, &what);
}

static sy_rc delete_row(run *r, const char *id)
{
    const sy_call what = {.verb = SY_VERB_DELETE, .table = r->todo->name, .id = sy_str_of(id)};
    return act(r, &what);
}

static sy_rc push(run *r)
{
    const sy_call what = {.verb = SY_VERB_PUSH};
    return act(r, &what);
}

static sy_rc pull(run *r, const char *query_id)
{
    const sy_query query = sy_query_all(r->todo);
    const sy_call what = {.verb = SY_VERB_PULL, .query = &query, .query_id = sy_str_of(query_id)};
    return act(r, &what);
}

/* Another device writes: straight at the server. */
static void serve(run *r, sy_method method, const char *id, const char *text)
{
    const sy_request request = {.method = method,
                                .table = r->todo->name,
                                .id = sy_str_of(id),
                                .row = row(r, id, text, 9),
                                .installation_id = SY_STR("other"),
                                .since_sequence = -1};
    sy_response response;
    assert_int_equal(sy_server_serve(r->server, &request, &r->wire, &response, NULL), SY_OK);
}

static void local_part(run *r)
{
    r->kept[0] = write_row(r, SY_VERB_INSERT, "keep1", "kept", 1) == SY_OK;
    (void)write_row(r, SY_VERB_INSERT, NULL, "named by the engine", 1);
    (void)write_row(r, SY_VERB_INSERT, "a", "milk", 1);
    (void)write_row(r, SY_VERB_UPDATE, "a", "cream", 2);
    (void)write_row(r, SY_VERB_INSERT, "b", "bread", 1);
    (void)delete_row(r, "b");
    const sy_call lookup = {.verb = SY_VERB_LOOKUP, .table = r->todo->name, .id = SY_STR("a")};
    (void)act(r, &lookup);
}

static void conflict_part(run *r)
{
    (void)write_row(r, SY_VERB_UPDATE, "a", "mine", 3);
    serve(r, r->dialect->update_method, "a", "theirs");
    (void)push(r);
    if (r->failed_operation != 0) {
        const sy_call what = {.verb = SY_VERB_RESOLVE,
                              .operation = r->failed_operation,
                              .resolution = SY_RESOLVE_CANCEL_AND_DISCARD};
        (void)act(r, &what);
    }
    (void)pull(r, "q");
    (void)write_row(r, SY_VERB_UPDATE, "a", "mine again", 4);
    (void)delete_row(r, "a");
    (void)push(r);
}

static void last_part(run *r)
{
    const sy_call remote = {.verb = SY_VERB_REMOTE,
                            .table = r->todo->name,
                            .remote_method = SY_METHOD_INSERT,
                            .row = row(r, "remote", "direct", 1)};
    (void)act(r, &remote);
    const sy_query query = sy_query_all(r->todo);
    const sy_call purge = {
        .verb = SY_VERB_PURGE, .query = &query, .query_id = SY_STR("q"), .force = true};
    (void)act(r, &purge);
    r->kept[1] = write_row(r, SY_VERB_INSERT, "keep2", "kept", 1) == SY_OK;
    if (r->dialect->implicit_push == SY_IMPLICIT_PUSH_REFUSE) {
        (void)push(r);
    }
    (void)pull(r, "q");
    (void)pull(r, "");
}

/* -- at the end -- */

static const sy_row *row_in(run *r, sy_store store, const char *id)
{
    const sy_row *found = NULL;
    assert_int_equal(sy_store_read(store, r->todo, sy_str_of(id), &r->plain, &found, NULL), SY_OK);
    return found;
}

/* The one that failed last, or that waits for a person; 0: none. */
static int64_t to_be_resolved(run *r)
{
    sy_operation operation;
    for (uint32_t i = 0; sy_client_operation(r->client, i, &operation); i++) {
        if (operation.state == SY_STATE_FAILED && operation.status == SY_STATUS_HELD) {
            return operation.sequence;
        }
    }
    return r->failed_operation;
}

static void check_convergence(run *r)
{
    for (int i = 0; i < 5 && sy_client_pending(r->client, SY_STR("")) > 0; i++) {
        (void)push(r);
        const int64_t failed = to_be_resolved(r);
        if (failed != 0) {
            const sy_call what = {.verb = SY_VERB_RESOLVE,
                                  .operation = failed,
                                  .resolution = SY_RESOLVE_CANCEL_AND_DISCARD};
            assert_int_equal(act(r, &what), SY_OK);
        }
    }
    assert_int_equal(sy_client_pending(r->client, SY_STR("")), 0);
    assert_int_equal(pull(r, "q"), SY_OK);
    assert_int_equal(pull(r, ""), SY_OK);
    const sy_schema *served = sy_server_schema(r->server, SY_STR("todo"));
    const sy_query all = sy_query_all(served);
    sy_rows rows = {0};
    uint64_t live = 0;
    assert_int_equal(
        sy_store_query(sy_store_memory_port(r->server_memory), &all, &r->plain, &rows, NULL),
        SY_OK);
    for (size_t i = 0; i < rows.count; i++) {
        const sy_str id = sy_row_id(rows.items[i]);
        const sy_row *local = NULL;
        const sy_row *mapped = NULL;
        assert_int_equal(sy_store_read(r->fault.inner, r->todo, id, &r->plain, &local, NULL),
                         SY_OK);
        assert_int_equal(sy_row_map(&r->plain, rows.items[i], r->todo, false, &mapped, NULL),
                         SY_OK);
        assert_int_equal(local == NULL, sy_row_deleted(mapped));
        assert_true(local == NULL || sy_row_same_content(local, mapped));
        live += !sy_row_deleted(mapped);
    }
    const sy_query mine = sy_query_all(r->todo);
    assert_int_equal(sy_store_query(r->fault.inner, &mine, &r->plain, &rows, NULL), SY_OK);
    assert_int_equal(rows.count, live);
    assert_true(!r->kept[0] || row_in(r, r->fault.inner, "keep1") != NULL);
    assert_true(!r->kept[1] || row_in(r, r->fault.inner, "keep2") != NULL);
}

/* One run; true when the failure happened. */
static bool one_run(const run *what, fault_kind fault, uint64_t n)
{
    run r = *what;
    run_open(&r);
    r.alloc.fail_at = fault == FAIL_ALLOCATION ? r.alloc.count + n : 0;
    r.fault.fail_at = fault == FAIL_WRITE ? n : 0;
    r.lose_at = fault == LOSE_ANSWER || fault == CANCEL ? n : 0;
    r.cancels = fault == CANCEL;
    client_open(&r);
    while (initialize(&r) != SY_OK) {
        assert_true(fault_happened(&r));
        if (r.after == DIE) {
            client_die(&r);
        }
    }
    local_part(&r);
    (void)push(&r);
    serve(&r, SY_METHOD_INSERT, "theirs1", "x");
    serve(&r, SY_METHOD_INSERT, "theirs2", "y");
    serve(&r, SY_METHOD_INSERT, "theirs3", "z");
    (void)pull(&r, "q");
    conflict_part(&r);
    last_part(&r);
    const bool happened = fault_happened(&r);
    r.alloc.fail_at = 0; /* what comes now works */
    r.fault.fail_at = 0;
    r.lose_at = 0;
    if (!happened && r.policy == &sy_policy_client_wins &&
        r.dialect->purge_force != SY_PURGE_FORCE_NONE) {
        assert_int_equal(r.error_count, 0);
    }
    if (r.dialect == &sy_dialect_sound) {
        check_convergence(&r);
    }
    check_mirror(&r);
    run_close(&r);
    return happened;
}

static void sweep_faults(const run *what)
{
    for (int fault = FAIL_ALLOCATION; fault <= CANCEL; fault++) {
        uint64_t n = 1;
        while (one_run(what, (fault_kind)fault, n)) {
            n++;
        }
        assert_true(n > 10);
    }
}

/* Every policy that the dialect asks; where it can, also with several operations at once. */
static void sweep(const sy_dialect *of)
{
    const sy_policy *const policies[] = {NULL,
                                         &sy_policy_client_wins,
                                         &sy_policy_handler,
                                         sy_policy_find(SY_STR("field_merge")),
                                         sy_policy_find(SY_STR("keep_both")),
                                         sy_policy_find(SY_STR("park")),
                                         sy_policy_find(SY_STR("hold"))};
    const size_t policy_count = !of->has_hooks    ? 1
                                : !of->keeps_base ? 3 /* the others need a base */
                                                  : sizeof policies / sizeof policies[0];
    for (int kind = MEMORY; kind <= SQLITE; kind++) {
        for (int after = GO_ON; after <= DIE; after++) {
            run what = {
                .dialect = of, .kind = (store_kind)kind, .after = (after_kind)after, .parallel = 1};
            for (size_t p = 0; p < policy_count; p++) {
                what.policy = policies[p];
                sweep_faults(&what);
            }
            what.parallel = of->parallel_max;
            if (what.parallel > 1) {
                sweep_faults(&what);
            }
        }
    }
}

/* What the program was called with. */
static const sy_dialect *dialect;

static void a_client_survives_whatever_fails(void **state)
{
    (void)state;
    sweep(dialect);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_survives_whatever_fails),
    };
    dialect = argc == 2 ? sy_dialect_find(sy_str_of(argv[1])) : NULL;
    if (dialect == NULL) {
        (void)fprintf(stderr, "client_fault_test DIALECT\n");
        return 64;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

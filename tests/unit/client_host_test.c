#include "sim/host/client_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/port/events.h"
#include "core/store/store_memory.h"
#include "tests/unit/support.h"

/* A storage over one memory store, whose calls cost time and which can die at a write. */
typedef struct slow_store {
    sy_store inner;
    sy_store_memory *memory;
    sy_time write_ns, cost_ns;
    uint64_t writes, crash_at;
    bool dead;
    int opened, closed, crashed;
} slow_store;

static sy_rc slow_define(void *self, const sy_schema *schema, sy_err *err)
{
    return sy_store_define(((slow_store *)self)->inner, schema, err);
}

static sy_rc slow_transact(void *self, sy_transaction_step step, sy_err *err)
{
    return sy_store_transact(((slow_store *)self)->inner, step, err);
}

static sy_rc slow_read(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                       const sy_row **out, sy_err *err)
{
    return sy_store_read(((slow_store *)self)->inner, schema, id, arena, out, err);
}

static sy_rc slow_query(void *self, const sy_query *query, sy_arena *arena, sy_rows *out,
                        sy_err *err)
{
    return sy_store_query(((slow_store *)self)->inner, query, arena, out, err);
}

static sy_rc slow_write(void *self, const sy_row *row, sy_err *err)
{
    slow_store *store = self;
    store->cost_ns += store->write_ns;
    store->dead = store->dead || ++store->writes == store->crash_at;
    return store->dead ? SY_FAIL(err, SY_CRASHED, "died") : sy_store_write(store->inner, row, err);
}

static sy_rc slow_remove(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    return sy_store_remove(((slow_store *)self)->inner, schema, id, err);
}

static sy_time slow_cost_ns(void *self)
{
    return ((slow_store *)self)->cost_ns;
}

static sy_rc storage_open(void *self, sy_store *out, sy_err *err)
{
    static const sy_store_ops ops = {slow_define, slow_transact, slow_read,   slow_query,
                                     slow_write,  slow_remove,   slow_cost_ns};
    slow_store *store = self;
    (void)err;
    store->opened++;
    store->dead = false;
    store->inner = sy_store_memory_port(store->memory);
    *out = (sy_store){&ops, store};
    return SY_OK;
}

static void storage_close(void *self, bool crashed)
{
    slow_store *store = self;
    store->closed++;
    if (crashed) {
        store->crashed++;
        sy_store_memory_crash(store->memory);
    }
}

static const sim_storage_ops storage_ops = {.open = storage_open, .close = storage_close};

typedef struct ended {
    sy_rc rc;
    sy_time at;
    int times;
    char detail[64];
} ended;

typedef struct fixture {
    sim_world world;
    slow_store store;
    sy_arena arena;
    const sy_schema *schema;
    sy_client_table table;
    sim_client_host *host;
    sim_message *sent; /* the last one */
    sy_time sent_at;
    int sent_count;
    uint64_t timeouts, late, opened, closed_decisions, scenes;
    int64_t survivors;
    uint64_t decision_id;
    ended ends[8];
} fixture;

static void network_send(void *self, sim_message *message)
{
    fixture *f = self;
    if (f->sent != NULL) {
        sim_message_put(&f->world.messages, f->sent);
    }
    f->sent = message;
    f->sent_at = f->world.now;
    f->sent_count++;
}

static void read_event(void *self, const sim_event *event)
{
    fixture *f = self;
    if (event->kind == &sim_event_timeout) {
        f->timeouts++;
    } else if (event->kind == &sim_event_fault) {
        f->late++;
    } else if (event->kind == &sim_event_crash_scene) {
        f->scenes++;
        f->survivors = event->fields[1].as.integer;
    } else if (sy_str_equal(sy_value_str(&event->fields[1]), SY_STR("open"))) {
        f->opened++;
    } else {
        f->closed_decisions++;
    }
}

static void handler_decide(void *self, const sy_attempt *attempt)
{
    fixture *f = self;
    f->decision_id = attempt->decision_id;
}

static const sy_handler_ops handler_ops = {.decide = handler_decide};

static void call_done(void *self, sy_rc rc, const sy_outcome *outcome);

static void run_until(fixture *f, sy_time until)
{
    while (sim_world_step(&f->world, until)) {
    }
}

static void nothing(void *self)
{
    (void)self;
}

static void wait_until(fixture *f, sy_time time)
{
    sim_world_at(&f->world, time, nothing, NULL);
    run_until(f, time);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_int_equal(sim_world_init(&f->world, sy_alloc_std(), 1, false, NULL), SY_OK);
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &f->store.memory, NULL), SY_OK);
    sy_arena_init(&f->arena, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("note"), SY_SYSTEM_CLASSIC, columns, 1, &f->schema, NULL),
        SY_OK);
    f->table = (sy_client_table){.schema = f->schema, .policy = &sy_policy_handler};
    sim_client_host_config config = {
        .name = "phone",
        .client = {.dialect = &sy_dialect_sound,
                   .client_id = SY_STR("phone"),
                   .installation_id = SY_STR("phone"),
                   .tables = &f->table,
                   .table_count = 1,
                   .handler = {.ops = &handler_ops, .self = f}},
        .storage = {&storage_ops, &f->store},
        .send = network_send,
        .send_self = f,
    };
    assert_int_equal(sim_client_host_new(&f->world, &config, &f->host, NULL), SY_OK);
    const sy_event_kind *kinds[] = {&sim_event_timeout, &sim_event_fault, &sim_event_decide,
                                    &sim_event_crash_scene};
    assert_int_equal(sim_trace_read(f->world.trace, read_event, f, kinds, 4), SY_OK);
    assert_int_equal(sim_client_host_start(f->host, NULL, NULL, NULL), SY_OK);
    run_until(f, 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    assert_int_equal(f->world.broken, SY_OK);
    sim_client_host_free(f->host);
    assert_int_equal(f->store.opened, f->store.closed);
    sim_world_deinit(&f->world);
    sy_store_memory_free(f->store.memory);
    sy_arena_deinit(&f->arena);
    free(f);
    return 0;
}

/* `done` gets one of f->ends; they know the fixture by the world's time only. */
typedef struct waiter {
    fixture *f;
    ended *end;
} waiter;

static waiter waiters[8];

static void call_done(void *self, sy_rc rc, const sy_outcome *outcome)
{
    const waiter *who = self;
    ended *end = who->end;
    end->rc = rc;
    end->at = who->f->world.now;
    end->times++;
    if (outcome != NULL && outcome->err != NULL) {
        (void)snprintf(end->detail, sizeof end->detail, "%.60s", outcome->err->text);
    }
}

static sy_rc submit(fixture *f, size_t slot, const sy_call *call)
{
    waiters[slot] = (waiter){f, &f->ends[slot]};
    sy_rc rc = sim_client_host_call(f->host, call, call_done, &waiters[slot], NULL, NULL);
    assert_int_equal(f->ends[slot].times, 0);
    return rc;
}

static void insert(fixture *f, size_t slot, const char *id)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("text");
    assert_int_equal(
        submit(f, slot, &(sy_call){.verb = SY_VERB_INSERT, .table = f->schema->name, .row = row}),
        SY_OK);
}

static void push(fixture *f, size_t slot)
{
    assert_int_equal(submit(f, slot, &(sy_call){.verb = SY_VERB_PUSH}), SY_OK);
}

/* The network answers the request that was sent last. */
static void answer(fixture *f, int status, const sy_row *row)
{
    sim_message *response = sim_message_get(&f->world.messages);
    response->what = SIM_RESPONSE;
    response->send_id = f->sent->send_id;
    response->incarnation = f->sent->incarnation;
    response->response = (sy_response){.status = status, .row = row};
    sim_receiver receiver = sim_client_host_receiver(f->host);
    receiver.ops->receive(receiver.self, response);
}

static const sy_row *server_row(fixture *f, const char *id, const char *version)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    row->cells[SY_COLUMN_VERSION] = sy_cstr(version);
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("text");
    return row;
}

static void a_call_is_done_once_and_never_from_inside(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    run_until(f, 0);
    assert_int_equal(f->ends[0].times, 1);
    assert_int_equal(f->ends[0].rc, SY_OK);
}

static void an_answer_completes_a_push(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    assert_int_equal(f->sent_count, 1);
    assert_int_equal(f->ends[1].times, 0);
    answer(f, 201, server_row(f, "a", "1"));
    run_until(f, SY_SECOND);
    assert_int_equal(f->ends[1].times, 1);
    assert_int_equal(f->ends[1].rc, SY_OK);
    assert_int_equal(sy_client_pending(sim_client_host_client(f->host), (sy_str){0}), 0);
}

static void a_request_times_out_after_a_hundred_seconds(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 100 * SY_SECOND - 1);
    assert_int_equal(f->timeouts, 0);
    run_until(f, 100 * SY_SECOND);
    assert_int_equal(f->timeouts, 1);
    assert_int_equal(f->ends[1].times, 1);
    assert_int_equal(f->ends[1].at, 100 * SY_SECOND);
    assert_int_equal(f->ends[1].rc, SY_PUSH_FAILED);
    answer(f, 201, server_row(f, "a", "1")); /* too late */
    assert_int_equal(f->late, 1);
    assert_int_equal(sy_client_pending(sim_client_host_client(f->host), (sy_str){0}), 1);
}

static void an_app_in_the_background_is_frozen_after_its_grace(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    sim_client_host_suspend(f->host, 10 * SY_SECOND, false);
    run_until(f, 10 * SY_SECOND - 1);
    assert_false(sim_client_host_frozen(f->host));
    wait_until(f, 10 * SY_SECOND);
    assert_true(sim_client_host_frozen(f->host));
    answer(f, 201, server_row(f, "a", "1"));
    const sy_call looks = {.verb = SY_VERB_LOOKUP, .table = f->schema->name, .id = SY_STR("a")};
    assert_int_equal(submit(f, 2, &looks), SY_OK); /* somebody calls it all the same */
    wait_until(f, 500 * SY_SECOND);
    assert_int_equal(f->ends[1].times, 0);
    assert_int_equal(f->ends[2].times, 0);
    assert_int_equal(f->timeouts, 0);
    sim_client_host_resume(f->host);
    run_until(f, 500 * SY_SECOND);
    assert_int_equal(f->ends[1].rc, SY_OK); /* the answer wins against the time-out */
    assert_int_equal(f->ends[1].at, 500 * SY_SECOND);
    assert_int_equal(f->ends[2].times, 1);
    assert_int_equal(f->timeouts, 0);
}

static void a_time_out_that_passed_is_told_when_the_app_is_resumed(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    sim_client_host_suspend(f->host, 0, false);
    wait_until(f, 200 * SY_SECOND);
    assert_int_equal(f->timeouts, 0);
    sim_client_host_resume(f->host);
    run_until(f, 200 * SY_SECOND);
    assert_int_equal(f->timeouts, 1);
    assert_int_equal(f->ends[1].rc, SY_PUSH_FAILED);
    assert_int_equal(f->ends[1].at, 200 * SY_SECOND);
}

static void an_app_that_comes_back_within_its_grace_is_never_frozen(void **state)
{
    fixture *f = *state;
    sim_client_host_suspend(f->host, 10 * SY_SECOND, false);
    wait_until(f, 5 * SY_SECOND);
    sim_client_host_resume(f->host);
    wait_until(f, 8 * SY_SECOND);
    sim_client_host_suspend(f->host, 10 * SY_SECOND, false);
    wait_until(f, 18 * SY_SECOND - 1);
    assert_false(sim_client_host_frozen(f->host)); /* the first grace is nobody's any more */
    wait_until(f, 18 * SY_SECOND);
    assert_true(sim_client_host_frozen(f->host));
}

static void a_frozen_process_can_be_killed(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    sim_client_host_suspend(f->host, 0, false);
    run_until(f, 0);
    answer(f, 201, server_row(f, "a", "1"));
    assert_int_equal(f->late, 0);
    sim_client_host_crash(f->host);
    run_until(f, 0);
    assert_int_equal(f->ends[1].rc, SY_CRASHED);
    assert_int_equal(f->late, 1); /* what it held came for nobody */
    assert_int_equal(sim_client_host_start(f->host, NULL, NULL, NULL), SY_OK);
    run_until(f, 0);
    assert_false(sim_client_host_frozen(f->host));
}

static void a_clock_may_stand_while_its_machine_is_frozen(void **state)
{
    fixture *f = *state;
    const sim_clock *clock = sim_client_host_clock(f->host);
    sim_client_host_suspend(f->host, SY_SECOND, true);
    wait_until(f, SY_HOUR);
    assert_int_equal(sim_clock_now(clock), SY_WORLD_EPOCH + SY_SECOND);
    sim_client_host_resume(f->host);
    wait_until(f, 2 * SY_HOUR);
    assert_int_equal(sim_clock_now(clock), SY_WORLD_EPOCH + SY_HOUR + SY_SECOND);
    sim_client_host_suspend(f->host, 0, true);
    wait_until(f, 3 * SY_HOUR);
    sim_client_host_crash(f->host); /* the machine lives on */
    wait_until(f, 4 * SY_HOUR);
    assert_int_equal(sim_clock_now(clock), SY_WORLD_EPOCH + 2 * SY_HOUR + SY_SECOND);
}

static void a_process_that_ends_in_order_closes_its_store(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    run_until(f, 0);
    push(f, 1);
    run_until(f, 0);
    sim_client_host_stop(f->host);
    run_until(f, 0);
    assert_false(sim_client_host_up(f->host));
    assert_int_equal(f->ends[1].rc, SY_CRASHED);
    assert_int_equal(f->store.closed, 1);
    assert_int_equal(f->store.crashed, 0);
}

static void an_answer_in_time_leaves_no_timeout(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, SY_SECOND);
    answer(f, 201, server_row(f, "a", "1"));
    insert(f, 2, "b");
    wait_until(f, 50 * SY_SECOND);
    push(f, 3);
    run_until(f, 150 * SY_SECOND - 1);
    assert_int_equal(f->timeouts, 0);
    assert_int_equal(f->ends[3].times, 0);
    run_until(f, 150 * SY_SECOND);
    assert_int_equal(f->timeouts, 1);
    assert_int_equal(f->ends[3].at, 150 * SY_SECOND);
}

static void a_refused_request_ends_as_a_network_error(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    sim_receiver receiver = sim_client_host_receiver(f->host);
    sim_message *refused = f->sent;
    f->sent = NULL;
    receiver.ops->refused(receiver.self, refused);
    assert_int_equal(f->ends[1].times, 1);
    assert_int_equal(f->ends[1].at, 0);
    assert_int_equal(f->ends[1].rc, SY_PUSH_FAILED);
}

static void the_cost_of_the_store_keeps_the_host_busy(void **state)
{
    fixture *f = *state;
    f->store.write_ns = SY_MS;
    insert(f, 0, "a");
    run_until(f, 0);
    assert_int_equal(f->ends[0].times, 0);
    insert(f, 1, "b"); /* waits until the first is through */
    run_until(f, SY_SECOND);
    assert_int_equal(f->ends[0].times, 1);
    assert_true(f->ends[0].at >= 2 * SY_MS); /* the row and its queue entry */
    assert_int_equal(f->ends[1].at, f->store.cost_ns);
    assert_true(f->ends[1].at >= f->ends[0].at + 2 * SY_MS);
}

static void a_request_leaves_when_the_store_is_done(void **state)
{
    fixture *f = *state;
    f->store.write_ns = SY_MS;
    insert(f, 0, "a");
    push(f, 1); /* in the same run of the engine, after the writes of the insert */
    run_until(f, 0);
    assert_int_equal(f->sent_count, 0);
    run_until(f, SY_SECOND);
    assert_int_equal(f->sent_count, 1);
    assert_true(f->sent_at >= 2 * SY_MS);
    assert_int_equal(f->sent_at % SY_MS, 0);
}

static void a_crash_ends_every_call_from_an_event(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    sim_client_host_crash(f->host);
    assert_false(sim_client_host_up(f->host));
    assert_null(sim_client_host_client(f->host));
    assert_int_equal(f->ends[1].times, 0);
    run_until(f, 0);
    assert_int_equal(f->ends[1].times, 1);
    assert_int_equal(f->ends[1].rc, SY_CRASHED);
    assert_int_equal(f->store.crashed, 1);
    assert_int_equal(submit(f, 2, &(sy_call){.verb = SY_VERB_PUSH}), SY_STATE);
    run_until(f, SY_HOUR); /* no time-out of a dead process */
    assert_int_equal(f->timeouts, 0);
}

static void a_restart_finds_what_survived_and_ignores_old_answers(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    sim_client_host_crash(f->host);
    run_until(f, 0);
    assert_int_equal(sim_client_host_start(f->host, NULL, NULL, NULL), SY_OK);
    assert_int_equal(sim_client_host_incarnation(f->host), 2);
    run_until(f, 0);
    assert_int_equal(f->scenes, 1);
    assert_int_equal(f->survivors, 1);
    push(f, 2);
    run_until(f, 0);
    assert_int_equal(f->sent_count, 2);
    assert_int_equal(f->sent->send_id, 2); /* not the number of the dead process's */
    f->sent->incarnation = 1;              /* as an answer to that */
    answer(f, 201, server_row(f, "a", "1"));
    assert_int_equal(f->late, 1);
    assert_int_equal(f->ends[2].times, 0);
    f->sent->incarnation = 2;
    answer(f, 201, server_row(f, "a", "1"));
    run_until(f, 0);
    assert_int_equal(f->ends[2].rc, SY_OK);
}

static void a_store_that_dies_takes_the_process_with_it(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    run_until(f, 0);
    f->store.crash_at = f->store.writes + 2;
    insert(f, 1, "b");
    run_until(f, 0);
    assert_false(sim_client_host_up(f->host));
    assert_int_equal(f->ends[1].times, 1);
    assert_int_equal(f->ends[1].rc, SY_CRASHED);
    assert_int_equal(sim_client_host_start(f->host, NULL, NULL, NULL), SY_OK);
    run_until(f, 0);
    assert_int_equal(f->survivors, 1); /* `sound`: the row and its entry, or neither */
}

static void a_busy_process_that_dies_told_nobody(void **state)
{
    fixture *f = *state;
    f->store.write_ns = SY_MS;
    insert(f, 0, "a");
    run_until(f, 0); /* written, but the app does not know yet */
    sim_client_host_crash(f->host);
    run_until(f, SY_SECOND);
    assert_int_equal(f->ends[0].times, 1);
    assert_int_equal(f->ends[0].rc, SY_CRASHED);
}

/* Of somebody else's making. */
static const sy_row *other_row(fixture *f, const char *id)
{
    sy_row *row = sy_row_shallow(&f->arena, server_row(f, id, "1"));
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("other");
    return row;
}

static void a_decision_can_stay_open_and_a_crash_closes_it(void **state)
{
    fixture *f = *state;
    insert(f, 0, "a");
    push(f, 1);
    run_until(f, 0);
    answer(f, 409, other_row(f, "a"));
    run_until(f, 600 * SY_SECOND);
    assert_int_equal(f->opened, 1);
    assert_int_equal(f->closed_decisions, 0);
    sy_decision decision = {.kind = SY_DECIDE_RETURN, .row = server_row(f, "a", "1")};
    assert_int_equal(sim_client_host_decide(f->host, f->decision_id, &decision, NULL), SY_OK);
    assert_int_equal(f->closed_decisions, 1);
    assert_int_equal(sim_client_host_decide(f->host, f->decision_id, &decision, NULL), SY_STATE);
    run_until(f, f->world.now);
    assert_int_equal(f->ends[1].rc, SY_OK);

    insert(f, 2, "b");
    push(f, 3);
    run_until(f, f->world.now);
    answer(f, 409, other_row(f, "b"));
    run_until(f, f->world.now);
    assert_int_equal(f->opened, 2);
    sim_client_host_crash(f->host);
    assert_int_equal(f->closed_decisions, 2);
    run_until(f, f->world.now);
    assert_int_equal(f->ends[3].rc, SY_CRASHED);
    assert_int_equal(sim_client_host_decide(f->host, f->decision_id, &decision, NULL), SY_STATE);
}

static void a_device_starts_once(void **state)
{
    fixture *f = *state;
    assert_int_equal(sim_client_host_start(f->host, NULL, NULL, NULL), SY_STATE);
    assert_true(sim_client_host_up(f->host));
    assert_string_equal(sim_client_host_name(f->host), "phone");
}

#define HOST_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST_TEST(a_call_is_done_once_and_never_from_inside),
        HOST_TEST(an_answer_completes_a_push),
        HOST_TEST(a_request_times_out_after_a_hundred_seconds),
        HOST_TEST(an_answer_in_time_leaves_no_timeout),
        HOST_TEST(an_app_in_the_background_is_frozen_after_its_grace),
        HOST_TEST(a_time_out_that_passed_is_told_when_the_app_is_resumed),
        HOST_TEST(an_app_that_comes_back_within_its_grace_is_never_frozen),
        HOST_TEST(a_frozen_process_can_be_killed),
        HOST_TEST(a_clock_may_stand_while_its_machine_is_frozen),
        HOST_TEST(a_process_that_ends_in_order_closes_its_store),
        HOST_TEST(a_refused_request_ends_as_a_network_error),
        HOST_TEST(the_cost_of_the_store_keeps_the_host_busy),
        HOST_TEST(a_request_leaves_when_the_store_is_done),
        HOST_TEST(a_crash_ends_every_call_from_an_event),
        HOST_TEST(a_restart_finds_what_survived_and_ignores_old_answers),
        HOST_TEST(a_store_that_dies_takes_the_process_with_it),
        HOST_TEST(a_busy_process_that_dies_told_nobody),
        HOST_TEST(a_decision_can_stay_open_and_a_crash_closes_it),
        HOST_TEST(a_device_starts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

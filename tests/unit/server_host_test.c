/* The server's machine: exact virtual times of workers, commits and answers; crashes; notices. */
#include "sim/host/server_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/store/store_memory.h"
#include "tests/unit/support.h"

#define ANSWER_COUNT_MAX 512

typedef struct sent {
    sy_time at;
    uint64_t send_id;
    sim_message_what what;
    uint32_t to;
    int status;
    sy_time updated_at;
} sent;

typedef struct machine {
    test_alloc alloc;
    sim_world world;
    sy_arena arena;
    const sy_schema *schema;
    sy_server_table table;
    sy_store_memory *memory;
    sim_server_host_config config;
    sim_server_host *host;
    sent sent[ANSWER_COUNT_MAX];
    size_t sent_count;
    uint64_t faults, crashes;
    /* the store that is handed on: the memory store, which kills the host at a write */
    uint64_t writes, crash_at;
    bool opened, closed_crashed;
    sy_time cost_ns, commit_cost_ns;
} machine;

/* -- a store that can kill its process -- */

static sy_store inner(void *self)
{
    return sy_store_memory_port(((machine *)self)->memory);
}

static sy_rc define(void *self, const sy_schema *schema, sy_err *err)
{
    return sy_store_define(inner(self), schema, err);
}

static sy_rc transact(void *self, sy_transaction_step step, sy_err *err)
{
    machine *m = self;
    m->cost_ns += step == SY_COMMIT ? m->commit_cost_ns : 0;
    return sy_store_transact(inner(self), step, err);
}

static sy_rc read_row(void *self, const sy_schema *schema, sy_str id, sy_arena *arena,
                      const sy_row **out, sy_err *err)
{
    return sy_store_read(inner(self), schema, id, arena, out, err);
}

static sy_rc query(void *self, const sy_query *q, sy_arena *arena, sy_rows *out, sy_err *err)
{
    return sy_store_query(inner(self), q, arena, out, err);
}

static sy_rc write_row(void *self, const sy_row *row, sy_err *err)
{
    machine *m = self;
    if (++m->writes == m->crash_at) {
        sim_server_host_crash(m->host);
        return SY_FAIL(err, SY_CRASHED, "the process died");
    }
    return sy_store_write(inner(self), row, err);
}

static sy_rc remove_row(void *self, const sy_schema *schema, sy_str id, sy_err *err)
{
    return sy_store_remove(inner(self), schema, id, err);
}

static sy_time cost(void *self)
{
    return ((machine *)self)->cost_ns;
}

static const sy_store_ops store_ops = {define,    transact,   read_row, query,
                                       write_row, remove_row, cost};

static sy_rc storage_open(void *self, sy_store *out, sy_err *err)
{
    machine *m = self;
    (void)err;
    assert_false(m->opened);
    m->opened = true;
    *out = (sy_store){&store_ops, m};
    return SY_OK;
}

static void storage_close(void *self, bool crashed)
{
    machine *m = self;
    assert_true(m->opened);
    m->opened = false;
    m->closed_crashed = crashed;
    if (crashed) {
        sy_store_memory_crash(m->memory);
    }
}

static const sim_storage_ops storage_ops = {.open = storage_open, .close = storage_close};

/* -- the network, the trace -- */

static void send_message(void *self, sim_message *message)
{
    machine *m = self;
    assert_true(m->sent_count < ANSWER_COUNT_MAX);
    bool answers = message->what == SIM_RESPONSE;
    const sy_row *row = answers ? message->response.row : NULL;
    m->sent[m->sent_count++] = (sent){.at = m->world.now,
                                      .send_id = message->send_id,
                                      .what = message->what,
                                      .to = message->to,
                                      .status = answers ? message->response.status : 0,
                                      .updated_at = row != NULL ? sy_row_updated_at(row) : 0};
    sim_message_put(&m->world.messages, message);
}

static bool installation(void *self, uint32_t number, uint32_t *host, sy_str *installation_id)
{
    static const char *const names[] = {"phone", "tablet", "watch"};
    (void)self;
    if (number >= 3) {
        return false;
    }
    *host = 10 + number;
    *installation_id = sy_str_of(names[number]);
    return true;
}

static void see(void *self, const sim_event *event)
{
    machine *m = self;
    m->faults += event->kind == &sim_event_fault;
    m->crashes += event->kind == &sim_event_host &&
                  sy_str_equal(sy_value_str(&event->fields[1]), SY_STR("crashed"));
}

static machine *machine_new(bool calm)
{
    machine *m = sy_alloc_zeroed(sy_alloc_std(), sizeof *m);
    assert_non_null(m);
    test_alloc_init(&m->alloc, 0);
    assert_int_equal(sim_world_init(&m->world, test_alloc_port(&m->alloc), 1, calm, NULL), SY_OK);
    sy_arena_init(&m->arena, sy_alloc_std());
    assert_int_equal(sy_store_memory_new(sy_alloc_std(), &m->memory, NULL), SY_OK);
    sy_column column = {SY_STR("text"), SY_TYPE_TEXT};
    assert_int_equal(
        sy_schema_new(&m->arena, SY_STR("todo"), SY_SYSTEM_CLASSIC, &column, 1, &m->schema, NULL),
        SY_OK);
    m->table = (sy_server_table){.schema = m->schema, .soft_delete = true};
    m->config = (sim_server_host_config){
        .name = "server",
        .server = {.dialect = &sy_server_dialect_sound, .tables = &m->table, .table_count = 1},
        .storage = {&storage_ops, m},
        .workers = 1,
        .service_ns = 10 * SY_MS,
        .commit_ns = 4 * SY_MS,
        .send = send_message,
        .send_self = m,
        .installation = installation};
    const sy_event_kind *kinds[] = {&sim_event_fault, &sim_event_host};
    assert_int_equal(sim_trace_read(m->world.trace, see, m, kinds, 2), SY_OK);
    return m;
}

static void machine_start(machine *m)
{
    assert_int_equal(sim_server_host_new(&m->world, &m->config, &m->host, NULL), SY_OK);
    assert_int_equal(sim_server_host_start(m->host, NULL), SY_OK);
}

static int setup(void **state)
{
    *state = machine_new(false);
    return 0;
}

static int teardown(void **state)
{
    machine *m = *state;
    sim_server_host_free(m->host);
    sim_world_deinit(&m->world);
    assert_int_equal(test_alloc_live(&m->alloc), 0);
    sy_store_memory_free(m->memory);
    sy_arena_deinit(&m->arena);
    sy_alloc_free(sy_alloc_std(), m, sizeof *m);
    return 0;
}

static const sy_row *row_of(machine *m, sy_arena *arena, sy_str id)
{
    sy_row *row = sy_row_new(arena, m->schema);
    if (row != NULL) {
        row->cells[SY_COLUMN_ID] = sy_text(id);
        row->cells[SY_SYSTEM_COUNT] = sy_cstr("milk");
    }
    return row;
}

/* false: no memory. */
static bool try_request(machine *m, sy_method method, const char *id, uint64_t send_id)
{
    sim_message *message = sim_message_get(&m->world.messages);
    if (message == NULL) {
        return false;
    }
    bool writes = method == SY_METHOD_INSERT || method == SY_METHOD_UPDATE;
    sy_str copy = sy_arena_copy(&message->arena, sy_str_of(id));
    const sy_row *row = writes ? row_of(m, &message->arena, copy) : NULL;
    message->what = SIM_REQUEST;
    message->from = 10;
    message->send_id = send_id;
    message->incarnation = 3;
    message->key = (sy_request_key){.subject = send_id, .attempt = 1};
    message->request = (sy_request){.method = method,
                                    .table = SY_STR("todo"),
                                    .id = copy,
                                    .row = row,
                                    .installation_id = SY_STR("phone"),
                                    .since_sequence = -1};
    if (copy.data == NULL || (writes && row == NULL)) {
        sim_message_put(&m->world.messages, message);
        return false;
    }
    sim_receiver receiver = sim_server_host_receiver(m->host);
    receiver.ops->receive(receiver.self, message);
    return true;
}

static void send_request(machine *m, sy_method method, const char *id, uint64_t send_id)
{
    assert_true(try_request(m, method, id, send_id));
}

static void run(machine *m)
{
    while (sim_world_step(&m->world, SY_TIME_MAX)) {
    }
    assert_int_equal(m->world.broken, SY_OK);
}

static void run_until(machine *m, sy_time until)
{
    while (sim_world_step(&m->world, until)) {
    }
    m->world.now = until;
}

static const sy_row *stored(machine *m, const char *id)
{
    const sy_schema *schema = sy_server_schema(sim_server_host_server(m->host), SY_STR("todo"));
    const sy_row *row = NULL;
    assert_int_equal(sy_store_read(inner(m), schema, sy_str_of(id), &m->arena, &row, NULL), SY_OK);
    return row;
}

/* -- workers -- */

static void an_answer_leaves_after_the_service_time(void **state)
{
    machine *m = *state;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 7);
    run_until(m, 3 * SY_MS);
    assert_null(stored(m, "a"));
    run_until(m, 4 * SY_MS);
    assert_non_null(stored(m, "a"));
    assert_int_equal(m->sent_count, 0);
    run(m);
    assert_int_equal(m->sent_count, 1);
    assert_int_equal(m->sent[0].at, 10 * SY_MS);
    assert_int_equal(m->sent[0].send_id, 7);
    assert_int_equal(m->sent[0].to, 10);
    assert_int_equal(m->sent[0].status, 201);
    assert_int_equal(m->sent[0].updated_at, SY_WORLD_EPOCH);
}

static void requests_wait_for_a_free_worker_in_order(void **state)
{
    machine *m = *state;
    m->config.workers = 2;
    machine_start(m);
    static const char *const ids[] = {"a", "b", "c", "d", "e"};
    for (uint64_t i = 0; i < 5; i++) {
        send_request(m, SY_METHOD_INSERT, ids[i], i + 1);
    }
    run(m);
    assert_int_equal(m->sent_count, 5);
    for (uint64_t i = 0; i < 5; i++) {
        assert_int_equal(m->sent[i].send_id, i + 1);
        assert_int_equal(m->sent[i].at, (sy_time)(i / 2 + 1) * 10 * SY_MS);
        assert_int_equal(m->sent[i].updated_at, SY_WORLD_EPOCH + (sy_time)(i / 2) * 10 * SY_MS);
    }
}

static void without_a_service_time_the_answer_is_there_at_once(void **state)
{
    machine *m = *state;
    m->config.service_ns = 0;
    m->config.commit_ns = 0;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    send_request(m, SY_METHOD_READ, "a", 2);
    assert_int_equal(m->sent_count, 2);
    assert_int_equal(m->sent[1].status, 200);
    assert_false(sim_world_step(&m->world, SY_TIME_MAX));
}

static void what_the_store_costs_delays_the_answer(void **state)
{
    machine *m = *state;
    m->commit_cost_ns = 20 * SY_MS;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    assert_int_equal(m->sent[0].at, 24 * SY_MS);
}

static void commits_are_late_by_draws_of_the_weather(void **state)
{
    machine *m = *state;
    m->config.workers = 100;
    m->config.commit_spread_ns = 50 * SY_MS;
    machine_start(m);
    for (uint64_t i = 1; i <= 100; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "r%d", (int)i);
        send_request(m, SY_METHOD_INSERT, id, i);
    }
    run(m);
    assert_int_equal(m->sent_count, 100);
    size_t late = 0;
    bool overtaken = false;
    for (size_t i = 0; i < 100; i++) {
        assert_true(m->sent[i].at >= 10 * SY_MS && m->sent[i].at <= 54 * SY_MS);
        late += m->sent[i].at > 10 * SY_MS;
        overtaken = overtaken || (i > 0 && m->sent[i].send_id < m->sent[i - 1].send_id);
    }
    assert_true(late > 50);
    assert_true(overtaken);
}

static void in_calm_weather_no_commit_is_late(void **state)
{
    teardown(state);
    machine *m = machine_new(true);
    *state = m;
    m->config.commit_spread_ns = 50 * SY_MS;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    assert_int_equal(m->sent[0].at, 10 * SY_MS);
}

/* -- crashes -- */

static void a_crash_loses_what_is_in_progress_and_keeps_what_was_committed(void **state)
{
    machine *m = *state;
    m->config.workers = 2;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run_until(m, 2 * SY_MS);
    send_request(m, SY_METHOD_INSERT, "b", 2);
    send_request(m, SY_METHOD_INSERT, "c", 3);
    run_until(m, 5 * SY_MS); /* a is committed, b is not, c waits */
    sim_server_host_crash(m->host);
    assert_false(sim_server_host_up(m->host));
    assert_null(sim_server_host_server(m->host));
    assert_true(m->closed_crashed);
    assert_int_equal(m->faults, 3);
    assert_int_equal(sim_server_host_start(m->host, NULL), SY_OK);
    assert_non_null(stored(m, "a"));
    assert_null(stored(m, "b"));
    send_request(m, SY_METHOD_INSERT, "d", 4);
    run(m); /* the dead jobs' events do nothing */
    assert_int_equal(m->sent_count, 1);
    assert_int_equal(m->sent[0].send_id, 4);
    assert_int_equal(m->sent[0].at, 15 * SY_MS);
}

static void a_request_to_a_server_that_is_down_is_a_fault_in_the_trace(void **state)
{
    machine *m = *state;
    machine_start(m);
    sim_server_host_crash(m->host);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    assert_int_equal(m->faults, 1);
    assert_int_equal(m->sent_count, 0);
}

static void notices_of_a_window_leave_together_or_as_one(void **state)
{
    machine *m = *state;
    m->config.server.notifies = true;
    machine_start(m);
    sim_server_host_gather_notices(m->host, SY_SECOND, false);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    send_request(m, SY_METHOD_INSERT, "b", 2);
    run_until(m, SY_SECOND);
    const size_t answers = m->sent_count;
    run(m);
    const size_t each = m->sent_count - answers;
    assert_int_equal(each, 4);
    assert_int_equal(m->sent[answers].at, m->sent[m->sent_count - 1].at);
    sim_server_host_gather_notices(m->host, SY_SECOND, true);
    const size_t before = m->sent_count;
    send_request(m, SY_METHOD_INSERT, "c", 3);
    send_request(m, SY_METHOD_INSERT, "d", 4);
    run(m);
    assert_int_equal(m->sent_count - before, 4);
    send_request(m, SY_METHOD_INSERT, "e", 5);
    run_until(m, m->world.now + 20 * SY_MS);
    const size_t last = m->sent_count;
    sim_server_host_crash(m->host);
    run(m);
    assert_int_equal(m->sent_count, last); /* what was held is lost */
}

static void each_instance_stamps_by_its_own_clock(void **state)
{
    machine *m = *state;
    m->config.instances = 3; /* the sender is host 10: the second one serves it */
    machine_start(m);
    sim_clock_step(sim_server_host_clock(m->host, 0), SY_DAY);
    sim_clock_step(sim_server_host_clock(m->host, 1), -SY_HOUR);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    assert_int_equal(m->sent[0].updated_at, SY_WORLD_EPOCH - SY_HOUR);
}

static void a_row_can_be_removed_behind_the_servers_back(void **state)
{
    machine *m = *state;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    assert_int_equal(sim_server_host_hard_delete(m->host, SY_STR("todo"), SY_STR("a"), NULL),
                     SY_OK);
    assert_null(stored(m, "a"));
    assert_int_equal(sim_server_host_hard_delete(m->host, SY_STR("none"), SY_STR("a"), NULL),
                     SY_SCHEMA);
    sim_server_host_crash(m->host);
    assert_int_equal(sim_server_host_hard_delete(m->host, SY_STR("todo"), SY_STR("a"), NULL),
                     SY_STATE);
}

static void a_process_that_dies_every_minute_comes_back(void **state)
{
    machine *m = *state;
    assert_int_equal(sim_server_host_new(&m->world, &m->config, &m->host, NULL), SY_OK);
    sim_server_host_set_weather(m->host,
                                &(sim_server_weather){.crash = 1000, .down_ns = 10 * SY_SECOND});
    assert_int_equal(sim_server_host_start(m->host, NULL), SY_OK);
    run_until(m, 5 * SY_MINUTE);
    assert_in_range(m->crashes, 4, 5);
    m->world.calm = true;
    run_until(m, 10 * SY_MINUTE);
    assert_in_range(m->crashes, 4, 5);
    assert_true(sim_server_host_up(m->host));
}

static void requests_may_be_turned_away_by_weather(void **state)
{
    machine *m = *state;
    assert_int_equal(sim_server_host_new(&m->world, &m->config, &m->host, NULL), SY_OK);
    sim_server_host_set_weather(m->host, &(sim_server_weather){.throttled = 500});
    assert_int_equal(sim_server_host_start(m->host, NULL), SY_OK);
    for (uint64_t i = 1; i <= 40; i++) {
        send_request(m, SY_METHOD_READ, "a", i);
    }
    run(m);
    assert_in_range(m->faults, 8, 32);
    assert_int_equal(m->sent_count, 40);
}

static void a_maintenance_window_turns_requests_away(void **state)
{
    machine *m = *state;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run_until(m, SY_MS);
    sim_server_host_close_for(m->host, SY_MINUTE);
    send_request(m, SY_METHOD_INSERT, "b", 2);
    assert_int_equal(m->sent_count, 1); /* at once; the one in progress is served */
    assert_int_equal(m->sent[0].status, 503);
    assert_int_equal(m->sent[0].send_id, 2);
    run_until(m, SY_MINUTE);
    assert_int_equal(m->sent[1].status, 201);
    send_request(m, SY_METHOD_INSERT, "c", 3);
    assert_int_equal(m->sent[2].status, 503);
    run_until(m, SY_MINUTE + SY_MS);
    send_request(m, SY_METHOD_INSERT, "d", 4);
    run(m);
    assert_int_equal(m->sent[3].status, 201);
    assert_null(stored(m, "b"));
    assert_null(stored(m, "c"));
    assert_int_equal(m->faults, 2);
}

static void a_quota_holds_for_each_interval(void **state)
{
    machine *m = *state;
    machine_start(m);
    sim_server_host_throttle(m->host, 2, SY_SECOND);
    for (uint64_t i = 0; i < 4; i++) {
        const char id[] = {(char)('a' + i), '\0'};
        send_request(m, SY_METHOD_INSERT, id, i + 1);
    }
    assert_int_equal(m->sent_count, 2);
    assert_int_equal(m->sent[0].status, 429);
    assert_int_equal(m->sent[0].send_id, 3);
    run_until(m, SY_SECOND);
    send_request(m, SY_METHOD_INSERT, "e", 5);
    sim_server_host_heal(m->host);
    for (uint64_t i = 6; i < 10; i++) {
        const char id[] = {(char)('a' + i), '\0'};
        send_request(m, SY_METHOD_INSERT, id, i);
    }
    run(m);
    assert_int_equal(m->faults, 2);
    assert_int_equal(m->sent_count, 9);
}

static void a_crash_from_inside_the_store_takes_the_process_at_each_write(void **state)
{
    machine *m = *state;
    m->config.service_ns = 0;
    m->config.commit_ns = 0;
    machine_start(m);
    for (uint64_t n = 1; n <= 4; n++) {
        m->crash_at = m->writes + n;
        while (sim_server_host_up(m->host)) {
            char id[16];
            (void)snprintf(id, sizeof id, "r%d", (int)m->writes);
            send_request(m, SY_METHOD_INSERT, id, m->writes + 1);
        }
        assert_int_equal(m->crashes, n);
        assert_true(m->closed_crashed);
        assert_int_equal(sim_server_host_start(m->host, NULL), SY_OK);
        send_request(m, SY_METHOD_INSERT, n == 1 ? "x1" : n == 2 ? "x2" : n == 3 ? "x3" : "x4", 99);
        assert_int_equal(m->sent[m->sent_count - 1].status, 201);
    }
}

/* -- notices, the back office -- */

static void the_other_installations_are_told_after_the_commit(void **state)
{
    machine *m = *state;
    m->config.server.notifies = true;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    assert_int_equal(m->sent_count, 3);
    assert_int_equal(m->sent[0].what, SIM_NOTICE);
    assert_int_equal(m->sent[0].to, 11);
    assert_int_equal(m->sent[0].at, 4 * SY_MS);
    assert_int_equal(m->sent[1].to, 12);
    assert_int_equal(m->sent[2].what, SIM_RESPONSE);
}

static sy_request office_request(machine *m, const char *id)
{
    return (sy_request){.method = SY_METHOD_INSERT,
                        .table = SY_STR("todo"),
                        .row = row_of(m, &m->arena, sy_str_of(id)),
                        .since_sequence = -1};
}

static void the_back_office_is_served_at_once_and_everybody_is_told(void **state)
{
    machine *m = *state;
    m->config.server.notifies = true;
    machine_start(m);
    sy_request request = office_request(m, "a");
    sy_response got;
    assert_int_equal(sim_server_host_serve(m->host, &request, &m->arena, &got, NULL), SY_OK);
    assert_int_equal(got.status, 201);
    assert_int_equal(m->world.now, 0);
    assert_int_equal(m->sent_count, 3);
    sim_server_host_crash(m->host);
    assert_int_equal(sim_server_host_serve(m->host, &request, &m->arena, &got, NULL), SY_STATE);
}

static void a_crash_under_the_back_office_is_told(void **state)
{
    machine *m = *state;
    machine_start(m);
    m->crash_at = 1;
    sy_request request = office_request(m, "a");
    sy_response got;
    assert_int_equal(sim_server_host_serve(m->host, &request, &m->arena, &got, NULL), SY_CRASHED);
    assert_false(sim_server_host_up(m->host));
    assert_int_equal(sim_server_host_start(m->host, NULL), SY_OK);
    assert_null(stored(m, "a"));
}

static void starting_twice_is_refused(void **state)
{
    machine *m = *state;
    machine_start(m);
    assert_int_equal(sim_server_host_start(m->host, NULL), SY_STATE);
}

static void in_steady_state_nothing_is_allocated(void **state)
{
    machine *m = *state;
    machine_start(m);
    send_request(m, SY_METHOD_INSERT, "a", 1);
    run(m);
    uint64_t before = 0; /* the trace keeps its last 4 MiB: until then it grows */
    for (uint64_t i = 0; i < 22000; i++) {
        if (i == 20000) {
            before = m->alloc.count;
        }
        send_request(m, SY_METHOD_UPDATE, "a", i + 2);
        send_request(m, SY_METHOD_READ, "a", i + 2);
        run(m);
        m->sent_count = 0;
    }
    assert_int_equal(m->alloc.count, before);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        machine *m = machine_new(false);
        m->alloc.fail_at = m->alloc.count + n;
        m->config.server.notifies = true;
        if (sim_server_host_new(&m->world, &m->config, &m->host, NULL) == SY_OK &&
            sim_server_host_start(m->host, NULL) == SY_OK) {
            bool accepted = try_request(m, SY_METHOD_INSERT, "a", 1);
            while (sim_world_step(&m->world, SY_TIME_MAX)) {
            }
            bool answered = m->sent_count == 3 && m->world.broken == SY_OK;
            assert_true(!accepted || answered || m->world.broken == SY_NOMEM);
        }
        bool failed = test_alloc_failed(&m->alloc);
        void *taken = m;
        teardown(&taken);
        if (!failed) {
            assert_true(n > 10);
            break;
        }
    }
}

int main(void)
{
#define HOST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        HOST(an_answer_leaves_after_the_service_time),
        HOST(requests_wait_for_a_free_worker_in_order),
        HOST(without_a_service_time_the_answer_is_there_at_once),
        HOST(what_the_store_costs_delays_the_answer),
        HOST(commits_are_late_by_draws_of_the_weather),
        HOST(in_calm_weather_no_commit_is_late),
        HOST(a_crash_loses_what_is_in_progress_and_keeps_what_was_committed),
        HOST(a_request_to_a_server_that_is_down_is_a_fault_in_the_trace),
        HOST(a_crash_from_inside_the_store_takes_the_process_at_each_write),
        HOST(the_other_installations_are_told_after_the_commit),
        HOST(the_back_office_is_served_at_once_and_everybody_is_told),
        HOST(a_crash_under_the_back_office_is_told),
        HOST(starting_twice_is_refused),
        HOST(in_steady_state_nothing_is_allocated),
        HOST(notices_of_a_window_leave_together_or_as_one),
        HOST(each_instance_stamps_by_its_own_clock),
        HOST(a_row_can_be_removed_behind_the_servers_back),
        HOST(a_process_that_dies_every_minute_comes_back),
        HOST(requests_may_be_turned_away_by_weather),
        HOST(a_maintenance_window_turns_requests_away),
        HOST(a_quota_holds_for_each_interval),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sim/run/simulation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/port/events.h"
#include "tests/unit/support.h"

typedef struct divergence {
    char host[32], id[32], reason[64];
} divergence;

typedef struct fixture {
    sim_simulation *simulation;
    sim_world *world;
    sy_arena arena;
    const sy_schema *schema;
    sim_device *phone, *tablet;
    bool done;
    sy_rc rc;
    int64_t count;
    char text[64]; /* of the first row */
    divergence divergences[16];
    size_t divergence_count;
    uint64_t scopes, survivors;
} fixture;

static void read_event(void *self, const sim_event *event)
{
    fixture *f = self;
    if (event->kind == &sim_event_scope) {
        f->scopes++;
    } else if (event->kind == &sim_event_survivor_row) {
        f->survivors++;
    } else if (f->divergence_count < 16) {
        divergence *to = &f->divergences[f->divergence_count++];
        sy_str host = sy_value_str(&event->fields[0]);
        sy_str id = sy_value_str(&event->fields[2]);
        sy_str reason = sy_value_str(&event->fields[5]);
        (void)snprintf(to->host, sizeof to->host, "%.*s", SY_FMT(host));
        (void)snprintf(to->id, sizeof to->id, "%.*s", SY_FMT(id));
        (void)snprintf(to->reason, sizeof to->reason, "%.*s", SY_FMT(reason));
    }
}

static sim_device *add_device(fixture *f, const char *name, sim_store_kind store,
                              const sy_policy *policy)
{
    sy_client_table table = {.schema = f->schema, .policy = policy};
    sim_device_config config = {.name = name,
                                .store = store,
                                .tables = &table,
                                .table_count = 1,
                                .weather = {.net = {.latency_min_ns = 20 * SY_MS}}};
    sim_device *device = NULL;
    assert_int_equal(sim_simulation_add_device(f->simulation, &config, &device, NULL), SY_OK);
    return device;
}

static fixture *fixture_of_seed(uint64_t seed, const sy_dialect *dialect, sim_store_kind store,
                                const sy_policy *policy)
{
    fixture *f = calloc(1, sizeof *f);
    sim_options options = {.seed = seed, .dialect = dialect};
    sy_err err = {0};
    assert_int_equal(sim_simulation_new(sy_alloc_std(), &options, &f->simulation, &err), SY_OK);
    f->world = sim_simulation_world(f->simulation);
    sy_arena_init(&f->arena, sy_alloc_std());
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}, {SY_STR("done"), SY_TYPE_BOOL}};
    uint32_t system =
        dialect == &sy_dialect_sound ? (1u << SY_SYSTEM_COUNT) - 1 : SY_SYSTEM_CLASSIC;
    assert_int_equal(
        sy_schema_new(&f->arena, SY_STR("todoitem"), system, columns, 2, &f->schema, NULL), SY_OK);
    const sy_event_kind *kinds[] = {&sim_event_scope, &sim_event_divergence,
                                    &sim_event_survivor_row};
    assert_int_equal(sim_trace_read(f->world->trace, read_event, f, kinds, 3), SY_OK);
    sy_server_table table = {.schema = f->schema, .soft_delete = true};
    sim_server_options server = {.store = store,
                                 .tables = &table,
                                 .table_count = 1,
                                 .service_ns = 5 * SY_MS,
                                 .commit_ns = SY_MS};
    assert_int_equal(sim_simulation_add_server(f->simulation, &server, &err), SY_OK);
    f->phone = add_device(f, "phone", store, policy);
    f->tablet = add_device(f, "tablet", store, policy);
    return f;
}

static fixture *fixture_new(const sy_dialect *dialect, sim_store_kind store,
                            const sy_policy *policy)
{
    return fixture_of_seed(7, dialect, store, policy);
}

static void fixture_free(fixture *f)
{
    assert_int_equal(f->world->broken, SY_OK);
    sim_simulation_free(f->simulation);
    sy_arena_deinit(&f->arena);
    free(f);
}

static void run(fixture *f)
{
    while (!f->done && sim_world_step(f->world, SY_TIME_MAX)) {
    }
    assert_true(f->done);
    f->done = false;
}

static void call_done(void *self, sy_rc rc, const sy_outcome *outcome)
{
    fixture *f = self;
    assert_false(f->done);
    f->done = true;
    f->rc = rc;
    f->count = outcome != NULL ? outcome->count : -1;
    f->text[0] = '\0';
    if (outcome != NULL && outcome->rows.count > 0) {
        const sy_value *text = sy_row_find(outcome->rows.items[0], SY_STR("text"));
        sy_str value = sy_value_str(text);
        (void)snprintf(f->text, sizeof f->text, "%.*s", SY_FMT(value));
    }
}

static sy_rc call(fixture *f, sim_device *device, const sy_call *call)
{
    sy_err err = {0};
    assert_int_equal(sim_client_host_call(sim_device_host(device), call, call_done, f, NULL, &err),
                     SY_OK);
    assert_false(f->done);
    run(f);
    return f->rc;
}

static sy_rc write(fixture *f, sim_device *device, sy_verb verb, const char *id, const char *text)
{
    sy_row *row = sy_row_new(&f->arena, f->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr(id);
    if (text != NULL) {
        row->cells[SY_SYSTEM_COUNT] = sy_cstr(text);
    }
    return call(
        f, device,
        &(sy_call){.verb = verb, .table = f->schema->name, .id = sy_str_of(id), .row = row});
}

static sy_rc push(fixture *f, sim_device *device)
{
    return call(f, device, &(sy_call){.verb = SY_VERB_PUSH});
}

static sy_rc pull(fixture *f, sim_device *device)
{
    sy_query query = sy_query_all(f->schema);
    return call(f, device,
                &(sy_call){.verb = SY_VERB_PULL, .query = &query, .query_id = SY_STR("all")});
}

static const char *text_of(fixture *f, sim_device *device, const char *id)
{
    (void)call(f, device,
               &(sy_call){.verb = SY_VERB_LOOKUP, .table = f->schema->name, .id = sy_str_of(id)});
    return f->text;
}

static void settled(void *self, sy_rc rc)
{
    fixture *f = self;
    f->done = true;
    f->rc = rc;
}

static sy_rc settle(fixture *f)
{
    assert_int_equal(sim_simulation_settle(f->simulation, settled, f, NULL), SY_OK);
    assert_false(f->done);
    run(f);
    return f->rc;
}

static const sy_dialect *const dialects[] = {&sy_dialect_mobile_apps, &sy_dialect_toolkit,
                                             &sy_dialect_sound};

static void a_row_travels_from_one_device_to_the_other(void **state)
{
    (void)state;
    for (size_t d = 0; d < 3; d++) {
        for (int store = SIM_STORE_MEMORY; store <= SIM_STORE_SQLITE; store++) {
            fixture *f = fixture_new(dialects[d], (sim_store_kind)store, NULL);
            assert_int_equal(write(f, f->phone, SY_VERB_INSERT, "milk", "buy milk"), SY_OK);
            assert_int_equal(push(f, f->phone), SY_OK);
            assert_int_equal(f->world->now, 45 * SY_MS);
            assert_int_equal(pull(f, f->tablet), SY_OK);
            assert_string_equal(text_of(f, f->tablet, "milk"), "buy milk");
            assert_int_equal(settle(f), SY_OK);
            assert_int_equal(f->divergence_count, 0);
            assert_int_equal(f->scopes, 1);
            fixture_free(f);
        }
    }
}

/* Both know the row; the phone's edit is on the server, the tablet's in its queue. */
static fixture *conflict(const sy_dialect *dialect, const sy_policy *policy)
{
    fixture *f = fixture_new(dialect, SIM_STORE_MEMORY, policy);
    assert_int_equal(write(f, f->phone, SY_VERB_INSERT, "milk", "buy milk"), SY_OK);
    assert_int_equal(push(f, f->phone), SY_OK);
    assert_int_equal(pull(f, f->phone), SY_OK);
    assert_int_equal(pull(f, f->tablet), SY_OK);
    assert_int_equal(write(f, f->phone, SY_VERB_UPDATE, "milk", "phone's"), SY_OK);
    assert_int_equal(write(f, f->tablet, SY_VERB_UPDATE, "milk", "tablet's"), SY_OK);
    assert_int_equal(push(f, f->phone), SY_OK);
    return f;
}

static void settling_brings_everybody_to_what_the_policy_decides(void **state)
{
    (void)state;
    for (size_t d = 0; d < 3; d++) {
        fixture *f = conflict(dialects[d], &sy_policy_client_wins);
        assert_int_equal(settle(f), SY_OK);
        assert_int_equal(f->divergence_count, 0);
        assert_string_equal(text_of(f, f->phone, "milk"), "tablet's");
        assert_int_equal(sim_simulation_counts(f->simulation).conflicts, 1);
        fixture_free(f);
        f = conflict(dialects[d], &sy_policy_server_wins);
        assert_int_equal(settle(f), SY_OK);
        assert_int_equal(f->divergence_count, 0);
        assert_string_equal(text_of(f, f->tablet, "milk"), "phone's");
        fixture_free(f);
    }
}

static void an_operation_that_nobody_resolves_is_a_divergence(void **state)
{
    (void)state;
    fixture *f = conflict(&sy_dialect_mobile_apps, NULL);
    assert_int_equal(settle(f), SY_OK);
    assert_true(f->divergence_count > 0);
    assert_string_equal(f->divergences[0].host, "tablet");
    assert_string_equal(f->divergences[0].id, "milk");
    assert_string_equal(f->divergences[0].reason, "pending operation");
    fixture_free(f);
}

static void settling_heals_links_and_restarts_devices(void **state)
{
    (void)state;
    fixture *f = fixture_new(&sy_dialect_sound, SIM_STORE_SQLITE, &sy_policy_client_wins);
    assert_int_equal(pull(f, f->tablet), SY_OK);
    assert_int_equal(write(f, f->phone, SY_VERB_INSERT, "milk", "buy milk"), SY_OK);
    sim_link_set(sim_device_link(f->phone), false, false);
    sim_client_host_crash(sim_device_host(f->phone));
    sim_server_host_crash(sim_simulation_server(f->simulation));
    assert_int_equal(settle(f), SY_OK);
    assert_int_equal(f->divergence_count, 0);
    assert_true(f->survivors > 0);
    assert_true(sim_client_host_up(sim_device_host(f->phone)));
    assert_string_equal(text_of(f, f->tablet, "milk"), "buy milk");
    assert_int_equal(sim_simulation_counts(f->simulation).crashes, 2);
    fixture_free(f);
}

static void what_was_pulled_before_a_crash_is_compared_after_it(void **state)
{
    (void)state;
    fixture *f = fixture_new(&sy_dialect_sound, SIM_STORE_MEMORY, &sy_policy_client_wins);
    assert_int_equal(pull(f, f->phone), SY_OK);
    sim_client_host_crash(sim_device_host(f->phone));
    assert_int_equal(settle(f), SY_OK);
    assert_int_equal(f->scopes, 1);
    fixture_free(f);
}

static void a_row_deleted_behind_the_client_is_seen(void **state)
{
    (void)state;
    fixture *f = fixture_new(&sy_dialect_mobile_apps, SIM_STORE_MEMORY, NULL);
    assert_int_equal(write(f, f->phone, SY_VERB_INSERT, "milk", "buy milk"), SY_OK);
    assert_int_equal(push(f, f->phone), SY_OK);
    assert_int_equal(pull(f, f->phone), SY_OK);
    sy_server *server = sim_server_host_server(sim_simulation_server(f->simulation));
    assert_int_equal(sy_store_remove(sy_server_store(server),
                                     sy_server_schema(server, f->schema->name), SY_STR("milk"),
                                     NULL),
                     SY_OK);
    assert_int_equal(settle(f), SY_OK);
    assert_int_equal(f->divergence_count, 1);
    assert_string_equal(f->divergences[0].reason, "only on the client");
    fixture_free(f);
}

static uint64_t digest_of(uint64_t seed)
{
    fixture *f = fixture_of_seed(seed, &sy_dialect_sound, SIM_STORE_SQLITE, &sy_policy_client_wins);
    sim_device_link(f->phone)->weather.latency_spread_ns = 50 * SY_MS;
    for (int i = 0; i < 5; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "r%d", i);
        assert_int_equal(write(f, f->phone, SY_VERB_INSERT, id, "text"), SY_OK);
        (void)push(f, f->phone);
    }
    assert_int_equal(settle(f), SY_OK);
    uint64_t digest = sim_trace_digest(f->world->trace);
    fixture_free(f);
    return digest;
}

static void the_same_seed_has_the_same_digest_whatever_ran_before(void **state)
{
    (void)state;
    uint64_t digest = digest_of(1);
    assert_int_not_equal(digest_of(2), digest);
    assert_int_equal(digest_of(1), digest);
}

static void hosts_need_a_server_and_names_of_their_own(void **state)
{
    (void)state;
    sim_simulation *simulation = NULL;
    sim_options options = {0};
    assert_int_equal(sim_simulation_new(sy_alloc_std(), &options, &simulation, NULL), SY_OK);
    sim_device *device = NULL;
    sim_device_config config = {.name = "phone"};
    assert_int_equal(sim_simulation_add_device(simulation, &config, &device, NULL), SY_STATE);
    assert_int_equal(sim_simulation_settle(simulation, NULL, NULL, NULL), SY_STATE);
    assert_int_equal(sim_simulation_add_server(simulation, &(sim_server_options){0}, NULL), SY_OK);
    assert_int_equal(sim_simulation_add_server(simulation, &(sim_server_options){0}, NULL),
                     SY_STATE);
    assert_int_equal(sim_simulation_add_device(simulation, &config, &device, NULL), SY_OK);
    assert_int_equal(sim_simulation_add_device(simulation, &config, &device, NULL), SY_EXISTS);
    assert_ptr_equal(sim_simulation_device(simulation, 0), device);
    assert_null(sim_simulation_device(simulation, 1));
    assert_int_equal(sim_simulation_options(simulation)->seed, 1);
    sim_simulation_free(simulation);
}

/* Builds a world, writes and settles, with the n-th allocation failing; whatever comes of it,
 * nothing leaks. */
static void without_memory_a_simulation_breaks_and_leaks_nothing(void **state)
{
    (void)state;
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    const sy_schema *schema = NULL;
    assert_int_equal(
        sy_schema_new(&arena, SY_STR("t"), SY_SYSTEM_CLASSIC, columns, 1, &schema, NULL), SY_OK);
    sy_row *row = sy_row_new(&arena, schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("a");
    bool failed = true;
    for (uint64_t n = 1; failed; n++) {
        test_alloc alloc;
        test_alloc_init(&alloc, n);
        sim_simulation *simulation = NULL;
        sim_device *device = NULL;
        sy_server_table server_table = {.schema = schema};
        sy_client_table table = {.schema = schema};
        sim_server_options server = {.tables = &server_table, .table_count = 1};
        sim_device_config config = {.name = "phone", .tables = &table, .table_count = 1};
        sy_rc rc =
            sim_simulation_new(test_alloc_port(&alloc), &(sim_options){0}, &simulation, NULL);
        if (rc == SY_OK) {
            rc = sim_simulation_add_server(simulation, &server, NULL);
        }
        if (rc == SY_OK) {
            rc = sim_simulation_add_device(simulation, &config, &device, NULL);
        }
        if (rc == SY_OK) {
            rc = sim_client_host_call(
                sim_device_host(device),
                &(sy_call){.verb = SY_VERB_INSERT, .table = schema->name, .row = row}, NULL, NULL,
                NULL, NULL);
            (void)sim_simulation_settle(simulation, NULL, NULL, NULL);
            while (sim_world_step(sim_simulation_world(simulation), SY_DAY)) {
            }
        }
        failed = test_alloc_failed(&alloc);
        assert_true(rc == SY_OK || failed);
        sim_simulation_free(simulation);
        assert_int_equal(test_alloc_live(&alloc), 0);
    }
    sy_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_travels_from_one_device_to_the_other),
        cmocka_unit_test(settling_brings_everybody_to_what_the_policy_decides),
        cmocka_unit_test(an_operation_that_nobody_resolves_is_a_divergence),
        cmocka_unit_test(settling_heals_links_and_restarts_devices),
        cmocka_unit_test(what_was_pulled_before_a_crash_is_compared_after_it),
        cmocka_unit_test(a_row_deleted_behind_the_client_is_seen),
        cmocka_unit_test(the_same_seed_has_the_same_digest_whatever_ran_before),
        cmocka_unit_test(hosts_need_a_server_and_names_of_their_own),
        cmocka_unit_test(without_memory_a_simulation_breaks_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

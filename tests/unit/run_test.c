#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "sim/run/run.h"

/* A scenario in C: a phone inserts a row, pushes, settles; or something else that a test asks for.
 */
typedef enum plot { WORKS, IDLES, HANGS, SPINS, DIVERGES, RAISES, FAILS } plot;

typedef struct scenario {
    plot plot;
    sim_scenario_info info;
    sim_simulation *simulation;
    sim_device *phone;
    sy_arena arena;
    const sy_schema *schema;
    bool done;
    sy_rc ended;
} scenario;

static void settled(void *self, sy_rc rc)
{
    scenario *story = self;
    assert_int_equal(rc, SY_OK);
    story->done = true;
}

static void pushed(void *self, sy_rc rc, const sy_outcome *outcome)
{
    scenario *story = self;
    assert_int_equal(rc, SY_OK);
    assert_int_equal(outcome->rc, SY_OK);
    assert_int_equal(sim_simulation_settle(story->simulation, settled, story, NULL), SY_OK);
}

static void inserted(void *self, sy_rc rc, const sy_outcome *outcome)
{
    scenario *story = self;
    assert_int_equal(rc, SY_OK);
    assert_int_equal(outcome->rc, SY_OK);
    sy_call call = {.verb = SY_VERB_PUSH};
    sy_ticket ticket;
    rc = sim_client_host_call(sim_device_host(story->phone), &call, pushed, story, &ticket, NULL);
    assert_int_equal(rc, SY_OK);
}

static void insert(void *self)
{
    scenario *story = self;
    sy_row *row = sy_row_new(&story->arena, story->schema);
    row->cells[SY_COLUMN_ID] = sy_cstr("milk");
    row->cells[SY_SYSTEM_COUNT] = sy_cstr("buy milk");
    sy_call call = {.verb = SY_VERB_INSERT, .table = SY_STR("todoitem"), .row = row};
    sy_ticket ticket;
    sy_rc rc =
        sim_client_host_call(sim_device_host(story->phone), &call, inserted, story, &ticket, NULL);
    assert_int_equal(rc, SY_OK);
}

static void nothing(void *self)
{
    (void)self;
}

static void spin(void *self)
{
    scenario *story = self;
    sim_world_after(sim_simulation_world(story->simulation), SY_HOUR, spin, story);
}

static sy_rc start(void *self, sim_simulation *simulation, sy_err *err)
{
    scenario *story = self;
    sim_world *world = sim_simulation_world(simulation);
    story->simulation = simulation;
    story->done = story->plot >= DIVERGES || story->plot == IDLES;
    const sy_column columns[] = {{SY_STR("text"), SY_TYPE_TEXT}};
    sy_rc rc = sy_schema_new(&story->arena, SY_STR("todoitem"), SY_SYSTEM_CLASSIC, columns, 1,
                             &story->schema, err);
    assert_int_equal(rc, SY_OK);
    sy_server_table table = {.schema = story->schema};
    sim_server_options server = {.tables = &table, .table_count = 1};
    assert_int_equal(sim_simulation_add_server(simulation, &server, err), SY_OK);
    sy_client_table local = {.schema = story->schema};
    sim_device_config phone = {.name = "phone", .tables = &local, .table_count = 1};
    phone.weather.net.latency_min_ns = 20 * SY_MS;
    assert_int_equal(sim_simulation_add_device(simulation, &phone, &story->phone, err), SY_OK);
    if (story->plot == WORKS) {
        sim_world_after(world, SY_SECOND, insert, story);
    } else if (story->plot == HANGS) {
        sim_world_after(world, SY_SECOND, nothing, story);
    } else if (story->plot == SPINS) {
        spin(story);
    } else if (story->plot == DIVERGES) {
        sim_trace_event(world, SIM_HOST_WORLD, &sim_event_divergence, sy_cstr("phone"),
                        sy_cstr("todoitem"), sy_cstr("milk"), sy_row_value(NULL),
                        sy_row_value(NULL), sy_cstr("made up"), sy_cstr("slow"));
    }
    return SY_OK;
}

static bool done(void *self)
{
    return ((scenario *)self)->done;
}

static sy_rc finish(void *self, sy_err *err)
{
    scenario *story = self;
    return story->ended == SY_OK ? SY_OK : SY_FAIL(err, story->ended, "story.lua:3: expected 1");
}

static const char *text(void *self)
{
    return ((scenario *)self)->ended == SY_STATE ? "expected 1\n  got 2" : "";
}

static const sim_scenario_ops ops = {start, done, finish, text};

static void play(scenario *story, const sim_options *options, const sim_run_limits *limits,
                 sim_result *result)
{
    sy_arena_init(&story->arena, sy_alloc_std());
    sim_scenario port = {&ops, story, &story->info, "story.lua"};
    assert_int_equal(sim_run(&port, options, limits, NULL, result, NULL), SY_OK);
    sy_arena_deinit(&story->arena);
    sim_result_deinit(result);
}

static void a_run_without_findings_passes(void **state)
{
    (void)state;
    scenario story = {.plot = WORKS};
    sim_options options = {.seed = 1};
    sim_result result;
    play(&story, &options, NULL, &result);
    assert_string_equal(result.reason, "");
    assert_int_equal(result.verdict, SIM_PASSED);
    assert_int_equal(result.counts.operations, 1);
    assert_true(result.events > 0);
    assert_true(result.virtual_ns > SY_SECOND);
}

static void the_same_seed_gives_the_same_digests(void **state)
{
    (void)state;
    sim_result results[2];
    for (int i = 0; i < 2; i++) {
        scenario story = {.plot = WORKS};
        sim_options options = {.seed = 7};
        play(&story, &options, NULL, &results[i]);
    }
    assert_true(results[0].digest == results[1].digest);
    assert_true(results[0].outcome_digest == results[1].outcome_digest);
    assert_true(results[0].digest != 0);
}

static void expect(scenario *story, const sim_run_limits *limits, sim_verdict verdict,
                   const char *reason)
{
    sim_options options = {.seed = 1};
    sim_result result;
    play(story, &options, limits, &result);
    assert_int_equal(result.verdict, verdict);
    if (strstr(result.reason, reason) == NULL) {
        fail_msg("'%s' is not in '%s'", reason, result.reason);
    }
}

static void a_run_in_which_nothing_was_done_is_undecided(void **state)
{
    (void)state;
    scenario story = {.plot = IDLES};
    expect(&story, NULL, SIM_UNDECIDED, "nothing was done");
}

static void a_driver_that_waits_for_ever_is_said_to_be_stuck(void **state)
{
    (void)state;
    scenario story = {.plot = HANGS};
    expect(&story, NULL, SIM_UNDECIDED, "stuck");
}

static bool stop(void *self)
{
    (void)self;
    return true;
}

static void limits_end_a_run(void **state)
{
    (void)state;
    scenario story = {.plot = SPINS};
    expect(&story, NULL, SIM_UNDECIDED, "virtual time");
    story = (scenario){.plot = SPINS};
    expect(&story, &(sim_run_limits){.events_max = 10}, SIM_UNDECIDED, "events");
    story = (scenario){.plot = SPINS};
    expect(&story, &(sim_run_limits){.stop = stop}, SIM_UNDECIDED, "time limit");
}

static void a_divergence_alone_has_a_verdict_of_its_own(void **state)
{
    (void)state;
    scenario story = {.plot = DIVERGES};
    expect(&story, NULL, SIM_NOT_CONVERGED, "");
}

static void a_declared_finding_passes_and_an_absent_one_fails(void **state)
{
    (void)state;
    scenario story = {.plot = DIVERGES};
    story.info.find_count = 1;
    (void)snprintf(story.info.finds[0].checker, sizeof story.info.finds[0].checker, "convergence");
    (void)snprintf(story.info.finds[0].row, sizeof story.info.finds[0].row, "milk");
    /* the finding is as declared; that nothing was done is what remains */
    expect(&story, NULL, SIM_UNDECIDED, "nothing was done");
    story.plot = WORKS;
    story.done = false;
    expect(&story, NULL, SIM_FOUND, "declared but not found: checker convergence, row milk");
}

static void the_way_in_which_a_scenario_ends_decides(void **state)
{
    (void)state;
    scenario story = {.plot = FAILS, .ended = SY_STATE};
    expect(&story, NULL, SIM_FOUND, "expected 1\n  got 2");
    story = (scenario){.plot = RAISES, .ended = SY_PARSE};
    expect(&story, NULL, SIM_BAD_SCENARIO, "story.lua:3");
    story = (scenario){.plot = RAISES, .ended = SY_CRASHED};
    expect(&story, NULL, SIM_CODE_CRASHED, "story.lua:3");
    story = (scenario){.plot = RAISES, .ended = SY_NOMEM};
    expect(&story, NULL, SIM_HARNESS, "");
}

static void exit_codes_are_those_of_the_design(void **state)
{
    (void)state;
    static const int codes[SIM_VERDICT_COUNT] = {0, 5, 6, 2, 1, 3, 4, 65, 70};
    for (int i = 0; i < SIM_VERDICT_COUNT; i++) {
        assert_int_equal(sim_verdict_exit_code((sim_verdict)i), codes[i]);
    }
    assert_int_equal(sim_verdict_worse(SIM_FOUND, SIM_NOT_CONVERGED), SIM_FOUND);
    assert_int_equal(sim_verdict_worse(SIM_PASSED, SIM_UNDECIDED), SIM_UNDECIDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_without_findings_passes),
        cmocka_unit_test(the_same_seed_gives_the_same_digests),
        cmocka_unit_test(a_run_in_which_nothing_was_done_is_undecided),
        cmocka_unit_test(a_driver_that_waits_for_ever_is_said_to_be_stuck),
        cmocka_unit_test(limits_end_a_run),
        cmocka_unit_test(a_divergence_alone_has_a_verdict_of_its_own),
        cmocka_unit_test(a_declared_finding_passes_and_an_absent_one_fails),
        cmocka_unit_test(the_way_in_which_a_scenario_ends_decides),
        cmocka_unit_test(exit_codes_are_those_of_the_design),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

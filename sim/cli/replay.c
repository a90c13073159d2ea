/* `syncsim replay FILE`: a scenario with a seed, a reproduction or a trace, run once more; and
 * whether it still does what it did. A trace is compared event by event, and the run ends with the
 * first one that differs. */
#include "sim/cli/shell.h"

#include <inttypes.h>
#include <string.h>

/* A choice that no draw asked for: the program changed under the reproduction. */
static void print_unasked(const sim_choice_list *wanted, const sim_choice_list *made, FILE *out)
{
    sy_buf want;
    sy_buf have;
    sy_buf_init(&want, sy_alloc_std());
    sy_buf_init(&have, sy_alloc_std());
    for (size_t i = 0; i < wanted->count; i++) {
        sy_buf_clear(&want);
        sim_chosen_to_text(&wanted->items[i], &want);
        bool found = false;
        for (size_t k = 0; k < made->count && !found; k++) {
            sy_buf_clear(&have);
            sim_chosen_to_text(&made->items[k], &have);
            found = sy_str_equal(sy_buf_str(&want), sy_buf_str(&have));
        }
        if (!found) {
            (void)fprintf(out, "not asked for any more: %.*s\n", SY_FMT(sy_buf_str(&want)));
        }
    }
    sy_buf_deinit(&want);
    sy_buf_deinit(&have);
}

/* -- against a trace -- */

typedef struct comparison {
    const sim_trace_file *file;
    sim_world *world;
    sy_str rest; /* lines that are still expected */
    uint64_t number;
    bool parted, over; /* over: the trace ends here, the run may go on */
    sy_str expected;
    sy_buf actual;
} comparison;

static void compare_event(void *self, const sim_event *event)
{
    comparison *state = self;
    if (state->parted || state->over) {
        return;
    }
    state->number++;
    state->expected = sy_str_take_line(&state->rest);
    sy_buf_clear(&state->actual);
    sim_event_to_json(state->world->trace, event, &state->actual);
    const sy_str actual = {state->actual.data, state->actual.size > 0 ? state->actual.size - 1 : 0};
    state->parted = !sy_str_equal(state->expected, actual);
}

static sy_rc watch(void *self, sim_simulation *simulation, sy_err *err)
{
    comparison *state = self;
    state->world = sim_simulation_world(simulation);
    return sim_trace_read(state->world->trace, compare_event, state, NULL, 0) == SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

static bool goes_on(void *self, sim_simulation *simulation)
{
    (void)simulation;
    comparison *state = self;
    state->over = state->rest.size == 0 && !state->file->whole;
    return !state->parted && !state->over;
}

/* The run ended earlier than its trace. */
static void expect_no_more(comparison *state)
{
    if (!state->parted && state->rest.size > 0) {
        state->parted = true;
        state->number++;
        state->expected = sy_str_take_line(&state->rest);
        sy_buf_clear(&state->actual);
    }
}

static void print_parting(const comparison *state, FILE *out)
{
    static const char none[] = "(no more events)\n";
    sy_str actual = sy_buf_str(&state->actual);
    actual = actual.size > 0 ? actual : sy_str_of(none);
    const sy_str expected =
        state->expected.size > 0 ? state->expected : (sy_str){none, sizeof none - 2};
    (void)fprintf(out,
                  "the program changed under the trace: event %" PRIu64
                  " differs\n  expected: %.*s\n  actual:   %.*s",
                  state->number, SY_FMT(expected), SY_FMT(actual));
}

/* -- the run -- */

static cli_execution execution_of(const cli_options *options, const char *path, FILE *out)
{
    return (cli_execution){.path = path,
                           .seed = options->run.seed,
                           .options = options,
                           .trace = options->trace != CLI_TRACE_NONE ? stdout : NULL,
                           .prints = out,
                           .deadline_ns = options->time_limit_s > 0
                                              ? cli_wall_now() + options->time_limit_s * SY_SECOND
                                              : 0};
}

static int exit_code_of(const cli_outcome *outcome)
{
    return outcome->timed_out ? CLI_EXIT_TIME_LIMIT : sim_verdict_exit_code(outcome->verdict);
}

static void print_signature(const cli_outcome *outcome, const sim_signature *signature, FILE *out)
{
    if (signature->text[0] != '\0') {
        (void)fprintf(out, "%s: %s\n",
                      outcome->shown ? "it still fails with" : "it does not fail any more with",
                      signature->text);
    }
}

static int replay_choices(const cli_options *given, const cli_subject *subject, FILE *out)
{
    const sim_reproduction *of = &subject->trace.of;
    cli_options options = *given;
    sim_choice_list made;
    sim_choice_list_init(&made, sy_alloc_std());
    options.run = cli_subject_options(subject);
    options.run.record = &made;
    cli_execution execution = execution_of(&options, of->scenario, out);
    execution.wanted = &of->signature;
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    cli_outcome outcome;
    cli_execute(&execution, &outcome, &report);
    int code = CLI_EXIT_BAD_SCENARIO;
    if (!outcome.is_scenario) {
        cli_complain("%s", outcome.err.text);
    } else {
        (void)fwrite(report.data, 1, report.size, out);
        print_unasked(&of->list, &made, out);
        print_signature(&outcome, &of->signature, out);
        code = exit_code_of(&outcome);
    }
    sy_buf_deinit(&report);
    sim_choice_list_deinit(&made);
    return code;
}

static int replay_trace(const cli_options *given, const cli_subject *subject, FILE *out)
{
    comparison state = {.file = &subject->trace, .rest = subject->trace.events};
    const sim_observer watcher = {.observe = watch, .before = goes_on, .self = &state};
    cli_options options = *given;
    options.run = cli_subject_options(subject);
    cli_execution execution = execution_of(&options, subject->trace.of.scenario, out);
    execution.watcher = &watcher;
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    sy_buf_init(&state.actual, sy_alloc_std());
    cli_outcome outcome;
    cli_execute(&execution, &outcome, &report);
    int code = CLI_EXIT_BAD_SCENARIO;
    if (!outcome.is_scenario) {
        cli_complain("%s", outcome.err.text);
    } else if (outcome.timed_out) {
        code = CLI_EXIT_TIME_LIMIT;
    } else {
        expect_no_more(&state);
        if (state.parted) {
            print_parting(&state, out);
            code = sim_verdict_exit_code(SIM_NOT_DETERMINISTIC);
        } else {
            (void)fwrite(report.data, 1, state.over ? 0 : report.size, out);
            (void)fprintf(out, "the same %" PRIu64 " events%s\n", state.number,
                          state.over ? ", where the trace ends" : "");
            code = state.over ? CLI_EXIT_OK : exit_code_of(&outcome);
        }
    }
    sy_buf_deinit(&state.actual);
    sy_buf_deinit(&report);
    return code;
}

static int replay(const cli_options *options, const cli_subject *subject)
{
    FILE *out = options->trace != CLI_TRACE_NONE ? stderr : stdout;
    if (options->shell) {
        return cli_shell(options, subject);
    }
    return subject->kind == CLI_TRACE ? replay_trace(options, subject, out)
                                      : replay_choices(options, subject, out);
}

int cli_replay(const cli_options *options)
{
    int code = cli_one_scenario(options, "replay");
    if (code != CLI_EXIT_OK) {
        return code;
    }
    cli_subject subject;
    sy_err err = {0};
    sy_rc rc = cli_subject_read(options->operands[0], options, &subject, &err);
    if (rc == SY_OK) {
        code = replay(options, &subject);
    } else {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    }
    cli_subject_deinit(&subject);
    return code;
}

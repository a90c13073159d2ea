/* `syncsim run FILE`: one scenario, one seed. With --trace the trace goes to standard output and
 * everything else to standard error. The seed is printed first and last. */
#define _XOPEN_SOURCE 700
#include "core/store/store_sqlite.h"
#include "lua/script.h"
#include "sim/check/elle.h"
#include "sim/cli/cli.h"
#include "sim/run/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENT_COUNT_MAX (16 + 2 * SIM_WEATHER_SET_COUNT_MAX)

/* As arguments of their own, kept in `text`. */
static void add_weather(const sim_weather_asked *asked, char *text, size_t size, char **arguments,
                        size_t *count)
{
    sy_buf out;
    sy_buf_init_fixed(&out, text, size - 1);
    sim_weather_asked_print(asked, &out);
    text[out.size] = '\0';
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
        arguments[(*count)++] = word;
    }
}

/* Runs it again in fresh processes. */
static sim_verdict verify(const cli_options *options, uint64_t seed, FILE *reference, FILE *out)
{
    char *path = realpath(options->operands[0], NULL);
    char number[24];
    (void)snprintf(number, sizeof number, "%" PRIu64, seed);
    char *arguments[ARGUMENT_COUNT_MAX] = {"run", path, "--seed", number, "--trace", "jsonl"};
    size_t count = 6;
    if (options->run.calm) {
        arguments[count++] = "--calm";
    }
    char dialect[64];
    char server[64];
    if (options->run.dialect != NULL) {
        (void)snprintf(dialect, sizeof dialect, "--dialect=%s", options->run.dialect->name);
        arguments[count++] = dialect;
    }
    if (options->run.server != NULL) {
        (void)snprintf(server, sizeof server, "--server=%s", options->run.server->name);
        arguments[count++] = server;
    }
    char policy[64];
    if (options->run.policy != NULL) {
        (void)snprintf(policy, sizeof policy, "--policy=%s", options->run.policy->name);
        arguments[count++] = policy;
    }
    char weather[2048];
    add_weather(&options->run.weather, weather, sizeof weather, arguments, &count);
    sim_verify_result result = {.same = false};
    sy_err err = {0};
    sy_rc rc = path == NULL ? SY_FAIL(&err, SY_IO, "%s: %s", options->operands[0], strerror(errno))
                            : sim_verify(arguments, reference, &result, &err);
    free(path);
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        return SIM_HARNESS;
    }
    if (result.same) {
        (void)fprintf(out, "verified: the same trace in %d fresh processes\n",
                      SIM_VERIFY_PROCESS_COUNT);
        return SIM_PASSED;
    }
    (void)fprintf(out,
                  "NOT DETERMINISTIC: event %" PRIu64 " differs (%s)\n  here:   %s\n  there:  %s\n",
                  result.line, result.circumstance,
                  result.expected[0] != '\0' ? result.expected : "(no more events)",
                  result.actual[0] != '\0' ? result.actual : "(no more events)");
    return SIM_NOT_DETERMINISTIC;
}

static void print_head(uint64_t seed, FILE *out)
{
    sim_report_versions versions = {
        .program = CLI_VERSION, .lua = script_lua_version(), .sqlite = sy_store_sqlite_version()};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_report_versions_line(&versions, &text);
    (void)fwrite(text.data, 1, text.size, out);
    (void)fprintf(out, "seed %" PRIu64 "\n", seed);
    (void)fflush(out);
    sy_buf_deinit(&text);
}

/* No failure of one run: another seed may do it. */
static void print_unmet(const sim_demands *demands, FILE *out)
{
    for (uint32_t i = 0; i < demands->count; i++) {
        if (!demands->items[i].met) {
            (void)fprintf(out, "not in this run: %s\n", demands->items[i].text);
        }
    }
}

static int finish(const cli_execution *execution, const cli_outcome *outcome, FILE *out)
{
    sim_verdict verdict = outcome->verdict;
    if (execution->reference != NULL && verdict < SIM_BAD_SCENARIO && !outcome->timed_out) {
        verdict = sim_verdict_worse(
            verdict, verify(execution->options, execution->seed, execution->reference, out));
    }
    if (execution->options->run.sizes) {
        (void)fprintf(out, "%" PRIu64 " bytes in requests, %" PRIu64 " bytes in answers\n",
                      outcome->counts.bytes_up, outcome->counts.bytes_down);
    }
    (void)fprintf(out, "%" PRIu64 " events, trace %016" PRIx64 ", outcome %016" PRIx64 "\n",
                  outcome->events, outcome->digest, outcome->outcome_digest);
    (void)fprintf(out, "seed %" PRIu64 "\n", execution->seed);
    if (outcome->timed_out && verdict <= SIM_UNDECIDED) {
        return CLI_EXIT_TIME_LIMIT;
    }
    return sim_verdict_exit_code(verdict);
}

static sy_rc attach_elle(void *self, sim_simulation *simulation, sy_err *err)
{
    return sim_elle_new(sy_alloc_std(), sim_simulation_world(simulation)->trace, self, err);
}

/* false: it could not be written, which was said. */
static bool write_elle(const char *path, const sim_elle *elle)
{
    sy_err err;
    sy_rc rc = SY_OK;
    if (elle != NULL) {
        const sy_buf *text = sim_elle_text(elle);
        rc = text->failed ? sy_fail_nomem(&err) : cli_write_file(path, sy_buf_str(text), &err);
    }
    if (rc != SY_OK) {
        cli_complain("--elle: %s", err.text);
    }
    return rc == SY_OK;
}

/* What is asked of the run beyond its verdict. */
static cli_options measured(const cli_options *options, sim_metrics *metrics)
{
    cli_options own = *options;
    if (options->metrics || options->metrics_json != NULL) {
        own.run.metrics = metrics;
        own.run.sizes = true;
    }
    return own;
}

/* The run's line with what was measured in it. false: it could not be written, which was said. */
static bool write_metrics(const cli_options *options, const sim_outcome_line *line,
                          const sim_metrics *metrics)
{
    sy_buf text;
    sy_err err;
    sy_buf_init(&text, sy_alloc_std());
    sim_outcome_line_write(line, &text);
    text.size -= strlen("}\n");
    sy_buf_add_char(&text, ',');
    sim_metrics_to_json(metrics, &text);
    sy_buf_add_str(&text, SY_STR("}\n"));
    sy_rc rc = SY_OK;
    if (text.failed) {
        rc = sy_fail_nomem(&err);
    } else if (strcmp(options->metrics_json, "-") == 0) {
        (void)fwrite(text.data, 1, text.size, stdout);
    } else {
        rc = cli_write_file(options->metrics_json, sy_buf_str(&text), &err);
    }
    if (rc != SY_OK) {
        cli_complain("--metrics-json: %s", err.text);
    }
    sy_buf_deinit(&text);
    return rc == SY_OK;
}

static void print_metrics(const sim_metrics *metrics, FILE *out)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_metrics_to_text(metrics, &text);
    (void)fwrite(text.data, 1, text.size, out);
    sy_buf_deinit(&text);
}

static int run_file(const cli_options *options, FILE *reference)
{
    FILE *out = options->trace != CLI_TRACE_NONE ? stderr : stdout;
    cli_execution execution = {
        .path = options->operands[0],
        .seed = options->run.seed != 0 ? options->run.seed : 1,
        .options = options,
        .trace = options->trace != CLI_TRACE_NONE ? stdout : NULL,
        .reference = reference,
        .prints = out,
        .deadline_ns =
            options->time_limit_s == 0 ? 0 : cli_wall_now() + options->time_limit_s * SY_SECOND,
    };
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    cli_outcome outcome;
    sim_fault_table faults;
    sim_fault_table_init(&faults, sy_alloc_std());
    execution.faults = options->coverage ? &faults : NULL;
    sim_metrics metrics = {0};
    sim_outcome_line line = {.events = 0};
    const cli_options own = measured(options, &metrics);
    execution.options = &own;
    execution.line = options->metrics_json != NULL ? &line : NULL;
    sim_elle *elle = NULL;
    const sim_observer watcher = {.observe = attach_elle, .self = &elle};
    execution.watcher = options->elle != NULL ? &watcher : NULL;
    print_head(execution.seed, out);
    cli_execute(&execution, &outcome, &report);
    int code = CLI_EXIT_BAD_SCENARIO;
    (void)fflush(stdout);
    if (!outcome.is_scenario) {
        cli_complain("%s", outcome.err.text);
        code = outcome.verdict == SIM_PASSED ? CLI_EXIT_BAD_SCENARIO
                                             : sim_verdict_exit_code(outcome.verdict);
    } else {
        (void)fwrite(report.data, 1, report.size, out);
        print_unmet(&outcome.demands, out);
        cli_print_faults(options, &faults, out);
        if (options->metrics) {
            print_metrics(&metrics, out);
        }
        execution.options = options;
        code = finish(&execution, &outcome, out);
    }
    if (options->metrics_json != NULL && outcome.is_scenario &&
        !write_metrics(options, &line, &metrics)) {
        code = CLI_EXIT_HARNESS;
    }
    if (options->elle != NULL && !write_elle(options->elle, elle)) {
        code = CLI_EXIT_HARNESS;
    }
    sim_elle_free(elle);
    sim_fault_table_deinit(&faults);
    sy_buf_deinit(&report);
    return code;
}

int cli_run(const cli_options *options)
{
    int refused = cli_one_scenario(options, "run");
    if (refused != CLI_EXIT_OK) {
        return refused;
    }
    const struct {
        const char *option, *path;
    } files[] = {{"--har", options->har},
                 {"--elle", options->elle},
                 {"--metrics-json", options->metrics_json}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        sy_err err;
        if (files[i].path != NULL && strcmp(files[i].path, "-") != 0 &&
            cli_write_file(files[i].path, SY_STR(""), &err) != SY_OK) {
            cli_complain("%s: %s", files[i].option, err.text);
            return CLI_EXIT_USAGE;
        }
    }
    FILE *reference = NULL;
    if (options->verify && (reference = tmpfile()) == NULL) {
        cli_complain("no temporary file: %s", strerror(errno));
        return CLI_EXIT_HARNESS;
    }
    int code = run_file(options, reference);
    if (reference != NULL) {
        (void)fclose(reference);
    }
    return code;
}

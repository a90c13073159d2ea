/* One run of one file: the script is opened, run, reported and closed; or, for one of many runs of
 * the file, frozen and rewound, which no run can tell from a new one. */
#include "lua/script.h"
#include "sim/cli/cli.h"
#include "sim/report/har.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

typedef struct execution {
    const cli_execution *asked;
    sim_scenario_kind kind;
    sim_simulation *simulation;
    sim_har *har; /* NULL: nobody asks */
    bool har_failed;
    sy_err har_err;
    cli_export exported;
    sy_buf line;
    sy_buf chart;
    sy_buf dials;      /* of the weather that was asked for by name, in one line */
    sim_trace_sum sum; /* of what was written to `trace` */
    bool timed_out;
} execution;

int64_t cli_wall_now(void)
{
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    return (int64_t)now.tv_sec * SY_SECOND + now.tv_nsec;
}

static bool needs_quotes(const char *text)
{
    return text[0] == '\0' ||
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "_-./+=:@%,")] != '\0';
}

static void add_word(sy_buf *out, const char *word)
{
    if (!needs_quotes(word)) {
        sy_buf_add_str(out, sy_str_of(word));
        return;
    }
    sy_buf_add_char(out, '\'');
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'') {
            sy_buf_add_str(out, SY_STR("'\\''"));
        } else {
            sy_buf_add_char(out, *at);
        }
    }
    sy_buf_add_char(out, '\'');
}

void cli_add_path(sy_buf *out, const char *path)
{
    if (path[0] == '-') {
        sy_buf_add_str(out, SY_STR("./"));
    }
    add_word(out, path);
}

void cli_command_on(const cli_options *options, const char *command, const char *path,
                    uint64_t seed, sy_buf *out)
{
    add_word(out, options->program);
    if (options->run.choices != NULL) {
        sy_buf_add_str(out, SY_STR(" replay "));
        cli_add_path(out, options->operands[0]);
        return;
    }
    sy_buf_printf(out, " %s ", command);
    cli_add_path(out, path);
    if (seed != 0) {
        sy_buf_printf(out, " --seed %" PRIu64, seed);
    }
    if (options->run.calm) {
        sy_buf_add_str(out, SY_STR(" --calm"));
    }
    if (options->run.dialect != NULL) {
        sy_buf_printf(out, " --dialect %s", options->run.dialect->name);
    }
    if (options->run.server != NULL) {
        sy_buf_printf(out, " --server %s", options->run.server->name);
    }
    if (options->run.policy != NULL) {
        sy_buf_printf(out, " --policy %s", options->run.policy->name);
    }
    sim_weather_asked_print(&options->run.weather, out);
}

static void print(void *self, const char *text)
{
    const execution *state = self;
    (void)fprintf(state->asked->prints, "%s\n", text);
}

static bool stop(void *self)
{
    execution *state = self;
    state->timed_out = state->timed_out || cli_wall_now() >= state->asked->deadline_ns;
    return state->timed_out;
}

static void write_event(void *self, const sim_event *event)
{
    execution *state = self;
    const sim_trace *trace = sim_simulation_world(state->simulation)->trace;
    sy_buf_clear(&state->line);
    sim_event_to_json(trace, event, &state->line);
    if (state->asked->options->trace == CLI_TRACE_JSONL) {
        sim_trace_sum_add(&state->sum, sy_buf_str(&state->line));
        (void)fwrite(state->line.data, 1, state->line.size, state->asked->trace);
    }
    if (state->asked->reference != NULL) {
        (void)fwrite(state->line.data, 1, state->line.size, state->asked->reference);
    }
}

/* The first line of a trace: what has to be run to see it again. */
static sy_rc write_head(execution *state, sy_err *err)
{
    const sim_options *run = sim_simulation_options(state->simulation);
    sim_reproduction of = {.options = *run, .drawn = !run->draws_nothing};
    of.list = run->choices != NULL ? *run->choices : (sim_choice_list){.count = 0};
    (void)snprintf(of.scenario, sizeof of.scenario, "%s", state->asked->path);
    sy_buf_clear(&state->line);
    sim_trace_head_write(&of, &state->line);
    (void)fwrite(state->line.data, 1, state->line.size, state->asked->trace);
    return state->line.failed ? sy_fail_nomem(err) : SY_OK;
}

static bool asks_weather(const sim_weather_asked *asked)
{
    return asked->swarm || asked->profile != NULL || asked->set_count > 0;
}

/* A story is exact: drawn weather leaves it alone, and dialects unless it leaves them open. */
static bool is_exempt(const cli_options *asked, sim_scenario_kind kind, bool follows)
{
    const bool dialects = asked->dialect_count > 0 || asked->run.server != NULL;
    return kind == SIM_STORY && (asks_weather(&asked->run.weather) || (dialects && !follows));
}

/* Keeps the dials of the weather for the report; who watches the run is told before it begins. */
static void take_dials(execution *state)
{
    const sim_weather_asked *given = &state->asked->options->run.weather;
    const sim_options *run = sim_simulation_options(state->simulation);
    sim_choice *choice = sim_simulation_world(state->simulation)->choice;
    FILE *prints = state->asked->prints;
    if (prints != NULL && asks_weather(given) && state->kind == SIM_STORY) {
        (void)fprintf(prints, "weather: a story is exempt\n");
    }
    if (run->calm) {
        return;
    }
    cli_add_dials(&run->weather, choice, ", ", &state->dials);
    if (prints != NULL && state->dials.size > 0) {
        sy_buf_clear(&state->line);
        cli_add_dials(&run->weather, choice, "\n  ", &state->line);
        (void)fprintf(prints, "weather:\n  %.*s\n", SY_FMT(sy_buf_str(&state->line)));
    }
}

static sy_rc observe(void *self, sim_simulation *simulation, sy_err *err)
{
    execution *state = self;
    const sim_observer *watcher = state->asked->watcher;
    state->simulation = simulation;
    take_dials(state);
    if (watcher != NULL && watcher->observe != NULL) {
        sy_rc rc = watcher->observe(watcher->self, simulation, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (cli_export_observe(&state->exported, state->asked->options, simulation, err) != SY_OK) {
        return SY_NOMEM;
    }
    if (state->asked->options->trace == CLI_TRACE_JSONL && write_head(state, err) != SY_OK) {
        return SY_NOMEM;
    }
    if (state->asked->options->har != NULL) {
        sy_rc rc = sim_har_new(sy_alloc_std(), simulation, &state->har, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    if (state->asked->coverage != NULL &&
        sim_coverage_read(state->asked->coverage, sim_simulation_world(simulation)->trace) !=
            SY_OK) {
        return sy_fail_nomem(err);
    }
    if (state->asked->options->trace != CLI_TRACE_JSONL && state->asked->reference == NULL) {
        return SY_OK;
    }
    sim_trace *trace = sim_simulation_world(simulation)->trace;
    return sim_trace_read(trace, write_event, state, NULL, 0) == SY_OK ? SY_OK : sy_fail_nomem(err);
}

static bool before(void *self, sim_simulation *simulation)
{
    const execution *state = self;
    return state->asked->watcher->before(state->asked->watcher->self, simulation);
}

static void write_har(execution *state)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    const sy_rc rc =
        sim_har_write(state->har, CLI_VERSION, &text)
            ? cli_write_file(state->asked->options->har, sy_buf_str(&text), &state->har_err)
            : sy_fail_nomem(&state->har_err);
    sy_buf_deinit(&text);
    state->har_failed = rc != SY_OK;
}

static void inspect(void *self, sim_simulation *simulation, const sim_result *result)
{
    execution *state = self;
    sim_trace *trace = sim_simulation_world(simulation)->trace;
    const sim_observer *watcher = state->asked->watcher;
    if (watcher != NULL && watcher->inspect != NULL) {
        watcher->inspect(watcher->self, simulation, result);
    }
    if (state->har != NULL) {
        write_har(state);
    }
    cli_export_write(&state->exported, state->asked, simulation, result);
    if (state->asked->options->trace == CLI_TRACE_JSONL) {
        sy_buf_clear(&state->line);
        sim_trace_tail_write(&state->sum, !state->timed_out, &state->line);
        (void)fwrite(state->line.data, 1, state->line.size, state->asked->trace);
    }
    if (state->asked->options->trace == CLI_TRACE_TEXT) {
        sim_chart_options whole = {.line_count = SIM_CHART_ALL, .rows = true};
        sy_buf_clear(&state->line);
        (void)sim_chart(trace, &whole, &state->line, NULL);
        (void)fwrite(state->line.data, 1, state->line.size, state->asked->trace);
    } else if (result->verdict != SIM_PASSED) {
        sim_chart_options options = sim_report_involved(trace, result);
        (void)sim_chart(trace, &options, &state->chart, NULL);
    }
}

static void name(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text);
}

/* The line of the run; a failure that is known becomes a pass. */
static void keep_line(const cli_execution *asked, sim_result *result, cli_outcome *out)
{
    const sim_options *options = &asked->options->run;
    sim_subject subject = {.calm = options->calm, .seed = asked->seed};
    name(subject.build, sizeof subject.build, asked->build != NULL ? asked->build : "");
    name(subject.scenario, sizeof subject.scenario, asked->path);
    name(subject.dialect, sizeof subject.dialect,
         options->dialect != NULL ? options->dialect->name : "");
    name(subject.server, sizeof subject.server,
         options->server != NULL ? options->server->name : "");
    name(subject.policy, sizeof subject.policy,
         options->policy != NULL ? options->policy->name : "");
    sim_subject_set_weather(&subject, &options->weather);
    subject.counted = asked->faults != NULL;
    sim_outcome_line line;
    sim_outcome_line_of(&subject, result, &line);
    if (asked->options->baseline != NULL && cli_baseline_covers(asked->options->baseline, &line)) {
        out->quarantined = true;
        result->verdict = SIM_PASSED;
    }
    if (asked->line != NULL) {
        *asked->line = line;
    }
}

uint32_t cli_combine(const cli_options *options, uint32_t combination, sim_options *run,
                     sim_scenario_info *info)
{
    const bool listed = options->dialect_count > 1;
    const bool named = run->dialect == NULL && !listed && info->combination_count > 0;
    if (listed) {
        run->dialect = options->dialects[combination];
    } else if (named) {
        run->dialect = info->combinations[combination].client;
        run->server = run->server != NULL ? run->server : info->combinations[combination].server;
    }
    const sim_combination *one = sim_combination_find(info, run->dialect, run->server);
    if (one != NULL && one->has_finds) {
        memcpy(info->finds, one->finds, sizeof info->finds);
        info->find_count = one->find_count;
    }
    return listed ? options->dialect_count : named ? info->combination_count : 1;
}

/* The options and the info of this run, with its dialects in its name where there are others. */
static void combine(const cli_execution *asked, cli_options *options, sim_scenario_info *info,
                    cli_outcome *out)
{
    const sim_options *run = &options->run;
    out->combination_count = cli_combine(options, asked->combination, &options->run, info);
    if (info->kind == SIM_STORY) {
        options->run.policy = NULL; /* a story is exact */
    }
    if (out->combination_count > 1) {
        const size_t size = strlen(info->name);
        const bool pair = run->server != NULL;
        (void)snprintf(info->name + size, sizeof info->name - size, " [%s%s%s]", run->dialect->name,
                       pair ? ", " : "", pair ? run->server->name : "");
    }
}

/* The run once more for each kind of fault that came. */
static sy_rc count_faults(const execution *state, const sim_options *options,
                          const sim_run_limits *limits, uint64_t outcome)
{
    cli_case subject = {.path = state->asked->path,
                        .options = *options,
                        .draws = true,
                        .kept = state->asked->kept,
                        .limits = limits};
    subject.options.census = NULL;
    subject.options.metrics = NULL;
    return cli_take_faults(&subject, options->census, outcome, state->asked->faults);
}

static void run_script(execution *state, script *opened, cli_outcome *out, sy_buf *report)
{
    cli_options chosen = *state->asked->options;
    cli_execution own = *state->asked;
    own.options = &chosen;
    const cli_execution *asked = &own;
    sim_scenario scenario = script_scenario(opened);
    sim_scenario_info info = *scenario.info;
    combine(asked, &chosen, &info, out);
    memcpy(out->name, info.name, sizeof out->name);
    cli_make_plain(out->name, strlen(out->name));
    scenario.info = &info;
    sim_options options = chosen.run;
    options.seed = asked->seed;
    cli_export_ask(&state->exported, asked->options, &options);
    sim_census census;
    sim_census_init(&census, sy_alloc_std());
    options.census = asked->faults != NULL ? &census : NULL;
    sim_run_limits limits = {0};
    if (asked->deadline_ns != 0) {
        limits.stop = stop;
        limits.stop_self = state;
    }
    sim_observer observer = {.observe = observe, .inspect = inspect, .self = state};
    observer.before = asked->watcher != NULL && asked->watcher->before != NULL ? before : NULL;
    sim_result result;
    sy_rc rc = sim_run(&scenario, &options, &limits, &observer, &result, &out->err);
    if (rc != SY_OK && result.reason[0] == '\0') {
        (void)snprintf(result.reason, sizeof result.reason, "%s", out->err.text);
    }
    if (asked->line != NULL || asked->options->baseline != NULL) {
        keep_line(asked, &result, out);
    }
    sy_buf again;
    sy_buf smaller;
    sy_buf_init(&again, sy_alloc_std());
    sy_buf_init(&smaller, sy_alloc_std());
    cli_command_on(&chosen, "run", asked->path, asked->seed, &again);
    sy_buf_add_char(&again, '\0');
    bool can_shrink = scenario.info->kind == SIM_WORLD && options.choices == NULL &&
                      (result.verdict == SIM_FOUND || result.verdict == SIM_NOT_CONVERGED);
    if (can_shrink) {
        cli_command_on(&chosen, "shrink", asked->path, asked->seed, &smaller);
    }
    sy_buf_add_char(&smaller, '\0');
    sy_buf_add_char(&state->dials, '\0');
    sim_report_subject subject = {.info = scenario.info,
                                  .seed = asked->seed,
                                  .calm = options.calm,
                                  .weather = state->dials.failed ? "" : state->dials.data,
                                  .again = again.failed ? "" : again.data,
                                  .smaller = smaller.failed ? "" : smaller.data};
    sim_report_result(&subject, &result, sy_buf_str(&state->chart), report);
    sy_buf_deinit(&smaller);
    sy_buf_deinit(&again);
    out->verdict = result.verdict;
    out->timed_out = state->timed_out;
    out->counts = result.counts;
    out->demands = result.demands;
    out->exempt = is_exempt(state->asked->options, scenario.info->kind, result.follows);
    out->wall_ns = result.wall_ns;
    out->virtual_ns = result.virtual_ns;
    out->digest = result.digest;
    out->outcome_digest = result.outcome_digest;
    out->events = result.events;
    out->shown = asked->wanted != NULL && sim_signature_shown(asked->wanted, &result);
    if (options.census != NULL &&
        count_faults(state, &options, &limits, result.outcome_digest) != SY_OK) {
        out->verdict = SIM_HARNESS;
    }
    sim_census_deinit(&census);
    sim_result_deinit(&result);
}

void cli_kept_deinit(cli_kept *kept)
{
    script_close(kept->opened);
    *kept = (cli_kept){0};
}

sy_rc cli_kept_open(cli_kept *kept, const char *path, script **out, sy_err *err)
{
    if (kept != NULL && kept->opened != NULL) {
        *out = kept->opened;
        script_rewind(*out);
        return SY_OK;
    }
    sy_rc rc = script_open(sy_alloc_std(), path, NULL, out, err);
    if (rc == SY_OK && kept != NULL && script_freeze(*out, err) == SY_OK) {
        kept->opened = *out;
    }
    return rc;
}

void cli_kept_close(const cli_kept *kept, script *opened)
{
    if (kept == NULL || kept->opened != opened) {
        script_close(opened);
    }
}

static sy_rc open_script(execution *state, script **out, sy_err *err)
{
    const cli_execution *asked = state->asked;
    if (asked->prints == NULL) {
        return cli_kept_open(asked->kept, asked->path, out, err);
    }
    script_limits limits = {.print = print, .print_self = state};
    if (asked->deadline_ns != 0) {
        limits.stop = stop;
        limits.stop_self = state;
    }
    return script_open(sy_alloc_std(), asked->path, &limits, out, err);
}

void cli_execute(const cli_execution *execution_asked, cli_outcome *out, sy_buf *report)
{
    *out = (cli_outcome){.verdict = SIM_PASSED};
    execution state = {.asked = execution_asked};
    sy_buf_init(&state.line, sy_alloc_std());
    sy_buf_init(&state.chart, sy_alloc_std());
    sy_buf_init(&state.dials, sy_alloc_std());
    script *opened = NULL;
    sy_rc rc = open_script(&state, &opened, &out->err);
    if (rc == SY_OK) {
        const sim_scenario_info *info = script_info(opened);
        out->is_scenario = true;
        out->kind = state.kind = info->kind;
        run_script(&state, opened, out, report);
    } else if (rc != SY_NOT_FOUND) {
        out->verdict = rc == SY_NOMEM ? SIM_HARNESS : SIM_BAD_SCENARIO;
        sy_buf_printf(report, "FAIL  %s   [%s]\n  %s\n", execution_asked->path,
                      sim_verdict_name(out->verdict), out->err.text);
    }
    if (state.har_failed || state.exported.failed) {
        cli_complain("%s", state.har_failed ? state.har_err.text : state.exported.err.text);
        out->verdict = SIM_HARNESS;
    }
    cli_make_plain(report->data, report->size);
    cli_kept_close(execution_asked->kept, opened);
    sim_har_free(state.har);
    cli_export_free(&state.exported);
    sy_buf_deinit(&state.line);
    sy_buf_deinit(&state.chart);
    sy_buf_deinit(&state.dials);
}

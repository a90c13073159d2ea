/* From a reproduction to a story: it is run once more with its verbs kept, then stories of these
 * verbs are tried until the shortest that fails in the same way is found. Each try is a file of its
 * own. */
#include "lua/script.h"
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct telling {
    const cli_case *subject;
    const sim_signature *signature;
    sim_signature wanted; /* the same, as a try shows it */
    char path[600];       /* of the tries */
    sy_buf chart;
} telling;

static void inspect(void *self, sim_simulation *simulation, const sim_result *result)
{
    telling *state = self;
    sim_trace *trace = sim_simulation_world(simulation)->trace;
    sim_chart_options options = sim_report_involved(trace, result);
    options.line_count = 40;
    options.rows = true;
    (void)sim_chart(trace, &options, &state->chart, NULL);
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool is_expectation(const sim_signature *signature)
{
    const char *verdict = sim_verdict_name(SIM_FOUND);
    return strncmp(signature->text, verdict, strlen(verdict)) == 0;
}

/* A failed expectation names the file that it stands in: the line goes into the story, and so the
 * name is another. */
static sim_signature wanted_of(const telling *state)
{
    char before[SIM_SIGNATURE_SIZE];
    sim_result result = {.verdict = SIM_FOUND};
    (void)snprintf(result.reason, sizeof result.reason, "%s:1: ", base_of(state->subject->path));
    (void)snprintf(before, sizeof before, "%s", sim_signature_of(&result).text);
    const size_t size = strlen(before);
    if (!is_expectation(state->signature) || strncmp(state->signature->text, before, size) != 0) {
        return *state->signature;
    }
    (void)snprintf(result.reason, sizeof result.reason, "%s:1: %s", base_of(state->path),
                   state->signature->text + size);
    return sim_signature_of(&result);
}

static sy_rc run_story(telling *state, const sim_observer *observer, bool *fails, sy_err *err)
{
    script *opened = NULL;
    *fails = false;
    sy_rc rc = script_open(sy_alloc_std(), state->path, NULL, &opened, err);
    if (rc == SY_OK) {
        sim_scenario scenario = script_scenario(opened);
        sim_options options = {.seed = state->subject->options.seed,
                               .codec = state->subject->options.codec};
        sim_result result;
        rc = sim_run(&scenario, &options, state->subject->limits, observer, &result, err);
        *fails = rc == SY_OK && sim_signature_shown(&state->wanted, &result);
        sim_result_deinit(&result);
    }
    script_close(opened);
    return rc == SY_PARSE ? SY_OK : rc; /* a text that is no story does not fail in that way */
}

/* A story of this text: does it fail in the same way? */
static sy_rc attempt(void *self, sy_str text, bool *fails, sy_err *err)
{
    telling *state = self;
    *fails = false;
    sy_rc rc = cli_write_file(state->path, text, err);
    return rc == SY_OK ? run_story(state, NULL, fails, err) : rc;
}

static void add_comment(sy_buf *out, sy_str lines)
{
    while (lines.size > 0) {
        sy_str line = sy_str_take_line(&lines);
        sy_buf_printf(out, "-- %.*s\n", SY_FMT(line));
    }
}

/* What happens in it stands above it. */
static sy_rc write_story(telling *state, sy_str story, const char *path, sy_err *err)
{
    bool fails = false;
    sim_observer observer = {.inspect = inspect, .self = state};
    sy_rc rc = cli_write_file(state->path, story, err);
    rc = rc == SY_OK ? run_story(state, &observer, &fails, err) : rc;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_printf(&text, "-- %s\n-- found in %s, seed %" PRIu64 "\n--\n", state->signature->text,
                  state->subject->path, state->subject->options.seed);
    add_comment(&text, sy_buf_str(&state->chart));
    sy_buf_add_str(&text, story);
    if (rc == SY_OK) {
        rc = text.failed ? sy_fail_nomem(err) : cli_write_file(path, sy_buf_str(&text), err);
    }
    sy_buf_deinit(&text);
    return rc;
}

/* What the drivers said, as lines; to be freed with free_lines. NULL: no memory. What was not said
 * by them, an expectation that failed, only where that is what the story is about. */
static sim_story_line *lines_of(const script_transcript *transcript, bool expects)
{
    sim_story_line *lines =
        sy_alloc_zeroed(sy_alloc_std(), (transcript->count + 1) * sizeof *lines);
    for (size_t i = 0; lines != NULL && i < transcript->count; i++) {
        const script_verb *verb = &transcript->verbs[i];
        lines[i] = (sim_story_line){.time = verb->time,
                                    .text = verb->expects && !expects ? "" : verb->text,
                                    .variable = verb->variable,
                                    .client = verb->client,
                                    .kept = verb->kept,
                                    .number = i + 1,
                                    .chosen_from = verb->chosen_from,
                                    .chosen_to = verb->chosen_to};
    }
    return lines;
}

static void free_lines(const script_transcript *transcript, sim_story_line *lines)
{
    sy_alloc_free(sy_alloc_std(), lines, (transcript->count + 1) * sizeof *lines);
}

static sim_story story_of(script *opened, const script_transcript *transcript,
                          const sim_story_line *lines, const sim_choice_list *choices)
{
    return (sim_story){.name = script_info(opened)->name,
                       .tables = transcript->tables,
                       .server = transcript->server,
                       .lines = lines,
                       .line_count = transcript->count,
                       .choices = choices};
}

static sy_rc tell(telling *state, script *opened, const sim_choice_list *choices, sy_buf *out,
                  sim_story_told *told, sy_err *err)
{
    script_transcript transcript;
    sy_rc rc = script_transcript_of(opened, &transcript, err);
    if (rc != SY_OK) {
        return rc;
    }
    const bool expects = is_expectation(state->signature);
    sim_story_line *lines = lines_of(&transcript, expects);
    if (lines == NULL) {
        return sy_fail_nomem(err);
    }
    sim_story story = story_of(opened, &transcript, lines, choices);
    story.attempt = attempt;
    story.self = state;
    story.needs_choices = expects;
    story.orders = state->subject->options.orders;
    story.window_ns = state->subject->options.window_ns;
    rc = sim_story_tell(&story, sy_alloc_std(), out, told, err);
    if (rc == SY_NOT_FOUND && transcript.problem != NULL) {
        (void)SY_FAIL(err, rc, "%s", transcript.problem);
    }
    free_lines(&transcript, lines);
    return rc;
}

sy_rc cli_write_transcript(script *opened, const sim_choice *choice, const char *path, sy_err *err)
{
    script_transcript transcript;
    sy_rc rc = script_transcript_of(opened, &transcript, err);
    if (rc != SY_OK || transcript.problem != NULL) {
        return rc != SY_OK ? rc : SY_FAIL(err, SY_PARSE, "no story: %s", transcript.problem);
    }
    sim_story_line *lines = lines_of(&transcript, false);
    sim_choice_list choices;
    sim_choice_list_init(&choices, sy_alloc_std());
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    rc = lines == NULL || sim_choice_list_take(&choices, choice) != SY_OK ? sy_fail_nomem(err)
                                                                          : SY_OK;
    if (rc == SY_OK) {
        const sim_story story = story_of(opened, &transcript, lines, &choices);
        rc = sim_story_write(&story, sy_alloc_std(), &text, err);
    }
    rc = rc == SY_OK ? cli_write_file(path, sy_buf_str(&text), err) : rc;
    sy_buf_deinit(&text);
    sim_choice_list_deinit(&choices);
    free_lines(&transcript, lines);
    return rc;
}

sy_rc cli_tell_story(const cli_case *subject, const sim_shrunk *shrunk, const char *path,
                     sim_story_told *told, sy_err *err)
{
    telling state = {.subject = subject, .signature = &shrunk->signature};
    sy_buf_init(&state.chart, sy_alloc_std());
    sim_choice_list choices;
    sim_choice_list_init(&choices, sy_alloc_std());
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    (void)snprintf(state.path, sizeof state.path, "%s.try.lua", path);
    state.wanted = wanted_of(&state);
    script_limits limits = {.transcript = true};
    script *opened = NULL;
    sy_rc rc = script_open(sy_alloc_std(), subject->path, &limits, &opened, err);
    if (rc == SY_OK) {
        sim_scenario scenario = script_scenario(opened);
        sim_options options = subject->options;
        options.choices = &shrunk->list;
        options.draws_nothing = true;
        options.record = &choices;
        sim_result result;
        rc = sim_run(&scenario, &options, subject->limits, NULL, &result, err);
        sim_result_deinit(&result);
    }
    if (rc == SY_OK) {
        rc = tell(&state, opened, &choices, &text, told, err);
        rc = rc == SY_OK ? write_story(&state, sy_buf_str(&text), path, err) : rc;
        (void)remove(state.path);
    }
    script_close(opened);
    sy_buf_deinit(&text);
    sy_buf_deinit(&state.chart);
    sim_choice_list_deinit(&choices);
    return rc;
}

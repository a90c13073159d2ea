/* `syncsim shrink FILE --seed N`: the choices of a failing run, made fewer and smaller, written as
 * a reproduction. An interrupt ends the search and keeps the best that was found. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

typedef struct search {
    bool terminal;
    cli_patience patience;
} search;

static bool show_progress(void *self, const sim_shrink_progress *progress)
{
    search *state = self;
    if (state->terminal) {
        (void)fprintf(stderr, "\r%" PRIu64 "/%" PRIu64 " runs, %zu choices \x1b[K", progress->runs,
                      progress->run_max, progress->choices);
    }
    return !cli_patience_over(&state->patience);
}

/* "notes.lua" and seed 17 become "notes-17" in the working directory; what was asked for loses its
 * ending. */
static void base_of(const cli_options *options, uint64_t seed, char *out, size_t size)
{
    static const char *const endings[] = {".lua", ".choices"};
    const char *path = options->output != NULL ? options->output : options->operands[0];
    const char *slash = strrchr(path, '/');
    const char *name = options->output == NULL && slash != NULL ? slash + 1 : path;
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(name + length - ending, endings[i]) == 0) {
            length -= ending;
            break;
        }
    }
    if (options->output != NULL) {
        (void)snprintf(out, size, "%.*s", (int)length, name);
    } else {
        (void)snprintf(out, size, "%.*s-%" PRIu64, (int)length, name, seed);
    }
}

static sy_rc write_choices(const cli_options *options, const cli_case *subject,
                           const sim_shrunk *shrunk, const char *path, sy_err *err)
{
    sim_reproduction reproduction = {
        .options = subject->options, .signature = shrunk->signature, .list = shrunk->list};
    (void)snprintf(reproduction.scenario, sizeof reproduction.scenario, "%s", subject->path);
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_reproduction_write(&reproduction, &text);
    sy_rc rc = text.failed ? sy_fail_nomem(err) : cli_write_file(path, sy_buf_str(&text), err);
    if (rc == SY_OK) {
        sy_buf_clear(&text);
        sim_choice_list_write(&shrunk->list, &text);
        (void)fwrite(text.data, 1, text.size, stdout);
        (void)printf("wrote %s; run it with: %s replay %s\n", path, options->program, path);
    }
    sy_buf_deinit(&text);
    return rc;
}

static sy_rc write_story(const cli_options *options, const cli_case *subject,
                         const sim_shrunk *shrunk, const char *base, sy_err *err)
{
    char path[520];
    sim_story_told told;
    (void)snprintf(path, sizeof path, "%.511s.lua", base);
    if (cli_case_over(subject)) {
        (void)printf("no story: stopped before; go on with: %s shrink %s.choices\n",
                     options->program, base);
        return SY_OK;
    }
    sy_rc rc = cli_tell_story(subject, shrunk, path, &told, err);
    if (rc == SY_OK) {
        (void)printf("wrote %s, a story of %zu verbs and %zu clients; run it with: %s run %s\n",
                     path, told.line_count, told.client_count, options->program, path);
    } else if (rc == SY_NOT_FOUND) {
        (void)printf("no story: %s\n", err->text);
        rc = SY_OK;
    }
    return rc;
}

static void print_summary(const sim_shrunk *shrunk)
{
    (void)printf("%s\n%zu choices and %" PRIu64 " events became %zu choices and %" PRIu64
                 " events in %" PRIu64 " runs%s\n",
                 shrunk->signature.text, shrunk->choices_before, shrunk->events_before,
                 shrunk->list.count, shrunk->events, shrunk->runs,
                 shrunk->complete ? "" : " (stopped before the end)");
}

static sy_rc write_result(const cli_options *options, const cli_case *subject,
                          const sim_shrunk *shrunk, sy_err *err)
{
    char base[512];
    char path[520];
    print_summary(shrunk);
    base_of(options, subject->options.seed, base, sizeof base);
    (void)snprintf(path, sizeof path, "%.511s.choices", base);
    sy_rc rc = write_choices(options, subject, shrunk, path, err);
    if (rc == SY_OK) {
        rc = write_story(options, subject, shrunk, base, err);
    }
    return rc;
}

int cli_shrink_then(const cli_options *options, const char *command, cli_shrunk_use *then)
{
    int refused = cli_one_scenario(options, command);
    if (refused != CLI_EXIT_OK) {
        return refused;
    }
    cli_subject asked;
    sy_err err = {0};
    sy_rc rc = cli_subject_read(options->operands[0], options, &asked, &err);
    sim_options run = cli_subject_options(&asked);
    const sim_choice_list *start = run.choices;
    run.choices = NULL;
    run.draws_nothing = false;
    cli_kept kept = {0};
    cli_case subject = {.path = asked.trace.of.scenario, .options = run, .kept = &kept};
    search state = {.terminal = isatty(STDERR_FILENO) == 1};
    cli_patience_begin(&state.patience, options);
    subject.limits = &state.patience.limits;
    sim_case port = cli_case_port(&subject);
    sim_shrink_options search_options = {
        .run_max = options->run_max, .progress = show_progress, .self = &state};
    sim_shrunk shrunk = {.complete = false};
    if (rc == SY_OK) {
        rc = sim_shrink(&port, start, NULL, &search_options, sy_alloc_std(), &shrunk, &err);
    }
    if (state.terminal) {
        (void)fputs("\r\x1b[K", stderr);
    }
    rc = rc == SY_OK ? then(options, &subject, &shrunk, &err) : rc;
    sim_shrunk_deinit(&shrunk);
    cli_kept_deinit(&kept);
    cli_subject_deinit(&asked);
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        return cli_exit_code_of(rc);
    }
    return state.patience.timed_out ? CLI_EXIT_TIME_LIMIT : CLI_EXIT_OK;
}

int cli_shrink(const cli_options *options)
{
    return cli_shrink_then(options, "shrink", write_result);
}

/* `syncsim keep STORY`: a story that shrink told goes to scenarios/stories/regress, where the suite
 * finds it from now on. It is kept while it fails, and passes once the defect is gone. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <string.h>
#include <sys/stat.h>

static const char folder[] = "scenarios/stories/regress";

/* The file as it will be, in its place, under a name that is free. */
static sy_rc file_it(const char *path, char *out, size_t size, sy_err *err)
{
    struct stat status;
    const char *base = strrchr(path, '/');
    (void)snprintf(out, size, "%s/%s", folder, base != NULL ? base + 1 : path);
    if (stat(out, &status) == 0) {
        return SY_FAIL(err, SY_EXISTS, "%s: is there already; give the story another name", out);
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_rc rc = sim_file_read(path, SIM_SOURCE_SIZE_MAX, &text, err);
    cli_make_folders(out);
    rc = rc == SY_OK ? cli_write_file(out, sy_buf_str(&text), err) : rc;
    sy_buf_deinit(&text);
    return rc;
}

int cli_keep(const cli_options *options)
{
    int refused = cli_one_scenario(options, "keep");
    if (refused != CLI_EXIT_OK) {
        return refused;
    }
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    cli_execution execution = {.path = options->operands[0], .seed = 1, .options = options};
    cli_outcome outcome;
    cli_execute(&execution, &outcome, &report);
    sy_buf_deinit(&report);
    if (!outcome.is_scenario || outcome.kind != SIM_STORY) {
        cli_complain("%s", outcome.err.text[0] != '\0' ? outcome.err.text
                                                       : "keep takes a story, not a world");
        return CLI_EXIT_BAD_SCENARIO;
    }
    char path[4096];
    sy_err err = {0};
    if (file_it(options->operands[0], path, sizeof path, &err) != SY_OK) {
        cli_complain("%s", err.text);
        return CLI_EXIT_USAGE;
    }
    (void)printf("wrote %s, which %s now\n", path,
                 outcome.verdict == SIM_PASSED ? "passes" : "fails");
    return CLI_EXIT_OK;
}

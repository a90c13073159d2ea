/* The files that a suite writes when it is over. They are opened before it begins: nobody wants to
 * hear after an hour that a folder is not there. */
#include "sim/cli/suite_reports.h"

#include <errno.h>
#include <string.h>

static sim_suite_writer *const writers[CLI_REPORT_COUNT] = {
    [CLI_REPORT_JUNIT] = sim_junit_write,     [CLI_REPORT_TAP] = sim_tap_write,
    [CLI_REPORT_JSON] = sim_json_lines_write, [CLI_REPORT_MARKDOWN] = sim_markdown_write,
    [CLI_REPORT_GITHUB] = sim_github_write,
};

sy_rc cli_reports_open(cli_reports *reports, const cli_options *options, sy_err *err)
{
    *reports = (cli_reports){.options = options};
    sy_arena_init(&reports->arena, sy_alloc_std());
    for (int i = 0; i < CLI_REPORT_COUNT; i++) {
        const char *path = options->reports[i];
        if (path == NULL) {
            continue;
        }
        reports->wanted = true;
        reports->files[i] = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
        if (reports->files[i] == NULL) {
            return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
        }
    }
    return SY_OK;
}

sy_rc cli_reports_add(cli_reports *reports, const sim_suite_case *made, sy_err *err)
{
    if (!reports->wanted) {
        return SY_OK;
    }
    if (reports->count == reports->capacity) {
        sim_suite_case *cases = sy_alloc_grow(sy_alloc_std(), reports->cases, reports->count,
                                              &reports->capacity, sizeof *cases);
        if (cases == NULL) {
            return sy_fail_nomem(err);
        }
        reports->cases = cases;
    }
    sim_suite_case copy = *made;
    copy.name = sy_arena_copy(&reports->arena, made->name);
    copy.text = sy_arena_copy(&reports->arena, made->text);
    if (copy.name.data == NULL || copy.text.data == NULL) {
        return sy_fail_nomem(err);
    }
    reports->cases[reports->count++] = copy;
    return SY_OK;
}

sy_rc cli_reports_write(cli_reports *reports, sy_err *err)
{
    sy_rc rc = SY_OK;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    for (int i = 0; i < CLI_REPORT_COUNT && rc == SY_OK; i++) {
        FILE *file = reports->files[i];
        if (file == NULL) {
            continue;
        }
        sy_buf_clear(&text);
        writers[i](reports->cases, reports->count, &text);
        bool written = !text.failed && fwrite(text.data, 1, text.size, file) == text.size;
        written = (file == stdout ? fflush(file) : fclose(file)) == 0 && written;
        reports->files[i] = NULL;
        if (!written) {
            rc = SY_FAIL(err, SY_IO, "%s: %s", reports->options->reports[i], strerror(errno));
        }
    }
    sy_buf_deinit(&text);
    return rc;
}

void cli_reports_close(cli_reports *reports)
{
    for (int i = 0; i < CLI_REPORT_COUNT; i++) {
        if (reports->files[i] != NULL && reports->files[i] != stdout) {
            (void)fclose(reports->files[i]);
        }
    }
    sy_alloc_free(sy_alloc_std(), reports->cases, reports->capacity * sizeof *reports->cases);
    sy_arena_deinit(&reports->arena);
}

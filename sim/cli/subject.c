/* What a command is about: a scenario as a seed draws it, a reproduction, or the trace of a run. */
#include "sim/cli/cli.h"

#include <string.h>

static sy_rc read_as(cli_subject *out, const char *path, const cli_options *options, sy_err *err)
{
    const sy_str text = sy_buf_str(&out->text);
    sy_rc rc = SY_OK;
    if (sim_is_reproduction(text)) {
        out->kind = CLI_REPRODUCTION;
        rc = sim_reproduction_read(text, sy_alloc_std(), &out->trace.of, err);
    } else if (sy_str_starts_with(text, SY_STR("{"))) {
        out->kind = CLI_TRACE;
        rc = sim_trace_file_read(text, sy_alloc_std(), &out->trace, err);
    } else {
        sim_reproduction *of = &out->trace.of;
        out->kind = CLI_SCENARIO;
        of->options = options->run;
        of->options.seed = of->options.seed != 0 ? of->options.seed : 1;
        of->drawn = true;
        const int size = snprintf(of->scenario, sizeof of->scenario, "%s", path);
        if (size < 0 || (size_t)size >= sizeof of->scenario) {
            return SY_FAIL(err, SY_IO, "%s: the name is too long", path);
        }
        return SY_OK;
    }
    if (rc == SY_OK &&
        (options->run.seed != 0 || options->run.calm || options->run.dialect != NULL ||
         options->run.server != NULL || options->run.policy != NULL)) {
        return SY_FAIL(err, SY_INVALID,
                       "%s says itself with which seed, dialects and policy it is run", path);
    }
    return rc == SY_OK ? rc : sy_err_wrap(err, rc, "%s", path);
}

sy_rc cli_subject_read(const char *path, const cli_options *options, cli_subject *out, sy_err *err)
{
    *out = (cli_subject){.kind = CLI_SCENARIO};
    sy_buf_init(&out->text, sy_alloc_std());
    sim_choice_list_init(&out->trace.of.list, sy_alloc_std());
    sy_rc rc = sim_file_read(path, CLI_TEXT_SIZE_MAX, &out->text, err);
    return rc == SY_OK ? read_as(out, path, options, err) : rc;
}

void cli_subject_deinit(cli_subject *subject)
{
    sim_trace_file_deinit(&subject->trace);
    sy_buf_deinit(&subject->text);
}

sim_options cli_subject_options(const cli_subject *subject)
{
    const sim_reproduction *of = &subject->trace.of;
    sim_options options = of->options;
    const bool listed = !of->drawn || of->list.count > 0;
    options.choices = listed ? &of->list : NULL;
    options.draws_nothing = !of->drawn;
    return options;
}

int cli_exit_code_of(sy_rc rc)
{
    switch ((int)rc) {
    case SY_OK:
        return CLI_EXIT_OK;
    case SY_PARSE:
        return CLI_EXIT_BAD_SCENARIO;
    case SY_IO:
    case SY_INVALID:
    case SY_NOT_FOUND:
        return CLI_EXIT_USAGE;
    default:
        return CLI_EXIT_HARNESS;
    }
}

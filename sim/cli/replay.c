/* `syncsim replay FILE`: a reproduction, run once more; and whether it still is one. */
#include "sim/cli/cli.h"

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

static int replay(const cli_options *given, const sim_reproduction *reproduction)
{
    cli_options options = *given;
    sim_choice_list made;
    sim_choice_list_init(&made, sy_alloc_std());
    options.run = reproduction->options;
    options.run.choices = &reproduction->list;
    options.run.draws_nothing = true;
    options.run.record = &made;
    FILE *out = options.trace != CLI_TRACE_NONE ? stderr : stdout;
    cli_execution execution = {.path = reproduction->scenario,
                               .seed = reproduction->options.seed,
                               .options = &options,
                               .trace = options.trace != CLI_TRACE_NONE ? stdout : NULL,
                               .prints = out,
                               .wanted = &reproduction->signature};
    if (options.time_limit_s > 0) {
        execution.deadline_ns = cli_wall_now() + options.time_limit_s * SY_SECOND;
    }
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    cli_outcome outcome;
    cli_execute(&execution, &outcome, &report);
    int code = CLI_EXIT_BAD_SCENARIO;
    if (!outcome.is_scenario) {
        cli_complain("%s", outcome.err.text);
    } else {
        (void)fwrite(report.data, 1, report.size, out);
        print_unasked(&reproduction->list, &made, out);
        (void)fprintf(out, "%s: %s\n",
                      outcome.shown ? "it still fails with" : "it does not fail any more with",
                      reproduction->signature.text);
        code = outcome.timed_out ? CLI_EXIT_TIME_LIMIT : sim_verdict_exit_code(outcome.verdict);
    }
    sy_buf_deinit(&report);
    sim_choice_list_deinit(&made);
    return code;
}

int cli_replay(const cli_options *options)
{
    if (options->operand_count != 1) {
        cli_complain("replay takes one file");
        return CLI_EXIT_USAGE;
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_reproduction reproduction = {.scenario = ""};
    sy_err err = {0};
    sy_rc rc = cli_read_file(options->operands[0], &text, &err);
    int code = CLI_EXIT_USAGE;
    if (rc == SY_OK) {
        rc = sim_reproduction_read(sy_buf_str(&text), sy_alloc_std(), &reproduction, &err);
        if (rc == SY_OK) {
            code = replay(options, &reproduction);
        } else {
            (void)sy_err_wrap(&err, rc, "%s", options->operands[0]);
            code = CLI_EXIT_BAD_SCENARIO;
        }
        sim_reproduction_deinit(&reproduction);
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
    }
    sy_buf_deinit(&text);
    return code;
}

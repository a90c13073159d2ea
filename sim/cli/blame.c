/* `syncsim blame FILE --cell ROW.FIELD`: the run, then the life of one cell in sentences with
 * times, what became of each of its edits, and the ledger of all. */
#include "sim/check/blame.h"

#include "lua/script.h"
#include "sim/cli/cli.h"

#include <string.h>

typedef struct blaming {
    sim_blame_options of;
    sim_blame *blame;
    sy_buf text;
    bool found;
} blaming;

static sy_rc observe(void *self, sim_simulation *simulation, sy_err *err)
{
    blaming *state = self;
    return sim_blame_new(sy_alloc_std(), sim_simulation_world(simulation)->trace, &state->of,
                         &state->blame, err);
}

static void inspect(void *self, sim_simulation *simulation, const sim_result *result)
{
    blaming *state = self;
    (void)simulation;
    state->found = sim_blame_to_text(state->blame, &state->text);
    sim_ledger_to_text(&result->ledger, &state->text);
    sy_buf_add_char(&state->text, '\n');
}

/* "milk.text" is the text of milk, "milk" whether milk is there; the last dot counts. */
static sim_blame_options cell_of(const cli_options *options)
{
    const char *dot = strrchr(options->cell, '.');
    sim_blame_options of = {.row = sy_str_of(options->cell)};
    if (dot != NULL) {
        of.row.size = (size_t)(dot - options->cell);
        of.field = sy_str_of(dot + 1);
    }
    if (options->host != NULL) {
        of.host = sy_str_of(options->host);
    }
    return of;
}

static int run_file(const cli_options *options, blaming *state)
{
    const sim_observer watcher = {.observe = observe, .inspect = inspect, .self = state};
    const cli_execution execution = {.path = options->operands[0],
                                     .seed = options->run.seed != 0 ? options->run.seed : 1,
                                     .options = options,
                                     .watcher = &watcher};
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    cli_outcome outcome;
    cli_execute(&execution, &outcome, &report);
    sy_buf_deinit(&report);
    if (!outcome.is_scenario) {
        cli_complain("%s", outcome.err.text);
        return outcome.verdict == SIM_PASSED ? CLI_EXIT_BAD_SCENARIO
                                             : sim_verdict_exit_code(outcome.verdict);
    }
    if (outcome.verdict == SIM_HARNESS || state->text.failed) {
        cli_complain("out of memory");
        return CLI_EXIT_HARNESS;
    }
    if (!state->found) {
        cli_complain("blame: nothing ever happened to '%s'; rows and fields are those of the "
                     "scenario's tables",
                     options->cell);
        return CLI_EXIT_USAGE;
    }
    cli_make_plain(state->text.data, state->text.size);
    (void)fwrite(state->text.data, 1, state->text.size, stdout);
    return CLI_EXIT_OK;
}

int cli_blame(const cli_options *options)
{
    int refused = cli_one_scenario(options, "blame");
    if (refused != CLI_EXIT_OK) {
        return refused;
    }
    if (options->cell == NULL) {
        cli_complain("blame: --cell ROW.FIELD says which cell");
        return CLI_EXIT_USAGE;
    }
    blaming state = {.of = cell_of(options)};
    sy_buf_init(&state.text, sy_alloc_std());
    const int code = run_file(options, &state);
    sim_blame_free(state.blame);
    sy_buf_deinit(&state.text);
    return code;
}

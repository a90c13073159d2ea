/* `--export FILE`: each run goes into a database once it is over. */
#include "sim/cli/cli.h"

void cli_export_ask(cli_export *state, const cli_options *options, sim_options *run)
{
    if (options->export != NULL) {
        run->sizes = true;
        run->metrics = run->metrics != NULL ? run->metrics : &state->metrics;
    }
}

sy_rc cli_export_observe(cli_export *state, const cli_options *options, sim_simulation *simulation,
                         sy_err *err)
{
    return options->export != NULL ? sim_export_new(sy_alloc_std(), simulation, &state->kept, err)
                                   : SY_OK;
}

void cli_export_write(cli_export *state, const cli_execution *asked, sim_simulation *simulation,
                      const sim_result *result)
{
    if (state->kept == NULL) {
        return;
    }
    const sim_options *run = sim_simulation_options(simulation);
    sim_subject subject = {.seed = asked->seed};
    sim_subject_set_weather(&subject, &run->weather);
    const sim_exported of = {.scenario = asked->path,
                             .dialect = run->dialect != NULL ? run->dialect->name : "",
                             .server = run->server != NULL ? run->server->name : "",
                             .policy = run->policy != NULL ? run->policy->name : "",
                             .weather = subject.weather,
                             .calm = run->calm,
                             .seed = asked->seed};
    state->failed = sim_export_write(state->kept, asked->options->export, &of, result, run->metrics,
                                     &state->err) != SY_OK;
}

void cli_export_free(cli_export *state)
{
    sim_export_free(state->kept);
    state->kept = NULL;
}

/* A scenario file as a case of the shrinker. */
#include "lua/script.h"
#include "sim/cli/cli.h"

static sy_rc run(void *self, const sim_choice_list *choices, sim_choice_list *record,
                 sim_result *out, sy_err *err)
{
    const cli_case *subject = self;
    script *opened = NULL;
    *out = (sim_result){.verdict = SIM_HARNESS};
    sim_findings_init(&out->findings, sy_alloc_std());
    sy_rc rc = cli_kept_open(subject->kept, subject->path, &opened, err);
    if (rc == SY_OK) {
        sim_scenario scenario = script_scenario(opened);
        sim_scenario_info info = *scenario.info;
        sim_options options = subject->options;
        (void)cli_combine(&(cli_options){.dialect_count = 0}, 0, &options, &info);
        scenario.info = &info;
        options.choices = choices;
        options.draws_nothing = choices != NULL && !subject->draws;
        options.record = record;
        rc = sim_run(&scenario, &options, subject->limits, subject->watcher, out, err);
    }
    cli_kept_close(subject->kept, opened);
    return rc;
}

static const sim_case_ops ops = {.run = run};

sim_case cli_case_port(cli_case *subject)
{
    return (sim_case){.ops = &ops, .self = subject};
}

bool cli_case_over(const cli_case *subject)
{
    const sim_run_limits *limits = subject->limits;
    return limits != NULL && limits->stop != NULL && limits->stop(limits->stop_self);
}

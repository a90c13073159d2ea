#include "sim/cli/compare_run.h"

#include <string.h>

static sy_rc observe(void *self, sim_simulation *simulation, sy_err *err)
{
    return sim_pairing_init(self, sy_alloc_std(), sim_simulation_world(simulation)->trace, err);
}

static void write_run(const cli_outcome *outcome, const sim_metrics *metrics,
                      const sim_paired *pair, sy_buf *text)
{
    sim_compared_run run;
    memset(&run, 0, sizeof run); /* no stray bytes in what is sent */
    run.done = true;
    run.passed = outcome->verdict == SIM_PASSED;
    run.digest = outcome->digest;
    memcpy(run.values, metrics->values, sizeof run.values);
    run.pair = *pair;
    run.pair.outages = NULL;
    sy_buf_add(text, &run, sizeof run);
    sy_buf_add(text, pair->outages, pair->outage_count * sizeof *pair->outages);
}

void cli_compare_run(const cli_execution *execution, cli_outcome *out, sy_buf *text)
{
    sim_metrics metrics = {0};
    sim_pairing pairing = {.failed = false};
    const sim_observer watcher = {.observe = observe, .self = &pairing};
    cli_options options = *execution->options;
    cli_execution own = *execution;
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    options.run.metrics = &metrics;
    options.run.sizes = true;
    own.options = &options;
    own.watcher = &watcher;
    cli_execute(&own, out, &report);
    sy_buf_clear(text);
    if (out->is_scenario && out->verdict < SIM_BAD_SCENARIO && !pairing.failed) {
        write_run(out, &metrics, &pairing.of, text);
    }
    sim_pairing_deinit(&pairing);
    sy_buf_deinit(&report);
}

sy_rc cli_compared_read(sy_str text, sy_arena *arena, sim_compared_run *out)
{
    *out = (sim_compared_run){.done = true};
    if (text.size < sizeof *out) {
        return SY_NOT_FOUND;
    }
    memcpy(out, text.data, sizeof *out);
    const size_t size = text.size - sizeof *out;
    out->pair.outages = sy_arena_push(arena, size);
    if (out->pair.outages == NULL) {
        return SY_NOMEM;
    }
    memcpy(out->pair.outages, text.data + sizeof *out, size);
    return SY_OK;
}

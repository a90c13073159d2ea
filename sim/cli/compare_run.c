#include "sim/cli/compare_run.h"

#include "sim/measure/arrival.h"

#include <string.h>

#define OTHER_SKY 1u

typedef struct watching {
    sim_pairing pairing;
    sim_outcome_cells cells;
} watching;

static sy_rc observe(void *self, sim_simulation *simulation, sy_err *err)
{
    watching *state = self;
    sim_trace *trace = sim_simulation_world(simulation)->trace;
    sy_rc rc = sim_pairing_init(&state->pairing, sy_alloc_std(), trace, err);
    return rc == SY_OK ? sim_outcome_cells_init(&state->cells, sy_alloc_std(), trace, err) : rc;
}

static void end_watching(watching *state)
{
    sim_pairing_deinit(&state->pairing);
    sim_outcome_cells_deinit(&state->cells);
}

/* A run, measured and watched. */
static void measured_run(const cli_execution *execution, uint64_t sky, sim_metrics *metrics,
                         watching *state, cli_outcome *out)
{
    const sim_observer watcher = {.observe = observe, .self = state};
    cli_options options = *execution->options;
    cli_execution own = *execution;
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    options.run.metrics = metrics;
    options.run.sizes = true;
    options.run.sky = sky;
    own.options = &options;
    own.watcher = &watcher;
    cli_execute(&own, out, &report);
    sy_buf_deinit(&report);
}

static bool is_measured(const cli_outcome *outcome)
{
    return outcome->is_scenario && outcome->verdict < SIM_BAD_SCENARIO;
}

/* The same users once more, under another weather. */
static sim_metric_value arrival(const cli_execution *execution, watching *state)
{
    sim_metrics metrics = {0};
    watching other = {.pairing = {.failed = false}};
    cli_outcome outcome;
    measured_run(execution, OTHER_SKY, &metrics, &other, &outcome);
    const sim_metric_value value = is_measured(&outcome)
                                       ? sim_outcome_cells_differ(&state->cells, &other.cells)
                                       : (sim_metric_value){0, 0};
    end_watching(&other);
    return value;
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
    watching state = {.pairing = {.failed = false}};
    sy_buf_clear(text);
    measured_run(execution, 0, &metrics, &state, out);
    if (is_measured(out) && !state.pairing.failed) {
        if (execution->options->compare.arrival) {
            metrics.values[SIM_METRIC_ARR] = arrival(execution, &state);
        }
        write_run(out, &metrics, &state.pairing.of, text);
    }
    end_watching(&state);
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

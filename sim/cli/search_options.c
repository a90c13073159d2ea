/* The options of searches and of replay; options.c says how they are read. */
#include "sim/cli/options_internal.h"
#include "sim/explore/explore.h"

#include <string.h>

static sy_rc take_runs(cli_options *options, const char *value, sy_err *err)
{
    return cli_read_positive(value, UINT32_MAX, &options->run_max, err);
}

static sy_rc take_faults(cli_options *options, const char *value, sy_err *err)
{
    uint64_t count = 0;
    sy_rc rc = cli_read_positive(value, SIM_EXPLORE_DEPTH_MAX, &count, err);
    options->fault_count = (uint32_t)count;
    return rc;
}

static sy_rc take_labels(cli_options *options, const char *value, sy_err *err)
{
    options->labels = value;
    return value[0] != '\0' && strlen(value) < 512
               ? SY_OK
               : SY_FAIL(err, SY_INVALID, "needs names of labels like response-lost,latency");
}

static sy_rc take_schedules(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->schedules = true;
    return SY_OK;
}

static sy_rc take_window(cli_options *options, const char *value, sy_err *err)
{
    options->schedules = true;
    return sy_duration_parse(sy_str_of(value), &options->window_ns, err);
}

static sy_rc take_whole_runs(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->whole_runs = true;
    return SY_OK;
}

static sy_rc take_pct(cli_options *options, const char *value, sy_err *err)
{
    uint64_t depth = 0;
    sy_rc rc = cli_read_positive(value, SIM_ORDER_DEPTH_MAX, &depth, err);
    options->pct_depth = (uint32_t)depth;
    options->schedules = true;
    return rc;
}

static sy_rc take_guided(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->guided = true;
    return SY_OK;
}

static sy_rc take_shell(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->shell = true;
    return SY_OK;
}

static sy_rc take_at(cli_options *options, const char *value, sy_err *err)
{
    sy_rc rc = sy_duration_parse(sy_str_of(value), &options->at_ns, err);
    return rc == SY_OK && options->at_ns < 0 ? SY_FAIL(err, SY_INVALID, "time begins at 0") : rc;
}

const cli_option cli_search_options[] = {
    {"--faults", NULL, "K",
     "every combination of at most so many choices of weather; 1 when not given", CLI_EXPLORE,
     take_faults},
    {"--labels", NULL, "A,B", "only choices of these labels", CLI_EXPLORE, take_labels},
    {"--schedules", NULL, NULL,
     "which of two events comes first is such a choice, too; --faults then counts both",
     CLI_EXPLORE, take_schedules},
    {"--window", NULL, "T",
     "of events that may change places: 10ms; those of the same time when not given", CLI_EXPLORE,
     take_window},
    {"--whole-runs", NULL, NULL,
     "with --schedules: runs go on where a former run was in the same state", CLI_EXPLORE,
     take_whole_runs},
    {"--pct", NULL, "D",
     "instead: random orders by priority, which find what needs D events in an order of their own",
     CLI_EXPLORE, take_pct},
    {"--guided", NULL, NULL,
     "instead: choices that lead to behaviour not seen before are built upon; any number of faults",
     CLI_EXPLORE, take_guided},
    {"--runs", NULL, "N",
     "how many runs it may take; 2000 (shrink), 100000 (explore, crash) or 1000 (--pct, --guided) "
     "when "
     "not given",
     CLI_SHRINK | CLI_WHY | CLI_EXPLORE | CLI_CRASH, take_runs},
    {"--at", NULL, "T",
     "of --shell: the virtual time at which it opens, as in 1500ms; 0 when not given", CLI_REPLAY,
     take_at},
    {"--shell", NULL, NULL,
     "a prompt in the run: to look around, step, change something, go on, save it as a story",
     CLI_REPLAY, take_shell},
    {.name = NULL},
};

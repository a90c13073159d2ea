/* The options that ask a run for more than its verdict; options.c says how they are read. */
#include "sim/cli/options_internal.h"
#include "sim/report/sqlite_export.h"

static sy_rc take_har(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->har = value;
    return SY_OK;
}

static sy_rc take_elle(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->elle = value;
    return SY_OK;
}

static sy_rc take_metrics(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->metrics = true;
    return SY_OK;
}

static sy_rc take_metrics_json(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->metrics_json = value;
    return SY_OK;
}

/* Looked at now: a run of an hour is not to end with a complaint. */
static sy_rc take_export(cli_options *options, const char *value, sy_err *err)
{
    options->export = value;
    return sim_export_prepare(value, err) == SY_OK ? SY_OK : SY_INVALID;
}

static sy_rc take_cell(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->cell = value;
    return SY_OK;
}

static sy_rc take_host(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->host = value;
    return SY_OK;
}

const cli_option cli_result_options[] = {
    {"--har", NULL, "FILE", "the HTTP traffic of the run, as a HAR that a browser's tools open",
     CLI_RUN, take_har},
    {"--elle", NULL, "FILE", "the history of the run as EDN, for the checker Elle", CLI_RUN,
     take_elle},
    {"--metrics", NULL, NULL, "a table of what was measured: losses, conflicts, delays, traffic",
     CLI_RUN, take_metrics},
    {"--metrics-json", NULL, "FILE", "the same as a JSON object; - is standard output", CLI_RUN,
     take_metrics_json},
    {"--export", NULL, "FILE", "a SQLite database that gets the runs: events, edits, metrics...",
     CLI_RUN | CLI_SWEEP, take_export},
    {"--cell", NULL, "ROW.FIELD", "the cell; ROW alone: whether the row is there", CLI_BLAME,
     take_cell},
    {"--host", NULL, "H", "only what this device did, and the server", CLI_BLAME, take_host},
    {NULL, NULL, NULL, NULL, 0, NULL},
};

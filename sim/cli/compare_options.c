/* The options of compare; options.c says how they are read. */
#include "sim/cli/options_internal.h"

#include <string.h>

#define SEED_COUNT_MAX 1000000u

static sy_rc take_policies(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->compare.policies = value;
    return SY_OK;
}

static sy_rc take_networks(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->compare.networks = value;
    return SY_OK;
}

static sy_rc take_metrics(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->compare.metrics = value;
    return SY_OK;
}

static sy_rc take_seed_count(cli_options *options, const char *value, sy_err *err)
{
    options->seed_first = 1;
    return cli_read_positive(value, SEED_COUNT_MAX, &options->seed_last, err);
}

static sy_rc take_all_seeds(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->compare.all_seeds = true;
    return SY_OK;
}

static sy_rc take_arrival(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->compare.arrival = true;
    return SY_OK;
}

static sy_rc take_csv(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->compare.csv = value;
    return SY_OK;
}

static sy_rc take_json(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->compare.json = value;
    return SY_OK;
}

static sy_rc take_gate(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->compare.gate = value;
    return SY_OK;
}

static sy_rc take_margin(cli_options *options, const char *value, sy_err *err)
{
    cli_compare_choice *compare = &options->compare;
    if (compare->margin_count == CLI_MARGIN_COUNT_MAX) {
        return SY_FAIL(err, SY_INVALID, "at most %d times", CLI_MARGIN_COUNT_MAX);
    }
    compare->margins[compare->margin_count++] = value;
    return SY_OK;
}

const cli_option cli_compare_options[] = {
    {"--policies", NULL, "A,B", "the policies; differences are from the first one", CLI_COMPARE,
     take_policies},
    {"--networks", NULL, "X,Y",
     "weathers by name; the worlds' own when not given, which is also called own", CLI_COMPARE,
     take_networks},
    {"--seeds", NULL, "N", "at most so many seeds, from 1; 200 when not given", CLI_COMPARE,
     take_seed_count},
    {"--metrics", NULL, "A,B",
     "which tables are printed; the first one says when intervals are narrow enough; "
     "lu,rej,conv_mean when not given",
     CLI_COMPARE, take_metrics},
    {"--all-seeds", NULL, NULL, "goes on when intervals are narrow enough", CLI_COMPARE,
     take_all_seeds},
    {"--arrival", NULL, NULL,
     "each seed also under another weather: arr says what that changes; takes twice as long",
     CLI_COMPARE, take_arrival},
    {"--csv", NULL, "FILE", "every number, a line each", CLI_COMPARE, take_csv},
    {"--json", NULL, "FILE", "the same as a document, which --gate reads", CLI_COMPARE, take_json},
    {"--gate", NULL, "FILE",
     "an earlier document: exits with 1 when a metric in it is not shown to be no worse",
     CLI_COMPARE, take_gate},
    {"--margin", NULL, "NAME=X",
     "how much worse a metric may be for --gate: lu=1, conv_mean=10%; else 5% or 0.5 in 1000 edits",
     CLI_COMPARE, take_margin},
    {NULL, NULL, NULL, NULL, 0, NULL},
};

/* The reports of a suite: cases are collected while it runs, files are written when it is over. */
#ifndef SIM_CLI_SUITE_REPORTS_H
#define SIM_CLI_SUITE_REPORTS_H

#include "sim/cli/options.h"
#include "sim/report/suite.h"

#include <stdio.h>

typedef struct cli_reports {
    const cli_options *options;
    FILE *files[CLI_REPORT_COUNT]; /* NULL: not asked for */
    bool wanted;                   /* one of them is */
    sy_arena arena;                /* texts */
    sim_suite_case *cases;
    size_t count, capacity;
} cli_reports;

/* To be closed whatever comes back. SY_IO names the file. */
sy_rc cli_reports_open(cli_reports *reports, const cli_options *options, sy_err *err);
/* Name and text are copied; the path is not. */
sy_rc cli_reports_add(cli_reports *reports, const sim_suite_case *made, sy_err *err);
sy_rc cli_reports_write(cli_reports *reports, sy_err *err);
void cli_reports_close(cli_reports *reports);

#endif

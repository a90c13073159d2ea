/* What a person reads about runs: plain text, appended to a buffer; whoever calls writes it out. */
#ifndef SIM_REPORT_TERMINAL_H
#define SIM_REPORT_TERMINAL_H

#include "sim/report/chart.h"
#include "sim/run/run.h"

typedef struct sim_report_versions {
    const char *program, *lua, *sqlite;
} sim_report_versions;

/* "syncsim 0.1.0, Lua 5.4.4, SQLite 3.40.1" */
void sim_report_versions_line(const sim_report_versions *versions, sy_buf *out);

typedef struct sim_report_subject {
    const sim_scenario_info *info;
    uint64_t seed;
    bool calm;
    const char *weather; /* what was drawn for it, in one line; NULL or "": nothing */
    const char *again;   /* the command that repeats it */
    const char *smaller; /* the command that makes it small; NULL or "": none */
} sim_report_subject;

/* Whom the chart of a failed run shows: the hosts of its findings and whoever they talk to;
 * everybody when there are none. */
sim_chart_options sim_report_involved(const sim_trace *trace, const sim_result *result);

/* "PASS  name    seed 1, calm   12.4 ms, virtual 31.2 s" and its findings, reason, chart (may be
 * empty) and command. Worlds say what happened in them. */
void sim_report_result(const sim_report_subject *subject, const sim_result *result, sy_str chart,
                       sy_buf *out);

/* "12000 operations, 340 pushes, ..., 12 faults" */
void sim_report_counts(const sim_counts *counts, sy_buf *out);

#endif

/* The results of a suite in the forms that CI systems read. Any bytes in the texts are fine. */
#ifndef SIM_REPORT_SUITE_H
#define SIM_REPORT_SUITE_H

#include "sim/run/run.h"

typedef struct sim_suite_case {
    sy_str name;
    sy_str path; /* of the scenario */
    int64_t wall_ns;
    sim_verdict verdict;
    bool skipped;
    sy_str text; /* of a failure: with its seed and the command that repeats it */
} sim_suite_case;

typedef void sim_suite_writer(const sim_suite_case *cases, size_t count, sy_buf *out);

sim_suite_writer sim_junit_write;      /* a document of one test suite */
sim_suite_writer sim_tap_write;        /* TAP 14 */
sim_suite_writer sim_json_lines_write; /* an object a line: number, name, path, verdict (or
                                          skipped), wall_ns, text */
sim_suite_writer
    sim_github_write; /* annotations: workflow commands, at most ten, the worst first */
sim_suite_writer sim_markdown_write; /* a summary: counts, then each failure */

#endif

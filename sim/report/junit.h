/* JUnit's XML, as CI systems read it. */
#ifndef SIM_REPORT_JUNIT_H
#define SIM_REPORT_JUNIT_H

#include "sim/run/run.h"

typedef struct sim_junit_case {
    sy_str name;
    sy_str class_name; /* the path */
    int64_t wall_ns;
    sim_verdict verdict;
    bool skipped;
    sy_str text; /* of a failure: with its seed and the command that repeats it */
} sim_junit_case;

/* Appends a whole document: one suite. Any bytes in the texts are fine. */
void sim_junit_write(const sim_junit_case *cases, size_t count, sy_buf *out);

#endif

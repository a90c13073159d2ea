/* The last events of some hosts as a message chart:
 *
 *     phone    insert todoitem/milk            0.000
 *     phone ---- insert milk ----> server      0.000 -> 0.041
 *     phone  x-- 201 ------------- server      0.041   lost (drop_next)
 */
#ifndef SIM_REPORT_CHART_H
#define SIM_REPORT_CHART_H

#include "sim/kernel/trace.h"

#define SIM_CHART_HOST_COUNT_MAX 8

typedef struct sim_chart_options {
    uint32_t hosts[SIM_CHART_HOST_COUNT_MAX]; /* whom it shows; others only where they meet one of
                                                 them */
    uint32_t host_count;                      /* 0: everybody */
    uint32_t line_count;                      /* at most so many, the last ones; 0: 16 */
} sim_chart_options;

/* Appends the chart, each line indented by four. */
sy_rc sim_chart(sim_trace *trace, const sim_chart_options *options, sy_buf *out, sy_err *err);

#endif

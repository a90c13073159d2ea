/* The events of some hosts as a message chart: what `--trace text` shows of a whole run, and a
 * failure of its end. What an engine does inside is left to the JSON form of the trace.
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
    bool rows;                                /* with the rows that are written, sent, decided on */
} sim_chart_options;

#define SIM_CHART_ALL UINT32_MAX /* line_count: as far back as the trace was kept */

/* Appends the chart, each line indented by four. */
sy_rc sim_chart(sim_trace *trace, const sim_chart_options *options, sy_buf *out, sy_err *err);

#endif

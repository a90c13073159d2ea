/* What is measured of a run: the table of metrics (policies.md 3) and their values.
 *
 * A value is a ratio of two integers, so that nothing is rounded before it is printed. */
#ifndef SIM_MEASURE_METRIC_H
#define SIM_MEASURE_METRIC_H

#include "sim/check/ledger.h"

typedef enum sim_metric {
    /* what became of edits */
    SIM_METRIC_LU,
    SIM_METRIC_LU_ACK,
    SIM_METRIC_LU_UNLICENSED,
    SIM_METRIC_COLL,
    SIM_METRIC_INT,
    SIM_METRIC_INT_WEIGHTED,
    SIM_METRIC_REJ,
    SIM_METRIC_MAN,
    SIM_METRIC_MAN_T,
    SIM_METRIC_DUP,
    SIM_METRIC_ZOMB,
    SIM_METRIC_FLAP,
    SIM_METRIC_ARR, /* of several runs: arrival.h */
    /* conflicts */
    SIM_METRIC_CR_PUSH,
    SIM_METRIC_CR_EDIT,
    SIM_METRIC_FC,
    /* how fast it spreads */
    SIM_METRIC_CONV_MEAN,
    SIM_METRIC_CONV_P50,
    SIM_METRIC_CONV_P95,
    SIM_METRIC_CONV_P99,
    SIM_METRIC_CONV_MAX,
    SIM_METRIC_CONV_HEALED,
    SIM_METRIC_E2E_MEAN,
    SIM_METRIC_E2E_P50,
    SIM_METRIC_E2E_P95,
    SIM_METRIC_E2E_P99,
    SIM_METRIC_E2E_MAX,
    /* what apps read */
    SIM_METRIC_STALE,
    SIM_METRIC_AOI_MEAN,
    SIM_METRIC_AOI_P99,
    SIM_METRIC_BEHIND_MEAN,
    SIM_METRIC_BEHIND_MAX,
    SIM_METRIC_DIVW_MEAN,
    SIM_METRIC_DIVW_MAX,
    SIM_METRIC_DIVW_TOTAL,
    /* traffic */
    SIM_METRIC_BYTES_UP,
    SIM_METRIC_BYTES_DOWN,
    SIM_METRIC_RTT,
    SIM_METRIC_REQUESTS,
    SIM_METRIC_WASTE,
    SIM_METRIC_WAKEUPS,
    SIM_METRIC_RADIO,
    /* the queue */
    SIM_METRIC_QD_MEAN,
    SIM_METRIC_QD_P99,
    SIM_METRIC_QD_MAX,
    SIM_METRIC_AGE_MEAN,
    SIM_METRIC_AGE_P99,
    SIM_METRIC_RETRY,
    SIM_METRIC_FAILED_T,
    /* who bears it; from here on indexes */
    SIM_METRIC_FAIR_WIN,
    SIM_METRIC_FAIR_CONV,
    SIM_METRIC_LOSS_RATIO,
    SIM_METRIC_COUNT
} sim_metric;

typedef enum sim_better { SIM_LOWER_IS_BETTER, SIM_HIGHER_IS_BETTER } sim_better;

typedef struct sim_metric_kind {
    const char *name; /* "lu" */
    const char *unit; /* "/1000 edits" */
    const char *what; /* one sentence */
    int64_t scale;    /* the ratio times this is in the unit */
    sim_better better;
} sim_metric_kind;

const sim_metric_kind *sim_metric_of(sim_metric metric);
/* It is no sum over parts: each run has one number. */
static inline bool sim_metric_is_index(sim_metric metric)
{
    return metric >= SIM_METRIC_FAIR_WIN;
}
/* By name; SIM_METRIC_COUNT: there is none of that name. */
sim_metric sim_metric_find(sy_str name);

typedef struct sim_metric_value { /* denominator 0: it has no value in this run */
    int64_t numerator, denominator;
} sim_metric_value;

#define SIM_ANOMALY_COUNT_MAX 32u /* at least as many as there are checkers */
#define SIM_MANUAL_MINUTES    2   /* what a decision by hand is taken to cost */

typedef struct sim_anomaly { /* by checker, in the order of sim_checker_at */
    uint64_t count;
    sy_time first; /* virtual time of its first finding */
} sim_anomaly;

typedef struct sim_metrics {
    sim_metric_value values[SIM_METRIC_COUNT];
    sim_anomaly anomalies[SIM_ANOMALY_COUNT_MAX];
    sim_ledger ledger;
} sim_metrics;

/* "12.500": three decimals, rounded down towards zero; "-": no value. */
void sim_metric_print(sim_metric metric, sim_metric_value value, sy_buf *out);
/* A table for people: a line for each metric that has a value, then the anomalies. */
void sim_metrics_to_text(const sim_metrics *metrics, sy_buf *out);
/* {"lu":{"value":1.250,"unit":"/1000 edits","numerator":1,"denominator":800},...}: the members of
 * "metrics", "ledger" and "anomalies", without the braces around them. */
void sim_metrics_to_json(const sim_metrics *metrics, sy_buf *out);

#endif

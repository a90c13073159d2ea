#include "sim/measure/metric.h"

#include "sim/check/checker.h"

#include <inttypes.h>

#define THOUSAND     1000
#define PER_EDITS    "/1000 edits"
#define SECONDS      "s"
#define ONE_SECOND   1 /* durations: nanoseconds over a count times a second */
#define DECIMALS     1000u
#define SMALL_ENOUGH (INT64_C(1) << 31)

/* In README.md, too. */
static const sim_metric_kind kinds[SIM_METRIC_COUNT] = {
    [SIM_METRIC_LU] = {"lu", PER_EDITS, "edits lost silently: overwritten, nobody was told",
                       THOUSAND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_LU_ACK] = {"lu_ack", PER_EDITS, "of these, acknowledged before", THOUSAND,
                           SIM_LOWER_IS_BETTER},
    [SIM_METRIC_LU_UNLICENSED] = {"lu_unlicensed", PER_EDITS, "of these, decided by nobody",
                                  THOUSAND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_COLL] = {"coll", "% of lu", "lost to a write that was about another field", 100,
                         SIM_LOWER_IS_BETTER},
    [SIM_METRIC_INT] = {"int", "% of edits",
                        "intents kept: effective, merged, superseded, "
                        "collapsed",
                        100, SIM_HIGHER_IS_BETTER},
    [SIM_METRIC_INT_WEIGHTED] = {"int_weighted", "% of bytes",
                                 "the same, each edit by the bytes of its value", 100,
                                 SIM_HIGHER_IS_BETTER},
    [SIM_METRIC_REJ] = {"rej", PER_EDITS, "edits given up on their own device", THOUSAND,
                        SIM_LOWER_IS_BETTER},
    [SIM_METRIC_MAN] = {"man", PER_EDITS, "decisions left to a person", THOUSAND,
                        SIM_LOWER_IS_BETTER},
    [SIM_METRIC_MAN_T] = {"man_t", "min/1000 edits", "the same, at 2 minutes each", THOUSAND,
                          SIM_LOWER_IS_BETTER},
    [SIM_METRIC_DUP] = {"dup", PER_EDITS, "edits that became more than one row", THOUSAND,
                        SIM_LOWER_IS_BETTER},
    [SIM_METRIC_ZOMB] = {"zomb", PER_EDITS,
                         "deleted rows brought back by somebody who did not know", THOUSAND,
                         SIM_LOWER_IS_BETTER},
    [SIM_METRIC_FLAP] = {"flap", PER_EDITS,
                         "own values that went and came back before the user's eyes", THOUSAND,
                         SIM_LOWER_IS_BETTER},
    [SIM_METRIC_ARR] = {"arr", "% of cells",
                        "cells that end as another value under another weather", 100,
                        SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CR_PUSH] = {"cr_push", "/100 pushes", "conflicts, for pushes with operations", 100,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CR_EDIT] = {"cr_edit", PER_EDITS, "conflicts", THOUSAND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_FC] = {"fc", PER_EDITS, "conflicts in which both sides agreed", THOUSAND,
                       SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CONV_MEAN] = {"conv_mean", SECONDS, "from a commit until its last device has it",
                              ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CONV_P50] = {"conv_p50", SECONDS, "its median", ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CONV_P95] = {"conv_p95", SECONDS, "its 95th percentile", ONE_SECOND,
                             SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CONV_P99] = {"conv_p99", SECONDS, "its 99th percentile", ONE_SECOND,
                             SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CONV_MAX] = {"conv_max", SECONDS, "the longest", ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_CONV_HEALED] = {"conv_healed", "% of commits",
                                "commits that got everywhere by settle alone, or never", 100,
                                SIM_LOWER_IS_BETTER},
    [SIM_METRIC_E2E_MEAN] = {"e2e_mean", SECONDS, "from a local edit until its last device has it",
                             ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_E2E_P50] = {"e2e_p50", SECONDS, "its median", ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_E2E_P95] = {"e2e_p95", SECONDS, "its 95th percentile", ONE_SECOND,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_E2E_P99] = {"e2e_p99", SECONDS, "its 99th percentile", ONE_SECOND,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_E2E_MAX] = {"e2e_max", SECONDS, "the longest", ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_STALE] = {"stale", "% of reads", "reads of a row that the server had newer", 100,
                          SIM_LOWER_IS_BETTER},
    [SIM_METRIC_AOI_MEAN] = {"aoi_mean", SECONDS,
                             "since when what is read was out of date, 0: it was not", ONE_SECOND,
                             SIM_LOWER_IS_BETTER},
    [SIM_METRIC_AOI_P99] = {"aoi_p99", SECONDS, "its 99th percentile", ONE_SECOND,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_BEHIND_MEAN] = {"behind_mean", "versions", "by how many versions reads are behind",
                                1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_BEHIND_MAX] = {"behind_max", "versions", "the most", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_DIVW_MEAN] = {"divw_mean", SECONDS, "for how long replicas online differ in a cell",
                              ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_DIVW_MAX] = {"divw_max", SECONDS, "the longest", ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_DIVW_TOTAL] = {"divw_total", "cell s/edit", "their sum over all cells", ONE_SECOND,
                               SIM_LOWER_IS_BETTER},
    [SIM_METRIC_BYTES_UP] = {"bytes_up", "/edit", "bytes of requests", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_BYTES_DOWN] = {"bytes_down", "/edit", "bytes of answers", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_RTT] = {"rtt", "/edit", "requests that were answered", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_REQUESTS] = {"requests", "/edit", "requests", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_WASTE] = {"waste", "% of rows", "rows that were fetched again, unchanged", 100,
                          SIM_LOWER_IS_BETTER},
    [SIM_METRIC_WAKEUPS] = {"wakeups", "/edit", "times that a radio woke up", 1,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_RADIO] = {"radio", "s/edit", "time that radios were awake", ONE_SECOND,
                          SIM_LOWER_IS_BETTER},
    [SIM_METRIC_QD_MEAN] = {"qd_mean", "operations", "depth of a device's queue, over time", 1,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_QD_P99] = {"qd_p99", "operations", "its 99th percentile", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_QD_MAX] = {"qd_max", "operations", "the most", 1, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_AGE_MEAN] = {"age_mean", SECONDS, "time that an operation spends in the queue",
                             ONE_SECOND, SIM_LOWER_IS_BETTER},
    [SIM_METRIC_AGE_P99] = {"age_p99", SECONDS, "its 99th percentile", ONE_SECOND,
                            SIM_LOWER_IS_BETTER},
    [SIM_METRIC_RETRY] = {"retry", "/operation", "requests beyond the first", 1,
                          SIM_LOWER_IS_BETTER},
    [SIM_METRIC_FAILED_T] = {"failed_t", "s/operation", "time spent in a failed state", ONE_SECOND,
                             SIM_LOWER_IS_BETTER},
    [SIM_METRIC_FAIR_WIN] = {"fair_win", "0..1", "Jain's index of the devices' share of kept edits",
                             1, SIM_HIGHER_IS_BETTER},
    [SIM_METRIC_FAIR_CONV] = {"fair_conv", "0..1",
                              "Jain's index of how late devices hear of others' commits", 1,
                              SIM_HIGHER_IS_BETTER},
    [SIM_METRIC_LOSS_RATIO] = {"loss_ratio", "times",
                               "losses of the least connected tenth over the most connected", 1,
                               SIM_LOWER_IS_BETTER},
};

const sim_metric_kind *sim_metric_of(sim_metric metric)
{
    return &kinds[metric];
}

sim_metric sim_metric_find(sy_str name)
{
    int i = 0;
    while (i < SIM_METRIC_COUNT && !sy_str_equal(sy_str_of(kinds[i].name), name)) {
        i++;
    }
    return (sim_metric)i;
}

/* The whole part, then thousandths. What is too large for exact thousandths has them rounded. */
static void print_ratio(sim_metric_value value, int64_t scale, sy_buf *out)
{
    uint64_t n = (uint64_t)(value.numerator < 0 ? -value.numerator : value.numerator);
    uint64_t d = (uint64_t)value.denominator;
    if (n > (uint64_t)(INT64_MAX / scale)) {
        d = d / (uint64_t)scale > 0 ? d / (uint64_t)scale : 1;
    } else {
        n *= (uint64_t)scale;
    }
    const uint64_t whole = n / d;
    uint64_t rest = n % d;
    while (d >= SMALL_ENOUGH) {
        d /= 2;
        rest /= 2;
    }
    sy_buf_printf(out, "%s%" PRIu64 ".%03" PRIu64, value.numerator < 0 ? "-" : "", whole,
                  rest * DECIMALS / d);
}

void sim_metric_print(sim_metric metric, sim_metric_value value, sy_buf *out)
{
    if (value.denominator == 0) {
        sy_buf_add_char(out, '-');
    } else {
        print_ratio(value, kinds[metric].scale, out);
    }
}

/* -- a table -- */

static void add_line(sim_metric metric, sim_metric_value value, sy_buf *out)
{
    char room[48];
    sy_buf number;
    sy_buf_init_fixed(&number, room, sizeof room);
    sim_metric_print(metric, value, &number);
    sy_buf_printf(out, "  %-13s %14.*s %-14s %s\n", kinds[metric].name, SY_FMT(sy_buf_str(&number)),
                  kinds[metric].unit, kinds[metric].what);
}

static void add_anomalies(const sim_metrics *metrics, sy_buf *out)
{
    const sim_checker *checker = NULL;
    for (size_t i = 0; (checker = sim_checker_at(i)) != NULL; i++) {
        const sim_anomaly *of = &metrics->anomalies[i];
        if (of->count > 0) {
            sy_buf_printf(
                out, "  anomaly: %s, %" PRIu64 " times, first at %" PRId64 ".%03" PRId64 " s\n",
                checker->name, of->count, of->first / SY_SECOND, of->first % SY_SECOND / SY_MS);
        }
    }
}

void sim_metrics_to_text(const sim_metrics *metrics, sy_buf *out)
{
    for (int i = 0; i < SIM_METRIC_COUNT; i++) {
        if (metrics->values[i].denominator != 0) {
            add_line((sim_metric)i, metrics->values[i], out);
        }
    }
    sy_buf_add_str(out, SY_STR("  "));
    sim_ledger_to_text(&metrics->ledger, out);
    sy_buf_add_char(out, '\n');
    add_anomalies(metrics, out);
}

/* -- JSON -- */

static void add_member(sim_metric metric, sim_metric_value value, sy_buf *out)
{
    sy_buf_printf(out, "%s\"%s\":{\"value\":", metric == 0 ? "" : ",", kinds[metric].name);
    if (value.denominator == 0) {
        sy_buf_add_str(out, SY_STR("null"));
    } else {
        sim_metric_print(metric, value, out);
    }
    sy_buf_printf(out, ",\"unit\":\"%s\",\"numerator\":%" PRId64 ",\"denominator\":%" PRId64 "}",
                  kinds[metric].unit, value.numerator, value.denominator);
}

static void add_ledger(const sim_ledger *ledger, sy_buf *out)
{
    sy_buf_printf(out, "\"ledger\":{\"edits\":%" PRIu64, ledger->edits);
    for (int i = 0; i < SIM_OUTCOME_COUNT; i++) {
        sy_buf_printf(out, ",\"%s\":%" PRIu64, sim_outcome_name((sim_outcome)i),
                      ledger->outcomes[i]);
    }
    sy_buf_add_char(out, '}');
}

static void add_anomaly_members(const sim_metrics *metrics, sy_buf *out)
{
    const sim_checker *checker = NULL;
    const char *separator = "";
    sy_buf_add_str(out, SY_STR("\"anomalies\":{"));
    for (size_t i = 0; (checker = sim_checker_at(i)) != NULL; i++) {
        if (metrics->anomalies[i].count > 0) {
            sy_buf_printf(out, "%s\"%s\":{\"count\":%" PRIu64 ",\"first_ns\":%" PRId64 "}",
                          separator, checker->name, metrics->anomalies[i].count,
                          metrics->anomalies[i].first);
            separator = ",";
        }
    }
    sy_buf_add_char(out, '}');
}

void sim_metrics_to_json(const sim_metrics *metrics, sy_buf *out)
{
    sy_buf_add_str(out, SY_STR("\"metrics\":{"));
    for (int i = 0; i < SIM_METRIC_COUNT; i++) {
        add_member((sim_metric)i, metrics->values[i], out);
    }
    sy_buf_add_str(out, SY_STR("},"));
    add_ledger(&metrics->ledger, out);
    sy_buf_add_char(out, ',');
    add_anomaly_members(metrics, out);
}

#include "sim/measure/measure.h"

#include "core/policy/normalise.h"
#include "core/port/events.h"
#include "sim/check/checker.h"
#include "sim/check/fields.h"
#include "sim/kernel/events.h"
#include "sim/measure/measure_internal.h"

#include <string.h>

enum { PUSH_BEGIN_PENDING = 2 };

/* -- local writes -- */

static uint32_t size_of(const sy_value *value)
{
    const bool text = value->type == SY_TYPE_TEXT || value->type == SY_TYPE_BLOB;
    return text && value->size > 0 ? value->size : 1;
}

/* What an insert, a delete or a number is worth: one keystroke. */
static uint32_t weight_of(sim_measure *measure, const sim_edit *edit, const sy_row *row)
{
    if (edit->column == SIM_ALIVE || row == NULL) {
        return 1;
    }
    const uint8_t *map = sim_lineage_map(measure->lineage, edit->line->columns, row->schema);
    for (uint32_t i = SY_SYSTEM_COUNT; i < row->schema->column_count; i++) {
        if (map[i] == edit->column) {
            return size_of(&row->cells[i]);
        }
    }
    return 1;
}

static void read_write(sim_measure *measure, const sim_event *event)
{
    const sim_moment *now = &measure->lineage->now;
    for (uint32_t tag = now->edit_first; tag < now->edit_end; tag++) {
        uint32_t *size = sim_numbered_at(&measure->sizes, tag);
        if (size == NULL) {
            return;
        }
        *size =
            weight_of(measure, sim_edit_of(measure->lineage, tag), sim_field_row(event, WRITE_ROW));
    }
    sim_replica_wrote(measure, event);
}

/* -- pushes and pulls -- */

static void read_push_begin(sim_measure *measure, const sim_event *event)
{
    measure->pushes += sim_field_int(event, PUSH_BEGIN_PENDING) > 0;
}

static void read_conflict(sim_measure *measure, const sim_event *event)
{
    (void)event;
    measure->conflicts++;
}

/* A copy that is kept beside the server's row, and a conflict that is put aside, wait for a
 * person. */
static void read_decision(sim_measure *measure, const sim_event *event)
{
    measure->agreed += sy_policy_was_false(sim_field_text(event, DECISION_BY));
    measure->manual += sim_field_is(event, DECISION_DECISION, "fork") ||
                       sim_field_is(event, DECISION_DECISION, "park");
}

static void read_resolve(sim_measure *measure, const sim_event *event)
{
    (void)event;
    measure->manual++;
}

static void read_send(sim_measure *measure, const sim_event *event)
{
    measure->requests++;
    sim_gauge_op_sent(measure, event);
    sim_gauge_radio(measure, event);
}

static void read_answer(sim_measure *measure, const sim_event *event)
{
    measure->answers++;
    sim_gauge_radio(measure, event);
}

static void read_page(sim_measure *measure, const sim_event *event)
{
    measure->fetched += (uint64_t)sim_field_int(event, PAGE_ROWS);
}

static void read_commit(sim_measure *measure, const sim_event *event)
{
    sim_spread_commit_made(measure, event);
    sim_replica_committed(measure, event);
}

static void read_survivor_row(sim_measure *measure, const sim_event *event)
{
    const sim_copy *copy = measure->lineage->now.copy;
    if (copy != NULL) {
        (void)sim_shadow_of(measure, copy, event->time);
    }
}

static void read_identity(sim_measure *measure, const sim_event *event)
{
    (void)sim_gauged_device_of(measure, sim_event_device(measure->trace, event), event->time);
}

static void read_phase(sim_measure *measure, const sim_event *event)
{
    if (measure->settled_at == INT64_MAX && sim_field_is(event, 0, "settle")) {
        measure->settled_at = event->time;
    }
}

/* -- the readers -- */

typedef void (*reader)(sim_measure *measure, const sim_event *event);

static const struct {
    const sy_event_kind *kind;
    reader read;
} readers[] = {
    {&sy_event_write, read_write},
    {&sy_event_enqueue, sim_gauge_enqueue},
    {&sy_event_dequeue, sim_gauge_dequeue},
    {&sy_event_push_begin, read_push_begin},
    {&sy_event_send, read_send},
    {&sy_event_answer, read_answer},
    {&sy_event_commit, read_commit},
    {&sy_event_apply, sim_replica_applied},
    {&sy_event_read, sim_replica_read},
    {&sy_event_conflict, read_conflict},
    {&sy_event_decision, read_decision},
    {&sy_event_resolve, read_resolve},
    {&sy_event_op_failed, sim_gauge_op_failed},
    {&sy_event_pull_begin, sim_gauge_pull_begin},
    {&sy_event_page, read_page},
    {&sy_event_purge, sim_replica_purged},
    {&sy_event_notice, sim_gauge_radio},
    {&sim_event_link, sim_gauge_connection},
    {&sim_event_host, sim_gauge_connection},
    {&sim_event_identity, read_identity},
    {&sim_event_survivor_row, read_survivor_row},
    {&sim_event_crash_scene, sim_gauge_scene},
    {&sim_event_phase, read_phase},
};

#define READER_COUNT (sizeof readers / sizeof readers[0])

static void read_event(void *self, const sim_event *event)
{
    for (size_t i = 0; i < READER_COUNT; i++) {
        if (readers[i].kind == event->kind) {
            readers[i].read(self, event);
            return;
        }
    }
}

sy_rc sim_measure_open(sy_alloc alloc, sim_trace *trace, sim_lineage *lineage, sim_measure **out,
                       sy_err *err)
{
    const sy_event_kind *kinds[READER_COUNT];
    for (size_t i = 0; i < READER_COUNT; i++) {
        kinds[i] = readers[i].kind;
    }
    sim_measure *measure = sy_alloc_zeroed(alloc, sizeof *measure);
    *out = measure;
    if (measure == NULL) {
        return sy_fail_nomem(err);
    }
    measure->alloc = alloc;
    measure->trace = trace;
    measure->lineage = lineage;
    measure->settled_at = INT64_MAX;
    sy_arena_init(&measure->arena, alloc);
    sim_index_init(&measure->operations, alloc, sizeof(sim_gauged_operation));
    sim_index_init(&measure->pullers, alloc, sizeof(sim_puller));
    sim_numbered_init(&measure->devices, alloc, sizeof(sim_gauged_device));
    sim_numbered_init(&measure->spreads, alloc, sizeof(sim_spread_line));
    sim_numbered_init(&measure->lines, alloc, sizeof(sim_gauged_line));
    sim_numbered_init(&measure->shadows, alloc, sizeof(sim_shadow *));
    sim_numbered_init(&measure->sizes, alloc, sizeof(uint32_t));
    sim_samples *const all[] = {&measure->conv, &measure->everywhere, &measure->aoi,
                                &measure->windows, &measure->ages};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        sim_samples_init(all[i], alloc);
    }
    return sim_trace_read(trace, read_event, measure, kinds, READER_COUNT) == SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

/* -- the sum -- */

static sim_metric_value ratio(uint64_t numerator, uint64_t denominator)
{
    return (sim_metric_value){(int64_t)numerator, (int64_t)denominator};
}

static bool is_kept(sim_outcome outcome)
{
    return outcome == SIM_EFFECTIVE || outcome == SIM_MERGED || outcome == SIM_SUPERSEDED ||
           outcome == SIM_COLLAPSED;
}

/* Every edit of an app, for its device and by its weight. */
static void sum_edits(sim_measure *measure, sim_metrics *out)
{
    uint64_t kept = 0;
    uint64_t weight = 0;
    uint64_t kept_weight = 0;
    for (uint32_t tag = 1; tag < measure->lineage->edit_count; tag++) {
        const sim_edit *edit = sim_edit_of(measure->lineage, tag);
        if (!sim_ledger_counts(edit)) {
            continue;
        }
        const sim_outcome outcome = sim_ledger_judge(measure->lineage, tag).outcome;
        const uint32_t *told = sim_numbered_at(&measure->sizes, tag);
        sim_gauged_device *device = sim_numbered_at(&measure->devices, edit->host);
        if (told == NULL || device == NULL) {
            return;
        }
        const uint32_t size = *told > 0 ? *told : 1; /* not by a local write: a remote call */
        device->edits++;
        device->kept += is_kept(outcome);
        device->lost += outcome == SIM_OVERWRITTEN || outcome == SIM_REJECTED;
        kept += is_kept(outcome);
        weight += size;
        kept_weight += is_kept(outcome) ? size : 0;
    }
    out->values[SIM_METRIC_INT] = ratio(kept, out->ledger.edits);
    out->values[SIM_METRIC_INT_WEIGHTED] = ratio(kept_weight, weight);
}

static void sum_outcomes(const sim_measure *measure, sim_metrics *out)
{
    const sim_ledger *ledger = &out->ledger;
    const uint64_t lost = ledger->outcomes[SIM_OVERWRITTEN];
    sim_metric_value *values = out->values;
    values[SIM_METRIC_LU] = ratio(lost, ledger->edits);
    values[SIM_METRIC_LU_ACK] = ratio(ledger->acknowledged, ledger->edits);
    values[SIM_METRIC_LU_UNLICENSED] = ratio(lost - ledger->licensed, ledger->edits);
    values[SIM_METRIC_COLL] = ratio(ledger->collateral, lost);
    values[SIM_METRIC_REJ] = ratio(ledger->outcomes[SIM_REJECTED], ledger->edits);
    values[SIM_METRIC_MAN] = ratio(measure->manual, ledger->edits);
    values[SIM_METRIC_MAN_T] = ratio(measure->manual * SIM_MANUAL_MINUTES, ledger->edits);
    values[SIM_METRIC_DUP] = ratio(ledger->outcomes[SIM_DUPLICATED], ledger->edits);
    values[SIM_METRIC_ZOMB] = ratio(measure->zombies, ledger->edits);
    values[SIM_METRIC_FLAP] = ratio(measure->flaps, ledger->edits);
    values[SIM_METRIC_CR_PUSH] = ratio(measure->conflicts, measure->pushes);
    values[SIM_METRIC_CR_EDIT] = ratio(measure->conflicts, ledger->edits);
    values[SIM_METRIC_FC] = ratio(measure->agreed, ledger->edits);
}

static void sum_spread(sim_measure *measure, sim_metrics *out)
{
    const sim_samples *conv = &measure->conv;
    const sim_samples *everywhere = &measure->everywhere;
    sim_metric_value *values = out->values;
    sim_samples_sort(&measure->conv);
    sim_samples_sort(&measure->everywhere);
    values[SIM_METRIC_CONV_MEAN] = sim_samples_mean(conv, SY_SECOND);
    values[SIM_METRIC_CONV_P50] = sim_samples_quantile(conv, 500, SY_SECOND);
    values[SIM_METRIC_CONV_P95] = sim_samples_quantile(conv, 950, SY_SECOND);
    values[SIM_METRIC_CONV_P99] = sim_samples_quantile(conv, 990, SY_SECOND);
    values[SIM_METRIC_CONV_MAX] = sim_samples_quantile(conv, 1000, SY_SECOND);
    values[SIM_METRIC_CONV_HEALED] = ratio(measure->healed, measure->commits);
    values[SIM_METRIC_E2E_MEAN] = sim_samples_mean(everywhere, SY_SECOND);
    values[SIM_METRIC_E2E_P50] = sim_samples_quantile(everywhere, 500, SY_SECOND);
    values[SIM_METRIC_E2E_P95] = sim_samples_quantile(everywhere, 950, SY_SECOND);
    values[SIM_METRIC_E2E_P99] = sim_samples_quantile(everywhere, 990, SY_SECOND);
    values[SIM_METRIC_E2E_MAX] = sim_samples_quantile(everywhere, 1000, SY_SECOND);
}

static void sum_reads(sim_measure *measure, sim_metrics *out)
{
    sim_metric_value *values = out->values;
    sim_samples_sort(&measure->aoi);
    sim_samples_sort(&measure->windows);
    values[SIM_METRIC_STALE] = ratio(measure->stale, measure->reads);
    values[SIM_METRIC_AOI_MEAN] = sim_samples_mean(&measure->aoi, SY_SECOND);
    values[SIM_METRIC_AOI_P99] = sim_samples_quantile(&measure->aoi, 990, SY_SECOND);
    values[SIM_METRIC_BEHIND_MEAN] = ratio(measure->behind, measure->reads);
    values[SIM_METRIC_BEHIND_MAX] = ratio(measure->behind_max, measure->reads > 0);
    values[SIM_METRIC_DIVW_MEAN] = sim_samples_mean(&measure->windows, SY_SECOND);
    values[SIM_METRIC_DIVW_MAX] = sim_samples_quantile(&measure->windows, 1000, SY_SECOND);
    values[SIM_METRIC_DIVW_TOTAL] =
        (sim_metric_value){measure->windows.sum, (int64_t)out->ledger.edits * SY_SECOND};
}

static void sum_traffic(const sim_measure *measure, const sim_measure_end *end, sim_metrics *out)
{
    const uint64_t edits = out->ledger.edits;
    sim_metric_value *values = out->values;
    uint64_t wakeups = 0;
    sy_time radio_ns = 0;
    for (size_t i = 0; i < measure->devices.count; i++) {
        wakeups += sim_gauged_devices(measure)[i].wakeups;
        radio_ns += sim_gauged_devices(measure)[i].radio_ns;
    }
    values[SIM_METRIC_BYTES_UP] = ratio(end->bytes_up, end->sized ? edits : 0);
    values[SIM_METRIC_BYTES_DOWN] = ratio(end->bytes_down, end->sized ? edits : 0);
    values[SIM_METRIC_RTT] = ratio(measure->answers, edits);
    values[SIM_METRIC_REQUESTS] = ratio(measure->requests, edits);
    values[SIM_METRIC_WASTE] = ratio(measure->wasted, measure->fetched);
    values[SIM_METRIC_WAKEUPS] = ratio(wakeups, edits);
    values[SIM_METRIC_RADIO] = (sim_metric_value){radio_ns, (int64_t)edits * SY_SECOND};
}

/* The depth that was not exceeded for 99 % of the time. */
static uint64_t depth_p99(const sim_depths *depths)
{
    uint64_t below = 0;
    uint32_t depth = 0;
    for (; depth + 1 < SIM_DEPTH_COUNT; depth++) {
        below += depths->us[depth];
        if (below >= depths->total_us - depths->total_us / 100) {
            break;
        }
    }
    return depth;
}

static void sum_queues(sim_measure *measure, sim_metrics *out)
{
    const sim_depths *depths = &measure->depths;
    sim_metric_value *values = out->values;
    sim_samples_sort(&measure->ages);
    values[SIM_METRIC_QD_MEAN] = ratio(depths->weighted_us, depths->total_us);
    values[SIM_METRIC_QD_P99] = ratio(depth_p99(depths), depths->total_us > 0);
    values[SIM_METRIC_QD_MAX] = ratio(depths->max, depths->total_us > 0);
    values[SIM_METRIC_AGE_MEAN] = sim_samples_mean(&measure->ages, SY_SECOND);
    values[SIM_METRIC_AGE_P99] = sim_samples_quantile(&measure->ages, 990, SY_SECOND);
    values[SIM_METRIC_RETRY] = ratio(measure->resends, measure->operations_sent);
    values[SIM_METRIC_FAILED_T] =
        (sim_metric_value){measure->failed_ns, (int64_t)measure->ages.count * SY_SECOND};
}

static void sum_anomalies(const sim_findings *findings, sim_metrics *out)
{
    const sim_checker *checker = NULL;
    for (size_t i = 0; (checker = sim_checker_at(i)) != NULL && i < SIM_ANOMALY_COUNT_MAX; i++) {
        for (size_t k = 0; findings != NULL && k < findings->count; k++) {
            const sim_finding *finding = &findings->items[k];
            if (strcmp(finding->checker, checker->name) == 0) {
                sim_anomaly *of = &out->anomalies[i];
                of->first = of->count == 0 || finding->time < of->first ? finding->time : of->first;
                of->count++;
            }
        }
    }
}

static bool is_broken(const sim_measure *measure)
{
    return measure->failed || measure->devices.failed || measure->spreads.failed ||
           measure->lines.failed || measure->shadows.failed || measure->sizes.failed ||
           measure->operations.failed || measure->pullers.failed || measure->conv.failed ||
           measure->everywhere.failed || measure->aoi.failed || measure->windows.failed ||
           measure->ages.failed || sim_lineage_failed(measure->lineage);
}

sy_rc sim_measure_sum(sim_measure *measure, const sim_measure_end *end, sim_metrics *out,
                      sy_err *err)
{
    *out = (sim_metrics){0};
    sim_gauge_devices_end(measure, end->now);
    sim_gauge_operations_end(measure, end->now);
    sim_spread_end(measure);
    sim_replicas_end(measure, end->now);
    if (is_broken(measure)) {
        return sy_fail_nomem(err);
    }
    sim_ledger_sum(measure->lineage, &out->ledger);
    sum_edits(measure, out);
    sum_outcomes(measure, out);
    sum_spread(measure, out);
    sum_reads(measure, out);
    sum_traffic(measure, end, out);
    sum_queues(measure, out);
    sim_fairness(measure, out);
    sum_anomalies(end->findings, out);
    return is_broken(measure) ? sy_fail_nomem(err) : SY_OK;
}

void sim_measure_free(sim_measure *measure)
{
    if (measure == NULL) {
        return;
    }
    for (size_t i = 0; i < measure->spreads.count; i++) {
        sim_spread_line *line = sim_numbered_at(&measure->spreads, i);
        sy_alloc_free(measure->alloc, line->items, line->capacity * sizeof *line->items);
    }
    sim_samples *const all[] = {&measure->conv, &measure->everywhere, &measure->aoi,
                                &measure->windows, &measure->ages};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        sim_samples_deinit(all[i]);
    }
    bool failed = false;
    sim_index_deinit(&measure->operations, &failed);
    sim_index_deinit(&measure->pullers, &failed);
    sim_numbered_deinit(&measure->devices, &failed);
    sim_numbered_deinit(&measure->spreads, &failed);
    sim_numbered_deinit(&measure->lines, &failed);
    sim_numbered_deinit(&measure->shadows, &failed);
    sim_numbered_deinit(&measure->sizes, &failed);
    sy_arena_deinit(&measure->arena);
    sy_alloc_free(measure->alloc, measure, sizeof *measure);
}

/* The comparison for programs: CSV, a line for each number; JSON, with what --gate needs to pair
 * the seeds of another comparison with these. */
#include "sim/compare/comparison.h"

#include <inttypes.h>

typedef struct writing {
    const sim_comparison *of;
    sim_judged *judged; /* [metric * cells + cell] */
    size_t cells;
    bool *front; /* of the group at hand, by policy */
    sy_buf *out;
} writing;

static sy_rc judge_all(const sim_comparison *comparison, writing *self, sy_err *err)
{
    self->of = comparison;
    self->cells = (size_t)comparison->group_count * comparison->plan.policy_count;
    self->judged =
        sy_alloc_zeroed(comparison->alloc, SIM_METRIC_COUNT * self->cells * sizeof *self->judged);
    if (self->judged == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = SY_OK;
    for (int i = 0; rc == SY_OK && i < SIM_METRIC_COUNT; i++) {
        rc = sim_judge(comparison, (sim_metric)i, &self->judged[(size_t)i * self->cells], err);
    }
    return rc;
}

static void end_writing(const writing *self)
{
    if (self->judged != NULL) {
        sy_alloc_free(self->of->alloc, self->judged,
                      SIM_METRIC_COUNT * self->cells * sizeof *self->judged);
    }
}

static const sim_judged *judged_at(const writing *self, int metric, uint32_t group, uint32_t policy)
{
    return &self->judged[(size_t)metric * self->cells +
                         (size_t)group * self->of->plan.policy_count + policy];
}

/* -- CSV -- */

static void add_quoted(sy_buf *out, sy_str text)
{
    sy_buf_add_char(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"') {
            sy_buf_add_char(out, '"');
        }
        sy_buf_add_char(out, text.data[i]);
    }
    sy_buf_add_str(out, SY_STR("\","));
}

static void csv_line(const writing *self, uint32_t group, uint32_t policy, int metric)
{
    const sim_comparison_plan *plan = &self->of->plan;
    const sim_judged *of = judged_at(self, metric, group, policy);
    const sim_metric_kind *kind = sim_metric_of((sim_metric)metric);
    if (of->estimate.count == 0) {
        return;
    }
    add_quoted(self->out, sim_comparison_world_name(plan->worlds[group / plan->network_count]));
    add_quoted(self->out, sy_str_of(plan->networks[group % plan->network_count]));
    add_quoted(self->out, sy_str_of(plan->policies[policy]));
    sy_buf_printf(self->out, "%s,%s,%" PRIu32 ",%.6f,%.6f,%.6f,%s,%.6f,%.6f,%.6f,%.3f\n",
                  kind->name, kind->unit, self->of->groups[group].count, of->estimate.value,
                  of->interval.low, of->interval.high,
                  of->best    ? "best"
                  : of->equal ? "equal"
                              : "",
                  of->difference, of->difference_interval.low, of->difference_interval.high,
                  of->gain);
}

sy_rc sim_comparison_to_csv(const sim_comparison *comparison, sy_buf *out, sy_err *err)
{
    writing self = {.out = out};
    sy_rc rc = judge_all(comparison, &self, err);
    sy_buf_add_str(out, SY_STR("world,network,policy,metric,unit,seeds,value,low,high,mark,"
                               "difference,difference_low,difference_high,pairing_gain\n"));
    for (uint32_t group = 0; rc == SY_OK && group < comparison->group_count; group++) {
        for (uint32_t policy = 0; policy < comparison->plan.policy_count; policy++) {
            for (int metric = 0; metric < SIM_METRIC_COUNT; metric++) {
                csv_line(&self, group, policy, metric);
            }
        }
    }
    end_writing(&self);
    return rc;
}

/* -- JSON -- */

static void add_names(sy_buf *out, const char *name, const char *const *names, uint32_t count)
{
    sy_buf_printf(out, ",\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++) {
        sy_buf_add_str(out, i > 0 ? SY_STR(",") : SY_STR(""));
        sy_buf_add_json_string(out, sy_str_of(names[i]));
    }
    sy_buf_add_char(out, ']');
}

static bool is_shown(const sim_comparison_plan *plan, int metric)
{
    for (uint32_t i = 0; i < plan->metric_count; i++) {
        if ((int)plan->metrics[i] == metric) {
            return true;
        }
    }
    return false;
}

/* Each seed's numerator and denominator. */
static void add_runs(const writing *self, uint32_t group, uint32_t policy, int metric)
{
    sy_buf_add_str(self->out, SY_STR(",\"runs\":["));
    for (uint32_t seed = 0; seed < self->of->groups[group].count; seed++) {
        const sim_metric_value value =
            sim_comparison_run(self->of, group, policy, seed)->values[metric];
        sy_buf_printf(self->out, "%s[%" PRId64 ",%" PRId64 "]", seed > 0 ? "," : "",
                      value.numerator, value.denominator);
    }
    sy_buf_add_char(self->out, ']');
}

static void add_metric(const writing *self, uint32_t group, uint32_t policy, int metric)
{
    const sim_judged *of = judged_at(self, metric, group, policy);
    sy_buf_printf(self->out,
                  "\"%s\":{\"value\":%.6f,\"low\":%.6f,\"high\":%.6f,\"best\":%s,\"equal\":%s,"
                  "\"difference\":%.6f,\"difference_low\":%.6f,\"difference_high\":%.6f,"
                  "\"pairing_gain\":%.3f",
                  sim_metric_of((sim_metric)metric)->name, of->estimate.value, of->interval.low,
                  of->interval.high, of->best ? "true" : "false", of->equal ? "true" : "false",
                  of->difference, of->difference_interval.low, of->difference_interval.high,
                  of->gain);
    if (is_shown(&self->of->plan, metric)) {
        add_runs(self, group, policy, metric);
    }
    sy_buf_add_char(self->out, '}');
}

static void add_cell(const writing *self, uint32_t group, uint32_t policy)
{
    const sim_comparison_plan *plan = &self->of->plan;
    sy_buf *out = self->out;
    sy_buf_add_str(out, SY_STR("{\"world\":"));
    sy_buf_add_json_string(out,
                           sim_comparison_world_name(plan->worlds[group / plan->network_count]));
    sy_buf_add_str(out, SY_STR(",\"network\":"));
    sy_buf_add_json_string(out, sy_str_of(plan->networks[group % plan->network_count]));
    sy_buf_add_str(out, SY_STR(",\"policy\":"));
    sy_buf_add_json_string(out, sy_str_of(plan->policies[policy]));
    sy_buf_printf(out,
                  ",\"seeds\":%" PRIu32 ",\"digest\":\"%016" PRIx64 "\",\"front\":%s,\"metrics\":{",
                  self->of->groups[group].count, sim_comparison_digest(self->of, group, policy),
                  self->front[policy] ? "true" : "false");
    const char *separator = "";
    for (int metric = 0; metric < SIM_METRIC_COUNT; metric++) {
        if (judged_at(self, metric, group, policy)->estimate.count > 0) {
            sy_buf_add_str(out, sy_str_of(separator));
            add_metric(self, group, policy, metric);
            separator = ",";
        }
    }
    sy_buf_add_str(out, SY_STR("}}"));
}

static void add_cells(writing *self, sy_rc *rc, sy_err *err)
{
    const char *separator = "";
    for (uint32_t group = 0; *rc == SY_OK && group < self->of->group_count; group++) {
        *rc = sim_front(self->of, group, self->front, err);
        for (uint32_t policy = 0; *rc == SY_OK && self->of->groups[group].count > 0 &&
                                  policy < self->of->plan.policy_count;
             policy++) {
            sy_buf_printf(self->out, "%s\n", separator);
            add_cell(self, group, policy);
            separator = ",";
        }
    }
}

sy_rc sim_comparison_to_json(const sim_comparison *comparison, sy_buf *out, sy_err *err)
{
    const sim_comparison_plan *plan = &comparison->plan;
    writing self = {.out = out};
    self.front = sy_alloc_zeroed(comparison->alloc, plan->policy_count * sizeof *self.front);
    if (self.front == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = judge_all(comparison, &self, err);
    const sim_pairs pairs = sim_comparison_pairs(comparison);
    sy_buf_printf(out, "{\"comparison\":1,\"seed_first\":%" PRIu64, plan->seed_first);
    add_names(out, "networks", plan->networks, plan->network_count);
    add_names(out, "policies", plan->policies, plan->policy_count);
    sy_buf_printf(out,
                  ",\"runs\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"pairs\":{\"same\":%" PRIu64
                  ",\"different\":%" PRIu64 "},\"cells\":[",
                  pairs.runs, pairs.failed, pairs.same, pairs.different);
    add_cells(&self, &rc, err);
    sy_buf_add_str(out, SY_STR("]}\n"));
    end_writing(&self);
    sy_alloc_free(comparison->alloc, self.front, plan->policy_count * sizeof *self.front);
    return rc;
}

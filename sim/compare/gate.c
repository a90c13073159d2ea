#include "sim/compare/gate.h"

#include "core/wire/json.h"
#include "sim/compare/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

sim_margin sim_margin_default(sim_metric metric)
{
    return (sim_margin){.metric = metric,
                        .absolute = sim_metric_of(metric)->scale == 1000 ? 0.5 : 0.0,
                        .part = 0.05};
}

/* Digits, a point, digits. */
static bool read_decimal(sy_str text, double *out)
{
    double value = 0.0;
    double unit = 0.0; /* 0: before the point */
    size_t digits = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        if (c == '.' && unit == 0.0) {
            unit = 1.0;
            continue;
        }
        if (c < '0' || c > '9' || digits > 15) {
            return false;
        }
        digits++;
        unit *= 10.0;
        value = unit > 0.0 ? value + (double)(c - '0') / unit : value * 10.0 + (double)(c - '0');
    }
    *out = value;
    return digits > 0;
}

sy_rc sim_margin_read(sy_str text, sim_margin *out, sy_err *err)
{
    const char *equals = text.size > 0 ? memchr(text.data, '=', text.size) : NULL;
    const size_t at = equals != NULL ? (size_t)(equals - text.data) : text.size;
    const sy_str name = {text.data, at};
    const sim_metric metric = sim_metric_find(name);
    if (metric == SIM_METRIC_COUNT) {
        return SY_FAIL(err, SY_NOT_FOUND, "there is no metric '%.*s'", SY_FMT(name));
    }
    sy_str value = at < text.size ? (sy_str){equals + 1, text.size - at - 1} : (sy_str){"", 0};
    const bool relative = value.size > 0 && value.data[value.size - 1] == '%';
    value.size -= relative;
    double number = 0.0;
    if (!read_decimal(value, &number)) {
        return SY_FAIL(err, SY_INVALID, "'%.*s' is not a margin like lu=1 or conv_mean=10%%",
                       SY_FMT(text));
    }
    *out = (sim_margin){.metric = metric,
                        .absolute = relative ? 0.0 : number,
                        .part = relative ? number / 100.0 : 0.0};
    return SY_OK;
}

typedef struct checking {
    const sim_gate *gate;
    const sim_comparison *of;
    sim_gated *out;
    sy_buf *text;
    sim_part *before, *now;
    double *before_residuals, *now_residuals;
    uint64_t met; /* cells that are in both */
} checking;

static sim_margin margin_of(const sim_gate *gate, sim_metric metric)
{
    for (size_t i = 0; i < gate->margin_count; i++) {
        if (gate->margins[i].metric == metric) {
            return gate->margins[i];
        }
    }
    return sim_margin_default(metric);
}

/* The seeds' parts as the document has them. false: it is not of the form. */
static bool read_runs(const sy_json *runs, sim_metric metric, uint32_t count, sim_part *parts)
{
    const double scale = (double)sim_metric_of(metric)->scale;
    for (uint32_t i = 0; i < count; i++) {
        const sy_json *one = sy_json_at(runs, i);
        if (sy_json_count(one) != 2 || sy_json_kind_of(sy_json_at(one, 0)) != SY_JSON_INT ||
            sy_json_kind_of(sy_json_at(one, 1)) != SY_JSON_INT) {
            return false;
        }
        const double x = scale * (double)sy_json_scalar(sy_json_at(one, 0)).as.integer;
        const double y = (double)sy_json_scalar(sy_json_at(one, 1)).as.integer;
        parts[i] = y > 0.0 && sim_metric_is_index(metric) ? (sim_part){x / y, 1.0}
                                                          : (sim_part){y > 0.0 ? x : 0.0, y};
    }
    return true;
}

static void say(checking *self, uint32_t group, uint32_t policy, sim_metric metric,
                const sim_estimate *before, const sim_estimate *difference, double margin)
{
    const sim_comparison_plan *plan = &self->of->plan;
    const double half =
        sim_student_interval(difference, self->of->groups[group].count).high - difference->value;
    const double numbers[] = {before->value, before->value + difference->value, difference->value,
                              half, margin};
    char shown[5][SIM_NUMBER_SIZE_MAX];
    for (size_t i = 0; i < 5; i++) {
        sim_number_print(numbers[i], shown[i]);
    }
    sy_buf_printf(self->text, "  %.*s, %s, %s: %s was %s, is %s: %s ± %s, margin %s\n",
                  SY_FMT(sim_comparison_world_name(plan->worlds[group / plan->network_count])),
                  plan->networks[group % plan->network_count], plan->policies[policy],
                  sim_metric_of(metric)->name, shown[0], shown[1], shown[2], shown[3], shown[4]);
}

/* By how much it got worse, and whether that is within the margin for sure. */
static void judge(checking *self, uint32_t group, uint32_t policy, sim_metric metric,
                  uint32_t count)
{
    const sim_estimate before = sim_ratio(self->before, count, self->before_residuals);
    const sim_estimate now = sim_ratio(self->now, count, self->now_residuals);
    if (before.count == 0 || now.count == 0) {
        return;
    }
    double gain = 0.0;
    const sim_estimate difference = {
        .value = now.value - before.value,
        .error = sim_paired_error(self->now_residuals, self->before_residuals, count, &gain)};
    const sim_interval interval = sim_student_interval(&difference, count);
    const bool lower = sim_metric_of(metric)->better == SIM_LOWER_IS_BETTER;
    const double worst = lower ? interval.high : -interval.low;
    const double least = lower ? interval.low : -interval.high;
    const sim_margin margin = margin_of(self->gate, metric);
    const double part = margin.part * before.value;
    const double allowed = part > margin.absolute ? part : margin.absolute;
    if (worst <= allowed) {
        self->out->passed++;
        return;
    }
    const bool sure = least > 0.0;
    self->out->worse += sure;
    self->out->unclear += !sure;
    sy_buf_add_str(self->text, sure ? SY_STR("  worse  ") : SY_STR("  unclear"));
    say(self, group, policy, metric, &before, &difference, allowed);
}

static sy_rc check_metrics(checking *self, uint32_t group, uint32_t policy, const sy_json *metrics,
                           sy_err *err)
{
    for (int metric = 0; metric < SIM_METRIC_COUNT; metric++) {
        const sy_json *of =
            sy_json_get(metrics, sy_str_of(sim_metric_of((sim_metric)metric)->name));
        const sy_json *runs = of != NULL ? sy_json_get(of, SY_STR("runs")) : NULL;
        if (runs == NULL) {
            continue;
        }
        const size_t both = sy_json_count(runs);
        const uint32_t have = self->of->groups[group].count;
        const uint32_t count = both < have ? (uint32_t)both : have;
        if (!read_runs(runs, (sim_metric)metric, count, self->before)) {
            return SY_FAIL(err, SY_PARSE, "the runs of %s are not pairs of numbers",
                           sim_metric_of((sim_metric)metric)->name);
        }
        sim_comparison_parts(self->of, group, policy, (sim_metric)metric, self->now);
        judge(self, group, policy, (sim_metric)metric, count);
    }
    return SY_OK;
}

/* Where a cell of the document is in this comparison; false: nowhere. */
static bool place_of(const sim_comparison_plan *plan, const sy_json *cell, uint32_t *group,
                     uint32_t *policy)
{
    const sy_str world = sy_json_get_text(cell, SY_STR("world"));
    const sy_str network = sy_json_get_text(cell, SY_STR("network"));
    const sy_str name = sy_json_get_text(cell, SY_STR("policy"));
    for (uint32_t w = 0; w < plan->world_count; w++) {
        for (uint32_t n = 0; n < plan->network_count; n++) {
            for (uint32_t p = 0; p < plan->policy_count; p++) {
                if (sy_str_equal(world, sim_comparison_world_name(plan->worlds[w])) &&
                    sy_str_equal(network, sy_str_of(plan->networks[n])) &&
                    sy_str_equal(name, sy_str_of(plan->policies[p]))) {
                    *group = w * plan->network_count + n;
                    *policy = p;
                    return true;
                }
            }
        }
    }
    return false;
}

static bool same_traces(const sim_comparison *of, uint32_t group, uint32_t policy,
                        const sy_json *cell)
{
    char digest[24];
    const sy_json *seeds = sy_json_get(cell, SY_STR("seeds"));
    (void)snprintf(digest, sizeof digest, "%016" PRIx64, sim_comparison_digest(of, group, policy));
    return seeds != NULL && sy_json_kind_of(seeds) == SY_JSON_INT &&
           sy_json_scalar(seeds).as.integer == (int64_t)of->groups[group].count &&
           sy_str_equal(sy_json_get_text(cell, SY_STR("digest")), sy_str_of(digest));
}

static sy_rc check_cell(checking *self, const sy_json *cell, sy_err *err)
{
    uint32_t group = 0;
    uint32_t policy = 0;
    if (!place_of(&self->of->plan, cell, &group, &policy) || self->of->groups[group].count == 0) {
        return SY_OK;
    }
    self->met++;
    if (same_traces(self->of, group, policy, cell)) {
        self->out->same++;
        return SY_OK;
    }
    return check_metrics(self, group, policy, sy_json_get(cell, SY_STR("metrics")), err);
}

static bool prepare(checking *self, sy_arena *arena)
{
    const size_t count = self->of->plan.seed_count;
    self->before = sy_arena_push(arena, count * sizeof *self->before);
    self->now = sy_arena_push(arena, count * sizeof *self->now);
    self->before_residuals = sy_arena_push(arena, count * sizeof(double));
    self->now_residuals = sy_arena_push(arena, count * sizeof(double));
    return self->before != NULL && self->now != NULL && self->before_residuals != NULL &&
           self->now_residuals != NULL;
}

static sy_rc check_document(checking *self, const sy_json *document, sy_err *err)
{
    const sy_json *first = sy_json_get(document, SY_STR("seed_first"));
    const sy_json *cells = sy_json_get(document, SY_STR("cells"));
    if (first == NULL || cells == NULL || sy_json_kind_of(first) != SY_JSON_INT) {
        return SY_FAIL(err, SY_PARSE, "is not what syncsim compare --json writes");
    }
    if (sy_json_scalar(first).as.integer != (int64_t)self->of->plan.seed_first) {
        return SY_FAIL(err, SY_NOT_FOUND, "begins with seed %" PRId64 ", not with %" PRIu64,
                       sy_json_scalar(first).as.integer, self->of->plan.seed_first);
    }
    sy_rc rc = SY_OK;
    for (size_t i = 0; rc == SY_OK && i < sy_json_count(cells); i++) {
        rc = check_cell(self, sy_json_at(cells, i), err);
    }
    return rc == SY_OK && self->met == 0
               ? SY_FAIL(err, SY_NOT_FOUND, "has no world, network and policy of these")
               : rc;
}

sy_rc sim_gate_check(const sim_gate *gate, const sim_comparison *comparison, sy_str baseline,
                     sim_gated *out, sy_buf *text, sy_err *err)
{
    *out = (sim_gated){0};
    sy_arena arena;
    sy_arena_init(&arena, comparison->alloc);
    checking self = {.gate = gate, .of = comparison, .out = out, .text = text};
    sy_json *document = NULL;
    sy_rc rc = prepare(&self, &arena) ? SY_OK : sy_fail_nomem(err);
    rc = rc == SY_OK ? sy_json_parse(baseline, &document, err) : rc;
    rc = rc == SY_OK ? check_document(&self, document, err) : rc;
    sy_json_free(document);
    sy_arena_deinit(&arena);
    return rc;
}

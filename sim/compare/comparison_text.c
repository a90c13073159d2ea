/* Tables for a terminal: a block for each metric and world, a line for each policy, a column for
 * each network, at most four side by side. */
#include "sim/compare/comparison.h"
#include "sim/compare/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMN_COUNT_MAX 4u
#define NAME_WIDTH       20
#define CELL_WIDTH       18
#define NETWORK_WIDTH    11
#define FRONT_INDENT     33 /* two blanks, a name, a network */
#define LINE_WIDTH       96

void sim_number_print(double value, char out[SIM_NUMBER_SIZE_MAX])
{
    const double size = value < 0.0 ? -value : value;
    const int decimals = size >= 1000.0 ? 0 : size >= 100.0 ? 1 : size >= 10.0 ? 2 : 3;
    (void)snprintf(out, SIM_NUMBER_SIZE_MAX, "%.*f", decimals, value);
}

/* " 12.34 ±1.234 *": the sign of plus or minus takes two bytes and one column. The last cell of a
 * line has no blanks behind it. */
static void add_cell(const sim_judged *cell, uint32_t count, bool last, sy_buf *out)
{
    if (cell->estimate.count == 0) {
        sy_buf_printf(out, "%*s%s", CELL_WIDTH - 2, count == 0 ? "not run" : "-", last ? "" : "  ");
        return;
    }
    char value[SIM_NUMBER_SIZE_MAX];
    char half[SIM_NUMBER_SIZE_MAX];
    sim_number_print(cell->estimate.value, value);
    sim_number_print((cell->interval.high - cell->interval.low) / 2.0, half);
    const bool marked = cell->best || cell->equal;
    sy_buf_printf(out, "%8s ±%-*s", value, last && !marked ? 0 : 6, half);
    if (marked || !last) {
        sy_buf_add_str(out, cell->best ? SY_STR(" *") : cell->equal ? SY_STR(" =") : SY_STR("  "));
    }
}

static void add_head(const sim_comparison *of, uint32_t world, uint32_t first, uint32_t end,
                     sy_buf *out)
{
    sy_str name = sim_comparison_world_name(of->plan.worlds[world]);
    name.size = name.size < NAME_WIDTH ? name.size : NAME_WIDTH;
    sy_buf_printf(out, "  %-*.*s", NAME_WIDTH, SY_FMT(name));
    for (uint32_t i = first; i < end; i++) {
        const sim_compared_group *group = &of->groups[world * of->plan.network_count + i];
        char title[64];
        (void)snprintf(title, sizeof title, "%.9s (%" PRIu32 ")", of->plan.networks[i],
                       group->count);
        sy_buf_printf(out, "%*s", CELL_WIDTH - 2, title);
        sy_buf_add_str(out, i + 1 < end ? SY_STR("  ") : SY_STR("\n"));
    }
}

static void add_block(const sim_comparison *of, const sim_judged *judged, uint32_t world,
                      uint32_t first, sy_buf *out)
{
    const uint32_t networks = of->plan.network_count;
    const uint32_t end = networks - first > COLUMN_COUNT_MAX ? first + COLUMN_COUNT_MAX : networks;
    add_head(of, world, first, end, out);
    for (uint32_t policy = 0; policy < of->plan.policy_count; policy++) {
        sy_buf_printf(out, "  %-*s", NAME_WIDTH, of->plan.policies[policy]);
        for (uint32_t i = first; i < end; i++) {
            const uint32_t group = world * networks + i;
            add_cell(&judged[group * of->plan.policy_count + policy], of->groups[group].count,
                     i + 1 == end, out);
        }
        sy_buf_add_char(out, '\n');
    }
}

/* By how much pairing divides the variance of differences, over all cells. */
static void add_gain(const sim_comparison *of, const sim_judged *judged, sy_buf *out)
{
    double paired = 0.0; /* sum of 1 / gain: parts that are left */
    uint32_t count = 0;
    for (uint32_t i = 0; i < of->group_count * of->plan.policy_count; i++) {
        if (judged[i].gain > 0.0) {
            paired += 1.0 / judged[i].gain;
            count++;
        }
    }
    if (count > 0) {
        sy_buf_printf(out,
                      "  pairs of the same seed leave %.0f %% of the variance of a difference "
                      "(mean of %" PRIu32 ")\n",
                      100.0 * paired / (double)count, count);
    }
}

static void add_metric(const sim_comparison *of, sim_metric metric, const sim_judged *judged,
                       sy_buf *out)
{
    const sim_metric_kind *kind = sim_metric_of(metric);
    sy_buf_printf(out, "%s%s, %s: %s; %s is better\n", out->size > 0 ? "\n" : "", kind->name,
                  kind->unit, kind->what, kind->better == SIM_LOWER_IS_BETTER ? "lower" : "higher");
    for (uint32_t world = 0; world < of->plan.world_count; world++) {
        for (uint32_t first = 0; first < of->plan.network_count; first += COLUMN_COUNT_MAX) {
            add_block(of, judged, world, first, out);
        }
    }
    add_gain(of, judged, out);
}

/* The names of the front of a group, in lines of at most LINE_WIDTH columns. */
static void add_names(const sim_comparison *of, const bool *front, sy_buf *out)
{
    size_t width = FRONT_INDENT;
    const char *separator = "";
    for (uint32_t i = 0; i < of->plan.policy_count; i++) {
        const size_t size = strlen(of->plan.policies[i]);
        if (front[i] && width + size + 2 > LINE_WIDTH) {
            sy_buf_printf(out, ",\n%*s", FRONT_INDENT, "");
            width = FRONT_INDENT;
            separator = "";
        }
        if (front[i]) {
            sy_buf_printf(out, "%s%s", separator, of->plan.policies[i]);
            width += size + 2;
            separator = ", ";
        }
    }
    sy_buf_add_char(out, '\n');
}

static sy_rc add_fronts(const sim_comparison *of, sy_buf *out, sy_err *err)
{
    bool *front = sy_alloc_zeroed(of->alloc, of->plan.policy_count * sizeof *front);
    if (front == NULL) {
        return sy_fail_nomem(err);
    }
    sy_buf_add_str(out, SY_STR("\nnot beaten in"));
    for (uint32_t i = 0; i < SIM_FRONT_METRIC_COUNT; i++) {
        sy_buf_printf(out, "%s %s", i > 0 ? "," : "", sim_metric_of(sim_front_metrics[i])->name);
    }
    sy_buf_add_str(out, SY_STR(" together:\n"));
    sy_rc rc = SY_OK;
    for (uint32_t group = 0; rc == SY_OK && group < of->group_count; group++) {
        sy_str name = sim_comparison_world_name(of->plan.worlds[group / of->plan.network_count]);
        name.size = name.size < NAME_WIDTH ? name.size : NAME_WIDTH;
        rc = sim_front(of, group, front, err);
        sy_buf_printf(out, "  %-*.*s%-*.*s", NAME_WIDTH, SY_FMT(name), NETWORK_WIDTH,
                      NETWORK_WIDTH - 1, of->plan.networks[group % of->plan.network_count]);
        add_names(of, front, out);
    }
    sy_alloc_free(of->alloc, front, of->plan.policy_count * sizeof *front);
    return rc;
}

static void add_foot(const sim_comparison *of, sy_buf *out)
{
    const sim_pairs pairs = sim_comparison_pairs(of);
    sy_buf_add_str(out,
                   SY_STR("\nvalue ± half of its 95 % interval (seeds in brackets)  * best  = not "
                          "told from it (Holm, 5 %)\n"));
    sy_buf_printf(out, "%" PRIu64 " runs, %" PRIu64 " did not pass; ", pairs.runs, pairs.failed);
    if (of->plan.policy_count == 1) {
        sy_buf_add_str(out, SY_STR("one policy, no pairs\n"));
        return;
    }
    sy_buf_add_str(out, SY_STR("intentions and outages "));
    if (pairs.different == 0) {
        sy_buf_printf(out, "are the same in all %" PRIu64 " pairs\n", pairs.same);
    } else {
        sy_buf_printf(out, "DIFFER in %" PRIu64 " of %" PRIu64 " pairs\n", pairs.different,
                      pairs.different + pairs.same);
    }
}

sy_rc sim_comparison_to_text(const sim_comparison *comparison, sy_buf *out, sy_err *err)
{
    const size_t size = (size_t)comparison->group_count * comparison->plan.policy_count;
    sim_judged *judged = sy_alloc_zeroed(comparison->alloc, size * sizeof *judged);
    if (judged == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; rc == SY_OK && i < comparison->plan.metric_count; i++) {
        rc = sim_judge(comparison, comparison->plan.metrics[i], judged, err);
        if (rc == SY_OK) {
            add_metric(comparison, comparison->plan.metrics[i], judged, out);
        }
    }
    if (rc == SY_OK && comparison->plan.policy_count > 1) {
        rc = add_fronts(comparison, out, err);
    }
    if (rc == SY_OK) {
        add_foot(comparison, out);
    }
    sy_alloc_free(comparison->alloc, judged, size * sizeof *judged);
    return rc;
}

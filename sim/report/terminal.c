/* One run as text. Everything in it but the time that the run took on this machine is a function of
 * the run. */
#include "sim/report/terminal.h"

#include <inttypes.h>
#include <string.h>

#define NAME_WIDTH          56
#define FINDING_COUNT_SHOWN 5

void sim_report_versions_line(const sim_report_versions *versions, sy_buf *out)
{
    sy_buf_printf(out, "syncsim %s, Lua %s, SQLite %s\n", versions->program, versions->lua,
                  versions->sqlite);
}

static void add_host(sim_chart_options *options, uint32_t host)
{
    for (uint32_t i = 0; i < options->host_count; i++) {
        if (options->hosts[i] == host) {
            return;
        }
    }
    if (options->host_count < SIM_CHART_HOST_COUNT_MAX) {
        options->hosts[options->host_count++] = host;
    }
}

sim_chart_options sim_report_involved(const sim_trace *trace, const sim_result *result)
{
    sim_chart_options options = {.host_count = 0};
    for (size_t i = 0; i < result->findings.count; i++) {
        for (uint32_t host = 0; host < sim_trace_host_count(trace); host++) {
            if (strcmp(sim_trace_host(trace, host), result->findings.items[i].host) == 0) {
                add_host(&options, host);
            }
        }
    }
    return options;
}

void sim_report_counts(const sim_counts *counts, sy_buf *out)
{
    sy_buf_printf(out,
                  "%" PRIu64 " operations, %" PRIu64 " pushes, %" PRIu64 " pulls, %" PRIu64
                  " conflicts, %" PRIu64 " faults, %" PRIu64 " crashes, %" PRIu64 " messages",
                  counts->operations, counts->pushes, counts->pulls, counts->conflicts,
                  counts->faults, counts->crashes, counts->messages);
}

/* Every line of a text, indented by two. */
static void add_lines(sy_buf *out, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        sy_buf_printf(out, "  %.*s\n", (int)size, text);
        text += text[size] == '\n' ? size + 1 : size;
    }
}

static void add_headline(const sim_report_subject *subject, const sim_result *result, sy_buf *out)
{
    char wall[SY_TIME_TEXT_SIZE];
    char virtual[SY_TIME_TEXT_SIZE];
    (void)sy_duration_format(result->wall_ns, wall);
    (void)sy_duration_format(result->virtual_ns, virtual);
    sy_buf_printf(out, "%s  %-*s  seed %" PRIu64 "%s   %s, virtual %s",
                  result->verdict == SIM_PASSED ? "PASS" : "FAIL", NAME_WIDTH, subject->info->name,
                  subject->seed, subject->calm ? ", calm" : "", wall, virtual);
    if (result->verdict != SIM_PASSED && result->verdict != SIM_FOUND) {
        sy_buf_printf(out, "   [%s]", sim_verdict_name(result->verdict));
    }
    sy_buf_add_char(out, '\n');
}

static void add_findings(const sim_result *result, sy_buf *out)
{
    const sim_findings *findings = &result->findings;
    for (size_t i = 0; i < findings->count && i < FINDING_COUNT_SHOWN; i++) {
        sy_buf_printf(out, "  %s%s: %s\n", result->declared ? "found as declared: " : "",
                      findings->items[i].checker, findings->items[i].text);
    }
    if (findings->count > FINDING_COUNT_SHOWN) {
        sy_buf_printf(out, "  and %" PRIu64 " more\n",
                      (uint64_t)(findings->count - FINDING_COUNT_SHOWN) + findings->dropped);
    }
}

void sim_report_result(const sim_report_subject *subject, const sim_result *result, sy_str chart,
                       sy_buf *out)
{
    add_headline(subject, result, out);
    if (subject->info->kind == SIM_WORLD) {
        sy_buf_add_str(out, SY_STR("  "));
        sim_report_counts(&result->counts, out);
        sy_buf_add_char(out, '\n');
    }
    add_findings(result, out);
    if (result->verdict != SIM_PASSED) {
        if (subject->weather != NULL && subject->weather[0] != '\0') {
            sy_buf_printf(out, "  weather:  %s\n", subject->weather);
        }
        add_lines(out, result->reason);
        sy_buf_add_str(out, chart);
    }
    sy_buf_printf(out, "  again:  %s\n", subject->again);
    if (subject->smaller != NULL && subject->smaller[0] != '\0') {
        sy_buf_printf(out, "  smaller:  %s\n", subject->smaller);
    }
}

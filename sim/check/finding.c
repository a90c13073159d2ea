/* Findings: a list of plain values in the order in which they were made. */
#include "sim/check/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sim_findings_init(sim_findings *findings, sy_alloc alloc)
{
    *findings = (sim_findings){.alloc = alloc};
}

void sim_findings_deinit(sim_findings *findings)
{
    if (findings->items != NULL) {
        sy_alloc_free(findings->alloc, findings->items,
                      findings->capacity * sizeof *findings->items);
    }
    *findings = (sim_findings){.alloc = findings->alloc};
}

static bool same_subject(const sim_finding *a, const sim_finding *b)
{
    return strcmp(a->checker, b->checker) == 0 && strcmp(a->host, b->host) == 0 &&
           strcmp(a->table, b->table) == 0 && strcmp(a->row, b->row) == 0;
}

sy_rc sim_findings_add(sim_findings *findings, const sim_finding *finding)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (same_subject(&findings->items[i], finding)) {
            return SY_OK;
        }
    }
    if (findings->count == SIM_FINDING_COUNT_MAX) {
        findings->dropped++;
        return SY_OK;
    }
    if (findings->count == findings->capacity) {
        sim_finding *items = sy_alloc_grow(findings->alloc, findings->items, findings->count,
                                           &findings->capacity, sizeof *items);
        if (items == NULL) {
            findings->failed = true;
            return SY_NOMEM;
        }
        findings->items = items;
    }
    findings->items[findings->count++] = *finding;
    return SY_OK;
}

sy_rc sim_findings_copy(const sim_findings *findings, sy_alloc alloc, sim_findings *out)
{
    sim_findings_init(out, alloc);
    out->dropped = findings->dropped;
    out->failed = findings->failed;
    if (findings->count == 0) {
        return SY_OK;
    }
    out->items = sy_alloc_get(alloc, findings->count * sizeof *out->items);
    if (out->items == NULL) {
        return SY_NOMEM;
    }
    memcpy(out->items, findings->items, findings->count * sizeof *out->items);
    out->count = findings->count;
    out->capacity = findings->count;
    return SY_OK;
}

static void copy_text(char *out, size_t size, sy_str text)
{
    size_t length = text.size < size - 1 ? text.size : size - 1;
    if (length > 0) {
        memcpy(out, text.data, length);
    }
    out[length] = '\0';
}

sim_finding sim_finding_of(const char *checker, const sim_event *event, sy_str host, sy_str table,
                           sy_str row)
{
    sim_finding finding = {.checker = checker, .time = event->time};
    copy_text(finding.host, sizeof finding.host, host);
    copy_text(finding.table, sizeof finding.table, table);
    copy_text(finding.row, sizeof finding.row, row);
    sim_finding_witness(&finding, event->sequence);
    return finding;
}

void sim_finding_witness(sim_finding *finding, uint64_t sequence)
{
    if (sequence != 0 && finding->witness_count < SIM_WITNESS_COUNT_MAX) {
        finding->witness[finding->witness_count++] = sequence;
    }
}

void sim_finding_say(sim_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

#include "sim/check/missing.h"

static void report(const sim_checking *in, const sim_checker *checker, const sim_event *event,
                   const sim_missing *missing, const char *lacks)
{
    const sim_line *line = missing->commit->line;
    const sim_line *seen = missing->source->line;
    const sy_str host = sim_host_name(in->trace, event->host);
    sim_finding finding =
        sim_finding_of(checker->name, event, host, sim_line_table(line), sim_line_id(line));
    sim_finding_witness(&finding, missing->commit->sequence);
    sim_finding_witness(&finding, missing->source->sequence);
    sim_finding_say(&finding, "%.*s/%.*s: %.*s has %.*s/%.*s and lacks %s",
                    SY_FMT(sim_line_table(line)), SY_FMT(sim_line_id(line)), SY_FMT(host),
                    SY_FMT(sim_line_table(seen)), SY_FMT(sim_line_id(seen)), lacks);
    (void)sim_findings_add(in->findings, &finding);
}

void sim_missing_report(const sim_checking *in, const sim_checker *checker, const sim_event *event,
                        sim_missing_kind kind, const char *lacks)
{
    const sim_lineage *lineage = in->lineage;
    for (uint32_t i = 0; i < lineage->missing_count; i++) {
        if (lineage->missing[i].kind == kind) {
            report(in, checker, event, &lineage->missing[i], lacks);
        }
    }
}

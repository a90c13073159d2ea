/* What became of an edit follows from how it ended on its author's device and from who took its
 * cell on the server. */
#include "sim/check/ledger.h"

#include <inttypes.h>

static const char *const names[SIM_OUTCOME_COUNT] = {
    [SIM_EFFECTIVE] = "effective",     [SIM_MERGED] = "merged",
    [SIM_SUPERSEDED] = "superseded",   [SIM_COLLAPSED] = "collapsed",
    [SIM_PARKED] = "parked",           [SIM_WAITING] = "waiting",
    [SIM_REJECTED] = "rejected",       [SIM_OVERWRITTEN] = "overwritten",
    [SIM_RESURRECTED] = "resurrected", [SIM_DUPLICATED] = "duplicated"};

const char *sim_outcome_name(sim_outcome outcome)
{
    return names[outcome];
}

bool sim_ledger_counts(const sim_edit *edit)
{
    return edit->host != 0 && !edit->by_policy;
}

/* The queue entry that holds it; NULL: none does. */
static const sim_pending *holder_of(const sim_lineage *lineage, const sim_edit *edit, uint32_t tag)
{
    for (const sim_pending *at = sim_lineage_queue(lineage, edit->host); at != NULL;
         at = at->host_next) {
        if (at->copy->line == edit->line && sim_cell_at(&at->cells, edit->column).tag == tag) {
            return at;
        }
    }
    return NULL;
}

/* It never reached the server. */
static sim_outcome unsent(const sim_lineage *lineage, const sim_edit *edit, uint32_t tag)
{
    const sim_pending *holder = NULL;
    switch (edit->end) {
    case SIM_PENDING:
        holder = holder_of(lineage, edit, tag);
        return holder == NULL ? SIM_COLLAPSED : holder->failed > 0 ? SIM_PARKED : SIM_WAITING;
    case SIM_JOINED:
        return SIM_MERGED;
    case SIM_KEPT:
        return SIM_PARKED;
    case SIM_YIELDED:
    case SIM_DISCARDED:
    case SIM_FAILED:
        return SIM_REJECTED;
    case SIM_PUSHED:
        return sim_edit_is_moot(edit) ? SIM_EFFECTIVE : SIM_OVERWRITTEN;
    case SIM_COLLAPSED_AT_HOME:
        break;
    }
    return SIM_COLLAPSED;
}

static sim_outcome replaced(const sim_lineage *lineage, const sim_edit *edit)
{
    if (edit->loss != SIM_KNOWN) {
        return SIM_OVERWRITTEN;
    }
    return edit->lost_to != 0 && sim_edit_of(lineage, edit->lost_to)->by_policy ? SIM_MERGED
                                                                                : SIM_SUPERSEDED;
}

static sim_outcome outcome_of(const sim_lineage *lineage, const sim_edit *edit, uint32_t tag)
{
    const sim_commit *newest = edit->line->newest;
    const sim_cell final =
        newest != NULL ? sim_cell_at(&newest->cells, edit->column) : (sim_cell){0};
    if (edit->duplicated) {
        return SIM_DUPLICATED;
    }
    if (final.tag == tag) {
        return edit->returned ? SIM_RESURRECTED : SIM_EFFECTIVE;
    }
    if (edit->committed == 0) {
        return unsent(lineage, edit, tag);
    }
    if (edit->lost_at == 0 || (edit->loss == SIM_KNOWN && final.hash == edit->hash)) {
        return final.hash == edit->hash ? SIM_EFFECTIVE : SIM_SUPERSEDED;
    }
    return replaced(lineage, edit);
}

sim_verdict_of_edit sim_ledger_judge(const sim_lineage *lineage, uint32_t tag)
{
    const sim_edit *edit = sim_edit_of(lineage, tag);
    sim_verdict_of_edit verdict = {.outcome = outcome_of(lineage, edit, tag),
                                   .decision = edit->decision};
    verdict.acknowledged = edit->committed != 0 || edit->end == SIM_PUSHED;
    if (verdict.outcome == SIM_OVERWRITTEN) {
        verdict.collateral = edit->collateral;
        verdict.licensed = edit->loss == SIM_DECIDED || edit->loss == SIM_DIRECT;
    }
    return verdict;
}

void sim_ledger_sum(const sim_lineage *lineage, sim_ledger *out)
{
    *out = (sim_ledger){0};
    for (uint32_t tag = 1; tag < lineage->edit_count; tag++) {
        if (!sim_ledger_counts(sim_edit_of(lineage, tag))) {
            continue;
        }
        const sim_verdict_of_edit verdict = sim_ledger_judge(lineage, tag);
        out->edits++;
        out->outcomes[verdict.outcome]++;
        if (verdict.outcome == SIM_OVERWRITTEN) {
            out->collateral += verdict.collateral;
            out->licensed += verdict.licensed;
            out->acknowledged += verdict.acknowledged;
        }
    }
}

void sim_ledger_to_text(const sim_ledger *ledger, sy_buf *out)
{
    sy_buf_printf(out, "%" PRIu64 " edits", ledger->edits);
    const char *separator = ": ";
    for (int i = 0; i < SIM_OUTCOME_COUNT; i++) {
        if (ledger->outcomes[i] > 0) {
            sy_buf_printf(out, "%s%" PRIu64 " %s", separator, ledger->outcomes[i], names[i]);
            separator = ", ";
        }
    }
    if (ledger->outcomes[SIM_OVERWRITTEN] > 0) {
        sy_buf_printf(out,
                      " (%" PRIu64 " collateral, %" PRIu64 " licensed, %" PRIu64 " acknowledged)",
                      ledger->collateral, ledger->licensed, ledger->acknowledged);
    }
}

/* The write ledger: what became of each edit that an app made (policies.md 2.2).
 *
 * Read from the lineage once everything is at rest. An edit is one cell of one local write; an
 * insert or a delete is an edit of the cell that says whether the row is there. */
#ifndef SIM_CHECK_LEDGER_H
#define SIM_CHECK_LEDGER_H

#include "sim/check/lineage.h"

typedef enum sim_outcome {
    SIM_EFFECTIVE,   /* the server's value is this one */
    SIM_MERGED,      /* a decision made a value out of it and another */
    SIM_SUPERSEDED,  /* by somebody who had seen it */
    SIM_COLLAPSED,   /* by its author, before it was sent */
    SIM_PARKED,      /* it failed, was reported, and waits on the device for the app; or it became
                        another row */
    SIM_WAITING,     /* it waits in the queue, and nobody was told anything */
    SIM_REJECTED,    /* a decision on its author's device, or the app itself, gave it up */
    SIM_OVERWRITTEN, /* none of these: the silent loss */
    SIM_RESURRECTED, /* it had lost its cell and came back without anybody writing it again */
    SIM_DUPLICATED,  /* it became more than one row */
    SIM_OUTCOME_COUNT
} sim_outcome;

typedef struct sim_verdict_of_edit {
    sim_outcome outcome;
    bool collateral;   /* OVERWRITTEN: by a write that was about another cell */
    bool licensed;     /* OVERWRITTEN: by a decision, or past the sync engine */
    bool acknowledged; /* the server had committed it, or its device was told so */
    uint64_t decision; /* the event that decided it; 0: none */
} sim_verdict_of_edit;

typedef struct sim_ledger { /* counts of edits */
    uint64_t edits;
    uint64_t outcomes[SIM_OUTCOME_COUNT]; /* their sum is `edits` */
    uint64_t collateral;                  /* of OVERWRITTEN */
    uint64_t licensed;                    /* of OVERWRITTEN */
    uint64_t acknowledged;                /* of OVERWRITTEN */
} sim_ledger;

const char *sim_outcome_name(sim_outcome outcome); /* "effective" */
/* For an edit of an app: host not 0, not by_policy. */
sim_verdict_of_edit sim_ledger_judge(const sim_lineage *lineage, uint32_t tag);
/* Is it an edit of an app? */
bool sim_ledger_counts(const sim_edit *edit);
void sim_ledger_sum(const sim_lineage *lineage, sim_ledger *out);
/* "12 edits: 9 effective, 2 superseded, 1 overwritten (1 collateral, 1 licensed)": one line. */
void sim_ledger_to_text(const sim_ledger *ledger, sy_buf *out);

#endif

/* A finding: what the system under test did wrong. A value. */
#ifndef SIM_CHECK_FINDING_H
#define SIM_CHECK_FINDING_H

#include "sim/kernel/trace.h"

#define SIM_WITNESS_COUNT_MAX 8
#define SIM_FINDING_COUNT_MAX 1000 /* of one run; later ones are counted, not kept */

typedef struct sim_finding {
    const char *checker; /* "pull_completeness" */
    char host[64];       /* whom it concerns; "" nobody in particular */
    char table[64];
    char row[128];                           /* id of the row; "" none */
    char text[512];                          /* one sentence */
    uint64_t witness[SIM_WITNESS_COUNT_MAX]; /* sequence numbers of the events that show it */
    uint32_t witness_count;
    sy_time time;
} sim_finding;

typedef struct sim_findings {
    sy_alloc alloc;
    sim_finding *items;
    size_t count, capacity;
    uint64_t dropped; /* beyond SIM_FINDING_COUNT_MAX */
    bool failed;      /* a checker ran out of memory: the list may lack something */
} sim_findings;

void sim_findings_init(sim_findings *findings, sy_alloc alloc);
void sim_findings_deinit(sim_findings *findings);
/* Same checker, host, table and row: kept once. SY_NOMEM. */
sy_rc sim_findings_add(sim_findings *findings, const sim_finding *finding);
/* A deep copy. SY_NOMEM: `out` is empty. */
sy_rc sim_findings_copy(const sim_findings *findings, sy_alloc alloc, sim_findings *out);

/* A finding about a host (empty: nobody) and a row, with `event` as its first witness. */
sim_finding sim_finding_of(const char *checker, const sim_event *event, sy_str host, sy_str table,
                           sy_str row);
/* One more witness; 0 and those that do not fit are left out. */
void sim_finding_witness(sim_finding *finding, uint64_t sequence);
void sim_finding_say(sim_finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

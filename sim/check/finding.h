/* A finding: what the system under test did wrong. A value. */
#ifndef SIM_CHECK_FINDING_H
#define SIM_CHECK_FINDING_H

#include "sim/kernel/trace.h"

#define SIM_WITNESS_COUNT_MAX 8

typedef struct sim_finding {
    const char *checker;   /* "pull_completeness" */
    char host[64];         /* whom it concerns; "" nobody in particular */
    char table[64];
    char row[128];         /* id of the row; "" none */
    char text[512];        /* one sentence */
    uint64_t witness[SIM_WITNESS_COUNT_MAX]; /* sequence numbers of the events that show it */
    uint32_t witness_count;
    sy_time time;
} sim_finding;

typedef struct sim_findings {
    sy_alloc alloc;
    sim_finding *items;
    size_t count, capacity;
} sim_findings;

void sim_findings_init(sim_findings *findings, sy_alloc alloc);
void sim_findings_deinit(sim_findings *findings);
/* Same checker, host, table and row: kept once. SY_NOMEM. */
sy_rc sim_findings_add(sim_findings *findings, const sim_finding *finding);

#endif

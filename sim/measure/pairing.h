/* Do two runs have the same users and the same outages? What is hashed of a run, to be held against
 * another run of the same world and seed under another policy: every intention, whether it applied
 * or not and whenever it was done; every outage that was drawn, with its time. */
#ifndef SIM_MEASURE_PAIRING_H
#define SIM_MEASURE_PAIRING_H

#include "sim/kernel/trace.h"

typedef struct sim_paired {
    uint64_t intentions, intention_count; /* free of their order: a late one is the same one */
    uint64_t *outages;                    /* [i]: of the first i + 1 changes */
    size_t outage_count;
} sim_paired;

typedef struct sim_pairing {
    sy_alloc alloc;
    sim_paired of;
    size_t outage_capacity;
    bool settling, failed;
} sim_pairing;

/* Attaches to the trace; stays where it is until the trace has ended. SY_NOMEM. */
sy_rc sim_pairing_init(sim_pairing *pairing, sy_alloc alloc, sim_trace *trace, sy_err *err);
void sim_pairing_deinit(sim_pairing *pairing);
/* The intentions are the same, and so are the outages as long as both runs went on. */
bool sim_paired_same(const sim_paired *a, const sim_paired *b);

#endif

/* What a breach of contract excuses: after a server was restored from a backup, say, nobody owes
 * that an insert happened once. design.md, "sound, and what may be asked of it". */
#ifndef SIM_CHECK_EXCUSE_H
#define SIM_CHECK_EXCUSE_H

#include "sim/check/finding.h"

#define SIM_BREACH_COUNT_MAX 16

typedef struct sim_excuses {
    struct {
        char what[32];
        uint64_t sequence; /* of its first event */
    } breaches[SIM_BREACH_COUNT_MAX];
    uint32_t count;
} sim_excuses;

extern const sy_event_kind *const sim_excuse_kinds[]; /* one */
/* A trace reader. */
void sim_excuses_read(void *self, const sim_event *event);
/* Takes out what is excused: found behind a breach that excuses its checker. */
void sim_excuses_apply(const sim_excuses *excuses, sim_findings *findings);

#endif

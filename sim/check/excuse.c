#include "sim/check/excuse.h"

#include "sim/check/history.h"
#include "sim/kernel/events.h"

#include <stdio.h>
#include <string.h>

/* In README.md, too. */
/* A server whose data are older than what it had answered. */
#define LOST_HISTORY                                                                               \
    "single_insert", "pull_completeness", "version_monotone", "monotonic_reads",                   \
        "read_your_writes", "monotonic_writes", "writes_follow_reads", "causal_consistency",       \
        "lost_update", "resurrection", "intention", "token_monotone", "conditional_write"

/* A store that is no longer what was written to it: whatever its device shows and sends. */
#define DAMAGED_STORE                                                                              \
    LOST_HISTORY, "durability", "queue_order", "collapse", "idempotence", "convergence",           \
        "strong_convergence", "push_liveness", "clock_sanity", "purge_safety", "quiescence"

static const struct {
    const char *breach;
    const char *checkers[26]; /* NULL behind the last */
} table[] = {
    {"server restored", {LOST_HISTORY}},
    {"server failed over", {LOST_HISTORY, "convergence", "strong_convergence"}},
    {"tombstones cleaned",
     {"pull_completeness", "version_monotone", "resurrection", "token_monotone", "monotonic_writes",
      "writes_follow_reads", "causal_consistency"}},
    {"deletes do not stamp",
     {"convergence", "strong_convergence", "pull_completeness", "version_monotone"}},
    {"hard delete", {LOST_HISTORY, "convergence", "strong_convergence"}},
    {"identity restored",
     {"durability", "queue_order", "collapse", "idempotence", "push_liveness", LOST_HISTORY}},
    {"identity cloned", {"queue_order", "collapse", "idempotence", LOST_HISTORY}},
    {"reinstalled",
     {"durability", "queue_order", "collapse", "intention", "monotonic_reads", "read_your_writes",
      "token_monotone", "push_liveness"}},
    {"store rotted", {DAMAGED_STORE}},
    {"journal lost", {DAMAGED_STORE}},
    {"journal stale", {DAMAGED_STORE}},
};

const sy_event_kind *const sim_excuse_kinds[] = {&sim_event_breach};

static bool is_known(const sim_excuses *excuses, const char *what)
{
    for (uint32_t i = 0; i < excuses->count; i++) {
        if (strcmp(excuses->breaches[i].what, what) == 0) {
            return true;
        }
    }
    return false;
}

void sim_excuses_read(void *self, const sim_event *event)
{
    sim_excuses *excuses = self;
    char what[sizeof excuses->breaches[0].what];
    (void)snprintf(what, sizeof what, "%.*s", SY_FMT(sim_field_text(event, 1)));
    if (is_known(excuses, what) || excuses->count == SIM_BREACH_COUNT_MAX) {
        return;
    }
    memcpy(excuses->breaches[excuses->count].what, what, sizeof what);
    excuses->breaches[excuses->count++].sequence = event->sequence;
}

static bool excuses_checker(const char *breach, const char *checker)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (size_t k = 0; strcmp(table[i].breach, breach) == 0 && table[i].checkers[k] != NULL;
             k++) {
            if (strcmp(table[i].checkers[k], checker) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_excused(const sim_excuses *excuses, const sim_finding *finding)
{
    for (uint32_t i = 0; i < excuses->count; i++) {
        if (finding->witness_count > 0 && excuses->breaches[i].sequence < finding->witness[0] &&
            excuses_checker(excuses->breaches[i].what, finding->checker)) {
            return true;
        }
    }
    return false;
}

void sim_excuses_apply(const sim_excuses *excuses, sim_findings *findings)
{
    size_t kept = 0;
    for (size_t i = 0; excuses->count > 0 && i < findings->count; i++) {
        if (!is_excused(excuses, &findings->items[i])) {
            findings->items[kept++] = findings->items[i];
        }
    }
    findings->count = excuses->count > 0 ? kept : findings->count;
}

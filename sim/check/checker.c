/* All checkers over one run. Each is opened, attached to the trace for the kinds that it reads, and
 * closed once; their findings go into one list in the order in which they were made. */
#include "sim/check/checker.h"

#include "sim/check/excuse.h"
#include "sim/check/ledger.h"

static const sim_checker *const checkers[] = {
    &sim_checker_convergence,
    &sim_checker_durability,
    &sim_checker_queue_order,
    &sim_checker_single_insert,
    &sim_checker_pull_completeness,
    &sim_checker_version_monotone,
    &sim_checker_stuck,
    &sim_checker_lost_update,
    &sim_checker_resurrection,
    &sim_checker_read_your_writes,
    &sim_checker_monotonic_reads,
    &sim_checker_conditional_write,
    &sim_checker_strong_convergence,
    &sim_checker_token_monotone,
    &sim_checker_push_liveness,
    &sim_checker_queue_bound,
    &sim_checker_quiescence,
    &sim_checker_purge_safety,
    &sim_checker_intention,
    &sim_checker_monotonic_writes,
    &sim_checker_writes_follow_reads,
    &sim_checker_causal_consistency,
    &sim_checker_collapse,
    &sim_checker_idempotence,
    &sim_checker_invariant,
    &sim_checker_clock_sanity,
};

#define CHECKER_COUNT (sizeof checkers / sizeof checkers[0])

typedef struct attached { /* what the trace calls; it may go on after the checker was closed */
    const sim_checker *checker;
    void *state; /* NULL: closed */
} attached;

const sim_checker *sim_checker_at(size_t index)
{
    return index < CHECKER_COUNT ? checkers[index] : NULL;
}

struct sim_check {
    sy_alloc alloc;
    sim_findings findings;
    sim_excuses excuses;
    sim_lineage lineage;
    bool closed;
    attached all[CHECKER_COUNT];
};

static void read_lineage(void *self, const sim_event *event)
{
    sim_check *check = self;
    if (!check->closed) {
        sim_lineage_read(&check->lineage, event);
    }
}

static void read_event(void *self, const sim_event *event)
{
    const attached *to = self;
    if (to->state != NULL) {
        to->checker->read(to->state, event);
    }
}

sy_rc sim_checker_open(const sim_checker *checker, const sim_checking *in, void **self)
{
    sim_checking *state = sy_alloc_zeroed(in->alloc, checker->state_size);
    *self = state;
    if (state == NULL) {
        return SY_NOMEM;
    }
    *state = *in;
    if (checker->open != NULL) {
        checker->open(state);
    }
    return SY_OK;
}

void sim_checker_close(const sim_checker *checker, void *self)
{
    const sy_alloc alloc = ((const sim_checking *)self)->alloc;
    if (checker->close != NULL) {
        checker->close(self);
    }
    sy_alloc_free(alloc, self, checker->state_size);
}

static sy_rc attach(sim_check *check, sim_trace *trace, size_t index)
{
    attached *to = &check->all[index];
    to->checker = checkers[index];
    const sim_checking in = {.alloc = check->alloc,
                             .trace = trace,
                             .lineage = &check->lineage,
                             .findings = &check->findings};
    sy_rc rc = sim_checker_open(to->checker, &in, &to->state);
    if (rc != SY_OK) {
        return rc;
    }
    size_t count = 0;
    while (to->checker->kinds[count] != NULL) {
        count++;
    }
    return sim_trace_read(trace, read_event, to, to->checker->kinds, count);
}

sy_rc sim_check_open(sy_alloc alloc, sim_trace *trace, sim_check **out, sy_err *err)
{
    sim_check *check = sy_alloc_zeroed(alloc, sizeof *check);
    *out = check;
    if (check == NULL) {
        return sy_fail_nomem(err);
    }
    check->alloc = alloc;
    sim_findings_init(&check->findings, alloc);
    sim_lineage_init(&check->lineage, alloc, trace);
    if (sim_trace_read(trace, sim_excuses_read, &check->excuses, sim_excuse_kinds, 1) != SY_OK ||
        sim_trace_read(trace, read_lineage, check, sim_lineage_kinds, SIM_LINEAGE_KIND_COUNT) !=
            SY_OK) {
        return sy_fail_nomem(err);
    }
    for (size_t i = 0; i < CHECKER_COUNT; i++) {
        sy_rc rc = attach(check, trace, i);
        if (rc != SY_OK) {
            return sy_fail(err, rc, "checker %s cannot be attached", checkers[i]->name);
        }
    }
    return SY_OK;
}

const sim_findings *sim_check_close(sim_check *check)
{
    for (size_t i = 0; i < CHECKER_COUNT; i++) {
        attached *to = &check->all[i];
        if (to->state != NULL) {
            sim_checker_close(to->checker, to->state);
            to->state = NULL;
        }
    }
    check->closed = true;
    check->findings.failed = check->findings.failed || sim_lineage_failed(&check->lineage);
    sim_excuses_apply(&check->excuses, &check->findings);
    return &check->findings;
}

void sim_check_ledger(const sim_check *check, sim_ledger *out)
{
    sim_ledger_sum(&check->lineage, out);
}

sim_lineage *sim_check_lineage(sim_check *check)
{
    return &check->lineage;
}

void sim_check_free(sim_check *check)
{
    if (check == NULL) {
        return;
    }
    (void)sim_check_close(check);
    sim_lineage_deinit(&check->lineage);
    sim_findings_deinit(&check->findings);
    sy_alloc_free(check->alloc, check, sizeof *check);
}

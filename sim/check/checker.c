/* All checkers over one run. Each is opened, attached to the trace for the kinds that it reads, and
 * closed once; their findings go into one list in the order in which they were made. */
#include "sim/check/checker.h"

static const sim_checker *const checkers[] = {
    &sim_checker_convergence,   &sim_checker_durability,        &sim_checker_queue_order,
    &sim_checker_single_insert, &sim_checker_pull_completeness, &sim_checker_version_monotone,
};

#define CHECKER_COUNT (sizeof checkers / sizeof checkers[0])

struct sim_check {
    sy_alloc alloc;
    sim_findings findings;
    void *states[CHECKER_COUNT];
    bool closed;
};

const sim_checker *sim_checker_at(size_t index)
{
    return index < CHECKER_COUNT ? checkers[index] : NULL;
}

static sy_rc attach(sim_check *check, sim_trace *trace, size_t index)
{
    const sim_checker *checker = checkers[index];
    sy_rc rc = checker->open(checker, check->alloc, trace, &check->findings, &check->states[index]);
    if (rc != SY_OK) {
        check->states[index] = NULL;
        return rc;
    }
    size_t count = 0;
    while (checker->kinds[count] != NULL) {
        count++;
    }
    return sim_trace_read(trace, checker->read, check->states[index], checker->kinds, count);
}

sy_rc sim_check_open(sy_alloc alloc, sim_trace *trace, sim_check **out, sy_err *err)
{
    sim_check *check = sy_alloc_zeroed(alloc, sizeof *check);
    if (check == NULL) {
        return sy_fail_nomem(err);
    }
    check->alloc = alloc;
    sim_findings_init(&check->findings, alloc);
    for (size_t i = 0; i < CHECKER_COUNT; i++) {
        sy_rc rc = attach(check, trace, i);
        if (rc != SY_OK) {
            sim_check_free(check);
            return sy_fail(err, rc, "checker %s cannot be attached", checkers[i]->name);
        }
    }
    *out = check;
    return SY_OK;
}

const sim_findings *sim_check_close(sim_check *check)
{
    for (size_t i = 0; i < CHECKER_COUNT && !check->closed; i++) {
        if (check->states[i] != NULL) {
            checkers[i]->close(check->states[i]);
            check->states[i] = NULL;
        }
    }
    check->closed = true;
    return &check->findings;
}

void sim_check_free(sim_check *check)
{
    if (check == NULL) {
        return;
    }
    (void)sim_check_close(check);
    sim_findings_deinit(&check->findings);
    sy_alloc_free(check->alloc, check, sizeof *check);
}

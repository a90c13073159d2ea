/* All checkers over one run. Each is opened, attached to the trace for the kinds that it reads, and
 * closed once; their findings go into one list in the order in which they were made. */
#include "sim/check/checker.h"

static const sim_checker *const checkers[] = {
    &sim_checker_convergence,   &sim_checker_durability,        &sim_checker_queue_order,
    &sim_checker_single_insert, &sim_checker_pull_completeness, &sim_checker_version_monotone,
    &sim_checker_stuck,
};

#define CHECKER_COUNT (sizeof checkers / sizeof checkers[0])

typedef struct attached { /* what the trace calls; it may go on after the checker was closed */
    const sim_checker *checker;
    void *state; /* NULL: closed */
} attached;

struct sim_check {
    sy_alloc alloc;
    sim_findings findings;
    attached all[CHECKER_COUNT];
};

const sim_checker *sim_checker_at(size_t index)
{
    return index < CHECKER_COUNT ? checkers[index] : NULL;
}

static void read_event(void *self, const sim_event *event)
{
    const attached *to = self;
    if (to->state != NULL) {
        to->checker->read(to->state, event);
    }
}

static sy_rc attach(sim_check *check, sim_trace *trace, size_t index)
{
    attached *to = &check->all[index];
    to->checker = checkers[index];
    sy_rc rc = to->checker->open(to->checker, check->alloc, trace, &check->findings, &to->state);
    if (rc != SY_OK) {
        to->state = NULL;
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
            to->checker->close(to->state);
            to->state = NULL;
        }
    }
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

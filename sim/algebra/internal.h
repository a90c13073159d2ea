/* What the laws share. */
#ifndef SIM_ALGEBRA_INTERNAL_H
#define SIM_ALGEBRA_INTERNAL_H

#include "sim/algebra/algebra.h"
#include "sim/algebra/domain.h"
#include "sim/algebra/trial.h"

typedef struct sim_checking_of_policy {
    const sim_algebra_options *options;
    const sy_policy *policy;
    sim_domain domain;
    sy_arena kept; /* the domain */
    sy_arena work; /* one trial, or one group of them */
    const sy_row *rows[SIM_DOMAIN_ROW_COUNT];
    const sy_row *gone; /* a tombstone */
    sim_algebra *out;
    sy_err *err;
    sy_rc rc;
} sim_checking_of_policy;

/* Begins the text of a counterexample; false: one that is not larger is known. */
bool sim_algebra_begins(sim_checking_of_policy *c, sim_law_of_policy law, uint32_t size,
                        sy_buf *text);
void sim_algebra_ends(sim_checking_of_policy *c, sim_law_of_policy law, const sy_buf *text);
/* Cells in which two rows differ; 3 where one is not there. */
uint32_t sim_algebra_differing(const sy_row *row, const sy_row *base);
/* false: no memory, or none before: c->rc. */
bool sim_algebra_run(sim_checking_of_policy *c, const sim_trial *trial, sim_trial_result *out);
void sim_algebra_count(sim_checking_of_policy *c, sim_law_of_policy law);
/* A drawn row, in c->work. */
const sy_row *sim_algebra_draw(sim_checking_of_policy *c, sim_dice *dice);

/* -- writers.c -- */
void sim_algebra_enumerate_writers(sim_checking_of_policy *c);
void sim_algebra_draw_writers(sim_checking_of_policy *c, uint64_t number);

#endif

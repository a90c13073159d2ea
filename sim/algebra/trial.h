/* One conflict tried: what is judged, and what the server holds afterwards. */
#ifndef SIM_ALGEBRA_TRIAL_H
#define SIM_ALGEBRA_TRIAL_H

#include "core/policy/policy.h"

typedef struct sim_state { /* of the server's row */
    const sy_row *row;     /* NULL: never there, or purged; a tombstone says `deleted` */
    sy_edit_stamp stamp;
} sim_state;

typedef struct sim_trial {
    const sy_policy *policy;
    const sy_row *base;  /* NULL: never there */
    const sy_row *local; /* NULL: deleted */
    sy_edit_stamp edit;
    sim_state server;
    sy_time arrived; /* the server's updatedAt */
    int status;
    bool as_run; /* normalised first */
} sim_trial;

typedef struct sim_trial_result {
    sy_judgement judgement;
    sim_state server;     /* afterwards */
    const sy_row *forked; /* NULL: no second row */
} sim_trial_result;

/* Rows that come out are in `arena`. SY_OK or SY_NOMEM. */
sy_rc sim_trial_run(const sim_trial *trial, sy_arena *arena, sim_trial_result *out, sy_err *err);

/* Both gone, or of the same content. */
bool sim_same_row(const sy_row *a, const sy_row *b);
/* {x:1,y:2}, "deleted", "nothing" */
void sim_row_say(const sy_row *row, sy_buf *out);
void sim_stamp_say(const sy_edit_stamp *stamp, sy_buf *out);
/* "base {..}, ours {..} at 10 by a, theirs {..} at 20 by b" */
void sim_trial_say(const sim_trial *trial, sy_buf *out);

#endif

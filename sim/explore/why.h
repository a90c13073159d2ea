/* Counterfactuals: which choices of a reproduction its failure needs, and from which value to
 * which. */
#ifndef SIM_EXPLORE_WHY_H
#define SIM_EXPLORE_WHY_H

#include "sim/explore/shrink.h"

typedef struct sim_reason { /* of the choice with the same index */
    bool needed;            /* without it the failure is gone, or is another */
    uint64_t least, most;   /* between these values it fails, as far as bisection can tell */
} sim_reason;

typedef struct sim_question {
    const sim_case *subject;
    const sim_choice_list *list;
    const sim_signature *signature;
    bool (*goes_on)(void *self); /* asked behind each choice; false: stop. NULL: nobody is asked */
    void *self;
} sim_question;

/* `reasons` has room for list->count; *asked becomes how many of them are there. Runs about
 * 2 * log2(bound) times for each choice. */
sy_rc sim_why(const sim_question *question, sy_alloc alloc, sim_reason *reasons, size_t *asked,
              sy_err *err);

#endif

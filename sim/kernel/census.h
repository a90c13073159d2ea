/* The census of a run: of each kind of fault how often it could have come and how often it came,
 * and one that came, drawn evenly among them. */
#ifndef SIM_KERNEL_CENSUS_H
#define SIM_KERNEL_CENSUS_H

#include "sim/kernel/choice_list.h"

typedef struct sim_census_row {
    const char *fault;      /* of the labels (sim_label.fault); as long as they live */
    uint64_t offered;       /* draws that could have come out otherwise than calm */
    uint64_t fired;         /* those that did */
    sim_choice_list sample; /* one of these; empty: there are none */
    uint64_t sample_order;  /* the least of theirs */
} sim_census_row;

typedef struct sim_census {
    sy_alloc alloc;
    sim_census_row *rows; /* in order of appearance */
    size_t count, capacity;
    bool failed; /* memory ran out: something is missing */
} sim_census;

void sim_census_init(sim_census *census, sy_alloc alloc);
void sim_census_deinit(sim_census *census);
/* A draw of weather whose label has a fault; `hash` is that of its identity. */
void sim_census_add(sim_census *census, const sim_chosen *chosen, uint64_t hash);

#endif

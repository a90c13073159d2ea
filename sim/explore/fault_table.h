/* What could go wrong in runs, what did, and what mattered: a row for each kind of fault, summed
 * over runs. Adding is free of order. */
#ifndef SIM_EXPLORE_FAULT_TABLE_H
#define SIM_EXPLORE_FAULT_TABLE_H

#include "sim/kernel/census.h"

#define SIM_FAULT_NAME_SIZE     40
#define SIM_FAULT_ROW_COUNT_MAX 160 /* of one run */

typedef struct sim_fault_row {
    char name[SIM_FAULT_NAME_SIZE]; /* the knob's: "net.request-lost" */
    uint64_t offered, fired;
    uint64_t tried;    /* runs that were run again without one of the fired */
    uint64_t mattered; /* of these, those that had another outcome */
} sim_fault_row;

typedef struct sim_fault_table {
    sy_alloc alloc;
    sim_fault_row *rows; /* by name */
    size_t count, capacity;
} sim_fault_table;

void sim_fault_table_init(sim_fault_table *table, sy_alloc alloc);
void sim_fault_table_deinit(sim_fault_table *table);
void sim_fault_table_clear(sim_fault_table *table);
/* Sums with the row of that name. SY_OK or SY_NOMEM. */
sy_rc sim_fault_table_add(sim_fault_table *table, const sim_fault_row *row);
/* A row for every knob that is a kind of fault of its own, so that those which were never offered
 * are seen. SY_OK or SY_NOMEM. */
sy_rc sim_fault_table_add_knobs(sim_fault_table *table);
/* For people. */
void sim_fault_table_print(const sim_fault_table *table, sy_buf *out);

#endif

/* What lineage.c and lineage_read.c share. */
#ifndef SIM_CHECK_LINEAGE_INTERNAL_H
#define SIM_CHECK_LINEAGE_INTERNAL_H

#include "sim/check/lineage.h"

/* Each of these sets lineage->failed and returns NULL (false) when memory runs out. */

sim_line *sim_lineage_line(sim_lineage *lineage, sy_str table, sy_str id);
sim_copy *sim_lineage_copy(sim_lineage *lineage, uint32_t host, sy_str table, sy_str id);
/* The same where there is one already; NULL: there is none, and nothing failed. */
sim_copy *sim_lineage_known(sim_lineage *lineage, uint32_t host, sy_str table, sy_str id);
/* A new edit, undefined except for its place; pointers to other edits are not valid any more. */
sim_edit *sim_lineage_edit(sim_lineage *lineage, uint32_t *tag);

bool sim_cells_reach(sim_lineage *lineage, sim_cells *cells, uint32_t count);
bool sim_cells_copy(sim_lineage *lineage, sim_cells *to, const sim_cells *from);
uint64_t sim_cells_content(const sim_cells *cells);

sim_pending *sim_pending_find(const sim_copy *copy, int64_t op); /* NULL: none */
sim_pending *sim_pending_get(sim_lineage *lineage, sim_copy *copy, int64_t op, uint64_t sequence);
void sim_pending_drop(sim_lineage *lineage, sim_copy *copy, sim_pending *gone);

/* The place of a request; it may hold an older one. */
sim_sending *sim_sending_get(sim_lineage *lineage, uint32_t host, uint64_t send);
const sim_sending *sim_sending_find(const sim_lineage *lineage, uint32_t host, uint64_t send);

/* Who writes, and what it had in hand. */
typedef struct sim_author { /* who writes, and what it had in hand */
    const sim_event *event;
    sim_line *line;
    int64_t op;
    uint32_t host, seen;
    bool by_policy;
} sim_author;

/* A new edit over what the cell was. Returns its tag; 0: no memory. */
uint32_t sim_edit_make(sim_lineage *lineage, const sim_author *by, uint32_t column, sim_cell before,
                       uint64_t hash);

/* The event is about this copy, and its row. */
static inline void sim_lineage_about(sim_lineage *lineage, sim_copy *copy)
{
    lineage->now.copy = copy;
    lineage->now.line = copy->line;
}

/* The copy that an event is about, by (table, id) at these fields; the queue entry, by (op, table,
 * id). Both are in lineage->now then. NULL: there is none. */
sim_copy *sim_lineage_meet(sim_lineage *lineage, uint32_t host, const sim_event *event,
                           uint32_t table, uint32_t id);
sim_pending *sim_lineage_meet_pending(sim_lineage *lineage, const sim_event *event, uint32_t op,
                                      uint32_t table, uint32_t id);
/* 'i', 'u', 'd': the first letter of a kind or method. */
char sim_field_letter(const sim_event *event, uint32_t field);

/* lineage_causal.c: a commit was made; a device stands on one. */
void sim_causal_commit(sim_lineage *lineage, sim_commit *commit);
void sim_causal_apply(sim_lineage *lineage, sim_replica *replica, const sim_commit *commit);
void sim_lineage_read_pull_begin(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_page(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_pull_end(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_write(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_enqueue(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_dequeue(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_send(sim_lineage *lineage, const sim_event *event);
void sim_lineage_read_commit(sim_lineage *lineage, const sim_event *event);

#endif

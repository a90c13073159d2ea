/* What link.c and link_fault.c share. */
#ifndef SIM_NET_LINK_INTERNAL_H
#define SIM_NET_LINK_INTERNAL_H

#include "sim/net/link.h"

#define SIM_LINK_LATE_NS (5 * SY_MINUTE) /* what is late is so at most, unless the weather says */

/* The fault that meets this message, scripted or drawn; SIM_LINK_FAULT_COUNT: none. */
sim_link_fault sim_link_draw_fault(sim_link *link, const sim_message *message, const sim_key *key,
                                   const char **cause);
/* Does with the message what the fault says; `delay_ns` is what it would take without. false:
 * nothing that keeps it, it goes on. */
bool sim_link_act(sim_link *link, sim_message *message, sim_link_fault which, sy_time delay_ns,
                  const char *cause);

/* -- link_spell.c -- */
/* As the weather has them; those that are on end. */
void sim_link_set_spells(sim_link *link);

/* -- link.c -- */
typedef enum sim_link_blocker {
    SIM_BLOCKED_BY_SCRIPT = 1,
    SIM_BLOCKED_BY_WEATHER = 2
} sim_link_blocker;

/* As sim_link_block; a way is free when nobody blocks it. */
void sim_link_block_by(sim_link *link, sim_link_blocker by, bool up, bool down);
/* As sim_link_clog, by another name in the trace. */
void sim_link_hold_up(sim_link *link, sy_time until, const char *change);
/* An outage begins or ends. */
void sim_link_be_out(sim_link *link, bool out);
void sim_link_emit_fault(const sim_link *link, const sim_message *message, const char *name,
                         const char *cause);
void sim_link_lose(sim_link *link, sim_message *message, const char *cause);
/* Tells the client, in an event of its own after `delay`, that there will be no answer. */
void sim_link_refuse(sim_link *link, sim_message *message, sy_time delay);
/* Arrives after `delay`. */
void sim_link_carry(sim_link *link, sim_message *message, sy_time delay);

#endif

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

/* -- link.c -- */
void sim_link_emit_fault(const sim_link *link, const sim_message *message, const char *name,
                         const char *cause);
void sim_link_lose(sim_link *link, sim_message *message, const char *cause);
/* Tells the client, in an event of its own after `delay`, that there will be no answer. */
void sim_link_refuse(sim_link *link, sim_message *message, sy_time delay);
/* Arrives after `delay`. */
void sim_link_carry(sim_link *link, sim_message *message, sy_time delay);

#endif

/* What a simulation holds at this moment, for a person who looks: text, a line for each thing,
 * appended. Nothing is changed by looking. */
#ifndef SIM_REPORT_LOOK_H
#define SIM_REPORT_LOOK_H

#include "sim/run/simulation.h"

/* Each host: up, down or frozen, online or offline, how much is queued. */
void sim_look_hosts(sim_simulation *simulation, sy_buf *out);
/* The rows of a client's table, or of the server's; `table` empty: of all. SY_NOT_FOUND: no such
 * host or table, SY_STATE: it is down. */
sy_rc sim_look_rows(sim_simulation *simulation, sy_str host, sy_str table, sy_buf *out,
                    sy_err *err);
/* The operations that a client has yet to push. Errors likewise. */
sy_rc sim_look_queue(sim_simulation *simulation, sy_str host, sy_buf *out, sy_err *err);
/* Its delta tokens and whatever else it keeps beside its rows. Errors likewise. */
sy_rc sim_look_tokens(sim_simulation *simulation, sy_str host, sy_buf *out, sy_err *err);
/* What is to come, in order; `messages`: only what is on its way. */
void sim_look_coming(sim_simulation *simulation, bool messages, sy_buf *out);
/* An event in one line: "0.041 phone send send=1 method=insert". */
void sim_look_event(const sim_trace *trace, const sim_event *event, sy_buf *out);

#endif

/* States that runs of an exploration went through, so that a run which comes to one of them for the
 * second time need not go on.
 *
 * Two states are the same when from both the same happens. A digest is taken of what everybody has
 * received so far and of what is still to come:
 *
 * - each host: all its events, with their times, whatever happened elsewhere in between;
 * - the script: what its drivers were given, in order, and what all hosts were like each time,
 * since it may look at any of them and its coroutines share variables;
 * - the checkers: what apps and the server's data show, in the order in which it happened;
 * - the queue: what is to come, and in how much time;
 * - how many more choices the search may make from there.
 *
 * A state counts once all choices that the run was given were made. */
#ifndef SIM_EXPLORE_STATES_H
#define SIM_EXPLORE_STATES_H

#include "sim/run/run.h"

#define SIM_STATE_COUNT_MAX 1048576u /* kept; beyond it no more are */

typedef struct sim_states sim_states;

sim_states *sim_states_new(sy_alloc alloc); /* NULL: no memory */
void sim_states_free(sim_states *states);
/* To be given to every run; sim_options.orders is on there. */
sim_observer sim_states_observer(sim_states *states);
/* Forgets all. */
void sim_states_clear(sim_states *states);
/* A run begins, from whose states `budget` more choices may be made. */
void sim_states_begin(sim_states *states, uint32_t budget);
/* It ended. true: it was cut short in a state of a former run; *failed becomes what that came to.
 */
bool sim_states_end(sim_states *states, bool *failed);
/* Some states were not kept: too many. */
bool sim_states_full(const sim_states *states);

#endif

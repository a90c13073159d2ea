/* The steps that every push is built from, and the two strategies that walk the queue.
 * protocol.md 6. */
#ifndef SY_CLIENT_PUSH_H
#define SY_CLIENT_PUSH_H

#include "core/client/internal.h"

/* Strategies: what a dialect's push_step may be. */
void sy_push_queue_step(sy_client *client,
                        sy_task *task); /* push_queue.c: peek by sequence [6.1 P-CL] */
void sy_push_batch_step(sy_client *client,
                        sy_task *task); /* push_batch.c: a list taken at the start [6.8] */

#endif

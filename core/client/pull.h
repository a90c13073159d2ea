/* The steps that every pull is built from, and the three strategies that page. protocol.md 7. */
#ifndef SY_CLIENT_PULL_H
#define SY_CLIENT_PULL_H

#include "core/client/internal.h"

/* Strategies: what a dialect's pull_step may be. */
void sy_pull_delta_step(sy_client *client,
                        sy_task *task); /* pull_delta.c: updatedAt ge token, skip [7.3] */
void sy_pull_next_link_step(sy_client *client,
                            sy_task *task); /* pull_next_link.c: nextLink only [7.8] */
void sy_pull_sequence_step(sy_client *client,
                           sy_task *task); /* pull_sequence.c: commit sequence, horizon */

#endif

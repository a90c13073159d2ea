/* The order of events as a choice: of two events that may happen within a window of each other,
 * which comes first. Zero is the order of time, so that a run without it, and one in which nothing
 * is swapped, are the same run. Off unless asked for, and then it costs nothing.
 *
 *   world/order overtakes(event 8812, by 1754) = 1
 *
 * An event that is overtaken happens at the time of the one that went before it, at most the window
 * late. Hosts say in tables of sources what their events are. Those that nobody knows keep their
 * place, and so do those of one host among each other unless they are loose. */
#ifndef SIM_KERNEL_ORDER_H
#define SIM_KERNEL_ORDER_H

#include "sim/kernel/choice.h"
#include "sim/kernel/event_queue.h"

#define SIM_ORDER_CANDIDATE_COUNT_MAX 32 /* of one window; those behind keep their place */

#define SIM_ORDER_DEPTH_MAX 16 /* of a random schedule */

struct sim_world;
struct sim_message;

typedef struct sim_identity {
    uint32_t host; /* whom it happens to, as in the trace */
    uint64_t id;   /* what happens: no address, and no number of draws or of events of
                      other hosts */
    bool loose;    /* changes places with events of its own host, too */
    const struct sim_message *message; /* that comes or leaves; NULL: none does */
} sim_identity;

typedef struct sim_source {                                /* a kind of entries of the queue */
    sim_fire fire;                                         /* NULL ends a table */
    const char *what;                                      /* "arrives", "times out" */
    void (*identify)(const void *self, sim_identity *out); /* `id` within its kind */
} sim_source;

typedef struct sim_order sim_order;

/* false: nobody said what this entry is. */
bool sim_order_identify(const struct sim_world *world, const sim_entry *entry, sim_identity *out,
                        const char **what);

/* From now on. Below 0 nothing changes places, and the drivers' chain is kept all the same. SY_OK
 * or SY_NOMEM; ends with the world. */
sy_rc sim_order_open(struct sim_world *world, sy_time window_ns);
void sim_order_close(struct sim_world *world);
/* Random schedules by priority (PCT): every host gets a priority, of what may happen the event of
 * the highest goes first, and at depth - 1 random steps of the first `steps` whoever is first falls
 * behind all others. What comes of it are choices like any other. `number`: which schedule. */
void sim_order_random(struct sim_world *world, uint64_t number, uint32_t depth, uint64_t steps);
/* Folds all that drivers were woken by (events of the host `world`), in order. */
uint64_t sim_order_driver_chain(const struct sim_world *world);
/* How many events had a choice of order so far. */
uint64_t sim_order_steps(const struct sim_world *world);
/* The next entry, as sim_event_queue_pop_until. */
bool sim_order_take(struct sim_world *world, sy_time until, sim_entry *out);

#endif

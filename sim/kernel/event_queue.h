/* What happens next: a 4-ary heap on (time, sequence), beside it a short line of what happens at
 * once. Equal times come out in the order they went in. An entry can't be taken back: its owner
 * outlives it and ignores what it no longer wants. */
#ifndef SIM_KERNEL_EVENT_QUEUE_H
#define SIM_KERNEL_EVENT_QUEUE_H

#include "core/base/err.h"
#include "core/base/time.h"

/* `self` is NULL, or an object that begins with a pointer: to what will be touched next, as a rule,
 * since that memory is asked for early. */
typedef void (*sim_fire)(void *self);

typedef struct sim_entry {
    sy_time time;
    uint64_t sequence;
    sim_fire fire;
    void *self;
} sim_entry;

#define SIM_AT_ONCE_COUNT 8u

typedef struct sim_event_queue {
    sy_alloc alloc;
    sim_entry *heap;
    size_t heap_count, capacity;
    uint64_t sequence_next;
    sy_time popped; /* time of the last entry that came out */
    uint32_t at_once_first, at_once_count;
    sim_entry at_once[SIM_AT_ONCE_COUNT]; /* a ring */
} sim_event_queue;

void sim_event_queue_init(sim_event_queue *queue, sy_alloc alloc);
void sim_event_queue_deinit(sim_event_queue *queue);
sy_rc sim_event_queue_push(sim_event_queue *queue, sy_time time, sim_fire fire, void *self);
/* The first entry, if its time is not after `until`. false: there is none. */
bool sim_event_queue_pop_until(sim_event_queue *queue, sy_time until, sim_entry *out);
/* false: empty. */
static inline bool sim_event_queue_pop(sim_event_queue *queue, sim_entry *out)
{
    return sim_event_queue_pop_until(queue, SY_TIME_MAX, out);
}
/* Takes out an entry that is in it, wherever it stands: looks at all of them. */
void sim_event_queue_remove(sim_event_queue *queue, uint64_t sequence);
size_t sim_event_queue_count(const sim_event_queue *queue);
/* All entries, in the order in which they would come out; `out` has room for them. */
void sim_event_queue_list(const sim_event_queue *queue, sim_entry *out);
const sim_entry *sim_event_queue_first(const sim_event_queue *queue); /* NULL: empty */

#endif

/* A 4-ary heap of 32-byte entries: children of i are 4i+1 .. 4i+4, and no entry comes before its
 * parent. The order is total, since no two sequences are equal: the same pushes give the same pops
 * on every machine. */
#include "sim/kernel/event_queue.h"

#include "core/base/check.h"
#include "sim/kernel/prefetch.h"

#define ARITY 4u

#define PREFETCH_SIZE 512u /* of what fires next: a message as a rule */

static inline bool before(const sim_entry *a, const sim_entry *b)
{
    return a->time < b->time || (a->time == b->time && a->sequence < b->sequence);
}

void sim_event_queue_init(sim_event_queue *queue, sy_alloc alloc)
{
    *queue = (sim_event_queue){.alloc = alloc};
}

void sim_event_queue_deinit(sim_event_queue *queue)
{
    sy_alloc_free(queue->alloc, queue->heap, queue->capacity * sizeof *queue->heap);
    *queue = (sim_event_queue){.alloc = queue->alloc};
}

static sy_rc make_room(sim_event_queue *queue)
{
    sim_entry *heap = sy_alloc_grow(queue->alloc, queue->heap, queue->count, &queue->capacity,
                                    sizeof *queue->heap);
    if (heap == NULL) {
        return SY_NOMEM;
    }
    queue->heap = heap;
    return SY_OK;
}

sy_rc sim_event_queue_push(sim_event_queue *queue, sy_time time, sim_fire fire, void *self)
{
    SY_ASSERT(fire != NULL);
    if (queue->count == queue->capacity && make_room(queue) != SY_OK) {
        return SY_NOMEM;
    }
    sim_entry entry = {time, queue->sequence_next++, fire, self};
    sim_entry *heap = queue->heap;
    size_t hole = queue->count++;
    while (hole > 0) {
        size_t parent = (hole - 1) / ARITY;
        if (!before(&entry, &heap[parent])) {
            break;
        }
        heap[hole] = heap[parent];
        hole = parent;
    }
    heap[hole] = entry;
    return SY_OK;
}

/* The first of the children [from, end), by whatever comparisons it takes. */
static size_t first_of(const sim_entry *heap, size_t from, size_t end)
{
    size_t first = from;
    for (size_t i = from + 1; i < end; i++) {
        first = before(&heap[i], &heap[first]) ? i : first;
    }
    return first;
}

/* Which of four comes first is a coin toss to a processor, so the usual case, four different times,
 * has no branch that depends on it. */
static inline size_t first_child(const sim_entry *heap, size_t from, size_t end)
{
    if (end - from < ARITY) {
        return first_of(heap, from, end);
    }
    sy_time a = heap[from].time;
    sy_time b = heap[from + 1].time;
    sy_time c = heap[from + 2].time;
    sy_time d = heap[from + 3].time;
    size_t ab = from + (size_t)(b < a);
    size_t cd = from + 2 + (size_t)(d < c);
    sy_time ab_time = b < a ? b : a;
    sy_time cd_time = d < c ? d : c;
    if ((a == b) | (c == d) | (ab_time == cd_time)) {
        return first_of(heap, from, end);
    }
    size_t swap = (size_t)0 - (size_t)(cd_time < ab_time);
    return ab ^ ((ab ^ cd) & swap);
}

bool sim_event_queue_pop_until(sim_event_queue *queue, sy_time until, sim_entry *out)
{
    if (queue->count == 0 || queue->heap[0].time > until) {
        return false;
    }
    sim_entry *heap = queue->heap;
    *out = heap[0];
    size_t count = --queue->count;
    sim_entry last = heap[count];
    size_t hole = 0;
    for (;;) {
        size_t child = ARITY * hole + 1;
        if (child >= count) {
            break;
        }
        size_t end = child + ARITY < count ? child + ARITY : count;
        size_t first = first_child(heap, child, end);
        if (!before(&heap[first], &last)) {
            break;
        }
        heap[hole] = heap[first];
        hole = first;
    }
    heap[hole] = last;
    sim_prefetch(heap[0].self, PREFETCH_SIZE);
    return true;
}

const sim_entry *sim_event_queue_first(const sim_event_queue *queue)
{
    return queue->count == 0 ? NULL : queue->heap;
}

/* A 4-ary heap of 32-byte entries: children of i are 4i+1 .. 4i+4, and no entry comes before its
 * parent. The order is total, since no two sequences are equal: the same pushes give the same pops
 * on every machine.
 *
 * An entry for the very time that came out last would climb to the top of the heap, only to be
 * taken out there: it goes into a ring of such entries, as long as that has room. The ring is in
 * order (times don't fall, sequences rise); what comes out is the earlier of the two fronts,
 * whichever way an entry went in. */
#include "sim/kernel/event_queue.h"

#include "core/base/check.h"
#include "sim/kernel/prefetch.h"

#include <string.h>

#define ARITY 4u

/* With fewer entries what they are about is in the cache anyway. */
#define FORESEEN_COUNT_MIN 256u
#define SELF_SIZE          512u /* what firing touches of it: a message, as a rule */
#define CARRIER_SIZE       256u /* and of what that begins with a pointer to: a link */

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
    sim_entry *heap = sy_alloc_grow(queue->alloc, queue->heap, queue->heap_count, &queue->capacity,
                                    sizeof *queue->heap);
    if (heap == NULL) {
        return SY_NOMEM;
    }
    queue->heap = heap;
    return SY_OK;
}

static inline sim_entry *at_once(sim_event_queue *queue, uint32_t i)
{
    return &queue->at_once[(queue->at_once_first + i) % SIM_AT_ONCE_COUNT];
}

/* Whether an entry of this time may stand at the end of the ring. */
static inline bool is_at_once(sim_event_queue *queue, sy_time time)
{
    uint32_t count = queue->at_once_count;
    return time == queue->popped && count < SIM_AT_ONCE_COUNT &&
           (count == 0 || at_once(queue, count - 1)->time <= time);
}

sy_rc sim_event_queue_push(sim_event_queue *queue, sy_time time, sim_fire fire, void *self)
{
    SY_ASSERT(fire != NULL);
    if (is_at_once(queue, time)) {
        *at_once(queue, queue->at_once_count++) =
            (sim_entry){time, queue->sequence_next++, fire, self};
        return SY_OK;
    }
    if (queue->heap_count == queue->capacity && make_room(queue) != SY_OK) {
        return SY_NOMEM;
    }
    sim_entry entry = {time, queue->sequence_next++, fire, self};
    sim_entry *heap = queue->heap;
    size_t hole = queue->heap_count++;
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

/* Which of four comes first is a coin toss to a processor, so the usual case, four different times,
 * has no branch that depends on it. */
static inline size_t first_of_four(const sim_entry *four)
{
    sy_time a = four[0].time;
    sy_time b = four[1].time;
    sy_time c = four[2].time;
    sy_time d = four[3].time;
    size_t ab = (size_t)(b < a);
    size_t cd = 2 + (size_t)(d < c);
    sy_time ab_time = b < a ? b : a;
    sy_time cd_time = d < c ? d : c;
    if ((a == b) | (c == d) | (ab_time == cd_time)) {
        ab = before(&four[1], &four[0]) ? 1 : 0;
        cd = before(&four[3], &four[2]) ? 3 : 2;
        return before(&four[cd], &four[ab]) ? cd : ab;
    }
    size_t swap = (size_t)0 - (size_t)(cd_time < ab_time);
    return ab ^ ((ab ^ cd) & swap);
}

/* The first of the last few children. */
static size_t first_of(const sim_entry *heap, size_t from, size_t end)
{
    size_t first = from;
    for (size_t i = from + 1; i < end; i++) {
        first = before(&heap[i], &heap[first]) ? i : first;
    }
    return first;
}

/* The top is gone: `last` of what were count + 1 entries finds its place. */
static inline void sink(sim_entry *heap, size_t count, const sim_entry last)
{
    size_t hole = 0;
    size_t child = 1;
    for (; child + ARITY <= count; child = ARITY * hole + 1) {
        size_t first = child + first_of_four(&heap[child]);
        if (!before(&heap[first], &last)) {
            heap[hole] = last;
            return;
        }
        heap[hole] = heap[first];
        hole = first;
    }
    if (child < count) {
        size_t first = first_of(heap, child, count);
        if (before(&heap[first], &last)) {
            heap[hole] = heap[first];
            hole = first;
        }
    }
    heap[hole] = last;
}

static inline bool at_once_is_first(const sim_event_queue *queue)
{
    return queue->at_once_count > 0 &&
           (queue->heap_count == 0 || before(&queue->at_once[queue->at_once_first], queue->heap));
}

static bool pop_at_once(sim_event_queue *queue, sy_time until, sim_entry *out)
{
    const sim_entry *first = &queue->at_once[queue->at_once_first];
    if (first->time > until) {
        return false;
    }
    *out = *first;
    queue->popped = out->time;
    queue->at_once_first = (queue->at_once_first + 1) % SIM_AT_ONCE_COUNT;
    queue->at_once_count--;
    return true;
}

bool sim_event_queue_pop_until(sim_event_queue *queue, sy_time until, sim_entry *out)
{
    if (at_once_is_first(queue)) {
        return pop_at_once(queue, until, out);
    }
    if (queue->heap_count == 0 || queue->heap[0].time > until) {
        return false;
    }
    *out = queue->heap[0];
    queue->popped = out->time;
    sim_entry *heap = queue->heap;
    size_t count = --queue->heap_count;
    sink(heap, count, heap[count]);
    if (count < FORESEEN_COUNT_MIN) {
        return true;
    }
    /* What fires next, and the heads of those that may come after it: so where those point is known
     * when it is their turn to be next. */
    const void *self = heap[0].self;
    sim_prefetch(self, SELF_SIZE);
    for (size_t i = 1; i <= ARITY; i++) {
        sim_prefetch(heap[i].self, SIM_LINE_SIZE);
    }
    if (self != NULL) {
        const void *carrier = NULL;
        memcpy(&carrier, self, sizeof carrier);
        sim_prefetch(carrier, CARRIER_SIZE);
    }
    return true;
}

/* Out of the ring: those behind it move up. */
static bool remove_at_once(sim_event_queue *queue, uint64_t sequence)
{
    uint32_t i = 0;
    while (i < queue->at_once_count && at_once(queue, i)->sequence != sequence) {
        i++;
    }
    if (i == queue->at_once_count) {
        return false;
    }
    for (; i + 1 < queue->at_once_count; i++) {
        *at_once(queue, i) = *at_once(queue, i + 1);
    }
    queue->at_once_count--;
    return true;
}

/* The hole climbs to the top, from where it is filled as after a pop. */
void sim_event_queue_remove(sim_event_queue *queue, uint64_t sequence)
{
    if (remove_at_once(queue, sequence)) {
        return;
    }
    sim_entry *heap = queue->heap;
    size_t hole = 0;
    while (hole < queue->heap_count && heap[hole].sequence != sequence) {
        hole++;
    }
    SY_ASSERT(hole < queue->heap_count);
    for (; hole > 0; hole = (hole - 1) / ARITY) {
        heap[hole] = heap[(hole - 1) / ARITY];
    }
    const size_t count = --queue->heap_count;
    sink(heap, count, heap[count]);
}

const sim_entry *sim_event_queue_first(const sim_event_queue *queue)
{
    if (at_once_is_first(queue)) {
        return &queue->at_once[queue->at_once_first];
    }
    return queue->heap_count == 0 ? NULL : queue->heap;
}

size_t sim_event_queue_count(const sim_event_queue *queue)
{
    return queue->heap_count + queue->at_once_count;
}

/* The copy of a heap is a heap: what comes out goes behind what is left of it, so that the last one
 * stands first. */
static void list_heap(const sim_event_queue *queue, sim_entry *out)
{
    const size_t count = queue->heap_count;
    if (count == 0) {
        return;
    }
    memcpy(out, queue->heap, count * sizeof *out);
    for (size_t left = count - 1; left > 0; left--) {
        const sim_entry first = out[0];
        sink(out, left, out[left]);
        out[left] = first;
    }
    for (size_t i = 0; i < count / 2; i++) {
        const sim_entry early = out[count - 1 - i];
        out[count - 1 - i] = out[i];
        out[i] = early;
    }
}

void sim_event_queue_list(const sim_event_queue *queue, sim_entry *out)
{
    list_heap(queue, out);
    size_t count = queue->heap_count;
    for (uint32_t i = 0; i < queue->at_once_count; i++, count++) {
        const sim_entry entry = queue->at_once[(queue->at_once_first + i) % SIM_AT_ONCE_COUNT];
        size_t at = count;
        for (; at > 0 && before(&entry, &out[at - 1]); at--) {
            out[at] = out[at - 1];
        }
        out[at] = entry;
    }
}

/* The states of all runs lie in one table, open addressing by digest; each knows its run, and a run
 * how it ended. Whatever is cut short was run once from there: that run was whole, or cut short in
 * a state of an earlier one. */
#include "sim/explore/states.h"

#include "core/base/hash.h"
#include "core/port/events.h"
#include "sim/kernel/events.h"

#include <string.h>

#define HOST_COUNT_MAX  64 /* more hosts share a chain each */
#define ENTRY_COUNT_MAX 256
#define SLOT_COUNT      (2 * (size_t)SIM_STATE_COUNT_MAX)

typedef struct slot {
    uint64_t digest; /* 0: free */
    uint32_t run;
} slot;

struct sim_states {
    sy_alloc alloc;
    slot *slots;
    uint32_t slot_count, state_count;
    bool *failed; /* by run */
    size_t run_count, run_capacity;
    bool full;
    /* the run */
    sim_world *world;
    uint64_t chains[HOST_COUNT_MAX], all_chains; /* all: their sum */
    uint64_t script, shown;
    uint32_t budget;
    bool idle; /* no memory for this run: it counts for nothing */
    bool cut, cut_failed;
};

sim_states *sim_states_new(sy_alloc alloc)
{
    sim_states *states = sy_alloc_zeroed(alloc, sizeof *states);
    if (states == NULL) {
        return NULL;
    }
    states->alloc = alloc;
    states->slots = sy_alloc_zeroed(alloc, SLOT_COUNT * sizeof *states->slots);
    if (states->slots == NULL) {
        sim_states_free(states);
        return NULL;
    }
    return states;
}

void sim_states_free(sim_states *states)
{
    if (states != NULL) {
        sy_alloc_free(states->alloc, states->slots, SLOT_COUNT * sizeof *states->slots);
        sy_alloc_free(states->alloc, states->failed, states->run_capacity * sizeof *states->failed);
        sy_alloc_free(states->alloc, states, sizeof *states);
    }
}

void sim_states_clear(sim_states *states)
{
    if (states->state_count > 0) {
        memset(states->slots, 0, SLOT_COUNT * sizeof *states->slots);
    }
    states->state_count = 0;
    states->run_count = 0;
    states->full = false;
}

bool sim_states_full(const sim_states *states)
{
    return states->full;
}

/* -- what was received -- */

static uint64_t hash_value(const sy_value *value, uint64_t hash)
{
    if (value->type != SY_TYPE_ROW) {
        return sy_value_hash(value, hash);
    }
    const sy_row *row = value->as.row;
    for (uint32_t i = 0; row != NULL && i < row->schema->column_count; i++) {
        hash = sy_value_hash(&row->cells[i], hash);
    }
    return sy_hash_mix(hash, row != NULL ? 1 : 0);
}

/* The number of a message says only how many there were before it in the whole world. */
static bool has_message_number(const sy_event_kind *kind)
{
    return kind == &sim_event_depart || kind == &sim_event_arrive || kind == &sim_event_fault;
}

static uint64_t hash_event(const sim_event *event, uint64_t hash)
{
    hash = sy_hash_mix(hash, event->kind->code);
    hash = sy_hash_mix(hash, (uint64_t)event->time);
    for (uint32_t i = has_message_number(event->kind) ? 1 : 0; i < event->kind->field_count; i++) {
        hash = hash_value(&event->fields[i], hash);
    }
    return hash;
}

static bool reaches_script(const sy_event_kind *kind)
{
    return kind == &sy_event_done || kind == &sim_event_decide || kind == &sy_event_decision;
}

/* What the drivers were woken by up to now, and what they could see then. */
static uint64_t script_now(const sim_states *states)
{
    return sy_hash_mix(states->script, sim_order_driver_chain(states->world));
}

static void read_event(void *self, const sim_event *event)
{
    sim_states *states = self;
    const uint32_t host = event->host % HOST_COUNT_MAX;
    uint64_t *chain = &states->chains[host];
    states->all_chains -= sy_hash_mix(*chain, host);
    *chain = hash_event(event, *chain);
    states->all_chains += sy_hash_mix(*chain, host);
    if (event->kind->outcome || event->kind == &sy_event_call) {
        states->shown = hash_event(event, sy_hash_mix(states->shown, event->host));
    }
    if (event->host == SIM_HOST_WORLD || reaches_script(event->kind)) {
        states->script = sy_hash_mix(script_now(states), states->all_chains);
    }
}

static sy_rc observe(void *self, sim_simulation *simulation, sy_err *err)
{
    sim_states *states = self;
    states->world = sim_simulation_world(simulation);
    SY_ASSERT(states->world->order != NULL);
    memset(states->chains, 0, sizeof states->chains);
    states->all_chains = states->script = states->shown = 0;
    return sim_trace_read(states->world->trace, read_event, states, NULL, 0) == SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

/* -- what is to come -- */

/* false: more than can be looked at. */
static bool hash_queue(const sim_world *world, uint64_t *hash)
{
    sim_entry entries[ENTRY_COUNT_MAX];
    const size_t count = sim_event_queue_count(&world->queue);
    if (count > ENTRY_COUNT_MAX) {
        return false;
    }
    sim_event_queue_list(&world->queue, entries);
    for (size_t i = 0; i < count; i++) {
        sim_identity identity = {.id = 0};
        (void)sim_order_identify(world, &entries[i], &identity, NULL);
        *hash = sy_hash_mix(*hash, identity.id);
        *hash = sy_hash_mix(*hash, (uint64_t)(entries[i].time - world->now));
    }
    return true;
}

/* 0: this one does not count. */
static uint64_t digest_now(const sim_states *states)
{
    const sim_world *world = states->world;
    uint64_t hash = sy_hash_mix(states->budget, (uint64_t)world->now);
    hash = sy_hash_mix(hash, states->all_chains);
    hash = sy_hash_mix(hash, script_now(states));
    hash = sy_hash_mix(hash, states->shown);
    hash = sy_hash_mix(hash, world->calm ? 1 : 0);
    if (sim_choice_unasked(world->choice) > 0 || !hash_queue(world, &hash)) {
        return 0;
    }
    return hash != 0 ? hash : 1;
}

/* -- the table -- */

/* The slot of a digest, or a free one. */
static slot *slot_of(const sim_states *states, uint64_t digest)
{
    size_t at = digest % SLOT_COUNT;
    while (states->slots[at].digest != 0 && states->slots[at].digest != digest) {
        at = (at + 1) % SLOT_COUNT;
    }
    return &states->slots[at];
}

static bool before(void *self, sim_simulation *simulation)
{
    (void)simulation;
    sim_states *states = self;
    const uint64_t digest = states->idle ? 0 : digest_now(states);
    if (digest == 0) {
        return true;
    }
    const uint32_t run = (uint32_t)states->run_count - 1;
    slot *at = slot_of(states, digest);
    if (at->digest == digest && at->run != run) {
        states->cut = true;
        states->cut_failed = states->failed[at->run];
        return false;
    }
    states->full = states->full || states->state_count == SIM_STATE_COUNT_MAX;
    if (at->digest == 0 && !states->full) {
        *at = (slot){digest, run};
        states->state_count++;
    }
    return true;
}

sim_observer sim_states_observer(sim_states *states)
{
    return (sim_observer){.observe = observe, .before = before, .self = states};
}

void sim_states_begin(sim_states *states, uint32_t budget)
{
    bool *failed = sy_alloc_grow(states->alloc, states->failed, states->run_count,
                                 &states->run_capacity, sizeof *failed);
    states->idle = failed == NULL;
    states->full = states->full || states->idle;
    states->failed = failed != NULL ? failed : states->failed;
    states->run_count += failed != NULL ? 1 : 0;
    states->budget = budget;
    states->cut = false;
    states->cut_failed = false;
}

bool sim_states_end(sim_states *states, bool *failed)
{
    if (states->idle) {
        return false;
    }
    *failed = states->cut ? states->cut_failed : *failed;
    states->failed[states->run_count - 1] = *failed;
    return states->cut;
}

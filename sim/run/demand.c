/* Classes of events as data: a kind, and which words its fields may be. A response whose request
 * committed is known by the send that the commit served; sends of a process that died are
 * forgotten, since the next one numbers anew. */
#include "sim/run/demand.h"

#include "core/base/suggest.h"
#include "core/port/events.h"
#include "sim/kernel/events.h"
#include "sim/run/simulation_internal.h"

#include <string.h>

/* -- demands -- */

sy_rc sim_demands_add(sim_demands *demands, sy_str text, bool met, sy_err *err)
{
    for (uint32_t i = 0; i < demands->count; i++) {
        if (sy_str_equal(text, sy_str_of(demands->items[i].text))) {
            demands->items[i].met = demands->items[i].met || met;
            return SY_OK;
        }
    }
    if (text.size == 0 || text.size >= SIM_DEMAND_SIZE) {
        return SY_FAIL(err, SY_INVALID, "a text of 1 to %d bytes", SIM_DEMAND_SIZE - 1);
    }
    if (demands->count == SIM_DEMAND_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "at most %d of them", SIM_DEMAND_COUNT_MAX);
    }
    sim_demand *made = &demands->items[demands->count++];
    *made = (sim_demand){.met = met};
    memcpy(made->text, text.data, text.size);
    return SY_OK;
}

sy_rc sim_demands_unite(sim_demands *demands, const sim_demands *more, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < more->count && rc == SY_OK; i++) {
        rc = sim_demands_add(demands, sy_str_of(more->items[i].text), more->items[i].met, err);
    }
    return rc;
}

uint32_t sim_demands_unmet(const sim_demands *demands)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < demands->count; i++) {
        count += demands->items[i].met ? 0 : 1;
    }
    return count;
}

/* -- classes of events -- */

typedef struct pattern {
    uint32_t field;
    const char *words; /* "lost response-reset": one of these; "+": a number above 0; NULL: none */
} pattern;

typedef struct event_class {
    const char *text;
    const sy_event_kind *kind;
    pattern patterns[2];
    bool committed; /* the send of the fault was */
} event_class;

#define GATEWAYS "unauthorized portal throttled unavailable failed maintenance"
#define SPOILT   "lost response-reset response-truncated response-failed"

static const event_class classes[] = {
    {"a request was lost", &sim_event_fault, {{1, "request"}, {2, "lost"}}, false},
    {"a request was refused",
     &sim_event_fault,
     {{1, "request"}, {2, "refused request-refused"}},
     false},
    {"a request came twice", &sim_event_fault, {{2, "request-duplicated"}}, false},
    {"a request came late", &sim_event_fault, {{2, "request-late"}}, false},
    {"a request was turned away", &sim_event_fault, {{1, "request"}, {2, GATEWAYS}}, false},
    {"a response was lost", &sim_event_fault, {{1, "response"}, {2, SPOILT}}, false},
    {"a response was lost after the commit",
     &sim_event_fault,
     {{1, "response"}, {2, SPOILT}},
     true},
    {"a response came late", &sim_event_fault, {{1, "response"}, {2, "late response-late"}}, false},
    {"a notice was lost", &sim_event_fault, {{1, "notice"}, {2, "lost"}}, false},
    {"a notice came twice", &sim_event_fault, {{2, "notice-doubled"}}, false},
    {"notices were coalesced", &sim_event_fault, {{1, "notice"}, {2, "coalesced"}}, false},
    {"a device lost its connection", &sim_event_link, {{1, "offline outage"}}, false},
    {"a process died", &sim_event_host, {{1, "crashed"}}, false},
    {"a process died with operations in its queue", &sim_event_crash_scene, {{1, "+"}}, false},
    {"the server died", &sim_event_host, {{0, "server"}, {1, "crashed"}}, false},
    {"a store failed", &sim_event_store_fault, {{0, NULL}}, false},
    {"a clock was changed", &sim_event_clock, {{0, NULL}}, false},
    {"an operation met a conflict", &sy_event_conflict, {{0, NULL}}, false},
    {"a delete met a conflict", &sy_event_conflict, {{1, "delete"}}, false},
    {"an operation failed", &sy_event_op_failed, {{0, NULL}}, false},
    {"operations of one row collapsed", &sy_event_collapse, {{0, NULL}}, false},
    {"an edit waited for a lock", &sy_event_wait, {{0, NULL}}, false},
    {"the contract was broken", &sim_event_breach, {{0, NULL}}, false},
    {"a breach was noticed", &sy_event_detect, {{0, NULL}}, false},
};

#define CLASS_COUNT (sizeof classes / sizeof classes[0])

const char *sim_event_class(size_t index)
{
    return index < CLASS_COUNT ? classes[index].text : NULL;
}

sy_rc sim_event_class_find(sy_str text, size_t *index, sy_err *err)
{
    sy_str known[CLASS_COUNT];
    for (*index = 0; *index < CLASS_COUNT; (*index)++) {
        known[*index] = sy_str_of(classes[*index].text);
        if (sy_str_equal(text, known[*index])) {
            return SY_OK;
        }
    }
    const sy_str *nearest = sy_suggest(text, known, CLASS_COUNT);
    return nearest == NULL
               ? SY_FAIL(err, SY_NOT_FOUND, "there is no class of events '%.*s'", SY_FMT(text))
               : SY_FAIL(err, SY_NOT_FOUND,
                         "there is no class of events '%.*s'; did you mean '%.*s'?", SY_FMT(text),
                         SY_FMT(*nearest));
}

/* -- in the trace -- */

typedef struct served { /* a send that was committed */
    int64_t host, send;
} served;

struct sim_demand_watch {
    sim_simulation *simulation;
    bool looks[CLASS_COUNT]; /* demanded, and not met so far */
    served *served;
    size_t count, capacity;
};

static bool is_one_of(sy_str word, const char *words)
{
    while (*words != '\0') {
        const size_t size = strcspn(words, " ");
        if (sy_str_equal(word, (sy_str){words, size})) {
            return true;
        }
        words += size + (words[size] == ' ' ? 1 : 0);
    }
    return false;
}

static bool fits(const pattern *of, const sim_event *event)
{
    if (of->words == NULL) {
        return true;
    }
    const sy_value *value = &event->fields[of->field];
    return strcmp(of->words, "+") == 0 ? value->as.integer > 0
                                       : is_one_of(sy_value_str(value), of->words);
}

static bool was_committed(const struct sim_demand_watch *watch, const sim_event *fault)
{
    for (size_t i = watch->count; i > 0; i--) { /* mostly one of the last */
        const served *one = &watch->served[i - 1];
        if (one->host == fault->fields[4].as.integer && one->send == fault->fields[5].as.integer) {
            return true;
        }
    }
    return false;
}

static void note_commit(struct sim_demand_watch *watch, const sim_event *commit)
{
    sim_simulation *simulation = watch->simulation;
    if (watch->count == watch->capacity) {
        served *grown = sy_alloc_grow(simulation->alloc, watch->served, watch->count,
                                      &watch->capacity, sizeof *grown);
        if (grown == NULL) {
            simulation->world.broken = SY_NOMEM;
            return;
        }
        watch->served = grown;
    }
    watch->served[watch->count++] =
        (served){commit->fields[10].as.integer, commit->fields[11].as.integer};
}

static void forget_sends(struct sim_demand_watch *watch, uint32_t host)
{
    size_t kept = 0;
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->served[i].host != host) {
            watch->served[kept++] = watch->served[i];
        }
    }
    watch->count = kept;
}

static void look(void *self, const sim_event *event)
{
    struct sim_demand_watch *watch = self;
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        const event_class *one = &classes[i];
        if (watch->looks[i] && one->kind == event->kind && fits(&one->patterns[0], event) &&
            fits(&one->patterns[1], event) && (!one->committed || was_committed(watch, event))) {
            watch->looks[i] = false;
            (void)sim_demands_add(&watch->simulation->demands, sy_str_of(one->text), true, NULL);
        }
    }
    if (event->kind == &sy_event_commit) {
        note_commit(watch, event);
    } else if (event->kind == &sim_event_host &&
               sy_str_equal(sy_value_str(&event->fields[1]), SY_STR("crashed"))) {
        forget_sends(watch, event->host);
    }
}

static sy_rc begin_watch(sim_simulation *simulation, sy_err *err)
{
    const sy_event_kind *kinds[CLASS_COUNT + 2] = {&sy_event_commit, &sim_event_host};
    size_t count = 2;
    struct sim_demand_watch *watch = sy_arena_push_zeroed(&simulation->world.arena, sizeof *watch);
    if (watch == NULL) {
        return sy_fail_nomem(err);
    }
    watch->simulation = simulation;
    for (size_t i = 0; i < CLASS_COUNT; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++) {
            known = known || kinds[k] == classes[i].kind;
        }
        kinds[count] = classes[i].kind;
        count += known ? 0 : 1;
    }
    if (sim_trace_read(simulation->world.trace, look, watch, kinds, count) != SY_OK) {
        return sy_fail_nomem(err);
    }
    simulation->demand_watch = watch;
    return SY_OK;
}

sy_rc sim_simulation_demand_event(sim_simulation *simulation, sy_str text, sy_err *err)
{
    size_t index = 0;
    sy_rc rc = sim_event_class_find(text, &index, err);
    if (rc == SY_OK && simulation->demand_watch == NULL) {
        rc = begin_watch(simulation, err);
    }
    if (rc == SY_OK) {
        rc = sim_demands_add(&simulation->demands, text, false, err);
    }
    if (rc == SY_OK) {
        simulation->demand_watch->looks[index] = true;
    }
    return rc;
}

sy_rc sim_simulation_demand(sim_simulation *simulation, sy_str text, bool met, sy_err *err)
{
    return sim_demands_add(&simulation->demands, text, met, err);
}

const sim_demands *sim_simulation_demands(const sim_simulation *simulation)
{
    return &simulation->demands;
}

void sim_demand_watch_end(sim_simulation *simulation)
{
    struct sim_demand_watch *watch = simulation->demand_watch;
    if (watch != NULL) {
        sy_alloc_free(simulation->alloc, watch->served, watch->capacity * sizeof *watch->served);
    }
}

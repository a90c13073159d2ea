/* One run, from an empty world to a verdict. The run never looks into the scenario: it starts it,
 * steps the world until its drivers are done, and asks how they ended. Every way in which a run can
 * end is a verdict; the worst one wins. */
#include "sim/run/run.h"

#include "core/port/events.h"
#include "sim/kernel/events.h"
#include "sim/measure/measure.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define VIRTUAL_NS_MAX (30 * SY_DAY)
#define EVENTS_MAX     UINT64_C(50000000)
#define STOP_INTERVAL  1024u /* events between two questions to `stop` */

typedef struct run {
    const sim_scenario *scenario;
    sim_run_limits limits;
    sim_observer observer;
    sim_simulation *simulation;
    sim_check *check;
    sim_measure *measure; /* NULL: nobody asks */
    uint64_t fired;
    uint64_t work; /* calls and commits that did, or tried to do, something */
    bool stuck;    /* drivers still waited when nothing could happen any more */
    sim_result *result;
} run;

const sim_combination *sim_combination_find(const sim_scenario_info *info, const sy_dialect *client,
                                            const sy_server_dialect *server)
{
    for (uint32_t i = 0; i < info->combination_count; i++) {
        const sim_combination *one = &info->combinations[i];
        const sy_server_dialect *own =
            one->server != NULL ? one->server : sim_server_dialect_for(one->client);
        if (one->client == client && (server == NULL || server == own)) {
            return one;
        }
    }
    return NULL;
}

static int64_t wall_now(void)
{
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    return (int64_t)now.tv_sec * SY_SECOND + now.tv_nsec;
}

/* Keeps the worst verdict and its reason; of equals the first. */
static void conclude(run *self, sim_verdict verdict, const char *reason)
{
    if (verdict > self->result->verdict) {
        self->result->verdict = verdict;
        (void)snprintf(self->result->reason, sizeof self->result->reason, "%s", reason);
    }
}

static void read_work(void *context, const sim_event *event)
{
    static const char *const idle[] = {"initialize", "lookup", "query"};
    run *self = context;
    if (event->kind == &sy_event_call) {
        for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
            if (sy_str_equal(sy_value_str(&event->fields[1]), sy_str_of(idle[i]))) {
                return;
            }
        }
    }
    self->work++;
}

/* How an error of the scenario's counts (sim/run/scenario.h, finish). */
static sim_verdict verdict_of(sy_rc rc)
{
    if (rc == SY_STATE) {
        return SIM_FOUND;
    }
    if (rc == SY_CRASHED) {
        return SIM_CODE_CRASHED;
    }
    if (rc == SY_PARSE) {
        return SIM_BAD_SCENARIO;
    }
    return rc == SY_LIMIT ? SIM_UNDECIDED : SIM_HARNESS;
}

static void conclude_scenario(run *self, sy_rc rc, const sy_err *err)
{
    if (rc != SY_OK) {
        const char *text = self->scenario->ops->text != NULL
                               ? self->scenario->ops->text(self->scenario->self)
                               : "";
        conclude(self, verdict_of(rc), text[0] != '\0' ? text : err->text);
    }
}

/* What kept the drivers from their end; NULL: nothing did. */
static const char *step_until_done(run *self)
{
    sim_world *world = sim_simulation_world(self->simulation);
    const sim_scenario_ops *ops = self->scenario->ops;
    while (!ops->done(self->scenario->self)) {
        if (self->fired == self->limits.events_max) {
            return "the run did not end: limit of events reached";
        }
        if (self->fired % STOP_INTERVAL == 0 && self->limits.stop != NULL &&
            self->limits.stop(self->limits.stop_self)) {
            return "stopped: time limit reached";
        }
        if (self->observer.before != NULL &&
            !self->observer.before(self->observer.self, self->simulation)) {
            return "stopped by whoever watches";
        }
        if (!sim_world_step(world, self->limits.virtual_ns_max)) {
            break;
        }
        self->fired++;
    }
    if (world->broken != SY_OK) {
        char text[128];
        (void)snprintf(text, sizeof text, "the world broke: %s", sy_rc_name(world->broken));
        conclude(self, SIM_HARNESS, text);
        return NULL;
    }
    if (ops->done(self->scenario->self)) {
        return NULL;
    }
    if (sim_event_queue_first(&world->queue) != NULL) {
        return "the run did not end: limit of virtual time reached";
    }
    self->stuck = true;
    sim_trace_event(world, SIM_HOST_WORLD, &sim_event_phase, sy_cstr("stuck"));
    return "stuck: a driver waits for something that can't happen any more";
}

/* What the scenario says of drivers that still wait comes after what kept them. */
static void conclude_unfinished(run *self, const char *what)
{
    char text[sizeof self->result->reason];
    const char *said = self->result->reason;
    int size = (int)(sizeof text - strlen(what) - 2);
    (void)snprintf(text, sizeof text, "%s%s%.*s", what, said[0] != '\0' ? "\n" : "", size, said);
    self->result->verdict = SIM_UNDECIDED;
    memcpy(self->result->reason, text, sizeof text);
}

static bool is_declared(const sim_scenario_info *info, uint32_t number, const sim_finding *finding)
{
    const sim_expected_finding *expected = &info->finds[number];
    return strcmp(expected->checker, finding->checker) == 0 &&
           (expected->row[0] == '\0' || strcmp(expected->row, finding->row) == 0) &&
           (expected->host[0] == '\0' || strcmp(expected->host, finding->host) == 0);
}

/* A scenario that declares that a call waits for ever need not end. */
static void forgive_waiting(run *self)
{
    if (self->stuck && self->result->verdict == SIM_UNDECIDED) {
        self->result->verdict = SIM_PASSED;
        self->result->reason[0] = '\0';
    }
}

/* Every finding must be declared, every declared one must be there. */
static void judge_findings(run *self)
{
    const sim_scenario_info *info = self->scenario->info;
    const sim_findings *findings = &self->result->findings;
    bool seen[sizeof info->finds / sizeof info->finds[0]] = {false};
    for (size_t i = 0; i < findings->count; i++) {
        const sim_finding *finding = &findings->items[i];
        bool declared = false;
        for (uint32_t k = 0; k < info->find_count; k++) {
            if (is_declared(info, k, finding)) {
                declared = true;
                seen[k] = true;
                if (strcmp(finding->checker, sim_checker_stuck.name) == 0) {
                    forgive_waiting(self);
                }
            }
        }
        if (!declared) {
            bool diverged = strcmp(finding->checker, sim_checker_convergence.name) == 0;
            conclude(self, diverged ? SIM_NOT_CONVERGED : SIM_FOUND, "");
        }
    }
    for (uint32_t k = 0; k < info->find_count; k++) {
        if (!seen[k]) {
            char text[320];
            (void)snprintf(text, sizeof text, "declared but not found: checker %s%s%s%s%s",
                           info->finds[k].checker, info->finds[k].row[0] != '\0' ? ", row " : "",
                           info->finds[k].row, info->finds[k].host[0] != '\0' ? ", host " : "",
                           info->finds[k].host);
            conclude(self, SIM_FOUND, text);
        }
    }
    self->result->declared = self->result->verdict < SIM_NOT_CONVERGED && findings->count > 0;
}

static sy_rc set_up(run *self, const sim_options *options, sy_err *err)
{
    static const sy_event_kind *const work[] = {&sy_event_call, &sy_event_commit};
    sim_options own = *options;
    if (self->scenario->info->kind == SIM_STORY) {
        own.weather = (sim_weather_asked){0}; /* a story is exact */
    }
    sy_rc rc = sim_simulation_new(sy_alloc_std(), &own, &self->simulation, err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_trace *trace = sim_simulation_world(self->simulation)->trace;
    rc = sim_trace_read(trace, read_work, self, work, sizeof work / sizeof work[0]);
    if (rc != SY_OK) {
        return sy_fail_nomem(err);
    }
    if (!self->limits.unchecked) {
        rc = sim_check_open(sy_alloc_std(), trace, &self->check, err);
    }
    if (rc == SY_OK && self->check != NULL && options->metrics != NULL) {
        rc = sim_measure_open(sy_alloc_std(), trace, sim_check_lineage(self->check), &self->measure,
                              err);
    }
    if (rc == SY_OK && self->observer.observe != NULL) {
        rc = self->observer.observe(self->observer.self, self->simulation, err);
    }
    return rc;
}

static void sum_measures(run *self)
{
    const sim_options *options = sim_simulation_options(self->simulation);
    const sim_counts counts = sim_simulation_counts(self->simulation);
    const sim_measure_end end = {.now = sim_simulation_world(self->simulation)->now,
                                 .findings = &self->result->findings,
                                 .sized = options->sizes,
                                 .bytes_up = counts.bytes_up,
                                 .bytes_down = counts.bytes_down};
    if (self->measure != NULL &&
        sim_measure_sum(self->measure, &end, options->metrics, NULL) != SY_OK) {
        conclude(self, SIM_HARNESS, "the measurement ran out of memory");
    }
}

static void sum_check(run *self)
{
    sim_result *result = self->result;
    if (sim_findings_copy(sim_check_close(self->check), sy_alloc_std(), &result->findings) !=
            SY_OK ||
        result->findings.failed) {
        conclude(self, SIM_HARNESS, "a checker ran out of memory");
    }
    judge_findings(self);
    sim_check_ledger(self->check, &result->ledger);
    sum_measures(self);
}

static void sum_up(run *self)
{
    sim_result *result = self->result;
    sim_world *world = sim_simulation_world(self->simulation);
    if (self->check != NULL) {
        sum_check(self);
    }
    if (self->work == 0) {
        conclude(self, SIM_UNDECIDED, "nothing was done: no write, push, pull or request");
    }
    result->digest = sim_trace_digest(world->trace);
    result->outcome_digest = sim_trace_outcome_digest(world->trace);
    result->counts = sim_simulation_counts(self->simulation);
    result->follows = sim_simulation_follows(self->simulation);
    result->demands = *sim_simulation_demands(self->simulation);
    result->events = sim_trace_count(world->trace);
    result->virtual_ns = world->now;
    sim_choice_list *record = sim_simulation_options(self->simulation)->record;
    if (record != NULL && sim_choice_list_take(record, world->choice) != SY_OK) {
        conclude(self, SIM_HARNESS, "the record of choices ran out of memory");
    }
}

sy_rc sim_run(const sim_scenario *scenario, const sim_options *options,
              const sim_run_limits *limits, const sim_observer *observer, sim_result *out,
              sy_err *err)
{
    *out = (sim_result){.verdict = SIM_PASSED};
    sim_findings_init(&out->findings, sy_alloc_std());
    run self = {.scenario = scenario, .result = out};
    self.limits = limits != NULL ? *limits : (sim_run_limits){0};
    if (self.limits.virtual_ns_max == 0) {
        self.limits.virtual_ns_max = VIRTUAL_NS_MAX;
    }
    if (self.limits.events_max == 0) {
        self.limits.events_max = EVENTS_MAX;
    }
    self.observer = observer != NULL ? *observer : (sim_observer){.self = NULL};
    int64_t begun = wall_now();
    sy_err own = {0};
    sy_rc rc = set_up(&self, options, &own);
    if (rc != SY_OK) {
        conclude(&self, SIM_HARNESS, own.text);
        goto done;
    }
    sy_rc started = scenario->ops->start(scenario->self, self.simulation, &own);
    const char *unfinished = NULL;
    if (started == SY_OK) {
        unfinished = step_until_done(&self);
        started = scenario->ops->finish(scenario->self, &own);
    }
    conclude_scenario(&self, started, &own);
    if (unfinished != NULL && out->verdict <= SIM_UNDECIDED) {
        conclude_unfinished(&self, unfinished);
    }
    sum_up(&self);
    out->wall_ns = wall_now() - begun;
    if (self.observer.inspect != NULL) {
        self.observer.inspect(self.observer.self, self.simulation, out);
    }
done:
    if (rc != SY_OK && err != NULL) {
        *err = own;
    }
    sim_simulation_free(self.simulation); /* whose trace still calls the checkers */
    sim_measure_free(self.measure);
    sim_check_free(self.check);
    return rc;
}

void sim_result_deinit(sim_result *result)
{
    sim_findings_deinit(&result->findings);
}

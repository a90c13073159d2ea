/* `syncsim crash FILE`: what the users of one seed do, with one death of a device's process at each
 * change of its store, in each way: alone, and with each class of what a loss of power loses. The
 * process is started again at once, the run goes on and is checked as every run.
 *
 * A point is one draw of the label `dies`, so this is an exploration of depth one over that label
 * alone; each run is watched, and counts as visited when the process did die there. */
#define _POSIX_C_SOURCE 200809L
#include "core/port/events.h"
#include "sim/check/fields.h"
#include "sim/check/history.h"
#include "sim/cli/cli.h"
#include "sim/explore/explore.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define VERB_COUNT_MAX 24
#define CALL_COUNT_MAX 32

typedef struct open_call {
    uint32_t host;
    int64_t ticket;
    char verb[16];
} open_call;

typedef struct verb_row { /* of the table that is printed */
    char verb[16];
    uint64_t points, crashes, failed;
} verb_row;

typedef struct enumeration {
    const cli_options *options;
    cli_case subject;
    cli_patience patience;
    cli_failures failures;
    sim_verdict worst;
    verb_row verbs[VERB_COUNT_MAX];
    size_t verb_count;
    uint64_t crashes, visited, failed;
    bool terminal;
    /* of the run under way */
    open_call calls[CALL_COUNT_MAX];
    size_t call_count;
    bool died;
    char during[16]; /* what was under way then */
} enumeration;

/* -- one run, watched -- */

static void end_call(enumeration *self, uint32_t host, int64_t ticket)
{
    for (size_t i = 0; i < self->call_count; i++) {
        if (self->calls[i].host == host && self->calls[i].ticket == ticket) {
            self->call_count--;
            memmove(&self->calls[i], &self->calls[i + 1],
                    (self->call_count - i) * sizeof self->calls[0]);
            return;
        }
    }
}

static void begin_call(enumeration *self, const sim_event *event)
{
    end_call(self, event->host, sim_field_int(event, CALL_TICKET)); /* of a process before */
    if (self->call_count < CALL_COUNT_MAX) {
        open_call *made = &self->calls[self->call_count++];
        *made = (open_call){.host = event->host, .ticket = sim_field_int(event, CALL_TICKET)};
        (void)snprintf(made->verb, sizeof made->verb, "%.*s",
                       SY_FMT(sim_field_text(event, CALL_VERB)));
    }
}

/* The first death is the one that is meant; of the calls under way the last to begin names it. */
static void die(enumeration *self, const sim_event *event)
{
    if (self->died || !sim_disk_is_death(sim_field_text(event, 0))) {
        return;
    }
    self->died = true;
    (void)snprintf(self->during, sizeof self->during, "no call");
    for (size_t i = 0; i < self->call_count; i++) {
        if (self->calls[i].host == event->host) {
            memcpy(self->during, self->calls[i].verb, sizeof self->during);
        }
    }
}

static void read_event(void *context, const sim_event *event)
{
    enumeration *self = context;
    if (event->kind == &sy_event_call) {
        begin_call(self, event);
    } else if (event->kind == &sy_event_done) {
        end_call(self, event->host, sim_field_int(event, DONE_TICKET));
    } else {
        die(self, event);
    }
}

static sy_rc observe(void *context, sim_simulation *simulation, sy_err *err)
{
    static const sy_event_kind *const kinds[] = {&sy_event_call, &sy_event_done,
                                                 &sim_event_store_fault};
    enumeration *self = context;
    self->call_count = 0;
    self->died = false;
    return sim_trace_read(sim_simulation_world(simulation)->trace, read_event, self, kinds,
                          sizeof kinds / sizeof kinds[0]) == SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

/* -- all of them -- */

static verb_row *row_of(enumeration *self, const char *verb)
{
    for (size_t i = 0; i < self->verb_count; i++) {
        if (strcmp(self->verbs[i].verb, verb) == 0) {
            return &self->verbs[i];
        }
    }
    verb_row *row =
        &self->verbs[self->verb_count < VERB_COUNT_MAX ? self->verb_count++ : VERB_COUNT_MAX - 1];
    (void)snprintf(row->verb, sizeof row->verb, "%s", verb);
    return row;
}

static void count(enumeration *self, const sim_chosen *chosen, bool failed)
{
    self->crashes++;
    if (!self->died) {
        return;
    }
    self->visited++;
    verb_row *row = row_of(self, self->during);
    row->crashes++;
    row->points += chosen->value == 1 ? 1 : 0;
    row->failed += failed ? 1 : 0;
}

static bool ended(void *context, const sim_choice_list *choices, const sim_result *result)
{
    enumeration *self = context;
    if (cli_patience_over(&self->patience)) {
        return false; /* this run may have been broken off */
    }
    const bool failed = result->verdict != SIM_PASSED;
    self->worst = sim_verdict_worse(self->worst, result->verdict);
    if (failed) {
        self->failed++;
        cli_failures_add(&self->failures, choices, result);
    }
    if (choices->count > 0) {
        count(self, &choices->items[0], failed);
    }
    if (self->terminal && self->crashes % 16 == 0) {
        (void)fprintf(stderr, "\r%" PRIu64 " crashes, %zu kinds of failure \x1b[K", self->crashes,
                      self->failures.count);
    }
    return true;
}

static void print(const enumeration *self, const sim_explored *explored)
{
    if (self->terminal) {
        (void)fputs("\r\x1b[K", stderr);
    }
    cli_failures_print(&self->failures);
    (void)printf("%-12s %8s %8s %8s\n", "during", "points", "crashes", "failed");
    uint64_t points = 0;
    for (size_t i = 0; i < self->verb_count; i++) {
        const verb_row *row = &self->verbs[i];
        points += row->points;
        (void)printf("%-12s %8" PRIu64 " %8" PRIu64 " %8" PRIu64 "\n", row->verb, row->points,
                     row->crashes, row->failed);
    }
    (void)printf("%" PRIu64 " points, %" PRIu64 " crashes, %" PRIu64 " failed; ", points,
                 self->crashes, self->failed);
    (void)printf(explored->stopped               ? "stopped: not all of them were visited\n"
                 : self->visited < self->crashes ? "%" PRIu64 " did not happen\n"
                                                 : "all were visited\n",
                 self->crashes - self->visited);
    (void)printf(
        "left out: crashes while a store is opened first or its tables are defined, and while "
        "everything settles; a second one in the same run\n");
}

static int exit_code(const enumeration *self, const sim_explored *explored)
{
    if (self->worst <= SIM_UNDECIDED && self->patience.timed_out) {
        return CLI_EXIT_TIME_LIMIT;
    }
    if (!explored->stopped && self->visited < self->crashes) {
        cli_complain("a crash that was asked for did not happen");
        return CLI_EXIT_HARNESS;
    }
    return sim_verdict_exit_code(explored->stopped || self->crashes == 0
                                     ? sim_verdict_worse(self->worst, SIM_UNDECIDED)
                                     : self->worst);
}

int cli_crash(const cli_options *options)
{
    int code = cli_one_scenario(options, "crash");
    if (code != CLI_EXIT_OK) {
        return code;
    }
    enumeration self = {.options = options, .worst = SIM_PASSED};
    const sim_observer watcher = {.observe = observe, .self = &self};
    cli_kept loaded = {0};
    self.terminal = isatty(STDERR_FILENO) == 1;
    cli_patience_begin(&self.patience, options);
    self.subject = (cli_case){.path = options->operands[0],
                              .options = options->run,
                              .draws = true,
                              .kept = &loaded,
                              .watcher = &watcher,
                              .limits = &self.patience.limits};
    self.subject.options.seed = options->run.seed != 0 ? options->run.seed : 1;
    self.subject.options.calm = true;
    self.subject.options.record_offers = true;
    const char *const labels[] = {SIM_DISK_DIES, NULL};
    const sim_explore_options search = {
        .depth = 1, .labels = labels, .run_max = options->run_max, .ended = ended, .self = &self};
    const sim_case port = cli_case_port(&self.subject);
    sim_explored explored;
    sy_err err = {0};
    sy_rc rc = sim_explore(&port, &search, sy_alloc_std(), &explored, &err);
    self.subject.watcher = NULL;
    if (rc == SY_OK) {
        print(&self, &explored);
        code = exit_code(&self, &explored);
        if (self.failures.count > 0 && options->output != NULL) {
            rc = cli_failures_write_first(&self.failures, options, &self.subject, &err);
        }
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    }
    cli_kept_deinit(&loaded);
    cli_failures_deinit(&self.failures);
    return code;
}

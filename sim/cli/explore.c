/* `syncsim explore FILE --faults K`: what the users of one seed do, under every combination of at
 * most K faults. Failures are grouped as a sweep's; the first of each group is kept as a
 * reproduction.
 *
 * What is too big for that: --pct (random orders of events by priority) and --guided (choices built
 * upon by what their runs cover). */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"
#include "sim/explore/guided.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

typedef struct exploration {
    const cli_options *options;
    cli_case subject;
    uint64_t runs, failed;
    int64_t begun_ns;
    cli_patience patience;
    bool terminal;
    cli_failures failures;
    sim_verdict worst;
    sim_states *states;    /* NULL: no run is cut short */
    sim_coverage coverage; /* of --guided */
    uint64_t steps;        /* of --pct: the most that a run had */
    uint64_t hosts;
} exploration;

static bool ended(void *context, const sim_choice_list *choices, const sim_result *result)
{
    exploration *self = context;
    if (cli_patience_over(&self->patience)) {
        return false; /* this run may have been broken off */
    }
    self->runs++;
    self->worst = sim_verdict_worse(self->worst, result->verdict);
    if (result->verdict != SIM_PASSED) {
        self->failed++;
        cli_failures_add(&self->failures, choices, result);
    }
    int64_t now = cli_wall_now();
    if (self->terminal && self->runs % 16 == 0) {
        int64_t elapsed_ms = (now - self->begun_ns) / SY_MS + 1;
        (void)fprintf(stderr, "\r%" PRIu64 " runs, %" PRId64 "/s, %zu kinds of failure \x1b[K",
                      self->runs, (int64_t)self->runs * 1000 / elapsed_ms, self->failures.count);
    }
    return true;
}

/* -- what was done, in words -- */

static void print_counts(const exploration *self, const sim_explored *explored, uint32_t depth)
{
    static const char *const words[] = {"no",   "one", "two",   "three", "four",
                                        "five", "six", "seven", "eight"};
    const char *what = self->options->schedules ? "choice" : "fault";
    for (uint32_t i = 0; i <= explored->depth && (!explored->exhausted || explored->runs[i] > 0);
         i++) {
        (void)printf("with %s %s%s: %" PRIu64 " runs, %" PRIu64 " failed", words[i], what,
                     i == 1 || i == 0 ? "" : "s", explored->runs[i], explored->failed[i]);
        if (explored->pruned[i] > 0) {
            (void)printf(", %" PRIu64 " were cut short in a state of an earlier run",
                         explored->pruned[i]);
        }
        (void)printf(
            "%s\n", explored->stopped && i == explored->depth ? " (not all of them: stopped)" : "");
    }
    if (explored->depth < depth && !explored->exhausted) {
        (void)printf("more than %u: not begun\n", explored->depth);
    }
    if (explored->exhausted) {
        (void)printf("that is all: no run has a choice left that was not tried\n");
    }
}

static void print_left_out(const exploration *self, const sim_explored *explored)
{
    (void)printf("left out: what is drawn while everything settles");
    if (explored->values_left_out > 0) {
        (void)printf("; %" PRIu64 " values of wide ranges, of which the representatives were tried",
                     explored->values_left_out);
    }
    if (explored->not_extended > 0) {
        (void)printf("; more choices on top of %" PRIu64 " combinations that failed already",
                     explored->not_extended);
    }
    if (self->options->schedules) {
        char window[SY_TIME_TEXT_SIZE];
        (void)sy_duration_format(self->options->window_ns, window);
        (void)printf(
            "; orders of events more than %s apart, of what one host does by itself, and of "
            "more than %d events in one window",
            window, SIM_ORDER_CANDIDATE_COUNT_MAX);
    } else {
        (void)printf("; other orders of events");
    }
    if (self->states != NULL && sim_states_full(self->states)) {
        (void)printf("; the memory of states is full: not all that are alike were cut short");
    }
    (void)printf("\n");
}

static void print_statement(const exploration *self, const sim_explored *explored)
{
    uint64_t runs = explored->again;
    for (uint32_t i = 0; i <= SIM_EXPLORE_DEPTH_MAX; i++) {
        runs += explored->runs[i];
    }
    for (uint32_t i = 0; i < explored->label_count; i++) {
        const sim_explored_label *label = &explored->labels[i];
        (void)printf("  %-20s drawn %" PRIu64 " times, %" PRIu64 " choices tried%s\n", label->name,
                     label->offered, label->values, label->left_out ? " (left out)" : "");
    }
    print_left_out(self, explored);
    (void)printf("%" PRIu64 " runs in all, %" PRIu64 " of them to learn what they offer\n", runs,
                 explored->again);
}

static void print_kept(const exploration *self)
{
    if (self->terminal) {
        (void)fputs("\r\x1b[K", stderr); /* the progress is over */
    }
    cli_failures_print(&self->failures);
}

/* -- random schedules -- */

static void inspect_order(void *context, sim_simulation *simulation, const sim_result *result)
{
    (void)result;
    exploration *self = context;
    const sim_world *world = sim_simulation_world(simulation);
    const uint64_t steps = sim_order_steps(world);
    self->steps = steps > self->steps ? steps : self->steps;
    self->hosts = sim_trace_host_count(world->trace);
}

/* The weather among what a run chose: its users would fill the page. */
static sy_rc take_weather(const sim_choice_list *from, sim_choice_list *out, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < from->count && rc == SY_OK; i++) {
        if (from->items[i].label->choice_class == SIM_WEATHER) {
            rc = sim_choice_list_add(out, &from->items[i]);
        }
    }
    return rc == SY_OK ? rc : sy_fail_nomem(err);
}

/* One schedule; false in *goes_on: whoever watches has seen enough. */
static sy_rc run_schedule(exploration *self, const sim_case *port, uint64_t number, bool *goes_on,
                          sy_err *err)
{
    sim_choice_list made;
    sim_choice_list chosen;
    sim_choice_list_init(&made, sy_alloc_std());
    sim_choice_list_init(&chosen, sy_alloc_std());
    self->subject.options.pct_number = number;
    self->subject.options.pct_steps = self->steps;
    sim_result result;
    sy_rc rc = port->ops->run(port->self, NULL, &made, &result, err);
    rc = rc == SY_OK ? take_weather(&made, &chosen, err) : rc;
    *goes_on = rc == SY_OK && ended(self, &chosen, &result);
    sim_result_deinit(&result);
    sim_choice_list_deinit(&chosen);
    sim_choice_list_deinit(&made);
    return rc;
}

/* The bound is that of Burckhardt and others, ASPLOS 2010: 1 in n * k^(d-1). */
static void print_schedules(const exploration *self, uint64_t failed)
{
    const uint32_t depth = self->options->pct_depth;
    (void)printf("%" PRIu64 " random orders of depth %u, %" PRIu64 " failed; %" PRIu64
                 " hosts, at most %" PRIu64 " steps with a choice\n"
                 "an order that needs %u events to be as they are is met by a run with a chance of "
                 "at least 1 in %" PRIu64 " * %" PRIu64 "^%u\n",
                 self->runs, depth, failed, self->hosts, self->steps, depth, self->hosts,
                 self->steps, depth - 1);
    (void)printf("left out: faults; every order that no run happened to take\n");
}

static sy_rc search_schedules(exploration *self, sy_err *err)
{
    const sim_observer watcher = {.inspect = inspect_order, .self = self};
    const uint64_t run_max = self->options->run_max > 0 ? self->options->run_max : 1000;
    const sim_case port = cli_case_port(&self->subject);
    self->subject.watcher = &watcher;
    self->subject.options.record_offers = false;
    bool goes_on = true;
    sy_rc rc = run_schedule(self, &port, 0, &goes_on, err); /* in order: how long it is */
    self->subject.options.pct_depth = self->options->pct_depth;
    while (rc == SY_OK && goes_on && self->runs < run_max) {
        rc = run_schedule(self, &port, self->runs, &goes_on, err);
    }
    self->subject.options.pct_depth = 0;
    self->subject.watcher = NULL;
    if (rc == SY_OK) {
        print_kept(self);
        print_schedules(self, self->failed);
    }
    return rc;
}

/* -- guided by coverage -- */

static sy_rc observe_coverage(void *context, sim_simulation *simulation, sy_err *err)
{
    exploration *self = context;
    return sim_coverage_read(&self->coverage, sim_simulation_world(simulation)->trace) == SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

static void print_guided(const sim_guided *guided)
{
    (void)printf("%" PRIu64 " runs, %" PRIu64
                 " failed; %zu shapes of behaviour, the last of them new in run %" PRIu64
                 "; %zu lists of choices were built upon, of at most %zu choices\n",
                 guided->runs, guided->failed, guided->shapes, guided->last_new, guided->kept,
                 guided->longest);
    (void)printf("left out: what is drawn while everything settles; every combination that no run "
                 "happened to have\n");
}

static sy_rc search_guided(exploration *self, const char *const *labels, sy_err *err)
{
    const sim_observer watcher = {.observe = observe_coverage, .self = self};
    const sim_case port = cli_case_port(&self->subject);
    sim_coverage_init(&self->coverage, sy_alloc_std());
    self->subject.watcher = &watcher;
    const sim_guided_options search = {.labels = labels,
                                       .run_max = self->options->run_max,
                                       .seed = self->subject.options.seed,
                                       .coverage = &self->coverage,
                                       .ended = ended,
                                       .self = self};
    sim_guided guided;
    sy_rc rc = sim_guided_search(&port, &search, sy_alloc_std(), &guided, err);
    self->subject.watcher = NULL;
    sim_coverage_deinit(&self->coverage);
    if (rc == SY_OK) {
        print_kept(self);
        print_guided(&guided);
    }
    return rc;
}

/* -- all of them -- */

static sy_rc search_all(exploration *self, const char *const *labels, sy_err *err)
{
    sim_observer watcher = {.self = NULL};
    if (self->options->schedules && !self->options->whole_runs) {
        self->states = sim_states_new(sy_alloc_std());
    }
    if (self->states != NULL) {
        watcher = sim_states_observer(self->states);
        self->subject.watcher = &watcher;
    }
    const sim_case port = cli_case_port(&self->subject);
    const uint32_t depth = self->options->fault_count > 0 ? self->options->fault_count : 1;
    const sim_explore_options search = {.depth = depth,
                                        .labels = labels,
                                        .run_max = self->options->run_max,
                                        .states = self->states,
                                        .ended = ended,
                                        .self = self};
    sim_explored explored;
    sy_rc rc = sim_explore(&port, &search, sy_alloc_std(), &explored, err);
    self->subject.watcher = NULL;
    if (rc == SY_OK) {
        print_kept(self);
        print_counts(self, &explored, depth);
        print_statement(self, &explored);
    }
    sim_states_free(self->states);
    return rc;
}

/* The labels of "a,b,c", cut in place. */
static void split_labels(char *text, const char **out, size_t count)
{
    size_t found = 0;
    for (char *at = text; at != NULL && found + 1 < count; found++) {
        out[found] = at;
        at = strchr(at, ',');
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    out[found] = NULL;
}

int cli_explore(const cli_options *options)
{
    int refused = cli_one_scenario(options, "explore");
    if (refused != CLI_EXIT_OK) {
        return refused;
    }
    char text[512] = "";
    const char *labels[32] = {NULL};
    if (options->labels != NULL) {
        (void)snprintf(text, sizeof text, "%s", options->labels);
        split_labels(text, labels, sizeof labels / sizeof labels[0]);
    }
    exploration self = {.options = options, .begun_ns = cli_wall_now(), .worst = SIM_PASSED};
    cli_kept loaded = {0};
    self.subject = (cli_case){
        .path = options->operands[0], .options = options->run, .draws = true, .kept = &loaded};
    self.subject.options.seed = options->run.seed != 0 ? options->run.seed : 1;
    self.subject.options.calm = true;
    self.subject.options.record_offers = true;
    self.terminal = isatty(STDERR_FILENO) == 1;
    cli_patience_begin(&self.patience, options);
    self.subject.limits = &self.patience.limits;
    self.subject.options.orders = options->schedules;
    self.subject.options.window_ns = options->window_ns;
    sy_err err = {0};
    const char *const *wanted = options->labels != NULL ? labels : NULL;
    sy_rc rc = options->pct_depth > 0 ? search_schedules(&self, &err)
               : options->guided      ? search_guided(&self, wanted, &err)
                                      : search_all(&self, wanted, &err);
    int code = CLI_EXIT_HARNESS;
    if (rc == SY_OK) {
        if (self.failures.count > 0 && options->output != NULL) {
            rc = cli_failures_write_first(&self.failures, options, &self.subject, &err);
        }
        code = self.patience.timed_out && self.worst <= SIM_UNDECIDED
                   ? CLI_EXIT_TIME_LIMIT
                   : sim_verdict_exit_code(self.worst);
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    }
    cli_kept_deinit(&loaded);
    cli_failures_deinit(&self.failures);
    return code;
}

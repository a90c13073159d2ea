/* `syncsim explore FILE --faults K`: what the users of one seed do, under every combination of at
 * most K faults. Failures are grouped as a sweep's; the first of each group is kept as a
 * reproduction. */
#define _POSIX_C_SOURCE 200809L
#include "sim/explore/explore.h"
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define KEPT_COUNT_MAX 100

typedef struct kept {
    sim_signature signature;
    sy_buf choices; /* as text */
} kept;

typedef struct exploration {
    const cli_options *options;
    cli_case subject;
    uint64_t runs;
    int64_t begun_ns, deadline_ns;
    bool terminal, timed_out;
    kept kept[KEPT_COUNT_MAX]; /* the first of each kind of failure */
    size_t kept_count;
    sim_verdict worst;
} exploration;

static void keep(exploration *self, const sim_choice_list *choices, const sim_result *result)
{
    sim_signature signature = sim_signature_of(result);
    for (size_t i = 0; i < self->kept_count; i++) {
        if (strcmp(self->kept[i].signature.text, signature.text) == 0) {
            return;
        }
    }
    if (self->kept_count < KEPT_COUNT_MAX) {
        kept *made = &self->kept[self->kept_count++];
        made->signature = signature;
        sy_buf_init(&made->choices, sy_alloc_std());
        sim_choice_list_write(choices, &made->choices);
    }
}

static bool ended(void *context, const sim_choice_list *choices, const sim_result *result)
{
    exploration *self = context;
    self->runs++;
    self->worst = sim_verdict_worse(self->worst, result->verdict);
    if (result->verdict != SIM_PASSED) {
        keep(self, choices, result);
    }
    int64_t now = cli_wall_now();
    if (self->terminal && self->runs % 16 == 0) {
        int64_t elapsed_ms = (now - self->begun_ns) / SY_MS + 1;
        (void)fprintf(stderr, "\r%" PRIu64 " runs, %" PRId64 "/s, %zu kinds of failure \x1b[K",
                      self->runs, (int64_t)self->runs * 1000 / elapsed_ms, self->kept_count);
    }
    self->timed_out = self->deadline_ns != 0 && now >= self->deadline_ns;
    return !self->timed_out;
}

/* -- what was done, in words -- */

static void print_counts(const sim_explored *explored, uint32_t depth)
{
    static const char *const words[] = {"no fault",     "one fault",    "two faults",
                                        "three faults", "four faults",  "five faults",
                                        "six faults",   "seven faults", "eight faults"};
    for (uint32_t i = 0; i <= depth; i++) {
        (void)printf("with %s: %" PRIu64 " runs, %" PRIu64 " failed%s\n", words[i],
                     explored->runs[i], explored->failed[i],
                     explored->stopped && i == depth ? " (not all of them: stopped)" : "");
    }
}

static void print_statement(const exploration *self, const sim_explored *explored)
{
    for (uint32_t i = 0; i < explored->label_count; i++) {
        const sim_explored_label *label = &explored->labels[i];
        (void)printf("  %-20s drawn %" PRIu64 " times, %" PRIu64 " choices tried%s\n", label->name,
                     label->offered, label->values, label->left_out ? " (left out)" : "");
    }
    (void)printf("left out: what is drawn while everything settles");
    if (explored->values_left_out > 0) {
        (void)printf("; %" PRIu64 " values of wide ranges, of which the representatives were tried",
                     explored->values_left_out);
    }
    if (explored->not_extended > 0) {
        (void)printf("; more faults on top of %" PRIu64 " combinations that failed already",
                     explored->not_extended);
    }
    (void)printf("; other orders of events of the same time\n%" PRIu64 " runs in all, %" PRIu64
                 " of them to learn what they offer\n",
                 self->runs + explored->again, explored->again);
}

static void print_kept(const exploration *self)
{
    for (size_t i = 0; i < self->kept_count; i++) {
        (void)printf("%s\n", self->kept[i].signature.text);
        sy_str rest = sy_buf_str(&self->kept[i].choices);
        while (rest.size > 0) {
            sy_str line = sy_str_take_line(&rest);
            (void)printf("    %.*s\n", SY_FMT(line));
        }
    }
}

/* The first failure as a reproduction: run once more, with everything that it chose on record. */
static sy_rc write_first(exploration *self, sy_err *err)
{
    sim_choice_list choices;
    sim_reproduction reproduction = {.signature = self->kept[0].signature};
    (void)snprintf(reproduction.scenario, sizeof reproduction.scenario, "%s", self->subject.path);
    reproduction.options = self->subject.options;
    self->subject.options.record_offers = false;
    sim_case port = cli_case_port(&self->subject);
    sim_choice_list_init(&choices, sy_alloc_std());
    sim_choice_list_init(&reproduction.list, sy_alloc_std());
    sy_rc rc = SY_OK;
    sy_str rest = sy_buf_str(&self->kept[0].choices);
    while (rest.size > 0 && rc == SY_OK) {
        rc = sim_choice_list_read_line(&choices, sy_str_take_line(&rest), err);
    }
    if (rc == SY_OK) {
        sim_result result;
        rc = port.ops->run(port.self, &choices, &reproduction.list, &result, err);
        sim_result_deinit(&result);
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_reproduction_write(&reproduction, &text);
    if (rc == SY_OK) {
        rc = text.failed ? sy_fail_nomem(err)
                         : cli_write_file(self->options->output, sy_buf_str(&text), err);
    }
    if (rc == SY_OK) {
        (void)printf("wrote %s; make it small with: %s shrink %s\n", self->options->output,
                     self->options->program, self->options->output);
    }
    sy_buf_deinit(&text);
    sim_choice_list_deinit(&choices);
    sim_choice_list_deinit(&reproduction.list);
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
    self.subject = (cli_case){.path = options->operands[0], .options = options->run, .draws = true};
    self.subject.options.seed = options->run.seed != 0 ? options->run.seed : 1;
    self.subject.options.calm = true;
    self.subject.options.record_offers = true;
    self.terminal = isatty(STDERR_FILENO) == 1;
    if (options->time_limit_s > 0) {
        self.deadline_ns = self.begun_ns + options->time_limit_s * SY_SECOND;
    }
    sim_case port = cli_case_port(&self.subject);
    sim_explore_options search = {.depth = options->fault_count > 0 ? options->fault_count : 1,
                                  .labels = options->labels != NULL ? labels : NULL,
                                  .run_max = options->run_max,
                                  .ended = ended,
                                  .self = &self};
    sim_explored explored;
    sy_err err = {0};
    sy_rc rc = sim_explore(&port, &search, sy_alloc_std(), &explored, &err);
    if (self.terminal) {
        (void)fputs("\r\x1b[K", stderr);
    }
    int code = CLI_EXIT_HARNESS;
    if (rc == SY_OK) {
        print_kept(&self);
        print_counts(&explored, search.depth);
        print_statement(&self, &explored);
        if (self.kept_count > 0 && options->output != NULL) {
            rc = write_first(&self, &err);
        }
        code = self.timed_out && self.worst <= SIM_UNDECIDED ? CLI_EXIT_TIME_LIMIT
                                                             : sim_verdict_exit_code(self.worst);
    }
    if (rc != SY_OK) {
        cli_complain("%s", err.text);
        code = cli_exit_code_of(rc);
    }
    for (size_t i = 0; i < self.kept_count; i++) {
        sy_buf_deinit(&self.kept[i].choices);
    }
    return code;
}

/* `syncsim compare WORLD... --policies A,B`: every world under every network with every policy, the
 * same seeds for all policies. A group (a world under a network) goes on block by block until the
 * intervals of its first metric are narrow enough or its seeds are through: it stops for all its
 * policies at once, so that the seeds stay pairs. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/compare_run.h"
#include "sim/cli/jobs.h"
#include "sim/compare/gate.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define SEED_COUNT_DEFAULT 200u
#define BLOCK_SIZE         50u
#define NAME_COUNT_MAX     32u
#define NAME_SIZE_MAX      64u
#define OWN_WEATHER        "own"

typedef struct name_list {
    char texts[NAME_COUNT_MAX][NAME_SIZE_MAX];
    const char *items[NAME_COUNT_MAX];
    uint32_t count;
} name_list;

typedef struct group_progress {
    uint32_t begun;   /* seeds that were asked for */
    uint64_t waiting; /* runs that were, and have not ended */
} group_progress;

typedef struct comparing {
    const cli_options *options;
    cli_paths paths;
    cli_jobs jobs;
    name_list policies, networks, metrics;
    cli_options *variants; /* [network * policy count + policy] */
    uint32_t variant_count;
    sim_comparison comparison;
    group_progress *groups;
    sy_arena arena;        /* of the run at hand */
    uint64_t ended, asked; /* runs */
    bool terminal;
} comparing;

/* -- what is asked -- */

static sy_rc split(const char *option, const char *text, name_list *out, sy_err *err)
{
    for (const char *at = text; out->count < NAME_COUNT_MAX; at++) {
        const size_t size = strcspn(at, ",");
        if (size == 0 || size >= NAME_SIZE_MAX) {
            return SY_FAIL(err, SY_INVALID, "%s: '%s' is not a list of names like a,b", option,
                           text);
        }
        memcpy(out->texts[out->count], at, size);
        out->items[out->count] = out->texts[out->count];
        out->count++;
        at += size;
        if (*at == '\0') {
            return SY_OK;
        }
    }
    return SY_FAIL(err, SY_INVALID, "%s: at most %u names", option, NAME_COUNT_MAX);
}

static sy_rc set_policy(const char *name, cli_options *variant, sy_err *err)
{
    char argument[NAME_SIZE_MAX + 16];
    (void)snprintf(argument, sizeof argument, "--policy=%s", name);
    return cli_options_take(variant, CLI_RUN, argument, err);
}

static sy_rc set_network(const char *name, cli_options *variant, sy_err *err)
{
    return strcmp(name, OWN_WEATHER) == 0
               ? SY_OK
               : sim_weather_ask(&variant->run.weather, sy_str_of(name), err);
}

static sy_rc make_variants(comparing *self, sy_err *err)
{
    self->variant_count = self->networks.count * self->policies.count;
    self->variants = sy_alloc_zeroed(sy_alloc_std(), self->variant_count * sizeof *self->variants);
    if (self->variants == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; rc == SY_OK && i < self->variant_count; i++) {
        cli_options *variant = &self->variants[i];
        *variant = *self->options;
        rc = set_policy(self->policies.items[i % self->policies.count], variant, err);
        if (rc == SY_OK) {
            rc = set_network(self->networks.items[i / self->policies.count], variant, err);
            rc = rc == SY_OK ? rc : sy_err_wrap(err, SY_INVALID, "--networks");
        }
    }
    return rc;
}

static sy_rc find_metrics(const name_list *names, sim_comparison_plan *plan, sy_err *err)
{
    const char *known[SIM_METRIC_COUNT + 1] = {NULL};
    for (int i = 0; i < SIM_METRIC_COUNT; i++) {
        known[i] = sim_metric_of((sim_metric)i)->name;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        const sim_metric metric = sim_metric_find(sy_str_of(names->items[i]));
        if (metric == SIM_METRIC_COUNT) {
            sy_buf hint;
            sy_buf_init(&hint, sy_alloc_std());
            cli_suggest(names->items[i], known, &hint);
            const sy_rc rc = SY_FAIL(err, SY_INVALID, "--metrics: there is no metric '%s'%.*s",
                                     names->items[i], SY_FMT(sy_buf_str(&hint)));
            sy_buf_deinit(&hint);
            return rc;
        }
        plan->metrics[plan->metric_count++] = metric;
    }
    return SY_OK;
}

static sy_rc plan(comparing *self, sy_err *err)
{
    const cli_compare_choice *choice = &self->options->compare;
    const char *shown = choice->arrival ? "lu,rej,conv_mean,arr" : "lu,rej,conv_mean";
    if (choice->policies == NULL) {
        return SY_FAIL(err, SY_INVALID, "--policies A,B says which policies");
    }
    sy_rc rc = split("--policies", choice->policies, &self->policies, err);
    rc = rc == SY_OK
             ? split("--networks", choice->networks != NULL ? choice->networks : OWN_WEATHER,
                     &self->networks, err)
             : rc;
    rc = rc == SY_OK ? split("--metrics", choice->metrics != NULL ? choice->metrics : shown,
                             &self->metrics, err)
                     : rc;
    rc = rc == SY_OK ? make_variants(self, err) : rc;
    const uint64_t first = self->options->seed_first;
    sim_comparison_plan of = {.worlds = self->paths.items,
                              .networks = self->networks.items,
                              .policies = self->policies.items,
                              .world_count = (uint32_t)self->paths.count,
                              .network_count = self->networks.count,
                              .policy_count = self->policies.count,
                              .seed_first = first != 0 ? first : 1,
                              .seed_count = first != 0
                                                ? (uint32_t)(self->options->seed_last - first + 1)
                                                : SEED_COUNT_DEFAULT};
    rc = rc == SY_OK ? find_metrics(&self->metrics, &of, err) : rc;
    rc = rc == SY_OK ? sim_comparison_init(&self->comparison, sy_alloc_std(), &of, err) : rc;
    if (rc == SY_OK) {
        self->groups =
            sy_alloc_zeroed(sy_alloc_std(), self->comparison.group_count * sizeof *self->groups);
        rc = self->groups != NULL ? SY_OK : sy_fail_nomem(err);
    }
    return rc;
}

/* -- runs -- */

/* The group's next seeds, with every policy. */
static sy_rc add_block(comparing *self, uint32_t group, sy_err *err)
{
    const sim_comparison_plan *of = &self->comparison.plan;
    group_progress *progress = &self->groups[group];
    const uint32_t left = of->seed_count - progress->begun;
    const uint32_t size = left < BLOCK_SIZE ? left : BLOCK_SIZE;
    const uint64_t from = of->seed_first + progress->begun;
    sy_rc rc = SY_OK;
    for (uint32_t policy = 0; rc == SY_OK && policy < of->policy_count; policy++) {
        const cli_job job = {.file = group / of->network_count,
                             .variant = group % of->network_count * of->policy_count + policy,
                             .seed_from = from,
                             .seed_to = from + size - 1};
        rc = cli_jobs_add(&self->jobs, &job, err);
    }
    progress->begun += size;
    progress->waiting = (uint64_t)size * of->policy_count;
    self->asked += progress->waiting;
    return rc;
}

static sy_rc go_on(comparing *self, uint32_t group, sy_err *err)
{
    const sim_comparison_plan *of = &self->comparison.plan;
    bool out_of_memory = false;
    const bool enough = self->groups[group].begun == of->seed_count ||
                        (!self->options->compare.all_seeds &&
                         sim_group_is_narrow(&self->comparison, group, &out_of_memory));
    return out_of_memory ? sy_fail_nomem(err) : enough ? SY_OK : add_block(self, group, err);
}

static sy_rc refuse(const comparing *self, const cli_record *record, sy_err *err)
{
    const cli_outcome *outcome = &record->outcome;
    const char *path = self->paths.items[record->job.file];
    if (outcome->err.text[0] != '\0') {
        return SY_FAIL(err, SY_PARSE, "%s", outcome->err.text);
    }
    return SY_FAIL(err, SY_PARSE, "%s: %s", path,
                   outcome->is_scenario && outcome->kind == SIM_STORY
                       ? "is a story: its conflicts are its own, worlds can be compared"
                       : "can't be run");
}

static sy_rc ended(void *context, const cli_record *record, sy_str text, sy_err *err)
{
    comparing *self = context;
    const sim_comparison_plan *of = &self->comparison.plan;
    const cli_outcome *outcome = &record->outcome;
    const uint32_t policy = record->job.variant % of->policy_count;
    const uint32_t group =
        record->job.file * of->network_count + record->job.variant / of->policy_count;
    sim_compared_run run;
    sy_arena_reset(&self->arena);
    sy_rc rc = cli_compared_read(record->died ? (sy_str){"", 0} : text, &self->arena, &run);
    if (rc == SY_NOMEM) {
        return sy_fail_nomem(err);
    }
    if (!record->died &&
        (outcome->kind == SIM_STORY || (rc != SY_OK && outcome->verdict != SIM_HARNESS))) {
        return refuse(self, record, err);
    }
    rc = sim_comparison_take(&self->comparison, group, policy,
                             (uint32_t)(record->seed - of->seed_first), &run, err);
    self->ended++;
    if (self->terminal && self->ended % BLOCK_SIZE == 0) {
        (void)fprintf(stderr, "\r\x1b[K%" PRIu64 " runs, %" PRIu64 " to come", self->ended,
                      self->asked - self->ended);
    }
    return rc == SY_OK && --self->groups[group].waiting == 0 ? go_on(self, group, err) : rc;
}

/* -- results -- */

typedef sy_rc (*writer)(const sim_comparison *comparison, sy_buf *out, sy_err *err);

static sy_rc write_to(const comparing *self, writer write, const char *path, sy_err *err)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_rc rc = write(&self->comparison, &text, err);
    rc = rc == SY_OK && text.failed ? sy_fail_nomem(err) : rc;
    if (rc == SY_OK && path != NULL) {
        rc = cli_write_file(path, sy_buf_str(&text), err);
    } else if (rc == SY_OK) {
        (void)fwrite(text.data, 1, text.size, stdout);
    }
    sy_buf_deinit(&text);
    return rc;
}

static sy_rc read_margins(const cli_compare_choice *choice, sim_margin *out, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; rc == SY_OK && i < choice->margin_count; i++) {
        rc = sim_margin_read(sy_str_of(choice->margins[i]), &out[i], err);
        rc = rc == SY_OK ? rc : sy_err_wrap(err, SY_INVALID, "--margin");
    }
    return rc;
}

/* *code: that of a finding when a metric did not pass. */
static sy_rc check_gate(const comparing *self, int *code, sy_err *err)
{
    const cli_compare_choice *choice = &self->options->compare;
    sim_margin margins[CLI_MARGIN_COUNT_MAX];
    const sim_gate gate = {.margins = margins, .margin_count = choice->margin_count};
    sim_gated gated = {0};
    sy_buf baseline;
    sy_buf text;
    sy_buf_init(&baseline, sy_alloc_std());
    sy_buf_init(&text, sy_alloc_std());
    sy_rc rc = read_margins(choice, margins, err);
    rc = rc == SY_OK ? sim_file_read(choice->gate, CLI_TEXT_SIZE_MAX, &baseline, err) : rc;
    rc = rc == SY_OK
             ? sim_gate_check(&gate, &self->comparison, sy_buf_str(&baseline), &gated, &text, err)
             : rc;
    if (rc == SY_OK) {
        (void)printf("\ngate %s: %" PRIu64
                     " with the same traces; of the metrics of the others %" PRIu64
                     " passed, %" PRIu64 " are worse, %" PRIu64 " unclear\n%.*s",
                     choice->gate, gated.same, gated.passed, gated.worse, gated.unclear,
                     SY_FMT(sy_buf_str(&text)));
        *code = gated.worse + gated.unclear > 0 ? sim_verdict_exit_code(SIM_FOUND) : *code;
    } else {
        rc = sy_err_wrap(err, rc == SY_NOMEM ? rc : SY_INVALID, "--gate %s", choice->gate);
    }
    sy_buf_deinit(&text);
    sy_buf_deinit(&baseline);
    return rc;
}

/* A run that did not pass, to be looked at. */
static void show_failure(const comparing *self)
{
    const sim_comparison *of = &self->comparison;
    for (uint32_t group = 0; group < of->group_count; group++) {
        for (uint32_t i = 0; i < of->groups[group].count * of->plan.policy_count; i++) {
            const uint32_t policy = i % of->plan.policy_count;
            const uint32_t seed = i / of->plan.policy_count;
            if (!sim_comparison_run(of, group, policy, seed)->passed) {
                const uint32_t network = group % of->plan.network_count;
                sy_buf command;
                sy_buf_init(&command, sy_alloc_std());
                cli_command_on(&self->variants[network * of->plan.policy_count + policy], "run",
                               of->plan.worlds[group / of->plan.network_count],
                               of->plan.seed_first + seed, &command);
                (void)printf("one that did not:  %.*s\n", SY_FMT(sy_buf_str(&command)));
                sy_buf_deinit(&command);
                return;
            }
        }
    }
}

static sy_rc report(const comparing *self, int *code, sy_err *err)
{
    const cli_compare_choice *choice = &self->options->compare;
    sy_rc rc = write_to(self, sim_comparison_to_text, NULL, err);
    show_failure(self);
    if (rc == SY_OK && choice->csv != NULL) {
        rc = write_to(self, sim_comparison_to_csv, choice->csv, err);
    }
    if (rc == SY_OK && choice->json != NULL) {
        rc = write_to(self, sim_comparison_to_json, choice->json, err);
    }
    if (rc == SY_OK && sim_comparison_pairs(&self->comparison).different > 0) {
        *code = sim_verdict_exit_code(SIM_UNDECIDED); /* what differs is not the policy alone */
    }
    return rc == SY_OK && choice->gate != NULL ? check_gate(self, code, err) : rc;
}

/* -- the command -- */

static sy_rc run(comparing *self, int *code, sy_err *err)
{
    self->jobs = (cli_jobs){.options = self->options,
                            .variants = self->variants,
                            .paths = &self->paths,
                            .execute = cli_compare_run,
                            .ended = ended,
                            .self = self};
    if (self->options->time_limit_s > 0) {
        self->jobs.deadline_ns = cli_wall_now() + self->options->time_limit_s * SY_SECOND;
    }
    sy_rc rc = SY_OK;
    for (uint32_t group = 0; rc == SY_OK && group < self->comparison.group_count; group++) {
        rc = add_block(self, group, err);
    }
    rc = rc == SY_OK ? cli_jobs_run(&self->jobs, cli_worker_count(self->options), err) : rc;
    if (self->terminal) {
        (void)fputs("\r\x1b[K", stderr);
    }
    *code = self->jobs.timed_out ? CLI_EXIT_TIME_LIMIT : CLI_EXIT_OK;
    return rc == SY_OK ? report(self, code, err) : rc;
}

static int exit_code_of(sy_rc rc)
{
    if (rc == SY_PARSE) {
        return CLI_EXIT_BAD_SCENARIO;
    }
    return rc == SY_NOMEM || rc == SY_IO ? CLI_EXIT_HARNESS : CLI_EXIT_USAGE;
}

static void end(comparing *self)
{
    cli_jobs_deinit(&self->jobs);
    if (self->groups != NULL) {
        sy_alloc_free(sy_alloc_std(), self->groups,
                      self->comparison.group_count * sizeof *self->groups);
    }
    if (self->variants != NULL) {
        sy_alloc_free(sy_alloc_std(), self->variants, self->variant_count * sizeof *self->variants);
    }
    sim_comparison_deinit(&self->comparison);
    sy_arena_deinit(&self->arena);
    cli_paths_deinit(&self->paths);
}

int cli_compare(const cli_options *options)
{
    comparing self = {.options = options, .terminal = isatty(STDERR_FILENO) == 1};
    sy_arena_init(&self.arena, sy_alloc_std());
    int code = cli_paths_of(&self.paths, options);
    if (code == CLI_EXIT_OK) {
        sy_err err = {0};
        sy_rc rc = plan(&self, &err);
        rc = rc == SY_OK ? run(&self, &code, &err) : rc;
        if (rc != SY_OK) {
            cli_complain("compare: %s", err.text);
            code = exit_code_of(rc);
        }
    }
    end(&self);
    return code;
}

/* `syncsim test PATH...`: every scenario below the paths; stories once, worlds with each seed of
 * the sweep, both with each of the dialects that they or the command line name. Workers finish in
 * any order; what is printed is in the order of the paths, of the dialects, and of the seeds. */
#define _POSIX_C_SOURCE 200809L
#include "core/store/store_sqlite.h"
#include "lua/script.h"
#include "sim/cli/jobs.h"
#include "sim/cli/suite_reports.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEED_LAST_DEFAULT   10
#define CHUNK_SIZE_MAX      50 /* seeds in one job of a world */
#define FAILURE_COUNT_SHOWN 3  /* of one world, with all they have to say */

typedef struct failure {
    struct failure *next; /* by seed */
    uint64_t seed;
    sy_str text;
} failure;

typedef struct suite_unit { /* a scenario with one combination of dialects: a line of the report */
    char name[160];
    uint64_t wanted, ended, failed; /* runs */
    sim_counts counts;
    sim_demands demands; /* of all runs */
    bool exempt;
    int64_t wall_ns;
    failure *failures;
} suite_unit;

typedef struct suite_file {
    bool known;  /* its first run ended */
    bool helper; /* returns no scenario */
    sim_scenario_kind kind;
    suite_unit first;
    suite_unit *others; /* in the arena: the combinations after the first */
    uint32_t unit_count;
    uint32_t printed; /* units */
} suite_file;

typedef struct suite {
    const cli_options *options;
    cli_paths paths;
    cli_jobs jobs;
    uint64_t seed_first, seed_last;
    uint32_t worker_count;
    suite_file *files;
    size_t printed; /* files whose outcomes were printed */
    sy_arena arena; /* texts */
    cli_reports reports;
    sim_verdict verdict;
    uint64_t passed, failed, skipped, runs;
    uint64_t exempt; /* stories */
    sim_counts world_counts;
    uint64_t world_runs;
    sim_fault_table faults;
    bool terminal;
} suite;

static void add_counts(sim_counts *sum, const sim_counts *more)
{
    sum->operations += more->operations;
    sum->pushes += more->pushes;
    sum->pulls += more->pulls;
    sum->conflicts += more->conflicts;
    sum->faults += more->faults;
    sum->messages += more->messages;
    sum->crashes += more->crashes;
}

static suite_unit *unit_of(suite_file *file, uint32_t combination)
{
    return combination == 0 ? &file->first : &file->others[combination - 1];
}

/* -- what came back -- */

static sy_rc keep_failure(suite *self, suite_unit *unit, uint64_t seed, sy_str text, sy_err *err)
{
    failure *made = sy_arena_push(&self->arena, sizeof *made);
    sy_str copy = sy_arena_copy(&self->arena, text);
    if (made == NULL || copy.data == NULL) {
        return sy_fail_nomem(err);
    }
    failure **at = &unit->failures;
    while (*at != NULL && (*at)->seed < seed) {
        at = &(*at)->next;
    }
    *made = (failure){.next = *at, .seed = seed, .text = copy};
    *at = made;
    return SY_OK;
}

static sy_rc keep_case(suite *self, const suite_file *file, const suite_unit *unit,
                       const cli_record *record, sy_str text, sy_err *err)
{
    const char *path = self->paths.items[file - self->files];
    const char *name = unit->name[0] != '\0' ? unit->name : path;
    sim_suite_case made = {
        .path = sy_str_of(path), .name = sy_str_of(name), .text = text, .skipped = record == NULL};
    sy_buf named;
    sy_buf_init(&named, sy_alloc_std());
    if (record != NULL) {
        made.verdict = record->outcome.verdict;
        made.wall_ns = record->outcome.wall_ns;
    }
    if (file->kind == SIM_WORLD && record != NULL) {
        sy_buf_printf(&named, "%s [seed %" PRIu64 "]", name, record->seed);
        made.name = sy_buf_str(&named);
    }
    sy_rc rc = named.failed ? sy_fail_nomem(err) : cli_reports_add(&self->reports, &made, err);
    sy_buf_deinit(&named);
    return rc;
}

static sy_rc add_sweep(suite *self, uint32_t number, uint32_t combination, sy_err *err)
{
    uint64_t left = self->seed_last - self->seed_first;
    uint64_t chunk = left / ((uint64_t)self->worker_count * 4) + 1;
    chunk = chunk < CHUNK_SIZE_MAX ? chunk : CHUNK_SIZE_MAX;
    unit_of(&self->files[number], combination)->wanted += left;
    for (uint64_t seed = self->seed_first; left > 0;) {
        uint64_t size = left < chunk ? left : chunk;
        cli_job job = {.file = number,
                       .combination = combination,
                       .seed_from = seed + 1,
                       .seed_to = seed + size};
        sy_rc rc = cli_jobs_add(&self->jobs, &job, err);
        if (rc != SY_OK) {
            return rc;
        }
        seed += size;
        left -= size;
    }
    return SY_OK;
}

/* The other combinations of dialects: their first runs, and a world's other seeds. */
static sy_rc add_combinations(suite *self, uint32_t number, const cli_outcome *outcome, sy_err *err)
{
    suite_file *file = &self->files[number];
    file->unit_count = outcome->combination_count > 1 ? outcome->combination_count : 1;
    file->others = sy_arena_push_zeroed(&self->arena, file->unit_count * sizeof *file->others);
    if (file->others == NULL) {
        return sy_fail_nomem(err);
    }
    const bool sweeps = outcome->is_scenario && outcome->kind == SIM_WORLD;
    sy_rc rc = SY_OK;
    for (uint32_t i = 0; i < file->unit_count && rc == SY_OK; i++) {
        cli_job job = {.file = number,
                       .combination = i,
                       .seed_from = self->seed_first,
                       .seed_to = self->seed_first};
        unit_of(file, i)->wanted = 1;
        rc = i > 0 ? cli_jobs_add(&self->jobs, &job, err) : SY_OK;
        if (rc == SY_OK && sweeps) {
            rc = add_sweep(self, number, i, err);
        }
    }
    return rc;
}

static void print_ready(suite *self);

static sy_rc ended(void *context, const cli_record *record, sy_str text, sy_err *err)
{
    suite *self = context;
    suite_file *file = &self->files[record->job.file];
    const cli_outcome *outcome = &record->outcome;
    sy_rc rc = SY_OK;
    self->runs++;
    if (!file->known) {
        file->known = true;
        file->helper = !outcome->is_scenario && outcome->verdict == SIM_PASSED;
        file->kind = outcome->kind;
        rc = add_combinations(self, record->job.file, outcome, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    suite_unit *unit = unit_of(file, record->job.combination);
    unit->ended++;
    unit->exempt = outcome->exempt;
    memcpy(unit->name, outcome->name, sizeof unit->name);
    self->verdict = sim_verdict_worse(self->verdict, outcome->verdict);
    add_counts(&unit->counts, &outcome->counts);
    (void)sim_demands_unite(&unit->demands, &outcome->demands, NULL);
    unit->wall_ns += outcome->wall_ns;
    if (outcome->verdict != SIM_PASSED) {
        unit->failed++;
        rc = keep_failure(self, unit, record->seed, text, err);
    }
    if (rc == SY_OK && !file->helper) {
        rc = keep_case(self, file, unit, record, text, err);
    }
    print_ready(self);
    return rc;
}

/* -- what is printed -- */

static void print_failures(const suite_unit *unit)
{
    uint64_t shown = 0;
    for (const failure *at = unit->failures; at != NULL && shown < FAILURE_COUNT_SHOWN;
         at = at->next) {
        (void)fwrite(at->text.data, 1, at->text.size, stdout);
        shown++;
    }
    if (unit->failed > shown) {
        (void)printf("  and %" PRIu64 " more of its seeds failed\n", unit->failed - shown);
    }
}

static void print_sweep(const suite_unit *unit)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_report_counts(&unit->counts, &text);
    (void)printf("      %" PRIu64 " seeds: %.*s\n", unit->ended, SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
}

/* What was demanded and happened in no run of the unit: a failure of its own. */
static void print_unmet(suite *self, const suite_file *file, const suite_unit *unit)
{
    const sy_str path = sy_str_of(self->paths.items[file - self->files]);
    for (uint32_t i = 0; i < unit->demands.count; i++) {
        char text[SIM_DEMAND_SIZE + 64];
        if (unit->demands.items[i].met) {
            continue;
        }
        (void)snprintf(text, sizeof text, "  never in %" PRIu64 " runs: %s\n", unit->ended,
                       unit->demands.items[i].text);
        (void)printf("FAIL  %s   [%s]\n%s", unit->name, sim_verdict_name(SIM_NOT_COVERED), text);
        const sim_suite_case made = {.path = path,
                                     .name = sy_str_of(unit->name),
                                     .verdict = SIM_NOT_COVERED,
                                     .text = sy_str_of(text)};
        const bool kept = cli_reports_add(&self->reports, &made, NULL) == SY_OK;
        self->verdict = sim_verdict_worse(self->verdict, kept ? SIM_NOT_COVERED : SIM_HARNESS);
    }
}

static void print_unit(suite *self, const suite_file *file, const suite_unit *unit)
{
    const char *path = self->paths.items[file - self->files];
    if (file->helper) {
        if (self->options->verbose) {
            (void)printf("none  %s: returns no scenario\n", path);
        }
        return;
    }
    char wall[SY_TIME_TEXT_SIZE];
    (void)sy_duration_format(unit->wall_ns, wall);
    self->exempt += unit->exempt ? 1 : 0;
    if (unit->failed > 0 || sim_demands_unmet(&unit->demands) > 0) {
        self->failed++;
        print_failures(unit);
        print_unmet(self, file, unit);
    } else {
        self->passed++;
        (void)printf("PASS  %-60s  %s   %s\n", unit->name, path, wall);
    }
    if (file->known && file->kind == SIM_WORLD) {
        print_sweep(unit);
        self->world_runs += unit->ended;
        add_counts(&self->world_counts, &unit->counts);
    }
}

/* The units of a file whose runs have ended, in order; true: all of them. */
static bool print_units(suite *self, suite_file *file)
{
    while (file->known && file->printed < file->unit_count) {
        const suite_unit *unit = unit_of(file, file->printed);
        if (unit->ended < unit->wanted) {
            return false;
        }
        print_unit(self, file, unit);
        file->printed++;
    }
    return file->known;
}

static void print_ready(suite *self)
{
    if (self->terminal) {
        (void)fputs("\r\033[K", stderr);
    }
    while (self->printed < self->paths.count && print_units(self, &self->files[self->printed])) {
        self->printed++;
    }
    (void)fflush(stdout);
    if (self->terminal && self->printed < self->paths.count) {
        (void)fprintf(stderr, "%" PRIu64 " runs, %zu of %zu files", self->runs, self->printed,
                      self->paths.count);
        (void)fflush(stderr);
    }
}

static sy_rc print_unfinished_unit(suite *self, const suite_file *file, const suite_unit *unit,
                                   sy_err *err)
{
    if (unit->failed > 0 || (file->known && unit->ended == unit->wanted)) {
        print_unit(self, file, unit);
        return SY_OK;
    }
    self->skipped++;
    (void)printf("SKIP  %s: time limit, %" PRIu64 " of its runs ended\n",
                 self->paths.items[file - self->files], unit->ended);
    return keep_case(self, file, unit, NULL, SY_STR(""), err);
}

/* After the deadline: what failed so far is a failure, what did not end was skipped. */
static sy_rc print_unfinished(suite *self, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (; self->printed < self->paths.count && rc == SY_OK; self->printed++) {
        suite_file *file = &self->files[self->printed];
        const uint32_t count = file->known ? file->unit_count : 1;
        for (; file->printed < count && rc == SY_OK; file->printed++) {
            rc = print_unfinished_unit(self, file, unit_of(file, file->printed), err);
        }
    }
    return rc;
}

static void print_end(suite *self)
{
    if (self->world_runs > 0) {
        sy_buf text;
        sy_buf_init(&text, sy_alloc_std());
        sim_report_counts(&self->world_counts, &text);
        (void)printf("worlds: %" PRIu64 " runs, %.*s\n", self->world_runs,
                     SY_FMT(sy_buf_str(&text)));
        sy_buf_deinit(&text);
    }
    cli_print_faults(self->options, &self->faults, stdout);
    (void)printf("%" PRIu64 " passed, %" PRIu64 " failed, %" PRIu64 " skipped", self->passed,
                 self->failed, self->skipped);
    if (self->exempt > 0) {
        (void)printf(", %" PRIu64 " stories exempt", self->exempt);
    }
    (void)putchar('\n');
}

/* -- the command -- */

static sy_rc run_suite(suite *self, sy_err *err)
{
    self->files = sy_alloc_zeroed(sy_alloc_std(), (self->paths.count + 1) * sizeof *self->files);
    if (self->files == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = SY_OK;
    for (size_t i = 0; i < self->paths.count && rc == SY_OK; i++) {
        cli_job job = {.file = (uint32_t)i,
                       .first = true,
                       .seed_from = self->seed_first,
                       .seed_to = self->seed_first};
        rc = cli_jobs_add(&self->jobs, &job, err);
    }
    if (rc == SY_OK) {
        rc = cli_jobs_run(&self->jobs, self->worker_count, err);
    }
    if (rc == SY_OK) {
        rc = print_unfinished(self, err);
    }
    if (rc == SY_OK) {
        rc = cli_reports_write(&self->reports, err);
    }
    return rc;
}

static int exit_code(const suite *self)
{
    if (self->jobs.timed_out && self->verdict <= SIM_UNDECIDED) {
        return CLI_EXIT_TIME_LIMIT;
    }
    if (self->passed + self->failed + self->skipped == 0) {
        cli_complain("no scenario was found");
        return sim_verdict_exit_code(SIM_UNDECIDED);
    }
    return sim_verdict_exit_code(self->verdict);
}

static void print_head(const suite *self)
{
    sim_report_versions versions = {
        .program = CLI_VERSION, .lua = script_lua_version(), .sqlite = sy_store_sqlite_version()};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_report_versions_line(&versions, &text);
    (void)fwrite(text.data, 1, text.size, stdout);
    (void)printf("seeds %" PRIu64 "..%" PRIu64 "\n", self->seed_first, self->seed_last);
    sy_buf_deinit(&text);
}

int cli_test(const cli_options *options)
{
    suite self = {.options = options, .seed_first = 1, .seed_last = SEED_LAST_DEFAULT};
    sy_err err = {0};
    int code = cli_paths_of(&self.paths, options);
    if (code == CLI_EXIT_OK && cli_reports_open(&self.reports, options, &err) != SY_OK) {
        cli_complain("%s", err.text);
        cli_reports_close(&self.reports);
        code = CLI_EXIT_USAGE;
    }
    if (code != CLI_EXIT_OK) {
        cli_paths_deinit(&self.paths);
        return code;
    }
    self.worker_count = cli_worker_count(options);
    if (options->seed_first != 0) {
        self.seed_first = options->seed_first;
        self.seed_last = options->seed_last;
    }
    self.terminal = isatty(STDERR_FILENO) == 1;
    self.jobs = (cli_jobs){.options = options, .paths = &self.paths, .ended = ended, .self = &self};
    sim_fault_table_init(&self.faults, sy_alloc_std());
    self.jobs.faults = options->coverage ? &self.faults : NULL;
    if (options->time_limit_s > 0) {
        self.jobs.deadline_ns = cli_wall_now() + options->time_limit_s * SY_SECOND;
    }
    sy_arena_init(&self.arena, sy_alloc_std());
    print_head(&self);
    if (run_suite(&self, &err) == SY_OK) {
        print_end(&self);
        code = exit_code(&self);
    } else {
        cli_complain("%s", err.text);
        code = CLI_EXIT_HARNESS;
    }
    cli_reports_close(&self.reports);
    sy_alloc_free(sy_alloc_std(), self.files, (self.paths.count + 1) * sizeof *self.files);
    cli_jobs_deinit(&self.jobs);
    sim_fault_table_deinit(&self.faults);
    sy_arena_deinit(&self.arena);
    cli_paths_deinit(&self.paths);
    return code;
}

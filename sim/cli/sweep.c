/* `syncsim sweep FILE...`: worlds with many seeds. The seeds of each file are cut into pieces of a
 * fixed size, piece by piece over all files; a shard does every n-th piece. Each run becomes a line
 * of the results as soon as it ended, so that whatever ends the sweep, what is there can be merged
 * and a sweep into the same file goes on where it was. */
#define _POSIX_C_SOURCE 200809L
#include "lua/script.h"
#include "sim/cli/jobs.h"
#include "sim/explore/tally.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_SIZE        100u
#define SEED_LAST_DEFAULT 1000u
#define AHEAD_COUNT       4u /* pieces in the queue for each worker */

typedef struct sweep {
    const cli_options *options;
    cli_paths paths;
    cli_jobs jobs;
    cli_shard shard;
    char build[24];
    uint64_t seed_first, seed_last;
    uint64_t piece_next; /* over all files */
    uint64_t waiting;    /* pieces in the queue or in work */
    uint32_t worker_count;
    int results; /* file descriptor; -1: none */
    off_t results_size;
    sy_map done; /* keys of the lines that were there */
    sy_arena arena;
    sim_tally tally;
    sim_verdict worst; /* of what is not quarantined */
    uint64_t skipped, quarantined;
    int64_t begun_ns, told_ns;
    bool terminal;
    sy_err bad; /* a file that is no scenario */
} sweep;

/* -- the file of results -- */

static sy_rc fail_results(const sweep *self, sy_err *err)
{
    return SY_FAIL(err, SY_IO, "%s: %s", self->options->output, strerror(errno));
}

/* Whole lines, or none of them. */
static sy_rc append(sweep *self, sy_str lines, sy_err *err)
{
    size_t at = 0;
    while (self->results >= 0 && at < lines.size) {
        ssize_t size = write(self->results, lines.data + at, lines.size - at);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            sy_rc rc = fail_results(self, err);
            (void)ftruncate(self->results, self->results_size);
            return rc;
        }
        at += (size_t)size;
    }
    self->results_size += (off_t)at;
    return SY_OK;
}

static sy_rc remember(sweep *self, const sim_outcome_line *line)
{
    sy_buf key;
    sy_buf_init(&key, sy_alloc_std());
    sim_outcome_line_key(line, &key);
    sy_str copy = sy_arena_copy(&self->arena, sy_buf_str(&key));
    sy_rc rc = key.failed || copy.data == NULL ? SY_NOMEM : sy_map_set(&self->done, copy, self);
    sy_buf_deinit(&key);
    return rc;
}

static void judge(sweep *self, const sim_outcome_line *line)
{
    if (line->shape[0] != '\0' || line->verdict == SIM_PASSED) {
        return;
    }
    if (self->options->baseline != NULL && cli_baseline_covers(self->options->baseline, line)) {
        self->quarantined++;
    } else {
        self->worst = sim_verdict_worse(self->worst, line->verdict);
    }
}

static sy_rc recall(void *context, const sim_outcome_line *line, sy_str text, sy_err *err)
{
    sweep *self = context;
    (void)text;
    if (strcmp(line->subject.build, self->build) != 0) {
        return SY_OK;
    }
    judge(self, line);
    return remember(self, line) == SY_OK && sim_tally_add(&self->tally, line) == SY_OK
               ? SY_OK
               : sy_fail_nomem(err);
}

/* Lines of former sweeps of this very program count; a last line without its end is cut off. */
static sy_rc read_results(sweep *self, sy_err *err)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_rc rc = sim_file_read(self->options->output, CLI_TEXT_SIZE_MAX, &text, err);
    size_t whole = 0;
    rc = rc == SY_OK ? sim_outcome_lines_read(sy_buf_str(&text), self->options->output, recall,
                                              self, &whole, err)
                     : rc;
    self->results_size = (off_t)whole;
    if (rc == SY_OK && whole < text.size && ftruncate(self->results, (off_t)whole) != 0) {
        rc = fail_results(self, err);
    }
    sy_buf_deinit(&text);
    return rc;
}

static sy_rc open_results(sweep *self, sy_err *err)
{
    self->results = -1;
    if (self->options->output == NULL) {
        return SY_OK;
    }
    self->results = open(self->options->output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    struct stat status;
    if (self->results < 0 || fstat(self->results, &status) != 0) {
        return fail_results(self, err);
    }
    if (!S_ISREG(status.st_mode)) {
        return SY_FAIL(err, SY_INVALID, "%s: is no plain file", self->options->output);
    }
    return read_results(self, err);
}

/* -- pieces -- */

static void subject_of(const sweep *self, uint32_t file, uint64_t seed, sim_outcome_line *line)
{
    const sim_options *run = &self->options->run;
    *line = (sim_outcome_line){.subject = {.calm = run->calm, .seed = seed}};
    sim_subject *subject = &line->subject;
    (void)snprintf(subject->build, sizeof subject->build, "%s", self->build);
    (void)snprintf(subject->scenario, sizeof subject->scenario, "%s", self->paths.items[file]);
    (void)snprintf(subject->dialect, sizeof subject->dialect, "%s",
                   run->dialect != NULL ? run->dialect->name : "");
    (void)snprintf(subject->server, sizeof subject->server, "%s",
                   run->server != NULL ? run->server->name : "");
    (void)snprintf(subject->policy, sizeof subject->policy, "%s",
                   run->policy != NULL ? run->policy->name : "");
    sim_subject_set_weather(subject, &run->weather);
    subject->counted = self->options->coverage;
}

static bool is_done(const sweep *self, uint32_t file, uint64_t seed)
{
    if (self->done.count == 0) {
        return false;
    }
    sim_outcome_line line;
    subject_of(self, file, seed, &line);
    sy_buf key;
    sy_buf_init(&key, sy_alloc_std());
    sim_outcome_line_key(&line, &key);
    bool done = sy_map_find(&self->done, sy_buf_str(&key)) != NULL;
    sy_buf_deinit(&key);
    return done;
}

/* The seeds [from, to] of a file that are not done, as jobs. */
static sy_rc add_jobs(sweep *self, uint32_t file, uint64_t from, uint64_t to, sy_err *err)
{
    sy_rc rc = SY_OK;
    for (uint64_t seed = from; seed <= to && rc == SY_OK; seed++) {
        if (is_done(self, file, seed)) {
            self->skipped++;
            continue;
        }
        uint64_t last = seed;
        while (last < to && !is_done(self, file, last + 1)) {
            last++;
        }
        cli_job job = {.file = file, .seed_from = seed, .seed_to = last};
        rc = cli_jobs_add(&self->jobs, &job, err);
        self->waiting++;
        seed = last;
    }
    return rc;
}

/* Fills the queue up to a few pieces for each worker. */
static sy_rc add_pieces(sweep *self, sy_err *err)
{
    sy_rc rc = SY_OK;
    while (rc == SY_OK && self->waiting < (uint64_t)self->worker_count * AHEAD_COUNT) {
        uint64_t piece = self->piece_next++;
        uint64_t from = self->seed_first + piece / self->paths.count * PIECE_SIZE;
        if (from > self->seed_last || from < self->seed_first) {
            break;
        }
        uint64_t to = from + PIECE_SIZE - 1;
        to = to < from || to > self->seed_last ? self->seed_last : to;
        if (piece % self->shard.count == self->shard.index) {
            rc = add_jobs(self, (uint32_t)(piece % self->paths.count), from, to, err);
        }
    }
    return rc;
}

/* -- results -- */

static void show_progress(sweep *self)
{
    int64_t now = cli_wall_now();
    if (!self->terminal || now - self->told_ns < SY_SECOND / 5) {
        return;
    }
    int64_t elapsed_ms = (now - self->begun_ns) / SY_MS + 1;
    uint64_t fresh = self->tally.runs - self->done.count;
    self->told_ns = now;
    (void)fprintf(stderr,
                  "\r%" PRIu64 " runs, %" PRId64 "/s, %" PRIu64
                  " failed in %zu ways, %zu shapes of behaviour \x1b[K",
                  self->tally.runs, (int64_t)fresh * 1000 / elapsed_ms, self->tally.failed,
                  self->tally.groups.count, self->tally.shapes.count);
}

/* Adds a line of a run; a shape that another worker had seen too is known by now. */
static sy_rc take_line(void *context, const sim_outcome_line *line, sy_str text, sy_err *err)
{
    sweep *self = context;
    const bool known =
        line->shape[0] != '\0' && sy_map_find(&self->tally.shapes, sy_str_of(line->shape)) != NULL;
    sy_rc rc = known ? SY_OK : append(self, text, err);
    if (rc == SY_OK) {
        judge(self, line);
        rc = sim_tally_add(&self->tally, line) == SY_OK ? SY_OK : sy_fail_nomem(err);
    }
    return rc;
}

static sy_rc take_lines(sweep *self, sy_str text, sy_err *err)
{
    size_t whole = 0;
    return sim_outcome_lines_read(text, "a worker", take_line, self, &whole, err);
}

static sy_rc take_death(sweep *self, const cli_record *record, sy_str report, sy_err *err)
{
    sim_outcome_line line;
    subject_of(self, record->job.file, record->seed, &line);
    line.died = true;
    line.verdict = SIM_HARNESS;
    line.signature_count = 1;
    const char *how = memchr(report.data, '\n', report.size);
    how = how != NULL ? how + 1 : report.data;
    how += strspn(how, " ");
    (void)snprintf(line.signatures[0].text, sizeof line.signatures[0].text, "%.*s",
                   (int)strcspn(how, "\n"), how);
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_outcome_line_write(&line, &text);
    sy_rc rc = text.failed ? sy_fail_nomem(err) : take_lines(self, sy_buf_str(&text), err);
    sy_buf_deinit(&text);
    return rc;
}

static sy_rc ended(void *context, const cli_record *record, sy_str text, sy_err *err)
{
    sweep *self = context;
    sy_rc rc = SY_OK;
    if (record->died) {
        rc = take_death(self, record, text, err);
        self->waiting += record->seed < record->job.seed_to ? 1 : 0; /* the rest of its job */
    } else if (!record->outcome.is_scenario) {
        const sy_err *why = &record->outcome.err;
        return SY_FAIL(err, SY_PARSE, "%s",
                       why->text[0] != '\0' ? why->text : self->paths.items[record->job.file]);
    } else {
        rc = take_lines(self, text, err);
    }
    if (rc == SY_OK && (record->died || record->seed == record->job.seed_to)) {
        self->waiting--;
        rc = add_pieces(self, err);
    }
    show_progress(self);
    return rc;
}

/* -- the command -- */

static void again(void *context, const sim_tally_group *group, sy_buf *out)
{
    const sweep *self = context;
    cli_command_on(self->options, "run", group->subject.scenario, group->seed_fewest, out);
    sy_buf_add_str(out, SY_STR("\n  smaller:  "));
    cli_command_on(self->options, "shrink", group->subject.scenario, group->seed_fewest, out);
}

static void print_summary(sweep *self)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_tally_print(&self->tally, again, self, &text);
    (void)fwrite(text.data, 1, text.size, stdout);
    if (self->skipped > 0) {
        (void)printf("%" PRIu64 " of them were there already\n", self->skipped);
    }
    if (self->quarantined > 0) {
        (void)printf("%" PRIu64 " failed in known ways only: quarantined\n", self->quarantined);
    }
    sy_buf_deinit(&text);
}

static void print_head(const sweep *self)
{
    (void)printf("build %s, seeds %" PRIu64 "..", self->build, self->seed_first);
    if (self->seed_last == UINT64_MAX) {
        (void)printf(" for %" PRId64 " s", self->options->time_s);
    } else {
        (void)printf("%" PRIu64, self->seed_last);
    }
    if (self->shard.source != NULL) {
        (void)printf(", part %" PRIu64 " of %" PRIu64 " (%s)", self->shard.index, self->shard.count,
                     self->shard.source);
    }
    (void)printf("\nthe canary failed, as it must\n");
    (void)fflush(stdout);
}

static sy_rc prepare(sweep *self, sy_err *err)
{
    const cli_options *options = self->options;
    sy_rc rc = cli_shard_of(options, &self->shard, err);
    rc = rc == SY_OK ? cli_build_id(self->build, err) : rc;
    rc = rc == SY_OK ? open_results(self, err) : rc;
    return rc == SY_OK ? cli_canary(options, err) : rc;
}

static sy_rc run(sweep *self, sy_err *err)
{
    print_head(self);
    self->begun_ns = cli_wall_now();
    if (self->options->time_s > 0) {
        self->jobs.deadline_ns = self->begun_ns + self->options->time_s * SY_SECOND;
    }
    sy_rc rc = add_pieces(self, err);
    rc = rc == SY_OK ? cli_jobs_run(&self->jobs, self->worker_count, err) : rc;
    if (self->terminal) {
        (void)fputs("\r\x1b[K", stderr);
    }
    if (rc == SY_OK && self->results >= 0 && fsync(self->results) != 0) {
        rc = fail_results(self, err);
    }
    return rc;
}

static int exit_code_of(sy_rc rc)
{
    return rc == SY_INVALID ? CLI_EXIT_USAGE
           : rc == SY_PARSE ? CLI_EXIT_BAD_SCENARIO
                            : CLI_EXIT_HARNESS;
}

int cli_sweep(const cli_options *options)
{
    sweep self = {.options = options, .results = -1, .seed_first = 1, .worst = SIM_PASSED};
    int code = cli_paths_of(&self.paths, options);
    if (code != CLI_EXIT_OK) {
        cli_paths_deinit(&self.paths);
        return code;
    }
    self.worker_count = cli_worker_count(options);
    self.seed_last = options->time_s > 0 ? UINT64_MAX : SEED_LAST_DEFAULT;
    if (options->seed_first != 0) {
        self.seed_first = options->seed_first;
        self.seed_last = options->seed_last;
    }
    self.terminal = isatty(STDERR_FILENO) == 1;
    self.jobs = (cli_jobs){.options = options,
                           .paths = &self.paths,
                           .build = self.build,
                           .ended = ended,
                           .self = &self};
    sy_arena_init(&self.arena, sy_alloc_std());
    sy_map_init(&self.done, sy_alloc_std());
    sim_tally_init(&self.tally, sy_alloc_std());
    sy_err err = {0};
    sy_rc rc = prepare(&self, &err);
    rc = rc == SY_OK ? run(&self, &err) : rc;
    if (rc == SY_OK) {
        print_summary(&self);
        if (!sim_tally_covers(&self.tally)) {
            self.worst = sim_verdict_worse(self.worst, SIM_NOT_COVERED);
        }
        code = self.tally.runs == 0 ? sim_verdict_exit_code(SIM_UNDECIDED)
                                    : sim_verdict_exit_code(self.worst);
    } else {
        cli_complain("%s", err.text);
        code = exit_code_of(rc);
    }
    if (self.results >= 0) {
        (void)close(self.results);
    }
    sim_tally_deinit(&self.tally);
    sy_map_deinit(&self.done);
    sy_arena_deinit(&self.arena);
    cli_jobs_deinit(&self.jobs);
    cli_paths_deinit(&self.paths);
    return code;
}

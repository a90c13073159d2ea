/*   parent                    worker (forked for one job)
 *     | ---- fork -------------> |
 *     | <- record, text -------- |   for each seed
 *     | <- end of file --------- |   exits 0; anything else is a death, and the run that is missing
 * is its victim
 *
 * Records are structs of this very program, so both ends agree on their form. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/jobs.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKER_COUNT_MAX 1024u

typedef struct worker {
    pid_t process; /* 0: none */
    int pipe;
    cli_job job;
    uint64_t seed_next; /* whose record is awaited */
    sy_buf input;
} worker;

sy_rc cli_jobs_add(cli_jobs *jobs, const cli_job *job, sy_err *err)
{
    if (jobs->count == jobs->capacity) {
        cli_job *queue =
            sy_alloc_grow(sy_alloc_std(), jobs->queue, jobs->count, &jobs->capacity, sizeof *queue);
        if (queue == NULL) {
            return sy_fail_nomem(err);
        }
        jobs->queue = queue;
    }
    jobs->queue[jobs->count++] = *job;
    return SY_OK;
}

void cli_jobs_deinit(cli_jobs *jobs)
{
    sy_alloc_free(sy_alloc_std(), jobs->queue, jobs->capacity * sizeof *jobs->queue);
    jobs->queue = NULL;
}

uint32_t cli_worker_count(const cli_options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return options->job_count != 0 ? options->job_count : processors > 0 ? (uint32_t)processors : 1;
}

/* -- in the worker -- */

static bool send_all(int pipe, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t sent = write(pipe, at, size);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* What a sweep wants of a run instead of a report. */
static void write_lines(const cli_execution *execution, size_t shapes_before, sy_buf *out)
{
    sy_buf_clear(out);
    sim_outcome_line line = *execution->line;
    if (execution->faults != NULL &&
        sim_outcome_line_set_faults(&line, execution->faults, NULL) != SY_OK) {
        out->failed = true;
    }
    sim_outcome_line_write(&line, out);
    for (size_t i = shapes_before; i < sim_coverage_count(execution->coverage); i++) {
        (void)snprintf(line.shape, sizeof line.shape, "%s",
                       sim_coverage_at(execution->coverage, i));
        sim_outcome_line_write(&line, out);
    }
}

static const cli_options *options_of(const cli_jobs *jobs, const cli_job *job)
{
    return jobs->variants != NULL ? &jobs->variants[job->variant] : jobs->options;
}

_Noreturn static void work(const cli_jobs *jobs, const cli_job *job, int pipe)
{
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    sim_outcome_line line;
    sim_coverage coverage;
    sim_coverage_init(&coverage, sy_alloc_std());
    sim_fault_table faults;
    sim_fault_table_init(&faults, sy_alloc_std());
    cli_kept kept = {0};
    const cli_options *options = options_of(jobs, job);
    for (uint64_t seed = job->seed_from;; seed++) {
        cli_execution execution = {.path = jobs->paths->items[job->file],
                                   .seed = seed,
                                   .combination = job->combination,
                                   .options = options,
                                   .prints = options->verbose ? stderr : NULL,
                                   .build = jobs->build,
                                   .faults = options->coverage ? &faults : NULL,
                                   .kept = &kept};
        size_t shapes = sim_coverage_count(&coverage);
        if (jobs->build != NULL) {
            execution.line = &line;
            execution.coverage = &coverage;
        }
        cli_record *record = calloc(1, sizeof *record); /* no stray bytes in what is sent */
        if (record == NULL) {
            _exit(CLI_EXIT_HARNESS);
        }
        sy_buf_clear(&report);
        sim_fault_table_clear(&faults);
        record->job = *job;
        record->seed = seed;
        void (*execute)(const cli_execution *, cli_outcome *, sy_buf *) =
            jobs->execute != NULL ? jobs->execute : cli_execute;
        execute(&execution, &record->outcome, &report);
        bool keeps =
            (record->outcome.verdict != SIM_PASSED || jobs->execute != NULL) && !report.failed;
        if (jobs->build != NULL && record->outcome.is_scenario) {
            write_lines(&execution, shapes, &report);
            keeps = !report.failed;
        }
        record->text_size = keeps ? report.size : 0;
        record->fault_count = jobs->faults != NULL ? faults.count : 0;
        bool sent = send_all(pipe, record, sizeof *record) &&
                    send_all(pipe, report.data, record->text_size) &&
                    send_all(pipe, faults.rows, record->fault_count * sizeof *faults.rows);
        free(record);
        if (!sent) {
            _exit(CLI_EXIT_HARNESS);
        }
        if (seed == job->seed_to) {
            break;
        }
    }
    cli_kept_deinit(&kept);
    sim_coverage_deinit(&coverage);
    sim_fault_table_deinit(&faults);
    sy_buf_deinit(&report);
    (void)fflush(stderr);
    _exit(0);
}

/* -- in the parent -- */

static sy_rc start(cli_jobs *jobs, worker *workers, uint32_t worker_count, worker *free_one,
                   sy_err *err)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return SY_FAIL(err, SY_IO, "no pipe: %s", strerror(errno));
    }
    (void)fflush(NULL);
    const cli_job *job = &jobs->queue[jobs->next];
    pid_t parent = getpid();
    pid_t process = fork();
    if (process < 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return SY_FAIL(err, SY_IO, "no process: %s", strerror(errno));
    }
    if (process == 0) {
        /* Whatever ends the parent ends its workers: nobody would hear them any more. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
            _exit(CLI_EXIT_HARNESS);
        }
        (void)close(ends[0]);
        for (uint32_t i = 0; i < worker_count; i++) {
            if (workers[i].process != 0) {
                (void)close(workers[i].pipe);
            }
        }
        work(jobs, job, ends[1]);
    }
    (void)close(ends[1]);
    free_one->process = process;
    free_one->pipe = ends[0];
    free_one->job = *job;
    free_one->seed_next = job->seed_from;
    sy_buf_clear(&free_one->input);
    jobs->next++;
    return SY_OK;
}

static sy_rc take_faults(cli_jobs *jobs, const char *rows, size_t count, sy_err *err)
{
    for (size_t i = 0; i < count; i++) {
        sim_fault_row row;
        memcpy(&row, rows + i * sizeof row, sizeof row);
        if (sim_fault_table_add(jobs->faults, &row) != SY_OK) {
            return sy_fail_nomem(err);
        }
    }
    return SY_OK;
}

/* Hands on every record that is complete. */
static sy_rc take_records(cli_jobs *jobs, worker *from, sy_err *err)
{
    size_t at = 0;
    sy_rc rc = SY_OK;
    while (rc == SY_OK && from->input.size - at >= sizeof(cli_record)) {
        cli_record record;
        memcpy(&record, from->input.data + at, sizeof record);
        const size_t rows_size = record.fault_count * sizeof(sim_fault_row);
        if (from->input.size - at - sizeof record < record.text_size + rows_size) {
            break;
        }
        sy_str text = {from->input.data + at + sizeof record, record.text_size};
        at += sizeof record + record.text_size + rows_size;
        from->seed_next = record.seed + 1;
        rc = take_faults(jobs, text.data + text.size, record.fault_count, err);
        rc = rc == SY_OK ? jobs->ended(jobs->self, &record, text, err) : rc;
    }
    if (at > 0) {
        memmove(from->input.data, from->input.data + at, from->input.size - at);
        from->input.size -= at;
    }
    return rc;
}

/* The run whose record did not come. */
static sy_rc report_death(cli_jobs *jobs, const worker *dead, int status, sy_err *err)
{
    const char *path = jobs->paths->items[dead->job.file];
    cli_record record = {.job = dead->job, .seed = dead->seed_next, .died = true};
    record.outcome.is_scenario = true;
    record.outcome.verdict = SIM_HARNESS;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_printf(&text, "FAIL  %s   seed %" PRIu64 "   [%s]\n", path, record.seed,
                  sim_verdict_name(SIM_HARNESS));
    if (WIFSIGNALED(status)) {
        sy_buf_printf(&text, "  its process died of signal %d\n", WTERMSIG(status));
    } else {
        sy_buf_printf(&text, "  its process ended with exit code %d\n", WEXITSTATUS(status));
    }
    sy_buf_add_str(&text, SY_STR("  again:  "));
    cli_options options = *options_of(jobs, &dead->job);
    if (options.dialect_count > 1) {
        options.run.dialect = options.dialects[dead->job.combination];
    }
    cli_command_on(&options, "run", path, record.seed, &text);
    sy_buf_add_char(&text, '\n');
    sy_rc rc = jobs->ended(jobs->self, &record, sy_buf_str(&text), err);
    uint64_t seed = record.seed;
    sy_buf_deinit(&text);
    if (rc == SY_OK && seed < dead->job.seed_to) {
        cli_job rest = dead->job;
        rest.seed_from = seed + 1;
        rc = cli_jobs_add(jobs, &rest, err);
    }
    return rc;
}

static sy_rc finish(cli_jobs *jobs, worker *ended, sy_err *err)
{
    int status = 0;
    (void)close(ended->pipe);
    while (waitpid(ended->process, &status, 0) < 0 && errno == EINTR) {
    }
    ended->process = 0;
    bool complete = ended->seed_next == ended->job.seed_to + 1;
    return complete ? SY_OK : report_death(jobs, ended, status, err);
}

static sy_rc receive(cli_jobs *jobs, worker *from, sy_err *err)
{
    char block[65536];
    ssize_t size = read(from->pipe, block, sizeof block);
    if (size < 0 && errno == EINTR) {
        return SY_OK;
    }
    if (size <= 0) {
        return finish(jobs, from, err);
    }
    sy_buf_add(&from->input, block, (size_t)size);
    if (from->input.failed) {
        return sy_fail_nomem(err);
    }
    return take_records(jobs, from, err);
}

/* Waits for any worker, at most until the deadline, and hears it. */
static sy_rc wait_for_any(cli_jobs *jobs, worker *workers, uint32_t worker_count, sy_err *err)
{
    struct pollfd polled[WORKER_COUNT_MAX];
    worker *of[WORKER_COUNT_MAX];
    nfds_t count = 0;
    for (uint32_t i = 0; i < worker_count; i++) {
        if (workers[i].process != 0) {
            of[count] = &workers[i];
            polled[count++] = (struct pollfd){.fd = workers[i].pipe, .events = POLLIN};
        }
    }
    int timeout_ms = -1;
    if (jobs->deadline_ns != 0) {
        int64_t left_ms = (jobs->deadline_ns - cli_wall_now()) / SY_MS + 1;
        timeout_ms = left_ms <= 0 ? 0 : left_ms > 1000 ? 1000 : (int)left_ms;
    }
    int ready = poll(polled, count, timeout_ms);
    if (ready < 0 && errno != EINTR) {
        return SY_FAIL(err, SY_IO, "poll: %s", strerror(errno));
    }
    sy_rc rc = SY_OK;
    for (nfds_t i = 0; ready > 0 && i < count && rc == SY_OK; i++) {
        if (polled[i].revents != 0) {
            rc = receive(jobs, of[i], err);
        }
    }
    jobs->timed_out = jobs->deadline_ns != 0 && cli_wall_now() >= jobs->deadline_ns;
    return rc;
}

static sy_rc run_all(cli_jobs *jobs, worker *workers, uint32_t worker_count, sy_err *err)
{
    sy_rc rc = SY_OK;
    while (rc == SY_OK && !jobs->timed_out) {
        bool busy = false;
        for (uint32_t i = 0; i < worker_count && rc == SY_OK; i++) {
            if (workers[i].process == 0 && jobs->next < jobs->count) {
                rc = start(jobs, workers, worker_count, &workers[i], err);
            }
            busy = busy || workers[i].process != 0;
        }
        if (!busy) {
            break;
        }
        if (rc == SY_OK) {
            rc = wait_for_any(jobs, workers, worker_count, err);
        }
    }
    return rc;
}

sy_rc cli_jobs_run(cli_jobs *jobs, uint32_t worker_count, sy_err *err)
{
    worker_count = worker_count < WORKER_COUNT_MAX ? worker_count : WORKER_COUNT_MAX;
    worker *workers = sy_alloc_zeroed(sy_alloc_std(), worker_count * sizeof *workers);
    if (workers == NULL) {
        return sy_fail_nomem(err);
    }
    for (uint32_t i = 0; i < worker_count; i++) {
        sy_buf_init(&workers[i].input, sy_alloc_std());
    }
    sy_rc rc = run_all(jobs, workers, worker_count, err);
    for (uint32_t i = 0; i < worker_count; i++) {
        if (workers[i].process != 0) {
            (void)kill(workers[i].process, SIGKILL);
            (void)close(workers[i].pipe);
            (void)waitpid(workers[i].process, NULL, 0);
        }
        sy_buf_deinit(&workers[i].input);
    }
    sy_alloc_free(sy_alloc_std(), workers, worker_count * sizeof *workers);
    return rc;
}

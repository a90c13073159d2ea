/* Runs in worker processes: each job is a forked process that runs one file for some seeds and
 * sends a record for each run through a pipe. A worker that dies takes its own run with it and
 * nothing else. */
#ifndef SIM_CLI_JOBS_H
#define SIM_CLI_JOBS_H

#include "sim/cli/cli.h"

typedef struct cli_job {
    uint32_t file; /* index of the path */
    uint32_t combination;
    uint32_t variant; /* of the options, where the jobs have several */
    bool first; /* the file's first job: finds out what it is; runs a story, or a world's first seed
                 */
    uint64_t seed_from, seed_to;
} cli_job;

typedef struct cli_record { /* one run, as it comes through the pipe; `text_size` bytes of report
                               follow, and then rows of faults */
    cli_job job;
    uint64_t seed;
    cli_outcome outcome;
    bool died; /* the worker did; the text says how */
    size_t text_size;
    size_t fault_count;
} cli_record;

typedef struct cli_jobs {
    const cli_options *options;
    const cli_options *variants; /* NULL: every job has `options` */
    const cli_paths *paths;
    int64_t deadline_ns; /* 0: none */
    const char *build;   /* not NULL: the text of each record is the run's line, and those of the
                            shapes that its worker had not seen before, not a report */
    /* Does a run in its worker; the text of its record is `text`. NULL: cli_execute, and the text
     * is a report. */
    void (*execute)(const cli_execution *execution, cli_outcome *out, sy_buf *text);
    /* A run ended. May add jobs. `text` is borrowed. */
    sy_rc (*ended)(void *self, const cli_record *record, sy_str text, sy_err *err);
    void *self;
    sim_fault_table
        *faults; /* gets those of all runs; NULL: nobody asks, or their lines say them */
    cli_job *queue;
    size_t next, count, capacity;
    bool timed_out;
} cli_jobs;

sy_rc cli_jobs_add(cli_jobs *jobs, const cli_job *job, sy_err *err);
/* Until nothing is left, or the deadline. */
sy_rc cli_jobs_run(cli_jobs *jobs, uint32_t worker_count, sy_err *err);
void cli_jobs_deinit(cli_jobs *jobs);
/* As asked for, else one for each processor. */
uint32_t cli_worker_count(const cli_options *options);

#endif

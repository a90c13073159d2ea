/* What the commands share. */
#ifndef SIM_CLI_CLI_H
#define SIM_CLI_CLI_H

#include "sim/cli/options.h"
#include "sim/explore/coverage.h"
#include "sim/explore/outcome_line.h"
#include "sim/explore/reproduction.h"
#include "sim/explore/shrink.h"
#include "sim/explore/story.h"
#include "sim/explore/trace_file.h"
#include "sim/measure/metric.h"
#include "sim/report/sqlite_export.h"
#include "sim/report/terminal.h"
#include "sim/run/file.h"

#include <stdio.h>

#define CLI_VERSION       "0.1.0"
#define CLI_TEXT_SIZE_MAX ((size_t)4 << 30) /* of a file that programs write */

typedef enum cli_exit {
    CLI_EXIT_OK = 0,
    CLI_EXIT_USAGE = 64,
    CLI_EXIT_BAD_SCENARIO = 65,
    CLI_EXIT_HARNESS = 70,
    CLI_EXIT_TIME_LIMIT = 124,
} cli_exit;

/* -- the commands; each returns an exit code -- */
int cli_run(const cli_options *options);
int cli_test(const cli_options *options);
int cli_list(const cli_options *options);
int cli_dialects(const cli_options *options);
int cli_new(const cli_options *options);
int cli_serve(const cli_options *options);
int cli_har(const cli_options *options);
int cli_shrink(const cli_options *options);
int cli_replay(const cli_options *options);
int cli_sweep(const cli_options *options);
int cli_merge(const cli_options *options);
int cli_explore(const cli_options *options);
int cli_crash(const cli_options *options);
int cli_why(const cli_options *options);
int cli_policy(const cli_options *options);
int cli_selftest(const cli_options *options);
int cli_blame(const cli_options *options);
int cli_compare(const cli_options *options);
int cli_keep(const cli_options *options);
int cli_diff(const cli_options *options);
int cli_weather(const cli_options *options);

/* "syncsim: message" to standard error. */
/* Replaces what would steer a terminal; line ends stay. */
void cli_make_plain(char *text, size_t size);

void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* -- execute.c: one run of one file -- */
/* A script that is opened once for many runs of one file; zeroed: none yet. */
typedef struct cli_kept {
    struct script *opened;
} cli_kept;

void cli_kept_deinit(cli_kept *kept);
/* For one run. `kept` may be NULL: then for this run alone. Errors as script_open. */
sy_rc cli_kept_open(cli_kept *kept, const char *path, struct script **out, sy_err *err);
/* After it; NULL is fine. */
void cli_kept_close(const cli_kept *kept, struct script *opened);

typedef struct cli_execution { /* what is asked */
    const char *path;
    uint64_t seed;
    uint32_t combination; /* the how-manieth of the dialects asked for, or of the scenario's own */
    const cli_options *options;
    FILE *trace;                 /* every event in the form that the options say; NULL: none */
    FILE *reference;             /* every event as a JSON line; NULL: none */
    const sim_observer *watcher; /* sees the run too; NULL: nobody else */
    FILE *prints;                /* what the script prints; NULL: nowhere */
    int64_t deadline_ns;         /* of the wall clock; 0: none */
    const sim_signature *wanted; /* is it shown? NULL: nobody asks */
    const char *build;           /* of the line of the run */
    sim_outcome_line *line;      /* gets it; NULL: nobody asks */
    sim_coverage *coverage;      /* gets the shapes of the run; NULL: nobody asks */
    sim_fault_table *faults;     /* gets its faults added; NULL: nobody asks */
    cli_kept *kept; /* of this path, where nothing is printed; NULL: opened for this run */
} cli_execution;

typedef struct cli_outcome {
    bool is_scenario; /* false: a helper module; nothing was run */
    sim_scenario_kind kind;
    char name[160];             /* with its dialects, where there are several */
    uint32_t combination_count; /* runs that the scenario is, with each seed; at least 1 */
    sim_verdict verdict;
    bool timed_out;
    sim_counts counts;
    sim_demands demands;
    int64_t wall_ns;
    sy_time virtual_ns;
    uint64_t digest, outcome_digest, events;
    bool exempt;      /* a story which nothing of what was asked from outside concerns */
    bool shown;       /* what was wanted */
    bool quarantined; /* it failed, in known ways only; the verdict is SIM_PASSED */
    sy_err err;       /* SIM_BAD_SCENARIO, SIM_HARNESS before a run: the reason */
} cli_outcome;

/* Appends the report to `report`. */
void cli_execute(const cli_execution *execution, cli_outcome *out, sy_buf *report);
/* Nanoseconds of the wall clock. */
int64_t cli_wall_now(void);
/* A path as a shell takes it, and no option. */
void cli_add_path(sy_buf *out, const char *path);
/* "syncsim run notes.lua --seed 7 --dialect sound": a command on what was run, or the replay that
 * it is; seed 0: says none. */
void cli_command_on(const cli_options *options, const char *command, const char *path,
                    uint64_t seed, sy_buf *out);

/* The one of the scenario's runs that is meant: its dialects in *run, its findings in *info; seen
 * from `options`, which may name several dialects. Returns how many runs the scenario is. */
uint32_t cli_combine(const cli_options *options, uint32_t combination, sim_options *run,
                     sim_scenario_info *info);

/* -- weather.c -- */
/* The dials that a weather asked for by name has with this choice's seed, one after another with
 * `between` between them; nothing when none is asked for. */
void cli_add_dials(const sim_weather_asked *asked, sim_choice *choice, const char *between,
                   sy_buf *out);

/* -- export.c: a run of cli_execute that goes into a database -- */
typedef struct cli_export { /* zeroed: none yet */
    sim_export *kept;
    sim_metrics metrics; /* where nobody else wants them */
    bool failed;
    sy_err err;
} cli_export;

/* Each does nothing when no export is asked for. */
void cli_export_ask(cli_export *state, const cli_options *options, sim_options *run);
sy_rc cli_export_observe(cli_export *state, const cli_options *options, sim_simulation *simulation,
                         sy_err *err);
/* When the run is over; `failed` says that it went wrong. */
void cli_export_write(cli_export *state, const cli_execution *asked, sim_simulation *simulation,
                      const sim_result *result);
/* After the run's trace has ended. */
void cli_export_free(cli_export *state);

/* -- case.c: a scenario file, run again and again -- */
typedef struct cli_case {
    const char *path;
    sim_options options;
    bool draws;                   /* beside the choices of a run */
    cli_kept *kept;               /* of this path; NULL: a script of its own for each run */
    const sim_observer *watcher;  /* of every run; NULL: nobody */
    const sim_run_limits *limits; /* NULL: a run's own */
} cli_case;

sim_case cli_case_port(cli_case *subject);
/* Its limits let no run go on. */
bool cli_case_over(const cli_case *subject);

/* -- coverage.c -- */
/* Adds the faults of a run of the subject that ended with this outcome. SY_OK or SY_NOMEM. */
sy_rc cli_take_faults(cli_case *subject, const sim_census *census, uint64_t outcome,
                      sim_fault_table *out);
/* When they were asked for; also the kinds that were never offered. */
void cli_print_faults(const cli_options *options, sim_fault_table *faults, FILE *out);

/* -- patience.c: when a search of many runs has to stop -- */
typedef struct cli_patience {
    int64_t deadline_ns; /* of the wall clock; 0: none */
    bool timed_out;
    sim_run_limits limits; /* for every run */
} cli_patience;

/* From now on; SIGINT and SIGTERM end the patience. Stays where it is. */
void cli_patience_begin(cli_patience *patience, const cli_options *options);
bool cli_patience_over(cli_patience *patience);

/* -- failures.c: the first of each kind of failure of a search; zeroed: none -- */
#define CLI_FAILURE_COUNT_MAX 100

typedef struct cli_failure {
    sim_signature signature;
    uint64_t runs;
    sy_buf choices; /* of the first, as text */
} cli_failure;

typedef struct cli_failures {
    cli_failure items[CLI_FAILURE_COUNT_MAX];
    size_t count;
} cli_failures;

void cli_failures_add(cli_failures *failures, const sim_choice_list *choices,
                      const sim_result *result);
/* Each with its choices, to standard output. */
void cli_failures_print(const cli_failures *failures);
/* The first as a reproduction, to the file that the options name: it is run once more, with
 * everything that it chose on record. */
sy_rc cli_failures_write_first(const cli_failures *failures, const cli_options *options,
                               cli_case *subject, sy_err *err);
void cli_failures_deinit(cli_failures *failures);

/* -- subject.c: what a command is about -- */
typedef enum cli_subject_kind { CLI_SCENARIO, CLI_REPRODUCTION, CLI_TRACE } cli_subject_kind;

typedef struct cli_subject {
    cli_subject_kind kind;
    sim_trace_file trace; /* what is run, in `of`; the events of a trace alone */
    sy_buf text;
} cli_subject;

/* To be ended with cli_subject_deinit whatever comes back. SY_IO, SY_INVALID: the command line is
 * wrong; SY_PARSE: the file is. */
sy_rc cli_subject_read(const char *path, const cli_options *options, cli_subject *out, sy_err *err);
void cli_subject_deinit(cli_subject *subject);
/* With its choices, borrowed. */
sim_options cli_subject_options(const cli_subject *subject);
/* Of an error that ended a command. */
int cli_exit_code_of(sy_rc rc);

/* -- baseline.c -- */
struct cli_baseline {
    sy_buf text;
    sy_map signatures;
};

/* To be ended with cli_baseline_deinit whatever comes back. */
sy_rc cli_baseline_read(const char *path, cli_baseline *out, sy_err *err);
void cli_baseline_deinit(cli_baseline *baseline);
/* The run failed, and every way in which it did is known. */
bool cli_baseline_covers(const cli_baseline *baseline, const sim_outcome_line *line);

/* -- shard.c -- */
typedef struct cli_shard {
    uint64_t index, count;
    const char *source; /* who says so; NULL: nobody, it is the whole */
} cli_shard;

sy_rc cli_shard_of(const cli_options *options, cli_shard *out, sy_err *err);

/* -- canary.c -- */
/* SY_STATE: what must fail did not. */
sy_rc cli_canary(const cli_options *options, sy_err *err);

/* -- build.c -- */
/* The digest of the program's own file, as 16 hex digits. */
sy_rc cli_build_id(char out[24], sy_err *err);

/* -- shrink.c -- */
/* What is done with the shrunk case. */
typedef sy_rc cli_shrunk_use(const cli_options *options, const cli_case *subject,
                             const sim_shrunk *shrunk, sy_err *err);
/* Shrinks the one operand, a scenario or a reproduction. Returns an exit code. */
int cli_shrink_then(const cli_options *options, const char *command, cli_shrunk_use *then);

/* -- story.c -- */
/* Writes the shrunk case as a story. SY_NOT_FOUND: its verbs alone do not fail as it does. */
sy_rc cli_tell_story(const cli_case *subject, const sim_shrunk *shrunk, const char *path,
                     sim_story_told *told, sy_err *err);

/* Writes all that the drivers of a run said so far, and what was chosen, as a story: unshrunk.
 * SY_PARSE: it can't be written. */
sy_rc cli_write_transcript(struct script *opened, const sim_choice *choice, const char *path,
                           sy_err *err);

/* -- file.c: what is written; SY_IO names the file -- */
/* Under another name first, then renamed: a full disk leaves what was there. */
sy_rc cli_write_file(const char *path, sy_str text, sy_err *err);
/* Every folder that `path` names and that is not there; what goes wrong shows when the file is
 * made. */
void cli_make_folders(char *path);
/* The one operand is a file that is there; else complains and returns an exit code. */
int cli_one_scenario(const cli_options *options, const char *command);

/* -- discover.c: files below folders -- */
typedef struct cli_paths {
    sy_arena arena;
    const char **items;
    size_t count, capacity;
} cli_paths;

void cli_paths_init(cli_paths *paths);
void cli_paths_deinit(cli_paths *paths);
/* Adds a file, or every *.lua below a folder in order of names; folders named `lib` hold helpers
 * and are left out. SY_IO: no such file. */
sy_rc cli_paths_add(cli_paths *paths, const char *path, sy_err *err);
/* All operands; complains and returns an exit code when there are none or one is not there. */
int cli_paths_of(cli_paths *paths, const cli_options *options);

#endif

/* The command line: one table of options for all commands, parsed strictly. */
#ifndef SIM_CLI_OPTIONS_H
#define SIM_CLI_OPTIONS_H

#include "sim/run/scenario.h"
#include "sim/serve/http_server.h"

typedef enum cli_command { /* bits */
                           CLI_RUN = 1,
                           CLI_TEST = 2,
                           CLI_LIST = 4,
                           CLI_NEW = 8,
                           CLI_SHRINK = 16,
                           CLI_REPLAY = 32,
                           CLI_SWEEP = 64,
                           CLI_MERGE = 128,
                           CLI_DIALECTS = 256,
                           CLI_SERVE = 512,
                           CLI_EXPLORE = 1024,
                           CLI_WHY = 2048,
                           CLI_KEEP = 4096,
                           CLI_HAR = 8192,
                           CLI_CRASH = 1 << 14,
                           CLI_SELFTEST = 1 << 20,
                           CLI_DIFF = 1 << 21,
                           CLI_BLAME = 1 << 24,
                           CLI_POLICY = 1 << 25,
                           CLI_WEATHER = 1 << 27,
                           CLI_COMPARE = 1 << 28,
} cli_command;

typedef enum cli_report {
    CLI_REPORT_JUNIT,
    CLI_REPORT_TAP,
    CLI_REPORT_JSON,
    CLI_REPORT_MARKDOWN,
    CLI_REPORT_GITHUB,
    CLI_REPORT_COUNT
} cli_report;

typedef enum cli_trace { CLI_TRACE_NONE, CLI_TRACE_TEXT, CLI_TRACE_JSONL } cli_trace;

#define CLI_LAW_SET_COUNT_MAX 8

typedef struct cli_baseline cli_baseline;

typedef struct cli_serve_choice { /* zeroed: the defaults */
    bool port_given;
    uint16_t port;
    const char *address; /* NULL: 127.0.0.1 */
    bool any_address;
    const sim_answer_weather *weather; /* NULL: calm */
    const char *db;                    /* NULL: in memory */
    bool test_routes;
    bool quiet;
    sim_http_limits limits;
} cli_serve_choice;

typedef struct cli_selftest_choice {
    bool theory;
    const char *form;                        /* NULL: all */
    const char *sets[CLI_LAW_SET_COUNT_MAX]; /* "N=7,lambdaT=0.3" */
    uint32_t set_count;
    uint64_t samples; /* 0: the command's own choice */
} cli_selftest_choice;

#define CLI_MARGIN_COUNT_MAX 16

typedef struct cli_compare_choice {
    const char *policies, *networks, *metrics; /* "a,b"; NULL: not given */
    const char *csv, *json, *gate;             /* files; NULL: none */
    const char *margins[CLI_MARGIN_COUNT_MAX]; /* "lu=1" */
    uint32_t margin_count;
    bool arrival;   /* each seed also under another weather */
    bool all_seeds; /* does not stop early */
} cli_compare_choice;

typedef struct cli_options {
    const char *program;   /* as it was called */
    const char **operands; /* what is no option; inside argv */
    int operand_count;
    sim_options run;                                       /* seed, calm, dialect, server */
    const sy_dialect *dialects[SIM_COMBINATION_COUNT_MAX]; /* when several are asked for */
    uint32_t dialect_count;
    cli_trace trace;
    bool verify;
    bool coverage; /* faults are counted */
    bool verbose;
    bool help;
    uint64_t seed_first, seed_last;        /* of a sweep */
    uint32_t job_count;                    /* 0: not given */
    int64_t time_limit_s;                  /* 0: none */
    const char *reports[CLI_REPORT_COUNT]; /* files; "-": standard output; NULL: none */
    const char *har;                       /* gets the HTTP traffic of the run; NULL: none */
    const char *elle;                      /* gets its history for Elle; NULL: none */
    bool metrics;                          /* a table of what was measured */
    const char *metrics_json;              /* gets what was measured; NULL: none */
    const char *export;                    /* a database that gets the runs; NULL: none */
    const char *cell;                      /* ROW.FIELD; NULL: not given */
    const char *host;                      /* a device; NULL: all */
    const char *output;                    /* a file to write; NULL: the command's own choice */
    uint64_t run_max;                      /* of a shrinker; 0: its own choice */
    int64_t time_s;                        /* how long a sweep goes on; 0: to the last seed */
    uint64_t shard_index, shard_count;     /* count 0: not given */
    const char *baseline_path;             /* NULL: none */
    const cli_baseline *baseline;          /* what is in it */
    uint32_t fault_count;                  /* of an exploration; 0: not given */
    const char *labels;                    /* "a,b": only these; NULL: all */
    bool schedules;                        /* the order of events is explored, too... */
    sy_time window_ns;                     /* ...of those so close to each other */
    bool whole_runs;                       /* none is cut short in a state that was there before */
    uint32_t pct_depth;                    /* random schedules of that depth instead; 0: none */
    bool guided;                           /* choices found by what they cover instead */
    bool shell;                            /* a prompt in the run... */
    sy_time at_ns;                         /* ...from this virtual time */
    const char *canary;                    /* NULL: the one of our own */
    cli_serve_choice serve;
    cli_selftest_choice selftest;
    cli_compare_choice compare;
    bool all; /* of the policies */
} cli_options;

/* Reads the arguments after the command's name. Moves the operands to the front of `arguments`.
 * Errors: SY_INVALID with the text for the user. */
sy_rc cli_options_read(cli_options *options, cli_command command, int count, const char **arguments,
                       sy_err *err);
/* One option more, in one argument: "--seed=7", "--calm". */
sy_rc cli_options_take(cli_options *options, cli_command command, const char *argument,
                       sy_err *err);
/* "  --seed N    ..." for each option of the command. */
void cli_options_help(cli_command command, sy_buf *out);
/* Appends "; did you mean 'x'?" when one of `names` (NULL-terminated) is close to `name`. */
void cli_suggest(const char *name, const char *const *names, sy_buf *out);

#endif

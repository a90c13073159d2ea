/* The program: finds the command, reads its options, calls it. */
#define _POSIX_C_SOURCE 200809L
#include "core/store/store_sqlite.h"
#include "lua/script.h"
#include "sim/cli/cli.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct command {
    const char *name;
    cli_command bit;
    const char *usage;
    const char *summary;
    int (*run)(const cli_options *options);
} command;

static const command commands[] = {
    {"run", CLI_RUN, "run FILE [options]", "runs one scenario once", cli_run},
    {"test", CLI_TEST, "test PATH... [options]",
     "runs every scenario below the paths: stories once, worlds with each seed", cli_test},
    {"list", CLI_LIST, "list PATH...", "lists the scenarios below the paths", cli_list},
    {"shrink", CLI_SHRINK, "shrink FILE --seed N",
     "makes the choices of a failing run fewer and smaller", cli_shrink},
    {"why", CLI_WHY, "why FILE --seed N", "what a failing run needs in order to fail", cli_why},
    {"blame", CLI_BLAME, "blame FILE --cell ROW.FIELD",
     "the life of one cell: who wrote it, what was sent, committed, decided and shown", cli_blame},
    {"keep", CLI_KEEP, "keep STORY", "files a story under scenarios/stories/regress", cli_keep},
    {"replay", CLI_REPLAY, "replay FILE [options]",
     "runs a seed, a reproduction or a trace again; a trace up to the first event that differs",
     cli_replay},
    {"diff", CLI_DIFF, "diff A B",
     "the first event at which two runs part: FILE@seed=7,dialect=sound or traces", cli_diff},
    {"sweep", CLI_SWEEP, "sweep FILE... --seeds A..B",
     "runs worlds with many seeds; findings are grouped by what they have in common", cli_sweep},
    {"explore", CLI_EXPLORE, "explore FILE --faults K",
     "runs one seed under every combination of at most K faults", cli_explore},
    {"crash", CLI_CRASH, "crash FILE",
     "runs one seed with a crash at every change of its stores, in every way", cli_crash},
    {"compare", CLI_COMPARE, "compare WORLD... --policies A,B",
     "conflict policies held against each other, over networks and the same seeds", cli_compare},
    {"merge", CLI_MERGE, "merge RESULTS... [-o FILE]", "the union of what sweeps wrote", cli_merge},
    {"dialects", CLI_DIALECTS, "dialects [NAME...]",
     "what the generations of clients and servers do; of several only where they differ",
     cli_dialects},
    {"weather", CLI_WEATHER, "weather [NAME...]",
     "the weathers by name and the knobs of all that can go wrong; of names: their dials",
     cli_weather},
    {"serve", CLI_SERVE, "serve FILE [options]",
     "the table server that a scenario describes, behind a real HTTP port", cli_serve},
    {"har", CLI_HAR, "har FILE.har TABLES.lua",
     "replays recorded HTTP traffic against our server; shows the first difference", cli_har},
    {"policy", CLI_POLICY, "policy list | check NAME|FILE",
     "the conflict policies; which laws one of them keeps, and a conflict for each that it breaks",
     cli_policy},
    {"selftest", CLI_SELFTEST, "selftest --theory",
     "holds what is simulated against closed forms; exits with 1 when one does not come out",
     cli_selftest},
    {"new", CLI_NEW, "new NAME", "writes NAME.lua, a story to start from", cli_new},
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static const char exit_codes[] =
    "Exit codes: 0 passed, 1 a finding or a failed expectation, 2 did not converge, 3 not\n"
    "deterministic, 4 the code under test crashed, 5 undecided, 6 what was demanded never "
    "happened,\n"
    "64 usage, 65 bad scenario, 70 fault of syncsim itself, 124 time limit.\n";

static void print_help(void)
{
    (void)puts("syncsim: a testbed for offline sync\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        (void)printf("  syncsim %-26s %s\n", commands[i].usage, commands[i].summary);
    }
    (void)puts("  syncsim --version              versions of the program, Lua and SQLite\n\n"
               "syncsim COMMAND --help says more about a command.\n");
    (void)fputs(exit_codes, stdout);
}

static int print_version(void)
{
    sim_report_versions versions = {
        .program = CLI_VERSION, .lua = script_lua_version(), .sqlite = sy_store_sqlite_version()};
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sim_report_versions_line(&versions, &text);
    (void)fwrite(text.data, 1, text.size, stdout);
    int code = text.failed ? CLI_EXIT_HARNESS : CLI_EXIT_OK;
    sy_buf_deinit(&text);
    return code;
}

static int print_command_help(const command *of)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_printf(&text, "syncsim %s\n\n%s\n\n", of->usage, of->summary);
    cli_options_help(of->bit, &text);
    sy_buf_printf(&text, "\n%s", exit_codes);
    (void)fwrite(text.data, 1, text.size, stdout);
    sy_buf_deinit(&text);
    return CLI_EXIT_OK;
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT + 3] = {"--version", "--help"};
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        names[i + 2] = commands[i].name;
    }
    sy_buf hint;
    sy_buf_init(&hint, sy_alloc_std());
    cli_suggest(name, names, &hint);
    cli_complain("unknown command '%s'%.*s", name, SY_FMT(sy_buf_str(&hint)));
    sy_buf_deinit(&hint);
    return CLI_EXIT_USAGE;
}

/* Numbers 0, 1 and 2 are taken even when whoever called closed them: no pipe may get one of them
 * and be taken for standard output. What is written there fails, as it does when it is closed. */
static void hold_standard_streams(void)
{
    int held = 0;
    do {
        held = open("/dev/null", O_RDONLY);
    } while (held >= 0 && held <= STDERR_FILENO);
    if (held > STDERR_FILENO) {
        (void)close(held);
    }
}

static int run_command(int argc, char **argv)
{
    if (argc < 2) {
        print_help();
        return CLI_EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return CLI_EXIT_OK;
    }
    if (strcmp(name, "--version") == 0) {
        return print_version();
    }
    const command *found = NULL;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            found = &commands[i];
        }
    }
    if (found == NULL) {
        return unknown_command(name);
    }
    cli_options options = {.program = argv[0]};
    sy_err err = {0};
    if (cli_options_read(&options, found->bit, argc - 2, (const char **)(argv + 2), &err) !=
        SY_OK) {
        cli_complain("%s", err.text);
        return CLI_EXIT_USAGE;
    }
    if (options.help) {
        return print_command_help(found);
    }
    if (options.baseline_path == NULL) {
        return found->run(&options);
    }
    cli_baseline baseline;
    int code = CLI_EXIT_USAGE;
    if (cli_baseline_read(options.baseline_path, &baseline, &err) == SY_OK) {
        options.baseline = &baseline;
        code = found->run(&options);
    } else {
        cli_complain("%s", err.text);
    }
    cli_baseline_deinit(&baseline);
    return code;
}

int main(int argc, char **argv)
{
    hold_standard_streams();
    int code = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        cli_complain("standard output can't be written");
        return CLI_EXIT_HARNESS;
    }
    return code;
}

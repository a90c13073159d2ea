#include <stdio.h>
#include <string.h>

#include "tests/conformance/conformance.h"

static const char usage[] =
    "conformance golden FOLDER [--http URL] [--tables FILE] [--only CASE] [--strict] [--headers]\n"
    "                          [--artefacts] [--verbose]\n"
    "    replays the recorded traffic of FOLDER against server dialect node with the tables of "
    "FILE\n"
    "    (tests/conformance/tables.lua), in this process or at URL\n"
    "conformance diff FOLDER [--tables FILE] [--only CASE] [--sqlite] [--codec]\n"
    "    plays the scenarios of FOLDER in the simulator, client mobile-apps-js against server "
    "node,\n"
    "    and compares their outcomes with those of the real client and server; --sqlite: the "
    "clients\n"
    "    keep their rows in SQLite; --codec: what is sent goes through HTTP text\n";

#define TABLES "tests/conformance/tables.lua"

typedef sy_rc (*command)(const conformance_options *options, conformance_count *count, sy_err *err);

static command find_command(const char *name)
{
    static const struct {
        const char *name;
        command run;
    } commands[] = {{"golden", conformance_golden}, {"diff", conformance_diff}};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            return commands[i].run;
        }
    }
    return NULL;
}

/* false: not an option, or its value is missing. */
static bool read_option(char **arguments, int count, int *at, conformance_options *out)
{
    const struct {
        const char *name;
        const char **text;
        bool *flag;
    } known[] = {{"--http", &out->url, NULL},        {"--tables", &out->tables, NULL},
                 {"--only", &out->only, NULL},       {"--strict", NULL, &out->strict},
                 {"--headers", NULL, &out->headers}, {"--artefacts", NULL, &out->artefacts},
                 {"--verbose", NULL, &out->verbose}, {"--sqlite", NULL, &out->sqlite},
                 {"--codec", NULL, &out->codec}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(arguments[*at], known[i].name) != 0) {
            continue;
        }
        if (known[i].flag != NULL) {
            *known[i].flag = true;
            return true;
        }
        if (*at + 1 == count) {
            return false;
        }
        *known[i].text = arguments[++*at];
        return true;
    }
    return false;
}

static int refuse(const char *text, const char *about)
{
    (void)fprintf(stderr, "conformance: %s%s\n%s", text, about, usage);
    return 64;
}

int main(int argument_count, char **arguments)
{
    if (argument_count == 2 && strcmp(arguments[1], "--help") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    conformance_options options = {.tables = TABLES};
    command run = argument_count > 1 ? find_command(arguments[1]) : NULL;
    if (run == NULL) {
        return refuse("unknown command ", argument_count > 1 ? arguments[1] : "");
    }
    for (int i = 2; i < argument_count; i++) {
        if (arguments[i][0] != '-' && options.folder == NULL) {
            options.folder = arguments[i];
        } else if (!read_option(arguments, argument_count, &i, &options)) {
            return refuse("unknown, one too many or without its value: ", arguments[i]);
        }
    }
    if (options.folder == NULL) {
        return refuse("no folder was given", "");
    }
    conformance_count count = {0};
    sy_err err = {0};
    const sy_rc rc = run(&options, &count, &err);
    if (rc != SY_OK) {
        (void)fprintf(stderr, "conformance: %s\n", err.text);
        return rc == SY_IO || rc == SY_INVALID || rc == SY_NETWORK ? 64 : rc == SY_PARSE ? 65 : 70;
    }
    if (count.passed + count.failed + count.skipped == 0) {
        (void)fprintf(stderr, "conformance: %s: no case was found\n", options.folder);
    }
    (void)printf("%d passed, %d failed, %d skipped\n", count.passed, count.failed, count.skipped);
    return count.failed > 0 || count.passed + count.skipped == 0 ? 1 : 0;
}

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

int main(int argument_count, char **arguments)
{
    conformance_options options = {.tables = TABLES};
    command run = argument_count > 2 ? find_command(arguments[1]) : NULL;
    bool fine = run != NULL;
    for (int i = 2; fine && i < argument_count; i++) {
        if (arguments[i][0] != '-' && options.folder == NULL) {
            options.folder = arguments[i];
        } else {
            fine = read_option(arguments, argument_count, &i, &options);
        }
    }
    if (!fine || options.folder == NULL) {
        (void)fputs(usage, stderr);
        return 64;
    }
    conformance_count count = {0};
    sy_err err = {0};
    if (run(&options, &count, &err) != SY_OK) {
        (void)fprintf(stderr, "conformance: %s\n", err.text);
        return 70;
    }
    (void)printf("%d passed, %d failed, %d skipped\n", count.passed, count.failed, count.skipped);
    return count.failed > 0 || count.passed + count.skipped == 0 ? 1 : 0;
}

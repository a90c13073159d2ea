/* Each process is forked, changed in its circumstances and made to execute this program again; its
 * standard output comes back through a pipe and is compared line by line with the reference while
 * it runs. */
#define _XOPEN_SOURCE 700
#include "sim/run/verify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM      "/proc/self/exe"
#define PADDING_SIZE 20000

typedef struct circumstance {
    const char *name;
    const char *time_zone, *locale, *directory;
    bool padded; /* a large environment */
    bool fixed;  /* addresses are not randomised */
} circumstance;

static const circumstance circumstances[SIM_VERIFY_PROCESS_COUNT] = {
    {"another process", "UTC", "C", "/", false, false},
    {"another time zone, locale and directory, a large environment", "Pacific/Kiritimati",
     "tr_TR.UTF-8", "/usr", true, false},
    {"addresses not randomised", "America/St_Johns", "de_DE.UTF-8", "/", false, true},
};

_Noreturn static void become(const circumstance *as, char *const *arguments, int output)
{
    char *padding = calloc(1, PADDING_SIZE);
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    char **list = calloc(count + 2, sizeof *list);
    if (padding == NULL || list == NULL || dup2(output, STDOUT_FILENO) < 0 ||
        freopen("/dev/null", "w", stderr) == NULL || chdir(as->directory) != 0) {
        _exit(71);
    }
    memset(padding, 'x', PADDING_SIZE - 1);
    list[0] = (char[]){"syncsim"};
    memcpy(list + 1, arguments, count * sizeof *list);
    bool set = setenv("TZ", as->time_zone, 1) == 0 && setenv("LC_ALL", as->locale, 1) == 0 &&
               setenv("LANG", as->locale, 1) == 0 &&
               (!as->padded || setenv("SYNCSIM_PADDING", padding, 1) == 0);
    if (!set) {
        _exit(71);
    }
    if (as->fixed) {
        (void)personality(
            ADDR_NO_RANDOMIZE); /* some containers forbid it: then it is one more random layout */
    }
    (void)execv(PROGRAM, list);
    _exit(71);
}

/* A line without its newline, cut to `size`; false at the end. */
static void keep_line(const char *line, char *out, size_t size)
{
    (void)snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
}

/* The next event of a trace; what stands around its events (sim/explore/trace_file.h) is not one.
 */
static ssize_t next_event(FILE *output, char **line, size_t *size)
{
    ssize_t read = 0;
    do {
        read = getline(line, size, output);
    } while (read > 0 && strncmp(*line, "{\"time\":", strlen("{\"time\":")) != 0);
    return read;
}

static void compare(FILE *reference, FILE *output, sim_verify_result *result)
{
    char *expected = NULL;
    char *actual = NULL;
    size_t expected_size = 0;
    size_t actual_size = 0;
    rewind(reference);
    for (uint64_t line = 1; result->same; line++) {
        ssize_t a = getline(&expected, &expected_size, reference);
        ssize_t b = next_event(output, &actual, &actual_size);
        if (a < 0 && b < 0) {
            break;
        }
        if (a != b || memcmp(expected, actual, (size_t)a) != 0) {
            result->same = false;
            result->line = line;
            keep_line(a < 0 ? "" : expected, result->expected, sizeof result->expected);
            keep_line(b < 0 ? "" : actual, result->actual, sizeof result->actual);
        }
    }
    free(expected);
    free(actual);
}

static sy_rc verify_in(const circumstance *as, char *const *arguments, FILE *reference,
                       sim_verify_result *result, sy_err *err)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return SY_FAIL(err, SY_IO, "verify: no pipe");
    }
    pid_t child = fork();
    if (child < 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return SY_FAIL(err, SY_IO, "verify: no process");
    }
    if (child == 0) {
        (void)close(ends[0]);
        become(as, arguments, ends[1]);
    }
    (void)close(ends[1]);
    FILE *output = fdopen(ends[0], "r");
    if (output != NULL) {
        compare(reference, output, result);
        (void)fclose(output);
    } else {
        (void)close(ends[0]);
    }
    int status = 0;
    (void)waitpid(child, &status, 0);
    if (output == NULL || (WIFEXITED(status) && WEXITSTATUS(status) == 71)) {
        return SY_FAIL(err, SY_IO, "verify: the program can't be run again (%s)", as->name);
    }
    if (!result->same) {
        (void)snprintf(result->circumstance, sizeof result->circumstance, "%s", as->name);
    }
    return SY_OK;
}

sy_rc sim_verify(char *const *arguments, FILE *reference, sim_verify_result *out, sy_err *err)
{
    *out = (sim_verify_result){.same = true};
    (void)fflush(NULL);
    for (size_t i = 0; i < SIM_VERIFY_PROCESS_COUNT && out->same; i++) {
        sy_rc rc = verify_in(&circumstances[i], arguments, reference, out, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    return SY_OK;
}

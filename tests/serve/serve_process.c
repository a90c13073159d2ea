#define _POSIX_C_SOURCE 200809L
#include "tests/serve/serve_process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ARGUMENT_COUNT_MAX 24
#define WAIT_MS_MAX        30000

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* The child's: never returns. */
static void become(const char *const *arguments, int output, int complaints)
{
    const char *all[ARGUMENT_COUNT_MAX + 5] = {SYNCSIM_PROGRAM, "serve", "--port", "0"};
    size_t count = 4;
    for (size_t i = 0; arguments[i] != NULL && i < ARGUMENT_COUNT_MAX; i++) {
        all[count++] = arguments[i];
    }
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no server behind */
    (void)dup2(output, STDOUT_FILENO);
    (void)dup2(complaints, STDERR_FILENO);
    (void)execv(SYNCSIM_PROGRAM, (char *const *)all);
    _exit(127);
}

/* The beginning of what it printed. */
static char *read_output(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "rb");
    size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    text[size] = '\0';
    return text;
}

void serve_process_start(serve_process *process, const char *const *arguments)
{
    (void)snprintf(process->output, sizeof process->output, TEMPORARY("syncsim_serve"));
    (void)snprintf(process->complaints, sizeof process->complaints, TEMPORARY("syncsim_serve"));
    int output = mkstemp(process->output);
    int complaints = mkstemp(process->complaints);
    assert_true(output >= 0 && complaints >= 0);
    process->pid = fork();
    assert_true(process->pid >= 0);
    if (process->pid == 0) {
        become(arguments, output, complaints);
    }
    (void)close(output);
    (void)close(complaints);
    process->url[0] = '\0';
    for (int i = 0; i < WAIT_MS_MAX / 10; i++) {
        char *line = strstr(read_output(process->output), "listening on http");
        if (line != NULL && strchr(line, '\n') != NULL) {
            assert_int_equal(sscanf(line, "listening on %79s", process->url), 1);
            return;
        }
        pause_ms(10);
        if (waitpid(process->pid, NULL, WNOHANG) != 0) {
            break;
        }
    }
    fail_msg("syncsim serve did not start:\n%s", read_output(process->complaints));
}

int serve_process_end(serve_process *process, int signal, int expected)
{
    int status = 0;
    assert_int_equal(kill(process->pid, signal), 0);
    for (int i = 0; i < WAIT_MS_MAX / 10; i++) {
        if (waitpid(process->pid, &status, WNOHANG) == process->pid) {
            int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
            if (code != 0 && code != expected) {
                print_error("%s\n", read_output(process->complaints));
            }
            (void)unlink(process->output);
            (void)unlink(process->complaints);
            return code;
        }
        pause_ms(10);
    }
    (void)kill(process->pid, SIGKILL);
    (void)waitpid(process->pid, &status, 0);
    fail_msg("syncsim serve did not end");
    return -1;
}

int serve_process_descriptors(const serve_process *process)
{
    char path[40];
    (void)snprintf(path, sizeof path, "/proc/%d/fd", (int)process->pid);
    DIR *folder = opendir(path);
    int count = 0;
    assert_non_null(folder);
    while (readdir(folder) != NULL) {
        count++;
    }
    (void)closedir(folder);
    return count;
}

/* `syncsim serve` in a process of its own. */
#ifndef TESTS_SERVE_SERVE_PROCESS_H
#define TESTS_SERVE_SERVE_PROCESS_H

#include <sys/types.h>

/* For mkstemp and mkdtemp. */
#define TEMPORARY(name)                                                                            \
    "/tmp/" name "_XX"                                                                             \
    "XX"                                                                                           \
    "XX"

typedef struct serve_process {
    pid_t pid;
    char url[80];
    char output[40]; /* files: what it printed */
    char complaints[40];
} serve_process;

/* Starts it with these arguments after `serve`, ended by NULL, and --port 0; waits for its address.
 * Fails the test when there is none. */
void serve_process_start(serve_process *process, const char *const *arguments);
/* Sends the signal and waits; the exit code, or 1000 and the signal that ended it. Fails the test
 * when it does not end. Prints its complaints when the code is neither 0 nor `expected`. */
int serve_process_end(serve_process *process, int signal, int expected);
/* Open descriptors of the process. */
int serve_process_descriptors(const serve_process *process);

#endif

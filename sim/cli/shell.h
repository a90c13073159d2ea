/* A prompt in the middle of a run, for `syncsim replay --shell`. */
#ifndef SIM_CLI_SHELL_H
#define SIM_CLI_SHELL_H

#include "sim/cli/cli.h"

/* Runs the subject up to options->at_ns and asks standard input what to do from there. Returns an
 * exit code: that of the run, where it came to its end. */
int cli_shell(const cli_options *options, const cli_subject *subject);

#endif

/* Verification of determinism: the same command in fresh processes, each with other address
 * randomisation, time zone, locale, working directory and size of the environment; their traces
 * must be the same bytes. */
#ifndef SIM_RUN_VERIFY_H
#define SIM_RUN_VERIFY_H

#include "core/base/err.h"

#include <stdint.h>
#include <stdio.h>

#define SIM_VERIFY_PROCESS_COUNT 3

typedef struct sim_verify_result {
    bool same;
    uint64_t line;         /* of the first event that differs, from 1 */
    char circumstance[80]; /* of the process in which it did */
    char expected[512];    /* that event as it was here; "" past the end */
    char actual[512];      /* and there */
} sim_verify_result;

/* `arguments` (NULL-terminated, without the program) make this program write its trace as JSON
 * lines to standard output. They must not depend on the working directory. `reference` holds that
 * trace of this process and is read from its start. SY_IO when a process can't be run or ends
 * without a trace. */
sy_rc sim_verify(char *const *arguments, FILE *reference, sim_verify_result *out, sy_err *err);

#endif

/* The end of a process that found a bug of ours. Nothing is cleaned up: what is in memory cannot be
 * trusted, so no handler runs and no buffer but standard error's is flushed. */
#include "core/base/check.h"

#include <stdio.h>
#include <stdlib.h>

#define ASSERTION_EXIT_CODE 70

void sy_assert_failed(const char *file, int line, const char *condition)
{
    (void)fprintf(stderr, "syncsim: assertion failed: %s:%d: %s\n", file, line, condition);
    (void)fflush(stderr);
    _Exit(ASSERTION_EXIT_CODE);
}

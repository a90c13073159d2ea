/* What the files that hold options share. */
#ifndef SIM_CLI_OPTIONS_INTERNAL_H
#define SIM_CLI_OPTIONS_INTERNAL_H

#include "sim/cli/options.h"

typedef struct cli_option {
    const char *name;
    const char *letter; /* "-j"; NULL: none */
    const char *value;  /* "N"; NULL: a switch */
    const char *help;
    int commands;
    sy_rc (*take)(cli_options *options, const char *value, sy_err *err);
} cli_option;

/* Decimal digits and nothing else, up to `max`. */
sy_rc cli_read_number(const char *text, uint64_t max, uint64_t *out, sy_err *err);
/* The same from 1. */
sy_rc cli_read_positive(const char *text, uint64_t max, uint64_t *out, sy_err *err);
/* "unknown WHAT 'value'; did you mean 'x'? (known: ...)"; `names` ends with NULL. */
sy_rc cli_fail_unknown(const char *what, const char *value, const char *const *names, sy_err *err);

/* -- search_options.c; ends with an option without a name -- */
extern const cli_option cli_search_options[];

/* -- result_options.c; ends with an option without a name -- */
extern const cli_option cli_result_options[];

/* -- compare_options.c; ends with an option without a name -- */
extern const cli_option cli_compare_options[];

/* -- serve_options.c; ends with an option without a name -- */
extern const cli_option cli_serve_options[];

#endif

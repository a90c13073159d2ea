/* A world that must fail: the classic client inserts, its answer is lost, and its retry conflicts
 * with its own row. A sweep in which no checker finds that would not find anything else. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEED_COUNT 20u

static const char text[] =
    "local sim = require \"syncsim\"\n"
    "return sim.world {\n"
    "  name = \"canary\", tables = { note = { title = \"string\" } }, server = { dialect = "
    "\"netfx\" "
    "},\n"
    "  run = function(world)\n"
    "    world:users { clients = 2, per_user = 10, rows = 6, mix = { insert = 60, sync = 40 },\n"
    "      client = { dialect = \"mobile-apps\", weather = { response_lost = 300 } } }\n"
    "    world:settle()\n"
    "  end,\n"
    "}\n";

static bool fails(const cli_options *options, const char *path, sy_err *err)
{
    bool failed = false;
    cli_options plain = {.program = options->program};
    sy_buf report;
    sy_buf_init(&report, sy_alloc_std());
    for (uint64_t seed = 1; seed <= SEED_COUNT && !failed; seed++) {
        cli_execution execution = {.path = path, .seed = seed, .options = &plain};
        cli_outcome outcome;
        cli_execute(&execution, &outcome, &report);
        failed = outcome.verdict == SIM_FOUND || outcome.verdict == SIM_NOT_CONVERGED;
        if (outcome.err.text[0] != '\0') {
            *err = outcome.err;
        }
    }
    sy_buf_deinit(&report);
    return failed;
}

sy_rc cli_canary(const cli_options *options, sy_err *err)
{
    sy_err own = {0};
    char path[] = "/tmp/syncsim-canary-XXXXXX";
    const char *file = options->canary;
    if (file == NULL) {
        int made = mkstemp(path);
        bool written =
            made >= 0 && write(made, text, sizeof text - 1) == (ssize_t)(sizeof text - 1);
        if (made >= 0) {
            (void)close(made);
        }
        if (!written) {
            return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
        }
        file = path;
    }
    bool failed = fails(options, file, &own);
    if (options->canary == NULL) {
        (void)remove(path);
    }
    return failed ? SY_OK
                  : SY_FAIL(err, SY_STATE,
                            "the canary %s did not fail with seeds 1..%u%s%s: the sweep would "
                            "prove nothing",
                            options->canary != NULL ? options->canary : "of our own", SEED_COUNT,
                            own.text[0] != '\0' ? ": " : "", own.text);
}

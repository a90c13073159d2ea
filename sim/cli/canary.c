/* A world that must fail: the classic client inserts, its answer is lost, and its retry conflicts
 * with its own row. A sweep in which no checker finds that would not find anything else. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <errno.h>
#include <string.h>

#define SEED_COUNT 20u

static const char text[] =
    "local sim = require \"syncsim\"\n"
    "return sim.world {\n"
    "  name = \"canary\", tables = { note = { title = \"string\" } }, server = { dialect = "
    "\"netfx\" "
    "},\n"
    "  run = function(world)\n"
    "    world:users { clients = 2, per_user = 10, rows = 6, mix = { insert = 60, sync = 40 },\n"
    "      client = { dialect = \"mobile-apps\", weather = { net_response_lost = 300 } } }\n"
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

static sy_rc fail(const char *which, const sy_err *why, sy_err *err)
{
    return SY_FAIL(err, SY_STATE,
                   "the canary %s did not fail with seeds 1..%u%s%s: the sweep would prove nothing",
                   which, SEED_COUNT, why->text[0] != '\0' ? ": " : "", why->text);
}

sy_rc cli_canary(const cli_options *options, sy_err *err)
{
    sy_err own = {0};
    if (options->canary != NULL) {
        return fails(options, options->canary, &own) ? SY_OK : fail(options->canary, &own, err);
    }
    char path[64];
    FILE *file = tmpfile(); /* without a name of its own */
    if (file == NULL || fwrite(text, 1, sizeof text - 1, file) != sizeof text - 1 ||
        fflush(file) != 0) {
        sy_rc rc = SY_FAIL(err, SY_IO, "no temporary file: %s", strerror(errno));
        if (file != NULL) {
            (void)fclose(file);
        }
        return rc;
    }
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    bool failed = fails(options, path, &own);
    (void)fclose(file);
    return failed ? SY_OK : fail("of our own", &own, err);
}

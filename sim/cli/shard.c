/* Which part of a sweep this process does: said on the command line, or read from what a scheduler
 * puts into the environment. A part is a number below a count. */
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct scheduler {
    const char *name, *index, *count;
    const char *first; /* variable with the least index; NULL: `base` */
    uint64_t base;
} scheduler;

/* Test frameworks first: whoever set them means this very command. */
static const scheduler schedulers[] = {
    {"SYNCSIM", "SYNCSIM_SHARD_INDEX", "SYNCSIM_SHARD_COUNT", NULL, 0},
    {"Bazel", "TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", NULL, 0},
    {"gtest", "GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", NULL, 0},
    {"Slurm array", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", 0},
    {"Kubernetes job", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", NULL, 0},
    {"CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", NULL, 0},
    {"Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", NULL, 0},
    {"CI node", "CI_NODE_INDEX", "CI_NODE_TOTAL", NULL, 1},
    {"Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", NULL, 0},
    {"MPI", "PMI_RANK", "PMI_SIZE", NULL, 0},
};

static bool read_number(const char *name, uint64_t *out)
{
    const char *text = name != NULL ? getenv(name) : NULL;
    if (text == NULL || text[0] == '\0' || strlen(text) > 9 ||
        text[strspn(text, "0123456789")] != '\0') {
        return false;
    }
    *out = strtoull(text, NULL, 10);
    return true;
}

sy_rc cli_shard_of(const cli_options *options, cli_shard *out, sy_err *err)
{
    *out = (cli_shard){.index = 0, .count = 1, .source = NULL};
    if (options->shard_count > 0) {
        *out = (cli_shard){options->shard_index, options->shard_count, "--shard"};
        return SY_OK;
    }
    for (size_t i = 0; i < sizeof schedulers / sizeof schedulers[0]; i++) {
        const scheduler *at = &schedulers[i];
        uint64_t base = at->base;
        uint64_t index = 0;
        uint64_t count = 0;
        if (!read_number(at->index, &index) || !read_number(at->count, &count)) {
            continue;
        }
        (void)read_number(at->first, &base);
        if (count == 0 || index < base || index - base >= count) {
            return SY_FAIL(err, SY_INVALID,
                           "%s=%" PRIu64 " and %s=%" PRIu64 " name no part: give --shard",
                           at->index, index, at->count, count);
        }
        *out = (cli_shard){index - base, count, at->name};
        return SY_OK;
    }
    return SY_OK;
}

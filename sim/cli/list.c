/* `syncsim list PATH...`: kind, path and name of each scenario; loads the files and runs none. */
#include "lua/script.h"
#include "sim/cli/cli.h"

#include <string.h>

static int list_one(const char *path, bool verbose)
{
    sy_err err = {0};
    script *opened = NULL;
    sy_rc rc = script_open(sy_alloc_std(), path, NULL, &opened, &err);
    int code = CLI_EXIT_OK;
    if (rc == SY_OK) {
        const sim_scenario_info *info = script_info(opened);
        char name[sizeof info->name];
        memcpy(name, info->name, sizeof name);
        cli_make_plain(name, strlen(name));
        (void)printf("%s  %s  %s\n", info->kind == SIM_STORY ? "story" : "world", path, name);
    } else if (rc != SY_NOT_FOUND) {
        cli_complain("%s", err.text);
        code = rc == SY_NOMEM ? CLI_EXIT_HARNESS : CLI_EXIT_BAD_SCENARIO;
    } else if (verbose) {
        (void)printf("none   %s\n", path);
    }
    script_close(opened);
    return code;
}

int cli_list(const cli_options *options)
{
    cli_paths paths;
    int code = cli_paths_of(&paths, options);
    for (size_t i = 0; i < paths.count && code != CLI_EXIT_USAGE; i++) {
        int one = list_one(paths.items[i], options->verbose);
        code = one > code ? one : code;
    }
    cli_paths_deinit(&paths);
    return code;
}

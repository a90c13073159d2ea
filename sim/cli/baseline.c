/* Known failures: a file with one signature a line, "#" before remarks. A run all of whose failures
 * are known counts as quarantined, not as failed. */
#include "sim/cli/cli.h"

#include <string.h>

sy_rc cli_baseline_read(const char *path, cli_baseline *out, sy_err *err)
{
    sy_buf_init(&out->text, sy_alloc_std());
    sy_map_init(&out->signatures, sy_alloc_std());
    sy_rc rc = sim_file_read(path, SIM_SOURCE_SIZE_MAX, &out->text, err);
    sy_str rest = sy_buf_str(&out->text);
    while (rc == SY_OK && rest.size > 0) {
        sy_str line = sy_str_take_line(&rest);
        if (line.size > 0 && line.data[0] != '#' &&
            sy_map_set(&out->signatures, line, out) != SY_OK) {
            rc = sy_fail_nomem(err);
        }
    }
    return rc;
}

void cli_baseline_deinit(cli_baseline *baseline)
{
    sy_map_deinit(&baseline->signatures);
    sy_buf_deinit(&baseline->text);
}

static bool is_known(const cli_baseline *baseline, const sim_signature *signature)
{
    return sy_map_find(&baseline->signatures, sy_str_of(signature->text)) != NULL;
}

bool cli_baseline_covers(const cli_baseline *baseline, const sim_outcome_line *line)
{
    for (uint32_t i = 0; i < line->signature_count; i++) {
        if (!is_known(baseline, &line->signatures[i])) {
            return false;
        }
    }
    return line->signature_count > 0;
}

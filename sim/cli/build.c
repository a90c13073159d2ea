/* Which program this is: results of different ones are never taken for each other's. */
#include "core/base/hash.h"
#include "sim/cli/cli.h"

#include <inttypes.h>

sy_rc cli_build_id(char out[24], sy_err *err)
{
    sy_buf program;
    sy_buf_init(&program, sy_alloc_std());
    sy_rc rc = sim_file_read("/proc/self/exe", CLI_TEXT_SIZE_MAX, &program, err);
    (void)snprintf(out, 24, "%016" PRIx64, sy_hash(program.data, program.size, 0));
    sy_buf_deinit(&program);
    return rc;
}

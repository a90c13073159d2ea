/* A whole file of the real machine. */
#ifndef SIM_RUN_FILE_H
#define SIM_RUN_FILE_H

#include "core/base/err.h"

#include <stddef.h>

#define SIM_SOURCE_SIZE_MAX ((size_t)64 << 20) /* of a file that people write: more is none */

/* Appends it to `out`, which holds a part of it when it can't be read. SY_IO names the file,
 * SY_LIMIT: it has more than `size_max` bytes, or no end; SY_NOMEM. */
sy_rc sim_file_read(const char *path, size_t size_max, sy_buf *out, sy_err *err);

#endif

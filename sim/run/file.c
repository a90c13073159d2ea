#include "sim/run/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

sy_rc sim_file_read(const char *path, size_t size_max, sy_buf *out, sy_err *err)
{
    char block[16384];
    size_t size = 0;
    size_t total = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
    }
    while (total <= size_max && (size = fread(block, 1, sizeof block, file)) > 0) {
        sy_buf_add(out, block, size);
        total += size;
    }
    sy_rc rc = SY_OK;
    if (ferror(file) != 0) {
        rc = SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
    } else if (total > size_max) {
        rc = SY_FAIL(err, SY_LIMIT, "%s: is larger than %zu bytes", path, size_max);
    } else if (out->failed) {
        rc = sy_fail_nomem(err);
    }
    (void)fclose(file);
    return rc;
}

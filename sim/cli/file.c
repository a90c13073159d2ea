/* What is written stands under another name until it is complete. */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE_MAX 4096

static sy_rc fail(const char *path, sy_err *err)
{
    return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
}

sy_rc cli_write_file(const char *path, sy_str text, sy_err *err)
{
    char other[PATH_SIZE_MAX];
    int size = snprintf(other, sizeof other, "%s.new", path);
    if (size < 0 || (size_t)size >= sizeof other) {
        return SY_FAIL(err, SY_IO, "%s: the name is too long", path);
    }
    FILE *file = fopen(other, "wb");
    if (file == NULL) {
        return fail(path, err);
    }
    bool written = fwrite(text.data, 1, text.size, file) == text.size && fflush(file) == 0 &&
                   fsync(fileno(file)) == 0;
    written = fclose(file) == 0 && written;
    if (!written || rename(other, path) != 0) {
        sy_rc rc = fail(path, err);
        (void)remove(other);
        return rc;
    }
    return SY_OK;
}

int cli_one_scenario(const cli_options *options, const char *command)
{
    struct stat status;
    if (options->operand_count != 1) {
        cli_complain("%s takes one file", command);
        return CLI_EXIT_USAGE;
    }
    if (stat(options->operands[0], &status) != 0) {
        cli_complain("%s: %s", options->operands[0], strerror(errno));
        return CLI_EXIT_USAGE;
    }
    if (S_ISDIR(status.st_mode)) {
        cli_complain("%s: is a folder; use: syncsim test", options->operands[0]);
        return CLI_EXIT_USAGE;
    }
    return CLI_EXIT_OK;
}

void cli_make_folders(char *path)
{
    for (char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(path, 0777);
        *at = '/';
    }
}

/* `syncsim new NAME`: a story to start from, in a file that is not there yet; folders on its way
 * are made. */
#define _POSIX_C_SOURCE 200809L
#include "lua/script.h"
#include "sim/cli/cli.h"

#include <errno.h>
#include <string.h>

#define PATH_SIZE_MAX 4000

/* The story's name: the file's, without folder and ending; blanks for underlines and for what no
 * line should contain. */
static sy_str title_of(const char *name, char *out, size_t size)
{
    const char *base = strrchr(name, '/');
    base = base != NULL ? base + 1 : name;
    size_t length = strlen(base);
    if (length > 4 && strcmp(base + length - 4, ".lua") == 0) {
        length -= 4;
    }
    length = length < size ? length : size;
    for (size_t i = 0; i < length; i++) {
        out[i] = base[i];
        if (base[i] == '_' || (unsigned char)base[i] < ' ') {
            out[i] = ' ';
        }
    }
    return (sy_str){out, length};
}

static int write_new(const cli_options *options, const char *path, sy_str text)
{
    FILE *file = fopen(path, "wx");
    if (file == NULL) {
        cli_complain("%s: %s", path, strerror(errno));
        return CLI_EXIT_USAGE;
    }
    bool written = fwrite(text.data, 1, text.size, file) == text.size;
    written = fclose(file) == 0 && written;
    if (!written) {
        cli_complain("%s: can't be written", path);
        return CLI_EXIT_HARNESS;
    }
    sy_buf again;
    sy_buf_init(&again, sy_alloc_std());
    cli_command_on(options, "run", path, 0, &again);
    (void)printf("wrote %s; run it with: %.*s\n", path, SY_FMT(sy_buf_str(&again)));
    sy_buf_deinit(&again);
    return CLI_EXIT_OK;
}

int cli_new(const cli_options *options)
{
    if (options->operand_count != 1) {
        cli_complain("new takes one name");
        return CLI_EXIT_USAGE;
    }
    const char *name = options->operands[0];
    size_t size = strlen(name);
    if (size == 0 || size > PATH_SIZE_MAX || name[size - 1] == '/') {
        cli_complain("'%s' is no name for a file", name);
        return CLI_EXIT_USAGE;
    }
    bool has_ending = size > 4 && strcmp(name + size - 4, ".lua") == 0;
    char path[PATH_SIZE_MAX + 8];
    (void)snprintf(path, sizeof path, "%s%s", name, has_ending ? "" : ".lua");
    char title[160];
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    script_template(title_of(name, title, sizeof title), &text);
    int code = CLI_EXIT_HARNESS;
    if (text.failed) {
        cli_complain("no memory");
    } else {
        cli_make_folders(path);
        code = write_new(options, path, sy_buf_str(&text));
    }
    sy_buf_deinit(&text);
    return code;
}

/* Order is by name at every level, so that a suite always runs in the same order. Below a folder
 * only folders and plain files count: a link to a folder may lead in a circle, a pipe never ends.
 */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 32

void cli_paths_init(cli_paths *paths)
{
    *paths = (cli_paths){.count = 0};
    sy_arena_init(&paths->arena, sy_alloc_std());
}

void cli_paths_deinit(cli_paths *paths)
{
    sy_alloc_free(sy_alloc_std(), paths->items, paths->capacity * sizeof *paths->items);
    sy_arena_deinit(&paths->arena);
}

static sy_rc add(cli_paths *paths, sy_str path, sy_err *err)
{
    if (paths->count == paths->capacity) {
        const char **items = sy_alloc_grow(sy_alloc_std(), paths->items, paths->count,
                                           &paths->capacity, sizeof *items);
        if (items == NULL) {
            return sy_fail_nomem(err);
        }
        paths->items = items;
    }
    sy_str copy = sy_arena_copy(&paths->arena, path);
    if (copy.data == NULL) {
        return sy_fail_nomem(err);
    }
    paths->items[paths->count++] = copy.data;
    return SY_OK;
}

static bool is_wanted(const char *name, bool folder)
{
    size_t size = strlen(name);
    if (name[0] == '.') {
        return false;
    }
    return folder ? strcmp(name, "lib") != 0 : size > 4 && strcmp(name + size - 4, ".lua") == 0;
}

static int by_name(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* Names in a folder, sorted; they live in the arena of `paths`. */
static sy_rc read_names(cli_paths *paths, const char *folder, cli_paths *names, sy_err *err)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return SY_FAIL(err, SY_IO, "%s: %s", folder, strerror(errno));
    }
    sy_rc rc = SY_OK;
    const struct dirent *entry = NULL;
    while (rc == SY_OK && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') {
            sy_str full =
                sy_arena_printf(&paths->arena, "%s%s%s", folder,
                                folder[strlen(folder) - 1] == '/' ? "" : "/", entry->d_name);
            rc = full.data == NULL ? sy_fail_nomem(err) : add(names, full, err);
        }
    }
    (void)closedir(directory);
    if (names->count > 0) {
        qsort(names->items, names->count, sizeof *names->items, by_name);
    }
    return rc;
}

static sy_rc add_below(cli_paths *paths, const char *folder, int depth, sy_err *err)
{
    if (depth == DEPTH_MAX) {
        return SY_FAIL(err, SY_LIMIT, "%s: folders are nested too deeply", folder);
    }
    cli_paths names;
    cli_paths_init(&names);
    sy_rc rc = read_names(paths, folder, &names, err);
    for (size_t i = 0; i < names.count && rc == SY_OK; i++) {
        struct stat status;
        const char *base = strrchr(names.items[i], '/');
        base = base != NULL ? base + 1 : names.items[i];
        if (lstat(names.items[i], &status) != 0) {
            continue;
        }
        bool is_folder = S_ISDIR(status.st_mode);
        bool is_file = !is_folder && stat(names.items[i], &status) == 0 && S_ISREG(status.st_mode);
        if (!(is_folder || is_file) || !is_wanted(base, is_folder)) {
            continue;
        }
        rc = is_folder ? add_below(paths, names.items[i], depth + 1, err)
                       : add(paths, sy_str_of(names.items[i]), err);
    }
    cli_paths_deinit(&names);
    return rc;
}

sy_rc cli_paths_add(cli_paths *paths, const char *path, sy_err *err)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
    }
    return S_ISDIR(status.st_mode) ? add_below(paths, path, 0, err)
                                   : add(paths, sy_str_of(path), err);
}

int cli_paths_of(cli_paths *paths, const cli_options *options)
{
    cli_paths_init(paths);
    if (options->operand_count == 0) {
        cli_complain("no file or folder was given");
        return CLI_EXIT_USAGE;
    }
    for (int i = 0; i < options->operand_count; i++) {
        sy_err err = {0};
        sy_rc rc = cli_paths_add(paths, options->operands[i], &err);
        if (rc != SY_OK) {
            cli_complain("%s", err.text);
            return rc == SY_NOMEM ? CLI_EXIT_HARNESS : CLI_EXIT_USAGE;
        }
    }
    return CLI_EXIT_OK;
}

#include "tests/conformance/conformance.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool ends_with(const char *text, const char *ending)
{
    size_t size = strlen(text);
    size_t tail = strlen(ending);
    return size > tail && strcmp(text + size - tail, ending) == 0;
}

static bool add_name(conformance_folder *folder, const char *name)
{
    char **grown = realloc(folder->names, (folder->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    folder->names = grown;
    size_t size = strlen(name) + 1;
    grown[folder->count] = malloc(size);
    if (grown[folder->count] == NULL) {
        return false;
    }
    memcpy(grown[folder->count++], name, size);
    return true;
}

sy_rc conformance_folder_open(const char *path, const char *ending, conformance_folder *out,
                              sy_err *err)
{
    *out = (conformance_folder){0};
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
    }
    bool room = true;
    const struct dirent *entry = NULL;
    while (room && (entry = readdir(directory)) != NULL) {
        room = !ends_with(entry->d_name, ending) || add_name(out, entry->d_name);
    }
    (void)closedir(directory);
    if (!room) {
        conformance_folder_close(out);
        return sy_fail_nomem(err);
    }
    if (out->count > 0) {
        qsort(out->names, out->count, sizeof *out->names, by_name);
    }
    return SY_OK;
}

void conformance_folder_close(conformance_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        free(folder->names[i]);
    }
    free(folder->names);
    *folder = (conformance_folder){0};
}

sy_rc conformance_read(const char *folder, const char *name, sy_arena *arena, sy_str *out,
                       sy_err *err)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s%s%s", folder != NULL ? folder : "",
                   folder != NULL ? "/" : "", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
    }
    sy_rc rc = SY_OK;
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    char block[16384];
    size_t size = 0;
    while ((size = fread(block, 1, sizeof block, file)) > 0) {
        sy_buf_add(&text, block, size);
    }
    if (ferror(file)) {
        rc = SY_FAIL(err, SY_IO, "%s: cannot be read", path);
    }
    *out = sy_arena_copy(arena, sy_buf_str(&text));
    if (rc == SY_OK && (text.failed || out->data == NULL)) {
        rc = sy_fail_nomem(err);
    }
    sy_buf_deinit(&text);
    (void)fclose(file);
    return rc;
}

/* The conformance program: recorded traffic and recorded outcomes of the real stack against ours.
 * One sub-command, one file; each ends with the line "N passed, N failed, N skipped". */
#ifndef TESTS_CONFORMANCE_CONFORMANCE_H
#define TESTS_CONFORMANCE_CONFORMANCE_H

#include <jansson.h>

#include "core/base/arena.h"
#include "core/base/err.h"

typedef struct conformance_options {
    const char *folder; /* of cases */
    const char *tables; /* Lua file that describes the server's tables */
    const char *url;    /* of a server under test; NULL: ours, in this process */
    const char *only;   /* the one case of this name; NULL: all */
    bool strict;        /* texts of errors and bodies that are no JSON too */
    bool headers;       /* every recorded header */
    bool artefacts;     /* cases that show a defect of the real server's database too */
    bool sqlite;        /* diff: the clients keep their rows in SQLite; else in memory */
    bool codec;         /* diff: what is sent goes through text */
    bool verbose;       /* goes on after the first difference of a case */
} conformance_options;

typedef struct conformance_count {
    int passed, failed, skipped;
} conformance_count;

/* Each prints what differs. An error: the cases could not be run. */
sy_rc conformance_golden(const conformance_options *options, conformance_count *count, sy_err *err);
sy_rc conformance_diff(const conformance_options *options, conformance_count *count, sy_err *err);

/* -- folder.c -- */
typedef struct conformance_folder { /* the files of a folder that end so, in order of their names */
    char **names;
    size_t count;
} conformance_folder;

sy_rc conformance_folder_open(const char *path, const char *ending, conformance_folder *out,
                              sy_err *err);
void conformance_folder_close(conformance_folder *folder);
/* A whole file of `folder` (NULL: the name is a path), zero-terminated. */
sy_rc conformance_read(const char *folder, const char *name, sy_arena *arena, sy_str *out,
                       sy_err *err);

#endif

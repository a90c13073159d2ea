/* Seeded defects of core and what is known of them; how one is searched for. */
#ifndef TESTS_MUTANTS_MUTANTS_H
#define TESTS_MUTANTS_MUTANTS_H

#include "core/base/mutant.h"
#include "sim/cli/cli.h"

#define MUTANT_CHECKER_COUNT_MAX 4
#define MUTANT_WORLD_COUNT_MAX   4
#define MUTANT_LINE_COUNT_MAX    12 /* of a shrunk story */
#define MUTANT_CLIENT_COUNT_MAX  2

typedef struct mutant {
    const char *name;                               /* as in core/base/mutant.h */
    const char *id;                                 /* of the public bug or sharp edge; "": none */
    const char *what;                               /* it does */
    const char *checkers[MUTANT_CHECKER_COUNT_MAX]; /* any of them must find it */
    const char
        *worlds[MUTANT_WORLD_COUNT_MAX]; /* where; in scenarios/worlds or tests/mutants/worlds */
    bool codec;                          /* messages go through text on their way */
    const char *larger; /* why its story needs more lines or clients; NULL: it does not */
} mutant;

extern const mutant mutants[SY_MUTANT_COUNT];

typedef struct hunt { /* what is asked */
    uint64_t seed_first, seed_last;
    bool shrinks;
    const char *keep; /* folder that gets the stories; NULL: they are thrown away */
} hunt;

typedef struct trophy { /* plain: it goes through a pipe */
    bool found;
    bool small; /* the story is as short as it must be; true when nothing was shrunk */
    char checker[64];
    char world[128];
    uint64_t seed, seeds; /* the seed that showed it, and the how-manieth it was */
    size_t choices, line_count, client_count; /* after shrinking */
    char text[512];                           /* what went wrong, or the finding */
} trophy;

/* Chooses the mutant, runs its worlds with one seed after the other in dialect `sound` until a
 * checker of its list finds something, shrinks that run and tells it as a story. */
void mutant_hunt(sy_mutant which, const hunt *asked, trophy *out);
/* The world without a mutant, `codec` as in the struct: *text gets the first seed that is not
 * clean, "" when all are. */
void mutant_check_clean(const char *world, bool codec, const hunt *asked, char *text, size_t size);
/* The digest of a run without a mutant. */
sy_rc mutant_clean_digest(const char *path, uint64_t seed, uint64_t *out, sy_err *err);
/* The path of a world, from the root of the tree. SY_NOT_FOUND. */
sy_rc mutant_world_path(const char *world, char *out, size_t size, sy_err *err);

#endif

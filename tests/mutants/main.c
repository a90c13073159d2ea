/* mutants: does a checker find every seeded defect of core? A process for each search, so that a
 * mutant that dies costs its own search and nothing else.
 *
 *   parent                  worker (forked for one world or one mutant)
 *     | ---- fork -----------> |
 *     | <- trophy ------------ |   what it came to */
#define _POSIX_C_SOURCE 200809L
#include "sim/cli/options_internal.h"
#include "tests/mutants/mutants.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#define SEED_LAST        10000u
#define WORKER_COUNT_MAX 64u
#define SEARCH_COUNT_MAX ((size_t)SY_MUTANT_COUNT + 64)

typedef enum mode { HUNT, LIST, DIGESTS } mode;

typedef struct request {
    mode mode;
    hunt hunt;
    uint32_t worker_count;
    const char *only[SY_MUTANT_COUNT]; /* none: all */
    size_t only_count;
} request;

typedef struct search {
    const char *world; /* that must be clean; NULL: it is for a mutant */
    bool codec;        /* of the world */
    sy_mutant which;
    pid_t process;
    int pipe;
} search;

static const char usage[] =
    "mutants [--only NAME]... [--seeds A..B] [-j N] [--find-only] [--keep FOLDER] [--list] "
    "[--digests]\n"
    "Run it from the root of the tree. First every world is run without a mutant: it must be clean."
    "\nThen each mutant is looked for. Exit 1: one was not found, or its story is too long.\n"
    "  --only NAME    this mutant; may be given again\n"
    "  --seeds A..B   default 1..10000\n"
    "  -j N           worker processes\n"
    "  --find-only    nothing is shrunk\n"
    "  --keep FOLDER  keeps the stories\n"
    "  --list         names, ids and what they do\n"
    "  --digests      of every world and seed, without a mutant\n";

/* -- what is asked -- */

static sy_rc take_seeds(hunt *out, const char *value, sy_err *err)
{
    char first[24] = {0};
    const char *dots = strstr(value, "..");
    if (dots == NULL || (size_t)(dots - value) >= sizeof first) {
        return SY_FAIL(err, SY_INVALID, "'%s' is not a range like 1..100", value);
    }
    memcpy(first, value, (size_t)(dots - value));
    sy_rc rc = cli_read_positive(first, UINT32_MAX, &out->seed_first, err);
    if (rc == SY_OK) {
        rc = cli_read_positive(dots + 2, UINT32_MAX, &out->seed_last, err);
    }
    return rc == SY_OK && out->seed_last < out->seed_first
               ? SY_FAIL(err, SY_INVALID, "'%s' ends before it begins", value)
               : rc;
}

static sy_rc take_name(request *out, const char *value, sy_err *err)
{
    for (size_t i = 0; i < SY_MUTANT_COUNT; i++) {
        if (strcasecmp(value, mutants[i].name) == 0 && out->only_count < SY_MUTANT_COUNT) {
            out->only[out->only_count++] = mutants[i].name;
            return SY_OK;
        }
    }
    return SY_FAIL(err, SY_INVALID, "there is no mutant '%s'; --list shows them", value);
}

static sy_rc take_value(request *out, const char *option, const char *value, sy_err *err)
{
    if (strcmp(option, "--only") == 0) {
        return take_name(out, value, err);
    }
    if (strcmp(option, "--seeds") == 0) {
        return take_seeds(&out->hunt, value, err);
    }
    if (strcmp(option, "--keep") == 0) {
        out->hunt.keep = value;
        return SY_OK;
    }
    uint64_t count = 0;
    const sy_rc rc = cli_read_positive(value, WORKER_COUNT_MAX, &count, err);
    out->worker_count = (uint32_t)count;
    return rc;
}

static sy_rc read_arguments(int argc, char **argv, request *out, sy_err *err)
{
    static const char *const valued[] = {"--only", "--seeds", "--keep", "-j"};
    *out = (request){.hunt = {.seed_first = 1, .seed_last = SEED_LAST, .shrinks = true},
                     .worker_count = 1};
    for (int i = 1; i < argc; i++) {
        bool takes = false;
        for (size_t v = 0; v < sizeof valued / sizeof valued[0]; v++) {
            takes = takes || strcmp(argv[i], valued[v]) == 0;
        }
        if (takes && i + 1 == argc) {
            return SY_FAIL(err, SY_INVALID, "%s needs a value", argv[i]);
        }
        if (takes) {
            const sy_rc rc = take_value(out, argv[i], argv[i + 1], err);
            if (rc != SY_OK) {
                return rc;
            }
            i++;
        } else if (strcmp(argv[i], "--list") == 0) {
            out->mode = LIST;
        } else if (strcmp(argv[i], "--digests") == 0) {
            out->mode = DIGESTS;
        } else if (strcmp(argv[i], "--find-only") == 0) {
            out->hunt.shrinks = false;
        } else {
            return SY_FAIL(err, SY_INVALID, "unknown argument '%s'\n%s", argv[i], usage);
        }
    }
    return SY_OK;
}

static bool is_wanted(const request *asked, const char *name)
{
    for (size_t i = 0; i < asked->only_count; i++) {
        if (strcmp(asked->only[i], name) == 0) {
            return true;
        }
    }
    return asked->only_count == 0;
}

/* -- searches -- */

/* Every world of the wanted mutants, once; then the mutants. */
static size_t list_searches(const request *asked, search *out)
{
    size_t count = 0;
    for (size_t i = 0; i < SY_MUTANT_COUNT; i++) {
        for (size_t w = 0; w < MUTANT_WORLD_COUNT_MAX && mutants[i].worlds[w] != NULL; w++) {
            bool known = !is_wanted(asked, mutants[i].name);
            for (size_t k = 0; k < count && !known; k++) {
                known = strcmp(out[k].world, mutants[i].worlds[w]) == 0 &&
                        out[k].codec == mutants[i].codec;
            }
            if (!known) {
                out[count++] = (search){.world = mutants[i].worlds[w], .codec = mutants[i].codec};
            }
        }
    }
    for (size_t i = 0; i < SY_MUTANT_COUNT; i++) {
        if (is_wanted(asked, mutants[i].name)) {
            out[count++] = (search){.which = (sy_mutant)i};
        }
    }
    return count;
}

static void work(const search *one, const hunt *asked, int pipe)
{
    trophy result = {.found = true};
    if (one->world != NULL) {
        mutant_check_clean(one->world, one->codec, asked, result.text, sizeof result.text);
    } else {
        mutant_hunt(one->which, asked, &result);
    }
    const bool sent = write(pipe, &result, sizeof result) == (ssize_t)sizeof result;
    _exit(sent ? 0 : 1);
}

static sy_rc start(search *one, const hunt *asked, sy_err *err)
{
    int ends[2];
    if (fflush(stdout) != 0 || pipe(ends) != 0) {
        return SY_FAIL(err, SY_IO, "no pipe");
    }
    one->process = fork();
    if (one->process == 0) {
        (void)close(ends[0]);
        work(one, asked, ends[1]);
    }
    (void)close(ends[1]);
    one->pipe = ends[0];
    return one->process > 0 ? SY_OK : SY_FAIL(err, SY_IO, "no process");
}

/* A worker that sent nothing has died of its mutant. */
static void finish(const search *one, trophy *out)
{
    int status = 0;
    const bool came = read(one->pipe, out, sizeof *out) == (ssize_t)sizeof *out;
    (void)close(one->pipe);
    (void)waitpid(one->process, &status, 0);
    if (!came) {
        *out = (trophy){.small = true};
        (void)snprintf(out->text, sizeof out->text, "its process died of signal %d",
                       WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
}

static bool print_mutant(const search *one, const hunt *asked, const trophy *won)
{
    const mutant *about = &mutants[one->which];
    if (!won->found) {
        (void)printf("MISSED  %-32s %s %s\n", about->name, about->what, won->text);
        return false;
    }
    (void)printf("%-7s %-32s %s in %s, %" PRIu64 " seed%s", won->small ? "found" : "LARGE",
                 about->name, won->checker, won->world, won->seeds, won->seeds == 1 ? "" : "s");
    if (asked->shrinks && won->line_count > 0) {
        (void)printf("; %zu verbs, %zu client%s, %zu choices", won->line_count, won->client_count,
                     won->client_count == 1 ? "" : "s", won->choices);
    }
    const char *more = !won->small ? won->text : asked->shrinks ? about->larger : NULL;
    (void)printf("%s%s\n", more != NULL ? ": " : "", more != NULL ? more : "");
    return won->small;
}

static bool print_world(const search *one, const trophy *result)
{
    if (result->text[0] != '\0') {
        (void)printf("NOT CLEAN  %s, %s\n", one->world, result->text);
        return false;
    }
    (void)printf("clean   %s\n", one->world);
    return true;
}

static int hunt_all(const request *asked)
{
    static search searches[SEARCH_COUNT_MAX];
    const size_t count = list_searches(asked, searches);
    size_t started = 0;
    unsigned found = 0;
    unsigned missed = 0;
    bool clean = true;
    for (size_t at = 0; at < count; at++) {
        sy_err err;
        while (started < count && started < at + asked->worker_count) {
            if (start(&searches[started++], &asked->hunt, &err) != SY_OK) {
                cli_complain("%s", err.text);
                return CLI_EXIT_HARNESS;
            }
        }
        trophy result;
        finish(&searches[at], &result);
        if (searches[at].world != NULL) {
            clean = print_world(&searches[at], &result) && clean;
        } else if (print_mutant(&searches[at], &asked->hunt, &result)) {
            found++;
        } else {
            missed++;
        }
    }
    (void)printf("%u found, %u missed\n", found, missed);
    return missed == 0 && clean ? CLI_EXIT_OK : 1;
}

/* -- the other modes -- */

static int print_list(void)
{
    for (size_t i = 0; i < SY_MUTANT_COUNT; i++) {
        const mutant *one = &mutants[i];
        (void)printf("%-32s %-40s %s\n", one->name, one->id, one->what);
    }
    return CLI_EXIT_OK;
}

static int print_digests(const request *asked)
{
    static search searches[SEARCH_COUNT_MAX];
    const size_t count = list_searches(asked, searches);
    for (size_t i = 0; i < count && searches[i].world != NULL; i++) {
        for (uint64_t seed = asked->hunt.seed_first; seed <= asked->hunt.seed_last; seed++) {
            char path[256];
            uint64_t digest = 0;
            sy_err err;
            sy_rc rc = mutant_world_path(searches[i].world, path, sizeof path, &err);
            rc = rc == SY_OK ? mutant_clean_digest(path, seed, &digest, &err) : rc;
            if (rc != SY_OK) {
                cli_complain("%s", err.text);
                return CLI_EXIT_HARNESS;
            }
            (void)printf("%s %" PRIu64 " %016" PRIx64 "\n", path, seed, digest);
        }
    }
    return CLI_EXIT_OK;
}

int main(int argc, char **argv)
{
    request asked;
    sy_err err;
    if (read_arguments(argc, argv, &asked, &err) != SY_OK) {
        cli_complain("%s", err.text);
        return CLI_EXIT_USAGE;
    }
    switch (asked.mode) {
    case LIST:
        return print_list();
    case DIGESTS:
        return print_digests(&asked);
    case HUNT:
        break;
    }
    return hunt_all(&asked);
}

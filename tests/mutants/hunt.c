/* The search for one mutant: run, shrink, tell. Nothing here knows what a mutant does. */
#define _POSIX_C_SOURCE 200809L
#include "core/client/dialect.h"
#include "tests/mutants/mutants.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A mutant may keep a run from ending: then it is cut, and what was found until then counts. */
static const sim_run_limits limits = {.events_max = 200000};

sy_mutant sy_mutant_chosen = SY_MUTANT_COUNT;

sy_rc mutant_world_path(const char *world, char *out, size_t size, sy_err *err)
{
    static const char *const folders[] = {"scenarios/worlds", "tests/mutants/worlds"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        (void)snprintf(out, size, "%s/%s.lua", folders[i], world);
        if (access(out, R_OK) == 0) {
            return SY_OK;
        }
    }
    return SY_FAIL(err, SY_NOT_FOUND, "there is no world '%s' below %s and %s", world, folders[0],
                   folders[1]);
}

static cli_case case_of(const char *path, uint64_t seed, bool codec)
{
    return (cli_case){
        .path = path,
        .options = {.seed = seed, .codec = codec, .dialect = sy_dialect_find(SY_STR("sound"))},
        .limits = &limits};
}

/* The finding that counts: of the first checker in the mutant's list that found one. */
static const sim_finding *finding_of(const mutant *wanted, const sim_result *result)
{
    for (size_t c = 0; c < MUTANT_CHECKER_COUNT_MAX && wanted->checkers[c] != NULL; c++) {
        for (size_t i = 0; i < result->findings.count; i++) {
            if (strcmp(result->findings.items[i].checker, wanted->checkers[c]) == 0) {
                return &result->findings.items[i];
            }
        }
    }
    return NULL;
}

static bool run_once(cli_case *subject, const mutant *wanted, trophy *out, sim_signature *signature)
{
    const sim_case port = cli_case_port(subject);
    sim_result result;
    sy_err err = {0};
    const sy_rc rc = port.ops->run(port.self, NULL, NULL, &result, &err);
    const sim_finding *finding = rc == SY_OK ? finding_of(wanted, &result) : NULL;
    if (finding != NULL) {
        *signature = sim_signature_of_finding(finding);
        (void)snprintf(out->checker, sizeof out->checker, "%s", finding->checker);
        (void)snprintf(out->text, sizeof out->text, "%s", finding->text);
    } else if (rc != SY_OK) {
        (void)snprintf(out->text, sizeof out->text, "%s", err.text);
    }
    sim_result_deinit(&result);
    return finding != NULL;
}

/* The story goes into the folder that was asked for, or nowhere. */
static sy_rc tell(const cli_case *subject, const sim_shrunk *shrunk, const mutant *which,
                  const hunt *asked, sim_story_told *told, sy_err *err)
{
    char path[512];
    if (asked->keep != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s.lua", asked->keep, which->name);
        return cli_tell_story(subject, shrunk, path, told, err);
    }
    const char *folder = getenv("TMPDIR");
    (void)snprintf(path, sizeof path, "%s/mutant-%ld.lua", folder != NULL ? folder : "/tmp",
                   (long)getpid());
    const sy_rc rc = cli_tell_story(subject, shrunk, path, told, err);
    (void)remove(path);
    return rc;
}

static void shrink(cli_case *subject, const mutant *which, const hunt *asked,
                   const sim_signature *signature, trophy *out)
{
    const sim_case port = cli_case_port(subject);
    sim_shrunk shrunk = {.complete = false};
    sim_story_told told = {0};
    sy_err err = {0};
    sy_rc rc = sim_shrink(&port, NULL, signature, NULL, sy_alloc_std(), &shrunk, &err);
    if (rc == SY_OK) {
        out->choices = shrunk.list.count;
        rc = tell(subject, &shrunk, which, asked, &told, &err);
    }
    sim_shrunk_deinit(&shrunk);
    out->line_count = told.line_count;
    out->client_count = told.client_count;
    out->small =
        which->larger != NULL || (rc == SY_OK && told.line_count <= MUTANT_LINE_COUNT_MAX &&
                                  told.client_count <= MUTANT_CLIENT_COUNT_MAX);
    if (rc != SY_OK) {
        (void)snprintf(out->text, sizeof out->text, "%s", err.text);
    }
}

void mutant_hunt(sy_mutant which, const hunt *asked, trophy *out)
{
    const mutant *wanted = &mutants[which];
    *out = (trophy){.small = true};
    sy_mutant_chosen = which;
    for (uint64_t seed = asked->seed_first; seed <= asked->seed_last; seed++) {
        for (size_t w = 0; w < MUTANT_WORLD_COUNT_MAX && wanted->worlds[w] != NULL; w++) {
            char path[256];
            sy_err err = {0};
            if (mutant_world_path(wanted->worlds[w], path, sizeof path, &err) != SY_OK) {
                (void)snprintf(out->text, sizeof out->text, "%s", err.text);
                return;
            }
            cli_case subject = case_of(path, seed, wanted->codec);
            sim_signature signature = {.text = ""};
            if (run_once(&subject, wanted, out, &signature)) {
                out->found = true;
                out->seed = seed;
                out->seeds = seed - asked->seed_first + 1;
                (void)snprintf(out->world, sizeof out->world, "%s", wanted->worlds[w]);
                if (asked->shrinks) {
                    shrink(&subject, wanted, asked, &signature, out);
                }
                return;
            }
        }
    }
}

/* What is wrong with a run that should be clean. */
static void describe(const sim_result *result, uint64_t seed, char *text, size_t size)
{
    const bool found = result->findings.count > 0;
    (void)snprintf(text, size, "seed %" PRIu64 " is %s: %s%s%s", seed,
                   sim_verdict_name(result->verdict),
                   found ? result->findings.items[0].checker : result->reason, found ? ": " : "",
                   found ? result->findings.items[0].text : "");
}

void mutant_check_clean(const char *world, bool codec, const hunt *asked, char *text, size_t size)
{
    char path[256];
    sy_err err = {0};
    text[0] = '\0';
    sy_mutant_chosen = SY_MUTANT_COUNT;
    sy_rc rc = mutant_world_path(world, path, sizeof path, &err);
    for (uint64_t seed = asked->seed_first;
         seed <= asked->seed_last && rc == SY_OK && text[0] == '\0'; seed++) {
        cli_case subject = case_of(path, seed, codec);
        const sim_case port = cli_case_port(&subject);
        sim_result result;
        rc = port.ops->run(port.self, NULL, NULL, &result, &err);
        if (rc == SY_OK && (result.verdict != SIM_PASSED || result.findings.count > 0)) {
            describe(&result, seed, text, size);
        }
        sim_result_deinit(&result);
    }
    if (rc != SY_OK) {
        (void)snprintf(text, size, "%s", err.text);
    }
}

sy_rc mutant_clean_digest(const char *path, uint64_t seed, uint64_t *out, sy_err *err)
{
    sy_mutant_chosen = SY_MUTANT_COUNT;
    cli_case subject = case_of(path, seed, false);
    const sim_case port = cli_case_port(&subject);
    sim_result result;
    const sy_rc rc = port.ops->run(port.self, NULL, NULL, &result, err);
    *out = result.digest;
    sim_result_deinit(&result);
    return rc;
}

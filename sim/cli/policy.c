/* `syncsim policy list`: the conflict policies by name. `syncsim policy check NAME|FILE`: which
 * laws one of them keeps, with a conflict for each that it does not; `--all`: a table of all. */
#include "lua/script.h"
#include "sim/algebra/algebra.h"
#include "sim/cli/cli.h"

#include <inttypes.h>
#include <string.h>

#define SAMPLES 20000

/* -- list -- */

static int list(void)
{
    const sy_policy *policy = NULL;
    const sy_field_policy *field = NULL;
    (void)printf("of rows\n");
    for (size_t i = 0; (policy = sy_policy_at(i)) != NULL; i++) {
        (void)printf("  %-20s %s\n", policy->name, policy->summary);
    }
    (void)printf("of fields, for { \"field_merge\", columns = { ... } }\n");
    for (size_t i = 0; (field = sy_field_policy_at(i)) != NULL; i++) {
        (void)printf("  %-20s %s\n", field->name, field->summary);
    }
    return CLI_EXIT_OK;
}

/* -- check -- */

static sim_algebra_options options_of(const cli_options *options)
{
    return (sim_algebra_options){
        .seed = options->run.seed != 0 ? options->run.seed : 1,
        .samples = options->selftest.samples != 0 ? options->selftest.samples : SAMPLES};
}

static int fail(sy_rc rc, const sy_err *err)
{
    cli_complain("%s", err->text);
    return rc == SY_NOMEM ? CLI_EXIT_HARNESS : rc == SY_IO ? CLI_EXIT_USAGE : CLI_EXIT_BAD_SCENARIO;
}

/* What no policy may lack: a decision about everything, and the same one every time. */
static bool is_sound(const sim_algebra *found)
{
    return !found->laws[SIM_POLICY_TOTAL].fails && !found->laws[SIM_POLICY_DETERMINISTIC].fails;
}

static const char *said(const sim_policy_law *law)
{
    return law->cases == 0 ? "-" : law->fails ? "fails" : "holds";
}

static void print_laws(const sim_algebra *rule, const sim_algebra *as_run)
{
    (void)printf("  %-16s  %-5s  as run  cases\n", "law", "rule");
    for (int i = 0; i < SIM_POLICY_LAW_COUNT; i++) {
        const sim_policy_law *law = &rule->laws[i];
        const sim_policy_law *run = &as_run->laws[i];
        (void)printf("  %-16s  %-5s  %-6s  %" PRIu64 "\n",
                     sim_policy_law_name((sim_law_of_policy)i), said(law), said(run), law->cases);
        if (law->fails) {
            (void)printf("      %s\n", law->example);
        } else if (run->fails) {
            (void)printf("      as run: %s\n", run->example);
        }
    }
}

static int check_one(const sy_policy *policy, const cli_options *options)
{
    sim_algebra_options how = options_of(options);
    sim_algebra rule;
    sim_algebra as_run;
    sy_err err = {0};
    sy_rc rc = sim_algebra_check(policy, &how, &rule, &err);
    how.as_run = true;
    if (rc == SY_OK) {
        rc = sim_algebra_check(policy, &how, &as_run, &err);
    }
    if (rc != SY_OK) {
        return fail(rc, &err);
    }
    (void)printf("policy %s: %s\n", policy->name, policy->summary);
    print_laws(&rule, &as_run);
    return is_sound(&rule) ? CLI_EXIT_OK : 1;
}

static bool print_line(const sy_policy *policy, const sim_algebra_options *how, sy_rc *rc,
                       sy_err *err)
{
    sim_algebra found;
    *rc = sim_algebra_check(policy, how, &found, err);
    if (*rc != SY_OK) {
        return false;
    }
    (void)printf("%-20s", policy->name);
    for (int i = 0; i < SIM_POLICY_LAW_COUNT; i++) {
        (void)printf("  %-*s", (int)strlen(sim_policy_law_name((sim_law_of_policy)i)),
                     said(&found.laws[i]));
    }
    (void)printf("\n");
    return true;
}

static int check_all(const cli_options *options)
{
    const sim_algebra_options how = options_of(options);
    const sy_policy *policy = NULL;
    const sy_field_policy *field = NULL;
    sy_err err = {0};
    sy_rc rc = SY_OK;
    (void)printf("%-20s", "policy");
    for (int i = 0; i < SIM_POLICY_LAW_COUNT; i++) {
        (void)printf("  %s", sim_policy_law_name((sim_law_of_policy)i));
    }
    (void)printf("\n");
    for (size_t i = 0; rc == SY_OK && (policy = sy_policy_at(i)) != NULL; i++) {
        (void)print_line(policy, &how, &rc, &err);
    }
    for (size_t i = 0; rc == SY_OK && (field = sy_field_policy_at(i)) != NULL; i++) {
        sim_field_as_policy room;
        (void)print_line(sim_algebra_of_field(field, &room), &how, &rc, &err);
    }
    return rc == SY_OK ? CLI_EXIT_OK : fail(rc, &err);
}

static int check_file(const char *path, const cli_options *options)
{
    script *owner = NULL;
    const sy_policy *policy = NULL;
    sy_err err = {0};
    sy_rc rc =
        script_open(sy_alloc_std(), path, &(script_limits){.policy_will_do = true}, &owner, &err);
    if (rc == SY_OK) {
        rc = script_policy(owner, &policy, &err);
    }
    const int code = rc == SY_OK ? check_one(policy, options) : fail(rc, &err);
    script_close(owner);
    return code;
}

/* A name has no dot and no slash. */
static int check_named(const char *name, const cli_options *options)
{
    const sy_policy *policy = sy_policy_find(sy_str_of(name));
    const sy_field_policy *field = sy_field_policy_find(sy_str_of(name));
    sim_field_as_policy room;
    if (policy != NULL) {
        return check_one(policy, options);
    }
    if (field != NULL) {
        return check_one(sim_algebra_of_field(field, &room), options);
    }
    const char *names[128] = {NULL};
    size_t count = 0;
    for (size_t i = 0; count < 126 && sy_policy_at(i) != NULL; i++) {
        names[count++] = sy_policy_at(i)->name;
    }
    for (size_t i = 0; count < 126 && sy_field_policy_at(i) != NULL; i++) {
        names[count++] = sy_field_policy_at(i)->name;
    }
    sy_buf hint;
    sy_buf_init(&hint, sy_alloc_std());
    cli_suggest(name, names, &hint);
    cli_complain("unknown policy '%s'%.*s; 'syncsim policy list' says all", name,
                 SY_FMT(sy_buf_str(&hint)));
    sy_buf_deinit(&hint);
    return CLI_EXIT_USAGE;
}

int cli_policy(const cli_options *options)
{
    const char *verb = options->operand_count > 0 ? options->operands[0] : "";
    if (strcmp(verb, "list") == 0 && options->operand_count == 1) {
        return list();
    }
    if (strcmp(verb, "check") == 0 && options->all && options->operand_count == 1) {
        return check_all(options);
    }
    if (strcmp(verb, "check") != 0 || options->operand_count != 2 || options->all) {
        cli_complain("policy: takes 'list', 'check NAME', 'check FILE' or 'check --all'");
        return CLI_EXIT_USAGE;
    }
    const char *what = options->operands[1];
    return strpbrk(what, "./") != NULL ? check_file(what, options) : check_named(what, options);
}

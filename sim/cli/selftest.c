/* `syncsim selftest --theory`: a row for each closed form, with what was simulated beside it. */
#include "sim/theory/law.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"

#define SAMPLES_DEFAULT 10000u
#define SET_SIZE_MAX    256u

/* The index of a parameter, by a name of `size` bytes; SIM_LAW_PARAMETER_COUNT_MAX: it has none. */
static size_t find_parameter(const sim_law *law, const char *name, size_t size)
{
    for (size_t i = 0; i < SIM_LAW_PARAMETER_COUNT_MAX && law->parameters[i].name != NULL; i++) {
        if (strlen(law->parameters[i].name) == size &&
            memcmp(law->parameters[i].name, name, size) == 0) {
            return i;
        }
    }
    return SIM_LAW_PARAMETER_COUNT_MAX;
}

static bool is_asked(const cli_options *options, const sim_law *law)
{
    return options->selftest.form == NULL || strcmp(options->selftest.form, law->form) == 0;
}

/* "N=7": into `set` of a law that has it (NULL: just looks). false: the law has no such parameter.
 */
static bool set_one(const sim_law *law, const char *text, double *set)
{
    const size_t size = strcspn(text, "=");
    const size_t index = find_parameter(law, text, size);
    if (index < SIM_LAW_PARAMETER_COUNT_MAX && set != NULL) {
        set[index] = strtod(text + size + 1, NULL);
    }
    return index < SIM_LAW_PARAMETER_COUNT_MAX;
}

typedef bool (*set_visit)(void *self, const char *text);

/* Each NAME=VALUE of the command line, also of several with commas between; false: a visit said so.
 */
static bool each_set(const cli_options *options, set_visit visit, void *self)
{
    for (uint32_t i = 0; i < options->selftest.set_count; i++) {
        const char *at = options->selftest.sets[i];
        for (size_t size = 0; *at != '\0'; at += size + (at[size] == ',')) {
            char one[SET_SIZE_MAX] = {0};
            size = strcspn(at, ",");
            memcpy(one, at, size < SET_SIZE_MAX ? size : SET_SIZE_MAX - 1);
            if (!visit(self, one)) {
                return false;
            }
        }
    }
    return true;
}

/* Complains of what is no NAME=VALUE, and of names that no law asked for has. */
static bool check_one(void *self, const char *text)
{
    const cli_options *options = *(const cli_options *const *)self;
    const char *value = strchr(text, '=');
    char *end = NULL;
    if (value != NULL) {
        (void)strtod(value + 1, &end);
    }
    if (value == NULL || end == value + 1 || *end != '\0') {
        cli_complain("--set %s: not of the form NAME=NUMBER", text);
        return false;
    }
    for (const sim_law *const *group = sim_law_groups; *group != NULL; group++) {
        for (const sim_law *law = *group; law->form != NULL; law++) {
            if (is_asked(options, law) && set_one(law, text, NULL)) {
                return true;
            }
        }
    }
    cli_complain("--set %s: %s has no such parameter", text,
                 options->selftest.form == NULL ? "no form" : options->selftest.form);
    return false;
}

static bool check_form(const cli_options *options)
{
    const char *names[64] = {NULL};
    size_t count = 0;
    for (const sim_law *const *group = sim_law_groups; *group != NULL; group++) {
        for (const sim_law *law = *group; law->form != NULL; law++) {
            if (is_asked(options, law)) {
                return true;
            }
            if ((count == 0 || strcmp(names[count - 1], law->form) != 0) && count < 63) {
                names[count++] = law->form;
            }
        }
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    cli_suggest(options->selftest.form, names, &text);
    for (size_t i = 0; i < count; i++) {
        sy_buf_printf(&text, "%s%s", i == 0 ? " (known: " : ", ", names[i]);
    }
    cli_complain("--form %s: there is no such form%.*s)", options->selftest.form,
                 SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
    return false;
}

/* -- one law -- */

typedef struct setting {
    const sim_law *law;
    double *set;
} setting;

static bool apply_one(void *self, const char *text)
{
    const setting *into = self;
    (void)set_one(into->law, text, into->set);
    return true;
}

static void say_parameters(const sim_law *law, const double *set, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < SIM_LAW_PARAMETER_COUNT_MAX && law->parameters[i].name != NULL; i++) {
        const int more = snprintf(out + used, size - used, "%s%s=%g", i == 0 ? "" : " ",
                                  law->parameters[i].name, set[i]);
        used += more > 0 && (size_t)more < size - used ? (size_t)more : 0;
    }
}

static void say_row(const sim_law *law, const double *set, const sim_law_result *result)
{
    char parameters[128];
    char verdict[48];
    say_parameters(law, set, parameters, sizeof parameters);
    if (law->tolerance > 0) {
        (void)snprintf(verdict, sizeof verdict, "off by %.1f of %.1f %%", 100 * result->off,
                       100 * law->tolerance);
    } else {
        (void)snprintf(verdict, sizeof verdict, "%+.2f", result->z);
    }
    (void)printf("%-4s %-34s %-34s %10.5f %10.5f  %-18s %s%s\n", law->form, parameters,
                 law->through, result->simulated, result->closed, verdict,
                 result->held ? "" : "FAILED  ", law->what);
    (void)fflush(stdout);
}

/* Counts it as held or not; false: it could not be evaluated, which was said. */
static bool evaluate(const cli_options *options, const sim_law *law, uint64_t *held,
                     uint64_t *failed)
{
    double set[SIM_LAW_PARAMETER_COUNT_MAX];
    setting into = {law, set};
    sy_err err;
    sim_law_result result;
    for (size_t i = 0; i < SIM_LAW_PARAMETER_COUNT_MAX; i++) {
        set[i] = law->parameters[i].value;
    }
    (void)each_set(options, apply_one, &into);
    const uint64_t samples =
        options->selftest.samples != 0 ? options->selftest.samples : SAMPLES_DEFAULT;
    sim_law_run run = {.set = set,
                       .seed = options->run.seed == 0 ? 1 : options->run.seed,
                       .samples =
                           (uint64_t)((double)samples * (law->weight > 0 ? law->weight : 1))};
    if (sim_law_evaluate(law, &run, &result, &err) != SY_OK) {
        cli_complain("%s", err.text);
        return false;
    }
    say_row(law, set, &result);
    *(result.held ? held : failed) += 1;
    return true;
}

int cli_selftest(const cli_options *options)
{
    uint64_t held = 0;
    uint64_t failed = 0;
    if (!options->selftest.theory || options->operand_count > 0) {
        cli_complain("selftest takes --theory and no file");
        return CLI_EXIT_USAGE;
    }
    if (!check_form(options) || !each_set(options, check_one, &options)) {
        return CLI_EXIT_USAGE;
    }
    (void)printf("%-4s %-34s %-34s %10s %10s  %s\n", "form", "parameters", "through", "simulated",
                 "closed", "z");
    for (const sim_law *const *group = sim_law_groups; *group != NULL; group++) {
        for (const sim_law *law = *group; law->form != NULL; law++) {
            if (is_asked(options, law) && !evaluate(options, law, &held, &failed)) {
                return CLI_EXIT_USAGE;
            }
        }
    }
    (void)printf("%llu passed, %llu failed, 0 skipped\n", (unsigned long long)held,
                 (unsigned long long)failed);
    return failed == 0 ? CLI_EXIT_OK : 1;
}

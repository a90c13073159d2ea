/* Each option is one line of a table: its names, its value, what it says in the help, for which
 * commands it is, and the function that takes the value. Numbers are decimal digits and nothing
 * else. */
#include "sim/cli/options.h"

#include "core/base/suggest.h"
#include "sim/cli/options_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_COUNT_MAX 48
#define IN_WEATHER                                                                                 \
    (CLI_RUN | CLI_TEST | CLI_SHRINK | CLI_WHY | CLI_SWEEP | CLI_EXPLORE | CLI_REPLAY | CLI_DIFF | \
     CLI_BLAME | CLI_CRASH)

sy_rc cli_read_number(const char *text, uint64_t max, uint64_t *out, sy_err *err)
{
    uint64_t value = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (digit > max || value > (max - digit) / 10) {
            return SY_FAIL(err, SY_INVALID, "'%s' is too large, the limit is %" PRIu64, text, max);
        }
        value = value * 10 + digit;
    }
    if (at == text || *at != '\0') {
        return SY_FAIL(err, SY_INVALID, "'%s' is not a whole number", text);
    }
    *out = value;
    return SY_OK;
}

sy_rc cli_read_positive(const char *text, uint64_t max, uint64_t *out, sy_err *err)
{
    sy_rc rc = cli_read_number(text, max, out, err);
    if (rc == SY_OK && *out == 0) {
        return SY_FAIL(err, SY_INVALID, "must be 1 or more");
    }
    return rc;
}

static sy_rc take_seed(cli_options *options, const char *value, sy_err *err)
{
    return cli_read_positive(value, UINT64_MAX, &options->run.seed, err);
}

static sy_rc take_calm(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->run.calm = true;
    return SY_OK;
}

static sy_rc take_bytes(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->run.sizes = true;
    return SY_OK;
}

static sy_rc take_codec(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->run.codec = true;
    return SY_OK;
}

sy_rc cli_fail_unknown(const char *what, const char *value, const char *const *names, sy_err *err)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_printf(&text, "unknown %s '%s'", what, value);
    cli_suggest(value, names, &text);
    sy_buf_add_str(&text, SY_STR(" (known:"));
    for (size_t i = 0; names[i] != NULL; i++) {
        sy_buf_printf(&text, "%s %s", i == 0 ? "" : ",", names[i]);
    }
    sy_buf_add_char(&text, ')');
    sy_rc rc = SY_FAIL(err, SY_INVALID, "%.*s", SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
    return rc;
}

static sy_rc add_dialect(cli_options *options, const char *name, sy_err *err)
{
    const sy_dialect *dialect = sy_dialect_find(sy_str_of(name));
    const char *names[NAME_COUNT_MAX] = {NULL};
    const sy_dialect *known_one = NULL;
    for (size_t i = 0; i + 1 < NAME_COUNT_MAX && (known_one = sy_dialect_at(i)) != NULL; i++) {
        names[i] = known_one->name;
    }
    if (dialect == NULL) {
        return cli_fail_unknown("dialect", name, names, err);
    }
    if (options->dialect_count == SIM_COMBINATION_COUNT_MAX) {
        return SY_FAIL(err, SY_INVALID, "at most %d dialects", SIM_COMBINATION_COUNT_MAX);
    }
    options->dialects[options->dialect_count++] = dialect;
    return SY_OK;
}

/* "datasync", "mobile-apps,datasync", "all". */
static sy_rc take_dialect(cli_options *options, const char *value, sy_err *err)
{
    sy_rc rc = SY_OK;
    options->dialect_count = 0;
    if (strcmp(value, "all") == 0) {
        for (size_t i = 0; sy_dialect_at(i) != NULL && rc == SY_OK; i++) {
            rc = add_dialect(options, sy_dialect_at(i)->name, err);
        }
    } else {
        for (const char *at = value; rc == SY_OK;) {
            char name[64];
            const size_t size = strcspn(at, ",");
            (void)snprintf(name, sizeof name, "%.*s", (int)(size < 63 ? size : 63), at);
            rc = add_dialect(options, name, err);
            if (at[size] == '\0') {
                break;
            }
            at += size + 1;
        }
    }
    options->run.dialect = options->dialect_count == 1 ? options->dialects[0] : NULL;
    return rc;
}

static sy_rc take_server(cli_options *options, const char *value, sy_err *err)
{
    options->run.server = sy_server_dialect_find(sy_str_of(value));
    if (options->run.server != NULL) {
        return SY_OK;
    }
    const char *names[NAME_COUNT_MAX] = {NULL};
    const sy_server_dialect *dialect = NULL;
    for (size_t i = 0; i + 1 < NAME_COUNT_MAX && (dialect = sy_server_dialect_at(i)) != NULL; i++) {
        names[i] = dialect->name;
    }
    return cli_fail_unknown("server dialect", value, names, err);
}

static sy_rc take_policy(cli_options *options, const char *value, sy_err *err)
{
    options->run.policy = sy_policy_find(sy_str_of(value));
    if (options->run.policy != NULL) {
        return SY_OK;
    }
    const char *names[NAME_COUNT_MAX] = {NULL};
    const sy_policy *policy = NULL;
    for (size_t i = 0; i + 1 < NAME_COUNT_MAX && (policy = sy_policy_at(i)) != NULL; i++) {
        names[i] = policy->name;
    }
    return cli_fail_unknown("policy", value, names, err);
}

static sy_rc take_weather(cli_options *options, const char *value, sy_err *err)
{
    return sim_weather_ask(&options->run.weather, sy_str_of(value), err);
}

static sy_rc take_set(cli_options *options, const char *value, sy_err *err)
{
    return sim_weather_ask_set(&options->run.weather, sy_str_of(value), err);
}

static sy_rc take_breaches(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->run.weather.breaches = true;
    return SY_OK;
}

static sy_rc take_trace(cli_options *options, const char *value, sy_err *err)
{
    static const char *const names[] = {"text", "jsonl", NULL};
    if (strcmp(value, "text") == 0) {
        options->trace = CLI_TRACE_TEXT;
    } else if (strcmp(value, "jsonl") == 0) {
        options->trace = CLI_TRACE_JSONL;
    } else {
        return cli_fail_unknown("form of trace", value, names, err);
    }
    return SY_OK;
}

static sy_rc take_verify(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->verify = true;
    return SY_OK;
}

static sy_rc take_coverage(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->coverage = true;
    return SY_OK;
}

static sy_rc take_jobs(cli_options *options, const char *value, sy_err *err)
{
    uint64_t count = 0;
    sy_rc rc = cli_read_positive(value, 1024, &count, err);
    options->job_count = (uint32_t)count;
    return rc;
}

static sy_rc take_seeds(cli_options *options, const char *value, sy_err *err)
{
    char first[24] = {0};
    const char *dots = strstr(value, "..");
    if (dots == NULL || (size_t)(dots - value) >= sizeof first) {
        return SY_FAIL(err, SY_INVALID, "'%s' is not a range like 1..100", value);
    }
    memcpy(first, value, (size_t)(dots - value));
    sy_rc rc = cli_read_positive(first, UINT64_MAX, &options->seed_first, err);
    if (rc == SY_OK) {
        rc = cli_read_positive(dots + 2, UINT64_MAX, &options->seed_last, err);
    }
    if (rc == SY_OK && options->seed_last < options->seed_first) {
        return SY_FAIL(err, SY_INVALID, "'%s' ends before it begins", value);
    }
    if (rc == SY_OK && options->seed_last - options->seed_first >= UINT32_MAX) {
        return SY_FAIL(err, SY_INVALID, "'%s' has too many seeds", value);
    }
    return rc;
}

static sy_rc take_junit(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->reports[CLI_REPORT_JUNIT] = value;
    return SY_OK;
}

static sy_rc take_tap(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->reports[CLI_REPORT_TAP] = value;
    return SY_OK;
}

static sy_rc take_json(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->reports[CLI_REPORT_JSON] = value;
    return SY_OK;
}

static sy_rc take_markdown(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->reports[CLI_REPORT_MARKDOWN] = value;
    return SY_OK;
}

static sy_rc take_github(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->reports[CLI_REPORT_GITHUB] = "-";
    return SY_OK;
}

static sy_rc take_output(cli_options *options, const char *value, sy_err *err)
{
    options->output = value;
    return value[0] != '\0' ? SY_OK : SY_FAIL(err, SY_INVALID, "needs the name of a file");
}

/* "10m", "90s", "2h": what people type; a number alone is seconds. */
static sy_rc take_time(cli_options *options, const char *value, sy_err *err)
{
    char number[12] = {0};
    size_t size = strspn(value, "0123456789");
    uint64_t count = 0;
    if (size >= sizeof number) {
        return SY_FAIL(err, SY_INVALID, "'%s' is too long", value);
    }
    memcpy(number, value, size);
    const char *unit = value + size;
    uint64_t scale = strcmp(unit, "") == 0 || strcmp(unit, "s") == 0 ? 1
                     : strcmp(unit, "m") == 0                        ? 60
                     : strcmp(unit, "h") == 0                        ? 3600
                                                                     : 0;
    if (scale == 0) {
        return SY_FAIL(err, SY_INVALID, "'%s' is not a time like 90s, 10m or 2h", value);
    }
    sy_rc rc = cli_read_positive(number, 1000000, &count, err);
    options->time_s = (int64_t)(count * scale);
    return rc;
}

static sy_rc take_shard(cli_options *options, const char *value, sy_err *err)
{
    char index[12] = {0};
    const char *slash = strchr(value, '/');
    if (slash == NULL || (size_t)(slash - value) >= sizeof index) {
        return SY_FAIL(err, SY_INVALID, "'%s' is not a part like 0/4", value);
    }
    memcpy(index, value, (size_t)(slash - value));
    sy_rc rc = cli_read_number(index, UINT32_MAX, &options->shard_index, err);
    if (rc == SY_OK) {
        rc = cli_read_positive(slash + 1, UINT32_MAX, &options->shard_count, err);
    }
    if (rc == SY_OK && options->shard_index >= options->shard_count) {
        return SY_FAIL(err, SY_INVALID, "'%s': parts are numbered from 0", value);
    }
    return rc;
}

static sy_rc take_baseline(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->baseline_path = value;
    return SY_OK;
}

static sy_rc take_canary(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->canary = value;
    return SY_OK;
}

static sy_rc take_time_limit(cli_options *options, const char *value, sy_err *err)
{
    uint64_t seconds = 0;
    sy_rc rc = cli_read_positive(value, 1000000000, &seconds, err);
    options->time_limit_s = (int64_t)seconds;
    return rc;
}

static sy_rc take_verbose(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->verbose = true;
    return SY_OK;
}

static sy_rc take_help(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->help = true;
    return SY_OK;
}

static sy_rc take_theory(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->selftest.theory = true;
    return SY_OK;
}

static sy_rc take_form(cli_options *options, const char *value, sy_err *err)
{
    (void)err;
    options->selftest.form = value;
    return SY_OK;
}

static sy_rc take_law_set(cli_options *options, const char *value, sy_err *err)
{
    if (options->selftest.set_count == CLI_LAW_SET_COUNT_MAX) {
        return SY_FAIL(err, SY_INVALID, "at most %d times", CLI_LAW_SET_COUNT_MAX);
    }
    options->selftest.sets[options->selftest.set_count++] = value;
    return SY_OK;
}

static sy_rc take_all(cli_options *options, const char *value, sy_err *err)
{
    (void)value;
    (void)err;
    options->all = true;
    return SY_OK;
}

static sy_rc take_samples(cli_options *options, const char *value, sy_err *err)
{
    return cli_read_positive(value, 1000000000, &options->selftest.samples, err);
}

static const cli_option known[] = {
    {"--seed", NULL, "N", "the seed of every drawn choice; 1 when not given",
     CLI_RUN | CLI_SHRINK | CLI_WHY | CLI_SERVE | CLI_EXPLORE | CLI_REPLAY | CLI_DIFF | CLI_BLAME |
         CLI_SELFTEST | CLI_POLICY | CLI_WEATHER | CLI_CRASH,
     take_seed},
    {"--seeds", NULL, "A..B",
     "the seeds that worlds run with; 1..10 (test) or 1..1000 (sweep) when not given",
     CLI_TEST | CLI_SWEEP, take_seeds},
    {"--time", NULL, "T", "goes on with higher seeds for that long: 90s, 10m, 2h", CLI_SWEEP,
     take_time},
    {"--shard", NULL, "I/N", "only part I of N, from 0; else as the scheduler's environment says",
     CLI_SWEEP, take_shard},
    {"--canary", NULL, "FILE", "a scenario that must fail, or the sweep is not valid", CLI_SWEEP,
     take_canary},
    {"--baseline", NULL, "FILE", "signatures of known failures, a line each: quarantined",
     CLI_RUN | CLI_TEST | CLI_SWEEP, take_baseline},
    {"--calm", NULL, NULL, "no drawn faults and least latencies; users stay as they are",
     CLI_RUN | CLI_TEST | CLI_SHRINK | CLI_WHY | CLI_SWEEP | CLI_REPLAY | CLI_DIFF | CLI_BLAME,
     take_calm},
    {"--bytes", NULL, NULL, "also counts the bytes of all messages as HTTP text", CLI_RUN,
     take_bytes},
    {"--codec", NULL, NULL, "every message goes through its HTTP text; the run stays the same",
     CLI_RUN | CLI_TEST, take_codec},
    {"--dialect", NULL, "D",
     "generation of clients and server where the scenario says none; test: several, as in A,B or "
     "all",
     CLI_RUN | CLI_TEST | CLI_SHRINK | CLI_WHY | CLI_SWEEP | CLI_EXPLORE | CLI_REPLAY | CLI_DIFF |
         CLI_BLAME | CLI_CRASH | CLI_COMPARE,
     take_dialect},
    {"--server", NULL, "D", "generation of the server alone, likewise",
     CLI_RUN | CLI_TEST | CLI_SHRINK | CLI_WHY | CLI_SERVE | CLI_SWEEP | CLI_EXPLORE | CLI_HAR |
         CLI_REPLAY | CLI_DIFF | CLI_BLAME | CLI_CRASH | CLI_COMPARE,
     take_server},
    {"--policy", NULL, "NAME", "conflict policy of every table of worlds, instead of their own",
     IN_WEATHER, take_policy},
    {"--weather", NULL, "NAME",
     "of worlds, instead of their own: calm, swarm (drawn from each seed), or one by name",
     IN_WEATHER, take_weather},
    {"--set", NULL, "KNOB=VALUE", "one dial of the weather of worlds, over all else; repeatable",
     IN_WEATHER | CLI_WEATHER | CLI_COMPARE, take_set},
    {"--breaches", NULL, NULL, "swarm also draws what breaks the server's or the store's contract",
     IN_WEATHER | CLI_WEATHER, take_breaches},
    {"--trace", NULL, "FORM",
     "what happened, to standard output: text or jsonl, every event of the run",
     CLI_RUN | CLI_REPLAY, take_trace},
    {"--verify", NULL, NULL, "run again in fresh processes and compare every event", CLI_RUN,
     take_verify},
    {"--coverage", NULL, NULL,
     "which faults could have come, came, and mattered: runs each run again without one of each",
     CLI_RUN | CLI_TEST | CLI_SWEEP, take_coverage},
    {"--jobs", "-j", "N", "worker processes; one for each processor when not given",
     CLI_TEST | CLI_SWEEP | CLI_COMPARE, take_jobs},
    {"--junit", NULL, "FILE", "results as JUnit XML", CLI_TEST, take_junit},
    {"--tap", NULL, "FILE", "results as TAP 14; - is standard output", CLI_TEST, take_tap},
    {"--json", NULL, "FILE", "results as JSON lines", CLI_TEST, take_json},
    {"--markdown", NULL, "FILE", "a summary in Markdown", CLI_TEST, take_markdown},
    {"--github", NULL, NULL, "failures as annotations of GitHub Actions, at most ten, worst first",
     CLI_TEST, take_github},
    {"--output", "-o", "FILE", "where the result goes",
     CLI_SHRINK | CLI_SWEEP | CLI_MERGE | CLI_EXPLORE | CLI_CRASH, take_output},
    {"--time-limit", NULL, "SECONDS",
     "of this machine: ends with what there is, exit code 124; none when not given",
     CLI_RUN | CLI_TEST | CLI_SHRINK | CLI_WHY | CLI_REPLAY | CLI_EXPLORE | CLI_CRASH | CLI_COMPARE,
     take_time_limit},
    {"--theory", NULL, NULL, "the closed forms of queues, conflicts, staleness, losses",
     CLI_SELFTEST, take_theory},
    {"--form", NULL, "V1", "only this one", CLI_SELFTEST, take_form},
    {"--set", NULL, "NAME=VALUE,...", "other parameters than its own", CLI_SELFTEST, take_law_set},
    {"--all", NULL, NULL, "every policy, as a table", CLI_POLICY, take_all},
    {"--samples", NULL, "N", "how many each takes at least; 10000 when not given",
     CLI_SELFTEST | CLI_POLICY, take_samples},
    {"--verbose", "-v", NULL, "also says what was skipped and what scenarios print",
     CLI_RUN | CLI_TEST | CLI_LIST, take_verbose},
    {"--help", "-h", NULL, "this text", ~0, take_help},
};

#define KNOWN_COUNT (sizeof known / sizeof known[0])

/* 0, 1...; NULL after the last one. */
static const cli_option *option_at(size_t index)
{
    const cli_option *const more[] = {cli_result_options, cli_search_options, cli_serve_options,
                                      cli_compare_options};
    if (index < KNOWN_COUNT) {
        return &known[index];
    }
    index -= KNOWN_COUNT;
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        for (const cli_option *at = more[i]; at->name != NULL; at++) {
            if (index-- == 0) {
                return at;
            }
        }
    }
    return NULL;
}

void cli_suggest(const char *name, const char *const *names, sy_buf *out)
{
    sy_str choices[NAME_COUNT_MAX];
    size_t count = 0;
    for (; names[count] != NULL && count < NAME_COUNT_MAX; count++) {
        choices[count] = sy_str_of(names[count]);
    }
    const sy_str *nearest = sy_suggest(sy_str_of(name), choices, count);
    if (nearest != NULL) {
        sy_buf_printf(out, "; did you mean '%.*s'?", SY_FMT(*nearest));
    }
}

static sy_rc fail_option(const char *name, cli_command command, sy_err *err)
{
    const char *names[NAME_COUNT_MAX] = {NULL};
    size_t count = 0;
    const cli_option *at = NULL;
    for (size_t i = 0; (at = option_at(i)) != NULL && count + 1 < NAME_COUNT_MAX; i++) {
        if ((at->commands & (int)command) != 0) {
            names[count++] = at->name;
        }
    }
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    sy_buf_printf(&text, "unknown option '%s'", name);
    cli_suggest(name, names, &text);
    sy_rc rc = SY_FAIL(err, SY_INVALID, "%.*s", SY_FMT(sy_buf_str(&text)));
    sy_buf_deinit(&text);
    return rc;
}

/* The option that an argument names: "--seed", "--seed=5", "-j", "-j2". *value: what hangs on it,
 * or NULL. */
static const cli_option *find(const char *argument, cli_command command, const char **value)
{
    *value = NULL;
    const cli_option *at = NULL;
    for (size_t i = 0; (at = option_at(i)) != NULL; i++) {
        size_t size = strlen(at->name);
        if ((at->commands & (int)command) == 0) {
            continue;
        }
        if (strncmp(argument, at->name, size) == 0 &&
            (argument[size] == '\0' || argument[size] == '=')) {
            *value = argument[size] == '=' ? argument + size + 1 : NULL;
            return at;
        }
        if (at->letter != NULL && strncmp(argument, at->letter, 2) == 0) {
            *value = argument[2] != '\0' ? argument + 2 : NULL;
            return at;
        }
    }
    return NULL;
}

/* SYNCSIM_TIME_LIMIT is --time-limit, for whoever can't change the command. */
static const char *from_environment(const cli_option *at)
{
    char name[64] = "SYNCSIM_";
    size_t size = strlen(name);
    for (const char *c = at->name + 2; *c != '\0' && size + 1 < sizeof name; c++) {
        name[size++] = (char)(*c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    }
    const char *value = getenv(name);
    bool off = value == NULL || value[0] == '\0' || (at->value == NULL && strcmp(value, "0") == 0);
    return off ? NULL : value;
}

/* What the environment says comes first, so that what is typed wins. */
static sy_rc read_environment(cli_options *options, cli_command command, sy_err *err)
{
    const cli_option *at = NULL;
    for (size_t i = 0; (at = option_at(i)) != NULL; i++) {
        const char *value = (at->commands & (int)command) != 0 && at->take != take_help
                                ? from_environment(at)
                                : NULL;
        sy_rc rc = value != NULL ? at->take(options, value, err) : SY_OK;
        if (rc != SY_OK) {
            return sy_err_wrap(err, rc, "%s from the environment", at->name);
        }
    }
    return SY_OK;
}

/* The option at arguments[*i], with a value that may be the next argument. */
static sy_rc take_option(cli_options *options, cli_command command, int count,
                         const char **arguments, int *i, sy_err *err)
{
    const char *value = NULL;
    const cli_option *found = find(arguments[*i], command, &value);
    if (found == NULL) {
        return fail_option(arguments[*i], command, err);
    }
    if (found->value == NULL && value != NULL) {
        return SY_FAIL(err, SY_INVALID, "%s takes no value", found->name);
    }
    if (found->value != NULL && value == NULL) {
        if (*i + 1 == count) {
            return SY_FAIL(err, SY_INVALID, "%s needs a value: %s", found->name, found->value);
        }
        value = arguments[++*i];
    }
    sy_rc rc = found->take(options, value, err);
    return rc == SY_OK ? rc : sy_err_wrap(err, rc, "%s", found->name);
}

sy_rc cli_options_take(cli_options *options, cli_command command, const char *argument, sy_err *err)
{
    int i = 0;
    return take_option(options, command, 1, &argument, &i, err);
}

sy_rc cli_options_read(cli_options *options, cli_command command, int count, const char **arguments,
                       sy_err *err)
{
    bool only_operands = false;
    options->operands = arguments;
    options->operand_count = 0;
    sy_rc rc = read_environment(options, command, err);
    for (int i = 0; i < count && rc == SY_OK; i++) {
        const char *argument = arguments[i];
        if (only_operands || argument[0] != '-' || argument[1] == '\0') {
            options->operands[options->operand_count++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            only_operands = true;
        } else {
            rc = take_option(options, command, count, arguments, &i, err);
        }
    }
    if (rc != SY_OK) {
        return rc;
    }
    return options->dialect_count > 1 && command != CLI_TEST
               ? SY_FAIL(err, SY_INVALID, "--dialect: only test takes several")
               : SY_OK;
}

void cli_options_help(cli_command command, sy_buf *out)
{
    const cli_option *at = NULL;
    for (size_t i = 0; (at = option_at(i)) != NULL; i++) {
        if ((at->commands & (int)command) == 0) {
            continue;
        }
        char names[40] = {0};
        size_t size = strlen(at->name);
        memcpy(names, at->name, size);
        if (at->letter != NULL) {
            names[size++] = ',';
            names[size++] = ' ';
            memcpy(names + size, at->letter, 2);
            size += 2;
        }
        if (at->value != NULL) {
            names[size++] = ' ';
            memcpy(names + size, at->value, strlen(at->value));
        }
        sy_buf_printf(out, "  %-24s %s\n", names, at->help);
    }
}

/* One line after the other; each kind of line is known by its first word. */
#include "sim/explore/reproduction.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char first_line[] = "syncsim reproduction 1";

void sim_reproduction_write(const sim_reproduction *reproduction, sy_buf *out)
{
    const sim_options *options = &reproduction->options;
    sy_buf_printf(out, "%s\nscenario %s\nseed %" PRIu64 "\n", first_line, reproduction->scenario,
                  options->seed);
    if (options->dialect != NULL) {
        sy_buf_printf(out, "dialect %s\n", options->dialect->name);
    }
    if (options->server != NULL) {
        sy_buf_printf(out, "server %s\n", options->server->name);
    }
    if (options->policy != NULL) {
        sy_buf_printf(out, "policy %s\n", options->policy->name);
    }
    sy_buf weather;
    sy_buf_init(&weather, out->alloc);
    sim_weather_asked_print(&options->weather, &weather);
    if (weather.size > 0) {
        sy_buf_printf(out, "weather%.*s\n", SY_FMT(sy_buf_str(&weather)));
    }
    out->failed = out->failed || weather.failed;
    sy_buf_deinit(&weather);
    if (options->orders) {
        sy_buf_printf(out, "window %" PRId64 " ns\n", options->window_ns);
    }
    if (reproduction->signature.text[0] != '\0') {
        sy_buf_printf(out, "shows %s\n", reproduction->signature.text);
    }
    if (reproduction->drawn) {
        sy_buf_add_str(out, options->calm ? SY_STR("calm\ndrawn\n") : SY_STR("drawn\n"));
    } else {
        sy_buf_add_str(out, SY_STR("choices\n"));
        sim_choice_list_write(&reproduction->list, out);
    }
}

void sim_reproduction_deinit(sim_reproduction *reproduction)
{
    sim_choice_list_deinit(&reproduction->list);
}

/* -- reading: each function takes what stands behind the first word -- */

static sy_rc take_text(sy_str value, char *out, size_t size, sy_err *err)
{
    if (value.size == 0 || value.size >= size || memchr(value.data, '\0', value.size) != NULL) {
        return SY_FAIL(err, SY_PARSE, "empty, too long, or with a zero byte");
    }
    memcpy(out, value.data, value.size);
    out[value.size] = '\0';
    return SY_OK;
}

static sy_rc take_scenario(sim_reproduction *out, sy_str value, sy_err *err)
{
    return take_text(value, out->scenario, sizeof out->scenario, err);
}

static sy_rc take_seed(sim_reproduction *out, sy_str value, sy_err *err)
{
    uint64_t seed = 0;
    for (size_t i = 0; i < value.size; i++) {
        uint64_t digit = (uint64_t)value.data[i] - '0';
        if (digit > 9 || seed > (UINT64_MAX - digit) / 10) {
            seed = 0;
            break;
        }
        seed = seed * 10 + digit;
    }
    out->options.seed = seed;
    return seed > 0 ? SY_OK : SY_FAIL(err, SY_PARSE, "a seed is a whole number from 1");
}

static sy_rc take_dialect(sim_reproduction *out, sy_str value, sy_err *err)
{
    out->options.dialect = sy_dialect_find(value);
    return out->options.dialect != NULL
               ? SY_OK
               : SY_FAIL(err, SY_PARSE, "unknown dialect '%.*s'", SY_FMT(value));
}

static sy_rc take_server(sim_reproduction *out, sy_str value, sy_err *err)
{
    out->options.server = sy_server_dialect_find(value);
    return out->options.server != NULL
               ? SY_OK
               : SY_FAIL(err, SY_PARSE, "unknown server dialect '%.*s'", SY_FMT(value));
}

static sy_rc take_policy(sim_reproduction *out, sy_str value, sy_err *err)
{
    out->options.policy = sy_policy_find(value);
    return out->options.policy != NULL
               ? SY_OK
               : SY_FAIL(err, SY_PARSE, "unknown policy '%.*s'", SY_FMT(value));
}

static sy_rc take_signature(sim_reproduction *out, sy_str value, sy_err *err)
{
    return take_text(value, out->signature.text, sizeof out->signature.text, err);
}

static sy_str take_word(sy_str *rest)
{
    const char *blank = memchr(rest->data, ' ', rest->size);
    const size_t size = blank != NULL ? (size_t)(blank - rest->data) : rest->size;
    const sy_str word = {rest->data, size};
    const size_t over = size < rest->size ? size + 1 : size;
    *rest = (sy_str){rest->data + over, rest->size - over};
    return word;
}

/* The options of a command line: --weather NAME, --set KNOB=VALUE, --breaches. */
static sy_rc take_weather(sim_reproduction *out, sy_str value, sy_err *err)
{
    sim_weather_asked *asked = &out->options.weather;
    sy_rc rc = take_text(value, out->weather, sizeof out->weather, err);
    sy_str rest = sy_str_of(out->weather);
    while (rc == SY_OK && rest.size > 0) {
        const sy_str word = take_word(&rest);
        if (sy_str_equal(word, SY_STR("--breaches"))) {
            asked->breaches = true;
        } else if (sy_str_equal(word, SY_STR("--weather"))) {
            rc = sim_weather_ask(asked, take_word(&rest), err);
        } else if (sy_str_equal(word, SY_STR("--set"))) {
            rc = sim_weather_ask_set(asked, take_word(&rest), err);
        } else {
            rc = SY_FAIL(err, SY_PARSE, "'%.*s' says nothing of weather", SY_FMT(word));
        }
    }
    return rc == SY_OK || rc == SY_PARSE ? rc : sy_err_wrap(err, SY_PARSE, "weather");
}

static sy_rc take_window(sim_reproduction *out, sy_str value, sy_err *err)
{
    out->options.orders = true;
    return sy_duration_parse(value, &out->options.window_ns, err);
}

static const struct {
    const char *word;
    sy_rc (*take)(sim_reproduction *out, sy_str value, sy_err *err);
} words[] = {
    {"scenario ", take_scenario}, {"seed ", take_seed},     {"dialect ", take_dialect},
    {"server ", take_server},     {"policy ", take_policy}, {"shows ", take_signature},
    {"weather ", take_weather},   {"window ", take_window},
};

static sy_rc read_head(sim_reproduction *out, sy_str line, sy_err *err)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        sy_str word = sy_str_of(words[i].word);
        if (sy_str_starts_with(line, word)) {
            return words[i].take(out, (sy_str){line.data + word.size, line.size - word.size}, err);
        }
    }
    return SY_FAIL(
        err, SY_PARSE,
        "wanted one of: scenario, seed, dialect, server, policy, weather, window, shows, choices");
}

bool sim_is_reproduction(sy_str text)
{
    return sy_str_starts_with(text, SY_STR("syncsim reproduction "));
}

sy_rc sim_reproduction_read(sy_str text, sy_alloc alloc, sim_reproduction *out, sy_err *err)
{
    *out = (sim_reproduction){.scenario = ""};
    sim_choice_list_init(&out->list, alloc);
    if (!sy_str_equal(sy_str_take_line(&text), sy_str_of(first_line))) {
        return SY_FAIL(err, SY_PARSE, "line 1: a reproduction begins with '%s'", first_line);
    }
    bool choices = false;
    sy_rc rc = SY_OK;
    for (unsigned number = 2; text.size > 0 && rc == SY_OK; number++) {
        sy_str line = sy_str_take_line(&text);
        if (choices) {
            rc = sim_choice_list_read_line(&out->list, line, err);
        } else if (sy_str_equal(line, SY_STR("choices"))) {
            choices = true;
        } else if (sy_str_equal(line, SY_STR("calm"))) {
            out->options.calm = true;
        } else if (sy_str_equal(line, SY_STR("drawn"))) {
            out->drawn = true;
        } else {
            rc = read_head(out, line, err);
        }
        if (rc != SY_OK) {
            (void)sy_err_wrap(err, rc, "line %u", number);
        }
    }
    if (rc == SY_OK &&
        (choices == out->drawn || out->scenario[0] == '\0' || out->options.seed == 0)) {
        rc = SY_FAIL(err, SY_PARSE, "it ends too early: scenario, seed and choices are wanted");
    }
    return rc;
}

/* The tables of knobs side by side. A dial is found by the offset of its folder's struct plus its
 * own.
 *
 * Swarm draws with the bits of identities (choice.h): which knobs are on is the seed's, not a fault
 * that a shrinker may take away one by one; what the weather then does is. */
#include "sim/run/weather.h"

#include "core/base/check.h"
#include "core/base/hash.h"
#include "core/base/suggest.h"

#include <string.h>

#define KNOB_COUNT_MAX 256

static const struct {
    const sim_knob *knobs; /* ends with one without a name */
    size_t at;             /* of the folder's struct */
} folders[] = {
    {sim_link_knobs, offsetof(sim_weather, net)},
    {sim_host_knobs, offsetof(sim_weather, host)},
    {sim_disk_knobs, offsetof(sim_weather, disk)},
    {sim_server_knobs, offsetof(sim_weather, server)},
};

/* The knob and where its dial is; NULL past the last. */
static const sim_knob *knob_at(size_t index, size_t *at)
{
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const sim_knob *knob = folders[i].knobs;
        for (; knob->name != NULL; knob++, index--) {
            if (index == 0) {
                *at = folders[i].at + knob->at;
                return knob;
            }
        }
    }
    return NULL;
}

const sim_knob *sim_weather_knob(size_t index)
{
    size_t at = 0;
    return knob_at(index, &at);
}

int64_t sim_weather_get(const sim_weather *weather, size_t index)
{
    size_t at = 0;
    const sim_knob *knob = knob_at(index, &at);
    SY_ASSERT(knob != NULL);
    int64_t value = 0;
    memcpy(&value, (const char *)weather + at, sizeof value);
    return value;
}

void sim_weather_put(sim_weather *weather, size_t index, int64_t value)
{
    size_t at = 0;
    const sim_knob *knob = knob_at(index, &at);
    SY_ASSERT(knob != NULL);
    memcpy((char *)weather + at, &value, sizeof value);
}

static sy_rc fail_unknown(const char *what, sy_str name, const sy_str *known, size_t count,
                          sy_err *err)
{
    const sy_str *nearest = sy_suggest(name, known, count);
    return nearest == NULL ? SY_FAIL(err, SY_NOT_FOUND, "unknown %s '%.*s'", what, SY_FMT(name))
                           : SY_FAIL(err, SY_NOT_FOUND, "unknown %s '%.*s'; did you mean '%.*s'?",
                                     what, SY_FMT(name), SY_FMT(*nearest));
}

sy_rc sim_weather_find(sy_str name, size_t *index, sy_err *err)
{
    sy_str known[KNOB_COUNT_MAX];
    size_t count = 0;
    for (const sim_knob *knob = NULL; (knob = sim_weather_knob(count)) != NULL; count++) {
        SY_ASSERT(count < KNOB_COUNT_MAX);
        known[count] = sy_str_of(knob->name);
        if (sy_str_equal(name, known[count])) {
            *index = count;
            return SY_OK;
        }
    }
    return fail_unknown("knob", name, known, count, err);
}

sy_rc sim_weather_set(sim_weather *weather, sy_str name, sy_str value, sy_err *err)
{
    size_t index = 0;
    int64_t number = 0;
    sy_rc rc = sim_weather_find(name, &index, err);
    if (rc == SY_OK) {
        rc = sim_knob_parse(sim_weather_knob(index), value, &number, err);
    }
    if (rc == SY_OK) {
        sim_weather_put(weather, index, number);
    }
    return rc;
}

static sy_str trim(sy_str text)
{
    while (text.size > 0 && text.data[0] == ' ') {
        text = (sy_str){text.data + 1, text.size - 1};
    }
    while (text.size > 0 && text.data[text.size - 1] == ' ') {
        text.size--;
    }
    return text;
}

sy_rc sim_weather_set_line(sim_weather *weather, sy_str line, sy_err *err)
{
    const char *sign = memchr(line.data, '=', line.size);
    if (sign == NULL) {
        return SY_FAIL(err, SY_INVALID, "'%.*s' is not like net.request-lost=30", SY_FMT(line));
    }
    const size_t size = (size_t)(sign - line.data);
    return sim_weather_set(weather, trim((sy_str){line.data, size}),
                           trim((sy_str){sign + 1, line.size - size - 1}), err);
}

void sim_weather_print(const sim_weather *weather, const char *between, sy_buf *out)
{
    const char *before = "";
    const sim_knob *knob = NULL;
    for (size_t i = 0; (knob = sim_weather_knob(i)) != NULL; i++) {
        const int64_t value = sim_weather_get(weather, i);
        if (value != 0) {
            sy_buf_printf(out, "%s%s = ", before, knob->name);
            sim_knob_print(knob, value, out);
            before = between;
        }
    }
}

/* -- what is asked for from outside -- */

sy_rc sim_weather_ask(sim_weather_asked *asked, sy_str name, sy_err *err)
{
    sy_str known[KNOB_COUNT_MAX] = {SY_STR("swarm")};
    size_t count = 1;
    asked->swarm = sy_str_equal(name, known[0]);
    asked->profile = sim_weather_profile_find(name);
    for (; sim_weather_profile_at(count - 1) != NULL; count++) {
        known[count] = sy_str_of(sim_weather_profile_at(count - 1)->name);
    }
    return asked->swarm || asked->profile != NULL
               ? SY_OK
               : fail_unknown("weather", name, known, count, err);
}

static sy_rc ask_line(sim_weather_asked *asked, sy_str line, sy_err *err)
{
    sim_weather ignored = {0};
    sy_rc rc = sim_weather_set_line(&ignored, line, err);
    if (rc == SY_OK && asked->set_count == SIM_WEATHER_SET_COUNT_MAX) {
        return SY_FAIL(err, SY_LIMIT, "at most %d knobs", SIM_WEATHER_SET_COUNT_MAX);
    }
    if (rc == SY_OK) {
        asked->sets[asked->set_count++] = line;
    }
    return rc;
}

sy_rc sim_weather_ask_set(sim_weather_asked *asked, sy_str lines, sy_err *err)
{
    sy_rc rc = SY_OK;
    const char *comma = NULL;
    while (rc == SY_OK && (comma = memchr(lines.data, ',', lines.size)) != NULL) {
        const size_t size = (size_t)(comma - lines.data);
        rc = ask_line(asked, (sy_str){lines.data, size}, err);
        lines = (sy_str){comma + 1, lines.size - size - 1};
    }
    return rc == SY_OK ? ask_line(asked, lines, err) : rc;
}

void sim_weather_asked_print(const sim_weather_asked *asked, sy_buf *out)
{
    if (asked->swarm || asked->profile != NULL) {
        sy_buf_printf(out, " --weather %s", asked->swarm ? "swarm" : asked->profile->name);
    }
    if (asked->breaches) {
        sy_buf_add_str(out, SY_STR(" --breaches"));
    }
    for (uint32_t i = 0; i < asked->set_count; i++) {
        sy_buf_add_str(out, SY_STR(" --set "));
        for (size_t k = 0; k < asked->sets[i].size; k++) {
            if (asked->sets[i].data[k] != ' ') { /* so that a shell takes it as one word */
                sy_buf_add_char(out, asked->sets[i].data[k]);
            }
        }
    }
}

static const sim_label density_label = {.name = "swarm-density", .choice_class = SIM_WORKLOAD};
static const sim_label on_label = {.name = "swarm-on", .choice_class = SIM_WORKLOAD};
static const sim_label strength_label = {.name = "swarm-strength", .choice_class = SIM_WORKLOAD};

/* A draw that is of the setup: nothing switches it off, nobody records it. */
static uint64_t draw(const sim_stream *stream, const sim_label *label, const sim_knob *knob,
                     uint64_t n)
{
    const uint64_t identity = knob == NULL ? 0 : sy_hash(knob->name, strlen(knob->name), 0);
    return sim_choose_bits(stream, label, SIM_KEY(identity)) % n;
}

/* A quarter of the seeds has half of the knobs, a half a quarter of them, a quarter an eighth:
 * faults hide each other, and some need company. Small strengths are as likely as great ones. */
static int64_t draw_strength(const sim_stream *stream, const sim_knob *knob)
{
    static const uint64_t densities[] = {2, 4, 4, 8};
    const bool swarms = knob->strong_max > 0;
    if (!swarms ||
        draw(stream, &on_label, knob, densities[draw(stream, &density_label, NULL, 4)]) != 0) {
        return 0;
    }
    int64_t span = knob->strong_max - knob->strong_min;
    span >>= (int)draw(stream, &strength_label, knob, 3);
    const uint64_t part = sim_choose_bits(stream, &strength_label,
                                          SIM_KEY(sy_hash(knob->name, strlen(knob->name), 0), 1));
    return knob->strong_min + (int64_t)(part % (uint64_t)(span + 1));
}

static void swarm(sim_choice *choice, bool breaches, sim_weather *weather)
{
    const sim_stream stream = sim_stream_of(choice, "world", "swarm");
    const sim_knob *knob = NULL;
    *weather = (sim_weather){0};
    for (size_t i = 0; (knob = sim_weather_knob(i)) != NULL; i++) {
        if (!knob->breach || breaches) {
            sim_weather_put(weather, i, draw_strength(&stream, knob));
        }
    }
}

void sim_weather_answer(const sim_weather_asked *asked, sim_choice *choice, sim_weather *weather)
{
    if (asked->profile != NULL) {
        sim_weather_profile_apply(asked->profile, weather);
    } else if (asked->swarm) {
        swarm(choice, asked->breaches, weather);
    }
    for (uint32_t i = 0; i < asked->set_count; i++) {
        sy_err err = {0};
        const sy_rc rc = sim_weather_set_line(weather, asked->sets[i], &err);
        SY_ASSERT(rc == SY_OK); /* it was checked when it was asked for */
    }
}

/* Weathers by name, as data: policies.md 4.1. To add one: its lines, and a line in `profiles`. A
 * test reads them all. */
#include "sim/run/weather.h"

#include "core/base/check.h"

static const char *const calm[] = {NULL};
static const char *const wifi[] = {"net.latency=4ms", "net.latency-spread=7ms",
                                   "net.request-lost=1", "net.response-lost=1", NULL};
static const char *const lte[] = {"net.latency=20ms", "net.latency-spread=30ms",
                                  "net.request-lost=3", "net.response-lost=3", NULL};
static const char *const third_generation[] = {"net.latency=40ms", "net.latency-spread=70ms",
                                               "net.request-lost=10", "net.response-lost=10", NULL};
static const char *const edge[] = {"net.latency=250ms", "net.latency-spread=340ms",
                                   "net.request-lost=20", "net.response-lost=20", NULL};
static const char *const rural[] = {"net.latency=80ms", "net.latency-spread=140ms",
                                    "net.request-lost=40", "net.response-lost=40", NULL};

static const sim_weather_profile profiles[] = {
    {"calm", "no faults, no delay", calm},
    {"wifi", "15 ms there and back", wifi},
    {"lte", "70 ms there and back, little is lost", lte},
    {"3g", "150 ms there and back, 1 % lost each way", third_generation},
    {"edge", "840 ms there and back, 2 % lost each way", edge},
    {"rural", "300 ms there and back, 4 % lost each way", rural},
};

const sim_weather_profile *sim_weather_profile_at(size_t index)
{
    return index < sizeof profiles / sizeof profiles[0] ? &profiles[index] : NULL;
}

const sim_weather_profile *sim_weather_profile_find(sy_str name)
{
    const sim_weather_profile *profile = NULL;
    for (size_t i = 0; (profile = sim_weather_profile_at(i)) != NULL; i++) {
        if (sy_str_equal(name, sy_str_of(profile->name))) {
            return profile;
        }
    }
    return NULL;
}

void sim_weather_profile_apply(const sim_weather_profile *profile, sim_weather *weather)
{
    *weather = (sim_weather){0};
    for (const char *const *line = profile->lines; *line != NULL; line++) {
        sy_err err = {0};
        const sy_rc rc = sim_weather_set_line(weather, sy_str_of(*line), &err);
        SY_ASSERT(rc == SY_OK); /* a profile is ours */
    }
}

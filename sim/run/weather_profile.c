/* Weathers by name, as data: policies.md 4.1. To add one: its lines, and a line in `profiles`. A
 * test reads them all. */
#include "sim/run/weather.h"

#include "core/base/check.h"

static const char *const calm[] = {NULL};
static const char *const wifi[] = {"net.latency-tail=7.5ms",
                                   "net.latency-sigma=500",
                                   "net.down-rate=3750000",
                                   "net.up-rate=1875000",
                                   "net.request-lost=1",
                                   "net.response-lost=1",
                                   "net.portal=10",
                                   "net.outage-every=2h",
                                   "net.outage-lasting=40min",
                                   "net.outage-shape=15000",
                                   NULL};
static const char *const lte[] = {"net.handover-every=4min",
                                  "net.latency-tail=35ms",
                                  "net.latency-sigma=450",
                                  "net.down-rate=1625000",
                                  "net.up-rate=750000",
                                  "net.request-lost=3",
                                  "net.response-lost=3",
                                  "net.promotion=260ms",
                                  "net.outage-every=144min",
                                  "net.outage-lasting=40s",
                                  NULL};
static const char *const third_generation[] = {"net.latency-tail=75ms",   "net.latency-sigma=600",
                                               "net.down-rate=200000",    "net.up-rate=96000",
                                               "net.request-lost=10",     "net.response-lost=10",
                                               "net.promotion=1s",        "net.outage-every=1h",
                                               "net.outage-lasting=1min", NULL};
static const char *const edge[] = {
    "net.latency-tail=420ms", "net.latency-sigma=500",   "net.down-rate=30000",
    "net.up-rate=25000",      "net.request-lost=20",     "net.response-lost=20",
    "net.outage-every=20min", "net.outage-lasting=2min", NULL};
static const char *const gprs[] = {
    "net.latency-tail=250ms", "net.latency-sigma=600",   "net.down-rate=6250",
    "net.up-rate=2500",       "net.request-lost=30",     "net.response-lost=30",
    "net.outage-every=10min", "net.outage-lasting=3min", NULL};
static const char *const subway[] = {"net.handover-every=4min",
                                     "net.latency-tail=35ms",
                                     "net.latency-sigma=450",
                                     "net.down-rate=1625000",
                                     "net.up-rate=750000",
                                     "net.request-lost=3",
                                     "net.response-lost=3",
                                     "net.outage-every=42s",
                                     "net.outage-lasting=2min",
                                     "net.outage-shape=300",
                                     NULL};
static const char *const elevator[] = {"net.handover-every=4min",
                                       "net.latency-tail=35ms",
                                       "net.latency-sigma=450",
                                       "net.down-rate=1625000",
                                       "net.up-rate=750000",
                                       "net.request-lost=3",
                                       "net.response-lost=20",
                                       "net.outage-every=30min",
                                       "net.outage-lasting=37s",
                                       "net.outage-shape=400",
                                       NULL};
static const char *const airplane[] = {"host.travel=2",
                                       "net.latency-tail=7.5ms",
                                       "net.latency-sigma=500",
                                       "net.request-lost=1",
                                       "net.response-lost=1",
                                       "net.outage-every=18h",
                                       "net.outage-lasting=215min",
                                       "net.outage-shape=600",
                                       NULL};
static const char *const rural[] = {"net.latency-tail=150ms",
                                    "net.latency-sigma=800",
                                    "net.down-rate=97500",
                                    "net.up-rate=41250",
                                    "net.request-lost=40",
                                    "net.response-lost=40",
                                    "net.response-truncated=10",
                                    "net.outage-every=15min",
                                    "net.outage-lasting=25min",
                                    "net.outage-shape=12000",
                                    NULL};
static const char *const field_day[] = {"net.latency-tail=7.5ms", "net.latency-sigma=500",
                                        "net.down-rate=3750000",  "net.up-rate=1875000",
                                        "net.request-lost=1",     "net.response-lost=1",
                                        "net.outage-every=14h",   "net.outage-lasting=10h",
                                        "net.outage-shape=1",     NULL};
static const char *const busy[] = {"net.latency=5ms",    "net.latency-spread=100ms",
                                   "net.throttled=100",  "net.failed=50",
                                   "net.unavailable=50", NULL};
static const char *const stormy[] = {"net.latency-spread=20ms",
                                     "net.request-lost=50",
                                     "net.request-refused=50",
                                     "net.request-duplicated=50",
                                     "net.request-late=50",
                                     "net.unauthorized=50",
                                     "net.portal=50",
                                     "net.throttled=50",
                                     "net.unavailable=50",
                                     "net.failed=50",
                                     "net.response-lost=50",
                                     "net.response-reset=50",
                                     "net.response-truncated=50",
                                     "net.response-failed=50",
                                     "net.response-late=50",
                                     "net.notice-lost=50",
                                     "net.notice-doubled=50",
                                     "net.notice-late=50",
                                     NULL};

static const sim_weather_profile profiles[] = {
    {"calm", "no faults, no delay", calm},
    {"wifi", "15 ms there and back; off now and then for long", wifi},
    {"lte", "70 ms there and back, little is lost", lte},
    {"3g", "150 ms there and back, 1 % lost each way", third_generation},
    {"edge", "840 ms there and back, 2 % lost each way", edge},
    {"gprs", "500 ms there and back, 20 kb/s up, 3 % lost each way", gprs},
    {"subway", "lte in stations, tunnels of two minutes between them", subway},
    {"elevator", "lte; for half a minute now and then, and answers get lost", elevator},
    {"airplane", "offline for some hours a day; other time zones", airplane},
    {"rural", "300 ms there and back, 4 % lost each way, offline for long", rural},
    {"field-day", "ten hours without a network, then wifi at the depot", field_day},
    {"busy", "a server at its limits: 429 and 5xx for every tenth request each", busy},
    {"stormy", "every fault of the network, each for every twentieth message", stormy},
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

/* All the weather of a world: the dials of each folder that can go wrong, set by name, by profile,
 * or drawn from the seed. Zeroed: calm. policies.md 4.1; design.md, "Stories and worlds".
 *
 * To add a folder: its struct here, a line in weather.c. To add a profile: a line in
 * weather_profile.c. */
#ifndef SIM_RUN_WEATHER_H
#define SIM_RUN_WEATHER_H

#include "sim/disk/disk_weather.h"
#include "sim/host/client_weather.h"
#include "sim/host/server_weather.h"
#include "sim/kernel/choice.h"
#include "sim/kernel/knob.h"
#include "sim/net/link.h"

typedef struct sim_weather {
    sim_link_weather net;  /* each client's own */
    sim_host_weather host; /* likewise */
    sim_disk_weather disk; /* likewise */
    sim_server_weather server;
} sim_weather;

/* 0, 1... through the knobs of all folders; NULL after the last. */
const sim_knob *sim_weather_knob(size_t index);
int64_t sim_weather_get(const sim_weather *weather, size_t index);
/* SY_NOT_FOUND: there is no such knob; the text suggests one. */
sy_rc sim_weather_find(sy_str name, size_t *index, sy_err *err);
void sim_weather_put(sim_weather *weather, size_t index, int64_t value);
/* By name. SY_NOT_FOUND as above, SY_INVALID: not a value of it. */
sy_rc sim_weather_set(sim_weather *weather, sy_str name, sy_str value, sy_err *err);
/* "net.request-lost=30", or with blanks around the sign. */
sy_rc sim_weather_set_line(sim_weather *weather, sy_str line, sy_err *err);
/* "net.latency = 20 ms" for each dial that is not 0, with `between` between two of them. */
void sim_weather_print(const sim_weather *weather, const char *between, sy_buf *out);

/* -- profiles: weather_profile.c -- */

typedef struct sim_weather_profile {
    const char *name, *what;
    const char *const *lines; /* "net.latency=20ms"...; NULL ends it */
} sim_weather_profile;

const sim_weather_profile *sim_weather_profile_at(size_t index); /* NULL after the last */
const sim_weather_profile *sim_weather_profile_find(sy_str name);
/* The dials become those of the profile. */
void sim_weather_profile_apply(const sim_weather_profile *profile, sim_weather *weather);

/* -- what is asked for from outside -- */

#define SIM_WEATHER_SET_COUNT_MAX 32

typedef struct sim_weather_asked {      /* zeroed: nothing, the scenario's own weather counts */
    const sim_weather_profile *profile; /* wins over the scenario's */
    bool swarm;    /* likewise: a random subset of knobs with random strengths, from the seed */
    bool breaches; /* of swarm: breaches of contract too */
    sy_str sets[SIM_WEATHER_SET_COUNT_MAX]; /* "net.request-lost=0"; borrowed; win over all */
    uint32_t set_count;
} sim_weather_asked;

/* "calm", "swarm" or a profile. SY_NOT_FOUND with a suggestion. */
sy_rc sim_weather_ask(sim_weather_asked *asked, sy_str name, sy_err *err);
/* One line or several, with commas between them; checked now. SY_LIMIT: too many. */
sy_rc sim_weather_ask_set(sim_weather_asked *asked, sy_str lines, sy_err *err);
/* " --weather lte --set net.latency=0", as it was asked for; nothing when nothing was. */
void sim_weather_asked_print(const sim_weather_asked *asked, sy_buf *out);
/* What is asked for, over the scenario's own in *weather. What swarm draws depends on the seed and
 * on nothing else: another knob, another policy or a fault that is switched off changes none of it.
 */
void sim_weather_answer(const sim_weather_asked *asked, sim_choice *choice, sim_weather *weather);

#endif

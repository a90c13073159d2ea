/* A small simulation that a law drives step by step: devices, links, the server, one table with the
 * rows "0", "1"... Every call steps the world until it has ended, so that a law reads from top to
 * bottom. The first error stays; after it every call does nothing. */
#ifndef SIM_THEORY_RIG_H
#define SIM_THEORY_RIG_H

#include "sim/kernel/distribution.h"
#include "sim/run/simulation.h"

typedef struct sim_rig_options { /* zeroed: one device on `sound` in a perfect network */
    uint64_t seed;
    uint32_t devices;          /* 0: 1 */
    uint32_t rows;             /* on the server from the beginning */
    const sy_dialect *dialect; /* NULL: sound */
    const sy_server_dialect *server;
    const sy_policy *policy;
    sim_server_options at_server; /* workers, times, page size; the rest is the rig's */
    /* Changes a device's configuration before it is made. NULL: nobody. */
    void (*configure)(void *self, uint32_t device, sim_device_config *config);
    void *self;
} sim_rig_options;

typedef struct sim_rig sim_rig;

/* How often something happened since it was last asked. */
typedef enum sim_rig_count {
    SIM_RIG_CONFLICTS,  /* answers that made a conflict */
    SIM_RIG_SENT,       /* requests of devices */
    SIM_RIG_EXECUTIONS, /* requests that reached the server */
    SIM_RIG_APPLIED,    /* rows that a pull brought */
    SIM_RIG_COUNT_COUNT
} sim_rig_count;

/* NULL with the error in `err`. */
sim_rig *sim_rig_open(const sim_rig_options *options, sy_err *err);
/* SY_OK, or the first error of all. */
sy_rc sim_rig_close(sim_rig *rig, sy_err *err);
bool sim_rig_failed(const sim_rig *rig);
/* With that text, unless something failed before. */
void sim_rig_fail(sim_rig *rig, const char *why);

sim_simulation *sim_rig_simulation(sim_rig *rig);
sy_time sim_rig_now(const sim_rig *rig);
/* Does all that happens until then; nothing if that has passed. */
void sim_rig_wait(sim_rig *rig, sy_time until);

/* A value for what this key is about, drawn as users' doings are. */
uint64_t sim_rig_choose(sim_rig *rig, uint64_t n, sim_key key);
int64_t sim_rig_draw(sim_rig *rig, const sim_distribution *distribution, sim_key key);

/* Calls of a device's app. */
void sim_rig_edit(sim_rig *rig, uint32_t device, uint32_t row);
void sim_rig_insert(sim_rig *rig, uint32_t device, uint32_t row);
bool sim_rig_push(sim_rig *rig, uint32_t device); /* did it complete? */
void sim_rig_pull(sim_rig *rig, uint32_t device);
/* A pull that remembers nothing of those before: its query id is `query`. */
void sim_rig_pull_anew(sim_rig *rig, uint32_t device, uint32_t query);
/* Asks the server for a row, directly; `ended` is told, while the world goes on. */
void sim_rig_ask(sim_rig *rig, uint32_t device, uint32_t row, sim_done ended, void *self);
uint32_t sim_rig_pending(const sim_rig *rig, uint32_t device);
void sim_rig_set_online(sim_rig *rig, uint32_t device, bool online);
sim_clock *sim_rig_clock(sim_rig *rig, uint32_t device);

/* The back office writes a row, at once. */
void sim_rig_serve(sim_rig *rig, uint32_t row);
/* The same at that moment, whatever goes on then. */
void sim_rig_serve_at(sim_rig *rig, sy_time at, uint32_t row);
/* A write that takes its stamp now and commits when it ends. One at a time. */
void sim_rig_serve_begin(sim_rig *rig, uint32_t row);
void sim_rig_serve_end(sim_rig *rig);

/* What a device, or the server, has of a row: a number that changes with each version, 0 where
 * there is none; and the number of the device that wrote it last. */
uint64_t sim_rig_version(sim_rig *rig, uint32_t device, uint32_t row);
uint64_t sim_rig_server_version(sim_rig *rig, uint32_t row);
int64_t sim_rig_server_author(sim_rig *rig, uint32_t row);

/* Since it was asked last; 0 from then on. */
uint64_t sim_rig_take(sim_rig *rig, sim_rig_count what);
/* When `device` last applied a row. */
sy_time sim_rig_applied_at(const sim_rig *rig, uint32_t device);
/* How many different rows were applied since the counter was taken. */
uint32_t sim_rig_take_different(sim_rig *rig);

#endif

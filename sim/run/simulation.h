/* A simulation: one world with its server, its clients, their links and stores, wired together.
 * What scenario bindings call. Everything here is owned by the simulation. */
#ifndef SIM_RUN_SIMULATION_H
#define SIM_RUN_SIMULATION_H

#include "sim/check/checker.h"
#include "sim/disk/sim_store.h"
#include "sim/host/client_host.h"
#include "sim/host/server_host.h"
#include "sim/kernel/census.h"
#include "sim/net/link.h"
#include "sim/run/codec.h"
#include "sim/run/demand.h"
#include "sim/run/weather.h"

typedef enum sim_store_kind { SIM_STORE_MEMORY, SIM_STORE_SQLITE, SIM_STORE_CUSTOM } sim_store_kind;

typedef struct sim_options { /* from the command line; zeroed: nothing given */
    uint64_t seed;           /* 0: 1 */
    uint64_t sky;            /* another weather over the seed's users; 0: the seed's own */
    bool calm;
    sim_weather_asked weather; /* worlds only */
    bool codec;                /* messages go through text on their way */
    bool sizes;                /* their exact size as HTTP text is counted */
    const sy_dialect
        *dialect; /* NULL: the scenario's, else mobile-apps; worlds only: stories name their own */
    const sy_server_dialect *server;
    const sy_policy *policy;        /* of every table of every client; NULL: the scenario's own */
    const sim_choice_list *choices; /* that win over what is drawn; NULL: none */
    bool draws_nothing;             /* beside them: a reproduction */
    sim_choice_list *record;        /* gets every non-zero choice of the run; NULL: nobody asks */
    struct sim_metrics *metrics;    /* gets what was measured of the run; NULL: nobody asks */
    bool record_offers;             /* and every draw of weather, until settle */
    sim_census *census;             /* counts its faults; NULL: nobody asks */
    bool orders; /* the order of events is a choice, within a window of this size */
    sy_time window_ns;
    uint32_t
        pct_depth; /* of random schedules by priority; 0: none. Which one, and how many steps */
    uint64_t pct_number, pct_steps; /* the runs have */
} sim_options;

typedef struct sim_simulation sim_simulation;
/* sim_device: a client with everything around it */

typedef struct sim_device_config {
    const char *name;          /* copied; unique */
    const sy_dialect *dialect; /* NULL: the simulation's default */
    sim_store_kind store;
    sy_store custom; /* SIM_STORE_CUSTOM; survives crashes by itself: `custom_crashed` tells it */
    void (*custom_crashed)(void *self);
    void *custom_self;
    const char *journal_mode, *synchronous; /* NULL: the dialect's */
    bool power_loss; /* its disk remembers what was not synced, for a loss of power that is asked
                        for; SQLite only */
    const sy_client_table *tables; /* copied; schemas outlive the simulation */
    uint32_t table_count;
    sy_handler handler;
    sy_auto_sync auto_sync;
    sy_stamp stamp;
    uint32_t parallel; /* operations of a push at once; 0: one */
    bool pull_on_notice;
    bool starts_offline, starts_down;
    bool metered;
    sim_weather weather; /* what is asked for from outside wins */
    const char *group;   /* copied; devices of one group are out at the same times. NULL: none */
    uint32_t backup;     /* of another device, whose store and identity it begins with; 0: none */
    sy_time timeout_ns;
    sy_time clock_offset_ns, clock_resolution_ns, clock_zone_ns;
    int64_t clock_drift_ppm;
} sim_device_config;

typedef struct sim_clock_options { /* zeroed: a true clock */
    sy_time offset_ns, resolution_ns;
    int64_t drift_ppm;
} sim_clock_options;

typedef struct sim_server_options {
    const sy_server_dialect *dialect; /* NULL: what goes with the simulation's client dialect */
    sim_store_kind store;
    const sy_server_table *tables; /* copied */
    uint32_t table_count;
    int64_t page_size;
    bool notifies;
    bool deletes_do_not_stamp;
    bool mends_links; /* a proxy mends the links of a dialect whose links lead nowhere */
    uint32_t workers;
    sy_time service_ns, commit_ns, commit_spread_ns;
    sim_distribution service_spread; /* on top of service_ns */
    sim_clock_options clock;
    sim_clock_options instances[SIM_INSTANCE_COUNT_MAX]; /* each with a clock of its own */
    uint32_t instance_count;                             /* 0: one, with `clock` */
    sim_weather weather;                                 /* what is asked for from outside wins */
} sim_server_options;

/* The server that goes with a client dialect where nobody says otherwise. */
const sy_server_dialect *sim_server_dialect_for(const sy_dialect *client);

sy_rc sim_simulation_new(sy_alloc alloc, const sim_options *options, sim_simulation **out,
                         sy_err *err);
void sim_simulation_free(sim_simulation *simulation);
sim_world *sim_simulation_world(sim_simulation *simulation);
const sim_options *sim_simulation_options(const sim_simulation *simulation);
/* From now on messages go through text, and the log is shown it. Before the first device. */
void sim_simulation_log(sim_simulation *simulation, const sim_text_log *log);
const char *sim_device_name(const sim_device *device);
/* A client or the server named no dialect of its own, so that the one of the options counted. */
bool sim_simulation_follows(const sim_simulation *simulation);
/* Whoever builds it looked at the dialects of the options, and passes on what he made of them. */
void sim_simulation_follow(sim_simulation *simulation);

/* The server first, once. */
sy_rc sim_simulation_add_server(sim_simulation *simulation, const sim_server_options *options,
                                sy_err *err);
sim_server_host *sim_simulation_server(sim_simulation *simulation);
sy_rc sim_simulation_add_device(sim_simulation *simulation, const sim_device_config *config,
                                sim_device **out, sy_err *err);
sim_device *sim_simulation_device(sim_simulation *simulation,
                                  uint32_t number); /* NULL past the end */
sim_client_host *sim_device_host(sim_device *device);
sim_link *sim_device_link(sim_device *device);
/* The i-th table as the client has it; NULL past the end. */
const sy_schema *sim_device_schema(const sim_device *device, uint32_t number);
/* Another version of the app is installed, over the same store: its tables, copied. While the
 * process is down. */
sy_rc sim_device_set_tables(sim_device *device, const sy_client_table *tables, uint32_t count,
                            sy_err *err);
/* A backup of what its store holds, by number, from 1. */
sy_rc sim_device_back_up(sim_device *device, uint32_t *number, sy_err *err);
/* While the process is down. SY_STATE also when it is no backup of a device, or of another kind of
 * store. */
sy_rc sim_device_restore(sim_device *device, uint32_t number, sy_err *err);
/* The app is removed and installed again, while the process is down. */
sy_rc sim_device_reinstall(sim_device *device, sy_err *err);
sy_rc sim_simulation_back_up_server(sim_simulation *simulation, uint32_t *number, sy_err *err);
/* The server dies and starts with what the backup holds, in another epoch unless it is kept. */
sy_rc sim_simulation_restore_server(sim_simulation *simulation, uint32_t number, bool keeps_epoch,
                                    sy_err *err);
sim_store *sim_device_store(sim_device *device); /* faults: fail or crash at the n-th write */
/* Its process dies, and the power goes. SY_STATE: it is down, or its disk does not remember what
 * was not synced (sim_device_config.power_loss). */
sy_rc sim_device_lose_power(sim_device *device, sim_power_loss loss, sy_err *err);
/* NULL: its store is not on one, or was never opened. Its changes are watched from now on, so that
 * its process dies with it. */
sim_disk *sim_device_disk(sim_device *device);

/* A conflict handler of the scenario, asked through the world: see sim_device_config.handler. */

/* settle(): weather is calm, hosts restart, links heal; then rounds of {every client pushes all,
 * pulls again every query that it ever pulled} until nothing changes or the bound (rounds, virtual
 * time) is reached. Runs in virtual time; `done` gets SY_OK, or SY_LIMIT when it did not come to
 * rest. Emits `scope` events that the convergence checker reads. */
typedef void (*sim_settled)(void *self, sy_rc rc);
sy_rc sim_simulation_settle(sim_simulation *simulation, sim_settled settled, void *self,
                            sy_err *err);

/* For reports: what happened. */
typedef struct sim_counts {
    uint64_t operations; /* local writes that were accepted */
    uint64_t pushes, pulls, conflicts, faults, messages, crashes;
    uint64_t bytes_up, bytes_down; /* of requests and answers as HTTP text; with `sizes`, else 0 */
} sim_counts;
sim_counts sim_simulation_counts(const sim_simulation *simulation);

#endif

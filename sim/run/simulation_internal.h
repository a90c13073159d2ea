/* What simulation.c and settle.c share. */
#ifndef SIM_RUN_SIMULATION_INTERNAL_H
#define SIM_RUN_SIMULATION_INTERNAL_H

#include "core/base/pool.h"
#include "sim/run/storage.h"

struct sim_device {
    sim_simulation *simulation;
    const char *name;
    sim_client_host *host;
    sim_link link;
    sim_run_storage storage;
    const sy_dialect *dialect;
    const sy_client_table *tables;
    uint32_t table_count;
    const sy_schema **schemas; /* codec: as answers are read; NULL: messages stay structs */
    uint32_t installations;    /* made anew since the first */
    bool has_handler;          /* a scenario's own, which may take its time */
    /* settle */
    bool settle_busy;      /* in this round */
    uint32_t settle_query; /* pulled next */
    uint32_t settle_starts;
};

typedef struct sim_backup { /* backup.c */
    sim_image *image;
    const sim_device *of; /* NULL: the server */
} sim_backup;

#define SIM_SETTLE_ROUND_COUNT_MAX 20u
#define SIM_UNREST_COUNT_MAX       32

typedef struct sim_unrest_row { /* committed late in settle */
    sy_str table, id;
    uint32_t commits;
    uint32_t by[2]; /* hosts: the first, and another one if there is one */
    bool told;      /* in a divergence */
} sim_unrest_row;

typedef struct sim_unrest { /* settle_diagnosis.c */
    sim_unrest_row rows[SIM_UNREST_COUNT_MAX];
    uint32_t count;
} sim_unrest;

typedef struct sim_settle { /* settle.c */
    bool active;
    sim_settled settled;
    void *self;
    sy_time deadline;
    uint32_t round;
    uint32_t devices_left; /* in this round */
    bool began_busy; /* something was on its way then: what came of it may not be pulled yet */
    uint64_t state;  /* what everybody held at the end of the last round */
    sim_unrest unrest;
} sim_settle;

struct sim_simulation {
    sy_alloc alloc; /* the pool's; everything but this struct comes from it */
    sy_pool pool;
    sim_options options;
    sim_world world;
    sim_server_host *server;
    sim_run_storage server_storage;
    sim_device **devices;
    size_t device_count, device_capacity;
    sim_device **by_host; /* by host index; NULL: no device */
    size_t by_host_count;
    sim_device **notified; /* installations that are told of changes */
    size_t notified_count, notified_capacity;
    uint64_t crashes;
    uint64_t bytes_up, bytes_down;
    sim_backup *backups;
    size_t backup_count, backup_capacity;
    uint32_t server_restores;
    sim_text_log log; /* of what goes over the wire */
    bool follows;     /* a client or the server took its dialect from the options */
    sim_demands demands;
    struct sim_demand_watch *demand_watch; /* NULL: no class of events is demanded */
    sim_settle settle;
    bool settle_watched;
};

/* demand.c */
void sim_demand_watch_end(sim_simulation *simulation);

/* backup.c */
void sim_backups_free(sim_simulation *simulation);
/* NULL: none of that number. */
const sim_backup *sim_backup_get(const sim_simulation *simulation, uint32_t number);

/* A new device begins with a backup of another. */
sy_rc sim_device_adopt(sim_device *device, uint32_t number, sy_err *err);

/* settle.c: a hash over what clients and server hold; settle_compare.c. */
uint64_t sim_settle_state(sim_simulation *simulation);
/* Compares each client with the server in the scopes that it pulled: `scope` and `divergence`
 * events. */
void sim_settle_compare(sim_simulation *simulation);

/* settle_diagnosis.c */
/* Virtual time within which everybody must have come to rest; while what is on its way still goes
 * as it was sent. */
sy_time sim_settle_bound(sim_simulation *simulation);
/* Rows that are committed are looked at from now on. SY_OK or SY_NOMEM. */
sy_rc sim_settle_watch(sim_simulation *simulation);
sim_unrest_row *sim_unrest_find(sim_unrest *unrest, sy_str table, sy_str id);
/* "stuck queue", "ping-pong between phone and tablet", "permanent divergence" or "slow". */
const char *sim_settle_diagnose(sim_device *device, sy_str table, sy_str id, bool is_pending);
/* As divergences, after those that can be seen: what went on when settle gave up. */
void sim_settle_tell_unrest(sim_simulation *simulation);

#endif

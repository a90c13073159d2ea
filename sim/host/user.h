/* Users: each has a device and does to it what it intends (intention.h), at its time or as soon
 * after as the device lets it. An intention that no longer applies (the row is gone, the device is
 * down) is a recorded no-op. Every one is in the trace as `intention`.
 *
 *   begin --> sync --> wait for its time --> look at the row --> write --+
 *                        ^                                               |
 *                        +-----------------------------------------------+
 *
 * Nobody waits for a sync with the next edit, but for the first. */
#ifndef SIM_HOST_USER_H
#define SIM_HOST_USER_H

#include "sim/host/client_host.h"
#include "sim/host/intention.h"

typedef struct sim_user {
    const char *name;                         /* of its streams and in the trace: the device's */
    sim_client_host *host;                    /* its device */
    void (*connect)(void *self, bool online); /* its link; NULL: no offline sessions */
    void *connect_self;
} sim_user;

/* What a user says to its device, as who writes it down hears it. */
typedef struct sim_saying {
    uint32_t user;
    sim_edit edit; /* undo: update */
    sy_str table, id;
    const sy_row *row; /* insert, update */
} sim_saying;

typedef struct sim_user_listener {                          /* both borrowed for the call */
    uint64_t (*said)(void *self, const sim_saying *saying); /* a number for `over` */
    void (*over)(void *self, uint64_t number);
    void *self;
} sim_user_listener;

typedef struct sim_users_config { /* copied; what it points to lives as long as the world */
    const sim_user_plan *plan;
    const sim_user *users;    /* plan->user_count of them */
    void (*done)(void *self); /* everybody has done everything; from an event */
    void *self;
    sim_user_listener listener; /* zeroed: nobody writes it down */
} sim_users_config;

/* Draws what everybody intends and begins. Lives in the world's arena. SY_OK or SY_NOMEM. */
sy_rc sim_users_start(sim_world *world, const sim_users_config *config, sy_err *err);
/* "todoitem-4" into `out`; the ids of the universe. */
#define SIM_ROW_ID_SIZE_MAX (SY_NAME_SIZE_MAX + 12)
sy_str sim_user_row_id(sy_str table, uint32_t row, char out[SIM_ROW_ID_SIZE_MAX]);

#endif

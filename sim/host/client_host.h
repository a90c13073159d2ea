/* A device: a client engine, its store, its clock, its process. It starts, crashes and restarts;
 * the store survives. The transport is given (sim/net); time-outs are this host's. */
#ifndef SIM_HOST_CLIENT_HOST_H
#define SIM_HOST_CLIENT_HOST_H

#include "core/client/client.h"
#include "sim/host/client_weather.h"
#include "sim/kernel/clock.h"
#include "sim/kernel/world.h"

struct sim_image; /* sim/run/storage.h */

/* Where the rows live, beyond the life of a process. */
typedef struct sim_storage_ops {
    /* The process starts: gives a store that holds what survived. */
    sy_rc (*open)(void *self, sy_store *out, sy_err *err);
    /* `crashed`: the process died; else it ended in order. */
    void (*close)(void *self, bool crashed);
    /* A copy of what was committed, also while a process is up. Whoever holds storage and image
     * together frees it. SY_STATE: this storage can't be copied, or not now. */
    sy_rc (*save)(void *self, struct sim_image **out, sy_err *err);
    /* While no process is up: it holds what the image holds; NULL: nothing. An image of storage of
     * the same kind. */
    sy_rc (*load)(void *self, const struct sim_image *image, sy_err *err);
    /* Frees an image that `save` made. */
    void (*drop)(struct sim_image *image);
} sim_storage_ops;

typedef struct sim_storage {
    const sim_storage_ops *ops;
    void *self;
} sim_storage;

typedef struct sim_client_host sim_client_host;

typedef struct sim_client_host_config {
    const char *name;        /* outlives the host */
    sy_client_config client; /* alloc, store, transport, clock, identity, tracer, listener are the
                                host's to fill */
    sim_storage storage;
    /* Hands a request to the network; takes the message. Answers come to sim_client_host_receiver.
     */
    void (*send)(void *self, sim_message *message);
    void *send_self;
    sy_time timeout_ns; /* 0: 100 s, as the SDKs' HTTP stack has it */
} sim_client_host_config;

/* How a call ended; borrowed. With rc SY_CRASHED the process died under it and `outcome` is NULL.
 */
typedef void (*sim_done)(void *self, sy_rc rc, const sy_outcome *outcome);

sy_rc sim_client_host_new(sim_world *world, const sim_client_host_config *config,
                          sim_client_host **out, sy_err *err);
void sim_client_host_free(sim_client_host *host);

/* Once, before its first start. */
void sim_client_host_set_weather(sim_client_host *host, const sim_host_weather *weather);
/* Starts the process: opens the store, makes the client, initialises it (completed later, `done`
 * may be NULL). */
sy_rc sim_client_host_start(sim_client_host *host, sim_done done, void *self, sy_err *err);
/* At once after its process died by itself: starts it, if it is down. Calls that the dead process
 * did not end are told so when its successor is initialised: an app asks nothing of it before. */
sy_rc sim_client_host_come_back(sim_client_host *host);
/* The tables of the next process, borrowed: another version of the app over the same store. While
 * the process is down. The queries that were pulled are asked of the new tables, but for those that
 * name what is not there any more. */
sy_rc sim_client_host_set_tables(sim_client_host *host, const sy_client_table *tables,
                                 uint32_t count, sy_err *err);
/* The process dies now: every call in progress ends with SY_CRASHED, later answers are dropped. */
void sim_client_host_crash(sim_client_host *host);
/* The process ends in order: its store is closed, no write of it is lost. Calls in progress end as
 * with a crash. */
void sim_client_host_stop(sim_client_host *host);
/* The app goes into the background: after `grace_ns` its process is frozen until it is resumed:
 * nothing of it runs, what comes for it waits. `clock_stands`: so does the host's clock (a virtual
 * machine), which is behind afterwards. Does nothing to a process that is down or in the
 * background. */
void sim_client_host_suspend(sim_client_host *host, sy_time grace_ns, bool clock_stands);
void sim_client_host_resume(sim_client_host *host);
bool sim_client_host_frozen(const sim_client_host *host);
/* What its store holds that was committed. The caller frees the image. */
sy_rc sim_client_host_save(sim_client_host *host, struct sim_image **out, sy_err *err);
/* While the process is down: an old store comes back (a breach: what was acknowledged since is
 * gone, and the server knows it), */
sy_rc sim_client_host_load(sim_client_host *host, const struct sim_image *image, sy_err *err);
/* or the app is installed anew: an empty store, nothing was ever pulled, and from the next start
 * on another installation id (borrowed for good). */
sy_rc sim_client_host_reinstall(sim_client_host *host, sy_str installation_id, sy_err *err);
/* Before its first start: it begins with the store and the identity (borrowed for good) of another
 * device, which may live on: a breach. */
sy_rc sim_client_host_adopt(sim_client_host *host, const struct sim_image *image,
                            sy_str installation_id, sy_err *err);
/* Whose token requests carry from now on (borrowed for good); empty: nobody is logged in. The app's
 * store, and what is pending in it, stays as it is, also over a restart. */
void sim_client_host_log_in(sim_client_host *host, sy_str user);
sy_str sim_client_host_installation(const sim_client_host *host);
bool sim_client_host_up(const sim_client_host *host);
uint64_t sim_client_host_incarnation(const sim_client_host *host);

/* A call of the app; `done` is called exactly once, never from inside, unless an error is returned.
 */
sy_rc sim_client_host_call(sim_client_host *host, const sy_call *call, sim_done done, void *self,
                           sy_ticket *ticket, sy_err *err);
/* false: that call has ended, or is neither a push nor a pull. */
bool sim_client_host_cancel(sim_client_host *host, sy_ticket ticket);
sy_time sim_client_host_timeout_ns(const sim_client_host *host); /* of a request */
/* For handlers that decide later. */
sy_rc sim_client_host_decide(sim_client_host *host, uint64_t decision_id,
                             const sy_decision *decision, sy_err *err);
sy_rc sim_client_host_push_completed(sim_client_host *host, uint64_t decision_id, sy_rc rc,
                                     sy_err *err);
void sim_client_host_connectivity(sim_client_host *host, bool online, bool metered);

/* The queries (with their ids) that any process of this device ever pulled: how many there are by
 * now, and each. Borrowed until the next note. */
uint32_t sim_client_host_note_pulled(sim_client_host *host);
void sim_client_host_pulled(const sim_client_host *host, uint32_t index, const sy_query **query,
                            sy_str *query_id);

sim_receiver sim_client_host_receiver(sim_client_host *host);
uint32_t sim_client_host_index(const sim_client_host *host); /* in the trace */
const char *sim_client_host_name(const sim_client_host *host);
sim_clock *sim_client_host_clock(sim_client_host *host);
/* NULL while the process is down. */
sy_client *sim_client_host_client(sim_client_host *host);
sy_store sim_client_host_store(sim_client_host *host); /* only while up */

#endif

/* The server's machine: a table server behind a number of workers with a service time. The stamp of
 * a write is taken when a worker begins, its commit is `commit_ns` later. Requests wait in order of
 * arrival. */
#ifndef SIM_HOST_SERVER_HOST_H
#define SIM_HOST_SERVER_HOST_H

#include "core/server/server.h"
#include "core/wire/http.h"
#include "sim/host/client_host.h"
#include "sim/host/server_weather.h"
#include "sim/kernel/distribution.h"

#define SIM_INSTANCE_COUNT_MAX 8

typedef struct sim_server_host sim_server_host;

typedef struct sim_server_host_config {
    const char *name;
    sy_server_config
        server; /* alloc, store, clock, identity, tracer, notifier are the host's to fill */
    sim_storage storage;
    uint32_t workers;   /* 0: 4 */
    uint32_t instances; /* 0: 1; each with a clock of its own: a device is served by one */
    sy_time service_ns; /* from beginning to answer */
    sim_distribution service_spread; /* drawn on top (weather), ns */
    sy_time commit_ns;               /* from stamp to commit, at most service_ns */
    sy_time commit_spread_ns;        /* drawn on top (weather): late commits */
    /* An answer is about to leave, its request still there; may change what it says. NULL: nobody
     * looks. `self` is send_self. */
    void (*answering)(void *self, const sim_message *request, sim_message *response);
    /* Sends a response or a notice towards message->to; takes the message. */
    void (*send)(void *self, sim_message *message);
    void *send_self;
    /* The installations that are told of a change: host index of each, by number; false past the
     * end. */
    bool (*installation)(void *self, uint32_t number, uint32_t *host, sy_str *installation_id);
    void *installation_self;
} sim_server_host_config;

sy_rc sim_server_host_new(sim_world *world, const sim_server_host_config *config,
                          sim_server_host **out, sy_err *err);
void sim_server_host_free(sim_server_host *host);
/* Once, before its first start. */
void sim_server_host_set_weather(sim_server_host *host, const sim_server_weather *weather);
sy_rc sim_server_host_start(sim_server_host *host, sy_err *err);
/* Requests in progress die with it; what was committed stays. Later requests are refused until it
 * starts. */
void sim_server_host_crash(sim_server_host *host);
bool sim_server_host_up(const sim_server_host *host);
/* What its store holds that was committed. The caller frees the image. */
sy_rc sim_server_host_save(sim_server_host *host, struct sim_image **out, sy_err *err);
/* While it is down: its data become those of the image. With an `epoch` (borrowed for good) whoever
 * runs it says that this is another history; without one (NULL) nobody does: it failed over to a
 * copy that was stale. */
sy_rc sim_server_host_load(sim_server_host *host, const struct sim_image *image, const char *epoch,
                           sy_err *err);
/* Tombstones that were written so long ago by the server's clock go for good. */
sy_rc sim_server_host_clean_tombstones(sim_server_host *host, sy_time age_ns, int64_t *count,
                                       sy_err *err);
/* A row is removed behind the server's back: a breach. */
sy_rc sim_server_host_hard_delete(sim_server_host *host, sy_str table, sy_str id, sy_err *err);
/* Another version of the server's app is installed over the same data: it dies, and starts with
 * these tables (borrowed for good). Columns that were not there are null; what it no longer has is
 * kept, unseen. */
sy_rc sim_server_host_migrate(sim_server_host *host, const sy_server_table *tables, uint32_t count,
                              sy_err *err);
/* A maintenance window: from now on requests are answered with 503, for so long. */
void sim_server_host_close_for(sim_server_host *host, sy_time duration_ns);
/* From now on at most so many requests in each interval, others are answered with 429. An interval
 * of 0: no limit. */
void sim_server_host_throttle(sim_server_host *host, uint32_t request_count, sy_time interval_ns);
/* Windows and limits end. */
void sim_server_host_heal(sim_server_host *host);
/* Serves a request at once, outside virtual time and the network: the back office (world.server in
 * a scenario). */
sy_rc sim_server_host_serve(sim_server_host *host, const sy_request *request, sy_arena *arena,
                            sy_response *out, sy_err *err);
/* The same for HTTP as text. */
sy_rc sim_server_host_serve_http(sim_server_host *host, const sy_http_request *request,
                                 sy_arena *arena, sy_http_response *out, sy_err *err);
/* From now on: whether the other installations are told of changes. */
void sim_server_host_set_notifies(sim_server_host *host, bool notifies);
/* From now on notices are held for so long and then leave all together, or (coalesces) the last of
 * each table for each device. 0: at once. */
void sim_server_host_gather_notices(sim_server_host *host, sy_time window_ns, bool coalesces);
sim_receiver sim_server_host_receiver(sim_server_host *host);
uint32_t sim_server_host_index(const sim_server_host *host);
/* Of an instance, from 0. */
sim_clock *sim_server_host_clock(sim_server_host *host, uint32_t instance);
uint32_t sim_server_host_instances(const sim_server_host *host);
sy_time sim_server_host_service_ns(const sim_server_host *host); /* in calm weather */
const sy_server_dialect *sim_server_host_dialect(const sim_server_host *host);
/* Its links to a next page name no path [protocol.md 12, edge 57]. */
bool sim_server_host_breaks_links(const sim_server_host *host);
/* The server's schema of a table, also while it is down; NULL: no such table. */
const sy_schema *sim_server_host_schema(const sim_server_host *host, sy_str table);
sy_server *sim_server_host_server(sim_server_host *host); /* NULL while down */

#endif

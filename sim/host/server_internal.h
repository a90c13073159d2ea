/* What server_host.c and server_job.c share and show to nobody else. */
#ifndef SIM_HOST_SERVER_INTERNAL_H
#define SIM_HOST_SERVER_INTERNAL_H

#include "sim/host/server_host.h"
#include "sim/host/slots.h"

typedef struct server_job {
    struct server_job *next;     /* spare ones */
    struct server_job *all_next; /* every job that was ever made */
    sim_server_host *host;
    sim_message *request;
    sim_message *response; /* NULL before the commit */
    sy_server_transaction *transaction;
    sy_time commit_at, answer_at;
    bool alive;   /* a worker has it */
    bool waiting; /* its event is on its way */
} server_job;

typedef struct server_gate { /* zeroed: open to all */
    bool closed;             /* a maintenance window */
    sy_time closed_until;
    uint32_t quota; /* requests in each interval */
    sy_time interval_ns;
    int64_t interval; /* the how-manieth; `served` counts its requests */
    uint32_t served;
} server_gate;

typedef struct server_notices { /* server_notice.c; zeroed: each leaves at once */
    sy_time window_ns;
    bool coalesces;            /* of those for one device and table only the last leaves */
    sim_message *first, *last; /* held */
} server_notices;

struct sim_server_host {
    sim_world *world;
    sim_server_host_config config;
    bool notifies; /* of changes, the other installations */
    uint32_t index;
    sim_clock clocks[SIM_INSTANCE_COUNT_MAX];
    uint32_t serving; /* the instance whose clock stamps now */
    sim_tracer tracer;
    sim_stream identity, commits;
    sy_store store;
    sy_server *server; /* NULL: down */
    uint64_t
        history; /* how often its data were replaced: identities that it makes are others then */
    bool ran_before;
    bool inside; /* a call into the server is running */
    bool dying;  /* crash when it is out */
    bool dispatching;
    sim_message *first, *last; /* waiting requests */
    server_job *all, *spare;
    uint32_t busy; /* workers that have a job */
    sim_server_weather weather;
    sim_slots slots;
    struct sim_image *image; /* of a minute before; NULL: none is needed */
    sim_stream gates;
    server_gate gate;
    server_notices notices;
    sy_request_key about;  /* what notices are about */
    uint32_t office_count; /* requests of the back office */
};

/* -- server_host.c -- */
void sim_server_emit_fault(const sim_server_host *host, const sim_message *message,
                           const char *fault, const char *cause);
void sim_server_emit_change(const sim_server_host *host, const char *change);
/* The answer to a request leaves; takes both. */
void sim_server_send_answer(sim_server_host *host, sim_message *request, sim_message *response);
/* A fault in the trace; takes the message. */
void sim_server_lose(sim_server_host *host, sim_message *message, const char *fault,
                     const char *cause);
/* The end of a call into the server or its store: what became of it, or SY_CRASHED. */
sy_rc sim_server_leave(sim_server_host *host, sy_rc rc, sy_err *err);
/* The process dies; not from inside a call into the server. */
void sim_server_die(sim_server_host *host);

/* The tables of the configuration become the server's own. */
sy_rc sim_server_make_tables(sim_server_host *host, sy_err *err);

/* -- server_weather.c -- */
/* The host is freed. */
void sim_server_weather_end(sim_server_host *host);

/* -- server_notice.c -- */
/* Tells the other installations, or keeps it for the end of the window. */
void sim_server_notify(void *self, const sy_notice *notice);
/* The process died: what was held is lost. */
void sim_server_drop_notices(sim_server_host *host);

/* -- server_gate.c -- */
/* true: the request was turned away, and taken. */
bool sim_server_gate_turns_away(sim_server_host *host, sim_message *request);

/* -- server_job.c -- */
/* Gives waiting requests to free workers. */
void sim_server_dispatch(sim_server_host *host);
/* What is in hand is lost. */
/* Says what their events are. */
void sim_server_jobs_know(sim_world *world);
void sim_server_jobs_kill(sim_server_host *host);
void sim_server_jobs_free(sim_server_host *host);

#endif

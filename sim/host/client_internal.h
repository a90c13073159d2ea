/* What the files of a client host share: client_host.c (the process and its calls), client_wire.c
 * (its requests and their time-outs), client_suspend.c (when it is frozen). */
#ifndef SIM_HOST_CLIENT_INTERNAL_H
#define SIM_HOST_CLIENT_INTERNAL_H

#include "sim/host/client_host.h"
#include "sim/host/slots.h"

typedef struct sim_host_call { /* one call of the app, from submission until `done` returned */
    struct sim_host_call *next;
    sy_ticket ticket;
    sim_done done; /* NULL: nobody asks */
    void *self;
    bool starts;    /* the initialisation of this process */
    sy_arena arena; /* the outcome, once it is there */
    sy_outcome outcome;
    sy_err err;
    sy_push_result push;
} sim_host_call;

typedef struct sim_call_list {
    sim_host_call *first, *last;
} sim_call_list;

typedef struct sim_sent { /* a request that waits for its answer; send_id 0: it has come */
    uint64_t send_id;
    sy_time deadline;
} sim_sent;

typedef struct sim_open_decision {
    uint64_t decision_id;
    int64_t operation;
} sim_open_decision;

typedef struct sim_pulled { /* a query that some process of this device pulled */
    sy_query query;
    sy_str query_id;
} sim_pulled;

struct sim_client_host {
    sim_world *world;
    sim_client_host_config config;
    uint32_t index;
    sim_clock clock;
    sim_tracer tracer;
    sim_stream identities;
    sy_client *client; /* NULL: down */
    sy_store store;
    uint64_t incarnation;
    bool identity_told; /* the trace knows whose commits are whose */
    bool running;       /* inside sy_client_run */
    bool damage_noted;  /* of its store */
    bool crashing;      /* died in there: the rest follows when it returned */
    bool after_crash;   /* the last process died; its successor looks around */
    bool online, metered;
    bool background;                     /* suspended, and */
    sy_str user;                         /* who is logged in; empty: nobody */
    bool frozen;                         /* its grace is over */
    bool clock_stands;                   /* while it is frozen */
    sy_time freezes_at;                  /* of the last suspension */
    sim_message *held_first, *held_last; /* came meanwhile */
    bool run_scheduled;
    uint64_t turns;      /* of the engine */
    sy_time busy_until;  /* the store's calls of the last run take until then */
    sy_time run_cost_ns; /* of the store when this run began */
    sim_host_weather weather;
    sim_slots slots;
    struct sim_image *image; /* of its store, a minute before; NULL: none is needed */
    sy_time weather_until;   /* the process is down, or suspended, by weather */
    sim_call_list open;      /* submitted */
    sim_call_list ended;     /* told when the run's cost is over */
    sim_call_list dead;      /* the process died under them */
    bool dead_waits;         /* they are told when its successor is initialised */
    sim_sent *sent;          /* a ring, by deadline */
    size_t sent_first, sent_count, sent_capacity;
    bool timer_armed;
    sy_arena pulled_arena;
    sim_pulled *pulled;
    size_t pulled_count, pulled_capacity;
    sim_open_decision *decisions;
    size_t decision_count, decision_capacity;
};

/* -- client_calls.c -- */
void sim_call_list_add(sim_call_list *list, sim_host_call *call);
sim_host_call *sim_call_list_pop(sim_call_list *list); /* NULL: empty */
/* The call of this ticket, out of the list; NULL: not in it. */
sim_host_call *sim_call_list_take(sim_call_list *list, sy_ticket ticket);
void sim_call_list_free(sim_client_host *host, sim_call_list *list);
sim_host_call *sim_host_call_get(sim_client_host *host); /* NULL: no memory */
void sim_host_call_put(sim_client_host *host, sim_host_call *call);
/* Keeps a copy of how it ended. false: no memory. */
bool sim_host_call_keep(sim_host_call *call, const sy_outcome *from);

/* -- client_scene.c -- */
/* After a restart that follows a crash: survivors, and how many. */
void sim_client_host_emit_scene(sim_client_host *host);
/* The tables changed: the queries that were pulled are put over them. */
sy_rc sim_client_host_move_pulled(sim_client_host *host, sy_err *err);

/* -- client_host.c -- */
/* Runs the engine: now when it may, else as soon as it may. From an event only. */
void sim_client_host_run(sim_client_host *host);
/* What was due while the process was frozen: ends of calls, time-outs, the engine's turn. From an
 * event only. */
void sim_client_host_catch_up(sim_client_host *host);

/* -- client_weather.c -- */
/* The host is freed. */
void sim_client_host_drop_image(sim_client_host *host);

/* -- client_suspend.c -- */
void sim_client_host_emit_change(const sim_client_host *host, const char *change);
/* A message that comes to a frozen process; takes it. */
void sim_client_host_hold(sim_client_host *host, sim_message *message);
/* The process is no more: what it held comes for nobody. */
void sim_client_host_end_suspension(sim_client_host *host);

/* -- client_wire.c -- */
/* Says what the events of the wire are. */
void sim_client_host_know_wire(sim_world *world);
sy_transport sim_client_host_transport(sim_client_host *host);
/* The process died: nobody waits for an answer any more. */
void sim_client_host_forget_sent(sim_client_host *host);
/* Requests whose time is over time out. true: there were some, the engine is to run. */
bool sim_client_host_time_out(sim_client_host *host);

#endif

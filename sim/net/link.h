/* A link between a client's host and the server: latency, online or offline, faults. Both
 * directions.
 *
 * Each fault is a labelled choice whose zero is calm, or scripted (`drop_next`): the same object
 * either way. The wide fault model plugs in here: a fault is one entry in link.c's table {label,
 * applies to, act}. design.md, ports. */
#ifndef SIM_NET_LINK_H
#define SIM_NET_LINK_H

#include "sim/kernel/knob.h"
#include "sim/kernel/world.h"

typedef struct sim_link_weather { /* zeroed: calm; the knobs below say what each dial is */
    int64_t latency_min_ns;       /* one way */
    int64_t latency_spread_ns;    /* drawn uniformly on top, in steps of 1 us */
    int64_t request_lost;         /* per mille; the server never sees it */
    int64_t response_lost;        /* per mille; the server executed */
    int64_t notice_lost;          /* per mille */
} sim_link_weather;

extern const sim_knob sim_link_knobs[]; /* of sim_link_weather; ends with one without a name */

typedef struct sim_drop { /* scripted: the next messages of a kind are lost */
    sim_message_what what;
    uint32_t count;
} sim_drop;

typedef struct sim_link { /* what carrying a message touches comes first */
    sim_world *world;
    uint32_t host; /* the client's */
    bool online, metered;
    sim_link_weather weather;
    uint32_t drops[3];     /* scripted, by sim_message_what */
    uint32_t empties;      /* scripted: answers with a row that will arrive without it */
    uint64_t latency_hash; /* of its label */
    sim_receiver client, server;
    sim_stream up, down;
    void (*changed)(void *self, bool online,
                    bool metered); /* the client's host hears of it; NULL: nobody */
    void *changed_self;
    uint64_t lost[3]; /* counts for coverage */
} sim_link;

void sim_link_init(sim_link *link, sim_world *world, uint32_t host, const char *host_name);
void sim_link_set(sim_link *link, bool online, bool metered);
/* Carries a message, or loses it. Takes the message. */
void sim_link_send(sim_link *link, sim_message *message);
void sim_link_drop_next(sim_link *link, sim_message_what what, uint32_t count);
/* The next answers with a row arrive with their status and without content. */
void sim_link_empty_next(sim_link *link, uint32_t count);
/* Calm and online from now on; messages on their way still arrive. */
void sim_link_heal(sim_link *link);

#endif

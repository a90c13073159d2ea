/* A link between a client's host and the server: latency, bandwidth, online or offline, faults.
 * Both directions.
 *
 * Each fault is a labelled choice whose zero is calm, or scripted (sim_link_fail_next): one line of
 * the table in link_fault.c either way. design.md, ports. */
#ifndef SIM_NET_LINK_H
#define SIM_NET_LINK_H

#include "sim/kernel/world.h"
#include "sim/net/link_weather.h"
#include "sim/net/outage.h"

/* What can happen to one message; names are those of the trace and of scenarios. */
typedef enum sim_link_fault {
    SIM_LINK_REQUEST_LOST,       /* the server never sees it: a time-out */
    SIM_LINK_REQUEST_REFUSED,    /* nor this, told at once: no route, reset before sending */
    SIM_LINK_REQUEST_DUPLICATED, /* a proxy tried again: executed twice; the first answer counts */
    SIM_LINK_REQUEST_LATE,       /* executed late, often after the time-out and the next attempt */
    SIM_LINK_UNAUTHORIZED,       /* these are answers of something before the server: 401 */
    SIM_LINK_PORTAL,             /* 511: a captive portal */
    SIM_LINK_THROTTLED,          /* 429, with a Retry-After of a second */
    SIM_LINK_UNAVAILABLE,        /* 503 */
    SIM_LINK_FAILED,             /* 500 */
    SIM_LINK_RESPONSE_LOST,      /* executed: a time-out */
    SIM_LINK_RESPONSE_RESET,     /* executed: an error at once */
    SIM_LINK_RESPONSE_TRUNCATED, /* executed: the body is cut off or garbled, noticed: as a reset */
    SIM_LINK_RESPONSE_FAILED,    /* executed: 502 */
    SIM_LINK_RESPONSE_LATE,      /* executed: often dropped when it comes */
    SIM_LINK_RESPONSE_EMPTIED, /* executed: an answer with a row comes without it; scripted only */
    SIM_LINK_NOTICE_LOST,
    SIM_LINK_NOTICE_DOUBLED,
    SIM_LINK_NOTICE_LATE,
    SIM_LINK_FAULT_COUNT
} sim_link_fault;

const char *sim_link_fault_name(sim_link_fault which); /* "request-lost" */

typedef enum sim_link_spell { /* of bad weather: link_spell.c */
                              SIM_SPELL_OUTAGE,
                              SIM_SPELL_BURST,
                              SIM_SPELL_CLOG,
                              SIM_SPELL_HANDOVER,
                              SIM_SPELL_PARTITION,
                              SIM_SPELL_COUNT
} sim_link_spell;

typedef struct sim_link { /* what carrying a message touches comes first */
    sim_world *world;
    uint32_t host; /* the client's */
    bool online, metered;
    bool out;                         /* an outage of the weather is on: as if it were not online */
    bool burst;                       /* a burst of losses is on */
    uint8_t blocked_up, blocked_down; /* by whom (bits): what goes this way vanishes */
    bool rough[3];                    /* by sim_message_what: the weather has a fault for it */
    bool shaped;                      /* a bandwidth, or a radio that sleeps */
    uint32_t scripted;                /* sum of `next` */
    sy_time clogged_until;            /* nothing arrives before */
    uint64_t latency_hash;            /* of its label */
    const sim_distribution *drawn;    /* scripted: latency on top; NULL: none. Borrowed */
    sim_receiver client, server;
    sim_stream up, down;
    sim_link_weather weather;  /* set it by sim_link_set_weather; only latencies may be set here */
    sy_time healed_latency_ns; /* the least latency once it is healed: the scenario's own */
    sy_time up_free_at, down_free_at;    /* when what is on the way has left */
    sy_time used_at;                     /* when the last message left: radios fall asleep */
    uint32_t next[SIM_LINK_FAULT_COUNT]; /* scripted: so many of the next messages that it hits */
    sim_outages *spells;                 /* SIM_SPELL_COUNT; NULL: no weather had one so far */
    const char *group;                   /* of links that are out together; NULL: alone */
    void (*changed)(void *self, bool online,
                    bool metered); /* the client's host hears of it; NULL: nobody */
    void *changed_self;
    uint64_t lost[3]; /* counts for coverage */
} sim_link;

/* `group`: links of one group are out at the same times; NULL: one of its own. Borrowed. */
void sim_link_init(sim_link *link, sim_world *world, uint32_t host, const char *host_name,
                   const char *group);
/* From now on; outages and bursts lie where they would lie had they begun with the world. */
void sim_link_set_weather(sim_link *link, const sim_link_weather *weather);
void sim_link_set(sim_link *link, bool online, bool metered);
/* Online, and no outage is on. */
bool sim_link_is_up(const sim_link *link);
/* An asymmetric partition: what goes this way vanishes, until it is unblocked. */
void sim_link_block(sim_link *link, bool up, bool down);
/* What is sent before then arrives then, in the order of sending. */
void sim_link_clog(sim_link *link, sy_time until);
/* The next `count` messages that the fault hits meet it. */
void sim_link_fail_next(sim_link *link, sim_link_fault which, uint32_t count);
/* Carries a message, or loses it. Takes the message. */
void sim_link_send(sim_link *link, sim_message *message);
/* How long what is on its way now may still take, at most. */
sy_time sim_link_longest_way(const sim_link *link);
/* Calm and online from now on; messages on their way still arrive. */
void sim_link_heal(sim_link *link);

#endif

/* What travels: a request, a response or a notice, deep-copied into an arena of its own, from a
 * pool. */
#ifndef SIM_KERNEL_MESSAGE_H
#define SIM_KERNEL_MESSAGE_H

#include "core/wire/message.h"

#include <stdalign.h>

/* What an arena asks for first. */
#define SIM_MESSAGE_BLOCK_SIZE 1024

typedef enum sim_message_what { SIM_REQUEST, SIM_RESPONSE, SIM_NOTICE } sim_message_what;

/* Who takes messages at the end of a link. Owns the message from then on: puts it back into the
 * pool. */
struct sim_message;

typedef struct sim_receiver_ops {
    void (*receive)(void *self, struct sim_message *message);
    /* The link could not carry a request (`offline`): told at once, instead of a time-out. Owns the
     * message. NULL: not told. */
    void (*refused)(void *self, struct sim_message *message);
} sim_receiver_ops;

typedef struct sim_receiver {
    const sim_receiver_ops *ops;
    void *self;
} sim_receiver;

typedef struct sim_message { /* what carrying one touches comes first */
    void *carrier;           /* the link that it is on, and its world: the link's own */
    struct sim_world *world;
    sim_receiver receiver; /* at the link's other end */
    uint64_t id;           /* the how-manieth of the world */
    sim_message_what what;
    uint32_t from, to; /* host indices */
    sy_request_key
        key; /* REQUEST and its RESPONSE; NOTICE: subject hash(table, id), round: number */
    struct sim_message *next; /* pool, or a receiver's queue */
    uint64_t send_id;         /* REQUEST and its RESPONSE: the client's */
    size_t size;              /* bytes as HTTP text, for links with a bandwidth; 0: not measured */
    uint64_t incarnation;     /* of the client process that sent, or is meant */
    sy_arena arena;           /* of everything in the message */
    union {                   /* by `what` */
        sy_request request;
        sy_response response;
        sy_notice notice;
    };
    struct sim_message_pool *pool;
    bool block_used;
    alignas(16) unsigned char block[SIM_MESSAGE_BLOCK_SIZE]; /* the arena's first: close by */
} sim_message;

typedef struct sim_message_slab sim_message_slab;

typedef struct sim_message_pool {
    sy_alloc alloc;
    sim_message *spare;
    sim_message_slab *slabs;
    uint64_t id_last;
    size_t in_use; /* taken and not yet put back: on their way, or in somebody's queue */
} sim_message_pool;

void sim_message_pool_init(sim_message_pool *pool, sy_alloc alloc);
void sim_message_pool_deinit(sim_message_pool *pool);
/* Of what travels, and whom it is for, in whatever order the world does things. */
uint64_t sim_message_identity(const sim_message *message);
/* One with the next id, an empty arena, and everything else 0; but its request, response or notice
 * is undefined: whoever takes it fills one of them whole. NULL: no memory. */
sim_message *sim_message_get(sim_message_pool *pool);
void sim_message_put(sim_message_pool *pool, sim_message *message);

#endif

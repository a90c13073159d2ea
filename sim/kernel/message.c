/* Messages are recycled with their first block: in steady state carrying one allocates nothing,
 * unless it is a large one, whose memory is not kept: it would be needed by few and held by all.
 * They are made a slab at a time, so that the many that are on their way lie close together; the
 * slabs are what is freed when the world ends, wherever its messages are then. */
#include "sim/kernel/message.h"

#include "core/base/check.h"
#include "core/base/hash.h"

#define SLAB_COUNT 8u

struct sim_message_slab {
    sim_message_slab *next;
    sim_message messages[SLAB_COUNT];
};

/* The allocator of a message's arena: the first block is the message's own, others are the pool's.
 */
static void *block_resize(void *self, void *block, size_t old_size, size_t size)
{
    sim_message *message = self;
    if (block == NULL && size > 0 && size <= sizeof message->block && !message->block_used) {
        message->block_used = true;
        return message->block;
    }
    if (block == message->block) {
        SY_ASSERT(size == 0); /* arenas free, they do not resize */
        message->block_used = false;
        return NULL;
    }
    return sy_alloc_resize(message->pool->alloc, block, old_size, size);
}

void sim_message_pool_init(sim_message_pool *pool, sy_alloc alloc)
{
    *pool = (sim_message_pool){.alloc = alloc};
}

void sim_message_pool_deinit(sim_message_pool *pool)
{
    for (sim_message_slab *slab = pool->slabs, *next = NULL; slab != NULL; slab = next) {
        next = slab->next;
        for (size_t i = 0; i < SLAB_COUNT; i++) {
            sy_arena_deinit(&slab->messages[i].arena);
        }
        sy_alloc_free(pool->alloc, slab, sizeof *slab);
    }
    *pool = (sim_message_pool){.alloc = pool->alloc};
}

static bool add_slab(sim_message_pool *pool)
{
    sim_message_slab *slab = sy_alloc_zeroed(pool->alloc, sizeof *slab);
    if (slab == NULL) {
        return false;
    }
    static const sy_alloc_ops block_ops = {.resize = block_resize};
    slab->next = pool->slabs;
    pool->slabs = slab;
    for (size_t i = SLAB_COUNT; i-- > 0;) {
        sim_message *message = &slab->messages[i];
        message->pool = pool;
        sy_arena_init(&message->arena, (sy_alloc){.ops = &block_ops, .self = message});
        message->next = pool->spare;
        pool->spare = message;
    }
    return true;
}

sim_message *sim_message_get(sim_message_pool *pool)
{
    if (pool->spare == NULL && !add_slab(pool)) {
        return NULL;
    }
    sim_message *message = pool->spare;
    pool->spare = message->next;
    pool->in_use++;
    message->next = NULL;
    message->carrier = NULL;
    message->id = ++pool->id_last;
    message->what = SIM_REQUEST;
    message->from = 0;
    message->to = 0;
    message->key = (sy_request_key){.subject = 0};
    message->send_id = 0;
    message->incarnation = 0;
    return message;
}

void sim_message_put(sim_message_pool *pool, sim_message *message)
{
    SY_ASSERT(message != NULL && pool->in_use > 0);
    sy_arena_reset(&message->arena);
    if (message->arena.spare != NULL) { /* it carried much: that goes back to where it came from */
        sy_arena_deinit(&message->arena);
    }
    message->next = pool->spare;
    pool->spare = message;
    pool->in_use--;
}

uint64_t sim_message_identity(const sim_message *message)
{
    uint64_t hash = sy_hash_mix(message->key.subject, message->what);
    hash = sy_hash_mix(hash, (uint64_t)message->key.round << 32 | message->key.attempt);
    return sy_hash_mix(hash, (uint64_t)message->from << 32 | message->to);
}

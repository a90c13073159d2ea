/* Messages are recycled with their arenas: in steady state carrying one allocates nothing. `all`
 * links every message ever made, so that those still on their way when the world ends are freed
 * too. */
#include "sim/kernel/message.h"

#include "core/base/check.h"

void sim_message_pool_init(sim_message_pool *pool, sy_alloc alloc)
{
    *pool = (sim_message_pool){.alloc = alloc};
}

void sim_message_pool_deinit(sim_message_pool *pool)
{
    for (sim_message *message = pool->all, *next = NULL; message != NULL; message = next) {
        next = message->all_next;
        sy_arena_deinit(&message->arena);
        sy_alloc_free(pool->alloc, message, sizeof *message);
    }
    *pool = (sim_message_pool){.alloc = pool->alloc};
}

sim_message *sim_message_get(sim_message_pool *pool)
{
    sim_message *message = pool->spare;
    if (message != NULL) {
        pool->spare = message->next;
        message->next = NULL;
    } else {
        message = sy_alloc_zeroed(pool->alloc, sizeof *message);
        if (message == NULL) {
            return NULL;
        }
        sy_arena_init(&message->arena, pool->alloc);
        message->all_next = pool->all;
        pool->all = message;
    }
    message->id = ++pool->id_last;
    pool->in_use++;
    return message;
}

/* Cleared by kind here, so that a message taken from the pool is empty at the least cost. */
void sim_message_put(sim_message_pool *pool, sim_message *message)
{
    SY_ASSERT(message != NULL);
    switch (message->what) {
    case SIM_REQUEST:
        message->request = (sy_request){.method = SY_METHOD_QUERY};
        break;
    case SIM_RESPONSE:
        message->response = (sy_response){.status = 0};
        break;
    case SIM_NOTICE:
        message->notice = (sy_notice){.cause = SY_METHOD_QUERY};
        break;
    }
    sy_arena_reset(&message->arena);
    message->what = SIM_REQUEST;
    message->from = 0;
    message->to = 0;
    message->send_id = 0;
    message->incarnation = 0;
    message->key = (sy_request_key){.subject = 0};
    message->next = pool->spare;
    pool->spare = message;
    pool->in_use--;
}

/* Notices to the other installations: at once, or at the end of a window that the first of them
 * opens. A burst is all that were held, in their order; coalesced, as push services do, of those
 * for one device and table only the last is left. */
#include "core/base/hash.h"
#include "sim/host/server_internal.h"

static void end_window(void *self)
{
    sim_server_host *host = self;
    sim_message *message = host->notices.first;
    host->notices.first = host->notices.last = NULL;
    while (message != NULL) {
        sim_message *next = message->next;
        message->next = NULL;
        host->config.send(host->config.send_self, message);
        message = next;
    }
}

static void drop_older(sim_server_host *host, const sim_message *newer)
{
    server_notices *notices = &host->notices;
    sim_message *last = NULL;
    for (sim_message **at = &notices->first; *at != NULL;) {
        sim_message *held = *at;
        if (held->to == newer->to && sy_str_equal(held->notice.table, newer->notice.table)) {
            *at = held->next;
            sim_server_lose(host, held, "coalesced", "a later one");
        } else {
            last = held;
            at = &held->next;
        }
    }
    notices->last = last;
}

static void hold(sim_server_host *host, sim_message *message)
{
    server_notices *notices = &host->notices;
    if (notices->first == NULL) {
        sim_world_after(host->world, notices->window_ns, end_window, host);
    }
    if (notices->coalesces) {
        drop_older(host, message);
    }
    message->next = NULL;
    if (notices->last != NULL) {
        notices->last->next = message;
    } else {
        notices->first = message;
    }
    notices->last = message;
}

static void send_notice(sim_server_host *host, uint32_t to, const sy_notice *notice)
{
    sim_message *message = sim_message_get(&host->world->messages);
    if (message == NULL) {
        host->world->broken = SY_NOMEM;
        return;
    }
    message->what = SIM_NOTICE;
    message->from = host->index;
    message->to = to;
    message->notice = (sy_notice){.table = sy_arena_copy(&message->arena, notice->table),
                                  .id = sy_arena_copy(&message->arena, notice->id),
                                  .cause = notice->cause,
                                  .originator = sy_arena_copy(&message->arena, notice->originator)};
    if (message->notice.table.data == NULL || message->notice.id.data == NULL ||
        message->notice.originator.data == NULL) {
        host->world->broken = SY_NOMEM;
        sim_message_put(&host->world->messages, message);
        return;
    }
    uint64_t row = sy_hash(notice->id.data, notice->id.size,
                           sy_hash(notice->table.data, notice->table.size, 0));
    message->key.subject = sy_hash_mix(row, host->about.subject);
    message->key.round = host->about.attempt;
    if (host->notices.window_ns > 0) {
        hold(host, message);
    } else {
        host->config.send(host->config.send_self, message);
    }
}

void sim_server_notify(void *self, const sy_notice *notice)
{
    sim_server_host *host = self;
    const sim_server_host_config *config = &host->config;
    uint32_t to = 0;
    sy_str installation;
    if (config->installation == NULL || !host->notifies) {
        return;
    }
    for (uint32_t i = 0; config->installation(config->installation_self, i, &to, &installation);
         i++) {
        if (!sy_str_equal(installation, notice->originator)) {
            send_notice(host, to, notice);
        }
    }
}

void sim_server_drop_notices(sim_server_host *host)
{
    while (host->notices.first != NULL) {
        sim_message *message = host->notices.first;
        host->notices.first = message->next;
        sim_server_lose(host, message, "lost", "server crashed");
    }
    host->notices.last = NULL;
}

void sim_server_host_gather_notices(sim_server_host *host, sy_time window_ns, bool coalesces)
{
    host->notices.window_ns = window_ns;
    host->notices.coalesces = coalesces;
}

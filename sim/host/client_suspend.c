/* An app in the background: it goes on for a while, then its process is frozen.
 *
 *   suspend --grace--> frozen ............ resume
 *                        answers and notices are held,     -> in the order in which they came
 *                        ends of calls, time-outs and      -> then what is due of these
 *                        the engine's turn are put off
 *
 * Who calls a frozen app waits. Requests that had left are on their way all the same. An answer
 * that came while the process was frozen wins against a time-out that passed meanwhile: it lies in
 * the socket when the timer is looked at. */
#include "sim/host/client_internal.h"

void sim_client_host_emit_change(const sim_client_host *host, const char *change)
{
    sim_trace_event(host->world, host->index, &sim_event_host, sy_cstr(host->config.name),
                    sy_cstr(change));
}

static void let_clock_go(sim_client_host *host)
{
    if (host->frozen && host->clock_stands) {
        sim_clock_stand(&host->clock, false);
    }
}

static void freeze_after_grace(void *self)
{
    sim_client_host *host = self;
    if (host->client != NULL && host->background && host->world->now >= host->freezes_at) {
        host->frozen = true;
        if (host->clock_stands) {
            sim_clock_stand(&host->clock, true);
        }
        sim_client_host_emit_change(host, "frozen");
    }
}

void sim_client_host_suspend(sim_client_host *host, sy_time grace_ns, bool clock_stands)
{
    if (!sim_client_host_up(host) || host->background) {
        return;
    }
    host->background = true;
    host->clock_stands = clock_stands;
    host->freezes_at = host->world->now + grace_ns;
    sim_client_host_emit_change(host, "background");
    sim_world_at(host->world, host->freezes_at, freeze_after_grace, host);
}

bool sim_client_host_frozen(const sim_client_host *host)
{
    return host->frozen;
}

void sim_client_host_hold(sim_client_host *host, sim_message *message)
{
    message->next = NULL;
    if (host->held_last != NULL) {
        host->held_last->next = message;
    } else {
        host->held_first = message;
    }
    host->held_last = message;
}

static sim_message *take_held(sim_client_host *host)
{
    sim_message *message = host->held_first;
    if (message != NULL) {
        host->held_first = message->next;
        host->held_last = host->held_first != NULL ? host->held_last : NULL;
        message->next = NULL;
    }
    return message;
}

/* What was put off is done now, unless the process is frozen again, or died. */
static void thaw(void *self)
{
    sim_client_host *host = self;
    sim_receiver receiver = sim_client_host_receiver(host);
    while (!host->frozen && host->held_first != NULL) {
        receiver.ops->receive(receiver.self, take_held(host));
    }
    if (!host->frozen && host->client != NULL) {
        sim_client_host_catch_up(host);
    }
}

void sim_client_host_resume(sim_client_host *host)
{
    if (!host->background) {
        return;
    }
    host->background = false;
    sim_client_host_emit_change(host, "resumed");
    let_clock_go(host);
    if (host->frozen) {
        host->frozen = false;
        sim_world_after(host->world, 0, thaw, host);
    }
}

void sim_client_host_end_suspension(sim_client_host *host)
{
    let_clock_go(host);
    host->background = false;
    host->frozen = false;
    if (host->held_first != NULL) {
        sim_world_after(host->world, 0, thaw, host); /* they come for nobody: client_wire.c */
    }
}

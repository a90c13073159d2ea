/* The requests of a client host: copied into messages, timed, answered once.
 *
 * Every request has the same time-out, so deadlines come in the order of sending: a ring of them,
 * and one pending timer, armed for the earliest. The timer can't be taken back; when it fires it
 * looks who is late and is armed again for the next one. An answer of an earlier incarnation, or
 * one that comes after the time-out, is dropped.
 *
 *   engine           host                       network
 *     | -- send ----> | -- copy of the request -> |      after what the store cost so far in this
 * run | <- answer --- | <- response ------------- |      whichever of these comes first: | <-
 * NETWORK -- | <- refused -------------- |      exactly one answer for each send | <- TIMEOUT -- |
 * timer                     | */
#include "core/base/check.h"
#include "sim/host/client_internal.h"

#define TIMEOUT_NS_DEFAULT (100 * SY_SECOND)

static sim_sent *sent_at(const sim_client_host *host, size_t i)
{
    return &host->sent[(host->sent_first + i) % host->sent_capacity];
}

static bool grow_sent(sim_client_host *host)
{
    size_t capacity = host->sent_capacity == 0 ? 4 : 2 * host->sent_capacity;
    sim_sent *sent = sy_alloc_get(host->world->alloc, capacity * sizeof *sent);
    if (sent == NULL) {
        return false;
    }
    for (size_t i = 0; i < host->sent_count; i++) {
        sent[i] = *sent_at(host, i);
    }
    sy_alloc_free(host->world->alloc, host->sent, host->sent_capacity * sizeof *sent);
    host->sent = sent;
    host->sent_first = 0;
    host->sent_capacity = capacity;
    return true;
}

static void drop_answered(sim_client_host *host)
{
    while (host->sent_count > 0 && sent_at(host, 0)->send_id == 0) {
        host->sent_first = (host->sent_first + 1) % host->sent_capacity;
        host->sent_count--;
    }
}

/* Nobody waits for this send any more. false: nobody did. */
static bool take_sent(sim_client_host *host, uint64_t send_id)
{
    for (size_t i = 0; i < host->sent_count; i++) {
        sim_sent *sent = sent_at(host, i);
        if (sent->send_id == send_id) {
            sent->send_id = 0;
            drop_answered(host);
            return true;
        }
    }
    return false;
}

void sim_client_host_forget_sent(sim_client_host *host)
{
    host->sent_first = 0;
    host->sent_count = 0;
}

static void arm_timer(sim_client_host *host);

bool sim_client_host_time_out(sim_client_host *host)
{
    bool late = false;
    while (host->sent_count > 0 && sent_at(host, 0)->deadline <= host->world->now) {
        uint64_t send_id = sent_at(host, 0)->send_id;
        (void)take_sent(host, send_id);
        sim_trace_event(host->world, host->index, &sim_event_timeout, sy_int((int64_t)send_id));
        sy_client_answer(host->client, send_id, &(sy_answer){.rc = SY_TIMEOUT});
        late = true;
    }
    arm_timer(host);
    return late;
}

static void timer_fires(void *self)
{
    sim_client_host *host = self;
    host->timer_armed = false;
    if (!host->frozen && sim_client_host_time_out(host)) {
        sim_client_host_run(host);
    }
}

static void arm_timer(sim_client_host *host)
{
    if (!host->timer_armed && host->sent_count > 0) {
        host->timer_armed = true;
        sim_world_at(host->world, sent_at(host, 0)->deadline, timer_fires, host);
    }
}

/* A request that waited for the store leaves, unless its process died meanwhile. */
static void departs(void *self)
{
    sim_message *message = self;
    sim_client_host *host = message->carrier;
    if (host->client == NULL || host->incarnation != message->incarnation) {
        sim_message_put(&host->world->messages, message);
        return;
    }
    host->config.send(host->config.send_self, message);
}

static void identify_timer(const void *self, sim_identity *out)
{
    const sim_client_host *host = self;
    *out = (sim_identity){.host = host->index, .id = host->turns};
}

static void identify_departure(const void *self, sim_identity *out)
{
    const sim_message *message = self;
    *out = (sim_identity){message->from, sim_message_identity(message), false, message};
}

void sim_client_host_know_wire(sim_world *world)
{
    static const sim_source sources[] = {
        {timer_fires, "times out", identify_timer},
        {departs, "leaves", identify_departure},
        {NULL, NULL, NULL},
    };
    sim_world_know(world, sources);
}

static sy_rc fill_request(sim_client_host *host, sim_message *message, uint64_t send_id,
                          const sy_request *request)
{
    message->what = SIM_REQUEST;
    message->from = host->index;
    message->send_id = send_id;
    message->incarnation = host->incarnation;
    message->key = request->key;
    sy_rc rc = sy_request_copy(request, &message->arena, &message->request);
    message->request.user = host->user;
    message->request.origin = (sy_request_origin){host->index, send_id};
    return rc;
}

sy_time sim_client_host_timeout_ns(const sim_client_host *host)
{
    return host->config.timeout_ns > 0 ? host->config.timeout_ns : TIMEOUT_NS_DEFAULT;
}

static sy_rc wire_send(void *self, uint64_t send_id, const sy_request *request, sy_err *err)
{
    sim_client_host *host = self;
    sim_world *world = host->world;
    if (host->crashing) {
        return SY_OK; /* the process is dead, and does not know it yet: nothing leaves */
    }
    if (host->sent_count == host->sent_capacity && !grow_sent(host)) {
        return sy_fail_nomem(err);
    }
    sim_message *message = sim_message_get(&world->messages);
    if (message == NULL) {
        return sy_fail_nomem(err);
    }
    if (fill_request(host, message, send_id, request) != SY_OK) {
        sim_message_put(&world->messages, message);
        return sy_fail_nomem(err);
    }
    sy_time cost = sy_store_cost_ns(host->store) - host->run_cost_ns;
    sy_time timeout = sim_client_host_timeout_ns(host);
    host->sent_count++;
    host->config.client.send_last = send_id; /* for the next process */
    *sent_at(host, host->sent_count - 1) = (sim_sent){send_id, world->now + cost + timeout};
    arm_timer(host);
    if (cost > 0) {
        message->carrier = host;
        sim_world_after(world, cost, departs, message);
    } else {
        host->config.send(host->config.send_self, message);
    }
    return SY_OK;
}

sy_transport sim_client_host_transport(sim_client_host *host)
{
    static const sy_transport_ops ops = {.send = wire_send};
    return (sy_transport){.ops = &ops, .self = host};
}

/* Came for nobody. */
static void drop_late(sim_client_host *host, sim_message *message, const char *cause)
{
    sim_trace_event(host->world, host->index, &sim_event_fault, sy_int((int64_t)message->id),
                    sy_cstr(message->what == SIM_NOTICE ? "notice" : "response"), sy_cstr("late"),
                    sy_cstr(cause), sy_int(host->index), sy_int((int64_t)message->send_id));
    sim_message_put(&host->world->messages, message);
}

static void take_answer(sim_client_host *host, sim_message *message)
{
    if (host->client == NULL || message->incarnation != host->incarnation) {
        drop_late(host, message, "restart");
        return;
    }
    if (!take_sent(host, message->send_id)) {
        drop_late(host, message, "timeout");
        return;
    }
    sy_answer answer = {.rc = SY_OK, .response = &message->response};
    sy_client_answer(host->client, message->send_id, &answer);
    sim_message_put(&host->world->messages, message);
    sim_client_host_run(host);
}

static void take_notice(sim_client_host *host, sim_message *message)
{
    if (host->client == NULL) {
        drop_late(host, message, "down");
        return;
    }
    sy_client_notice(host->client, &message->notice);
    sim_message_put(&host->world->messages, message);
    sim_client_host_run(host);
}

static void wire_receive(void *self, sim_message *message)
{
    sim_client_host *host = self;
    SY_ASSERT(message->what != SIM_REQUEST);
    if (host->frozen) {
        sim_client_host_hold(host, message);
    } else if (message->what == SIM_NOTICE) {
        take_notice(host, message);
    } else {
        take_answer(host, message);
    }
}

static void wire_refused(void *self, sim_message *message)
{
    sim_client_host *host = self;
    uint64_t send_id = message->send_id;
    bool awaited = host->client != NULL && message->incarnation == host->incarnation &&
                   take_sent(host, send_id);
    sim_message_put(&host->world->messages, message);
    if (awaited) {
        sy_client_answer(host->client, send_id, &(sy_answer){.rc = SY_NETWORK});
        sim_client_host_run(host);
    }
}

sim_receiver sim_client_host_receiver(sim_client_host *host)
{
    static const sim_receiver_ops ops = {.receive = wire_receive, .refused = wire_refused};
    return (sim_receiver){.ops = &ops, .self = host};
}

/* What happens to a message:
 *
 * - sent while offline or in an outage: a request is refused, which is told by an event of its own
 *   at the same time; anything else is lost;
 * - its way is blocked (a partition), or a burst takes it: lost;
 * - scripted faults, then those of the weather, in the order of link_fault.c's table; the first
 * that fires decides;
 * - else it arrives when it has left (bandwidth, a radio that wakes) and travelled (latency),
 * unless it is on its way to a client that went offline meanwhile.
 *
 * Messages may overtake each other; those that arrive at the same time come in the order in which
 * they left. */
#include "sim/net/link.h"

#include "sim/kernel/prefetch.h"
#include "sim/net/link_internal.h"

#include <stddef.h>
#include <string.h>

#define IDLE_NS             (11 * SY_SECOND)
#define BURST_LOST          500
#define SIZE_WITHOUT_ONE    300 /* bytes of a message that nobody measured: a notice, a gateway's */
#define TAIL_NS_MAX         SY_HOUR
#define SHAPE_LOGNORMAL_MAX 3000

static const sim_label latency_label = {
    .name = "latency",
    .choice_class = SIM_WEATHER,
    .fault = "net.latency-spread",
    .key_parts = {"subject", "round", "attempt"},
    .representatives = (const uint64_t[]){0, 1000, 1000000},
    .representative_count = 3,
};
static const sim_label tail_label = {
    .name = "latency-tail",
    .choice_class = SIM_WEATHER,
    .fault = "net.latency-tail",
    .bound = SIM_DRAW_BOUND,
    .key_parts = {"subject", "round", "attempt"},
    .representatives = sim_draw_representatives,
    .representative_count = SIM_DRAW_REPRESENTATIVE_COUNT,
};
static const sim_label drawn_label = {
    .name = "latency-drawn",
    .choice_class = SIM_WEATHER,
    .bound = SIM_DRAW_BOUND,
    .key_parts = {"subject", "round", "attempt"},
    .representatives = sim_draw_representatives,
    .representative_count = SIM_DRAW_REPRESENTATIVE_COUNT,
};
static const sim_label burst_lost_label = {
    .name = "burst-lost",
    .choice_class = SIM_WEATHER,
    .fault = "net.burst-lost",
    .bound = 2,
    .key_parts = {"subject", "round", "attempt"},
};

#define CONSTANT_TEXT(literal)                                                                     \
    {                                                                                              \
        .type = SY_TYPE_TEXT, .size = sizeof(literal) - 1, .as.text = (literal)                    \
    }

static const sy_value what_names[] = {
    [SIM_REQUEST] = CONSTANT_TEXT("request"),
    [SIM_RESPONSE] = CONSTANT_TEXT("response"),
    [SIM_NOTICE] = CONSTANT_TEXT("notice"),
};

static inline sy_value number(uint64_t value)
{
    return (sy_value){.type = SY_TYPE_INT, .as.integer = (int64_t)value};
}

static void arrive(void *self);
static void tell_refused(void *self);

static void identify_arrival(const void *self, sim_identity *out)
{
    const sim_message *message = self;
    *out = (sim_identity){message->to, sim_message_identity(message), true, message};
}

static void identify_refusal(const void *self, sim_identity *out)
{
    const sim_message *message = self;
    *out = (sim_identity){message->from, sim_message_identity(message), true, message};
}

static const sim_source sources[] = {
    {arrive, "arrives", identify_arrival},
    {tell_refused, "is refused", identify_refusal},
    {NULL, NULL, NULL},
};

static void emit_change(const sim_link *link, const char *change)
{
    sim_trace_event(link->world, link->host, &sim_event_link,
                    sy_cstr(sim_trace_host(link->world->trace, link->host)), sy_cstr(change));
}

bool sim_link_is_up(const sim_link *link)
{
    return link->online && !link->out;
}

/* Whoever wants to know hears of it when it was another before. */
static void tell_change(sim_link *link, bool was_up, bool was_metered)
{
    const bool up = sim_link_is_up(link);
    if (link->changed != NULL && (up != was_up || link->metered != was_metered)) {
        link->changed(link->changed_self, up, link->metered);
    }
}

void sim_link_set(sim_link *link, bool online, bool metered)
{
    const bool was_up = sim_link_is_up(link);
    const bool was_metered = link->metered;
    const bool was_online = link->online;
    link->online = online;
    link->metered = metered;
    if (metered != was_metered) {
        emit_change(link, metered ? "metered" : "unmetered");
    }
    if (online != was_online) {
        emit_change(link, online ? "online" : "offline");
    }
    tell_change(link, was_up, was_metered);
}

void sim_link_be_out(sim_link *link, bool out)
{
    const bool was_up = sim_link_is_up(link);
    link->out = out;
    emit_change(link, out ? "outage" : "outage over");
    tell_change(link, was_up, link->metered);
}

void sim_link_init(sim_link *link, sim_world *world, uint32_t host, const char *host_name,
                   const char *group)
{
    *link = (sim_link){.world = world, .host = host, .online = true};
    sim_world_know(world, sources);
    link->latency_hash = sim_label_hash(&latency_label);
    link->up = sim_stream_of(world->choice, host_name, "link.up");
    link->down = sim_stream_of(world->choice, host_name, "link.down");
    link->group = group;
}

static sy_time or_default(sy_time given, sy_time otherwise)
{
    return given > 0 ? given : otherwise;
}

/* Of all that the weather can do to such a message, is anything switched on? */
static bool is_rough(const sim_link_weather *w, sim_message_what what)
{
    switch (what) {
    case SIM_REQUEST:
        return (w->request_lost | w->request_refused | w->request_duplicated | w->request_late |
                w->unauthorized | w->portal | w->throttled | w->unavailable | w->failed) != 0;
    case SIM_RESPONSE:
        return (w->response_lost | w->response_reset | w->response_truncated | w->response_failed |
                w->response_late) != 0;
    case SIM_NOTICE:
        return (w->notice_lost | w->notice_doubled | w->notice_late) != 0;
    }
    return true;
}

void sim_link_set_weather(sim_link *link, const sim_link_weather *weather)
{
    link->weather = *weather;
    for (int what = SIM_REQUEST; what <= SIM_NOTICE; what++) {
        link->rough[what] = is_rough(weather, (sim_message_what)what);
    }
    link->shaped = (weather->promotion_ns | weather->up_rate | weather->down_rate) != 0;
    sim_link_set_spells(link);
}

void sim_link_block_by(sim_link *link, sim_link_blocker by, bool up, bool down)
{
    static const char *const names[2][2] = {{"unblocked", "blocked down"},
                                            {"blocked up", "blocked"}};
    const uint8_t blocked_up = (uint8_t)(up ? link->blocked_up | by : link->blocked_up & ~by);
    const uint8_t blocked_down =
        (uint8_t)(down ? link->blocked_down | by : link->blocked_down & ~by);
    if (blocked_up != link->blocked_up || blocked_down != link->blocked_down) {
        emit_change(link, names[blocked_up != 0][blocked_down != 0]);
    }
    link->blocked_up = blocked_up;
    link->blocked_down = blocked_down;
}

void sim_link_block(sim_link *link, bool up, bool down)
{
    sim_link_block_by(link, SIM_BLOCKED_BY_SCRIPT, up, down);
}

void sim_link_hold_up(sim_link *link, sy_time until, const char *change)
{
    emit_change(link, change);
    link->clogged_until = until > link->clogged_until ? until : link->clogged_until;
}

void sim_link_clog(sim_link *link, sy_time until)
{
    sim_link_hold_up(link, until, "clogged");
}

/* -- messages -- */

void sim_link_emit_fault(const sim_link *link, const sim_message *message, const char *name,
                         const char *cause)
{
    sim_trace_event(link->world, link->host, &sim_event_fault, number(message->id),
                    what_names[message->what], sy_cstr(name), sy_cstr(cause), number(link->host),
                    number(message->send_id));
}

void sim_link_lose(sim_link *link, sim_message *message, const char *cause)
{
    sim_link_emit_fault(link, message, "lost", cause);
    link->lost[message->what]++;
    sim_message_put(&link->world->messages, message);
}

static void tell_refused(void *self)
{
    sim_message *message = self;
    sim_link *link = message->carrier;
    if (link->client.ops != NULL && link->client.ops->refused != NULL) {
        link->client.ops->refused(link->client.self, message);
    } else {
        sim_message_put(&link->world->messages, message);
    }
}

void sim_link_refuse(sim_link *link, sim_message *message, sy_time delay)
{
    message->carrier = link;
    sim_world_after(link->world, delay, tell_refused, message);
}

static void refuse_offline(sim_link *link, sim_message *message)
{
    const char *cause = link->online ? "outage" : "offline";
    if (message->what != SIM_REQUEST) {
        sim_link_lose(link, message, cause);
        return;
    }
    sim_link_emit_fault(link, message, "refused", cause);
    sim_link_refuse(link, message, 0);
}

static void arrive(void *self)
{
    sim_message *message = self;
    sim_link *link = message->carrier;
    sim_prefetch(link, offsetof(sim_link, weather.latency_sigma));
    const bool up = message->what == SIM_REQUEST;
    if (!up && !sim_link_is_up(link)) {
        sim_link_lose(link, message, link->online ? "outage" : "offline");
        return;
    }
    sim_trace_event(message->world, message->to, &sim_event_arrive, number(message->id),
                    number(message->from), number(message->to), what_names[message->what]);
    message->receiver.ops->receive(message->receiver.self, message);
}

void sim_link_carry(sim_link *link, sim_message *message, sy_time delay)
{
    message->carrier = link;
    message->world = link->world;
    message->receiver = message->what == SIM_REQUEST ? link->server : link->client;
    sim_world_after(link->world, delay, arrive, message);
}

static sy_time draw_latency(const sim_link *link, const sim_stream *stream, const sim_key *key)
{
    sy_time delay = link->weather.latency_min_ns;
    uint64_t steps = (uint64_t)(link->weather.latency_spread_ns / SY_US);
    if (steps > 0) {
        delay +=
            (sy_time)sim_choose_hashed(stream, &latency_label, link->latency_hash, key, steps + 1) *
            SY_US;
    }
    if (link->weather.latency_tail_ns > 0) {
        const sim_distribution tail = {.kind = SIM_LOGNORMAL,
                                       .scale = link->weather.latency_tail_ns,
                                       .shape = link->weather.latency_sigma < SHAPE_LOGNORMAL_MAX
                                                    ? link->weather.latency_sigma
                                                    : SHAPE_LOGNORMAL_MAX,
                                       .limit = TAIL_NS_MAX};
        delay += sim_distribution_draw(&tail, stream, &tail_label, *key);
    }
    if (link->drawn != NULL) {
        delay += sim_distribution_draw(link->drawn, stream, &drawn_label, *key);
    }
    return delay;
}

/* How long it takes until the message has left: what is before it, the radio, its own bytes. */
static sy_time wait_to_leave(sim_link *link, const sim_message *message)
{
    const sim_link_weather *weather = &link->weather;
    const bool up = message->what == SIM_REQUEST;
    const int64_t rate = up ? weather->up_rate : weather->down_rate;
    sy_time *free_at = up ? &link->up_free_at : &link->down_free_at;
    const sy_time now = link->world->now;
    sy_time begin = now;
    if (weather->promotion_ns > 0 && up && (link->used_at == 0 || now - link->used_at > IDLE_NS)) {
        begin += weather->promotion_ns;
    }
    link->used_at = now > 0 ? now : 1;
    if (rate > 0) {
        const size_t size = message->size > 0 ? message->size : SIZE_WITHOUT_ONE;
        begin = begin > *free_at ? begin : *free_at;
        begin += (sy_time)((uint64_t)size * (uint64_t)SY_SECOND / (uint64_t)rate);
        *free_at = begin;
    }
    return begin - now;
}

static sy_time delay_of(sim_link *link, const sim_message *message, const sim_stream *stream,
                        const sim_key *key)
{
    sy_time delay = draw_latency(link, stream, key);
    if (link->shaped) {
        delay += wait_to_leave(link, message);
    }
    const sy_time clogged = link->clogged_until - link->world->now;
    return clogged > delay ? clogged : delay;
}

/* Why the message vanishes whatever it is; NULL: it does not. */
static const char *vanishes(const sim_link *link, const sim_message *message,
                            const sim_stream *stream, const sim_key *key)
{
    if ((message->what == SIM_REQUEST ? link->blocked_up : link->blocked_down) != 0) {
        return "partition";
    }
    if (!link->burst) {
        return NULL;
    }
    const int64_t rate = link->weather.burst_lost > 0 ? link->weather.burst_lost : BURST_LOST;
    return sim_choose_permille_at(stream, &burst_lost_label, key, (uint32_t)rate) ? "burst" : NULL;
}

void sim_link_send(sim_link *link, sim_message *message)
{
    if (!sim_link_is_up(link)) {
        refuse_offline(link, message);
        return;
    }
    sim_world *world = link->world;
    const sim_stream *stream = message->what == SIM_REQUEST ? &link->up : &link->down;
    const sim_key key = {{message->key.subject, message->key.round, message->key.attempt}};
    const sy_time delay = delay_of(link, message, stream, &key);
    sim_trace_event(world, message->from, &sim_event_depart, number(message->id),
                    number(message->from), number(message->to), what_names[message->what],
                    number((uint64_t)(world->now + delay)));
    const char *cause = vanishes(link, message, stream, &key);
    if (cause != NULL) {
        sim_link_lose(link, message, cause);
        return;
    }
    const sim_link_fault fault = sim_link_draw_fault(link, message, &key, &cause);
    if (fault == SIM_LINK_FAULT_COUNT || !sim_link_act(link, message, fault, delay, cause)) {
        sim_link_carry(link, message, delay);
    }
}

static sy_time later(sy_time a, sy_time b)
{
    return a > b ? a : b;
}

sy_time sim_link_longest_way(const sim_link *link)
{
    const sim_link_weather *weather = &link->weather;
    const sy_time now = link->world->now;
    const sy_time leaves =
        later(now, later(link->clogged_until, later(link->up_free_at, link->down_free_at)));
    return leaves - now + weather->promotion_ns + weather->latency_min_ns +
           weather->latency_spread_ns +
           (weather->latency_tail_ns > 0 || link->drawn != NULL ? TAIL_NS_MAX : 0) +
           or_default(weather->late_ns, SIM_LINK_LATE_NS);
}

void sim_link_heal(sim_link *link)
{
    sim_link_set_weather(link, &(sim_link_weather){.latency_min_ns = link->healed_latency_ns});
    memset(link->next, 0, sizeof link->next);
    link->scripted = 0;
    link->clogged_until = 0;
    link->drawn = NULL;
    sim_link_block(link, false, false); /* the weather's own ended with it */
    sim_link_set(link, true, link->metered);
}

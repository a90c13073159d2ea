/* What happens to a message: refused (nobody to carry it), dropped by script, hit by weather, or
 * carried.
 *
 * - sent while offline: a request is refused, which is told by an event of its own at the same
 *   time; anything else is lost;
 * - scripted: lost;
 * - weather: the faults of the table, in its order; the first that fires decides;
 * - else it arrives after latency_min plus a drawn part of the spread, unless it is on its way to a
 *   client that went offline meanwhile.
 *
 * Messages may overtake each other; those that arrive at the same time come in the order in which
 * they left. */
#include "sim/net/link.h"

#include "sim/kernel/prefetch.h"

#include <stddef.h>
#include <string.h>

static const sim_label latency_label = {
    .name = "latency",
    .choice_class = SIM_WEATHER,
    .key_parts = {"subject", "round", "attempt"},
    .representatives = (const uint64_t[]){0, 1000, 1000000},
    .representative_count = 3,
};
static const sim_label request_lost_label = {
    .name = "request-lost",
    .choice_class = SIM_WEATHER,
    .bound = 2,
    .key_parts = {"subject", "round", "attempt"},
    .verb = "world:link(%host):drop_next { what = \"request\" }",
};
static const sim_label response_lost_label = {
    .name = "response-lost",
    .choice_class = SIM_WEATHER,
    .bound = 2,
    .key_parts = {"subject", "round", "attempt"},
    .verb = "world:link(%host):drop_next { what = \"response\" }",
};
static const sim_label notice_lost_label = {
    .name = "notice-lost",
    .choice_class = SIM_WEATHER,
    .bound = 2,
    .key_parts = {"subject", "number"},
    .verb = "world:link(%host):drop_next { what = \"notice\" }",
};

const sim_knob sim_link_knobs[] = {
    {"net.latency", "the least time that a message takes, one way",
     offsetof(sim_link_weather, latency_min_ns), SIM_UNIT_NS, SY_MS, 400 * SY_MS, false},
    {"net.latency-spread", "drawn on top of it, uniformly",
     offsetof(sim_link_weather, latency_spread_ns), SIM_UNIT_NS, SY_MS, 4 * SY_SECOND, false},
    {"net.request-lost", "requests that the server never sees",
     offsetof(sim_link_weather, request_lost), SIM_UNIT_PER_MILLE, 5, 200, false},
    {"net.response-lost", "answers that get lost after the server executed",
     offsetof(sim_link_weather, response_lost), SIM_UNIT_PER_MILLE, 5, 200, false},
    {"net.notice-lost", "notices of changes that get lost", offsetof(sim_link_weather, notice_lost),
     SIM_UNIT_PER_MILLE, 5, 300, false},
    {0},
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

static void lose(sim_link *link, sim_message *message, const char *cause);

static void lose_to_weather(sim_link *link, sim_message *message)
{
    lose(link, message, "weather");
}

/* A kind of fault: how often, and what it does with the message, which is its from then on. To add
 * one: a label, a rate in sim_link_weather, a line here under the messages that it hits. */
typedef struct fault {
    const sim_label *label;
    size_t rate_at; /* of its int64_t per mille in sim_link_weather */
    void (*act)(sim_link *link, sim_message *message);
} fault;

static const fault request_faults[] = {
    {&request_lost_label, offsetof(sim_link_weather, request_lost), lose_to_weather},
};
static const fault response_faults[] = {
    {&response_lost_label, offsetof(sim_link_weather, response_lost), lose_to_weather},
};
static const fault notice_faults[] = {
    {&notice_lost_label, offsetof(sim_link_weather, notice_lost), lose_to_weather},
};

static const struct {
    const fault *items;
    size_t count;
} faults[] = {
    [SIM_REQUEST] = {request_faults, sizeof request_faults / sizeof request_faults[0]},
    [SIM_RESPONSE] = {response_faults, sizeof response_faults / sizeof response_faults[0]},
    [SIM_NOTICE] = {notice_faults, sizeof notice_faults / sizeof notice_faults[0]},
};

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

void sim_link_init(sim_link *link, sim_world *world, uint32_t host, const char *host_name)
{
    *link = (sim_link){.world = world, .host = host, .online = true};
    sim_world_know(world, sources);
    link->latency_hash = sim_label_hash(&latency_label);
    link->up = sim_stream_of(world->choice, host_name, "link.up");
    link->down = sim_stream_of(world->choice, host_name, "link.down");
}

static void emit_change(sim_link *link, const char *change)
{
    sim_trace_event(link->world, link->host, &sim_event_link,
                    sy_cstr(sim_trace_host(link->world->trace, link->host)), sy_cstr(change));
}

void sim_link_set(sim_link *link, bool online, bool metered)
{
    bool online_changes = link->online != online;
    bool metered_changes = link->metered != metered;
    link->online = online;
    link->metered = metered;
    if (metered_changes) {
        emit_change(link, metered ? "metered" : "unmetered");
    }
    if (online_changes) {
        emit_change(link, online ? "online" : "offline");
    }
    if (link->changed != NULL && (online_changes || metered_changes)) {
        link->changed(link->changed_self, online, metered);
    }
}

static void emit_fault(sim_link *link, const sim_message *message, const char *name,
                       const char *cause)
{
    sim_trace_event(link->world, link->host, &sim_event_fault, number(message->id),
                    what_names[message->what], sy_cstr(name), sy_cstr(cause));
}

static void lose(sim_link *link, sim_message *message, const char *cause)
{
    emit_fault(link, message, "lost", cause);
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

static void refuse(sim_link *link, sim_message *message)
{
    if (message->what != SIM_REQUEST) {
        lose(link, message, "offline");
        return;
    }
    emit_fault(link, message, "refused", "offline");
    message->carrier = link;
    sim_world_after(link->world, 0, tell_refused, message);
}

static void arrive(void *self)
{
    sim_message *message = self;
    sim_link *link = message->carrier;
    sim_prefetch(link, sizeof *link);
    bool up = message->what == SIM_REQUEST;
    if (!up && !link->online) {
        lose(link, message, "offline");
        return;
    }
    sim_trace_event(message->world, message->to, &sim_event_arrive, number(message->id),
                    number(message->from), number(message->to), what_names[message->what]);
    message->receiver.ops->receive(message->receiver.self, message);
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
    return delay;
}

/* The fault that weather has for this message; NULL: none. */
static const fault *draw_fault(const sim_link *link, const sim_stream *stream, const sim_key *key,
                               sim_message_what what)
{
    for (size_t i = 0; i < faults[what].count; i++) {
        const fault *kind = &faults[what].items[i];
        int64_t per_mille = 0;
        memcpy(&per_mille, (const char *)&link->weather + kind->rate_at, sizeof per_mille);
        if (sim_choose_permille_at(stream, kind->label, key, (uint32_t)per_mille)) {
            return kind;
        }
    }
    return NULL;
}

void sim_link_send(sim_link *link, sim_message *message)
{
    sim_world *world = link->world;
    if (!link->online) {
        refuse(link, message);
        return;
    }
    const sim_stream *stream = message->what == SIM_REQUEST ? &link->up : &link->down;
    sim_key key = {{message->key.subject, message->key.round, message->key.attempt}};
    sy_time delay = draw_latency(link, stream, &key);
    sim_trace_event(world, message->from, &sim_event_depart, number(message->id),
                    number(message->from), number(message->to), what_names[message->what],
                    number((uint64_t)(world->now + delay)));
    if (link->drops[message->what] > 0) {
        link->drops[message->what]--;
        lose(link, message, "drop_next");
        return;
    }
    if (link->empties > 0 && message->what == SIM_RESPONSE && message->response.row != NULL) {
        link->empties--;
        message->response.row = NULL;
        emit_fault(link, message, "emptied", "drop_next");
    }
    const fault *hit = draw_fault(link, stream, &key, message->what);
    if (hit != NULL) {
        hit->act(link, message);
        return;
    }
    message->carrier = link;
    message->world = world;
    message->receiver = message->what == SIM_REQUEST ? link->server : link->client;
    sim_world_after(world, delay, arrive, message);
}

void sim_link_drop_next(sim_link *link, sim_message_what what, uint32_t count)
{
    link->drops[what] += count;
}

void sim_link_empty_next(sim_link *link, uint32_t count)
{
    link->empties += count;
}

void sim_link_heal(sim_link *link)
{
    sy_time latency_min_ns = link->weather.latency_min_ns;
    link->weather = (sim_link_weather){.latency_min_ns = latency_min_ns};
    memset(link->drops, 0, sizeof link->drops);
    link->empties = 0;
    sim_link_set(link, true, link->metered);
}

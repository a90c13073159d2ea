/* The table of what happens to single messages. A fault is a label, a rate, the messages that it
 * hits and what it does with one. To add one: a line of the enumeration, a label, a dial with its
 * knob (unless it is scripted only), a line in `faults`. The first that fires decides. */
#include "core/base/check.h"
#include "sim/net/link_internal.h"

#include <string.h>

#define GATEWAY_WAIT_S "1"

#define VERB(fault) .verb = "world:link(%host):fail_next { fault = \"" fault "\" }"
#define MESSAGE_LABEL(label_name)                                                                  \
    .name = (label_name), .choice_class = SIM_WEATHER, .bound = 2, .fault = "net." label_name,     \
    .key_parts = {"subject", "round", "attempt"}
#define NOTICE_LABEL(label_name)                                                                   \
    .name = (label_name), .choice_class = SIM_WEATHER, .bound = 2, .fault = "net." label_name,     \
    .key_parts = {"subject", "number"}

static const sim_label delay_label = {.name = "late-by",
                                      .choice_class = SIM_WEATHER,
                                      .bound = SIM_DRAW_BOUND,
                                      .key_parts = {"subject", "round", "attempt", "what"},
                                      .representatives = sim_draw_representatives,
                                      .representative_count = SIM_DRAW_REPRESENTATIVE_COUNT};

/* -- what faults do -- */

typedef struct hit { /* one message that met one */
    sim_link *link;
    sim_message *message;
    sy_time delay; /* of the message without it */
    const char *name, *cause;
} hit;

static const sim_stream *stream_of(const sim_link *link, const sim_message *message)
{
    return message->what == SIM_REQUEST ? &link->up : &link->down;
}

/* How late the message, or its double, is: up to the dial, never less than a millisecond. */
static sy_time draw_late(const hit *h)
{
    const sim_message *message = h->message;
    const int64_t most = h->link->weather.late_ns;
    const sim_distribution late = {
        .kind = SIM_UNIFORM, .scale = SY_MS, .shape = most > 0 ? most : SIM_LINK_LATE_NS};
    return sim_distribution_draw(&late, stream_of(h->link, message), &delay_label,
                                 SIM_KEY(message->key.subject, message->key.round,
                                         message->key.attempt, (uint64_t)message->what));
}

static bool lose(const hit *h)
{
    sim_link_lose(h->link, h->message, h->cause);
    return true;
}

static bool refuse(const hit *h)
{
    sim_link_emit_fault(h->link, h->message, h->name, h->cause);
    sim_link_refuse(h->link, h->message, 0);
    return true;
}

/* The connection breaks when the answer would have come. */
static bool reset(const hit *h)
{
    sim_link_emit_fault(h->link, h->message, h->name, h->cause);
    sim_link_refuse(h->link, h->message, h->delay);
    return true;
}

static bool delay(const hit *h)
{
    const sy_time late = draw_late(h);
    sim_link_emit_fault(h->link, h->message, h->name, h->cause);
    sim_link_carry(h->link, h->message, h->delay + late);
    return true;
}

static sy_rc copy_notice(const sy_notice *notice, sy_arena *arena, sy_notice *out)
{
    *out = *notice;
    out->table = sy_arena_copy(arena, notice->table);
    out->id = sy_arena_copy(arena, notice->id);
    out->originator = sy_arena_copy(arena, notice->originator);
    return out->table.data != NULL && out->id.data != NULL && out->originator.data != NULL
               ? SY_OK
               : SY_NOMEM;
}

/* A second one of the same; NULL: no memory, the world is broken. */
static sim_message *double_of(sim_link *link, const sim_message *message)
{
    sim_message *copy = sim_message_get(&link->world->messages);
    if (copy == NULL) {
        link->world->broken = SY_NOMEM;
        return NULL;
    }
    copy->what = message->what;
    copy->from = message->from;
    copy->to = message->to;
    copy->key = message->key;
    copy->send_id = message->send_id;
    copy->incarnation = message->incarnation;
    copy->size = message->size;
    const sy_rc rc = message->what == SIM_REQUEST
                         ? sy_request_copy(&message->request, &copy->arena, &copy->request)
                         : copy_notice(&message->notice, &copy->arena, &copy->notice);
    if (rc != SY_OK) {
        link->world->broken = SY_NOMEM;
        sim_message_put(&link->world->messages, copy);
        return NULL;
    }
    return copy;
}

static bool send_twice(const hit *h)
{
    sim_link_emit_fault(h->link, h->message, h->name, h->cause);
    sim_message *copy = double_of(h->link, h->message);
    if (copy != NULL) {
        sim_link_carry(h->link, copy, h->delay + draw_late(h));
    }
    return false;
}

/* An answer that the server did not give. */
static bool answer(const hit *h, int status, const char *reason)
{
    sim_link *link = h->link;
    sim_message *request = h->message;
    sim_link_emit_fault(link, request, h->name, h->cause);
    sim_message *response = sim_message_get(&link->world->messages);
    if (response == NULL) {
        link->world->broken = SY_NOMEM;
    } else {
        response->what = SIM_RESPONSE;
        response->from = request->to;
        response->to = request->from;
        response->key = request->key;
        response->send_id = request->send_id;
        response->incarnation = request->incarnation;
        response->response =
            (sy_response){.status = status, .reason = sy_str_of(reason), .rows = {.total = -1}};
        sim_link_carry(link, response, h->delay);
    }
    sim_message_put(&link->world->messages, request);
    return true;
}

static bool answer_unauthorized(const hit *h)
{
    return answer(h, 401, "the gateway does not know this user");
}

static bool answer_portal(const hit *h)
{
    return answer(h, 511, "log in to the network first");
}

static bool answer_throttled(const hit *h)
{
    return answer(h, 429, "too many requests; Retry-After: " GATEWAY_WAIT_S);
}

static bool answer_unavailable(const hit *h)
{
    return answer(h, 503, "the gateway finds no server");
}

static bool answer_failed(const hit *h)
{
    return answer(h, 500, "the gateway failed");
}

/* The server's answer is replaced on its way. */
static bool fail_response(const hit *h)
{
    sim_link_emit_fault(h->link, h->message, h->name, h->cause);
    h->message->response = (sy_response){
        .status = 502, .reason = SY_STR("the gateway lost the server"), .rows = {.total = -1}};
    return false;
}

static bool empty_response(const hit *h)
{
    h->message->response.row = NULL;
    sim_link_emit_fault(h->link, h->message, h->name, h->cause);
    return false;
}

/* -- the table -- */

typedef struct fault {
    const char *name; /* in the trace */
    sim_message_what hits;
    size_t rate_at; /* of its int64_t per mille in sim_link_weather; 0: scripted only */
    bool (*act)(const hit *h);
    sim_label label;
} fault;

#define RATE(member) offsetof(sim_link_weather, member)

static const fault faults[SIM_LINK_FAULT_COUNT] = {
    [SIM_LINK_REQUEST_LOST] = {"request-lost",
                               SIM_REQUEST,
                               RATE(request_lost),
                               lose,
                               {MESSAGE_LABEL("request-lost"),
                                .verb = "world:link(%host):drop_next { what = \"request\" }"}},
    [SIM_LINK_REQUEST_REFUSED] = {"request-refused",
                                  SIM_REQUEST,
                                  RATE(request_refused),
                                  refuse,
                                  {MESSAGE_LABEL("request-refused"), VERB("request-refused")}},
    [SIM_LINK_REQUEST_DUPLICATED] = {"request-duplicated",
                                     SIM_REQUEST,
                                     RATE(request_duplicated),
                                     send_twice,
                                     {MESSAGE_LABEL("request-duplicated"),
                                      VERB("request-duplicated")}},
    [SIM_LINK_REQUEST_LATE] = {"request-late",
                               SIM_REQUEST,
                               RATE(request_late),
                               delay,
                               {MESSAGE_LABEL("request-late"), VERB("request-late")}},
    [SIM_LINK_UNAUTHORIZED] = {"unauthorized",
                               SIM_REQUEST,
                               RATE(unauthorized),
                               answer_unauthorized,
                               {MESSAGE_LABEL("unauthorized"), VERB("unauthorized")}},
    [SIM_LINK_PORTAL] = {"portal",
                         SIM_REQUEST,
                         RATE(portal),
                         answer_portal,
                         {MESSAGE_LABEL("portal"), VERB("portal")}},
    [SIM_LINK_THROTTLED] = {"throttled",
                            SIM_REQUEST,
                            RATE(throttled),
                            answer_throttled,
                            {MESSAGE_LABEL("throttled"), VERB("throttled")}},
    [SIM_LINK_UNAVAILABLE] = {"unavailable",
                              SIM_REQUEST,
                              RATE(unavailable),
                              answer_unavailable,
                              {MESSAGE_LABEL("unavailable"), VERB("unavailable")}},
    [SIM_LINK_FAILED] = {"failed",
                         SIM_REQUEST,
                         RATE(failed),
                         answer_failed,
                         {MESSAGE_LABEL("failed"), VERB("failed")}},
    [SIM_LINK_RESPONSE_LOST] = {"response-lost",
                                SIM_RESPONSE,
                                RATE(response_lost),
                                lose,
                                {MESSAGE_LABEL("response-lost"),
                                 .verb = "world:link(%host):drop_next { what = \"response\" }"}},
    [SIM_LINK_RESPONSE_RESET] = {"response-reset",
                                 SIM_RESPONSE,
                                 RATE(response_reset),
                                 reset,
                                 {MESSAGE_LABEL("response-reset"), VERB("response-reset")}},
    [SIM_LINK_RESPONSE_TRUNCATED] = {"response-truncated",
                                     SIM_RESPONSE,
                                     RATE(response_truncated),
                                     reset,
                                     {MESSAGE_LABEL("response-truncated"),
                                      VERB("response-truncated")}},
    [SIM_LINK_RESPONSE_FAILED] = {"response-failed",
                                  SIM_RESPONSE,
                                  RATE(response_failed),
                                  fail_response,
                                  {MESSAGE_LABEL("response-failed"), VERB("response-failed")}},
    [SIM_LINK_RESPONSE_LATE] = {"response-late",
                                SIM_RESPONSE,
                                RATE(response_late),
                                delay,
                                {MESSAGE_LABEL("response-late"), VERB("response-late")}},
    [SIM_LINK_RESPONSE_EMPTIED] = {"emptied", SIM_RESPONSE, 0, empty_response, {0}},
    [SIM_LINK_NOTICE_LOST] = {"notice-lost",
                              SIM_NOTICE,
                              RATE(notice_lost),
                              lose,
                              {NOTICE_LABEL("notice-lost"),
                               .verb = "world:link(%host):drop_next { what = \"notice\" }"}},
    [SIM_LINK_NOTICE_DOUBLED] = {"notice-doubled",
                                 SIM_NOTICE,
                                 RATE(notice_doubled),
                                 send_twice,
                                 {NOTICE_LABEL("notice-doubled"), VERB("notice-doubled")}},
    [SIM_LINK_NOTICE_LATE] = {"notice-late",
                              SIM_NOTICE,
                              RATE(notice_late),
                              delay,
                              {NOTICE_LABEL("notice-late"), VERB("notice-late")}},
};

const char *sim_link_fault_name(sim_link_fault which)
{
    SY_ASSERT(which < SIM_LINK_FAULT_COUNT);
    return faults[which].name;
}

/* Can it meet this message at all? */
static bool hits(const fault *kind, const sim_message *message)
{
    return kind->hits == message->what &&
           (kind->act != empty_response || message->response.row != NULL);
}

static int64_t rate_of(const sim_link *link, const fault *kind)
{
    int64_t per_mille = 0;
    memcpy(&per_mille, (const char *)&link->weather + kind->rate_at, sizeof per_mille);
    return per_mille;
}

/* Of the scripted ones that it can meet the first. */
static sim_link_fault take_scripted(sim_link *link, const sim_message *message)
{
    for (size_t i = 0; i < SIM_LINK_FAULT_COUNT; i++) {
        if (link->next[i] > 0 && hits(&faults[i], message)) {
            link->next[i]--;
            link->scripted--;
            return (sim_link_fault)i;
        }
    }
    return SIM_LINK_FAULT_COUNT;
}

sim_link_fault sim_link_draw_fault(sim_link *link, const sim_message *message, const sim_key *key,
                                   const char **cause)
{
    if (link->scripted > 0) {
        const sim_link_fault scripted = take_scripted(link, message);
        if (scripted != SIM_LINK_FAULT_COUNT) {
            *cause = "drop_next";
            return scripted;
        }
    }
    if (!link->rough[message->what] && sim_choice_is_silent(link->world->choice)) {
        return SIM_LINK_FAULT_COUNT;
    }
    *cause = "weather";
    for (size_t i = 0; i < SIM_LINK_FAULT_COUNT; i++) {
        const fault *kind = &faults[i];
        if (kind->hits != message->what || kind->label.name == NULL) {
            continue;
        }
        if (sim_choose_permille_at(stream_of(link, message), &kind->label, key,
                                   (uint32_t)rate_of(link, kind))) {
            return (sim_link_fault)i;
        }
    }
    return SIM_LINK_FAULT_COUNT;
}

bool sim_link_act(sim_link *link, sim_message *message, sim_link_fault which, sy_time delay_ns,
                  const char *cause)
{
    const hit h = {.link = link,
                   .message = message,
                   .delay = delay_ns,
                   .name = faults[which].name,
                   .cause = cause};
    return faults[which].act(&h);
}

void sim_link_fail_next(sim_link *link, sim_link_fault which, uint32_t count)
{
    count = count > UINT32_MAX - link->scripted ? UINT32_MAX - link->scripted : count;
    link->next[which] += count;
    link->scripted += count;
}

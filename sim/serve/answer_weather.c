/* One table of weathers, one table of faults. A fault is a label, a rate and what it makes of the
 * fate; the first that fires decides. To add one: a label, a rate in sim_answer_weather, a line in
 * `faults`. */
#include "sim/serve/answer_weather.h"

#include "core/base/hash.h"

#include <stddef.h>

static const sim_answer_weather weathers[] = {
    {.name = "calm", .summary = "no faults, no delay"},
    {.name = "wifi",
     .summary = "15 ms there and back, now and then a captive portal",
     .latency_min_ns = 4 * SY_MS,
     .latency_spread_ns = 7 * SY_MS,
     .request_lost = 1,
     .response_lost = 1,
     .portal = 10},
    {.name = "lte",
     .summary = "70 ms there and back, little is lost",
     .latency_min_ns = 20 * SY_MS,
     .latency_spread_ns = 30 * SY_MS,
     .request_lost = 3,
     .response_lost = 3,
     .held_up = 2,
     .held_up_ns = 275 * SY_MS},
    {.name = "3g",
     .summary = "150 ms there and back, 1 % lost each way",
     .latency_min_ns = 40 * SY_MS,
     .latency_spread_ns = 70 * SY_MS,
     .request_lost = 10,
     .response_lost = 10},
    {.name = "edge",
     .summary = "840 ms there and back, 2 % lost each way",
     .latency_min_ns = 250 * SY_MS,
     .latency_spread_ns = 340 * SY_MS,
     .request_lost = 20,
     .response_lost = 20},
    {.name = "gprs",
     .summary = "500 ms there and back, 3 % lost each way",
     .latency_min_ns = 150 * SY_MS,
     .latency_spread_ns = 200 * SY_MS,
     .request_lost = 30,
     .response_lost = 30},
    {.name = "rural",
     .summary = "300 ms there and back, 4 % lost each way, some bodies cut",
     .latency_min_ns = 80 * SY_MS,
     .latency_spread_ns = 140 * SY_MS,
     .request_lost = 40,
     .response_lost = 40,
     .truncated = 10},
    {.name = "busy",
     .summary = "a server at its limits: 429 and 5xx for every tenth request each",
     .latency_min_ns = 5 * SY_MS,
     .latency_spread_ns = 100 * SY_MS,
     .server_error = 100,
     .throttled = 100,
     .retry_after_s = 1},
    {.name = "stormy",
     .summary = "every fault, each for every twentieth request",
     .latency_spread_ns = 20 * SY_MS,
     .request_lost = 50,
     .duplicated = 50,
     .response_lost = 50,
     .server_error = 50,
     .throttled = 50,
     .unauthorized = 50,
     .portal = 50,
     .truncated = 50,
     .held_up = 50,
     .held_up_ns = 2 * SY_SECOND,
     .retry_after_s = 1},
};

#define WEATHER_COUNT (sizeof weathers / sizeof weathers[0])

const sim_answer_weather *sim_answer_weather_at(size_t index)
{
    return index < WEATHER_COUNT ? &weathers[index] : NULL;
}

const sim_answer_weather *sim_answer_weather_find(sy_str name)
{
    for (size_t i = 0; i < WEATHER_COUNT; i++) {
        if (sy_str_equal(name, sy_str_of(weathers[i].name))) {
            return &weathers[i];
        }
    }
    return NULL;
}

/* -- the draws -- */

#define LABEL(text, n)                                                                             \
    {                                                                                              \
        .name = (text), .choice_class = SIM_WEATHER, .bound = (n), .key_parts = {                  \
            "request",                                                                             \
            "attempt"                                                                              \
        }                                                                                          \
    }

#define ERROR_COUNT 8
#define CUT_COUNT   65536

static const sim_label latency_label = {.name = "latency",
                                        .choice_class = SIM_WEATHER,
                                        .key_parts = {"request", "attempt"},
                                        .representatives = (const uint64_t[]){0, 1000, 1000000},
                                        .representative_count = 3};
static const sim_label request_lost_label = LABEL("request-lost", 2);
static const sim_label duplicated_label = LABEL("request-duplicated", 2);
static const sim_label second_answers_label = LABEL("second-answers", 2);
static const sim_label response_lost_label = LABEL("response-lost", 2);
static const sim_label server_error_label = LABEL("server-error", 2);
static const sim_label server_error_kind_label = LABEL("server-error-kind", ERROR_COUNT);
static const sim_label throttled_label = LABEL("throttled", 2);
static const sim_label unauthorized_label = LABEL("unauthorized", 2);
static const sim_label portal_label = LABEL("portal", 2);
static const sim_label truncated_label = LABEL("truncated", 2);
static const sim_label held_up_label = LABEL("held-up", 2);
static const sim_label truncated_at_label = LABEL("truncated-at", CUT_COUNT);

static void lose_request(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    (void)draws;
    (void)key;
    fate->kind = SIM_FATE_REQUEST_LOST;
    fate->executes = false;
}

static void duplicate(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    fate->twice = true;
    fate->second_answers = sim_choose(&draws->up, &second_answers_label, key, 2) != 0;
}

static void lose_response(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    (void)draws;
    (void)key;
    fate->kind = SIM_FATE_RESPONSE_LOST;
}

/* Which error, and whether it struck before or after the server did its work. */
static void fail(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    static const int statuses[] = {500, 502, 503, 504};
    uint64_t kind = sim_choose(&draws->server, &server_error_kind_label, key, ERROR_COUNT);
    fate->kind = SIM_FATE_STATUS;
    fate->status = statuses[kind % 4];
    fate->executes = kind >= 4;
    fate->retry_after_s = fate->status == 503 ? draws->weather->retry_after_s : 0;
}

/* Something before the server answers. */
static void intercept(sim_fate *fate, int status)
{
    fate->kind = SIM_FATE_STATUS;
    fate->status = status;
    fate->executes = false;
}

static void throttle(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    (void)key;
    intercept(fate, 429);
    fate->retry_after_s = draws->weather->retry_after_s;
}

static void deny(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    (void)draws;
    (void)key;
    intercept(fate, 401);
}

static void divert(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    (void)draws;
    (void)key;
    intercept(fate, 511);
}

static void truncate(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    fate->kind = SIM_FATE_TRUNCATED;
    fate->kept = (uint32_t)sim_choose(&draws->down, &truncated_at_label, key, CUT_COUNT);
}

static void hold_up(sim_answer_draws *draws, sim_key key, sim_fate *fate)
{
    (void)key;
    fate->down_ns += draws->weather->held_up_ns;
}

typedef struct fault {
    const sim_label *label;
    size_t rate_at;   /* of its uint32_t per mille in sim_answer_weather */
    size_t stream_at; /* in sim_answer_draws */
    void (*apply)(sim_answer_draws *draws, sim_key key, sim_fate *fate);
} fault;

#define FAULT(rate, stream, apply)                                                                 \
    {                                                                                              \
        &rate##_label, offsetof(sim_answer_weather, rate), offsetof(sim_answer_draws, stream),     \
            (apply)                                                                                \
    }

static const fault faults[] = {
    FAULT(request_lost, up, lose_request),
    FAULT(throttled, server, throttle),
    FAULT(unauthorized, server, deny),
    FAULT(portal, up, divert),
    FAULT(server_error, server, fail),
    FAULT(duplicated, up, duplicate),
    FAULT(response_lost, down, lose_response),
    FAULT(truncated, down, truncate),
    FAULT(held_up, down, hold_up),
};

void sim_answer_draws_init(sim_answer_draws *draws, const sim_answer_weather *weather,
                           sim_choice *choice)
{
    *draws = (sim_answer_draws){.weather = weather,
                                .up = sim_stream_of(choice, "port", "link.up"),
                                .down = sim_stream_of(choice, "port", "link.down"),
                                .server = sim_stream_of(choice, "port", "server")};
}

static sy_time draw_latency(const sim_answer_draws *draws, const sim_stream *stream, sim_key key)
{
    const sim_answer_weather *weather = draws->weather;
    uint64_t steps = (uint64_t)(weather->latency_spread_ns / SY_US);
    sy_time more =
        steps == 0 ? 0 : (sy_time)sim_choose(stream, &latency_label, key, steps + 1) * SY_US;
    return weather->latency_min_ns + more;
}

/* The same words give the same hash: a repeated request is the next attempt at the same thing. */
static sim_key identify(sim_answer_draws *draws, const sy_http_request *request)
{
    uint64_t hash = sy_hash(request->method.data, request->method.size, 0);
    hash = sy_hash(request->target.data, request->target.size, hash);
    hash = sy_hash(request->body.data, request->body.size, hash);
    return SIM_KEY(hash, ++draws->seen[hash % SIM_ANSWER_COUNTER_COUNT]);
}

sim_fate sim_answer_draw(sim_answer_draws *draws, const sy_http_request *request)
{
    sim_key key = identify(draws, request);
    sim_fate fate = {.kind = SIM_FATE_ANSWERED,
                     .executes = true,
                     .up_ns = draw_latency(draws, &draws->up, key),
                     .down_ns = draw_latency(draws, &draws->down, key)};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        uint32_t per_mille = 0;
        memcpy(&per_mille, (const char *)draws->weather + faults[i].rate_at, sizeof per_mille);
        sim_stream stream;
        memcpy(&stream, (const char *)draws + faults[i].stream_at, sizeof stream);
        if (sim_choose_permille(&stream, faults[i].label, key, per_mille)) {
            fate.label = faults[i].label->name;
            faults[i].apply(draws, key, &fate);
            break;
        }
    }
    return fate;
}

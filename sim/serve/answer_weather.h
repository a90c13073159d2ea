/* What becomes of a request on its way to the real port's server and of its answer on the way back.
 * Drawn from the seed like everything else: the key is what the request says and how often it was
 * said before, so that another client's traffic shifts nothing. */
#ifndef SIM_SERVE_ANSWER_WEATHER_H
#define SIM_SERVE_ANSWER_WEATHER_H

#include "core/base/time.h"
#include "core/wire/http.h"
#include "sim/kernel/choice.h"

typedef struct sim_answer_weather { /* rates in thousandths of all requests; zeroed: calm */
    const char *name;
    const char *summary;
    sy_time latency_min_ns;    /* one way */
    sy_time latency_spread_ns; /* drawn uniformly on top, in steps of 1 us */
    uint32_t request_lost;     /* the server never sees it; the connection ends without an answer */
    uint32_t duplicated; /* executed twice, as when a proxy retried; one of the answers is sent */
    uint32_t response_lost; /* the server executed; the connection ends without an answer */
    uint32_t server_error;  /* 500, 502, 503 or 504; executed or not */
    uint32_t throttled;     /* 429 with Retry-After; not executed */
    uint32_t unauthorized;  /* 401; not executed */
    uint32_t portal;        /* 511 from a captive portal; not executed */
    uint32_t truncated;     /* executed; the answer's body ends too early, and the connection */
    uint32_t held_up;       /* executed; the answer is held up, as by a clog or a handover */
    sy_time held_up_ns;     /* for so long */
    uint32_t retry_after_s; /* what 429 and 503 ask for */
} sim_answer_weather;

/* NULL: none of that name. */
const sim_answer_weather *sim_answer_weather_find(sy_str name);
/* 0, 1...; NULL after the last one. */
const sim_answer_weather *sim_answer_weather_at(size_t index);

typedef enum sim_fate_kind {
    SIM_FATE_ANSWERED,
    SIM_FATE_REQUEST_LOST,
    SIM_FATE_RESPONSE_LOST,
    SIM_FATE_STATUS, /* the answer is `status` and nothing that the server said */
    SIM_FATE_TRUNCATED
} sim_fate_kind;

typedef struct sim_fate {
    sim_fate_kind kind;
    const char *label;      /* of the draw that decided; NULL: answered */
    int status;             /* SIM_FATE_STATUS */
    bool executes;          /* the server serves the request */
    bool twice;             /* and once more, if `executes` */
    bool second_answers;    /* `twice`: the second answer is the one that is sent */
    uint32_t retry_after_s; /* 0: not said */
    uint32_t kept;          /* SIM_FATE_TRUNCATED: 65536ths of the body, less than all */
    sy_time up_ns, down_ns; /* before the server sees it; before its answer leaves */
} sim_fate;

#define SIM_ANSWER_COUNTER_COUNT 4096

typedef struct sim_answer_draws {
    const sim_answer_weather *weather;
    sim_stream up, down, server;
    /* How often a request was seen, by its hash; two requests that share a place share a count. */
    uint32_t seen[SIM_ANSWER_COUNTER_COUNT];
} sim_answer_draws;

/* `choice` outlives the draws. */
void sim_answer_draws_init(sim_answer_draws *draws, const sim_answer_weather *weather,
                           sim_choice *choice);
sim_fate sim_answer_draw(sim_answer_draws *draws, const sy_http_request *request);

#endif

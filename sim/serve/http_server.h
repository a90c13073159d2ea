/* A real HTTP port: libmicrohttpd in front of whoever answers requests. The only place with sockets
 * and real time. One thread:
 *
 *   socket -> request complete -> drawn fate -> (wait) -> handler -> (wait) -> answer, or none
 *
 * What is too large or too slow is refused before the handler hears of it: 413 body, 414 target,
 * 431 headers, 503 more connections than there may be, 408 too slow; malformed HTTP is 400. */
#ifndef SIM_SERVE_HTTP_SERVER_H
#define SIM_SERVE_HTTP_SERVER_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "sim/serve/answer_weather.h"

#include <stdio.h>

typedef struct sim_http_limits {   /* zeroed: the defaults */
    size_t body_size_max;          /* 1 MiB */
    size_t header_size_max;        /* names and values of all headers: 32 KiB */
    size_t target_size_max;        /* 16 KiB */
    uint32_t connection_count_max; /* 256 */
    int64_t request_timeout_ms;    /* for a request to be there as a whole: 10 s */
    int64_t idle_timeout_ms;       /* between two requests, and for an answer to be taken: 60 s */
} sim_http_limits;

#define SIM_HTTP_BODY_SIZE_MAX        ((size_t)1 << 20)
#define SIM_HTTP_HEADER_SIZE_MAX      ((size_t)32 << 10)
#define SIM_HTTP_TARGET_SIZE_MAX      ((size_t)16 << 10)
#define SIM_HTTP_CONNECTION_COUNT_MAX 256u
#define SIM_HTTP_REQUEST_TIMEOUT_MS   INT64_C(10000)
#define SIM_HTTP_IDLE_TIMEOUT_MS      INT64_C(60000)

typedef struct sim_http_handler_ops {
    /* Answers one whole request. What it borrows or pushes lives until the answer was sent. Only
     * SY_NOMEM can fail (503). */
    sy_rc (*answer)(void *self, const sy_http_request *request, sy_arena *arena,
                    sy_http_response *out, sy_err *err);
} sim_http_handler_ops;

typedef struct sim_http_handler {
    const sim_http_handler_ops *ops;
    void *self;
} sim_http_handler;

typedef struct sim_http_config {
    sy_alloc alloc;
    const char *address; /* numeric, v4 or v6; NULL: 127.0.0.1 */
    bool any_address;    /* else one that is not loopback is refused */
    uint16_t port;       /* 0: any free one */
    sim_http_limits limits;
    sim_http_handler handler;
    const sim_answer_weather *weather; /* NULL: calm */
    sim_choice *choice;                /* outlives the server */
    sy_str calm_prefix;                /* targets that begin so have no weather; empty: none */
    FILE *log;                         /* a line for each request; NULL: none */
} sim_http_config;

typedef struct sim_http_server sim_http_server;

/* Listens. Errors: SY_INVALID: not an address, or one that is not loopback; SY_NETWORK: it can't be
 * had (taken, no right); SY_NOMEM. */
sy_rc sim_http_server_open(const sim_http_config *config, sim_http_server **out, sy_err *err);
/* Ends every connection. */
void sim_http_server_close(sim_http_server *server);
/* "http://127.0.0.1:7700"; lives as long as the server. */
const char *sim_http_server_url(const sim_http_server *server);

/* Serves until sim_http_server_stop; then takes no new connections, finishes the requests that it
 * has, for at most SIM_HTTP_GRACE_MS, and returns. SY_OK or SY_IO. */
#define SIM_HTTP_GRACE_MS 2000
sy_rc sim_http_server_run(sim_http_server *server, sy_err *err);
/* From another thread or a signal's handler. A second call ends the grace. */
void sim_http_server_stop(sim_http_server *server);

#endif

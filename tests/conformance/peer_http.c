/* A server at a URL. The recorder waited 4 ms between requests, so that times differ; so do we. */
#define _POSIX_C_SOURCE 200809L
#include "tests/conformance/http_client.h"
#include "tests/conformance/peer.h"

#include <stdio.h>
#include <time.h>

#define PAUSE_NS 4000000L

typedef struct distant {
    http_client client;
    char host[80];
} distant;

static sy_rc reset(void *self, sy_err *err)
{
    distant *server = self;
    const sy_http_request request = {.method = SY_STR("POST"), .target = SY_STR("/__admin/reset")};
    sy_http_response response;
    sy_arena arena;
    sy_arena_init(&arena, sy_alloc_std());
    sy_rc rc = http_client_send(&server->client, &request, &arena, &response, err);
    if (rc == SY_OK && (response.status < 200 || response.status > 299)) {
        rc = SY_FAIL(err, SY_HTTP, "POST /__admin/reset answered %d: start it with --test-routes",
                     response.status);
    }
    sy_arena_deinit(&arena);
    return rc;
}

/* What is no answer differs from every answer: status 0. */
static sy_rc send(void *self, const sy_http_request *request, sy_arena *arena,
                  sy_http_response *out, sy_err *err)
{
    distant *server = self;
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    sy_err problem = {0};
    (void)nanosleep(&pause, NULL);
    sy_rc rc = http_client_send(&server->client, request, arena, out, &problem);
    if (rc == SY_NOMEM) {
        return sy_fail_nomem(err);
    }
    if (rc != SY_OK) {
        *out = (sy_http_response){.body = sy_arena_copy(arena, sy_str_of(problem.text))};
    }
    return SY_OK;
}

static void close_peer(void *self)
{
    distant *server = self;
    http_client_close(&server->client);
    sy_alloc_free(sy_alloc_std(), server, sizeof *server);
}

sy_rc peer_http_open(const char *url, peer *out, sy_err *err)
{
    static const peer_ops ops = {.reset = reset, .send = send, .close = close_peer};
    distant *server = sy_alloc_zeroed(sy_alloc_std(), sizeof *server);
    if (server == NULL) {
        return sy_fail_nomem(err);
    }
    sy_rc rc = http_client_open(&server->client, url, err);
    if (rc != SY_OK) {
        close_peer(server);
        return rc;
    }
    (void)snprintf(server->host, sizeof server->host, "%s:%d", server->client.host,
                   server->client.port);
    *out = (peer){.ops = &ops, .self = server, .host = sy_str_of(server->host)};
    return SY_OK;
}

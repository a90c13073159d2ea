/* A server under test: a request goes in, its answer comes out. */
#ifndef TESTS_CONFORMANCE_PEER_H
#define TESTS_CONFORMANCE_PEER_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/wire/http.h"

typedef struct peer_ops {
    /* Empty tables, as they were described: columns that were added since go too. */
    sy_rc (*reset)(void *self, sy_err *err);
    /* The answer lives in `arena`. */
    sy_rc (*send)(void *self, const sy_http_request *request, sy_arena *arena,
                  sy_http_response *out, sy_err *err);
    void (*close)(void *self);
} peer_ops;

typedef struct peer {
    const peer_ops *ops;
    void *self;
    sy_str host; /* "127.0.0.1:7700", for $BASE and $HOST */
} peer;

/* Our server, dialect `node`, with the tables of a Lua file, in this process; its clock goes on by
 * 4 ms with each request, as the recorder waited so long. */
sy_rc peer_inside_open(const char *tables, peer *out, sy_err *err);
/* One that listens at http://127.0.0.1:7700 or the like, started with --test-routes. */
sy_rc peer_http_open(const char *url, peer *out, sy_err *err);

#endif

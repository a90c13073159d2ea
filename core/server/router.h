/* A table server as text: an HTTP request in, its answer out. protocol.md 2.3 and 2.5; what the
 * Node server does around its tables (Express) is router_express.c.
 *
 *   request -> the gate (api version) -> the route -> disabled? -> body and query -> a user?
 *           -> sy_server_begin, sy_server_end -> answer */
#ifndef SY_SERVER_ROUTER_H
#define SY_SERVER_ROUTER_H

#include "core/server/server.h"
#include "core/wire/http.h"

/* The answer lives in `arena`, the request is borrowed until it is there. Everything that is wrong
 * with a request is an answer; only SY_NOMEM can fail. */
sy_rc sy_router_answer(sy_server *server, const sy_http_request *request, sy_arena *arena,
                       sy_http_response *out, sy_err *err);

#endif

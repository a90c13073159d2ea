/* What router.c and router_express.c share. */
#ifndef SY_SERVER_ROUTER_INTERNAL_H
#define SY_SERVER_ROUTER_INTERNAL_H

#include "core/server/internal.h"
#include "core/server/router.h"
#include "core/wire/codec.h"

typedef struct sy_routing {
    sy_server *server;
    const sy_wire_format *format;
    const sy_http_request *http;
    sy_arena *arena;
    sy_str host; /* of links */
    sy_request request;
    sy_served_table *table; /* NULL: none, or not known yet */
    sy_http_response *out;
} sy_routing;

/* An error document of the format. */
sy_rc sy_routing_refuse(sy_routing *routing, int status, sy_str reason, sy_err *err);
/* A body of this type. */
sy_rc sy_routing_text(sy_routing *routing, int status, const char *media_type, sy_str body,
                      sy_err *err);
/* One more header. */
sy_rc sy_routing_add_header(sy_routing *routing, const char *name, sy_str value, sy_err *err);
sy_str sy_routing_header(const sy_routing *routing, const char *name);
/* The request's api version is one that the server speaks. protocol.md 2.3. */
bool sy_routing_gate(const sy_routing *routing, const sy_url *url);
/* Reads the request over the table, serves it and writes the answer. */
sy_rc sy_routing_serve(sy_routing *routing, sy_err *err);

/* The whole way of a request to the Node server. */
sy_rc sy_express_answer(sy_routing *routing, sy_err *err);

#endif

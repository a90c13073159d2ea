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
/* -- router_url.c -- */
typedef enum sy_routing_twice { /* what becomes of an option that the query has twice */
                                SY_ROUTING_STAYS,
                                SY_ROUTING_GOES,
                                SY_ROUTING_BROKEN /* it makes no sense as a list */
} sy_routing_twice;

typedef struct sy_routing_flaws {
    bool path_undecoded; /* it has a percent sign that begins nothing */
    bool option_broken;
} sy_routing_flaws;

/* Puts a copy of the request in its place whose URL can be read. `lists`: options that stand there
 * twice are made one, where they can be. */
sy_rc sy_routing_tidy_url(sy_routing *routing, bool lists, sy_routing_flaws *flaws, sy_err *err);

/* -- router_conditions.c -- */
/* After the request was read. *answered: a conditional header demands another answer. */
sy_rc sy_routing_check_conditions(sy_routing *routing, bool *answered, sy_err *err);

/* The request's api version is one that the server speaks. protocol.md 2.3. */
bool sy_routing_gate(const sy_routing *routing, const sy_url *url);
/* Reads the request over the table. *answered: it can't be read, and that is the answer. */
sy_rc sy_routing_read(sy_routing *routing, bool *answered, sy_err *err);
/* Serves what was read; *response is there. */
sy_rc sy_routing_serve(sy_routing *routing, sy_response *response, sy_err *err);
sy_rc sy_routing_write(sy_routing *routing, const sy_response *response, sy_err *err);

/* The whole way of a request to the Node server. */
sy_rc sy_express_answer(sy_routing *routing, sy_err *err);

#endif

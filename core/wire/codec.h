/* Messages as HTTP text, and back. What is written in a format and read in one that answers it is
 * the same message; `key` is the simulator's and travels outside the text. Everything lives in
 * `arena` or is borrowed from what was given.
 *
 *   client: sy_request  --write_request-->  text  --read_request-->   sy_request  :server
 *   client: sy_response <--read_response--  text  <--write_response-- sy_response :server */
#ifndef SY_WIRE_CODEC_H
#define SY_WIRE_CODEC_H

#include "core/wire/format.h"

/* The tables that a server has. */
typedef struct sy_wire_tables_ops {
    /* NULL: there is none of that name (compared as the server likes). Outlives the request. */
    const sy_schema *(*schema)(const void *self, sy_str name);
} sy_wire_tables_ops;

typedef struct sy_wire_tables {
    const sy_wire_tables_ops *ops;
    const void *self;
} sy_wire_tables;

/* /tables/T or /tables/T/id: what a router looks at before the rest is read. */
typedef struct sy_wire_route {
    sy_str table; /* decoded, as written */
    sy_str id;
    bool has_id;
    sy_method method;
    sy_url url;
} sy_wire_route;

/* What the server answers when a request cannot be read. */
typedef struct sy_wire_refusal {
    sy_wire_flaw flaw;
    int status;
    sy_str reason; /* in the arena, or a constant */
} sy_wire_refusal;

sy_rc sy_wire_write_request(const sy_wire_format *format, const sy_request *request,
                            sy_arena *arena, sy_http_request *out, sy_err *err);
/* SY_INVALID: refused, `refusal` says how; SY_NOMEM. A PATCH that only sets deleted to false is an
 * undelete where the format says so, and so is a PUT with include-deleted. */
sy_rc sy_wire_read_route(const sy_wire_format *format, const sy_http_request *request,
                         sy_arena *arena, sy_wire_route *out, sy_wire_refusal *refusal,
                         sy_err *err);
/* Route and all. Rows and queries are over the schema of the table; a row with columns that the
 * table lacks, where the format keeps them, over one made for it in the arena. `out->http` is
 * `request`. */
sy_rc sy_wire_read_request(const sy_wire_format *format, const sy_http_request *request,
                           sy_wire_tables tables, sy_arena *arena, sy_request *out,
                           sy_wire_refusal *refusal, sy_err *err);

/* `host` is that of links: "127.0.0.1:8080". */
sy_rc sy_wire_write_response(const sy_wire_format *format, const sy_request *request,
                             const sy_response *response, sy_str host, sy_arena *arena,
                             sy_http_response *out, sy_err *err);
/* Rows over `schema`, system columns filled whether it has them or not. SY_PARSE: not what a server
 * of this kind says (the SDKs' errors about content); SY_NOMEM. */
sy_rc sy_wire_read_response(const sy_wire_format *format, const sy_request *request,
                            const sy_http_response *response, const sy_schema *schema,
                            sy_arena *arena, sy_response *out, sy_err *err);

/* A refusal, or any error without a row, as a response of the server. */
sy_response sy_wire_refuse(const sy_wire_refusal *refusal);

/* Bytes of the message on an HTTP/1.1 connection, without writing it. `host` as in the header Host.
 */
size_t sy_wire_request_size(const sy_wire_format *format, const sy_request *request, sy_str host);
size_t sy_wire_response_size(const sy_wire_format *format, const sy_request *request,
                             const sy_response *response, sy_str host);

#endif

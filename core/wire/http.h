/* HTTP messages as values: what a connection carries, without its framing. Everything in them is
 * borrowed. */
#ifndef SY_WIRE_HTTP_H
#define SY_WIRE_HTTP_H

#include <stdint.h>

#include "core/base/str.h"
#include "core/base/time.h"

typedef struct sy_header {
    sy_str name; /* as written; compared without case */
    sy_str value;
} sy_header;

typedef struct sy_http_request {
    sy_str method; /* "GET" */
    sy_str target; /* path?query, percent-encoded: "/tables/todoitem?$top=1" */
    const sy_header *headers;
    uint32_t header_count;
    sy_str body; /* empty: none */
} sy_http_request;

typedef struct sy_http_response {
    int status;
    const sy_header *headers;
    uint32_t header_count;
    sy_str body;
} sy_http_response;

/* The first header of that name; *found (may be NULL) tells an empty value from none. */
sy_str sy_http_header(const sy_header *headers, uint32_t header_count, sy_str name, bool *found);
/* "Sun, 06 Nov 1994 08:49:37 GMT": whole seconds, cut. */
void sy_http_add_date(sy_time time, sy_buf *out);
/* "Created"; "" for what has no name. */
const char *sy_http_reason(int status);

/* Bytes of HTTP/1.1 before the body: start line, the headers given, those that the carrier adds
 * (Host, Content-Length), the empty line. `host` as in Host: "example.org:8080". */
size_t sy_http_request_head_size(const sy_http_request *request, sy_str host);
size_t sy_http_response_head_size(const sy_http_response *response);

#endif

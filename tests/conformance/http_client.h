/* A small blocking HTTP/1.1 client over plain sockets: one connection, kept alive, opened again
 * when the server closed it. For tests: also raw bytes, so that a test can say what no client
 * would. */
#ifndef TESTS_CONFORMANCE_HTTP_CLIENT_H
#define TESTS_CONFORMANCE_HTTP_CLIENT_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/wire/http.h"

typedef struct http_client {
    char host[64];
    int port;
    int fd; /* -1: no connection */
    int timeout_ms;
    sy_buf in; /* read and not yet used */
    bool reused;
} http_client;

/* "http://127.0.0.1:7700": a numeric v4 address. SY_INVALID: not of that form. Connects later. */
sy_rc http_client_open(http_client *client, const char *url, sy_err *err);
void http_client_close(http_client *client);

/* Sends and reads the whole answer, into `arena`. Host, where there is none, and Content-Length are
 * added. SY_NETWORK: no connection, or it ended; SY_TIMEOUT; SY_PARSE: not HTTP, or a body that
 * ends too early (then what there is of it is in `out`). */
sy_rc http_client_send(http_client *client, const sy_http_request *request, sy_arena *arena,
                       sy_http_response *out, sy_err *err);

/* -- raw -- */
sy_rc http_client_connect(http_client *client, sy_err *err); /* a fresh connection */
/* SY_NETWORK: the other side does not take it. */
sy_rc http_client_write(http_client *client, sy_str bytes, sy_err *err);
/* The next answer on the connection; `no_body`: to a HEAD. */
sy_rc http_client_read(http_client *client, bool no_body, sy_arena *arena, sy_http_response *out,
                       sy_err *err);
/* No more bytes from here; the answer can still be read. */
void http_client_half_close(http_client *client);

#endif

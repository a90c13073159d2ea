/* Bytes are gathered in `in` until a whole head, then a whole body, is there. */
#define _POSIX_C_SOURCE 200809L
#include "tests/conformance/http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define HEADER_COUNT_MAX 100
#define TIMEOUT_MS       30000

sy_rc http_client_open(http_client *client, const char *url, sy_err *err)
{
    *client = (http_client){.fd = -1, .timeout_ms = TIMEOUT_MS};
    sy_buf_init(&client->in, sy_alloc_std());
    char rest = 0;
    if (sscanf(url, "http://%63[0-9.]:%d%c", client->host, &client->port, &rest) < 2 ||
        (rest != 0 && rest != '/') || client->port < 1 || client->port > 65535) {
        return SY_FAIL(err, SY_INVALID, "'%s' is no URL like http://127.0.0.1:7700", url);
    }
    return SY_OK;
}

static void disconnect(http_client *client)
{
    if (client->fd >= 0) {
        (void)close(client->fd);
        client->fd = -1;
    }
    sy_buf_clear(&client->in);
}

void http_client_close(http_client *client)
{
    disconnect(client);
    sy_buf_deinit(&client->in);
}

static sy_rc fail_io(sy_err *err, const char *what)
{
    sy_rc rc = errno == EAGAIN || errno == EWOULDBLOCK ? SY_TIMEOUT : SY_NETWORK;
    return SY_FAIL(err, rc, "%s: %s", what, strerror(errno));
}

sy_rc http_client_connect(http_client *client, sy_err *err)
{
    disconnect(client);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)client->port)};
    if (inet_pton(AF_INET, client->host, &to.sin_addr) != 1) {
        return SY_FAIL(err, SY_INVALID, "'%s' is no address", client->host);
    }
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client->fd < 0) {
        return fail_io(err, "socket");
    }
    struct timeval limit = {.tv_sec = client->timeout_ms / 1000,
                            .tv_usec = (suseconds_t)(client->timeout_ms % 1000) * 1000};
    int one = 1;
    (void)setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    (void)setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(client->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        sy_rc rc = sy_err_wrap(err, fail_io(err, "connect"), "is there a server at %s:%d",
                               client->host, client->port);
        disconnect(client);
        return rc;
    }
    client->reused = false;
    return SY_OK;
}

sy_rc http_client_write(http_client *client, sy_str bytes, sy_err *err)
{
    while (bytes.size > 0) {
        ssize_t sent = send(client->fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return fail_io(err, "send");
        }
        bytes.data += sent;
        bytes.size -= (size_t)sent;
    }
    return SY_OK;
}

void http_client_half_close(http_client *client)
{
    (void)shutdown(client->fd, SHUT_WR);
}

/* -- reading -- */

/* SY_NOT_FOUND: the other side closed. */
static sy_rc read_more(http_client *client, sy_err *err)
{
    char block[16384];
    ssize_t got = recv(client->fd, block, sizeof block, 0);
    if (got < 0) {
        return fail_io(err, "recv");
    }
    if (got == 0) {
        return SY_FAIL(err, SY_NOT_FOUND, "the connection was closed");
    }
    sy_buf_add(&client->in, block, (size_t)got);
    return client->in.failed ? sy_fail_nomem(err) : SY_OK;
}

static void use(http_client *client, size_t size)
{
    memmove(client->in.data, client->in.data + size, client->in.size - size);
    client->in.size -= size;
}

/* Bytes up to and with the first `end` in what was read from `from` on; 0: it is not there. */
static size_t find_end(const http_client *client, size_t from, const char *end)
{
    size_t size = strlen(end);
    for (size_t i = from; i + size <= client->in.size; i++) {
        if (memcmp(client->in.data + i, end, size) == 0) {
            return i + size;
        }
    }
    return 0;
}

static sy_rc read_until(http_client *client, size_t from, const char *end, size_t *size,
                        sy_err *err)
{
    sy_rc rc = SY_OK;
    while (rc == SY_OK && (*size = find_end(client, from, end)) == 0) {
        rc = read_more(client, err);
    }
    return rc;
}

static sy_str next_line(sy_str *text)
{
    const char *end = memchr(text->data, '\r', text->size);
    size_t size = end == NULL ? text->size : (size_t)(end - text->data);
    sy_str line = {text->data, size};
    size_t used = size + 2 > text->size ? text->size : size + 2;
    *text = (sy_str){text->data + used, text->size - used};
    return line;
}

static sy_rc parse_head(sy_str head, sy_arena *arena, sy_http_response *out, sy_err *err)
{
    sy_header *headers = sy_arena_push(arena, HEADER_COUNT_MAX * sizeof *headers);
    sy_str text = sy_arena_copy(arena, head);
    if (headers == NULL || text.data == NULL) {
        return sy_fail_nomem(err);
    }
    sy_str line = next_line(&text);
    if (sscanf(line.data, "HTTP/1.%*1[01] %3d", &out->status) != 1) {
        return SY_FAIL(err, SY_PARSE, "not HTTP: '%.*s'", (int)(line.size > 60 ? 60 : line.size),
                       line.data);
    }
    out->headers = headers;
    out->header_count = 0;
    for (line = next_line(&text); line.size > 0 && out->header_count < HEADER_COUNT_MAX;
         line = next_line(&text)) {
        const char *colon = memchr(line.data, ':', line.size);
        if (colon == NULL) {
            return SY_FAIL(err, SY_PARSE, "a header without a colon: '%.*s'", SY_FMT(line));
        }
        sy_str value = {colon + 1, line.size - (size_t)(colon + 1 - line.data)};
        for (; value.size > 0 && value.data[0] == ' '; value.size--) {
            value.data++;
        }
        headers[out->header_count++] = (sy_header){{line.data, (size_t)(colon - line.data)}, value};
    }
    return SY_OK;
}

static sy_rc read_sized(http_client *client, size_t size, sy_buf *body, sy_err *err)
{
    sy_rc rc = SY_OK;
    while (rc == SY_OK && client->in.size < size) {
        rc = read_more(client, err);
    }
    size = size < client->in.size ? size : client->in.size;
    sy_buf_add(body, client->in.data, size);
    use(client, size);
    return rc;
}

static sy_rc read_chunked(http_client *client, sy_buf *body, sy_err *err)
{
    for (;;) {
        size_t line = 0;
        unsigned size = 0;
        sy_rc rc = read_until(client, 0, "\r\n", &line, err);
        if (rc == SY_OK && sscanf(client->in.data, "%x", &size) != 1) {
            rc = SY_FAIL(err, SY_PARSE, "a chunk without a size");
        }
        if (rc != SY_OK) {
            return rc;
        }
        use(client, line);
        rc = read_sized(client, size, body, err);
        if (rc == SY_OK) {
            rc = read_until(client, 0, "\r\n", &line, err); /* no trailers are expected */
        }
        if (rc != SY_OK) {
            return rc;
        }
        use(client, line);
        if (size == 0) {
            return SY_OK;
        }
    }
}

static sy_str header(const sy_http_response *response, const char *name)
{
    return sy_http_header(response->headers, response->header_count, sy_str_of(name), NULL);
}

static sy_rc read_body(http_client *client, const sy_http_response *head, sy_buf *body, sy_err *err)
{
    sy_str length = header(head, "Content-Length");
    unsigned long long size = 0;
    if (header(head, "Transfer-Encoding").size > 0) {
        return read_chunked(client, body, err);
    }
    if (length.size > 0 && sscanf(length.data, "%llu", &size) == 1) {
        return read_sized(client, (size_t)size, body, err);
    }
    sy_rc rc = SY_OK;
    while (rc == SY_OK) {
        rc = read_more(client, err);
    }
    sy_buf_add(body, client->in.data, client->in.size);
    return rc == SY_NOT_FOUND ? SY_OK : rc;
}

sy_rc http_client_read(http_client *client, bool no_body, sy_arena *arena, sy_http_response *out,
                       sy_err *err)
{
    *out = (sy_http_response){0};
    size_t head = 0;
    sy_rc rc = SY_OK;
    do { /* 100 Continue is no answer */
        rc = read_until(client, 0, "\r\n\r\n", &head, err);
        if (rc == SY_NOT_FOUND && client->in.size > 0) {
            return SY_FAIL(err, SY_PARSE, "the head ends too early");
        }
        if (rc == SY_OK) {
            rc = parse_head((sy_str){client->in.data, head}, arena, out, err);
        }
        if (rc != SY_OK) {
            return rc == SY_NOT_FOUND ? SY_FAIL(err, SY_NETWORK, "closed without an answer") : rc;
        }
        use(client, head);
    } while (out->status < 200);
    sy_buf body;
    sy_buf_init(&body, sy_alloc_std());
    if (!no_body && out->status != 204 && out->status != 304) {
        rc = read_body(client, out, &body, err);
        rc = rc == SY_NOT_FOUND ? SY_FAIL(err, SY_PARSE, "the body ends too early") : rc;
    }
    out->body = sy_arena_copy(arena, sy_buf_str(&body));
    sy_buf_deinit(&body);
    sy_str says = header(out, "Connection");
    if (rc != SY_OK || sy_str_equal_nocase(says, SY_STR("close"))) {
        disconnect(client);
    }
    return rc;
}

/* -- whole requests -- */

static sy_rc exchange(http_client *client, sy_str text, bool no_body, sy_arena *arena,
                      sy_http_response *out, sy_err *err)
{
    sy_rc rc = SY_OK;
    if (client->fd < 0) {
        rc = http_client_connect(client, err);
    }
    if (rc == SY_OK) {
        rc = http_client_write(client, text, err);
    }
    if (rc == SY_OK) {
        rc = http_client_read(client, no_body, arena, out, err);
    }
    return rc;
}

sy_rc http_client_send(http_client *client, const sy_http_request *request, sy_arena *arena,
                       sy_http_response *out, sy_err *err)
{
    sy_buf text;
    sy_buf_init(&text, sy_alloc_std());
    bool has_host = false;
    (void)sy_http_header(request->headers, request->header_count, SY_STR("Host"), &has_host);
    sy_buf_printf(&text, "%.*s %.*s HTTP/1.1\r\n", SY_FMT(request->method),
                  SY_FMT(request->target));
    if (!has_host) {
        sy_buf_printf(&text, "Host: %s:%d\r\n", client->host, client->port);
    }
    for (uint32_t i = 0; i < request->header_count; i++) {
        sy_buf_printf(&text, "%.*s: %.*s\r\n", SY_FMT(request->headers[i].name),
                      SY_FMT(request->headers[i].value));
    }
    if (request->body.size > 0) {
        sy_buf_printf(&text, "Content-Length: %zu\r\n", request->body.size);
    }
    sy_buf_add_str(&text, SY_STR("\r\n"));
    sy_buf_add_str(&text, request->body);
    bool no_body = sy_str_equal(request->method, SY_STR("HEAD"));
    sy_rc rc = text.failed ? sy_fail_nomem(err)
                           : exchange(client, sy_buf_str(&text), no_body, arena, out, err);
    if (rc == SY_NETWORK && client->reused) { /* it was closed while it was idle */
        disconnect(client);
        rc = exchange(client, sy_buf_str(&text), no_body, arena, out, err);
    }
    if (rc != SY_OK) {
        disconnect(client);
    }
    client->reused = true;
    sy_buf_deinit(&text);
    return rc;
}

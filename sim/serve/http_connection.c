/* Sockets: how many there are, and for how long each may keep everybody waiting. libmicrohttpd
 * closes a slow connection without a word; here it is told 408 first where a request is due, by
 * words put on the socket itself: nothing else was sent yet that an answer could mix with. */
#define _POSIX_C_SOURCE 200809L
#include "sim/serve/http_internal.h"

#include <sys/socket.h>

static sim_http_connection *take(sim_http_server *server)
{
    sim_http_connection *connection = server->spare_connections;
    if (connection == NULL) {
        return sy_alloc_zeroed(server->config.alloc, sizeof *connection);
    }
    server->spare_connections = connection->next;
    *connection = (sim_http_connection){0};
    return connection;
}

static void start(sim_http_server *server, struct MHD_Connection *handle, void **context)
{
    sim_http_connection *connection = take(server);
    *context = connection;
    if (connection == NULL) {
        return; /* its requests are dropped */
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
    connection->fd = info->connect_fd;
    connection->since_ms = sim_real_monotonic_ns() / SY_MS;
    connection->next = server->open;
    if (server->open != NULL) {
        server->open->previous = connection;
    }
    server->open = connection;
    server->connection_count++;
    connection->turned_away = server->connection_count > server->config.limits.connection_count_max;
}

static void end(sim_http_server *server, sim_http_connection *connection)
{
    if (connection->exchange != NULL) {
        sim_http_exchange_end(connection->exchange);
    }
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        server->open = connection->next;
    }
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    server->connection_count--;
    connection->next = server->spare_connections;
    server->spare_connections = connection;
}

void sim_http_on_connection(void *self, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode code)
{
    sim_http_server *server = self;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        start(server, connection, context);
    } else if (*context != NULL) {
        end(server, *context);
        *context = NULL;
    }
}

static void cut(sim_http_server *server, sim_http_connection *connection, bool with_408)
{
    static const char slow[] = "HTTP/1.1 408 Request Timeout\r\n"
                               "Content-Type: application/json; charset=utf-8\r\n"
                               "Content-Length: 39\r\n"
                               "Connection: close\r\n\r\n"
                               "{\"error\":\"the request came too slowly\"}";
    if (with_408) {
        (void)send(connection->fd, slow, sizeof slow - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        sim_http_log_note(server, "408, too slow");
    }
    connection->cut = true;
    (void)shutdown(connection->fd, SHUT_RDWR); /* libmicrohttpd sees its end */
}

/* The other side will say no more. libmicrohttpd misses that when it comes with the last bytes: its
 * epoll tells of changes only. */
static bool is_done(const sim_http_connection *connection)
{
    char byte = 0;
    return recv(connection->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void sim_http_sweep(sim_http_server *server, int64_t now_ms)
{
    const sim_http_limits *limits = &server->config.limits;
    for (sim_http_connection *at = server->open; at != NULL; at = at->next) {
        /* a request is due: the first, or one of which the beginning is there */
        bool due = !at->answering && (at->exchange != NULL || !at->served);
        int64_t patience = due ? limits->request_timeout_ms : limits->idle_timeout_ms;
        if (at->cut || at->suspended) {
            continue;
        }
        if (!at->answering && is_done(at)) {
            cut(server, at, false);
        } else if (now_ms - at->since_ms >= patience) {
            cut(server, at, due);
        }
    }
}

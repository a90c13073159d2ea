/* The loop: libmicrohttpd with its epoll descriptor outside, so that delays, slow clients and the
 * word to stop share one thread with it. */
#define _POSIX_C_SOURCE 200809L
#include "sim/serve/http_server.h"

#include "sim/serve/http_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define SWEEP_MS     100
#define CLOSE_MS_MAX 60000 /* a poll never waits longer */

typedef union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} address;

/* -- address -- */

static sy_rc read_address(const sim_http_config *config, address *out, sy_err *err)
{
    const char *text = config->address != NULL ? config->address : "127.0.0.1";
    bool loopback = false;
    *out = (address){0};
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(config->port);
        loopback = ntohl(out->v4.sin_addr.s_addr) >> 24 == 127;
    } else if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(config->port);
        loopback = IN6_IS_ADDR_LOOPBACK(&out->v6.sin6_addr) != 0;
    } else {
        return SY_FAIL(err, SY_INVALID, "'%s' is no address: take one like 127.0.0.1 or ::1", text);
    }
    if (!loopback && !config->any_address) {
        return SY_FAIL(err, SY_INVALID,
                       "%s can be reached by other machines, and this server asks nobody who they "
                       "are; to do so all the same: --unsafe-bind %s",
                       text, text);
    }
    return SY_OK;
}

static void note_url(sim_http_server *server)
{
    const char *host = server->config.address != NULL ? server->config.address : "127.0.0.1";
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    bool v6 = strchr(host, ':') != NULL;
    (void)snprintf(server->url, sizeof server->url, "http://%s%s%s:%u", v6 ? "[" : "", host,
                   v6 ? "]" : "", (unsigned)info->port);
}

/* -- opening and closing -- */

static void fill_limits(sim_http_limits *limits)
{
    const sim_http_limits defaults = {SIM_HTTP_BODY_SIZE_MAX,      SIM_HTTP_HEADER_SIZE_MAX,
                                      SIM_HTTP_TARGET_SIZE_MAX,    SIM_HTTP_CONNECTION_COUNT_MAX,
                                      SIM_HTTP_REQUEST_TIMEOUT_MS, SIM_HTTP_IDLE_TIMEOUT_MS};
#define FILL(name) (limits->name = limits->name != 0 ? limits->name : defaults.name)
    FILL(body_size_max);
    FILL(header_size_max);
    FILL(target_size_max);
    FILL(connection_count_max);
    FILL(request_timeout_ms);
    FILL(idle_timeout_ms);
#undef FILL
}

/* Targets go to the handler as they came. */
static size_t keep_escapes(void *self, struct MHD_Connection *connection, char *text)
{
    (void)self;
    (void)connection;
    return strlen(text);
}

/* What libmicrohttpd has to say about malformed requests; the log has its own line. */
static void swallow(void *self, const char *format, va_list arguments)
{
    (void)self;
    (void)format;
    (void)arguments;
}

static sy_rc start_daemon(sim_http_server *server, const address *at, sy_err *err)
{
    const sim_http_limits *limits = &server->config.limits;
    /* the first line and the headers of a request, their list, and the head of the answer */
    size_t memory = 2 * (limits->target_size_max + limits->header_size_max) + ((size_t)16 << 10);
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    if (at->any.sa_family == AF_INET6) {
        flags |= MHD_USE_IPv6;
    }
    errno = 0;
    server->daemon = MHD_start_daemon(
        flags, server->config.port, NULL, NULL, sim_http_on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, swallow, NULL, MHD_OPTION_SOCK_ADDR, &at->any,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 128u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
        MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(limits->connection_count_max + SIM_HTTP_TURNED_AWAY_MAX),
        MHD_OPTION_URI_LOG_CALLBACK, sim_http_on_target, server, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, sim_http_on_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, sim_http_on_connection, server, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_END);
    if (server->daemon == NULL) {
        return SY_FAIL(err, SY_NETWORK, "port %u can't be had: %s", (unsigned)server->config.port,
                       errno != 0 ? strerror(errno) : "the HTTP library refuses");
    }
    return SY_OK;
}

static sy_rc open_pipe(sim_http_server *server, sy_err *err)
{
    if (pipe(server->wake) != 0) {
        server->wake[0] = server->wake[1] = -1;
        return SY_FAIL(err, SY_IO, "no pipe: %s", strerror(errno));
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(server->wake[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(server->wake[i], F_SETFL, O_NONBLOCK);
    }
    return SY_OK;
}

sy_rc sim_http_server_open(const sim_http_config *config, sim_http_server **out, sy_err *err)
{
    address at;
    sy_rc rc = read_address(config, &at, err);
    if (rc != SY_OK) {
        return rc;
    }
    sim_http_server *server = sy_alloc_zeroed(config->alloc, sizeof *server);
    if (server == NULL) {
        return sy_fail_nomem(err);
    }
    server->config = *config;
    server->wake[0] = server->wake[1] = -1;
    fill_limits(&server->config.limits);
    const sim_answer_weather *weather =
        config->weather != NULL ? config->weather : sim_answer_weather_at(0);
    sim_answer_draws_init(&server->draws, weather, config->choice);
    sim_event_queue_init(&server->delays, config->alloc);
    sy_buf_init(&server->line, config->alloc);
    rc = open_pipe(server, err);
    if (rc == SY_OK) {
        rc = start_daemon(server, &at, err);
    }
    if (rc != SY_OK) {
        sim_http_server_close(server);
        return rc;
    }
    note_url(server);
    *out = server;
    return SY_OK;
}

/* Whoever waits is woken, to be dropped: the daemon can't end connections that are suspended. */
static void drop_delayed(sim_http_server *server)
{
    sim_entry entry;
    server->ending = true;
    while (sim_event_queue_pop(&server->delays, &entry)) {
        entry.fire(entry.self);
    }
    (void)MHD_run(server->daemon);
}

void sim_http_server_close(sim_http_server *server)
{
    if (server == NULL) {
        return;
    }
    sy_alloc alloc = server->config.alloc;
    if (server->daemon != NULL) {
        drop_delayed(server);
        MHD_stop_daemon(server->daemon);
    }
    for (sim_http_exchange *at = server->spare_exchanges; at != NULL;) {
        sim_http_exchange *next = at->next;
        sim_http_exchange_free(at);
        at = next;
    }
    for (sim_http_connection *at = server->spare_connections; at != NULL;) {
        sim_http_connection *next = at->next;
        sy_alloc_free(alloc, at, sizeof *at);
        at = next;
    }
    sim_event_queue_deinit(&server->delays);
    sy_buf_deinit(&server->line);
    for (int i = 0; i < 2; i++) {
        if (server->wake[i] >= 0) {
            (void)close(server->wake[i]);
        }
    }
    sy_alloc_free(alloc, server, sizeof *server);
}

const char *sim_http_server_url(const sim_http_server *server)
{
    return server->url;
}

/* -- the loop -- */

void sim_http_server_stop(sim_http_server *server)
{
    int kept = errno;
    (void)!write(server->wake[1], "", 1);
    errno = kept;
}

/* Milliseconds until something is due without any socket's doing; 0: now. */
static int next_due(const sim_http_server *server, int64_t deadline_ns)
{
    MHD_UNSIGNED_LONG_LONG from_daemon = 0;
    int64_t wait_ms = CLOSE_MS_MAX;
    if (MHD_get_timeout(server->daemon, &from_daemon) == MHD_YES) {
        wait_ms = from_daemon < CLOSE_MS_MAX ? (int64_t)from_daemon : CLOSE_MS_MAX;
    }
    if (wait_ms > SWEEP_MS && server->open != NULL) {
        wait_ms = SWEEP_MS;
    }
    int64_t now = wait_ms > 0 ? sim_real_monotonic_ns() : 0;
    const sim_entry *first = sim_event_queue_first(&server->delays);
    int64_t due_ns = first != NULL && first->time < deadline_ns ? first->time : deadline_ns;
    if (due_ns - now < wait_ms * SY_MS) {
        wait_ms = due_ns <= now ? 0 : (due_ns - now + SY_MS - 1) / SY_MS;
    }
    return (int)wait_ms;
}

/* One turn. *told: somebody called stop. */
static sy_rc turn(sim_http_server *server, int64_t deadline_ns, bool *told, sy_err *err)
{
    if (MHD_run(server->daemon) != MHD_YES) {
        return SY_FAIL(err, SY_IO, "the HTTP library failed");
    }
    int timeout_ms = next_due(server, deadline_ns);
    if (timeout_ms > 0 && server->config.log != NULL) {
        (void)fflush(server->config.log);
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd watched[2] = {{.fd = info->epoll_fd, .events = POLLIN},
                                {.fd = server->wake[0], .events = POLLIN}};
    if (poll(watched, 2, timeout_ms) < 0 && errno != EINTR) {
        return SY_FAIL(err, SY_IO, "poll: %s", strerror(errno));
    }
    char byte = 0;
    *told = (watched[1].revents & POLLIN) != 0 && read(server->wake[0], &byte, 1) == 1;
    int64_t now = sim_real_monotonic_ns();
    sim_entry entry;
    while (sim_event_queue_pop_until(&server->delays, now, &entry)) {
        entry.fire(entry.self);
    }
    if (now / SY_MS - server->swept_ms >= SWEEP_MS) {
        server->swept_ms = now / SY_MS;
        sim_http_sweep(server, server->swept_ms);
    }
    return SY_OK;
}

/* What was begun is answered, as far as there is time. */
static sy_rc finish(sim_http_server *server, sy_err *err)
{
    MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    int64_t deadline_ns = sim_real_monotonic_ns() + SIM_HTTP_GRACE_MS * SY_MS;
    bool told = false;
    sy_rc rc = SY_OK;
    while (rc == SY_OK && !told && server->exchange_count > 0 &&
           sim_real_monotonic_ns() < deadline_ns) {
        rc = turn(server, deadline_ns, &told, err);
    }
    if (listening != MHD_INVALID_SOCKET) {
        (void)close(listening);
    }
    return rc;
}

sy_rc sim_http_server_run(sim_http_server *server, sy_err *err)
{
    bool told = false;
    sy_rc rc = SY_OK;
    while (rc == SY_OK && !told) {
        rc = turn(server, SY_TIME_MAX, &told, err);
    }
    if (rc == SY_OK) {
        rc = finish(server, err);
    }
    if (server->config.log != NULL) {
        (void)fflush(server->config.log);
    }
    return rc;
}

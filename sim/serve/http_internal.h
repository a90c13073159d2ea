/* What the files of the real port share: a connection, a request on it, the server. */
#ifndef SIM_SERVE_HTTP_INTERNAL_H
#define SIM_SERVE_HTTP_INTERNAL_H

#include "sim/kernel/event_queue.h"
#include "sim/serve/http_server.h"
#include "sim/serve/real_time.h"

#include <microhttpd.h>

/* Connections above the limit that are taken in to be told 503; more are closed at once. */
#define SIM_HTTP_TURNED_AWAY_MAX 16u

typedef struct sim_http_connection {             /* one socket */
    struct sim_http_connection *previous, *next; /* among the open ones; `next` among spare ones */
    int fd;
    bool turned_away;                   /* one too many */
    bool served;                        /* had a request before */
    bool cut;                           /* was told to go */
    struct sim_http_exchange *exchange; /* the request that is read or answered; NULL: none */
    bool answering;                     /* the request is whole: the client's turn to wait */
    bool suspended;
    int64_t since_ms; /* what is being waited for began here */
} sim_http_connection;

typedef enum sim_http_stage {
    SIM_HTTP_HEAD,   /* target seen; headers not looked at yet */
    SIM_HTTP_BODY,   /* body comes in */
    SIM_HTTP_WHOLE,  /* was on its way up */
    SIM_HTTP_SERVED, /* the answer was on its way down */
    SIM_HTTP_SENDING
} sim_http_stage;

typedef struct sim_http_exchange {  /* one request and its answer */
    struct sim_http_exchange *next; /* spare ones */
    sim_http_server *server;
    struct MHD_Connection *connection;
    sim_http_connection *socket;
    sim_http_stage stage;
    sy_arena arena;
    sy_buf body;
    size_t body_size; /* that came, kept or not */
    sy_http_request request;
    sy_http_response response;
    sim_fate fate;
    size_t cut_at; /* bytes of a body that is truncated */
    int64_t began_ns;
    int status;          /* as sent; 0: none */
    const char *refusal; /* what the port itself had against it; NULL: nothing */
} sim_http_exchange;

struct sim_http_server {
    sim_http_config config;
    struct MHD_Daemon *daemon;
    sim_answer_draws draws;
    sim_event_queue delays; /* of suspended requests */
    sim_http_connection *open, *spare_connections;
    sim_http_exchange *spare_exchanges;
    uint32_t connection_count;
    uint32_t exchange_count; /* in progress */
    bool ending;             /* suspended requests come back to be dropped */
    int wake[2];             /* a pipe: stop writes, run reads */
    int64_t swept_ms;
    sy_buf line;
    char url[80];
};

/* -- http_exchange.c: what libmicrohttpd calls -- */
/* The target of a new request; what it returns is the request's context from then on. */
void *sim_http_on_target(void *self, const char *target, struct MHD_Connection *connection);
enum MHD_Result sim_http_on_request(void *self, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *data,
                                    size_t *data_size, void **context);
void sim_http_on_completed(void *self, struct MHD_Connection *connection, void **context,
                           enum MHD_RequestTerminationCode code);
/* The request is over, however. */
void sim_http_exchange_end(sim_http_exchange *exchange);
void sim_http_exchange_free(sim_http_exchange *exchange);

/* -- http_connection.c -- */
void sim_http_on_connection(void *self, struct MHD_Connection *connection, void **context,
                            enum MHD_ConnectionNotificationCode code);
/* Ends connections that keep everybody waiting. */
void sim_http_sweep(sim_http_server *server, int64_t now_ms);

/* -- request_log.c -- */
void sim_http_log(sim_http_server *server, const sim_http_exchange *exchange);
/* A line about a connection without a request. */
void sim_http_log_note(sim_http_server *server, const char *note);

#endif

/* A table server for a real port: the store (memory, or a SQLite file), the real clock, identities,
 * the server of a dialect, and its router, made together and made anew by a reset. */
#ifndef SIM_SERVE_TABLE_SERVICE_H
#define SIM_SERVE_TABLE_SERVICE_H

#include "core/server/server.h"
#include "sim/serve/http_server.h"

typedef struct sim_table_service_config {
    sy_alloc alloc;
    const sy_server_dialect *dialect;
    const sy_server_table *tables; /* the app's columns; outlive the service */
    uint32_t table_count;
    int64_t page_size;  /* 0: the dialect's */
    const char *db;     /* a file; NULL: in memory */
    sim_choice *choice; /* ids that the server makes up; outlives the service */
    bool test_routes;   /* POST /__admin/reset */
} sim_table_service_config;

typedef struct sim_table_service sim_table_service;

/* What test routes begin with: no weather for them. */
#define SIM_TEST_ROUTE_PREFIX "/__admin/"

/* Errors are those of the store (SY_STORE, SY_CORRUPT) and of the tables (SY_SCHEMA). */
sy_rc sim_table_service_open(const sim_table_service_config *config, sim_table_service **out,
                             sy_err *err);
void sim_table_service_close(sim_table_service *service);
sim_http_handler sim_table_service_handler(sim_table_service *service);

#endif

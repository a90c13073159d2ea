/* One scenario of the differential runs, played in the simulator: what its files share. The format
 * of scenarios and outcomes is described in diff/README.md. */
#ifndef TESTS_CONFORMANCE_DIFF_H
#define TESTS_CONFORMANCE_DIFF_H

#include <jansson.h>

#include "core/value/query.h"
#include "lua/script.h"
#include "sim/run/simulation.h"
#include "tests/conformance/conformance.h"

#define DIFF_TABLE_COUNT_MAX  16
#define DIFF_CLIENT_COUNT_MAX 32

struct diff_player;

typedef struct diff_client {
    struct diff_player *player;
    sim_device *device;
    bool offline;
} diff_client;

typedef struct diff_alias { /* an id that the engine made, and what it is called */
    sy_str id;
    char name[16]; /* "$GUID1" */
} diff_alias;

typedef struct diff_player {
    sim_simulation *simulation;
    sim_world *world;
    sy_arena arena;   /* of the scenario */
    sy_arena schemas; /* outlives the simulation */
    json_t *scenario;
    const script_tables *server_tables;
    const conformance_options *options;
    const char *table;
    sy_client_table tables[DIFF_TABLE_COUNT_MAX]; /* of the clients */
    uint32_t table_count;
    diff_client clients[DIFF_CLIENT_COUNT_MAX];
    uint32_t client_count;
    diff_alias *aliases;
    size_t alias_count, alias_capacity;

    /* the step in hand */
    json_t *step;
    diff_client *client;
    json_t *out;
    json_t *wire, *handler_errors; /* borrowed of `out` */
    size_t sent;
    json_t *during; /* due when the first request is under way */
    bool during_due;
} diff_player;

/* -- diff_play.c -- */
/* *out: the outcome, a new reference. */
sy_rc diff_play(json_t *scenario, const script_tables *tables, const conformance_options *options,
                json_t **out, sy_err *err);
/* A plain request at the server, by nobody's client: insert, update, delete or undelete. */
sy_rc diff_office(diff_player *player, const char *table, const char *action, sy_str id,
                  json_t *row, int *status, sy_err *err);
/* The id as the outcome shows it. */
sy_str diff_shown(const diff_player *player, sy_str id);

/* -- diff_step.c: what the steps do -- */
sy_rc diff_step(diff_player *player, json_t *step, json_t *out, sy_err *err);
/* Local edits and reads; also those that are made during a push or pull. */
sy_rc diff_local(diff_player *player, diff_client *client, json_t *step, json_t *out, sy_err *err);
/* One call of a client, to its end. */
typedef struct diff_call {
    diff_player *player;
    bool done;
    sy_rc rc;
    sy_err err;
    int status;
    sy_rows rows;        /* in the scenario's arena, like */
    sy_push_result push; /* and its errors */
} diff_call;
sy_rc diff_call_client(diff_client *client, const sy_call *call, diff_call *out, sy_err *err);

/* -- diff_policy.c: the conflict and error handlers -- */
sy_handler diff_handler(diff_client *client);
bool diff_policy_known(json_t *step);

/* -- diff_rows.c: JSON and cells -- */
/* The cells of `json` over the schema, as the SDK's store takes them: what it would refuse becomes
 * a cell of the wrong type. */
sy_rc diff_row_read(diff_player *player, const sy_schema *schema, json_t *json, sy_row **out,
                    sy_err *err);
/* {"id", "text", "complete", "priority"} */
json_t *diff_row_json(const diff_player *player, const sy_row *row);
/* A conjunction of equalities. *unknown: the first column that the schema lacks; then nothing
 * matches. */
sy_rc diff_query_read(diff_player *player, const sy_schema *schema, json_t *where, sy_query *out,
                      const char **unknown, sy_err *err);
json_t *diff_text(sy_str text);

#endif

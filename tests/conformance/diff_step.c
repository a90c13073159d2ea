/* What the steps of a scenario do, and how what they came to is named. */
#include <stdlib.h>
#include <string.h>

#include "tests/conformance/diff.h"

static const char *text_at(json_t *step, const char *key)
{
    const char *text = json_string_value(json_object_get(step, key));
    return text != NULL ? text : "";
}

static void set_new(json_t *out, const char *key, json_t *value)
{
    (void)json_object_set_new(out, key, value);
}

static void fail_with(json_t *out, const char *error)
{
    set_new(out, "ok", json_false());
    set_new(out, "error", json_string(error));
}

static const char *table_of(const diff_player *player, json_t *step)
{
    const char *own = text_at(step, "table");
    return own[0] != '\0' ? own : player->table;
}

static const sy_schema *schema_of(const diff_player *player, const char *table)
{
    for (uint32_t i = 0; i < player->table_count; i++) {
        if (sy_str_equal(player->tables[i].schema->name, sy_str_of(table))) {
            return player->tables[i].schema;
        }
    }
    return NULL;
}

/* The id that the step names, by its alias or as it is; a number is its digits, one that is not
 * positive is no id. */
static sy_rc read_id(diff_player *player, json_t *step, sy_str *out, sy_err *err)
{
    json_t *id = json_object_get(step, "id");
    *out = (sy_str){json_string_value(id), json_string_length(id)};
    if (json_is_number(id)) {
        *out = json_number_value(id) > 0
                   ? sy_arena_printf(&player->arena, "%.17g", json_number_value(id))
                   : SY_STR("");
        return out->data != NULL ? SY_OK : sy_fail_nomem(err);
    }
    for (size_t i = 0; i < player->alias_count; i++) {
        if (sy_str_equal(*out, sy_str_of(player->aliases[i].name))) {
            *out = player->aliases[i].id;
        }
    }
    return SY_OK;
}

/* -- one call -- */

static sy_rc keep_push(diff_call *call, const sy_push_result *from)
{
    sy_arena *arena = &call->player->arena;
    call->push = *from;
    sy_push_error *errors = sy_arena_push(arena, (from->error_count + 1) * sizeof *errors);
    if (errors == NULL) {
        return SY_NOMEM;
    }
    for (uint32_t i = 0; i < from->error_count; i++) {
        errors[i] = from->errors[i];
        errors[i].id = sy_arena_copy(arena, errors[i].id);
        errors[i].item = errors[i].item != NULL ? sy_row_copy(arena, errors[i].item) : NULL;
        errors[i].server = errors[i].server != NULL ? sy_row_copy(arena, errors[i].server) : NULL;
    }
    call->push.errors = errors;
    return SY_OK;
}

static sy_rc keep_rows(diff_call *call, const sy_rows *from)
{
    sy_arena *arena = &call->player->arena;
    const sy_row **items = sy_arena_push(arena, (from->count + 1) * sizeof *items);
    if (items == NULL) {
        return SY_NOMEM;
    }
    for (size_t i = 0; i < from->count; i++) {
        items[i] = sy_row_copy(arena, from->items[i]);
        if (items[i] == NULL) {
            return SY_NOMEM;
        }
    }
    call->rows = (sy_rows){.items = items, .count = from->count};
    return SY_OK;
}

static void call_done(void *self, sy_rc rc, const sy_outcome *outcome)
{
    diff_call *call = self;
    call->done = true;
    call->rc = rc;
    if (outcome == NULL) {
        return;
    }
    call->status = outcome->status;
    if (outcome->err != NULL) {
        call->err = *outcome->err;
    }
    if (keep_rows(call, &outcome->rows) != SY_OK ||
        (outcome->push != NULL && keep_push(call, outcome->push) != SY_OK)) {
        call->rc = SY_NOMEM;
    }
}

static sy_rc run_during(diff_player *player, sy_err *err)
{
    json_t *steps = player->during;
    json_t *outcomes = json_array();
    size_t i = 0;
    json_t *step = NULL;
    player->during = NULL;
    player->during_due = false;
    set_new(player->out, "during", outcomes);
    json_array_foreach(steps, i, step)
    {
        json_t *out = json_object();
        (void)json_array_append_new(outcomes, out);
        sy_rc rc = diff_local(player, player->client, step, out, err);
        if (rc != SY_OK) {
            return rc;
        }
    }
    return SY_OK;
}

sy_rc diff_call_client(diff_client *client, const sy_call *call, diff_call *out, sy_err *err)
{
    diff_player *player = client->player;
    *out = (diff_call){.player = player};
    sy_rc rc =
        sim_client_host_call(sim_device_host(client->device), call, call_done, out, NULL, err);
    if (rc == SY_SCHEMA || rc == SY_INVALID) { /* refused at the door */
        out->rc = rc;
        out->err = *err;
        return SY_OK;
    }
    while (rc == SY_OK && !out->done && sim_world_step(player->world, SY_TIME_MAX)) {
        if (player->during_due) {
            rc = run_during(player, err);
        }
    }
    if (rc == SY_OK && (!out->done || player->world->broken != SY_OK || out->rc == SY_NOMEM)) {
        rc = SY_FAIL(err, SY_STATE, "a call did not end: %s", sy_rc_name(player->world->broken));
    }
    return rc;
}

/* -- local edits -- */

/* What the queue says about an edit that could not be condensed. */
static const char *condense_error(diff_client *client, const sy_call *call)
{
    const sy_client *engine = sim_client_host_client(sim_device_host(client->device));
    sy_operation operation;
    bool deletes = false;
    for (uint32_t i = 0; sy_client_operation(engine, i, &operation); i++) {
        if (sy_str_equal(operation.schema->name, call->table) &&
            sy_str_equal(operation.id, call->id)) {
            deletes = operation.kind == SY_OPERATION_DELETE;
        }
    }
    return deletes ? "DeletePending" : "CondenseNotSupported";
}

static const char *local_error(diff_client *client, const sy_call *call, const diff_call *done)
{
    return done->rc == SY_INVALID  ? "InvalidId"
           : done->rc == SY_EXISTS ? "LocalRecordExists"
           : done->rc == SY_STATE  ? condense_error(client, call)
           : done->rc == SY_SCHEMA ? "StoreTypeMismatch"
                                   : sy_rc_name(done->rc);
}

static sy_rc add_alias(diff_player *player, const sy_row *row, json_t *out, sy_err *err)
{
    diff_alias *grown = sy_alloc_grow(sy_alloc_std(), player->aliases, player->alias_count,
                                      &player->alias_capacity, sizeof *grown);
    if (grown == NULL) {
        return sy_fail_nomem(err);
    }
    player->aliases = grown;
    diff_alias *alias = &grown[player->alias_count++];
    alias->id = sy_row_id(row);
    (void)snprintf(alias->name, sizeof alias->name, "$GUID%zu", player->alias_count);
    set_new(out, "id", json_string(alias->name));
    return SY_OK;
}

static sy_rc read_row(diff_player *player, json_t *step, const sy_schema *schema, sy_call *call,
                      sy_err *err)
{
    sy_row *row = NULL;
    sy_rc rc = diff_row_read(player, schema, json_object_get(step, "row"), &row, err);
    if (rc != SY_OK) {
        return rc;
    }
    if (call->id.data != NULL) {
        row->cells[SY_COLUMN_ID] = sy_text(call->id);
    }
    call->id = sy_row_id(row);
    call->row = row;
    return SY_OK;
}

sy_rc diff_local(diff_player *player, diff_client *client, json_t *step, json_t *out, sy_err *err)
{
    static const struct {
        const char *op;
        sy_verb verb;
    } verbs[] = {{"insert", SY_VERB_INSERT},
                 {"update", SY_VERB_UPDATE},
                 {"delete", SY_VERB_DELETE},
                 {"read", SY_VERB_LOOKUP}};
    const sy_schema *schema = schema_of(player, table_of(player, player->step));
    sy_call call = {.verb = SY_VERB_COUNT, .table = schema->name};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        call.verb = strcmp(text_at(step, "op"), verbs[i].op) == 0 ? verbs[i].verb : call.verb;
    }
    if (call.verb == SY_VERB_COUNT) {
        return SY_FAIL(err, SY_INVALID, "unknown op '%s'", text_at(step, "op"));
    }
    sy_rc rc = read_id(player, step, &call.id, err);
    if (rc == SY_OK && (call.verb == SY_VERB_INSERT || call.verb == SY_VERB_UPDATE)) {
        rc = read_row(player, step, schema, &call, err);
    }
    diff_call done;
    if (rc == SY_OK) {
        rc = diff_call_client(client, &call, &done, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (done.rc != SY_OK) {
        fail_with(out, local_error(client, &call, &done));
        return SY_OK;
    }
    set_new(out, "ok", json_true());
    if (call.verb == SY_VERB_LOOKUP) {
        set_new(out, "row",
                done.rows.count > 0 ? diff_row_json(player, done.rows.items[0]) : json_null());
    }
    const bool made = call.verb == SY_VERB_INSERT && json_object_get(step, "id") == NULL;
    return made ? add_alias(player, done.rows.items[0], out, err) : SY_OK;
}

/* -- push -- */

static json_t *conflict_json(const diff_player *player, const sy_push_error *error)
{
    const sy_row *row = error->item != NULL ? error->item : error->server;
    json_t *id = row != NULL ? diff_text(diff_shown(player, sy_row_id(row))) : json_null();
    return json_pack("{s:o, s:s, s:i, s:b}", "id", id, "action",
                     sy_operation_kind_name(error->kind), "status", error->status,
                     "hasServerRecord", error->server != NULL);
}

/* The driver reads the id out of a message, up to the first ": ". */
static sy_str cut_id(sy_str id)
{
    for (size_t i = 0; i + 1 < id.size; i++) {
        if (id.data[i] == ':' && id.data[i + 1] == ' ') {
            return (sy_str){id.data, i};
        }
    }
    return id;
}

static void tell_aborted(const diff_player *player, const diff_call *done, json_t *out)
{
    const sy_push_result *push = &done->push;
    if (push->error_count == 0 || push->status == SY_PUSH_CANCELLED_BY_STORE_ERROR ||
        push->status == SY_PUSH_INTERNAL_ERROR) {
        fail_with(out, "Other: Cannot read properties of undefined (reading 'status')");
        return;
    }
    const sy_push_error *error = &push->errors[push->error_count - 1];
    fail_with(out, "PushAborted");
    set_new(out, "status", json_integer(error->status));
    set_new(out, "action", json_string(sy_operation_kind_name(error->kind)));
    set_new(out, "id", diff_text(diff_shown(player, cut_id(error->id))));
}

static sy_rc push(diff_player *player, json_t *step, json_t *out, sy_err *err)
{
    if (!diff_policy_known(step)) {
        char *text = json_dumps(step, JSON_COMPACT);
        const sy_str error = sy_arena_printf(&player->arena, "Other: unknown policy in %s", text);
        free(text);
        fail_with(out, error.data);
        return SY_OK;
    }
    player->wire = json_array();
    set_new(out, "wire", player->wire);
    player->handler_errors = json_array();
    diff_call done;
    sy_rc rc = diff_call_client(player->client, &(sy_call){.verb = SY_VERB_PUSH}, &done, err);
    if (json_array_size(player->handler_errors) > 0) {
        set_new(out, "handlerErrors", player->handler_errors);
    } else {
        json_decref(player->handler_errors);
    }
    player->wire = player->handler_errors = NULL;
    if (rc != SY_OK) {
        return rc;
    }
    if (done.rc != SY_OK) {
        tell_aborted(player, &done, out);
        return SY_OK;
    }
    json_t *conflicts = json_array();
    for (uint32_t i = 0; i < done.push.error_count; i++) {
        (void)json_array_append_new(conflicts, conflict_json(player, &done.push.errors[i]));
    }
    set_new(out, "conflicts", conflicts);
    set_new(out, "ok", json_true());
    return SY_OK;
}

/* -- pull and purge -- */

static void tell_pull(const diff_call *done, bool bad_page, json_t *out)
{
    const sy_rc rc = done->rc;
    if (rc == SY_OK) {
        set_new(out, "ok", json_true());
    } else if (bad_page) {
        fail_with(out, "BadPageSize");
    } else if (rc == SY_INVALID) {
        fail_with(out, "InvalidId");
    } else if (rc == SY_SCHEMA && strstr(done->err.text, "column") == NULL) {
        char text[300];
        (void)snprintf(text, sizeof text, "Other: %s", done->err.text);
        fail_with(out, text);
    } else if (rc == SY_SCHEMA) {
        fail_with(out, "StoreTypeMismatch");
    } else {
        fail_with(out, "PullFailed");
        set_new(out, "status", json_integer(done->status));
    }
}

static bool page_is_bad(json_t *size)
{
    const double value = json_number_value(size);
    return size != NULL && !json_is_null(size) &&
           (!json_is_number(size) || value <= 0 || value != (double)(int64_t)value);
}

static bool grows(const diff_player *player, const sy_schema *schema)
{
    const script_tables *tables = player->server_tables;
    for (uint32_t i = 0; i < tables->count; i++) {
        if (sy_str_equal(tables->items[i].schema->name, schema->name)) {
            return tables->items[i].dynamic_schema;
        }
    }
    return false;
}

static sy_rc pull(diff_player *player, json_t *step, json_t *out, sy_err *err)
{
    json_t *size = json_object_get(step, "pageSize");
    json_t *query_id = json_object_get(step, "queryId");
    const bool bad_page = page_is_bad(size);
    const char *unknown = NULL;
    sy_query query;
    sy_rc rc = diff_query_read(player, schema_of(player, table_of(player, step)),
                               json_object_get(step, "where"), &query, &unknown, err);
    const sy_call call = {.verb = SY_VERB_PULL,
                          .query = &query,
                          .query_id = {json_string_value(query_id), json_string_length(query_id)},
                          .page_size = bad_page ? -1 : (int64_t)json_number_value(size)};
    diff_call done;
    if (rc == SY_OK) {
        rc = diff_call_client(player->client, &call, &done, err);
    }
    if (rc == SY_OK && done.rc == SY_OK && unknown != NULL && !grows(player, call.query->schema)) {
        done.rc = SY_HTTP; /* what the server says where columns do not come */
        done.status = 500;
    }
    if (rc == SY_OK) {
        tell_pull(&done, bad_page, out);
    }
    return rc;
}

static sy_rc purge(diff_player *player, json_t *step, json_t *out, sy_err *err)
{
    const char *unknown = NULL;
    sy_query query;
    sy_rc rc = diff_query_read(player, schema_of(player, table_of(player, step)),
                               json_object_get(step, "where"), &query, &unknown, err);
    const sy_call call = {.verb = SY_VERB_PURGE,
                          .query = &query,
                          .force = json_is_true(json_object_get(step, "force"))};
    diff_call done;
    if (rc == SY_OK) {
        rc = diff_call_client(player->client, &call, &done, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (done.rc != SY_OK) {
        fail_with(out, "PurgePendingOperations");
    } else if (unknown != NULL) {
        fail_with(out, sy_arena_printf(&player->arena, "Other: no such column: %s", unknown).data);
    } else {
        set_new(out, "ok", json_true());
    }
    return SY_OK;
}

/* -- the rest -- */

static sy_rc restart(diff_client *client, sy_err *err)
{
    diff_player *player = client->player;
    sim_client_host *host = sim_device_host(client->device);
    diff_call done = {.player = player};
    sim_client_host_crash(host);
    sy_rc rc = sim_client_host_start(host, call_done, &done, err);
    while (rc == SY_OK && !done.done && sim_world_step(player->world, SY_TIME_MAX)) {
    }
    return rc == SY_OK && done.rc != SY_OK ? SY_FAIL(err, done.rc, "%s", done.err.text) : rc;
}

/* A device without a connection is refused at once; one whose edits come while the request is on
 * its way loses it. */
static void set_link(diff_client *client, json_t *step)
{
    const bool refuses = client->offline && json_object_get(step, "during") == NULL;
    sim_link_set(sim_device_link(client->device), !refuses, false);
}

static sy_rc client_step(diff_player *player, json_t *step, json_t *out, sy_err *err)
{
    const char *op = text_at(step, "op");
    set_link(player->client, step);
    if (strcmp(op, "push") == 0) {
        return push(player, step, out, err);
    }
    if (strcmp(op, "pull") == 0) {
        return pull(player, step, out, err);
    }
    if (strcmp(op, "purge") == 0) {
        return purge(player, step, out, err);
    }
    if (strcmp(op, "offline") == 0) {
        player->client->offline = !json_is_false(json_object_get(step, "on"));
        set_new(out, "ok", json_true());
        return SY_OK;
    }
    if (strcmp(op, "restart") == 0) {
        set_new(out, "ok", json_true());
        return restart(player->client, err);
    }
    return diff_local(player, player->client, step, out, err);
}

static sy_rc server_step(diff_player *player, json_t *step, json_t *out, sy_err *err)
{
    sy_str id = {0};
    int status = 0;
    sy_rc rc = read_id(player, step, &id, err);
    if (rc == SY_OK) {
        rc = diff_office(player, table_of(player, step), text_at(step, "do"), id,
                         json_object_get(step, "row"), &status, err);
    }
    set_new(out, "status", json_integer(status));
    set_new(out, "ok", json_true());
    return rc;
}

sy_rc diff_step(diff_player *player, json_t *step, json_t *out, sy_err *err)
{
    json_t *client = json_object_get(step, "client");
    const double number = json_number_value(client);
    player->step = step;
    player->out = out;
    player->sent = 0;
    player->during = json_object_get(step, "during");
    player->during_due = false;
    player->client = NULL;
    if (strcmp(text_at(step, "op"), "server") == 0) {
        return server_step(player, step, out, err);
    }
    if (!json_is_number(client) || number < 0 || number >= player->client_count) {
        return SY_FAIL(err, SY_INVALID, "a step names no client");
    }
    player->client = &player->clients[(uint32_t)number];
    return client_step(player, step, out, err);
}

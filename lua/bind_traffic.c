/* client:traffic(): what a delegating handler of the client's HTTP stack would have logged, from
 * the kept part of the trace. First collected, then shown to Lua: nothing raises inside the walk.
 */
#include "lua/convert.h"

#include "core/port/events.h"

typedef struct exchange {
    struct exchange *next;
    int64_t send;
    sy_str method, table, id, if_match, result;
    int64_t attempt, status;
    const sy_row *row;
    sy_time sent, answered;
    bool is_answered;
} exchange;

typedef struct collector {
    sy_arena *arena;
    uint32_t host;
    exchange *first, *last;
    bool failed;
} collector;

static sy_str keep(collector *c, const sy_value *value)
{
    sy_str copy = sy_arena_copy(c->arena, sy_value_str(value));
    c->failed = c->failed || copy.data == NULL;
    return copy;
}

/* A row of the walk lives over a schema of the walk's: both are copied. */
static const sy_row *keep_row(collector *c, const sy_row *row)
{
    const sy_schema *from = row->schema;
    sy_schema *schema = sy_arena_push(c->arena, sizeof *schema);
    sy_column *columns = sy_arena_push(c->arena, from->column_count * sizeof *columns);
    sy_row *copy = sy_row_copy(c->arena, row);
    if (schema == NULL || columns == NULL || copy == NULL) {
        c->failed = true;
        return NULL;
    }
    *schema = *from;
    schema->name = sy_arena_copy(c->arena, from->name);
    schema->columns = columns;
    for (uint32_t i = 0; i < from->column_count; i++) {
        columns[i] =
            (sy_column){sy_arena_copy(c->arena, from->columns[i].name), from->columns[i].type};
        c->failed = c->failed || columns[i].name.data == NULL;
    }
    copy->schema = schema;
    return copy;
}

/* send, method, table, id, op, attempt, if_match, row */
static void collect_send(collector *c, const sim_event *event)
{
    const sy_value *fields = event->fields;
    exchange *one = sy_arena_push_zeroed(c->arena, sizeof *one);
    if (one == NULL) {
        c->failed = true;
        return;
    }
    *one = (exchange){.send = fields[0].as.integer,
                      .method = keep(c, &fields[1]),
                      .table = keep(c, &fields[2]),
                      .id = keep(c, &fields[3]),
                      .attempt = fields[5].as.integer,
                      .if_match = keep(c, &fields[6]),
                      .sent = event->time};
    if (fields[7].type == SY_TYPE_ROW && fields[7].as.row != NULL) {
        one->row = keep_row(c, fields[7].as.row);
    }
    if (c->last == NULL) {
        c->first = one;
    } else {
        c->last->next = one;
    }
    c->last = one;
}

/* send, method, table, id, op, result, status */
static void collect_answer(collector *c, const sim_event *event)
{
    for (exchange *one = c->first; one != NULL; one = one->next) {
        if (one->send == event->fields[0].as.integer && !one->is_answered) {
            one->is_answered = true;
            one->result = keep(c, &event->fields[5]);
            one->status = event->fields[6].as.integer;
            one->answered = event->time;
            return;
        }
    }
}

static void collect(void *self, const sim_event *event)
{
    collector *c = self;
    if (event->host != c->host || c->failed) {
        return;
    }
    if (event->kind == &sy_event_send) {
        collect_send(c, event);
    } else if (event->kind == &sy_event_answer) {
        collect_answer(c, event);
    }
}

static void set_str(lua_State *L, const char *name, sy_str text)
{
    script_push_str(L, text);
    lua_setfield(L, -2, name);
}

static void push_exchange(lua_State *L, const exchange *one)
{
    lua_createtable(L, 0, 10);
    set_str(L, "method", one->method);
    set_str(L, "table", one->table);
    set_str(L, "id", one->id);
    set_str(L, "if_match", one->if_match);
    script_push_row(L, one->row);
    lua_setfield(L, -2, "row");
    lua_pushinteger(L, one->attempt);
    lua_setfield(L, -2, "attempt");
    lua_pushinteger(L, one->sent);
    lua_setfield(L, -2, "sent_ns");
    lua_pushinteger(L, one->status);
    lua_setfield(L, -2, "status");
    if (one->is_answered) {
        set_str(L, "result", one->result);
        lua_pushinteger(L, one->answered);
        lua_setfield(L, -2, "answered_ns");
    }
}

/* traffic(device) -> list */
static int client_traffic(lua_State *L)
{
    script *owner = script_of(L);
    const script_device *device = script_device_argument(L, 1);
    sy_arena_reset(&owner->scratch);
    collector c = {.arena = &owner->scratch,
                   .host = sim_client_host_index(sim_device_host(device->device))};
    if (sim_trace_walk(owner->world->trace, collect, &c) != SY_OK || c.failed) {
        return luaL_error(L, "not enough memory");
    }
    lua_Integer count = 0;
    lua_newtable(L);
    for (const exchange *one = c.first; one != NULL; one = one->next) {
        push_exchange(L, one);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

/* -- client:progress(): what an app that listens to SynchronizationProgress would have heard -- */

typedef struct progress {
    struct progress *next;
    sy_str event, table, id, successful;
    int64_t processed, queue;
} progress;

typedef struct listener {
    collector keeps;
    progress *first, *last;
} listener;

/* event, table, id, processed, queue, successful */
static void listen(void *self, const sim_event *event)
{
    listener *l = self;
    const sy_value *fields = event->fields;
    if (event->host != l->keeps.host || l->keeps.failed || event->kind != &sy_event_progress) {
        return;
    }
    progress *one = sy_arena_push_zeroed(l->keeps.arena, sizeof *one);
    if (one == NULL) {
        l->keeps.failed = true;
        return;
    }
    *one = (progress){.event = keep(&l->keeps, &fields[0]),
                      .table = keep(&l->keeps, &fields[1]),
                      .id = keep(&l->keeps, &fields[2]),
                      .processed = fields[3].as.integer,
                      .queue = fields[4].as.integer,
                      .successful = keep(&l->keeps, &fields[5])};
    if (l->last == NULL) {
        l->first = one;
    } else {
        l->last->next = one;
    }
    l->last = one;
}

/* progress(device) -> list */
static int client_progress(lua_State *L)
{
    script *owner = script_of(L);
    const script_device *device = script_device_argument(L, 1);
    sy_arena_reset(&owner->scratch);
    listener l = {.keeps = {.arena = &owner->scratch,
                            .host = sim_client_host_index(sim_device_host(device->device))}};
    if (sim_trace_walk(owner->world->trace, listen, &l) != SY_OK || l.keeps.failed) {
        return luaL_error(L, "not enough memory");
    }
    lua_Integer count = 0;
    lua_newtable(L);
    for (const progress *one = l.first; one != NULL; one = one->next) {
        lua_createtable(L, 0, 6);
        set_str(L, "event", one->event);
        set_str(L, "table", one->table);
        set_str(L, "id", one->id);
        lua_pushinteger(L, one->processed);
        lua_setfield(L, -2, "processed");
        lua_pushinteger(L, one->queue);
        lua_setfield(L, -2, "queue");
        if (one->successful.size > 0) {
            lua_pushboolean(L, sy_str_equal(one->successful, SY_STR("true")));
            lua_setfield(L, -2, "successful");
        }
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

const luaL_Reg script_traffic_functions[] = {
    {"traffic", client_traffic},
    {"progress", client_progress},
    {NULL, NULL},
};

/* Nineteen events a round. If the engine comes to emit others, so must this. */
#include "tests/bench/round_trace.h"

#include "core/base/check.h"
#include "core/port/events.h"

#include <inttypes.h>
#include <stdio.h>

#define SERVER 1U
#define TABLE  sy_cstr("item")

static const sim_label latency = {.name = "latency",
                                  .choice_class = SIM_WEATHER,
                                  .key_parts = {"subject", "round", "attempt", "response"}};

void round_trace_init(round_trace *trace, uint32_t clients)
{
    sy_err err;
    const sy_schema *schema = NULL;
    const sy_column columns[] = {{SY_STR("title"), SY_TYPE_TEXT},
                                 {SY_STR("quantity"), SY_TYPE_INT},
                                 {SY_STR("owner"), SY_TYPE_TEXT}};
    *trace = (round_trace){.messages = 0};
    sy_rc rc = sim_world_init(&trace->world, sy_alloc_std(), 1, false, &err);
    SY_ASSERT(rc == SY_OK);
    sy_arena_init(&trace->arena, sy_alloc_std());
    rc = sy_schema_new(&trace->arena, SY_STR("item"), (1U << SY_SYSTEM_COUNT) - 1, columns, 3,
                       &schema, &err);
    SY_ASSERT(rc == SY_OK);
    trace->row = sy_row_new(&trace->arena, schema);
    SY_ASSERT(trace->row != NULL);
    for (uint32_t i = 0; i <= clients; i++) {
        char name[16];
        uint32_t host = 0;
        (void)snprintf(name, sizeof name, i == 0 ? "server" : "c%u", i);
        rc = sim_trace_add_host(trace->world.trace, name, &host);
        SY_ASSERT(rc == SY_OK);
    }
    trace->link = sim_stream_of(trace->world.choice, "c", "link.up");
}

void round_trace_deinit(round_trace *trace)
{
    sim_world_deinit(&trace->world);
    sy_arena_deinit(&trace->arena);
}

sy_time round_trace_latency(round_trace *trace, uint32_t client, uint64_t operation, bool response)
{
    sim_key key = SIM_KEY(client, operation, 1, response);
    return 10 * SY_MS + (sy_time)sim_choose(&trace->link, &latency, key, 5001) * SY_US;
}

/* Bits of the columns that a row of this event has: all, or what a request carries. */
#define ALL  UINT32_MAX
#define SENT (1U << SY_COLUMN_ID | ~0U << SY_SYSTEM_COUNT)

static sy_value row(round_trace *trace, const round_item *item, uint32_t columns)
{
    sy_value *cells = trace->row->cells;
    for (uint32_t i = 0; i < SY_SYSTEM_COUNT; i++) {
        cells[i] = (sy_value){.type = SY_TYPE_ABSENT};
    }
    cells[SY_COLUMN_ID] = sy_cstr(item->id);
    if (columns == ALL) {
        cells[SY_COLUMN_VERSION] = sy_cstr("AAAAAAAAAAE=");
        cells[SY_COLUMN_CREATED_AT] = sy_datetime(SY_WORLD_EPOCH);
        cells[SY_COLUMN_UPDATED_AT] = sy_datetime(item->updated_at);
        cells[SY_COLUMN_DELETED] = sy_bool(false);
        cells[SY_COLUMN_SEQUENCE] = sy_int((int64_t)item->version);
        cells[SY_COLUMN_EDITED_AT] = sy_datetime(item->updated_at);
        cells[SY_COLUMN_EDITED_BY] = sy_cstr("c1:1");
    }
    cells[SY_SYSTEM_COUNT] = sy_cstr(item->title);
    cells[SY_SYSTEM_COUNT + 1] = sy_int(item->quantity);
    cells[SY_SYSTEM_COUNT + 2] = sy_cstr(item->owner);
    return sy_row_value(trace->row);
}

static void depart(round_trace *trace, uint32_t from, uint32_t to, const char *what,
                   sy_time arrives)
{
    sim_trace_event(&trace->world, from, &sim_event_depart, sy_int((int64_t)++trace->messages),
                    sy_int(from), sy_int(to), sy_cstr(what), sy_int(arrives));
}

static void arrive(round_trace *trace, uint32_t from, uint32_t to, const char *what)
{
    sim_trace_event(&trace->world, to, &sim_event_arrive, sy_int((int64_t)trace->messages),
                    sy_int(from), sy_int(to), sy_cstr(what));
}

void round_trace_written(round_trace *trace, uint32_t client, uint64_t operation,
                         const round_item *item, sy_time arrives)
{
    sim_world *world = &trace->world;
    uint32_t host = client + 2;
    sy_value id = sy_cstr(item->id);
    sy_value ticket = sy_int((int64_t)operation * 2);
    sy_value push = sy_int((int64_t)operation * 2 + 1);
    sy_value op = sy_int((int64_t)operation);
    sy_value kind = sy_cstr("update");
    sim_trace_event(world, host, &sy_event_call, ticket, kind, TABLE, id, row(trace, item, SENT));
    sim_trace_event(world, host, &sy_event_enqueue, op, kind, TABLE, id);
    sim_trace_event(world, host, &sy_event_write, ticket, TABLE, id, kind, op,
                    row(trace, item, ALL));
    sim_trace_event(world, host, &sy_event_done, ticket, kind, sy_cstr("ok"), sy_cstr(""),
                    sy_int(1));
    sim_trace_event(world, host, &sy_event_call, push, sy_cstr("push"), sy_cstr(""), sy_cstr(""),
                    sy_row_value(NULL));
    sim_trace_event(world, host, &sy_event_push_begin, push, sy_cstr("all"), sy_int(1));
    sim_trace_event(world, host, &sy_event_send, op, kind, TABLE, id, op, sy_int(1),
                    sy_cstr("AAAAAAAAAAE="), row(trace, item, SENT));
    depart(trace, host, SERVER, "request", arrives);
}

void round_trace_served(round_trace *trace, uint32_t client, uint64_t operation,
                        const round_item *item, sy_time arrives)
{
    sim_world *world = &trace->world;
    sy_value id = sy_cstr(item->id);
    sy_value method = sy_cstr("update");
    sy_value version = sy_cstr("AAAAAAAAAAI=");
    char text[48];
    (void)snprintf(text, sizeof text, "c%u:%" PRIu64 ":%" PRIu64 ".1", client, operation,
                   operation);
    sy_value key = sy_cstr(text);
    sy_value owner = sy_cstr(item->owner);
    arrive(trace, client + 2, SERVER, "request");
    sim_trace_event(world, SERVER, &sy_event_request, method, TABLE, id, version, owner, key);
    sim_trace_event(world, SERVER, &sy_event_commit, TABLE, id, method, version, version,
                    sy_datetime(item->updated_at), sy_int((int64_t)item->version), owner, key,
                    row(trace, item, ALL), sy_int(client), sy_int(1));
    sim_trace_event(world, SERVER, &sy_event_respond, method, TABLE, id, sy_int(200), sy_int(1),
                    version);
    depart(trace, SERVER, client + 2, "response", arrives);
}

void round_trace_finished(round_trace *trace, uint32_t client, uint64_t operation,
                          const round_item *item)
{
    sim_world *world = &trace->world;
    uint32_t host = client + 2;
    sy_value id = sy_cstr(item->id);
    sy_value push = sy_int((int64_t)operation * 2 + 1);
    sy_value op = sy_int((int64_t)operation);
    arrive(trace, SERVER, host, "response");
    sim_trace_event(world, host, &sy_event_answer, op, sy_cstr("update"), TABLE, id, op,
                    sy_cstr("ok"), sy_int(200));
    sim_trace_event(world, host, &sy_event_apply, TABLE, id, sy_cstr("AAAAAAAAAAI="),
                    sy_bool(false), sy_datetime(item->updated_at), sy_int((int64_t)item->version),
                    row(trace, item, ALL));
    sim_trace_event(world, host, &sy_event_dequeue, op, TABLE, id, sy_cstr("pushed"));
    sim_trace_event(world, host, &sy_event_push_end, push, sy_cstr("Complete"), sy_int(0));
    sim_trace_event(world, host, &sy_event_done, push, sy_cstr("push"), sy_cstr("ok"), sy_cstr(""),
                    sy_int(0));
}

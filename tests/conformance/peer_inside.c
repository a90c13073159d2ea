#include "core/base/hash.h"
#include "core/server/router.h"
#include "core/store/store_memory.h"
#include "lua/script.h"
#include "tests/conformance/peer.h"

#define STEP_NS (4 * SY_MS)

typedef struct inside {
    script *owner; /* of the tables */
    script_tables tables;
    sy_store_memory *store;
    sy_server *served;
    sy_arena schemas; /* of columns that were added */
    sy_time now;
} inside;

static sy_time clock_now(void *self)
{
    return ((inside *)self)->now;
}

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    (void)self;
    out[0] = sy_hash(purpose.data, purpose.size, n);
    out[1] = sy_hash_mix(out[0], n);
}

static void shut(inside *server)
{
    sy_server_close(server->served);
    sy_store_memory_free(server->store);
    sy_arena_deinit(&server->schemas);
    server->served = NULL;
    server->store = NULL;
}

static sy_rc reset(void *self, sy_err *err)
{
    static const sy_clock_ops clock_ops = {.now = clock_now};
    static const sy_identity_ops identity_ops = {fresh};
    inside *server = self;
    shut(server);
    sy_arena_init(&server->schemas, sy_alloc_std());
    sy_rc rc = sy_store_memory_new(sy_alloc_std(), &server->store, err);
    if (rc != SY_OK) {
        return rc;
    }
    sy_server_config config = {.dialect = server->tables.dialect,
                               .tables = server->tables.items,
                               .table_count = server->tables.count,
                               .page_size = server->tables.page_size,
                               .schemas = &server->schemas,
                               .epoch = SY_STR("1"),
                               .alloc = sy_alloc_std(),
                               .store = sy_store_memory_port(server->store),
                               .clock = {&clock_ops, server},
                               .identity = {&identity_ops, server}};
    return sy_server_open(&config, &server->served, err);
}

static sy_rc send(void *self, const sy_http_request *request, sy_arena *arena,
                  sy_http_response *out, sy_err *err)
{
    inside *server = self;
    server->now += STEP_NS;
    return sy_router_answer(server->served, request, arena, out, err);
}

static void close_peer(void *self)
{
    inside *server = self;
    shut(server);
    script_close(server->owner);
    sy_alloc_free(sy_alloc_std(), server, sizeof *server);
}

sy_rc peer_inside_open(const char *tables, peer *out, sy_err *err)
{
    static const peer_ops ops = {.reset = reset, .send = send, .close = close_peer};
    inside *server = sy_alloc_zeroed(sy_alloc_std(), sizeof *server);
    if (server == NULL) {
        return sy_fail_nomem(err);
    }
    server->now = SY_WORLD_EPOCH;
    sy_arena_init(&server->schemas, sy_alloc_std());
    sy_rc rc = script_open(sy_alloc_std(), tables, NULL, &server->owner, err);
    if (rc == SY_OK) {
        rc = script_server(server->owner, &sy_server_dialect_node, &server->tables, err);
    }
    if (rc != SY_OK) {
        close_peer(server);
        return rc;
    }
    *out = (struct peer){.ops = &ops, .self = server, .host = SY_STR("127.0.0.1:7700")};
    return SY_OK;
}

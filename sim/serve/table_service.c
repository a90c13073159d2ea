/* Storage has a history: an identity that is written into it when it is made, and is the epoch that
 * clients of `sound` know, and part of every id and version that the server makes up. So a file
 * that is opened again goes on where it was, and one that was reset, or a new memory, can't be
 * taken for the old. */
#define _POSIX_C_SOURCE 200809L
#include "sim/serve/table_service.h"

#include "core/base/hash.h"
#include "core/server/router.h"
#include "core/store/store_memory.h"
#include "core/store/store_sqlite.h"
#include "sim/serve/real_time.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HISTORY_SIZE 33

struct sim_table_service {
    sim_table_service_config config;
    sy_arena schemas; /* as long as the storage */
    sy_store_memory *memory;
    sy_store_sqlite *sqlite;
    sy_store store;
    sy_server *server;
    sim_stream stream;
    char history[HISTORY_SIZE];
    uint64_t history_hash;
};

/* -- ports -- */

static const sim_label identity_label = {
    .name = "identity",
    .choice_class = SIM_WORKLOAD,
    .key_parts = {"purpose", "number", "half", "history"},
};

static void fresh(void *self, sy_str purpose, uint64_t n, uint64_t out[2])
{
    const sim_table_service *service = self;
    uint64_t what = sy_hash(purpose.data, purpose.size, 0);
    for (uint64_t half = 0; half < 2; half++) {
        out[half] = sim_choose_bits(&service->stream, &identity_label,
                                    SIM_KEY(what, n, half, service->history_hash));
    }
}

static const sy_identity_ops identity_ops = {fresh};

/* -- storage -- */

static sy_rc open_store(sim_table_service *service, sy_err *err)
{
    const sim_table_service_config *config = &service->config;
    if (config->db == NULL) {
        sy_rc rc = sy_store_memory_new(config->alloc, &service->memory, err);
        if (rc == SY_OK) {
            service->store = sy_store_memory_port(service->memory);
        }
        return rc;
    }
    /* the real disk, whatever the simulator made SQLite's default */
    const sy_store_sqlite_options options = {
        .path = config->db, .vfs = "unix", .journal_mode = "WAL", .synchronous = "FULL"};
    sy_rc rc = sy_store_sqlite_open(config->alloc, &options, &service->sqlite, err);
    if (rc == SY_OK) {
        service->store = sy_store_sqlite_port(service->sqlite);
    }
    return rc;
}

static void make_history(sim_table_service *service)
{
    const uint64_t moment[3] = {(uint64_t)sy_clock_now(sim_real_clock()),
                                (uint64_t)sim_real_monotonic_ns(), (uint64_t)getpid()};
    uint64_t half[2] = {sy_hash(moment, sizeof moment, 1), sy_hash(moment, sizeof moment, 2)};
    (void)snprintf(service->history, sizeof service->history, "%016llx%016llx",
                   (unsigned long long)half[0], (unsigned long long)half[1]);
}

/* Reads the history, or makes one. */
static sy_rc open_history(sim_table_service *service, sy_err *err)
{
    static const sy_column columns[] = {{{"name", 4}, SY_TYPE_TEXT}};
    const sy_schema *schema = NULL;
    const sy_row *kept = NULL;
    sy_rc rc = sy_schema_new(&service->schemas, SY_STR("__history"), SY_SYSTEM_BIT(SY_COLUMN_ID),
                             columns, 1, &schema, err);
    if (rc == SY_OK) {
        rc = sy_store_define(service->store, schema, err);
    }
    if (rc == SY_OK) {
        rc = sy_store_read(service->store, schema, SY_STR("1"), &service->schemas, &kept, err);
    }
    if (rc != SY_OK) {
        return rc;
    }
    if (kept != NULL) {
        sy_str name = sy_value_str(&kept->cells[SY_SYSTEM_COUNT]);
        (void)snprintf(service->history, sizeof service->history, "%.*s", SY_FMT(name));
    } else {
        make_history(service);
        sy_row *row = sy_row_new(&service->schemas, schema);
        if (row == NULL) {
            return sy_fail_nomem(err);
        }
        row->cells[SY_COLUMN_ID] = sy_cstr("1");
        row->cells[SY_SYSTEM_COUNT] = sy_cstr(service->history);
        rc = sy_store_write(service->store, row, err);
    }
    service->history_hash = sy_hash(service->history, strlen(service->history), 0);
    return rc;
}

static void close_storage(sim_table_service *service)
{
    sy_server *server = service->server;
    service->server = NULL;
    sy_store_sqlite_close(service->sqlite); /* it knows schemas of the server's */
    sy_store_memory_free(service->memory);
    service->sqlite = NULL;
    service->memory = NULL;
    service->store = (sy_store){0};
    sy_server_close(server);
    sy_arena_reset(&service->schemas);
}

static sy_rc open_storage(sim_table_service *service, sy_err *err)
{
    const sim_table_service_config *config = &service->config;
    sy_rc rc = open_store(service, err);
    if (rc == SY_OK) {
        rc = open_history(service, err);
    }
    if (rc == SY_OK) {
        const sy_server_config server = {.dialect = config->dialect,
                                         .tables = config->tables,
                                         .table_count = config->table_count,
                                         .page_size = config->page_size,
                                         .schemas = &service->schemas,
                                         .epoch = sy_str_of(service->history),
                                         .alloc = config->alloc,
                                         .store = service->store,
                                         .clock = sim_real_clock(),
                                         .identity = {&identity_ops, service}};
        rc = sy_server_open(&server, &service->server, err);
    }
    if (rc != SY_OK) {
        close_storage(service);
    }
    return rc;
}

/* -- the test route -- */

static sy_rc remove_file(const char *db, const char *ending, sy_err *err)
{
    char path[4096];
    int size = snprintf(path, sizeof path, "%s%s", db, ending);
    if (size < 0 || (size_t)size >= sizeof path) {
        return SY_FAIL(err, SY_IO, "%s: the path is too long", db);
    }
    if (unlink(path) != 0 && errno != ENOENT) {
        return SY_FAIL(err, SY_IO, "%s: %s", path, strerror(errno));
    }
    return SY_OK;
}

/* Everything that was stored goes, with every column that came since. */
static sy_rc reset(sim_table_service *service, sy_err *err)
{
    static const char *const endings[] = {"-wal", "-shm", ""};
    sy_rc rc = SY_OK;
    close_storage(service);
    for (size_t i = 0; service->config.db != NULL && i < 3 && rc == SY_OK; i++) {
        rc = remove_file(service->config.db, endings[i], err);
    }
    return rc == SY_OK ? open_storage(service, err) : rc;
}

static void say_error(sy_http_response *out, int status, sy_str body)
{
    static const sy_header headers[] = {
        {{"Content-Type", 12}, {"application/json; charset=utf-8", 31}}};
    *out =
        (sy_http_response){.status = status, .headers = headers, .header_count = 1, .body = body};
}

static void answer_test_route(sim_table_service *service, const sy_http_request *request,
                              sy_arena *arena, sy_http_response *out)
{
    sy_err err = {0};
    if (!sy_str_equal(request->target, SY_STR(SIM_TEST_ROUTE_PREFIX "reset"))) {
        say_error(out, 404, SY_STR("{\"error\":\"no such test route\"}"));
    } else if (!sy_str_equal(request->method, SY_STR("POST"))) {
        say_error(out, 405, SY_STR("{\"error\":\"a reset is a POST\"}"));
    } else if (reset(service, &err) == SY_OK) {
        *out = (sy_http_response){.status = 204};
    } else {
        sy_buf text;
        sy_buf_init(&text, service->config.alloc);
        sy_buf_add_str(&text, SY_STR("{\"error\":"));
        sy_buf_add_json_string(&text, sy_str_of(err.text));
        sy_buf_add_char(&text, '}');
        say_error(out, 500, sy_arena_copy(arena, sy_buf_str(&text)));
        sy_buf_deinit(&text);
    }
}

static sy_rc answer(void *self, const sy_http_request *request, sy_arena *arena,
                    sy_http_response *out, sy_err *err)
{
    sim_table_service *service = self;
    if (service->config.test_routes &&
        sy_str_starts_with(request->target, SY_STR(SIM_TEST_ROUTE_PREFIX))) {
        answer_test_route(service, request, arena, out);
        return SY_OK;
    }
    if (service->server == NULL) { /* a reset failed */
        say_error(out, 503, SY_STR("{\"error\":\"there is no database\"}"));
        return SY_OK;
    }
    return sy_router_answer(service->server, request, arena, out, err);
}

/* -- life -- */

sy_rc sim_table_service_open(const sim_table_service_config *config, sim_table_service **out,
                             sy_err *err)
{
    sim_table_service *service = sy_alloc_zeroed(config->alloc, sizeof *service);
    if (service == NULL) {
        return sy_fail_nomem(err);
    }
    service->config = *config;
    service->stream = sim_stream_of(config->choice, "server", "identity");
    sy_arena_init(&service->schemas, config->alloc);
    sy_rc rc = open_storage(service, err);
    if (rc != SY_OK) {
        sim_table_service_close(service);
        return rc;
    }
    *out = service;
    return SY_OK;
}

void sim_table_service_close(sim_table_service *service)
{
    if (service == NULL) {
        return;
    }
    close_storage(service);
    sy_arena_deinit(&service->schemas);
    sy_alloc_free(service->config.alloc, service, sizeof *service);
}

sim_http_handler sim_table_service_handler(sim_table_service *service)
{
    static const sim_http_handler_ops ops = {answer};
    return (sim_http_handler){.ops = &ops, .self = service};
}
